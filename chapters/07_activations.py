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

Without a bend between them, all layers of a network are worth one. The bend also scales every gradient on its way back through the layers. So it decides what a network can compute, and how much each layer can learn.

## What you will see, do, and need

**See** why a network needs a step between its layers that is not linear. See four functions that do it, and what their slopes and their means do to learning in deep networks.

**Do** one step of learning by hand. Compute each function and its slope by hand, in NumPy and with Paddle. Measure gradients in twenty layers, watch layers learn, and kill units with one careless step.

**Need** dense layers from [chapter 01](01_history.ipynb), gradients and learning rates from [chapter 05](05_edges_and_blur.ipynb). About 50 minutes, and 15 more for the two sections marked *Deeper*.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, explore, figures, ops
from helpers.chains import chain_weights, trace_chain
from helpers.checks import activations as check
from helpers.checks import tell
from helpers.data import load_digits
from helpers.networks import Networks
from helpers.training import draw_weights

import paddle
import paddle.nn.functional as F
from paddle import nn

# %% [markdown]
r"""
## Two straight lines make a straight line

A dense layer multiplies by a table of weights and adds a bias. A convolution does that too, with a table of its own kind ([chapter 02](02_convolution.ipynb)). We call such a step **linear**. (With a bias it is not linear in the strict sense of [chapter 02](02_convolution.ipynb); the field uses the word for both.) Take a layer $3x + 1$ and after it a layer $2y + 4$. Together they are $2(3x + 1) + 4 = 6x + 6$, which is one linear layer. With tables it is the same: multiply the tables (`@`). A hundred linear layers are worth one.
"""

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=(5, 4))
first = rng.normal(size=(4, 6))
second = rng.normal(size=(6, 3))
two_layers = ops.linear(ops.linear(x, first), second)
one_layer = ops.linear(x, first @ second)
hidden = F.linear(paddle.to_tensor(x), paddle.to_tensor(first))
in_paddle = F.linear(hidden, paddle.to_tensor(second))
agree(two_layers=two_layers, one_layer=one_layer, paddle=in_paddle)

# %% [markdown]
r"""
A bend between the layers changes this. The simplest bend is a hinge: 0 for negative numbers, the number itself for positive ones. It is called **ReLU** (rectified linear unit). Two hinges, one upwards and one downwards, already make a step. Many hinges follow any continuous curve on an interval, as closely as we want.

Does any bend do? In the right panel below, three sets of building blocks try to follow one wave of a sine. Only their weights are chosen: `np.linalg.lstsq` finds those with the smallest sum of squared errors. Each set also has a constant and a straight line. **Predict** before you look: how good are twelve hinges, and how good are twelve squares $(x - p)^2$ at the same twelve places $p$?
"""

# %%
x = np.linspace(-3, 3, 400)
wave = np.sin(x)


def best_fit(block, count):
    columns = [np.ones_like(x), x]
    for place in np.linspace(-3, 3, count + 2)[1:-1]:
        columns.append(block(x - place))
    columns = np.column_stack(columns)
    weights = np.linalg.lstsq(columns, wave)[0]
    return columns @ weights


# %%
parts = {"ReLU(x + 1)": ops.relu(x + 1), "−ReLU(x − 1)": -ops.relu(x - 1)}
total = {"sum": ops.relu(x + 1) - ops.relu(x - 1)}
fits = {"straight line": best_fit(ops.relu, 0), "12 squares": best_fit(np.square, 12)}
fits["12 hinges"] = best_fit(ops.relu, 12)
left, right = figures.hinges(x, parts, total, ("sin x", wave), fits)
left.set_title("Two hinges make a step")
right.set_title("Squares stay straight, hinges follow")
plt.show()

# %%
print(f"largest error of 12 hinges: {np.abs(fits['12 hinges'] - wave).max():.2f}")
squares = best_fit(np.square, 100)
agree(straight_line=fits["straight line"], twelve_squares=fits["12 squares"], hundred=squares)

# %% [markdown]
r"""
Twelve squares, or a hundred, add up to one parabola, however they are weighted. The best parabola for this wave is the straight line. So not any bend will do. A sum of polynomials of one degree is a polynomial of at most that degree, and more units do not help. With a continuous bend that is *not* a polynomial, one layer with enough units follows every continuous curve on an interval (Leshno and others, 1993).

The function between two layers is called the **activation**. It works on each number by itself and usually has no parameters.
"""

