# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Control what a convolution sees

## What you will see, do, and need

**See** how padding, stride and dilation set the size of the output, what each does at the border of a photograph, and how much of the input one output deep inside a network depends on.

**Do** the size formula by hand and by program; measure the error that each padding makes; compute receptive fields, then find them by experiment, one pixel at a time.

**Need** chapter 02: a kernel slides over an image, and `ops.corr2d`, `ops.conv2d` and Paddle's `conv2d` compute it. About 60 minutes.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import figures, geometry, ops, probe
from helpers.data import IMAGES, load_image
from helpers.figures.borders import border_profile, padded_rows, use_counts
from helpers.figures.effective import core, effective_field, growth
from helpers.figures.fields import boxes, cone, side_view
from helpers.figures.style import panels

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
## How large is the output?

A window of width $k$ fits into a row of $H$ pixels in $H - k + 1$ places. A 4×4 image and a 3×3 kernel: 4 − 3 + 1 = 2, so the output is 2×2. Ten such layers in a row would eat 20 pixels.

The usual cure is **padding**: put a frame of zeros around the image first. A frame of 1 makes 4 into 6, and 6 − 3 + 1 = 4: the size is kept. A frame of 2 makes 4 into 8, and the output grows to 6.
"""

# %%
left, right = panels(1, 2, 2.6, bare=True)[0]
figures.padded_grid(4, 3, 1, left)
figures.padded_grid(4, 3, 2, right)
plt.show()

# %%
x, weight = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3))
sizes = [ops.conv2d(x, weight, padding=p).shape[2] for p in (0, 1, 2)]
tensors = paddle.to_tensor(x), paddle.to_tensor(weight)
in_paddle = [F.conv2d(*tensors, padding=p).shape[2] for p in (0, 1, 2)]
assert sizes == in_paddle == [2, 4, 6]

# %% [markdown]
r"""
To keep the size with an odd kernel, pad $(k-1)/2$: 1 for a 3×3 kernel, 2 for 5×5. Frameworks call it `"same"` padding. An even kernel cannot do it with equal sides: `"same"` then adds one more pixel at the bottom and the right.

The whole example of chapter 02, now with padding 1: the 3×3 block in the middle is the old result.
"""

# %%
rows = ["34657", "24682", "16784", "97462", "37541"]
image = np.array([[float(digit) for digit in row] for row in rows])
kernel = np.arange(1.0, 10).reshape(3, 3)
valid = ops.corr2d(image, kernel)
same = ops.conv2d(image[None, None], kernel[None, None], padding=1)[0, 0]
figures.number_grids({"no padding": valid, "padding 1": same}, colors=[figures.OUTPUT] * 2)
plt.show()

# %%
first_row, last_row = [91, 168, 224, 215, 127], [96, 112, 110, 68, 31]
assert np.array_equal(same[[0, -1]], [first_row, last_row])
assert np.array_equal(same[1:-1, 1:-1], [[211, 295, 262], [259, 282, 214], [251, 253, 169]])
in_paddle = F.conv2d(
    paddle.to_tensor(image[None, None]), paddle.to_tensor(kernel[None, None]), padding="SAME"
)
assert np.array_equal(in_paddle.numpy()[0, 0], same)

# %% [markdown]
r"""
## Stride: skip places

With a **stride** of $s$ the window moves $s$ pixels at a time, and the output is about $s$ times smaller each way. On 1…16 with the kernel of chapter 02 and stride 2, by hand: 0·1 + 1·2 + 2·5 + 3·6 = 30, then 42, 78 and 90.
"""

# %%
sixteen = np.arange(1.0, 17).reshape(4, 4)
small = np.array([[0.0, 1], [2, 3]])
figures.sliding_window(sixteen, small, stride=2)
plt.show()

# %%
strided = ops.conv2d(sixteen[None, None], small[None, None], stride=2)[0, 0]
tensors = paddle.to_tensor(sixteen[None, None]), paddle.to_tensor(small[None, None])
assert np.array_equal(strided, [[30, 42], [78, 90]])
assert np.array_equal(F.conv2d(*tensors, stride=2).numpy()[0, 0], strided)
every_other = ops.conv2d(image[None, None], kernel[None, None], stride=2)[0, 0]
assert np.array_equal(every_other, valid[::2, ::2])
assert np.array_equal(every_other, [[211, 262], [251, 169]])

# %% [markdown]
r"""
A stride computes nothing new: it keeps every $s$-th output and does not compute the rest. With $s = 2$ the layer has a quarter of the work, and every layer after it has a quarter of the pixels. That is the point of it: networks grow in depth while their images shrink.

