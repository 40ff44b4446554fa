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

**See** how patches become the columns of a matrix, how the tape replaces the search for patches, and what limits the memory. See which part of it is fast, by taking parts away, and where the fast part needs the others.

**Do** each step by hand on an image of 3×4 pixels, in NumPy and with Paddle. Write the convolution in a dozen lines, count copies and bytes, measure times on your own computer, and predict every result first.

**Need** convolution from [chapter 02](02_convolution.ipynb), channels, groups and multiply-adds from [chapter 04](04_channels_and_batches.ipynb). For two *Deeper* sections also gradients from [chapter 10](10_backpropagation.ipynb). About 50 minutes, and 50 more for the six sections marked *Deeper*.
"""

# %%
import os
import tracemalloc
from time import perf_counter

os.environ["OMP_NUM_THREADS"] = "1"

import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, ops
from helpers.checks import fast_convolution as check, tell
from helpers.data import IMAGES, load_image
from scipy import ndimage, signal

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
The line with `OMP_NUM_THREADS` asks NumPy to compute in *one* thread, as Paddle does here. Otherwise we would compare several processor cores with one.

## Two loops, and a measure

`ops.corr2d` is the definition: two loops over the outputs, and in each step a patch times the kernel. The piece of a photograph below has 96×96 pixels, the kernel 3×3. By hand: 94·94 outputs, 9 multiply-adds for each, 79,524 in all.

Is that much? We need a measure. Few things use a processor as well as the product of two large matrices. Libraries for it have been tuned for decades. A product of 256×256 by 256×256 needs 256³ = 16,777,216 multiply-adds. **Predict**: which of the two takes longer, our 79,524 in loops or these sixteen million? And how much longer do the same loops take with a kernel of 9×9, which has nine times as many products in each step?

How to time it? A computer does other things too, and as a rule they make a run *longer*. So we take the **shortest** of several runs. And the candidates run **in turn**, so that a disturbance meets all of them.
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


# %%
camera = load_image(IMAGES / "camera.png", "L").astype("float32") / 255
piece = camera[80:176, 180:276].copy()
edges = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], "float32")
rng = np.random.default_rng(0)
square = rng.normal(size=(256, 256)).astype("float32")
larger = camera[80:182, 180:282].copy()
kernel = rng.normal(size=(9, 9)).astype("float32")
print(f"multiply-adds: {94 * 94 * 9:,} in two loops, {256**3:,} in the product")

# %%
calls = {"two loops": lambda: ops.corr2d(piece, edges), "product": lambda: square @ square}
calls["nine times"] = lambda: ops.corr2d(larger, kernel)
times = shortest(calls, rounds=5)
assert times["product"] / times["two loops"] < 1
rates = {"two loops": 94 * 94 * 9 / times["two loops"], "product": 256**3 / times["product"]}
assert rates["two loops"] / rates["product"] < 0.01
print("multiply-adds a second: the loops do less than a hundredth of the product's")
assert times["nine times"] / times["two loops"] < 3
print("94·94 steps with nine times the products: less than three times the time")

# %% [markdown]
r"""
The loops lose, though they have 200 times less to do. With nine times as many products they are hardly slower. So it is not the arithmetic that takes the time, it is the *step*. Each step calls functions of NumPy, and such a call costs a microsecond or more, however small its arrays are. (No time is printed in this chapter: it would be another one on your computer. Times stand in pictures, and yours will differ from ours.)

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
**Predict**: is this fast? The product is. But `im2col` still has two loops, and for a kernel of 3×3 each step copies nine numbers.

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
assert times["im2col by place"] / times["two loops"] < 0.1
milliseconds = {name: 1000 * time for name, time in times.items()}
figures.time_dots({"96×96, 3×3": milliseconds}, "milliseconds (logarithmic)")
plt.show()

