"""What several tests need."""


def texts(ax):
    """The texts written in an Axes, in the order of their drawing."""
    return [text.get_text() for text in ax.texts]


def for_paddle(padding):
    """Padding in one of our forms as Paddle writes it."""
    if isinstance(padding, str):
        return padding.upper()
    if isinstance(padding, int):
        return padding
    return [*padding[0], *padding[1]] if isinstance(padding[0], tuple) else list(padding)
