# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: slide a kernel over an image

These belong to [chapter 02](../02_convolution.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 45 minutes.
"""

# %%
import numpy as np
from helpers import ops
from helpers.checks import convolution as check

# %% [markdown]
r"""
## 1. Six windows

An image and a kernel:

$$\begin{pmatrix} 2 & 0 & 1 & 3 \\ 1 & 3 & 0 & 1 \\ 0 & 1 & 2 & 0 \end{pmatrix} \qquad \begin{pmatrix} 1 & -1 \\ 0 & 2 \end{pmatrix}$$

Compute the response by hand, without turning the kernel. Write it down row by row, as `[[…, …, …], […, …, …]]`.
"""

# %% tags=["answer"]
response = [[8, -1, 0], [0, 7, -1]]  # solution

# %% tags=["check"]
check.by_hand(response)

# %% [markdown]
r"""
## 2. Every second place

With **stride** $s$ the window moves $s$ pixels at a time, to the right and down. It begins in the top left corner, and it never leaves the image. Write it with two loops. The size of the result is a part of the exercise.
"""


# %% tags=["answer"]
def strided_correlation(image, kernel, stride):
    """Lay the kernel on the image at every stride-th place, and add the products."""
    # begin solution
    height, width = kernel.shape
    rows = range(0, image.shape[0] - height + 1, stride)
    columns = range(0, image.shape[1] - width + 1, stride)
    result = np.zeros((len(rows), len(columns)))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            result[i, j] = (image[top : top + height, left : left + width] * kernel).sum()
    return result
    # end solution


# %% tags=["check"]
check.strided_correlation(strided_correlation)

# %% [markdown]
r"""
## 3. Find what falls

Build a 3×3 kernel that finds falling diagonals, lines from the top left to the bottom right. Such a line of ones on zeros must get more than a rising line, more than every horizontal and more than every vertical one. An image that is the same everywhere must get 0.
"""

# %% tags=["answer"]
kernel = [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]  # solution

# %% tags=["check"]
check.falling_diagonals(kernel)

# %% [markdown]
r"""
## 4. What is in the box?

`box(image)` lays a hidden 3×3 kernel on an image, adds a hidden number to each sum (the *bias*), and returns the response. You choose the image. Find the kernel and the bias with a *single* call. (Which image makes each weight appear alone?)
"""


# %% tags=["answer"]
def recover(box):
    """Return the hidden kernel, (3, 3), and the hidden bias, a number."""
    # begin solution
    image = np.zeros((7, 7))
    image[3, 3] = 1
    response = box(image)
    bias = response[0, 0]
    return response[1:4, 1:4][::-1, ::-1] - bias, bias
    # end solution


# %% tags=["check"]
check.recover(recover)

# %% [markdown]
r"""
## 5. An experiment: how much noise is left?

An image of noise, `rng.normal(size=(200, 200))`, has the standard deviation 1. The mean of 3×3 pixels is a kernel with nine weights of 1/9. **Write down first** what you expect: which standard deviation has its response?

Then write `measure`, which finds out for any kernel. At last search for the 3×3 kernel whose weights add up to 1 and which leaves the *least* noise. Can you find a rule for what is left?
"""

# %% tags=["answer"]
prediction = 1 / 3  # solution


def measure(kernel):
    """Return the standard deviation of the kernel's response to noise of deviation 1."""
    # begin solution
    noise = np.random.default_rng(0).normal(size=(200, 200))
    return ops.corr2d(noise, kernel).std()
    # end solution


# solution: The root of the sum of the squared weights is left, and equal weights make it smallest.
best = np.full((3, 3), 1 / 9)  # solution

# %% tags=["check"]
check.least_noise(prediction, measure, best)

# %% [markdown]
r"""
Back to [chapter 02](../02_convolution.ipynb).
"""
