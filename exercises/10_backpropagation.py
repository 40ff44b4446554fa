# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: differentiate every layer

These belong to [chapter 10](../10_backpropagation.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 60 minutes.
"""

# %%
import numpy as np
from helpers import ops
from helpers.checks import backpropagation as check

# %% [markdown]
r"""
## 1. One graph by hand

$$y = (a + b) \cdot \max(b, c) \qquad \text{at } a = 2,\; b = 3,\; c = 1$$

Draw the graph on paper, and write the numbers of the way forward on its lines. Then walk back. Write down the gradients of $a$, $b$ and $c$.
"""

# %% tags=["answer"]
gradients_of_abc = [3, 8, 0]  # solution

# %% tags=["check"]
check.by_hand(gradients_of_abc)

# %% [markdown]
r"""
## 2. A scale and a shift for each channel

A layer multiplies every channel of maps `[N, C, H, W]` by a number of its own and adds another one: `y[n, c, i, j] = x[n, c, i, j] * gamma[c] + beta[c]`. `gamma` and `beta` have the shape `(C,)`. Derive the three gradients. Which outputs does each number reach, and with which slope?
"""


# %% tags=["answer"]
def scale_backward(grad_y, x, gamma, beta):
    """Return the gradients of x, of gamma and of beta, each with the shape of its array."""
    # begin solution
    of_x = grad_y * gamma.reshape(1, -1, 1, 1)
    of_gamma = (grad_y * x).sum(axis=(0, 2, 3))
    return of_x, of_gamma, grad_y.sum(axis=(0, 2, 3))
    # end solution


# %% tags=["check"]
check.scale_backward(scale_backward)

# %% [markdown]
r"""
## 3. Central differences

`f(x)` takes an array and returns one number, such as a loss. Write the function that measures its slopes: move each number of `x` by `step` up and down, all others staying. `x` itself must be unchanged at the end.
"""


# %% tags=["answer"]
def slopes(f, x, step):
    """Return an array like x with the central difference of f for each number of x."""
    # begin solution
    result = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        moved = x.copy()
        moved[place] = x[place] + step
        above = f(moved)
        moved[place] = x[place] - step
        result[place] = (above - f(moved)) / (2 * step)
    return result
    # end solution


# %% tags=["check"]
check.slopes(slopes)

# %% [markdown]
r"""
## 4. Find the wrong gradient

Somebody wrote the way back of a network with two dense layers by hand. `parameters` is a dictionary with the arrays `"w1"`, `"b1"`, `"w2"` and `"b2"` (float64), and `gradients` is one with the gradients that the code returned. `loss(parameters)` returns the loss for such a dictionary. At most one of the four gradients is wrong. Return its name, or `"none"` if all are right. You may use your `slopes`.
"""


# %% tags=["answer"]
def find_wrong(loss, parameters, gradients):
    """Return the name of the wrong gradient, or "none"."""
    # begin solution
    for name in parameters:

        def loss_of(array, name=name):
            return loss({**parameters, name: array})

        found = slopes(loss_of, parameters[name], 1e-5)
        difference = np.abs(found - gradients[name]).max()
        if difference > 1e-5 * np.abs(found).max():
            return name
    return "none"
    # end solution


# %% tags=["check"]
check.find_wrong(find_wrong)

# %% [markdown]
r"""
## 5. The same way there and back

A convolution with one channel, a 3×3 kernel and padding 1 makes an image from an image of the same size. Its gradient does so, too: it makes the gradient of the input from the gradient of the output. Find a kernel for which these two are the *same function*. It must not be its own mirror image, neither left and right exchanged nor top and bottom.
"""

# %% tags=["answer"]
# solution: The way back slides the kernel turned by 180 degrees.
kernel = [[1, 2, 3], [4, 5, 4], [3, 2, 1]]  # solution

# %% tags=["check"]
check.own_gradient(kernel)

# %% [markdown]
r"""
## 6. An experiment: the wrong way back

A network has two dense layers with a ReLU between them: `sums = x @ w1 + b1`, then `scores = relu(sums) @ w2 + b2`, then the mean cross-entropy of the examples. On the way back, the gradient of the scores goes to the hidden units by `@ w2.T`. Here `w2.T` is replaced by an array `back` of the same shape. With `back = w2.T` all is right. The check also trains with `back` filled with *fixed random numbers*, which have nothing to do with `w2`, and with zeros.

**Write down first** which test accuracy the network with the random `back` reaches, from 0 to 1. It learns the ten digits (64 inputs, 20 units, 500 examples, 200 steps). By chance one gets 0.1, and with the right way back 0.96.

Then write the gradients. The gradient of a score is its share minus 1 if it is the right class.
"""

# %% tags=["answer"]
prediction = 0.1  # solution


def gradients(x, labels, w1, b1, w2, b2, back):
    """Return the gradients of w1, b1, w2 and b2, with back in the place of w2.T."""
    # begin solution
    sums = x @ w1 + b1
    hidden = np.maximum(sums, 0)
    of_scores = ops.softmax(hidden @ w2 + b2)
    of_scores[np.arange(len(x)), labels] -= 1
    of_scores /= len(x)
    of_sums = of_scores @ back * (sums > 0)
    return x.T @ of_sums, of_sums.sum(axis=0), hidden.T @ of_scores, of_scores.sum(axis=0)
    # end solution


# solution: With zeros only the second layer learns. With random numbers both layers do.

# %% tags=["check"]
check.wrong_way_back(prediction, gradients)

# %% [markdown]
r"""
> <details><summary>When you have seen the numbers</summary>
>
> The network learns with a gradient that is plainly wrong. The second layer adapts itself to the wrong way back, until both point in similar directions. Lillicrap and others found this in 2016 and called it *feedback alignment*. So "it learns" does not prove that a gradient is right; the check of exercises 3 and 4 does.
>
> </details>

Back to [chapter 10](../10_backpropagation.ipynb).
"""