## One formula for all of it

**Dilation** $d$ spreads the kernel's numbers $d$ pixels apart, so that it spans $d(k-1)+1$ pixels. With everything at once, and height and width each by itself:

$$H_\text{out} = \left\lfloor \frac{H + p_\text{top} + p_\text{bottom} - d(k-1) - 1}{s} \right\rfloor + 1$$

The brackets ⌊ ⌋ mean: round down. For 100 pixels, $k = 3$, padding 1 and stride 2: (100 + 2 − 2 − 1)/2 = 49.5, rounded down 49, plus 1: 50.

> **Correction.** *Commonly written:* the formula without rounding. *True:* it would give 49.5 + 1 = 50.5 outputs here. Every framework rounds down (pooling can be asked to round up, chapter 06).
"""

# %%
size = geometry.conv_output_size(100, 3, stride=2, padding=1)
y = F.conv2d(paddle.zeros([1, 1, 100, 100]), paddle.zeros([1, 1, 3, 3]), stride=2, padding=1)
assert size == y.shape[2] == 50
assert (100 + 2 - 2 - 1) / 2 + 1 == 50.5
print(geometry.conv_output_size((100, 80), (3, 5), stride=(2, 1), padding=(1, 2)))

# %% [markdown]
r"""
Rounding down means that something at the end is never read. Drawn for 10 pixels, $k = 3$ and stride 2; a crossed row is one that no window reads. Without padding it is a row of the image, information lost; with padding 1 only a row of the padding.
"""

# %%
figures.rows_read(10, 3, stride=2)
figures.rows_read(10, 3, stride=2, padding=1)
plt.show()


# %%
def rows_never_read(size, kernel_size, stride, padding=0):
    count = geometry.conv_output_size(size, kernel_size, stride, padding)
    starts = np.arange(count) * stride - padding
    read = {start + k for start in starts for k in range(kernel_size)}
    return sorted(set(range(-padding, size + padding)) - read)


assert rows_never_read(10, 3, 2) == [9] and rows_never_read(100, 3, 2) == [99]
assert rows_never_read(10, 3, 2, padding=1) == [10] and rows_never_read(100, 3, 2, 1) == [100]

# %% [markdown]
r"""
> **Correction.** *Commonly written:* "same" padding is $(k-1)/2$. *True:* for an odd kernel, stride 1 and dilation 1 only. With dilation it is $d(k-1)/2$, and with a stride "same" keeps $\lceil H/s \rceil$ (rounded up) and depends on $H$. Paddle 3.3 goes wrong here without a word: with `padding="SAME"` it forgets the dilation and computes as if it were 1.
"""

# %%
x = np.random.default_rng(0).normal(size=(1, 1, 9, 9))
weight = np.random.default_rng(1).normal(size=(1, 1, 3, 3))
tensors = paddle.to_tensor(x), paddle.to_tensor(weight)
asked = F.conv2d(*tensors, padding="SAME", dilation=2).numpy()
assert np.allclose(asked, F.conv2d(*tensors, padding=1, dilation=1).numpy())
meant = F.conv2d(*tensors, padding=2, dilation=2).numpy()
assert not np.allclose(asked, meant)
assert np.allclose(ops.conv2d(x, weight, padding="same", dilation=2), meant)

# %% [markdown]
r"""
One more thing can go wrong with sizes.

> **Note.** A kernel larger than the padded image fits nowhere, and the formula gives zero or less. Paddle 3.3 does not complain: it returns a tensor of negative size, and the error comes later, somewhere else. `helpers` refuses, and says why.
"""

# %%
y = F.conv2d(paddle.zeros([1, 1, 9, 9]), paddle.zeros([1, 1, 12, 12]))
print(list(y.shape))

# %% tags=["raises-exception"]
ops.conv2d(np.zeros((1, 1, 9, 9)), np.zeros((1, 1, 12, 12)))

# %% [markdown]
r"""
> **Think.** A layer halves a 32×32 image exactly, with a 3×3 kernel and padding 1. Which stride? Which sizes can come out of an odd image, 33×33?
>
> <details><summary>Answer</summary>
>
> Stride 2: ⌊(32 + 2 − 2 − 1)/2⌋ + 1 = 16. For 33: ⌊32/2⌋ + 1 = 17. Both 33 and 34 pixels give 17, so the size of the input cannot be told from the output.
>
> </details>

