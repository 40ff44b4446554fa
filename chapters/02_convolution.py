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

A convolution looks at an image through **one small window**, and it uses **the same weights everywhere**. This chapter computes such a window by hand. Then it derives why networks for images use it, and measures what follows.

## What you will see, do, and need

**See** how a layer that connects everything with everything becomes a convolution, and what the word *convolution* means in mathematics.

**Do** a convolution by hand, in a few lines of NumPy and with Paddle, on the same numbers. Move, turn and shrink a photograph, and measure what that does to its response. Decide which operations on images are convolutions.

**Need** Python, sums and products; nothing from other chapters. The core takes about 50 minutes. The four sections marked *Deeper* are optional, 10 to 15 minutes each: conventions in books and frameworks, echoes, the convolution theorem, kernels as templates.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, explore, figures, kernels, ops
from helpers.checks import convolution as check
from helpers.checks import tell
from helpers.data import IMAGES, load_image
from scipy import ndimage, signal
from skimage.feature import match_template

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
## One window, one sum

To a program, a grey photograph is a table of numbers. There is one number for each point (*pixel*), small for dark and large for bright. A single number does not tell what is in the picture. An edge or a corner shows only in how a pixel compares with its neighbours. So we look at the image through a small window, compute one number from what is in it, and move on.

The rule for that number is another small table, the **kernel** (or *filter*). Lay it on the image, multiply each of its numbers by the pixel beneath, and add the products. The kernel's numbers are its **weights**.
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

Call the image $a$, the kernel $w$ and the result $b$. Count rows $i$ and columns $j$ from 0. Then one formula says all four lines, where $u$ and $v$ run over the rows and columns of the kernel:

$$b_{i,j} = \sum_u \sum_v a_{i+u,\,j+v}\; w_{u,v}$$

In NumPy, a slice is the window, `*` multiplies number by number, and `.sum()` adds. Two loops move the window. `agree` checks that results are the same, up to rounding, and prints the first of them once. A number in front, or `tolerance=`, is the difference that we allow.
"""

# %%
result = np.zeros((2, 2), int)
for i in range(2):
    for j in range(2):
        result[i, j] = (image[i : i + 2, j : j + 2] * kernel).sum()
agree(by_hand=[[25, 31], [43, 49]], numpy=result)

# %% [markdown]
r"""
Those loops, with checks of their arguments, are `ops.corr2d`. The result of a kernel on a whole image is called its **response** or its **feature map**.

Paddle keeps its numbers in **tensors**, its own kind of array; `paddle.to_tensor` makes one from a NumPy array. Paddle's function is `conv2d`. It is made for many images with several colours at once. Therefore it expects four axes: *(image, channel, row, column)*. We have one image of one channel, and one kernel that reads one channel. `None` adds an axis of length 1.
"""


# %%
def paddle_conv2d(image, kernel):
    x = paddle.to_tensor(image[None, None].astype("float32"))
    weight = paddle.to_tensor(kernel[None, None].astype("float32"))
    return F.conv2d(x, weight)[0, 0]


agree(numpy=result, corr2d=ops.corr2d(image, kernel), paddle=paddle_conv2d(image, kernel))

# %% [markdown]
r"""
A layer of a network adds one more number to every sum, its **bias**. With a bias of 1 the four results are 26, 32, 44 and 50. `ops.conv2d` is our own function with Paddle's four axes and Paddle's names. We use it for anything larger than a worked example.
"""

# %%
x = image[None, None].astype(float)
weight = kernel[None, None].astype(float)
bias = np.array([1.0])
ours = ops.conv2d(x, weight, bias)[0, 0]
theirs = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(weight), paddle.to_tensor(bias))[0, 0]
agree(by_hand=[[26, 32], [44, 50]], conv2d=ours, paddle=theirs)

# %% [markdown]
r"""
> **Think.** With the pixels 0…8 in place of 1…9, what are the four results? And for a 3×3 kernel on a larger image, which pixels of $a$ enter $b_{0,0}$, and which enter $b_{1,2}$?
>
> <details><summary>Answer</summary>
>
> Every pixel is smaller by 1 and the kernel's numbers add up to 6, so each result is smaller by 6: 19, 25, 37, 43. For a 3×3 kernel, $b_{0,0}$ takes $a_{0,0}$ to $a_{2,2}$: rows 0, 1, 2 and columns 0, 1, 2. $b_{1,2}$ takes rows 1, 2, 3 and columns 2, 3, 4.
>
> </details>

The next cell checks the first answer.
"""

# %%
agree(by_hand=[[19, 25], [37, 43]], numpy=ops.corr2d(image - 1, kernel))

# %% [markdown]
r"""
## A larger kernel

A 3×3 kernel on a 5×5 image fits in 3×3 places. The first sum has nine products: 1·3 + 2·4 + 3·6 + 4·2 + 5·4 + 6·6 + 7·1 + 8·6 + 9·7 = 211.
"""

# %%
first_rows = [[3, 4, 6, 5, 7], [2, 4, 6, 8, 2], [1, 6, 7, 8, 4]]
last_rows = [[9, 7, 4, 6, 2], [3, 7, 5, 4, 1]]
larger = np.array(first_rows + last_rows)
nine = np.arange(1, 10).reshape(3, 3)
figures.sliding_window(larger, nine, steps=2, columns=1)
plt.show()

# %%
valid = ops.corr2d(larger, nine)
agree(numpy=valid, paddle=paddle_conv2d(larger, nine))
agree(by_hand=211, first_sum=valid[0, 0])

# %% [markdown]
r"""
Five became three. A window of width $k$ fits in $n-k+1$ places on an image of width $n$, so $k-1$ places are lost. [Chapter 03](03_padding_stride_receptive_field.ipynb) is about that loss and how to avoid it.

