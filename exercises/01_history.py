# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Exercises: features, by hand and learned

These belong to [chapter 01](../01_history.ipynb). Replace each `...` by your answer, and run the cell below it. It prints a line with ✓, or a line with ✗ that says what is wrong. You may try as often as you like. About 50 minutes.
"""

# %%
import numpy as np
from helpers import geometry, small
from helpers.checks import history as check
from helpers.data import add_specks, load_digits, scatter_on_canvas

# %% [markdown]
r"""
## 1. A photograph in, a photograph out

A telephone takes photographs of 3000×4000 pixels, with three channels. A layer turns such a photograph into another one of the same size, also with three channels. How many parameters has a dense layer that does this? How many has a convolution with windows of 3×3? Each output of the dense layer, and each window of the convolution, has a bias.

Both must be exact: write a calculation if the number is long.
"""

# %% tags=["answer"]
in_dense = 36_000_000 * (36_000_000 + 1)  # solution
in_convolution = 3 * (3 * 9 + 1)  # solution

# %% tags=["check"]
check.photograph(in_dense, in_convolution)

# %% [markdown]
r"""
## 2. An answer without a look

Which accuracy has a machine that never looks at the picture? The best that it can do is to learn which label is the commonest, and to answer with this label always. It learns on the labels for training and is judged on those for the test. Both are arrays of whole numbers, and 0 need not be among them.
"""


# %% tags=["answer"]
def without_a_look(train_labels, test_labels):
    """Return the test accuracy of always answering the commonest training label."""
    # begin solution
    commonest = np.bincount(train_labels).argmax()
    return np.mean(np.asarray(test_labels) == commonest)
    # end solution


# %% tags=["check"]
check.without_a_look(without_a_look)

# %% [markdown]
r"""
## 3. Repair the crop

In the lesson three specks of dirt were enough to break the best hand-made feature. "A person could now invent a crop that ignores specks": be this person. Write `clean`, which removes specks *before* the picture is cropped. It gets pictures (N, 1, 16, 16), 0 where there is no ink, and returns pictures of the same shape. A speck is one pixel with a random value from 0.5 to 1.

Look at a few dirty pictures first. In which way do specks differ from strokes? The check trains the lesson's logistic regression on cropped pixels, once with new specks and your `clean`. On dirty pictures it was right in about 1 of 4 cases. You need 8 of 10.
"""

# %%
rng = np.random.default_rng(1)
dirty = add_specks(scatter_on_canvas(load_digits(8).train[0][:100], 16, rng), 3, rng)
print((10 * dirty[0, 0]).astype(int))


# %% tags=["answer"]
def clean(pictures):
    """Return the pictures without specks, same shape."""
    # begin solution
    # A pixel of a stroke has inked neighbours, and a speck has hardly any.
    ink = np.pad(pictures[:, 0] != 0, ((0, 0), (1, 1), (1, 1))).astype(int)
    neighbours = -ink[:, 1:-1, 1:-1]
    for down in range(3):
        for right in range(3):
            neighbours += ink[:, down : down + 16, right : right + 16]
    return pictures * (neighbours >= 3)[:, None]
    # end solution


# %% tags=["check"]
check.clean(clean)

# %% [markdown]
r"""
## 4. Who were neighbours?

Somebody shuffled the pixels of all digits by one fixed permutation, and lost it. You get only the shuffled pictures, one in each row: an array (N, 256). Which pixels were neighbours in the pictures as written, beside or above each other, or at a corner?

For each of the 256 columns, find another column that is probably its neighbour, from the pictures alone. (How do the values of two neighbouring pixels go together in many pictures?) A few pixels are never inked; for these any answer counts. The check shuffles new pictures by a new permutation.
"""


# %% tags=["answer"]
def neighbours(shuffled):
    """For each column of shuffled, (N, 256), return the number of a probable neighbour, (256,)."""
    # begin solution
    # The column that is most correlated; 1e-9 keeps an empty column from a division by 0.
    centred = shuffled - shuffled.mean(axis=0)
    centred = centred / (np.sqrt((centred**2).sum(axis=0)) + 1e-9)
    correlation = centred.T @ centred
    np.fill_diagonal(correlation, -1)
    return correlation.argmax(axis=1)
    # end solution


# %% tags=["check"]
check.neighbours(neighbours)

# %% [markdown]
r"""
So the examples do say which pixels belong together. The dense network is not told, and a convolution is.

## 5. An experiment: more time, or more places?

The dense network of the lesson learns digits at random places, each digit at *one* place, and gets about 0.55 of the test right. Two people suggest what to do:

- **more time**: train for 16 epochs instead of 8, on the same pictures;
- **more places**: scatter each digit 16 times, and train for one epoch. So the network sees as many pictures, but each one only once.

**Write down first** which of the two you expect to be better: `"time"`, `"places"`, or `"equal"` if they differ by less than 0.05. Then write `travel`, train both networks with `small.train`, and measure both accuracies on the test digits.
"""

# %%
digits = load_digits(size=8)
rng = np.random.default_rng(0)
train = (scatter_on_canvas(digits.train[0], 16, rng), digits.train[1])
test = (scatter_on_canvas(digits.test[0], 16, rng), digits.test[1])
dense = [geometry.flatten(), geometry.linear(128), geometry.activation("ReLU")]
dense += [geometry.linear(10)]
network = small.train(dense, train, epochs=8, seed=0)
print(f"8 epochs, one place: {small.accuracy(network, test):.2f}")

# %% tags=["answer"]
prediction = "places"  # solution


def travel(x, labels, times, rng):
    """Scatter each digit of x on so many canvases of 16×16: return all pictures, all labels."""
    # begin solution
    pictures = [scatter_on_canvas(x, 16, rng) for _ in range(times)]
    return np.concatenate(pictures), np.tile(labels, times)
    # end solution


# solution: The network with more time has seen every digit in one place only.
# begin solution
patient = small.train(dense, train, epochs=16, seed=0)
travelled = small.train(dense, travel(*digits.train, 16, rng), epochs=1, seed=0)
# end solution
with_time = small.accuracy(patient, test)  # solution
with_places = small.accuracy(travelled, test)  # solution

# %% tags=["check"]
check.time_or_places(prediction, travel, with_time, with_places)

# %% [markdown]
r"""
Does the convolutional network gain from more places, too? Train it in the same way if you like.

Back to [chapter 01](../01_history.ipynb).
"""
