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

## What you will see, do, and need

**See** how a convolution adds over the channels of its input, makes as many output channels as it has kernels, and treats a batch of images alike.

**Do** a three-channel example by hand; count parameters and multiplications in a loop; try every argument of `paddle.nn.Conv2D` on a small cell; meet the relatives of convolution with their costs, on small numbers and on a photograph.

**Need** chapters 02 (kernels, `corr2d`, `conv2d`) and 03 (padding, stride, dilation, sizes). About 60 minutes.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import figures, geometry, ops
from helpers.data import IMAGES, load_image, to_nchw
from helpers.figures.channels import channel_sum, layer_stacks

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
## Many channels in

A colour photograph has three numbers at each pixel, red, green and blue: three **channels**. Deeper in a network there are hundreds, one for each feature. A kernel for such an input has as many layers as the input has channels. Each layer slides over its own channel, and the results are **added**.

Three channels hold 1…9, 10…18 and 19…27, the three layers of the kernel 0…3, 4…7 and 8…11. By hand, upper left:

- channel 0: 0·1 + 1·2 + 2·4 + 3·5 = 25
- channel 1: 4·10 + 5·11 + 6·13 + 7·14 = 271
- channel 2: 8·19 + 9·20 + 10·22 + 11·23 = 805

Together 25 + 271 + 805 = 1101.
"""

# %%
image = np.arange(1, 28).reshape(3, 3, 3)
kernel = np.arange(12).reshape(3, 2, 2)
channel_sum(image, kernel)
plt.show()

# %%
by_hand = [[1101, 1167], [1299, 1365]]
assert np.array_equal(sum(map(ops.corr2d, image, kernel)), by_hand)
x, weight = image[None].astype(float), kernel[None].astype(float)
assert np.array_equal(ops.conv2d(x, weight)[0, 0], by_hand)
in_paddle = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(weight)).numpy()
assert np.array_equal(in_paddle[0, 0], by_hand)

# %% [markdown]
r"""
Note what is *not* there: the channels do not stay apart. Three channels went in, one came out. If red, green and blue carry the same kernel, the sum cannot tell a red edge from a blue one; a network gives each channel numbers of its own, and so can look for "red here and not green".

## Many channels out

One kernel finds one kind of thing: an upright edge, say, or a red spot. For several we take several kernels (*filters* is another word for them), each with its own layers and its own bias, and stack their results: as many output channels as kernels. All numbers together form the **weight**, with four axes,

$$C_\text{out} \times C_\text{in} \times k_h \times k_w,$$

and there is one bias for each *output* channel, $C_\text{out}$ in all. Drawn for five channels in, four out, 3×3 kernels and images of 100×100 pixels:
"""

# %%
layer_stacks(images=1, in_channels=5, out_channels=4, sizes=(100, 3, 98))
plt.show()

# %% [markdown]
r"""
## Many images

Training shows a network many images at a time, a **batch**, because computers multiply large tables faster than many small ones. A fourth axis in front counts the images: $N \times C_\text{in} \times H \times W$ becomes $N \times C_\text{out} \times H_\text{out} \times W_\text{out}$. The weight does not change, and no image knows of another: what comes out for one is the same whether it travels alone or in company (chapter 08 will break that rule, for good reasons).
"""

# %%
layer_stacks(images=2, in_channels=5, out_channels=10, sizes=(100, 3, 98))
plt.show()

# %%
rng = np.random.default_rng(0)
batch, weight = rng.normal(size=(2, 5, 100, 100)), rng.normal(size=(10, 5, 3, 3))
bias = rng.normal(size=10)
y = ops.conv2d(batch, weight, bias)
assert y.shape == (2, 10, 98, 98)
assert np.allclose(y[1], ops.conv2d(batch[1:], weight, bias)[0])
assert np.allclose(y[0, 7] - bias[7], sum(map(ops.corr2d, batch[0], weight[7])))

# %% [markdown]
r"""
### What it costs

Two numbers tell what a layer costs. **Parameters:** 10 kernels of 5 layers of 3×3, and 10 biases: 10·5·9 + 10 = 460. **Multiply-adds** (one product, added to a sum) for one image: 98·98 outputs in 10 channels, each a sum of 5·9 products: 4,321,800. Instead of believing the formula, count: replace every number by 1, and each output *is* the number of its products.
"""

# %%
layer = paddle.nn.Conv2D(5, 10, 3)
parameters = sum(p.size for p in layer.parameters())
products = sum(np.prod(window.shape) for _ in range(10) for window in np.ones((98 * 98, 5, 3, 3)))
(row,) = geometry.summary([geometry.conv(10, 3)], (5, 100, 100))
assert parameters == row.parameters == 10 * 5 * 9 + 10 == 460
assert products == row.multiply_adds == 98 * 98 * 10 * 5 * 9
assert ops.conv2d(np.ones((1, 5, 100, 100)), np.ones((10, 5, 3, 3))).sum() == products

# %% [markdown]
r"""
> **Think.** Twice as many channels in *and* out: how do parameters and multiply-adds grow? And an image twice as high and wide?
>
> <details><summary>Answer</summary>
>
> Channels: four times as many of both (biases only twice). Image: as many parameters, four times as many multiply-adds.
>
> </details>