# %% [markdown]
r"""
The product alone changes little: with columns made window by window we wait for a good part of the loops' time. With the same matrix, filled place by place, the whole takes a small part of it, less than a hundredth where we measured. **Not the number of multiplications was slow, but the number of calls.** (`ops.conv2d` does more than this case needs, such as checking its arguments. With so small an input that shows.)

## The image is a tape

One thing is still uneven. Each row of the matrix is cut out of the image in many short runs: so many numbers of row 0, skip some, so many of row 1. But memory has no rows. An image lies there as one long line of numbers, row after row. Let us work on this line. We call it the **tape**.

One pixel to the right is one number further on the tape. One row down is one *width* further. So the number at place $(u, v)$ of a window lies $u \cdot \text{width} + v$ behind its first number, **for every window**. Now move the window on by one pixel. Its first number moves on by one on the tape, and so does its number at $(u, v)$. So the numbers at $(u, v)$ of all windows, one after the other, are one slice. It starts at $u \cdot \text{width} + v$. For our image the slices start at 0, 1, 4 and 5.

**Predict**: the slices have eight numbers, two rows of four. But there are only six windows. What are the other two?
"""

# %%
figures.tape_slices(image, kernel)
plt.show()

# %% [markdown]
r"""
The fourth window starts at the last pixel of row 0. Its right half lies in row 1: it has **wrapped** over the edge. Its result, 1·1 + 2·3 + 3·0 − 1·0 = 7, belongs to no window. We let it be computed, and cut it off. The last window even reads $k - 1$ numbers beyond the end, here one. So the tape gets zeros there.
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
> **Activity: the lost width.** Five to ten minutes. Somebody has sent us the tape of a photograph and forgot to say how wide it is. The last row is not complete. The cell lays the tape out with a guess, 50, and the picture is a riddle. Find the right width, by trying, or by computing. (What should be similar to what, if the width is right?)
"""

# %%
lost = check.lost_tape()
guess = 50
count = len(lost) // guess
laid_out = lost[: count * guess].reshape(count, guess)
figures.pictures({f"{len(lost):,} numbers, {guess} a row": laid_out}, zoom=2)
plt.show()
my_width = ...
tell(check.lost_width, my_width)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> A pixel resembles the one below it, which lies one width further on the tape. So compute, for each width w from 20 to 200, the mean of `np.abs(lost[w:] - lost[:-w])`. It is lowest at `my_width = 83`, with 84 close behind, and has another low near twice this width. By trying: a width that is wrong by a little makes upright edges lean.
>
> </details>
"""

# %% [markdown]
r"""
## Channels and kernels

