"""What every check is made of: is it written, is it a number, has it the shape, where is it wrong.

A check says in one line what is wrong with an answer and never what would be right. Its cases are
random and new each time, so that an answer that only knows the examples fails.
"""

import numpy as np

_WORDS = {4: "four", 5: "five", 10: "ten"}


class CheckFailed(AssertionError):
    """An answer that is not right yet; a notebook shows its one line and no stack of calls."""

    def _render_traceback_(self):
        return [f"✗ {self}"]


def passed(words="right"):
    """Say that an answer passed."""
    print(f"✓ {words}")


def tell(check, *answers):
    """Print what a check says of answers, a line with ✓ or with ✗, and go on either way."""
    try:
        check(*answers)
    except CheckFailed as failed:
        print(f"✗ {failed}")


def require(condition, hint):
    """Raise CheckFailed with the hint where the condition does not hold."""
    if not condition:
        raise CheckFailed(hint)


def cases(count=20):
    """Yield so many new random generators, one for each case."""
    yield from np.random.default_rng().spawn(count)


def written(answer, name):
    """Raise CheckFailed where the answer is still the three dots, or nothing."""
    require(answer is not None and answer is not ..., f"{name} is not written yet")


def number(answer, name, low=-np.inf, high=np.inf):
    """Return the answer as a float; raise CheckFailed where it is none from low to high."""
    value = numbers(answer, name)
    require(value.ndim == 0, f"{name} has shape {value.shape}; a single number is expected")
    value = float(value)
    require(not np.isnan(value), f"{name} is NaN, which is no number")
    upwards = f"it must be at least {low:g}"
    between = f"possible are numbers from {low:g} to {high:g}"
    limits = f"{name} is {value:g}; {upwards if high == np.inf else between}"
    require(low <= value <= high, limits)
    return value


def whole(answer, name, low=-np.inf, high=np.inf):
    """Return the answer as an int; raise CheckFailed where it is no whole number."""
    value = number(answer, name, low, high)
    require(value == round(value), f"{name} is {value:g}; a whole number is expected")
    return int(value)


def numbers(answer, name):
    """Return the answer as a NumPy array: a number, a list or an array of them, or a tensor."""
    written(answer, name)
    try:
        array = np.asarray(answer)
    except ValueError:
        array = np.asarray("ragged")
    rows = ", in rows of one length" if isinstance(answer, tuple | list) else ""
    what = f"{name} is a {type(answer).__name__}; numbers are expected{rows}"
    require(array.dtype.kind in "biuf", what)
    return array


def several(answers, count, name):
    """Return the answers as an array; raise CheckFailed where they are not so many numbers."""
    found = numbers(answers, name)
    words = f"{_WORDS[count]} numbers are expected"
    require(found.shape == (count,), f"{name} has shape {found.shape}; {words}")
    return found


def each(answers, right, name, hints):
    """Raise CheckFailed unless the answers are these numbers; hints: of each, as in `equal`."""
    found = several(answers, len(right), name)
    for place, number in enumerate(right):
        equal(found[place], number, f"{name} at [{place}]", hints=hints[place])


def choices(answers, options, right, name, hints):
    """Raise CheckFailed unless each answer is the right one of the words in options.

    hints: what is said of each where it is another one.
    """
    for place, answer in enumerate(answers):
        label = f"{name} at [{place}]"
        answer = choice(answer, options, label)
        require(answer == right[place], f"{label} is {answer!r}: {hints[place]}")


def equal(answer, right, name, case="", hints=(), tolerance=1e-6):
    """Raise CheckFailed unless the answer holds the right numbers.

    answer: a number, a list, an array or a tensor; right: what it should be. case: for which
    example, words that follow "for". hints: pairs (wrong, words): an answer that equals the wrong
    numbers fails with these words. tolerance: of the largest right number. The message tells the
    shape or the first wrong place, and never the right number.
    """
    found, right = numbers(answer, name), np.asarray(right)
    suffix = f" for {case}" if case else ""
    correct = _same(found, right, tolerance).all()  # then no hint holds, however near it lies
    for wrong, words in hints:
        wrong = np.asarray(wrong)
        differs = not correct and not _same(wrong, right, tolerance).all()
        if differs and _same(found, wrong, tolerance).all():
            raise CheckFailed(f"{name}{suffix}: {words}")
    shapes = f"{name} has shape {found.shape}, expected {right.shape}{suffix}"
    require(found.shape == right.shape, shapes)
    fits = _same(found, right, tolerance)
    if not fits.all():
        place = tuple(int(i) for i in np.argwhere(~fits)[0])
        where = f" at {list(place)}" if place else ""
        raise CheckFailed(f"{name}{where} is {found[place]:g}{suffix}, and that is not right")


def call(function, *arguments, name, case="", **options):
    """Return what the student's function makes of copies of the arguments.

    Raises CheckFailed where it is no function, raises an error, returns nothing, or writes into an
    argument.
    """
    written(function, name)
    require(callable(function), f"{name} is a {type(function).__name__}; a function is expected")
    given = [_copy(argument) for argument in arguments]
    suffix = f" for {case}" if case else ""
    try:
        result = function(*given, **options)
    except CheckFailed:
        raise
    except Exception as error:
        raise CheckFailed(f"{name} raised {type(error).__name__}{suffix}: {error}") from None
    written(result, f"what {name} returns")
    for before, after in zip(arguments, given, strict=True):
        if isinstance(before, np.ndarray):
            kept = before.shape == after.shape and np.array_equal(before, after, equal_nan=True)
            require(kept, f"{name} changes its argument{suffix}: work on a copy")
    return result


def choice(answer, options, name):
    """Return the answer, one of the words in options; raise CheckFailed where it is another."""
    written(answer, name)
    allowed = ", ".join(repr(option) for option in options)
    require(
        isinstance(answer, str) and answer in options, f"{name} is {answer!r}; one of {allowed}"
    )
    return answer


def costs(layers, input_shape, name):
    """Return what `geometry.summary` counts of the student's layers, a row each.

    Raises CheckFailed where they are none, or do not fit the shape.
    """
    from .. import geometry

    written(layers, name)
    try:
        return geometry.summary(layers, input_shape)
    except (ValueError, TypeError) as error:
        raise CheckFailed(f"{name}: {error}") from None


def canary(check, count=1):
    """Raise CheckFailed unless the check refuses nonsense: else somebody has patched it.

    count: how many answers the check takes.
    """
    for nonsense in (..., object(), lambda *arguments: object()):
        try:
            check(*[nonsense] * count)
        except CheckFailed:
            continue
        raise CheckFailed(f"{check!r} let nonsense pass, so it was changed: no points")


def _copy(argument):
    return argument.copy() if isinstance(argument, np.ndarray) else argument


def _same(found, right, tolerance):
    """Where two arrays are equal up to rounding; nowhere, as one False, if their shapes differ."""
    if found.shape != right.shape:
        return np.array(False)
    found, right = found.astype(float), right.astype(float)
    largest = np.abs(right[np.isfinite(right)]).max(initial=0)
    with np.errstate(invalid="ignore"):
        near = np.abs(found - right) <= tolerance * max(largest, 1e-12)
    return near | (found == right) | (np.isnan(found) & np.isnan(right))
