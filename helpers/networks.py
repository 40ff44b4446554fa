"""Dense classifiers that differ only in their random numbers, trained side by side in NumPy.

Every array has an axis of networks in front, so that ten take little longer than one; everything is
float64, so that every processor finds the same networks.
"""

from typing import NamedTuple

import numpy as np

from . import ops
from .chains import chain_weights, pick_activation
from .ops._arguments import as_int, as_number
from .optimizers import METHODS

_AXES = {"batch": 1, "layer": 2}  # of (networks, examples, units): what shares a mean
_EPSILON, _KEPT = 1e-5, 0.9  # of batch normalisation, as in Paddle


class History(NamedTuple):
    """What `Networks.fit` saw, of each network; the layer nearest to the input comes first.

    loss: (networks, epochs), the mean over an epoch's batches, as they were trained on. epochs:
    (points,), the epochs after which accuracies were taken; accuracy: {name: (networks, points)},
    0 to 1, in eval mode. The others are (networks, steps, layers), and `steps` counts from the
    first epoch to the last: spread, the standard deviation of a layer's outputs over the batch,
    averaged over the units; gradient, the length of the loss's gradient for the layer's weights;
    length, that of the weights before the step; update, that of the step.
    """

    loss: np.ndarray
    epochs: np.ndarray
    accuracy: dict
    spread: np.ndarray
    gradient: np.ndarray
    length: np.ndarray
    update: np.ndarray


