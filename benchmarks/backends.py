"""How each library does what is measured.

A backend maps a kind of operation to a function of (case, x, weight) that prepares everything and
returns a call without arguments: the part that is timed. The call returns its results as a list of
NumPy arrays or of the library's own: the output first, then the gradients.
"""

import numpy as np

from helpers import nn, ops
from helpers.data import load_digits

EPSILON = 1e-5
RATE, BATCH = 0.1, 64


def _gradient_like(y):
    return np.random.default_rng(1).normal(size=y.shape).astype(np.float32)


def digits():
    """Return the digits that one epoch of LeNet sees, and their labels."""
    return load_digits(size=32).train


class Ours:
    """helpers.ops and helpers.nn."""

    name = "helpers"

    @staticmethod
    def conv2d(case, x, weight):
        bias = np.zeros(len(weight), np.float32)
        grad_y = _gradient_like(ops.conv2d(x, weight, bias, **case.options))

        def call():
            y = ops.conv2d(x, weight, bias, **case.options)
            return [y, *ops.conv2d_backward(grad_y, x, weight, bias, **case.options)]

        return call

    @staticmethod
    def blur(case, x, weight):
        return lambda: [ops.conv2d(x[None, None], weight[None, None], padding="same")[0, 0]]

    @staticmethod
    def max_pool2d(case, x, weight):
        grad_y = _gradient_like(ops.max_pool2d(x, **case.options))

        def call():
            y = ops.max_pool2d(x, **case.options)
            return [y, ops.max_pool2d_backward(grad_y, x, **case.options, y=y)]

        return call

    @staticmethod
    def avg_pool2d(case, x, weight):
        grad_y = _gradient_like(ops.avg_pool2d(x, **case.options))

        def call():
            y = ops.avg_pool2d(x, **case.options)
            return [y, ops.avg_pool2d_backward(grad_y, x, **case.options)]

        return call

    @staticmethod
    def batch_norm(case, x, weight):
        scale, zero, one = (np.full(x.shape[1], k, np.float32) for k in (1, 0, 1))
        grad_y = _gradient_like(x)

        def call():
            y = ops.batch_norm(x, zero.copy(), one.copy(), scale, zero, training=True)
            return [y, *ops.batch_norm_backward(grad_y, x, scale)]

        return call

    @staticmethod
    def linear(case, x, weight):
        bias = np.zeros(weight.shape[1], np.float32)
        grad_y = _gradient_like(x @ weight)

        def call():
            return [ops.linear(x, weight, bias), *ops.linear_backward(grad_y, x, weight, bias)]

        return call

    @staticmethod
    def lenet(case, x, weight):
        rng = np.random.default_rng(0)
        model = nn.Sequential(
            *(nn.Conv2D(1, 6, 5, rng=rng), nn.ReLU(), nn.MaxPool2D(2)),
            *(nn.Conv2D(6, 16, 5, rng=rng), nn.ReLU(), nn.MaxPool2D(2), nn.Flatten()),
            *(nn.Linear(400, 120, rng=rng), nn.ReLU(), nn.Linear(120, 84, rng=rng), nn.ReLU()),
            nn.Linear(84, 10, rng=rng),
        )
        optimizer = nn.SGD(RATE, model.parameters())
        images, labels = digits()

        def call():
            for start in range(0, len(images), BATCH):
                logits = model(images[start : start + BATCH])
                target = labels[start : start + BATCH]
                model.backward(ops.cross_entropy_backward(logits, target))
                optimizer.step()
                optimizer.clear_grad()
            return [logits]

        return call


class SciPy:
    """scipy.ndimage, which has the blur of one image."""

    name = "SciPy"

    @staticmethod
    def blur(case, x, weight):
        from scipy.ndimage import correlate

        return lambda: [correlate(x, weight, mode="constant")]