## Why convolution: from dense to shared to local

So far nothing says that a network should compute its outputs in this way. We start from the most general layer and ask which weights images allow us to leave out.

**Dense.** In a *dense layer*, every output is a sum of *all* pixels, each multiplied by a weight of its own. Training has to find all these weights. Our example has an image of 7×7 pixels and 25 outputs, arranged as 5×5. With $W_{i,j,r,c}$ for the weight between output $(i, j)$ and pixel $(r, c)$, there are 25 · 49 = 1,225 weights:

$$b_{i,j} = \sum_r \sum_c a_{r,c}\; W_{i,j,r,c}$$

**Shared.** What we look for may be anywhere in the photograph. We assume that a weight which is useful at one place is useful at every other place. So let the weight depend only on *where the pixel lies as seen from the output*, the **offset** in rows and columns, and not on where the output is:

$$W_{i,j,r,c} = V_{r-i,\,c-j}$$

Rows are 0 to 6 for pixels and 0 to 4 for outputs. The offset $r-i$ therefore runs from −4 to 6: 11 different offsets, and 11 for columns.

**Local.** An edge or a corner shows in neighbouring pixels. So we keep the weights for the offsets 0, 1 and 2, and set all others to 0. With $u = r-i$ and $v = c-j$, what remains is exactly the sliding window:

$$b_{i,j} = \sum_{u=0}^{2} \sum_{v=0}^{2} a_{i+u,\,j+v}\; V_{u,v}$$

> **Think.** How many *different* weights are left after sharing, and how many after making the layer local?
>
> <details><summary>Answer</summary>
>
> Shared: 11 · 11 = 121, one for each pair of offsets. Local: 3 · 3 = 9, the kernel.
>
> </details>

We build the three tables of weights, one row for each output and one column for each pixel. Random numbers stand for the weights that training would find.
"""


# %%
def layer_weights(by_offset):
    weights = np.zeros((5, 5, 7, 7))
    for i, j, r, c in np.ndindex(5, 5, 7, 7):
        weights[i, j, r, c] = by_offset[r - i + 4, c - j + 4]  # index 0 is offset −4
    return weights.reshape(25, 49)


rng = np.random.default_rng(1)
everywhere = rng.normal(size=(11, 11))
near = np.zeros((11, 11))
near[4:7, 4:7] = everywhere[4:7, 4:7]
layers = {"dense": rng.normal(size=(25, 49))}
layers["shared"] = layer_weights(everywhere)
layers["and local"] = layer_weights(near)

# %%
grid = figures.panels(1, 3, 2.1)
counts = []
for ax, name in zip(grid[0], layers, strict=True):
    weights = layers[name]
    counts.append(np.unique(weights[weights != 0]).size)
    title = f"{name}: {counts[-1]:,} weights"
    figures.matrix(weights, ax, blocks=(5, 7), title=title, limit=3, xlabel="input pixel")
grid[0, 0].set_ylabel("output")
plt.show()
agree(by_hand=[1225, 121, 9], counted=counts)

# %% [markdown]
r"""
Each step is a decision about images, and here each leaves a tenth of the weights or less. The next figure is the last table with the kernel 1…9, every weight printed. The first row of the table is the window at the top left. It reads pixels 0, 1, 2 of the first image row, 7, 8, 9 of the second, and 14, 15, 16 of the third. One row further down, the same nine numbers stand one pixel to the right.
"""

# %%
kernel_by_offset = np.zeros((11, 11))
kernel_by_offset[4:7, 4:7] = nine
matrix = layer_weights(kernel_by_offset)
title = "A convolution as a dense layer: nine numbers, again and again, and zeros"
figures.matrix(
    matrix, numbers=True, blocks=(5, 7), title=title, xlabel="input pixel", ylabel="output"
)
plt.show()

# %% [markdown]
r"""
Does this table do the same as the window? Write the 49 pixels in one column (`ravel`). For each row of the table, multiply number by number and add; `@` does this for all rows.
"""

# %%
seven = rng.integers(0, 10, size=(7, 7))
as_dense = (matrix @ seven.ravel()).reshape(5, 5)
agree(dense=as_dense, window=ops.corr2d(seven, nine), paddle=paddle_conv2d(seven, nine))

# %% [markdown]
r"""
Now let the image grow. Before you run the cell, guess the three numbers for a photograph of 224×224 pixels.
"""

# %%
for n in [7, 28, 224]:
    outputs = (n - 2) ** 2
    dense = outputs * n**2
    shared = (2 * n - 3) ** 2
    print(f"{n:3} × {n:<3}  dense {dense:13,}   shared {shared:7,}   shared and local 9")

# %% [markdown]
r"""
The dense layer for one photograph needs 2.5 billion weights, the convolution nine. What it gives up is freedom: it cannot treat the left of the image differently from the right. Where the position matters, as in passport photographs, that freedom can be useful. [Chapter 01](01_history.ipynb) tests the decision for neighbours: it shuffles the pixels, and a convolutional network loses its lead.