class Networks:
    """Networks of one shape; a seed of each draws its weights, orders its batches, drops its units.

    sizes: (inputs, units of each hidden layer, classes), such as (64, 50, 50, 10). seeds: one for
    each network, a list or how many. activation: of the hidden layers, as `chains.pick_activation`
    takes it with options. init: as `chains.chain_weights` takes it. norm: None, "batch" or "layer",
    between a hidden layer's product and its bias and activation. p: the probability with which a
    hidden unit is dropped in training ("upscale_in_train").
    weights, biases, gains: a list of arrays, one for each layer, (networks, in, out) and
    (networks, 1, out); gains are 1 without a norm, and in the last layer.
    Raises ValueError for what is not known, no network, and p outside 0 to below 1.
    """

    def __init__(self, sizes, seeds, activation="relu", init="he", norm=None, p=0.0, **options):
        seeds = list(range(as_int(seeds, "seeds", 1)) if np.ndim(seeds) == 0 else seeds)
        if norm not in (None, *_AXES):
            raise ValueError(f"norm is {norm!r}; expected one of {[None, *_AXES]}")
        if not seeds or as_number(p, "p", 0, 1) == 1:
            raise ValueError(f"seeds is {seeds}, p is {p}; expected at least one, and below 1")
        self.activation, self.slope = pick_activation(activation, **options)
        self.norm, self.p = norm, p
        drawn = [chain_weights(sizes, init, np.random.default_rng(seed)) for seed in seeds]
        self.weights = [np.stack(layer) for layer in zip(*drawn, strict=True)]
        units = [(len(seeds), 1, weight.shape[2]) for weight in self.weights]
        self.biases, self.gains = [np.zeros(u) for u in units], [np.ones(u) for u in units]
        self._saved = [(np.zeros(u), np.ones(u)) for u in units]
        self._orders = [np.random.default_rng(seed) for seed in seeds]
        self._masks = [np.random.default_rng(seed).spawn(1)[0] for seed in seeds]

    def sums(self, x):
        """Return what each layer's activation is applied to, in eval mode; the last are the scores.

        x: (N, inputs), or (networks, N, inputs), a batch for each. A list of (networks, N, units).
        """
        return [layer["sums"] for layer in self._forward(x, training=False)]

    def outputs(self, x):
        """Return what each hidden layer hands on in eval mode: a list of (networks, N, units)."""
        return [self.activation(sums) for sums in self.sums(x)[:-1]]

    def shares(self, x, masks=None):
        """Return the classes' shares, (networks, N, classes), in eval mode.

        masks: a numpy Generator with which to drop units as in training.
        """
        layers = self._forward(x, training=False, rngs=masks and [masks] * len(self.weights[0]))
        return ops.softmax(layers[-1]["sums"])

    def accuracy(self, data):
        """Return the share of right answers of each network, for data as `fit` takes it."""
        x, labels = data
        return (self.sums(x)[-1].argmax(axis=2) == labels).mean(axis=1)

    def gradients(self, x, labels):
        """Return the gradients of each network's mean loss in training, and that loss, (networks,).

        labels: (N,) or (networks, N) integers. The gradients are {"weights": [a layer, …],
        "biases": …, "gains": …}, shaped like them.
        """
        grads, _, loss = self._backward(x, labels)
        return grads, loss

    def fit(
        self,
        data,
        rate,
        epochs,
        method="sgd",
        decay=0.0,
        batch_size=64,
        watch=None,
        every=1,
        weight_rates=None,
        hold=False,
        order=None,
    ):
        """Train on mini-batches and return the `History`.

        data: (x, labels), for all networks, (N, inputs) and (N,), or with an axis of networks in
        front. rate: the learning rate. method: "sgd", plain gradient steps, "momentum", "rmsprop"
        or "adam", with the defaults of `optimizers`. decay: each step first takes rate · decay off
        weights and biases, as Paddle's AdamW does. watch: {name: data} of which to take the
        accuracy every `every` epochs. weight_rates: a rate for each layer's weights in place of
        `rate`; hold: bring the hidden layers' weights back to their first length after each step.
        order: a function of (labels, rng) that returns an epoch's rows; at random by default.
        Raises ValueError for another method, negative rates and decays, and counts below 1.
        Kingma and Ba 2015, "Adam"; Loshchilov and Hutter 2019, "Decoupled weight decay".
        """
        if method not in METHODS:
            raise ValueError(f"method is {method!r}; expected one of {list(METHODS)}")
        counts = {"epochs": epochs, "batch_size": batch_size, "every": every}
        for name, value in counts.items():
            as_int(value, name, 1)
        x, labels = np.asarray(data[0], float), np.asarray(data[1])
        if labels.shape != x.shape[:-1] or labels.shape[-1] == 0:
            raise ValueError(
                f"data has shapes {x.shape} and {labels.shape}; expected a label a row"
            )
        own = labels.ndim == 2
        if own and len(labels) != len(self._orders):
            raise ValueError(f"data is for {len(labels)} networks; expected {len(self._orders)}")
        optimizers = {
            "weights": METHODS[method](rate if weight_rates is None else weight_rates, decay),
            "biases": METHODS[method](rate, decay),
            "gains": METHODS[method](rate),
        }
        first_lengths = _lengths(self.weights)
        order = order or (lambda labels, rng: rng.permutation(len(labels)))
        losses, measured, accuracy = [], [], {name: [] for name in watch or {}}
        for epoch in range(1, epochs + 1):
            each = labels if own else [labels] * len(self._orders)
            drawn = [order(*pair) for pair in zip(each, self._orders, strict=True)]
            drawn, loss = np.stack(drawn), 0.0
            for start in range(0, drawn.shape[1], batch_size):
                rows = drawn[:, start : start + batch_size]
                batch = (np.arange(len(rows))[:, None], rows) if own else rows
                grads, layers, batch_loss = self._backward(x[batch], labels[batch])
                loss = loss + batch_loss * rows.shape[1] / drawn.shape[1]
                before = [weight.copy() for weight in self.weights]
                for name, optimizer in optimizers.items():
                    optimizer.step(getattr(self, name), grads[name])
                if hold:
                    self._hold(first_lengths)
                spread = [layer["units"].std(axis=1).mean(axis=1) for layer in layers]
                moved = [new - old for new, old in zip(self.weights, before, strict=True)]
                columns = map(_lengths, (grads["weights"], before, moved))
                measured.append((np.stack(spread, axis=1), *columns))
            losses.append(loss)
            if epoch % every == 0:
                for name, found in accuracy.items():
                    found.append(self.accuracy(watch[name]))
        points = np.arange(every, epochs + 1, every)
        accuracy = {name: np.stack(found, axis=1) for name, found in accuracy.items() if found}
        spread, gradient, length, update = (
            np.stack(column, axis=1) for column in zip(*measured, strict=True)
        )
        return History(np.stack(losses, axis=1), points, accuracy, spread, gradient, length, update)

    def _forward(self, x, training, rngs=None):
        x = np.broadcast_to(x, (len(self.weights[0]), *np.shape(x)[-2:]))
        layers, last = [], len(self.weights) - 1
        for index, weight in enumerate(self.weights):
            layer = {"inputs": x, "mask": None}
            sums = x @ weight
            if self.norm and index < last:
                mean, var = self._statistics(index, sums, training)
                layer["root"] = np.sqrt(var + _EPSILON)
                layer["normal"] = (sums - mean) / layer["root"]
                sums = layer["normal"] * self.gains[index]
            sums += self.biases[index]
            layer["sums"] = sums
            x = layer["units"] = layer["sums"] if index == last else self.activation(layer["sums"])
            if self.p and rngs and index < last:
                masks = [ops.dropout_mask(x.shape[1:], self.p, rng) for rng in rngs]
                layer["mask"] = np.stack(masks) / (1 - self.p)
                x = x * layer["mask"]
            layers.append(layer)
        return layers

    def _statistics(self, index, sums, training):
        if self.norm == "batch" and not training:
            return self._saved[index]
        axis = _AXES[self.norm]
        found = sums.mean(axis=axis, keepdims=True), sums.var(axis=axis, keepdims=True)
        if self.norm == "batch":
            pairs = zip(self._saved[index], found, strict=True)
            self._saved[index] = tuple(_KEPT * old + (1 - _KEPT) * new for old, new in pairs)
        return found

    def _backward(self, x, labels):
        layers = self._forward(x, training=True, rngs=self._masks)
        scores = layers[-1]["sums"]
        networks, examples, classes = scores.shape
        labels = np.broadcast_to(labels, (networks, examples))
        flat = scores.reshape(-1, classes), labels.ravel()
        # The function's mean is over all networks' examples.
        grad = ops.cross_entropy_backward(*flat).reshape(scores.shape) * networks
        loss = np.array([ops.cross_entropy(*pair) for pair in zip(scores, labels, strict=True)])
        grads = {"weights": [], "biases": [], "gains": []}
        for index in reversed(range(len(layers))):
            layer = layers[index]
            if index < len(layers) - 1:
                grad = grad if layer["mask"] is None else grad * layer["mask"]
                grad = self.slope(grad, layer["sums"])
            grads["biases"].append(grad.sum(axis=1, keepdims=True))
            grad, gain = self._through_norm(grad, layer, self.gains[index])
            grads["gains"].append(gain)
            grads["weights"].append(layer["inputs"].transpose(0, 2, 1) @ grad)
            if index:
                grad = grad @ self.weights[index].transpose(0, 2, 1)
        return {name: found[::-1] for name, found in grads.items()}, layers, loss

    def _through_norm(self, grad, layer, gain):
        if "normal" not in layer:
            return grad, np.zeros_like(gain)
        axis, normal = _AXES[self.norm], layer["normal"]
        grad_gain = (grad * normal).sum(axis=1, keepdims=True)
        grad = grad * gain
        along = normal * (grad * normal).mean(axis=axis, keepdims=True)
        return (grad - grad.mean(axis=axis, keepdims=True) - along) / layer["root"], grad_gain

    def _hold(self, first_lengths):
        factors = (first_lengths / _lengths(self.weights)).T
        for index, factor in enumerate(factors[:-1]):
            self.weights[index] = self.weights[index] * factor[:, None, None]


def _lengths(arrays):
    squares = [np.einsum("nij,nij->n", array, array) for array in arrays]
    return np.sqrt(np.stack(squares, axis=1))
