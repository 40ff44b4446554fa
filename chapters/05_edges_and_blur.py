# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Find edges and blur photographs

A kernel is a small table of numbers, and these numbers decide what it finds. In this chapter we first choose them by hand, and the kernel finds edges, draws outlines or blurs. Then we let data choose them, and read what the data chose.

## What you will see, do, and need

**See** three small kernels at work on photographs, then kernels that a classifier learned, and a picture that was designed to fool it.

**Do** an edge, an outline and a blur by hand, in NumPy and with Paddle. Measure how much noise a blur removes, and learn a kernel from examples. Read a classifier of two kernels and predict its mistake.

**Need** [chapter 02](02_convolution.ipynb) (a kernel slides over an image), and from [chapter 03](03_padding_stride_receptive_field.ipynb) what padding is. The core takes about 50 minutes. The seven sections marked *Deeper* take another 65 minutes, and nothing later depends on them.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, kernels, ops
from helpers.bars import draw_bars
from helpers.checks import edges_and_blur as check
from helpers.checks import tell
from helpers.data import IMAGES, load_digits, load_image, scatter_on_canvas
from helpers.descent import descend
from helpers.training import draw_weights, fit
from PIL import Image

import paddle
from paddle import nn

paddle.set_default_dtype("float64")  # with 64 bits, every processor learns the same kernels

# %% [markdown]
r"""
## Case 1: where does it get darker?

An **edge** is a place where brightness changes. The simplest kernel that notices it compares two pixels. The left one counts plus and the right one counts minus, so that they cancel on an even surface.

We make a picture with one edge. It has 50×50 pixels; columns 0 to 29 are white (1) and columns 30 to 49 are black (0). Then we slide the kernel [1, 0, −1] over it. By hand, in any row:

- on white: 1·1 + 0·1 − 1·1 = 0
- at columns 28, 29, 30: 1·1 + 0·1 − 1·0 = 1
- at columns 29, 30, 31: 1·1 + 0·0 − 1·0 = 1
- on black: 1·0 + 0·0 − 1·0 = 0
"""

# %%
white_black = np.zeros((50, 50))
white_black[:, :30] = 1
left_minus_right = np.array([[1.0, 0, -1]])
answer = ops.corr2d(white_black, left_minus_right)
shown = {"white, then black": white_black, "two columns answer": answer}
figures.pictures(shown, ["photo", "signed"], zoom=4)
plt.show()

# %% [markdown]
r"""
In Paddle a kernel lives in a *layer*. `nn.Conv2D(1, 1, [1, 3])` takes one channel, gives one channel, and has a kernel that is one high and three wide. A layer is made to learn, so its numbers start at random. They are kept in a `weight` of four axes, *(output channel, input channel, row, column)*. To use a kernel of our own, we put it there. `bias_attr=False` leaves out the number that would be added to every sum. Two short functions do these steps for the whole chapter.
"""


# %%
def paddle_layer(weight):
    layer = nn.Conv2D(weight.shape[1], weight.shape[0], list(weight.shape[2:]), bias_attr=False)
    layer.weight.set_value(weight)
    return layer


def in_paddle(picture, kernel):
    layer = paddle_layer(kernel[None, None])
    return layer(paddle.to_tensor(picture[None, None])).numpy()[0, 0]


by_paddle = in_paddle(white_black, left_minus_right)
agree(by_hand=[0, 0, 1, 1, 0, 0], numpy=answer[0, 26:32], paddle=by_paddle[0, 26:32])
agree(columns_by_hand=[28, 29], numpy=np.flatnonzero(answer[0]), paddle=by_paddle[0].nonzero()[0])

# %% [markdown]
r"""
The answer has 48 columns, because a kernel three wide fits in 48 places. It is 1 in **two** columns: a kernel with a gap in its middle sees the edge from two places. With [1, −1], without the gap, one column would answer.

**The sign.** Our kernel is left minus right, so a positive answer means *it gets darker to the right*. Many books take right minus left, [−1, 0, 1]; then a positive answer means that it gets brighter. It is the same kernel times −1. We keep left minus right for [1, 0, −1] and [1, −1] in the whole chapter.

Now a smaller picture, 6×8, with a black bar in columns 2 to 5, and the kernel [1, −1].

> **Think.** Which columns of the answer are not 0, and with which sign?
>
> <details><summary>Answer</summary>
>
> Column 1 is +1: white on the left, black on the right. Column 5 is −1: black on the left, white on the right.
>
> </details>
"""

# %%
bar = np.ones((6, 8))
bar[:, 2:6] = 0
pair = np.array([[1.0, -1]])
signed = ops.corr2d(bar, pair)
grids = {"input": bar, "kernel": pair, "answer": signed}
figures.number_grids(grids, gap=0.8, colors=[None, "signed", "signed"], signs=["∗", "="])
plt.show()
agree(by_hand=[0, 1, 0, 0, 0, -1, 0], numpy=signed[0], paddle=in_paddle(bar, pair)[0])

# %% [markdown]
r"""
If the picture is turned by 90 degrees, the bar lies flat and [1, −1] answers 0 everywhere, because nothing changes along a row. The same numbers upright, [[1], [−1]], find its edges.
"""

# %%
lying_bar = bar.T
upright_pair = pair.T
agree(along_the_rows=ops.corr2d(lying_bar, pair), zeros=np.zeros((8, 5)))
agree(down_the_columns=ops.corr2d(lying_bar, upright_pair), turned=signed.T)

# %% [markdown]
r"""
A photograph has such edges everywhere. From here on, brightness runs from 0 (black) to 1 (white), so we divide the file's numbers, 0 to 255, by 255. To keep the size of the picture, we pad by reflection ([chapter 03](03_padding_stride_receptive_field.ipynb)). It invents no edge at the border, as zeros would.

Predict before you look: which will answer, the legs of the tripod, the meadow's horizon, the towers?
"""


# %%
def photograph(name):
    return load_image(IMAGES / name, mode="L") / 255


def respond(picture, kernel):
    batch = picture[None, None]
    weight = kernel[None, None]
    return ops.conv2d(batch, weight, padding="same", padding_mode="reflect")[0, 0]


