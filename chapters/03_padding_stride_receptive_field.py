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

Besides its weights, a convolution layer has four numbers: the size of its window, the padding, the stride and the dilation. These four decide how large its output is, and **which pixels every output can see**. This chapter computes both from the four numbers. Then it checks the calculation by changing one pixel at a time.

## What you will see, do, and need

**See** how padding and stride set the size of the output. See what padding does at the border of a photograph, and how much of an image one output deep inside a network can see.

**Do** the size formula by hand, in NumPy and with Paddle. Test what a stride does to shifts, and measure the error of each padding. Compute receptive fields and find them by experiment.

**Need** [chapter 02](02_convolution.ipynb): a kernel slides over an image, and `ops.corr2d`, `ops.conv2d` and Paddle's `conv2d` compute it. The core takes about 50 minutes. The six sections marked *Deeper* are optional, 5 to 15 minutes each. They are about "same" padding, whether zero is dark, rings, what an output really uses, holes from dilation, and what Paddle does differently.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, explore, figures, geometry, ops, probe
from helpers.checks import padding_stride_receptive_field as check
from helpers.checks import tell
from helpers.data import IMAGES, load_image

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
## How large is the output?

A window of width $k$ fits into a row of $H$ pixels in $H - k + 1$ places. A 4×4 image and a 3×3 kernel: 4 − 3 + 1 = 2, so the output is 2×2. Ten such layers in a row would take 20 pixels away.

The usual remedy is **padding**: put a frame of zeros around the image first. A frame of 1 makes 4 into 6, and 6 − 3 + 1 = 4: the size is kept. What size does a frame of 2 give?
"""

# %%
figures.padded_grid(4, 3, padding=[1, 2])
plt.show()

# %%
x = np.ones((1, 1, 4, 4))
weight = np.ones((1, 1, 3, 3))
ours = []
theirs = []
for padding in (0, 1, 2):
    ours.append(ops.conv2d(x, weight, padding=padding).shape[2])
    y = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(weight), padding=padding)
    theirs.append(y.shape[2])
agree(by_hand=[2, 4, 6], numpy=ours, paddle=theirs)

# %% [markdown]
r"""
With a frame of 2 the output grows to 6. To keep the size with an odd kernel at stride 1, pad $(k-1)/2$ on every side: 1 for a 3×3 kernel, 2 for 5×5. Paddle calls this `"SAME"`.

We repeat the larger example of [chapter 02](02_convolution.ipynb), now with padding 1. Nine of the 25 results are the old ones. Where will they be? Compute one new result by hand, the one in the upper left corner. Its window holds five zeros and four pixels: 5·3 + 6·4 + 8·2 + 9·4 = 91.
"""

# %%
first_rows = [[3, 4, 6, 5, 7], [2, 4, 6, 8, 2], [1, 6, 7, 8, 4]]
last_rows = [[9, 7, 4, 6, 2], [3, 7, 5, 4, 1]]
image = np.array(first_rows + last_rows, float)
kernel = np.arange(1.0, 10).reshape(3, 3)
valid = ops.corr2d(image, kernel)
same = ops.conv2d(image[None, None], kernel[None, None], padding=1)[0, 0]
grids = {"no padding": valid, "padding 1": same}
colors = [figures.OUTPUT, figures.OUTPUT]
figures.number_grids(grids, colors=colors, outlines={"padding 1": (1, 1, 3, 3)})
plt.show()

# %%
tensors = [paddle.to_tensor(image[None, None]), paddle.to_tensor(kernel[None, None])]
agree(by_hand=91, corner=same[0, 0])
agree(without_padding=valid, middle=same[1:-1, 1:-1])
agree(numpy=same, paddle=F.conv2d(tensors[0], tensors[1], padding="SAME")[0, 0])

# %% [markdown]
r"""
## Stride: skip places

With a **stride** of $s$ the window moves $s$ pixels at a time. On 1…16 with a 2×2 kernel and stride 2, the first result is 0·1 + 1·2 + 2·5 + 3·6 = 30. Work out the other three before you look.
"""

# %%
sixteen = np.arange(1.0, 17).reshape(4, 4)
small = np.array([[0.0, 1], [2, 3]])
figures.sliding_window(sixteen, small, stride=2)
plt.show()

# %%
x = sixteen[None, None]
weight = small[None, None]
strided = ops.conv2d(x, weight, stride=2)
in_paddle = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(weight), stride=2)
agree(by_hand=[[[[30, 42], [78, 90]]]], numpy=strided, paddle=in_paddle)

# %% [markdown]
r"""
A stride computes nothing new. It keeps every $s$-th output of the same layer with stride 1, and does not compute the rest. On an image with even sides, stride 2 leaves a quarter of the outputs, so it needs a quarter of the multiplications. `geometry.summary` counts the multiplications of a list of layers. Here the layer has 64 kernels of 3×3, and its input has 64 numbers for each of 32×32 pixels. The cell checks both statements.
"""

# %%
every_2nd = ops.conv2d(image[None, None], kernel[None, None], stride=2)[0, 0]
agree(by_hand=[[211, 262], [251, 169]], stride_2=every_2nd, kept=valid[::2, ::2])
full = geometry.summary([geometry.conv(64, 3, padding=1)], (64, 32, 32))
strided = geometry.summary([geometry.conv(64, 3, stride=2, padding=1)], (64, 32, 32))
agree(by_hand=1 / 4, work=strided[0].multiply_adds / full[0].multiply_adds)

# %% [markdown]
r"""
### A stride and shifts

In [chapter 02](02_convolution.ipynb) a shift of the image moved the response and left its numbers as they were. Is this still true with a stride? Take a row of ten pixels, a single 1 at place 4, the kernel 1, 2, 3, and stride 2. The windows start at 0, 2, 4 and 6. By hand: the second window ends on the 1 and gives 3, the third begins on it and gives 1.

