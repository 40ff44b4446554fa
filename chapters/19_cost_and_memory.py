# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Budget a network before building it

A network has three costs: parameters, multiply-adds, and activations. They lie in different layers. **Count all three before you build. Memory holds what somebody still has to read: in use, a layer's input and output; in training, everything that the way back will read.** This chapter counts by hand, and then asks Paddle whether the count is right. From a few images on it is, to within one part in a hundred.

## What you will see, do, and need

**See** where seven famous networks have their parameters, and where their work; which layers cost no memory; why a network that fits in use does not fit in training.

**Do** count a network of a standard pattern; predict Paddle's peak memory and measure it; find the largest batch for a given memory; design a network within three limits.

**Need** convolutions of several channels from [chapter 04](04_channels_and_batches.ipynb), receptive fields from [chapter 03](03_padding_stride_receptive_field.ipynb), backward passes from [chapter 10](10_backpropagation.ipynb), and optimisers from [chapter 11](11_dense_networks_and_optimisers.ipynb). The copied windows (im2col) are those of [chapter 12](12_fast_convolution.ipynb). About 50 minutes, and 40 for the sections marked *Deeper*.
"""

# %%
import itertools
import sys
import tracemalloc

import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, geometry, models, peak
from helpers.checks import cost_and_memory as check, tell
from helpers.models import famous
from helpers.twins import in_paddle

import paddle

MiB = 2**20
print("one MiB is", MiB, "bytes, and a float32 number takes 4 bytes")

# %% [markdown]
r"""
## A pattern for a whole network

Many networks of the years up to 2014 follow one pattern:

INPUT → [[CONV → RELU] × N → POOL] × M → [FC → RELU] × K → FC

FC (*fully connected*) is a linear layer. The part in the inner brackets stands N times. Then comes a pooling that halves height and width, and all of this stands M times. K hidden linear layers and a last one follow. Three numbers describe the shape of the network. Two more say how wide it is: the kernels of the first block, which double from block to block, and the units of a hidden linear layer.

The function below makes no weights. It makes a list of *descriptions*, and that is enough to count. All convolutions are 3×3 with padding 1 and stride 1. **Predict** before you run it: in which layers lie most of the parameters, in which most multiply-adds, and in which most activations?
"""


# %%
def pattern(N, M, K, channels=16, units=64):
    layers = []
    for _ in range(M):
        for _ in range(N):
            layers += [geometry.conv(channels, 3, padding=1), geometry.activation()]
        layers.append(geometry.pool(2))
        channels = 2 * channels
    layers.append(geometry.flatten())
    for _ in range(K):
        layers += [geometry.linear(units), geometry.activation()]
    return [*layers, geometry.linear(10)]


# %%
layers = pattern(N=2, M=3, K=1)
rows = geometry.summary(layers, (3, 32, 32))
print(geometry.table(rows))

# %% [markdown]
r"""
By hand, for the first layer. One kernel has 3·3·3 = 27 weights and a bias, so 16 kernels have 16 · 28 = 448 **parameters**. Each of the 16·27 weights is used at 32·32 = 1,024 places: 442,368 **multiply-adds**. The output has 16·1,024 = 16,384 numbers, which take 65,536 bytes or 64 KiB. The outputs of layers are the **activations**, with or without an activation function, and we count them for one image. (The column KiB lists all outputs. Later we ask which of them must stay.)

> **Note.** One multiply-add is one multiplication *and* one addition, so two floating-point operations (FLOPs). Papers print either number under the name "FLOPs". A factor of 2 between two sources is usually this. We count multiply-adds of convolutions and linear layers. Additions of a bias, ReLU, poolings and normalisations are left out: they are few. And neither number is the time that a network takes, as [chapter 12](12_fast_convolution.ipynb) found.

Now the list becomes a real network. `models.build` draws weights for it and makes layers of `helpers.nn`, and `in_paddle` makes the same in Paddle.
"""

# %%
rng = np.random.default_rng(0)
ours = models.build(rng, layers, (3, 32, 32))
theirs = in_paddle(ours)
in_ours = sum([parameter.value.size for parameter in ours.parameters()])
in_theirs = sum([parameter.size for parameter in theirs.parameters()])
counted = sum([row.parameters for row in rows])
first = [rows[0].parameters, rows[0].multiply_adds, rows[0].activation_bytes]
agree(by_hand=[448, 442368, 65536], geometry=first)
agree(geometry=counted, numpy=in_ours, paddle=in_theirs)
batch = rng.normal(size=(4, 3, 32, 32)).astype("float32")
agree(1e-4, numpy=ours(batch), paddle=theirs(paddle.to_tensor(batch)))

# %% [markdown]
r"""
Back to the table, and to your prediction. The three answers differ. The first linear layer has nearly half of the parameters, since it has weights of its own for each of 4×4 places. The multiply-adds are spread over the blocks, and the linear layers have hardly any. The activations are largest in front, where height and width are not yet halved.

## Sizes that go well together

**Sides that can be halved often.** Each pooling halves the side. With an odd side a row and a column are dropped. Convenient inputs are 32, 64, 96, 224, 384 or 512. How often can each be halved before it is odd?
"""

# %%
for side in (32, 64, 96, 224, 384, 512, 100, 227):
    halvings = 0
    while side % 2 ** (halvings + 1) == 0:
        halvings += 1
    print(f"{side:4}: {halvings} times, down to {side // 2**halvings}")

# %% [markdown]
r"""
**Padding that keeps the size.** Without padding each 3×3 layer takes away one pixel at every border. After six layers 32 pixels are 20. Worse, the pixels at the border are hardly read at all. We count **paths** in one dimension: the ways from an input pixel through six layers to any output. Every output has one path to itself. Each layer on the way back hands its paths to three pixels, the one below it and two neighbours. **Predict**: a pixel in the middle has 3⁶ = 729 paths; how many has the first pixel, without padding and with it?
"""

# %%
without = np.ones(20)
padded = np.ones(32)
for _ in range(6):
    without = np.convolve(without, [1, 1, 1])
    padded = np.convolve(padded, [1, 1, 1])[1:-1]
agree(by_hand=[1, 729], numpy=without[[0, 16]].astype(int))
print("first pixel with padding 1:", int(padded[0]), "paths")

# %%
runs = {"padding 1": padded / 729, "no padding": without / 729}
pixels = np.arange(32)
ax = figures.curves(
    runs, pixels, "pixel of a row", "paths, as a share of 729", limits=(-0.05, 1.05)
)
ax.set_title("Without padding the border is washed out")
plt.show()

# %% [markdown]
r"""
Without padding the first pixel has a single path, and the middle 729. In two dimensions it is the product of row and column: a corner has one path, the middle 531,441. With padding the first pixel keeps more than a third, and a corner 13 %. So padding does not treat all pixels alike either, but it does not lose them.

