"""Slides, made from the built notebooks."""
