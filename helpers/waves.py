"""Which stripes a picture is made of."""

import numpy as np


def strongest_wave(picture, longest=8.0):
    """Return the strongest stripes of a picture: (waves down, waves across) over its whole size.

    picture: (H, W). longest: stripes that are so many pixels wide or more, from light to light, are
    left out, and with them the picture's light and shade. waves down is a whole number from −H/2
    to H/2, waves across from 0 to W/2; stripes that run down to the right have the first negative.
    The picture's edges are faded out first (Hann window), so that they do not count as stripes.
    Raises ValueError for another shape, a picture under 4 × 4, one value everywhere, and longest
    not above 2, which no stripe of pixels is shorter than.
    """
    picture = np.asarray(picture, float)
    if picture.ndim != 2 or min(picture.shape) < 4:
        raise ValueError(f"picture has shape {picture.shape}; expected (H, W), each at least 4")
    if not longest > 2:
        raise ValueError(f"longest is {longest}; expected more than 2 pixels")
    if np.ptp(picture) == 0:
        raise ValueError(f"picture is {picture.flat[0]:g} everywhere; it has no stripes")
    height, width = picture.shape
    fade = np.outer(np.hanning(height + 2)[1:-1], np.hanning(width + 2)[1:-1])
    strength = np.abs(np.fft.rfft2((picture - picture.mean()) * fade))
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    strength[np.hypot(down, across) * longest <= 1] = 0
    # Rounded, so that two sides of one symmetric peak tie and the first is taken everywhere.
    parts = np.round(strength / max(strength.max(), np.finfo(float).tiny), 9)
    row, column = np.unravel_index(np.argmax(parts), strength.shape)
    return round(down[row, 0] * height), round(across[0, column] * width)
