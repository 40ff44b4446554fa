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

## What you will see, do, and need

**See** three small kernels at work on real photographs: one that finds an edge, one that draws outlines, one that blurs.

**Do** each of them by hand, in NumPy and with Paddle; measure how much noise a blur removes and how much an edge kernel adds; learn a kernel from examples, first two numbers, then nine from a photograph.

**Need** chapter 02 (a kernel slides over an image), and from chapter 03 what padding is. About 60 minutes.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import figures, kernels, ops
from helpers.data import IMAGES, load_image, to_nchw
from helpers.figures.edges import differences, kernel_path, profiles

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
## Case 1: where does it get darker?

An **edge** is a place where brightness changes. The simplest kernel that notices has two or three numbers: the pixel on the left counts plus, the one on the right counts minus, and on an even surface they cancel.

We make a picture with one edge: 50×50 pixels, columns 0 to 29 white (1), columns 30 to 49 black (0), and slide the kernel [1, 0, −1] over it. By hand, in any row:

- on white: 1·1 + 0·1 − 1·1 = 0
- at the edge, columns 28, 29, 30: 1·1 + 0·1 − 1·0 = 1, and once more at columns 29, 30, 31: 1·1 + 0·0 − 1·0 = 1
- on black: 0
"""

# %%
white_black = np.zeros((50, 50))
white_black[:, :30] = 1
left_minus_right = np.array([[1.0, 0, -1]])
answer = ops.corr2d(white_black, left_minus_right)
shown = {"white, then black": white_black, "answer": answer}
figures.pictures(shown, ["photo", "signed"], height=3.8)
plt.show()

# %%
assert answer.shape == (50, 48)
assert np.flatnonzero(answer.any(axis=0)).tolist() == [28, 29]
assert np.all(answer[:, 28:30] == 1)

# %% [markdown]
r"""
The answer has 48 columns, because a kernel three wide fits in 48 places, and it is 1 in **two** columns: a kernel with a gap in the middle sees the edge from two places. With [1, −1], without the gap, one column would answer.

In Paddle a kernel lives in a *layer*. `paddle.nn.Conv2D(1, 1, [1, 3])` takes one channel, gives one channel, and has a kernel one high and three wide. A layer is made to learn, so its numbers start at random and are kept in a `weight` of four axes, *(output channel, input channel, row, column)*; to use a kernel of our own we put it there. `bias_attr=False` leaves out the number that would be added to every sum. We write these steps once, as a function, since all three cases need them.
"""


# %%
def paddle_layer(weight):
    c_out, c_in, *kernel_size = weight.shape
    layer = paddle.nn.Conv2D(c_in, c_out, kernel_size, bias_attr=False)
    layer.weight.set_value(weight.astype("float32"))
    return layer


layer = paddle_layer(left_minus_right.reshape(1, 1, 1, 3))
in_paddle = layer(paddle.to_tensor(to_nchw(white_black))).numpy()
assert np.array_equal(in_paddle[0, 0], answer)
in_paddle.shape

# %% [markdown]
r"""
The answer is **signed**. From white to black it is +1; from black to white it is −1. On a smaller picture, 6×8 with black columns 2 to 5 and the kernel [1, −1], both happen:
"""

# %%
bar = np.ones((6, 8))
bar[:, 2:6] = 0
signed = ops.corr2d(bar, [[1, -1]])
grids = {"input": bar, "kernel": [[1, -1]], "answer": signed}
figures.number_grids(grids, gap=0.8, colors=[None, figures.KERNEL, figures.OUTPUT])
plt.show()

# %%
assert np.array_equal(signed, np.tile([0, 1, 0, 0, 0, -1, 0], (6, 1)))
assert np.all(ops.corr2d(1 - white_black, left_minus_right)[:, 28:30] == -1)

# %% [markdown]
r"""
> **Think.** Turn the 6×8 picture by 90 degrees, so that the bar lies flat. What does [1, −1] answer now, and which kernel would find the bar's edges?
>
> <details><summary>Answer</summary>
>
> Zero everywhere: along a row nothing changes any more. The same two numbers standing upright, [[1], [−1]], find them.
>
> </details>

