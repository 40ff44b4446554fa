# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Slide a kernel over an image

## What you will see, do, and need

**See** what the word *convolution* means in a network, what it means in mathematics, and how one turns into the other.

**Do** a convolution by hand, in a few lines of NumPy and with Paddle, on the same numbers; measure what it keeps when a photograph moves, turns or shrinks; find a pattern with a template.

**Need** Python, sums and products, and about 50 minutes. Nothing from other chapters.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import figures, ops
from helpers.data import IMAGES, load_image
from helpers.figures.signals import sliding_area

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
## One window, one sum

To a program, a photograph is a table of numbers, one number for each point (*pixel*), small for dark and large for bright. A single number says nothing about what is in the picture. An edge, a corner, a whisker shows only in how a pixel compares with its neighbours. So we look at the image through a small window, compute one number from what is in it, and move on.

The recipe for that number is another small table, the **kernel** (or *filter*). Lay it on the image, multiply each of its numbers by the pixel beneath, and add the products.
"""

# %%
image = np.arange(1, 10).reshape(3, 3)
kernel = np.array([[0, 1], [2, 3]])
figures.sliding_window(image, kernel)
plt.show()

# %% [markdown]
r"""
The kernel fits in four places. By hand:

- top left: 0·1 + 1·2 + 2·4 + 3·5 = 25
- top right: 0·2 + 1·3 + 2·5 + 3·6 = 31
- bottom left: 0·4 + 1·5 + 2·7 + 3·8 = 43
- bottom right: 0·5 + 1·6 + 2·8 + 3·9 = 49

Call the image $a$, the kernel $w$ and the result $b$, and count rows $i$ and columns $j$ from 0. Then all four lines are one:

$$b_{i,j} = \sum_u \sum_v a_{i+u,\,j+v}\; w_{u,v}$$

In NumPy, a slice is the window, `*` multiplies number by number, and `.sum()` adds. Two loops move the window.
"""

# %%
result = np.zeros((2, 2), int)
for i in range(2):
    for j in range(2):
        result[i, j] = (image[i : i + 2, j : j + 2] * kernel).sum()
by_hand = [[25, 31], [43, 49]]
assert np.array_equal(result, by_hand)
result

# %% [markdown]
r"""
Those loops, with checks of their arguments, are `ops.corr2d`. Paddle's function is `conv2d`. It is made for many images with many colours at once, so it wants four axes, *(image, channel, row, column)*; we have one image of one channel, and one kernel that reads one channel. All three results agree.
"""

# %%
y = F.conv2d(
    paddle.to_tensor(image.reshape(1, 1, 3, 3).astype("float32")),
    paddle.to_tensor(kernel.reshape(1, 1, 2, 2).astype("float32")),
)
assert np.array_equal(ops.corr2d(image, kernel), by_hand)
assert np.array_equal(y.numpy()[0, 0], by_hand)
list(y.shape)

# %% [markdown]
r"""
A layer of a network adds one more number to every sum, its **bias**. With a bias of 1 the four results are 26, 32, 44 and 50. `ops.conv2d` is our own function with Paddle's four axes and Paddle's names; the rest of the course uses it for anything larger than a worked example.
"""

# %%
x = image.reshape(1, 1, 3, 3).astype(float)
weight, bias = kernel.reshape(1, 1, 2, 2).astype(float), np.array([1.0])
with_bias = ops.conv2d(x, weight, bias)
in_paddle = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(weight), paddle.to_tensor(bias))
assert np.array_equal(with_bias[0, 0], [[26, 32], [44, 50]])
assert np.array_equal(in_paddle.numpy(), with_bias)

# %% [markdown]
r"""
> **Think.** With the pixels 0…8 in place of 1…9, what are the four results? And for a 3×3 kernel, which pixels of $a$ enter $b_{0,0}$, and which enter $b_{1,2}$?
>
> <details><summary>Answer</summary>
>
> Every pixel is smaller by 1 and the kernel's numbers add up to 6, so each result is smaller by 6: 19, 25, 37, 43. For a 3×3 kernel, $b_{0,0}$ takes $a_{0,0}$ to $a_{2,2}$: rows 0, 1, 2 and columns 0, 1, 2. $b_{1,2}$ takes rows 1, 2, 3 and columns 2, 3, 4.
>
> </details>

