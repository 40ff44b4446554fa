# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: train a dense network, choose an optimiser

These belong to [chapter 11](../11_dense_networks_and_optimisers.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 55 minutes.
"""

# %%
import numpy as np
from helpers import ops
from helpers.checks import dense_networks_and_optimisers as check

# %% [markdown]
r"""
## 1. Three paths by hand

One weight, $w = 1$, the rate 0.1, and three gradients: 2, 2, −6. Where is $w$ after each of the three steps? Compute it for three rules:

1. SGD
2. momentum that keeps half: the new sum is half of the old sum plus the gradient
3. *Nesterov's* momentum: the sum is the same, but a step is rate · (gradient + half of the new sum)

Write down three rows of three numbers.
"""

# %% tags=["answer"]
# solution: The sums are 2, 3 and −4.5. Nesterov's steps are 0.1 times 3, 3.5 and −8.25.
paths = [[0.8, 0.6, 1.2], [0.8, 0.5, 0.95], [0.7, 0.35, 1.175]]  # solution

# %% tags=["check"]
check.three_paths(paths)

# %% [markdown]
r"""
## 2. Adam

Write Adam for an array of weights `w`. `gradients` has one row for each step. `kept` is the share that the mean of gradients keeps, `kept_squares` that of the mean of squares. Both means start at 0, and both are corrected for it. Add 0.00000001 to the root before you divide.
"""


# %% tags=["answer"]
def adam(w, gradients, rate, kept, kept_squares):
    """Return the weights after each step, an array like gradients."""
    # begin solution
    mean = np.zeros_like(w)
    square = np.zeros_like(w)
    path = []
    for step in range(1, len(gradients) + 1):
        gradient = gradients[step - 1]
        mean = kept * mean + (1 - kept) * gradient
        square = kept_squares * square + (1 - kept_squares) * gradient**2
        direction = mean / (1 - kept**step)
        size = np.sqrt(square / (1 - kept_squares**step))
        w = w - rate * direction / (size + 1e-8)
        path.append(w)
    return np.array(path)
    # end solution


# %% tags=["check"]
check.adam(adam)

# %% [markdown]
r"""
## 3. The largest rate

In the chapter's ravine, 100 times as steep across as along, SGD flies out at rates above 2/100. Now the ravine may have any number of directions, and it may be turned. Its gradient is `curvature @ place`, with a symmetric matrix `curvature`. Above which rate does SGD fly out? (You may compute it from the matrix, or search for it by trying. An error of less than one per cent is good enough.)
"""


# %% tags=["answer"]
def largest_rate(curvature):
    """Return the rate above which plain gradient steps move away from the goal."""
    # begin solution
    # Along a direction of steepness s, each step multiplies the distance by 1 − rate · s.
    return 2 / np.linalg.eigvalsh(curvature).max()
    # end solution


# %% tags=["check"]
check.largest_rate(largest_rate)

# %% [markdown]
r"""
## 4. Five patients

`check.patient(k)` returns three untrained networks of three layers (a `Networks` as in the chapter), digits for training and digits for validation. Four of the five patients are ill. The cell shows how to call the first one.
"""

# %%
networks, train, validation = check.patient(0)
print("training digits:", train[0].shape, "labels:", train[1].shape)
print("scores of three networks:", networks.sums(train[0])[-1].shape)

# %% [markdown]
r"""
Use the chapter's two checks, and what else you need. `networks.outputs(x)` shows what the hidden layers hand on. `networks.fit(data, 0.1, 60, batch_size=10)` trains (give it fifty digits to learn by heart), and `networks.accuracy(data)` tests. Give the patients 0 to 4 one diagnosis each: `"healthy"`, `"small weights"`, `"large inputs"`, `"wrong labels"` or `"dead units"` (a layer in which every ReLU gives 0). `diagnoses` is a list of five words, patient 0 first.
"""

# %% tags=["answer"]
# begin solution
for index in range(5):
    networks, train, validation = check.patient(index)
    losses = [ops.cross_entropy(scores, train[1]) for scores in networks.sums(train[0])[-1]]
    live = [bool((units > 0).any()) for units in networks.outputs(train[0])]
    with np.errstate(all="ignore"):
        networks.fit((train[0][:50], train[1][:50]), 0.1, 60, batch_size=10)
        by_heart = networks.accuracy((train[0][:50], train[1][:50])).mean() > 0.9
        new_digits = networks.accuracy(validation).mean() > 0.4
    words = f"by heart: {by_heart}, new digits: {new_digits}, layers with live units: {live}"
    print(f"patient {index}: loss at the start {np.mean(losses):.1f}, {words}")
# end solution
# solution: After the training the first layer of patient 2 is dead, too. But its loss at the start
# solution: shows the reason: the inputs.
diagnoses = ["wrong labels", "healthy", "large inputs", "small weights", "dead units"]  # solution

# %% tags=["check"]
check.diagnoses(diagnoses)

# %% [markdown]
r"""
## 5. An experiment: how much should momentum remember?

The chapter shows that momentum of 0.9 is good in a steep ravine and bad in a wide valley. How much should it keep in a valley of steepness 10? **Write down first** which part you expect to be best: 0, 0.3, 0.5, 0.7 or 0.9.

Then write `measure(kept, steepness)`. The gradient is $(x, \text{steepness} \cdot y)$, the start is (10, 2). For each of the 101 rates `10 ** np.linspace(-4, 1, 101)`, take 50 steps with momentum. The sum keeps `kept` of itself and adds the gradient. A step is rate · sum. The *distance* at a rate is the largest distance from (0, 0) after any of the last ten steps. Return the smallest of the 101 distances.
"""

# %% tags=["answer"]
prediction = 0  # solution


def measure(kept, steepness):
    """Return the distance at the best of the 101 rates."""
    # begin solution
    curvature = np.array([1, steepness])
    distances = []
    for rate in 10 ** np.linspace(-4, 1, 101):
        place = np.array([10.0, 2])
        total = np.zeros(2)
        last = []
        for _ in range(50):
            total = kept * total + curvature * place
            place = place - rate * total
            last.append(np.hypot(place[0], place[1]))
        distances.append(max(last[-10:]))
    return min(distances)
    # end solution


# solution: In the valley of steepness 10 a little memory is best. The steeper, the more of it.

# %% tags=["check"]
check.memory(prediction, measure)

# %% [markdown]
r"""
Back to [chapter 11](../11_dense_networks_and_optimisers.ipynb).
"""