## Is this convolution?

Not in the mathematician's sense. Take an image that is black except for one dot, and slide our kernel over it. Where does each weight appear in the response?
"""

# %%
dot = np.zeros((5, 5), int)
dot[2, 2] = 1
grids = {"one dot": dot, "kernel": kernel}
grids["sliding sum"] = ops.corr2d(dot, kernel)
grids["convolution"] = ops.convolve2d(dot, kernel)
figures.number_grids(grids, colors=[None, figures.KERNEL, figures.OUTPUT, figures.OUTPUT])
plt.show()

# %% [markdown]
r"""
The sliding sum answers with the kernel turned by 180 degrees. The window meets the dot first with its lower right weight, 3. **Convolution**, as mathematics defines it, turns the kernel by 180 degrees before it slides. Then a dot is answered by the kernel as it is. Without the turn the operation is called **cross-correlation**.

Turned, our kernel reads 3, 2 / 1, 0, and the first sum is 3·1 + 2·2 + 1·4 + 0·5 = 11. `ops.convolve2d` turns the kernel and calls `ops.corr2d`.
"""

# %%
by_scipy = signal.convolve2d(image, kernel, mode="valid")
agree(by_hand=[[11, 17], [29, 35]], numpy=ops.convolve2d(image, kernel), scipy=by_scipy)

# %% [markdown]
r"""
Turning twice changes nothing, so each operation is the other one with a turned kernel. Which of the two does Paddle's `conv2d` compute?
"""

# %%
turned_kernel = kernel[::-1, ::-1]
agree(paddle=paddle_conv2d(image, kernel), cross_correlation=ops.corr2d(image, kernel))
agree(turned_twice=ops.convolve2d(image, turned_kernel), not_turned=ops.corr2d(image, kernel))

# %% [markdown]
r"""
> **Correction.** *Commonly written in introductions to convolutional networks:* the layers convolve. *True:* Paddle's layers cross-correlate, as the cell shows, and PyTorch's manual says the same of its own. (Not every framework does: Theano, an older one, turned the kernel unless told not to.)

A network is not given its kernel, it learns one from examples. If its layers turned the kernel, it would learn the turned one, and nothing would be lost. (The first *Deeper* section puts that to the test.) From here on we say "convolution" as the field does, and mean the sum without the turn. Where the turn matters, we say so.

> **Activity: the secret kernel.** Five minutes, alone or in pairs. `check.secret(image)` answers an image of 5×5 numbers with a secret kernel of 3×3. Choose an image, call it *once*, and find the kernel: the nine numbers that lie on the image when they are multiplied, so as `ops.corr2d` takes them. Write them in place of the dots as three rows of three, and run the cell.
"""

# %%
image_of_mine = np.zeros((5, 5))
response = check.secret(image_of_mine)
print(response)
my_kernel = ...
tell(check.nine_numbers, my_kernel)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> A single 1 in the middle shows every weight once. The response reads 4, 9, 2 / 3, 5, 7 / 8, 1, 6. But the window met the dot first with its lower right weight, so the kernel that lay on the image is 6, 1, 8 / 7, 5, 3 / 2, 9, 4. `secret` may as well have convolved with the numbers as they were shown: nobody can tell.
>
> </details>

## Move the photograph

The same weights everywhere have a consequence. We move a photograph, `camera`, down by 20 pixels and right by 30. Its response to a kernel is computed before and after. This kernel subtracts the pixels at the right from those at the left, so it responds to upright edges.

> **Think.** How will the second response differ from the first?
>
> <details><summary>Answer</summary>
>
> It is the first response, moved by 20 and 30 pixels, wherever the window lies on the photograph.
>
> </details>
"""


# %%
def respond(picture, kernel):
    return ops.conv2d(picture[None, None].astype(float), kernel[None, None].astype(float))[0, 0]


upright = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
camera = load_image(IMAGES / "camera.png", mode="L")[80:230, 150:300]
moved = np.zeros_like(camera)
moved[20:, 30:] = camera[:-20, :-30]
before = respond(camera, upright)
after = respond(moved, upright)

# %%
figures.pictures(
    {"camera": camera, "response": before, "camera, moved": moved, "response to it": after},
    kind=["photo", "signed", "photo", "signed"],
    limits=(-500, 500),
    columns=2,
    zoom=2,
)
plt.show()
agree(response_then_move=before[:-20, :-30], move_then_response=after[20:, 30:])

# %% [markdown]
r"""
Where the window lies on the photograph, the two are equal, number for number. At its left border the window also sees the black that we filled in. There the kernel responds to an edge that we made.

This property is called **translation equivariance**: a shift of the input gives the same shift of the output. *Invariance* would be something else: a shift of the input, and no change of the output.

> **Correction.** *Commonly written in introductions to convolutional networks:* a convolution is invariant to shifts, or even to turning and scaling, because its weights are shared. *True:* sharing makes it *equivariant* to *shifts*. The two responses above are not the same, so it is not invariant. Turning and scaling are tested next.

## Turn it, shrink it

We turn `coffee`, a cup, by a quarter turn. If a convolution were equivariant to turning, "respond, then turn" would equal "turn, then respond". We try two kernels. One is the kernel for upright edges. The other is `kernels.OUTLINE`, a pixel minus the mean of its eight neighbours, here multiplied by 8 so that all weights are whole numbers.

> **Think.** Which of the two will pass the test?
>
> <details><summary>Answer</summary>
>
> The outline kernel, because it looks the same after a quarter turn. The upright one does not: turned, it would respond to level edges.
>
> </details>
"""

