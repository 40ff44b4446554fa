# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Bend the line with activations

## What you will see, do, and need

**See** why a network needs something that is not linear between its layers, four functions that do it, and what their slopes do to learning in deep networks.

**Do** each function and its slope by hand, in NumPy and with Paddle; measure how the gradient fades on its way through twenty layers; train on digits with three of them; kill units with one careless step.

**Need** dense layers and training from chapter 01, gradients and learning rates from chapter 05, pooling from chapter 06. About 60 minutes.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import ops
from helpers.chains import chain_weights, trace_chain
from helpers.data import load_digits
from helpers.figures import activations as draw
from helpers.figures.curves import curves
from helpers.training import fit

import paddle
import paddle.nn.functional as F
from paddle import nn

# %% [markdown]
r"""
## Two straight lines make a straight line

A dense layer multiplies by a table of weights and adds a bias: a **linear** step. So does a convolution (chapter 02 wrote it as a table). Put two linear steps in a row, and there is one linear step that does the same: multiply the tables. A hundred linear layers are worth one. Computed:
"""

# %%
rng = np.random.default_rng(0)
x, first, second = rng.normal(size=(5, 4)), rng.normal(size=(4, 6)), rng.normal(size=(6, 3))
b, c = rng.normal(size=6), rng.normal(size=3)
two_layers = ops.linear(ops.linear(x, first, b), second, c)
one_layer = ops.linear(x, first @ second, b @ second + c)
assert np.allclose(two_layers, one_layer)
tensors = [paddle.to_tensor(array) for array in (x, first, b, second, c)]
in_paddle = F.linear(F.linear(*tensors[:3]), *tensors[3:])
assert np.allclose(in_paddle.numpy(), two_layers)

# %% [markdown]
r"""
A bend between them changes everything. The simplest bend is a hinge: 0 for negative numbers, the number itself for positive ones. It is called **ReLU** (rectified linear unit). Two hinges, one upwards and one downwards, already make a step, and many of them follow any curve. On the right we let 2 and 12 hinges at fixed places fit one wave of a sine, choosing only their weights; without hinges nothing better than a line is possible.
"""

# %%
x = np.linspace(-3, 3, 400)
parts = {"ReLU(x + 1)": ops.relu(x + 1), "−ReLU(x − 1)": -ops.relu(x - 1)}


def fit_with_hinges(count):
    places = np.linspace(-3, 3, count + 2)[1:-1]
    columns = np.column_stack([np.ones_like(x), x, *(ops.relu(x - place) for place in places)])
    return columns @ np.linalg.lstsq(columns, np.sin(x))[0]


# %%
fits = {f"{count} hinges": fit_with_hinges(count) for count in (0, 2, 12)}
draw.hinges(x, parts, {"sum": sum(parts.values())}, ("sin x", np.sin(x)), fits)
plt.show()

# %%
errors = [np.abs(y - np.sin(x)).max() for y in fits.values()]
print("largest error:", *(f"{name} {error:.2f}," for name, error in zip(fits, errors, strict=True)))
assert errors[0] > 0.5 > errors[1] > errors[2] and errors[2] < 0.05

# %% [markdown]
r"""
The function between two layers is called the **activation**. It works on each number by itself, costs next to nothing, and has no parameters. Any bend would do in principle; which one is chosen decides how well a deep network can be trained, as the rest of this chapter measures.

## Four activations and their slopes

- **Sigmoid**, $1/(1 + e^{-x})$, squashes into 0 … 1.
- **tanh**, $(e^x - e^{-x})/(e^x + e^{-x})$, squashes into −1 … 1.
- **ReLU**, $\max(0, x)$.
- **Leaky ReLU**, $x$ for positive numbers and a small share of it, 0.01 say, for negative ones.

Training needs the **slope** of each, the *derivative*: how much the output changes when the input changes a little. By hand at 0: the sigmoid is 1/(1 + 1) = 1/2. Its slope is $y\,(1 - y)$ for output $y$, here 1/2 · 1/2 = 1/4. Written in $x$ it is $1/(2 + e^x + e^{-x})$, and since $e^x + e^{-x}$ is smallest, 2, at 0, the slope is nowhere larger than 1/4. The slope of tanh is $1 - y^2$, at most 1; of ReLU, 0 or 1. The functions in `helpers.ops` come in pairs: `sigmoid(x)` computes the output, and `sigmoid_backward(grad_y, x)` multiplies a gradient that arrives from behind by the slope at `x`.

Each pair below shows the function and its slope, with tangents at −2 and 2. Where the slope jumps, the full dot is the value that is taken at 0.
"""