> **Think.** Now the 1 moves to place 5, and then to place 6. What are the four outputs?
>
> <details><summary>Answer</summary>
>
> At place 5 only the third window sees it, in its middle: 0, 0, 2, 0. At place 6: 0, 0, 3, 1. The second is the first output, moved by one place. The other one is not.
>
> </details>
"""


# %%
def respond_to_dot(place):
    row = np.zeros((1, 1, 1, 10))
    row[0, 0, 0, place] = 1
    weight = np.array([1.0, 2, 3]).reshape(1, 1, 1, 3)
    return ops.conv2d(row, weight, stride=(1, 2)).ravel()


agree(by_hand=[0, 3, 1, 0], dot_at_4=respond_to_dot(4))
agree(by_hand=[0, 0, 2, 0], dot_at_5=respond_to_dot(5))
agree(by_hand=[0, 0, 3, 1], dot_at_6=respond_to_dot(6))

# %% [markdown]
r"""
The same on a photograph, `camera`, with the kernel for upright edges of [chapter 02](02_convolution.ipynb). We move the photograph to the right by 0 to 9 pixels. Each time we try all shifts of the *output* from 0 to 9 places and keep the one that fits best.

What remains is measured as a **root mean square**: square all differences, take their mean, and take the square root. We divide it by the standard deviation of the response, the typical distance of its numbers from their mean. So 0 means "the same, only moved", and about 1.4 (√2) is what two unrelated responses would give.

> **Think.** For strides 1, 2 and 4, at which shifts will 0 remain?
>
> <details><summary>Answer</summary>
>
> At every shift for stride 1, at 0, 2, 4, 6, 8 for stride 2, and at 0, 4, 8 for stride 4.
>
> </details>
"""

# %%
camera = load_image(IMAGES / "camera.png", "L") / 255
upright = np.array([[1.0, 0, -1], [1, 0, -1], [1, 0, -1]])[None, None]


def response(shift, stride):
    moved = camera[100:230, 150 - shift : 280 - shift]
    return ops.conv2d(moved[None, None], upright, stride=stride)[0, 0]


# %%
def remaining(shift, stride):
    still = response(0, stride)
    moved = response(shift, stride)
    found = []
    for by in range(10):
        difference = moved[:, by:] - still[:, : still.shape[1] - by]
        found.append(np.sqrt((difference**2).mean()) / still.std())
    return min(found)


# %%
left_over = {}
for stride in (1, 2, 4):
    left_over[f"stride {stride}"] = [remaining(shift, stride) for shift in range(10)]
across = "shift of the photograph (pixels)"
ax = figures.curves(left_over, range(10), across, "remaining difference", limits=(-0.05, 1.4))
ax.set_title("No difference at multiples of the stride")
plt.show()
for stride, by_hand in [(2, [0, 2, 4, 6, 8]), (4, [0, 4, 8])]:
    nothing = np.round(left_over[f"stride {stride}"], 6) == 0
    agree(by_hand=by_hand, shifts_that_fit=np.flatnonzero(nothing))

# %% [markdown]
r"""
With stride $s$, equivariance to shifts is guaranteed only for multiples of $s$. In between, the windows fall on other pixels, and on this photograph no shift of the output makes up for that. Five layers of stride 2 in a row leave only the multiples of 32 pixels. [Chapter 06](06_pooling.ipynb) looks for remedies.

## One formula for all of it

The fourth number is the **dilation** $d$. It puts the kernel's weights $d$ pixels apart, so that the kernel spans $d(k-1)+1$ pixels. A 3×3 kernel with dilation 2 spans 5×5 pixels and reads nine of them. With everything at once, and for height and width separately:

$$H_\text{out} = \left\lfloor \frac{H + p_\text{top} + p_\text{bottom} - d(k-1) - 1}{s} \right\rfloor + 1$$

The brackets ⌊ ⌋ mean: round down. For 100 pixels, $k = 3$, padding 1 and stride 2: (100 + 2 − 2 − 1)/2 = 49.5, rounded down 49, plus 1: 50. (Some lecture notes leave the brackets out. Then 50.5 outputs would result here.)

Now an image of 100×80 pixels, a kernel of 3×5, stride 2 down and 1 across, padding 1 and 2. Height is the case above. Width: (80 + 4 − 4 − 1)/1 + 1 = 80.
"""

# %%
weight = paddle.zeros([1, 1, 3, 3])
y = F.conv2d(paddle.zeros([1, 1, 100, 100]), weight, stride=2, padding=1)
formula = geometry.conv_output_size(100, 3, stride=2, padding=1)
agree(by_hand=50, formula=formula, paddle=y.shape[2])
y = F.conv2d(paddle.zeros([1, 1, 9, 9]), weight, dilation=2)
agree(by_hand=9 - 5 + 1, formula=geometry.conv_output_size(9, 3, dilation=2), paddle=y.shape[2])
both = geometry.conv_output_size((100, 80), (3, 5), stride=(2, 1), padding=(1, 2))
agree(by_hand=[50, 80], height_and_width=both)

# %% [markdown]
r"""
Where something is rounded down, something at the end is never read. We draw it for 10 rows, $k = 3$ and stride 2. Crossed rows are those that no window reads. Which row will it be without padding, and which with padding 1?
"""

# %%
figures.rows_read(10, 3, stride=2, title="No padding: a row of the image is never read")
figures.rows_read(
    10, 3, stride=2, padding=1, title="Padding 1: only a row of padding is never read"
)
plt.show()

# %% [markdown]
r"""
The drawing comes from the formula, so it deserves a test that does not know the formula. `probe.responses` changes every pixel in turn, and notes which outputs change. Its answer has four axes: row and column of the pixel, row and column of the output.
"""


# %%
def without_padding(x):
    return ops.conv2d(x, np.ones((1, 1, 3, 1)), stride=(2, 1))


def with_padding(x):
    return ops.conv2d(x, np.ones((1, 1, 3, 1)), stride=(2, 1), padding=(1, 0))


for layer, by_hand in [(without_padding, [9]), (with_padding, [])]:
    reached = probe.responses(layer, (1, 10, 1)).any(axis=(1, 2, 3))
    agree(by_hand=np.array(by_hand, int), rows_never_read=np.flatnonzero(~reached))

# %% [markdown]
r"""
> **Think.** A layer halves a 32×32 image exactly, with a 3×3 kernel and padding 1. Which stride does it have? Which size comes out of an odd image, 33×33?
>
> <details><summary>Answer</summary>
>
> Stride 2: ⌊(32 + 2 − 2 − 1)/2⌋ + 1 = 16. For 33: ⌊32/2⌋ + 1 = 17. Both 33 and 34 pixels give 17, so the output does not tell the size of the input.
>
> </details>

