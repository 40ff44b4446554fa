"""A plain training loop for Paddle classifiers, and the curves that come out of it."""

import numpy as np
import paddle
import paddle.nn.functional as F

from .initial import check_init, draw_weight
from .nn.training import as_examples, run_epochs


def draw_weights(model, rng, init="he"):
    """Draw all weights of a Paddle model anew, the same on every system, and return the model.

    model: a paddle.nn.Layer; every parameter with two axes or more is a weight, (in, out) of a
    dense layer or (out, in, kh, kw) of a convolution, and is drawn from a normal distribution
    around 0; every parameter called bias is set to 0, and others, like the scale of a batch
    normalisation, stay. rng: a numpy Generator; Paddle's own draws differ between systems. init:
    "small" (standard deviation 0.01), "xavier", "he", or the standard deviation itself.
    Raises ValueError for another init.
    """
    check_init(init)
    for name, parameter in model.named_parameters():
        shape = tuple(parameter.shape)
        if len(shape) > 1:
            values = draw_weight(shape, init, rng)
        elif name.split(".")[-1] == "bias":
            values = np.zeros(shape)
        else:
            continue
        parameter.set_value(values.astype(str(parameter.dtype).split(".")[-1]))
    return model


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
    """Train a Paddle classifier as `helpers.nn.fit` trains one of ours, and return its `History`.

    model: a paddle.nn.Layer that gives logits (N, classes); optimizer: one of paddle.optimizer;
    schedule: one of paddle.optimizer.lr. All else is as there; `draw_weights` draws a model's
    weights. Paddle takes a GPU where there is one. The model is left in eval mode.
    """

    def step(x, labels):
        target = paddle.to_tensor(labels)
        logits = model(paddle.to_tensor(x))
        loss = F.cross_entropy(logits, target)
        loss.backward()
        optimizer.step()
        optimizer.clear_grad()
        return float(loss), int((logits.argmax(1) == target).sum())

    def measure(data):
        return evaluate(model, data)

    settings = epochs, test, batch_size, seed, schedule, augment
    return run_epochs(model, step, measure, data, *settings, device=paddle.get_device())


def evaluate(model, data, batch_size=512):
    """Return (mean loss, accuracy from 0 to 1) of a classifier in eval mode, without training it.

    Arguments and errors are those of `fit`; the model is left in eval mode.
    """
    x, labels = as_examples(data, "data")
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