# %%
camera = photograph("camera.png")[216:376, 100:474]
rocket = photograph("rocket.jpg")[190:350, 130:504]
shown = {"camera, a part": camera, "camera's answer": respond(camera, left_minus_right)}
shown |= {"rocket, a part": rocket, "rocket's answer": respond(rocket, left_minus_right)}
figures.pictures(shown, ["photo", "signed"] * 2, columns=2, limits=[None, (-0.6, 0.6)] * 2)
plt.show()

# %% [markdown]
r"""
The legs of the tripod and the towers answer, orange where it gets darker to the right and blue where it gets brighter. The horizon is an edge that lies flat, and this kernel does not find it.

## Case 2: draw the outlines

To find edges in every direction, compare a pixel with *all* of its eight neighbours. The kernel has 8 in the middle and −1 around, and all is divided by 8. This is "the pixel minus the mean of its neighbours". By hand: a pixel of 5 among eight neighbours of 2 gives (8·5 − 8·2)/8 = 3. On an even wall the answer is 0.
"""

# %%
spot = np.full((3, 3), 2.0)
spot[1, 1] = 5
figures.number_grids({"spot": spot, "8 · kernel": 8 * kernels.OUTLINE}, colors=[None, "signed"])
plt.show()
by_numpy = ops.corr2d(spot, kernels.OUTLINE)
agree(by_hand=[[3]], numpy=by_numpy, paddle=in_paddle(spot, kernels.OUTLINE))

# %% [markdown]
r"""
The photograph is in colour now, so each pixel is three numbers, red, green and blue: three **channels**. A kernel for such an image has three *slices*, one for each channel, and adds all 27 products into one sum ([chapter 04](04_channels_and_batches.ipynb)). We put the same nine numbers into all three slices.

> **Think.** What does this kernel answer at the border between pure red (1, 0, 0) and pure green (0, 1, 0)?
>
> <details><summary>Answer</summary>
>
> Nothing. The three slices hold the same numbers, so only the sum R + G + B counts, and it is 1 on both sides.
>
> </details>
"""

# %%
colour = load_image(IMAGES / "astronaut.png")[10:191, 135:316] / 255
channels = colour.transpose(2, 0, 1)[None]
weight = np.tile(kernels.OUTLINE, (1, 3, 1, 1))
outlines = ops.conv2d(channels, weight)[0, 0]
by_paddle = paddle_layer(weight)(paddle.to_tensor(channels)).numpy()[0, 0]
agree(three_channels=outlines, of_their_sum=ops.corr2d(colour.sum(axis=2), kernels.OUTLINE))
agree(numpy=outlines, paddle=by_paddle)

# %%
red_green = np.zeros((1, 3, 3, 6))
red_green[0, 0, :, :3] = 1
red_green[0, 1, :, 3:] = 1
agree(
    red_beside_green=ops.conv2d(red_green, weight)[0, 0], by_hand=np.zeros((1, 4)), tolerance=1e-9
)

# %% [markdown]
r"""
> **Correction.** Tutorials that repeat an outline kernel over the three channels seldom say that this **adds red, green and blue**. The answer is that of a grey picture R + G + B, and an edge between two colours of equal sum is not found.

The answer is signed again. On one side of an edge the pixel is brighter than its neighbours, and on the other side darker. For a drawing of the outlines we need the answer's *size*, and for a yes or no at each pixel a **threshold**. There is no right one: a low threshold keeps grain and noise, a high one tears outlines apart. We draw what exceeds nine tenths of all sizes, so that the threshold adapts to each photograph.

Many sizes in a photograph are exactly equal. We therefore compute with the file's whole numbers, where equal is equal. With fractions, the rounding of the last digit would decide such ties, and it differs between processors.
"""


# %%
def outline_steps(name, top, left):
    photo = load_image(IMAGES / name)[top : top + 181, left : left + 181]
    whole_numbers = (8 * kernels.OUTLINE).astype(int)
    signed = ops.corr2d(photo.astype(int).sum(axis=2), whole_numbers)
    size = np.abs(signed)
    strong = size > np.quantile(size, 0.9, method="higher")
    steps = {"photograph": photo[1:-1, 1:-1], "signed answer": signed / (8 * 255)}
    return steps | {"its size": size / (8 * 255), "the strongest tenth": 1.0 - strong}


# %% tags=["cover"]
kinds = ["photo", "signed", "value", "photo"]
limits = [None, (-0.3, 0.3), (0, 0.3), None]
figures.pictures(outline_steps("astronaut.png", 10, 135), kinds, limits=limits)
plt.show()

# %%
figures.pictures(outline_steps("coffee.png", 30, 190), kinds, limits=limits)
plt.show()

# %% [markdown]
r"""
## Deeper: files that are not what they seem

A photograph's file may hold something else than red, green and blue. It may hold a palette, where each pixel is the *number* of a colour. It may have a fourth channel for transparency, or one channel of grey. Whoever reads a palette file carelessly gets a picture of colour numbers, with edges between neighbouring shades. `load_image` converts first; with Pillow alone, `.convert("RGB")` does it. We turn `coffee` into a palette picture of 64 colours and read it both ways.
"""

# %%
palette_file = Image.fromarray(load_image(IMAGES / "coffee.png")[30:211, 190:371]).quantize(64)
careless = np.asarray(palette_file)
careful = np.asarray(palette_file.convert("RGB"))
print(palette_file.mode, careless.shape, careful.shape)
figures.pictures(
    {"palette numbers, read as grey": careless / 63, "converted first": careful}, zoom=1
)
plt.show()

# %% [markdown]
r"""
## Case 3: blur

A kernel of 5×5 values, each 1/25, replaces every pixel by the mean of its neighbourhood. Detail smaller than the window disappears, and so does noise. Without padding the result is 4 pixels smaller each way.

> **Correction.** Some listings for a blur set every value of the kernel to 1. Then the result is a sum, and 25 times too bright. The values must add up to 1, so that a flat surface keeps its brightness. On a wall of brightness 0.4:
"""

