# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: find edges and blur photographs

These belong to [chapter 05](../05_edges_and_blur.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 45 minutes.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import figures, ops
from helpers.checks import edges_and_blur as check
from helpers.data import IMAGES, load_image
from scipy import ndimage

# %% [markdown]
r"""
## 1. One row, three answers

A row of seven pixels: 3, 3, 9, 9, 0, 9, 9. A window of three fits into it five times. Compute by hand what it answers, as lists of five numbers. `edge` is the answer of the kernel [1, 0, −1]. `mean` and `median` are those of the three pixels in the window.
"""

# %% tags=["answer"]
edge = [-6, -6, 9, 0, -9]  # solution
mean = [5, 7, 6, 6, 6]  # solution
median = [3, 9, 9, 9, 9]  # solution

# %% tags=["check"]
check.one_row(edge, mean, median)

# %% [markdown]
r"""
## 2. The gradient of a kernel

The lesson learned [1, −1] from the *sum* of the squared differences. Later, for nine numbers from a photograph, it took their *mean*. Write the gradient of the mean. A kernel answers `ops.corr2d(image, kernel)`, and `wanted` is what it should answer.
"""


# %% tags=["answer"]
def gradient(image, kernel, wanted):
    """Return the gradient of the mean squared difference, an array like kernel."""
    # begin solution
    difference = ops.corr2d(image, kernel) - wanted
    return 2 * ops.corr2d(image, difference) / difference.size
    # end solution


# %% tags=["check"]
check.gradient(gradient)

# %% [markdown]
r"""
## 3. Twice the detail, in one kernel

What a blur takes away is *detail*: the picture minus its blur, here the mean of 3×3 pixels. A photographer adds detail twice: the result is the picture *plus two times* its detail. Three steps, a blur, a difference and a sum, are one convolution. Build its kernel, 3×3. It lies on the picture as it is, without a turn.
"""

# %% tags=["answer"]
# solution: The picture alone is a 1 in the middle: 3 times that minus 2 times the mean.
sharper = [[-2 / 9, -2 / 9, -2 / 9], [-2 / 9, 25 / 9, -2 / 9], [-2 / 9, -2 / 9, -2 / 9]]  # solution

# %% tags=["check"]
check.sharper(sharper)

# %% [markdown]
r"""
## 4. Fool a larger classifier

Slats with gaps of one row fooled the lesson's classifier. Here is a larger one. It also has two kernels, and the score of a kernel is the mean size of its answer. The kernel for "upright" is below, and the kernel for "flat" is the same, turned by 90 degrees. It reads the lesson's slats correctly, and slats of two rows with gaps of two rows as well.

Design a picture of 12×12 that fools it: a bar that stands upright, and gets the larger score for "flat". These are the rules. Paper is 0 and ink is 1. Begin with a bar, and empty some of its rows, but at most half of them. From its first to its last inked row it is at least twice as high as wide, and at least three columns wide.

(Read the kernel: which two pixels does it compare? When are they equal in slats?)
"""

# %%
upright = np.zeros((5, 5), int)
upright[:, 0] = 1
upright[:, 4] = -1
figures.number_grids({"for “upright”": upright, "for “flat”": upright.T}, colors=["signed"] * 2)
plt.show()

# %% tags=["answer"]
# solution: It compares rows that are four apart. With four rows of ink and four without, they differ.
fooling = np.zeros((12, 12))  # solution
# begin solution
fooling[0:4, 4:9] = 1
fooling[8:12, 4:9] = 1
# end solution

# %% tags=["check"]
check.fool(fooling)

# %% [markdown]
r"""
## 5. An experiment: when does the median fail?

Pixels are lost, half of them black and half of them white. In the lesson a tenth was lost, and the 3×3 median repaired them far better than the 3×3 mean. Lose more and more pixels: at some share the mean becomes better. **Write down first** at which share of lost pixels, from 0 to 1.

Then write `errors`. It loses this share of the pixels of `clean`, repairs the picture in both ways, and compares each result with `clean`. The error is the mean size of the difference. `mean_of_9` and `median_of_9` are given; their results have no border, as `clean[1:-1, 1:-1]`.
"""


# %%
def mean_of_9(picture):
    return ops.corr2d(picture, np.full((3, 3), 1 / 9))


def median_of_9(picture):
    return ndimage.median_filter(picture, 3)[1:-1, 1:-1]


clean = load_image(IMAGES / "coffee.png", mode="L")[100:228, 300:428] / 255

# %% tags=["answer"]
prediction = 0.5  # solution


def errors(share):
    """Return the mean's error and the median's error where so many pixels are lost, 0 to 1."""
    # begin solution
    chance = np.random.default_rng(0).random(clean.shape)
    lost = np.where(chance < share / 2, 0, np.where(chance > 1 - share / 2, 1, clean))
    of_mean = np.abs(mean_of_9(lost) - clean[1:-1, 1:-1]).mean()
    of_median = np.abs(median_of_9(lost) - clean[1:-1, 1:-1]).mean()
    return of_mean, of_median
    # end solution


# %% tags=["check"]
check.mean_or_median(prediction, errors)

# %% [markdown]
r"""
Why is it not at one half? And what do you expect if all lost pixels are black?

Back to [chapter 05](../05_edges_and_blur.ipynb).
"""