# %%
shown = {"sigmoid": "sigmoid", "tanh": "tanh", "ReLU": "relu"}
shown["leaky ReLU, share 0.1"] = ("leaky_relu", {"negative_slope": 0.1})
draw.curve_and_slope(shown, marks=(-2, 2))
plt.show()

# %%
x = np.arange(-10, 10, 0.1)
in_paddle = {"sigmoid": F.sigmoid, "tanh": paddle.tanh, "relu": F.relu, "leaky_relu": F.leaky_relu}
for name, function in in_paddle.items():
    tensor = paddle.to_tensor(x, stop_gradient=False)
    y = function(tensor)
    y.sum().backward()
    assert np.allclose(getattr(ops, name)(x), y.numpy())
    assert np.allclose(getattr(ops, f"{name}_backward")(np.ones_like(x), x), tensor.grad.numpy())

# %%
slope = ops.sigmoid_backward(np.ones_like(x), x)
assert np.allclose(slope, 1 / (2 + np.exp(x) + np.exp(-x)))
assert slope.max() <= 1 / 4 and ops.sigmoid_backward(np.ones(1), np.zeros(1)) == 1 / 4
assert ops.relu(np.array([-2.0, 3])).tolist() == [0, 3]
assert np.allclose(ops.leaky_relu(np.array([-2.0, 3])), [-0.02, 3])

# %% [markdown]
r"""
> **Correction.** *Commonly left out:* the slope of ReLU at exactly 0. *True:* it does not exist, a corner has no slope, and frameworks have to choose. Paddle returns 0 for ReLU, and 1 for leaky ReLU.

> **Correction.** *Commonly written:* the ends of the sigmoid are "smooth", and happen for "small" negative numbers. *True:* the whole curve is smooth; its ends are **flat**, which is what matters. And the numbers at the left end are negative and *large in size*.
"""

# %%
for function, taken in ((F.relu, 0), (F.leaky_relu, 1)):
    zero = paddle.to_tensor([0.0], stop_gradient=False)
    function(zero).backward()
    assert zero.grad.tolist() == [taken]
far, near = ops.sigmoid_backward(np.ones(2), np.array([-10.0, -0.1]))
print(f"slope of the sigmoid at −10: {far:.5f}, at −0.1: {near:.3f}")

# %% [markdown]
r"""
### Safe at ±1000

A computer's numbers end near $10^{308}$, and $e^{1000}$ is beyond. The sigmoid has a second form, $e^x/(1 + e^x)$, the same number in theory; at 1000 it becomes infinity divided by infinity, "not a number". `ops.sigmoid` uses the form whose exponent is negative on each side.
"""

# %%
far_out = np.array([-1000.0, 0, 1000])
with np.errstate(over="ignore", invalid="ignore"):
    naive = np.exp(far_out) / (1 + np.exp(far_out))
print("naive", naive, " safe", ops.sigmoid(far_out))
assert np.isnan(naive[2]) and ops.sigmoid(far_out).tolist() == [0, 0.5, 1]
assert F.sigmoid(paddle.to_tensor(far_out)).tolist() == [0, 0.5, 1]