The next cell checks the first answer.
"""

# %%
assert np.array_equal(ops.corr2d(image - 1, kernel), [[19, 25], [37, 43]])

# %% [markdown]
r"""
## A larger kernel

A 3×3 kernel on a 5×5 image fits in 3×3 places. The first sum has nine products: 1·3 + 2·4 + 3·6 + 4·2 + 5·4 + 6·6 + 7·1 + 8·6 + 9·7 = 211.
"""

# %%
rows = ["34657", "24682", "16784", "97462", "37541"]
larger = np.array([[int(digit) for digit in row] for row in rows])
nine = np.arange(1, 10).reshape(3, 3)
figures.sliding_window(larger, nine, steps=2, columns=1)
plt.show()

# %%
valid = ops.corr2d(larger, nine)
assert np.array_equal(valid, [[211, 295, 262], [259, 282, 214], [251, 253, 169]])
y = F.conv2d(
    paddle.to_tensor(larger.reshape(1, 1, 5, 5).astype("float32")),
    paddle.to_tensor(nine.reshape(1, 1, 3, 3).astype("float32")),
)
assert np.array_equal(y.numpy()[0, 0], valid)

# %% [markdown]
r"""
Five became three: a window of width $k$ loses $k-1$ places. Chapter 03 is about that loss, and how to avoid it.

Books often count from the middle of the kernel instead of its corner. For an odd width $k$, with $h = \lfloor k/2 \rfloor$ (half of $k$, rounded down):

$$b_{i,j} = \sum_{u=-h}^{h} \sum_{v=-h}^{h} a_{i+u,\,j+v}\; w_{u+h,\,v+h}$$

> **Correction.** *Commonly written:* the sums run from $-k/2$ to $k/2$. *True:* they run to $\lfloor k/2 \rfloor$. For $k = 3$ that is −1, 0, 1: three terms, as many as the kernel has. Up to 3/2 there is no such index, and up to a rounded 2 there would be five terms.
"""

# %%
h = 3 // 2
terms = range(-h, h + 1)
assert list(terms) == [-1, 0, 1]
middle = sum(larger[2 + u, 2 + v] * nine[u + h, v + h] for u in terms for v in terms)
assert middle == valid[1, 1] == 282

# %% [markdown]
r"""
## Is this convolution?

Not in the mathematician's sense. What we computed is **cross-correlation**. **Convolution** turns the kernel by 180 degrees first, upside down and left to right. To see why anyone would want that, take one dimension.

Clap once in a church, and the sound dies away slowly. Write that answer to one clap as a list $g$: loudness 4 at once, 2 a second later, 1 after two seconds. Now clap three times, a second apart, with strengths $f$ = 1, 2, 3. What do we hear after two seconds? The third clap at once (3·4), the second clap a second old (2·2), and the first clap two seconds old (1·1): together 17. The oldest clap meets the *latest* number of $g$, so $g$ is read backwards:

$$(f * g)_t = \sum_\tau f_\tau\; g_{t-\tau}$$
"""

# %%
claps, answer = np.array([1, 2, 3]), np.array([4, 2, 1])
backwards = answer[::-1]
padded = np.pad(claps, 2)
heard = np.array([(padded[t : t + 3] * backwards).sum() for t in range(5)])
assert heard[2] == 3 * 4 + 2 * 2 + 1 * 1 == 17
assert np.array_equal(heard, np.convolve(claps, answer))
heard

# %% [markdown]
r"""
With signals that change smoothly, the sum becomes an area: flip $g$, slide it to time $t$, multiply, and take the area under the product. First two boxes, each one second long. They start to overlap at $t = 0$, cover each other at $t = 1$ and part at $t = 2$: the area grows to 1 and falls back, a triangle.
"""

# %%
step = 0.01
t = np.arange(0, 4, step) + step / 2
box = (t < 1).astype(float)
sliding_area(box, box, step, shifts=[0.5, 1, 1.5, 2.5])
plt.show()

# %% [markdown]
r"""
Now a switch that is turned on at time 0 and stays on (a *step*), into a system that answers a short pulse with $e^{-t}$: a church, a capacitor, a room that warms up. The area is the room's temperature over time. It climbs as $1 - e^{-t}$.
"""

# %%
switch_on, pulse_answer = np.ones(len(t)), np.exp(-t)
sliding_area(switch_on, pulse_answer, step, [0.5, 1, 2, 3.5], ("step", "answer"))
plt.show()

# %%
climb = np.convolve(switch_on, pulse_answer)[: len(t)] * step
assert np.allclose(climb, 1 - np.exp(-np.arange(1, len(t) + 1) * step), atol=1e-4)

# %% [markdown]
r"""
### The same in two dimensions

Turn the kernel of the first example by 180 degrees and it reads 3, 2 / 1, 0. The first sum is now 3·1 + 2·2 + 1·4 + 0·5 = 11. `ops.convolve2d` flips and calls `ops.corr2d`; flipping twice brings the first result back, so each operation is the other one with a flipped kernel.
"""

# %%
flipped = kernel[::-1, ::-1]
convolved = ops.convolve2d(image, kernel)
grids = {"input": image, "flipped kernel": flipped, "convolution": convolved}
figures.number_grids(grids, signs=["", "="], colors=[None, figures.KERNEL, figures.OUTPUT])
plt.show()

# %%
assert np.array_equal(convolved, [[11, 17], [29, 35]])
assert np.array_equal(ops.corr2d(image, flipped), convolved)
assert np.array_equal(ops.convolve2d(image, flipped), ops.corr2d(image, kernel))

# %% [markdown]
r"""
> **Correction.** *Commonly written:* a convolutional network convolves. *True:* the layers of Paddle, and of every other framework in wide use, cross-correlate; they do not flip. The cell shows which of the two `paddle.nn.functional.conv2d` computes.
"""

# %%
in_paddle = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(weight)).numpy()[0, 0]
assert np.array_equal(in_paddle, ops.corr2d(image, kernel))
assert not np.array_equal(in_paddle, ops.convolve2d(image, kernel))

# %% [markdown]
r"""
Convolution has a property that correlation lacks: it **commutes**, $f * g = g * f$. To check it we let the two slide over each other completely, with zeros around the one that stays (otherwise the smaller could not hold the larger). Swapping the two in a correlation turns the result by 180 degrees instead.
"""

# %%
wide, narrow = np.pad(image, 1), np.pad(kernel, 2)
assert np.array_equal(ops.convolve2d(wide, kernel), ops.convolve2d(narrow, image))
one, other = ops.corr2d(wide, kernel), ops.corr2d(narrow, image)
assert not np.array_equal(one, other)
assert np.array_equal(one, other[::-1, ::-1])

# %% [markdown]
r"""
### Why networks do not care

A network is not given its kernel; it learns one from examples. Whatever a flipped kernel can do, the unflipped one can do with its numbers in other places. We hide a kernel, show only the response, and ask for the kernel that explains it best (`np.linalg.lstsq` solves for the smallest squared error). The correlator finds the hidden kernel. The convolver finds it flipped. Both explain the response perfectly, so for a learned kernel the flip does not matter.
"""

# %%
noise = np.random.default_rng(0).normal(size=(20, 20))
response = ops.corr2d(noise, nine)
patches = np.lib.stride_tricks.sliding_window_view(noise, (3, 3)).reshape(-1, 9)
learned = np.linalg.lstsq(patches, response.ravel())[0].reshape(3, 3)
for_convolver = np.linalg.lstsq(patches[:, ::-1], response.ravel())[0].reshape(3, 3)
assert np.allclose(learned, nine) and np.allclose(for_convolver, nine[::-1, ::-1])
assert np.allclose(ops.corr2d(noise, learned), ops.convolve2d(noise, for_convolver))

# %% [markdown]
r"""
From here on we say "convolution" as the field does, and mean the sum without the flip; where the flip matters, we say so.