A layer has many channels and many kernels. Each channel gets a tape of its own, and one slice cuts *all* tapes at once. A column is then longer: the $k^2$ numbers of channel 0, those of channel 1, and so on. The kernels are written in the same order, one a row. They lie in memory in that order already, so `reshape` is enough. With `first` and `rows` we may ask for the columns of some rows of windows only, and we need this soon. The first cell prints a tape. The second one prints the matrix of the drawing, with its wrapped windows.
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
What do we gain by the tape, against the shifted pieces that we cut before? We believed: speed, because one long copy is quicker than many short runs. Let us see, with 64 channels. **Predict** two curves against the width of the maps. How much longer does it take to copy shifted pieces than to write a tape and copy its slices? And how much longer does the whole layer take, with a product for 64 kernels and the cut?
"""


# %%
def pieces_of(x, k):
    rows = x.shape[1] - k + 1
    across = x.shape[2] - k + 1
    columns = np.empty((len(x), k * k, rows, across), x.dtype)
    for u in range(k):
        for v in range(k):
            columns[:, u * k + v] = x[:, u : u + rows, v : v + across]
    return columns.reshape(len(x) * k * k, -1)


agree(pieces=pieces_of(image[None], 2), columns=im2col(image, 2))


# %%
def layer_on_tape(maps, matrix):
    side = maps.shape[1]
    product = matrix @ columns_of(write_tape(maps, 3), side, 3, 0, side - 2)
    return product.reshape(len(matrix), side - 2, side)[:, :, : side - 2].copy()


maps = rng.normal(size=(64, 8, 8)).astype("float32")
matrix = rng.normal(size=(64, 64 * 9)).astype("float32")
product = matrix @ pieces_of(maps, 3)
agree(pieces=product.reshape(64, 6, 6), tape=layer_on_tape(maps, matrix))


# %%
def pieces_to_tape(side):
    maps = rng.normal(size=(64, side, side)).astype("float32")
    calls = {"pieces": lambda: pieces_of(maps, 3)}
    calls["tape"] = lambda: columns_of(write_tape(maps, 3), side, 3, 0, side - 2)
    calls["pieces, product"] = lambda: matrix @ pieces_of(maps, 3)
    calls["tape, product, cut"] = lambda: layer_on_tape(maps, matrix)
    times = shortest(calls, rounds=15)
    whole = times["pieces, product"] / times["tape, product, cut"]
    return {"copies only": times["pieces"] / times["tape"], "whole layer": whole}


# %%
def side_by_side(found):
    lines = {}
    for name in found[0]:
        lines[name] = [numbers[name] for numbers in found]
    return lines


print(side_by_side([{"a": 1, "b": 2}, {"a": 3, "b": 4}]))

# %% tags=["picture-varies"]
sides = [8, 16, 32, 64, 128]
lines = side_by_side([pieces_to_tape(side) for side in sides])
for side in sides:
    print(f"{side:3} wide: runs of {side - 2:3} numbers, on the tape of {side * (side - 2):6,}")
ax = figures.curves(lines, sides, "width of the maps", "time of pieces / time of tape")
ax.axhline(1, color=figures.QUIET, ls=":")
figures.log_scales(ax, sides)
plt.show()

# %% [markdown]
r"""
Above 1 the tape is faster. Where we measured, its copies took about half the time on small maps, and no less time on large ones. So **long runs help where the other runs are short**. But in the whole layer little or nothing of the gain was left. On small maps many windows wrap, and the product has to compute them: at width 8 a quarter of it is wasted. On large maps there is no gain to lose. So our belief fell: the tape is not faster. It is *simpler*: one number, `start`, says all, and padding, a stride and a dilation change little (*Deeper*).

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
by_hand = (3 * 25 + 1) * 508 * 512 * 4 / 2**20
assert abs(one_go - by_hand) < 0.2
print(f"512×512 in one go: {by_hand:.1f} MiB by hand, {one_go:.1f} measured")
print(f"columns of 12 megapixels: {12_000_000 * 3 * 25 * 4:,} bytes")
x = astronaut.copy()
in_paddle = F.conv2d(paddle.to_tensor(x[None]), paddle.to_tensor(weight))[0]
engine = ops.conv2d(x[None], weight)[0]
agree(one_go=conv_in_blocks(x, weight, 508), in_blocks=conv_in_blocks(x, weight, 27))
agree(in_blocks=conv_in_blocks(x, weight, 27), engine=engine, paddle=in_paddle)

# %% [markdown]
r"""
In one go the memory grows with the image, fourfold from line to line. By hand for the last one: 508·512 windows have columns of 75 numbers and one product each, four bytes a number. In blocks the memory stays. (We leave out the tape and the output, which both ways need.) The results agree: a block does not know that there are others. Here 27 rows of windows take 4 MiB.

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
ax.axvline(4, color=figures.QUIET, ls=":")
ax.set_title("dotted: the largest block of ops.conv2d", fontsize=11)
figures.log_scales(ax)
plt.show()

# %% [markdown]
r"""
Where we measured, blocks of half a megabyte to two were a little *faster* than one go, and from about 4 on there was hardly a difference. Small blocks cost more calls and make small products. Why are large ones not the best? The likely reason is the **cache**, the small fast memory beside the processor. The columns of a small block are still there when the product reads them. Large ones have to be fetched from slower memory. How large the cache is depends on the processor. `ops.conv2d` takes at most 4 MiB.

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
| `matrix = weight.reshape(groups, …)` | kernels as rows (with more than one group, a matrix for each: *Deeper*) |
| `tapes.write(x)` | `write_tape`, for many images at once, with the padding written as zeros |
| `tapes.blocks(…)` | how many rows of windows, or whole images, make 4 MiB |
| `tapes.columns(…)` | `columns_of`, one copy for each place in the kernel |
| `matrix @ columns…` | the product |
| `tapes.cut(…)` | the wrapped windows, cut off |