## `paddle.nn.Conv2D`, argument by argument

So far we called a function and brought the weight. A *layer* owns its weight, ready to be trained. Below, `x` is one image of two channels and 8×8 pixels; read from each line which shapes come of it. Its first three arguments are `in_channels`, `out_channels` and `kernel_size`. The kernel's size is one number, or [height, width]:
"""

# %%
x = paddle.to_tensor(rng.normal(size=(1, 2, 8, 8)).astype("float32"))
for kernel_size in (3, [3, 2]):
    layer = paddle.nn.Conv2D(2, 4, kernel_size)
    print(kernel_size, "weight", list(layer.weight.shape), "output", list(layer(x).shape))

# %% [markdown]
r"""
`stride` is one number or a pair. `padding` has the most forms: one number, a pair (height, width), four numbers (top, bottom, left, right), or the words `"SAME"` and `"VALID"` (none).
"""

# %%
for stride in (2, [2, 1]):
    print("stride", stride, list(paddle.nn.Conv2D(2, 4, 3, stride=stride)(x).shape))
for padding in (1, [1, 2], [1, 0, 2, 2], "SAME", "VALID"):
    print("padding", padding, list(paddle.nn.Conv2D(2, 4, 3, padding=padding)(x).shape))

# %% [markdown]
r"""
`dilation` spreads the kernel (chapter 03). `groups` splits the channels, as we shall see below; the kernels then have fewer layers. `padding_mode` says what to pad with; other modes than zeros need `padding` as one number.
"""

# %%
options = [{"dilation": 2}, {"groups": 2}, {"padding": 1, "padding_mode": "circular"}]
for option in options:
    layer = paddle.nn.Conv2D(2, 4, 3, **option)
    print(option, "weight", list(layer.weight.shape), "output", list(layer(x).shape))

# %% [markdown]
r"""
The weight starts at random and the bias at zero, and both can be read, by value and by name. `bias_attr=False` leaves the bias out.

> **Correction.** *Commonly shown:* printing a layer's weight shows its name. *True:* in Paddle 3.3 it shows the values; the name is in `.name`. And a convolution layer does have a bias, unless it is told not to.
"""

# %%
paddle.seed(0)
layer = paddle.nn.Conv2D(1, 1, 2)
names = [name for name, _ in layer.named_parameters()]
assert names == ["weight", "bias"] and layer.weight.name.startswith("conv2d")
assert layer.bias.tolist() == [0] and paddle.nn.Conv2D(1, 1, 2, bias_attr=False).bias is None
print(names, np.round(layer.weight.numpy().ravel(), 2))

# %% [markdown]
r"""
> **Correction.** *Commonly copied from older code:* everything by position, `Conv2D(1, 1, 3, 1, 0, 1, 1, "zeros")`. *True:* in Paddle 3.3 whatever follows `groups` must be given by name, and the old call raises an error.
"""

# %%
try:
    paddle.nn.Conv2D(1, 1, 3, 1, 0, 1, 1, "zeros")
except TypeError as error:
    refused = str(error)
assert "positional argument" in refused
assert paddle.nn.Conv2D(1, 1, 3, 1, 0, 1, 1, padding_mode="zeros") is not None

# %% [markdown]
r"""
> **Correction.** *Commonly forgotten:* a layer takes a *tensor* with *four* axes. A grey photograph is an array with two. It needs an axis for the channel and one for the batch, floats instead of 0…255, and `paddle.to_tensor`. `to_nchw` does the first three.
"""

# %%
grey = load_image(IMAGES / "camera.png", mode="L")
tensor = paddle.to_tensor(to_nchw(grey))
print(grey.shape, grey.dtype, "becomes", list(tensor.shape), "from 0 to", float(tensor.max()))
assert np.allclose(tensor.numpy()[0, 0], grey / 255)
assert list(paddle.nn.Conv2D(1, 6, 5)(tensor).shape) == [1, 6, 508, 508]

# %% [markdown]
r"""
## The relatives of convolution

