# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: classify colour images

These belong to [chapter 16](../16_cifar.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 55 minutes.
"""

# %%
import numpy as np
from helpers import nn
from helpers.checks import cifar as check
from helpers.data import load_splits

# %% [markdown]
r"""
## 1. Half the size

The whole network of the lesson has 1,250,858 parameters, for images of 32×32. The same network is built for images of 16×16. Twice it has a *same* convolution, a *valid* convolution and 2×2 maxima; the kernels of 3×3 number 32, 32, 64 and 64. Then come dense layers of 512 and 10. An odd row or column at the end is dropped by the pooling.

Compute by hand how many parameters each of the six layers has.
"""

# %% tags=["answer"]
# solution: 16 → 16 → 14 → 7 → 7 → 5 → 2, so the dense layer reads 64·2·2 = 256 numbers
parameters = [896, 9248, 18496, 36928, 512 * 257, 5130]  # solution

# %% tags=["check"]
check.half_size(parameters)

# %% [markdown]
r"""
## 2. A label of several classes

Write the cross-entropy for targets that are lists of shares, such as 0.7 for a disc and 0.3 for a star. `scores` and `targets` have the shape (images, classes). Each row of the targets adds up to 1. Return the mean over the images. It must also work for scores of 1000.
"""


# %% tags=["answer"]
def soft_cross_entropy(scores, targets):
    """Return the mean cross-entropy of softmax(scores) for rows of shares."""
    # begin solution
    scores = scores - scores.max(axis=1, keepdims=True)
    log_shares = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return -(targets * log_shares).sum(axis=1).mean()
    # end solution


# %% tags=["check"]
check.soft_cross_entropy(soft_cross_entropy)

# %% [markdown]
r"""
## 3. Draw a rate

Random search draws a rate on a logarithmic scale: between 0.0001 and 0.001 are as many draws as between 0.001 and 0.01. Draw one number from `low` to `high` in this way, with the generator `rng`. The lesson wrote the exponents −4 and −1.5 by hand. Here you get the rates themselves.
"""


# %% tags=["answer"]
def draw_rate(low, high, rng):
    """Return a random number from low to high, evenly on a logarithmic scale."""
    # begin solution
    return 10 ** rng.uniform(np.log10(low), np.log10(high))
    # end solution


# %% tags=["check"]
check.draw_rate(draw_rate)

# %% [markdown]
r"""
## 4. Test a change before you train with it

An augmentation with a mistake raises no error. The network only learns worse, and nobody knows why. So write a *test*. `change(images, rng)` should move each image of a batch at random by up to two pixels, up or down and left or right. What moves in should be 0. `is_sound(change)` returns True for a function that does this. It returns False for each of these faults:

- all images of the batch move in the same way,
- the three colours of an image move apart,
- what leaves at one side comes in at the other,
- the images that it was given are changed themselves,
- images move down and to the right only.

You choose the images: their shape is (N, 3, height, width), floats. Take a hundred or more, so that chance cannot deceive your test. An image that is 0 but for one dot tells where it went.
"""


# %% tags=["answer"]
def is_sound(change):
    """Return whether change(images, rng) is a random shift without a fault."""
    # begin solution
    images = np.zeros((200, 3, 9, 9))
    images[:, :, 4, 4] = 1
    before = images.copy()
    moved = change(images, np.random.default_rng(0))
    if not np.array_equal(images, before):
        return False
    if not np.array_equal(moved[:, 0], moved[:, 1]) or not np.array_equal(moved[:, 0], moved[:, 2]):
        return False
    rows = moved[:, 0].max(axis=2).argmax(axis=1) - 4
    columns = moved[:, 0].max(axis=1).argmax(axis=1) - 4
    ways = {(int(row), int(column)) for row, column in zip(rows, columns, strict=True)}
    up_and_down = rows.min() < 0 < rows.max()
    left_and_right = columns.min() < 0 < columns.max()
    # A white image becomes darker wherever a border of zeros moves in.
    white = change(np.ones((200, 3, 9, 9)), np.random.default_rng(1))
    return bool(len(ways) > 1 and up_and_down and left_and_right and white.min() == 0)
    # end solution


# %% tags=["check"]
check.is_sound(is_sound)

# %% [markdown]
r"""
## 5. An experiment: a change that does not fit

The lesson's shapes gained from flips and shifts. What about handwritten digits of 8×8 pixels, which fill their picture from edge to edge? 150 digits, `few`, are for training, and 259 others, `new`, are for validation. A small network is given.

**Write down first** three validation accuracies: with the digits as they are, with `flip` of `helpers.data`, and with its `shift` by up to one pixel.

Then write `measure(change)`. It trains two networks, with the seeds 0 and 1, for ten epochs each, and returns the mean of their validation accuracies. `change` is a function of images and a generator, or None. Take Adam with a rate of 0.005 and batches of 16. If you do not want to write the loop again: `nn.fit(model, optimizer, data, epochs, None, batch_size, seed, None, augment)`.
"""

# %%
digits = load_splits("digits", size=8)
few = (digits.train[0][:150].astype("float64"), digits.train[1][:150])
new = (digits.validation[0].astype("float64"), digits.validation[1])


def small_network(seed):
    rng = np.random.default_rng(seed)
    first = nn.Sequential(nn.Conv2D(1, 8, 3, padding=1, rng=rng), nn.ReLU())
    second = nn.Sequential(nn.Conv2D(8, 16, 3, rng=rng), nn.ReLU(), nn.MaxPool2D(2))
    last = nn.Sequential(nn.Flatten(), nn.Linear(144, 10, rng=rng))
    return nn.Sequential(first, second, last).astype("float64")


# %% tags=["answer"]
prediction = [0.9, 0.9, 0.93]  # solution


def measure(change):
    """Return the mean validation accuracy of two networks that learn from changed digits."""
    # begin solution
    scores = []
    for seed in (0, 1):
        model = small_network(seed)
        optimizer = nn.Adam(0.005, parameters=model.parameters())
        nn.fit(model, optimizer, few, 10, None, 16, seed, None, change)
        scores.append(nn.evaluate(model, new)[1])
    return np.mean(scores)
    # end solution


# solution: A mirrored digit is another sign, and a digit that fills its picture loses ink when it
# solution: moves. A digit that becomes a little lighter or darker keeps its class and its ink.

# %% tags=["check"]
check.changes_of_digits(prediction, measure)

# %% [markdown]
r"""
`measure` takes any function of images and a generator. Which change of a handwritten digit leaves its class as it is, and leaves all of its ink?

Back to [chapter 16](../16_cifar.ipynb).
"""