## What to pad with

Zeros are only one choice. **Constant** padding takes any fixed number, **reflect** mirrors the image about its border pixel, **replicate** repeats the border pixel, and **circular**, often forgotten, continues with the opposite side, as on a ring. Drawn for the row 1, 2, 3, 4, 5:
"""

# %%
padded_rows([1, 2, 3, 4, 5], amount=3, value=9)
plt.show()

# %%
row = np.arange(1.0, 6).reshape(1, 1, 1, 5)
for mode in ("reflect", "replicate", "circular"):
    ours = ops.pad2d(row, (0, 3), mode)
    assert np.array_equal(ours, F.pad(paddle.to_tensor(row), [3, 3, 0, 0], mode=mode).numpy())
assert ops.pad2d(row, (0, 3), "reflect").ravel().tolist() == [4, 3, 2, 1, 2, 3, 4, 5, 4, 3, 2]

# %% [markdown]
r"""
Reflecting does not repeat the border pixel itself (2 is the neighbour of 1 on both sides), so it can add at most one pixel less than the image has. On a photograph the choice shows. We cut a square from `coffee` and blur it strongly, with a 25×25 kernel of 1/625 each, so that every output is a mean over 25×25 pixels. At the border the mean includes padding. What *should* come out there, we know: the photograph goes on beyond our cut, and the blur of the larger piece needs no padding at all.
"""

# %%
coffee = load_image(IMAGES / "coffee.png", mode="L") / 255
cut, larger = coffee[60:260, 150:350], coffee[48:272, 138:362]
mean = np.full((1, 1, 25, 25), 1 / 625)
truth = ops.conv2d(larger[None, None], mean)[0, 0]
results = {}
for mode in ("zeros", "reflect", "replicate", "circular"):
    results[mode] = ops.conv2d(cut[None, None], mean, padding=12, padding_mode=mode)[0, 0]
assert truth.shape == cut.shape

# %%
figures.pictures({"coffee, the cut": cut, "blurred, true": truth, **results}, columns=3)
plt.show()

# %% [markdown]
r"""
Zeros darken the frame: the network is told that the world ends in the dark. Circular padding mixes the left border with the right one, which for most photographs have nothing to do with each other; for a panorama of the whole horizon, or a texture that tiles, it would be the right choice. The differences from the truth, by distance from the border:
"""

# %%
errors = {mode: result - truth for mode, result in results.items()}
border_profile(errors)
plt.show()

# %%
typical = {mode: np.sqrt((error**2).mean()) for mode, error in errors.items()}
for mode, error in typical.items():
    print(f"{mode:10} {error / typical['zeros']:.2f} of the error with zeros")
assert max(typical["reflect"], typical["replicate"]) < typical["zeros"] / 2
assert all(np.allclose(error[12:-12, 12:-12], 0) for error in errors.values())

# %% [markdown]
r"""
Farther than 12 pixels from the border, half of the kernel, all agree. Closer, reflecting and repeating are several times better than zeros on this photograph. Networks use zeros all the same: it is simple, a later layer can learn to undo the darkening, and the dark frame even tells it where the border is.

> **Note.** In Paddle the mode belongs to the layer, `paddle.nn.Conv2D(…, padding_mode="reflect")`, and modes other than `"zeros"` need `padding` as a single int.
"""

# %%
layer = paddle.nn.Conv2D(1, 1, 25, padding=12, padding_mode="reflect", bias_attr=False)
layer.weight.set_value(mean.astype("float32"))
in_paddle = layer(paddle.to_tensor(cut[None, None].astype("float32")))
assert np.allclose(in_paddle.numpy()[0, 0], results["reflect"], atol=1e-4)

# %% [markdown]
r"""
Padding has a second effect. Count how many outputs use each pixel, for a 3×3 kernel on a 7×7 image. Without padding a pixel in the corner is used once, one in the middle nine times; padding makes this less unequal. (Sliding the kernel backwards over the outputs, each output marking the pixels that it used, is `conv2d_transpose`; chapter 04 says more about it.)
"""

# %%
stamp = np.ones((1, 1, 3, 3))
counts = {"no padding": ops.conv2d_transpose(np.ones((1, 1, 5, 5)), stamp)[0, 0]}
counts["padding 1"] = ops.conv2d_transpose(np.ones((1, 1, 7, 7)), stamp, padding=1)[0, 0]
use_counts({name: count.astype(int) for name, count in counts.items()})
plt.show()

# %%
assert counts["no padding"][0, 0] == 1 and counts["padding 1"][0, 0] == 4
assert counts["no padding"].max() == counts["padding 1"].max() == 9

# %% [markdown]
r"""
## The receptive field