## The convolution theorem

The **Fourier transform** rewrites a signal as a sum of waves and says how strong each wave is; the fast way to compute it is called the FFT. Its most useful fact: the transform of a convolution is the *product* of the transforms, wave by wave. Sliding in one description is plain multiplication in the other.

There is one condition. The FFT takes every signal to be **circular**: after the last sample comes the first again. So the product of FFTs is the convolution of two signals on a ring, where sums that run off the end come in again at the start. Zeros at the end, enough for the whole result, keep the two ends apart and give the plain (*linear*) convolution.
"""


# %%
def by_fft(f, g, n):
    return np.fft.ifft(np.fft.fft(f, n) * np.fft.fft(g, n)).real


ring = by_fft(claps, answer, 3)
assert np.allclose(ring, [heard[0] + heard[3], heard[1] + heard[4], heard[2]])
assert np.allclose(by_fft(claps, answer, 5), heard)
np.round(ring, 4)

# %% [markdown]
r"""
On the ring of three, the two sums that no longer fit, 8 and 3, were added to the first two. With five places nothing overlaps and the result is what we heard.

In two dimensions the same holds. We blur `camera`, a grey photograph, with a 25×25 kernel whose numbers are all 1/625, once by sliding and once by multiplying transforms. Padding the photograph with 24 zeros on every side makes the slid result complete.
"""

# %%
camera = load_image(IMAGES / "camera.png", mode="L")[::2, ::2] / 255
blur = np.full((25, 25), 1 / 625)
slid = ops.conv2d(camera[None, None], blur[None, None], padding=24)[0, 0]
size = slid.shape
product = np.fft.rfft2(camera, size) * np.fft.rfft2(blur[::-1, ::-1], size)
multiplied = np.fft.irfft2(product, size)
assert np.allclose(slid, multiplied)

# %%
spectrum = np.log10(np.abs(np.fft.fftshift(np.fft.fft2(camera))) + 1)
figures.pictures(
    {"camera": camera, "its waves": spectrum, "slid": slid, "multiplied": multiplied.clip(0, 1)},
    kind=["photo", "value", "photo", "photo"],
    labels="log₁₀ of strength + 1",
)
plt.show()

# %% [markdown]
r"""
The theorem holds for convolution. For a correlation the kernel has to be flipped first, which is why the cell says `blur[::-1, ::-1]` (and for this symmetric kernel it would not have mattered). It is a fact about convolution and a way to compute it, worth it for large kernels; the kernels of networks are mostly 3×3, and chapter 12 times where the border lies. It is not what convolution is for.

## What one sliding kernel buys

A convolution is a very special way to compute outputs from inputs. We measure how special.

