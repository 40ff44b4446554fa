"""What several tests need."""

import numpy as np

# Relative and absolute: what a few sums may lose, and not what another dtype would; integers are
# compared exactly.
TOLERANCE = {np.dtype(np.float32): 1e-5, np.dtype(np.float64): 1e-12}


def assert_same(result, reference, slack=1):
    """The same shape, dtype and, within the dtype's rounding times `slack`, numbers."""
    reference = np.asarray(reference)
    assert result.dtype == reference.dtype
    assert result.shape == reference.shape
    limit = slack * TOLERANCE.get(result.dtype, 0)
    np.testing.assert_allclose(result, reference, rtol=limit, atol=limit)


def texts(ax):
    """The texts written in an Axes, in the order of their drawing."""
    return [text.get_text() for text in ax.texts]


def title(ax):
    """The title of an Axes, wherever it stands."""
    return "".join(ax.get_title(loc) for loc in ("left", "center", "right"))


def for_paddle(padding):
    """Padding in one of our forms as Paddle writes it."""
    if isinstance(padding, str):
        return padding.upper()
    if isinstance(padding, int):
        return padding
    return [*padding[0], *padding[1]] if isinstance(padding[0], tuple) else list(padding)
