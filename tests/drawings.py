"""What the tests of drawn arrays need: where numbers, words, fillings and outlines stand."""

import numpy as np
from matplotlib.colors import to_rgb


def numbers_at(ax):
    """{(row, column): number} of the numbers that stand in the middle of a square."""
    found = {}
    for text in ax.texts:
        x, y = text.get_position()
        if text.get_va() == "center_baseline" and text.get_ha() == "center":
            found[y - 0.5, x - 0.5] = float(text.get_text().replace("−", "-"))
    return found


def frames(ax, color, line_width=3):
    """(row, column, rows, columns) of what is outlined in a colour."""
    return [
        (patch.get_y(), patch.get_x(), patch.get_height(), patch.get_width())
        for patch in ax.patches
        if not patch.get_fill()
        and patch.get_linewidth() == line_width
        and patch.get_edgecolor()[:3] == to_rgb(color)
    ]


def fills(ax, color):
    """(row, column, rows, columns) of what is filled with a colour."""
    return [
        (patch.get_y(), patch.get_x(), patch.get_height(), patch.get_width())
        for patch in ax.patches
        if patch.get_fill() and patch.get_facecolor()[:3] == to_rgb(color)
    ]


def places(ax):
    """{text: (x, y)} of the words in an Axes that stand there once."""
    return {text.get_text(): text.get_position() for text in ax.texts}


def edge_is_white(figure):
    """Whether no ink stands on the outermost pixels, where it would look cut off."""
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    return all(np.all(edge == 255) for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