**Small kernels.** Three 3×3 layers see 7×7 pixels, and so does one 7×7 layer. Let both have 64 channels in and out, on 56×56 pixels. By hand, without biases: 3 · 9 · 64² = 110,592 weights against 49 · 64² = 200,704. **Predict** which of the two needs more memory in a training step.
"""

# %%
three = [geometry.conv(64, 3, padding=1, bias=False), geometry.activation()] * 3
one = [geometry.conv(64, 7, padding=3, bias=False), geometry.activation()]
volume = 4 * 64 * 56 * 56
step = {}
for name, stack in {"three 3×3": three, "one 7×7": one}.items():
    costs = geometry.summary(stack, (64, 56, 56))
    weights = sum([row.parameters for row in costs])
    work = sum([row.multiply_adds for row in costs])
    field = geometry.receptive_field(stack)[-1].field
    print(f"{name:10} {weights:,} weights, {work:,} multiply-adds, field {field}")
    back = geometry.way_back(stack, (64, 56, 56))
    step[name] = []
    for size in (1, 8, 32):
        step[name].append(max([row.of(size) for row in back]) / volume)

# %%
for name, stack in {"three 3×3": three, "one 7×7": one}.items():
    for times in (1, 10):
        memory = sum([row.bytes for row in geometry.kept(stack * times, (64, 56, 56))])
        print(f"{name:10} {times:2} in a row: {memory // volume} volumes kept for each image")
    print(f"{name:10} whole step, 1, 8 and 32 images:", np.round(step[name]).astype(int))

# %% [markdown]
r"""
Equal fields, 45 % fewer parameters and 45 % fewer multiply-adds, as the authors of VGG wrote in 2014. The price is memory. A *volume* here is 64 maps of 56×56. Training keeps the output of each ReLU, so 3 volumes for 1, beside the input: 4 : 2 at first, and 31 : 11 for ten in a row.

We nearly ended here: "small kernels save arithmetic and cost memory". The lines "whole step" are the control: the peak of one training step, as Paddle takes it on a CPU (we check such counts below). For one image and for 8 images the *large* kernel needs more. It copies 49 volumes of windows for its product. For 32 images the three small ones need more. So ask for which batch, and on which device.

> **Think.** The pattern halves the side after each block and doubles the channels. What happens to the multiply-adds of a convolution?
>
> <details><summary>Answer</summary>
>
> A quarter of the places, twice the input channels and twice the kernels: ¼ · 2 · 2 = 1. The work of a layer stays the same from block to block (see the table: the second convolution of each block has 2,359,296). The activations halve and the parameters grow fourfold.
>
> </details>

## Seven famous networks

Now the same count for networks that made history, one image each. LeNet takes 32×32 grey pixels, AlexNet 227×227, the others 224×224. For the third cost we add up all *numbers* that training keeps (how, we see below). **Predict**: order VGG-16, ResNet-18 and DenseNet-121 by each of the three costs.
"""

# %%
costs = {"parameters": {}, "multiply-adds": {}, "numbers kept": {}}
for name, (stack, shape) in famous.networks().items():
    counted = geometry.summary(stack, shape)
    costs["parameters"][name] = sum([row.parameters for row in counted])
    costs["multiply-adds"][name] = sum([row.multiply_adds for row in counted])
    costs["numbers kept"][name] = sum([row.bytes for row in geometry.kept(stack, shape)]) // 4
grid = figures.budgets(costs)
grid[0].figure.suptitle("Work and memory go together, parameters go their own way")
plt.show()

# %% [markdown]
r"""
(k, M and G are a thousand, a million and 10⁹. Axes are logarithmic.) The answer: VGG, ResNet, DenseNet by parameters; VGG, DenseNet, ResNet by multiply-adds; DenseNet, VGG, ResNet by numbers kept. AlexNet has nearly nine times the parameters of GoogLeNet, and less than half of its multiply-adds. Do the three costs have nothing to do with each other, then? We take the six large networks, and ask of each pair whether two costs put it in the same order. By chance it would be 7 or 8 of 15.
"""

# %%
large = list(costs["parameters"])[1:]
for first, second in itertools.combinations(costs, 2):
    same = 0
    for one, other in itertools.combinations(large, 2):
        before = costs[first][one] < costs[first][other]
        same += before == (costs[second][one] < costs[second][other])
    print(f"{first} and {second}: {same} of 15 pairs in the same order")

# %%
print("share of:     parameters, front  multiply-adds, front  parameters, linear")
for name, (stack, shape) in famous.networks().items():
    counted = geometry.summary(stack, shape)
    counted = [row for row in counted if row.name in ("conv", "linear")]
    shares = []
    for part in (counted[: len(counted) // 2], [row for row in counted if row.name == "linear"]):
        shares.append(sum([row.parameters for row in part]) / costs["parameters"][name])
        shares.append(sum([row.multiply_adds for row in part]) / costs["multiply-adds"][name])
    print(f"{name:13} {shares[0]:18.0%} {shares[1]:21.0%} {shares[2]:20.0%}")

# %% [markdown]
r"""
Multiply-adds and numbers kept go together: both count places. The parameters go their own way, since they do not ask how large the image is. So one number is not enough, and "a large network" says nothing until you say which cost you mean.

