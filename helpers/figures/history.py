"""Where vision came from: a timeline, the steps from eye to label, and two pipelines."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.patheffects import withStroke

from ..ops import conv2d
from .pictures import pictures
from .style import ALERT, INK, KERNEL, OUTPUT, QUIET, WIDTH, WINDOW, axes


def timeline(left, right, era=None, heads=None, ax=None):
    """Draw years to scale, downwards, with events at both sides.

    left, right: {label: year}, drawn left and right of the line, as squares and as circles. era:
    (label, first year, last year) of a shaded stretch at the left. heads: what stands above the
    left and the right side. Labels that would overlap are moved apart; thin lines lead back to
    their year. Returns the Axes.
    """
    years = [*left.values(), *right.values()]
    first, last = min(years), max(years)
    ax = axes(ax, WIDTH, 6.2)
    ax.plot([0, 0], [first, last], color=INK, lw=3, ls="-")
    spacing, lowest = (last - first) / 17, last
    for side, events, color in ((-1, left, WINDOW), (1, right, KERNEL)):
        ordered = sorted(events.items(), key=lambda event: event[1])
        places = _apart([year for _, year in ordered], spacing)
        lowest = max(lowest, places[-1])
        for (label, year), place in zip(ordered, places, strict=True):
            ax.plot([0, 0.1 * side, 0.2 * side], [year, place, place], color=QUIET, lw=1, ls="-")
            marker = "s" if side < 0 else "o"
            ax.plot(0, year, marker, color=color, ms=8, mec=INK, zorder=3)
            text = f"{label}  {year}" if side < 0 else f"{year}  {label}"
            align = "right" if side < 0 else "left"
            ax.text(0.22 * side, place, text, ha=align, va="center", fontsize=11)
    for side, head in zip((-1, 1), heads or (), strict=bool(heads)):
        align = "right" if side < 0 else "left"
        ax.text(0.22 * side, first - 3, head, ha=align, va="center", fontsize=12, weight="bold")
    if era:
        label, start, end = era
        ax.fill_between([-1.8, 0], start, end, color=ALERT, alpha=0.12, lw=0)
        ax.text(-1.75, (start + end) / 2, label, ha="left", va="center", style="italic")
    ax.set(xlim=(-1.8, 1.8), ylim=(lowest + 2, first - (5 if heads else 2)))
    ax.set_axis_off()
    return ax


def _apart(years, spacing):
    """Move sorted places apart to at least `spacing`, as little as a few rounds of pushing need."""
    places = np.array(years, float)
    for _ in range(500):
        overlap = spacing - np.diff(places)
        if (overlap <= 1e-6).all():
            break
        push = np.maximum(overlap, 0) / 2
        places[:-1] -= push
        places[1:] += push
    return places


def eye_to_label(photograph, parts, label):
    """Draw four steps from light to a word: the photograph, its edges, its parts, the object.

    photograph: (H, W) floats, 0 to 1. parts: {name: (top, left, height, width)} in pixels.
    The edges are the size of the brightness's slope (two 3×3 convolutions), dark on white. Returns
    the Axes as an array.
    """
    slope = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], photograph.dtype)
    kernels = np.stack([slope, slope.T])[:, None]
    edges = np.hypot(*conv2d(photograph[None, None], kernels, padding=1, padding_mode="reflect")[0])
    edges = 1 - edges / edges.max()
    grid = pictures(
        {"1. light": photograph, "2. edges": edges, "3. parts": photograph, "4. object": photograph}
    )
    shown = grid[0, 0].images[0].get_array().shape[0]
    scale = shown / photograph.shape[0]  # screen pixels to a pixel of the photograph
    for name, corners in parts.items():
        top, left, height, width = (scale * number for number in corners)
        box = Rectangle((left, top), width, height, fill=False, ec=WINDOW, lw=2.5)
        box.set_path_effects([withStroke(linewidth=5, foreground=INK)])
        grid[0, 2].add_patch(box)
        grid[0, 2].text(left + width / 2, top + height + 6 * scale, name, va="top", **_TAG)
    height, width = (scale * side for side in photograph.shape)
    frame = Rectangle((1, 1), width - 3, height - 3, fill=False, ec=OUTPUT, lw=4)
    grid[0, 3].add_patch(frame)
    grid[0, 3].text(width / 2, height * 0.9, label, va="center", **_TAG)
    return grid


_TAG = {
    "ha": "center",
    "fontsize": 11,
    "color": INK,
    "bbox": {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.85},
}


def pipelines(rows, ax=None):
    """Draw named chains of boxes, one a row; learned boxes are full, hand-made ones hatched.

    rows: {name: [(text, kind), …]}, kind "data", "made" or "learned". Returns the Axes.
    Raises ValueError for another kind.
    """
    looks = {
        "data": {"fc": "white", "ec": QUIET},
        "made": {"fc": "white", "ec": WINDOW, "hatch": "//"},
        "learned": {"fc": "#BFDDF0", "ec": KERNEL},
    }
    ax = axes(ax, WIDTH, 1.35 * len(rows) + 0.4, bare=True)
    for row, (name, boxes) in enumerate(rows.items()):
        top = 1.7 * row
        ax.text(0, top - 0.15, name, ha="left", va="bottom", fontsize=12, weight="bold")
        step = 10 / len(boxes)
        for place, (text, kind) in enumerate(boxes):
            if kind not in looks:
                raise ValueError(f"kind is {kind!r}; expected one of {', '.join(looks)}")
            left = place * step
            box = FancyBboxPatch((left + 0.1, top + 0.1), step - 0.55, 0.8, lw=2, **looks[kind])
            box.set_boxstyle("round", pad=0.05)
            ax.add_patch(box)
            words = {"ha": "center", "va": "center", "fontsize": 10.5}
            patch = {"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none"}
            under = patch if kind == "made" else None
            ax.text(left + (step - 0.35) / 2, top + 0.5, text, bbox=under, **words)
            if place:
                ends = {"xy": (left + 0.03, top + 0.5), "xytext": (left - 0.37, top + 0.5)}
                ax.annotate("", **ends, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.8})
    ax.set(xlim=(-0.1, 10), ylim=(1.7 * len(rows) - 0.5, -0.6))
    return ax
