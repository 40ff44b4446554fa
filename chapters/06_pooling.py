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

Pooling replaces each small window by one number. *What* was found is kept, and *where exactly* is given up. This chapter measures how much of the place is given up, and what it saves.

## What you will see, do, and need

**See** two ways to summarise a window, the largest value and the average, and what each of them keeps of a photograph.

**Do** both by hand, in NumPy and with Paddle. Measure on eight photographs how much a shift by one pixel changes the result. Find out which part of a famous remedy is the remedy. Count what pooling saves.

**Need** windows and strides from [chapter 02](02_convolution.ipynb) and [chapter 03](03_padding_stride_receptive_field.ipynb), channels from [chapter 04](04_channels_and_batches.ipynb), blurs from [chapter 05](05_edges_and_blur.ipynb). About 50 minutes, and 25 more for the three sections marked *Deeper*.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, explore, figures, geometry, kernels, ops, waves
from helpers.checks import pooling as check
from helpers.checks import tell
from helpers.data import IMAGES, load_image

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
## The largest, or the average

A convolution answers at every place: here is an edge, here is none. Often we do not need to know the place so exactly. **Pooling** divides each map into windows and keeps one number of each window. **Max pooling** keeps the largest, **average pooling** keeps the average.

We try both on the numbers 1 to 16 with windows of 2×2. The first window holds 1, 2, 5 and 6. Its largest number is 6, and its average is 14/4 = 3.5. Before you look at the picture, write down the other three windows.
"""

# %%
sixteen = np.arange(1.0, 17).reshape(4, 4)
figures.pooled(sixteen, 2)
plt.show()

# %%
x = sixteen[None, None]
tensor = paddle.to_tensor(x)
largest = [[[[6, 8], [14, 16]]]]
average = [[[[3.5, 5.5], [11.5, 13.5]]]]
agree(by_hand=largest, numpy=ops.max_pool2d(x, 2), paddle=F.max_pool2d(tensor, 2))
agree(by_hand=average, numpy=ops.avg_pool2d(x, 2), paddle=F.avg_pool2d(tensor, 2))

# %% [markdown]
r"""
We gave a window of 2 and no stride. Then Paddle, PyTorch and Keras take the window as the stride, so that windows lie side by side. This is a habit of these frameworks and not a law: in the exchange format ONNX the stride is 1 where nothing is said.

Windows may overlap. On 0 to 8 with windows of 2×2 and stride 1 there are four windows. The first holds 0, 1, 3 and 4: its maximum is 4 and its average is 2.
"""

# %%
nine = np.arange(9.0).reshape(3, 3)
figures.pooled(nine, 2, stride=1)
plt.show()

# %%
x = nine[None, None]
tensor = paddle.to_tensor(x)
largest = [[[[4, 5], [7, 8]]]]
average = [[[[2, 3], [5, 6]]]]
agree(by_hand=largest, numpy=ops.max_pool2d(x, 2, 1), paddle=F.max_pool2d(tensor, 2, 1))
agree(by_hand=average, numpy=ops.avg_pool2d(x, 2, 1), paddle=F.avg_pool2d(tensor, 2, 1))

# %% [markdown]
r"""
Pooling treats each channel by itself: as many maps come out as went in. We pool five channels together, then the last one alone, and compare. Maximum and average have **no parameters**, nothing that training could change. (The "subsampling" of LeNet-5, in 1998, was an average with two trained numbers for each map.)
"""

# %%
channels = np.random.default_rng(0).normal(size=(1, 5, 8, 8))
together = ops.max_pool2d(channels, 2)
agree(alone=ops.max_pool2d(channels[:, 4:], 2), among_five=together[:, 4:])
print(f"5 channels in, {together.shape[1]} out")
print(f"parameters of nn.MaxPool2D: {len(paddle.nn.MaxPool2D(2).parameters())}")

# %% [markdown]
r"""
## What is kept of a photograph

Two photographs, `brick` and `grass`, in windows of 8×8.

