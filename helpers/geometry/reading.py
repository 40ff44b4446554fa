"""From a list of descriptions, or a model that can be described, to one layer after the other."""

from ..stacks import Layer


def read(layers):
    """Yield the layers of a list, of a model of `helpers.nn`, or of Paddle's Sequential.

    Raises ValueError for what is neither, and for what a list must not hold.
    """
    if hasattr(layers, "describe"):
        layers = layers.describe()
    elif is_paddle(layers):
        from .paddle_models import describe_chain

        layers = describe_chain(layers)
    if not isinstance(layers, tuple | list):
        raise ValueError(f"layers is {layers!r}; expected a list of what conv, pool, … return")
    for index, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise ValueError(
                f"layers[{index}] is {layer!r}; expected what conv, pool and their like return"
            )
        yield layer


def is_paddle(model):
    """Tell whether a model is one of Paddle's, without importing Paddle."""
    return hasattr(model, "register_forward_post_hook")
