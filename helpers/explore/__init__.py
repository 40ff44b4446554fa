"""The explorer: interactive figures in a notebook, and the weights of its network."""

from .elements import activation, conv, dropout, geometry, load, network, norm, pooling

__all__ = ["activation", "conv", "dropout", "geometry", "load", "network", "norm", "pooling"]
