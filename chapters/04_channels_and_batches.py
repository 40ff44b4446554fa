# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Handle colour, many filters, many images

A convolution layer adds over the channels of its input, and makes one channel of output for each of its kernels. That one sentence explains the four axes of a weight, the parameters and the cost of every convolution layer in this course.

## What you will see, do, and need

**See** how a kernel reaches through all channels, how many kernels make many channels, and how a batch of images passes through one layer.

**Do** a three-channel example by hand. Count parameters and multiplications. Try the arguments of `paddle.nn.Conv2D`, each in a small cell. Turn the channels of a network without changing its answer. Meet the relatives of convolution with their costs.

**Need** kernels, `corr2d` and `conv2d` from [chapter 02](02_convolution.ipynb), and padding, stride and dilation from [chapter 03](03_padding_stride_receptive_field.ipynb). About 50 minutes, and 25 more for the four sections marked *Deeper*.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, geometry, ops
from helpers.checks import channels_and_batches as check
from helpers.checks import tell
from helpers.data import IMAGES, load_image, to_nchw

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
## Many channels in

A colour photograph has three numbers at each pixel: red, green and blue. These are its three **channels**. Deeper in a network there are hundreds of channels. A kernel for such an input has a slice for each channel. Each slice slides over its own channel, and the results are **added**.

Three channels hold the numbers 1 to 9, 10 to 18 and 19 to 27. The three slices of the kernel hold 0 to 3, 4 to 7 and 8 to 11. By hand, at the upper left:

- channel 0: 0·1 + 1·2 + 2·4 + 3·5 = 25
- channel 1: 4·10 + 5·11 + 6·13 + 7·14 = 271
- channel 2: 8·19 + 9·20 + 10·22 + 11·23 = 805

Together 25 + 271 + 805 = 1101.
"""

# %%
image = np.arange(1, 28).reshape(3, 3, 3)
kernel = np.arange(12).reshape(3, 2, 2)
figures.channel_sum(image, kernel)
plt.show()

# %%
total = np.zeros((2, 2), int)
for channel in range(3):
    total = total + ops.corr2d(image[channel], kernel[channel])
x = image[None].astype(float)
weight = kernel[None].astype(float)
in_paddle = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(weight))
by_hand = [[1101, 1167], [1299, 1365]]
agree(by_hand=by_hand, loop=total, numpy=ops.conv2d(x, weight)[0, 0], paddle=in_paddle[0, 0])

# %% [markdown]
r"""
The channels do not stay apart: three went in, and one came out. If all slices hold the same numbers, the sum cannot tell a red edge from a blue one. With other numbers it can look for "red and not green". We test both on three pixels, one red, one yellow (red and green) and one blue.

> **Think.** The kernel is one pixel wide, with the slices 1, −1 and 0 for red, green and blue. What does it answer at the red, the yellow and the blue pixel?
"""

# %%
red_yellow_blue = np.zeros((1, 3, 1, 3))
red_yellow_blue[0, 0] = [1, 1, 0]
red_yellow_blue[0, 1] = [0, 1, 0]
red_yellow_blue[0, 2] = [0, 0, 1]
all_alike = np.array([1.0, 1, 1]).reshape(1, 3, 1, 1)
red_not_green = np.array([1.0, -1, 0]).reshape(1, 3, 1, 1)
agree(by_hand=[1, 2, 1], all_alike=ops.conv2d(red_yellow_blue, all_alike)[0, 0, 0])
agree(by_hand=[1, 0, 0], red_not_green=ops.conv2d(red_yellow_blue, red_not_green)[0, 0, 0])

# %% [markdown]
r"""
## Many channels out, many images

One kernel finds one kind of thing: an upright edge, say, or a red spot. For several things we take several kernels (**filters** is another word for them). Each kernel has its own slices and its own **bias**, one number that is added to all its outputs. Their results are stacked: as many output channels as kernels. All numbers together form the **weight**, with four axes,

$$C_\text{out} \times C_\text{in} \times k_h \times k_w,$$

and there is one bias for each *output* channel.