# %%
wall = np.full((6, 6), 0.4)
blurred_wall = ops.corr2d(wall, kernels.box(5))
agree(by_hand=np.full((2, 2), 0.4), numpy=blurred_wall, paddle=in_paddle(wall, kernels.box(5)))
agree(with_ones=ops.corr2d(wall, np.ones((5, 5))), too_bright=25 * blurred_wall)

# %% [markdown]
r"""
> **Activity: a wall and stripes.** Five minutes, alone or in pairs. A wall has the brightness 0.5 everywhere. Wallpaper has stripes, one pixel wide: 0, 1, 0, 1 and so on along each row. Find a kernel of three numbers, one row high, that leaves the wall as it is, and makes the wallpaper look like the wall: 0.5 everywhere. There is more than one. Write the three numbers as a list.
"""

# %%
my_kernel = ...
tell(check.three_numbers, my_kernel)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> The wall stays if the three numbers add up to 1. On stripes the window holds 0, 1, 0 or 1, 0, 1 by turns, so the answer is the middle number, or the sum of the outer two. Both must be 0.5. So the middle is 0.5, and the outer two share the other half: 0.25, 0.5, 0.25, for example. The mean of three pixels, 1/3 each, is a blur too, but it leaves stripes of 1/3 and 2/3.
>
> </details>

### How much noise does it remove?

**Noise** is an error of its own at every pixel. Its typical size is its standard deviation σ. In a mean of 25 independent errors most of them cancel, and σ falls to σ/√25 = σ/5. We add noise of σ = 0.1 to two photographs, blur both the noisy and the clean one, and measure what is left of the difference.

> **Think.** What should the ratio be for windows of 3×3, 5×5 and 9×9?
"""

# %%
rng = np.random.default_rng(0)
brick = photograph("brick.png")[80:300, 160:380]
for name, clean in {"camera": camera, "brick": brick}.items():
    noise = rng.normal(0, 0.1, clean.shape)
    for size in (3, 5, 9):
        box = kernels.box(size)
        left = respond(clean + noise, box) - respond(clean, box)
        ratio = noise.std() / left.std()
        assert abs(ratio - size) < 0.08 * size
        print(f"{name:7} {size} × {size}: noise divided by about {round(ratio)}")

# %%
noisy = camera + rng.normal(0, 0.1, camera.shape)
shown = {"camera, a part": camera, "with noise": noisy.clip(0, 1)}
shown["blurred, 5 × 5"] = respond(noisy, kernels.box(5)).clip(0, 1)
figures.pictures(shown, part=(0, 160, 100, 120))
plt.show()

# %% [markdown]
r"""
The ratio is the width of the window: 3, 5 and 9. The picture shows the price. The blur cannot tell noise from detail, so it takes both, and a line one pixel wide keeps only a fifth of its contrast.

### The median is not a convolution

Another kind of noise: a few pixels are lost, black or white ("salt and pepper"), as after a broken transmission. A mean spreads each lost pixel over its neighbours. The **median**, the middle one of the sorted values, ignores them as long as they are few. No kernel computes a median, because it is not linear: the median of a sum is not the sum of the medians. With [1, 0, 0] and [0, 1, 0], both medians are 0, and the median of the sum [1, 1, 0] is 1.
"""


# %%
def median(picture, size):
    result = np.zeros((picture.shape[0] - size + 1, picture.shape[1] - size + 1))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            result[i, j] = np.median(picture[i : i + size, j : j + size])
    return result


first = np.array([1, 0, 0])
second = np.array([0, 1, 0])
print("sum of the medians", np.median(first) + np.median(second), end=", ")
print("median of the sum", np.median(first + second))

# %%
rng = np.random.default_rng(1)
photos = {"camera": camera[:88, 150:238], "coffee": photograph("coffee.png")[100:188, 300:388]}
for name, clean in photos.items():
    chance = rng.random(clean.shape)
    lost = np.where(chance < 0.05, 0, np.where(chance > 0.95, 1, clean))
    repaired = {"3×3 mean": ops.corr2d(lost, kernels.box(3)), "3×3 median": median(lost, 3)}
    errors = [np.abs(picture - clean[1:-1, 1:-1]).mean() for picture in repaired.values()]
    print(f"{name}: the mean's error is {errors[0] / errors[1]:.1f} times the median's")
figures.pictures({f"{name}, a part": clean, "a tenth lost": lost} | repaired)
plt.show()

# %% [markdown]
r"""
What does the median cost? We might think that it loses whatever fills less than half of the window. This is true of what is *brightest* or *darkest* there. A line of middle brightness between a dark and a bright side survives, although it fills only three of nine pixels, since the middle value is its own.
"""

# %%
bright_line = np.tile([0, 0, 1, 0, 0.0], (3, 1))
middle_line = np.tile([0, 0, 0.5, 1, 1], (3, 1))
agree(bright_line_lost=median(bright_line, 3), by_hand=[[0, 0, 0]])
agree(middle_line_kept=median(middle_line, 3), by_hand=[[0, 0.5, 1]])

# %% [markdown]
r"""
## Deeper: which shape of blur?

A square window gives a pixel in its corner the same weight as one in its middle. A **Gaussian** kernel weights by distance, $e^{-(x^2+y^2)/2\sigma^2}$, divided by the sum of all weights. It is a product of one column and one row. Such a kernel is called **separable**: one pass along the rows and one along the columns do the same with fewer products.
"""

# %%
bell = kernels.gaussian(5, 1.0)
column = bell.sum(axis=1, keepdims=True)
row = bell.sum(axis=0, keepdims=True)
shown = {"column · 100": column, "row · 100": row, "Gaussian · 100": bell}
rounded = {name: np.round(100 * values) for name, values in shown.items()}
figures.number_grids(rounded, signs=["·", "="])
plt.show()
agree(column_times_row=column * row, kernel=bell)
agree(two_passes=respond(respond(camera, row), column), one_pass=respond(camera, bell))

# %% [markdown]
r"""
With 5×5 numbers, two passes need 10 products a pixel instead of 25; with 25×25 they need 50 instead of 625. Is being separable special to the Gaussian? It is not: a box is separable too, a column of 1/9 times a row of 1/9. A lens out of focus, however, makes a third shape: a point of light becomes a **disc**, the image of the lens's round opening.

