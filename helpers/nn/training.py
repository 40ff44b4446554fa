"""The training loop, for models of helpers.nn, and the part of it that Paddle's models share."""

from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from .. import ops
from ..ops._arguments import as_int


@dataclass(frozen=True)
class History:
    """Mean loss and accuracy (0 to 1) after each epoch: arrays of shape (epochs,).

    loss and accuracy are the training set's, over the epoch's batches as they were trained on;
    test_loss and test_accuracy the test set's, or None if there was none.
    """

    loss: np.ndarray
    accuracy: np.ndarray
    test_loss: np.ndarray | None
    test_accuracy: np.ndarray | None


def fit(
    model,
    optimizer,
    data,
    epochs,
    test=None,
    batch_size=64,
    seed=0,
    schedule=None,
    augment=None,
):
    """Train a classifier on mini-batches with softmax cross-entropy, and return its `History`.

    model: a layer of helpers.nn that gives logits (N, classes); optimizer: one of helpers.nn.
    data, test: pairs of NumPy arrays (x, labels), x as the model takes it, labels (N,) integers.
    seed: orders the batches anew in each epoch, and nothing else. schedule: the optimizer's
    schedule, whose `step` is called after each epoch. augment: a function of (x, rng) that returns
    a batch's images changed at random, anew in each epoch, such as those of helpers.data; the test
    set stays as it is. The model is left in eval mode. A bar shows the epochs, the time left and
    the device; TQDM_DISABLE=1 in the environment turns it off.
    Raises ValueError for empty data, lengths that differ, and epochs or batch_size below 1.
    """

    def step(x, labels):
        logits = model.forward(x)
        model.backward(ops.cross_entropy_backward(logits, labels))
        optimizer.step()
        optimizer.clear_grad()
        return _score(logits, labels)

    def measure(data):
        return evaluate(model, data)

    settings = epochs, test, batch_size, seed, schedule, augment
    return run_epochs(model, step, measure, data, *settings, device="cpu")


def evaluate(model, data, batch_size=512):
    """Return (mean loss, accuracy from 0 to 1) of a classifier in eval mode, without training it.

    Arguments and errors are those of `fit`; the model is left in eval mode.
    """
    x, labels = as_examples(data, "data")
    logits = _logits(model, x, batch_size)
    loss, right = _score(logits, labels)
    return loss, right / len(x)


def predict(model, x, batch_size=512):
    """Return the class shares (N, classes) that a classifier gives in eval mode, from x (N, …)."""
    if len(x) == 0:
        raise ValueError("x is empty; expected at least one example")
    return ops.softmax(_logits(model, x, batch_size))


def run_epochs(
    model, step, measure, data, epochs, test, batch_size, seed, schedule, augment, device
):
    """Take all steps of all epochs, and return the `History`.

    step(x, labels) takes one, and returns the batch's mean loss and how many are right;
    measure(test) returns (loss, accuracy). device: its name, for the bar. The other arguments and
    the errors are those of `fit`.
    """
    x, labels = as_examples(data, "data")
    if test is not None:
        as_examples(test, "test")
    as_int(epochs, "epochs", 1)
    as_int(batch_size, "batch_size", 1)
    order, rows = np.random.default_rng(seed), []
    # Of its own, so that the batches come in the same order with and without it.
    (changes,) = order.spawn(1)
    for _ in tqdm(range(epochs), desc=f"epochs on {device}", leave=False):
        model.train()
        shuffled, loss, right = order.permutation(len(x)), 0.0, 0
        for start in range(0, len(x), batch_size):
            batch = shuffled[start : start + batch_size]
            images = x[batch] if augment is None else augment(x[batch], changes)
            batch_loss, batch_right = step(images, labels[batch])
            loss, right = loss + batch_loss * len(batch), right + batch_right
        if schedule is not None:
            schedule.step()
        rows.append((loss / len(x), right / len(x), *(measure(test) if test else (None, None))))
    model.eval()
    columns = (np.array(column) for column in zip(*rows, strict=True))
    return History(*(None if column[0] is None else column for column in columns))


def as_examples(data, name):
    """Return `data`, a pair (x, labels) of as many examples as labels, at least one."""
    x, labels = data
    if len(x) == 0 or len(x) != len(labels):
        raise ValueError(
            f"{name} has {len(x)} examples and {len(labels)} labels; expected as many of each, "
            "at least one"
        )
    return x, labels


def _logits(model, x, batch_size):
    model.eval()
    parts = range(0, len(x), as_int(batch_size, "batch_size", 1))
    return np.concatenate([model.forward(x[start : start + batch_size]) for start in parts])


def _score(logits, labels):
    right = int((logits.argmax(axis=1) == labels).sum())
    return float(ops.cross_entropy(logits, labels)), right