Ordinary convolution connects every output channel with every input channel, in a full window. Its relatives leave some of that out, or turn it round.

### 1×1: mix the channels

A kernel of 1×1 sees one pixel, but all its channels: at each pixel, the same small dense layer. It costs a ninth of a 3×3 kernel. On a small example, two channels and the weights 10 and 1; on `coffee`, the mixture that makes grey from red, green and blue.
"""

# %%
two = np.array([[[[1.0, 2]], [[3.0, 4]]]]).reshape(1, 2, 1, 2)
mixed = ops.conv2d(two, np.array([10.0, 1]).reshape(1, 2, 1, 1))
assert mixed.ravel().tolist() == [10 * 1 + 3, 10 * 2 + 4] == [13, 24]
coffee = to_nchw(load_image(IMAGES / "coffee.png"), np.float64)
to_grey = np.array([0.299, 0.587, 0.114]).reshape(1, 3, 1, 1)
grey = ops.conv2d(coffee, to_grey)
assert np.allclose(F.conv2d(paddle.to_tensor(coffee), paddle.to_tensor(to_grey)).numpy(), grey)

# %% [markdown]
r"""
### Grouped and depthwise: fewer connections

With `groups=2` the first half of the kernels sees only the first half of the channels, the second half the second. With as many groups as channels each kernel sees one channel: **depthwise** convolution. We find out which channel reaches which by experiment: light up one input channel at a time.
"""


# %%
def connections(groups, channels=6):
    one_at_a_time = np.eye(channels).reshape(channels, channels, 1, 1)
    weight = np.ones((channels, channels // groups, 1, 1))
    return ops.conv2d(one_at_a_time, weight, groups=groups)[:, :, 0, 0].T


shown = {f"groups {groups}": connections(groups) for groups in (1, 2, 6)}
for ax in figures.pictures(shown, "value", limits=(0, 1)).flat:
    ax.set(xlabel="input channel", ylabel="output channel")
plt.show()

# %%
assert [int(connections(groups).sum()) for groups in (1, 2, 6)] == [36, 18, 6]
weight = rng.normal(size=(6, 3, 3, 3))
x = rng.normal(size=(1, 6, 9, 9))
halves = [ops.conv2d(x[:, i : i + 3], weight[i : i + 3]) for i in (0, 3)]
assert np.allclose(ops.conv2d(x, weight, groups=2), np.concatenate(halves, axis=1))
in_paddle = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(weight), groups=2).numpy()
assert np.allclose(in_paddle, ops.conv2d(x, weight, groups=2))

# %% [markdown]
r"""
Depthwise convolution alone never mixes channels. Followed by a 1×1 convolution it does: **depthwise-separable** convolution, the workhorse of networks for telephones. With $C$ channels in and out it has $9C + C^2$ weights instead of $9C^2$:
"""

# %%
for C in (16, 64, 256):
    depthwise = geometry.conv(C, 3, padding=1, groups=C, bias=False)
    separable = geometry.summary([depthwise, geometry.conv(C, 1, bias=False)], (C, 32, 32))
    full = geometry.summary([geometry.conv(C, 3, padding=1, bias=False)], (C, 32, 32))
    weights = sum(row.parameters for row in separable), full[0].parameters
    assert weights == (9 * C + C**2, 9 * C**2)
    share = weights[0] / weights[1]
    print(f"C = {C:3}: {weights[0]:6,} instead of {weights[1]:7,}, a share of {share:.2f}")

# %% [markdown]
r"""
For many channels the share tends to a ninth, as the 1×1 part dominates. It is not the same map with fewer numbers, but a smaller family of maps: each channel gets one spatial pattern, and all outputs have to mix their answers from those. On `coffee`, depthwise: an outline for each colour by itself, then shown as colours again.
"""

# %%
outline = np.full((3, 3), -1 / 8)
outline[1, 1] = 1
each_colour = ops.conv2d(coffee, np.tile(outline, (3, 1, 1, 1)), groups=3)[0].transpose(1, 2, 0)
shown = {"coffee": coffee[0].transpose(1, 2, 0)[1:-1, 1:-1], "grey, by 1×1": grey[0, 0, 1:-1, 1:-1]}
shown["outlines · 8, depthwise"] = (8 * np.abs(each_colour)).clip(0, 1)
figures.pictures(shown)
plt.show()

# %% [markdown]
r"""
### Dilated: a wider window for the same price