We compare the three at equal strength. Each has a standard deviation of about 2.6 pixels along a row: the box with a width of 9, the disc with a radius of 5.2. A kernel is separable if its *rank*, the number of column-times-row products that it needs, is 1.
"""

# %%
places = np.arange(-8, 9)
distance = np.hypot(places[:, None], places[None])
disc = (distance < 5.2) / np.sum(distance < 5.2)
blurs = {"box": np.pad(kernels.box(9), 4), "Gaussian": kernels.gaussian(17, 2.6), "disc": disc}
spread = {name: np.sqrt((k.sum(axis=0) * places**2).sum()) for name, k in blurs.items()}
rank = {name: int(np.linalg.matrix_rank(k)) for name, k in blurs.items()}
agree(box=spread["box"], gaussian=spread["Gaussian"], disc=spread["disc"], tolerance=0.1)
print("rank:", rank)

# %%
night = np.zeros((44, 44))
night[[12, 20, 31], [14, 32, 16]] = 1
shown = {"three lights": night}
for name, blur in blurs.items():
    shown[f"{name}, rank {rank[name]}"] = respond(night, blur)
kinds = ["photo"] + ["value"] * 3
figures.pictures(shown, kinds, limits=[None] + [(0, 0.025)] * 3, zoom=4)
plt.show()

# %% [markdown]
r"""
The box leaves squares and the disc leaves discs, as a lens does. The Gaussian leaves soft spots without a border. Of the three, only the Gaussian is both round and separable.

## Deeper: sharpen and emboss

A kernel can also add something to a picture. **Sharpen** is the picture minus its Laplacian (a kernel of the next section): 5 in the middle, −1 at the four sides. The sum is 1, so that flat parts keep their brightness. **Emboss** adds a slope along the diagonal, as if a lamp stood at the upper left and the picture were pressed into metal. At strong edges both give results below 0 or above 1, and to show them we cut them off (`clip`).
"""

# %%
cat = photograph("chelsea.png")[70:170, 110:240]
shown = {"chelsea, a part": cat}
shown["sharpened"] = respond(cat, kernels.SHARPEN).clip(0, 1)
shown["embossed"] = respond(cat, kernels.EMBOSS).clip(0, 1)
figures.pictures(shown)
plt.show()
agree(sum_of_sharpen=kernels.SHARPEN.sum(), sum_of_emboss=kernels.EMBOSS.sum(), one=1.0)

# %% [markdown]
r"""
## Deeper: slope and second order

What do edge kernels measure? In one dimension there are two answers. The **first difference**, $a_{i+1} - a_i$, is the slope: large where brightness changes fast. As in mathematics, it is right minus left and positive where it gets brighter; it is −1 times the answer of [1, −1]. The **second difference**, $a_{i+1} - 2a_i + a_{i-1}$, is the change of the slope.

> **Think.** Where do the two answer on a sudden step, and where on a ramp?
"""

# %%
positions = np.arange(20)
step = np.where(positions < 10, 0.2, 0.8)
ramp = np.clip(0.2 + 0.1 * (positions - 7), 0.2, 0.8)
figures.differences({"a step: both answer": step, "a ramp: the second sees its ends": ramp})
plt.show()
agree(slope=np.diff(ramp)[5:10], minus_case_1=-ops.corr2d(ramp[None], pair)[0, 5:10])

# %% [markdown]
r"""
On the step the first difference has one peak, and the second a pair whose *sign change* marks the place. On the ramp the first difference is wide and low. The second is 0 all along the slope and marks only its two ends.

In two dimensions the slope has a direction. The **Sobel** kernels measure it to the right and downwards, and smooth a little across. The **Laplacian** adds the second differences along both axes, and has no direction. In what unit do they answer? We let them meet the same ramp, as a picture whose rows are all alike.
"""

# %%
names = {"Sobel x": kernels.SOBEL_X, "Sobel y": kernels.SOBEL_Y, "Laplacian": kernels.LAPLACIAN}
figures.number_grids(names, colors=["signed"] * 3)
plt.show()
ramp_picture = np.tile(ramp, (3, 1))
sobel_row = ops.corr2d(ramp_picture, kernels.SOBEL_X)[0]
agree(sobel_on_the_ramp=sobel_row[8:11], eight_slopes=8 * np.diff(ramp)[8:11])
laplacian_row = ops.corr2d(ramp_picture, kernels.LAPLACIAN)[0]
agree(laplacian=laplacian_row[4:10], second_difference=np.diff(ramp, 2)[4:10])

# %% [markdown]
r"""
The Sobel kernels give **8 times** the slope: they compare pixels two apart, and their three rows count 1 + 2 + 1 = 4. We divide by 8. Both slopes together give the slope's size, $\sqrt{s_x^2 + s_y^2}$, by Pythagoras, and its direction. The picture shows the top of the tower behind the photographer, each pixel four times as large.

> **Think.** At which walls do you expect arrows, and to which side do they point?
"""

# %%
tower = photograph("camera.png")[100:160, 388:448]
across = respond(tower, kernels.SOBEL_X) / 8
down = respond(tower, kernels.SOBEL_Y) / 8
figures.slope_arrows(tower, across, down, threshold=0.1)
plt.show()
by_paddle = in_paddle(tower, kernels.SOBEL_X) / 8
agree(numpy=across[1:-1, 1:-1], paddle=by_paddle)
print("across the left wall: ", np.round(255 * tower[59, 16:28]).astype(int))
print("across the right wall:", np.round(255 * tower[59, 40:48]).astype(int))

# %% [markdown]
r"""
We believed that the two rows of arrows were the two walls of the tower. The numbers changed our mind. They are the two sides of **one dark line**, one pixel wide (142 between 199 and 227), along the left wall. On its left it gets darker to the right and on its right it gets brighter, so the arrows point away from it. At the right wall neighbouring pixels of the printed row differ by less than ten of 255, so the slope stays below our threshold.

Now noise. Differences *add* it. Independent errors add like the sides of a right triangle. A kernel therefore multiplies σ by the root of the sum of its squared numbers: [1, −1] by √2 and [1, −2, 1] by √6. Sobel has √12 and the Laplacian √20.

