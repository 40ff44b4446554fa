# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: turn a dense layer into a convolution

These belong to [chapter 14](../14_dense_to_convolution.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 60 minutes.
"""

# %%
import numpy as np
from helpers import ops
from helpers.checks import dense_to_convolution as check

# %% [markdown]
r"""
## 1. A grid by hand

A network without padding was trained on windows of 40×40 pixels, and its jump is 8. Converted, it reads a picture of 120 rows and 200 columns. Write down four numbers:

1. the rows of its grid of answers
2. the columns of the grid
3. the first row of pixels that the answer in row 3 and column 5 of the grid sees (pixels and grid are counted from 0)
4. the first column of pixels that it sees
"""

# %% tags=["answer"]
answers = [11, 21, 24, 40]  # solution

# %% tags=["check"]
check.by_hand(answers)

# %% [markdown]
r"""
## 2. Weights from a program that stores the channel last

A dense layer was trained in another program. There a map is flattened in the order row, column, *channel*: first all channels of the first pixel, then all channels of the pixel to its right. Its `table` has a row for each of these numbers, and a column for each output. Make our kernels of it, `(outputs, channels, height, width)`.
"""


# %% tags=["answer"]
def from_channel_last(table, channels, height, width):
    """Return the kernels that give the dense layer's answers on our maps."""
    # begin solution
    outputs = table.shape[1]
    return table.reshape(height, width, channels, outputs).transpose(3, 2, 0, 1)
    # end solution


# %% tags=["check"]
check.from_channel_last(from_channel_last)

# %% [markdown]
r"""
## 3. And back: a convolution as a dense layer

The kernel slides over a map of `height` × `width` pixels, with stride 1 and without padding. Find the table of the dense layer that gives the same answers. It has a row for each pixel and a column for each answer, both in reading order: `map.reshape(1, -1) @ table`. (What does a map with a single 1 tell about the table?)
"""


# %% tags=["answer"]
def as_table(kernel, height, width):
    """Return the table, (height · width, number of answers)."""
    # begin solution
    rows = []
    for place in range(height * width):
        pixels = np.zeros(height * width)
        pixels[place] = 1
        rows.append(ops.corr2d(pixels.reshape(height, width), kernel).ravel())
    return np.array(rows)
    # end solution


# %% tags=["check"]
check.as_table(as_table)

# %% [markdown]
r"""
## 4. A detector without training

`glyph` is a small picture of zeros (paper) and ones (ink). Build a dense layer with a single output that answers **above 0 for this picture only**, and 0 or less for every other picture of zeros and ones. The check converts your layer and slides it over a page. There must be no answer above 0 but where the glyph stands.
"""


# %% tags=["answer"]
def glyph_layer(glyph):
    """Return the weight, (number of pixels, 1), and the bias, a number."""
    # begin solution
    # Ink where the glyph has ink counts +1, ink on its paper −1. Only the glyph gets all its ink.
    weight = (2 * glyph - 1).reshape(-1, 1)
    return weight, 0.5 - glyph.sum()
    # end solution


# %% tags=["check"]
check.glyph_layer(glyph_layer)

# %% [markdown]
r"""
## 5. Every window

`answer(page)` is a converted network. It takes a page of any size in which a window fits, an array with two axes, and returns its grid of answers. Neighbours in the grid are `jump` pixels apart. You want an answer for *every* window, so with a step of 1 pixel. Call `answer` with shifted pages, and put the grids together. You may not look inside. (The page is large enough for every shift.)
"""


# %% tags=["answer"]
def every_window(answer, page, jump):
    """Return the answers of all windows, an array with two axes."""
    # begin solution
    grids = {}
    for down in range(jump):
        for across in range(jump):
            grids[down, across] = answer(page[down:, across:])
    rows = sum(len(grids[down, 0]) for down in range(jump))
    columns = sum(grids[0, across].shape[1] for across in range(jump))
    result = np.zeros((rows, columns))
    for (down, across), grid in grids.items():
        result[down::jump, across::jump] = grid
    return result
    # end solution


# %% tags=["check"]
check.every_window(every_window)

# %% [markdown]
r"""
## 6. An experiment: how far do the zeros reach?

A network has four convolutions of 3×3 with padding 1, and nothing between them. It reads a large picture, and a window of 32×32 that was cut out of the middle of this picture. Its output for the window has 32×32 places. **Write down first** which share of them differs from the same places in the output for the whole picture, from 0 to 1.

Then write `measure` for any number of layers and any size of the window. Take random pixels and random 3×3 kernels, one channel, the same kernels for both. `ops.conv2d(x, weight, padding=1)` takes arrays with four axes. Count a place as different if the numbers differ by more than rounding. (The window must lie far from the picture's own border.)
"""

# %% tags=["answer"]
prediction = 0.25  # solution


def measure(layers, size):
    """Return the share of places where the cut-out window differs from the whole picture."""
    # begin solution
    rng = np.random.default_rng(0)
    far = 2 * layers
    picture = rng.normal(size=(1, 1, size + 2 * far, size + 2 * far))
    window = picture[:, :, far : far + size, far : far + size]
    for _ in range(layers):
        kernel = rng.normal(size=(1, 1, 3, 3))
        picture = ops.conv2d(picture, kernel, padding=1)
        window = ops.conv2d(window.copy(), kernel, padding=1)
    same_places = picture[:, :, far : far + size, far : far + size]
    return np.mean(np.abs(same_places - window) > 1e-9)
    # end solution


# solution: Each layer makes the border one pixel wider: 1 − (32 − 8)²/32² = 0.44.

# %% tags=["check"]
check.border(prediction, measure)

# %% [markdown]
r"""
Back to [chapter 14](../14_dense_to_convolution.ipynb).
"""
