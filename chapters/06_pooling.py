# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Summarise with pooling

## What you will see, do, and need

**See** two ways to sum up a window in one number, the largest and the average, and what each keeps of a photograph.

**Do** both by hand, in NumPy and with Paddle; measure on eight photographs how much a shift by one pixel changes the result; repair most of that change with a blur; count what pooling saves and what it does not.

**Need** windows and strides from chapters 02 and 03, channels from 04, slopes and blurs from 05. About 50 minutes.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import figures, geometry, kernels, ops
from helpers.data import IMAGES, load_image
from helpers.figures.curves import curves
from helpers.figures.pooling import pooled, sampled_spikes

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
## The largest, or the average

A convolution answers at every place: here is an edge, here is none. Often we do not need to know so exactly where. **Pooling** divides each map into windows and keeps one number of each: the largest (**max pooling**) or the average (**average pooling**). On 1…16 with windows of 2×2, by hand, the first window holds 1, 2, 5 and 6: the largest is 6, the average 14/4 = 3.5.
"""

# %%
sixteen = np.arange(1.0, 17).reshape(4, 4)
pooled(sixteen, 2)
plt.show()

# %%
x = sixteen[None, None]
maximum, average = ops.max_pool2d(x, 2)[0, 0], ops.avg_pool2d(x, 2)[0, 0]
assert np.array_equal(maximum, [[6, 8], [14, 16]])
assert np.array_equal(average, [[3.5, 5.5], [11.5, 13.5]])
assert np.array_equal(F.max_pool2d(paddle.to_tensor(x), 2).numpy()[0, 0], maximum)
assert np.array_equal(F.avg_pool2d(paddle.to_tensor(x), 2).numpy()[0, 0], average)

# %% [markdown]
r"""
We gave a window of 2 and no stride: in every framework the stride of pooling is the window, unless we say otherwise, so that windows lie side by side. They may overlap. On 0…8 with windows of 2×2 and stride 1 there are four; the first holds 0, 1, 3 and 4, its maximum is 4 and its average 2.
"""

# %%
nine = np.arange(9.0).reshape(3, 3)
pooled(nine, 2, stride=1)
plt.show()

# %%
x = nine[None, None]
assert np.array_equal(ops.max_pool2d(x, 2, stride=1)[0, 0], [[4, 5], [7, 8]])
assert np.array_equal(ops.avg_pool2d(x, 2, stride=1)[0, 0], [[2, 3], [5, 6]])
assert np.array_equal(F.max_pool2d(paddle.to_tensor(x), 2, 1).numpy()[0, 0], [[4, 5], [7, 8]])
assert np.array_equal(F.avg_pool2d(paddle.to_tensor(x), 2, 1).numpy()[0, 0], [[2, 3], [5, 6]])

# %% [markdown]
r"""
Pooling treats each channel by itself: as many maps come out as went in. And it has **no parameters**, nothing that training could change.
"""

# %%
channels = np.random.default_rng(0).normal(size=(1, 5, 8, 8))
together = ops.max_pool2d(channels, 2)
for c in range(5):
    assert np.array_equal(ops.max_pool2d(channels[:, c : c + 1], 2)[:, 0], together[:, c])
assert together.shape == (1, 5, 4, 4)
assert paddle.nn.MaxPool2D(2).parameters() == []

# %% [markdown]
r"""
## Sizes, and what hangs over