> **Correction.** Some texts on edge detection say that second order *doubles* the noise. In one dimension the factor between the two differences is √3 ≈ 1.73. Between Laplacian and Sobel it is √20/√12 ≈ 1.29. Measured on random numbers:
"""

# %%
noise = np.random.default_rng(2).normal(size=(600, 600))
second = np.array([[1.0, -2, 1]])
four = [pair, second, kernels.SOBEL_X, kernels.LAPLACIAN]
measured = [ops.conv2d(noise[None, None], kernel[None, None]).std() for kernel in four]
agree(by_hand=np.sqrt([2, 6, 12, 20]), measured=measured, tolerance=0.05)

# %% [markdown]
r"""
Is the second order the reason why Laplacians look so noisy? What counts is the answer at an edge, divided by the noise. We compute it for a step of height 1 and a ramp over six pixels. As a control, a third kernel is of second order too, but smooths across by 1, 2, 1 as Sobel does.
"""

# %%
edges = {"step": np.tile((step - 0.2) / 0.6, (3, 1)), "ramp": np.tile((ramp - 0.2) / 0.6, (3, 1))}
smoothed = np.array([[1.0], [2], [1]]) * second
three = {"Sobel": kernels.SOBEL_X, "Laplacian": kernels.LAPLACIAN, "second, smoothed": smoothed}
for name, edge in edges.items():
    parts = []
    for title, kernel in three.items():
        answer = np.abs(ops.corr2d(edge, kernel)).max()
        parts.append(f"{title} {answer / np.sqrt((kernel**2).sum()):.3f}")
    print(f"{name}: {', '.join(parts)}")

# %% [markdown]
r"""
Sobel's answer stands out from the noise five times as far as the Laplacian's on the step, and ten times on the ramp. With equal smoothing these become 1.7 and 3.5. So a factor of three is not due to the order at all: the Laplacian does not smooth.

The remedy is to blur first, at the price of placing edges a little less exactly. Blur and Laplacian are both convolutions, and two in a row are one: the **Laplacian of a Gaussian**.
"""

# %%
coffee = photograph("coffee.png")[40:140, 200:300]
noisy_coffee = coffee + np.random.default_rng(3).normal(0, 0.1, coffee.shape)
shown = {"coffee + noise": noisy_coffee.clip(0, 1)}
shown["Laplacian"] = respond(noisy_coffee, kernels.LAPLACIAN)
shown["Laplacian of a Gaussian"] = respond(noisy_coffee, kernels.laplacian_of_gaussian(15, 2.0))
limits = [None, (-0.8, 0.8), (-0.06, 0.06)]
figures.pictures(shown, ["photo", "signed", "signed"], limits=limits)
plt.show()

# %% [markdown]
r"""
## Learn a kernel from data

So far somebody invented each kernel. A network finds its own, from examples of what should come out. We take the 6×8 picture with its bar and the answer of [1, −1], and forget the kernel. We start from two random numbers and improve them.

The **loss** of a kernel says how wrong it is: the difference between its answer and the wanted one, squared, and summed over all 42 places. We ask how the loss changes when a number of the kernel changes a little. This is the slope of the loss, its **gradient**, and ∂ is the sign for it. With $e$ the difference at each place,

$$\text{loss} = \sum_{i,j} e_{i,j}^2, \qquad \frac{\partial\,\text{loss}}{\partial w_{u,v}} = \sum_{i,j} 2\, e_{i,j}\; a_{i+u,\,j+v}.$$

(The slope of $e^2$ is $2e$, times the change of $e$. That change is the pixel under the weight.)

Look at the second sum: it slides the table $e$ over the image. The gradient of a convolution is again a convolution, `2 * corr2d(image, e)`. Then we step against the slope: subtract 0.01 (the **learning rate**) times the gradient. Twenty times.
"""

# %%
wanted = ops.corr2d(bar, pair)
start = np.random.default_rng(1).normal(size=(1, 2))
kernel = start
path = []
losses = []
for _ in range(20):
    e = ops.corr2d(bar, kernel) - wanted
    path.append(kernel[0])
    losses.append((e**2).sum())
    kernel = kernel - 0.01 * 2 * ops.corr2d(bar, e)
print(f"start {np.round(start[0], 2)}, after 20 steps {np.round(kernel[0], 2)}")


# %%
def loss(left, right):
    return ((ops.corr2d(bar, np.array([[left, right]])) - wanted) ** 2).sum()


figures.kernel_path(loss, np.array(path), losses, (1, -1))
plt.show()

# %% [markdown]
r"""
On the right, each closed line joins kernels of equal loss, like the contour lines of a map. The first steps go down into a valley, where the two numbers cancel on white. Then the path follows the valley floor towards [1, −1]. Every step is shorter than the last, because the slope gets smaller. Paddle computes the same gradient by itself (`backward`) and takes the same twenty steps. `SGD` is Paddle's name for such plain steps. `step` takes one, and `clear_grad` forgets the gradient before the next.
"""


# %%
def take_step(optimizer, loss):
    loss.backward()
    optimizer.step()
    optimizer.clear_grad()


layer = paddle_layer(start[None, None])
optimizer = paddle.optimizer.SGD(0.01, parameters=layer.parameters())
x = paddle.to_tensor(bar[None, None])
for _ in range(20):
    take_step(optimizer, ((layer(x) - paddle.to_tensor(wanted)) ** 2).sum())
agree(numpy=kernel, paddle=layer.weight.numpy()[0, 0])

# %% [markdown]
r"""
### From a photograph, nine numbers

Now case 2 backwards. We show a layer a photograph and the answer of the outline kernel, and let it find the nine numbers. On the bar, twenty steps came close. How many will a photograph need?