**Local connection.** Change one pixel at a time and see whether the output in the middle changes. Only the nine pixels under the window count.
"""

# %%
grid = np.random.default_rng(1).normal(size=(7, 7))
reaches = np.zeros((7, 7))
for i, j in np.ndindex(7, 7):
    changed = grid.copy()
    changed[i, j] += 1
    reaches[i, j] = ops.corr2d(changed, nine)[2, 2] != ops.corr2d(grid, nine)[2, 2]
assert reaches.sum() == 9 and reaches[2:5, 2:5].all()

# %%
figures.pictures(
    {"7 × 7 image": grid, "pixels that reach one output": reaches}, kind="value", height=3.6
)
plt.show()

# %% [markdown]
r"""
**Shared weights.** A *dense* layer connects every output with every input, each connection with a weight of its own. It can do the same as our convolution: write the 49 pixels as a column, and each of the 25 outputs is a row of 49 weights. We find that matrix by asking for the response to each pixel alone.
"""

# %%
unit_images = np.eye(49).reshape(49, 1, 7, 7)
responses = ops.conv2d(unit_images, nine[None, None].astype(float))
matrix = responses.reshape(49, 25).T
assert np.allclose(matrix @ grid.ravel(), ops.corr2d(grid, nine).ravel())

# %%
figures.pictures({"the dense layer's 25 × 49 weights": matrix}, kind="value", height=5)
plt.show()

# %%
print(f"weights of the dense layer: {matrix.size}")
print(f"of these not zero:          {np.count_nonzero(matrix)}  (25 outputs · 9)")
print(f"different values among them: {len(np.unique(matrix[matrix != 0]))}")
assert matrix.size == 1225 and np.count_nonzero(matrix) == 225

# %% [markdown]
r"""
The dense layer would have 1,225 numbers to learn. The convolution has 9, used 25 times each, and they stay 9 when the image grows. What it gives up is freedom: it cannot treat the left of the image differently from the right. For photographs that is a gain, since a cat may sit anywhere.

> **Think.** The photograph grows to 224×224 pixels. How many weights has the dense layer that does the work of one 3×3 kernel, and how many has the convolution?
>
> <details><summary>Answer</summary>
>
> The dense layer has $222^2 \cdot 224^2 \approx 2.5$ billion weights, of which all but $222^2 \cdot 9$ are zero. The convolution has 9.
>
> </details>

**Equivariance.** Move the photograph, and the response moves along with it. Our kernel subtracts the right neighbour from the left one, so that it answers to upright edges. We move `camera` down by 30 pixels and right by 45, fill the gap with zeros, and compare.
"""

# %%
down, right = 30, 45
moved = np.zeros_like(camera)
moved[down:, right:] = camera[:-down, :-right]
upright = np.array([[1.0, 0, -1]] * 3)[None, None]
before = ops.conv2d(camera[None, None], upright, padding=1)[0, 0]
after = ops.conv2d(moved[None, None], upright, padding=1)[0, 0]

# %%
figures.pictures(
    {"camera": camera, "moved": moved, "response": before, "response to moved": after},
    kind=["photo", "photo", "signed", "signed"],
    limits=(-2, 2),
    columns=2,
)
plt.show()

# %% [markdown]
r"""
Away from the border of the picture, the two responses are the same number for number. Along the border they differ: there, windows look at zeros, or at pixels that have left the picture.
"""

# %%
expected = np.zeros_like(before)
expected[down:, right:] = before[:-down, :-right]
differs = expected != after
assert not differs[down + 1 : -1, right + 1 : -1].any()
print(f"outputs that differ: {differs.mean():.1%}, all of them at the border")

# %% [markdown]
r"""
This is called **translation equivariance**: shift in, shift out. *Invariance* would be something else: shift in, no change out.

> **Correction.** *Commonly written:* a convolutional network is invariant to shifts, or even to every affine map (turning, scaling, shearing), because its weights are shared. *True:* sharing weights makes a convolution *equivariant* to *shifts*. It is not invariant, the two responses above differ, and it is neither of the two for turning or scaling. The next cells turn `chelsea`, the cat, by 90 degrees and shrink her to half.
"""

# %%
chelsea = load_image(IMAGES / "chelsea.png", mode="L")[:300, 75:375] / 255


def respond(picture):
    return ops.conv2d(picture[None, None], upright)[0, 0]


turned_after, turned_before = np.rot90(respond(chelsea)), respond(np.rot90(chelsea))
assert not np.allclose(before, after)
assert not np.allclose(turned_after, turned_before)

# %%
figures.pictures(
    {
        "chelsea, turned": np.rot90(chelsea),
        "respond, then turn": turned_after,
        "turn, then respond": turned_before,
    },
    kind=["photo", "signed", "signed"],
    limits=(-1, 1),
)
plt.show()

# %% [markdown]
r"""
The whiskers tell. In the middle the turned response keeps what was upright before the turn; on the right the kernel meets whiskers that now run down the picture, and answers to those instead. One number for each case: by how much "transform, then respond" misses "respond, then transform", as a share of the mean response. Zero would be equivariance.
"""


# %%
def half(picture):
    return picture.reshape(len(picture) // 2, 2, -1, 2).mean((1, 3))


def miss(wanted, found):
    return np.abs(wanted - found).mean() / np.abs(wanted).mean()


inside = np.s_[down + 1 : -1, right + 1 : -1]
print(f"moved:  {miss(expected[inside], after[inside]):.2f}")
print(f"turned: {miss(turned_after, turned_before):.2f}")
print(f"halved: {miss(half(respond(chelsea)[1:-1, 1:-1]), respond(half(chelsea))):.2f}")

# %% [markdown]
r"""
What a network knows about turned and shrunken cats it has learned from turned and shrunken cats.

