"""Small NumPy tools that the chapters compute with: `ops`, `geometry`, `data` and `figures`."""

import warnings

from .proof import agree

__all__ = ["agree"]

# Paddle warns on import, with a path of the machine in the text, where the C compiler cache
# `ccache` is not installed; nothing here compiles C, and the path would end up in a notebook.
warnings.filterwarnings("ignore", message="No ccache found", category=UserWarning)
# Paddle's BatchNorm announces a change of its version 2 at the first training step.
warnings.filterwarnings(
    "ignore", message="When training, we now always track global mean", category=UserWarning
)