("Front" is the first half of the layers with weights.) In all seven most parameters lie in the second half, and more than half of the work in the first. But only the networks with *hidden* linear layers of thousands of units have nearly all parameters there. ResNet-18 has 4 % in its linear layer, the rest in its last convolutions.

Are the lists right? Paddle has five of these networks (and a LeNet, which is not LeNet-5: it has 3×3 kernels). `LazyGuard` makes a model with sizes and without numbers, which saves time and memory. Running statistics are not trained, so we leave them out.
"""

# %%
pairs = {paddle.vision.models.alexnet: famous.alexnet(towers=1)}
pairs |= {paddle.vision.models.vgg16: famous.vgg16()}
pairs |= {paddle.vision.models.resnet18: famous.networks()["ResNet-18"][0]}
pairs |= {paddle.vision.models.densenet121: famous.densenet121()}
with paddle.LazyGuard():
    for make, stack in pairs.items():
        trained = [p for p in make().parameters() if not p.stop_gradient]
        sizes = [int(np.prod(parameter.shape)) for parameter in trained]
        counted = sum([row.parameters for row in geometry.summary(stack, (3, 224, 224))])
        agree(geometry=counted, paddle=sum(sizes))

# %% [markdown]
r"""
The first number is not the one in the chart. Paddle's AlexNet is the one of 2014, not split, for 224×224. That of 2012 was split over two graphics cards, which is a convolution in two groups, and has 60,965,224 parameters. The fifth network, GoogLeNet, needs a second look: see *Deeper*.
"""

# %% [markdown]
r"""
## VGG-16, layer by layer

Here is where each cost lies in VGG-16. **Predict** the highest bar of each panel.
"""

# %%
counted = geometry.summary(famous.vgg16(), (3, 224, 224))
weighty = [row for row in counted if row.name in ("conv", "linear", "pool")]
shares = {"parameters": [row.parameters for row in weighty]}
shares["multiply-adds"] = [row.multiply_adds for row in weighty]
shares["activations"] = [row.activation_bytes for row in weighty]
names = [f"{row.name} {row.output_shape[0]}" for row in weighty]
grid = figures.shares_by_layer(shares, names)
grid[0].figure.suptitle("VGG-16: parameters behind, work in the middle, activations in front")
plt.show()

# %%
first_linear = next(row for row in weighty if row.name == "linear")
agree(by_hand=(7 * 7 * 512 + 1) * 4096, geometry=first_linear.parameters)
in_convolutions = sum([row.multiply_adds for row in weighty if row.name == "conv"])
share = in_convolutions / sum(shares["multiply-adds"])
print(f"{share:.1%} of all multiply-adds are made by convolutions")

# %% [markdown]
r"""
One linear layer holds three quarters of the parameters and does less than one percent of the work. The first two convolutions hold nearly nothing and make more than 40 % of the activations. If you want fewer parameters, take away linear layers (a global average does it). If you want less memory in training, make the image smaller early, as AlexNet, GoogLeNet and ResNet do with a stride of 2 or 4 in their first layer.

> **Correction.** A table of VGG-16 that is copied in many notes gives a size for every layer. Under it stands "TOTAL memory: 24M × 4 bytes ≈ 93MB / image". Let us add up the table's own rows: the input, thirteen convolutions, five poolings and three linear layers.
"""

# %%
thousands = [150, 3200, 3200, 800, 1600, 1600, 400, 800, 800, 800, 200]
thousands += [400, 400, 400, 100, 100, 100, 100, 25, 4.096, 4.096, 1]
exact = 3 * 224 * 224 + sum([row.activation_bytes for row in weighty]) // 4
kept = sum([row.bytes for row in geometry.kept(famous.vgg16(), (3, 224, 224))])
print(f"rows of the table {sum(thousands) / 1000:.1f} million, geometry {exact / 1e6:.1f} million")
assert abs(sum(thousands) * 1000 / exact - 1) < 0.005
agree(without_the_last_1000=exact - 1000, kept=kept // 4)
print(f"which are {4 * exact / MiB:.0f} MiB")

# %% [markdown]
r"""
The rows, rounded as they are, sum to 15.2 million numbers and 58 MiB. (The last 1,000 scores are read by no layer, so they are not among what is kept.) In 2016 somebody asked the authors in public, and the question is still open (see *Further reading*). In *Deeper* we look for the slip. The lesson is an old one: a total is a claim like any other, and a loop checks it.

## Memory in use

58 MiB is the sum over all layers. Must all of it be there at once? A network **in use** goes through its layers one by one. When a layer has read its input, nobody needs this input any more. So at each moment we expect two volumes: a layer's input and its output.

For our network of the pattern the largest pair is at the second convolution: 64 KiB in and 64 KiB out, so 128 KiB for each image. Is this what Paddle takes? `peak.allocated` runs a function and returns what Paddle itself counted: the most bytes at one moment, beyond those that were there before. (The images are there before.) **Predict** the ratio of measured to counted, for 1, 8 and 64 images.
"""


# %%
def in_use(model, images):
    model.eval()
    with paddle.no_grad():
        return model(images)


measured = {}
for size in (1, 8, 64):
    images = paddle.zeros([size, 3, 32, 32])
    measured[size] = peak.allocated(in_use, theirs, images).peak
    ratio = measured[size] / (size * 128 * 1024)
    print(f"{size:2} images: {measured[size]:10,} bytes, {ratio:.1f} times what we counted")

# %% [markdown]
r"""
We forgot two things. One does not grow with the batch, and it dominates for one image. The other is a half of our count, for any batch.

**The workspace**, memory that a layer needs only while it works. Paddle on a CPU copies the windows of *one* image side by side and makes one matrix product of them, image after image ([chapter 12](12_fast_convolution.ipynb)). For the second convolution these are 16 · 9 numbers at each of 1,024 places: 576 KiB, nine times its input.