One output of one 3×3 layer sees 3×3 pixels. Put a second 3×3 layer on top: its output sees 3×3 outputs of the first, and these together see 5×5 pixels. What an output can see of the *input* is its **receptive field**.
"""

# %%
left, right = panels(1, 2, 4.4, bare=True)[0]
cone([geometry.conv(1, 3)], left)
cone([geometry.conv(1, 3)] * 2, right)
plt.show()

# %% [markdown]
r"""
Strides and pooling make it grow faster. Two numbers for each layer suffice: the field $r$, and the **jump** $j$, how many input pixels lie between neighbouring outputs. Both start at 1, and a layer with kernel $k$, stride $s$ and dilation $d$ changes them to

$$r \leftarrow r + d(k-1)\,j, \qquad j \leftarrow j\,s.$$

Follow it for LeNet, a small classic: convolution 5 (1 + 4·1 = 5), pooling 2 with stride 2 (5 + 1·1 = 6, jump 2), convolution 5 (6 + 4·2 = 14), pooling (14 + 1·2 = 16, jump 4), convolution 5 (16 + 4·4 = 32). `geometry.receptive_field` does the same and adds the *start*, where the field of the first output has its centre.
"""

# %%
lenet = [geometry.conv(6, 5), geometry.pool(2), geometry.conv(16, 5), geometry.pool(2)]
lenet += [geometry.conv(120, 5)]
print("layer   size  jump  field  start")
for row in geometry.receptive_field(lenet, input_size=32):
    print(f"{row.name:6} {row.size:5} {row.jump:5} {row.field:6} {row.start:6}")
assert [row.field for row in geometry.receptive_field(lenet)] == [5, 6, 14, 16, 32]

# %% [markdown]
r"""
Read a row as: after this layer there are *size* outputs along an axis, their fields lie *jump* pixels apart and are *field* pixels long, and the first has its centre at pixel *start*. The last output sees 32×32 pixels, the whole of LeNet's input: that is how its designers chose the layers. Two deeper ones, written as the lists of their layers: the front of a **VGG**-like network (pairs of 3×3 convolutions with padding, then pooling), and **ResNet-18** up to its last convolution.
"""

# %%
three = [geometry.conv(64, 3)] * 3
vgg = [
    layer for _ in range(5) for layer in [geometry.conv(64, 3, padding=1)] * 2 + [geometry.pool(2)]
]
resnet = [geometry.conv(64, 7, stride=2, padding=3), geometry.pool(3, stride=2, padding=1)]
for stage in range(4):
    first = geometry.conv(64 * 2**stage, 3, stride=1 if stage == 0 else 2, padding=1)
    resnet += [first] + [geometry.conv(64 * 2**stage, 3, padding=1)] * 3
for name, layers in {"three 3×3": three, "VGG-like": vgg, "ResNet-18": resnet}.items():
    last = geometry.receptive_field(layers, input_size=224)[-1]
    print(f"{name:10} {last.size:4} outputs a side, jump {last.jump:2}, field {last.field}")
assert last.field == 435

# %% [markdown]
r"""
ResNet-18's last outputs each have a field of 435 pixels on an image of 224: from every one, the whole image can be seen, and much padding.

> **Correction.** *Commonly written:* the receptive field grows linearly with depth. *True:* it does where strides are 1. Every stride multiplies the jump, and with it the growth of all later layers.

### Prove it

