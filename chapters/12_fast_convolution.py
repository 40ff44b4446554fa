# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Make it fast without leaving NumPy

An image that is written row after row is a *tape*. **What all windows hold at one place of the kernel is one slice of this tape.** So a convolution is a few long copies and one matrix product, and no loop over pixels is left. This chapter builds the function that has computed our convolution layers all along, `ops.conv2d`.

## What you will see, do, and need

**See** how patches become the columns of a matrix, how the tape replaces the search for patches, and what limits the memory. See which part of it is fast, by taking parts away.

**Do** each step by hand on an image of 3×4 pixels, in NumPy and with Paddle. Write the convolution in a dozen lines, count copies and bytes, measure times on your own computer, and predict every result first.

**Need** convolution from [chapter 02](02_convolution.ipynb), channels, groups and multiply-adds from [chapter 04](04_channels_and_batches.ipynb). For two *Deeper* sections also gradients from [chapter 10](10_backpropagation.ipynb). About 50 minutes, and 40 more for the five sections marked *Deeper*.
"""

# %%
import os

os.environ["OMP_NUM_THREADS"] = "1"

import tracemalloc
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, ops
from helpers.data import IMAGES, load_image
from scipy import ndimage, signal

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
The line with `OMP_NUM_THREADS` asks NumPy to compute in *one* thread, as Paddle does here. Otherwise we would compare two processors with one.

## Two loops, and a measure

`ops.corr2d` is the definition: two loops over the outputs, and in each step a patch times the kernel. The piece of a photograph below has 96×96 pixels, the kernel 3×3. By hand: 94·94 outputs, 9 multiply-adds for each, 79,524 in all.

Is that much? We need a measure. The thing that a processor does fastest is the product of two large matrices. Libraries for it have been tuned for decades. A product of 256×256 by 256×256 needs 256³ = 16,777,216 multiply-adds. **Predict**: which of the two takes longer, our 79,524 in loops or these sixteen million?

How to time it? A computer does other things too, and they make a run *longer*, never shorter. So we take the **shortest** of several runs. And the candidates run **in turn**, so that a disturbance meets all of them. (`side_by_side` only sorts such results into lines for a figure.)
"""


# %%
def shortest(calls, rounds=7):
    best = dict.fromkeys(calls, np.inf)
    for _ in range(rounds):
        for name, call in calls.items():
            start = perf_counter()
            call()
            best[name] = min(best[name], perf_counter() - start)
    return best


def side_by_side(found):
    lines = {}
    for name in found[0]:
        lines[name] = [numbers[name] for numbers in found]
    return lines


# %%
camera = load_image(IMAGES / "camera.png", "L").astype("float32") / 255
piece = camera[80:176, 180:276].copy()
edges = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], "float32")
rng = np.random.default_rng(0)
square = rng.normal(size=(256, 256)).astype("float32")
calls = {"two loops": lambda: ops.corr2d(piece, edges), "product": lambda: square @ square}
times = shortest(calls, rounds=5)
assert times["two loops"] > times["product"]
rates = {"two loops": 94 * 94 * 9 / times["two loops"], "product": 256**3 / times["product"]}
faster = rates["product"] > 100 * rates["two loops"]
assert faster
print("multiply-adds a second: the product does at least 100 times as many:", faster)

# %% [markdown]
r"""
The loops lose, though they have 200 times less to do. Each of their steps costs microseconds of Python for nine products. (No time is printed in this chapter: it would be another one on your computer. Times stand in pictures, and yours will differ from ours.)

So the plan is: **turn the convolution into a matrix product.**

## Patches become columns

Take an image of 3×4 and a kernel of 2×2. There are 2·3 = 6 windows. Write the four numbers of each window as a *column*, row by row: the first one is 1, 2, 3, 1. Six columns of four numbers are a matrix. Write the kernel as a row, 1, 2, 3, −1. A row times a matrix is the sum of products with each column. For the second window it is 1·2 + 2·0 + 3·1 − 1·2 = 3. That is the convolution, all outputs at once. Its name is **im2col**, *image to columns*.
"""

# %%
image = np.array([[1, 2, 0, 1], [3, 1, 2, 0], [0, 2, 1, 3]])
kernel = np.array([[1, 2], [3, -1]])
figures.patch_columns(image, kernel, shown=(0, 1))
plt.show()


# %%
def im2col(image, k):
    rows = image.shape[0] - k + 1
    across = image.shape[1] - k + 1
    columns = np.empty((k * k, rows * across), image.dtype)
    for i in range(rows):
        for j in range(across):
            columns[:, i * across + j] = image[i : i + k, j : j + k].ravel()
    return columns


print(im2col(image, 2))

# %%
by_hand = [[13, 3, 8], [3, 10, 2]]
product = kernel.ravel() @ im2col(image, 2)
tensor = paddle.to_tensor(image[None, None].astype("float64"))
in_paddle = F.conv2d(tensor, paddle.to_tensor(kernel[None, None].astype("float64")))
agree(by_hand=by_hand, two_loops=ops.corr2d(image, kernel), columns=product.reshape(2, 3))
agree(numpy=product.reshape(2, 3), paddle=in_paddle[0, 0])

# %% [markdown]
r"""
**Predict**: is this fast? The product is. But `im2col` still has two loops, and each step copies nine numbers.

Look at the matrix in the other direction, along its **rows**. The first row is 1, 2, 0, 3, 1, 2. These are the upper left numbers of all windows, and they are the upper left 2×3 pixels of the image. Each row is a piece of the image, shifted by the place $(u, v)$ in the kernel. So we can fill the matrix row by row, in $k^2$ steps instead of one for each window.
"""


# %%
def im2col_by_place(image, k):
    rows = image.shape[0] - k + 1
    across = image.shape[1] - k + 1
    columns = np.empty((k * k, rows * across), image.dtype)
    for u in range(k):
        for v in range(k):
            columns[u * k + v] = image[u : u + rows, v : v + across].ravel()
    return columns


