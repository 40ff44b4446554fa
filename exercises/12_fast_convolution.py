# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: make it fast without leaving NumPy

These belong to [chapter 12](../12_fast_convolution.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 60 minutes.
"""

# %%
import numpy as np
from helpers.checks import fast_convolution as check

# %% [markdown]
r"""
## 1. A tape by hand

An image of 5 rows and 6 columns is written on a tape, and a kernel of 3×3 slides over it. All places are counted from 0. Find four numbers:

1. Where on the tape does the slice of the place $(2, 1)$ of the kernel start?
2. How many numbers does each slice hold, wrapped windows included?
3. How many of them belong to wrapped windows?
4. How many zeros are needed at the end of the tape?
"""

# %% tags=["answer"]
answers = [13, 18, 6, 2]  # solution

# %% tags=["check"]
check.by_hand(answers)

# %% [markdown]
r"""
## 2. A dilation on the tape

With **dilation** $d$ the weights lie $d$ pixels apart. The weight at place $(u, v)$ reads the pixel $d \cdot u$ rows below and $d \cdot v$ columns to the right of the window's corner. Write it on the tape, for a square kernel, with a loop over the places of the kernel only. Which lines of `conv_on_tape` change?
"""


# %% tags=["answer"]
def conv_dilated(image, kernel, dilation):
    """Return the response, as wide and high as windows of this reach fit."""
    # begin solution
    height, width = image.shape
    k = len(kernel)
    reach = dilation * (k - 1)
    rows = height - reach
    tape = np.append(image.ravel(), np.zeros(reach))
    total = np.zeros(rows * width)
    for u in range(k):
        for v in range(k):
            start = dilation * u * width + dilation * v
            total += kernel[u, v] * tape[start : start + len(total)]
    return total.reshape(rows, width)[:, : width - reach]
    # end solution


# %% tags=["check"]
check.dilated(conv_dilated)

# %% [markdown]
r"""
## 3. Max pooling on the tape

The slices hold the numbers of all windows. Nothing says that they must be multiplied and added. Take the *largest* number of each k×k window, with stride 1, without a loop over pixels. (`np.maximum(a, b)` compares two arrays number by number.)
"""


# %% tags=["answer"]
def max_pool_on_tape(image, k):
    """Return the largest number of each window: (height − k + 1, width − k + 1)."""
    # begin solution
    height, width = image.shape
    rows = height - k + 1
    tape = np.append(image.ravel(), np.zeros(k - 1))
    largest = tape[: rows * width]
    for u in range(k):
        for v in range(k):
            start = u * width + v
            largest = np.maximum(largest, tape[start : start + rows * width])
    return largest.reshape(rows, width)[:, : width - k + 1]
    # end solution


# %% tags=["check"]
check.max_pool(max_pool_on_tape)

# %% [markdown]
r"""
## 4. Within a limit

`x` holds maps, (channels, height, width), and `weight` kernels, (kernels, channels, k, k), all float32. Compute the convolution so that you never need more than `limit` bytes beside the result. The check counts them. In one go, the first case needs 13.5 MiB, and 3 are allowed. The tape counts, too. You may copy functions from the chapter.
"""


# %% tags=["answer"]
def conv_within(x, weight, limit):
    """Return the convolution, (kernels, height − k + 1, width − k + 1)."""
    # begin solution
    channels, height, width = x.shape
    kernels, _, k, _ = weight.shape
    tape = np.zeros((channels, height * width + k - 1), x.dtype)
    tape[:, : height * width] = x.reshape(channels, -1)
    y = np.empty((kernels, height - k + 1, width - k + 1), x.dtype)
    one_row = (channels * k * k + kernels) * width * 4
    block = int((limit - tape.nbytes) * 0.8 // one_row)
    for first in range(0, height - k + 1, block):
        rows = min(block, height - k + 1 - first)
        columns = np.empty((channels, k * k, rows * width), x.dtype)
        for u in range(k):
            for v in range(k):
                start = (first + u) * width + v
                columns[:, u * k + v] = tape[:, start : start + rows * width]
        part = weight.reshape(kernels, -1) @ columns.reshape(channels * k * k, -1)
        del columns
        y[:, first : first + rows] = part.reshape(kernels, rows, width)[:, :, : width - k + 1]
    return y
    # end solution


# %% tags=["check"]
check.within(conv_within)

# %% [markdown]
r"""
## 5. An experiment: a cache of your own

The processor fetches memory in lines of 64 bytes, and keeps them in a cache. Ours has room for `capacity` lines. If a line is needed that is not there, it is **fetched**. If the cache is full, the line whose last use is longest ago is dropped.

A float32 matrix of 64 columns lies in memory row after row. Somebody reads all of its numbers, once along the rows and once down the columns. The cache holds 512 lines. **Write down first** how many times as many lines are fetched down the columns as along the rows. Do it for a matrix with 200 rows (`small`) and for one with 1,000 rows (`large`).

Then write `fetched`, which simulates such a cache. The check reads both matrices with it.
"""

# %% tags=["answer"]
small = 16  # solution
large = 16  # solution


def fetched(addresses, capacity):
    """Return how many lines are fetched when bytes at these addresses are read in this order."""
    # begin solution
    kept = []  # the lines in the cache, the newest at the end
    count = 0
    for address in addresses:
        line = address // 64
        if line in kept:
            kept.remove(line)
        else:
            count += 1
        kept.append(line)
        del kept[:-capacity]
    return count
    # end solution


# solution: 200 lines fit, so the next 15 columns find theirs. Of 1,000 lines each is dropped first.

# %% tags=["check"]
check.cache(small, large, fetched)

# %% [markdown]
r"""
Back to [chapter 12](../12_fast_convolution.ipynb).
"""