A formula about what an output sees can be tested: change one input pixel, and look whether the output changes. `probe.measured_field` does so for every pixel; it does not know what the function computes. Here it takes a convolution, a pooling (of every 2×2 values only the largest is kept, chapter 06) and another convolution, with random positive weights so that nothing cancels by accident.
"""

# %%
rng = np.random.default_rng(0)
first, second = rng.uniform(0.5, 1, (1, 1, 3, 3)), rng.uniform(0.5, 1, (1, 1, 5, 5))


def network(x):
    return ops.conv2d(ops.max_pool2d(ops.conv2d(x, first), 2), second, stride=2)


layers = [geometry.conv(1, 3), geometry.pool(2), geometry.conv(1, 5, stride=2)]
rows = geometry.receptive_field(layers, input_size=24)
measured = {
    f"output {i}, {i}": probe.measured_field(network, (1, 24, 24), (i, i)) for i in (0, 1, 3)
}
spans = [(rows[-1].span(i), rows[-1].span(i)) for i in (0, 1, 3)]
assert [probe.box(field) for field in measured.values()] == spans

# %%
boxes(measured, spans)
plt.show()

# %% [markdown]
r"""
Every pixel inside the box that the formula gives reaches the output, and none outside does. (The tests of this course repeat the comparison on random stacks of Paddle's convolutions and poolings.) The same stack from the side: follow the lines from the green square at the top down to the pixels that it reads. The squares of each level stand where the centres of their fields lie.
"""

# %%
side_view(layers, 24, index=1, title="what output 1 reads")
plt.show()

# %% [markdown]
r"""
### Seeing is not using

The field says what an output *can* see. How much does each pixel matter? Measure the size of the **gradient**: how strongly the output reacts when that pixel changes a little. For a chain of 3×3 layers with random weights we carry it backwards from one output to the input (each step is a transposed convolution), and average over a hundred such networks.
"""


# %%
def mean_gradient(depth, networks=100, channels=4):
    rng, total = np.random.default_rng(0), 0
    for _ in range(networks):
        gradient = np.zeros((1, channels, 1, 1))
        gradient[0, 0] = 1
        for _ in range(depth):
            weight = rng.normal(size=(channels, channels, 3, 3))
            gradient = ops.conv2d_transpose(gradient, weight)
        size = np.abs(gradient).sum(axis=1)[0]
        total = total + size / size.sum()
    return total / networks


# %%
gradient = mean_gradient(depth=20)
assert len(gradient) == geometry.receptive_field([geometry.conv(1, 3)] * 20)[-1].field == 41
effective_field(gradient)
plt.show()

# %% [markdown]
r"""
The gradient is a soft bell in the middle, close to a Gaussian; the corners of the box hardly count, because there is one path from a corner to the output and there are millions from the middle. The box grows with the depth, the bell only about with its square root (Luo and others, 2016), so that the share of the field that is in use shrinks:
"""

# %%
depths = [2, 5, 10, 20, 40]
computed = [geometry.receptive_field([geometry.conv(1, 3)] * depth)[-1].field for depth in depths]
used = [core(mean_gradient(depth, networks=20)) for depth in depths]
growth(depths, computed, used)
plt.show()

# %%
assert used[-1] < 0.45 * computed[-1] < 0.9 * computed[-1]
assert used[0] / computed[0] > used[-1] / computed[-1]

# %% [markdown]
r"""
> **Note.** These are chains at the start of training, and without the non-linear steps of chapter 07. Training can widen the bell, and skip connections (chapter 17) change its form.

### Three small kernels or one large one

Three 3×3 layers see 7×7 pixels, and so does one 7×7 layer. With $C$ channels in and out, the three have $3 \cdot 9\,C^2 = 27\,C^2$ weights, the one $49\,C^2$. And between three layers there is room for three non-linear steps (chapter 07) instead of one.
"""

# %%
C = 64
small_ones = geometry.summary([geometry.conv(C, 3, padding=1, bias=False)] * 3, (C, 32, 32))
large_one = geometry.summary([geometry.conv(C, 7, padding=3, bias=False)], (C, 32, 32))
weights = sum(row.parameters for row in small_ones), large_one[0].parameters
assert weights == (27 * C**2, 49 * C**2)
print(f"three 3×3: {weights[0]:,} weights, one 7×7: {weights[1]:,}")

# %% [markdown]
r"""
### Dilation: a wide field for nothing?

Three layers of 3×3 with dilation 2 have as many weights as without, and a field of 13 instead of 7. But measure which pixels they reach: with dilation 2 three times, only every second row and column. Less than a third of the pixels in the box are seen, the rest never. This is the **gridding** artefact; dilations 1, 2, 3 in turn leave no holes.
"""


# %%
def dilated(dilations):
    kernels = np.random.default_rng(0).uniform(0.5, 1, (3, 1, 1, 3, 3))

    def network(x):
        for kernel, dilation in zip(kernels, dilations, strict=True):
            x = ops.conv2d(x, kernel, dilation=dilation)
        return x

    layers = [geometry.conv(1, 3, dilation=dilation) for dilation in dilations]
    side = geometry.receptive_field(layers)[-1].field
    return probe.measured_field(network, (1, side, side), (0, 0))


# %%
fields = {f"dilation {d}": dilated(d) for d in ((1, 1, 1), (2, 2, 2), (1, 2, 3))}
spans = [((0, len(field) - 1),) * 2 for field in fields.values()]
boxes(fields, spans)
plt.show()

# %%
shares = [field.mean() for field in fields.values()]
assert [len(field) for field in fields.values()] == [7, 13, 13]
assert shares[0] == shares[2] == 1 and np.isclose(shares[1], 49 / 169) and shares[1] < 1 / 3
print(f"share of the box that is seen with dilation 2, 2, 2: {shares[1]:.2f}")

# %% [markdown]
r"""
> **Think.** A network shall decide from a face's eyes, 60 pixels apart. It has four 3×3 layers, all with stride 1. Can it compare the two eyes? Name two changes that help.
>
> <details><summary>Answer</summary>
>
> No: its field is 9 pixels. A stride of 2 in some early layers, pooling between them, dilation, or more layers (30 of them) all widen the field; strides and pooling do it cheapest.
>
> </details>

## What you have seen, done, and can now use

- **Size:** one formula with a floor, for each axis by itself; what does not fit at the end is never read.
- **Padding** keeps the size and treats border pixels less unequally. Zeros darken the frame; reflecting and repeating err less on a photograph. "Same" depends on kernel, dilation, stride and size.
- **Stride** keeps every $s$-th output.
- **Receptive field:** two numbers a layer, checked by changing one pixel at a time. What is really used is a smaller bell in its middle.
- **Dilation** widens the field for no extra weights and may leave holes.

## Exercises

1. Which padding at the top and at the bottom makes a 4×4 kernel keep an even number of rows, at stride 1? Check it with `conv_output_size`.
2. Find the smallest number of 3×3 layers, each followed by 2×2 pooling, whose field covers a 224×224 image.
3. Add a frame of zeros by hand (`np.pad`) and convolve without padding. Compare with `padding=`. Then do the same for `"circular"` with an FFT: which chapter 02 fact do you use?
4. Is the receptive field of two layers the same in either order? Try a 5×5 layer of stride 2 and a 3×3 layer of stride 1.

The cells below hold one solution each.
"""

# %% tags=["solution"]
assert geometry.conv_output_size((32, 32), 4, padding=((1, 2), (1, 2))) == (32, 32)
assert geometry.conv_output_size((32, 32), 4, padding="same") == (32, 32)


# %% tags=["solution"]
def field_of(blocks):
    return geometry.receptive_field([geometry.conv(1, 3), geometry.pool(2)] * blocks)[-1].field


fewest = next(blocks for blocks in range(1, 20) if field_of(blocks) >= 224)
assert fewest == 7 and field_of(6) == 190 and field_of(7) == 382

# %% tags=["solution"]
framed = ops.corr2d(np.pad(image, 1), kernel)
assert np.array_equal(framed, same)
ring = ops.conv2d(image[None, None], kernel[None, None], padding=1, padding_mode="circular")[0, 0]
turned = np.zeros((5, 5))
turned[:3, :3] = kernel[::-1, ::-1]  # the theorem is about convolution, so the kernel is flipped
product = np.fft.fft2(image) * np.fft.fft2(np.roll(turned, (-1, -1), (0, 1)))
assert np.allclose(np.fft.ifft2(product).real, ring)

# %% tags=["solution"]
wide, narrow = geometry.conv(1, 5, stride=2), geometry.conv(1, 3)
one_order = geometry.receptive_field([wide, narrow])[-1].field
assert one_order == 9 and geometry.receptive_field([narrow, wide])[-1].field == 7

# %% [markdown]
r"""
## Further reading

- V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, 2016, [arXiv 1603.07285](https://arxiv.org/abs/1603.07285): all sizes, drawn.
- A. Araujo, W. Norris and J. Sim, *Computing receptive fields of convolutional neural networks*, 2019, [doi 10.23915/distill.00021](https://doi.org/10.23915/distill.00021): the recursion, with starts and branches.
- W. Luo and others, *Understanding the effective receptive field in deep convolutional neural networks*, 2016, [arXiv 1701.04128](https://arxiv.org/abs/1701.04128).
- F. Yu and V. Koltun, *Multi-scale context aggregation by dilated convolutions*, 2015, [arXiv 1511.07122](https://arxiv.org/abs/1511.07122), and P. Wang and others, *Understanding convolution for semantic segmentation*, 2017, [arXiv 1702.08502](https://arxiv.org/abs/1702.08502): gridding and its cure.

Next: chapter 04 gives the image colours, the layer many kernels, and the network many images at once.
"""
