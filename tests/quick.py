"""The explorer's module in QuickJS, a small JavaScript engine: no browser, no page."""

import json
from functools import cache
from math import isfinite
from pathlib import Path

import numpy as np
import quickjs

MODULE = Path(__file__).resolve().parents[1] / "explorer" / "explorer.js"
TOLERANCE = 1e-12  # of sums of moderate size

# Not every number is JSON: what is not finite travels as {"number": "NaN"}. What the module does
# not export is reached too, since `eval` sees a module's own names.
_BRIDGE = """
globalThis.each = (source, cases) => {
  const [call, special] = [eval(source), { NaN, Infinity, "-Infinity": -Infinity }];
  const given = (_, value) => (value?.number in special ? special[value.number] : value);
  const found = (_, value) =>
    (typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value);
  const read = JSON.parse(cases, cases.includes('"number"') ? given : undefined);
  return JSON.stringify(read.map((one) => {
    try {
      return { value: call(...one) };
    } catch (error) {
      return { error: error.message, kind: error.name };
    }
  }), found);
};
"""


class Refused(Exception):
    """A RangeError of the module, with its message."""


def outcomes(source, cases):
    """Call a function of the module once a case: a list of values, or `Refused` in their place.

    source: the function, in JavaScript, such as "conv2d"; cases: a list of its arguments each.
    Raises AssertionError for every other error, which is a fault of the module.
    """
    found = json.loads(_each()(source, _written(cases)), object_hook=_special)
    for case, one in zip(cases, found, strict=True):
        assert one.get("kind", "RangeError") == "RangeError", f"{one} for {case}"
    return [Refused(one["error"]) if "kind" in one else one.get("value") for one in found]


def values(source, cases):
    """Call a function of the module once a case; a refusal is raised."""
    found = outcomes(source, cases)
    for one in found:
        if isinstance(one, Refused):
            raise one
    return found


def value(source, *arguments):
    """Call a function of the module once."""
    (found,) = values(source, [arguments])
    return found


def close(found, expected):
    """Assert that numbers differ by no more than what another order of adding up may change."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    assert found.shape == expected.shape
    # NumPy's own comparison takes longer than the arithmetic, so it only writes the message.
    if not (np.abs(found - expected) <= TOLERANCE * (1 + np.abs(expected))).all():
        np.testing.assert_allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE)


def compare(source, cases, reference, same=close):
    """Assert that a function returns for each case what `reference` does, and refuses what it does.

    reference: a function of the same arguments. Returns how many cases both refused.
    """
    refused = 0
    for one, case in zip(outcomes(source, cases), cases, strict=True):
        try:
            expected = reference(*case)
        except ValueError:
            assert isinstance(one, Refused), case
            refused += 1
        else:
            assert not isinstance(one, Refused), (case, one)
            same(one, expected)
    return refused


@cache
def _each():
    context = quickjs.Context()
    context.module(MODULE.read_text(encoding="utf-8") + _BRIDGE)
    return context.get("each")


def _written(cases):
    """Return cases as JSON; arrays become lists."""
    try:
        return json.dumps(cases, default=lambda array: array.tolist(), allow_nan=False)
    except ValueError:
        return json.dumps(_named(cases))


def _named(part):
    """Return lists and dicts in which what is not finite stands by its name."""
    if isinstance(part, dict):
        return {name: _named(inner) for name, inner in part.items()}
    part = part.tolist() if hasattr(part, "tolist") else part
    if isinstance(part, list | tuple):
        return [_named(inner) for inner in part]
    if isinstance(part, float) and not isfinite(part):
        return {"number": str(part).replace("inf", "Infinity").replace("nan", "NaN")}
    return part


def _special(part):
    return float(part["number"].replace("Infinity", "inf")) if part.keys() == {"number"} else part