## What to pad with

Zeros are only one choice. **Constant** padding takes any fixed number. **Reflect** mirrors the image about its border pixel. **Replicate** repeats the border pixel. **Circular** continues with the opposite side, as on a ring. Here they are for the row 1, 2, 3, 4, 5:
"""

# %%
figures.padded_rows([1, 2, 3, 4, 5], amount=3, value=9)
plt.show()

# %%
row = np.arange(1.0, 6).reshape(1, 1, 1, 5)
expected = {"reflect": [4, 3, 2, 1, 2, 3, 4, 5, 4, 3, 2]}
expected["replicate"] = [1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5]
expected["circular"] = [3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3]
for mode, by_hand in expected.items():
    in_paddle = F.pad(paddle.to_tensor(row), [3, 3, 0, 0], mode=mode)
    agree(by_hand=by_hand, numpy=ops.pad2d(row, (0, 3), mode).ravel(), paddle=in_paddle.flatten())

# %% [markdown]
r"""
Reflecting does not repeat the border pixel itself: the 1 has a 2 on both sides. So it can add at most one pixel less than the image has.

How much does the choice matter on a photograph? We cut a square from `coffee` and blur it with a 25×25 kernel of weights 1/625. Every output is then a mean over 25×25 pixels, and near the border this mean includes padding. What *should* come out there is known: the photograph goes on beyond our cut, and the blur of the larger piece needs no padding.

> **Think.** With zeros, will the error be positive or negative, and how far from the border does it reach?
"""

# %%
coffee = load_image(IMAGES / "coffee.png", "L") / 255
larger = coffee[48:272, 138:362]
cut = larger[12:-12, 12:-12]
mean = np.full((1, 1, 25, 25), 1 / 625)


def blurred(picture, mode):
    return ops.conv2d(picture[None, None], mean, padding=12, padding_mode=mode)[0, 0]


truth = ops.conv2d(larger[None, None], mean)[0, 0]
errors = {}
for mode in ("zeros", "circular", "reflect", "replicate"):
    errors[mode] = blurred(cut, mode) - truth

# %%
shown = {"coffee, the cut": cut, "blurred, true": truth, "zeros": blurred(cut, "zeros")}
for mode in ("zeros", "reflect", "replicate"):
    shown[f"error: {mode}"] = errors[mode]
kinds = ["photo", "photo", "photo", "signed", "signed", "signed"]
limits = [None, None, None, (-0.3, 0.3), (-0.3, 0.3), (-0.3, 0.3)]
figures.pictures(shown, kind=kinds, limits=limits, columns=3)
plt.show()

# %% [markdown]
r"""
Blue is too dark and orange too bright. Zeros darken a frame all around. The errors of the other two have both signs, and are much weaker. The next figure shows the error at each distance from the border, 14 pixels on the left and 0 on the right.
"""

# %%
figures.border_profile(errors, reach=15, title="Errors begin 11 pixels from the border")
plt.show()
farther = [np.abs(error[12:-12, 12:-12]).max() for error in errors.values()]
agree(by_hand=[0, 0, 0, 0], largest_error_farther_inside=np.round(farther, 9))

# %% [markdown]
r"""
A window of 25 reaches 12 pixels to each side. So a pixel that has 12 others between itself and the border, or more, is not affected at all.

Zero is dark here because our pixels run from 0, black, to 1, white. Where they are shifted so that their mean is 0, zero is a middle grey. A section below, *Deeper: is zero dark?*, tests that, and compares the paddings on eight photographs. Most networks pad with zeros: it is simple, and the default of Paddle's layers.

## The receptive field

One output of one 3×3 layer sees 3×3 pixels. Put a second 3×3 layer on top: its output sees 3×3 outputs of the first. How many pixels do these see together? The pixels that can influence an output are its **receptive field**.
"""

# %%
layer = geometry.conv(1, 3)
figures.cones({"one 3×3 layer": [layer], "two 3×3 layers": [layer, layer]})
plt.show()

# %% [markdown]
r"""
The nine windows in the input overlap, as neighbours are one pixel apart. So the field is 3 + 2 = 5 pixels long, and not 9. The filled window at the front feeds the filled cell above it. The numbers count **paths**: ways from a pixel up to the output. The pixel in the middle of 5×5 is read by all nine cells above it, and a corner by one.

Strides and pooling make the field grow faster. (Pooling replaces each window by one number, for example the largest; [chapter 06](06_pooling.ipynb).) Two numbers for each layer are enough. The field $r$ is the length of what one output sees. The **jump** $j$ is the distance, in input pixels, between the fields of neighbouring outputs. Both start at 1. A layer with kernel $k$, stride $s$ and dilation $d$ changes them to

$$r \leftarrow r + d(k-1)\,j, \qquad j \leftarrow j\,s.$$

Follow it for LeNet-5, a classic network:

- convolution 5: $r$ = 1 + 4·1 = 5, $j$ = 1
- pooling 2, stride 2: $r$ = 5 + 1·1 = 6, $j$ = 2
- convolution 5: $r$ = 6 + 4·2 = 14, $j$ = 2
- pooling 2, stride 2: $r$ = 14 + 1·2 = 16, $j$ = 4
- convolution 5: $r$ = 16 + 4·4 = 32, $j$ = 4

`geometry.receptive_field` does the same. It also gives the *start*, the centre of the first output's field.
"""

# %%
lenet = [geometry.conv(6, 5), geometry.pool(2), geometry.conv(16, 5), geometry.pool(2)]
lenet.append(geometry.conv(120, 5))
rows = geometry.receptive_field(lenet, input_size=32)
print("layer   size  jump  field  start")
for row in rows:
    print(f"{row.name:6} {row.size:5} {row.jump:5} {row.field:6} {row.start:6}")
agree(by_hand=[5, 6, 14, 16, 32], geometry=[row.field for row in rows])

# %% [markdown]
r"""
Read a row as: after this layer there are *size* outputs along an axis. Their fields are *field* pixels long and lie *jump* pixels apart, and the first has its centre at pixel *start*. After the last layer there is one output for each kernel, and it sees exactly the 32×32 pixels of the input.

> **Activity: three layers.** Ten minutes, alone or in pairs. Make 8×8 outputs of 32×32 pixels with three layers, so that each output has a field of at least 15 pixels. You choose kernel, stride and padding of each, in this order, with dilation 1. No pixel may be skipped, so a kernel is at least as large as its stride. A padding is at most half of the kernel. Who does it with the smallest sum of $k^2$, the number of weights? Write three rows in place of the dots, such as `[[5, 2, 2], [5, 2, 2], [3, 1, 1]]` with the sum 59.
"""

# %%
my_layers = ...
tell(check.three_layers, my_layers)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> To come from 32 to 8, the strides multiply to 4. Take them early, since every later layer then counts for more: strides 2, 2, 1. Three kernels of 3 with padding 1 have the field 1 + 2·1 + 2·2 + 2·4 = 15, and 27 weights. It can be done with less. The last layer counts most, so make it larger and the others smaller: kernels 2, 2, 4 have the field 1 + 1·1 + 1·2 + 3·4 = 16, and 24 weights. With paddings 0, 1, 1 the sizes are 16, 9 and 8.
>
> </details>

## Prove it

A formula about what an output sees can be tested: change one pixel, and look whether the output changes. `probe.measured_field` does so for every pixel, and does not know what the function computes. We give it a convolution, a max pooling and another convolution. All weights are positive, so that a change cannot cancel itself on the way.
"""

# %%
rng = np.random.default_rng(0)
first = rng.uniform(0.5, 1, (1, 1, 3, 3))
second = rng.uniform(0.5, 1, (1, 1, 5, 5))


def network(x):
    x = ops.conv2d(x, first)
    x = ops.max_pool2d(x, 2)
    return ops.conv2d(x, second, stride=2)


layers = [geometry.conv(1, 3), geometry.pool(2), geometry.conv(1, 5, stride=2)]
last = geometry.receptive_field(layers, input_size=24)[-1]
print("outputs along an axis:", last.size, " field:", last.field, " jump:", last.jump)

# %% [markdown]
r"""
By hand: 1 + 2·1 = 3, then 3 + 1·1 = 4 with jump 2, then 4 + 4·2 = 12 with jump 4. So output $i$ should see the pixels $4i$ to $4i + 11$, along both axes.
"""

# %%
measured = {}
computed = {}
for i in (0, 1, 3):
    title = f"output {i}, {i}"
    measured[title] = probe.measured_field(network, (1, 24, 24), (i, i))
    computed[title] = (last.span(i), last.span(i))
figures.boxes(measured, computed)
plt.show()
found = [probe.bounding_box(field) for field in measured.values()]
agree(formula=list(computed.values()), measured=found)
agree(by_hand=[12 * 12] * 3, pixels_that_reach=[field.sum() for field in measured.values()])

# %% [markdown]
r"""
Here every pixel inside the computed box reaches the output, and no pixel outside does. Below is the same stack from the side. Follow the lines from the green square at the top down to the pixels that it reads. The squares of each level stand where the centres of their fields lie.
"""

# %%
figures.side_view(layers, 24, index=1, title="What output 1 reads")
plt.show()

# %% [markdown]
r"""
## Deep networks

How fast does the field grow with depth? We compare three stacks. One has 3×3 layers only. The second is built like **VGG**: five times two 3×3 convolutions and a pooling. The third is **ResNet-18** up to its last convolution. (ResNet has connections that skip layers, see [chapter 17](17_resnet.ipynb). They make shorter paths, and the longest path decides the field.)

Guess: how long is the field of each after 15 layers?
"""

# %%
plain = [geometry.conv(64, 3, padding=1)] * 15
vgg = []
for _ in range(5):
    vgg.append(geometry.conv(64, 3, padding=1))
    vgg.append(geometry.conv(64, 3, padding=1))
    vgg.append(geometry.pool(2))
resnet = [geometry.conv(64, 7, stride=2, padding=3), geometry.pool(3, stride=2, padding=1)]
for first_stride in (1, 2, 2, 2):
    resnet.append(geometry.conv(64, 3, stride=first_stride, padding=1))
    for _ in range(3):
        resnet.append(geometry.conv(64, 3, padding=1))
print(len(resnet), "layers in ResNet-18, pooling included")

# %%
grown = {}
for name, layers in {"3×3 only": plain, "like VGG": vgg, "ResNet-18": resnet}.items():
    grown[name] = [row.field for row in geometry.receptive_field(layers)[:15]]
ax = figures.curves(grown, None, "layer", "receptive field (pixels)", limits=(0, 260))
ax.set_title("Every stride makes all later layers count for more")
plt.show()
agree(by_hand=1 + 15 * 2, field_of_3_by_3_only=grown["3×3 only"][-1])

