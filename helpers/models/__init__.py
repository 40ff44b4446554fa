"""Networks with names, in helpers.nn; `helpers.twins.in_paddle` makes them Paddle's."""

from . import famous
from .cifar import cifar_net
from .densenet import dense_layer, dense_net, dense_rival, mixed, transition
from .from_description import build
from .lenet import lenet5
from .resnet import residual_block, residual_net, resnet18

__all__ = [
    "build",
    "cifar_net",
    "dense_layer",
    "dense_net",
    "dense_rival",
    "famous",
    "lenet5",
    "mixed",
    "residual_block",
    "residual_net",
    "resnet18",
    "transition",
]
