"""Notebooks and tests alike: pictures in notebooks are compared, on the processor asked for."""

pytest_plugins = ["tools.pictures", "tools.processors"]
