"""One function that proves and shows: the same numbers, had in several ways."""

import numpy as np

_NAMES = {"numpy": "NumPy", "scipy": "SciPy", "paddle": "Paddle"}
_SHOWN = 30  # more numbers than this are shown as their shape

# Relative to the largest number: what two orders of adding up the same terms may differ by.
_TOLERANCES = {np.dtype(np.float32): 2e-5, np.dtype(np.float64): 1e-9}


def agree(tolerance=None, **values):
    """Assert that the same numbers came out in several ways, and print them once.

    values: two or more, by the name of the way, such as by_hand=…, numpy=…, paddle=…: numbers,
    nested lists, arrays or Paddle tensors. Their shapes must be equal; integers agree exactly, and
    floats within a part of the largest that fits the coarsest dtype: 2e-5 in float32, 1e-9 in
    float64. tolerance: the largest difference instead, where a value was rounded by hand. NaN
    agrees with NaN. Prints "by hand = NumPy = Paddle:" and the numbers, rounded to four decimals,
    or the shape where they are more than 30.
    Raises AssertionError with the first two that differ and the place, and ValueError for fewer
    than two values, values that are no numbers, and a tolerance that is not above 0.
    """
    if len(values) < 2:
        raise ValueError(f"values holds {len(values)}; expected at least two to compare")
    if tolerance is not None and not 0 < tolerance < np.inf:
        raise ValueError(f"tolerance is {tolerance!r}; expected a number above 0")
    arrays = {_label(name): _numbers(name, value) for name, value in values.items()}
    (first, expected), *others = arrays.items()
    allowed = tolerance if tolerance is not None else _allowed(arrays.values())
    for name, array in others:
        _compare(first, expected, name, array, allowed)
    print(f"{' = '.join(arrays)}:{_shown(expected, arrays.values())}")


def _label(name):
    return _NAMES.get(name, name.replace("_", " "))


def _numbers(name, value):
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} is {value!r}; expected numbers, all rows of one length")
    return array


def _allowed(arrays):
    """The largest difference that rounding explains: 0 for integers."""
    floats = [array for array in arrays if array.dtype.kind == "f" and array.size]
    parts = [_TOLERANCES.get(array.dtype, 1e-9) for array in floats]
    sizes = [np.abs(array[np.isfinite(array)]).max(initial=0) for array in floats]
    return max(parts, default=0) * max(sizes, default=0)


def _compare(first, expected, name, array, allowed):
    if array.shape != expected.shape:
        raise AssertionError(f"{first} has shape {expected.shape}, {name} has {array.shape}")
    # The largest int64 have no float64 of their own.
    exact = expected.dtype.kind != "f" and array.dtype.kind != "f"
    kind = object if exact else float
    pair = expected.astype(kind), array.astype(kind)
    same = pair[0] == pair[1]
    if not exact:
        with np.errstate(invalid="ignore"):
            same |= np.abs(pair[0] - pair[1]) <= allowed
        same |= np.isnan(pair[0]) & np.isnan(pair[1])
    if not np.all(same):
        place = tuple(int(i) for i in np.argwhere(~same)[0])
        where = f" at {list(place)}" if place else ""
        raise AssertionError(
            f"{first} and {name} differ{where}: {pair[0][place]:.10g} against "
            f"{pair[1][place]:.10g} (allowed: {allowed:.1g})"
        )


def _shown(array, arrays):
    if array.size > _SHOWN:
        return f" shape {list(array.shape)}"
    if array.dtype.kind == "f":
        # In two steps: what lies beyond the coarsest dtype's digits must not decide a rounding.
        coarse = any(other.dtype == np.float32 for other in arrays)
        array = array.astype(float)
        largest = np.abs(array[np.isfinite(array)]).max(initial=0)
        digits = 0 if largest == 0 else int(np.floor(np.log10(largest)))
        array = np.round(np.round(array, (5 if coarse else 9) - digits), 4) + 0.0
    text = np.array2string(array, separator=", ", max_line_width=96)
    return f"\n{text}" if "\n" in text else f" {text}"