# %% [markdown]
r"""
## How a network learns

[Chapter 01](01_history.ipynb) trained networks, and we owe you the details. Here is one step of learning with numbers small enough for paper. A **unit** is one output of a layer. It multiplies each input by a weight, adds the products and a bias, and the result is its **sum**. The sums of the last layer are the **scores**, one for each class.

1. **Score.** The inputs are 1 and 2. The weights of three classes, cat, dog and bird, are (1, 0), (0, 0) and (0, 0). The scores are 1, 0 and 0.
2. **Softmax** turns scores into shares: $e^{\text{score}}$ of the class, divided by the sum of these over all classes. Cat gets 2.718 / (2.718 + 1 + 1) = 0.576, dog and bird get 0.212 each. Shares are positive and add up to 1.
3. **Loss.** The right class is dog. The *cross-entropy* is minus the logarithm of its share: −ln 0.212 = 1.551. A share of 1 would give a loss of 0.
4. **Gradient.** How much does the loss change when one number changes a little and the others stay? This slope is written ∂loss/∂score. For softmax and cross-entropy together it is the share, minus 1 for the right class: 0.576, −0.788, 0.212. For a weight it is the slope of the score times the input of the weight.

(`agree` allows a difference of 0.001 here, because our hand rounds. `linear_backward` returns the gradients of the input, the weight and the bias. `stop_gradient=False` asks Paddle for the gradient of a tensor.)
"""

# %%
x = np.array([[1.0, 2]])
weight = np.array([[1.0, 0, 0], [0, 0, 0]])
dog = np.array([1])
scores = ops.linear(x, weight)
scores_gradient = ops.cross_entropy_backward(scores, dog)
gradient = ops.linear_backward(scores_gradient, x, weight)[1]

# %%
in_paddle = paddle.to_tensor(weight, stop_gradient=False)
paddle_scores = F.linear(paddle.to_tensor(x), in_paddle)
loss = F.cross_entropy(paddle_scores, paddle.to_tensor(dog))
loss.backward()
shares = [[0.576, 0.212, 0.212]]
agree(1e-3, by_hand=shares, numpy=ops.softmax(scores), paddle=F.softmax(paddle_scores))
agree(1e-3, by_hand=1.551, numpy=ops.cross_entropy(scores, dog), paddle=loss)
by_hand = [[0.576, -0.788, 0.212], [1.152, -1.576, 0.424]]
agree(1e-3, by_hand=by_hand, numpy=gradient, paddle=in_paddle.grad)

# %% [markdown]
r"""
5. **Step.** Subtract the gradient from the weights, times a small number, the **learning rate**. With rate 0.1 the weight from input 2 to dog becomes 0 + 0.1 · 1.576 = 0.158. Do it for all six weights, and the scores become 0.712, 0.394 and −0.106. The loss falls from 1.551 to 1.092.
"""

# %%
better = weight - 0.1 * gradient
new_scores = ops.linear(x, better)
agree(1e-3, by_hand=[[0.712, 0.394, -0.106]], numpy=new_scores)
agree(1e-3, by_hand=1.092, numpy=ops.cross_entropy(new_scores, dog))
steps = {"scores": scores[0], "shares": ops.softmax(scores)[0]}
steps["∂loss/∂score"] = scores_gradient[0]
steps["new shares"] = ops.softmax(new_scores)[0]
figures.learning_step(steps, ["cat", "dog", "bird"], right=1)
plt.show()

# %% [markdown]
r"""
Real training repeats this with many examples. One step uses a **batch**, 32 examples say, and the mean of their losses. One pass over all examples is an **epoch**: 1,280 digits make 40 steps. What takes the steps is the **optimiser**. Ours subtracts rate times gradient and nothing else; its name is SGD, *stochastic gradient descent*, because a batch is a random sample. Here is one epoch for one dense layer on digits of 8×8 pixels, in NumPy and with Paddle, from the same start. (`"xavier"` is a way to draw first weights, explained below.)
"""

# %%
digits = load_digits(size=8)
x = digits.train[0][:1280].reshape(1280, 64)
labels = digits.train[1][:1280]
model = draw_weights(nn.Linear(64, 10), np.random.default_rng(0), "xavier")
weight = model.weight.numpy()
bias = model.bias.numpy()
for start in range(0, 1280, 32):
    batch = x[start : start + 32]
    scores = ops.linear(batch, weight, bias)
    gradient = ops.cross_entropy_backward(scores, labels[start : start + 32])
    gradients = ops.linear_backward(gradient, batch, weight, bias)
    weight = weight - 0.5 * gradients[1]
    bias = bias - 0.5 * gradients[2]

# %%
optimizer = paddle.optimizer.SGD(0.5, parameters=model.parameters())
for start in range(0, 1280, 32):
    scores = model(paddle.to_tensor(x[start : start + 32]))
    loss = F.cross_entropy(scores, paddle.to_tensor(labels[start : start + 32]))
    loss.backward()
    optimizer.step()
    optimizer.clear_grad()
in_paddle = np.vstack([model.weight.numpy(), model.bias.numpy()])
agree(numpy=np.vstack([weight, bias]), paddle=in_paddle)