The loss is now the *mean* of the squared differences, so that its size does not depend on the size of the picture. We try plain steps, and steps with **momentum**: each is nine tenths of the step before plus a new plain one. It is like a ball that rolls on in its direction.
"""


# %%
def learn_outline(picture, momentum):
    target = paddle.to_tensor(ops.corr2d(picture, kernels.OUTLINE)[None, None])
    layer = paddle_layer(np.random.default_rng(4).normal(0, 0.3, (1, 1, 3, 3)))
    optimizer = paddle.optimizer.Momentum(0.4, momentum, parameters=layer.parameters())
    x = paddle.to_tensor(picture[None, None])
    for _ in range(300):
        take_step(optimizer, ((layer(x) - target) ** 2).mean())
    return layer.weight.numpy()[0, 0]


# %%
grass = photograph("grass.png")[350:400, 400:450]
lamps = photograph("rocket.jpg")[350:400, 575:625]
found = {"8 · outline": kernels.OUTLINE}
found["plain, grass"] = learn_outline(grass, momentum=0.0)
found["momentum, grass"] = learn_outline(grass, momentum=0.9)
found["momentum, rocket"] = learn_outline(lamps, momentum=0.9)
rounded = {name: np.round(8 * k, 1) + 0.0 for name, k in found.items()}
figures.number_grids(rounded, gap=2.2, colors=["signed"] * 4)
plt.show()

# %%
for name in ("momentum, grass", "momentum, rocket"):
    agree(outline=kernels.OUTLINE, learned=found[name], tolerance=0.02)
assert np.abs(found["plain, grass"] - kernels.OUTLINE).max() > 0.02
print("plain steps are still off by more than 0.02")

# %% [markdown]
r"""
With momentum the same kernel comes out of both photographs, to within 0.02 in each of its nine numbers. Plain steps are not there after the same 300 steps. Nobody told the layer what an outline is; examples did.

## Deeper: a narrow valley

Why are nine numbers from a photograph so much slower than two from a bar? The loss is a valley in nine dimensions, and its **curvature** is a table of 9×9 numbers: the mean products of nine shifted copies of the picture, times 2. The ratio of its steepest to its flattest direction is its **condition number**. A plain step must be small enough for the steepest direction, and is then far too small for the flattest.
"""


# %%
def curvature_of(picture):
    copies = []
    for u in range(3):
        for v in range(3):
            copies.append(picture[u : u + 126, v : v + 126].ravel())
    copies = np.array(copies)
    return 2 * copies @ copies.T / copies.shape[1]


# %%
photos = {name: photograph(f"{name}.png")[100:228, 100:228] for name in ("grass", "camera")}
for name, picture in photos.items():
    shape = curvature_of(picture)
    sizes = np.sqrt(np.diag(shape))
    centred = curvature_of(picture - picture.mean())
    print(f"{name:7} condition number {np.linalg.cond(shape):6.0f}", end=", ")
    print(f"each number rescaled {np.linalg.cond(shape / np.outer(sizes, sizes)):6.0f}", end=", ")
    print(f"mean subtracted {np.linalg.cond(centred):6.0f}")

# %% [markdown]
r"""
**Adam** is an optimiser that [chapter 11](11_dense_networks_and_optimisers.ipynb) takes apart. It divides the step of each number by the typical size of this number's gradients, and it has a memory of nine tenths, as momentum has. It manages such valleys much better than plain steps. We believed, as many texts on optimisers say, that the reason was its own scale for each number.

Look at the middle column: giving each number its own scale leaves the condition number where it was. All nine numbers see nearly the same picture, shifted by a pixel, so their scales are nearly equal. So what does help? We take Adam apart ourselves. Each way gets the best of 41 step sizes, and starts from the same ten random kernels.

> **Think.** Which change will slow Adam down most: one common scale for all numbers, or no memory?
"""

# %%
shape = curvature_of(photos["camera"])
goal = kernels.OUTLINE.ravel()
starts = np.random.default_rng(5).normal(0, 0.3, (10, 9))
errors = {"plain steps": descend(shape, starts, goal)}
errors["Adam, no memory"] = descend(shape, starts, goal, scale="each")
errors["Adam"] = descend(shape, starts, goal, memory=0.9, scale="each")
errors["Adam, common scale"] = descend(shape, starts, goal, memory=0.9, scale="common")
errors["memory, no scale"] = descend(shape, starts, goal, memory=0.9)
means = {name: runs.mean(axis=0) for name, runs in errors.items()}
ax = figures.curves(means, xlabel="step", ylabel="error of the worst number", log=True)
ax.set_title("memory helps, a scale for each number does not")
plt.show()

# %%
last = {name: values[-1] for name, values in means.items()}
assert last["Adam"] < last["plain steps"] / 2
assert abs(last["Adam, common scale"] / last["Adam"] - 1) < 0.25
assert abs(last["Adam, no memory"] / last["plain steps"] - 1) < 0.25
assert last["memory, no scale"] < last["Adam"] / 5
print("Adam: less than half the error of plain steps, with nine scales as with one")
print("Adam without memory: the error of plain steps; memory alone: a fifth of Adam's or less")

# %% [markdown]
r"""
One common scale for all nine numbers is as good as Adam: its own scale for each number contributes nothing here. Without its memory Adam is as slow as plain steps, and the memory alone is the best of all five. So it is the **memory** that copes with this valley. It averages the gradients: those across the valley change sign from step to step and cancel, so that steps may be longer, and those along its floor add up.

The right column of the table shows a second remedy. The steepest direction is "all nine numbers up together", because brightness is never negative. Subtract the picture's mean, and for `grass` the valley is more than ten times rounder. This is one reason why inputs of networks are centred.

## Kernels that a classifier learned

In the last experiments the wanted answer was a picture. A classifier gets much less: one word for each picture. Which kernels will it learn?

Our pictures have 12×12 pixels and show one bar, *upright* or *flat*, of random length, width and place, with a little noise. The classifier has **two kernels** of 3×3 and nothing else. The **score** of a kernel is the mean size of its answer over all places. If the second kernel has the larger score, the classifier says "flat", else "upright".
"""


# %%
bars, flat = draw_bars(100, np.random.default_rng(6))
words = ["upright", "flat"]
shown = {f"{n}: {words[flat[n]]}": 1 - bars[n, 0].clip(0, 1) for n in range(6)}
figures.pictures(shown, zoom=8)
plt.show()

# %% [markdown]
r"""
Training is as before: a loss, its gradient, a step against it. The wanted scores are (1, 0) for an upright bar and (0, 1) for a flat one.