> **Think.** Which of the two, maximum or average, keeps the brightness of the wall? Which one keeps the blades of grass? Decide before you look.
"""

# %%
shown = {}
texture = {}
for name in ("brick", "grass"):
    texture[name] = load_image(IMAGES / f"{name}.png", "L") / 255
    part = texture[name][None, None, :160, :160]
    shown[f"{name}, a part"] = part[0, 0]
    shown[f"{name}, maximum"] = ops.max_pool2d(part, 8)[0, 0]
    shown[f"{name}, average"] = ops.avg_pool2d(part, 8)[0, 0]
figures.pictures(shown, columns=3)
plt.show()

# %%
for name, picture in texture.items():
    largest = ops.max_pool2d(picture[None, None], 8)
    average = ops.avg_pool2d(picture[None, None], 8)
    agree(brightness=picture.mean(), after_average_pooling=average.mean())
    print(f"{name}: mean brightness after max pooling {largest.mean():.2f}")

# %% [markdown]
r"""
The average keeps the mean brightness exactly, and with it the background. Fine blades of grass disappear in it. The maximum keeps whatever is brightest. One bright blade in a window is enough, so that a fine bright texture turns white.

For brightness that is a distortion. For a feature map it is often what we want. Suppose one place of an 8×8 window answers 1 and the others 0. The maximum says 1: *there is an edge in this window*. The average says 1/64.
"""

# %%
one_edge = np.zeros((1, 1, 8, 8))
one_edge[0, 0, 2, 5] = 1
agree(by_hand=1, numpy=ops.max_pool2d(one_edge, 8).item())
agree(by_hand=1 / 64, numpy=ops.avg_pool2d(one_edge, 8).item())

# %% [markdown]
r"""
## A shift by one pixel

It is often said that pooling makes a network insensitive to small shifts. How insensitive? We measure it.

The features are slopes, that is, how fast brightness changes. Two kernels measure them, `SOBEL_X` to the right and `SOBEL_Y` downwards, and Pythagoras gives their size. (A *Deeper* section of [chapter 05](05_edges_and_blur.ipynb) explains these kernels.) We make the map of these sizes smaller, move the photograph by one pixel, make it smaller again, and compare place by place. Our measure is the standard deviation of the change, divided by that of the map and by √2. It is 0 if nothing changed, and 1 for two unrelated maps.

Three ways to make a map smaller by a factor k are compared: every k-th value, max pooling and average pooling. We use eight photographs and a shift in each of four directions.
"""


# %%
def slope_sizes(name):
    picture = load_image(IMAGES / name, "L")[None, None] / 255
    sobel = np.stack([kernels.SOBEL_X, kernels.SOBEL_Y])[:, None]
    slopes = ops.conv2d(picture, sobel)
    return np.sqrt(slopes[:, :1] ** 2 + slopes[:, 1:] ** 2)


def every_kth(x, k):
    return x[:, :, ::k, ::k]


# %%
def change(way, k, features):
    before = way(features[:, :, 1:257, 1:257], k)
    changes = []
    for down, right in [(0, 1), (1, 0), (0, -1), (-1, 0)]:
        moved = features[:, :, 1 + down : 257 + down, 1 + right : 257 + right]
        changes.append((way(moved, k) - before).std() / before.std() / np.sqrt(2))
    return np.mean(changes)


# %% [markdown]
r"""
> **Think.** Windows of 2×2 are the most common. By how much will max pooling with k = 2 reduce the change: to nothing, to a tenth, to a half, or to two thirds? Write your guess down.
"""

# %%
names = sorted(path.name for path in IMAGES.glob("*.[pj]*g"))
features = {name: slope_sizes(name) for name in names}
ways = {"every k-th": every_kth, "maximum": ops.max_pool2d, "average": ops.avg_pool2d}
windows = [1, 2, 4, 8]
changes = {}
for way_name, way in ways.items():
    changes[way_name] = {}
    for name, feature in features.items():
        changes[way_name][name] = [change(way, k, feature) for k in windows]
figures.change_by_window(changes, windows, "change under a shift by 1 pixel")
plt.show()

# %%
mean = {}
for way_name, of_photographs in changes.items():
    mean[way_name] = np.mean(list(of_photographs.values()), axis=0)
    left = mean[way_name] / mean[way_name][0]
    print(f"{way_name:10}: k = 2 leaves {left[1]:.2f}, 4 leaves {left[2]:.2f}, 8 {left[3]:.2f}")
assert np.ptp(mean["every k-th"]) < 0.02

# %% [markdown]
r"""
The thin lines are the photographs, the thick ones their means. Taking every k-th value helps nothing. Pooling helps, and larger windows help more. But windows of 2×2 leave about two thirds of the change. Maximum and average are close, and at 4 and 8 the average is steadier.

