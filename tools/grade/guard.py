"""Notice in a kernel that a submission changed what grades it.

The kernel imports this before the first cell. Whoever studies it can get around it: it finds what
is patched by habit, or by advice from somebody else, and no determined forger.
"""

import builtins
import importlib
import sys

import numpy as np

MODULES = ("helpers.ops", "helpers.nn", "helpers.geometry", "helpers.checks")
_before = {}


def remember(checks: str) -> None:
    """Note the functions and classes of NumPy and of the helpers as they are now.

    checks: the module of `helpers.checks` that the exercise uses.
    """
    for name in (*MODULES, f"helpers.checks.{checks}"):
        importlib.import_module(name)
    for name, module in list(sys.modules.items()):
        if name.startswith("helpers.") or module in (np, np.linalg, builtins):
            _before[name] = (module, _functions(module))


def verify(check, count: int) -> None:
    """Raise CheckFailed where something was changed since, or where the check lets nonsense pass.

    check: the check as the notebook calls it; count: how many answers it takes.
    """
    engine = _before["helpers.checks._engine"][1]
    for name, (module, functions) in _before.items():
        if sys.modules.get(name) is not module:
            raise engine["CheckFailed"](f"{name} was replaced: no points")
        for key, function in functions.items():
            if getattr(module, key, None) is not function:
                raise engine["CheckFailed"](f"{name}.{key} was replaced: no points")
    if check.__name__ not in _before.get(check.__module__, ({}, {}))[1]:
        raise engine["CheckFailed"](f"{check!r} is no check of this course: no points")
    engine["canary"](check, count)


def _functions(module) -> dict:
    # A notebook's shell replaces some of the built-in ones itself.
    shell = ("input", "print", "exit", "quit") if module is builtins else ()
    return {k: value for k, value in vars(module).items() if callable(value) and k not in shell}