> **Think.** What must hold for the first kernel, so that it answers 0 along a *flat* bar, away from the bar's two ends?
>
> <details><summary>Answer</summary>
>
> Nothing changes there from left to right. So each *row* of the kernel must add up to 0, like [1, 0, −1]. For the second kernel, each column must.
>
> </details>
"""


# %%
def scores(layer, pictures):
    return layer(paddle.to_tensor(pictures)).abs().mean(axis=[2, 3])


def learn_words(pictures, flat):
    layer = paddle_layer(np.random.default_rng(7).normal(0, 0.1, (2, 1, 3, 3)))
    optimizer = paddle.optimizer.Momentum(1.0, 0.9, parameters=layer.parameters())
    wanted = paddle.to_tensor(np.column_stack([1.0 - flat, flat]))
    for _ in range(250):
        take_step(optimizer, ((scores(layer, pictures) - wanted) ** 2).mean())
    return layer


# %% tags=["picture-trained"]
layer = learn_words(bars, flat)
learned = layer.weight.numpy()[:, 0]
figures.kernel_maps(learned, titles=["10 · “upright”", "10 · “flat”"], side=120)
plt.show()
rows_add_up_to = learned[0].sum(axis=1)
columns_add_up_to = learned[1].sum(axis=0)
agree(nothing=np.zeros(3), rows_of_the_first=rows_add_up_to, tolerance=0.2)
agree(nothing=np.zeros(3), columns_of_the_second=columns_add_up_to, tolerance=0.2)

# %% [markdown]
r"""
The rows of the first kernel add up to 0, to within 0.2, and so do the columns of the second. The first answers to brightness that changes from left to right, the second to brightness that changes downwards. In case 1 we wrote such kernels by hand; here data wrote them. (A kernel times −1 has the same score, so all its signs may be exchanged.) How good is the classifier on bars that it has not seen?
"""


# %%
def share_right(layer, pictures, flat):
    says_flat = np.round(scores(layer, pictures).numpy(), 6).argmax(axis=1)
    return np.mean(says_flat == flat)


new_bars, new_flat = draw_bars(200, np.random.default_rng(8))
assert share_right(layer, new_bars, new_flat) > 0.95
print("new bars: more than 95 % right")

# %% [markdown]
r"""
### Design a picture that fools it

We have read the kernels, so we can predict a mistake. "Flat" means to this classifier: brightness often changes from top to bottom. It sees three pixels at a time and never the whole bar. So we cut an upright bar into slats, every second row empty. To us it stands as upright as before. Its ten long edges all lie flat.

As a control, we show the same bar without the gaps. It is wider than any bar in training, so the width alone could be the cause.
"""

# %% tags=["picture-trained"]
solid = np.zeros((12, 12))
solid[1:10, 4:8] = 1
slats = solid.copy()
slats[2:10:2] = 0
pairs = {"solid": solid, "slats": slats}
shown = {}
for name, picture in pairs.items():
    answers = layer(paddle.to_tensor(picture[None, None])).numpy()[0]
    shown[name] = 1 - picture
    shown[f"{name}: for “upright”"] = np.abs(answers[0])
    shown[f"{name}: for “flat”"] = np.abs(answers[1])
kinds = ["photo", "value", "value"] * 2
figures.pictures(shown, kinds, limits=[None, (0, 6), (0, 6)] * 2, columns=3, zoom=12)
plt.show()

# %%
of_solid = scores(layer, solid[None, None]).numpy()[0]
of_slats = scores(layer, slats[None, None]).numpy()[0]
assert of_solid[0] > of_solid[1]
assert of_slats[1] > of_slats[0]
print("the solid bar is called upright, the slats are called flat")
new_slats, slats_flat = draw_bars(200, np.random.default_rng(9), widths=(3, 4), gap=1)
assert share_right(layer, new_slats, slats_flat) < 0.3
print("200 new pictures of slats: fewer than 30 % right, where guessing has 50 %")

# %% [markdown]
r"""
On slats the classifier is worse than guessing. It has not learned our word "upright". It has learned numbers that were enough for the pictures that it saw.

Data chose these numbers, so other data can choose others. We add slats to the examples, with their right words, and learn again. Everything else stays.
"""

# %% tags=["picture-trained"]
slat_bars, slat_words = draw_bars(100, np.random.default_rng(10), widths=(3, 4), gap=1)
second = learn_words(np.concatenate([bars, slat_bars]), np.concatenate([flat, slat_words]))
both = np.concatenate([learned, second.weight.numpy()[:, 0]])
titles = ["upright, before", "flat, before", "upright, after", "flat, after"]
figures.kernel_maps(both, titles=titles, columns=4, side=120)
plt.show()
assert np.abs(both[2][:, 1]).max() < 0.5 * np.abs(both[2]).max()
assert np.abs(both[3][1]).max() < 0.5 * np.abs(both[3]).max()

# %%
assert share_right(second, new_bars, new_flat) > 0.9
assert share_right(second, new_slats, slats_flat) > 0.9
wide_gaps, wide_flat = draw_bars(200, np.random.default_rng(11), widths=(3, 4), gap=2)
assert share_right(second, wide_gaps, wide_flat) < 0.8
print("bars and slats: more than 90 % right; slats with wider gaps: fewer than 80 %")

# %% [markdown]
r"""
The new kernels have a gap in their middle, as [1, 0, −1] in case 1. Two rows apart, slats and gaps repeat, so the differences cancel and only the two ends remain. The classifier now names bars and slats, and makes mistakes again when the gaps are two rows high. Two kernels of 3×3 cannot see a bar as a whole. Deeper networks see further ([chapter 03](03_padding_stride_receptive_field.ipynb)), and the same holds for them: they answer to what the training pictures made useful.

## Deeper: sixteen kernels that learned digits

Now the network of [chapter 01](01_history.ipynb), opened. It has two blocks and one dense layer. A block is a convolution, ReLU (negative answers become 0, [chapter 07](07_activations.ipynb)) and pooling (the largest of four, [chapter 06](06_pooling.ipynb)). We give it sixteen kernels in the first block. They start ten times smaller than usual, so that what we read at the end was written by data. It learns handwritten digits at random places of a canvas of 16×16.

