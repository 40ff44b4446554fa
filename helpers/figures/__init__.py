"""One function a figure; importing this package sets the course's style."""

from .grids import draw_grid, fit_view, number_grids, padded_grid, rows_read, sliding_window
from .pictures import pictures
from .style import ALERT, INK, KERNEL, OUTPUT, QUIET, WINDOW, apply_style

apply_style()

__all__ = [
    "ALERT",
    "INK",
    "KERNEL",
    "OUTPUT",
    "QUIET",
    "WINDOW",
    "apply_style",
    "draw_grid",
    "fit_view",
    "number_grids",
    "padded_grid",
    "pictures",
    "rows_read",
    "sliding_window",
]