A photograph has such edges everywhere. From here on brightness runs from 0 (black) to 1 (white), so we divide the file's numbers, 0 to 255, by 255. In the answers grey-olive is 0, yellow positive and dark blue negative. To keep the size of the picture, we pad by reflection (chapter 03), which invents no edge at the border as zeros would.
"""


# %%
def photograph(name, mode="L"):
    return load_image(IMAGES / name, mode=mode) / 255


def respond(picture, kernel, padding="same"):
    batch, weight = picture[None, None], kernel[None, None]
    return ops.conv2d(batch, weight, padding=padding, padding_mode="reflect")[0, 0]


# %%
camera, rocket = photograph("camera.png"), photograph("rocket.jpg")
shown = {"camera": camera, "camera: answer": respond(camera, left_minus_right)}
shown |= {"rocket": rocket, "rocket: answer": respond(rocket, left_minus_right)}
figures.pictures(shown, ["photo", "signed"] * 2, columns=2, limits=(-0.5, 0.5))
plt.show()

# %% [markdown]
r"""
The legs of the tripod and the towers stand out; the horizon behind the photographer, an edge that lies flat, is missing. This kernel sees upright edges only.

## Case 2: draw the outlines

To find edges in every direction, compare a pixel with *all* of its eight neighbours. The kernel with 8 in the middle and −1 around, divided by 8, is "the pixel minus the mean of its neighbours".

The photograph is in colour now, so each pixel is three numbers, red, green and blue: three **channels**. A kernel for such an image has three layers, one for each channel, and adds all 27 products into one sum (chapter 04). As in the course that this example comes from, we put the same nine numbers into all three layers.
"""

# %%
names = ["astronaut.png", "coffee.png"]
colour = {name: to_nchw(load_image(IMAGES / name)) for name in names}
weight = np.tile(kernels.OUTLINE, (1, 3, 1, 1)).astype(np.float32)
outlines = {name: ops.conv2d(x, weight)[0, 0] for name, x in colour.items()}
np.round(kernels.OUTLINE, 3)

# %%
for name, x in colour.items():
    in_paddle = paddle_layer(weight)(paddle.to_tensor(x)).numpy()
    assert np.allclose(in_paddle[0, 0], outlines[name], atol=1e-5)

# %% [markdown]
r"""
> **Correction.** *Commonly left unsaid:* repeating a kernel over the three channels also **adds red, green and blue**. The answer is that of a grey picture R + G + B, up to three times as bright as any one channel, and an edge between two colours of the same sum is not seen. The next cell shows both.
"""

# %%
x = colour["astronaut.png"]
of_the_sum = ops.conv2d(x.sum(axis=1, keepdims=True), weight[:, :1])
assert np.allclose(of_the_sum[0, 0], outlines["astronaut.png"], atol=1e-5)
red_green = np.zeros((1, 3, 8, 8), np.float32)
red_green[0, 0, :, :4] = red_green[0, 1, :, 4:] = 1
assert np.abs(ops.conv2d(red_green, weight)).max() < 1e-6

# %% [markdown]
r"""
The answer is signed again: each outline is a bright line beside a dark one, because on one side of an edge the pixel is brighter than its neighbours and on the other side darker. For a drawing of the outlines we need its *size*, and for a yes or no at each pixel a **threshold**. Which threshold? There is no right one: a low one keeps grain and noise, a high one tears outlines apart. We take what the strongest tenth of the answers exceeds, which adapts to each photograph.
"""


# %%
def outline_steps(name):
    signed = outlines[name]
    size = np.abs(signed)
    strongest = 1.0 - (size > np.quantile(size, 0.9))
    photo = {name.split(".")[0] + ", a part": load_image(IMAGES / name)[1:-1, 1:-1]}
    return photo | {"signed answer": signed, "its size": size, "strongest tenth": strongest}


# %% tags=["cover"]
kinds, limits = ["photo", "signed", "value", "photo"], [None, (-0.4, 0.4), (0, 0.4), None]
figures.pictures(outline_steps("astronaut.png"), kinds, limits=limits, part=np.s_[:240, 100:340])
plt.show()

# %%
figures.pictures(outline_steps("coffee.png"), kinds, limits=limits, part=np.s_[30:270, 160:400])
plt.show()

# %% [markdown]
r"""
### Files that are not what they seem