The size formula of chapter 03 holds, with the floor: five pixels and windows of 2 give ⌊(5 − 2)/2⌋ + 1 = 2 outputs, and the fifth pixel is never read. Pooling can be asked to round up instead (`ceil_mode`): then a last window hangs over the edge, three outputs, and takes what there is.
"""

# %%
five = np.arange(1.0, 6).reshape(1, 1, 1, 5)
tensor = paddle.to_tensor(five)
assert ops.max_pool2d(five, (1, 2)).ravel().tolist() == [2, 4]
assert ops.max_pool2d(five, (1, 2), ceil_mode=True).ravel().tolist() == [2, 4, 5]
assert F.max_pool2d(tensor, (1, 2), ceil_mode=True).numpy().ravel().tolist() == [2, 4, 5]

# %% [markdown]
r"""
**Padding** exists too. In max pooling padded places never win. In average pooling there is a choice: leave them out of the count (`exclusive=True`, the default in Paddle), or count them as zeros. For 1…5 with windows of 3, stride 2 and padding 1 the first window holds a padded place, 1 and 2: (1 + 2)/2 = 1.5 without it, (0 + 1 + 2)/3 = 1 with it.
"""

# %%
for exclusive, by_hand in {True: [1.5, 3, 4.5], False: [1, 3, 3]}.items():
    options = {"stride": (1, 2), "padding": (0, 1), "exclusive": exclusive}
    assert np.allclose(ops.avg_pool2d(five, (1, 3), **options).ravel(), by_hand)
    assert np.allclose(F.avg_pool2d(tensor, (1, 3), **options).numpy().ravel(), by_hand)

# %% [markdown]
r"""
> **Correction.** *Commonly assumed:* frameworks refuse pooling that makes no sense. *True:* Paddle 3.3 does not. A window that sees nothing but padding, because the padding is more than half a window or because `ceil_mode` added a window that starts past the image, gives −3.4·10³⁸ (the smallest float32) from a maximum and "not a number" from an average, and with `exclusive=False` different padding at the two ends is counted as if both were like the first. `helpers` refuses the first, leaves out the second, and counts each end by itself.
"""

# %%
too_much = F.max_pool2d(paddle.to_tensor(five.astype("float32")), (1, 3), 1, (0, 3)).numpy().ravel()
assert too_much[0] < -3e38 and np.isnan(F.avg_pool2d(tensor, (1, 3), 1, (0, 3)).numpy()[0, 0, 0, 0])
past_the_end = F.avg_pool2d(tensor, (1, 2), padding=(0, 1), ceil_mode=True).numpy().ravel()
assert np.isnan(past_the_end[-1]) and len(past_the_end) == 4
assert ops.avg_pool2d(five, (1, 2), padding=(0, 1), ceil_mode=True).shape[3] == 3

# %% tags=["raises-exception"]
ops.max_pool2d(five, (1, 3), stride=1, padding=(0, 3))

# %% [markdown]
r"""
> **Think.** Why must the padding be at most half a window, and not at most a window?
>
> <details><summary>Answer</summary>
>
> A window of 3 with padding 2 still sees one pixel. But with padding up to half a window, every window has at least half of itself inside the image (along each axis), so that a summary is a summary of the image. The looser rule would be possible; the frameworks that check use the stricter one.
>
> </details>

## What is kept of a photograph

`brick` and `grass` in windows of 8×8, maximum and average:
"""

# %%
texture = {name: load_image(IMAGES / f"{name}.png", "L") / 255 for name in ("brick", "grass")}
shown = {}
for name, picture in texture.items():
    shown[f"{name}, a part"] = picture[:160, :160]
    shown[f"{name}, maximum"] = ops.max_pool2d(picture[None, None, :160, :160], 8)[0, 0]
    shown[f"{name}, average"] = ops.avg_pool2d(picture[None, None, :160, :160], 8)[0, 0]
figures.pictures(shown, columns=3)
plt.show()

# %%
for name, picture in texture.items():
    largest = ops.max_pool2d(picture[None, None], 8).mean()
    mean = ops.avg_pool2d(picture[None, None], 8).mean()
    print(
        f"{name}: mean brightness {picture.mean():.2f}, average {mean:.2f}, maximum {largest:.2f}"
    )
    assert np.isclose(mean, picture.mean()) and largest > mean + 0.05

# %% [markdown]
r"""
The average keeps the mean brightness exactly, and with it the background; fine blades of grass disappear in it. The maximum keeps whatever is brightest, one blade in a window is enough, so that a fine bright texture turns white. For brightness that is a distortion. For a feature map it is what we want: "is there an edge anywhere in this window?" is answered by the maximum, and diluted by the average.

## A shift by one pixel