# %% [markdown]
r"""
After 40 steps all 650 numbers agree. `backward` computes the gradients, `step` subtracts them, and `clear_grad` forgets them before the next batch. When training is over, `model.eval()` says so to the layers that behave differently in use. One such layer is dropout ([chapter 09](09_dropout.ipynb)): in training it sets about half of the numbers to 0, at random, and doubles the others, and after `eval()` it changes nothing. `helpers.training.fit` is this loop, with the batches in a new random order in each epoch.
"""

# %%
dropout = nn.Dropout(0.5)
dropout.eval()
agree(by_hand=[1, 1, 1, 1], paddle=dropout(paddle.ones([4])))
test = digits.test[0].reshape(500, 64)
right = ops.linear(test, weight, bias).argmax(axis=1) == digits.test[1]
print(f"test digits that one layer recognises after one epoch: about {right.mean():.1f} of all")

# %% [markdown]
r"""
## Four activations and their slopes

- **Sigmoid**, $\sigma(x) = 1/(1 + e^{-x})$, gives numbers from 0 to 1.
- **tanh**, $(e^x - e^{-x})/(e^x + e^{-x})$, gives numbers from −1 to 1.
- **ReLU**, $\max(0, x)$.
- **Leaky ReLU**, $x$ for positive numbers, and a small part of it for negative ones. The drawing takes 0.1; Paddle takes 0.01 if nothing is said.

Training needs the **slope** of each: how much the output changes when the input changes a little. By hand at 0: the sigmoid is 1/(1 + 1) = 1/2. Its slope is $y\,(1 - y)$ for output $y$, here 1/2 · 1/2 = 1/4. In $x$ this is $1/(2 + e^x + e^{-x})$. Since $e^x + e^{-x}$ is smallest at 0, where it is 2, the slope is nowhere larger than 1/4. The slope of tanh is $1 - y^2$, at most 1. The slope of ReLU is 0 or 1.

In `helpers.ops`, `sigmoid_backward(grad_y, x)` multiplies a gradient that arrives from the next layer by the slope at `x`. All slopes below share one axis. At 0 the slopes of the ReLUs jump; the full dot is the value that Paddle takes there.
"""

# %%
shown = {"sigmoid": "sigmoid", "tanh": "tanh", "ReLU": "relu"}
shown["leaky ReLU, 0.1"] = ("leaky_relu", {"negative_slope": 0.1})
figures.curve_and_slope(shown, marks=(-2, 2))
plt.show()


# %%
def in_paddle(activation):
    tensor = paddle.to_tensor(x, stop_gradient=False)
    activation(tensor).sum().backward()
    return tensor.grad


# %%
x = np.array([-2.0, 0, 2])
one = np.ones(3)
sigmoid = [0.105, 0.25, 0.105]
tanh = [0.071, 1, 0.071]
agree(1e-3, by_hand=sigmoid, numpy=ops.sigmoid_backward(one, x), paddle=in_paddle(F.sigmoid))
agree(1e-3, by_hand=tanh, numpy=ops.tanh_backward(one, x), paddle=in_paddle(paddle.tanh))
agree(by_hand=[0, 0, 1], numpy=ops.relu_backward(one, x), paddle=in_paddle(F.relu))
leaky = ops.leaky_relu_backward(one, x)
agree(by_hand=[0.01, 1, 1], numpy=leaky, paddle=in_paddle(F.leaky_relu))

# %% [markdown]
r"""
## The gradient on its way back

For a layer deep inside, the gradient is a product. It holds the slopes of all activations between the layer and the loss, and the weights of the layers in between ([chapter 10](10_backpropagation.ipynb) does this in full). With the sigmoid every slope is at most 1/4. After twenty layers the slopes alone leave at most $(1/4)^{20}$, about $10^{-12}$.

This famous number is about the gradients of *sums*. But training does not change sums, it changes **weights**. So let us follow both, by hand, in a very small deep network. It has three layers with one unit each, no bend, and every weight is 1/2. The input is 1, and the output is the loss.

| layer | input | sum | gradient of the sum | gradient of the weight = input · gradient of the sum |
|---|---|---|---|---|
| 1 | 1 | 1/2 | 1/4 | 1 · 1/4 = 1/4 |
| 2 | 1/2 | 1/4 | 1/2 | 1/2 · 1/2 = 1/4 |
| 3 | 1/4 | 1/8 | 1 | 1/4 · 1 = 1/4 |

On the way back the gradients of the sums are halved by each layer. On the way forward the inputs are halved too. The gradient of a weight is the product of both, and it is **the same in every layer**.
"""

# %%
inputs = np.array([1, 1 / 2, 1 / 4])
of_sums = np.array([1 / 4, 1 / 2, 1])
weights = []
y = paddle.ones([1])
for layer in range(3):
    weights.append(paddle.to_tensor([0.5], stop_gradient=False))
    y = y * weights[layer]