**The bias.** Paddle adds it in a step of its own, and writes the sum to a new place. So this layer has two moments, here in KiB:

| moment | for each image | once |
|---|---|---|
| multiply | image 12, input 64, output 64 | 576 |
| add the bias | image 12, input 64, output 64, sum 64 | 0 |

`geometry.live` writes down both for every layer: `bytes` and `once` are the first line, `adding` is the second. `row.of(batch)` is the larger of the two. The network's image counts all the time, since the caller holds it. In a network with branches, `live` also counts what a later sum waits for.
"""

# %%
rows_in_use = geometry.live(layers, (3, 32, 32))
second = rows_in_use[2]
agree(by_hand=[576, 12 + 3 * 64], geometry=[second.once // 1024, second.adding // 1024])
for size, peak_bytes in measured.items():
    # The images were there before, so they are not in the measurement.
    counted = max([row.of(size) for row in rows_in_use]) - size * 3 * 32 * 32 * 4
    ratio = peak_bytes / counted
    print(f"{size:2} images: {counted:10,} bytes counted, within 1 %: {abs(ratio - 1) < 0.01}")

# %% [markdown]
r"""
Now the count holds for every batch. Is each of the two really the reason? The control takes one convolution with 16 input channels. First we remove its bias, then the copies of windows. (A 1×1 kernel needs no copy of windows, it reads the image as it lies.) We count in volumes of 64 KiB beside the input.
"""

# %%
for k, bias in ((3, True), (3, False), (1, False)):
    convolution = [geometry.conv(16, k, padding=k // 2, bias=bias)]
    model = in_paddle(models.build(rng, convolution, (16, 32, 32)))
    volumes = []
    for size in (1, 64):
        images = paddle.zeros([size, 16, 32, 32])
        volumes.append(peak.allocated(in_use, model, images).peak / (size * 65536))
    print(
        f"{k}×{k}, bias {bias!s:5}  1 image: {volumes[0]:4.1f}   64 images: {volumes[1]:.1f} each"
    )

# %% [markdown]
r"""
Without the bias the second output is gone. (What is left, 1.1, is one output and 9/64: the workspace, shared by 64 images.) With a 1×1 kernel the nine volumes of windows are gone too.

So the third place where memory goes, beside activations and parameters, is "the rest": the batch itself, copies, and workspaces. On a graphics card parameters and activations are the same numbers. The rest is different there, because convolutions are computed in other ways.

**`eval()` is not enough.** It switches dropout and batch normalisation to use. It does not tell Paddle that nobody will ask for gradients, and so everything is kept. `no_grad` tells it. We use the network once with `eval()` alone, and once with both, and look at what is left afterwards for 64 images. (The ten scores of each image are left in both cases: 64 · 10 · 4 = 2,560 bytes.)
"""

# %%
images = paddle.zeros([64, 3, 32, 32])
theirs.eval()
forgotten = peak.allocated(theirs, images).left
correct = peak.allocated(in_use, theirs, images).left
agree(by_hand=2560, paddle=correct)
print(f"without no_grad: {forgotten / MiB:.1f} MiB are left, a quarter of a MiB for each image")

# %% [markdown]
r"""
A program that answers requests and forgets `no_grad` pays for training with every answer.

**VGG-16**, once more. Of each image in a large batch there are three volumes of 12.25 MiB and the image of 0.57 MiB, 37.32 MiB together. For *one* image the windows of the second convolution rule: nine volumes, 110 MiB. We draw both, and add up what training keeps, from layer to layer. (The check takes the first two convolutions alone, since the peak lies there.)
"""

# %%
stack = famous.vgg16()
moments = [row for row in geometry.live(stack, (3, 224, 224)) if row.name != "flatten"]
agree(0.01, by_hand=37.32, geometry=max([row.adding for row in moments]) / MiB)
front = in_paddle(models.build(rng, stack[:4], (3, 224, 224)))
image = paddle.zeros([1, 3, 224, 224])
most = peak.allocated(in_use, front, image).peak / MiB + 0.57
agree(
    1,
    by_hand=0.57 + 2 * 12.25 + 110.25,
    geometry=max([row.of(1) for row in moments]) / MiB,
    paddle=most,
)

# %%
stored = np.cumsum([row.bytes / MiB for row in geometry.kept(stack, (3, 224, 224))])
runs = {"in use, one image": [row.of(1) / MiB for row in moments]}
runs["in use, per image of many"] = [max(row.bytes, row.adding) / MiB for row in moments]
runs["training: kept so far"] = stored[1:]
x = "layer of VGG-16, ReLU and pooling counted"
ax = figures.curves(runs, xlabel=x, ylabel="MiB for an image", limits=(-14, 145))
ax.set_title("In use, what has been read is given up")
plt.show()

# %% [markdown]
r"""
For one image, using VGG-16 takes more than twice what training keeps. From 10 images on it no longer decides the peak: 37.32 MiB an image are more.

## Memory in training

The way back needs the values of the way forth. What exactly? Each layer's backward reads certain arrays. [Chapter 18](18_densenet.ipynb) used a part of this list; here is all of it, and here we test it:

| layer | its backward reads |
|---|---|
| convolution, linear, normalisation | its **input** |
| ReLU, sigmoid, tanh | its **output** $y$: the slopes are 0 or 1, $y(1 - y)$, and $1 - y^2$ |
| pooling | both: Paddle compares them to find the place of the maximum again |
| dropout | its mask, one byte a number (left out here) |
| sum, concatenation, flatten | nothing |

What one of them reads is kept, and it is kept once. **Predict**: a convolution with ReLU makes two volumes, the sums and what ReLU makes of them. How many are kept?

> **Think.** Answer before you read on: who reads the sums?
>
> <details><summary>Answer</summary>
>
> Nobody. One volume is kept.
>
> </details>

