# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: drop units to resist overfitting

These belong to [chapter 09](../09_dropout.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 60 minutes.
"""

# %%
import numpy as np
from helpers.checks import dropout as check
from helpers.data import load_digits
from helpers.networks import Networks

# %% [markdown]
r"""
## 1. Two modes by hand

Four units have the values 6, 12, 3, 9. Dropout with $p = 0.25$ has drawn a mask that drops the second unit only. Compute what comes out, four rows of four numbers:

1. `upscale_in_train`, in training
2. `upscale_in_train`, at inference
3. `downscale_in_infer`, in training
4. `downscale_in_infer`, at inference
"""

# %% tags=["answer"]
result = [[8, 0, 4, 12], [6, 12, 3, 9], [6, 0, 3, 9], [4.5, 9, 2.25, 6.75]]  # solution

# %% tags=["check"]
check.by_hand(result)

# %% [markdown]
r"""
## 2. The layer

Write dropout in the mode `upscale_in_train`. Each number of `x` is dropped by itself, with probability `p`. Draw the mask with `rng`, the Generator that is given: `rng.random(shape)` gives numbers from 0 to 1. At inference (`training` is False) nothing happens.
"""


# %% tags=["answer"]
def dropout(x, p, training, rng):
    """Return an array like x: with random zeros and rescaled in training, else the same."""
    # begin solution
    if not training:
        return x
    kept = rng.random(x.shape) >= p
    return x * kept / (1 - p)
    # end solution


# %% tags=["check"]
check.dropout(dropout)

# %% [markdown]
r"""
## 3. Twice

Somebody put two dropout layers behind one another, one with probability $p$ and one with $q$. Which single dropout does the same? Return its probability of dropping.
"""


# %% tags=["answer"]
def twice(p, q):
    """Return the probability with which a unit is dropped by at least one of the two."""
    # begin solution
    return 1 - (1 - p) * (1 - q)
    # end solution


# %% tags=["check"]
check.twice(twice)

# %% [markdown]
r"""
## 4. Four suspects

Four people have written dropout with $p = 0.2$. The cell shows how to call suspect 0; the others are 1, 2 and 3.
"""

# %%
layer = check.suspect(0)
print(layer(np.ones((2, 6)), training=True).shape)

# %% [markdown]
r"""
Test each of them with inputs that you choose, in both modes. Give each a verdict:

- `"right"`: it is a dropout as in the chapter, in one of the two modes.
- `"mean"`: its mean in training differs from its mean at inference.
- `"mask"`: its masks are not drawn for every number by itself.
- `"inference"`: it drops units at inference, too.

`verdicts` is a list of four words, suspect 0 first.
"""

# %% tags=["answer"]
# solution: With x of ones, (2000, 50), the means are 1, 1, 0.8 and 0.64 in training.
# solution: At inference they are 1, 1, 0.8 and 1. Suspect 2 is `downscale_in_infer`.
verdicts = ["mask", "inference", "right", "mean"]  # solution

# %% tags=["check"]
check.verdicts(verdicts)

# %% [markdown]
r"""
## 5. What the whole network overlooks

Three hidden units have the values 1, 2, 3. The output is ReLU of their weighted sum. Dropout with $p = 0.5$ on the hidden units makes eight thinned networks, all equally likely. What is left is doubled, as in `upscale_in_train`.

Find three weights from −10 to 10 for which the whole network gives 0, but the mean of the eight outputs is 2 or more. Then decide: with other weights, can the whole network give *more* than the mean of the eight? `other_way` is `"never"` or `"sometimes"`.
"""

# %% tags=["answer"]
# solution: Two products, 10 and −10, cancel in the whole network. Two of the eight masks keep
# solution: the first and drop the second: they give 20, so the mean is 2 · 20/8 = 5.
weights = [10, -5, 0]  # solution
# solution: ReLU(s) is at least s and at least 0. So the mean of the eight ReLUs is at least the
# solution: mean of the sums and at least 0: it is never below ReLU of the mean.
other_way = "never"  # solution

# %% tags=["check"]
check.overlooked(weights, other_way)

# %% [markdown]
r"""
## 6. An experiment: three quarters of the units are lost

Five networks are trained without dropout and five with $p = 0.5$, on 500 digits. Both kinds reach about 0.96 on the test digits. Then somebody switches off three quarters of the hidden units.
"""

# %%
digits = load_digits(size=8)
train_x = digits.train[0].reshape(-1, 64)[:500]
test_x = digits.test[0].reshape(-1, 64)


def train(p):
    networks = Networks((64, 100, 10), seeds=5, p=p)
    data = train_x, digits.train[1][:500]
    networks.fit(data, 5e-3, epochs=20, method="adam", batch_size=50)
    return networks


for p in (0, 0.5):
    print(f"p = {p}: {train(p).accuracy((test_x, digits.test[1])).round(3)}")

# %% [markdown]
r"""
**Write down first** which accuracy is left, from 0 to 1: of the networks that were trained without dropout (`plain`), and of those with (`thinned`).

Then write `measure`. It switches off each hidden unit with probability `share`, anew for every network and every digit, divides the others by `1 - share`, and returns the mean accuracy. `networks.outputs(x)[0]` are the hidden units, `(networks, N, 100)`. `networks.weights[1]` and `networks.biases[1]` lead from them to the scores, `(networks, N, 10)`.
"""

# %% tags=["answer"]
plain = 0.5  # solution
thinned = 0.9  # solution


def measure(networks, x, labels, share):
    """Return the mean accuracy of the networks with a share of their hidden units off."""
    # begin solution
    hidden = networks.outputs(x)[0]
    kept = np.random.default_rng(0).random(hidden.shape) >= share
    scores = (hidden * kept / (1 - share)) @ networks.weights[1] + networks.biases[1]
    return (scores.argmax(axis=2) == labels).mean()
    # end solution


# solution: Both lose much, but those that met missing units in training lose less.

# %% tags=["check"]
check.units_lost(plain, thinned, measure)

# %% [markdown]
r"""
Back to [chapter 09](../09_dropout.ipynb).
"""