A photograph's file may hold something else than red, green and blue: a palette (each pixel the *number* of a colour), a fourth channel for transparency, one channel of grey. Read carelessly, a palette file turns into a picture of colour numbers, and edges appear between neighbouring shades. `load_image` converts first; with Pillow alone, `.convert("RGB")` does it. To see what goes wrong, we turn `coffee` into a palette picture of 64 colours; its array has no colours at all, only their numbers.
"""

# %%
from PIL import Image

palette_file = Image.fromarray(load_image(IMAGES / "coffee.png")).quantize(64)
careless, careful = np.asarray(palette_file), np.asarray(palette_file.convert("RGB"))
print(palette_file.mode, careless.shape, careful.shape)

# %%
shown = {"palette numbers, read as grey": careless / 63, "converted first": careful}
figures.pictures(shown)
plt.show()

# %% [markdown]
r"""
## Case 3: blur

A kernel of 5×5 values, each 1/25, replaces every pixel by the mean of its neighbourhood. Detail smaller than the window disappears, and so does noise. Without padding the result is 4 pixels smaller each way.
"""

# %%
brick = photograph("brick.png")
blurred = {"camera": respond(camera, kernels.box(5), 0), "brick": respond(brick, kernels.box(5), 0)}
for name, picture in {"camera": camera, "brick": brick}.items():
    layer = paddle_layer(kernels.box(5)[None, None])
    in_paddle = layer(paddle.to_tensor(to_nchw(picture))).numpy()
    assert np.allclose(in_paddle[0, 0], blurred[name], atol=1e-5)
print(camera.shape, "becomes", blurred["camera"].shape)

# %%
shown = {"camera, a part": camera[2:-2, 2:-2], "blurred": blurred["camera"]}
shown |= {"brick, a part": brick[2:-2, 2:-2], "blurred ": blurred["brick"]}
figures.pictures(shown, part=np.s_[80:240, 160:320])
plt.show()

# %% [markdown]
r"""
> **Correction.** *Commonly written:* for a blur, set every value of the kernel to 1. *True:* then the result is a sum, 25 times too bright. Every value must be 1/25, so that the kernel adds up to 1. Measured on `camera`:
"""

# %%
ones = respond(camera, np.ones((5, 5)), 0)
means = [picture.mean() for picture in (camera, blurred["camera"], ones)]
print("means: picture {:.2f}, blurred with 1/25 {:.2f}, with 1 {:.1f}".format(*means))
assert np.allclose(ones, 25 * blurred["camera"])

# %% [markdown]
r"""
### How much noise does it remove?

Noise is an error of its own at every pixel. In a mean of 25 independent errors most cancel: the standard deviation σ of the noise (its typical size) falls to σ/√25 = σ/5. We add noise of σ = 0.1, blur the noisy and the clean photograph, and measure what is left of the difference.
"""

# %%
noise = np.random.default_rng(0).normal(0, 0.1, camera.shape)
noisy = camera + noise
left = (respond(noisy, kernels.box(5), 0) - blurred["camera"]).std()
print(f"noise before {noise.std():.3f}, after {left:.3f}, ratio {noise.std() / left:.2f}")
assert abs(noise.std() / left - 5) < 0.1

# %%
softened = respond(noisy, kernels.box(5))
shown = {"camera + noise": noisy.clip(0, 1), "blurred": softened.clip(0, 1)}
figures.pictures({"camera, a part": camera, **shown}, part=np.s_[80:240, 160:320])
plt.show()

# %% [markdown]
r"""
The price is in the picture: the blur cannot tell noise from detail, and takes both. A larger window removes more of either. Denoising that is gentler on detail has to look at what is in the window first, as the median below does, or as a network that was trained to do it.

