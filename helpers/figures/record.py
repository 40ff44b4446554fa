"""What a figure shows, as data: pictures of trained networks are compared by it, not by pixels."""

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.transforms import IdentityTransform

_POINTS = 40  # of a long line, evenly chosen
_CELLS = 400  # of an image; a larger one is a photograph


def record(figure):
    """Return the named contents of a figure that has been drawn, one line of text for each.

    Each line reads "what | text | look | places". what: title, xlabel, ylabel, xtick, ytick,
    legend, text, line, points, area, bar or image. text: what is written there, or the artist's
    label. look: colour and style. places: x and y as parts of the Axes' width and height, 0 to 1,
    so that a logarithmic axis needs no care; of an image, its values as parts of its limits.
    Axes without a frame, which hold drawings, are left out.
    """
    rows = []
    for ax in figure.axes:
        if ax.axison and ax.get_visible():
            rows += _axes_rows(ax)
    for legend in figure.legends:
        rows += _legend_rows(legend)
    if figure.get_suptitle():
        rows.append(_row("title", figure.get_suptitle()))
    return rows


def _row(what, text="", look="", places=()):
    points = np.atleast_2d(np.asarray(places, float)) if np.size(places) else []
    # Adding 0 turns −0 into 0.
    numbers = ", ".join(" ".join(f"{x:g}" for x in np.round(point, 3) + 0.0) for point in points)
    # A label that starts with an underscore is matplotlib's own.
    text = "" if str(text).startswith("_") else " ".join(str(text).split())
    return " | ".join([what, text.replace("|", "/"), look, numbers])


def _axes_rows(ax):
    titles = {"title": [ax.get_title(loc) for loc in ("left", "center", "right")]}
    titles |= {"xlabel": [ax.get_xlabel()], "ylabel": [ax.get_ylabel()]}
    rows = [_row(what, text) for what, found in titles.items() for text in found if text]
    rows += _tick_rows("xtick", ax.xaxis, 0) + _tick_rows("ytick", ax.yaxis, 1)
    for line in ax.lines:
        look = f"{to_hex(line.get_color())} {line.get_linestyle()} {line.get_marker()}"
        points = _within(ax, line.get_xydata(), line.get_transform())
        rows.append(_row("line", line.get_label(), look, _some(points)))
    # The colours of a colour bar are those of its picture.
    for collection in [] if hasattr(ax, "_colorbar") else ax.collections:
        colors = collection.get_facecolor()
        look = to_hex(colors[0], keep_alpha=True) if len(colors) else ""
        if isinstance(collection, PathCollection):
            what, transform = "points", collection.get_offset_transform()
            points = np.asarray(collection.get_offsets())
        else:
            what, transform = "area", collection.get_transform()
            paths = [path.vertices for path in collection.get_paths() if len(path.vertices)]
            points = np.concatenate(paths) if paths else np.zeros((0, 2))
        points = _within(ax, points, transform)
        rows.append(_row(what, collection.get_label(), look, _some(points)))
    for patch in ax.patches:
        box = patch.get_path().get_extents(patch.get_transform())
        look = f"{to_hex(patch.get_facecolor(), keep_alpha=True)} {patch.get_hatch() or ''}"
        corners = ax.transAxes.inverted().transform(box.get_points())
        rows.append(_row("bar", patch.get_label(), look.strip(), corners))
    for image in ax.images:
        values = image.get_array()
        if values.size <= _CELLS:
            rows.append(_row("image", image.get_label(), "", image.norm(values).reshape(1, -1)))
    for text in ax.texts:
        if text.get_text():
            box = text.get_window_extent()
            place = _within(ax, np.array([[box.x0, (box.y0 + box.y1) / 2]]), IdentityTransform())
            rows.append(_row("text", text.get_text(), to_hex(text.get_color()), place))
    if ax.get_legend():
        rows += _legend_rows(ax.get_legend())
    return rows


def _tick_rows(what, axis, along):
    low, high = sorted(axis.get_view_interval())
    rows = []
    for tick in axis.get_major_ticks():
        text = tick.label1.get_text()
        if text and low <= tick.get_loc() <= high and tick.label1.get_visible():
            place = np.zeros(2)
            place[along] = tick.get_loc()
            place = _within(axis.axes, place[None], axis.axes.transData)[0, along]
            rows.append(_row(what, text, "", [[place]]))
    return rows


def _legend_rows(legend):
    rows = []
    for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
        style = "get_linestyle" if hasattr(handle, "get_marker") else "get_hatch"
        color = handle.get_color() if style == "get_linestyle" else handle.get_facecolor()
        color = np.atleast_2d(color)[0] if not isinstance(color, str) else color
        look = f"{to_hex(color)} {getattr(handle, style)() or ''}"
        rows.append(_row("legend", text.get_text(), look.strip()))
    return rows


def _within(ax, points, transform):
    """Places in an artist's own coordinates as parts of the Axes' width and height."""
    return (transform - ax.transAxes).transform(np.asarray(points, float).reshape(-1, 2))


def _some(points):
    if len(points) <= _POINTS:
        return points
    return points[np.linspace(0, len(points) - 1, _POINTS).astype(int)]
