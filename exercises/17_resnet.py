# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: go deeper with residuals

These belong to [chapter 17](../17_resnet.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 55 minutes.
"""

# %%
import numpy as np
from helpers import models, nn, ops
from helpers.checks import resnet as check
from helpers.data import load_splits

# %% [markdown]
r"""
## 1. The gradient of another input

The tiny block of the lesson has one pixel and two channels. Its first kernels are (1, −1) and (2, 1), then comes ReLU, and its second kernels are (3, 1) and (2, −1). It stops at the sum x + F(x).

Compute $I + \partial F$ by hand for the input (2, 1): one row for each output, one column for each input. Which hidden numbers pass the ReLU?
"""

# %% tags=["answer"]
# solution: The hidden numbers are 1 and 5. Both pass, so ∂F is the product of the two matrices.
jacobian = [[6, -2], [0, -2]]  # solution

# %% tags=["check"]
check.by_hand(jacobian)

# %% [markdown]
r"""
## 2. The way back

A whole residual block gives $y = \mathrm{ReLU}(x + F(x))$. `body` is the layer that computes F: `body.forward(x)` returns F(x), and after that `body.backward(grad)` takes the gradient of F(x) and returns what of it reaches x. `grad_y` is the gradient of y. Return the gradient of x.
"""


# %% tags=["answer"]
def block_backward(grad_y, x, body):
    """Return the gradient of x for y = ReLU(x + F(x))."""
    # begin solution
    total = x + body.forward(x)
    grad_total = grad_y * (total > 0)
    return grad_total + body.backward(grad_total)
    # end solution


# %% tags=["check"]
check.block_backward(block_backward)

# %% [markdown]
r"""
## 3. A plain block that hands on everything

A plain block can copy its maps as long as no number is below 0. Here is a stronger one. It has no shortcut, no bias and no normalisation: a 3×3 convolution from C channels to 2C, a ReLU, and a 3×3 convolution back to C channels. Both pad with one zero at each side.

Find weights with which it hands on *every* map, negative numbers too. (A number is the difference of two numbers that are not negative.)
"""


# %% tags=["answer"]
def identity_weights(channels):
    """Return the two weights, (2C, C, 3, 3) and (C, 2C, 3, 3), of a plain identity."""
    # begin solution
    first = np.zeros((2 * channels, channels, 3, 3))
    second = np.zeros((channels, 2 * channels, 3, 3))
    for channel in range(channels):
        # ReLU(x) and ReLU(−x), and then the first minus the second
        first[channel, channel, 1, 1] = 1
        first[channels + channel, channel, 1, 1] = -1
        second[channel, channel, 1, 1] = 1
        second[channel, channels + channel, 1, 1] = -1
    return first, second
    # end solution


# %% tags=["check"]
check.identity_weights(identity_weights)

# %% [markdown]
r"""
## 4. Deeper members of the family

ResNet-18 has 2, 2, 2 and 2 blocks in its four stages. ResNet-34 has 3, 4, 6 and 3, and nothing else is changed. The images are coloured, the stages have 64, 128, 256 and 512 channels, and there are 1,000 classes. A projection stands in the first block of stages 2, 3 and 4. Write the function that counts the parameters for any four numbers of blocks. The table of the lesson helps: for `(2, 2, 2, 2)` the result is 11,689,512.
"""


# %% tags=["answer"]
def count_parameters(blocks):
    """Return the parameters of a ResNet with so many blocks in each of its four stages."""
    # begin solution
    total = 3 * 64 * 49 + 2 * 64 + 512 * 1000 + 1000
    before = 64
    for channels, count in zip((64, 128, 256, 512), blocks, strict=True):
        total += count * (2 * channels * channels * 9 + 2 * 2 * channels)
        if before != channels:
            # The first convolution reads fewer channels, and there is a projection.
            total -= (channels - before) * channels * 9
            total += before * channels + 2 * channels
        before = channels
    return total
    # end solution


# %% tags=["check"]
check.count_parameters(count_parameters)

# %% [markdown]
r"""
## 5. An experiment: half of the shortcuts

The section *Do two batches agree?* of the lesson compares the gradients of two batches, before any training. Their cosine was near 0 for 32 plain layers, and above 0.5 for 32 residual ones. What if only every second block has a shortcut: eight of the 15 blocks?

**Write down first** the cosine that you expect. Then write `agreement(kinds)`. `kinds` is a list with "plain" or "residual" for each block, the one nearest to the image first. Take the networks with the seeds 0 and 1. For each of them compute the gradients of all convolutions, once for `batches[0]` and once for `batches[1]`. Return the mean of all cosines, one for each convolution and network. (The function `gradients` of the lesson shows how. And `net.backward` *adds* to what is in `parameter.grad`.)
"""

# %%
digits, labels = load_splits("digits", size=8).train
batches = [(digits[:100].astype("float64"), labels[:100])]
batches.append((digits[100:200].astype("float64"), labels[100:200]))


def network(kinds, seed):
    rng = np.random.default_rng(seed)
    first = nn.Conv2D(1, 8, 3, stride=2, padding=1, bias=False, rng=rng)
    net = nn.Sequential(first, nn.BatchNorm2D(8), nn.ReLU())
    for kind in kinds:
        net = nn.Sequential(net, models.residual_block(rng, 8, 8, kind=kind))
    last = nn.Linear(8, 10, rng=rng)
    return nn.Sequential(net, nn.GlobalAvgPool2D(), nn.Flatten(), last).astype("float64")


# %% tags=["answer"]
prediction = 0.3  # solution


def agreement(kinds):
    """Return the mean cosine of two batches' gradients, over convolutions and two networks."""
    # begin solution
    cosines = []
    for seed in (0, 1):
        net = network(kinds, seed)
        found = []
        for images, right in batches:
            for parameter in net.parameters():
                parameter.grad = None
            net.backward(ops.cross_entropy_backward(net.forward(images), right))
            found.append([p.grad.ravel() for p in net.parameters() if p.value.ndim == 4])
        for one, other in zip(found[0], found[1], strict=True):
            cosines.append(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
    return np.mean(cosines)
    # end solution


# solution: The place counts: eight neighbours in the first blocks help as little as every second.

# %% tags=["check"]
check.half_of_the_shortcuts(prediction, agreement)

# %% [markdown]
r"""
The check measured a second arrangement of eight shortcuts, too. Can you say why the two differ so much?

Back to [chapter 17](../17_resnet.ipynb).
"""
