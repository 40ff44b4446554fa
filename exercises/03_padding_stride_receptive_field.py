# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: control what a convolution sees

These belong to [chapter 03](../03_padding_stride_receptive_field.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 45 minutes.
"""

# %%
import numpy as np
from helpers import ops
from helpers.checks import padding_stride_receptive_field as check

# %% [markdown]
r"""
## 1. Six layers, six sizes

How many outputs has each of these layers along one axis? Compute them by hand, and write a list of six numbers.

| | pixels | kernel | padding on each side | stride | dilation |
|---|---|---|---|---|---|
| 0 | 28 | 5 | 0 | 1 | 1 |
| 1 | 28 | 5 | 2 | 1 | 1 |
| 2 | 33 | 3 | 1 | 2 | 1 |
| 3 | 224 | 7 | 3 | 2 | 1 |
| 4 | 20 | 3 | 0 | 1 | 4 |
| 5 | 100 | 2 | 0 | 3 | 1 |
"""

# %% tags=["answer"]
sizes = [24, 28, 17, 112, 12, 33]  # solution

# %% tags=["check"]
check.six_sizes(sizes)

# %% [markdown]
r"""
## 2. Where does an output look?

A field has a length and a place. Write a function that finds both for a stack of layers along one axis. `layers` is a list of tuples: kernel $k$, stride $s$, padding $p$ on each side, and dilation $d$. The function returns the first and the last pixel that output `index` of the last layer can see. Padding counts: the first one may be negative.

For length and jump you know the rule. For the place, follow output 0: which pixel does it see first without any padding? In which unit does a padding of $p$ in a later layer move it to the left?
"""


# %% tags=["answer"]
def span(layers, index):
    """Return (first, last), the pixels at both ends of the field of output `index`."""
    # begin solution
    field, jump, first = 1, 1, 0
    for k, s, p, d in layers:
        field = field + d * (k - 1) * jump
        first = first - p * jump
        jump = jump * s
    first = first + index * jump
    return first, first + field - 1
    # end solution


# %% tags=["check"]
check.span(span)

# %% [markdown]
r"""
## 3. What is in the layer?

`layer(row)` is a hidden convolution along one axis. It takes a row of 20 to 200 numbers, and returns its outputs. All its weights are positive, it has no bias, and it pads with as many zeros on the left as on the right. Find its kernel size (2 to 5), stride (1 to 3), padding (0 to 3) and dilation (1 to 3). Call it as often as you like. (The lesson says how to find out what an output sees. A look at one output is not enough.)
"""


# %% tags=["answer"]
def four_numbers(layer):
    """Return the kernel size, stride, padding and dilation of a hidden layer."""
    # begin solution
    # One pixel after the other is 1. The windows of outputs 6 and 7 lie whole inside the row.
    responses = np.array([layer(one_pixel) for one_pixel in np.eye(60)])
    seen = np.flatnonzero(responses[:, 6])
    seen_next = np.flatnonzero(responses[:, 7])
    stride = seen_next[0] - seen[0]
    return len(seen), stride, 6 * stride - seen[0], seen[1] - seen[0]
    # end solution


# %% tags=["check"]
check.four_numbers(four_numbers)

# %% [markdown]
r"""
## 4. The longest field without a hole

Four layers have kernels of 3×3 and stride 1. You choose their four dilations, each 1 or larger. With 2, 2, 2, 2 the field is 17 rows long, but it has *holes*: an output reads every second row only. With 1, 1, 1, 1 it has no holes, but is 9 rows long.

Find the dilations with the longest field that has no hole. How many paths lead from the input to one output, along one axis? So how many different rows can it read at most?
"""

# %% tags=["answer"]
# solution: There are 3·3·3·3 = 81 paths. With these dilations every row of 81 has one of its own.
dilations = [1, 3, 9, 27]  # solution

# %% tags=["check"]
check.without_holes(dilations)

# %% [markdown]
r"""
So few weights for such a field: networks that make sound, one number after the other, use this, mostly with dilations 1, 2, 4, 8.

## 5. An experiment: how far does the frame reach?

A stack of 3×3 layers with padding 1 keeps an image of 32×32 pixels at its size. But each layer carries what was padded one pixel farther inside. **Write down first**: after how many layers is *half* of all outputs touched by the padding of some layer? (A number from 1 to 16.)

Then write `touched`, which measures the share of touched outputs after so many layers. You need a second result to compare with: think of something that changes what is padded and nothing else. `ops.conv2d` takes `padding=1` and `padding_mode="zeros"`, `"reflect"`, `"replicate"` or `"circular"`.
"""

# %% tags=["answer"]
prediction = 8  # solution


def touched(depth):
    """Return the share of the 32×32 outputs that `depth` layers' padding has touched, 0 to 1."""
    # begin solution
    with_zeros = np.random.default_rng(0).uniform(0.1, 1, (1, 1, 32, 32))
    repeated = with_zeros
    mean = np.full((1, 1, 3, 3), 1 / 9)
    for _ in range(depth):
        with_zeros = ops.conv2d(with_zeros, mean, padding=1)
        repeated = ops.conv2d(repeated, mean, padding=1, padding_mode="replicate")
    return np.mean(np.abs(with_zeros - repeated) > 1e-12)
    # end solution


# %% tags=["check"]
check.frame(prediction, touched)

# %% [markdown]
r"""
Along one axis five layers touch only 10 of 32 rows. Why is it more than half of all outputs?

Back to [chapter 03](../03_padding_stride_receptive_field.ipynb).
"""
