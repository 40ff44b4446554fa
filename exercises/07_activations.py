# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: bend the line with activations

These belong to [chapter 07](../07_activations.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 55 minutes.
"""

# %%
import numpy as np
from helpers import ops
from helpers.checks import activations as check
from helpers.data import load_digits
from helpers.networks import Networks

# %% [markdown]
r"""
## 1. One step of learning

A layer without biases has the inputs 3 and −1 and four classes. All its eight weights are 0. The right class is the third one. Compute by hand: the four shares, the loss, and the gradient of the weights, in two rows of four numbers as the weights. Then make a step with the learning rate 0.2. Which four scores does the layer give to the same input now? (Three digits after the point are enough.)
"""

# %% tags=["answer"]
shares = [0.25, 0.25, 0.25, 0.25]  # solution
loss = 1.386  # solution
gradient = [[0.75, 0.75, -2.25, 0.75], [-0.25, -0.25, 0.75, -0.25]]  # solution
new_scores = [-0.5, -0.5, 1.5, -0.5]  # solution

# %% tags=["check"]
check.one_step(shares, loss, gradient, new_scores)

# %% [markdown]
r"""
## 2. A smooth hinge and its slope

**Softplus**, $\ln(1 + e^x)$, looks like a ReLU with a round corner. Write it, and the way back. `softplus_backward` gets the gradient that arrives from the next layer and the numbers to which softplus was applied, as `ops.sigmoid_backward` does. Which function of this chapter is the slope of softplus?

Both must be right for 1000 and −1000, too, where $e^{1000}$ is too large for a computer. (`np.logaddexp(a, b)` is $\ln(e^a + e^b)$, computed with care. You may also find a form of your own.)
"""


# %% tags=["answer"]
def softplus(x):
    """Return ln(1 + e^x) of every number of x."""
    # begin solution
    return np.logaddexp(0, x)
    # end solution


def softplus_backward(grad_y, x):
    """Return the gradient of x, where grad_y is that of softplus(x)."""
    # begin solution
    return grad_y * ops.sigmoid(x)
    # end solution


# %% tags=["check"]
check.softplus(softplus, softplus_backward)

# %% [markdown]
r"""
## 3. Through every point

Many hinges follow any curve. Here is the reason, in numbers. Points lie at `places` $p_0 < p_1 < \dots < p_n$ and have the heights `values`. The network

$$f(x) = \text{value}_0 + \sum_{i=0}^{n-1} w_i \,\mathrm{ReLU}(x - p_i)$$

goes through all of them in straight pieces, if its weights are right. Find the weights. (Which slope has $f$ left of $p_1$? And what does the second hinge add to it?)
"""


# %% tags=["answer"]
def hinge_weights(places, values):
    """Return the weights of the hinges, one for each place but the last."""
    # begin solution
    slopes = np.diff(values) / np.diff(places)
    # The first hinge makes the first slope, and every later one the change of the slope.
    return np.append(slopes[0], np.diff(slopes))
    # end solution


# %% tags=["check"]
check.hinge_weights(hinge_weights)

# %% [markdown]
r"""
## 4. Wake the dead

A dense layer with ReLU has dead units: their sums, `x @ weight + bias`, are negative for *every* example in `x`. Wake them by their biases alone. Each dead unit gets a new bias, with which its sum is positive for exactly half of the examples. The biases of all other units stay as they are. (The number of examples is even, and all sums of a unit are different.)
"""


# %% tags=["answer"]
def wake(x, weight, bias):
    """Return new biases (units,) for x (examples, inputs) and weight (inputs, units)."""
    # begin solution
    sums = x @ weight + bias
    dead = sums.max(axis=0) < 0
    # The middle of the sums becomes 0.
    return np.where(dead, bias - np.median(sums, axis=0), bias)
    # end solution


# %% tags=["check"]
check.wake(wake)

# %% [markdown]
r"""
In the lesson a leak kept such units trainable, and did not bring them back by itself. What does a new bias do that the leak did not?

## 5. An experiment: can one step kill them all?

In the lesson one step of rate 10 left many dead units. Now make the step even more careless. **Write down first**: which share of the units of the *first* hidden layer is dead after a single step of rate 1000?

Then write `dead_share`, as in the lesson. Make ten networks, `Networks((64, 50, 50, 10), 10, "relu", "he")`, and let them `fit` for one epoch with one batch of 1,280. `networks.sums(train[0])` has a list with the sums of each layer, (networks, examples, units).
"""

# %%
digits = load_digits(size=8)
train = (digits.train[0][:1280].reshape(1280, 64), digits.train[1][:1280])

# %% tags=["answer"]
prediction = 1.0  # solution


def dead_share(rate):
    """Return the share of dead units in the first hidden layer after one step of this rate."""
    # begin solution
    networks = Networks((64, 50, 50, 10), 10, "relu", "he")
    networks.fit(train, rate, 1, batch_size=1280)
    return np.mean(networks.sums(train[0])[0].max(axis=1) <= 0)
    # end solution


# %% tags=["check"]
check.careless_step(prediction, dead_share)

# %% [markdown]
r"""
About one half, and with the rate 100,000 it is the same. The step is then all that counts, and the inputs are never negative. What decides whether it kills a unit?

Back to [chapter 07](../07_activations.ipynb).
"""