class Paddle:
    """paddle.nn.functional and its automatic gradients."""

    name = "Paddle"

    def __init__(self):
        import paddle
        import paddle.nn.functional as F

        self.paddle, self.F = paddle, F

    def _both(self, function, *arrays):
        tensors = [self.paddle.to_tensor(array, stop_gradient=False) for array in arrays]
        grad_y = self.paddle.to_tensor(_gradient_like(function(*tensors).numpy()))

        def call():
            y = function(*tensors)
            return [y, *self.paddle.grad(y, tensors, grad_y)]

        return call

    def conv2d(self, case, x, weight):
        bias = np.zeros(len(weight), np.float32)
        return self._both(lambda *a: self.F.conv2d(*a, **case.options), x, weight, bias)

    def blur(self, case, x, weight):
        image, kernel = (self.paddle.to_tensor(a[None, None]) for a in (x, weight))
        return lambda: [self.F.conv2d(image, kernel, padding=2)[0, 0]]

    def max_pool2d(self, case, x, weight):
        return self._both(lambda x: self.F.max_pool2d(x, **case.options), x)

    def avg_pool2d(self, case, x, weight):
        return self._both(lambda x: self.F.avg_pool2d(x, **case.options), x)

    def batch_norm(self, case, x, weight):
        scale, zero = np.ones(x.shape[1], np.float32), np.zeros(x.shape[1], np.float32)
        running = [self.paddle.to_tensor(a) for a in (zero, scale)]

        def function(x, weight, bias):
            return self.F.batch_norm(x, *running, weight, bias, training=True, epsilon=EPSILON)

        return self._both(function, x, scale, zero)

    def linear(self, case, x, weight):
        return self._both(self.F.linear, x, weight, np.zeros(weight.shape[1], np.float32))

    def lenet(self, case, x, weight):
        layers, paddle = self.paddle.nn, self.paddle
        model = layers.Sequential(
            *(layers.Conv2D(1, 6, 5), layers.ReLU(), layers.MaxPool2D(2)),
            *(layers.Conv2D(6, 16, 5), layers.ReLU(), layers.MaxPool2D(2), layers.Flatten()),
            *(layers.Linear(400, 120), layers.ReLU(), layers.Linear(120, 84), layers.ReLU()),
            layers.Linear(84, 10),
        )
        optimizer = paddle.optimizer.SGD(RATE, parameters=model.parameters())
        images, labels = digits()

        def call():
            for start in range(0, len(images), BATCH):
                logits = model(paddle.to_tensor(images[start : start + BATCH]))
                target = paddle.to_tensor(labels[start : start + BATCH])
                self.F.cross_entropy(logits, target).backward()
                optimizer.step()
                optimizer.clear_grad()
            return [logits]

        return call


class PyTorch:
    """torch.nn.functional and its automatic gradients."""

    name = "PyTorch"

    def __init__(self, threads=1):
        import torch

        torch.set_num_threads(threads)
        self.torch, self.F = torch, torch.nn.functional

    def _both(self, function, *arrays):
        tensors = [self.torch.tensor(array, requires_grad=True) for array in arrays]
        grad_y = self.torch.tensor(_gradient_like(function(*tensors).detach().numpy()))

        def call():
            y = function(*tensors)
            return [y.detach(), *self.torch.autograd.grad(y, tensors, grad_y)]

        return call

    def conv2d(self, case, x, weight):
        bias = np.zeros(len(weight), np.float32)
        return self._both(lambda *a: self.F.conv2d(*a, **case.options), x, weight, bias)

    def blur(self, case, x, weight):
        image, kernel = (self.torch.tensor(a[None, None]) for a in (x, weight))
        return lambda: [self.F.conv2d(image, kernel, padding=2)[0, 0]]

    def max_pool2d(self, case, x, weight):
        return self._both(lambda x: self.F.max_pool2d(x, **case.options), x)

    def avg_pool2d(self, case, x, weight):
        return self._both(lambda x: self.F.avg_pool2d(x, **case.options), x)

    def batch_norm(self, case, x, weight):
        scale, zero = np.ones(x.shape[1], np.float32), np.zeros(x.shape[1], np.float32)
        running = [self.torch.tensor(a) for a in (zero, scale)]

        def function(x, weight, bias):
            return self.F.batch_norm(x, *running, weight, bias, training=True, eps=EPSILON)

        return self._both(function, x, scale, zero)

    def linear(self, case, x, weight):
        bias = np.zeros(weight.shape[1], np.float32)
        return self._both(lambda x, w, b: x @ w + b, x, weight, bias)

    def lenet(self, case, x, weight):
        layers, torch = self.torch.nn, self.torch
        model = layers.Sequential(
            *(layers.Conv2d(1, 6, 5), layers.ReLU(), layers.MaxPool2d(2)),
            *(layers.Conv2d(6, 16, 5), layers.ReLU(), layers.MaxPool2d(2), layers.Flatten()),
            *(layers.Linear(400, 120), layers.ReLU(), layers.Linear(120, 84), layers.ReLU()),
            layers.Linear(84, 10),
        )
        optimizer = torch.optim.SGD(model.parameters(), RATE)
        images, labels = (torch.tensor(array) for array in digits())

        def call():
            for start in range(0, len(images), BATCH):
                logits = model(images[start : start + BATCH])
                self.F.cross_entropy(logits, labels[start : start + BATCH]).backward()
                optimizer.step()
                optimizer.zero_grad()
            return [logits.detach()]

        return call


BACKENDS = {"helpers": Ours, "Paddle": Paddle, "SciPy": SciPy, "PyTorch": PyTorch}
