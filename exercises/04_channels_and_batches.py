# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: handle colour, many filters, many images

These belong to [chapter 04](../04_channels_and_batches.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 50 minutes.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import figures, ops
from helpers.checks import channels_and_batches as check
from helpers.data import IMAGES, load_image, to_nchw

# %% [markdown]
r"""
## 1. What does it cost?

A layer has 12 kernels of 5×5, padding 2 and stride 2. It gets a batch of 8 colour photographs of 64×64 pixels, in the order $N \times C \times H \times W$. Write down by hand: the shape of its weight, the shape of its output, and the number of its parameters with biases. How many multiply-adds does it need for *one* photograph?
"""

# %% tags=["answer"]
weight_shape = [12, 3, 5, 5]  # solution
output_shape = [8, 12, 32, 32]  # solution
parameters = 12 * 3 * 25 + 12  # solution
multiply_adds = 32 * 32 * 12 * 75  # solution

# %% tags=["check"]
check.costs(weight_shape, output_shape, parameters, multiply_adds)

# %% [markdown]
r"""
## 2. The layer, in loops

Write the whole layer with loops around `ops.corr2d(image, kernel)`, which takes two arrays of two axes. Stride is 1, and there is no padding.
"""


# %% tags=["answer"]
def layer(x, weight, bias):
    """x (N, C_in, H, W), weight (C_out, C_in, k_h, k_w), bias (C_out,): return the outputs."""
    # begin solution
    images = []
    for image in x:
        channels = []
        for kernel, number in zip(weight, bias, strict=True):
            total = number
            for channel, part in zip(image, kernel, strict=True):
                total = total + ops.corr2d(channel, part)
            channels.append(total)
        images.append(channels)
    return np.array(images)
    # end solution


# %% tags=["check"]
check.layer(layer)

# %% [markdown]
r"""
## 3. Repair a camera

`check.broken_camera(photograph)` has three faults. It exchanges red and blue. It also displaces one of the colours by one pixel to the left, and another one by one pixel down. *One* convolution layer with kernels of 3×3, padding 1 and no bias can put everything in its place again, except at the border.

Find the faults by looking, or ask the camera with a photograph of your own. Then build the layer's weight, (3, 3, 3, 3).
"""

# %%
photograph = to_nchw(load_image(IMAGES / "coffee.png")[100:220, 200:320], np.float64)
broken = check.broken_camera(photograph)
shown = {"as it is": photograph, "broken camera": broken}
shown = {name: picture[0].transpose(1, 2, 0) for name, picture in shown.items()}
figures.pictures(shown)
plt.show()

# %% tags=["answer"]
repair = np.zeros((3, 3, 3, 3))  # solution
# begin solution
repair[0, 2, 1, 0] = 1  # red: came in the third channel, and one pixel too far to the left
repair[1, 1, 1, 1] = 1
repair[2, 0, 2, 1] = 1  # blue: came in the first channel, and one pixel too low
# end solution

# %% tags=["check"]
check.repair(repair)

# %% [markdown]
r"""
## 4. One channel fewer, the same answer

A network is a layer, `ops.conv2d(x, first, bias)`, followed by a second one, `ops.conv2d(…, second)`. Somebody notices: in the first layer, kernel `j` is `factor` times kernel `i`, and so is its bias. Then channel `j` is superfluous. Remove it from the network, so that the answer remains the same for every input.
"""


# %% tags=["answer"]
def without_j(first, bias, second, i, j, factor):
    """Return first, bias and second of a network with one channel fewer in the middle."""
    # begin solution
    # Channel j is factor times channel i: what the second layer did with j, it now does with i.
    second = second.copy()
    second[:, i] = second[:, i] + factor * second[:, j]
    return np.delete(first, j, axis=0), np.delete(bias, j), np.delete(second, j, axis=1)
    # end solution


# %% tags=["check"]
check.without_j(without_j)

# %% [markdown]
r"""
Is this still true with a ReLU between the layers, when the factor is positive? When it is negative?

## 5. An experiment: how many channels has a photograph?

A colour photograph has three channels. But a feature is a *direction* in the space of channels, and a 1×1 kernel of three slices makes one channel along its direction. How much of a photograph does this channel hold? We measure it by the variance. Scale the three slices so that their squares add up to 1, and compute the variance of the response. Divide it by the sum of the variances of red, green and blue.

**Write down first**: which share does the *best* direction hold in the photograph `rocket`? Then write `share`, and search for three slices that hold as much as possible, to within 0.002. (A systematic search by loops is enough. Linear algebra knows a shorter way.)
"""

# %%
rocket = to_nchw(load_image(IMAGES / "rocket.jpg"), np.float64)
print("variances of red, green and blue:", rocket[0].var(axis=(1, 2)).round(3))

# %% tags=["answer"]
prediction = 0.5  # solution


def share(slices):
    """Return the share of rocket's variance that the direction of three slices holds, 0 to 1."""
    # begin solution
    direction = np.array(slices) / np.sqrt(np.sum(np.square(slices)))
    response = ops.conv2d(rocket, direction.reshape(1, 3, 1, 1))
    return response.var() / rocket.var(axis=(2, 3)).sum()
    # end solution


# solution: The directions of largest variance are the eigenvectors of the covariances.
best = np.linalg.eigh(np.cov(rocket[0].reshape(3, -1)))[1][:, 2]  # solution

# %% tags=["check"]
check.one_channel(prediction, share, best)

# %% [markdown]
r"""
So one channel holds most of a colour photograph. What does the best direction look like, and why?

Back to [chapter 04](../04_channels_and_batches.ipynb).
"""