There is no loop over pixels, over channels or over kernels. Many images lie on tapes side by side, as channels do, so one slice cuts them all, and one product serves them all. Small images share a block, and large ones are cut into several. Padding needs no copy of its own: the tape is made of zeros first, and the image is written into them. (The engine's tapes have two axes more, for the stride. See *Deeper*.)

## Im2col, or the product inside it?

One often reads: *im2col makes convolution fast*. But im2col computes nothing, it only copies. So take the parts away, one at a time. We need two controls.

1. **The same columns, without the library's product.** `np.einsum("or,rp->op", …)` is the same sum of products of the same arrays. Its letters name the axes: o an output channel, r a place in a column, p a window. A letter that is missing behind the arrow is summed over. But NumPy computes it in simple loops of its own, written in C. The sign `@` calls a tuned library (its kind is called BLAS).
2. **The library's product, without columns.** The weights of one place $(u, v)$ are a small matrix, kernels × channels. Multiply it with the *slice of the tape itself*, and add the $k^2$ results. No column is ever copied.

Is the first control fair? The arrays are the same, in the same order, and both ways run in compiled code. What differs is the order of the work. A tuned library cuts the matrices into small tiles that stay in the cache. It uses each number that it fetched for a whole tile of results, and several numbers at once in each step. This is what we want to switch off.
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
**Predict** the picture: which share of the machine's peak does each way reach, with 1, 4, 16 and 64 channels in and out, on maps of 32×32? Each way does all the work, from the image to the outputs, the copying included. The **peak** is the rate of the large product from the beginning, measured in the same rounds. A share of 1 means as many multiply-adds a second as that product. (Wrapped windows do not count as work done.)
"""


# %%
def ways(inputs, outputs):
    x = rng.normal(size=(inputs, 32, 32)).astype("float32")
    weight = rng.normal(size=(outputs, inputs, 3, 3)).astype("float32")
    matrix = weight.reshape(outputs, -1)
    tensors = [paddle.to_tensor(x[None]), paddle.to_tensor(weight)]

    def by_einsum():
        return np.einsum("or,rp->op", matrix, columns_of(write_tape(x, 3), 32, 3, 0, 30))

    calls = {"columns, @": lambda: matrix @ columns_of(write_tape(x, 3), 32, 3, 0, 30)}
    calls["columns, einsum"] = by_einsum
    calls["no columns, @"] = lambda: conv_without_columns(x, weight)
    calls["ops.conv2d"] = lambda: ops.conv2d(x[None], weight)
    calls["Paddle"] = lambda: F.conv2d(tensors[0], tensors[1])
    return calls


# %%
def shares_of_peak(inputs, outputs):
    calls = ways(inputs, outputs)
    calls["peak"] = lambda: square @ square
    times = shortest(calls, rounds=15)
    peak = 256**3 / times.pop("peak")
    work = inputs * outputs * 9 * 30 * 30
    return {name: work / time / peak for name, time in times.items()}


# %% tags=["picture-varies"]
channels = [1, 4, 16, 64]
lines = side_by_side([shares_of_peak(c, c) for c in channels])
ax = figures.curves(lines, channels, "channels in and out", "share of the peak", log=True)
figures.log_scales(ax, channels, y=True)
plt.show()

# %% [markdown]
r"""
Where we measured, einsum on the same columns fell far behind `@` once there were many channels. With 16 and 64 channels the product *without* columns came near the one with columns. So there the fast part is **the library's product**. Im2col is one way to hand it the work, and the tape slices are another.

And why is nothing fast with one channel? We believed: with one channel and one kernel each number of the columns is fetched, used *once*, and forgotten. So fetching is the work. But this layer is so small that *starting* the calls takes longer than its 8,100 multiply-adds. The belief needs a control of equal work. With 1 channel in and 64 kernels, or 8 and 8, or 64 and 1, the multiply-adds are the same: 64·9 for a window. In the first case each number of the columns is used by 64 kernels, in the last by one. **Predict** the order, with columns and without.
"""

# %% tags=["picture-varies"]
groups = {}
for inputs, outputs in ((1, 64), (8, 8), (64, 1)):
    times = shortest(ways(inputs, outputs), rounds=15)
    del times["columns, einsum"]
    groups[f"{inputs} → {outputs}"] = {name: 1e6 * time for name, time in times.items()}
figures.time_dots(groups, "microseconds (logarithmic)")
plt.show()
for inputs, outputs in ((1, 64), (8, 8), (64, 1)):
    copies = inputs * 9
    moved = copies + outputs + outputs * copies / 900
    print(f"{inputs:2} → {outputs:2}: {copies:3} numbers in a column,", end=" ")
    print(f"{outputs * copies / moved:.1f} multiply-adds for each number moved")

# %% [markdown]
r"""
Where we measured, all ways but the one without columns took about two to four times as long for 64 → 1 as for 1 → 64. For 64 → 1 each window has 576 numbers to copy and to fetch, and each is used once. For 1 → 64 there are nine, and each is used 64 times. (Moved are the numbers of a column, its outputs, and a 900th of the weights, since 900 windows share them.) So it is the number of *kernels* that counts, not of channels as such.

Without columns the order is turned, and 1 → 64 is many times slower than with columns. Each of its nine products has sums of *one* term, and must read and write all outputs for it. Columns make one sum of nine terms. So in a first layer, with one or three channels in, columns do more than hand over the work.

> **Correction.** *Commonly written:* im2col makes convolution fast. *True:* im2col costs time and memory, and buys *one long* matrix product. With many channels in, the product is fast without columns as well. With few, the columns make its sums long enough. With few *kernels* neither helps much. Ratios on one machine are no law: look at your picture, and run it again.

> **Think.** A *depthwise* convolution ([chapter 04](04_channels_and_batches.ipynb)) has one kernel for each channel. It needs far fewer multiply-adds. Is it faster by as much?
>
> <details><summary>Answer</summary>
>
> No, see *Deeper* on groups. Each number is used by one kernel only, as in 64 → 1. The work shrinks, and the share of the peak shrinks with it.
>
> </details>

## Deeper: groups

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
With 64 channels in 64 groups, a *depthwise* layer has 64 times fewer multiply-adds than a full one. **Predict**: is it at least 32 times faster?
"""

# %% tags=["picture-varies"]
x = rng.normal(size=(1, 64, 32, 32)).astype("float32")
full = rng.normal(size=(64, 64, 3, 3)).astype("float32")
depthwise = rng.normal(size=(64, 1, 3, 3)).astype("float32")
calls = {"full": lambda: ops.conv2d(x, full)}
calls["depthwise"] = lambda: ops.conv2d(x, depthwise, groups=64)
milliseconds = {name: 1000 * time for name, time in shortest(calls, rounds=15).items()}
figures.time_dots({"64 channels": milliseconds}, "milliseconds (logarithmic)")
plt.show()

# %% [markdown]
r"""
Where we measured, about four times faster. The patches of 64 channels are copied either way, and in the depthwise layer each copy is used for one kernel only.

## Deeper: beside Paddle and SciPy

One grey photograph of 128×128 and one kernel: here SciPy can take part. `signal.correlate(…, method="direct")` and `ndimage.correlate` multiply every weight at every place, in compiled code. `ndimage` fills up the border, so we cut its border off. `signal.oaconvolve` turns the kernel, so we turn it before. It uses the Fourier transform ([chapter 02, *Deeper*](02_convolution.ipynb#Deeper:-the-convolution-theorem)), on pieces of the image. **Predict** which of the five hardly notices the kernel's size.
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
    assert largest / np.abs(ours).max() < 1e-4
    print(f"{k}×{k}: the four others agree with ours")

# %% tags=["picture-varies"]
groups = {}
for k in (3, 7, 15):
    times = shortest(five_ways(k), rounds=5)
    groups[f"{k}×{k}"] = {name: 1000 * time for name, time in times.items()}
figures.time_dots(groups, "milliseconds (logarithmic)")
plt.show()

# %% [markdown]
r"""
The kernel of 15×15 has 25 times as many weights as the one of 3×3. Where we measured, the four that multiply every weight at every place took at least five times as long for it, and `oaconvolve` hardly longer. Both functions of SciPy that slide are compiled, and one needs about ten times as long as the other: compiled is not yet tuned. Where the border of the Fourier transform lies is the question of another section.

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
With channels, each of the three is one matrix product. Forwards it is kernels times columns. For the weights it is gradients times columns. For the input it is the matrix of kernels, its rows written as columns, times gradients: the result *is* columns, and they are stamped. Each of them has as many multiply-adds as the others. So a step of training needs about three times the multiply-adds of the forward pass.

## Deeper: a stride makes several tapes

With stride 2 only every second window counts, in both directions. We could compute all and keep a quarter: three quarters of the work for nothing. If we want the kept windows only, the numbers for place $(u, v)$ are every second number of every second row, and no single run of the tape any more.

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
    x = rng.normal(size=(18, 24))
    weight = rng.normal(size=(k, k))
    ours = conv_with_stride(x, weight, stride)
    in_paddle = F.conv2d(
        paddle.to_tensor(x[None, None]), paddle.to_tensor(weight[None, None]), stride=stride
    )
    engine = ops.conv2d(x[None, None], weight[None, None], stride=stride)
    agree(tapes=ours, engine=engine[0, 0], paddle=in_paddle[0, 0])

# %% [markdown]
r"""
(The sides here are multiples of the stride, so that all tapes are equally long. `Tapes` fills up with zeros.) So the gain of sorting is one rule for all strides. A **dilation** $d$ needs nothing new: the place $(u, v)$ lies at $(d u, d v)$.

## Deeper: where the Fourier transform wins

The Fourier transform writes an image as a sum of waves, and a convolution becomes a multiplication, wave by wave ([chapter 02, *Deeper*](02_convolution.ipynb#Deeper:-the-convolution-theorem)). For a layer this reads: transform each channel, transform each kernel, multiply, add over the channels, transform back. The kernels are filled up with zeros to the image's size. Each wave has a strength and a position. NumPy stores both in one *complex* number, a pair of numbers. Our layers slide without turning the kernel, and `np.conj` undoes the turn: it changes the sign of all positions. On the ring of the transform the windows that wrap are the last rows and columns, and we cut them off.
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
Where is the border: at a kernel's size, or at size times channels? Count first. $N$ pixels, $c$ channels in and out. Sliding needs $c^2 k^2$ multiply-adds for each window. One transform of $N$ numbers needs about $1.25 \, N \log_2 N$, a usual estimate. There are $c$ of the channels, $c^2$ of the kernels, and $c$ back. The products in waves are $c^2 N / 2$ of complex numbers, four multiply-adds each.

Both have a $c^2$. So the count says that the border is a size $k$, nearly whatever the channels. If the kernels were transformed beforehand, the $c^2$ transforms fall away. Then more channels should make the border *smaller*. Here is the count for 64×64 pixels, with the kernels' transforms and without:
"""

# %%
transform = 1.25 * 64 * 64 * np.log2(64 * 64)
k = np.arange(1, 20)
for c in (1, 4, 16):
    sliding = c * c * k**2 * (65 - k) ** 2
    before = 2 * c * transform + 2 * c * c * 64 * 64
    now = k[np.argmax(sliding > before + c * c * transform)]
    earlier = k[np.argmax(sliding > before)]
    print(
        f"{c:2} channels: FFT below sliding from k = {now} on, without kernels from k = {earlier} on"
    )

# %% [markdown]
r"""
Now measure. The line "before" is the FFT whose kernels were transformed before the clock started. `ops.conv2d` checks its arguments and `conv_by_fft` does not. So the fair partner is our own `conv_in_blocks`, here called "tape". **Predict** whether its crossing with the line "FFT" moves to the left or to the right from panel to panel.
"""


# %%
def four_ways(c, k, side=64):
    x = rng.normal(size=(c, side, side)).astype("float32")
    weight = rng.normal(size=(c, c, k, k)).astype("float32")
    before = spectrum_of(weight, (side, side))
    calls = {"tape": lambda: conv_in_blocks(x, weight, side)}
    calls["FFT"] = lambda: conv_by_fft(x, spectrum_of(weight, (side, side)), k)
    calls["before"] = lambda: conv_by_fft(x, before, k)
    calls["conv2d"] = lambda: ops.conv2d(x[None], weight)
    return {name: 1000 * time for name, time in shortest(calls, rounds=15).items()}


# %% tags=["picture-varies"]
grid = figures.panels(1, 3, 3.8, sharey=True)[0]
sizes = [3, 5, 7, 10, 15]
for place, c in enumerate((1, 4, 16)):
    lines = side_by_side([four_ways(c, k) for k in sizes])
    ax = figures.curves(lines, sizes, "kernel side", log=True, limits=(0.01, 50), ax=grid[place])
    figures.log_scales(ax, sizes, y=True)
    ax.set_title(f"channels in and out: {c}")
grid[0].set_ylabel("milliseconds")
plt.show()

# %% [markdown]
r"""
At first we compared with `ops.conv2d`. With one channel it crosses the FFT near a kernel side of 5, with more channels later. We believed that channels move the border to the right. With the fair partner it disappeared: where we measured, "tape" crosses the FFT near 9 with one channel and with four. The 5 was the time for checking arguments. With 16 channels the border lay between 10 and 12. So the border is a size of the kernel, and nearly whatever the channels, as the count says. "Size times channels" is no border: 256 times as many pairs of channels moved it by less than a half.

But it lies at larger kernels than in the count. Why? The count takes all multiply-adds as equal. But with many channels the matrix product comes near the peak, and the transform, which uses each number only a few times, does not. (Is it `einsum` that makes our FFT slow? No: the line "before" has the same `einsum`, and with 16 channels it lies far below.) Kernels that were transformed before shift the border back, to 6 or 7. But each of them is then as large as the image, and in training they change with every step.

Networks mostly have kernels of 3×3, left of the border. (`oaconvolve` cuts the image into pieces for another reason: a transform of $N$ numbers costs $N \log N$, so small pieces are cheaper, and the kernel's zeros are fewer. That pays for images much larger than the kernel.)

Does the time grow as the multiply-adds do? Twice the channels in *and* out, or twice the image's side, make about four times as many. The line "count" below grows fourfold with each doubling, and goes through the last point of "tape". **Predict** where the times leave this line.
"""


# %%
def grown(ax, values, found, xlabel):
    lines = side_by_side(found)
    del lines["before"]
    lines["count"] = [lines["tape"][-1] * (value / values[-1]) ** 2 for value in values]
    figures.curves(lines, values, xlabel, log=True, limits=(0.0002, 10), ax=ax)
    figures.log_scales(ax, values, y=True)


# %% tags=["picture-varies"]
grid = figures.panels(1, 2, 3.8, sharey=True)[0]
channels = [1, 2, 4, 8, 16]
grown(grid[0], channels, [four_ways(c, 3, 32) for c in channels], "channels (32×32, 3×3)")
sides = [16, 32, 64, 128]
grown(grid[1], sides, [four_ways(4, 3, side) for side in sides], "image side (4 channels, 3×3)")
grid[0].set_ylabel("milliseconds")
plt.show()

# %% [markdown]
r"""
Where we measured, the times lay far *above* the count at the left. There the time is not spent on arithmetic, but on starting it. So few channels and small images are never as cheap as the count says.

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
figures.log_scales(ax, sides, y=True)
plt.show()

# %% [markdown]
r"""
Where we measured, the turned copy cost about three times as much already for small matrices, probably since numbers are moved one by one. For large matrices it cost about five times as much or more. The same numbers, the same number of moves. But `sum(axis=0)` is *not* slow. NumPy goes through the memory in **its** order, row by row, and adds each row to all sums at once. So it is not the direction of the sum that costs. It is the order of reading.

The tape respects this order: it is written in long runs, cut in long runs, and the columns lie in long runs for the product. Our first `im2col` wrote each patch into a *column*, each number into another line.

## What texts about fast convolution get wrong

| commonly written | what we computed |
|---|---|
| Im2col makes convolution fast. | It copies. The matrix product is fast: with many channels in without columns too, with few channels in only on columns, with one kernel not at all. |
| A convolution on a large photograph needs gigabytes. | Only in one go. In blocks 4 MiB are enough, and no slower. |
| FFT convolution is faster because it needs fewer operations. | From a certain kernel size on, larger than the count says: they are operations farther from the peak. |
| The number of multiply-adds is the cost. | The same number takes very different times: in loops, with one channel, with 64. |

## What you have seen, done, and can now use

- **Two loops** lose by their many calls, not by their arithmetic. *Shortest of several, in turn,* is how to measure.
- **Im2col:** patches are columns, and a kernel is a row. The rows of the matrix are shifted pieces of the image.
- **The tape:** place $(u, v)$ is one slice from $u \cdot \text{width} + v$. Wrapped windows are computed and cut off. It is simpler, not faster.
- **Blocks** keep the memory at a few MiB, whatever the photograph.
- **The product** is the fast part, if its sums are long and many kernels use each number that is fetched.
- *Deeper:* gradients add to the same slices; a stride makes stride² tapes; the FFT wins for large kernels; memory is read in lines.

## Exercises

The [exercises of this chapter](exercises/12_fast_convolution.ipynb) check themselves. Count on a tape by hand, write a convolution with a dilation, and do max pooling on the tape. Keep a convolution within a limit of memory. At last simulate a cache, and count what the order of reading costs.

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