> **Correction.** *Many textbooks write:* pooling makes a network invariant to translation. *True:* approximately and a little, for shifts that are small against the window. Worse, a smaller map loses even the *equivariance* of the convolution in [chapter 02](02_convolution.ipynb): most shifts of the input change the numbers of the output instead of moving them.

The reason shows on a single spike. We move it by one place and by two. Beneath each we draw three smaller signals: every second value, the maximum of pairs, and a third way.
"""


# %%
def second(signal):
    return signal[::2]


def largest_of_pairs(signal):
    return ops.max_pool2d(signal.reshape(1, 1, 1, -1), (1, 2)).ravel()


def blurred_second(signal):
    return np.convolve(signal, [0.25, 0.5, 0.25])[1:-1:2]


# %% [markdown]
r"""
> **Activity: six rows.** Five minutes, alone or in pairs. The spike is 0, 0, 1, 0, 0, 0, 0, 0, and each way makes four numbers of these eight. The blur weights a number by 0.5 and its neighbours by 0.25; then places 0, 2, 4 and 6 are kept. Write down what comes out when the spike has moved to the right. Take "every 2nd" moved by 1 and by 2, then the maximum of pairs, then the blur: six rows of four numbers.
"""

# %%
my_rows = ...
tell(check.spikes, my_rows)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> Moved by 1 the spike stands at place 3, and moved by 2 at place 4. Every 2nd keeps the places 0, 2, 4 and 6: 0, 0, 0, 0 and 0, 0, 1, 0. The pairs are 0 and 1, 2 and 3, 4 and 5, 6 and 7, so the maximum gives 0, 1, 0, 0 and 0, 0, 1, 0. The blurred spike has 0.5 at its place and 0.25 on both sides. At place 3 this gives 0, 0.25, 0.25, 0, and at place 4 it gives 0, 0, 0.5, 0.
>
> </details>
"""

# %%
spike = np.array([0, 0, 1.0, 0, 0, 0, 0, 0])
three_ways = {"every 2nd": second, "maximum": largest_of_pairs, "blur, 2nd": blurred_second}
figures.sampled_spikes(spike, three_ways)
plt.show()

# %%
once = np.roll(spike, 1)
twice = np.roll(spike, 2)
agree(as_it_is=largest_of_pairs(spike), moved_by_1=largest_of_pairs(once))
agree(by_hand=[0, 0, 1, 0], moved_by_2=largest_of_pairs(twice))
agree(by_hand=[0, 0, 0, 0], every_2nd_moved_by_1=second(once))
agree(by_hand=[0, 0.25, 0.25, 0], blurred_and_moved_by_1=blurred_second(once))

# %% [markdown]
r"""
Moved by one, the spike falls between the samples of "every 2nd" and is gone. The maximum keeps it: its output does not change at all, and then it jumps by a whole place when the input moves by one more pixel. Blurred with [1, 2, 1]/4 first, the spike fades from one output into the next, and the sum of the outputs stays the same.

## Which part of the remedy is the remedy?

Zhang (2019) proposed just that for networks: take the maximum at every place (stride 1), *blur*, and then take every k-th value. On our photographs this cuts the change again. We believed at first that the blur did it. But the blurred maximum also looks at more pixels. The maximum sees $k$ pixels a side, and the blur has $2k - 1$ weights (for $k = 2$ the three of [1, 2, 1]/4). Together they see $3k - 2$ pixels a side instead of $k$. So a fair comparison gives the plain maximum and the plain average windows of $3k - 2$ as well, with the same stride k.

> **Think.** Three ways, the same number of outputs, the same pixels behind each output. Which one changes least when the photograph moves?
"""


