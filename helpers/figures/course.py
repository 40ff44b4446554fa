"""The map of the course: a box a chapter, below those that it needs."""

import textwrap
from itertools import pairwise

import numpy as np
from matplotlib.patches import FancyBboxPatch, Patch

from ..course import direct_needs
from .style import INK, QUIET, WIDTH, axes

PARTS = {"I. See": "white", "II. Build": "#DCE9F3", "III. Design": "#F6DFAE"}
_LAST = {"I. See": 9, "II. Build": 14, "III. Design": 20}  # each part's last chapter
_WIDE, _HIGH, _STEP = 2.0, 0.62, 0.98  # inches: a box, and from row to row
_LETTERS = 23  # in a line of a title
_LINE = {"color": INK, "ls": "-", "zorder": 1}
_LANE = 0.3  # inches that a line takes which only passes a row


def course_map(chapters, way=()):
    """Draw which chapters need which, as `course.read_chapters` returns them.

    A line leads down from each chapter to those that need it; what a needed chapter itself needs
    has no line of its own. In a box stand number, minutes of the core and title. way: numbers of
    chapters that are drawn bold, as `course.way_to` returns them. Returns the Axes.
    Raises ValueError for no chapters, for a way that is not among them, and where
    `course.direct_needs` does.
    """
    if not chapters:
        raise ValueError("chapters is empty; expected at least one")
    strange = set(way) - {chapter.number for chapter in chapters}
    if strange:
        raise ValueError(f"way holds {sorted(strange)}; expected numbers of the chapters")
    needs = direct_needs(chapters)
    rows, lines = _layers(needs)
    places = _places(rows, lines)
    ax = axes(width=WIDTH, height=_STEP * (len(rows) - 1) + _HIGH + 0.5, bare=True)
    for line in lines:
        for above, below in pairwise(line):
            (x, y), (end, low) = places[above], places[below]
            ax.plot([x, end], [y - _HIGH / 2, low + _HIGH / 2], lw=_weight(line, way), **_LINE)
        for x, y in (places[point] for point in line[1:-1]):
            ax.plot([x, x], [y + _HIGH / 2, y - _HIGH / 2], lw=_weight(line, way), **_LINE)
    for chapter in chapters:
        _box(ax, chapter, *places[chapter.number], _weight([chapter.number], way))
    key = [Patch(facecolor=color, edgecolor=QUIET, label=name) for name, color in PARTS.items()]
    ax.legend(handles=key, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0)
    half = WIDTH / 2 + 0.05
    ax.set(xlim=(-half, half), ylim=(-_STEP * (len(rows) - 1) - _HIGH / 2 - 0.05, _HIGH / 2 + 0.05))
    return ax


def _layers(needs):
    """Return rows, from the top, and lines: lists of chapters and of the places that lines pass.

    Each chapter stands one row below the lowest that it needs. A place that a line passes on its
    way is (from, to, row).
    """
    level = {}
    for number, others in needs.items():
        level[number] = max((level[other] + 1 for other in others), default=0)
    rows = [[n for n in needs if level[n] == row] for row in range(max(level.values()) + 1)]
    lines = []
    for number, others in needs.items():
        for other in others:
            passed = [(other, number, row) for row in range(level[other] + 1, level[number])]
            for point in passed:
                rows[point[-1]].append(point)
            lines.append([other, *passed, number])
    return rows, lines


def _places(rows, lines):
    """Return where each chapter and each passed place stands, in inches.

    A row is ordered by the mean place of what its members are joined to, again and again, from the
    top and from the bottom; the round with the fewest crossings stands.
    """
    pairs = [pair for line in lines for pair in pairwise(line)]
    joined = {point: [] for row in rows for point in row}
    for above, below in pairs:
        joined[above].append(below)
        joined[below].append(above)
    level = {point: y for y, row in enumerate(rows) for point in row}
    across = {point: x for row in rows for point, x in _set_out(row).items()}
    rounds = []
    for turn in range(24):
        for row in rows if turn % 2 == 0 else rows[::-1]:
            wanted = {p: np.mean([across[o] for o in joined[p]] or [0]) for p in row}
            row.sort(key=lambda p, wanted=wanted: (round(wanted[p], 6), str(p)))
            across |= _set_out(row)
        rounds.append((_crossings(pairs, across, level), dict(across)))
    _, best = min(rounds, key=lambda found: found[0])
    return {point: (best[point], -_STEP * level[point]) for point in best}


def _crossings(pairs, across, level):
    """Return how many lines cross, and how far they go sideways in all."""
    crossed = 0
    for index, (above, below) in enumerate(pairs):
        for other, under in pairs[:index]:
            if level[other] == level[above]:
                order = (across[above] - across[other]) * (across[below] - across[under])
                crossed += order < -1e-6
    sideways = sum(abs(across[above] - across[below]) for above, below in pairs)
    return crossed, round(sideways, 3)


def _set_out(row):
    widths = np.array([_LANE if isinstance(point, tuple) else _WIDE for point in row])
    gap = min((WIDTH - widths.sum()) / max(len(row), 1), 0.6)
    ends = np.cumsum(widths + gap)
    middles = ends - (widths + gap) / 2 - ends[-1] / 2
    return dict(zip(row, middles, strict=True))


def _weight(line, way):
    """Return the width of what is drawn for chapters, of which first and last decide."""
    return 2.8 if line[0] in way and line[-1] in way else 1.2


def _box(ax, chapter, x, y, weight):
    part = next(name for name, last in _LAST.items() if int(chapter.number) <= last)
    look = {"boxstyle": "round,pad=0,rounding_size=0.06", "edgecolor": INK, "lw": weight}
    corner = (x - _WIDE / 2, y - _HIGH / 2)
    ax.add_patch(FancyBboxPatch(corner, _WIDE, _HIGH, facecolor=PARTS[part], zorder=2, **look))
    text = f"{chapter.number} · {chapter.minutes} min"
    style = {"ha": "center", "fontsize": 10, "zorder": 3}
    ax.text(x, y + 0.19, text, weight="bold", va="center", **style)
    title = "\n".join(textwrap.wrap(chapter.title, _LETTERS))
    ax.text(x, y - 0.1, title, va="center", linespacing=1.05, **style)