Training shows a network many images at a time, a **batch**, because computers multiply large tables faster than many small ones. A fourth axis in front counts the images: $N \times C_\text{in} \times H \times W$ becomes $N \times C_\text{out} \times H_\text{out} \times W_\text{out}$. The weight stays as it is.

The picture shows two images of five channels and 100×100 pixels, and ten kernels of 3×3. The first kernel is drawn full. Its window reaches through all five channels of an image, and it makes one channel of each output.
"""

# %%
figures.layer_stacks(images=2, in_channels=5, out_channels=10, sizes=(100, 3, 98))
plt.show()

# %%
rng = np.random.default_rng(0)
batch = rng.normal(size=(2, 5, 100, 100))
weight = rng.normal(size=(10, 5, 3, 3))
bias = rng.normal(size=10)
y = ops.conv2d(batch, weight, bias)
tensors = [paddle.to_tensor(array) for array in (batch, weight, bias)]
agree(numpy=y, paddle=F.conv2d(tensors[0], tensors[1], tensors[2]))
agree(second_image_alone=ops.conv2d(batch[1:], weight, bias)[0], in_the_batch=y[1])

# %% [markdown]
r"""
The second line says that no image knows of another: what comes out for one is the same whether it travels alone or in a batch. ([Chapter 08](08_batch_norm.ipynb) will break that rule, for good reasons.)

One output channel is one kernel's work. Channel 7 of the first image is the sum of five `corr2d`, one for each slice of kernel 7, and its bias:
"""

# %%
channel_7 = np.full((98, 98), bias[7])
for channel in range(5):
    channel_7 = channel_7 + ops.corr2d(batch[0, channel], weight[7, channel])
agree(five_corr2d_and_bias=channel_7, channel_7_of_conv2d=y[0, 7])

# %% [markdown]
r"""
> **Activity: only red, only yellow.** Five minutes, alone or in pairs. Pixels have six colours, each with red, green and blue: black [0, 0, 0], red [1, 0, 0], green [0, 1, 0], blue [0, 0, 1], yellow [1, 1, 0] and white [1, 1, 1]. Find two kernels of 1×1. The first answers with a positive number at red, and at no other colour. The second does so at yellow only. Write one row for each: the slices for red, green and blue, and the bias.
"""

# %%
my_kernels = ...
tell(check.red_and_yellow, my_kernels)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> Red: the slices 1, −1 and −1 with the bias 0 answer 1 at red, 0 at black and yellow, and −1 at green, blue and white. Yellow: the slices 1, 1 and −1 answer 2 at yellow, but also 1 at red, green and white. The bias −1.5 brings these to −0.5, and yellow to 0.5. Without a bias it cannot be done: the answer at yellow is the sum of the answers at red and at green.
>
> </details>

### What it costs

Two numbers tell what a layer costs. **Parameters** are the numbers that training can change: 10 kernels with 5 slices of 3×3, and 10 biases, make 10·5·9 + 10 = 460. **Multiply-adds** count the work: one product, added to a sum. One image has 98·98 outputs in each of 10 channels, and each output is a sum of 5·9 products. That makes 98·98·10·45 = 4,321,800.

You need not believe the formula. Replace every number by 1: then each output *is* the number of its products, and their sum is the count.
"""

# %%
layer = paddle.nn.Conv2D(5, 10, 3)
sizes = [parameter.size for parameter in layer.parameters()]
row = geometry.summary([geometry.conv(10, 3)], (5, 100, 100))[0]
agree(by_hand=10 * 5 * 9 + 10, geometry=row.parameters, paddle=sum(sizes))
products = ops.conv2d(np.ones((1, 5, 100, 100)), np.ones((10, 5, 3, 3))).sum()
agree(by_hand=98 * 98 * 10 * 45, geometry=row.multiply_adds, counted=products)

# %% [markdown]
r"""
> **Think.** Twice as many channels in *and* out: how do parameters and multiply-adds grow? And with an image twice as high and wide?
>
> <details><summary>Answer</summary>
>
> Channels: four times as many of both (biases only twice as many). Image: as many parameters, and about four times as many multiply-adds (exactly four with padding that keeps the size).
>
> </details>

## A feature is a direction

It is tempting to give each channel a meaning: "channel 3 finds edges". But the next layer only ever sees *sums* over the channels, each with weights of its own. So we may turn the channels, like a point's coordinates when the axes are turned, and turn the next layer's weights with them. Every single channel is then different, and the answer of the network is the same.

We turn two channels by 30 degrees with a kernel of 1×1. The same 1×1 kernel turns the slices of the next layer's weight.
"""

