# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: keep activations in range

These belong to [chapter 08](../08_batch_norm.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 55 minutes.
"""

# %%
import numpy as np
from helpers.checks import batch_norm as check

# %% [markdown]
r"""
## 1. Five samples, two features

A batch of five samples, one in each row, with two features:

$$\begin{pmatrix} 7 & 20 \\ 5 & 35 \\ 4 & 5 \\ 3 & 25 \\ 1 & 15 \end{pmatrix}$$

A batch normalisation layer in training has γ = (2, 4) and β = (0, 10), one number for each feature. Compute by hand what it returns, without ε. The result has five rows, too: `[[…, …], …]`. All numbers come out whole.
"""

# %% tags=["answer"]
result = [[3, 10], [1, 16], [0, 4], [-1, 12], [-3, 8]]  # solution

# %% tags=["check"]
check.by_hand(result)

# %% [markdown]
r"""
## 2. The layer and its switch

Write batch normalisation for maps `[N, C, H, W]`, without γ and β. In training (`training` is True) the batch gives the statistics, and the saved ones take one step: 0.9 of the old plus 0.1 of the new. In eval mode (False) the saved statistics are used, and they stay. Add ε = 0.00001 to the variance. Return the result, the next saved means and the next saved variances, both with a number for each channel. Do not change the arrays that are given.
"""


# %% tags=["answer"]
def normalise(maps, saved_mean, saved_variance, training):
    """Return the normalised maps, and what is saved afterwards: two arrays (C,)."""
    # begin solution
    mean = saved_mean
    variance = saved_variance
    if training:
        mean = maps.mean(axis=(0, 2, 3))
        variance = maps.var(axis=(0, 2, 3))
        saved_mean = 0.9 * saved_mean + 0.1 * mean
        saved_variance = 0.9 * saved_variance + 0.1 * variance
    mean = mean.reshape(1, -1, 1, 1)
    variance = variance.reshape(1, -1, 1, 1)
    result = (maps - mean) / np.sqrt(variance + 1e-5)
    return result, saved_mean, saved_variance
    # end solution


# %% tags=["check"]
check.normalise(normalise)

# %% [markdown]
r"""
## 3. Break it with one sample

A feature has seven values: −3, −2, −1, 0, 1, 2, 3. You may add one more sample to the batch, with any value you like. Choose the `intruder` so that in training the other seven come out nearly equal. After the layer they must lie within 0.01 of one another.

Then look at the intruder itself. What is *its* value after the layer, to two decimals? Try larger intruders, too. Why does it not grow with them?
"""

# %% tags=["answer"]
intruder = 10_000  # solution
# solution: With m for the intruder, the mean is m/8 and the deviation is m·√7/8, for large m.
# solution: Its own distance from the mean is m·7/8, so it becomes 7/√7 = √7, whatever m is.
limit = np.sqrt(7)  # solution

# %% tags=["check"]
check.poison(intruder, limit)

# %% [markdown]
r"""
## 4. Fold it from the other side

The chapter folds a normalisation into the convolution *before* it. Here the normalisation comes first, and a dense layer comes *after* it. In eval mode the two compute, for one sample $x$:

$$z = \gamma \cdot \frac{x - \text{mean}}{\sqrt{\text{variance} + 0.00001}} + \beta, \qquad y = z \cdot \text{weight} + \text{bias}$$

`weight` has a row for each input and a column for each output. Return the weight and the bias of *one* dense layer that computes the same.
"""


# %% tags=["answer"]
def fold(weight, bias, gamma, beta, mean, variance):
    """Return weight (inputs, outputs) and bias (outputs,) of the layer that replaces both."""
    # begin solution
    f = gamma / np.sqrt(variance + 1e-5)
    return f[:, None] * weight, bias + (beta - f * mean) @ weight
    # end solution


# %% tags=["check"]
check.fold(fold)

# %% [markdown]
r"""
## 5. Which normalisation is in the box?

`box(x)` takes a batch of any size with four features, an array `(samples, 4)`, and returns an array of the same shape. In the box there is one of three layers, with hidden γ and β. No scale in γ is 0.

- `"training"`: batch normalisation in training
- `"eval"`: batch normalisation in eval mode, with hidden saved statistics
- `"layer"`: layer normalisation

Write `spy`, which finds out which one it is. You choose the batches, and you may call the box several times. (Which change of its input does each layer not notice?)
"""


# %% tags=["answer"]
def spy(box):
    """Return "training", "eval" or "layer"."""
    # begin solution
    x = np.random.default_rng(0).normal(size=(3, 4))
    in_company = box(x)[0]
    in_less_company = box(x[:2])[0]
    if not np.allclose(in_company, in_less_company):
        return "training"
    # One number added to all features of a sample does not matter to layer normalisation.
    if np.allclose(in_company, box(x + 1)[0]):
        return "layer"
    return "eval"
    # end solution


# %% tags=["check"]
check.spy(spy)

# %% [markdown]
r"""
## 6. An experiment: how much does the company matter?

Sample 0 has a single feature, with the value 0. Its companions are random: `rng.normal(size=size - 1)`. The whole batch has `size` samples. In training sample 0 becomes a different number in each company.

**Write down first:** is the spread of these numbers smaller in batches of 32 than in batches of 8, and how many times smaller? `prediction` is this number. Then write `measure`. It draws at least 2,000 companies, normalises each batch (sample 0 is a part of it), and returns the standard deviation of what sample 0 becomes. The chapter's picture of the digit 6 shows the same effect in a network.
"""

# %% tags=["answer"]
prediction = 2  # solution


def measure(size):
    """Return the standard deviation of sample 0's result over many random companies."""
    # begin solution
    rng = np.random.default_rng(0)
    results = []
    for _ in range(2000):
        batch = np.append(0, rng.normal(size=size - 1))
        results.append((0 - batch.mean()) / batch.std())
    return np.std(results)
    # end solution


# solution: The mean of n numbers spreads by 1/√n. Four times as many more than halve it.
# solution: (Small batches spread more, because their deviation varies, too.)

# %% tags=["check"]
check.company(prediction, measure)

# %% [markdown]
r"""
Back to [chapter 08](../08_batch_norm.ipynb).
"""
