"""Networks with names, in helpers.nn; `helpers.twins.in_paddle` makes them Paddle's."""

from .lenet import lenet5

__all__ = ["lenet5"]