# %%
def max_then_blur(x, k):
    triangle = np.convolve(np.ones(k), np.ones(k)) / k**2
    kernel = np.outer(triangle, triangle)[None, None]
    return ops.conv2d(ops.max_pool2d(x, k, stride=1), kernel, stride=k)


def wide_maximum(x, k):
    return ops.max_pool2d(x, 3 * k - 2, stride=k)


def wide_average(x, k):
    return ops.avg_pool2d(x, 3 * k - 2, stride=k)


# %%
same_pixels = {"maximum": wide_maximum, "maximum, then blur": max_then_blur}
same_pixels["average"] = wide_average
fair = {}
for way_name, way in same_pixels.items():
    fair[way_name] = {}
    for k in (2, 4, 8):
        place = f"k = {k}, sees {3 * k - 2} × {3 * k - 2}"
        fair[way_name][place] = [change(way, k, feature) for feature in features.values()]
figures.dot_plot(fair, ylabel="change under a shift by 1 pixel", limits=(0, 0.4))
plt.show()

# %%
for place in fair["average"]:
    row = {way_name: np.mean(found[place]) for way_name, found in fair.items()}
    print(f"{place:22}", "  ".join(f"{way_name} {value:.3f}" for way_name, value in row.items()))
    assert row["average"] < row["maximum, then blur"] < row["maximum"] + 0.01

# %% [markdown]
r"""
Each dot is a photograph, each line a mean. At k = 2 the blur does nothing that a wider maximum does not do: .230 against .233. At 4 and 8 it does help. And in all three the plain average is the steadiest: it *is* a blur. What makes a small map steady is that it averages over more pixels. What the average cannot do is answer "is there an edge anywhere?", and for this the blurred maximum is a compromise.

## What pooling saves

Fewer values mean less work for all later layers. If a dense layer follows, they also mean fewer parameters. Count both for a 3×3 convolution with 16 channels on 32×32 pixels and a dense layer of 100 outputs. Without pooling, the dense layer has 16·32·32·100 + 100 parameters.
"""


# %%
def count(between):
    layers = [geometry.conv(16, 3, padding=1), *between, geometry.flatten(), geometry.linear(100)]
    return geometry.summary(layers, (3, 32, 32))


without = count([])
pooled = count([geometry.pool(2)])
agree(by_hand=16 * 32 * 32 * 100 + 100, without_pooling=without[-1].parameters)
agree(by_hand=16 * 16 * 16 * 100 + 100, with_pooling=pooled[-1].parameters)
agree(convolution_without=without[0].parameters, convolution_with=pooled[0].parameters)

# %% [markdown]
r"""
> **Correction.** *Many lecture notes write:* pooling reduces the parameters of a network. *True:* only those of dense layers behind it. A convolution has as many on a large map as on a small one, as the third line shows.

**Global average pooling** is the extreme case: each channel becomes one number, its average over the whole map. A dense layer behind it needs one weight for each channel and output, whatever the size of the image.
"""

# %%
network = [geometry.conv(16, 3, padding=1), geometry.global_pool(), geometry.flatten()]
for size in (32, 224):
    rows = geometry.summary([*network, geometry.linear(100)], (3, size, size))
    print(f"{size} × {size} pixels: {rows[-1].parameters} parameters in the dense layer")
x = np.random.default_rng(0).normal(size=(2, 3, 6, 7))
by_paddle = F.adaptive_avg_pool2d(paddle.to_tensor(x), 1)
agree(
    by_hand=x[1, 2].mean(), numpy=ops.global_avg_pool2d(x)[1, 2, 0, 0], paddle=by_paddle[1, 2, 0, 0]
)
agree(numpy=ops.global_avg_pool2d(x), paddle=by_paddle)

# %% [markdown]
r"""
## Or no pooling at all: strided convolution

A convolution with stride 2 makes the map smaller as well, and its kernel is learned. Many later networks do so: ResNet ([chapter 17](17_resnet.ipynb)) has a single max pooling at its front and strides after that.

A strided convolution has parameters, and it mixes channels, which pooling does not. It computes exactly "convolve, then keep every second value". So it can lose a spike as "every 2nd" did, unless its kernel is a blur.
"""

