"""Tests draw without a screen."""

import os

os.environ["MPLBACKEND"] = "agg"
