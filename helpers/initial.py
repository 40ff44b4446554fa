"""How large the first weights of a layer are."""

import numpy as np

from .ops._arguments import as_generator, as_number

# The standard deviation of a layer's weights, from its numbers of inputs and outputs. Xavier:
# Glorot and Bengio 2010; He: He and others 2015.
INITS = {
    "small": lambda inputs, outputs: 0.01,
    "xavier": lambda inputs, outputs: np.sqrt(2 / (inputs + outputs)),
    "he": lambda inputs, outputs: np.sqrt(2 / inputs),
}


def draw_weight(shape, init, rng):
    """Draw the weight of one layer, normally distributed around 0.

    shape: (in, out) of a dense layer, or (out, in, kh, kw) of a convolution, whose inputs and
    outputs count once for each place in the window. init: "small" (standard deviation 0.01),
    "xavier", "he", or the standard deviation itself. rng: a numpy Generator. Returns float64.
    Raises ValueError for another init.
    """
    check_init(init)
    window = int(np.prod(shape[2:]))
    inputs, outputs = shape if len(shape) == 2 else (shape[1], shape[0])
    known = isinstance(init, str)
    deviation = INITS[init](inputs * window, outputs * window) if known else init
    return as_generator(rng).normal(size=shape) * deviation


def check_init(init):
    """Raise ValueError unless `init` is one of INITS or a number from 0 on."""
    if isinstance(init, str):
        if init not in INITS:
            raise ValueError(f"init is {init!r}; expected one of {sorted(INITS)} or a number")
    else:
        as_number(init, "init", 0)