# %%
outline = kernels.OUTLINE * 8
coffee = load_image(IMAGES / "coffee.png", mode="L")[::2, ::2][:200, 40:240]
turned = np.rot90(coffee)
shown = {"coffee": coffee}
shown["upright edges, then turned"] = np.rot90(respond(coffee, upright))
shown["turned, then upright edges"] = respond(turned, upright)
shown["coffee, turned"] = turned
shown["outline, then turned"] = np.rot90(respond(coffee, outline))
shown["turned, then outline"] = respond(turned, outline)
kinds = ["photo", "signed", "signed"] * 2
figures.pictures(shown, kind=kinds, limits=(-300, 300), columns=3)
plt.show()
agree(outline_then_turned=shown["outline, then turned"], swapped=shown["turned, then outline"])

# %% [markdown]
r"""
In the upper row the two responses differ: the rim of the cup is strong above and below in one, and at its sides in the other. In the lower row they are the same, number for number.

How large is the difference? We compute both orders and take the mean size of their difference, divided by the mean size of the response. Zero means equivariant. We also shrink the photograph to half, by the mean of each 2×2 block. (There one row and one column are cut off at each side of the response, so that both results have the same size.)
"""


# %%
def half(picture):
    upper = picture[::2, ::2] + picture[::2, 1::2]
    lower = picture[1::2, ::2] + picture[1::2, 1::2]
    return (upper + lower) / 4


def difference(one, other):
    return np.abs(one - other).mean() / np.abs(one).mean()


# %%
cup = coffee.astype(float)
for name, weights in {"upright": upright, "outline": outline}.items():
    response = respond(cup, weights)
    when_turned = difference(np.rot90(response), respond(np.rot90(cup), weights))
    when_halved = difference(half(response[1:-1, 1:-1]), respond(half(cup), weights))
    print(f"{name}: turned {when_turned:.2f}, shrunk {when_halved:.2f}")

# %% [markdown]
r"""
The outline kernel passes the quarter turn exactly. It is a property of that kernel, and not of convolution: for a kernel that does not change under a quarter turn, both orders give the same. Neither kernel passes the shrinking. A network with learned kernels has no such guarantee. What it knows about turned and small cups, it has to learn.

## Linear and equivariant means convolution

We derived the convolution by leaving out weights. Now we arrive at it from the other side. Two properties, asked of *any* function $T$ from images to images of the same size, leave nothing but convolutions:

- $T$ is **linear**: the response to a mixture is the mixture of the responses, $T(2a + 3b) = 2\,T(a) + 3\,T(b)$, and so for any two factors.
- $T$ is **shift-equivariant**: it does not matter whether we shift before or after.

The proof has three lines.

1. Every image is a sum of dots: one dot for each pixel, multiplied by its brightness.
2. $T$ is linear, so its response is the same sum of the responses to these dots.
3. $T$ is shift-equivariant, so the response to every dot is one and the same picture, the **stamp**, shifted to the dot.

So one stamp decides everything: $T$ adds up stamps, and that is a convolution whose kernel is the stamp. (With the dot above we saw that for the sliding sum, the kernel is the stamp turned.) Nothing says that the stamp is small: *local* is a decision of its own. One condition: shifts must not run into a border. We take the image as a **ring**: what leaves on the right comes back on the left, as `np.roll` does.

Let us see the proof at work on a function that we did not write: SciPy's `gaussian_filter`, which blurs a picture. (`mode="wrap"` makes the picture a ring.) We show it a single dot and note the stamp. From the stamp alone we predict its response to a photograph, an eye of the cat `chelsea`.
"""

# %%
chelsea = load_image(IMAGES / "chelsea.png", mode="L")
eye = chelsea[80:128, 150:198].astype(float)
dot = np.zeros((48, 48))
dot[0, 0] = 1
stamp = ndimage.gaussian_filter(dot, 2, mode="wrap")
predicted = np.zeros((48, 48))
for i in range(48):
    for j in range(48):
        predicted += eye[i, j] * np.roll(stamp, (i, j), axis=(0, 1))
agree(sum_of_stamps=predicted, scipy=ndimage.gaussian_filter(eye, 2, mode="wrap"))

# %%
middle = np.roll(stamp, (24, 24), axis=(0, 1))
figures.pictures(
    {"photograph": eye / 255, "stamp of one dot": middle, "sum of stamps": predicted / 255},
    kind=["photo", "value", "photo"],
)
plt.show()

# %% [markdown]
r"""
A function without the two properties cannot be predicted in this way. The median of a 3×3 window, for example, removes a single dot. Its stamp is black, and so would be every prediction:
"""

# %%
stamp_of_median = ndimage.median_filter(dot, size=3, mode="wrap")
agree(stamp_of_the_median=stamp_of_median.max(), black=0)