## A kernel is a template

There is another way to read the sum of products: as a measure of likeness. Make an image of +1 (ink) and −1 (paper), and a small template of the same kind. Where both have the same sign the product is +1, elsewhere −1. The *mean* of the products is then +1 for a perfect match, −1 for a perfect negative, and near 0 where the two have nothing to do with one another.

Our image is a letter X; the three templates are its two strokes and its crossing.
"""

# %%
letter = -np.ones((9, 9))
for n in range(1, 8):
    letter[n, n] = letter[n, 8 - n] = 1
falling = 2 * np.eye(3) - 1
rising = falling[:, ::-1]
crossing = np.maximum(falling, rising)

# %%
templates = {"falling": falling, "rising": rising, "crossing": crossing}
maps = {f"mean, {name}": ops.corr2d(letter, t) / t.size for name, t in templates.items()}
figures.pictures({"letter": letter, **templates}, kind="signed", limits=(-1, 1))
figures.pictures(maps, kind="signed", limits=(-1, 1))
plt.show()

# %% [markdown]
r"""
Each template gives one map of the whole image, a **feature map**: high where its pattern is, wherever that may be. The falling stroke is found along the upper left and the lower right arm, the rising one along the other two, and the crossing at one place only. Three templates, three maps; a convolution layer is a stack of such templates, and training writes them.
"""

# %%
stack = np.stack(list(templates.values()))[:, None]
layer = ops.conv2d(letter[None, None], stack)[0] / 9
assert np.allclose(layer, list(maps.values()))
assert layer[0, 1, 1] == 1 and layer[1, 1, 5] == 1
assert np.argwhere(layer[2] == 1).tolist() == [[3, 3]]
assert (ops.corr2d(-letter, crossing) / 9).min() == -1

# %% [markdown]
r"""
"Near 0" deserves a number. On an image of coin tosses, the mean of nine products of ±1 spreads around 0 with a standard deviation of $1/\sqrt 9 = 1/3$: with a small template, chance alone comes close to a match now and then.
"""

# %%
tosses = np.random.default_rng(2).choice([-1, 1], size=(300, 300))
by_chance = ops.corr2d(tosses, crossing) / 9
print(f"mean {by_chance.mean():.2f}, standard deviation {by_chance.std():.2f}")
assert abs(by_chance.mean()) < 0.01 and abs(by_chance.std() - 1 / 3) < 0.01

# %% [markdown]
r"""
> **Correction.** *Commonly written:* the result of a convolution lies between −1 and 1 and says how well the template matches. *True:* only for images and templates of ±1, and only after dividing by the number of products. A convolution adds and does not average, and on a photograph brightness counts: a plain bright wall can beat a dim but perfect match.
"""

# %%
dim_match = np.where(crossing > 0, 0.2, 0.0)
bright_wall = np.full((3, 3), 0.9)
ink_only = np.maximum(crossing, 0)
print(f"perfect but dim: {ops.corr2d(dim_match, ink_only).item():.1f}")
print(f"a bright wall:   {ops.corr2d(bright_wall, ink_only).item():.1f}")
assert ops.corr2d(dim_match, ink_only) < ops.corr2d(bright_wall, ink_only)
assert ops.corr2d(letter, crossing).max() == 9

# %% [markdown]
r"""
> **Think.** Which sum of the template's numbers makes every flat wall, dark or bright, score 0?
>
> <details><summary>Answer</summary>
>
> A sum of 0: on a wall of brightness $c$ the response is $c$ times the sum of the kernel. The kernels that find edges in chapter 05 all have that sum.
>
> </details>