# %%
maps = rng.normal(size=(1, 2, 8, 8))
next_weight = rng.normal(size=(4, 2, 3, 3))
angle = np.deg2rad(30)
turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
turned_maps = ops.conv2d(maps, turn.reshape(2, 2, 1, 1))
turned_weight = ops.conv2d(next_weight, turn.reshape(2, 2, 1, 1))
before = ops.conv2d(maps, next_weight)
agree(before=before, channels_turned=ops.conv2d(turned_maps, turned_weight))
print(f"largest change of a channel itself: {np.abs(turned_maps - maps).max():.1f}")

# %% [markdown]
r"""
A feature is therefore a *direction* in the space of channels, and single channels are only the axes. The axes matter as soon as something works on each channel by itself and is not linear. Activations do, such as ReLU, which turns negative numbers into 0 ([chapter 07](07_activations.ipynb)). So does max pooling, which keeps the largest number of each window ([chapter 06](06_pooling.ipynb)). With one of them in between, the turned network answers something else. Average pooling is linear, and changes nothing:
"""


# %%
def pool_by_maximum(x):
    return ops.max_pool2d(x, 2)


def pool_by_average(x):
    return ops.avg_pool2d(x, 2)


steps = {"ReLU": ops.relu, "max pooling": pool_by_maximum, "average pooling": pool_by_average}
for name, step in steps.items():
    plain = ops.conv2d(step(maps), next_weight)
    turned = ops.conv2d(step(turned_maps), turned_weight)
    print(f"with {name} in between, largest difference: {np.abs(plain - turned).max():.1f}")

# %% [markdown]
r"""
## `paddle.nn.Conv2D`, argument by argument

So far we called a function and brought the weight along. A *layer* owns its weight, ready to be trained. Below, `x` is one image of two channels and 8×8 pixels. The first three arguments are `in_channels`, `out_channels` and `kernel_size`. The size of the kernel is one number, or [height, width].

> **Think.** Two channels in, four out, and a kernel of 3 rows and 2 columns: which shape has the weight, and which shape comes out of 8×8 pixels?
"""

# %%
x = paddle.to_tensor(rng.normal(size=(1, 2, 8, 8)).astype("float32"))
for kernel_size in (3, [3, 2]):
    layer = paddle.nn.Conv2D(2, 4, kernel_size)
    print(kernel_size, "weight", list(layer.weight.shape), "output", list(layer(x).shape))

# %% [markdown]
r"""
`stride` is one number or a pair. `padding` has the most forms: one number, a pair (height, width), four numbers (top, bottom, left, right), or one of the words `"SAME"` and `"VALID"` (none).
"""

# %%
for stride in (2, [2, 1]):
    print("stride", stride, list(paddle.nn.Conv2D(2, 4, 3, stride=stride)(x).shape))
for padding in (1, [1, 2], [1, 0, 2, 2], "SAME", "VALID"):
    print("padding", padding, list(paddle.nn.Conv2D(2, 4, 3, padding=padding)(x).shape))

# %% [markdown]
r"""
`dilation` spreads the kernel ([chapter 03](03_padding_stride_receptive_field.ipynb)). `groups` splits the channels, as we shall see below, so that the kernels have fewer slices. `padding_mode` says what to pad with.
"""

# %%
layers = {
    "dilation=2": paddle.nn.Conv2D(2, 4, 3, dilation=2),
    "groups=2": paddle.nn.Conv2D(2, 4, 3, groups=2),
    "circular": paddle.nn.Conv2D(2, 4, 3, padding=1, padding_mode="circular"),
}
for name, layer in layers.items():
    print(name, "weight", list(layer.weight.shape), "output", list(layer(x).shape))

# %% [markdown]
r"""
The weight starts at random and the bias at zero. Both can be read and set, by name. `bias_attr=False` leaves the bias out. Here we set the weight to 1, 2, 3 and 4 and let the layer work on ones: each output is 1 + 2 + 3 + 4 = 10.
"""