y.sum().backward()
of_weights = [weight.grad.item() for weight in weights]
agree(by_hand=[1 / 4, 1 / 4, 1 / 4], numpy=inputs * of_sums, paddle=of_weights)

# %% [markdown]
r"""
> **Think.** With a sigmoid after each layer the gradients of the sums shrink even faster. What do the inputs do?
>
> <details><summary>Answer</summary>
>
> They do not shrink. A sigmoid answers with numbers near 1/2, however small its sum is. So the gradients of the weights shrink towards the input as fast as those of the sums.
>
> </details>

### How large should the first weights be?

> **Activity: three tries.** Five minutes, alone or in pairs. A network has ten layers of 50 units with ReLU. Its weights are drawn at random, with mean 0. Choose their standard deviation, so that numbers have about the same size after ten layers as before. You have three tries. The cell draws twenty such networks and says what happens. Think before each try: what does the factor of one layer become after ten?
"""

# %%
my_deviation = ...
tell(check.deviation, my_deviation)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> The first try may be far away. With 0.1 about $10^{-3}$ of the size is left, and this tells the rest. Ten equal factors make $10^{-3}$, so each layer has the factor $10^{-0.3} = 0.5$, and twice the deviation is needed: 0.2. The next lines say why it is 0.2 for 50 units.
>
> </details>

Weights start at random, with mean 0. How large should they be, that is, which **variance** $v$ (mean square) should they have? Four lines:

1. A sum adds $n_\text{in}$ products weight · input. The weights are independent, so variances add: the sum has the variance $n_\text{in} \cdot v \cdot (\text{mean of input}^2)$.
2. If the inputs are the sums of the layer before, their size stays the same for $n_\text{in} \cdot v = 1$. On the way back a gradient adds $n_\text{out}$ products, which asks for $n_\text{out} \cdot v = 1$.
3. **Xavier** (Glorot and Bengio, 2010) takes the middle, $v = 2/(n_\text{in} + n_\text{out})$. It suits tanh, which is nearly $x$ for small numbers.
4. ReLU sets one half of the sums to 0 and so halves the mean square. **He** (2015) makes up for it: $v = 2/n_\text{in}$.
"""

# %%
sums = rng.normal(size=(10_000, 50))
he = rng.normal(size=(50, 2000)) * np.sqrt(2 / 50)
agree(0.01, by_hand=[1, 1 / 2], numpy=[np.mean(sums**2), np.mean(ops.relu(sums) ** 2)])
agree(0.05, by_hand=1, numpy=ops.linear(ops.relu(sums), he).var())

# %% [markdown]
r"""
### Twenty layers, measured

A chain of twenty dense layers of 50 units each, a hundred digits at the input, five random starts. *Small* weights have the standard deviation 0.01. One more activation takes part as a control: $\sigma(x) - \frac12$, **the sigmoid moved down**, so that 0 gives 0. It has exactly the slopes of the sigmoid. (It equals $\frac12 \tanh(x/2)$, and this form keeps its digits near 0.)

**Predict**: in which of the lower panels do the first layers get less than the last ones? From one mark of the vertical axis to the next is a factor of $10^5$.
"""


# %%
def centred(x):
    return ops.tanh(x / 2) / 2


x = np.linspace(-5, 5, 11)
agree(half_tanh=centred(x), sigmoid_minus_half=ops.sigmoid(x) - 1 / 2)
bends = {"sigmoid": "sigmoid", "σ − ½": (centred, ops.sigmoid_backward)}
bends["tanh"] = "tanh"
bends["ReLU"] = "relu"
digits_100 = digits.train[0][:100].reshape(100, 64).astype(float)
labels_100 = digits.train[1][:100]


# %%
def gradients_at_the_start(bend, init):
    sizes = [64] + [50] * 20 + [10]
    traces = []
    for seed in range(5):
        weights = chain_weights(sizes, init, np.random.default_rng(seed))
        traces.append(trace_chain(digits_100, labels_100, weights, bend))
    of_sums = np.array([trace.sum_grads for trace in traces])
    of_weights = np.array([trace.weight_grads for trace in traces])
    return of_sums, of_weights


# %%
rows = {"gradient of the sums": {}, "gradient of the weights": {}}
starts = {"small weights": "small", "Xavier": "xavier", "He": "he"}
for title, init in starts.items():
    of_sums = {}
    of_weights = {}
    for name, bend in bends.items():
        of_sums[name], of_weights[name] = gradients_at_the_start(bend, init)
    rows["gradient of the sums"][title] = of_sums
    rows["gradient of the weights"][title] = of_weights
figures.norms_by_layer(rows)
plt.show()

# %%
first_to_last = {}
for kind, panels in rows.items():
    print(f"{kind}: the first layer's divided by the last layer's, about")
    for title, lines in panels.items():
        found = []
        for name, lengths in lines.items():
            power = np.log10(lengths[:, 0] / lengths[:, -1]).mean()
            first_to_last[kind, title, name] = power
            found.append(f"{name} 10^{np.round(power) + 0.0:.0f}")
        print(f"  {title:13}", ",  ".join(found))

# %% [markdown]
r"""
The upper panels show the famous effect: the gradients of the sums fade towards the input. The lower panels show what learning rates act on, and there, of the four, only **the sigmoid starves its first layers**. Its outputs do not shrink, so nothing makes up for the fading gradient. With all other functions the gradient of the weights has nearly the same size in all twenty layers.

