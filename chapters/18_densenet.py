# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Reuse features by concatenation

A residual block adds its result to its input, and the two can then not be told apart. **A dense block puts its result beside its input, so every later layer can read every earlier result as it was.** This needs few parameters, and much memory in training. The chapter counts both, and asks what the concatenation itself is worth.

## What you will see, do, and need

**See** why addition is a special case of concatenation. See why a network with a twelfth of the parameters of ResNet-18 keeps 1.5 times as many numbers in training. See which earlier results a trained network reads, and which it can lose.

**Do** a dense block and its gradient by hand, in NumPy and with Paddle. Follow the channels of a DenseNet in your head. Compare concatenation with addition at equal parameters and at equal multiplications, with four times the steps, and with a better addition.

**Need** 1×1 convolutions and multiply-adds from [chapter 04](04_channels_and_batches.ipynb), batch normalisation from [chapter 08](08_batch_norm.ipynb), and gradients of layers from [chapter 10](10_backpropagation.ipynb). Adam and falling rates come from [chapter 11](11_dense_networks_and_optimisers.ipynb), fair comparisons from [chapter 13](13_three_layer_network.ipynb), and residual blocks from [chapter 17](17_resnet.ipynb). About 50 minutes, and 35 for the sections marked *Deeper*.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, geometry, models, nn, ops, peak, reuse
from helpers.checks import densenet as check
from helpers.checks import tell
from helpers.data import load_splits
from helpers.training import fit as fit_paddle
from helpers.twins import in_paddle
from sklearn.metrics import confusion_matrix
from sklearn.svm import SVC

import paddle

DATA = "digits"  # or "mnist", which is downloaded once; the bounds below hold for "digits"

# %% [markdown]
r"""
## Put it beside, do not add

Let x be an image with three channels, and F a layer that makes maps of it. For the sum x + F(x), it must make three. Who sees only a sum cannot tell what came from x: 5 may be 2 + 3 or 1 + 4. **Concatenation** writes the channels one after the other, so F may make any number of maps. With ten we have 3 + 10 = 13 channels. A second layer, G, reads all 13, and makes ten more: 3 + 10 + 10 = 23. In the drawing, each pattern is the work of one layer.
"""

# %%
figures.add_and_concat(3, 10)
plt.show()

# %%
rng = np.random.default_rng(0)
image = rng.normal(size=(1, 3, 8, 8))
first = nn.Conv2D(3, 10, 3, padding=1, rng=rng).astype("float64")
second = nn.Conv2D(13, 10, 3, padding=1, rng=rng).astype("float64")
one = np.concatenate([image, first(image)], axis=1)
two = np.concatenate([one, second(one)], axis=1)
agree(by_hand=[3 + 10, 3 + 10 + 10], numpy=[one.shape[1], two.shape[1]])
agree(image=image, first_three_of_23=two[:, :3])

# %% [markdown]
r"""
The last line says it: the first three of the 23 channels *are* the image. Layers with this habit form a **dense block** (Huang and others, 2016). The number of channels that each layer adds is the **growth rate**, here 10.

> **Think.** A block is given 16 channels and has six layers of growth rate 12. How many channels does the last layer read, and how many leave the block?
>
> <details><summary>Answer</summary>
>
> Before the last layer five others have added 12 each: 16 + 5 · 12 = 76. The block hands on 16 + 6 · 12 = 88.
>
> </details>

## By hand, there and back

One pixel with two channels, (1, 2), and two layers of growth rate 1, without normalisation. Kernels are 1×1.

- Layer 1 has the kernel (3, −1). It makes 3 · 1 − 1 · 2 = 1, and we have (1, 2, 1).
- Layer 2 has the kernel (2, −1, 5). It makes 2 · 1 − 1 · 2 + 5 · 1 = 5, and we have (1, 2, 1, 5).

Now backwards. The gradient of the four outputs is (1, 0, 2, 1). **Predict** the gradients of the two channels that came. Each has three readers: the output, layer 1 and layer 2.

<details><summary>Step by step</summary>

- The result of layer 2 has gradient 1. Its kernel carries it to what it read: (2, −1, 5) · 1.
- The result of layer 1 has 2 from the output and 5 from layer 2: together 7. Its kernel carries it on: (3, −1) · 7 = (21, −7).
- So channel 1 gets 1 + 2 + 21 = 24, and channel 2 gets 0 − 1 − 7 = −8.

</details>

**The gradient of a channel is the sum over all its readers.** `nn.Concat` does just this. On the way back it cuts the gradient where the parts meet, gives each branch its part, and adds what the branches return. An empty `Sequential()` is the branch that hands on the input.
"""

# %%
layers = [nn.Conv2D(2, 1, 1, bias=False), nn.Conv2D(3, 1, 1, bias=False)]
layers[0].weight.value = np.array([3.0, -1]).reshape(1, 2, 1, 1)
layers[1].weight.value = np.array([2.0, -1, 5]).reshape(1, 3, 1, 1)
beside = [nn.Concat(nn.Sequential(), layer) for layer in layers]
block = nn.Sequential(beside[0], beside[1])
pixel = np.array([1.0, 2]).reshape(1, 2, 1, 1)
out = block(pixel)
gradient = block.backward(np.array([1.0, 0, 2, 1]).reshape(1, 4, 1, 1))

# %% [markdown]
r"""
In Paddle, `concat` does the same, and `backward` finds the gradients by itself. The kernels have gradients, too. For layer 2 it is 1 · (1, 2, 1), and for layer 1 it is 7 · (1, 2).
"""