> **Think.** How large must the window be to reduce noise to a tenth, and what happens to a line one pixel wide?
>
> <details><summary>Answer</summary>
>
> 10×10, because √100 = 10. The line keeps a tenth of its contrast, spread over ten pixels.
>
> </details>

### Gaussian blur

A square window treats a pixel at its corner like one in its middle, and leaves square traces. A **Gaussian** kernel weights by distance, $e^{-(x^2+y^2)/2\sigma^2}$, divided by the sum of all weights. It has a second virtue: it is a product of one column and one row (**separable**), so that one pass along the rows and one along the columns do the same with fewer products.
"""

# %%
bell = kernels.gaussian(5, 1.0)
figures.number_grids({"gaussian(5, 1.0) · 1000": np.round(1000 * bell)})
plt.show()

# %%
column, row = bell.sum(axis=1, keepdims=True), bell.sum(axis=0, keepdims=True)
two_passes = respond(respond(camera, row), column)
assert np.allclose(column * row, bell)
assert np.allclose(two_passes, respond(camera, bell))
print(f"products a pixel: {bell.size} in one pass, {row.size + column.size} in two")

# %% [markdown]
r"""
With a 25×25 kernel it is 625 against 50. How do box and bell compare on a sharp dot of light, and on the same photograph? We choose σ = 2.6 because a box of width 9 has about that standard deviation, √((9² − 1)/12), so that both blur equally strongly. The dot shows the kernel itself; the photograph shows why the round one looks more like a lens out of focus.
"""

# %%
dot = np.zeros((31, 31))
dot[15, 15] = 1
shown = {"box, 9 × 9": kernels.box(9), "Gaussian, σ 2.6": kernels.gaussian(17, 2.6)}
of_dot = {name: respond(dot, kernel) for name, kernel in shown.items()}
figures.pictures(of_dot, "value", height=3.6, limits=(0, 0.025))
figures.pictures(
    {name: respond(camera, k) for name, k in shown.items()}, part=np.s_[80:240, 160:400]
)
plt.show()

# %% [markdown]
r"""
### The median is not a convolution

Another kind of noise: a few pixels are simply lost, black or white ("salt and pepper"), as after a broken transmission or on a sensor with dead cells. A mean spreads each lost pixel over its neighbours. The **median**, the middle one of the sorted values, ignores it. But no kernel computes a median: it is not linear, the median of a sum is not the sum of the medians.
"""


# %%
def median(picture, size):
    windows = np.lib.stride_tricks.sliding_window_view(picture, (size, size))
    return np.median(windows, axis=(2, 3))


one, other = np.eye(3), np.eye(3)[::-1]
assert median(one + other, 3) != median(one, 3) + median(other, 3)

# %%
rng = np.random.default_rng(1)
for name, clean in {"coffee": photograph("coffee.png"), "camera": camera}.items():
    clean = clean[100:260, 150:390]
    chance = rng.random(clean.shape)
    lost = np.where(chance < 0.05, 0, np.where(chance > 0.95, 1, clean))
    repaired = {"3×3 mean": ops.corr2d(lost, kernels.box(3)), "3×3 median": median(lost, 3)}
    errors = [np.abs(picture - clean[1:-1, 1:-1]).mean() for picture in repaired.values()]
    figures.pictures({f"{name}, a tenth lost": lost, **repaired})
    plt.show()
    assert errors[1] < errors[0] / 2

# %% [markdown]
r"""
The mean error after the median is less than half of that after the mean (asserted, for both photographs). Look at the median's result closely all the same: thin lines and grain are gone, since whatever fills less than half of the window is never the middle value.