agree(window_by_window=im2col(image, 2), place_by_place=im2col_by_place(image, 2))
print(f"96×96 pixels, 3×3: {94 * 94:,} copies of 9 numbers, or 9 copies of {94 * 94:,}")

# %% tags=["picture-varies"]
row = edges.ravel()
x = piece[None, None]
weight = edges[None, None]
calls = {"two loops": lambda: ops.corr2d(piece, edges)}
calls["im2col by window"] = lambda: row @ im2col(piece, 3)
calls["im2col by place"] = lambda: row @ im2col_by_place(piece, 3)
calls["ops.conv2d"] = lambda: ops.conv2d(x, weight)
times = shortest(calls)
assert times["two loops"] > 10 * times["im2col by place"]
milliseconds = {name: 1000 * time for name, time in times.items()}
figures.time_bars({"96×96, 3×3": milliseconds}, "milliseconds (logarithmic)")
plt.show()

# %% [markdown]
r"""
The product alone changes little: columns made window by window still take a good part of the loops' time. The same matrix, filled place by place, takes a thousandth of it. **Not the number of multiplications was slow, but the number of Python steps.** (`ops.conv2d` does more than this case needs, such as checking its arguments. With so small an input that shows.)

## The image is a tape

One thing is still uneven. Each row of the matrix is cut out of the image in many short runs: so many numbers of row 0, skip some, so many of row 1. But memory has no rows. An image lies there as one long line of numbers, row after row. Let us work on this line. We call it the **tape**.

One pixel to the right is one number further on the tape. One row down is one *width* further. So the number at place $(u, v)$ of a window lies $u \cdot \text{width} + v$ behind its first number, **for every window**. Let the windows' first numbers run along the tape. Then the numbers at place $(u, v)$ are a slice that starts at $u \cdot \text{width} + v$. For our image the slices start at 0, 1, 4 and 5.

**Predict**: the slices have eight numbers, two rows of four. But there are only six windows. What are the other two?
"""

# %%
figures.tape_slices(image, kernel)
plt.show()

# %% [markdown]
r"""
The fourth window starts at the last pixel of row 0. Its right half lies in row 1: it has **wrapped** over the edge. Its result, 1·1 + 2·3 + 3·0 − 1·0 = 7, belongs to no window. We let it be computed, and cut it off. The last window even reads one number beyond the end, so the tape gets a zero there.
"""


# %%
def conv_on_tape(image, kernel):
    height, width = image.shape
    k = len(kernel)
    rows = height - k + 1
    tape = np.append(image.ravel(), np.zeros(k - 1, image.dtype))
    slices = []
    for u in range(k):
        for v in range(k):
            start = u * width + v
            slices.append(tape[start : start + rows * width])
    result = kernel.ravel() @ np.array(slices)
    return result.reshape(rows, width)[:, : width - k + 1]


# %%
agree(by_hand=by_hand, two_loops=ops.corr2d(image, kernel), tape=conv_on_tape(image, kernel))
in_paddle = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(weight))[0, 0]
engine = ops.conv2d(x, weight)[0, 0]
agree(tape=conv_on_tape(piece, edges), engine=engine, paddle=in_paddle)

# %% [markdown]
r"""
> **Think.** How much work is wasted on wrapped windows, for a kernel of 3×3 on images 512 and 8 pixels wide?
>
> <details><summary>Answer</summary>
>
> Of the windows of a row, $k - 1 = 2$ wrap: 2 of 512, less than half a percent, and 2 of 8, a quarter. Small maps pay for the long slices.
>
> </details>
"""

# %% [markdown]
r"""
## Channels, kernels, images, groups

A layer has many channels and many kernels. Each channel gets a tape of its own, and one slice cuts *all* tapes at once. A column is then longer: the $k^2$ numbers of channel 0, those of channel 1, and so on. The kernels are written in the same order, one a row. They lie in memory in that order already, so `reshape` is enough. With `first` and `rows` we may ask for the columns of some rows of windows only; we need this soon. The printed matrix is the one of the drawing.
"""


# %%
def write_tape(x, k):
    tape = np.zeros((len(x), x[0].size + k - 1), x.dtype)
    tape[:, : x[0].size] = x.reshape(len(x), -1)
    return tape


print(write_tape(image[None], 2))


# %%
def columns_of(tape, width, k, first, rows):
    length = rows * width
    columns = np.empty((len(tape), k * k, length), tape.dtype)
    for u in range(k):
        for v in range(k):
            start = (first + u) * width + v
            columns[:, u * k + v] = tape[:, start : start + length]
    return columns.reshape(-1, length)


print(columns_of(write_tape(image[None], 2), width=4, k=2, first=0, rows=2))

# %%
x = rng.normal(size=(3, 20, 30)).astype("float32")
weight = rng.normal(size=(5, 3, 3, 3)).astype("float32")
columns = columns_of(write_tape(x, 3), 30, 3, first=0, rows=18)
print("kernels as rows", weight.reshape(5, -1).shape, " columns", columns.shape)
y = weight.reshape(5, -1) @ columns
y = y.reshape(5, 18, 30)[:, :, :28]
in_paddle = F.conv2d(paddle.to_tensor(x[None]), paddle.to_tensor(weight))[0]
agree(tape=y, engine=ops.conv2d(x[None], weight)[0], paddle=in_paddle)

# %% [markdown]
r"""
With **groups**, each group of kernels reads its own channels only ([chapter 04](04_channels_and_batches.ipynb)). The columns stay the same. We cut them into as many parts, and NumPy multiplies stacks of matrices pair by pair. For six channels in three groups, with two kernels each, these are three products of 2×18 by 18×length.
"""