# %%
x = paddle.to_tensor(pixel, stop_gradient=False)
kernels = [paddle.to_tensor(layer.weight.value, stop_gradient=False) for layer in layers]
y = paddle.concat([x, paddle.nn.functional.conv2d(x, kernels[0])], axis=1)
y = paddle.concat([y, paddle.nn.functional.conv2d(y, kernels[1])], axis=1)
(y[0, :, 0, 0] * paddle.to_tensor([1.0, 0, 2, 1], dtype="float64")).sum().backward()
agree(by_hand=[1, 2, 1, 5.0], numpy=out[0, :, 0, 0], paddle=y[0, :, 0, 0])
agree(by_hand=[24, -8.0], numpy=gradient[0, :, 0, 0], paddle=x.grad[0, :, 0, 0])
agree(by_hand=[7, 14.0], numpy=layers[0].weight.grad[0, :, 0, 0], paddle=kernels[0].grad.ravel())
agree(by_hand=[1, 2, 1.0], numpy=layers[1].weight.grad.ravel(), paddle=kernels[1].grad.ravel())

# %% [markdown]
r"""
## Addition is a special case

Concatenation loses nothing, so a reader can still add. Let a pixel have x = (1, 2) and F = (3, 4). A 1×1 convolution reads (1, 2, 3, 4). With the kernel (1, 0, 1, 0) it makes 1 + 3 = 4, and with (0, 1, 0, 1) it makes 2 + 4 = 6. This is x + F, as it should be. We write these two kernels as [I I], two identity matrices side by side. The kernels [I 0] return x alone.

More than this holds. Let W be *any* convolution without a bias that reads the sum x + F. It is linear, so W(x + F) = W(x) + W(F). That is the convolution with the kernels [W W], reading [x, F]. **A linear reader of a sum is a reader of the concatenation that weighs both parts alike.**
"""

# %%
rng = np.random.default_rng(1)
x = rng.normal(size=(2, 4, 8, 8))
F = rng.normal(size=(2, 4, 8, 8))
both = np.concatenate([x, F], axis=1)
unit = np.eye(4).reshape(4, 4, 1, 1)
agree(addition=x + F, by_1x1=ops.conv2d(both, np.concatenate([unit, unit], axis=1)))
W = rng.normal(size=(5, 4, 3, 3))
tied = np.concatenate([W, W], axis=1)
agree(reads_the_sum=ops.conv2d(x + F, W), reads_both_alike=ops.conv2d(both, tied))

# %% [markdown]
r"""
And the other way round: write x into the first channels of an empty picture and F into the others. Then add the two pictures. The result is [x, F]. So **concatenation is an addition, too, into channels that were 0.** What remains of the difference is this: who gets a place of its own, and how many weights each reader has. In the example [W W] has twice as many as W.

> **Think.** Between the parts and the reader there is usually a ReLU. Is ReLU(x + F), read by W, still the same as [ReLU(x), ReLU(F)], read by [W W]?
>
> <details><summary>Answer</summary>
>
> No, and no other weights help. For x = 1, F = −1 the sum is 0. A reader of (1, 0) with weights (v, w) gives v, so v must be 0. For x = −1, F = 1 it gives w, so w must be 0 too. The other way still works: an addition into channels that were 0 passes a ReLU.
>
> </details>
"""

# %%
zeros = np.zeros((2, 4, 8, 8))
padded = np.concatenate([x, zeros], axis=1) + np.concatenate([zeros, F], axis=1)
agree(concatenation=both, addition_into_zeros=padded)
agree(concatenation=ops.relu(both), addition_into_zeros=ops.relu(padded))
after_sum = ops.conv2d(ops.relu(x + F), W)
print("the sum after a ReLU, by [W W]:", np.allclose(after_sum, ops.conv2d(ops.relu(both), tied)))

# %% [markdown]
r"""
## The layer: BN – ReLU – conv

In a DenseNet, normalisation and ReLU come *before* the convolution. They belong to the reader. Each reader has its own scale and shift for each channel that it reads, so two readers may use the same channel in different ways. So the special case of the last section is a limit here: ReLU stands between the parts and their reader. In Paddle:
"""


# %%
class DenseLayer(paddle.nn.Layer):
    def __init__(self, channels, growth):
        super().__init__()
        norm = paddle.nn.BatchNorm2D(channels)
        conv = paddle.nn.Conv2D(channels, growth, 3, padding=1, bias_attr=False)
        self.body = paddle.nn.Sequential(norm, paddle.nn.ReLU(), conv)

    def forward(self, x):
        return paddle.concat([x, self.body(x)], axis=1)


theirs = paddle.nn.Sequential(DenseLayer(3, 10), DenseLayer(13, 10))
print(list(theirs(paddle.to_tensor(image.astype("float32"))).shape))

# %% [markdown]
r"""
The same in our layers is `models.dense_layer`. The convolution has no bias: every reader begins with a normalisation, which would remove it. By hand, a layer with c channels and growth rate k has 2c parameters in the normalisation and 9ck in the kernels. For 3 and 13 channels with k = 10 that is 6 + 270 and 26 + 1,170. We copy the weights and compare.
"""

# %%
rng = np.random.default_rng(2)
ours = nn.Sequential(models.dense_layer(rng, 3, 10), models.dense_layer(rng, 13, 10))
rows = geometry.summary(ours, (3, 8, 8))
print(geometry.table(rows))
trained = [p for p in theirs.parameters() if not p.stop_gradient]
agree(
    by_hand=276 + 1196,
    numpy=sum(row.parameters for row in rows),
    paddle=sum(p.size for p in trained),
)
for paddles, numpys in zip(trained, ours.parameters(), strict=True):
    paddles.set_value(numpys.value)
pixels = image.astype("float32")
agree(numpy=ours(pixels), paddle=theirs(paddle.to_tensor(pixels)))