> **Think.** Will the sixteen kernels look like random numbers, like strokes, or like case 1?
"""


# %%
def block(channels):
    return nn.Sequential(nn.Conv2D(channels, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2D(2))


def learn_digits(x, labels):
    network = nn.Sequential(block(1), block(16), nn.Flatten(), nn.Linear(256, 10))
    draw_weights(network, np.random.default_rng(12))
    first_layer = network[0][0]
    first_layer.weight.set_value(0.1 * first_layer.weight)
    optimizer = paddle.optimizer.Adam(0.005, parameters=network.parameters())
    fit(network, optimizer, (x, labels), epochs=6, batch_size=32)
    return first_layer


# %% tags=["picture-trained"]
rng = np.random.default_rng(13)
small, labels = load_digits(size=8).train
digits = scatter_on_canvas(small, 16, rng).astype(float)
first_layer = learn_digits(digits, labels)
learned = first_layer.weight.numpy()[:, 0]
zero = digits[labels == 0][:1]
maps = first_layer(paddle.to_tensor(zero)).numpy()[0]
figures.pictures({"a handwritten 0": 1 - zero[0, 0]}, zoom=5)
figures.kernel_maps(learned, maps)
plt.show()

# %% [markdown]
r"""
Above, the sixteen kernels (times 10); below each, its **feature map**, the answer to one handwritten 0. Some kernels are edge kernels in some direction. Their maps show one side of each stroke orange and the other blue. Some answer to ink of any form. Some have stayed near 0.

Nobody asked for edges. As in the pictures of bars, the data made them useful, and [chapter 01](01_history.ipynb) told of neurons in the visual cortex that answer to edges.

## Deeper: how much edge is in a learned kernel?

"Some are edge kernels" can be measured. Every slope, in whatever direction, is a mixture of one slope to the right and one downwards. We take the match of a kernel with both, and by Pythagoras their squares as a share of the kernel's squared numbers. The share is 1 for a pure slope. For nine random numbers it is 2/9 on average, because the slopes are two of nine directions.

The control is the one of [chapter 01](01_history.ipynb): the same network from the same start learns the same digits with **shuffled pixels**, so that neighbours no longer belong together.

> **Think.** Which share of slope do you expect for the shuffled digits?
"""


# %%
def slope_squares(kernels):
    right = np.array([[-1, 0, 1]] * 3) / np.sqrt(6)
    across = (kernels * right).sum(axis=(1, 2))
    down = (kernels * right.T).sum(axis=(1, 2))
    return across**2 + down**2


random = np.random.default_rng(14).normal(size=(20_000, 3, 3))
of_random = slope_squares(random).sum() / (random**2).sum()
agree(of_random_numbers=of_random, two_of_nine=2 / 9, tolerance=0.01)

# %% tags=["picture-trained"]
order = rng.permutation(256)
shuffled = digits.reshape(-1, 256)[:, order].reshape(digits.shape)
both = {"digits": learned, "shuffled digits": learn_digits(shuffled, labels).weight.numpy()[:, 0]}
shares = {}
together = {}
for name, found in both.items():
    squares = (found**2).sum(axis=(1, 2))
    largest = np.argsort(np.round(squares, 6))[-8:]
    shares[name] = slope_squares(found)[largest] / squares[largest]
    together[name] = slope_squares(found).sum() / squares.sum()
ax = figures.dot_plot({"kernels": shares}, ylabel="share of slope", chance=2 / 9)
ax.set_title("slopes are learned only where neighbours belong together")
plt.show()

# %%
assert together["shuffled digits"] < 0.4 < together["digits"]
print("all sixteen together: above 0.4 for digits, below 0.4 for shuffled digits")

# %% [markdown]
r"""
Each dot is one of the eight largest kernels. Where neighbouring pixels belong together, most become slopes. Where the pixels are shuffled, the same network from the same start does no better than random numbers.

## What you have seen, done, and can now use

- **Case 1:** a kernel with sum 0 does not respond to flat regions; the answer has a sign; a kernel of one direction misses the other.
- **Case 2:** an outline kernel over three channels adds the channels, and its answer becomes a drawing through size and threshold.
- **Case 3:** a blur is a mean, with sum 1; a 5×5 box leaves a fifth of the noise. A median is no convolution.
- **Learning:** a kernel steps against the gradient of a loss, and the gradient of a convolution is a convolution.
- **Reading:** a classifier of two kernels wrote edge kernels, and its numbers told us how to fool it.
- *Deeper:* palettes; shapes of blur; sharpen and emboss; slopes, second differences and their noise; why momentum copes with a narrow valley. Sixteen kernels that learned digits, and how much edge is in them.

All of these kernels are nine numbers or so, and nothing but these numbers decides what they find. We can choose them, or data can; then it is worth reading what was chosen.

## Exercises

The [exercises of this chapter](exercises/05_edges_and_blur.ipynb) check themselves. Compute three answers on one row, write the gradient of a kernel, and build a kernel that adds detail. Design a picture that fools a larger classifier, and measure at which share of lost pixels the median becomes worse than the mean.

## Further reading

- D. Marr and E. Hildreth, *Theory of edge detection*, 1980, [doi 10.1098/rspb.1980.0020](https://doi.org/10.1098/rspb.1980.0020): blur, Laplacian, zero crossings.
- J. Canny, *A computational approach to edge detection*, 1986, [doi 10.1109/TPAMI.1986.4767851](https://doi.org/10.1109/TPAMI.1986.4767851): what an edge detector should be, and how far Gaussian slopes are that.
- A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep convolutional neural networks*, 2012, reprinted 2017, [doi 10.1145/3065386](https://doi.org/10.1145/3065386): figure 3 shows kernels that were learned; many are edges.
- Y. LeCun and others, *Efficient backprop*, 1998, [doi 10.1007/3-540-49430-8_2](https://doi.org/10.1007/3-540-49430-8_2): why inputs are centred, and what momentum does in a narrow valley.
- D. Kingma and J. Ba, *Adam: a method for stochastic optimization*, 2014, [arXiv 1412.6980](https://arxiv.org/abs/1412.6980).

Previous: [04 Handle colour, many filters, many images](04_channels_and_batches.ipynb) · Next: [06 Summarise with pooling](06_pooling.ipynb)
"""