# %%
x = np.random.default_rng(0).normal(size=(1, 4, 16, 16))
weight = np.random.default_rng(1).normal(size=(4, 4, 3, 3))
all_places = ops.conv2d(x, weight, padding=1)
agree(strided=ops.conv2d(x, weight, stride=2, padding=1), every_2nd=all_places[:, :, ::2, ::2])
box = np.full((4, 1, 2, 2), 1 / 4)
agree(box_with_stride=ops.conv2d(x, box, stride=2, groups=4), average=ops.avg_pool2d(x, 2))

# %% [markdown]
r"""
The second line says it the other way round: average pooling *is* a strided convolution, with one fixed box kernel for each channel. A strided convolution can learn to be an average. It cannot learn to be a maximum, because it is linear and the maximum is not: the maximum of −x is not minus the maximum of x.

> **Think.** Two max poolings of 2×2 in a row: which single pooling does the same? And two average poolings? And a max pooling followed by an average pooling?
>
> <details><summary>Answer</summary>
>
> Two maxima: one of 4×4, as the maximum of maxima is the maximum. Two averages: one of 4×4, as all windows are equally large. The mixed pair is neither.
>
> </details>

## Deeper: stripes that fold

What goes wrong between two samples has a name, **aliasing**, and a law. Take the wave 1, 0, −1, 0, which repeats after 4 pixels, and keep every third value. By hand: places 0, 3, 6 and 9 hold 1, 0, −1 and 0. The samples repeat after 4 samples, and these are 12 pixels: a fine wave has turned into a coarse one. Nobody who sees only the samples can tell the two apart.
"""

# %%
fine = np.tile([1, 0, -1, 0], 6)
coarse = np.round(np.cos(2 * np.pi * np.arange(24) / 12), 6)
agree(by_hand=[1, 0, -1, 0, 1, 0, -1, 0], of_4_pixels=fine[::3], of_12_pixels=coarse[::3])

# %% [markdown]
r"""
In general, m samples cannot tell f waves from f − m waves: between two samples the first makes exactly one more turn. So a wave with too many turns **folds** to one with few. The sampling theorem (Nyquist 1928, Shannon 1949) says where this begins: a wave needs more than two samples for each turn.

We test the law on a photograph. The table under the cup of `coffee` has fine grain. In a part of 96×96 pixels its strongest stripes make 25 waves down and 18 across. Every fourth value leaves 24×24 samples. By hand, 25 − 24 = 1 wave down and 18 − 24 = −6 across. (A wave of 1 and −6 has the same stripes as one of −1 and 6.)
"""

# %%
table = load_image(IMAGES / "coffee.png", "L")[120:216, 0:96] / 255
agree(by_hand=[25, 18], measured=waves.strongest_wave(table))
agree(by_hand=[-1, 6], every_4th=waves.strongest_wave(table[::4, ::4]))
agree(by_hand=[25 - 48, 18], every_2nd=waves.strongest_wave(table[::2, ::2]))
shown = {"coffee, a part": table, "every 4th": table[::4, ::4]}
shown["average, k = 4"] = ops.avg_pool2d(table[None, None], 4)[0, 0]
figures.pictures(shown)
plt.show()

# %% [markdown]
r"""
The grain runs up to the right. In "every 4th" there are bold stripes, nearly upright, that no table ever had. The average of 4×4 shows what a small picture can truthfully show here: the broad bands of the wood, and plain grey where the fine grain was. Blurring before sampling weakens the waves that would fold.

## Deeper: sizes, and what hangs over

The size formula of [chapter 03](03_padding_stride_receptive_field.ipynb) holds, with the floor. Five pixels and windows of 2 give ⌊(5 − 2)/2⌋ + 1 = 2 outputs, and the fifth pixel is never read. With `ceil_mode` the formula rounds up instead. Then a last window hangs over the edge and takes what there is.
"""