# %% [markdown]
r"""
### Quiz: which of these are convolutions?

1. **Turning** the picture by a quarter turn.
2. **Shrinking** it to half, by the mean of each 2×2 block.
3. **Grey**: 0.299 red + 0.587 green + 0.114 blue at every pixel of a colour picture.
4. **Defocus**: each pixel is spread over a small disc.
5. **Median**: each pixel becomes the median of its 3×3 neighbours, the fifth of the nine in order.

> **Think.** Decide for each: is it linear? Is it shift-equivariant? Write down ten answers, then run the test.

The test uses two random colour pictures of 12×12 pixels, as rings. If a property fails on them, it is refuted. If it holds on random numbers, that is strong evidence and not yet a proof.
"""


# %%
def grey(picture):
    return picture @ np.array([0.299, 0.587, 0.114])


def defocus(picture):
    rows, columns = np.mgrid[-2:3, -2:3]
    disc = (rows**2 + columns**2 <= 4) / 13
    return ndimage.convolve(picture, disc[:, :, None], mode="wrap")


def median(picture):
    return ndimage.median_filter(picture, size=(3, 3, 1), mode="wrap")


# %%
one = rng.integers(0, 256, size=(12, 12, 3)).astype(float)
other = rng.integers(0, 256, size=(12, 12, 3)).astype(float)
quiz = {"turning": np.rot90, "shrinking": half, "grey": grey, "defocus": defocus}
quiz["median"] = median
for name, function in quiz.items():
    mixed = function(2 * one + 3 * other)
    linear = np.allclose(mixed, 2 * function(one) + 3 * function(other))
    down = np.allclose(function(np.roll(one, 1, axis=0)), np.roll(function(one), 1, axis=0))
    right = np.allclose(function(np.roll(one, 1, axis=1)), np.roll(function(one), 1, axis=1))
    print(f"{name:10} linear: {linear!s:6} shift-equivariant: {down and right}")

# %% [markdown]
r"""
Grey and defocus pass both tests. Defocus is a convolution with a disc. Grey is one with a window of a single pixel and a weight for each colour ([chapter 04](04_channels_and_batches.ipynb) has kernels that read colours). The median is shift-equivariant but not linear. Turning is linear, but a picture shifted to the right and then turned has moved upwards. Shrinking is linear, too, but a shift by one pixel becomes a shift by half a pixel, and the small picture has no half pixels. Shrinking is a convolution of which only every second output is kept; [chapter 03](03_padding_stride_receptive_field.ipynb) calls that a *stride*.

> **Think.** Is "add 10 to every pixel" linear? Is a layer with a bias?
>
> <details><summary>Answer</summary>
>
> No: a mixture $2a + 3b$ gets 10 once, the mixture of the responses gets it 2 + 3 = 5 times. A layer with a bias is a convolution and then an addition. Exercise 4 has such a layer.
>
> </details>

This ends the core of the chapter. You can go on to the summary near the end, or take one of the following sections.

## Deeper: middle or corner, turned or not

Many books name an output by the pixel under the *middle* of the kernel, and not under its corner. For an odd width $k$ let $h = (k-1)/2$, which is 1 for $k = 3$. We call this numbering $c$:

$$c_{i,j} = \sum_{u=-h}^{h} \sum_{v=-h}^{h} a_{i+u,\,j+v}\; w_{u+h,\,v+h}$$

These are the same results under other indices: $c_{i,j} = b_{i-h,\,j-h}$. The first result, 211, is $b_{0,0}$ and $c_{1,1}$. Some texts let the sums run from $-k/2$ to $k/2$. They mean $k/2$ rounded down: −1, 0, 1 are three terms, as many as the kernel has.
"""

# %%
h = 1
middle = 0
for u in [-1, 0, 1]:
    for v in [-1, 0, 1]:
        middle += larger[1 + u, 1 + v] * nine[u + h, v + h]
agree(c_1_1=middle, b_0_0=valid[0, 0])

# %% [markdown]
r"""
### Does the turn matter to a network?

Whatever a turned kernel can do, the unturned one can do with its numbers in other places. An experiment shows it. We hide the kernel 1…9 and keep only an image and its response. We then ask for the nine weights that explain the response best: `np.linalg.lstsq` finds the weights with the smallest squared error. Its input is a table with one row for each window. Which kernel will it find if the windows are read forwards? Which if every window is turned first, as convolution does?
"""

# %%
noise = np.random.default_rng(0).integers(-9, 10, size=(20, 20))
response = ops.corr2d(noise, nine)
windows = []
for i in range(18):
    for j in range(18):
        windows.append(noise[i : i + 3, j : j + 3].ravel())
windows = np.array(windows)
learned = np.linalg.lstsq(windows, response.ravel())[0]
learned_turned = np.linalg.lstsq(windows[:, ::-1], response.ravel())[0]
agree(hidden_kernel=nine.ravel(), learned_by_correlation=learned)
agree(hidden_kernel_turned=nine.ravel()[::-1], learned_by_convolution=learned_turned)

# %% [markdown]
r"""
Both learn the response perfectly, one with the kernel and one with the turned kernel. So for learned weights the turn does not matter. It matters when you copy weights from a framework that turns to one that does not.

## Deeper: echoes, where convolution comes from

Clap once in a church, and the sound dies away slowly. Write that answer to one clap as a list $g$: loudness 4 at once, 2 after one second, 1 after two seconds. Now clap three times, a second apart, with strengths $f$ = 1, 2, 3. What do we hear?

Every clap leaves its stamp $g$, shifted to its time and multiplied by its strength. After two seconds we hear the third clap at once (3·4), the second clap a second old (2·2), and the first clap two seconds old (1·1): together 17. The oldest clap meets the *last* number of $g$. So a window that slides over the claps has to read $g$ backwards:

$$(f * g)_t = \sum_\tau f_\tau\; g_{t-\tau}$$
"""

