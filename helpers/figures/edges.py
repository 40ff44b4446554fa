"""Slopes in one and two dimensions, and kernels while they are learned and afterwards."""

import matplotlib.pyplot as plt
import numpy as np

from .pictures import pictures
from .style import ALERT, INK, QUIET, SERIES, SIGNED, WIDTH, Drawing, panels

_DOTS = 100  # pixels to the inch, as in the style
_TITLE, _GAP, _BAR = 24, 8, 56  # pixels above a kernel, below it, and for the colour bar
_BETWEEN = 18  # pixels between two kernels of a row
_SHADE = 0.3  # of the signed colours behind numbers, so that they stay legible


def differences(signals):
    """Draw signals over their first and second differences, one column a signal.

    signals: {title: (n,)}. The first difference stands between the pixels that it compares, the
    second above its middle pixel. Returns the Axes as an array, 3 × signals.
    """
    grid = panels(3, len(signals), 4.6, sharex="col", sharey="row")
    for column, (title, signal) in enumerate(signals.items()):
        signal, places = np.asarray(signal, float), np.arange(len(signal))
        rows = [
            (places, signal, "brightness"),
            (places[:-1] + 0.5, np.diff(signal), "first\ndifference"),
            (places[1:-1], np.diff(signal, 2), "second\ndifference"),
        ]
        for ax, (x, y, name), color in zip(grid[:, column], rows, SERIES, strict=False):
            ax.axhline(0, color=QUIET, lw=1, ls="-")
            ax.vlines(x, 0, y, color=color, lw=2.5)
            ax.plot(x, y, "o", color=color, ms=5)
            if column == 0:
                ax.set_ylabel(name)
        grid[0, column].set_title(title)
        grid[2, column].set_xlabel("position (pixels)")
    return grid


def slope_arrows(picture, across, down, threshold, zoom=4):
    """Draw a photograph with an arrow along each strong slope, beside the two slopes themselves.

    picture: (H, W), 0 to 1; across, down: (H, W), its slopes to the right and downwards.
    threshold: slopes larger than this get an arrow, which points to where it gets brighter. The
    sizes are rounded to six decimals first. Returns the Axes as an array: photograph, across, down.
    """
    reach = np.round(max(np.abs(across).max(), np.abs(down).max()), 2)
    images = {
        "arrows: to the bright side": picture,
        "slope to the right": across,
        "slope downwards": down,
    }
    limits = [None, (-reach, reach), (-reach, reach)]
    grid = pictures(images, ["photo", "signed", "signed"], limits=limits, zoom=zoom)
    size = np.hypot(across, down)
    rows, columns = np.nonzero(np.round(size, 6) > threshold)
    strong = size[rows, columns]
    # All of one length: the size is in the other two panels.
    u, v = across[rows, columns] / strong, down[rows, columns] / strong
    options = {"angles": "xy", "scale_units": "xy", "scale": 0.3, "pivot": "middle"}
    grid[0, 0].quiver(columns, rows, u, v, color=ALERT, width=0.006, **options)
    return grid


def kernel_path(loss, weights, losses, goal):
    """Draw how a kernel of two numbers was learned: the loss, and the path over its landscape.

    loss: a function of (w0, w1); weights: (steps, 2), one row before each step; losses: (steps,);
    goal: (2,). Both axes of the path have one scale. Returns the Axes: losses left, path right.
    """
    weights, losses = np.round(weights, 4), np.round(losses, 4)
    (left, right) = panels(1, 2, 4.0)[0]
    left.plot(losses, "o-", color=INK, ms=4)
    left.set(xlabel="step", ylabel="squared error, summed", ylim=(0, None))
    left.set_title("the loss falls fast, then slowly")
    points = np.vstack([weights, goal])
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    half = np.ptp(points, axis=0).max() / 2 + 0.4
    w0, w1 = (np.linspace(centre - half, centre + half, 60) for centre in middle)
    height = np.array([[loss(a, b) for a in w0] for b in w1])
    levels = np.linspace(0, np.sqrt(height.max()), 12) ** 2
    right.contour(w0, w1, height, levels=levels, colors=QUIET, linewidths=0.8)
    right.plot(*weights.T, "o-", color=SERIES[1], ms=4)
    right.plot(*goal, "*", color=ALERT, ms=16)
    aside = {"textcoords": "offset points", "xytext": (8, 6)}
    right.annotate("start", weights[0], color=SERIES[1], **aside)
    right.annotate("goal", goal, color=ALERT, **aside)
    right.set(xlabel="left number of the kernel", ylabel="right number of the kernel")
    right.set_title("across the valley, then along it")
    right.set_aspect("equal")
    return np.array([left, right])