The next layer reads ReLU's output, ReLU reads ReLU's output, and nobody reads the sums. So ReLU behind a convolution costs training no memory, as if it wrote its result in place. The list `geometry.kept` is made by these rules and nothing else. We compare it with what Paddle still holds after the forward pass of 8 images.
"""

# %%
theirs.train()
images = paddle.zeros([8, 3, 32, 32])
left = peak.allocated(theirs, images).left
counted = sum([row.bytes for row in geometry.kept(layers, (3, 32, 32))[1:]])
agree(0.002, counted=1.0, paddle=left / (8 * counted))
print(
    f"kept for each image: {counted / 1024:.0f} KiB, with the image {counted / 1024 + 12:.0f} KiB"
)

# %% [markdown]
r"""
So 264 of the 480 KiB in the first table must stay; the rest are the sums. Is the rule the reason? The control changes the rule and nothing else. Leaky ReLU is as cheap to compute, and its backward in Paddle reads its *input*. Then the sums must be kept too. With sigmoid, whose backward reads its output, nothing should change. And with no activation at all?
"""


# %%
def with_activation(activation):
    model = paddle.nn.Sequential()
    depth = 3
    for channels in (16, 32, 64):
        for _ in range(2):
            model.append(paddle.nn.Conv2D(depth, channels, 3, padding=1))
            model.append(activation())
            depth = channels
        model.append(paddle.nn.MaxPool2D(2))
    return model


# %%
plain = with_activation(paddle.nn.Identity)
base = peak.allocated(plain, images).left
others = [paddle.nn.ReLU, paddle.nn.Sigmoid, paddle.nn.Tanh, paddle.nn.LeakyReLU, paddle.nn.GELU]
for activation in others:
    model = with_activation(activation)
    there = peak.allocated(model, images).left
    print(f"{activation.__name__:10} {there / base:.2f} times what is kept without an activation")

# %% [markdown]
r"""
Leaky ReLU nearly doubles the memory, and so does GELU, whose backward reads its input too. (Not 2 but 1.89: of 252 KiB the pooled maps are 28, and they do not double.) Sigmoid, tanh and no activation at all are like ReLU. So the rule is the reason, and not how an activation is computed.

### The way back, and the parameters

Now the gradients. While a layer goes back, memory holds what the layers before it kept, the gradient of its output, and the gradient of its input. Later layers have already given up theirs. So the memory of a training step climbs on the way forward, and falls on the way back. `geometry.way_back` lists the fall.

One array more is there **once**, for any batch: the new gradient of this layer's weights. Paddle computes it in a fresh array and then adds it to the old gradient. The picture leaves out what is there once.
"""

# %%
forward = np.cumsum([row.bytes for row in geometry.kept(stack, (3, 224, 224))])
steps_back = geometry.way_back(stack, (3, 224, 224))
back = [row.bytes for row in steps_back]
step = np.concatenate([forward, back]) / MiB
x = "layers forward, then back (the grey line is the loss)"
ax = figures.curves({"one image": step}, ylabel="MiB for each image", xlabel=x, limits=(0, 70))
ax.axvline(len(forward), color=figures.QUIET, lw=1.5)
ax.set_title("A training step of VGG-16: up, and down again")
plt.show()
print(f"kept: {max(forward) / MiB:.1f} MiB an image, at the top {max(back) / MiB:.1f} MiB")
for size in (1, 32):
    most = max([row.of(size) for row in steps_back]) / MiB
    print(f"{size:2} images, with what is there once: {most:,.0f} MiB, {most / size:.0f} an image")

# %% [markdown]
r"""
At the top all is kept and the gradients are small, since the last layers are small. (The small peaks on the way back are ReLUs in front of a pooling, where the gradient has its double side again.)

> **Correction.** Behind the 93 MB of the table stands "only forward! ~\*2 for bwd", since each activation has a gradient of equal size. But the gradients are not all there at the same time. The way back adds 2 %, not 100 %.

For one image, however, the peak is 450 MiB and not 58: the first linear layer's new gradient is there once, with 392 MiB. It takes hundreds of images until it is negligible.

**Parameters** have gradients and **optimiser state**: what the optimiser keeps for each of them. SGD needs the weights and their gradients: 2 times. Momentum adds a running sum: 3 times. Adam adds two running means: 4 times. We let each take a step with our network, and ask how many bytes are there afterwards that were not there before. **Predict** the numbers: the weights were there before. (`clear_grad` fills the gradients with zeros and keeps the arrays.) What about RMSProp, which needs one running mean?
"""

# %%
parameters = sum([row.parameters for row in rows])


def take_step(model, optimizer, images):
    labels = paddle.zeros([len(images)], "int64")
    paddle.nn.functional.cross_entropy(model(images), labels).backward()
    optimizer.step()
    optimizer.clear_grad()


# %%
methods = [paddle.optimizer.SGD, paddle.optimizer.Momentum, paddle.optimizer.Adam]
for optimiser in [*methods, paddle.optimizer.RMSProp]:
    model = in_paddle(ours)
    optimizer = optimiser(0.001, parameters=model.parameters())
    more = peak.allocated(take_step, model, optimizer, images).left
    print(f"{optimiser.__name__:8} the weights, and {more / (4 * parameters):.2f} times as much")

# %% [markdown]
r"""
One often reads "Adam needs 3 to 4 times the memory". True is: beside the parameters, three times as much as they take. It says nothing about activations, which are often the larger part. And the rule is not the program: Paddle's RMSProp keeps three arrays, two of them for variants that we did not ask for.

