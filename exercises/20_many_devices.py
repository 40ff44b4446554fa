# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: train on more than one device

These belong to [chapter 20](../20_many_devices.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. One process is enough for all of them. About 60 minutes.
"""

# %%
import os

import numpy as np
from helpers.checks import many_devices as check

# %% [markdown]
r"""
## 1. Seven examples, three processes

A batch of seven examples is dealt out to three processes in turn, like cards. Compute by hand the factor of each share, for process 0, 1 and 2. With these factors the mean of the three gradients is the gradient of the whole batch. What must the mean of the factors be?
"""

# %% tags=["answer"]
# solution: The shares have 3, 2 and 2 examples. If each loss is 1, their mean must stay 1.
factors = [3 * 3 / 7, 2 * 3 / 7, 2 * 3 / 7]  # solution

# %% tags=["check"]
check.seven_examples(factors)

# %% [markdown]
r"""
## 2. Batch norm over unequal shares

Synchronised batch norm needs the mean and the variance of the whole batch. Each process knows only the `mean`, the `variance` and the `size` of its share. Three arrays hold these numbers, one place for each process. Return the mean and the variance of all values together. (As in batch norm, a variance is divided by the number of values, and not by one less.)
"""


# %% tags=["answer"]
def pooled(means, variances, sizes):
    """Return (mean, variance) of all values, from those of the shares."""
    # begin solution
    weights = sizes / sizes.sum()
    mean = (weights * means).sum()
    variance = (weights * (variances + (means - mean) ** 2)).sum()
    return mean, variance
    # end solution


# %% tags=["check"]
check.pooled(pooled)

# %% [markdown]
r"""
## 3. Which process is wrong?

The losses of a team differ from those of one process, and from the first step on. So it is no rounding. The network is the smallest one: the answer to $x$ is the sum of `weight * x`, and the loss is the mean of the squared errors. Each process has *reported* what it hands to the average, its gradient times its factor. `reported[rank]` is a list as long as `weight`, and `inputs` and `wanted` have a row for each example of the batch.

Exactly one process has a fault. Return its rank, and the name of the fault:

- `"factor"`: it forgot the factor of its share,
- `"sum"`: it took the sum over its examples in place of the mean, and then the factor,
- `"rows"`: it took neighbouring examples, as `np.array_split` gives them, and not every p-th,
- `"weights"`: it began with other weights than the rest.
"""


# %% tags=["answer"]
def find_fault(reported, inputs, wanted, weight):
    """Return (rank, fault) of the one process that is wrong."""
    # begin solution
    count, size = len(inputs), len(reported)

    def gradient(rows):
        error = inputs[rows] @ weight - wanted[rows]
        return (2 * error[:, None] * inputs[rows]).mean(axis=0)

    for rank in range(size):
        rows = np.arange(rank, count, size)
        factor = len(rows) * size / count
        if np.allclose(reported[rank], factor * gradient(rows)):
            continue
        neighbours = np.array_split(np.arange(count), size)[rank]
        faults = {"factor": gradient(rows), "sum": len(rows) * factor * gradient(rows)}
        faults["rows"] = len(neighbours) * size / count * gradient(neighbours)
        for name, found in faults.items():
            if np.allclose(reported[rank], found):
                return rank, name
        return rank, "weights"
    # end solution


# %% tags=["check"]
check.find_fault(find_fault)

# %% [markdown]
r"""
## 4. A checkpoint that survives a power cut

Write `write_safely(path, arrays)`. It stores the arrays of a dictionary with `np.savez` in the file `path`, and returns `path`. Whenever the power fails, the file must be the old one or the new one, and whole. After a success no other file may be left. `path` is a `Path`, so `path.with_name(path.name + ".unfinished")` is a second name beside it.

Three remarks. `np.savez(file, **arrays)` stores each array under its key. And if you give it a *name*, it adds `.npz` where this is missing; a file opened with `open(name, "wb")` is taken as it is. And `file.flush()`, then `os.fsync(file.fileno())`, wait until all is on the disk; the check cannot see this.

The check cuts the power twice: in the middle of the writing, and just before a file gets another name.
"""


# %% tags=["answer"]
def write_safely(path, arrays):
    """Store arrays in an .npz file that is whole at every moment, and return its path."""
    # begin solution
    unfinished = path.with_name(path.name + ".unfinished")
    with open(unfinished, "wb") as file:
        np.savez(file, **arrays)
        # Wait until all is on the disk.
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    return path
    # end solution


# %% tags=["check"]
check.write_safely(write_safely)

# %% [markdown]
r"""
## 5. An experiment: what if nobody waits?

Processes wait for one another at every step. Suppose that they do not. Each takes the gradient that is there, and this gradient was computed a few steps ago, with *old* weights. No process is ever idle. What does it cost?

We take a valley that is easy to describe. The loss is $w^2/2$, so the gradient at $w$ is $w$ itself. A step with delay $d$ is

$$w_{t+1} = w_t - \text{rate} \cdot w_{t-d}$$

and all weights before the start are 1, too. Without a delay ($d = 0$), $w$ goes to 0 for every rate above 0 and below 2, as in the lesson's valley. **Write down first**: up to which rate does $w$ go to 0 if each gradient is one step old?

Then write `largest_rate(delay)`, which finds this limit by trying rates, to within 0.01. Near the limit the steps need time: take a thousand of them. Can you find a rule for larger delays?
"""

# %% tags=["answer"]
prediction = 1.8  # solution


def largest_rate(delay):
    """Return up to which rate w goes to 0, if each gradient is so many steps old."""
    # begin solution
    limit = 0
    for rate in np.arange(0.01, 2.1, 0.01):
        w = np.ones(delay + 1)  # w_t at the end, and the older ones before it
        for _ in range(1000):
            w = np.append(w[1:], w[-1] - rate * w[0])
            if abs(w[-1]) > 100:
                break
        if np.abs(w).max() < 0.5:
            limit = rate
    return limit
    # end solution


# solution: The limits are 2, 1, 0.62, 0.45, …: from delay 1 on, about π/2 divided by (delay + 1/2).

# %% tags=["check"]
check.nobody_waits(prediction, largest_rate)

# %% [markdown]
r"""
Back to [chapter 20](../20_many_devices.ipynb).
"""