def kernel_maps(kernels, maps=None, titles=None, columns=8, factor=10, side=80):
    """Draw kernels with their numbers, shaded by sign, and beneath each its feature map.

    kernels: (n, kh, kw); maps: (n, H, W) or None; titles: n texts or None. factor: the numbers
    printed are the kernels' times this, rounded to whole ones. side: pixels of a kernel's side on
    the screen, and of a map's. All kernels share one scale of shades, and all maps another, with a
    colour bar. Returns two lists of Axes: kernels and maps.
    Raises ValueError where the lengths differ.
    """
    for name, other in (("maps", maps), ("titles", titles)):
        if other is not None and len(other) != len(kernels):
            raise ValueError(f"{name} holds {len(other)}; expected {len(kernels)}, one a kernel")
    titles = [""] * len(kernels) if titles is None else titles
    columns = min(columns, len(kernels))
    rows = -(-len(kernels) // columns)
    tall = _TITLE + (1 if maps is None else 2) * (side + _GAP)
    size = int(WIDTH * _DOTS), rows * tall + (_GAP if maps is None else _BAR)
    figure = plt.figure(figsize=np.array(size) / _DOTS, FigureClass=Drawing, layout="none")
    first = (size[0] - columns * (side + _BETWEEN) + _BETWEEN) / 2
    kernel_axes, map_axes = [], []
    for i, kernel in enumerate(kernels):
        corner = first + i % columns * (side + _BETWEEN), i // columns * tall + _TITLE
        kernel_axes.append(_panel(figure, corner, side))
        _numbered(kernel_axes[-1], np.asarray(kernel), np.abs(kernels).max(), factor)
        kernel_axes[-1].set_title(titles[i], fontsize=11, pad=4)
        if maps is not None:
            map_axes.append(_panel(figure, (corner[0], corner[1] + side + _GAP), side))
            reach = np.round(np.abs(maps).max(), 2)
            clim = {"vmin": -reach, "vmax": reach}
            map_axes[-1].imshow(maps[i], cmap=SIGNED, interpolation="nearest", **clim)
    if maps is not None:
        place = (0.5 - 150 / size[0], 36 / size[1], 300 / size[0], 10 / size[1])
        options = {"cax": figure.add_axes(place), "orientation": "horizontal"}
        figure.colorbar(map_axes[0].images[0], **options).outline.set_visible(False)
    return kernel_axes, map_axes


def _panel(figure, corner, side):
    """Axes of side × side pixels, the corner counted from the figure's upper left."""
    across, down = figure.get_size_inches() * _DOTS
    box = (corner[0] / across, 1 - (corner[1] + side) / down, side / across, side / down)
    ax = figure.add_axes(box, xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=QUIET, linewidth=0.8)
    return ax


def _numbered(ax, kernel, largest, factor):
    reach = (largest or 1) / _SHADE
    ax.imshow(kernel, cmap=SIGNED, vmin=-reach, vmax=reach)
    for (row, column), value in np.ndenumerate(np.round(kernel * factor) + 0.0):
        text = f"{value:.0f}".replace("-", "−")
        ax.text(column, row, text, ha="center", va="center_baseline", fontsize=10)