All together. In the second step, weights, gradients and optimiser state lie there from the first one. Then the peak is the largest of `way_back`, for a batch of this size. Three networks, and two sizes of batch:
"""


# %%
def compare(name, model, momentum, description, shape, size):
    images = paddle.zeros([size, *shape])
    measured = peak.allocated(take_step, model, momentum, images).peak + images.size * 4
    counted = max([row.of(size) for row in geometry.way_back(description, shape)])
    print(f"{name:12} batch of {size}: {counted / MiB:4.1f} MiB, ", end="")
    print("within 1 %:", abs(measured / counted - 1) < 0.01)
    return counted / MiB


# %%
contestants = {"pattern": (layers, (3, 32, 32))}
for name in ("ResNet-18", "DenseNet-121"):
    contestants[name] = (famous.networks()[name][0], (3, 64, 64))
for name, (description, shape) in contestants.items():
    model = in_paddle(models.build(rng, description, shape))
    momentum = paddle.optimizer.Momentum(0.001, parameters=model.parameters())
    take_step(model, momentum, paddle.zeros([1, *shape]))
    four = compare(name, model, momentum, description, shape, 4)
    eight = compare(name, model, momentum, description, shape, 8)
    each = (eight - four) / 4
    print(f"{'':12} {each:.1f} MiB for each image, and {four - 4 * each:.1f} MiB once")
alone = compare(name, model, momentum, description, shape, 1)

# %% [markdown]
r"""
So memory in training has three parts. Parameters, gradients and optimiser state are there before the step. The new gradient and the workspace are there once. The rest grows with the batch. (With a single image DenseNet-121 misses the 1 %, by another one: the statistics that its 121 normalisations keep are not in the count.)

## The largest batch that fits

Now the question that one meets in practice. A device has so much memory: how large may the batch be? The count answers before the first step. Take our network with Momentum, and 16 MiB for everything: weights, gradients, running sums, images, and the step itself. **Predict** roughly: one image keeps 264 KiB, itself included. And how many images fewer with Adam?
"""

# %%
limit = 16 * MiB
steps_back = geometry.way_back(layers, (3, 32, 32))
print(f"at the top {max([row.bytes for row in steps_back]) / 1024:.0f} KiB for each image")
largest = {}
for method, arrays in {"Adam": 4, "Momentum": 3}.items():
    size = 1
    while arrays * 4 * parameters + max([row.of(size + 1) for row in steps_back]) <= limit:
        size += 1
    largest[method] = size
    print(f"the largest batch with {method}:", size)

# %%
model = in_paddle(ours)
momentum = paddle.optimizer.Momentum(0.001, parameters=model.parameters())
take_step(model, momentum, paddle.zeros([1, 3, 32, 32]))
for batch_size in (size // 2, size, size + 1):
    images = paddle.zeros([batch_size, 3, 32, 32])
    step = peak.allocated(take_step, model, momentum, images).peak
    total = 3 * 4 * parameters + images.size * 4 + step
    print(f"batch of {batch_size}: {total / limit:.3f} of the limit, fits: {total <= limit}")

# %% [markdown]
r"""
The counted batch fits, and one image more does not. With 264 KiB an image one expects 55. The gradients take 28 KiB more for each image: this network is not deep enough to neglect them. Adam costs 540 KiB more, which is a little less than two images of 292 KiB. On a real device leave a margin all the same: a process takes more than its tensors (see *Deeper*).

> **Think.** It does not fit. What can you do?
>
> <details><summary>Answer</summary>
>
> Take a smaller batch, and add up the gradients of several batches before each step. Take smaller images, or an earlier stride. Take numbers of 2 bytes. Or keep less and compute it again on the way back (see *Further reading*).
>
> </details>

## Your turn: three limits

A small device sets three limits for a network on 32×32 colour images: 100,000 parameters, 5 million multiply-adds, and 200 KiB kept for each image with the image.

> **Activity: three limits.** Ten minutes. Choose `N`, `M`, `K`, `channels` and `units` of `pattern` so that all three limits hold, **and at least 60 % of each is spent**. Write `pattern(…)` in place of the dots. The check says what is missing; its first line is about our network from the beginning, which fails. Think before you try: which number moves which cost? A good start is `channels=8`.
"""

# %%
tell(check.three_limits, pattern(N=2, M=3, K=1, channels=16, units=64))
my_network = ...
tell(check.three_limits, my_network)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> `pattern(N=3, M=3, K=1, channels=8, units=128)`. Half of the channels make half of the activations and a quarter of the multiply-adds in most layers. A third convolution in each block uses a part of what was saved. Then parameters are left, and `units` spends them without touching the other two.
>
> </details>

> **Think.** You are above the limit of parameters alone. Which of the five numbers do you change?
>
> <details><summary>Answer</summary>
>
> `units`, or `K`: linear layers have parameters and hardly anything else. Not `M`: one more pooling does halve the first linear layer's inputs. But the new block makes about as many multiply-adds as the one before it, and has four times its parameters.
>
> </details>

## Deeper: the whole process

Paddle counts its own tensors. The operating system sees a whole process: Python, Paddle's program code, and room that is kept in reserve. It knows the peak of *resident* memory, which is what really lay in memory at the same time. `peak.of_process` starts a fresh Python, runs a function in stages, and returns the peak so far after each. The process is a fresh one, so that nothing of this notebook counts.

We take two networks at 224×224 with batches of four, and Momentum: Paddle's AlexNet, with many parameters, and ResNet-18, with many activations. First the count. **Predict** which of the two needs more, in use and in training.
"""

# %%
bars = {}
pair = {"AlexNet": famous.alexnet(towers=1), "ResNet-18": contestants["ResNet-18"][0]}
for name, stack in pair.items():
    weights = 4 * sum([row.parameters for row in geometry.summary(stack, (3, 224, 224))]) / MiB
    using = max([row.of(4) for row in geometry.live(stack, (3, 224, 224))]) / MiB
    keeping = 4 * sum([row.bytes for row in geometry.kept(stack, (3, 224, 224))]) / MiB
    top = max([row.of(4) for row in geometry.way_back(stack, (3, 224, 224))]) / MiB
    bars[name + ", in use"] = {"weights": weights, "activations": using}
    training = {"weights": weights, "gradients": weights, "running sums": weights}
    training |= {"activations": keeping, "once, on the way back": top - keeping}
    bars[name + ", training"] = training
    print(f"{name:9} in use {weights + using:4.0f} MiB, in training {3 * weights + top:4.0f} MiB")

# %% [markdown]
r"""
Python and Paddle take more than 100 MiB before there is any network. We subtract this, so that the marks below show the network alone. (Windows does not tell the peak in this way. There the marks are left out.)
"""