# %%
claps = np.array([1, 2, 3])
answer = np.array([4, 2, 1])
stamps = np.zeros(5, int)
for tau in range(3):
    stamps[tau : tau + 3] += claps[tau] * answer
padded = np.pad(claps, 2)
window_sums = []
for t in range(5):
    window_sums.append((padded[t : t + 3] * answer[::-1]).sum())
agree(stamps=stamps, backwards_window=window_sums, numpy=np.convolve(claps, answer))

# %% [markdown]
r"""
A sound has a loudness at every moment, not only once a second. For such *continuous* signals the sum becomes an area: turn $g$ around, slide it to time $t$, multiply, and take the area under the product.

First two boxes, each one second long. They start to overlap at $t = 0$, cover each other at $t = 1$ and part at $t = 2$. The area grows to 1 and falls back: a triangle.
"""


# %%
def box(t):
    return np.where((t >= 0) & (t < 1), 1.0, 0.0)


figures.sliding_area(box, box, shifts=[0.5, 1, 1.5, 2.5])
plt.show()

# %% [markdown]
r"""
Now a heater is turned on at time 0 and stays on: a *step*. In our model, the room answers a short pulse of heat with $e^{-t}$. Its temperature over time is the area; sketch it before you look.
"""


# %%
def step(t):
    return np.where(t >= 0, 1.0, 0.0)


def room(t):
    return np.where(t >= 0, np.exp(-np.abs(t)), 0.0)


figures.sliding_area(step, room, shifts=[0.5, 1, 2, 3.5], names=["heater", "room"])
plt.show()

# %% [markdown]
r"""
The temperature climbs as $1 - e^{-t}$. We check it at $t = 2$ with thin strips.
"""

# %%
tau = np.arange(0, 2, 0.001) + 0.0005
area = (step(tau) * room(2 - tau)).sum() * 0.001
agree(area_of_strips=area, formula=1 - np.exp(-2), tolerance=1e-6)

# %% [markdown]
r"""
Convolution has a property that cross-correlation lacks in general: it **commutes**, $f * g = g * f$. To check it, the two must slide over each other completely, with zeros around the one that stays. Exchanging the two in a cross-correlation turns the result by 180 degrees instead.
"""

# %%
wide = np.pad(image, 1)
narrow = np.pad(kernel, 2)
agree(image_stays=ops.convolve2d(wide, kernel), kernel_stays=ops.convolve2d(narrow, image))
exchanged = ops.corr2d(narrow, image)
agree(correlated=ops.corr2d(wide, kernel), exchanged_and_turned=exchanged[::-1, ::-1])
assert not np.array_equal(ops.corr2d(wide, kernel), exchanged)

# %% [markdown]
r"""
## Deeper: the convolution theorem

The **Fourier transform** writes a signal as a sum of waves and says how strong each wave is. The fast way to compute it is called the FFT. The transform of a convolution is the *product* of the two transforms, wave by wave. Sliding in one description is plain multiplication in the other.

There is one condition. The FFT takes every signal as a ring: after the last sample comes the first again. Sums that run off the end are added at the start. Zeros at the end, enough for the whole result, keep the two ends apart. Then the product gives the plain convolution.

The three claps of the previous section gave five sums: 4, 10, 17, 8, 3. On a ring of three places, which numbers result?
"""


# %%
def by_fft(f, g, places):
    product = np.fft.fft(f, places) * np.fft.fft(g, places)
    return np.fft.ifft(product).real


agree(by_hand=[4 + 8, 10 + 3, 17], ring_of_three=by_fft(claps, answer, 3))
agree(heard=stamps, ring_of_five=by_fft(claps, answer, 5))

# %% [markdown]
r"""
On the ring of three, the last two sums, 8 and 3, were added to the first two. With five places nothing overlaps.

In two dimensions the same holds. We blur a larger part of `camera` with a 25×25 kernel whose weights are all 1/625, once by sliding and once by multiplying transforms. With 24 zeros on every side of the photograph, the slid result is complete.
"""

# %%
bright = load_image(IMAGES / "camera.png", mode="L")[50:270, 110:330] / 255
blur = np.full((25, 25), 1 / 625)
slid = respond(np.pad(bright, 24), blur)
transform = np.fft.rfft2(bright, slid.shape)
product = transform * np.fft.rfft2(blur[::-1, ::-1], slid.shape)
multiplied = np.fft.irfft2(product, slid.shape)
agree(slid=slid, multiplied=multiplied)

# %%
strength = np.abs(np.fft.fftshift(np.fft.fft2(bright)))
figures.pictures(
    {"camera": bright, "its waves": np.log10(strength + 1), "blurred": slid.clip(0, 1)},
    kind=["photo", "value", "photo"],
    labels="log₁₀ of strength + 1",
)
plt.show()