# %%
five = np.arange(1.0, 6).reshape(1, 1, 1, 5)
tensor = paddle.to_tensor(five)
floor = ops.max_pool2d(five, (1, 2))
ceiling = ops.max_pool2d(five, (1, 2), ceil_mode=True)
agree(by_hand=[[[[2, 4]]]], numpy=floor, paddle=F.max_pool2d(tensor, (1, 2)))
in_paddle = F.max_pool2d(tensor, (1, 2), ceil_mode=True)
agree(by_hand=[[[[2, 4, 5]]]], numpy=ceiling, paddle=in_paddle)

# %% [markdown]
r"""
**Padding** exists too. In max pooling padded places never win. In average pooling there is a choice: leave them out of the count (`exclusive=True`, the default in Paddle), or count them as zeros. Take 1 to 5 with windows of 3, stride 2 and padding 1. The first window holds a padded place, 1 and 2. That is (1 + 2)/2 = 1.5 without the padded place, and (0 + 1 + 2)/3 = 1 with it.
"""

# %%
expected = {True: [[[[1.5, 3, 4.5]]]], False: [[[[1, 3, 3]]]]}
for exclusive, by_hand in expected.items():
    y = ops.avg_pool2d(five, (1, 3), (1, 2), (0, 1), exclusive=exclusive)
    in_paddle = F.avg_pool2d(tensor, (1, 3), (1, 2), (0, 1), exclusive=exclusive)
    agree(by_hand=by_hand, numpy=y, paddle=in_paddle)

# %% [markdown]
r"""
How much padding makes sense? A window must hold at least one real pixel, so the padding must be less than the window. `helpers` refuses more. PyTorch is stricter and allows half a window. Paddle 3.3 refuses nothing, as the table at the end of this chapter shows.
"""

# %%
agree(by_hand=[[[[1, 2, 3, 4, 5, 5, 5]]]], padding_2=ops.max_pool2d(five, (1, 3), 1, (0, 2)))

# %% tags=["raises-exception"]
ops.max_pool2d(five, (1, 3), stride=1, padding=(0, 3))

# %% [markdown]
r"""
## Deeper: between the two, SoftPool

The maximum forgets all but one value, and the average gives all of them the same weight. **SoftPool** (Stergiou, 2021) weights each value $a$ by $e^a$: large ones count more, and small ones still count.

By hand, for the window 0, 1, 2, 3: the weights are 1, 2.718, 7.389 and 20.086, together 31.193. The result is (0·1 + 1·2.718 + 2·7.389 + 3·20.086)/31.193 ≈ 2.493. It lies between the average 1.5 and the maximum 3.
"""

# %%
window = np.array([0.0, 1, 2, 3])
soft = ops.soft_pool2d(window.reshape(1, 1, 2, 2), 2).item()
tensor = paddle.to_tensor(window)
in_paddle = (F.softmax(tensor) * tensor).sum()
agree(0.001, by_hand=2.493, numpy=soft, paddle=in_paddle)

# %% [markdown]
r"""
## What Paddle 3.3 lets pass

| what is asked for | what Paddle 3.3 returns | what `helpers` does |
|---|---|---|
| padding of a whole window or more, maximum | −3.4·10³⁸, the smallest float32 | refuses |
| padding of a whole window or more, average | not a number | refuses |
| `ceil_mode` with a window that starts past the image | one more output, not a number | leaves the window out |
| unequal padding at the two ends, `exclusive=False` | counts both ends like the first | counts each end by itself |

The cells below compute all four. The second one averages windows of 3 with a padded zero at the end only. The last window holds 4, 5 and that zero, so its average is 3 if the zero counts and 4.5 if not.
"""

# %%
small = paddle.to_tensor(five.astype("float32"))
tensor = paddle.to_tensor(five)
nothing_but_padding = F.max_pool2d(small, (1, 3), 1, (0, 3)).numpy().ravel()
print("maximum of padding alone below −3e38:", nothing_but_padding[0] < -3e38)
nothing_but_padding = F.avg_pool2d(tensor, (1, 3), 1, (0, 3)).numpy().ravel()
print("average of padding alone:", nothing_but_padding[0])
past_the_end = F.avg_pool2d(tensor, (1, 2), padding=(0, 1), ceil_mode=True).numpy().ravel()
print("past the image:", past_the_end)
ours = ops.avg_pool2d(five, (1, 2), padding=(0, 1), ceil_mode=True).ravel()
print("helpers:       ", ours)