### Sharpen and emboss

A kernel can also add. **Sharpen** is the picture minus its own blur, added back: 5 in the middle, −1 at the four sides; the sum is 1, so that flat parts keep their brightness. **Emboss** adds a slope along the diagonal, as if a lamp stood at the upper left and the picture were pressed into metal. Both overshoot: results below 0 or above 1 occur at strong edges, and to show them we cut them off (`clip`).
"""

# %%
for name in ("astronaut.png", "chelsea.png"):
    picture = photograph(name)[:200, 130:370]
    effects = {"sharpened": kernels.SHARPEN, "embossed": kernels.EMBOSS}
    shown = {title: respond(picture, kernel).clip(0, 1) for title, kernel in effects.items()}
    figures.pictures({name.split(".")[0] + ", a part": picture, **shown})
    plt.show()

# %% [markdown]
r"""
## First and second order

What do edge kernels measure? In one dimension there are two answers. The **first difference**, $a_{i+1} - a_i$, is the slope: it is large where brightness changes fast. The **second difference**, $a_{i+1} - 2a_i + a_{i-1}$, is the change of the slope: it is large where the slope begins or ends, with opposite signs.
"""

# %%
positions = np.arange(20)
step = np.where(positions < 10, 0.2, 0.8)
ramp = np.clip(0.2 + 0.1 * (positions - 7), 0.2, 0.8)
differences({"a step": step, "a ramp": ramp})
plt.show()

# %%
assert np.flatnonzero(np.diff(step).round(9)).tolist() == [9]
assert np.allclose(np.diff(step, 2)[8:10], [0.6, -0.6])
assert np.count_nonzero(np.diff(ramp).round(9)) == 6
assert np.count_nonzero(np.diff(ramp, 2).round(9)) == 2

# %% [markdown]
r"""
Read the columns from top to bottom. On the step both answer once: the first with one peak, the second with a pair whose *sign change* marks the place. On the ramp the first difference is spread out, wide and low; the second is silent all along the slope and marks only its two ends.

In two dimensions the first order has a direction. The **Sobel** kernels measure the slope to the right and downwards, each smoothed a little across. Together they give the size of the slope, $\sqrt{s_x^2 + s_y^2}$, by Pythagoras, and the angle at which brightness climbs: 0 to the right, π/2 downwards, ±π to the left. The **Laplacian** adds the second differences along both axes, and has no direction.
"""

# %%
names = {"Sobel x": kernels.SOBEL_X, "Sobel y": kernels.SOBEL_Y, "Laplacian": kernels.LAPLACIAN}
figures.number_grids(names, colors=[figures.KERNEL] * 3)
plt.show()


# %%
def slopes(picture):
    across, down = respond(picture, kernels.SOBEL_X), respond(picture, kernels.SOBEL_Y)
    return across, down, np.hypot(across, down)


across, down, size = slopes(camera)
sobel = paddle.to_tensor(np.stack([kernels.SOBEL_X, kernels.SOBEL_Y])[:, None])
in_paddle = F.conv2d(paddle.to_tensor(camera[None, None]), sobel).numpy()[0]
assert np.allclose(in_paddle, [across[1:-1, 1:-1], down[1:-1, 1:-1]])

# %%
angle = np.where(size > 1, np.arctan2(down, across), np.nan)
shown = {"Sobel x": across, "Sobel y": down, "size": size, "angle, where size > 1": angle}
kinds = ["signed", "signed", "value", "angle"]
figures.pictures(shown, kinds, columns=2, height=8, part=np.s_[100:280, 300:480])
plt.show()

# %% [markdown]
r"""
The buildings' walls answer in *Sobel x*, their roofs and the horizon in *Sobel y*, and the size has both. The angle tells a dark-to-bright edge from a bright-to-dark one: the two sides of the tower are half a turn apart. On the second photograph, `coffee`, compare first and second order:
"""

# %%
coffee, part = photograph("coffee.png"), np.s_[40:200, 200:440]
shown = {"coffee, a part": coffee, "Sobel, size": slopes(coffee)[2]}
shown["Laplacian"], limits = respond(coffee, kernels.LAPLACIAN), [None, (0, 2), (-0.5, 0.5)]
figures.pictures(shown, ["photo", "value", "signed"], limits=limits, part=part)
plt.show()

# %% [markdown]
r"""
The Laplacian answers to fine grain more than to the soft edges of the cup. That is no accident. Differences *add* noise: independent errors add like the sides of a right triangle, so that [1, −1] makes $\sqrt{1+1}\,\sigma$ of noise σ, and [1, −2, 1] makes $\sqrt{1+4+1}\,\sigma$. Second order has √3 ≈ 1.7 times the noise of first order.

