"""The losses of a classifier: how far its scores are from what the labels ask for."""

import numpy as np

from ._arguments import as_array, as_batch, quiet
from .activation import softmax


@quiet
def cross_entropy(logits, labels):
    """Average -log of the share that softmax gives to the right class.

    logits: (N, classes), scores of any size; labels: (N,) integers, 0 to classes - 1. Returns the
    mean loss, a number of the logits' dtype.
    Raises ValueError for labels of another length or type, or out of range.
    """
    logits, labels = _arguments(logits, labels)
    # log(softmax) at once, since the share of a hopeless class would round to 0.
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_shares = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_shares[np.arange(len(labels)), labels].mean()


def cross_entropy_backward(logits, labels):
    """Return the gradient of the mean loss for the logits, (N, classes): (share - 1 if right) / N.

    Arguments and errors are those of `cross_entropy`.
    """
    logits, labels = _arguments(logits, labels)
    grad = softmax(logits)
    grad[np.arange(len(labels)), labels] -= 1
    return grad / len(labels)


@quiet
def hinge_loss(scores, labels):
    """Average, over the examples, by how much wrong classes come nearer to the right one than 1.

    scores: (N, classes); labels: (N,) integers, 0 to classes - 1. One example's loss is the sum of
    max(0, score - score of the right class + 1) over all other classes. Returns the mean, a number
    of the scores' dtype. Raises ValueError as `cross_entropy` does.
    Weston and Watkins 1999, "Support vector machines for multi-class pattern recognition".
    """
    scores, labels = _arguments(scores, labels, "scores")
    return np.maximum(_margins(scores, labels), 0).sum() / len(labels)


@quiet
def hinge_loss_backward(scores, labels):
    """Return the gradient of the mean loss for the scores, (N, classes).

    Each wrong class that counts gets 1 / N, the right one minus their sum; at exactly 0, where no
    derivative exists, it is 0. Arguments and errors are those of `hinge_loss`.
    """
    scores, labels = _arguments(scores, labels, "scores")
    grad = (_margins(scores, labels) > 0).astype(scores.dtype)
    grad[np.arange(len(labels)), labels] = -grad.sum(axis=1)
    return grad / len(labels)


def _margins(scores, labels):
    """Return by how much each class comes too near to the right one, whose own entry is 0."""
    rows = np.arange(len(labels))
    margins = scores - scores[rows, labels][:, None] + 1
    margins[rows, labels] = 0
    return margins


def _arguments(logits, labels, name="logits"):
    logits, labels = as_batch(logits, name, dims=2), as_array(labels, "labels")
    if labels.shape != (len(logits),) or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels has shape {labels.shape} and dtype {labels.dtype}; "
            f"expected ({len(logits)},) integers"
        )
    if labels.min() < 0 or labels.max() >= logits.shape[1]:
        wrong = labels[(labels < 0) | (labels >= logits.shape[1])][0]
        raise ValueError(f"labels holds {wrong}; expected 0 to {logits.shape[1] - 1}")
    return logits, labels