It is often said that pooling makes a network insensitive to small shifts. How insensitive? We measure. The features are the sizes of the slopes (Sobel, chapter 05) of a photograph. We pool them, move the photograph by one pixel, pool again, and compare place by place. The measure is the standard deviation of the change, divided by that of the features and by √2: 0 means nothing changed, 1 means that the two have no more to do with each other than two unrelated maps. Eight photographs, one shift in each of four directions.

Four ways to make the map smaller are compared: take every k-th value, average pooling, max pooling, and a fourth that we shall need below.
"""


# %%
def every_kth(x, k):
    return x[:, :, ::k, ::k]


def max_then_blur(x, k):
    triangle = np.convolve(np.ones(k), np.ones(k)) / k**2
    kernel = np.outer(triangle, triangle)[None, None]
    return ops.conv2d(ops.max_pool2d(x, k, stride=1), kernel, stride=k)


ways = {"every k-th": every_kth, "maximum": ops.max_pool2d, "average": ops.avg_pool2d}
ways["maximum, blur, every k-th"] = max_then_blur


# %%
def slope_sizes(name):
    picture = load_image(IMAGES / name, "L")[None, None] / 255
    sobel = np.stack([kernels.SOBEL_X, kernels.SOBEL_Y])[:, None]
    return np.hypot(*ops.conv2d(picture, sobel)[0])[None, None]


def change(way, k, features):
    here = way(features[:, :, 1:257, 1:257], k)
    steps = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    moved = [features[:, :, 1 + i : 257 + i, 1 + j : 257 + j] for i, j in steps]
    return np.mean([(way(there, k) - here).std() / here.std() / np.sqrt(2) for there in moved])


# %%
names = sorted(path.name for path in IMAGES.glob("*.[pj]*g"))
features, windows = [slope_sizes(name) for name in names], [1, 2, 4, 8]
changes = {
    name: [[change(way, k, f) for k in windows] for f in features] for name, way in ways.items()
}
curves(changes, windows, "window k (pixels)", "change under a shift by 1 pixel", limits=(0, 1))
plt.show()

# %%
mean = {name: np.mean(rows, axis=0) for name, rows in changes.items()}
for name, row in mean.items():
    print(f"{name:26}", *(f"{value:5.2f}" for value in row))
assert np.ptp(mean["every k-th"]) < 0.02
assert all(np.all(np.diff(mean[name]) < 0) for name in ("maximum", "average"))

# %% [markdown]
r"""
The lines are means over the eight photographs, the bands reach from the smallest to the largest. Taking every k-th value helps nothing at all. Pooling helps, and more with larger windows; but windows of 2×2, the most common, leave about two thirds of the change. Maximum and average are close; at 4 and 8 the average is steadier.

> **Correction.** *Commonly written:* pooling makes a network invariant to translation. *True:* approximately, a little, and only for shifts that are small against the window. What is worse, sub-sampling loses even the *equivariance* that the convolution had (chapter 02).

The reason shows on a single spike. Move it by one place and watch every second value, the maximum of pairs, and a third way:
"""


# %%
def second(signal):
    return signal[::2]


def largest_of_pairs(signal):
    return ops.max_pool2d(signal.reshape(1, 1, 1, -1), (1, 2)).ravel()


def blurred_second(signal):
    return np.convolve(signal, [0.25, 0.5, 0.25])[1:-1:2]


# %%
spike, names = np.eye(8)[2], ["every 2nd", "maximum", "blur, 2nd"]
three_ways = zip(names, [second, largest_of_pairs, blurred_second], strict=True)
sampled_spikes(spike, dict(three_ways))
plt.show()

# %%
moved = np.roll(spike, 1), np.roll(spike, 2)
assert largest_of_pairs(spike).tolist() == largest_of_pairs(moved[0]).tolist() == [0, 1, 0, 0]
assert largest_of_pairs(moved[1]).tolist() == [0, 0, 1, 0]
assert second(spike).sum() == 1 and second(moved[0]).sum() == 0
assert blurred_second(spike).sum() == blurred_second(moved[0]).sum() == 0.5

# %% [markdown]
r"""
Moved by one, the spike falls between the samples of "every second" and is gone. The maximum holds on to it, and then jumps a whole output to the right: [0, 1, 0, 0] becomes [0, 0, 1, 0] where the input moved by one pixel. A half of a step cannot be expressed. This is **aliasing**, known since the first digital recordings, and so is its remedy: *blur before you sample* (Zhang, 2019). Blurred with [1, 2, 1]/4, the spike fades from one output into the next, and its sum stays the same.

