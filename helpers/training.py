"""A plain training loop for Paddle classifiers, and the curves that come out of it."""

from dataclasses import dataclass

import numpy as np
import paddle
import paddle.nn.functional as F
from tqdm import tqdm

from .chains import INITS


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


def draw_weights(model, rng, init="he"):
    """Draw all weights of a Paddle model anew, the same on every system, and return the model.

    model: a paddle.nn.Layer; every parameter with two axes or more is a weight, (in, out) of a
    dense layer or (out, in, kh, kw) of a convolution, and is drawn from a normal distribution
    around 0; every parameter called bias is set to 0, and others, like the scale of a batch
    normalisation, stay. rng: a numpy Generator; Paddle's own draws differ between systems. init:
    "small" (standard deviation 0.01), "xavier", "he", or the standard deviation itself.
    Raises ValueError for another init.
    """
    if init not in INITS and (isinstance(init, str) or not init >= 0):
        raise ValueError(f"init is {init!r}; expected one of {sorted(INITS)} or a number from 0 on")
    for name, parameter in model.named_parameters():
        shape = tuple(parameter.shape)
        if len(shape) > 1:
            window = int(np.prod(shape[2:]))
            inputs, outputs = shape[:2] if len(shape) == 2 else (shape[1], shape[0])
            deviation = INITS[init](inputs * window, outputs * window) if init in INITS else init
            values = rng.normal(size=shape) * deviation
        elif name.split(".")[-1] == "bias":
            values = np.zeros(shape)
        else:
            continue
        parameter.set_value(values.astype(str(parameter.dtype).split(".")[-1]))
    return model


def fit(model, optimizer, data, epochs, test=None, batch_size=64, seed=0):
    """Train a classifier on mini-batches with softmax cross-entropy, and return its `History`.

    model: a paddle.nn.Layer that gives logits (N, classes); optimizer: one of paddle.optimizer.
    data, test: pairs of NumPy arrays (x, labels), x as the model takes it, labels (N,) integers.
    seed: orders the batches anew in each epoch, and nothing else: `draw_weights` draws a model's
    weights. The model is left in eval mode. A bar shows the epochs; TQDM_DISABLE=1 in the
    environment turns it off.
    Raises ValueError for empty data, lengths that differ, and epochs or batch_size below 1.
    """
    x, labels = _pair(data, "data")
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if value < 1:
            raise ValueError(f"{name} is {value}; expected at least 1")
    order, rows = np.random.default_rng(seed), []
    for _ in tqdm(range(epochs), desc="epochs", leave=False):
        row = _epoch(model, optimizer, x, labels, order.permutation(len(x)), batch_size)
        rows.append((*row, *(evaluate(model, test) if test is not None else (None, None))))
    model.eval()
    columns = (np.array(column) for column in zip(*rows, strict=True))
    return History(*(None if column[0] is None else column for column in columns))


def _epoch(model, optimizer, x, labels, order, batch_size):
    model.train()
    losses, right = 0.0, 0
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        target = paddle.to_tensor(labels[batch])
        logits = model(paddle.to_tensor(x[batch]))
        loss = F.cross_entropy(logits, target)
        loss.backward()
        optimizer.step()
        optimizer.clear_grad()
        losses += float(loss) * len(batch)
        right += int((logits.argmax(1) == target).sum())
    return losses / len(x), right / len(x)


def evaluate(model, data, batch_size=512):
    """Return (mean loss, accuracy from 0 to 1) of a classifier in eval mode, without training it.

    Arguments and errors are those of `fit`; the model is left in eval mode.
    """
    x, labels = _pair(data, "data")
    model.eval()
    losses, right = 0.0, 0
    with paddle.no_grad():
        for start in range(0, len(x), batch_size):
            target = paddle.to_tensor(labels[start : start + batch_size])
            logits = model(paddle.to_tensor(x[start : start + batch_size]))
            losses += float(F.cross_entropy(logits, target, reduction="sum"))
            right += int((logits.argmax(1) == target).sum())
    return losses / len(x), right / len(x)


def predict(model, x, batch_size=512):
    """Return the class shares (N, classes) that a classifier gives in eval mode, from x (N, …)."""
    if len(x) == 0:
        raise ValueError("x is empty; expected at least one example")
    model.eval()
    with paddle.no_grad():
        parts = [
            F.softmax(model(paddle.to_tensor(x[start : start + batch_size]))).numpy()
            for start in range(0, len(x), batch_size)
        ]
    return np.concatenate(parts)


def _pair(data, name):
    x, labels = data
    if len(x) == 0 or len(x) != len(labels):
        raise ValueError(
            f"{name} has {len(x)} examples and {len(labels)} labels; expected as many of each, "
            "at least one"
        )
    return x, labels
