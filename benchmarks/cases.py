"""What is measured: operations with their shapes, forward and backward where both are named."""

from types import MappingProxyType
from typing import NamedTuple

import numpy as np


class Case(NamedTuple):
    """One operation on arrays of one size, all float32.

    kind: the operation, which a backend knows by this name. shape: of x. weight: of the weight, or
    None. options: of the operation. multiply_adds: how many products it needs, or 0.
    """

    name: str
    kind: str
    shape: tuple
    weight: tuple | None = None
    options: dict = MappingProxyType({})

    @property
    def multiply_adds(self):
        """Count the products of convolutions and dense layers, three times for both directions."""
        if self.kind == "blur":
            return int(np.prod(self.shape) * np.prod(self.weight))
        if self.kind == "linear":
            return 3 * self.shape[0] * int(np.prod(self.weight))
        if self.kind == "conv2d":
            padding = self.options["padding"]
            sizes = zip(self.shape[2:], self.weight[2:], strict=True)
            places = [n + 2 * padding - k + 1 for n, k in sizes]
            return 3 * self.shape[0] * int(np.prod(places)) * int(np.prod(self.weight))
        return 0

    def arrays(self):
        """Return x and the weight, the same for every backend."""
        rng = np.random.default_rng(0)
        x = rng.normal(size=self.shape).astype(np.float32)
        if self.weight is None:
            return x, None
        return x, rng.normal(size=self.weight).astype(np.float32)


def _conv(n, c_in, side, c_out, kernel, padding):
    name = f"conv2d {n}×{c_in}×{side}×{side} → {c_out}, {kernel}×{kernel}"
    shapes = (n, c_in, side, side), (c_out, c_in, kernel, kernel)
    return Case(name, "conv2d", *shapes, {"padding": padding})


CONVOLUTIONS = [
    _conv(64, 6, 14, 16, 5, 0),
    _conv(32, 32, 32, 32, 3, 1),
    _conv(8, 64, 56, 64, 3, 1),
    _conv(100, 3, 31, 25, 3, 1),
]
OTHERS = [
    Case("max_pool2d 64×16×28×28, 2", "max_pool2d", (64, 16, 28, 28), options={"kernel_size": 2}),
    Case("avg_pool2d 64×16×28×28, 2", "avg_pool2d", (64, 16, 28, 28), options={"kernel_size": 2}),
    Case(
        "max_pool2d 16×64×56×56, 3/2",
        "max_pool2d",
        (16, 64, 56, 56),
        options={"kernel_size": 3, "stride": 2, "padding": 1},
    ),
    Case("batch_norm 64×32×32×32", "batch_norm", (64, 32, 32, 32)),
    Case("batch_norm 256×512", "batch_norm", (256, 512)),
    Case("linear 256×1024 → 1024", "linear", (256, 1024), (1024, 1024)),
    Case("blur of 4000×6000, 5×5", "blur", (4000, 6000), (5, 5)),
    Case("LeNet, one epoch of digits", "lenet", (1297, 1, 32, 32)),
]
CASES = CONVOLUTIONS + OTHERS
