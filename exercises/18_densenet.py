# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: reuse features by concatenation

These belong to [chapter 18](../18_densenet.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 50 minutes.
"""

# %%
import numpy as np
from helpers import models, ops
from helpers.checks import densenet as check
from helpers.data import load_splits

# %% [markdown]
r"""
## 1. Three readers

One pixel with two channels, (2, 1), and two dense layers of growth rate 1, without normalisation and ReLU. The kernels are 1×1: layer 1 has (1, 2), and layer 2 has (1, −1, 3). The gradient of the four outputs is (1, 1, 1, 2).

Compute by hand the gradient of the two channels that came. Each has three readers.
"""

# %% tags=["answer"]
# solution: The result of layer 1 has 1 + 2·3 = 7, so channel 1 gets 1 + 2 + 7, and channel 2 1 − 2 + 14.
gradient = [10, 13]  # solution

# %% tags=["check"]
check.three_readers(gradient)

# %% [markdown]
r"""
## 2. Count a block

A dense block is given so many channels, and it has so many layers of one growth rate. Each layer is normalisation, ReLU and a 3×3 convolution without a bias. Return how many parameters the block has.
"""


# %% tags=["answer"]
def count_block(channels, layers, growth):
    """Return the parameters of a dense block."""
    # begin solution
    total = 0
    for layer in range(layers):
        reads = channels + layer * growth
        total += 2 * reads + 9 * reads * growth
    return total
    # end solution


# %% tags=["check"]
check.count_block(count_block)

# %% [markdown]
r"""
## 3. Unmix

A result needs no place of its own, as long as nothing is lost. `x` and `F` have C channels each. Somebody did not write them side by side. Instead they wrote x + F into the first C channels, and x − F into the next C.

Find the weight of a 1×1 convolution, without a bias, that makes [x, F] of them again.
"""


# %% tags=["answer"]
def unmix(channels):
    """Return the weight, (2C, 2C, 1, 1), that makes [x, F] of [x + F, x − F]."""
    # begin solution
    unit = np.eye(channels)
    # Half of the sum of both parts is x, and half of their difference is F.
    weight = np.block([[unit, unit], [unit, -unit]]) / 2
    return weight[:, :, None, None]
    # end solution


# %% tags=["check"]
check.unmix(unmix)

# %% [markdown]
r"""
## 4. The result that nobody reads

In a dense network with one block of six layers, one layer works for nothing. All later layers and the classifier have the weight 0 for its result. (One other result is read with very small weights, and this counts as read. And one layer has very small kernels, but its result is read.)

`net` is such a network of `helpers.nn`. `net[1]` is its block, and `net[1][0]`, `net[1][1]`, … are its layers. In a layer, `layer.branches[1][2]` is the convolution, with `weight.value` and `weight.grad`. Find the layer whose result nobody reads. The layers count from 1 to 6. You get images and labels, too. Which sum is empty if there are no readers?
"""


# %% tags=["answer"]
def find_unread(net, images, labels):
    """Return which layer of the block, from 1 to 6, has a result without readers."""
    # begin solution
    # The gradient of a channel is the sum over its readers. Without readers it is 0, and so is
    # the gradient of the kernels that made the channel.
    net.backward(ops.cross_entropy_backward(net.forward(images), labels))
    sizes = [np.abs(layer.branches[1][2].weight.grad).max() for layer in net[1]]
    return int(np.argmin(sizes)) + 1
    # end solution


# %% tags=["check"]
check.find_unread(find_unread)

# %% [markdown]
r"""
## 5. An experiment: does a sum cover what was there?

The lesson ends its comparison with an explanation: a result of full size that is *added* covers what was there before. It calls this no proof. Here you measure it, before any training. `added(width, growth, scale, seed)` is a network that adds, as in the lesson. `net[0]` makes `before`, the maps that reach the first block. `net[1]` is a block of four layers, and it makes `after`.

How well can a linear reader get `before` back from `after`? `pixels` makes a table of maps: a row for each pixel, a column for each channel. `np.linalg.lstsq` finds the best linear reader, a matrix W for which `pixels(after) @ W` is near `pixels(before)`. (Add a column of ones to the first table; it is the reader's bias.) The *readable share* is 1 − (sum of the squared errors) / (sum of the squared distances of `pixels(before)` from the mean of each channel). It is 1 if nothing is lost.

**Write down first** the readable share for 8 channels at full size, `added(8, None, 1, seed)`. Then write `readable`. Take the mean of ten networks, with the seeds 0 to 9.
"""

# %%
images = load_splits("digits", size=8).train[0][:100].astype("float64")


def added(width, growth, scale, seed):
    rng = np.random.default_rng(seed)
    net = models.dense_rival(rng, width, growth=growth, blocks=(4,), scale=scale)
    return net.astype("float64")


def pixels(maps):
    return maps.transpose(0, 2, 3, 1).reshape(-1, maps.shape[1])


# %% tags=["answer"]
prediction = 0.8  # solution


def readable(width, growth, scale):
    """Return the readable share of a block's input after four additions, from 0 to 1."""
    # begin solution
    shares = []
    for seed in range(10):
        net = added(width, growth, scale, seed)
        before = net[0](images)
        after = net[1](before)
        target = pixels(before)
        table = np.concatenate([pixels(after), np.ones((len(target), 1))], axis=1)
        reader = np.linalg.lstsq(table, target, rcond=None)[0]
        errors = ((target - table @ reader) ** 2).sum()
        shares.append(1 - errors / ((target - target.mean(axis=0)) ** 2).sum())
    return np.mean(shares)
    # end solution


# solution: The two named cases fit. But 8 channels that start small are nearly as readable as 15, and
# solution: in the lesson they learned late: what is readable is not all.

# %% tags=["check"]
check.readable(prediction, readable)

# %% [markdown]
r"""
In the lesson, 8 channels at full size learned late, and 15 channels that start small learned early. Do your numbers fit the explanation?

Back to [chapter 18](../18_densenet.ipynb).
"""