With dilation 2 the nine numbers of a 3×3 kernel stand two pixels apart and span 5×5. It equals a 5×5 kernel with zeros in between, at the price of nine. Here on small numbers, and on `camera` an outline kernel at three widths: the wider, the larger the things that stand out from their surroundings, first hairs, then the collar, then the face.
"""

# %%
spread = np.zeros((5, 5))
spread[::2, ::2] = outline
small, kernel = rng.normal(size=(1, 1, 9, 9)), outline[None, None]
assert np.allclose(ops.conv2d(small, kernel, dilation=2), ops.conv2d(small, spread[None, None]))

# %%
camera = to_nchw(load_image(IMAGES / "camera.png", mode="L"), np.float64)
shown = {}
for d in (1, 3, 9):
    y = ops.conv2d(camera, kernel, padding="same", dilation=d, padding_mode="reflect")
    shown[f"dilation {d}"] = y[0, 0]
figures.pictures(shown, "signed", limits=(-0.5, 0.5), part=np.s_[80:280, 150:350])
plt.show()

# %% [markdown]
r"""
### Transposed: from small to large

A network that draws or segments has to make maps larger again. **Transposed** convolution turns the arrows of a convolution round: where a convolution *reads* a window to write one number, it takes one number and *writes* a window, a copy of the kernel times that number; where copies overlap, they add. By hand: input [1, 2], kernel [1, 1, 1], stride 2 gives 1, 1, 1 at places 0 to 2, and 2, 2, 2 at places 2 to 4: together 1, 1, 3, 2, 2.
"""

# %%
pair, three_ones = np.array([[[[1.0, 2]]]]), np.ones((1, 1, 1, 3))
stamped = ops.conv2d_transpose(pair, three_ones, stride=(1, 2))
assert stamped.ravel().tolist() == [1, 1, 3, 2, 2]
tensors = paddle.to_tensor(pair), paddle.to_tensor(three_ones)
assert np.array_equal(F.conv2d_transpose(*tensors, stride=[1, 2]).numpy(), stamped)

# %% [markdown]
r"""
> **Correction.** *Commonly called:* deconvolution. *True:* it does not undo a convolution. It is the transpose of the convolution's matrix (chapter 02), with the shape of the input, not its inverse. Blur `camera` and transpose the blur: the result is blurred twice, not sharp again.
"""

# %%
box = np.full((1, 1, 5, 5), 1 / 25)
blurred = ops.conv2d(camera, box)
back = ops.conv2d_transpose(blurred, box)
once, twice = blurred[0, 0, 8:-8, 8:-8], back[0, 0, 10:-10, 10:-10]
sharp = camera[0, 0, 10:-10, 10:-10]
assert back.shape == camera.shape
assert np.abs(twice - sharp).mean() > np.abs(once - sharp).mean()

# %%
shown = {"camera": sharp, "blurred": once, "transposed blur of it": twice}
figures.pictures(shown, part=np.s_[80:240, 160:320])
plt.show()

# %% [markdown]
r"""
Look at the overlap above: the third place was written twice. With a 3×3 kernel and stride 2 some pixels receive one copy, some two, some four, and a flat input comes out as a **checkerboard** (Odena, 2016). A kernel whose size is a multiple of the stride covers all alike; so does enlarging first and convolving then.
"""

# %%
flat, shown = np.ones((1, 1, 5, 5)), {}
for k in (3, 4):
    copies = ops.conv2d_transpose(flat, np.ones((1, 1, k, k)), stride=2)
    shown[f"kernel {k}, stride 2"] = copies[0, 0]
figures.pictures(shown, "value", height=4)
plt.show()

# %%
inner = [picture[2:-2, 2:-2] for picture in shown.values()]
assert np.unique(inner[0]).tolist() == [1, 2, 4] and np.unique(inner[1]).tolist() == [4]

# %% [markdown]
r"""
### One and three dimensions

The window slides along as many axes as there are: one for sound, three for a video or a scan of a body. Only the kernel's shape changes. In one dimension, [−1, 1] turns the squares 0, 1, 4, 9, 16, 25 into the odd numbers; in three, a kernel of 3×3×3 looks at three frames of a video at once, and the layer's cost grows accordingly.
"""

# %%
sound = paddle.to_tensor([[[0.0, 1, 4, 9, 16, 25]]])
slope = F.conv1d(sound, paddle.to_tensor([[[-1.0, 1]]])).numpy().ravel()
assert slope.tolist() == [1, 3, 5, 7, 9]

# %%
video = paddle.ones([1, 3, 8, 16, 16])
layer = paddle.nn.Conv3D(3, 4, 3)
assert list(layer(video).shape) == [1, 4, 6, 14, 14] and list(layer.weight.shape) == [4, 3, 3, 3, 3]

# %% [markdown]
r"""
> **Think.** Rank by multiply-adds, for 64 channels in and out on 32×32 pixels, size kept: 3×3, 1×1, depthwise 3×3, depthwise-separable 3×3, 3×3 with dilation 2.
>
> <details><summary>Answer</summary>
>
> For each pixel: depthwise 9·64 = 576; 1×1: 64·64 = 4,096; separable: 4,672; 3×3 and dilated 3×3 both 9·64·64 = 36,864.
>
> </details>