The fourth way of the measurement was just that: the maximum at every place (stride 1), a blur, then every k-th. On the photographs it cuts the change again:
"""

# %%
ratio = mean["maximum, blur, every k-th"] / mean["maximum"]
print(
    "change left by the blur:", *(f"k = {k}: {r:.0%}" for k, r in zip(windows, ratio, strict=True))
)
assert np.all(ratio[1:] < 0.8)

# %% [markdown]
r"""
## What pooling saves

Fewer values mean less work for all later layers, and if a dense layer follows, fewer parameters. Count both for a 3×3 convolution with 16 channels on 32×32 pixels, then a dense layer of 100:
"""


# %%
def count(*between):
    layers = [geometry.conv(16, 3, padding=1), *between, geometry.flatten(), geometry.linear(100)]
    return geometry.summary(layers, (3, 32, 32))


without, with_pooling = count(), count(geometry.pool(2))
for name, rows in {"without pooling": without, "with": with_pooling}.items():
    print(f"{name:16} convolution {rows[0].parameters}, dense layer {rows[-1].parameters:,}")
assert without[0].parameters == with_pooling[0].parameters

# %% [markdown]
r"""
> **Correction.** *Commonly written:* pooling reduces the network's parameters. *True:* only those of dense layers behind it. A convolution has as many on a large map as on a small one.

**Global average pooling** goes all the way: each channel becomes one number, its average over the whole map. A dense layer behind it needs one weight a channel, whatever the size of the image.
"""

# %%
network = [geometry.conv(16, 3, padding=1), geometry.global_pool(), geometry.flatten()]
for size in (32, 224):
    print(size, geometry.summary([*network, geometry.linear(100)], (3, size, size))[-1].parameters)
x = np.random.default_rng(0).normal(size=(2, 3, 6, 7))
by_paddle = F.adaptive_avg_pool2d(paddle.to_tensor(x), 1).numpy()
assert np.allclose(ops.global_avg_pool2d(x), by_paddle)
assert np.isclose(by_paddle[1, 2, 0, 0], x[1, 2].mean())

# %% [markdown]
r"""
## Between the two: SoftPool

The maximum forgets all but one value, the average gives all of them the same say. **SoftPool** (Stergiou, 2021) weights each value $a$ by $e^a$: large ones count more, small ones still count. By hand, for the window 0, 1, 2, 3, the weights are 1, 2.718, 7.389 and 20.086, together 31.193, and the result is (0·1 + 1·2.718 + 2·7.389 + 3·20.086)/31.193 ≈ 2.49: between the average 1.5 and the maximum 3.
"""

# %%
window = np.array([[0.0, 1], [2, 3]])
weights = np.exp(window) / np.exp(window).sum()
soft = ops.soft_pool2d(window[None, None], 2).item()
assert np.isclose(soft, (weights * window).sum()) and 1.5 < soft < 3
in_paddle = (F.softmax(paddle.to_tensor(window.ravel())) * paddle.to_tensor(window.ravel())).sum()
assert np.isclose(soft, float(in_paddle))
print(f"average 1.50, SoftPool {soft:.2f}, maximum 3.00")

# %% [markdown]
r"""
## Or no pooling at all: strided convolution

