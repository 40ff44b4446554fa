"""Sizes, receptive fields and costs of a stack of layers, from the layers' numbers alone.

A stack is a list of `Layer`s, made by `conv`, `pool`, `global_pool`, `linear`, `flatten`,
`batch_norm`, `activation`, `residual` and `concat`; or a model of `helpers.nn`, which describes
itself so; or one of Paddle's.
"""

from ..stacks import (
    Layer,
    activation,
    batch_norm,
    concat,
    conv,
    flatten,
    global_pool,
    linear,
    pool,
    residual,
)
from .costs import Cost, summary, table
from .fields import Field, receptive_field
from .memory import Kept, Live, kept, live, way_back
from .sizes import conv_output_size

__all__ = [
    "Cost",
    "Field",
    "Kept",
    "Layer",
    "Live",
    "activation",
    "batch_norm",
    "concat",
    "conv",
    "conv_output_size",
    "flatten",
    "global_pool",
    "kept",
    "linear",
    "live",
    "pool",
    "receptive_field",
    "residual",
    "summary",
    "table",
    "way_back",
]