The next cell computes them, as multiply-adds for each of the 32·32 pixels.
"""


# %%
def cost_of_a_pixel(*layers):
    return sum(row.multiply_adds for row in geometry.summary(layers, (64, 32, 32))) // 32**2


full, point = geometry.conv(64, 3, padding=1), geometry.conv(64, 1)
depthwise = geometry.conv(64, 3, padding=1, groups=64)
dilated = geometry.conv(64, 3, padding=2, dilation=2)
assert cost_of_a_pixel(depthwise) == 576 and cost_of_a_pixel(point) == 4096
assert cost_of_a_pixel(depthwise, point) == 4672
assert cost_of_a_pixel(full) == cost_of_a_pixel(dilated) == 36_864

# %% [markdown]
r"""
## What you have seen, done, and can now use

- **Channels in** are added, each with its own layer of the kernel; **channels out** are as many as kernels, each with one bias; **images** of a batch are independent.
- **Costs** can be counted: $C_\text{out} C_\text{in} k_h k_w$ weights, and as many multiply-adds for each output pixel.
- **`Conv2D`** takes its size arguments by position and the rest by name, wants a 4-D tensor, and shows its weight and bias.
- **Relatives:** 1×1 mixes channels, groups and depthwise separate them, dilation spreads the window, transposition enlarges (and neither inverts nor, with an unlucky kernel, writes evenly).

## Exercises

1. Write a 3×3 depthwise-separable convolution of three channels as *one* ordinary convolution, and check it on `coffee`.
2. Which ordinary convolution leaves an image of $C$ channels exactly as it is?
3. Enlarge `camera` twofold by a transposed convolution with stride 2 that repeats every pixel. Which kernel? And which one interpolates between neighbours along a row?
4. Show that a 1×1 convolution followed by another is a 1×1 convolution, and compute its weight.

The cells below hold one solution each.
"""

# %% tags=["solution"]
depth, point = rng.normal(size=(3, 1, 3, 3)), rng.normal(size=(5, 3, 1, 1))
two_steps = ops.conv2d(ops.conv2d(coffee, depth, groups=3), point)
assert np.allclose(two_steps, ops.conv2d(coffee, point * depth[:, 0]))

# %% tags=["solution"]
leave = np.eye(3).reshape(3, 3, 1, 1)
assert np.array_equal(ops.conv2d(coffee, leave), coffee)

# %% tags=["solution"]
twice = ops.conv2d_transpose(camera, np.ones((1, 1, 2, 2)), stride=2)
assert np.array_equal(twice, camera.repeat(2, axis=2).repeat(2, axis=3))
between = ops.conv2d_transpose(camera, np.array([0.5, 1, 0.5]).reshape(1, 1, 1, 3), stride=(1, 2))
assert np.allclose(between[..., 2:-1:2], (camera[..., :-1] + camera[..., 1:]) / 2)

# %% tags=["solution"]
first, second = rng.normal(size=(4, 3, 1, 1)), rng.normal(size=(2, 4, 1, 1))
product = second[:, :, 0, 0] @ first[:, :, 0, 0]
in_a_row = ops.conv2d(ops.conv2d(coffee, first), second)
assert np.allclose(in_a_row, ops.conv2d(coffee, product.reshape(2, 3, 1, 1)))

# %% [markdown]
r"""
## Further reading

- M. Lin, Q. Chen and S. Yan, *Network in network*, 2013, [arXiv 1312.4400](https://arxiv.org/abs/1312.4400): 1×1 convolutions.
- A. Howard and others, *MobileNets*, 2017, [arXiv 1704.04861](https://arxiv.org/abs/1704.04861), and F. Chollet, *Xception*, 2016, [arXiv 1610.02357](https://arxiv.org/abs/1610.02357): depthwise-separable convolutions.
- A. Odena, V. Dumoulin and C. Olah, *Deconvolution and checkerboard artifacts*, 2016, [doi 10.23915/distill.00003](https://doi.org/10.23915/distill.00003).
- V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, 2016, [arXiv 1603.07285](https://arxiv.org/abs/1603.07285): transposed convolution, section 4.

Next: chapter 05 puts kernels with a purpose into these layers.
"""