# %%
stages = {}
if sys.platform in peak.SYSTEMS:
    stages["AlexNet"] = peak.of_process("helpers.peak:train_and_use", "alexnet", 224, 4)
    print("stages:", list(stages["AlexNet"]))
    print("more than 100 MiB at the start:", stages["AlexNet"]["start"] > 100 * MiB)

# %%
if sys.platform in peak.SYSTEMS:
    stages["ResNet-18"] = peak.of_process("helpers.peak:train_and_use", "resnet18", 224, 4)
most = {"AlexNet": 1.15, "ResNet-18": 1.6}
measured = {}
for name, peaks in stages.items():
    for stage in ("in use", "training"):
        case = f"{name}, {stage}"
        measured[case] = (peaks[stage] - peaks["start"]) / MiB
        ratio = measured[case] / sum(bars[case].values())
        assert 0.8 < ratio < most[name]
        print(f"{case:20} measured is 0.8 to {most[name]} times the count: {ratio < most[name]}")

# %% tags=["picture-varies"]
ax = figures.inventory(bars, measured)
ax.set_title("Training: three times the weights, all activations, and a gradient more")
plt.show()

# %% [markdown]
r"""
The black marks are measured. For AlexNet the count is nearly exact: the images hardly matter, and what comes on the way back is one new gradient. For ResNet-18 the process took a quarter to a third more than the count. (It can take less than the count too: pages that nobody has written yet do not lie in memory.) So the count is right about the tensors, and the process has something extra. Plan with the count, plus a third, plus some tens of MiB, plus what the empty process takes.

## Deeper: the reserve

Why did the process of ResNet-18 take more than the count? One suspect is the C library, which hands out memory. It does not give back at once what was freed, it keeps pieces for later, and pieces of the wrong size lie idle. If this is the reason, then the extra must fall when the library is told to give back every larger piece. On Linux, a variable does that, `MALLOC_MMAP_THRESHOLD_`: pieces from this size on are returned when they are freed. (Other systems ignore it.) The same process once more:
"""

# %%
settings = {"MALLOC_MMAP_THRESHOLD_": "65536"}
case = "ResNet-18, training"
without = {case: measured.get(case, 0)}
if sys.platform in peak.SYSTEMS:
    job = ("helpers.peak:train_and_use", "resnet18", 224, 4)
    given_back = peak.of_process(job[0], job[1], 224, 4, environment=settings)
    without["nothing in reserve"] = (given_back["training"] - given_back["start"]) / MiB
    extra = [number - sum(bars[case].values()) for number in without.values()]
    gone = sys.platform != "linux" or extra[1] < 0.5 * extra[0]
    assert gone
    print("more than half of the extra is gone, or this is not Linux:", gone)

# %% tags=["picture-varies"]
again = dict.fromkeys(without, bars[case])
ax = figures.inventory(again, without)
ax.set_title("The reserve is most of the extra (on Linux)")
plt.show()

# %% [markdown]
r"""
Where the reserve is switched off, the mark comes close to the count. What remains is program code, which is loaded when it is first used. So why does not everybody set the variable? Without a reserve the system must hand out and clear each page again. On this network that is twice as many pages, and still too little time to notice. On graphics cards Paddle keeps a reserve of its own, because fetching memory is slow there. Tools that ask the driver see the reserve and not the tensors.

## Deeper: what lies there twice

AlexNet's first linear layer has 37.7 million weights. Its new gradient takes 144 MiB, beside the old one of the same size, to which it is added. Adding is needed where a weight is used twice.

But the old gradient is only zeros: `clear_grad` fills it with zeros and keeps the array. With `set_to_zero=False` it gives the array up, and then there is nothing to add to. **Predict**: a network nearly all of whose weights lie in one linear layer; the peak of three steps with SGD, in units of the weights, with both settings.
"""

# %%
heavy = pattern(N=1, M=1, K=1, channels=8, units=1024)
weights = 4 * sum([row.parameters for row in geometry.summary(heavy, (3, 32, 32))])
images = paddle.zeros([8, 3, 32, 32])
labels = paddle.zeros([8], "int64")
losses = {}


# %%
def three_steps(model, zeros):
    sgd = paddle.optimizer.SGD(0.01, parameters=model.parameters())
    for _ in range(3):
        loss = paddle.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        sgd.step()
        sgd.clear_grad(set_to_zero=zeros)
    losses[zeros] = loss.item()


# %%
for zeros in (True, False):
    model = in_paddle(models.build(np.random.default_rng(0), heavy, (3, 32, 32)))
    most = peak.allocated(three_steps, model, zeros).peak
    print(f"set_to_zero={zeros}: with the weights {1 + most / weights:.1f} times the weights")
same = np.isclose(losses[True], losses[False], rtol=1e-5)
print("the same loss after three steps:", same)

# %% [markdown]
r"""
One argument saves a copy of the largest layer at least, and for this network nearly a third of all memory (3.0 to 2.1). The loss after three steps is the same: zeros add nothing. Programs that read a gradient after `clear_grad` must be ready to find none.

## Deeper: what DenseNet keeps

DenseNet-121 has few parameters and keeps the most, among the seven twice as much as VGG-16. [Chapter 18](18_densenet.ipynb) explained that each concatenation makes a new copy of everything before it. Would a concatenation that *lists* its parts, and does not copy them, cure it?
"""

# %%
dense = geometry.kept(famous.densenet121(), (3, 224, 224))
total = sum([row.bytes for row in dense])
for kind in ("concat", "ReLU", "conv"):
    share = sum([row.bytes for row in dense if row.name == kind]) / total
    print(f"outputs of {kind:6} are {share:.0%} of what is kept")

# %% [markdown]
r"""
Not alone. Behind each concatenation stand a normalisation and a ReLU, and ReLU's output is a second array of this size. Lists would save a third. Programs for such networks save both, and compute them again on the way back (see Pleiss and others, below).

## Deeper: is GoogLeNet counted right?

Paddle's GoogLeNet has two *auxiliary* classifiers, which help in training and are thrown away afterwards, and its convolutions have no biases. We leave out what the paper leaves out in use, and compare the rest without our biases.
"""

