"""Notebooks and tests alike: pictures in notebooks are compared too."""

pytest_plugins = ["tools.pictures"]