# %% [markdown]
r"""
> **Correction.** *Many introductions write:* the receptive field grows linearly with the number of layers. *True:* it does so where all strides are 1 (the lowest line). Every stride multiplies the jump, and with it the growth of all later layers.

ResNet-18 ends with 7×7 outputs for an image of 224×224, and each has a field of 435 pixels.

> **Think.** 435 is much more than 224. Does each of the 49 outputs see the whole image? (The jump is 32 and the start is 0.)
>
> <details><summary>Answer</summary>
>
> No. Output 0 has its centre at pixel 0 and sees −217 to 217. The image ends at pixel 223. Output 1 sees −185 to 249, which is enough, and so do outputs 2 to 6. A field has a place, not only a length.
>
> </details>
"""

# %%
last = geometry.receptive_field(resnet, input_size=224)[-1]
agree(by_hand=[435, 32, 0], field_and_jump_and_start=[last.field, last.jump, last.start])
title = "Output 0 misses six pixels; outputs 1 to 6 can see the whole axis"
figures.axis_spans(last, 224, title=title)
plt.show()

# %% [markdown]
r"""
We first read 435 > 224 as "the whole image, from every output". The experiment corrects this. It runs ResNet's layers along one axis, with all weights 1, and changes each of the 224 pixels.
"""


