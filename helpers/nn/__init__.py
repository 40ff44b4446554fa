"""Networks in NumPy: layers with a way back, optimisers and a training loop, thin over `ops`."""

from .activation import ReLU, Sigmoid, Tanh
from .containers import Concat, Residual, Sequential
from .convolution import Conv2D
from .dense import Flatten, Linear
from .layer import Layer, Parameter
from .normalization import BatchNorm1D, BatchNorm2D
from .optimizers import SGD, Adam, AdamW, Momentum, RMSProp
from .pooling import AvgPool2D, GlobalAvgPool2D, MaxPool2D
from .regularization import Dropout
from .saving import load, save
from .schedules import CosineAnnealingDecay, LinearWarmup, StepDecay
from .training import History, evaluate, fit, predict

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "AvgPool2D",
    "BatchNorm1D",
    "BatchNorm2D",
    "Concat",
    "Conv2D",
    "CosineAnnealingDecay",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2D",
    "History",
    "Layer",
    "Linear",
    "LinearWarmup",
    "MaxPool2D",
    "Momentum",
    "Parameter",
    "RMSProp",
    "ReLU",
    "Residual",
    "Sequential",
    "Sigmoid",
    "StepDecay",
    "Tanh",
    "evaluate",
    "fit",
    "load",
    "predict",
    "save",
]