# %%
x = rng.normal(size=(6, 20, 30)).astype("float32")
weight = rng.normal(size=(6, 2, 3, 3)).astype("float32")
columns = columns_of(write_tape(x, 3), 30, 3, first=0, rows=18)
y = weight.reshape(3, 2, 18) @ columns.reshape(3, 18, -1)
y = y.reshape(6, 18, 30)[:, :, :28]
in_paddle = F.conv2d(paddle.to_tensor(x[None]), paddle.to_tensor(weight), groups=3)[0]
agree(tape=y, engine=ops.conv2d(x[None], weight, groups=3)[0], paddle=in_paddle)

# %% [markdown]
r"""
What do we gain by the tape, against the shifted pieces that we cut before? We believed: speed, because one long copy is quicker than many short runs. Let us see. We take the same number of pixels as many small maps or as one large map, each map a channel. **Predict** the curve: the time to copy shifted pieces, divided by the time to write a tape and copy its slices.
"""


# %%
def pieces_of(x, k):
    rows = x.shape[1] - k + 1
    columns = np.empty((len(x), k * k, rows, rows), x.dtype)
    for u in range(k):
        for v in range(k):
            columns[:, u * k + v] = x[:, u : u + rows, v : v + rows]
    return columns


def copy_ratio(side):
    maps = rng.normal(size=(256**2 // side**2, side, side)).astype("float32")
    calls = {"pieces": lambda: pieces_of(maps, 3)}
    calls["tape"] = lambda: columns_of(write_tape(maps, 3), side, 3, 0, side - 2)
    times = shortest(calls, rounds=15)
    return times["pieces"] / times["tape"]


# %% tags=["picture-varies"]
sides = [8, 16, 32, 64, 128, 256]
ratios = [copy_ratio(side) for side in sides]
for side in sides:
    print(f"{side:3} wide: runs of {side - 2:3} numbers, on the tape of {side * (side - 2):6,}")
ax = figures.curves({"pieces : tape": ratios}, sides, "width of the maps", "time, ratio")
ax.set_xscale("log")
ax.set_xticks(sides, sides)
ax.minorticks_off()
plt.show()

# %% [markdown]
r"""
Where we measured, the tape took half the time or less at width 8, and from width 64 on there was hardly a difference. So the belief was half right. **Long runs help where the other runs are short**, and a run of a hundred numbers is long enough. Deep layers have small maps, so they gain. For a large photograph the tape is not faster. But it is simpler: one number, `start`, says all, with a stride and a dilation too (*Deeper*).

## Too large for the memory

Im2col writes each pixel about $k^2$ times. Take a photograph of 12 megapixels, 3 colours, a kernel of 5×5, and four bytes for a number. By hand: 12,000,000 · 3 · 25 · 4 = 3,600,000,000 bytes. That is 3.6 *gigabytes* of columns, for an image of 0.144.

But an output needs its own column only. So we make the columns of some rows of windows, multiply, write the outputs down, and forget these columns. Such a part is a **block**. `tracemalloc` counts the bytes that NumPy asks for. **Predict**, for an image that becomes twice as wide and high: how does the memory grow in one go, and how in blocks of about 4 MiB? (One MiB is $2^{20}$ bytes, a little more than a million.)
"""


# %%
def conv_in_blocks(x, weight, block):
    height, width = x.shape[1:]
    k = weight.shape[2]
    last = height - k + 1
    matrix = weight.reshape(len(weight), -1)
    tape = write_tape(x, k)
    y = np.empty((len(weight), last, width - k + 1), x.dtype)
    for first in range(0, last, block):
        rows = min(block, last - first)
        part = matrix @ columns_of(tape, width, k, first, rows)
        part = part.reshape(len(weight), rows, width)
        y[:, first : first + rows] = part[:, :, : width - k + 1]
    return y


# %%
def extra_bytes(x, weight, block):
    tracemalloc.start()
    y = conv_in_blocks(x, weight, block)
    highest = tracemalloc.get_traced_memory()[1] - y.nbytes
    tracemalloc.stop()
    return highest - write_tape(x, 5).nbytes


astronaut = load_image(IMAGES / "astronaut.png").transpose(2, 0, 1).astype("float32") / 255
weight = rng.normal(size=(1, 3, 5, 5)).astype("float32")
for side in (128, 256, 512):
    x = astronaut[:, :: 512 // side, :: 512 // side].copy()
    one_go = extra_bytes(x, weight, side) / 2**20
    blocks = extra_bytes(x, weight, 2**22 // (3 * 25 * side * 4)) / 2**20
    print(f"{side}×{side}: in one go {one_go:2.0f} MiB, in blocks {blocks:.0f} MiB")

# %%
x = astronaut.copy()
agree(1.5, by_hand=3 * 25 * 508 * 512 * 4 / 2**20, measured_in_one_go=one_go)
in_paddle = F.conv2d(paddle.to_tensor(x[None]), paddle.to_tensor(weight))[0]
engine = ops.conv2d(x[None], weight)[0]
agree(one_go=conv_in_blocks(x, weight, 508), in_blocks=conv_in_blocks(x, weight, 27))
agree(in_blocks=conv_in_blocks(x, weight, 27), engine=engine, paddle=in_paddle)

# %% [markdown]
r"""
In one go the memory grows with the image, fourfold from line to line. In blocks it stays. (We leave out the tape and the output, which both ways need.) The results agree: a block does not know that there are others.

> **Think.** What does the photograph of 12 megapixels need in blocks, with three kernels?
>
> <details><summary>Answer</summary>
>
> The tape, 0.144 gigabytes, and the output, which is as large. To them come 4 MiB of columns and a few for their products. (A program could avoid the tape's copy, too: without padding the image *is* a tape, but for the few zeros at the end.)
>
> </details>

Do blocks cost time? **Predict** the time against the size of a block, from one row of windows to all rows.
"""

# %% tags=["picture-varies"]
x = rng.normal(size=(16, 128, 128)).astype("float32")
weight = rng.normal(size=(16, 16, 3, 3)).astype("float32")
calls = {}
for block in (1, 2, 4, 8, 16, 32, 64, 126):
    calls[block] = lambda block=block: conv_in_blocks(x, weight, block)
times = shortest(calls, rounds=15)
sizes = [block * 16 * 9 * 128 * 4 / 2**20 for block in times]
line = {"blocks": [1000 * time for time in times.values()]}
ax = figures.curves(line, sizes, "columns of one block (MiB)", "milliseconds")
ax.set_xscale("log")
plt.show()

# %% [markdown]
r"""
Where we measured, blocks of about a megabyte were even a little *faster* than one go. Small blocks cost Python steps and make small products. Large ones are written to the memory and have to be fetched again. A block of a few megabytes can stay in the **cache**, the small fast memory beside the processor. `ops.conv2d` takes 4 MiB.

## Read the engine

Now you can read the function that does all the work in `ops.conv2d`. `Tapes` is the object that knows the sizes.
"""

# %%
import inspect

print(inspect.getsource(ops.convolution.correlate))

# %% [markdown]
r"""
| in the engine | what you wrote |
|---|---|
| `matrix = weight.reshape(groups, …)` | kernels as rows, one matrix for each group |
| `tapes.write(x)` | `write_tape`, for many images at once, with the padding written as zeros |
| `tapes.blocks(…)` | how many rows of windows, or whole images, make 4 MiB |
| `tapes.columns(…)` | `columns_of`, one copy for each place in the kernel |
| `matrix @ columns…` | the product |
| `tapes.cut(…)` | the wrapped windows, cut off |

There is no loop over pixels, over channels or over kernels. Many images lie on tapes side by side, as channels do, so one slice cuts them all, and one product serves them all. Small images share a block, and large ones are cut into several. Padding costs nothing extra: the tape is made of zeros first, and the image is written into them. (The engine's tapes have two axes more, for the stride; see *Deeper*.)

## Im2col, or the product inside it?

One often reads: *im2col makes convolution fast*. But im2col computes nothing, it only copies. So take the parts away, one at a time. We need two controls.

1. **The same columns, without the library's product.** `np.einsum("or,rp->op", …)` is the same sum of products of the same arrays. But NumPy computes it in simple loops of its own, written in C. The sign `@` calls a tuned library (its kind is called BLAS).
2. **The library's product, without columns.** The weights of one place $(u, v)$ are a small matrix, kernels × channels. Multiply it with the *slice of the tape itself*, and add the $k^2$ results. No column is ever copied.

Is the first control fair? The arrays are the same, in the same order, and both ways run in compiled code. What differs is the order of the work. A tuned library cuts the matrices into small tiles that stay beside the processor. It uses each number that it fetched for a whole tile of results, and several numbers at once in each step. This is what we want to switch off.
"""


# %%
def conv_without_columns(x, weight):
    height, width = x.shape[1:]
    k = weight.shape[2]
    length = (height - k + 1) * width
    tape = write_tape(x, k)
    y = np.zeros((len(weight), length), x.dtype)
    for u in range(k):
        for v in range(k):
            start = u * width + v
            y += weight[:, :, u, v] @ tape[:, start : start + length]
    return y.reshape(-1, height - k + 1, width)[:, :, : width - k + 1]


engine = ops.conv2d(x[None], weight)[0]
agree(engine=engine, without_columns=conv_without_columns(x, weight))

# %%
columns = columns_of(write_tape(x, 3), 128, 3, first=0, rows=126)
by_einsum = np.einsum("or,rp->op", weight.reshape(16, -1), columns)
by_einsum = by_einsum.reshape(16, 126, 128)[:, :, :126]
agree(engine=engine, einsum_on_columns=by_einsum)

# %% [markdown]
r"""
**Predict** the picture: which share of the machine's peak does each way reach, with 1, 4, 16 and 64 channels in and out, on maps of 32×32? The **peak** is the rate of the large product from the beginning, measured in the same rounds. A share of 1 means as many multiply-adds a second as that product. (Wrapped windows do not count as work done.)
"""


# %%
def shares_of_peak(c):
    x = rng.normal(size=(c, 32, 32)).astype("float32")
    weight = rng.normal(size=(c, c, 3, 3)).astype("float32")
    columns = columns_of(write_tape(x, 3), 32, 3, 0, 30)
    matrix = weight.reshape(c, -1)
    tensors = [paddle.to_tensor(x[None]), paddle.to_tensor(weight)]
    calls = {"peak": lambda: square @ square, "columns, @": lambda: matrix @ columns}
    calls["columns, einsum"] = lambda: np.einsum("or,rp->op", matrix, columns)
    calls["no columns, @"] = lambda: conv_without_columns(x, weight)
    calls["ops.conv2d"] = lambda: ops.conv2d(x[None], weight)
    calls["Paddle"] = lambda: F.conv2d(tensors[0], tensors[1])
    times = shortest(calls, rounds=15)
    peak = 256**3 / times.pop("peak")
    return {name: c * c * 9 * 30 * 30 / time / peak for name, time in times.items()}


# %% tags=["picture-varies"]
channels = [1, 4, 16, 64]
found = [shares_of_peak(c) for c in channels]
ax = figures.curves(
    side_by_side(found), channels, "channels in and out", "share of the peak", log=True
)
ax.set_xscale("log")
ax.set_xticks(channels, channels)
ax.minorticks_off()
plt.show()
for c in channels:
    moved = c * 9 + c * c * 9 / 900 + c
    print(f"{c:2} channels: {c * c * 9 / moved:4.1f} multiply-adds for each number moved")

# %% [markdown]
r"""
Where we measured, einsum on the same columns fell far behind `@` once there were many channels. The product *without* columns came close to the one with columns. So what makes convolution fast is **the library's product**. Im2col is one way to hand it the work, and the tape slices are another.

And why is nothing fast with one channel? With one channel and one kernel each number of the columns is fetched, used *once*, and forgotten. Then fetching is the work, and a tuned product has nothing to tune. With 64 kernels each number that was fetched is used 64 times. The printed lines count it: multiply-adds for each number read or written, for one column with its outputs, and its part of the weights. The more there are, the nearer a good product comes to the peak. (Paddle has a library of its own. Where its line lies depends on the processor and on the sizes.)

> **Correction.** *Commonly written:* im2col is the fast way to convolve. *True:* im2col costs time and memory, and buys a matrix product. With many channels this is a bargain, with one channel it is not. Our two controls show which part does it. A ratio on one machine is not a law: look at your picture, and run it again.

> **Think.** A *depthwise* convolution ([chapter 04](04_channels_and_batches.ipynb)) has one kernel for each channel. It needs far fewer multiply-adds. Is it faster by as much?
>
> <details><summary>Answer</summary>
>
> Usually not. Each number is used by one kernel only, as with one channel. The work shrinks, and the share of the peak shrinks with it.
>
> </details>

## Beside Paddle and SciPy

One grey photograph of 128×128 and one kernel: here SciPy can take part. `signal.correlate(…, method="direct")` and `ndimage.correlate` slide, in C. `signal.oaconvolve` uses the Fourier transform ([chapter 02, *Deeper*](02_convolution.ipynb#Deeper:-the-convolution-theorem)), on pieces of the image. **Predict** which of the five hardly notices the kernel's size.
"""


# %%
small = camera[80:208, 150:278].copy()


def five_ways(k):
    kernel = rng.normal(size=(k, k)).astype("float32")
    turned = kernel[::-1, ::-1]
    tensors = [paddle.to_tensor(small[None, None]), paddle.to_tensor(kernel[None, None])]
    calls = {"ops.conv2d": lambda: ops.conv2d(small[None, None], kernel[None, None])[0, 0]}
    calls["Paddle"] = lambda: F.conv2d(tensors[0], tensors[1])[0, 0].numpy()
    calls["signal"] = lambda: signal.correlate(small, kernel, "valid", "direct")
    inner = slice(k // 2, 128 - k // 2)
    calls["ndimage"] = lambda: ndimage.correlate(small, kernel)[inner, inner]
    calls["oaconvolve"] = lambda: signal.oaconvolve(small, turned, "valid")
    return calls


# %%
for k in (3, 7, 15):
    results = {name: call() for name, call in five_ways(k).items()}
    ours = results.pop("ops.conv2d")
    largest = max(np.abs(result - ours).max() for result in results.values())
    assert largest < 1e-4 * np.abs(ours).max()
    print(f"{k}×{k}: the four others agree with ours")

# %% tags=["picture-varies"]
groups = {}
for k in (3, 7, 15):
    times = shortest(five_ways(k), rounds=5)
    groups[f"{k}×{k}"] = {name: 1000 * time for name, time in times.items()}
figures.time_bars(groups, "milliseconds (logarithmic)")
plt.show()

# %% [markdown]
r"""
The kernel of 15×15 has 25 times as many weights as the one of 3×3, and the four that slide need several times as long. The Fourier transform does not slide. (With one kernel our engine has no advantage: see the line with one channel above.) Where its border lies is a question for *Deeper*.

The repository has a larger comparison, for layers as networks have them, forwards and backwards, each library in a process of its own: `uv run python -m benchmarks` prints the table.

## Deeper: its gradients, on the tape

The gradient of the input lays stamps ([chapter 10](10_backpropagation.ipynb)): each output adds its gradient times the kernel where its window lay. On the tape this is the forward pass read backwards. Forwards, place $(u, v)$ *reads* the slice from $u \cdot \text{width} + v$. Backwards it *adds* to this slice, all windows at once. Its name is **col2im**. First the gradients are spread as the windows lie on the tape, with 0 for wrapped windows.

By hand, with all gradients 1: a pixel gets the sum of all weights that read it. The corner is read with weight 1 only. The pixel at (1, 1) is read by all four: 1 + 2 + 3 − 1 = 5.
"""


# %%
def spread(grads, width, wrapped=0.0):
    page = np.full((len(grads), width), wrapped)
    page[:, : grads.shape[1]] = grads
    return page.ravel()


ones = np.ones((2, 3))
print(spread(ones, width=4))


# %%
def stamp(on_tape, kernel, height, width):
    k = len(kernel)
    tape = np.zeros(height * width + k - 1)
    for u in range(k):
        for v in range(k):
            start = u * width + v
            tape[start : start + len(on_tape)] += kernel[u, v] * on_tape
    return tape[: height * width].reshape(height, width)


tape = stamp(spread(ones, 4), kernel, height=3, width=4)
print(tape)

# %%
from helpers.autograd import paddle_gradients

x = image[None, None].astype(float)
weight = kernel[None, None].astype(float)
numpy = ops.conv2d_backward(ones[None, None], x, weight)
in_paddle = paddle_gradients(F.conv2d, [x, weight], ones[None, None])
by_hand = [[1, 3, 3, 2], [4, 5, 5, 1], [3, 2, 2, -1]]
agree(by_hand=by_hand, tape=tape, engine=numpy[0][0, 0], paddle=in_paddle[0][0, 0])

# %% [markdown]
r"""
**Predict**: what goes wrong if the wrapped windows get a 1 as well, instead of 0? Which pixels have a wrong gradient?
"""

# %%
print(stamp(spread(ones, 4, wrapped=1.0), kernel, 3, 4) - tape)

# %% [markdown]
r"""
At the right edge, and at the *left* edge one row further down: the window that wrapped has stamped both. Forwards we could compute wrapped windows and cut them off, since each output stands by itself. Backwards outputs meet in the pixels, so the zeros must be there *before*.

The gradient of a **weight** at $(u, v)$ is the sum of gradient times pixel over all windows. That is the same slice again, times the spread gradients: the columns in a product, from the other side. By hand with all gradients 1: the sum of the upper left 2×3 pixels, 1 + 2 + 0 + 3 + 1 + 2 = 9, and likewise 6, 9 and 9.
"""

# %%
columns = columns_of(write_tape(x[0], 2), 4, 2, first=0, rows=2)
of_weights = (columns @ spread(ones, 4)).reshape(2, 2)
agree(by_hand=[[9, 6], [9, 9]], tape=of_weights, engine=numpy[1][0, 0], paddle=in_paddle[1][0, 0])

# %% [markdown]
r"""
So forwards and both gradients are three products with the same columns, and `ops` has a function of few lines for each: `correlate`, `stamp` and `weight_gradient`. So a step of training needs about three times the multiply-adds of the forward pass.

## Deeper: a stride makes several tapes

With stride 2 only every second window counts, in both directions. We could compute all and keep a quarter: three quarters of the work for nothing. But then the numbers for place $(u, v)$ are every second number of the tape, and no slice any more.

So we **sort first**. All pixels of even rows and even columns are written to one tape, even rows and odd columns to another, and so on: 2·2 tapes. Each place of the kernel reads from *one* of them.
"""

# %%
grid = np.arange(24).reshape(4, 6)
figures.stride_tapes(grid, 2)
plt.show()

# %% [markdown]
r"""
By hand: a kernel of 2×2 starts at 0, 2, 4, and a row lower at 12, 14, 16. Place (0, 1) holds 1, 3, 5 and 13, 15, 17. This is the tape (0, 1) from its beginning. **Predict** for place (2, 1) of a 3×3 kernel: which tape, and from where?

Row 2 is even, so it is tape (0, 1), one of *its* rows further down. Its rows have three numbers: from 3. In general: tape (u mod 2, v mod 2), from (u // 2) · width + v // 2, where // divides and drops the rest.
"""


# %%
def conv_with_stride(image, kernel, stride):
    k = len(kernel)
    rows = (image.shape[0] - k) // stride + 1
    across = (image.shape[1] - k) // stride + 1
    width = image.shape[1] // stride
    total = np.zeros(rows * width)
    for u in range(k):
        for v in range(k):
            page = image[u % stride :: stride, v % stride :: stride]
            tape = np.append(page.ravel(), np.zeros(k))
            start = (u // stride) * width + v // stride
            total += kernel[u, v] * tape[start : start + len(total)]
    return total.reshape(rows, width)[:, :across]


# %%
for k, stride in ((2, 2), (3, 2), (5, 3)):
    x = rng.normal(size=(12, 18))
    weight = rng.normal(size=(k, k))
    ours = conv_with_stride(x, weight, stride)
    in_paddle = F.conv2d(
        paddle.to_tensor(x[None, None]), paddle.to_tensor(weight[None, None]), stride=stride
    )
    engine = ops.conv2d(x[None, None], weight[None, None], stride=stride)
    agree(tapes=ours, engine=engine[0, 0], paddle=in_paddle[0, 0])

# %% [markdown]
r"""
(The sides here are multiples of the stride, so that all tapes are equally long; `Tapes` fills up with zeros.) A **dilation** $d$ needs nothing new: the place $(u, v)$ lies at $(d u, d v)$.

## Deeper: where the Fourier transform wins

In waves, sliding is plain multiplication. For a layer this reads: transform each channel, transform each kernel, multiply, add over the channels, transform back. The kernels are filled up with zeros to the image's size. Correlation instead of convolution takes the conjugate, `np.conj`. On the ring of the transform the windows that wrap are the last rows and columns, and we cut them off.
"""


# %%
def spectrum_of(weight, size):
    return np.conj(np.fft.rfft2(weight, size))


def conv_by_fft(x, spectrum, k):
    size = x.shape[1:]
    waves = np.einsum("ihw,oihw->ohw", np.fft.rfft2(x), spectrum)
    y = np.fft.irfft2(waves, size)
    return y[:, : size[0] - k + 1, : size[1] - k + 1]


# %%
x = rng.normal(size=(3, 40, 50)).astype("float32")
weight = rng.normal(size=(5, 3, 7, 7)).astype("float32")
in_paddle = F.conv2d(paddle.to_tensor(x[None]), paddle.to_tensor(weight))[0]
by_fft = conv_by_fft(x, spectrum_of(weight, (40, 50)), 7)
agree(1e-3, fft=by_fft, engine=ops.conv2d(x[None], weight)[0], paddle=in_paddle)

# %% [markdown]
r"""
Where is the border: at a kernel's size, or at size times channels? Count first. $N$ pixels, $c$ channels in and out. Sliding needs $c^2 k^2 N$ multiply-adds. One transform of $N$ numbers needs about $1.25 \, N \log_2 N$ (real numbers, and a product counted with an addition). There are $c$ of the channels, $c^2$ of the kernels, and $c$ back. The products in waves are $c^2 N / 2$ of complex numbers, four multiply-adds each.

Both have a $c^2$. So the count says that the border is a size $k$, nearly whatever the channels. If the kernels were transformed beforehand, the $c^2$ transforms fall away. Then more channels should make the border *smaller*. Here is the count for 64×64 pixels:
"""

# %%
transform = 1.25 * np.log2(64 * 64)
for c in (1, 4, 16, 64):
    all_now = (c * c + 2 * c) * transform + 2 * c * c
    kernels_before = 2 * c * transform + 2 * c * c
    k = np.sqrt([all_now / c**2, kernels_before / c**2])
    print(f"{c:2} channels: equal at k = {k[0]:.1f}, with kernels transformed before {k[1]:.1f}")

# %% [markdown]
r"""
Now measure. The line "before" is the FFT whose kernels were transformed before the clock started. **Predict** whether the crossing of the lines moves to the left or to the right from panel to panel.
"""


# %%
def three_ways(c, k):
    x = rng.normal(size=(c, 64, 64)).astype("float32")
    weight = rng.normal(size=(c, c, k, k)).astype("float32")
    before = spectrum_of(weight, (64, 64))
    calls = {"conv2d": lambda: ops.conv2d(x[None], weight)}
    calls["FFT"] = lambda: conv_by_fft(x, spectrum_of(weight, (64, 64)), k)
    calls["before"] = lambda: conv_by_fft(x, before, k)
    return {name: 1000 * time for name, time in shortest(calls, rounds=25).items()}


# %% tags=["picture-varies"]
grid = figures.panels(1, 3, 3.4)[0]
sizes = [3, 5, 7, 10, 15]
for place, c in enumerate((1, 4, 8)):
    lines = side_by_side([three_ways(c, k) for k in sizes])
    ax = figures.curves(lines, sizes, "kernel side", log=True, ax=grid[place])
    ax.set_xscale("log")
    ax.set_xticks(sizes, sizes)
    ax.minorticks_off()
    ax.set_title(f"channels in and out: {c}")
grid[0].set_ylabel("milliseconds")
plt.show()

# %% [markdown]
r"""
Where we measured, the border lay near a kernel side of 5 with one channel, and between 7 and 10 with four and with eight. With more channels it moved to the *right*, not to the left as the count says. And "size times channels" is no border either: 64 times as many pairs of channels moved it by a factor of two at most. Why does the count fail? It counts multiply-adds, as if all cost the same. But with many channels the matrix product comes near the peak, and the transform, which uses each number only a few times, does not. So two things decide: the kernel's size in the count, and the channels in the speed. Kernels that were transformed before shift the border back, to 3 or 5. But each of them is then as large as the image, and in training they change with every step.

Networks mostly have kernels of 3×3, left of the border. (`oaconvolve` cuts the image into pieces for another reason: a transform of $N$ numbers costs $N \log N$, so small pieces are cheaper, and the kernel's zeros are fewer. That pays for images much larger than the kernel.)

How does time grow with everything else? Here is the same three-line comparison, with Paddle in the place of "before". **Predict** the slope of each line at its right end: what happens to the time when the channels double, the side doubles, the kernel doubles?
"""


# %%
def growth(channels, side, k):
    x = rng.normal(size=(channels, side, side)).astype("float32")
    weight = rng.normal(size=(channels, channels, k, k)).astype("float32")
    tensors = [paddle.to_tensor(x[None]), paddle.to_tensor(weight)]
    calls = {"conv2d": lambda: ops.conv2d(x[None], weight)}
    calls["FFT"] = lambda: conv_by_fft(x, spectrum_of(weight, (side, side)), k)
    calls["Paddle"] = lambda: F.conv2d(tensors[0], tensors[1])
    return {name: 1000 * time for name, time in shortest(calls, rounds=15).items()}


def grown(ax, values, found, xlabel):
    figures.curves(side_by_side(found), values, xlabel, log=True, ax=ax)
    ax.set_xscale("log")
    ax.set_xticks(values, values)
    ax.minorticks_off()


# %% tags=["picture-varies"]
grid = figures.panels(1, 3, 3.4)[0]
channels = [1, 2, 4, 8, 16]
grown(grid[0], channels, [growth(c, 32, 3) for c in channels], "channels (32×32, 3×3)")
sides = [16, 32, 64, 128]
grown(grid[1], sides, [growth(4, side, 3) for side in sides], "image side (4 ch., 3×3)")
kernels = [2, 4, 8, 16]
grown(grid[2], kernels, [growth(4, 32, k) for k in kernels], "kernel side (4 ch., 32×32)")
grid[0].set_ylabel("milliseconds")
plt.show()

# %% [markdown]
r"""
On two logarithmic axes a power is a straight line. Twice the channels in *and* out, or twice the image's side, or twice the kernel's side: each makes four times the multiply-adds. Where the lines of `conv2d` are steep, they come near this slope. At the left the lines are flat: there the time is not spent on arithmetic at all, but on starting it.

## Deeper: why the order in memory matters

A matrix lies in memory row after row. The processor fetches memory in **lines** of 64 bytes (128 on some), 16 numbers of float32. Whoever reads along a row uses all 16. Whoever reads along a column uses one of them. If the line has been dropped before the next column needs it, it is fetched again.

Count it for 2000×2000 numbers. `strides` tells how many bytes it is to the next row and to the next column.
"""

# %%
numbers = rng.normal(size=(2000, 2000)).astype("float32")
print("bytes to the next row and column:", numbers.strides, " turned:", numbers.T.strides)
along_row = np.arange(2000) * numbers.strides[1]
along_column = np.arange(2000) * numbers.strides[0]
agree(by_hand=[125, 2000], lines=[len(set(along_row // 64)), len(set(along_column // 64))])

# %% [markdown]
r"""
A row touches 125 lines, a column 2,000: sixteen times as many. To see what this costs, we copy the matrix twice: as it is, and turned (`.T.copy()`), which writes along rows but reads along columns. The control is a small matrix. It fits into the cache, so a line that was fetched is still there for the next column. **Predict** the nanoseconds for each number, against the matrix's side. And how slow is `sum(axis=0)`, which also goes down the columns?
"""


# %%
def for_each_number(side):
    matrix = rng.normal(size=(side, side)).astype("float32")
    calls = {"copy": lambda: matrix.copy(), "turned copy": lambda: matrix.T.copy()}
    calls["sum(axis=1)"] = lambda: matrix.sum(axis=1)
    calls["sum(axis=0)"] = lambda: matrix.sum(axis=0)
    times = shortest(calls, rounds=15)
    return {name: 1e9 * time / matrix.size for name, time in times.items()}


# %% tags=["picture-varies"]
sides = [100, 250, 500, 1000, 2000]
lines = side_by_side([for_each_number(side) for side in sides])
ax = figures.curves(lines, sides, "side of the matrix", "nanoseconds for each number", log=True)
ax.set_xscale("log")
plt.show()

# %% [markdown]
r"""
Where we measured, the turned copy cost about three times as much already for small matrices, since numbers are moved one by one and not in long runs. For large matrices it cost five times as much and more. The same numbers, the same number of moves. But `sum(axis=0)` is *not* slow. NumPy goes through the memory in **its** order, row by row, and adds each row to all sums at once. So it is not the direction of the sum that costs. It is the order of reading.

The tape respects this order everywhere: it is written in long runs, cut in long runs, and the columns lie in long runs for the product. Our first `im2col` wrote each patch into a *column*, each number into another line.

## What texts about fast convolution get wrong

| commonly written | what we computed |
|---|---|
| Im2col makes convolution fast. | It copies. The matrix product is fast, and does without columns as well. With one channel neither is. |
| A convolution on a large photograph needs gigabytes. | Only in one go. In blocks 4 MiB are enough, and no slower. |
| FFT convolution is faster because it needs fewer operations. | From a certain kernel size on. Fewer operations of a kind that is farther from the peak. |
| The number of multiply-adds is the cost. | The same number takes very different times: in loops, with one channel, with 64. |

## What you have seen, done, and can now use

- **Two loops** lose by their Python steps, not by their arithmetic. *Shortest of several, in turn,* is how to measure.
- **Im2col:** patches are columns, and a kernel is a row. The rows of the matrix are shifted pieces of the image.
- **The tape:** place $(u, v)$ is one slice from $u \cdot \text{width} + v$. Wrapped windows are computed and cut off.
- **Blocks** keep the memory at a few MiB, whatever the photograph.
- **The product** is the fast part, if each number that is fetched is used by many kernels.
- *Deeper:* gradients add to the same slices; a stride makes stride² tapes; the FFT wins for large kernels; memory is read in lines.

## Exercises

1. Add a dilation to `conv_on_tape`. Which line changes?
2. Integers have no tuned library. Compare the product of two matrices of 100×100 as float32 and as int32: the same numbers, the same sign `@`.
3. A kernel of 5×5 that is a column times a row needs 10 multiply-adds for a pixel instead of 25. Do it on the tape with two passes, and check it.
4. How many bytes of columns does your telephone's photograph need in one go, with a first layer of 7×7? And which block of rows takes at most 4 MiB?

The cells below hold one solution each.
"""


# %% tags=["solution"]
def conv_dilated(image, kernel, d):
    height, width = image.shape
    reach = d * (len(kernel) - 1)
    rows = height - reach
    tape = np.append(image.ravel(), np.zeros(reach, image.dtype))
    total = np.zeros(rows * width)
    for u in range(len(kernel)):
        for v in range(len(kernel)):
            start = d * u * width + d * v
            total += kernel[u, v] * tape[start : start + len(total)]
    return total.reshape(rows, width)[:, : width - reach]


engine = ops.conv2d(piece[None, None], edges[None, None], dilation=3)[0, 0]
agree(dilated=conv_dilated(piece, edges, 3).astype("float32"), engine=engine)

# %% tags=["solution", "picture-varies"]
whole = rng.integers(-5, 6, size=(100, 100)).astype("int32")
real = whole.astype("float32")
agree(integers=whole @ whole, floats=real @ real)
times = shortest({"float32": lambda: real @ real, "int32": lambda: whole @ whole})
figures.time_bars({"100×100": {name: 1000 * time for name, time in times.items()}}, "milliseconds")
plt.show()

# %% tags=["solution"]
upright = np.array([[1.0], [4], [6], [4], [1]])
image = np.arange(120.0).reshape(10, 12)
down = sum(upright[u, 0] * image[u : u + 6] for u in range(5)).ravel()
both = sum(upright[v, 0] * np.append(down, np.zeros(4))[v : v + down.size] for v in range(5))
agree(two_passes=both.reshape(6, 12)[:, :8], at_once=ops.corr2d(image, upright @ upright.T))

# %% tags=["solution"]
pixels = 4000 * 3000
print(f"in one go: {pixels * 3 * 49 * 4 / 1e9:.1f} gigabytes")
one_row = 4000 * 3 * 49 * 4
print(f"one row of windows: {one_row / 2**20:.2f} MiB, so a block has {2**22 // one_row} row(s)")

# %% [markdown]
r"""
## Further reading

- J. Cooley and J. Tukey, *An algorithm for the machine calculation of complex Fourier series*, 1965, [doi 10.1090/S0025-5718-1965-0178586-1](https://doi.org/10.1090/S0025-5718-1965-0178586-1).
- K. Chellapilla, S. Puri and P. Simard, *High performance convolutional neural networks for document processing*, 2006, [inria-00112631](https://inria.hal.science/inria-00112631): columns and one product.
- K. Goto and R. van de Geijn, *Anatomy of high-performance matrix multiplication*, 2008, [doi 10.1145/1356052.1356053](https://doi.org/10.1145/1356052.1356053): what is inside `@`.
- S. Williams, A. Waterman and D. Patterson, *Roofline: an insightful visual performance model*, 2009, [doi 10.1145/1498765.1498785](https://doi.org/10.1145/1498765.1498785): multiply-adds for each byte moved.
- M. Mathieu, M. Henaff and Y. LeCun, *Fast training of convolutional networks through FFTs*, 2013, [arXiv 1312.5851](https://arxiv.org/abs/1312.5851).
- S. Chetlur and others, *cuDNN: efficient primitives for deep learning*, 2014, [arXiv 1410.0759](https://arxiv.org/abs/1410.0759): columns made block by block, and never stored whole.
- A. Lavin and S. Gray, *Fast algorithms for convolutional neural networks*, 2015, [arXiv 1509.09308](https://arxiv.org/abs/1509.09308): fewer products for 3×3.
- A. Anderson and others, *Low-memory GEMM-based convolution algorithms for deep neural networks*, 2017, [arXiv 1709.03395](https://arxiv.org/abs/1709.03395): products without columns.

On the tape, all windows' numbers at one place of the kernel are one slice. A convolution is then a few long copies and one product, and the product is what a computer does best.

Previous: [11 Train a dense network, choose an optimiser](11_dense_networks_and_optimisers.ipynb) · Next: [13 Train a CNN from scratch](13_three_layer_network.ipynb)
"""
