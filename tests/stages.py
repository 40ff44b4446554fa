"""What tests of `helpers.peak` run in a process of its own; nothing here needs Paddle."""

import os

import numpy as np

MIB = 2**20


def grow(mebibytes):
    yield "start"
    held = np.ones(mebibytes * MIB // 8)
    yield "held"
    del held
    yield "freed"


def break_down():
    yield "start"
    raise ArithmeticError("so it ends")


def told():
    yield os.environ["TOLD"]
