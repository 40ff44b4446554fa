"""The one style of all figures: colours, sizes, colour maps and the Axes to draw on."""

import sys

import matplotlib as mpl
import matplotlib.pyplot as plt

# Okabe and Ito's colours, which colour-blind readers tell apart; in grey print their lightness
# differs, and no figure relies on the colour alone.
WINDOW = "#E69F00"  # what the kernel looks at
KERNEL = "#0072B2"
OUTPUT = "#009E73"
ALERT = "#D55E00"  # what is lost, wrong or never read
INK = "#222222"
QUIET = "#9A9A9A"  # grid lines, padding, things that only stand by

VALUES = "cividis"  # dark blue through grey to yellow: lightness rises steadily
PHOTOGRAPH = "gray"
ANGLE = "twilight"

WIDTH = 8.0  # inches: 800 pixels at 100 DPI, the width of a page of text

_SETTINGS = {
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "figure.figsize": (WIDTH, 3.2),
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.labelsize": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": mpl.cycler(
        color=[KERNEL, WINDOW, OUTPUT, ALERT], linestyle=["-", "--", "-.", ":"]
    ),
    "lines.linewidth": 2,
    "image.cmap": VALUES,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
}


def apply_style():
    """Set the course's style for every figure drawn from now on."""
    mpl.rcParams.update(_SETTINGS)
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from matplotlib_inline.config import InlineBackend

        # Notebooks crop each figure to its ink by default, so that a figure's size would depend
        # on the width of a label. Ours keep the size that they were given.
        InlineBackend.instance().print_figure_kwargs = {"bbox_inches": None}


def axes(ax=None, width=WIDTH, height=3.2, bare=False):
    """Return `ax`, or the Axes of a new figure of width × height inches.

    bare: no frame and no ticks, and squares stay square, for drawings.
    """
    if ax is None:
        ax = plt.figure(figsize=(width, height)).add_subplot()
    if bare:
        ax.set_axis_off()
        ax.set_aspect("equal")
    return ax


def panels(rows, columns, height, width=WIDTH, bare=False, **options):
    """Return rows × columns Axes of a new figure as an array, [row, column]."""
    _, grid = plt.subplots(rows, columns, figsize=(width, height), squeeze=False, **options)
    for ax in grid.flat:
        axes(ax, bare=bare)
    return grid