# %%
with paddle.LazyGuard():
    model = paddle.vision.models.googlenet()
main = 0
for name, parameter in model.named_parameters():
    if "_o1" not in name and "_o2" not in name and "_out1" not in name and "_out2" not in name:
        main += int(np.prod(parameter.shape))
counted = geometry.summary(famous.googlenet(), (3, 224, 224))
biases = sum([row.output_shape[0] for row in counted if row.name == "conv"])
agree(geometry=sum([row.parameters for row in counted]) - biases, paddle=main)

# %% [markdown]
r"""
## Deeper: where may 24 million come from?

Can we tell how the sum in the copied table came about? We try some slips. One that fits must give "24M" *and* "93MB".
"""

# %%
counted = geometry.summary(famous.vgg16(), (3, 224, 224))
relus = sum([row.activation_bytes for row in counted if row.name == "ReLU"]) // 4
pools = sum([row.activation_bytes for row in weighty if row.name == "pool"]) // 4
inputs = 0
before = 3 * 224 * 224
for row in weighty:
    if row.name == "conv":
        inputs += before
    before = row.activation_bytes // 4
in_front = sum([row.parameters for row in weighty if row.name == "conv"])
print(f"without a slip {exact / 1e6:.1f} million, {4 * exact / MiB:.0f} MiB")

# %%
slips = {"every ReLU counted beside its layer": relus}
slips["inputs of poolings counted too"] = 4 * pools
slips["parameters of the convolutions added"] = in_front
slips["inputs of convolutions counted too"] = inputs
for name, more in slips.items():
    number = exact + more
    print(f"{name:38} {number / 1e6:.1f} million, {4 * number / MiB:.0f} MiB")

# %% [markdown]
r"""
The last one fits both: whoever adds input *and* output of each convolution gets 24.3 million and 93 MiB. It counts most arrays twice, since the output of one layer is the input of the next. This is a good guess and no proof: of four slips, one may fit by chance.

## Deeper: our own layers

Our own layers have a simpler rule: `helpers.nn` keeps *every* input. So it keeps the sums and the results, as Paddle does with leaky ReLU. Python's `tracemalloc` counts what NumPy takes.
"""

# %%
batch = np.zeros((8, 3, 32, 32), "float32")
tracemalloc.start()
before = tracemalloc.get_traced_memory()[0]
scores = ours(batch)
ours_kept = tracemalloc.get_traced_memory()[0] - before
tracemalloc.stop()
all_outputs = 8 * sum([row.activation_bytes for row in rows if row.name != "flatten"])
agree(0.01, all_outputs=1.0, numpy=ours_kept / all_outputs)
print(f"ours / Paddle's: {ours_kept / left:.1f}")

# %% [markdown]
r"""
## What you have seen, done, and can now use

- **Three costs** lie in different layers: parameters at the end, multiply-adds in the convolutions, activations in the first layers. A multiply-add is two FLOPs. Work and activations often go together, parameters do not.
- **Sizes:** sides that can be halved often, small kernels, padding that keeps the size. Stacks of small kernels save parameters and work. They cost activations, and save workspace.
- **In use** memory holds the weights, and one layer's input and output, with a copy for the bias and the workspace of a convolution.
- **In training** it holds what some backward reads, once. ReLU behind a convolution is free, leaky ReLU is not. The parameters are there 2 times with SGD, 3 times with Momentum, 4 times with Adam.
- **The count is right:** to one part in a hundred for tensors, to one image for the largest batch. Where we measured, a process took up to about a third more, and most of that was reserve.

## Exercises

The [exercises of this chapter](exercises/19_cost_and_memory.ipynb) check themselves. Compute the three costs of a layer by hand. Write the rule of what is kept, and the search for the largest batch. Design two networks of which each is the large one. At last, ask Paddle whether ReLU is free behind a pooling.

## Further reading

- A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep convolutional neural networks*, 2012, reprinted 2017, [doi 10.1145/3065386](https://doi.org/10.1145/3065386): a network cut in two because one card's memory was too small.
- K. Simonyan and A. Zisserman, *Very deep convolutional networks for large-scale image recognition*, 2014, [arXiv 1409.1556](https://arxiv.org/abs/1409.1556).
- M. Zeiler and R. Fergus, *Visualizing and understanding convolutional networks*, 2014, [arXiv 1311.2901](https://arxiv.org/abs/1311.2901).
- C. Szegedy and others, *Going deeper with convolutions*, 2014, [arXiv 1409.4842](https://arxiv.org/abs/1409.4842): a network designed to a budget of multiply-adds.
- K. He and others, *Deep residual learning for image recognition*, 2015, [arXiv 1512.03385](https://arxiv.org/abs/1512.03385).
- G. Huang and others, *Densely connected convolutional networks*, 2016, [arXiv 1608.06993](https://arxiv.org/abs/1608.06993).
- G. Pleiss and others, *Memory-efficient implementation of DenseNets*, 2017, [arXiv 1707.06990](https://arxiv.org/abs/1707.06990): compute again instead of keeping.
- T. Chen and others, *Training deep nets with sublinear memory cost*, 2016, [arXiv 1604.06174](https://arxiv.org/abs/1604.06174): the same trade for any network.
- *Memory usage calculation for VGGNet*, 2016, [cs231n.github.io, issue 88](https://github.com/cs231n/cs231n.github.io/issues/88): the question about the 24 million. The table is in the [notes of the course CS231n](https://cs231n.github.io/convolutional-networks/), which also name the memory that small kernels cost.

A network has three costs, and they lie in different layers. We counted all three before building, and Paddle's own count agreed. Memory holds what somebody still has to read: in use, a layer's input and output; in training, everything that the way back will read.

Previous: [18 Reuse features by concatenation](18_densenet.ipynb) · Next: [20 Train on more than one device](20_many_devices.ipynb)
"""
