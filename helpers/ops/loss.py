"""The loss of a classifier: how surprised its scores are by the labels."""

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


def _arguments(logits, labels):
    logits, labels = as_batch(logits, "logits", dims=2), as_array(labels, "labels")
    if labels.shape != (len(logits),) or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels has shape {labels.shape} and dtype {labels.dtype}; "
            f"expected ({len(logits)},) integers"
        )
    if labels.min() < 0 or labels.max() >= logits.shape[1]:
        wrong = labels[(labels < 0) | (labels >= logits.shape[1])][0]
        raise ValueError(f"labels holds {wrong}; expected 0 to {logits.shape[1] - 1}")
    return logits, labels
