# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: train a CNN from scratch

These belong to [chapter 13](../13_three_layer_network.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 60 minutes.
"""

# %%
import numpy as np
from helpers import nn
from helpers.checks import three_layer_network as check

# %% [markdown]
r"""
## 1. Count by hand

A network reads pictures of 12×12 pixels. It has a convolution with six 5×5 kernels without padding, ReLU, 2×2 max pooling and flatten. Then come a linear layer with 40 units, ReLU, and a linear layer with ten scores. Count:

1. the parameters of the convolution
2. the numbers that flatten hands on
3. all parameters
4. the multiplications of the convolution
"""

# %% tags=["answer"]
answers = [156, 96, 4446, 9600]  # solution

# %% tags=["check"]
check.by_hand(answers)

# %% [markdown]
r"""
## 2. Softmax twice

Bug 3 of the chapter is a softmax as the last layer, and another one in the loss. With ten classes the loss then never gets below 1.46. Write the formula for any number of classes. What is the best that the last layer can say?
"""


# %% tags=["answer"]
def lowest_loss(classes):
    """Return the smallest loss that a network with two softmaxes can reach."""
    # begin solution
    return -np.log(np.e / (np.e + classes - 1))
    # end solution


# %% tags=["check"]
check.lowest_loss(lowest_loss)

# %% [markdown]
r"""
## 3. A link of your own

The chapter's best network keeps one maximum for each channel, over all places. Write this link of the chain. Forwards it makes `(N, C, 1, 1)` of `(N, C, H, W)`. Backwards it gets the gradient of its output, and returns that of its input. On a blank map all places are equal. Then the gradients of a map must still add up to what arrived.
"""


# %% tags=["answer"]
def one_max(x):
    """Return the largest number of each channel of each image: (N, C, 1, 1)."""
    # begin solution
    return x.max(axis=(2, 3), keepdims=True)
    # end solution


def one_max_backward(grad_y, x):
    """Return the gradient of x, an array like x."""
    # begin solution
    images, channels, _, width = x.shape
    gradient = np.zeros(x.shape)
    for n in range(images):
        for c in range(channels):
            i, j = divmod(x[n, c].argmax(), width)
            gradient[n, c, i, j] = grad_y[n, c, 0, 0]
    return gradient
    # end solution


# %% tags=["check"]
check.one_max(one_max, one_max_backward)

# %% [markdown]
r"""
## 4. Find the dead layer

A network does not learn, at any rate. "Look for a layer whose outputs do not depend on the digit", says the chapter. Write a function that does. `model` is an `nn.Sequential`: `len(model)` is the number of its layers, `model[i]` is layer `i`, and `model[i].forward(x)` is what the layer makes of `x`. `x` is a batch of six different digits. Return the index of the *first* layer whose output is the same for all digits, or −1 if there is none.
"""


# %% tags=["answer"]
def dead_layer(model, x):
    """Return the index of the first layer whose output does not depend on the digit, or -1."""
    # begin solution
    for index in range(len(model)):
        x = model[index].forward(x)
        if np.allclose(x, x[:1]):
            return index
    return -1
    # end solution


# %% tags=["check"]
check.dead_layer(dead_layer)

# %% [markdown]
r"""
## 5. A small network

Build a network with **at most 500 parameters** that reads 90 % of the test digits. The check trains it as the chapter does: Adam, the rate 0.02 with a cosine, seven epochs. Inputs are `(N, 1, 8, 8)`, outputs `(N, 10)`. Give `rng=rng` to each layer that draws weights. `nn` has `Conv2D(inputs, kernels, k, stride=1, padding=0, rng=rng)`, `MaxPool2D`, `AvgPool2D`, `ReLU`, `Flatten` and `Linear(inputs, outputs, rng=rng)`. How few parameters can you do with?
"""


# %% tags=["answer"]
def small_network(rng):
    """Return an nn.Sequential with at most 500 parameters."""
    # begin solution
    # Eight kernels look at four squares of 4×4 pixels: 8 · 17 = 136 parameters, and 32 numbers.
    squares = nn.Conv2D(1, 8, 4, stride=4, rng=rng)
    return nn.Sequential(squares, nn.ReLU(), nn.Flatten(), nn.Linear(32, 10, rng=rng))
    # end solution


# %% tags=["check"]
check.small_network(small_network)

# %% [markdown]
r"""
## 6. An experiment: train one layer only

The network of the chapter has three layers with weights. All its parameters are random at the start. (The network here is the chapter's, with He's weights in the last layer, too.) Suppose that only its *first* layer learns, the 80 parameters of the convolution. Or only its *last* layer, 650 of 8,986. **Write down first** which test accuracy each of the two reaches, from 0 to 1. (All layers together reach 0.97.)

Then write `train_part`. It trains one layer of `model`, weights and biases (`part` is the text `"first"` or `"last"`), and leaves all others as they are: `nn.Adam(0.02, parameters=…)`, `nn.fit(model, adam, (x, labels), 7, batch_size=32)`. `model.parameters()` is a list: weights and biases of the first layer, of the second, of the third.
"""

# %% tags=["answer"]
only_first = 0.7  # solution
only_last = 0.5  # solution


def train_part(model, part, x, labels):
    """Train only the first or the last layer of the model, as part says; return nothing."""
    # begin solution
    parameters = model.parameters()
    parameters = parameters[:2] if part == "first" else parameters[-2:]
    adam = nn.Adam(0.02, parameters=parameters)
    nn.fit(model, adam, (x, labels), 7, batch_size=32)
    # end solution


# solution: Random layers keep what is needed, and the last layer can read it. The first layer alone
# solution: cannot make up for the random layers behind it.

# %% tags=["check"]
check.train_part(only_first, only_last, train_part)

# %% [markdown]
r"""
Back to [chapter 13](../13_three_layer_network.ipynb).
"""
