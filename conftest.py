"""Notebooks and tests alike: pictures in notebooks are compared, on the processor asked for."""

pytest_plugins = ["tools.loopback", "tools.pictures", "tools.processors"]