# %%
uneven = F.avg_pool2d(tensor, (1, 3), 1, [0, 0, 0, 1], exclusive=False).numpy().ravel()
print("a zero at the end:", uneven)
ours = ops.avg_pool2d(five, (1, 3), 1, ((0, 0), (0, 1)), exclusive=False).ravel()
print("helpers:          ", ours)

# %% [markdown]
r"""
## Play: move the image, count the changes

The figure below pools an image of 8×8 pixels. Its buttons move the image by one pixel. Outputs that have changed get a mark in their corner.

**Predict**, then try it. Move the image to the right, once. How many of the 16 maxima change? Move it once more. How many change now? Then *start again*, with the average.
"""

# %%
corner = np.zeros((1, 1, 8, 8))
corner[0, 0, 2, 1:6] = 9
corner[0, 0, 2:7, 5] = 9
explore.load()

# %%
explore.pooling(corner[0, 0])

# %% [markdown]
r"""
> <details><summary>Answer</summary>
>
> Six maxima change with the first move, and none with the second. So the first move of one pixel moves the output by a whole place, which is two pixels, and the second move is not seen. Both moves change averages, seven and two.
>
> </details>
"""

# %%
pooled = {"largest": [], "average": []}
for steps in range(3):
    moved = np.roll(corner, steps, axis=3)
    pooled["largest"].append(ops.max_pool2d(moved, 2))
    pooled["average"].append(ops.avg_pool2d(moved, 2))
changes = {}
for name, outputs in pooled.items():
    changes[name] = [(outputs[0] != outputs[1]).sum(), (outputs[1] != outputs[2]).sum()]
agree(by_hand=[6, 0], numpy=changes["largest"])
agree(by_hand=[7, 2], numpy=changes["average"])

# %% [markdown]
r"""
## What you have seen, done, and can now use

- **Maximum** answers "is it anywhere here?", **average** "how much of it is here?". Neither has parameters, and neither mixes channels.
- **Shifts:** pooling of 2×2 leaves two thirds of the change that a shift by one pixel makes. An average over more pixels makes it steadier.
- **Savings:** work of later layers, and parameters of dense layers only. Global average pooling makes the dense layer independent of the image's size.
- **Strided convolution** makes maps smaller too, with parameters of its own.
- *Deeper:* waves with fewer than two samples a turn fold into coarser ones; `ceil_mode` and `exclusive`; SoftPool.

In one sentence: pooling keeps what is in a window and gives up where, and the more pixels are averaged, the less the exact place matters.

## Exercises

The [exercises of this chapter](exercises/06_pooling.ipynb) check themselves. Pool overlapping windows by hand, write max pooling in loops, and build it from two convolutions with a ReLU between them. Close the gaps of thin lines with max pooling alone, and find a law for what average pooling leaves of a shift.

## Further reading

- R. Zhang, *Making convolutional networks shift-invariant again*, 2019, [arXiv 1904.11486](https://arxiv.org/abs/1904.11486): blur before sub-sampling.
- C. Shannon, *Communication in the presence of noise*, 1949, [doi 10.1109/JRPROC.1949.232969](https://doi.org/10.1109/JRPROC.1949.232969): the sampling theorem.
- J. Springenberg and others, *Striving for simplicity: the all convolutional net*, 2014, [arXiv 1412.6806](https://arxiv.org/abs/1412.6806): strides instead of pooling.
- M. Lin, Q. Chen and S. Yan, *Network in network*, 2013, [arXiv 1312.4400](https://arxiv.org/abs/1312.4400): global average pooling.
- A. Stergiou, R. Poppe and G. Kalliatakis, *Refining activation downsampling with SoftPool*, 2021, [arXiv 2101.00440](https://arxiv.org/abs/2101.00440).

Previous: [05 Find edges and blur photographs](05_edges_and_blur.ipynb) · Next: [07 Bend the line with activations](07_activations.ipynb)
"""