A convolution with stride 2 makes the map smaller as well, and learns how. Many later networks do so: ResNet (chapter 17) has a single max pooling at its front and strides after that. What it costs and what is lost: a strided convolution has parameters; it mixes channels, which pooling does not; and since it computes exactly "convolve, then keep every second value", it aliases unless its kernel happens to blur.
"""

# %%
x = np.random.default_rng(0).normal(size=(1, 4, 16, 16))
weight = np.random.default_rng(1).normal(size=(4, 4, 3, 3))
strided = ops.conv2d(x, weight, stride=2, padding=1)
assert np.allclose(strided, ops.conv2d(x, weight, padding=1)[:, :, ::2, ::2])
per_channel = np.full((4, 1, 2, 2), 1 / 4)
assert np.allclose(ops.conv2d(x, per_channel, stride=2, groups=4), ops.avg_pool2d(x, 2))

# %% [markdown]
r"""
The last line says it the other way round: average pooling *is* a strided convolution, one with a fixed box kernel for each channel. A strided convolution can learn to be it. No convolution can learn to be a maximum.

> **Think.** Two max poolings of 2×2 in a row: which single pooling does the same? And two average poolings? And a max pooling followed by an average pooling?
>
> <details><summary>Answer</summary>
>
> Two maxima: one of 4×4, as the maximum of maxima is the maximum. Two averages: one of 4×4, as all windows are equally large. The mixed pair is neither.
>
> </details>

## What you have seen, done, and can now use

- **Maximum** answers "is it anywhere here?", **average** "how much of it is here?". Neither has parameters, and neither touches the channels.
- **Sizes** follow the formula with a floor, or a ceiling if asked; padded places never win, and count in an average only if asked.
- **Shifts:** pooling 2×2 leaves two thirds of the change that a one-pixel shift makes; a blur before sampling takes away much of the rest.
- **Savings:** later work, and parameters of dense layers only. Global average pooling frees the dense layer from the image's size.
- **Alternatives:** SoftPool in between, strided convolution with parameters of its own.

## Exercises

1. Show that max pooling commutes with any brightening that keeps the order of values (for example $a \mapsto a^3$), and that average pooling does not.
2. Write min pooling with `max_pool2d` alone.
3. How much does a shift by *two* pixels change max pooling with windows of 2? Predict it from the equivariance of every second shift, then measure on `camera`.
4. A feature map is 0 except for one window full of ones. By how much do maximum, average and SoftPool over 4×4 differ for a single one in a window?

The cells below hold one solution each.
"""

# %% tags=["solution"]
picture = texture["grass"][None, None]
assert np.allclose(ops.max_pool2d(picture**3, 4), ops.max_pool2d(picture, 4) ** 3)
assert not np.allclose(ops.avg_pool2d(picture**3, 4), ops.avg_pool2d(picture, 4) ** 3)

# %% tags=["solution"]
smallest = -ops.max_pool2d(-picture, 4)
assert smallest[0, 0, 0, 0] == picture[0, 0, :4, :4].min()

# %% tags=["solution"]
f = slope_sizes("camera.png")
here, there = ops.max_pool2d(f[:, :, :256], 2), ops.max_pool2d(f[:, :, 2:258], 2)
assert np.array_equal(here[:, :, 1:], there[:, :, :-1])  # moved by exactly one output

# %% tags=["solution"]
single = np.zeros((1, 1, 4, 4))
single[0, 0, 1, 2] = 1
found = [way(single, 4).item() for way in (ops.max_pool2d, ops.avg_pool2d, ops.soft_pool2d)]
assert np.allclose(found, [1, 1 / 16, np.e / (15 + np.e)])

# %% [markdown]
r"""
## Further reading

- R. Zhang, *Making convolutional networks shift-invariant again*, 2019, [arXiv 1904.11486](https://arxiv.org/abs/1904.11486): blur before sub-sampling.
- J. Springenberg and others, *Striving for simplicity: the all convolutional net*, 2014, [arXiv 1412.6806](https://arxiv.org/abs/1412.6806): strides instead of pooling.
- M. Lin, Q. Chen and S. Yan, *Network in network*, 2013, [arXiv 1312.4400](https://arxiv.org/abs/1312.4400): global average pooling.
- A. Stergiou, R. Poppe and G. Kalliatakis, *Refining activation downsampling with SoftPool*, 2021, [arXiv 2101.00440](https://arxiv.org/abs/2101.00440).

Next: chapter 07 puts a bend between the layers, without which all of them would be one.
"""
