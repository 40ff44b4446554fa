# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: budget a network before building it

These belong to [chapter 19](../19_cost_and_memory.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 55 minutes.
"""

# %%
from helpers import geometry, peak
from helpers.checks import cost_and_memory as check

import paddle

# %% [markdown]
r"""
## 1. Three costs of one layer

A convolution has 32 kernels of 5×5, padding 2, stride 2, and biases. It reads 16 maps of 20×20. Compute by hand its parameters, its multiply-adds, and the bytes of its output in float32, all for one image. Write them in this order.
"""

# %% tags=["answer"]
# solution: The maps become 10×10. A kernel has 16·25 = 400 weights and a bias.
costs = [32 * 401, 32 * 400 * 100, 4 * 32 * 100]  # solution

# %% tags=["check"]
check.three_costs(costs)

# %% [markdown]
r"""
## 2. What is kept

A network without branches is given as two lists. `kinds` names its layers in their order: `"conv"`, `"linear"`, `"norm"`, `"pool"`, `"relu"`, `"sigmoid"`, `"tanh"` or `"leaky"` (a leaky ReLU). `sizes` says how many numbers each array has for one image: first the image itself, then the output of each layer. So `sizes` has one entry more.

Return how many *numbers* a training step keeps for one image in Paddle. An array is kept if the backward of some layer reads it, and it is kept once. This holds for the image, too: if no backward reads it, it does not count. The table of the lesson says who reads what.
"""


# %% tags=["answer"]
def count_kept(kinds, sizes):
    """Return how many numbers a training step keeps for one image."""
    # begin solution
    read = set()
    for place, kind in enumerate(kinds):
        if kind in ("conv", "linear", "norm", "pool", "leaky"):
            read.add(place)  # its input
        if kind in ("relu", "sigmoid", "tanh", "pool"):
            read.add(place + 1)  # its output
    return sum([sizes[place] for place in read])
    # end solution


# %% tags=["check"]
check.count_kept(count_kept)

# %% [markdown]
r"""
## 3. The largest batch

Write the search of the lesson as a function. `layers` is a list of descriptions, and `limit` is a number of bytes. `arrays` says how many arrays as large as the parameters are there all the time: 2 with SGD, 3 with Momentum, 4 with Adam. The rest is the peak of `geometry.way_back`, and `row.of(batch)` gives the bytes of a row. A batch that takes exactly the limit fits. If not even one image fits, return 0.
"""


# %% tags=["answer"]
def largest_batch(layers, input_shape, arrays, limit):
    """Return how many images of input_shape fit into so many bytes in training."""
    # begin solution
    parameters = sum([row.parameters for row in geometry.summary(layers, input_shape)])
    rows = geometry.way_back(layers, input_shape)
    batch = 0
    while arrays * 4 * parameters + max([row.of(batch + 1) for row in rows]) <= limit:
        batch += 1
    return batch
    # end solution


# %% tags=["check"]
check.largest_batch(largest_batch)

# %% [markdown]
r"""
## 4. Which one is the large network?

"A large network" says nothing until one names the cost. Design two networks as lists of descriptions. Both read colour images of 32×32, and both end with ten scores.

- `heavy` has at least ten times as many parameters as `busy`.
- `busy` makes at least ten times as many multiply-adds as `heavy`, and training keeps at least ten times as much for each image.
"""

# %% tags=["answer"]
# begin solution
blocks = [geometry.conv(32, 3, padding=1), geometry.activation()] * 2
scores = [geometry.flatten(), geometry.linear(10)]
hidden = [geometry.flatten(), geometry.linear(100), geometry.activation(), geometry.linear(10)]
# end solution
heavy = hidden  # solution
busy = [*blocks, geometry.global_pool(), *scores]  # solution

# %% tags=["check"]
check.heavy_and_busy(heavy, busy)

# %% [markdown]
r"""
## 5. An experiment: where does the ReLU stand?

For a network with maxima it makes no difference whether ReLU comes before or after the pooling: the result is the same. Does it make a difference for the memory?

Between two convolutions of 16 kernels (3×3, padding 1) on images of 3×32×32 stand some layers of `kinds`: `"relu"`, `"leaky"` or `"pool"` (maxima of 2×2). A *volume* is the output of the first convolution for one image: 16·32·32 numbers of 4 bytes. **Write down first** how many volumes are kept for each image, the image itself not counted: for `["relu", "pool"]`, and for `["pool", "relu"]`.

Then write `measure`, which asks Paddle. `peak.allocated(model, images).left` tells how many bytes are still there when the forward pass is over. The images are not among them, since they were there before. But what the last convolution returns is among them, and you subtract it. Take 8 images, such as `paddle.zeros([8, 3, 32, 32])`.
"""

# %% tags=["answer"]
prediction = [1.25, 1.25]  # solution


def measure(kinds):
    """Return how many volumes Paddle keeps for each image."""
    # begin solution
    model = paddle.nn.Sequential(paddle.nn.Conv2D(3, 16, 3, padding=1))
    make = {"relu": paddle.nn.ReLU, "leaky": paddle.nn.LeakyReLU}
    for kind in kinds:
        model.append(paddle.nn.MaxPool2D(2) if kind == "pool" else make[kind]())
    model.append(paddle.nn.Conv2D(16, 16, 3, padding=1))
    images = paddle.zeros([8, 3, 32, 32])
    returned = 4 * model(images).size
    return (peak.allocated(model, images).left - returned) / (8 * 4 * 16 * 32 * 32)
    # end solution


# solution: Behind a pooling, ReLU is not free: pooling reads its output, and ReLU reads its own.

# %% tags=["check"]
check.where_relu_stands(prediction, measure)

# %% [markdown]
r"""
Back to [chapter 19](../19_cost_and_memory.ipynb).
"""