# %% [markdown]
r"""
In the middle picture each point is one wave: slow waves at the centre, fast ones outside, light where they are strong. The theorem is about convolution. Our sliding sum is one with the turned kernel, therefore the cell says `blur[::-1, ::-1]`. (For this symmetric kernel it makes no difference.) It is worth its cost for large kernels. The kernels of networks are mostly 3×3; [chapter 12](12_fast_convolution.ipynb) measures where the border lies.

## Deeper: a kernel is a template

There is another way to read the sum of products: as a measure of likeness. A **template** is a small picture of what we look for. Make an image of +1 (ink) and −1 (paper), and a template of the same kind. Where both have the same sign the product is +1, elsewhere −1. The *mean* of the products is +1 for a perfect match and −1 for a perfect negative.

Our image is a letter X. The three templates are its two strokes and its crossing. Where in the letter will each of them find a perfect match?
"""

# %%
letter = -np.ones((9, 9))
for n in range(1, 8):
    letter[n, n] = 1
    letter[n, 8 - n] = 1
falling = 2 * np.eye(3) - 1
rising = falling[:, ::-1]
crossing = np.maximum(falling, rising)
templates = {"falling": falling, "rising": rising, "crossing": crossing}
shown = {"letter": (1 - letter) / 2}
for name, template in templates.items():
    shown[name] = (1 - template) / 2  # ink as black
figures.pictures(shown, zoom=18)
plt.show()

# %%
maps = {}
grid = figures.panels(1, 3, 3.0)
for ax, name in zip(grid[0], templates, strict=True):
    maps[name] = ops.corr2d(letter, templates[name])
    figures.matrix(maps[name], ax, numbers=True, limit=9, title=f"{name}: 9 is a match")
plt.show()

# %% [markdown]
r"""
The figure prints the sums; the means are ninths of them. Each template gives one feature map of the whole image: high where its pattern is, wherever that may be. The falling stroke is found on the upper left and the lower right arm, the rising one on the other two. The crossing is found at one place only. Three templates give three maps, and a convolution layer is a stack of such templates, whose weights training finds.
"""

# %%
stack = np.array([falling, rising, crossing])[:, None]
layer = ops.conv2d(letter[None, None], stack)[0]
agree(one_layer=layer, three_templates=list(maps.values()))
agree(by_hand=[[3, 3]], crossing_found_at=np.argwhere(maps["crossing"] == 9))

# %% [markdown]
r"""
What if image and template have nothing to do with one another? For coin tosses, the mean of nine products of ±1 spreads around 0 with a standard deviation of $1/\sqrt 9 = 1/3$. (The standard deviation is the typical distance from the mean.) With so small a template, chance alone makes a perfect match at about one place in $2^9 = 512$.
"""

# %%
tosses = np.random.default_rng(2).choice([-1, 1], size=(300, 300))
by_chance = ops.corr2d(tosses, crossing) / 9
agree(theory=[0, 1 / 3], measured=[by_chance.mean(), by_chance.std()], tolerance=0.01)

# %% [markdown]
r"""
> **Correction.** *Commonly written where kernels are explained as templates:* the result of a convolution lies between −1 and 1 and says how well the template matches. *True:* a convolution adds and does not divide, so nine products can give 9. The *mean* lies within −1…1 whenever all numbers of both do, since each product does. But a perfect match then need not score 1. It scores 1 exactly when all its numbers are ±1.

The cell matches the crossing with itself, with its weights multiplied by ½, 1 and 3. Which means do you expect?
"""

# %%
scores = []
for strength in [0.5, 1, 3]:
    template = strength * crossing
    scores.append((template * template).mean())
agree(by_hand=[0.25, 1, 9], perfect_match=scores)
random_pairs = rng.uniform(-1, 1, size=(2, 10_000, 9))
means = (random_pairs[0] * random_pairs[1]).mean(axis=1)
print(f"10,000 random pairs within −1…1: largest size of a mean {np.abs(means).max():.1f}")

# %% [markdown]
r"""
On photographs brightness counts, too. Here is a dim crossing, and beside it a bright wall. The template has 1 for ink and 0 for paper. By hand: the dim crossing gives 5·30 = 150, the wall 5·230 = 1,150. The wall wins.

The remedy is **normalised correlation**. Subtract the mean from the window and from the template. Then divide the sum of products by the lengths of both (the root of the sum of squares). A match then scores 1, whatever its brightness and contrast. A flat window has length 0 and gets the score 0.

Is the first half of the remedy enough? The third map only subtracts the mean.
"""


# %%
def likeness(window, template):
    window = window - window.mean()
    template = template - template.mean()
    length = np.sqrt((window**2).sum() * (template**2).sum())
    if length == 0:
        return 0.0
    return (window * template).sum() / length


# %%
ink = np.maximum(crossing, 0)
scene = np.zeros((13, 27))
scene[5:8, 4:7] = 30 * ink
scene[2:11, 14:24] = 230
normalised = np.zeros((11, 25))
for i in range(11):
    for j in range(25):
        normalised[i, j] = likeness(scene[i : i + 3, j : j + 3], ink)
agree(likeness=normalised, scikit_image=match_template(scene, ink))