## What you have seen, done, and can now use

- **Convolution in a network** is a window that slides, a product for each pixel under it, and one sum (plus a bias). By hand, in NumPy and in Paddle the numbers are the same.
- **Mathematical convolution** flips the kernel first. Each is the other with a flipped kernel; only the flipped one commutes and obeys the convolution theorem; for learned kernels it makes no difference.
- **What sliding buys:** each output sees a few inputs, all outputs share a few weights, and a shift of the image shifts the response. Nothing of the kind holds for turning and scaling.
- **A kernel is a template**, its response a map of likeness, on a scale that depends on the brightness of the image.

## Exercises

1. A kernel has a single 1 and zeros elsewhere. What does it do to an image? Where must the 1 stand to move `image` one pixel to the left?
2. Convolve with one kernel and then with a second. Which single kernel does both at once? Try it with correlation, too.
3. Show without loops that a convolution is *linear*: the response to a mixture of two photographs is the mixture of the two responses. Does it still hold with a bias?
4. Build the 25×49 matrix of this chapter for the flipped kernel. How do the two matrices differ, and why is it not by transposing one?

The cells below hold one solution each.
"""

# %% tags=["solution"]
one_left = np.array([[0, 0, 0], [0, 0, 1], [0, 0, 0]])
assert np.array_equal(ops.corr2d(larger, one_left), larger[1:-1, 2:])

# %% tags=["solution"]
both_at_once = ops.convolve2d(np.pad(nine, 1), kernel)
twice = ops.convolve2d(ops.convolve2d(larger, nine), kernel)
assert np.array_equal(ops.convolve2d(larger, both_at_once), twice)
assert np.array_equal(
    ops.corr2d(larger, both_at_once), ops.corr2d(ops.corr2d(larger, nine), kernel)
)

# %% tags=["solution"]
cat, man = chelsea[None, None, :250, :250], camera[None, None, :250, :250]
mixture = ops.conv2d(0.3 * cat + 0.9 * man, upright)
apart = 0.3 * ops.conv2d(cat, upright) + 0.9 * ops.conv2d(man, upright)
assert np.allclose(mixture, apart)
with_bias = ops.conv2d(0.3 * cat + 0.9 * man, upright, np.array([1.0]))
apart_with_bias = apart + 0.3 + 0.9  # each photograph's response brings its share of the bias
assert not np.allclose(with_bias, apart_with_bias)

# %% tags=["solution"]
flipped_matrix = ops.conv2d(unit_images, nine[None, None, ::-1, ::-1].astype(float))
flipped_matrix = flipped_matrix.reshape(49, 25).T
assert np.array_equal(flipped_matrix, matrix[::-1, ::-1])

# %% [markdown]
r"""
## Further reading

- K. Fukushima, *Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition unaffected by shift in position*, 1980, [doi 10.1007/BF00344251](https://doi.org/10.1007/BF00344251): shared templates, before they were trained.
- Y. LeCun and others, *Backpropagation applied to handwritten zip code recognition*, 1989, [doi 10.1162/neco.1989.1.4.541](https://doi.org/10.1162/neco.1989.1.4.541): the templates are trained.
- V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, 2016, [arXiv 1603.07285](https://arxiv.org/abs/1603.07285): every way to slide a kernel, drawn.
- T. Cohen and M. Welling, *Group equivariant convolutional networks*, 2016, [arXiv 1602.07576](https://arxiv.org/abs/1602.07576): networks that are equivariant to turning as well.

Next: the image shrank at every step here. Chapter 03 takes control of that.
"""