# %%
layer = paddle.nn.Conv2D(1, 1, 2)
for name, parameter in layer.named_parameters():
    print(name, list(parameter.shape))
layer.weight.set_value(np.arange(1, 5, dtype="float32").reshape(1, 1, 2, 2))
agree(by_hand=[[10, 10], [10, 10]], paddle=layer(paddle.ones([1, 1, 3, 3]))[0, 0])
print("without bias:", paddle.nn.Conv2D(1, 1, 2, bias_attr=False).bias)

# %% [markdown]
r"""
A layer takes a *tensor* with *four* axes, and a grey photograph is an array with two. It needs an axis for the channel and one for the batch, floats in place of 0 to 255, and `paddle.to_tensor`. `to_nchw` does the first three.
"""

# %%
grey = load_image(IMAGES / "camera.png", mode="L")
tensor = paddle.to_tensor(to_nchw(grey))
print(grey.shape, grey.dtype, "becomes", list(tensor.shape), "from 0 to", float(tensor.max()))
print("through Conv2D(1, 6, 5):", list(paddle.nn.Conv2D(1, 6, 5)(tensor).shape))
agree(pixels=grey / 255, tensor=tensor[0, 0])

# %% [markdown]
r"""
## 1×1: mix the channels

Ordinary convolution connects every output channel with every input channel, in a full window. Its relatives leave some of that out.

A kernel of 1×1 sees one pixel, but all its channels. It costs a ninth of a 3×3 kernel. By hand, with two channels 1, 2 and 3, 4 and the weights 10 and 1: 10·1 + 3 = 13 and 10·2 + 4 = 24. On `coffee`, a 1×1 kernel mixes grey from red, green and blue.
"""

# %%
two = np.array([[1.0, 2], [3, 4]]).reshape(1, 2, 1, 2)
weight = np.array([10.0, 1]).reshape(1, 2, 1, 1)
agree(by_hand=[13, 24], numpy=ops.conv2d(two, weight)[0, 0, 0])
coffee = to_nchw(load_image(IMAGES / "coffee.png"), np.float64)
to_grey = np.array([0.299, 0.587, 0.114]).reshape(1, 3, 1, 1)
grey = ops.conv2d(coffee, to_grey)
agree(numpy=grey, paddle=F.conv2d(paddle.to_tensor(coffee), paddle.to_tensor(to_grey)))

# %% [markdown]
r"""
## Grouped and depthwise: fewer connections

With `groups=2` the first half of the kernels sees only the first half of the channels, and the second half the second. With as many groups as channels, each kernel sees one channel: **depthwise** convolution. We find out which channel reaches which by experiment: light up one input channel at a time.

> **Think.** Six channels in, six out. How many of the 36 connections are left with 2 groups, and how many with 6?
"""