# %% [markdown]
r"""
## Blocks and transitions

Channels cannot grow for ever. So after a block comes a **transition**: a 1×1 convolution to half of the channels, then the mean of every 2×2 pixels. It halves channels, height and width. (Normalisation and ReLU stand in front of it, too.)

Let us follow a DenseNet for photographs of 224×224. A 7×7 convolution of stride 2 makes 64 channels of 112×112, and 3×3 maxima of stride 2 make them 56×56. Then come four blocks of four layers with growth rate 32. By hand, each block adds 4 · 32 = 128:

64 → 192, halved 96 → 224, halved 112 → 240, halved 120 → 248.

The classifier reads 248 means. There are 1 + 16 + 1 = 18 layers with weights, and three 1×1 convolutions on the way. ResNet-18 of [chapter 17](17_resnet.ipynb) has 18 layers too, and three 1×1 convolutions in its shortcuts. We have two networks of equal depth to compare.
"""

# %%
dense = models.dense_net(np.random.default_rng(0))
rows = geometry.summary(dense, (3, 224, 224))
channels = [64]
for _ in range(4):
    channels.append(channels[-1] + 4 * 32)
    channels.append(channels[-1] // 2)
by_hand = channels[:-1]
places = [row.output_shape for row in rows if row.name == "concat"]
ends = places[3::4]
agree(by_hand=by_hand[1::2], geometry=[shape[0] for shape in ends])
print("blocks end with", ends)

# %%
bars = {}
for index in range(4):
    inside_block = [shape[0] for shape in places[4 * index : 4 * index + 4]]
    size = places[4 * index][1]
    bars[f"block {index + 1}: {size}×{size}"] = [by_hand[2 * index], *inside_block]
ax = figures.channels_along(bars)
ax.set_title("Each layer adds 32 channels, each transition takes half away")
plt.show()

# %% [markdown]
r"""
Each bar is what a layer hands on. The grey part came into the block, the green part was added by its layers.

> **Activity: hit the target.** Five minutes. This network's classifier reads 248 means. Choose two other numbers, the channels before the first block and the growth rate, so that it reads 158. The four blocks keep their four layers, and a transition rounds an odd half down. Write both numbers in place of the dots. How many tries do you need?
"""

# %%
my_first = ...
my_growth = ...
tell(check.hit_target, my_first, my_growth)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> What the first block is given is halved three times, so an eighth of it is left. A layer of the first block leaves an eighth of its channels, too, one of the second a quarter, and so on. With growth rate k the blocks leave 4k · (1/8 + 1/4 + 1/2 + 1) = 7.5 k. So 158 is 7.5 k + first/8. With k = 20 there are 8 left for the first channels: 64. The blocks end with 144, 152, 156 and 158.
>
> </details>

In Paddle the twin gives the same channels:
"""

# %%
photograph = paddle.to_tensor(np.random.default_rng(3).normal(size=(1, 3, 224, 224)), "float32")
twin = in_paddle(dense)
y = twin[:4](photograph)  # the first layers, down to 56×56
seen = [y.shape[1]]
for part in twin[4:11]:  # four blocks, and three transitions between them
    y = part(y)
    seen.append(y.shape[1])
agree(by_hand=by_hand, paddle=seen)

# %% [markdown]
r"""
## Few parameters, much memory

Compare the two networks of equal depth. **Predict** for the DenseNet: more or fewer parameters than ResNet-18? More or fewer multiplications? More or less memory in training? For the last question we need a rule. A training step keeps what its way back will read. A normalisation and a convolution need their input for this. ReLU needs to know where its output is positive, and the next convolution keeps this output anyway. `geometry.kept` adds up these arrays, each once. `peak.allocated` asks Paddle how many bytes are still held when the forward pass is over.
"""


# %%
def counts(model):
    rows = geometry.summary(model, (3, 224, 224))
    found = {"parameters": sum(row.parameters for row in rows)}
    found["multiply-adds"] = sum(row.multiply_adds for row in rows)
    arrays = geometry.kept(model, (3, 224, 224))
    found["kept, MiB"] = sum(row.bytes for row in arrays[1:]) / 2**20
    twin = in_paddle(model)
    twin(photograph)  # the first call also sets up what Paddle needs later
    found["measured, MiB"] = peak.allocated(lambda: twin(photograph)).left / 2**20
    return found


# %%
found = {"DenseNet": counts(dense), "ResNet-18": counts(models.resnet18(np.random.default_rng(0)))}
for name, row in found["DenseNet"].items():
    print(f"{name:14} {row:16,.1f} {found['ResNet-18'][name]:16,.1f}", end="")
    print(f"   ratio {row / found['ResNet-18'][name]:.2f}")
agree(0.2, geometry=found["DenseNet"]["kept, MiB"], paddle=found["DenseNet"]["measured, MiB"])

# %% [markdown]
r"""
A twelfth of the parameters, less than half of the multiplications, and 1.5 times the memory for each image. (The input picture is not counted. It was there before.) In use, nothing is kept for a way back: this is about training.

Per parameter the DenseNet keeps 18 times as much as ResNet-18. Two factors make this number. **Predict** which is the larger: that it keeps more for each multiply-add, or that each of its parameters takes part in more multiply-adds?
"""

# %%
ours = found["DenseNet"]
theirs = found["ResNet-18"]
kept_for_each = ours["kept, MiB"] / ours["multiply-adds"]
kept_for_each /= theirs["kept, MiB"] / theirs["multiply-adds"]
uses = ours["multiply-adds"] / ours["parameters"]
uses /= theirs["multiply-adds"] / theirs["parameters"]
print(f"kept for each multiply-add: {kept_for_each:.1f} times as much")
print(f"multiply-adds for each parameter: {uses:.1f} times as many")
print(f"kept for each parameter: {kept_for_each * uses:.0f} times as much")
assert round(kept_for_each, 1) == 3.6 and round(uses) == 5

# %%
rows = geometry.summary(models.resnet18(np.random.default_rng(0)), (3, 224, 224))
at_7x7 = sum(row.parameters for row in rows if row.output_shape[1:] == (7, 7))
print(f"of ResNet-18's parameters, {at_7x7 / theirs['parameters']:.2f} work on 7×7 pixels")
saved = 16 * (theirs["parameters"] - ours["parameters"]) / 2**20
images = saved / (ours["kept, MiB"] - theirs["kept, MiB"])
print(f"the DenseNet needs more memory from {np.ceil(images):.0f} images on")

# %% [markdown]
r"""
- **Few kernels in a layer**: each number that a layer keeps serves all of its kernels. ResNet-18 has 64 to 512 kernels a layer, the DenseNet 32. This makes a factor of 3.6.
- **Many uses of each parameter**: a kernel is used at every pixel. ResNet-18 doubles its channels where it halves the picture, so seven tenths of its parameters work on 7×7 pixels. The DenseNet spreads its parameters over all sizes. This makes a factor of 5.

The last line counts the parameters as well. In training with Adam each takes four numbers, 16 bytes: itself, its gradient and two means. With few images ResNet-18 needs more memory, with a usual batch the DenseNet.

> **Correction.** It is often written that DenseNets need much memory for their parameters because the number of connections is quadratic in depth. In a dense block the memory is quadratic, but so are the parameters and the multiplications (a *Deeper* section counts them). What differs is the small number of kernels in a layer, and where the parameters lie.

> **Think.** What happens to the memory for each parameter if the picture is twice as high and twice as wide? And for each multiply-add?
>
> <details><summary>Answer</summary>
>
> Parameters stay, pixels are four times as many, so the memory for each parameter is four times as large. For each *multiply-add* it stays the same: both grow with the pixels.
>
> </details>
"""

# %% [markdown]
r"""
## Is it better? Two equal budgets

Now train. 300 digits of 8×8 pixels, 60 steps of Adam: ten passes over batches of 50. That is little of both, so that networks can differ. The dense network has three blocks of four layers with growth rate 3:

10 → 22, halved 11 → 23, halved and rounded down 11 → 23.

Its rival is built of the residual blocks of [chapter 17](17_resnet.ipynb), in three stages of two blocks. Both have 14 layers with weights. A residual network doubles its channels where it halves the picture, so most of its weights lie where there are few pixels. Therefore **equal parameters and equal multiply-adds are two different networks**: 3 channels in the first stage for the one, and 5 for the other.
"""


# %%
def dense_digits(seed):
    rng = np.random.default_rng(seed)
    # The stem "small" is one 3×3 convolution, for pictures as small as these.
    return models.dense_net(rng, 3, (4, 4, 4), 10, inputs=1, classes=10, stem="small")


# %%
def residual_digits(seed, width):
    rng = np.random.default_rng(seed)
    first = nn.Conv2D(1, width, 3, padding=1, bias=False, rng=rng)
    net = nn.Sequential(first, nn.BatchNorm2D(width), nn.ReLU())
    before = width
    for after in (width, 2 * width, 4 * width):
        stride = 1 if after == before else 2
        net = nn.Sequential(net, models.residual_block(rng, before, after, stride))
        net = nn.Sequential(net, models.residual_block(rng, after, after))
        before = after
    return nn.Sequential(net, nn.GlobalAvgPool2D(), nn.Flatten(), nn.Linear(before, 10, rng=rng))


# %% [markdown]
r"""
A difference between these two may have many causes: the order of normalisation and convolution, strides instead of means, the widths. So there is a third rival, the dense network itself with one change. It has **addition in place of concatenation**: 8 channels everywhere, each layer makes 8 maps, and they are added to the 8 that came. `join="none"` is the plain control: each layer hands on its own result only. Both have a fifth more parameters than the dense network, and a quarter more multiply-adds.
"""


# %%
def same_but_added(seed, join="add"):
    return models.dense_rival(np.random.default_rng(seed), 8, join=join)


def same_but_plain(seed):
    return same_but_added(seed, "none")


# %%
contestants = {"dense": dense_digits, "added": same_but_added, "plain": same_but_plain}
contestants["residual, equal parameters"] = lambda seed: residual_digits(seed, 3)
contestants["residual, equal multiply-adds"] = lambda seed: residual_digits(seed, 5)
for name, make in contestants.items():
    rows = geometry.summary(make(0), (1, 8, 8))
    products = sum(row.multiply_adds for row in rows)
    print(f"{name:30} {sum(row.parameters for row in rows):7,} parameters", end="")
    print(f"{products:9,} multiply-adds")

# %% [markdown]
r"""
By hand, the dense network: $9 \cdot 10 = 90$ for the first convolution. A dense layer has $2c + 27c = 29c$, with c = 10, 13, 16, 19 in the first block: 29 · 58. The other blocks begin with 11. A transition from c to d channels has $2c + cd$. The end has 46 for the normalisation and 240 for the classifier. In Paddle, the twin has as many. The table shows the parts and what they hand on.
"""

# %%
by_hand = [90, 29 * 58, 2 * 22 + 22 * 11, 29 * 62, 2 * 23 + 23 * 11, 29 * 62, 46 + 240]
net = dense_digits(0)
parts = {"first convolution": net[0], "block 1": net[1], "transition 1": net[2]}
parts |= {"block 2": net[3], "transition 2": net[4], "block 3": net[5]}
parts["end"] = nn.Sequential(net[6], net[7], net[8], net[9], net[10])
shape = (1, 8, 8)
sizes = []
for name, part in parts.items():
    rows = geometry.summary(part, shape)
    shape = rows[-1].output_shape
    sizes.append(sum(row.parameters for row in rows))
    print(f"{name:18} {sizes[-1]:5,} parameters, hands on {shape}")
trained = [p for p in in_paddle(net).parameters() if not p.stop_gradient]
agree(by_hand=by_hand, geometry=sizes)
agree(by_hand=sum(by_hand), paddle=sum(p.size for p in trained))

# %% [markdown]
r"""
**Predict** the order of the five. One rate for all would prove nothing, so each was trained on ten seeds with 0.01 and 0.03, and "added" with 0.1, too. On the validation digits 0.03 was the best of these, or as good as the best. (To check one: `learn(contestants["added"](0), 0, rate=0.1)`, with `learn` of the next cell.) The rate falls to 0 by a cosine, as in [chapter 11](11_dense_networks_and_optimisers.ipynb). All numbers are float64, so that every computer draws the same pictures. MNIST's digits are averaged to 8×8 pixels.
"""

# %%
side = {"digits": 8, "mnist": 32}[DATA]
splits = load_splits(DATA, side)
shrink = nn.AvgPool2D(side // 8)
x = shrink(splits.train[0][:300]).astype("float64")
labels = splits.train[1][:300]
validation = (shrink(splits.validation[0]).astype("float64"), splits.validation[1])
test = (shrink(splits.test[0]).astype("float64"), splits.test[1])
print("training digits:", x.shape)


def learn(net, seed, rate=0.03, epochs=10):
    schedule = nn.CosineAnnealingDecay(rate, epochs)
    adam = nn.Adam(schedule, parameters=net.parameters())
    return nn.fit(net, adam, (x, labels), epochs, None, 50, seed, schedule)


# %% [markdown]
r"""
Our layers and Paddle's take the same steps. Here are the first six losses of the dense network and of its twin, one epoch of one batch each time. On a graphics card one would train the twin.
"""

# %%
ours = dense_digits(0).astype("float64")
theirs = in_paddle(ours)
our_adam = nn.Adam(0.03, parameters=ours.parameters())
their_adam = paddle.optimizer.Adam(0.03, parameters=theirs.parameters())
losses = {"numpy": [], "paddle": []}
for start in range(0, 300, 50):
    batch = (x[start : start + 50], labels[start : start + 50])
    losses["numpy"].append(nn.fit(ours, our_adam, batch, 1).loss[0])
    losses["paddle"].append(fit_paddle(theirs, their_adam, batch, 1).loss[0])
agree(1e-3, numpy=losses["numpy"], paddle=losses["paddle"])

# %%
nets = {name: [] for name in contestants}
losses = {name: [] for name in contestants}


def contest(names):
    for name in names:
        for seed in range(3):
            net = contestants[name](seed).astype("float64")
            losses[name].append(learn(net, seed).loss)
            nets[name].append(net)


contest(["dense", "added"])
print("last losses of the dense networks below 0.15:", np.max(losses["dense"], axis=0)[-1] < 0.15)

# %% tags=["picture-trained"]
contest(["plain", "residual, equal parameters", "residual, equal multiply-adds"])
ax = figures.curves(losses, ylabel="training loss", log=True)
ax.set_title("“Added” and “plain” learn later than the others")
plt.show()

# %% [markdown]
r"""
All choices are made. The next cell is the only one that compares them on the test digits.
"""

# %% tags=["picture-trained"]
accuracies = {}
for name, group in nets.items():
    accuracies[name] = [nn.evaluate(net, test)[1] for net in group]
columns = {name.replace(" ", "\n"): values for name, values in accuracies.items()}
ax = figures.dot_plot({"three networks each": columns}, limits=(0.5, 1))
ax.set_title("Ahead at equal parameters, level at equal multiply-adds")
plt.show()

# %%
means = {name: np.mean(values) for name, values in accuracies.items()}
assert means["dense"] > means["residual, equal parameters"]
assert abs(means["dense"] - means["residual, equal multiply-adds"]) < 0.06
print("at equal parameters: dense above residual; at equal multiply-adds: within 0.06")
ends = {name: np.mean(runs, axis=0)[-1] for name, runs in losses.items()}
assert ends["dense"] + 0.05 < ends["added"]
print("dense has learnt the training digits; added is more than 0.05 behind in the loss")
machine = SVC(C=10).fit(x.reshape(300, -1), labels)
score = machine.score(test[0].reshape(len(test[0]), -1), test[1])
assert score > max(means.values())
print("a support vector machine with the same 300 digits: above all of them")

# %% [markdown]
r"""
Each dot is a network, and the short line their mean. The axis begins at 0.5. At equal parameters the dense network is ahead of the residual one. At equal multiply-adds the residual network has nearly three times as many parameters, and then little is left of the lead. So "DenseNets are better" needs the words *for their parameters*. And a support vector machine beats them all. So this compares networks with one another, and is no way to read 300 digits.

Compare the two pictures, too. The residual network with equal parameters has nearly learnt its training digits, as the dense one has, and yet it reads fewer new ones. "Added" and "plain" are another case: they have not even learnt their training digits. (The curves are flat in the end because the rate is 0 there.)

## More, or sooner?

"Added" and "plain" differ from the dense network only in what happens to a layer's result. Does concatenation let networks *learn more*, or *learn sooner*? We give four times the steps to one dense and one added network. **Predict** what becomes of the distance.
"""

# %%
longer = {}
last = {}
for name in ("dense", "added"):
    net = contestants[name](0).astype("float64")
    last[name] = learn(net, 0, epochs=40).loss[-1]
    longer[name] = nn.evaluate(net, validation)[1]
assert last["dense"] < 0.05 and last["added"] < 0.05
print("after 240 steps both have learnt the training digits")

# %% [markdown]
r"""
So most of the lead was speed. Is it *concatenation* that is quick? A residual network adds as well, and the larger one was the quickest of all. "Added" may simply be a bad addition: it has 8 channels, and the dense network up to 23. Here is a better one, at equal parameters. It hands on 15 channels. Each layer makes 3 maps of them, as in the dense network, and a 1×1 convolution writes these 3 to all 15. The weights of this convolution start at a fifth of their usual size, so that at first each layer changes little of what came. **Predict**: as quick as "added", or as the dense network?
"""


# %%
def better_added(seed, scale=0.2):
    return models.dense_rival(np.random.default_rng(seed), 15, growth=3, scale=scale)


better = []
better_losses = []
for seed in range(3):
    net = better_added(seed).astype("float64")
    better_losses.append(learn(net, seed).loss)
    better.append(nn.evaluate(net, validation)[1])
rows = geometry.summary(better_added(0), (1, 8, 8))
print(f"{sum(row.parameters for row in rows):,} parameters", end=", ")
print(f"{sum(row.multiply_adds for row in rows):,} multiply-adds")

# %% tags=["picture-trained"]
short = {}
for name in longer:
    short[name] = [nn.evaluate(net, validation)[1] for net in nets[name]]
short["better added"] = better
ax = figures.dot_plot(
    {"60 steps": short, "240 steps, one network": longer},
    ylabel="validation accuracy",
    limits=(0.6, 1),
)
ax.set_title("With more steps, or a better addition, the distance is gone", pad=28)
plt.show()
assert longer["added"] > 0.88
assert abs(np.mean(better) - np.mean(short["dense"])) < 0.06
assert np.mean(better_losses, axis=0)[-1] < ends["added"]
print("60 steps: the better addition is within 0.06 of the dense network")

# %% [markdown]
r"""
The axis begins at 0.6. With 240 steps the distance is nearly gone, and with the better addition it is gone after 60. We believed that concatenation is better than addition. **At equal parameters it was not: what we had compared was a dense network with a poor addition.** How much is in the channels, and how much in the small start, is examined in a *Deeper* section.

What remains is modest: the dense network needed no such care. On 300 easy digits we cannot say more. On small photographs, with many more layers, Huang and others report that DenseNets need about a third of the parameters of a residual network for the same error.

> **Think.** At an equal number of parameters "added" has 8 channels. Why did we not simply give it 23, as the dense network has?
>
> <details><summary>Answer</summary>
>
> Then each layer would have 9 · 23 · 23 weights, and the network eight times as many as before. Every comparison holds something equal and something else not, so it must say what.
>
> </details>
"""

# %% [markdown]
r"""
## Which digits it takes for which

The first of the dense networks, on the test digits. Rows are the true digits. A darker field is a larger share of its row that was taken for another digit. Some mistakes stand below: with 8×8 pixels, a single pixel may decide.
"""

# %% tags=["picture-varies"]
guesses = nn.predict(nets["dense"][0], test[0]).argmax(axis=1)
figures.confusion(confusion_matrix(splits.test[1], guesses), splits.classes)
plt.show()

# %% tags=["picture-varies"]
wrong = np.flatnonzero(guesses != splits.test[1])
shown = wrong[:5]
pictures = splits.test[0][shown]
figures.samples(pictures, splits.test[1][shown], splits.classes, guesses[shown])
plt.show()


# %% [markdown]
r"""
## Deeper: quadratic in depth

One layer with c channels and growth rate k keeps two arrays, printed bold here. The others may go.

c → BN → c → ReLU → **c** → convolution → k → beside the input → **c + k**

The next normalisation reads the c + k. So L layers keep, for each pixel of each image,

$$\sum_{i=0}^{L-1} \big(2\,(c_0 + i k) + k\big).$$

The sum of i from 0 to L − 1 is L(L − 1)/2, so the memory is quadratic in the number L of layers. Residual blocks of equal width keep the same amount for each layer. It is the result of the convolution, which its normalisation reads, and the output of ReLU. We let Paddle measure 2 to 16 layers with $c_0 = 16$ and k = 8, on 8 images of 16×16 pixels. By hand, two layers keep (2 · 16 + 8) + (2 · 24 + 8) = 96. **Predict**: by which factor does the memory grow from 8 to 16 layers?
"""


# %%
def kept_by_paddle(model, channels):
    twin = in_paddle(model)
    batch = paddle.zeros([8, channels, 16, 16])
    twin(batch)
    numbers = peak.allocated(lambda: twin(batch)).left / 4  # four bytes each
    return numbers / (8 * 16 * 16)


def dense_block(first, growth, count):
    rng = np.random.default_rng(0)
    block = nn.Sequential()
    for index in range(count):
        block = nn.Sequential(block, models.dense_layer(rng, first + index * growth, growth))
    return block


# %%
def residual_blocks(width, count):
    rng = np.random.default_rng(0)
    blocks = nn.Sequential()
    for _ in range(count // 2):
        blocks = nn.Sequential(blocks, models.residual_block(rng, width, width))
    return blocks


lines = {"dense, by hand": [], "dense, Paddle": [], "residual, Paddle": []}
for count in (2, 4, 8, 16):
    by_hand = sum(2 * (16 + i * 8) + 8 for i in range(count))
    lines["dense, by hand"].append(by_hand)
    lines["dense, Paddle"].append(kept_by_paddle(dense_block(16, 8, count), 16))
    lines["residual, Paddle"].append(kept_by_paddle(residual_blocks(16, count), 16))
agree(2, by_hand=lines["dense, by hand"], paddle=lines["dense, Paddle"])

# %%
ax = figures.curves(
    lines, x=[2, 4, 8, 16], xlabel="layers", ylabel="numbers kept per pixel", decimals=0
)
ax.set_title("In a dense block each layer keeps more than the one before")
plt.show()

# %% [markdown]
r"""
From 8 to 16 layers the memory grows by 3.3, and for many layers by 4: it is quadratic in depth. The parameters of L layers are the sum of $9ck + 2c$, and this is quadratic, too.

Divide what a dense layer keeps by its weights. That is about 2c numbers for each pixel against 9ck weights: **2/(9k) for each weight and pixel, whatever the depth.** For a residual network with k kernels a layer it is 2k against 9k², the same 2/(9k). So it should hang on the number of kernels in a layer alone. A dense block begins with 4k channels here, since with fewer the rest k of the formula counts, too. **Predict**: which keeps more for each weight, a dense block with growth rate 16, or residual blocks with 16 kernels a layer?
"""

# %%
print("kernels  layers     dense  residual   2/(9k)   (numbers kept per weight and pixel)")
for k in (16, 32):
    for count in (4, 8):
        block = dense_block(4 * k, k, count)
        blocks = residual_blocks(k, count)
        dense_kept = kept_by_paddle(block, 4 * k) / sum(p.value.size for p in block.parameters())
        kept = kept_by_paddle(blocks, k) / sum(p.value.size for p in blocks.parameters())
        print(f"{k:7} {count:7} {dense_kept:9.4f} {kept:9.4f} {2 / (9 * k):8.4f}")

# %% [markdown]
r"""
Depth hardly matters, and neither does concatenation: with equally many kernels the two kinds keep nearly the same for each weight. (The small difference is the k.) For a whole network it matters besides how many pixels its weights work on, as we have seen.
"""

# %% [markdown]
r"""
## Deeper: must a result have a place of its own?

Two things were changed at once in the better addition: 15 channels, and the small start. The first control has the 15 channels and starts at full size.

One may think that the *place* makes dense networks quick: nothing is added later to the channel of a result. So the second control takes away the place and nothing else. It is the dense network with a fixed mixture before each normalisation: an orthogonal matrix, drawn at random and never trained. Every channel that a reader sees is then a mixture of all earlier results. An orthogonal matrix has an inverse, so nothing is lost, and the trained parameters are as many as before. **Predict** for both: as quick as the dense network?
"""


# %%
def full_start(seed):
    return better_added(seed, scale=1.0)


def dense_mixed(seed):
    return models.mixed(np.random.default_rng(seed + 100), dense_digits(seed))


controls = {"dense": losses["dense"], "better added": better_losses}
for name, make in {"15 channels, full start": full_start, "mixed": dense_mixed}.items():
    controls[name] = []
    for seed in range(3):
        net = make(seed).astype("float64")
        controls[name].append(learn(net, seed).loss)
    print(f"{name:25}{sum(p.value.size for p in net.parameters()):6,} parameters")

# %% tags=["picture-trained"]
ax = figures.curves(controls, ylabel="training loss", log=True)
ax.set_title("Slow is only the sum that starts at full size")
plt.show()
ends = {name: np.mean(runs, axis=0)[-1] for name, runs in controls.items()}
assert ends["15 channels, full start"] > ends["dense"]
assert ends["mixed"] < 0.1

# %% [markdown]
r"""
The mixed network is as quick as the dense one. **So a result needs no place of its own.** And 15 channels by addition are slow if each layer starts at full size. So channels alone do not help. Does the small start alone help? With 8 channels it did not in our runs: 0.83 with and without it. (To check: `models.dense_rival(rng, 8, scale=0.2)`.) It takes both.

A picture that fits all of this: a full-size result that is added covers what was there before. A layer that changes little leaves it readable, if there is room, and concatenation always does. This is an explanation, and no proof.
"""

# %% [markdown]
r"""
## Deeper: which results are read

Huang and others asked what a trained network does with all the channels that it can read. They drew, for each layer, the mean size of the weights with which it reads each earlier result. Let us draw this for one block of six layers with growth rate 4. Source 0 is what comes into the block, sources 1 to 6 are the results of its layers. The classifier is the last reader. We multiply each weight by the scale of the normalisation before it, since only the product matters.

But a weight says how *loudly* a source is read, and not whether anything is lost without it. So there is a control. One reader loses one source: it gets the source's mean instead, and all other readers still get the source itself. How much accuracy is lost on the validation digits? **Predict**: will the two pictures look alike?
"""

# %%
old = [(4, 0), (4, 1), (5, 0), (5, 1)]  # (reader, source), layers counted from 0
# All that these two layers read.
late = [(4, source) for source in range(5)]
late += [(5, source) for source in range(6)]
print("layers 5 and 6 read", len(late), "times, and", len(old), "of these are old")
before = []
weights = []
losses_without = []
both = []
everything = []

# %%
for seed in range(3):
    rng = np.random.default_rng(seed)
    net = models.dense_net(rng, 4, (6,), 8, inputs=1, classes=10, stem="small")
    net.astype("float64")
    before.append(reuse.weights_by_source(net))
    learn(net, seed)
    weights.append(reuse.weights_by_source(net))
    losses_without.append(reuse.accuracy_lost(net, validation))
    both.append(reuse.lost_together(net, validation, old))
    everything.append(reuse.lost_together(net, validation, late))
before = np.mean(before, axis=0)
weights = np.mean(weights, axis=0)
lost = np.maximum(np.mean(losses_without, axis=0), 0)  # a gain of a few digits counts as 0
print("shape, readers and sources:", weights.shape)

# %% tags=["picture-varies"]
sources = ["0", "1", "2", "3", "4", "5", "6"]
readers = ["layer 1", "layer 2", "layer 3", "layer 4", "layer 5", "layer 6", "classifier"]
maps = {"How loudly it is read": weights / np.nanmax(weights, axis=1, keepdims=True)}
maps["What is lost without it"] = lost
titles = ["mean weight, row's largest = 1", "accuracy lost"]
figures.reading_maps(maps, sources, readers, dict(zip(maps, titles, strict=True)))
plt.show()

# %%
shares = weights / np.nanmax(weights, axis=1, keepdims=True)
assert shares[4:6, :2].mean() > 0.4 and lost[4:6, :2].max() < 0.06
print("layers 5 and 6 read sources 0 and 1 with more than 0.4 of their largest weight")
print("without one of them less than 0.06 is lost")
assert np.mean(both) < 0.06 and np.mean(everything) > 0.1
print("without both, in both layers: less than 0.06; without all sources: more than 0.1")
at_first = before[:6] / np.nanmax(before[:6], axis=1, keepdims=True)
assert np.nanmin(at_first) > 0.75 and np.nanmin((weights / before)[:6]) > 1
print("before training each layer read all sources alike, within a quarter")
print("training made all of these weights larger, and those of new results most")

# %% [markdown]
r"""
The left picture says: every layer reads *everything*, the oldest results with about half of the largest weight. So far it agrees with the paper. The right picture says: from layer 4 on, a layer loses little without old results. What it needs is on the diagonal, the *newest* ones. Perhaps one old result stands in for the other? No: layers 5 and 6 can lose both together. Are these two layers of any use? Yes: without all of their sources much is lost.

So "it is read" has two meanings. The weights are there: they started alike, and training made all of them larger, only those of old results less. That they matter is another statement. This network does not support it for old results in late layers.

> **Think.** In the first row there is a single source, and much is lost without it. Why is this entry of another kind than the rest?
>
> <details><summary>Answer</summary>
>
> Layer 1 has one source only. Without it, its result is the same for every picture, so the layer as a whole is lost, for all of its readers.
>
> </details>

## Deeper: bottlenecks, compression, DenseNet-121

Late in a long block, a layer reads hundreds of channels with 3×3 kernels. A **bottleneck** first makes 4k channels of them, with a 1×1 convolution. By hand, a layer with c channels then has $4ck + 9 \cdot 4k \cdot k$ weights in place of 9ck. It is cheaper when 4c + 36k < 9c, that is for c > 7.2k. **Compression** is what our transitions do: only a part of the channels goes on, here half. With both the network is called DenseNet-BC.

With 64 channels at first, k = 32 and blocks of 6, 12, 24 and 16 layers it is DenseNet-121. The 121 layers with weights: each of the 58 layers has two convolutions, and then there are three transitions, the first convolution and the classifier: 116 + 3 + 1 + 1.
"""

# %%
rng = np.random.default_rng(0)
small = models.dense_net(rng, blocks=(6, 12, 24, 16), bottleneck=True)
parameters = sum(p.value.size for p in small.parameters())
paddles = paddle.vision.models.densenet121().parameters()
trained = sum(p.size for p in paddles if not p.stop_gradient)
agree(numpy=parameters, paddle=trained)
agree(by_hand=2 * 58 + 3 + 1 + 1, numpy=sum(p.value.ndim > 1 for p in small.parameters()))

# %%
without = models.dense_net(rng, blocks=(6, 12, 24, 16))
wide = models.dense_net(rng, blocks=(6, 12, 24, 16), bottleneck=True, compression=1.0)
variants = {"bottleneck, half": small, "no bottleneck": without, "no compression": wide}
for name, model in variants.items():
    products = sum(row.multiply_adds for row in geometry.summary(model, (3, 224, 224)))
    kept = sum(row.bytes for row in geometry.kept(model, (3, 224, 224))) / 2**20
    print(
        f"{name:17}{sum(p.value.size for p in model.parameters()) / 1e6:6.1f} M parameters", end=""
    )
    print(f"{products / 1e9:6.2f} G multiply-adds{kept:7.0f} MiB kept for one image")

# %% [markdown]
r"""
Compression saves most: two fifths of the parameters and a fifth of the memory. The bottleneck saves a quarter of the parameters, and few multiplications: the first block, which has the most pixels, never reaches 7.2k = 230 channels. It makes the memory *larger*, by a third: what a layer reads must be kept all the same, and the bottleneck's own 4k channels on top.

What can be done about the memory? The two arrays of a layer, after the ReLU and after the concatenation, hold old channels again and again. One can store each result once, in a place that all readers share, and compute normalisation and ReLU once more on the way back (Pleiss and others, 2017). Then c + Lk numbers are kept for each pixel, linear in L. One pays with time: the cheap layers are computed twice.

## What you have seen, done, and can now use

- **Concatenation** keeps all earlier results as they are; each layer adds k channels. The gradient of a channel is the sum over its readers.
- **Addition is a special case** for a reader that is linear: the same weights for both parts. Addition into channels that were 0 is concatenation, with a ReLU as well.
- **Channels by hand**: add k for each layer, halve at each transition: 64 → 192 → 96 → 224 → 112 → 240 → 120 → 248.
- **Few parameters, much memory.** Memory *and* parameters are quadratic in depth. The memory is large for the parameters for two reasons: few kernels in a layer, and many pixels for each parameter.
- **At equal parameters** dense networks were ahead after 60 steps, at equal multiply-adds hardly. Against a simple addition in the same network, most of the lead was speed.
- **The lead was not concatenation's.** An addition with more channels that starts small was as quick at equal parameters. A result needs no place of its own (*Deeper*).
- **Large weight, little use** (*Deeper*): late layers read the oldest results, and can lose them.

## Exercises

The [exercises of this chapter](exercises/18_densenet.ipynb) check themselves. Follow a gradient to its three readers by hand, count a block, and take a mixture apart again. Find the layer whose result nobody reads. At last, measure whether a sum covers what was there before.

## Further reading

- G. Huang and others, *Densely connected convolutional networks*, 2016, [arXiv 1608.06993](https://arxiv.org/abs/1608.06993).
- G. Pleiss and others, *Memory-efficient implementation of DenseNets*, 2017, [arXiv 1707.06990](https://arxiv.org/abs/1707.06990).
- K. He and others, *Deep residual learning for image recognition*, 2015, [arXiv 1512.03385](https://arxiv.org/abs/1512.03385).
- Y. Chen and others, *Dual path networks*, 2017, [arXiv 1707.01629](https://arxiv.org/abs/1707.01629): addition and concatenation in one network, and how they are related.
- S. Fahlman and C. Lebiere, *The cascade-correlation learning architecture*, 1990, [report CMU-CS-90-100](https://www.cs.cmu.edu/~sef/sefCascor.htm): units that read all earlier units, long before.

A dense block puts its result beside its input, so every later layer can read every earlier result as it was. This needs few parameters, because a layer makes few channels. It needs much memory for the same reason: all that a layer reads is kept for the way back, and serves few kernels.

Previous: [17 Go deeper with residuals](17_resnet.ipynb) · Next: [19 Budget a network before building it](19_cost_and_memory.ipynb)
"""
