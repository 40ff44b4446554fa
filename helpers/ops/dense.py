"""The dense layer: every output is a weighted sum of all inputs."""

from ._arguments import as_batch, as_output_gradient, check_same_dtype, quiet


@quiet
def linear(x, weight, bias=None):
    """Multiply by a matrix and add a bias.

    x: (N, in_features); weight: (in_features, out_features), as Paddle stores it; bias:
    (out_features,); all float32 or all float64. Returns (N, out_features).
    Raises ValueError for shapes that do not fit and for other dtypes.
    """
    x, weight, bias = _arguments(x, weight, bias)
    y = x @ weight
    return y if bias is None else y + bias


@quiet
def linear_backward(grad_y, x, weight, bias=None):
    """Return the gradients (grad_x, grad_weight, grad_bias or None), shaped like x, weight, bias.

    grad_y: (N, out_features). Errors are those of `linear`.
    """
    x, weight, bias = _arguments(x, weight, bias)
    grad_y = as_output_gradient(grad_y, (len(x), weight.shape[1]), x)
    return grad_y @ weight.T, x.T @ grad_y, None if bias is None else grad_y.sum(axis=0)


def _arguments(x, weight, bias):
    x, weight = as_batch(x, "x", dims=2), as_batch(weight, "weight", dims=2)
    if x.shape[1] != len(weight):
        raise ValueError(
            f"x has {x.shape[1]} features; weight of shape {weight.shape} expects {len(weight)}"
        )
    if bias is not None:
        bias = as_batch(bias, "bias", dims=1)
        if bias.size != weight.shape[1]:
            raise ValueError(f"bias has {bias.size} values; expected {weight.shape[1]}")
    check_same_dtype(x, weight=weight, bias=bias)
    return x, weight, bias
