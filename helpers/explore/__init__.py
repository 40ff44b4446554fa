"""The explorer: interactive figures in a notebook, and the weights of its network."""

from .elements import activation, conv, dropout, geometry, load, network, norm, pooling
from .weights import load_weights, read_weights, write_weights

__all__ = [
    "activation",
    "conv",
    "dropout",
    "geometry",
    "load",
    "load_weights",
    "network",
    "norm",
    "pooling",
    "read_weights",
    "write_weights",
]
