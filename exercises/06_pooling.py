# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: summarise with pooling

These belong to [chapter 06](../06_pooling.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 45 minutes.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import figures, ops
from helpers.checks import pooling as check

# %% [markdown]
r"""
## 1. Windows that overlap

A map of 5×5 is pooled with windows of 3×3 and stride 2:

$$\begin{pmatrix} 3 & -1 & -2 & 1 & -2 \\ 2 & -4 & 3 & 5 & 1 \\ 1 & 4 & 3 & 8 & 1 \\ 0 & 1 & 6 & 4 & -3 \\ 2 & -4 & -4 & 4 & 8 \end{pmatrix}$$

Compute by hand the results of max pooling and of average pooling, row by row.
"""

# %% tags=["answer"]
largest = [[4, 8], [6, 8]]  # solution
average = [[1, 2], [1, 3]]  # solution

# %% tags=["check"]
check.by_hand(largest, average)

# %% [markdown]
r"""
## 2. Max pooling, in loops

Write it with loops. The image has channels, (C, H, W), and windows are squares of side k. A window that does not fit whole is left out.
"""


# %% tags=["answer"]
def max_pool(x, k, stride):
    """Return the largest value of every window of x, (C, H, W), in an array of three axes."""
    # begin solution
    height = (x.shape[1] - k) // stride + 1
    width = (x.shape[2] - k) // stride + 1
    result = np.zeros((len(x), height, width))
    for i in range(height):
        for j in range(width):
            top, left = i * stride, j * stride
            window = x[:, top : top + k, left : left + k]
            result[:, i, j] = window.max(axis=(1, 2))
    return result
    # end solution


# %% tags=["check"]
check.max_pool(max_pool)

# %% [markdown]
r"""
## 3. Max pooling out of two layers

A convolution cannot be a maximum, since it is linear. But *two* convolutions with a ReLU between them can. (ReLU turns negative numbers into 0: $\mathrm{relu}(a)$ is $a$ or 0, whichever is larger.) Find the weights of this network, which gives the larger number of every pair along a row:

`ops.conv2d(ops.relu(ops.conv2d(x, first, stride=(1, 2))), second)`

`first` has the shape (C, 1, 1, 2) and `second` the shape (1, C, 1, 1). You choose C, up to 16. There are no biases. The numbers in x may be negative, too. (Write the larger of $a$ and $b$ as a sum in which $b - a$ appears. How does a number itself pass a ReLU?)
"""

# %% tags=["answer"]
# solution: The larger of a and b is a + relu(b − a), and a is relu(a) − relu(−a).
first = np.reshape([[1, 0], [-1, 0], [-1, 1]], (3, 1, 1, 2))  # solution
second = np.reshape([1, -1, 1], (1, 3, 1, 1))  # solution

# %% tags=["check"]
check.two_layers(first, second)

# %% [markdown]
r"""
## 4. Close the gaps

A scan shows thin lines, one pixel wide, upright or flat. They have gaps of one or two pixels. Other lines are far away. Write `close_gaps`, which returns the lines without gaps, and changes nothing else: neither their width nor their ends. The only tool is `ops.max_pool2d(x, 3, stride=1, padding=1)`, and minus signs. (What is the *smallest* value of a window, written with the largest one?)
"""

# %%
scan = np.zeros((1, 1, 16, 24))
scan[0, 0, 5, 3:20] = 1
scan[0, 0, 5, [7, 12, 13]] = 0
figures.pictures({"a line with gaps": 1 - scan[0, 0]}, zoom=8)
plt.show()


# %% tags=["answer"]
def close_gaps(x):
    """Return the picture x, (1, 1, H, W), with closed gaps; lines are positive on 0."""
    # begin solution
    thicker = ops.max_pool2d(x, 3, stride=1, padding=1)
    return -ops.max_pool2d(-thicker, 3, stride=1, padding=1)
    # end solution


# %% tags=["check"]
check.close_gaps(close_gaps)

# %% [markdown]
r"""
## 5. An experiment: a law for the shift

On photographs, average pooling with windows of 2×2 left two thirds of the change that a shift by one pixel makes. Photographs are complicated. Take pure noise instead, `rng.normal(size=(1, 1, 512, 513))`, in which no pixel tells anything about its neighbours. Without pooling the change is 1.

**Write down first**: which change is left by average pooling with windows of 16×16? Then write `change`, with the lesson's measure. It is the standard deviation of the difference, divided by that of the pooled map and by √2. Shift by one pixel to the right, and use 400×400 pixels or more.

At last look for the law. How large must k be, so that a change of 0.1 is left? You need not measure it.
"""

# %% tags=["answer"]
prediction = 0.5  # solution


def change(k):
    """Return the change under a shift by one pixel that average pooling of noise leaves."""
    # begin solution
    noise = np.random.default_rng(0).normal(size=(1, 1, 512, 513))
    before = ops.avg_pool2d(noise[..., :-1], k)
    after = ops.avg_pool2d(noise[..., 1:], k)
    return (after - before).std() / before.std() / np.sqrt(2)
    # end solution


# solution: Of k columns in a window one is new, so the change is 1/√k.
k_for_a_tenth = 100  # solution

# %% tags=["check"]
check.shifted_noise(prediction, change, k_for_a_tenth)

# %% [markdown]
r"""
Where does the law come from? Count how many columns of a window are new after the shift.

Back to [chapter 06](../06_pooling.ipynb).
"""