# %%
shown = {"a dim crossing, a bright wall": scene / 255, "sum: the wall": ops.corr2d(scene, ink)}
shown["mean subtracted: the wall's edge"] = ops.corr2d(scene, ink - ink.mean())
shown["normalised: the crossing"] = normalised
kinds = ["photo", "signed", "signed", "signed"]
limits = [None, (-1200, 1200), (-120, 120), (-1.2, 1.2)]
figures.pictures(shown, kind=kinds, limits=limits, columns=2)
plt.show()
for name, scores in shown.items():
    if name != "a dim crossing, a bright wall":
        print(f"{name:32}  crossing {scores[5, 4]:7.2f},  largest {scores.max():7.2f}")

# %% [markdown]
r"""
Subtracting the mean silences the flat wall, but its edge still gets a higher score than the crossing. The division makes the crossing win. A convolution layer does not divide, so its response grows with the contrast of what it looks at.

> **Think.** Which sum of a kernel's weights makes every flat wall, dark or bright, score 0?
>
> <details><summary>Answer</summary>
>
> A sum of 0: on a wall of brightness $c$ the response is $c$ times the sum of the weights. That is what subtracting the template's mean did. The kernels that find edges in [chapter 05](05_edges_and_blur.ipynb) have that sum.
>
> </details>

## Play: how far does a pixel reach?

The figure below computes what this chapter computed, in your browser. Point at an output, and its sum is written out. Point at a pixel, and the outputs that read it are framed. You can change every number and the kernel. Outputs that your last change altered get a mark in their corner. The image may also be a photograph of yours: nothing leaves your machine.

**Predict**, then try it. The kernel is $\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$. How many outputs change when you change the pixel in the middle of the image? How many for the pixel in the upper left corner? Then choose other kernels and tick *flip*: which of them give the same outputs as before?
"""

# %%
seven = np.zeros((7, 7))
seven[1, 1:6] = 9
for row, column in [(2, 4), (3, 3), (4, 2), (5, 2)]:
    seven[row, column] = 9
falling = np.array([[1.0, 0], [0, 1]])
explore.load()

# %%
explore.conv(seven, falling)

# %% [markdown]
r"""
> <details><summary>Answer</summary>
>
> Four windows hold the pixel in the middle, but two of them multiply it by 0: two outputs change. Only one window holds the corner. A kernel gives the same outputs flipped if half a turn leaves it as it is: this one, *laplacian*, *sharpen* and *mean*. Those for edges change their sign.
>
> </details>
"""


# %%
def changed(row, column):
    other = seven.copy()
    other[row, column] += 1
    return (ops.corr2d(other, falling) != ops.corr2d(seven, falling)).sum()


agree(by_hand=[2, 1], numpy=[changed(3, 3), changed(0, 0)])
listed = {"falling diagonal": falling, "mean": kernels.box(3), "laplacian": kernels.LAPLACIAN}
listed |= {"sharpen": kernels.SHARPEN, "vertical edges": kernels.SOBEL_X}
for name, kernel in listed.items():
    same = np.allclose(ops.corr2d(seven, kernel), ops.convolve2d(seven, kernel))
    print(f"{name:16}", "the same outputs flipped" if same else "other outputs flipped")

# %% [markdown]
r"""
## What you have seen, done, and can now use

- **Convolution in a network** is a window that slides, a product for each pixel under it, and one sum (plus a bias). By hand, in NumPy and in Paddle the numbers are the same.
- **It is a dense layer with two decisions**: the same weights at every place, and zeros beyond a small window. 1,225 weights became 121, then 9.
- **Mathematical convolution** turns the kernel first. Each is the other with a turned kernel; for learned kernels it makes no difference.
- **A shift of the image shifts the response**: translation equivariance. A quarter turn of the image turns the response only if the kernel itself does not change under that turn.
- **Linear and shift-equivariant** means convolution: one stamp decides everything.
- *Deeper*: echoes add up stamps; the transform of a convolution is a product; a kernel is a template, and normalised correlation makes its score independent of brightness.

## Exercises

The [exercises of this chapter](exercises/02_convolution.ipynb) check themselves. Compute six windows by hand, write a convolution with a stride, and build a kernel that finds falling diagonals. Find a hidden kernel with one question, and measure how much noise a kernel leaves.

## Further reading

- K. Fukushima, *Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition unaffected by shift in position*, 1980, [doi 10.1007/BF00344251](https://doi.org/10.1007/BF00344251): shared templates, before they were trained by back-propagation.
- Y. LeCun and others, *Backpropagation applied to handwritten zip code recognition*, 1989, [doi 10.1162/neco.1989.1.4.541](https://doi.org/10.1162/neco.1989.1.4.541): shared weights, trained on photographs of digits.
- A. Zhang and others, *Dive into deep learning*, 2021, [arXiv 2106.11342](https://arxiv.org/abs/2106.11342): derives the convolution from the dense layer, too.
- V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, 2016, [arXiv 1603.07285](https://arxiv.org/abs/1603.07285): every way to slide a kernel, drawn.
- T. Cohen and M. Welling, *Group equivariant convolutional networks*, 2016, [arXiv 1602.07576](https://arxiv.org/abs/1602.07576): networks that are equivariant to quarter turns as well.

One small window, and the same weights everywhere: that is a convolution, and the networks of this course are built on it. The output became smaller at every step here; the next chapter takes control of that.

Previous: [01 Trace how machines learned to see](01_history.ipynb) · Next: [03 Control what a convolution sees](03_padding_stride_receptive_field.ipynb)
"""
