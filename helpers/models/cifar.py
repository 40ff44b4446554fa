"""The small network for colour images of many early listings: four convolutions, two dense."""

from .. import nn
from ..ops._arguments import as_int


def cifar_net(rng, width=32, dropout=(0.25, 0.5), size=32, classes=10):
    """Return a network for images (N, 3, size, size); 1,250,858 parameters as it stands.

    Twice: a 3×3 convolution with a border of zeros, one without, each with ReLU, 2×2 maxima,
    dropout; then a dense layer with ReLU and dropout, and one for the classes. rng: a numpy
    Generator, draws the weights (He's; of the last layer small ones) and later the masks. width:
    kernels in each of the first two convolutions; the next two have twice, the dense layer 16 times
    as many. dropout: the probabilities after pooling and after the dense layer.
    Raises ValueError for a size below 10, width or classes below 1, and probabilities outside 0
    to 1.
    """
    as_int(width, "width", 1)
    # Two valid 3×3 convolutions and two halvings leave a pixel.
    as_int(size, "size", 10)
    as_int(classes, "classes", 1)
    if not isinstance(dropout, tuple | list) or len(dropout) != 2:
        raise ValueError(f"dropout is {dropout!r}; expected two probabilities, as (0.25, 0.5)")
    early, late = dropout

    def block(inputs, outputs):
        return [
            nn.Conv2D(inputs, outputs, 3, padding=1, rng=rng),
            nn.ReLU(),
            nn.Conv2D(outputs, outputs, 3, rng=rng),
            nn.ReLU(),
            nn.MaxPool2D(2),
            nn.Dropout(early, rng=rng),
        ]

    side = ((size - 2) // 2 - 2) // 2
    return nn.Sequential(
        *block(3, width),
        *block(width, 2 * width),
        nn.Flatten(),
        nn.Linear(2 * width * side**2, 16 * width, rng=rng),
        nn.ReLU(),
        nn.Dropout(late, rng=rng),
        nn.Linear(16 * width, classes, rng=rng, init=0.01),
    )