# %%
def along_one_axis(x):
    for layer in resnet:
        k = layer.kernel_size[1]
        stride = layer.stride[1]
        if layer.kind == "pool":
            x = ops.max_pool2d(x, (1, k), (1, stride), (0, k // 2))
        else:
            x = ops.conv2d(x, np.ones((1, 1, 1, k)), None, (1, stride), (0, k // 2))
    return x


reached = probe.responses(along_one_axis, (1, 1, 224))[0, :, 0]
agree(by_hand=range(218, 224), output_0_misses=np.flatnonzero(~reached[:, 0]))
see_all = reached.all(axis=0).sum()
agree(by_hand=36, of_49_outputs_see_the_whole_image=see_all**2)

# %% [markdown]
r"""
The 13 outputs in the first row and the first column miss the last six rows or columns. And a large part of every field is padding, as the dotted lines in the figure above show.

## Three small kernels or one large one

Three 3×3 layers see 7×7 pixels, and so does one 7×7 layer. With $C$ channels in and out (64 numbers for each pixel instead of one, [chapter 04](04_channels_and_batches.ipynb)), a $k×k$ layer has $k^2 C^2$ weights. Which of the two designs has more?
"""

# %%
C = 64
fields = []
weights = []
for k, depth in [(3, 3), (7, 1)]:
    layers = [geometry.conv(C, k, padding="same", bias=False)] * depth
    fields.append(geometry.receptive_field(layers)[-1].field)
    weights.append(sum(row.parameters for row in geometry.summary(layers, (C, 32, 32))))
agree(by_hand=[7, 7], field_of_three_and_of_one=fields)
agree(by_hand=[3 * 9 * C**2, 49 * C**2], weights_of_three_and_of_one=weights)

# %% [markdown]
r"""
The three small ones need 27/49 of the weights, a little more than half. The price: without padding and with nothing between them, three convolutions in a row are one 7×7 convolution, and not every 7×7 kernel can be made in this way. In return there is room between them for the non-linear steps of [chapter 07](07_activations.ipynb).

> **Think.** A network must compare the two eyes of a face, 60 pixels apart. It has four 3×3 layers with stride 1. Can one of its outputs see both eyes? Name two changes that help.
>
> <details><summary>Answer</summary>
>
> No: its field is 9 pixels, and it needs 61. Stride 2, pooling, dilation, or more layers (30 of them) all widen the field. Strides and pooling also reduce the work. With four layers one of these is often not enough: stride 2 in all four gives 31 pixels. Dilation 8 in all four gives 65, but with holes: only every eighth pixel is read (see *Deeper: dilation and its holes*).
>
> </details>

## Deeper: what "same" means

> **Correction.** *Commonly written in tables of formulas:* "same" padding is $(k-1)/2$ on each side. *True:* for an odd kernel, stride 1 and dilation 1. With dilation it is $d(k-1)/2$. With a stride, "same" does not keep the size: it gives $\lceil H/s \rceil$ outputs (rounded up), and the padding depends on $H$.

Where the number of pixels to add is odd, one more goes to the bottom and the right. Take 19 and 20 pixels with kernels of 4 and 5 and stride 2. How many outputs will there be?
"""

# %%
rng = np.random.default_rng(0)
for size, k in [(19, 4), (20, 4), (19, 5), (20, 5)]:
    x = rng.normal(size=(1, 1, size, size))
    weight = rng.normal(size=(1, 1, k, k))
    y = ops.conv2d(x, weight, stride=2, padding="same")
    tensors = [paddle.to_tensor(x), paddle.to_tensor(weight)]
    in_paddle = F.conv2d(tensors[0], tensors[1], stride=2, padding="SAME")
    agree(by_hand=10, outputs=y.shape[2])
    agree(numpy=y, paddle=in_paddle)

# %% [markdown]
r"""
## Deeper: is zero dark?

Networks are often given *centred* pixels: a fixed number, the mean brightness of many photographs, is subtracted first. Then 0 is a middle grey, and padding with zeros should be padding with grey. We take a piece of 124×124 pixels from each of eight photographs. `grey` is the mean over all of them.

> **Think.** Which will come closer to the truth: zeros after centring, circular padding, reflecting, or repeating?
"""

# %%
pieces = []
for path in sorted(IMAGES.glob("*.[pj]*g")):
    picture = load_image(path, "L") / 255
    top = picture.shape[0] // 2 - 62
    left = picture.shape[1] // 2 - 62
    pieces.append(picture[top : top + 124, left : left + 124])
grey = np.mean(pieces)
with_frame = np.pad(cut, 12, constant_values=grey)
grey_frame = ops.conv2d(with_frame[None, None], mean)[0, 0]
agree(zeros_around_centred=blurred(cut - grey, "zeros") + grey, grey_around_pixels=grey_frame)

# %%
found = {"zeros": [], "zeros, centred": [], "circular": [], "reflect": [], "replicate": []}
for piece in pieces:
    inner = piece[12:-12, 12:-12]
    goal = ops.conv2d(piece[None, None], mean)[0, 0]
    results = {"zeros, centred": blurred(inner - grey, "zeros") + grey}
    for mode in ("zeros", "circular", "reflect", "replicate"):
        results[mode] = blurred(inner, mode)
    unit = np.sqrt(((results["zeros"] - goal) ** 2).mean())
    for name, result in results.items():
        found[name].append(np.sqrt(((result - goal) ** 2).mean()) / unit)
figures.dot_plot({"photographs": found}, ylabel="error (with zeros: 1)", limits=(0, 1.1))
plt.show()

# %% [markdown]
r"""
Each dot is a photograph, each short line a mean. Centring alone removes about two thirds of the error on average. Reflecting and repeating are better still on average, but is this so in every photograph?
"""

# %%
for name in ("reflect", "replicate"):
    better = np.array(found[name]) < np.array(found["zeros, centred"])
    print(f"{name:9} is better than centred zeros in {better.sum()} of {better.size} photographs")

# %% [markdown]
r"""
In these eight pieces it is. Circular padding is no better than grey on average, as opposite borders of a photograph seldom have to do with each other.

## Deeper: a ring, and the pixels at the border

When is circular padding right? Where the left border really continues on the right: a panorama of the whole horizon, or a pattern that repeats. We tile a piece of `brick` 3×3 times, so that we know the truth, and blur the middle tile. Compare circular with reflect.
"""

# %%
tile = load_image(IMAGES / "brick.png", "L")[:60, :60] / 255
tiles = np.tile(tile, (3, 3))
truth = ops.conv2d(tiles[None, None, 48:132, 48:132], mean)[0, 0]
agree(true=truth, circular=blurred(tile, "circular"))
error = np.abs(blurred(tile, "reflect") - truth).max()
print(f"largest error of reflect: {error:.2f}")

# %% [markdown]
r"""
Padding also changes how often a pixel is used. A 3×3 kernel slides over a 7×7 image: how many outputs use the pixel in the corner, with and without padding?

To count, each output leaves a stamp of 3×3 ones on the pixels that it read, and the stamps add up. This is what `conv2d_transpose` does; [chapter 04](04_channels_and_batches.ipynb) says more about it.
"""

# %%
stamp = np.ones((1, 1, 3, 3))
without = ops.conv2d_transpose(np.ones((1, 1, 5, 5)), stamp)[0, 0].astype(int)
padded = ops.conv2d_transpose(np.ones((1, 1, 7, 7)), stamp, padding=1)[0, 0].astype(int)
figures.use_counts({"no padding": without, "padding 1": padded})
plt.show()
agree(by_hand=[1, 9], corner_and_middle_without=[without[0, 0], without[3, 3]])
agree(by_hand=[4, 9], corner_and_middle_with_padding=[padded[0, 0], padded[3, 3]])

# %% [markdown]
r"""
Without padding the border is used least; padding makes this less unequal. The numbers on the right can be read in a second way. They are the response of a kernel of ones to a flat image of ones. The image is the same everywhere, and the response tells where its border is. So zeros let a network find out positions, which Islam and others (2020) measured. Does this happen with "replicate" too?
"""

# %%
flat = np.ones((1, 1, 7, 7))
agree(counts=padded, flat_with_zeros=ops.conv2d(flat, stamp, padding=1)[0, 0])
replicated = ops.conv2d(flat, stamp, padding=1, padding_mode="replicate")
print("smallest and largest response with replicate:", replicated.min(), replicated.max())

# %% [markdown]
r"""
## Deeper: seeing is not using

The field says what an output *can* see. How much does each pixel matter? We measure how strongly the output reacts when the pixel changes a little: its **gradient** with respect to that pixel. (The gradient of an output holds, for every pixel, the change of the output divided by a tiny change of the pixel.)

A guess first, from the paths of the cones above. How many paths lead from a pixel to the output through 20 layers of 3×3? In one dimension, each layer adds three neighbours: 1, then 1 1 1, then 1 2 3 2 1, and so on.
"""

# %%
counts = figures.path_counts([geometry.conv(1, 3)] * 20)[0]
line = np.ones(1)
for _ in range(20):
    line = np.convolve(line, [1, 1, 1])
agree(geometry=counts[20].astype(float), by_convolution=line * line.max())
print(f"paths: corner {counts[0, 0]}, middle {counts[20, 20]:.2e}")

# %% [markdown]
r"""
From the corner there is one path, from the middle there are 1.42·10¹⁷. With 4 channels in each layer, a path also chooses a channel in each of the 19 layers between. This multiplies all counts by 4¹⁹, the corner's too. We check it by sending a gradient of 1 backwards through layers of weights 1. Backwards, each output hands its number to the pixels that it read, times the weight. That is `conv2d_transpose`, which the previous section used for counting.
"""

# %%
gradient = np.zeros((1, 4, 1, 1))
gradient[0, 0] = 1
for _ in range(20):
    gradient = ops.conv2d_transpose(gradient, np.ones((4, 4, 3, 3)))
agree(by_hand=4.0**19, corner=gradient[0, 0, 0, 0])
agree(middle_to_corner=counts[20, 20], with_4_channels=gradient[0, 0, 20, 20] / 4.0**19)

# %% [markdown]
r"""
Now random weights, as at the start of training, and the mean size of the gradient over a hundred networks. Weights of random sign make paths partly cancel. A sum of $n$ numbers of random sign typically grows like $\sqrt n$. So we predict: the gradient falls off like the *square root* of the number of paths.
"""


# %%
def random_sign(rng):
    return rng.normal(size=(4, 4, 3, 3))


def mean_gradient(depth, draw, networks=100):
    rng = np.random.default_rng(0)
    total = 0
    for _ in range(networks):
        gradient = np.zeros((1, 4, 1, 1))
        gradient[0, 0] = 1
        for _ in range(depth):
            gradient = ops.conv2d_transpose(gradient, draw(rng))
        size = np.abs(gradient).sum(axis=1)[0]
        total = total + size / size.sum()
    return total / networks


# %%
gradient = mean_gradient(20, random_sign)
figures.effective_field(gradient, predicted=np.sqrt(line) / np.sqrt(line).sum())
plt.show()

# %% [markdown]
r"""
On the left is the whole field, 41×41 pixels; the white box holds 95 % of the gradient. On the right are the sums of its columns. The gradient is a soft bell, and the outer part of the field hardly counts. The prediction fits without any number that we could adjust.

Are the signs really the reason for the square root? The control changes the signs and nothing else: all weights positive. Then paths add up and cannot cancel, and the gradient should follow the *number* of paths, a narrower bell. By hand: each layer moves a path by −1, 0 or 1, which has variance 2/3. (The variance is the mean of the squared moves, here (1 + 0 + 1)/3, and variances of independent moves add up.) Twenty layers give 40/3, and a standard deviation of √(40/3) ≈ 3.65. The square root of a bell is √2 times as wide: 5.16.
"""


# %%
def positive(rng):
    return np.abs(random_sign(rng))


def width(gradient):
    shares = gradient.sum(axis=0) / gradient.sum()
    place = np.arange(len(shares)) - len(shares) // 2
    return np.sqrt((shares * place**2).sum())


agree(0.25, by_hand=np.sqrt(2 * 40 / 3), random_sign=width(gradient))
agree(0.1, by_hand=np.sqrt(40 / 3), all_positive=width(mean_gradient(20, positive)))

# %% [markdown]
r"""
The box grows with the depth, and the bell only with its square root (Luo and others, 2016). So four times the layers should give four times the box, and twice the bell. The first cell compares the standard deviations at 10 and at 40 layers. The figure shows the side of the square that holds 95 % of the gradient.
"""

# %%
depths = [2, 5, 10, 20, 40]
box = []
bell = []
widths = []
for depth in depths:
    box.append(geometry.receptive_field([geometry.conv(1, 3)] * depth)[-1].field)
    gradient = mean_gradient(depth, random_sign, networks=20)
    bell.append(figures.core(gradient))
    widths.append(width(gradient))
agree(0.3, by_hand=2, width_of_40_to_10=widths[4] / widths[2])
agree(0.3, by_hand=4, box_of_40_to_10=box[4] / box[2])

# %%
like_root = bell[-1] * np.sqrt(np.array(depths) / 40)
lines = {"computed field": box, "95 % of it": bell, "∝ √depth": like_root}
ax = figures.curves(lines, depths, "depth (3×3 layers)", "side (pixels)", limits=(0, 90))
ax.set_title("The box grows like the depth, the bell like its square root")
plt.show()

# %% [markdown]
r"""
> **Note.** These are stacks at the start of training, without the non-linear steps of [chapter 07](07_activations.ipynb). Luo and others report that training widens the bell. Skip connections ([chapter 17](17_resnet.ipynb)) change its form.

## Deeper: dilation and its holes

Three 3×3 layers with dilation 2 have as many weights as without, and a field of 13 instead of 7. Does the wider field cost nothing? And what about dilations 1, 2 and 3, whose field is 13 as well? The numbers are paths again.
"""

# %%
stacks = {}
for dilations in ((1, 1, 1), (2, 2, 2), (1, 2, 3)):
    layers = [geometry.conv(1, 3, dilation=d) for d in dilations]
    stacks[f"dilation {dilations}"] = layers
figures.path_maps(stacks)
plt.show()

# %% [markdown]
r"""
With dilation 2 three times, only every second row and column is read: 49 pixels of 169. The others are not lost, since neighbouring outputs read them. But how many pixels does an output share with its neighbour at the right? We measure both fields.
"""


# %%
def fields_of_neighbours(layers):
    def network(x):
        for layer in layers:
            x = ops.conv2d(x, np.ones((1, 1, 3, 3)), dilation=layer.dilation)
        return x

    reached = probe.responses(network, (1, 13, 14))
    return reached[:, :, 0, 0], reached[:, :, 0, 1]


for layers, by_hand in [("(2, 2, 2)", [49, 0]), ("(1, 2, 3)", [169, 12 * 13])]:
    field, neighbour = fields_of_neighbours(stacks[f"dilation {layers}"])
    agree(by_hand=by_hand, seen_and_shared=[field.sum(), (field & neighbour).sum()])
    computed = figures.path_counts(stacks[f"dilation {layers}"])[0] > 0
    agree(paths=computed, measured=field[:, :13])

# %% [markdown]
r"""
None. With dilation 2, 2, 2 the outputs fall into four groups (even or odd row, even or odd column) that have no pixel in common. This is the **gridding** artefact. With 1, 2, 3 there are no holes, and neighbours share all but a column.

## Deeper: what Paddle 3.3 does differently

| what is asked for | what Paddle 3.3 does | what `helpers` does |
|---|---|---|
| `padding="SAME"` with dilation 2 | computes with dilation 1, and says nothing | pads $d(k-1)/2$ |
| a kernel larger than the padded image | returns a tensor of negative size | refuses |
| `Conv2D(…, padding=(1, 1), padding_mode="reflect")` | refuses: one int only | takes every padding |

The cells below compute the three.
"""

# %%
x = rng.normal(size=(1, 1, 9, 9))
weight = rng.normal(size=(1, 1, 3, 3))
tensors = [paddle.to_tensor(x), paddle.to_tensor(weight)]
asked = F.conv2d(tensors[0], tensors[1], padding="SAME", dilation=2)
meant = F.conv2d(tensors[0], tensors[1], padding=2, dilation=2)
agree(paddle_same_dilation_2=asked, paddle_dilation_1=F.conv2d(tensors[0], tensors[1], padding=1))
agree(paddle_padding_2=meant, helpers_same=ops.conv2d(x, weight, padding="same", dilation=2))
mirrored = ops.conv2d(ops.pad2d(x, (1, 2), "reflect"), weight)
agree(mirrored=mirrored, helpers=ops.conv2d(x, weight, padding=(1, 2), padding_mode="reflect"))

# %%
y = F.conv2d(paddle.zeros([1, 1, 9, 9]), paddle.zeros([1, 1, 12, 12]))
print("shape of what Paddle returns:", list(y.shape))
try:
    paddle.nn.Conv2D(1, 1, 3, padding=(1, 1), padding_mode="reflect")
except TypeError as error:
    print("Paddle:", error)

# %% tags=["raises-exception"]
ops.conv2d(np.zeros((1, 1, 9, 9)), np.zeros((1, 1, 12, 12)))

# %% [markdown]
r"""
With a single int, Paddle's layer and `helpers` agree on the reflected border.
"""

# %%
layer = paddle.nn.Conv2D(1, 1, 25, padding=12, padding_mode="reflect", bias_attr=False)
layer.weight.set_value(mean.astype("float32"))
in_paddle = layer(paddle.to_tensor(cut[None, None].astype("float32")))
agree(1e-4, numpy=blurred(cut, "reflect"), paddle=in_paddle[0, 0])

# %% [markdown]
r"""
## Play: lose a pixel, and find it again

The figure below holds two layers with 3×3 kernels and stride 2, along one row of 16 pixels. Choose an output to see what it depends on. Choose a pixel to see what it reaches. Striped pixels reach no output of the last layer.

**Predict**, then try it. Which pixel is lost? Does a padding of 1 in the first layer find it again? How many layers with 3×3 kernels and stride 1 have the same receptive field of 7?
"""

# %%
explore.load()

# %%
explore.geometry([{"kernel": 3, "stride": 2}, {"kernel": 3, "stride": 2}], size=16)

# %% [markdown]
r"""
> <details><summary>Answer</summary>
>
> The last pixel is lost, number 15. Padding 1 in the first layer alone makes it worse. That layer reads all pixels, but the second layer does not read its last output, and pixels 14 and 15 are lost. Padding 1 in both layers loses none. Three layers with stride 1 have the field 7.
>
> </details>
"""


# %%
def lost(first, second):
    ones = np.ones((1, 1, 3, 3))

    def both(x):
        return ops.conv2d(
            ops.conv2d(x, ones, stride=2, padding=first), ones, stride=2, padding=second
        )

    reached = probe.responses(both, (1, 16, 16))
    return np.flatnonzero(~reached.any(axis=(1, 2, 3)))


agree(by_hand=[15], numpy=lost(0, 0))
agree(by_hand=[14, 15], numpy=lost(1, 0))
assert len(lost(1, 1)) == 0

# %%
fields = geometry.receptive_field([geometry.conv(1, 3)] * 3)
agree(by_hand=7, numpy=fields[-1].field)

# %% [markdown]
r"""
## What you have seen, done, and can now use

- **Size:** one formula with a floor, for each axis separately. What does not fit at the end is never read.
- **Stride** keeps every $s$-th output. Equivariance is then guaranteed for shifts by multiples of $s$ only.
- **Padding** keeps the size. Zeros darken the frame where zero is dark. On our photograph, reflecting and repeating come closer to the truth.
- **Receptive field:** two numbers a layer and a start, checked by changing one pixel at a time. A field has a length and a place.
- **Three 3×3 layers** see what one 7×7 layer sees, with 27 weights for 49.
- *Deeper:* what "same" means. Centred zeros are grey. Rings. The used part of a field is a bell that grows with the square root of the depth. Dilation may leave holes. Paddle's `"SAME"` leaves the dilation out.

## Exercises

The [exercises of this chapter](exercises/03_padding_stride_receptive_field.ipynb) check themselves. Compute six sizes by hand, write a function that finds where an output looks, and find the four numbers of a hidden layer. Choose dilations for the longest field without a hole, and measure how far padding reaches into a stack of layers.

## Further reading

- V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, 2016, [arXiv 1603.07285](https://arxiv.org/abs/1603.07285): all sizes, drawn.
- A. Araujo, W. Norris and J. Sim, *Computing receptive fields of convolutional neural networks*, 2019, [doi 10.23915/distill.00021](https://doi.org/10.23915/distill.00021): the recursion, with starts and branches.
- W. Luo and others, *Understanding the effective receptive field in deep convolutional neural networks*, 2016, [arXiv 1701.04128](https://arxiv.org/abs/1701.04128).
- M. Islam, S. Jia and N. Bruce, *How much position information do convolutional neural networks encode?*, 2020, [arXiv 2001.08248](https://arxiv.org/abs/2001.08248): what zeros at the border tell.
- F. Yu and V. Koltun, *Multi-scale context aggregation by dilated convolutions*, 2015, [arXiv 1511.07122](https://arxiv.org/abs/1511.07122), and P. Wang and others, *Understanding convolution for semantic segmentation*, 2017, [arXiv 1702.08502](https://arxiv.org/abs/1702.08502): gridding and its cure.

Window, padding, stride and dilation decide how large an output is and which pixels it can see. The weights decide which of these pixels matter. The next chapter gives the image colours, the layer many kernels, and the network many images at once.

Previous: [02 Slide a kernel over an image](02_convolution.ipynb) · Next: [04 Handle colour, many filters, many images](04_channels_and_batches.ipynb)
"""