> **Correction.** *Commonly written:* a second difference doubles the noise. *True:* for independent noise the factor against the first difference is √3, and against the signal itself √6 ≈ 2.4. Measured on a million random numbers:
"""

# %%
noise = np.random.default_rng(2).normal(size=1_000_000)
first, second = np.diff(noise).std(), np.diff(noise, 2).std()
print(f"first {first:.2f}, second {second:.2f}, ratio {second / first:.2f}")
assert np.allclose([first, second], np.sqrt([2, 6]), rtol=0.01)

# %% [markdown]
r"""
The remedy is to blur first, at the price of finding edges a little less exactly. Blur and Laplacian are both convolutions, and two in a row are one (exercise 2 of chapter 02): the **Laplacian of a Gaussian**, positive on one side of an edge and negative on the other, smooth in between.
"""

# %%
noisy_coffee = coffee + np.random.default_rng(3).normal(0, 0.1, coffee.shape)
shown = {"coffee + noise": noisy_coffee.clip(0, 1)}
shown["Laplacian"] = respond(noisy_coffee, kernels.LAPLACIAN)
shown["Laplacian of a Gaussian"] = respond(noisy_coffee, kernels.laplacian_of_gaussian(15, 2.0))
limits = [None, (-0.8, 0.8), (-0.06, 0.06)]
figures.pictures(shown, ["photo", "signed", "signed"], limits=limits, part=part)
plt.show()

# %%
line = np.s_[200, 150:450]
softened = respond(noisy_coffee, kernels.gaussian(15, 2.0))
rows = {"noisy": noisy_coffee, "coffee, row 200": coffee, "noisy, blurred with σ 2": softened}
profiles({name: picture[line] for name, picture in rows.items()})
plt.show()

# %% [markdown]
r"""
## Learn a kernel from data

So far somebody invented each kernel. A network finds its own, from examples of what should come out. We take the 6×8 picture with its bar, the answer of [1, −1], and forget the kernel. Start from two random numbers and improve them.

*How wrong* a kernel is, we measure by its **loss**: the difference between its answer and the wanted one, squared, and summed over all 42 places. To lower it, we ask how the loss changes when a number of the kernel changes a little: its **gradient**, the slope of the loss. With $e$ the difference at each place,

$$\text{loss} = \sum_{i,j} e_{i,j}^2, \qquad \frac{\partial\,\text{loss}}{\partial w_{u,v}} = \sum_{i,j} 2\, e_{i,j}\; a_{i+u,\,j+v}.$$