# %% [markdown]
r"""
## The gradient on its way back

To train a layer we ask how the loss changes when the layer's numbers change. For a layer deep inside, the answer is a product: the slopes of all activations *between it and the loss*, times the weights of the layers in between (chapter 10 does this in full). With the sigmoid each slope is at most 1/4, so after $n$ layers the slopes alone leave at most $(1/4)^n$:
"""

# %%
for layers in (1, 5, 10, 20):
    print(f"{layers:2} layers: at most {0.25**layers:.0e}")

# %% [markdown]
r"""
That is a bound, and weights can make up for it or add to it. So we measure, with `helpers.chains`, which does no more than call `linear`, the activation and their `_backward` in turn. A chain of 10 or of 20 dense layers of 50 units each, a hundred digits at the input, and the length of the gradient at each layer. The weights start at random, in one of three ways: **small** numbers (standard deviation 0.01); **Xavier** (Glorot and Bengio, 2010), $\sqrt{2/(n_\text{in} + n_\text{out})}$, which keeps the size of numbers in a *linear* chain; **He** (2015), $\sqrt{2/n_\text{in}}$, twice the variance, because ReLU sets half of the numbers to 0. Five seeds each.
"""

# %%
digits = load_digits(size=8)
x, labels = digits.train[0][:100].reshape(100, 64).astype(float), digits.train[1][:100]


def gradient_lengths(depth, init, activation, seed):
    weights = chain_weights((64, *[50] * depth, 10), init, np.random.default_rng(seed))
    return trace_chain(x, labels, weights, activation).sum_grads


# %%
runs = []
for depth in (10, 20):
    networks = {}
    for init in ("small", "xavier", "he"):
        names = {"sigmoid": "sigmoid", "tanh": "tanh", "ReLU": "relu"}
        lines = {
            n: [gradient_lengths(depth, init, a, s) for s in range(5)] for n, a in names.items()
        }
        networks[f"{depth} layers, {init}"] = lines
    runs.append(networks)
draw.norms_by_layer(runs)
plt.show()

# %% [markdown]
r"""
Read each panel from right to left, the way the gradient goes. The scale is logarithmic: one mark is a factor of many thousands. The sigmoid fades under every initialisation. Small weights make everything fade. tanh holds with Xavier and grows a little with He; ReLU holds with He and fades slowly with Xavier, which was made for functions that do not throw half of their input away.
"""

# %%
share = {}
for networks in runs:
    for title, panel in networks.items():
        for name, lines in panel.items():
            first, *_, last = np.log(lines).mean(axis=0)
            share[title, name] = np.exp(first - last)
for title in ("20 layers, small", "20 layers, xavier", "20 layers, he"):
    print(f"{title:18}", *(f"{n} {share[title, n]:.0e}" for n in ("sigmoid", "tanh", "ReLU")))
assert share["20 layers, he", "ReLU"] > 0.1 and share["20 layers, he", "sigmoid"] < 1e-6

# %% [markdown]
r"""
The printed numbers say what share of the gradient at the last layer arrives at the first (the geometric mean of five seeds). A share of $10^{-10}$ means that the first layer would need ten thousand million times the learning rate of the last one.

> **Correction.** *Commonly written:* the gradients of the deep layers, near the output, vanish. *True:* those near the **input** do; the gradient starts at the output, and its way to the last layers is short.

> **Correction.** *Commonly written:* with sigmoids the sums are very large or very small, and so land on the flat ends. *True:* only under careless initialisation. With Xavier they stay near 0, where the slope is largest, and the gradient fades all the same, by a quarter and less each layer. The next cell draws where the sums of the fifth layer fall.
"""


# %%
def fifth_sums(init):
    weights = chain_weights((64, *[50] * 10, 10), init, np.random.default_rng(0))
    return trace_chain(x, labels, weights, "sigmoid").sums[4]


sums = {"Xavier": fifth_sums("xavier"), "careless, deviation 1": fifth_sums(1.0)}
draw.sums_under_slope(sums)
plt.show()

