# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: read handwriting with LeNet-5

These belong to [chapter 15](../15_lenet.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 50 minutes.
"""

# %%
import numpy as np
from helpers import geometry
from helpers.checks import lenet as check

# %% [markdown]
r"""
## 1. Connections

The paper of 1998 counts parameters, and it counts *connections*: each use of a weight or of a bias at one place of a map. So a kernel of C1 has 26 parameters, and at each of its 28·28 places it has 26 connections.

Compute the connections of the six layers of 1998 by hand: C1, S2, C3, S4, C5 and F6. C3 is the sparse one. At each place a sub-sampling unit has four inputs and a bias; they are five connections.
"""

# %% tags=["answer"]
# solution: Places times what is used at each of them, for all maps together. (The paper prints the
# solution: sum 340,908; its six layers add up to 340,068.)
connections = [784 * 156, 196 * 6 * 5, 100 * 1516, 25 * 16 * 5, 48120, 10164]  # solution

# %% tags=["check"]
check.connections(connections)

# %% [markdown]
r"""
## 2. The same layer in sigmoids

By $\tanh z = 2\,\sigma(2z) - 1$ a layer of tanh can be written with sigmoids. A dense layer has a weight of shape (inputs, units) and a bias of shape (units). It reads what a tanh layer gives, and a tanh follows it. In the new network a sigmoid stands in place of each tanh. Return the new weight and the new bias, with which the network computes the same function.

For one unit with the weights 0.5 and −0.2 and the bias 0.1, the new weights are 2 and −0.8, and the new bias is −0.4.
"""


# %% tags=["answer"]
def as_sigmoids(weight, bias):
    """Return (weight, bias) of the same dense layer between sigmoids."""
    # begin solution
    # It reads s in place of h = 2s − 1.
    bias = bias - weight.sum(axis=0)
    weight = 2 * weight
    # A sigmoid of twice the sum follows.
    return 2 * weight, 2 * bias
    # end solution


# %% tags=["check"]
check.as_sigmoids(as_sigmoids)

# %% [markdown]
r"""
## 3. Pictures of 28×28

The digits of MNIST have 28×28 pixels, and LeNet-5 wants 32×32. A border of two zeros around each picture repairs it. Here is another way: change the *network*. Write it as a list of layers, as `geometry.summary` takes them. It must have

- three convolutions without padding and two poolings, in the order of LeNet-5,
- behind the third convolution 120 maps of 1×1,
- then `flatten`, a dense layer with 84 units, and one with 10,
- at most 45,000 parameters.

The layers are `geometry.conv(out_channels, kernel_size)`, `geometry.pool(kernel_size)`, `geometry.flatten()` and `geometry.linear(out_features)`. Activations have no parameters; leave them out.
"""

# %% tags=["answer"]
# begin solution
convolutions = [geometry.conv(6, 5), geometry.pool(2), geometry.conv(16, 5), geometry.pool(2)]
convolutions += [geometry.conv(120, 4)]
dense = [geometry.flatten(), geometry.linear(84), geometry.linear(10)]
# end solution
layers = convolutions + dense  # solution

# %% tags=["check"]
check.smaller_pictures(layers)

# %% [markdown]
r"""
## 4. Who is connected with whom?

`layer(x)` is a hidden convolution with kernels of 5×5. Some of its connections are missing, as in C3 of 1998. It takes pictures of shape (N, 6, 14, 14) and returns maps of shape (N, 16, 10, 10). You can only call it; you may choose the pictures.

Find its table, of shape (6, 16): the number in row `i` and column `j` is True where output map `j` depends on input map `i`. Each output map has a bias. And take care: some kernels look for edges.
"""


# %% tags=["answer"]
def find_table(layer):
    """Return the table of a hidden layer, (6, 16), True where there is a connection."""
    # begin solution
    # One picture a map, with noise in this map alone, so that no kernel can overlook it.
    noise = np.random.default_rng(0).normal(size=(14, 14))
    pictures = np.zeros((6, 6, 14, 14))
    for place in range(6):
        pictures[place, place] = noise
    empty = layer(np.zeros((1, 6, 14, 14)))
    changed = np.abs(layer(pictures) - empty).max(axis=(2, 3))
    return changed > 1e-6
    # end solution


# %% tags=["check"]
check.find_table(find_table)

# %% [markdown]
r"""
## 5. An experiment: the luckiest of many

Somebody tries 20 settings of a network, and looks at the *test* digits for each of them. All 20 are equally good: each reads a digit with the probability 0.97. They fail on different digits, so the 20 results are independent. There are 500 test digits, and the best of the 20 results is published.

**Write down first**: by how much is the published share above 0.97, on average?

Then write `measure`, which finds out by drawing. `rng.binomial(digits, 0.97, size)` draws how many of so many digits are read. Repeat the story at least 2,000 times. Then look: how does the answer change with 500 settings, and with 50 test digits?
"""

# %% tags=["answer"]
prediction = 0.005  # solution


def measure(settings, digits):
    """Return by how much the best of so many shares is above 0.97, on average."""
    # begin solution
    rng = np.random.default_rng(0)
    shares = rng.binomial(digits, 0.97, size=(5000, settings)) / digits
    return shares.max(axis=1).mean() - 0.97
    # end solution


# %% tags=["check"]
check.luckiest(prediction, measure)

# %% [markdown]
r"""
Back to [chapter 15](../15_lenet.ipynb).
"""
