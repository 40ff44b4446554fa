"""The one style of all figures: colours, sizes, colour maps and the Axes to draw on."""

import io
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .record import record

# Okabe and Ito's colours. Colour-blind readers, and grey print, tell all pairs apart but three
# (tests/test_figures.py names them): no figure relies on the colour alone.
WINDOW = "#E69F00"  # what the kernel looks at
KERNEL = "#0072B2"
OUTPUT = "#009E73"
ALERT = "#D55E00"  # what is lost, wrong or never read
INK = "#222222"
QUIET = "#9A9A9A"  # grid lines, padding, things that only stand by

# Lines that are just several lines, without a role: dark to light, so that grey print tells them
# apart too; each has its own dashes and marker besides.
SERIES = (INK, "#0072B2", "#C77700", "#CC79A7", "#56B4E9")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
MARKERS = ("o", "s", "^", "D", "v")

# Values with a sign: white at 0, blue below, orange above.
SIGNED = LinearSegmentedColormap.from_list(
    "signed", ["#00224E", "#0072B2", "white", "#F0B030", "#E69F00"]
)
VALUES = "cividis"  # dark blue through grey to yellow: lightness rises steadily
PHOTOGRAPH = "gray"
ANGLE = "twilight_shifted"  # dark at ±π, so that white paper is far from any angle

WIDTH = 8.0  # inches: 800 pixels at 100 DPI, the width of a page of text

_PHOTOGRAPH = 10_000  # numbers in an image that is no drawing

_SETTINGS = {
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "figure.figsize": (WIDTH, 3.2),
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.labelsize": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": mpl.cycler(color=SERIES, linestyle=DASHES),
    "lines.linewidth": 2,
    "image.cmap": VALUES,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
}


class Drawing(Figure):
    """A figure of the course: notebooks store it with enough pixels for a dense screen."""


def apply_style():
    """Set the course's style for every figure drawn from now on."""
    mpl.rcParams.update(_SETTINGS)
    if "IPython" in sys.modules:
        shell = sys.modules["IPython"].get_ipython()
        if shell is not None:
            shell.display_formatter.formatters["image/png"].for_type(Drawing, stored)


def stored(figure):
    """Return a figure as a notebook keeps it: the PNG file's bytes, and what goes with them.

    The size is the one that the figure was given, not cropped to its ink. Lines and text get twice
    the pixels and are shown at the same size; a figure with a photograph keeps its own pixels.
    Beside it go the size at which it is shown and, without a photograph, its `record`.
    """
    photographs = any(
        image.get_array().size > _PHOTOGRAPH for ax in figure.axes for image in ax.images
    )
    file = io.BytesIO()
    # Without the version of matplotlib in it, an update of which need not change a file.
    density = figure.dpi * (1 if photographs else 2)
    figure.savefig(file, format="png", dpi=density, metadata={"Software": None})
    width, height = (round(side * figure.dpi) for side in figure.get_size_inches())
    notes = {"width": width, "height": height}
    return file.getvalue(), notes if photographs else {**notes, "record": record(figure)}


def axes(ax=None, width=WIDTH, height=3.2, bare=False):
    """Return `ax`, or the Axes of a new figure of width × height inches.

    bare: no frame and no ticks, and squares stay square, for drawings.
    """
    if ax is None:
        ax = plt.figure(figsize=(width, height), FigureClass=Drawing).add_subplot()
        _prepare(ax)
    if bare:
        ax.set_axis_off()
        ax.set_aspect("equal")
    return ax


def panels(rows, columns, height, width=WIDTH, bare=False, **options):
    """Return rows × columns Axes of a new figure as an array, [row, column].

    height, width: of the whole figure in inches. options: those of `plt.subplots`.
    """
    options = {"figsize": (width, height), "FigureClass": Drawing, **options}
    _, grid = plt.subplots(rows, columns, squeeze=False, **options)
    for ax in grid.flat:
        axes(_prepare(ax), bare=bare)
    return grid


def mosaic(layout, height, width=WIDTH, **options):
    """Return the Axes of a new figure by name, laid out as `plt.subplot_mosaic` does."""
    options = {"figsize": (width, height), "FigureClass": Drawing, **options}
    _, grid = plt.subplot_mosaic(layout, **options)
    for ax in grid.values():
        _prepare(ax)
    return grid


def _prepare(ax):
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10]))
    return ax