# %%
flat = {name: np.mean(ops.sigmoid_backward(np.ones_like(s), s) < 0.01) for name, s in sums.items()}
assert flat["Xavier"] == 0 and flat["careless, deviation 1"] > 0.2

# %% [markdown]
r"""
> **Correction.** *Commonly written:* ReLU solves the problem, its slope is 1. *True:* its slope is 1 *or 0*, and the weights are in the product too. With small weights the gradient vanishes through ReLU, with large ones it explodes. Measured over ten layers:
"""

# %%
for deviation in (0.01, 0.2, 0.5):
    lengths = gradient_lengths(10, deviation, "relu", seed=0)
    print(
        f"weights of deviation {deviation}: {lengths[0] / lengths[-1]:.0e} of the gradient arrives"
    )

# %% [markdown]
r"""
> **Think.** Why 0.2? Compute He's deviation for 50 inputs.
>
> <details><summary>Answer</summary>
>
> √(2/50) = 0.2. Each layer then keeps the size of the gradient on average; 0.5 multiplies it by about 2.5 a layer, and ten layers by nearly ten thousand.
>
> </details>

## On digits

A LeNet-like network (two convolutions of 5×5, each followed by the activation and average pooling, and two dense layers) on digits of 16×16 pixels, with plain gradient steps of rate 0.2, three seeds for each activation.
"""


# %%
def lenet(activation):
    layers = [nn.Conv2D(1, 6, 5, padding=2), activation(), nn.AvgPool2D(2)]
    layers += [nn.Conv2D(6, 16, 5, padding=2), activation(), nn.AvgPool2D(2), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(256, 84), activation(), nn.Linear(84, 10))


def learn(activation, seed):
    paddle.seed(seed)
    model, data = lenet(activation), load_digits(size=16)
    optimizer = paddle.optimizer.SGD(0.2, parameters=model.parameters())
    history = fit(model, optimizer, data.train, 15, test=data.test, batch_size=32, seed=seed)
    return history.test_accuracy


# %%
kinds = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "ReLU": nn.ReLU}
learned = {name: np.array([learn(kind, seed) for seed in range(3)]) for name, kind in kinds.items()}
assert learned["sigmoid"][:, 7].max() < 0.5 < learned["tanh"][:, 7].min()
assert learned["ReLU"][:, 7].min() > 0.8

# %% tags=["picture-trained"]
curves(learned, ylabel="test accuracy", limits=(0, 1))
plt.show()

# %% [markdown]
r"""
tanh and ReLU know most digits after two or three epochs. The sigmoid stays at chance (one in ten) for the first half of the training, and only then starts to learn: its first layers hardly receive a gradient. Nothing else differs between the curves. (Bands: from the worst to the best of three seeds.)

## Units that die

A ReLU unit whose sum is negative for *every* example has slope 0 for every example: no gradient reaches its weights, and it never comes back. One step that is much too large is enough. We take a network of 100 hidden units, count the dead ones, take a single step with learning rate 20, count again, train for ten epochs with a sensible rate, and see whether their weights have moved (one seed).
"""


# %%
def count_dead(model):
    sums = model[1](model[0](paddle.to_tensor(digits.train[0]))).numpy()
    return (sums <= 0).all(axis=0)


# %%
def careless(activation):
    paddle.seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 100), activation, nn.Linear(100, 10))
    before = count_dead(model).sum()
    optimizer = paddle.optimizer.SGD(20.0, parameters=model.parameters())
    x, labels = map(paddle.to_tensor, digits.train)
    F.cross_entropy(model(x), labels).backward()
    optimizer.step()
    optimizer.clear_grad()
    return model, before