That is no comfort where the size is $10^{-12}$. Under small weights the other functions starve *all* layers alike. And $\sigma - \frac12$ shows what small slopes do by themselves: with Xavier's weights (lower middle panel) they cost it about twelve powers of ten, and every layer pays the same. With tanh and ReLU the gradients keep a useful size under the weights that were made for them.

> **Note.** We believed the common sentence "gradients vanish, so the layers near the input learn the slowest". The control $\sigma - \frac12$ changed our mind: equal slopes, equally fading gradients of the sums, and no layer behind another.
"""

# %%
for title in starts:
    assert first_to_last["gradient of the weights", title, "sigmoid"] < -8
    for name in ("σ − ½", "tanh", "ReLU"):
        assert abs(first_to_last["gradient of the weights", title, name]) < 1
for deviation in (0.01, 0.2, 0.5):
    of_weights = gradients_at_the_start("relu", deviation)[1]
    print(f"ReLU, deviation {deviation}: gradient of the first weights about 10^", end="")
    print(f"{np.round(np.log10(of_weights[:, 0]).mean()) + 0:.0f}")

# %% [markdown]
r"""
Does ReLU solve it, since its slope is 1? The slope is 1 *or 0*, and the weights are in the product too. The last cell shows that small weights starve a chain of ReLUs, and large ones let the gradient explode. The middle one, 0.2, is He's: √(2/50) = 0.2.

## Watch the layers learn

All this was the first step. What happens later? We train chains with five **hidden** layers, that is, layers before the one that gives the scores. Each activation gets five networks, and five epochs of plain steps with rate 0.1. (`helpers.networks` does what our loop did, for several networks at once.) Three things are worth watching in any network that does not learn:

- **What the layers hand on.** Layers whose outputs are all alike pass on nothing about the digit.
- **The gradient of the weights** in each layer.
- **The step divided by the weights**: rate times the length of the gradient, divided by the length of the weights. (The *length* is the root of the sum of squares.) At $10^{-3}$ a thousand steps can rebuild a layer. At $10^{-6}$ they change next to nothing.
"""

# %%
train = (digits.train[0][:1280].reshape(1280, 64), digits.train[1][:1280])
test = (digits.test[0].reshape(500, 64), digits.test[1])
runs = {}
outputs = {}
for activation, init in {"sigmoid": "xavier", "tanh": "xavier", "ReLU": "he"}.items():
    networks = Networks([64] + [50] * 5 + [10], 5, activation.lower(), init)
    before = networks.outputs(test[0])
    runs[activation] = networks.fit(train, 0.1, 5, batch_size=32, watch={"test": test})
    outputs[activation] = (before, networks.outputs(test[0]))
    steps = (runs[activation].update / runs[activation].length).mean(axis=(0, 1))
    starved = bool(steps[-1] > 100 * steps[0])
    learned = bool(runs[activation].accuracy["test"][:, -1].mean() > 0.5)
    assert starved == (activation == "sigmoid") and learned != starved
    print(f"{activation}: first layer starved {starved}, most test digits right {learned}")

# %% tags=["picture-trained"]
limits = {"gradient": (1e-4, 10), "step": (1e-6, 1e-1)}
figures.layers_while_training(runs, limits, outputs)
plt.show()

# %% [markdown]
r"""
Top: histograms of the outputs on 500 test digits, layer 1 at the bottom, as a line before the training and filled after it. (ReLU's many zeros are cut off.) With the sigmoid five epochs change next to nothing. In a step its first layer moves by a hundred-thousandth of its weights, its last layer by a hundredth. With tanh and ReLU all layers move by similar parts, near a hundredth, and most test digits are right in the end.

## Take away one half

Are the small slopes the whole reason for the sigmoid's silence? The sigmoid differs from tanh in two things: its slopes are a quarter, and its outputs have a **mean** of ½ instead of 0. So there are two controls, each of which changes one thing only. $\sigma - \frac12$ has small slopes and mean 0. $\tanh + \frac12$ has full slopes and mean ½.

Three hidden layers, ten networks each, batches of 20, rate 0.5, the same weights and the same batches for all. **Predict** the order of the four curves. The fifth one belongs to the sigmoid again, with *balanced* batches: each class exactly twice in every batch.
"""


# %%
def raised(x):
    return ops.tanh(x) + 1 / 2


def balanced(labels, rng):
    rows = [rng.permutation(np.flatnonzero(labels == digit))[:100] for digit in range(10)]
    return np.stack(rows, axis=1).ravel()


def accuracy(bend, order=None):
    networks = Networks((64, 50, 50, 50, 10), 10, bend, "xavier")
    watch = {"test": test}
    history = networks.fit(train, 0.5, 10, batch_size=20, watch=watch, order=order)
    return history.accuracy["test"].mean(axis=0)


# %% tags=["picture-trained"]
mean = {"sigmoid": accuracy("sigmoid")}
mean["sigmoid, balanced"] = accuracy("sigmoid", balanced)
mean["σ − ½"] = accuracy(bends["σ − ½"])
mean["tanh + ½"] = accuracy((raised, ops.tanh_backward))
mean["tanh"] = accuracy("tanh")
ax = figures.curves(mean, ylabel="test accuracy, mean of 10", limits=(0, 1))
ax.set_title("Small slopes and a mean of ½ together silence the sigmoid")
plt.show()

# %%
assert mean["sigmoid"][5] < 0.3 < 0.45 < mean["σ − ½"][5]
assert mean["sigmoid"][1] < 0.2 < 0.4 < mean["sigmoid, balanced"][1]
assert mean["tanh + ½"][2] > 0.8 and mean["tanh"][2] > 0.8
print("after 6 epochs σ − ½ is ahead of σ; with balanced batches σ starts at once")

# %% [markdown]
r"""
The half alone costs little: $\tanh + \frac12$ keeps up with tanh. The small slopes alone slow learning down: $\sigma - \frac12$ needs some epochs. Both together silence the sigmoid for five epochs. Why?

While nothing is learned, all digits get nearly the same shares. The gradient of a last weight is the mean over the batch of (share − 1 or 0) · input. Each input is ½ plus a little that depends on the digit. The little is the **signal**, and small slopes make it very little. The ½ is the same for all digits. Its part of the gradient depends only on how often each class occurs in the batch. A batch with four sevens moves all weights of "seven" up, and the next batch moves them down again. This is **noise**.

How far does the noise move a score in one step? The bias moves by rate · noise. Each weight moves by rate · noise · input, and is multiplied by the same input again. So the score moves by rate · noise · (1 + the sum of the squared inputs). Fifty inputs of ½ make this bracket 1 + 50 · ¼ = 13.5.
"""

# %%
for name, bend in {"sigmoid": "sigmoid", "σ − ½": (centred, ops.sigmoid_backward)}.items():
    networks = Networks((64, 50, 50, 50, 10), 10, bend, "xavier")
    inputs = networks.outputs(test[0])[-1]
    bracket = 1 + (inputs**2).sum(axis=2).mean()
    print(f"{name}: 1 + the sum of the squared inputs of the last layer is about {bracket:.0f}")

# %% [markdown]
r"""
Subtract the ½, and only the bias still carries noise. Or balance the batches: then the counts are equal, and the sigmoid starts at once. LeCun and others advised functions with mean 0 in 1998, because a common part of the inputs moves all weights of a unit together. [Chapter 08](08_batch_norm.ipynb) subtracts the mean in every layer.

> **Think.** ReLU's outputs do not have mean 0 either. Why does it learn?
>
> <details><summary>Answer</summary>
>
> Look at $\tanh + \frac12$: with full slopes the signal is large, and noise of the same size does not drown it.
>
> </details>

## Units that die

A ReLU unit whose sum is negative for *every* example has slope 0 for every example. No gradient reaches its weights. It is called **dead**. One step that is much too large is enough. We take networks with two hidden layers of 50 ReLUs and make a single step of rate 10 with all digits. Then we train for ten epochs with the sensible rate 0.1.

**Predict**: do dead units come back in the first hidden layer? In the second? And if ReLU is replaced by leaky ReLU, whose negative side still has the slope 0.1?
"""


# %%
def careless(networks):
    sums = [networks.sums(train[0])]
    networks.fit(train, 10, 1, batch_size=1280)
    sums.append(networks.sums(train[0]))
    weights = [networks.weights[0].copy()]
    networks.fit(train, 0.1, 10)
    sums.append(networks.sums(train[0]))
    weights.append(networks.weights[0])
    return sums, weights


sizes = (64, 50, 50, 10)
relu_sums, relu_weights = careless(Networks(sizes, 10, "relu", "he"))
leaky = Networks(sizes, 10, "leaky_relu", "he", negative_slope=0.1)
leaky_sums, leaky_weights = careless(leaky)

# %% tags=["picture-trained"]
times = ["before", "after the careless step", "ten epochs later"]
rows = {"ReLU, layer 1": {}, "ReLU, layer 2": {}, "leaky, layer 1": {}}
for time, relu, leaky in zip(times, relu_sums, leaky_sums, strict=True):
    rows["ReLU, layer 1"][time] = relu[0][0]
    rows["ReLU, layer 2"][time] = relu[1][0]
    rows["leaky, layer 1"][time] = leaky[0][0]
figures.sum_ranges(rows)
plt.show()

# %% [markdown]
r"""
Each line is one unit of the first of ten networks, from its smallest to its largest sum over 1,280 digits. Thick orange lines never reach above 0. Thick black lines, further up in their panels, were dead before and reach above 0 again. The step leaves many such units. Ten epochs later they are all still there in the **first** hidden layer. Its inputs are the digits, which never change, and with plain steps a weight without a gradient stays where it is. Some units of the **second** layer are back. No gradient reached their own weights while they were dead. But their *inputs* changed, because the first layer went on learning. Meanwhile others have died.
"""


# %%
def never_positive(sums):
    return np.round(sums.max(axis=1), 6) <= 0


dead = never_positive(relu_sums[1][0])
moved = np.abs(relu_weights[1] - relu_weights[0]).max(axis=1)
agree(still=0, largest_move_of_a_dead_unit_in_layer_1=moved[dead].max())
back = dead & ~never_positive(relu_sums[2][0])
dead_in_2 = never_positive(relu_sums[1][1])
back_in_2 = dead_in_2 & ~never_positive(relu_sums[2][1])
assert dead.sum() > 120 and back.sum() == 0
assert dead_in_2.sum() > 150 and back_in_2.sum() > 25
print("of more than 100 dead units in ten networks: back in layer 1 none, in layer 2 more than 25")

# %% [markdown]
r"""
Does the leak repair it? We believed so. With leaky ReLU the weights of every such unit move, which is what the leak is for. But after ten epochs about as many units of the first layer are negative for every digit as before. The leak keeps a unit *trainable*. It does not bring it back by itself.
"""

# %%
negative = never_positive(leaky_sums[1][0])
moved = np.abs(leaky_weights[1] - leaky_weights[0]).max(axis=1)
assert moved[negative].min() > 1e-3
assert abs(never_positive(leaky_sums[2][0]).sum() - negative.sum()) < 10
print("with the leak the weights of all these units moved, and their number stayed nearly the same")

# %% [markdown]
r"""
> **Think.** Can a unit be dead for the training digits and alive for a test digit?
>
> <details><summary>Answer</summary>
>
> Yes, if the test digit lies beyond what the training has shown. The unit then answers with weights that stopped learning early.
>
> </details>

## Deeper: GELU and SiLU

Newer networks use smooth relatives of ReLU. **SiLU** multiplies $x$ by its own sigmoid, $x\,\sigma(x)$. **GELU** multiplies $x$ by $\Phi(x)$, the share of a normal distribution (mean 0, deviation 1) that lies below $x$. By hand at 0: both are 0, and both have the slope 1/2. Far to the right both are $x$, far to the left 0. In between they dip below 0, so their slopes can be negative, and a little larger than 1. A unit whose sums are negative still has a slope, though far out it is tiny.
"""

# %%
figures.curve_and_slope({"SiLU": "silu", "GELU": "gelu"}, marks=(-2, 0), limits=(-0.2, 1.2))
plt.show()

# %%
x = np.array([-2.0, 0, 1])
tensor = paddle.to_tensor(x, stop_gradient=False)
F.gelu(tensor).sum().backward()
agree(1e-4, by_hand=[-2 * 0.02275, 0, 0.84134], numpy=ops.gelu(x), paddle=F.gelu(tensor))
agree(numpy=ops.gelu_backward(np.ones(3), x), paddle=tensor.grad)
agree(by_hand=x * ops.sigmoid(x), numpy=ops.silu(x), paddle=F.silu(tensor))

# %% [markdown]
r"""
(A normal distribution has 2.275 % below −2 and 84.134 % below 1.)

## Deeper: numbers far out

A computer's numbers end near $10^{308}$, and $e^{1000}$ is beyond. The sigmoid has a second form, $e^x/(1 + e^x)$, the same number in theory. At 1000 it becomes infinity divided by infinity, which is "not a number". `ops.sigmoid` uses, on each side, the form whose exponent is negative. Softmax has the same trouble, and subtracts the largest score first.
"""

# %%
far_out = np.array([-1000.0, 0, 1000])
with np.errstate(over="ignore", invalid="ignore"):
    naive = np.exp(far_out) / (1 + np.exp(far_out))
print("naive", naive)
agree(
    by_hand=[0, 1 / 2, 1], numpy=ops.sigmoid(far_out), paddle=F.sigmoid(paddle.to_tensor(far_out))
)
agree(by_hand=[0, 0, 1], numpy=ops.softmax(far_out), paddle=F.softmax(paddle.to_tensor(far_out)))

# %% [markdown]
r"""
## What texts about activations get wrong

| commonly written | what we computed |
|---|---|
| The gradients of the *deep* layers, near the output, vanish. | Gradients of sums fade towards the **input**. Of the four functions measured, only the sigmoid lets those of the weights fade too. |
| The ends of the sigmoid are "smooth", and happen for "small" negative numbers. | The whole curve is smooth. Its ends are **flat**, and the numbers at the left end are large in size. |
| The slope of ReLU at 0 (often left out). | There is none, so libraries choose. Paddle takes 0 for ReLU and 1 for leaky ReLU. |

## Play: what is left of a gradient?

The figure below shows an activation with its slope, and a chain of layers with one unit each. The bars tell how fast the last output changes with the value before each layer. Their scale counts powers of ten.

**Predict**, then try it. Ten layers with the sigmoid and weight 1: what arrives at the first layer at most? Can another weight, from −3 to 3, save the gradient? What arrives with ReLU, weight 1 and an $x$ above 0?
"""

# %%
explore.load()

# %%
explore.activation("sigmoid")

# %% [markdown]
r"""
> <details><summary>Answer</summary>
>
> Each layer multiplies by the weight and the slope, and the slope is at most ¼. So at most $\left(\frac{1}{4}\right)^{10}$ arrives, less than a millionth. A positive weight raises it little, since a larger one carries the values to where the curve is flat. The best of all is −3, which brings them back to the steep place. Still less than a hundredth arrives. With ReLU everything arrives.
>
> </details>
"""


# %%
def arrives(activation, backward, x, weight):
    grad = np.ones_like(x)
    for _ in range(10):
        grad = weight * backward(grad, weight * x)
        x = activation(weight * x)
    return grad


agree(by_hand=1, numpy=arrives(ops.relu, ops.relu_backward, np.array([0.5]), 1)[0])

# %%
places = np.linspace(-6, 6, 121)
largest = {}
for weight in range(-30, 31):
    grads = arrives(ops.sigmoid, ops.sigmoid_backward, places, weight / 10)
    largest[weight / 10] = np.abs(grads).max()
assert largest[1.0] < 0.25**10 and largest[-3.0] == max(largest.values()) < 0.01
for weight in (-3.0, 1.0, 1.8, 3.0):
    print(f"sigmoid, weight {weight:4}: at most {largest[weight]:.1e} arrives")

# %% [markdown]
r"""
## What you have seen, done, and can now use

- **A step of learning:** scores, shares, cross-entropy, gradient, step; batches, epochs, an optimiser, and `eval()` when it is over.
- **Slopes:** sigmoid at most 1/4, tanh at most 1, ReLU 0 or 1, leaky ReLU never 0.
- **First weights:** Xavier for tanh, He for ReLU, from one line about variances.
- **Watch** outputs, gradients of *weights*, and steps divided by weights, layer by layer.
- **Means matter:** a common ½ in all outputs turns uneven batches into noise.
- **Units die** after a careless step. In the first layer they stay dead under plain steps.

## Exercises

The [exercises of this chapter](exercises/07_activations.ipynb) check themselves. Compute one step of learning by hand, write a smooth hinge and its slope, and lay hinges through any points. Wake dead units by their biases, and measure whether one careless step can kill a whole layer.

## Further reading

- M. Leshno and others, *Multilayer feedforward networks with a nonpolynomial activation function can approximate any function*, 1993, [doi 10.1016/S0893-6080(05)80131-5](https://doi.org/10.1016/S0893-6080(05)80131-5).
- Y. LeCun and others, *Efficient BackProp*, 1998, [doi 10.1007/3-540-49430-8_2](https://doi.org/10.1007/3-540-49430-8_2): means of 0, sizes of weights, and why.
- X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010, [Proceedings of Machine Learning Research 9](https://proceedings.mlr.press/v9/glorot10a.html): histograms of layers in training.
- V. Nair and G. Hinton, *Rectified linear units improve restricted Boltzmann machines*, 2010, [ICML](https://icml.cc/Conferences/2010/papers/432.pdf).
- A. Maas, A. Hannun and A. Ng, *Rectifier nonlinearities improve neural network acoustic models*, 2013: leaky ReLU.
- K. He and others, *Delving deep into rectifiers*, 2015, [arXiv 1502.01852](https://arxiv.org/abs/1502.01852).
- D. Hendrycks and K. Gimpel, *Gaussian error linear units*, 2016, [arXiv 1606.08415](https://arxiv.org/abs/1606.08415).

Without a bend all layers are one, and the bend decides how much each layer can learn. We chose the weights once, at the start. [Chapter 08](08_batch_norm.ipynb) keeps the sums in range while the network trains.

Previous: [06 Summarise with pooling](06_pooling.ipynb) · Next: [08 Keep activations in range](08_batch_norm.ipynb)
"""
