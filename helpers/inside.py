"""Looking inside a network of `helpers.nn`: its gradient as a whole, its layers, what they see."""

import numpy as np

from . import ops


def as_vector(model):
    """Return all parameters of a model in one vector, in the order of `model.parameters()`."""
    return np.concatenate([parameter.value.ravel() for parameter in model.parameters()])


def put_vector(model, vector):
    """Write a vector, as `as_vector` returns it, into the parameters of a model.

    Raises ValueError for another number of numbers.
    """
    sizes = [parameter.value.size for parameter in model.parameters()]
    if np.shape(vector) != (sum(sizes),):
        raise ValueError(f"vector has shape {np.shape(vector)}; expected ({sum(sizes)},)")
    parts = np.split(np.array(vector), np.cumsum(sizes)[:-1])
    for parameter, part in zip(model.parameters(), parts, strict=True):
        parameter.value, parameter.grad = part.reshape(parameter.value.shape), None


def gradient_error(model, vector, data):
    """Return the largest relative error of a classifier's gradient, as `ops.check_gradient` does.

    vector: the parameters at which to check, float64, as `as_vector` returns them; the model has
    its own again afterwards. data: (x, labels), a few examples; the loss is softmax cross-entropy.
    """
    x, labels = data
    own = as_vector(model)

    def loss(vector):
        put_vector(model, vector)
        return ops.cross_entropy(model.forward(x), labels)

    def gradient(vector):
        put_vector(model, vector)
        model.backward(ops.cross_entropy_backward(model.forward(x), labels))
        return np.concatenate([parameter.grad.ravel() for parameter in model.parameters()])

    error = ops.check_gradient(loss, gradient, vector)
    put_vector(model, own)
    return error


def stages(model, x, names):
    """Return what some layers of a Sequential hand on.

    x: a batch. names: {name: index of the layer}. Returns {name: (N, …)}; maps (N, C, H, W) stay
    maps.
    """
    found = {}
    for index in range(len(model)):
        x = model[index].forward(x)
        found |= {name: x for name, wanted in names.items() if wanted == index}
    return found


def saliency(model, x, classes):
    """Return the gradient of one score of each example with respect to its numbers, like x.

    model: gives scores (N, classes); x: a batch; classes: (N,) integers, the score of each.
    """
    scores = model.forward(x)
    chosen = np.zeros_like(scores)
    chosen[np.arange(len(x)), classes] = 1
    grad = model.backward(chosen)
    for parameter in model.parameters():
        parameter.grad = None
    return grad


def cosines(a, b):
    """Return the cosine between each array of a and the one of b: (N,), for shapes (N, …)."""
    a, b = (np.asarray(array, float).reshape(len(array), -1) for array in (a, b))
    return (a * b).sum(axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))


def most_exciting(values, count):
    """Return for each unit the examples with its largest outputs, the largest first.

    values: (N, units), or (N, C, H, W), of which each channel counts by its largest value. Ties,
    after rounding to six decimals, go to the earlier example. Returns (units, count) integers.
    """
    values = values.max(axis=(2, 3)) if values.ndim == 4 else values
    return np.argsort(-np.round(values, 6), axis=0, kind="stable")[:count].T


def purity(values, labels, count=20):
    """Return how far units prefer one class: its share in their most exciting examples, averaged.

    values: as `most_exciting` takes them; units that never change do not count. labels: (N,).
    """
    flat = values.max(axis=(2, 3)) if values.ndim == 4 else values
    flat = flat[:, np.ptp(flat, axis=0) > 1e-6]
    best = labels[most_exciting(flat, count)]
    return float(np.mean([np.bincount(row).max() / count for row in best]))


def relative_change(values, changed, rng):
    """Return how far outputs moved, measured in distances between different examples.

    values, changed: (N, …), before and after. The mean length of the change is divided by the mean
    distance of the examples from others, drawn by the numpy Generator rng.
    """
    values, changed = (array.reshape(len(array), -1) for array in (values, changed))
    apart = values[rng.permutation(len(values))] - values
    return float(
        np.linalg.norm(changed - values, axis=1).mean() / np.linalg.norm(apart, axis=1).mean()
    )


def linear_reading(train, test):
    """Return the accuracy on test of a linear classifier (ridge) fitted to train.

    train, test: (values (N, …), labels (N,)). Values are divided by their common deviation first.
    """
    from sklearn.linear_model import RidgeClassifier  # a second to import

    scale = train[0].std()
    x, test_x = (values.reshape(len(values), -1) / scale for values in (train[0], test[0]))
    return RidgeClassifier(alpha=1).fit(x, train[1]).score(test_x, test[1])


def best_by_validation(methods, train, validation, test):
    """Return the test accuracy of the scikit-learn method that is best on validation data.

    methods: a list; each is fitted to train, and the best (the earlier one of equals) to train and
    validation together. train, validation, test: pairs (x (N, …), labels).
    """
    (x, labels), (held_x, held_labels), (test_x, test_labels) = (
        (images.reshape(len(images), -1), answers) for images, answers in (train, validation, test)
    )
    scores = [method.fit(x, labels).score(held_x, held_labels) for method in methods]
    best = methods[int(np.argmax(np.round(scores, 6)))]
    best.fit(np.concatenate([x, held_x]), np.concatenate([labels, held_labels]))
    return best.score(test_x, test_labels)