# %%
for name, activation in {"ReLU": nn.ReLU(), "leaky ReLU": nn.LeakyReLU(0.1)}.items():
    model, before = careless(activation)
    dead, weights = count_dead(model), model[1].weight.numpy()
    assert before < 10 and dead.sum() > 35
    sensible = paddle.optimizer.SGD(0.1, parameters=model.parameters())
    accuracy = fit(model, sensible, digits.train, 10, test=digits.test).test_accuracy[-1]
    moved = np.abs(model[1].weight.numpy() - weights)[:, dead].max()
    print(f"{name}: did the weights of these units move in ten epochs? {bool(moved > 0)}")
    assert (moved == 0) == (name == "ReLU") and accuracy > 0.9

# %% [markdown]
r"""
Before the step fewer than ten of the 100 units are negative for every digit, after it more than 35 (both asserted). With ReLU their weights did not move by a single bit in ten epochs: the units are dead. With leaky ReLU the same units receive a tenth of the gradient, and move: the leak repairs it. (On these digits it makes little difference to the accuracy, above 0.9 in both cases: the surviving half of the units is enough. In a narrow or a deep network it can be all the difference.)

> **Think.** Can a unit be dead for the training digits and alive for a test digit?
>
> <details><summary>Answer</summary>
>
> Yes, if the test digit lies beyond what training has shown. It then speaks with weights that nobody has trained.
>
> </details>

## What you have seen, done, and can now use

- **Without a bend** all layers are one; with hinges a network follows any curve.
- **Sigmoid** has slope at most 1/4 and flat ends, **tanh** at most 1, **ReLU** 0 or 1, **leaky ReLU** never 0.
- **Gradients fade** towards the input: always with the sigmoid, with others if the initial weights are too small; they explode if the weights are too large. Xavier suits tanh, He suits ReLU.
- **Units die** under ReLU after a careless step, and cannot return.

## Exercises

1. tanh is a sigmoid in disguise: find $a$, $b$ and $c$ with $\tanh x = a\,\sigma(b x) + c$, and check it.
2. Write the absolute value and the maximum of two numbers with ReLU and linear steps only.
3. Which deviation keeps the gradient's length through ten layers of *leaky* ReLU with share 0.1? Guess from the mean square of its slope, then measure.
4. Softplus, $\ln(1 + e^x)$, is a smooth ReLU. Show by finite differences that its slope is the sigmoid.

The cells below hold one solution each.
"""

# %% tags=["solution"]
z = np.linspace(-5, 5, 101)
assert np.allclose(np.tanh(z), 2 * ops.sigmoid(2 * z) - 1)

# %% tags=["solution"]
u, v = rng.normal(size=100), rng.normal(size=100)
assert np.allclose(np.abs(u), ops.relu(u) + ops.relu(-u))
assert np.allclose(np.maximum(u, v), u + ops.relu(v - u))

# %% tags=["solution"]
deviation = np.sqrt(2 / (1 + 0.1**2) / 50)
ratios = []
for seed in range(5):
    weights = chain_weights((64, *[50] * 10, 10), deviation, np.random.default_rng(seed))
    lengths = trace_chain(x, labels, weights, "leaky_relu", negative_slope=0.1).sum_grads
    ratios.append(lengths[0] / lengths[-1])
assert 0.3 < np.mean(ratios) < 3

# %% tags=["solution"]
step = 1e-5
slope = (np.log1p(np.exp(z + step)) - np.log1p(np.exp(z - step))) / (2 * step)
assert np.allclose(slope, ops.sigmoid(z), atol=1e-8)

# %% [markdown]
r"""
## Further reading

- X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010, [Proceedings of Machine Learning Research 9](https://proceedings.mlr.press/v9/glorot10a.html).
- V. Nair and G. Hinton, *Rectified linear units improve restricted Boltzmann machines*, 2010, [ICML](https://icml.cc/Conferences/2010/papers/432.pdf).
- K. He and others, *Delving deep into rectifiers*, 2015, [arXiv 1502.01852](https://arxiv.org/abs/1502.01852).
- A. Maas, A. Hannun and A. Ng, *Rectifier nonlinearities improve neural network acoustic models*, 2013: leaky ReLU.

Next: chapter 08 keeps the sums in range while the network trains, instead of only at the start.
"""
