"""A search over settings: every trial over each setting, beside seeds of one setting."""

import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from .style import INK, KERNEL, QUIET, WIDTH, panels


def search(trials, seeds, score="accuracy", log=(), limits=(0, 1), chance=None, reach=None):
    """Draw the score of each trial over each of its settings, and of seeds of one setting.

    trials: a list of {setting: number, …, score: number}, the same names in each, at least one
    setting. seeds: scores of one setting with several seeds, drawn in a panel of their own at the
    right, whose range is a band in every panel. score: its name. log: names of settings with a
    logarithmic axis. limits: (low, high) of the scores' axis. chance, reach: where to draw the line
    of guessing (dashed), and of what the best of so many seeds reaches by luck (dotted). The trial
    with the highest score is a filled diamond. Returns the Axes as an array.
    Raises ValueError for no trial, names that differ, no setting, no seeds, what is no finite
    number, and a name in log that is no setting, or has a value that is not above 0.
    """
    names = _settings(trials, score, log)
    seeds = np.round(np.asarray(seeds, float), 3)
    if seeds.ndim != 1 or seeds.size == 0 or not np.isfinite(seeds).all():
        raise ValueError(f"seeds is {seeds.tolist()}; expected a list of scores, at least one")
    scores = np.round([trial[score] for trial in trials], 3)
    grid = panels(1, len(names) + 1, 3.4, WIDTH, sharey=True)[0]
    for ax, name in zip(grid, names, strict=False):
        places = np.array([trial[name] for trial in trials], float)
        _dots(ax, places, scores, scores.argmax())
        ax.set(xlabel=name)
        ax.margins(x=0.15)
        if name in log:
            _logarithmic(ax, places)
    beside = np.linspace(-1, 1, len(seeds)) if len(seeds) > 1 else np.zeros(1)
    grid[-1].plot(beside, seeds, "s", ms=6, color=KERNEL, label="seeds of one setting")
    grid[-1].set(xlabel="seeds of one setting", xlim=(-2, 2))
    # An empty label, so that the names of all axes stand at one height.
    grid[-1].set_xticks([0], [" "])
    grid[-1].tick_params(axis="x", length=0)
    for ax in grid:
        ax.axhspan(seeds.min(), seeds.max(), color=KERNEL, alpha=0.15, lw=0, zorder=0)
        if chance is not None:
            ax.axhline(chance, color=QUIET, ls="--", lw=1.5, zorder=0)
        if reach is not None:
            ax.axhline(reach, color=INK, ls=":", lw=1.5, zorder=0)
    grid[0].set(ylabel=score, ylim=limits)
    return grid


def _settings(trials, score, log):
    """Return the names of the settings, or raise ValueError for trials that cannot be drawn."""
    if not trials:
        raise ValueError("trials is empty; expected at least one")
    names = [name for name in trials[0] if name != score]
    for trial in trials:
        if list(trial) != list(trials[0]) or score not in trial or not names:
            raise ValueError(
                f"trials holds one with {list(trial)}; expected the same names in each, settings "
                f"and {score!r}"
            )
        for name, value in trial.items():
            if not np.isfinite(value) or (name in log and value <= 0):
                allowed = "a number above 0" if name in log else "a finite number"
                raise ValueError(f"trials has {name} {value!r}; expected {allowed}")
    if not set(log) <= set(names):
        raise ValueError(f"log is {log!r}; expected names among {names}")
    return names


def _dots(ax, places, scores, best):
    others = np.arange(len(scores)) != best
    ax.plot(places[others], scores[others], "o", ms=7, color=INK, mfc="white", label="trials")
    ax.plot(places[best], scores[best], "D", ms=9, color=INK, label="best")


def _logarithmic(ax, places):
    ax.set_xscale("log")
    # From one power of ten to another, so that there are at least two ticks, and a little beyond.
    low, high = np.floor(np.log10(places.min())), np.ceil(np.log10(places.max()))
    ax.set_xlim(0.6 * 10**low, 10**high / 0.6)
    ax.xaxis.set_major_locator(LogLocator(10))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