Look at the second sum: it slides the table $e$ over the image. The gradient of a convolution is a convolution, `2 * corr2d(image, e)`. Then step against the slope: subtract 0.01 (the **learning rate**) times the gradient. Twenty times.
"""

# %%
wanted = ops.corr2d(bar, [[1, -1]])
start = np.random.default_rng(1).normal(size=(1, 2))
kernel, path, losses = start, [], []
for _ in range(20):
    e = ops.corr2d(bar, kernel) - wanted
    path.append(kernel[0])
    losses.append((e**2).sum())
    kernel = kernel - 0.01 * 2 * ops.corr2d(bar, e)
print(f"start {np.round(start[0], 2)}, after 20 steps {np.round(kernel[0], 2)}")


# %%
def loss(left, right):
    return ((ops.corr2d(bar, [[left, right]]) - wanted) ** 2).sum()


kernel_path(loss, np.array(path), losses, (1, -1))
plt.show()

# %% [markdown]
r"""
On the right, each closed line joins kernels of equal loss, like the contour lines of a map. The path is not straight. The first steps drop into a valley, where the two numbers cancel on white; then it follows the valley floor, slowly, towards [1, −1], and every step is shorter than the last, because the slope gets smaller. After twenty steps it has come within 0.12 of both numbers, and it goes on if we let it. Paddle computes the same gradient by itself (`backward`), and takes the same twenty steps:
"""

# %%
layer = paddle_layer(start.reshape(1, 1, 1, 2))
optimizer = paddle.optimizer.SGD(0.01, parameters=layer.parameters())
x, target = paddle.to_tensor(to_nchw(bar)), paddle.to_tensor(to_nchw(wanted))
for _ in range(20):
    ((layer(x) - target) ** 2).sum().backward()
    optimizer.step()
    optimizer.clear_grad()
assert np.allclose(layer.weight.numpy().ravel(), kernel.ravel(), atol=1e-5)
assert np.abs(kernel - [[1, -1]]).max() < 0.12

# %% [markdown]
r"""
### From a photograph, nine numbers

Now case 2 backwards. Show a layer the photograph `grass` and the answer of the outline kernel, and let it find the nine numbers. The valley is narrower here: neighbouring pixels of a photograph are alike, so that brightening the whole kernel changes the loss a lot, and shifting weight from one pixel to its neighbour hardly at all. The loss is a valley in nine dimensions; the cell prints the ratio of its steepest to its flattest curvature (the *condition number*), for the photographs rounded to hundreds.
"""


# %%
def steepness_ratio(picture, size=(3, 3)):
    windows = np.lib.stride_tricks.sliding_window_view(picture, size)
    patches = windows.reshape(-1, size[0] * size[1])
    return np.linalg.cond(patches.T @ patches)


crops = {name: photograph(f"{name}.png")[100:228, 100:228] for name in ("grass", "camera")}
ratios = {name: round(steepness_ratio(crop) / 100) * 100 for name, crop in crops.items()}
print({"bar": round(steepness_ratio(bar, (1, 2)))} | ratios)

# %% [markdown]
r"""
Plain steps must be small enough for the steepest direction, and then crawl along the flattest: hundreds of times slower than on the bar. **Adam**, an optimiser that chapter 11 takes apart, scales the step of each number by how large its gradients have been, and gets there.
"""


# %%
def learn(picture, steps=4000):
    paddle.seed(0)
    layer = paddle.nn.Conv2D(1, 1, 3, bias_attr=False)
    optimizer = paddle.optimizer.Adam(0.02, parameters=layer.parameters())
    x = paddle.to_tensor(to_nchw(picture))
    target = F.conv2d(x, paddle.to_tensor(kernels.OUTLINE[None, None].astype("float32")))
    for _ in range(steps):
        F.mse_loss(layer(x), target).backward()
        optimizer.step()
        optimizer.clear_grad()
    return layer.weight.numpy()[0, 0]


# %%
learned = {f"learned from {name}": learn(crop) for name, crop in crops.items()}
for kernel in learned.values():
    assert np.abs(kernel - kernels.OUTLINE).max() < 0.02
shown = {"8 · outline": kernels.OUTLINE, **{f"8 · {name}": k for name, k in learned.items()}}
figures.number_grids({name: np.round(8 * kernel, 1) for name, kernel in shown.items()}, gap=2.5)
plt.show()

# %% [markdown]
r"""
The same kernel comes out of both photographs, to within 0.02 in each of its nine numbers. Nobody told the layer what an outline is; examples did. This is all that training a convolutional network is, with more kernels, in more layers, and with a loss that says "cat" or "not a cat".

