"""How the time of a convolution grows with the image's side, the channels and the kernel's size."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.worker import shortest
from helpers import figures, ops

SIDES, CHANNELS, KERNELS = (16, 32, 64, 128, 256), (1, 4, 16, 64, 128), (1, 3, 7, 15, 31)


def by_fft(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The convolution of `ops.conv2d` without padding, as a product of Fourier transforms."""
    size = x.shape[2:]
    spectrum = np.fft.rfft2(x)[:, None] * np.conj(np.fft.rfft2(weight, size))
    y = np.fft.irfft2(spectrum.sum(axis=2), size).astype(x.dtype)
    high, wide = (n - k + 1 for n, k in zip(size, weight.shape[2:], strict=True))
    return y[:, :, :high, :wide]


WAYS: dict[str, Callable] = {"matrix product": ops.conv2d, "FFT": by_fft}


def growth(seconds: float) -> dict[str, dict[str, tuple[list[int], list[float]]]]:
    """{what grows: {way: (values, milliseconds)}}, everything else held fixed."""
    panels = {
        "image side (16 channels, 3×3)": {side: (side, 16, 3) for side in SIDES},
        "channels in and out (32×32, 3×3)": {c: (32, c, 3) for c in CHANNELS},
        "kernel side (64×64, 4 channels)": {k: (64, 4, k) for k in KERNELS},
    }
    rng, found = np.random.default_rng(0), {}
    for title, settings in panels.items():
        found[title] = {}
        for name, way in WAYS.items():
            times = []
            for side, channels, kernel in settings.values():
                x = rng.normal(size=(1, channels, side, side)).astype(np.float32)
                weight = rng.normal(size=(channels, channels, kernel, kernel)).astype(np.float32)
                times.append(1e3 * shortest(lambda x=x, w=weight, way=way: way(x, w), seconds))
            found[title][name] = list(settings), times
    return found


def draw_growth(path: Path, seconds: float) -> Path:
    """Measure and save the plot, one panel for each that grows, and return its path."""
    measured = growth(seconds)
    for ax, (title, ways) in zip(figures.panels(1, 3, 3.4)[0], measured.items(), strict=True):
        values = next(iter(ways.values()))[0]
        runs = {name: times for name, (_, times) in ways.items()}
        figures.curves(runs, values, xlabel=title, ylabel="milliseconds", log=True, ax=ax)
        ax.set_xscale("log")
    path.parent.mkdir(parents=True, exist_ok=True)
    ax.figure.savefig(path)
    return path
