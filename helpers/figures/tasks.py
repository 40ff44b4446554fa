"""One drawn scene, and what four tasks of computer vision answer about it."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch, Rectangle

from ..probe import bounding_box
from .pictures import pictures
from .style import ALERT, INK, KERNEL, OUTPUT, WINDOW

CLASSES = ("bottle", "cup", "cube")
_COLORS = (OUTPUT, WINDOW, KERNEL)
_HATCHES = ("//", "..", "")


def scene(height=222, width=370):
    """Draw a bottle, a cup and two cubes on a table.

    Returns (picture, masks): the picture (height, width, 3), floats from 0 to 1, and a list of
    (class, mask), each mask (height, width) bool, where one object is seen.
    """
    y, x = np.mgrid[:height, :width] / height  # one unit is the picture's height
    picture = np.full((height, width, 3), [0.93, 0.92, 0.88])
    picture[y > 0.72] = [0.72, 0.6, 0.47]
    shapes = [
        ("bottle", *_bottle(x - 0.3, y), [0.25, 0.5, 0.35]),
        ("cube", *_cube(x - 0.7, y - 0.74, 0.12), [0.35, 0.45, 0.7]),
        ("cube", *_cube(x - 0.85, y - 0.82, 0.1), [0.7, 0.35, 0.3]),
        ("cup", *_cup(x - 1.3, y), [0.85, 0.8, 0.75]),
    ]
    masks = []
    for name, mask, light, color in shapes:
        picture[mask] = (np.array(color) * light[..., None])[mask].clip(0, 1)
        # What is drawn later hides what was drawn before.
        masks = [(other, seen & ~mask) for other, seen in masks] + [(name, mask)]
    return picture, masks


def _bottle(x, y):
    body = (abs(x) < 0.13) & (y > 0.42) & (y < 0.85)
    shoulder = (abs(x) < 0.045 + 0.6 * (y - 0.28)) & (y > 0.28) & (y <= 0.42)
    neck = (abs(x) < 0.045) & (y > 0.1) & (y <= 0.28)
    return body | shoulder | neck, _round(x / 0.13)


def _cube(x, y, half):
    front = (abs(x) < half) & (abs(y) < half)
    up, right = -half - y, x - half
    lid = (up >= 0) & (up < 0.6 * half) & (abs(x - up) < half)
    side = (right >= 0) & (right < 0.6 * half) & (abs(y + right) < half)
    return front | lid | side, np.select([lid, side], [1.25, 0.65], 1.0)


def _cup(x, y):
    body = (abs(x) < 0.17 - 0.12 * (y - 0.52)) & (y > 0.52) & (y < 0.84)
    ring = np.hypot(x - 0.17, (y - 0.66) * 1.1)
    return body | ((ring < 0.1) & (ring > 0.055) & (x > 0.12)), _round(x / 0.16)


def _round(across):
    """Light from the left on something round: brighter where the surface turns to it."""
    return 1.1 - 0.45 * np.clip(across, -1, 1) ** 2 - 0.15 * across.clip(-1, 1)


def four_tasks(picture, masks):
    """Draw the answers of classification, detection, semantic and instance segmentation.

    picture, masks: as `scene` returns them. The one label is the class that covers most pixels;
    boxes and colours are computed from the masks. The picture is shown pixel by pixel. Returns the
    Axes as an array.
    """
    titles = (
        "classification: one label",
        "detection: a box and a label each",
        "semantic segmentation: a class a pixel",
        "instance segmentation: an object a pixel",
    )
    grid = pictures(dict.fromkeys(titles, picture), columns=2)
    areas = {name: sum(mask.sum() for other, mask in masks if other == name) for name in CLASSES}
    label = {"ha": "center", "va": "center", "fontsize": 12, "color": INK}
    paper = {"boxstyle": "round,pad=0.2", "fc": "white", "ec": "none", "alpha": 0.85}
    middle = picture.shape[1] / 2
    grid[0, 0].text(middle, 15, max(areas, key=areas.get), bbox=paper, **label)
    for index, (name, mask) in enumerate(masks):
        (top, bottom), (left, right) = bounding_box(mask)
        width, height = right - left + 1, bottom - top + 1
        frame = Rectangle((left - 0.5, top - 0.5), width, height, fill=False, ec=ALERT, lw=2.5)
        grid[0, 1].add_patch(frame)
        grid[0, 1].text(left + width / 2, top - 12, name, bbox=paper, **{**label, "fontsize": 10})
        _cover(grid[1, 1], mask, _INSTANCES[index], "")
        centre = np.argwhere(mask).mean(axis=0)
        number = f"{name} {[other for other, _ in masks[: index + 1]].count(name)}"
        grid[1, 1].text(*centre[::-1], number, bbox=paper, **{**label, "fontsize": 10})
    for name, color, hatch in zip(CLASSES, _COLORS, _HATCHES, strict=True):
        whole = np.any([mask for other, mask in masks if other == name], axis=0)
        _cover(grid[1, 0], whole, color, hatch)
    legend = [
        Patch(facecolor=color, hatch=hatch, label=name, edgecolor=INK)
        for name, color, hatch in zip(CLASSES, _COLORS, _HATCHES, strict=True)
    ]
    grid[1, 0].legend(handles=legend, loc="upper right", frameon=True)
    return grid


_INSTANCES = (OUTPUT, KERNEL, ALERT, WINDOW)


def _cover(ax, mask, color, hatch):
    shown = np.where(mask, 1.0, np.nan)
    look = {"cmap": ListedColormap([color]), "vmin": 0, "vmax": 1, "interpolation": "nearest"}
    ax.imshow(shown, aspect="auto", **look)
    ax.contour(mask, levels=[0.5], colors=INK, linewidths=1.2)
    if hatch:
        ax.contourf(mask, levels=[0.5, 1.5], colors="none", hatches=[hatch])