## What you have seen, done, and can now use

- **An edge** answers to a kernel whose numbers add up to 0; the answer has a sign; a kernel of one direction misses the other.
- **An outline kernel** over three channels adds the channels, and its answer becomes a drawing through size and threshold.
- **A blur** is a mean: its numbers add up to 1, and a 5×5 box leaves a fifth of the noise. A Gaussian is smoother and separable; a median is no convolution.
- **First order** measures slope and direction, **second order** its change, with √3 times the noise; blur first.
- **A kernel can be learned** by following the gradient of a loss, and the gradient of a convolution is a convolution.

## Exercises

1. Which kernel moves a photograph five pixels to the right? Blur along a line of five pixels, as a moving camera does: which kernel is that?
2. Show that *sharpen* is the picture minus its Laplacian, as one equation between kernels, and check it on `chelsea`.
3. Two Gaussian blurs of σ 1.5 and σ 2 in a row are one Gaussian blur. Of which σ? Guess, then measure on a dot.
4. Learn the *Sobel x* kernel from `grass`. Is it learned as well as the outline?

The cells below hold one solution each.
"""

# %% tags=["solution"]
move_right, motion = np.zeros((1, 11)), np.full((1, 5), 1 / 5)
move_right[0, 0] = 1
assert np.array_equal(ops.corr2d(camera, move_right), camera[:, :-10])
assert np.isclose(motion.sum(), 1)

# %% tags=["solution"]
only_middle = np.zeros((3, 3))
only_middle[1, 1] = 1
chelsea = photograph("chelsea.png")
assert np.array_equal(kernels.SHARPEN, only_middle - kernels.LAPLACIAN)
assert np.allclose(respond(chelsea, kernels.SHARPEN), chelsea - respond(chelsea, kernels.LAPLACIAN))

# %% tags=["solution"]
dot = np.zeros((41, 41))
dot[20, 20] = 1
twice = respond(respond(dot, kernels.gaussian(21, 1.5)), kernels.gaussian(21, 2.0))
assert np.allclose(twice, respond(dot, kernels.gaussian(21, 2.5)), atol=1e-4)  # √(1.5² + 2²) = 2.5

# %% tags=["solution"]
windows = np.lib.stride_tricks.sliding_window_view(crops["grass"], (3, 3)).reshape(-1, 9)
target = ops.corr2d(crops["grass"], kernels.SOBEL_X).ravel()
found = np.linalg.lstsq(windows, target)[0].reshape(3, 3)
assert np.allclose(found, kernels.SOBEL_X)  # least squares finds any kernel that made the data

# %% [markdown]
r"""
## Further reading

- D. Marr and E. Hildreth, *Theory of edge detection*, 1980, [doi 10.1098/rspb.1980.0020](https://doi.org/10.1098/rspb.1980.0020): blur, Laplacian, zero crossings.
- J. Canny, *A computational approach to edge detection*, 1986, [doi 10.1109/TPAMI.1986.4767851](https://doi.org/10.1109/TPAMI.1986.4767851): what an edge detector should be, and how far Gaussian slopes are that.
- A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep convolutional neural networks*, 2012, reprinted 2017, [doi 10.1145/3065386](https://doi.org/10.1145/3065386): figure 3 shows kernels that were learned; many are edges.
- D. Kingma and J. Ba, *Adam: a method for stochastic optimization*, 2014, [arXiv 1412.6980](https://arxiv.org/abs/1412.6980).

Next: chapter 06 makes the answers smaller without losing what they found.
"""