# %%
def connections(groups):
    one_at_a_time = np.eye(6).reshape(6, 6, 1, 1)
    weight = np.ones((6, 6 // groups, 1, 1))
    return ops.conv2d(one_at_a_time, weight, groups=groups)[:, :, 0, 0].T


axes = figures.panels(1, 3, 3.1)[0]
for ax, groups in zip(axes, (1, 2, 6), strict=True):
    title = f"groups={groups}: {connections(groups).sum():g} connections"
    figures.matrix(connections(groups), ax, numbers=True, limit=3, title=title)
    ax.set(xlabel="input channel", ylabel="output channel")
plt.show()

# %%
weight = rng.normal(size=(6, 3, 3, 3))
x = rng.normal(size=(1, 6, 9, 9))
first_half = ops.conv2d(x[:, :3], weight[:3])
second_half = ops.conv2d(x[:, 3:], weight[3:])
halves = np.concatenate([first_half, second_half], axis=1)
in_paddle = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(weight), groups=2)
agree(two_halves=halves, numpy=ops.conv2d(x, weight, groups=2), paddle=in_paddle)

# %% [markdown]
r"""
Depthwise convolution alone never mixes channels. Followed by a 1×1 convolution it does. The pair is called **depthwise-separable**, and many networks for telephones are built of it. With $C$ channels in and out it has $9C + C^2$ weights in place of $9C^2$:
"""

# %%
for C in (16, 64, 256):
    depthwise = geometry.conv(C, 3, padding=1, groups=C, bias=False)
    separable = geometry.summary([depthwise, geometry.conv(C, 1, bias=False)], (C, 32, 32))
    full = geometry.summary([geometry.conv(C, 3, padding=1, bias=False)], (C, 32, 32))
    few = separable[0].parameters + separable[1].parameters
    agree(by_hand=[9 * C + C**2, 9 * C**2], geometry=[few, full[0].parameters])
    print(f"C = {C}: a share of {few / full[0].parameters:.2f}")

# %% [markdown]
r"""
For many channels the share tends to a ninth, as the 1×1 part dominates. The pair cannot compute all that the full layer can: each channel gets one pattern in space, and every output mixes its answer from these.

On `coffee`, depthwise: each colour minus the mean of its eight neighbours, by itself, then shown as colours again.
"""

# %%
outline = np.full((3, 3), -1 / 8)
outline[1, 1] = 1
each_colour = ops.conv2d(coffee, np.tile(outline, (3, 1, 1, 1)), groups=3)
shown = {"coffee": coffee[0, :, 1:-1, 1:-1].transpose(1, 2, 0), "grey, by 1×1": grey[0, 0]}
shown["8 × size, depthwise"] = (8 * np.abs(each_colour[0])).clip(0, 1).transpose(1, 2, 0)
figures.pictures(shown)
plt.show()

# %% [markdown]
r"""
> **Think.** Rank by multiply-adds, for 64 channels in and out, size kept: 3×3, 1×1, depthwise 3×3, depthwise-separable 3×3, 3×3 with dilation 2. The next cell counts them for one pixel.
>
> <details><summary>Answer</summary>
>
> Depthwise 9·64 = 576; 1×1: 64·64 = 4,096; separable: 576 + 4,096 = 4,672; 3×3 with or without dilation: 9·64·64 = 36,864.
>
> </details>
"""

# %%
full = geometry.conv(64, 3, padding=1)
point = geometry.conv(64, 1)
depthwise = geometry.conv(64, 3, padding=1, groups=64)
dilated = geometry.conv(64, 3, padding=2, dilation=2)
stacks = {"depthwise": [depthwise], "1×1": [point], "separable": [depthwise, point]}
stacks |= {"3×3": [full], "dilated 3×3": [dilated]}
for name, layers in stacks.items():
    rows = geometry.summary(layers, (64, 32, 32))
    products = sum(row.multiply_adds for row in rows)
    print(f"{name:11} {products // 32**2:6,} multiply-adds for each pixel")

# %% [markdown]
r"""
## Deeper: dilated, a wider window for the same price

With dilation 2 the nine numbers of a 3×3 kernel stand two pixels apart and span 5×5. The result equals that of a 5×5 kernel with zeros in between, at the price of nine weights. On `camera`, "pixel minus the mean of its eight neighbours" at three distances: the wider, the larger the things that stand out. First the fine lines, then the collar, then the whole head.
"""

# %%
camera = to_nchw(load_image(IMAGES / "camera.png", mode="L"), np.float64)
kernel = outline[None, None]
with_zeros = np.zeros((1, 1, 5, 5))
with_zeros[:, :, ::2, ::2] = kernel
agree(dilated=ops.conv2d(camera, kernel, dilation=2), zeros=ops.conv2d(camera, with_zeros))
shown = {}
for d in (1, 3, 9):
    y = ops.conv2d(camera, kernel, padding="same", dilation=d, padding_mode="reflect")
    shown[f"dilation {d}"] = y[0, 0]
figures.pictures(shown, "signed", limits=(-0.5, 0.5), part=(80, 150, 200, 200))
plt.show()

# %% [markdown]
r"""
## Deeper: transposed, from small to large

A network that draws or segments has to make maps larger again. **Transposed** convolution turns the arrows of a convolution round. A convolution *reads* a window to write one number. A transposed one takes one number and *writes* a window: a stamp, the kernel times that number. Where stamps overlap, they add.

By hand: the inputs 1 and 2, the kernel 1, 1, 1 and stride 2. The first stamp writes 1, 1, 1 at places 0 to 2. The second writes 2, 2, 2 at places 2 to 4. Together 1, 1, 3, 2, 2.
"""

# %%
figures.stamps([1, 2], {"kernel 1, 1, 1 with stride 2": [1, 1, 1]}, stride=2)
plt.show()

# %%
pair = np.array([[[[1.0, 2]]]])
three_ones = np.ones((1, 1, 1, 3))
stamped = ops.conv2d_transpose(pair, three_ones, stride=(1, 2))
tensors = [paddle.to_tensor(pair), paddle.to_tensor(three_ones)]
in_paddle = F.conv2d_transpose(tensors[0], tensors[1], stride=[1, 2])
agree(by_hand=[[[[1, 1, 3, 2, 2]]]], numpy=stamped, paddle=in_paddle)

# %% [markdown]
r"""
> **Correction.** *Many papers call it* deconvolution. *True:* it does not undo a convolution. It is the transpose of the convolution's matrix ([chapter 02](02_convolution.ipynb)), with the shape of the input, and not its inverse. Blur `camera` and transpose the blur: the result is blurred twice and not sharp again.
"""

# %%
box = np.full((1, 1, 5, 5), 1 / 25)
blurred = ops.conv2d(camera, box)
back = ops.conv2d_transpose(blurred, box)
sharp = camera[0, 0, 10:-10, 10:-10]
shown = {"camera": sharp, "blurred": blurred[0, 0, 8:-8, 8:-8]}
shown["transposed blur of it"] = back[0, 0, 10:-10, 10:-10]
figures.pictures(shown, part=(70, 150, 180, 180))
plt.show()

# %%
for name, picture in shown.items():
    print(f"{name:21}: mean distance from camera {np.abs(picture - sharp).mean():.3f}")

# %% [markdown]
r"""
## Deeper: when stamps make a checkerboard

Stamps that overlap unevenly leave a pattern on a flat input (Odena, 2016). Five ones with stride 2:
"""

# %%
figures.stamps([1, 1, 1, 1, 1], {"kernel of 3": [1, 1, 1], "kernel of 4": [1, 1, 1, 1]}, stride=2)
plt.show()

# %% [markdown]
r"""
The usual advice is to take a kernel whose size is a multiple of the stride, so that every place is written equally often. We believed that this settles it. Then we tried unequal weights.

> **Think.** A kernel of 4 with the weights 1, 2, 3, 4 overlaps evenly. A kernel of 3 with 1, 2, 1 does not. Which of the two leaves a flat input flat?
"""

# %%
kernels = {"4 weights: 1, 2, 3, 4": [1, 2, 3, 4], "3 weights: 1, 2, 1": [1, 2, 1]}
figures.stamps([1, 1, 1, 1], kernels, stride=2)
plt.show()

# %% [markdown]
r"""
Evenly written is neither enough nor necessary. With stride 2, an even place receives the first and third weight, and an odd place the second and fourth. What counts is that these *sums of weights* are equal: 1 + 3 against 2 + 4 makes a checkerboard, and 1 + 1 against 2 makes none. In two dimensions there are four such sums. Training does not keep them equal by itself. Enlarging first, by repeating pixels, and convolving then is flat for every kernel:
"""

# %%
flat = np.ones((1, 1, 6, 6))
uneven = np.array([1.0, 2, 3]).reshape(1, 1, 1, 3)
stamped = ops.conv2d_transpose(flat, uneven, stride=2)[0, 0]
enlarged = flat.repeat(2, axis=2).repeat(2, axis=3)
convolved = ops.conv2d(enlarged, uneven)[0, 0]
agree(by_hand=[4, 2, 4, 2], stamped_along_a_row=stamped[0, 2:6])
agree(by_hand=[6, 6, 6, 6], enlarged_then_convolved=convolved[0, 2:6])

# %% [markdown]
r"""
## Deeper: one and three dimensions

The window slides along as many axes as there are: one for sound, three for a video or a scan of a body. Only the shape of the kernel changes. In one dimension, [−1, 1] turns the squares 0, 1, 4, 9, 16, 25 into the odd numbers. In three dimensions, a kernel of 3×3×3 looks at three frames of a video at once: a weight of $C_\text{out} \times C_\text{in} \times 3 \times 3 \times 3$.
"""

# %%
squares = np.array([0.0, 1, 4, 9, 16, 25])
in_paddle = F.conv1d(
    paddle.to_tensor(squares.reshape(1, 1, 6)), paddle.to_tensor([[[-1.0, 1]]], "float64")
)
in_numpy = ops.corr2d(squares[None], np.array([[-1.0, 1]]))
agree(by_hand=[1, 3, 5, 7, 9], numpy=in_numpy[0], paddle=in_paddle[0, 0])
layer = paddle.nn.Conv3D(3, 4, 3)
video = paddle.ones([1, 3, 8, 16, 16])
print("weight", list(layer.weight.shape), "8 frames of 16 × 16 become", list(layer(video).shape))

# %% [markdown]
r"""
## What older Paddle listings get wrong

| in listings | in Paddle 3.3 |
|---|---|
| `print(layer.weight)` shows the weight's name | it shows the values; the name is in `.name` |
| a `Conv2D` has no bias unless asked for | it has one unless `bias_attr=False` |
| `Conv2D(1, 1, 3, 1, 0, 1, 1, "zeros")`, all by position | what follows `groups` must be given by name; the old call raises a `TypeError` |

The cell checks all three rows.
"""

# %%
layer = paddle.nn.Conv2D(1, 1, 2)
print("name printed with the weight:", layer.weight.name in str(layer.weight))
print("has a bias:", layer.bias is not None)
try:
    paddle.nn.Conv2D(1, 1, 3, 1, 0, 1, 1, "zeros")
except TypeError as error:
    print("refused:", "positional argument" in str(error))

# %% [markdown]
r"""
## What you have seen, done, and can now use

- **Channels in** are added, each with its own slice of the kernel. **Channels out** are as many as kernels, each with one bias. **Images** of a batch do not mix.
- **Costs** can be counted: $C_\text{out} C_\text{in} k_h k_w$ weights, and as many multiply-adds for each place of the output.
- **A feature** is a direction in the space of channels. What works on each channel by itself and is not linear, such as an activation, ties it to single channels.
- **`Conv2D`** takes everything up to `groups` by position or by name, and the rest by name only. It wants a tensor with four axes.
- **Relatives:** 1×1 mixes channels, groups and depthwise separate them.
- *Deeper:* transposed convolution enlarges and does not invert; it leaves a checkerboard unless the sums of its weights are equal for all places.

In one sentence: a kernel reaches through all channels of its input and makes one channel of output, so a layer needs $C_\text{in}$ slices times $C_\text{out}$ kernels.

## Exercises

The [exercises of this chapter](exercises/04_channels_and_batches.ipynb) check themselves. Count what a layer costs, write a layer in loops, and repair a camera with one convolution. Take a channel out of a network without changing its answer, and measure how much of a colour photograph one channel can hold.

## Further reading

- M. Lin, Q. Chen and S. Yan, *Network in network*, 2013, [arXiv 1312.4400](https://arxiv.org/abs/1312.4400): 1×1 convolutions.
- A. Howard and others, *MobileNets*, 2017, [arXiv 1704.04861](https://arxiv.org/abs/1704.04861), and F. Chollet, *Xception*, 2016, [arXiv 1610.02357](https://arxiv.org/abs/1610.02357): depthwise-separable convolutions.
- C. Olah, A. Mordvintsev and L. Schubert, *Feature visualization*, 2017, [doi 10.23915/distill.00007](https://doi.org/10.23915/distill.00007): directions in the space of channels.
- A. Odena, V. Dumoulin and C. Olah, *Deconvolution and checkerboard artifacts*, 2016, [doi 10.23915/distill.00003](https://doi.org/10.23915/distill.00003).
- V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, 2016, [arXiv 1603.07285](https://arxiv.org/abs/1603.07285): transposed convolution, section 4.

Previous: [03 Control what a convolution sees](03_padding_stride_receptive_field.ipynb) · Next: [05 Find edges and blur photographs](05_edges_and_blur.ipynb)
"""
