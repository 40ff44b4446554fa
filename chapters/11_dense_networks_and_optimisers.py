# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Train a dense network, choose an optimiser

Two numbers often decide whether a network learns at all: the size of its weights at the start, in all layers, and the learning rate. An optimiser is a rule for turning gradients into steps. **On the digits of this chapter a good rule does not end with better weights. It gets there sooner, and in a short training it lets more learning rates work.**

## What you will see, do, and need

**See** a map of all pairs of weight size and learning rate, and what depth does to the part where training works. See four optimisers walk through a ravine, and what turning the ravine does to them.

**Do** two checks that every training should pass before it is trusted. Compute three steps of SGD, momentum, RMSProp and Adam by hand. Compare them fairly on digits.

**Need** loss, gradient, He's weights and SGD from [chapter 07](07_activations.ipynb), batch normalisation from [chapter 08](08_batch_norm.ipynb). About 50 minutes, and 25 more for the three sections marked *Deeper*.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, nn, ops
from helpers.checks import dense_networks_and_optimisers as check
from helpers.checks import tell
from helpers.data import load_digits
from helpers.networks import Networks
from helpers.training import fit

import paddle

paddle.set_default_dtype("float64")

# %% [markdown]
r"""
## A network from layers

A dense network is a row of layers: multiply by weights, bend, multiply again. `helpers.nn` has the layers under the names of `paddle.nn`. Here is a network of two layers for digits of 8×8 pixels, with 32 units in between. We count the layers that have weights. Paddle gets the same network and the same first weights. Both train for three epochs on the same batches, with plain SGD.
"""

# %%
digits = load_digits(size=8)
x = digits.train[0].reshape(-1, 64).astype(float)
labels = digits.train[1]
train = (x[:1000], labels[:1000])
validation = (x[1000:], labels[1000:])
test = (digits.test[0].reshape(-1, 64).astype(float), digits.test[1])
print(
    "digits:", len(train[1]), "to train,", len(validation[1]), "to choose,", len(test[1]), "to test"
)

# %%
rng = np.random.default_rng(0)
first = nn.Linear(64, 32, rng=rng)
second = nn.Linear(32, 10, rng=rng)
model = nn.Sequential(first, nn.ReLU(), second).astype("float64")
twin = paddle.nn.Sequential(paddle.nn.Linear(64, 32), paddle.nn.ReLU(), paddle.nn.Linear(32, 10))
for ours, theirs in zip(model.parameters(), twin.parameters(), strict=True):
    theirs.set_value(ours.value)
history = nn.fit(model, nn.SGD(0.1, model.parameters()), train, 3)
in_paddle = fit(twin, paddle.optimizer.SGD(0.1, twin.parameters()), train, 3)
agree(numpy=history.loss, paddle=in_paddle.loss)
agree(numpy=first.weight.value, paddle=twin[0].weight)

# %% [markdown]
r"""
The losses agree, and so do the weights at the end. `fit` hides the loop. For each batch it computes the scores and sends the gradient of the loss back through all layers. Then it takes a step and clears the gradients. How each layer does its part of the way back is the subject of [chapter 10](10_backpropagation.ipynb). A deeper network is the same with more pairs of bend and layer. `network` below adds them one by one, for any number of layers. Its weights are drawn as He proposed, with the deviation $\sqrt{2/\text{inputs}}$. The argument `init` takes another deviation.
"""


# %%
def network(layers, units, seed, init="he"):
    rng = np.random.default_rng(seed)
    model = nn.Sequential(nn.Linear(64, units, rng=rng, init=init))
    for _ in range(layers - 2):
        model = nn.Sequential(model, nn.ReLU(), nn.Linear(units, units, rng=rng, init=init))
    return nn.Sequential(model, nn.ReLU(), nn.Linear(units, 10, rng=rng, init=init))


numbers = [part.value.size for part in network(5, 100, 0).parameters()]
print("five layers of 100 units, numbers to learn:", sum(numbers))

# %% [markdown]
r"""
## Check 1: the loss at the start

Before the first step the network knows nothing. If it gives each of ten classes the share 1/10, the loss is −ln(1/10) = ln 10 ≈ **2.303**. This is the first check of any classifier, and it costs one forward pass. **Predict** the loss of three layers of 32 units with He's weights, with weights twice and four times as large, and with weights of one tenth.
"""

# %%
agree(by_hand=2.302585, numpy=ops.cross_entropy(np.zeros((1, 10)), np.array([3])), tolerance=1e-6)
at_start = {}
for factor in (0.1, 1, 2, 4):
    networks = Networks([64, 32, 32, 10], 10)
    networks.weights = [weight * factor for weight in networks.weights]
    scores = networks.sums(train[0])[-1]
    losses = [ops.cross_entropy(one, train[1]) for one in scores]
    at_start[factor] = np.mean(losses)
    largest = ops.softmax(scores).max(axis=2).mean()
    print(f"He × {factor:3}: loss {at_start[factor]:5.1f}, largest share on average {largest:.1f}")
assert abs(at_start[0.1] - np.log(10)) < 0.01 and abs(at_start[1] - np.log(10)) < 0.6
assert at_start[2] > 4 and at_start[4] > 20

# %% [markdown]
r"""
With He's weights the loss is a little above ln 10. The scores then have a spread of about 0.6. So some classes get more than a tenth by accident, and the accident is wrong more often than right. Doubled weights multiply the scores by 2 in each layer, so by 8 in three layers. Then the network is sure of an answer, and nine times in ten it is the wrong one. So a loss far **above** ln 10 says that the weights are too large, or the inputs are. The first epochs are then spent on unlearning.

> **Think.** Weights of a tenth give ln 10 to three decimals. Does the check prove that they are good?
>
> <details><summary>Answer</summary>
>
> No. The shares are nearly equal here, and this is all. Weights that are much too small pass, and so does a network whose labels are shuffled. The check finds faults and proves nothing; the next one asks for more.
>
> </details>

## Check 2: fifty digits by heart

A network that cannot learn 50 digits by heart will hardly learn 1,000 well. So we train on 50 digits only, in batches of ten, for 20 epochs: 100 steps. All 50 answers must become right. This is overfitting on purpose. Three layers of 100 units at rate 0.1 do it. **Predict:** do five layers? And five layers whose weights have the deviation 0.03, instead of He's 0.14?
"""

# %%
fifty = (x[:50], labels[:50])
kinds = {"3 layers, He": (3, "he"), "5 layers, He": (5, "he"), "5 layers, 0.03": (5, 0.03)}
losses = {}
for name, (layers, init) in kinds.items():
    model = network(layers, 100, 0, init).astype("float64")
    optimizer = nn.SGD(0.1, model.parameters())
    losses[name] = nn.fit(model, optimizer, fifty, 20, batch_size=10).loss
    loss, right = nn.evaluate(model, fifty)
    assert (right == 1) == (init == "he")
    print(f"{name}: all 50 right: {right == 1}")

# %% tags=["picture-trained"]
figures.curves(losses, ylabel="loss", limits=(-0.1, 3))
plt.axhline(np.log(10), color=figures.QUIET, lw=1, ls="-")
plt.title("Weights that are too small do not leave ln 10")
plt.show()

# %% [markdown]
r"""
The grey line is ln 10. (The curves are the mean losses of each epoch, as the batches were trained on, so the first point is already the mean over five steps.) The third network passed the first check perfectly, and fails the second: in these 100 steps its loss hardly moves. Its scores are nearly 0. So are the gradients of all weights, because the values on the way forward and the gradients on the way back are multiplied by small weights. Only the last biases have gradients as large as usual. They learn how frequent each class is, and nothing about the pictures.

## Which weights, which rate: the map

How carefully must both numbers be chosen? We try all pairs. Each square of the map below is the mean of three networks with 32 units a layer, trained as above. The weights of all layers have one deviation, from 0.03 to 2. `Networks` trains all deviations side by side, so that a map takes seconds.
"""

# %%
rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]
deviations = np.array([0.03, 0.06, 0.12, 0.25, 0.5, 1, 2])
print("trainings for one map:", len(rates) * len(deviations) * 3)


# %%
def window(layers, units=32, init=1.0, norm=None, factors=deviations, rates=rates):
    rows = []
    for rate in rates:
        seeds = list(range(3)) * len(factors)
        networks = Networks([64] + [units] * (layers - 1) + [10], seeds, "relu", init, norm)
        factor = np.repeat(factors, 3).reshape(-1, 1, 1)
        networks.weights = [weight * factor for weight in networks.weights]
        with np.errstate(over="ignore", invalid="ignore"):
            networks.fit(fifty, rate, 20, batch_size=10)
            right = networks.accuracy(fifty).reshape(-1, 3)
        rows.append(right.mean(axis=1))
    return np.array(rows)


# %% [markdown]
r"""
**Predict:** where will training work: in a spot, a stripe, or everywhere left of some rate? What will two more layers do to it? The second row has batch normalisation in the hidden layers, which divides the size of the weights out of the sums ([chapter 08](08_batch_norm.ipynb)).
"""

# %%
maps = {"3 layers": window(3), "5 layers": window(5)}
for name, found in maps.items():
    print(f"{name}: squares with at least 0.9 right: {np.sum(found.round(2) >= 0.9)}")

# %%
maps["3 layers, batch norm"] = window(3, norm="batch")
maps["5 layers, batch norm"] = window(5, norm="batch")
for name in ("3 layers", "5 layers"):
    gain = maps[f"{name}, batch norm"].mean() - maps[name].mean()
    assert gain > 0.1
    print(f"{name}: batch norm raises the mean of the whole map by more than 0.1: {gain > 0.1}")

# %% tags=["picture-trained"]
figures.rate_maps(maps, rates, deviations, xlabel="deviation of the first weights")
plt.show()

# %% [markdown]
r"""
Read one column first, that of 0.25, which is He's deviation for 32 inputs. With three layers, 0.1 and 0.3 work. Smaller rates are too slow for 100 steps, and 1 is too large. Now read one row: at one rate, only weights from a limited range of sizes learn the fifty digits.

Without batch normalisation nothing works above some rate: the steps throw the weights away. Below it, a **stripe** falls to the right. Larger weights have larger gradients, because each layer multiplies by them, and want smaller rates. On the left the gradients are too small for 100 steps.

With five layers the stripe is steeper, and narrower in **one** direction. Take a row: at the best rate of three layers, three weight sizes reach 0.9; of five layers, two. Now take the column of 0.5: about as many rates work as before. (Do not count all dots. The stripe leaves the map at the bottom: with the deviation 2, five layers still learn at the rate 0.0001.)

This is the lesson of the map: in a deeper network the *weights* must be chosen more carefully. And a pair that was found for three layers may fail for five. A deviation that is wrong by a factor $f$ makes the scores wrong by $f^3$ in three layers, and by $f^5$ in five. With batch normalisation the working part is wide, and two more layers cost it little. So depth by itself is not the reason: depth *without anything that keeps the sums in range* is.
"""

# %%
three = maps["3 layers"]
five = maps["5 layers"]
rows = three.mean(axis=1).max() - five.mean(axis=1).max()
columns = three[:, 4].mean() - five[:, 4].mean()
below = window(5, factors=np.array([2.0]), rates=[0.0001]).item()
print("best row: three layers reach more than 0.1 more right answers:", rows > 0.1)
print("column of 0.5: they differ by less than 0.15:", abs(columns) < 0.15)
print("five layers, deviation 2, rate 0.0001: more than 0.6 right:", below > 0.6)
assert rows > 0.1 and abs(columns) < 0.15 and below > 0.6

# %% [markdown]
r"""
### Does He's rule widen the window?

One often reads that the narrow range belongs to weights of a fixed deviation, and that He's rule cures it. We call the range of weight sizes that work the *window*. The control: we measure the weights in multiples of He's deviation, for two widths and two depths. For each multiple we keep the best of three rates. Both panels show the *same* networks. On the left they stand at their deviation in the hidden layers, on the right at their multiple of He's. **Predict** in which panel the two widths agree, and in which panel five layers are as tolerant as three.
"""

# %%
multiples = np.array([0.25, 0.5, 1, 2, 4])
by_deviation = {}
by_multiple = {}
few_rates = [0.03, 0.1, 0.3]
for layers, units in ((3, 64), (5, 64), (5, 16)):
    best = window(layers, units, "he", None, multiples, few_rates).max(axis=0)
    name = f"{layers} layers of {units}"
    by_deviation[name] = dict(zip(np.round(multiples * np.sqrt(2 / units), 2), best, strict=True))
    by_multiple[name] = dict(zip(multiples, best, strict=True))
    half = best > 0.5
    print(f"{name}: more than half right at He's deviation: {half[2]}, at a quarter: {half[0]}")

# %% tags=["picture-trained"]
left, right = figures.panels(1, 2, 3.4, sharey=True)[0]
figures.along(by_deviation, "deviation in hidden layers", "right answers", (0, 1.02), ax=left)
figures.along(by_multiple, "multiple of He's deviation", "", (0, 1.02), ax=right)
plt.show()
for name in ("5 layers of 64", "5 layers of 16"):
    assert by_multiple[name][1] > by_multiple[name][0.5]
assert by_multiple["3 layers of 64"][0.25] > by_multiple["5 layers of 64"][0.25] + 0.1

# %% [markdown]
r"""
He's rule puts the window **in its place**: the multiple 1 lies inside it for both widths, and both networks of five layers rise between one half and one. In the left panel each width has its own place. But the rule does not make the window **wide**. Five layers are less tolerant than three of weights that are too small, in both panels: an error of a factor $f$ still grows to $f^5$. The right side says less, because our smallest rate here is 0.03. In the map above, five layers with four times He's deviation still learn at 0.003. What made it wide was batch normalisation, which corrects the error in every layer.

> **Think.** The five layers of 16 units never come as high as those of 64. Is their window at fault?
>
> <details><summary>Answer</summary>
>
> No. Their best place is at the multiples 1 and 2, as that of the wide network is. But at none of the three rates do all three networks learn all digits in 100 steps. One possible reason is that they have fewer numbers to learn with. Whether more steps would do, this cell does not say.
>
> </details>

## Four rules for a step, by hand

So far a step was rate times gradient. Now we let the optimiser remember. We need one weight, $w = 1$, the rate 0.1 and three batches. Their losses are $4w$, $2w$ and $-2w$, so their gradients are 4, 2 and −2 wherever $w$ is.

**SGD** subtracts rate · gradient: 1 → 0.6 → 0.4 → 0.6.

**Momentum** keeps a *running sum*. Each step keeps a part of the old sum, here half, and adds the gradient. The sums are 4, then ½ · 4 + 2 = 4, then ½ · 4 − 2 = 0. The steps are 0.4, 0.4 and 0, so $w$ becomes 0.6, 0.2, 0.2. Gradients that agree add up; gradients that disagree cancel.

**RMSProp** divides the gradient by its typical size: the root of a *running mean of squares*. We keep 3/4 of the old mean, which starts at 0, and add 1/4 of the new square. The means are ¼ · 16 = 4, then ¾ · 4 + ¼ · 4 = 4, and 4 again; the root is 2. The steps are 0.1 · 4/2 = 0.2, then 0.1, then −0.1, so $w$ becomes 0.8, 0.7, 0.8.
"""


# %%
def our_steps(make, gradients=(4, 2, -2)):
    w = nn.Parameter(np.array([1.0]))
    optimizer = make([w])
    path = []
    for gradient in gradients:
        w.grad = np.array([gradient], float)
        optimizer.step()
        path.append(w.value.item())
    return path


sgd = our_steps(lambda w: nn.SGD(0.1, w))
momentum = our_steps(lambda w: nn.Momentum(0.1, 0.5, w))
rmsprop = our_steps(lambda w: nn.RMSProp(0.1, 0.75, parameters=w))


# %%
def new_weight():
    one = paddle.nn.initializer.Constant(1.0)
    return paddle.create_parameter([1], "float64", default_initializer=one)


def paddle_steps(make, gradients=(4, 2, -2)):
    w = new_weight()
    optimizer = make([w])
    path = []
    for gradient in gradients:
        (gradient * w).sum().backward()
        optimizer.step()
        optimizer.clear_grad()
        path.append(w.item())
    return path


# %%
in_paddle = paddle_steps(lambda w: paddle.optimizer.SGD(0.1, w))
agree(by_hand=[0.6, 0.4, 0.6], numpy=sgd, paddle=in_paddle)
in_paddle = paddle_steps(lambda w: paddle.optimizer.Momentum(0.1, 0.5, w))
agree(by_hand=[0.6, 0.2, 0.2], numpy=momentum, paddle=in_paddle)
in_paddle = paddle_steps(lambda w: paddle.optimizer.RMSProp(0.1, 0.75, parameters=w))
agree(1e-4, by_hand=[0.8, 0.7, 0.8], numpy=rmsprop, paddle=in_paddle)

# %% [markdown]
r"""
(A tiny ε under the root keeps it from 0. So `agree` allows a small difference.)

**Adam** has both memories: a running mean of the gradients, divided by the root of the running mean of squares. Both means start at 0 and are too small at first. A mean that keeps ½ of its old value adds ½ of the new one. So after one, two, three steps the parts of all gradients in it add up to ½, ¾, ⅞, and not to 1. Adam divides the mean by this total. With ¾ kept it is ¼, 7/16, 37/64.

| step | gradient | mean, corrected | mean of squares, corrected | step = 0.1 · mean/root | $w$ |
|---|---|---|---|---|---|
| 1 | 4 | 2 / ½ = 4 | 4 / ¼ = 16 | 0.1 · 4/4 = 0.1 | 0.9 |
| 2 | 2 | (1 + 1) / ¾ = 2.667 | (3 + 1) / (7/16) = 9.143 | 0.1 · 2.667/3.024 = 0.088 | 0.812 |
| 3 | −2 | (1 − 1) / ⅞ = 0 | 4 / (37/64) = 6.919 | 0 | 0.812 |

Look at step 1: the corrected mean is the gradient, and the root is its size. So in Adam's first step each weight moves by the rate itself, against the sign of its gradient. Only weights whose gradient is 0 stay, such as those of a pixel that is always blank. At step 3 the gradients have cancelled, and Adam stands still, as momentum does. The usual shares are larger: 0.9 for momentum and for Adam's mean, 0.95 or 0.99 for RMSProp, 0.999 for Adam's squares.
"""

# %%
adam = our_steps(lambda w: nn.Adam(0.1, 0.5, 0.75, parameters=w))
in_paddle = paddle_steps(lambda w: paddle.optimizer.Adam(0.1, 0.5, 0.75, parameters=w))
agree(1e-3, by_hand=[0.9, 0.812, 0.812], numpy=adam, paddle=in_paddle)
paths = {"SGD": [1, *sgd], "momentum": [1, *momentum], "RMSProp": [1, *rmsprop]}
paths["Adam"] = [1, *adam]
figures.curves(paths, x=[0, 1, 2, 3], xlabel="step", ylabel="w", limits=(0, 1.05))
plt.xticks([0, 1, 2, 3])
plt.show()

# %% [markdown]
r"""
**Predict:** the loss is multiplied by 1,000, so all gradients are. Which of the four paths change?
"""

# %%
large = (4000, 2000, -2000)
agree(1e-4, adam=adam, adam_1000=our_steps(lambda w: nn.Adam(0.1, 0.5, 0.75, parameters=w), large))
scaled = our_steps(lambda w: nn.RMSProp(0.1, 0.75, parameters=w), large)
agree(1e-4, rmsprop=rmsprop, rmsprop_1000=scaled)
print("SGD with gradients 1,000 times as large:", our_steps(lambda w: nn.SGD(0.1, w), large))
tiny = our_steps(lambda w: nn.RMSProp(0.1, 0.75, parameters=w), (0.004, 0.002, -0.002))
print(
    "RMSProp with gradients 1,000 times as small:", np.round(tiny, 3), "not", np.round(rmsprop, 3)
)

# %% [markdown]
r"""
RMSProp and Adam do not notice. Both the gradient and its typical size grow by 1,000, and the quotient stays. The last line is the exception. RMSProp adds ε = 0.000001 to the mean of squares, and the squares of these small gradients are only 4 and 16 times as large. (Adam adds its smaller ε to the root.) The rate of both is the length of a typical step, in units of the weight. For SGD and momentum the rate must fit the size of the gradients. Keep this in mind for the digits.

## Through a ravine

Now two numbers. The loss $f(x, y) = (x^2 + 100\,y^2)/2$ is a ravine: 100 times as steep across as along. Its gradient is $(x, 100\,y)$. We start at (10, 2), take 50 steps, and ask how far from the goal (0, 0) the last ten steps still are, at the worst. (The worst of ten, because a swinging path may pass the goal by chance.)

> **Activity: who comes nearest?** Ten minutes, alone or as a contest. You walk with momentum: the sum keeps a part of itself, from 0 to 1, and adds the gradient, and a step is rate · sum. Choose the rate (`my_rate`) and the part (`my_kept`), run the cell, and read the distance. Come below 1. Who in the class comes nearest? (Think of both directions. For SGD, which is `my_kept = 0`, from which rate on does each step across make $y$ larger?)
"""

# %%
my_rate = ...
my_kept = ...
tell(check.ravine, my_rate, my_kept)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> SGD alone does not come below 4. Above the rate 2/100 it flies out across the ravine, and just below it creeps along the floor. With memory the swings across cancel, and the steps along the floor add up. `my_rate = 0.03` and `my_kept = 0.7` come to 0.003. With 0.9 kept, the path swings along the floor, too, and comes to about 0.3 at best.
>
> </details>

A fair comparison gives each optimiser **its own best rate** of the same grid, 101 rates from 0.0001 to 10.
"""


# %%
def walk(optimiser, rate, curvature, start, steps=50):
    place = nn.Parameter(np.array(start, float))
    optimizer = optimiser(rate, parameters=[place])
    path = [place.value.copy()]
    for _ in range(steps):
        place.grad = curvature @ place.value
        optimizer.step()
        path.append(place.value.copy())
    return np.array(path)


def distance(path):
    return np.linalg.norm(path[-10:], axis=1).max()


# %%
grid = 10 ** np.linspace(-4, 1, 101)


def best_walk(optimiser, curvature, start):
    best_path = None
    for rate in grid:
        with np.errstate(over="ignore", invalid="ignore"):
            path = walk(optimiser, rate, curvature, start)
            nearer = best_path is None or distance(path) < distance(best_path)
        if nearer:
            best_path = path
            best_rate = rate
    return best_path, best_rate


# %%
optimisers = {"SGD": nn.SGD, "momentum": nn.Momentum, "RMSProp": nn.RMSProp, "Adam": nn.Adam}
ravine = np.diag([1.0, 100.0])
along = {}
best_rates = {}
for name, optimiser in optimisers.items():
    along[name], best_rates[name] = best_walk(optimiser, ravine, [10, 2])
    print(f"{name:8} best rate {best_rates[name]:.2g}, distance {distance(along[name]):.2f}")

# %% [markdown]
r"""
RMSProp wins, it seems. But this ravine lies along the axes, and RMSProp gives each *axis* its own scale. **Predict:** we turn the ravine and the start by 45 degrees. For which of the four does nothing change?
"""

# %%
half = np.sqrt(1 / 2)
turn = np.array([[half, -half], [half, half]])
turned_ravine = turn @ ravine @ turn.T
turned = {}
for name, optimiser in optimisers.items():
    turned[name], _ = best_walk(optimiser, turned_ravine, turn @ [10, 2])
rows = {"along the axes": (ravine, along), "turned by 45°": (turned_ravine, turned)}
figures.ravines(rows)
plt.show()

# %%
for name in ("SGD", "momentum"):
    agree(1e-6, along_the_axes=distance(along[name]), turned=distance(turned[name]))
assert distance(turned["RMSProp"]) > 100 * distance(along["RMSProp"])
assert distance(turned["Adam"]) > 1.5 * distance(along["Adam"])
assert distance(turned["RMSProp"]) > 0.8 * distance(turned["SGD"])
print("turned, from best to worst:", sorted(turned, key=lambda name: distance(turned[name])))

# %% [markdown]
r"""
- **SGD** must keep its rate below 2/100, or it flies out across the ravine. Each step multiplies $y$ by 1 − 100 · rate, and beyond a rate of 0.02 this number is below −1. At this rate $x$ is multiplied by 0.98 only, and the path creeps along the floor.
- **Momentum** allows larger steps. Gradients across change sign and cancel in its sum, those along the floor add up. It does not care where the axes are.
- **RMSProp** and **Adam** divide each number by its own size. Along the axes this makes the ravine round. Turned by 45°, both numbers have gradients of about the same size, and dividing hardly changes the direction of a step. RMSProp is then hardly better than SGD. Adam is left with its other memory, momentum's.

Ravines in networks are often turned. The numbers of a network rarely act one by one: two neighbouring pixels have nearly the same ink. So the loss depends steeply on the sum of their weights, and only a little on the difference. Such a ravine lies at 45° to both axes. [Chapter 05](05_edges_and_blur.ipynb) found the same for Adam on a kernel of nine numbers: there it was the memory that helped, and the scales for each number did nothing. A whole network is not one ravine: its layers have gradients of different sizes, and there such scales may help. The digits below will tell.

### At one rate for all, you may prove anything
"""

# %%
for rate in (0.02, 0.5):
    order = {}
    for name, optimiser in optimisers.items():
        with np.errstate(over="ignore", invalid="ignore"):
            order[name] = distance(walk(optimiser, rate, ravine, [10, 2]))
    print(f"rate {rate}: from best to worst", sorted(order, key=order.get))

# %% [markdown]
r"""
(The lists are computed at one rate each, with the same start and the same 50 steps.) At SGD's best rate momentum looks best and Adam hopeless. At a rate that suits RMSProp, momentum and SGD are last: both fly out of the ravine. So the order depends on the rate that somebody chose. A comparison at one common rate does not say which optimiser is better. It does not even say whose rate it was: at SGD's best rate SGD is second.

### Does momentum always help?

**Predict:** how does the picture change when the ravine is less narrow? We draw the distance after 50 steps for ravines from 1 to 400 times as steep across as along. Momentum keeps 0.9, as usual.
"""

# %%
by_steepness = {"SGD": {}, "momentum 0.9": {}}
for steepness in (1, 3, 10, 30, 100, 400):
    curvature = np.diag([1.0, steepness])
    plain, _ = best_walk(nn.SGD, curvature, [10, 2])
    with_memory, _ = best_walk(nn.Momentum, curvature, [10, 2])
    by_steepness["SGD"][steepness] = max(distance(plain), 1e-3)
    by_steepness["momentum 0.9"][steepness] = distance(with_memory)
figures.along(by_steepness, "steepness across ÷ along", "distance (0.001: or less)", log=True)
plt.show()
assert by_steepness["SGD"][10] < by_steepness["momentum 0.9"][10]
assert by_steepness["SGD"][100] > 5 * by_steepness["momentum 0.9"][100]

# %% [markdown]
r"""
Not always. In a wide valley the running sum overshoots and swings, and plain steps are far better. A sum that keeps 0.9 forgets slowly, whatever the rate is. In these 50 steps momentum of 0.9 pays above a steepness of about 25.

> **Think.** What would you change to make momentum good in the valley of steepness 10?
>
> <details><summary>Answer</summary>
>
> The part that it keeps. Less memory swings less. One of the exercises looks for the best part.
>
> </details>

## On digits

Now the real thing: 1,000 digits for training, three layers, batches of 50, five epochs, so 100 steps. Each optimiser tries six rates, with ten networks at each rate. The rate is chosen on 297 **validation** digits, and the result is told for 500 test digits, which took no part in the choice. If we chose the rate on the test digits, each result would be the luckiest of six, and the optimiser with the most scatter would gain the most. **Predict** which optimiser wins, and which is the least fussy about its rate.
"""


# %%
def on_digits(method, rate, epochs=5):
    networks = Networks([64, 32, 32, 10], 10)
    with np.errstate(over="ignore", invalid="ignore"):
        networks.fit(train, rate, epochs, method, batch_size=50)
        return networks.accuracy(validation), networks.accuracy(test)


# %%
digit_rates = [0.003, 0.01, 0.03, 0.1, 0.3, 1]
methods = {"SGD": "sgd", "momentum": "momentum", "RMSProp": "rmsprop", "Adam": "adam"}
on_validation = {}
on_test = {}
for name, method in methods.items():
    on_validation[name] = {}
    on_test[name] = {}
    for rate in digit_rates:
        on_validation[name][rate], on_test[name][rate] = on_digits(method, rate)

# %% tags=["picture-trained"]
figures.along(on_validation, "learning rate", "validation accuracy", (0, 1), best=max)
plt.show()

# %% tags=["picture-trained"]
tuned = {}
own_rate = {}
for name, by_rate in on_validation.items():
    rate = max(by_rate, key=lambda rate: by_rate[rate].mean().round(3))
    own_rate[name] = rate
    tuned[name] = on_test[name][rate]
    assert tuned[name].mean() > 0.85
figures.dot_plot({"100 steps": tuned}, limits=(0.7, 1))
plt.title("At its own best rate each of the four reads most digits")
plt.show()

# %% [markdown]
r"""
In the upper picture each line is a mean of ten networks, the band reaches from the worst to the best, and the ring marks the best rate. In the lower one each dot is a network at this rate. Tuned, the four are close: all of them read most digits, and Adam, momentum and RMSProp lie within a few hundredths. SGD is a little behind within this budget of 100 steps, and its networks differ more from one another.

Is one of them less fussy? We count, for each optimiser, the rates of the grid at which the mean of the ten networks is at least 0.7 after 100 steps.
"""

# %%
for name, by_rate in on_validation.items():
    works = [rate for rate in digit_rates if by_rate[rate].mean().round(2) >= 0.7]
    assert (len(works) <= 2) == (name == "SGD")
    print(f"{name:8} rates with a validation accuracy of at least 0.7: {works}")

# %% [markdown]
r"""
Two facts are in these lists. First, the rates of one optimiser are no rates for another. Adam's and RMSProp's are lengths of steps, and good ones are near 0.01. Momentum's begin at a tenth of SGD's, because a sum that keeps 0.9 grows to ten times a gradient that stays the same. Second, the three with a memory have a wider range of rates that work than SGD within the same 100 steps.

Is SGD worse, or only slower? The control gives both three times the budget, 300 steps. SGD keeps the rate that was its best for 100 steps. Adam gets the better of two.
"""

# %% tags=["picture-trained"]
budgets = {"SGD": {"100 steps": tuned["SGD"]}, "Adam": {"100 steps": tuned["Adam"]}}
budgets["SGD"]["300 steps"] = on_digits("sgd", own_rate["SGD"], epochs=15)[1]
runs = [on_digits("adam", rate, epochs=15) for rate in (0.003, 0.01)]
budgets["Adam"]["300 steps"] = max(runs, key=lambda run: run[0].mean().round(3))[1]
figures.dot_plot(budgets, limits=(0.7, 1))
plt.show()
gap = budgets["Adam"]["300 steps"].mean() - budgets["SGD"]["300 steps"].mean()
assert budgets["SGD"]["300 steps"].mean() > 0.92 and abs(gap) < 0.03

# %% [markdown]
r"""
With 300 steps SGD is where Adam is, up to a hundredth or two. On these digits the choice between SGD and Adam decides how soon, not how well.

> **Correction.** "Adam is better than SGD" is often shown with one rate for both, or with SGD's default rate. What is true here: at its own best rate and with enough steps each of them arrives. Adam arrives sooner, and within 100 steps more rates serve it. We did not count the rates for 300 steps: a rate that is too slow for 100 steps may be good enough then.

## Deeper: rates that change

Large steps are good at the start, small ones at the end. A **schedule** changes the rate from epoch to epoch. Three by hand, with the base rate 0.4:

- **StepDecay** multiplies by γ after every so many epochs. With γ = ½ after every two: 0.4, 0.4, 0.2, 0.2, 0.1.
- **CosineAnnealingDecay** follows half a cosine down to 0. In four epochs: 0.4, 0.341, 0.2, 0.059, 0.
- **LinearWarmup** rises in a straight line first, in four epochs from 0: 0, 0.1, 0.2, 0.3, 0.4.

We ask the *optimiser* for its rate. (In Paddle a schedule's own `get_lr` works out the next rate from the present one, so that an extra call to it may give another number.)
"""


# %%
def rates_of(schedule, optimizer):
    found = []
    for _ in range(5):
        found.append(optimizer.get_lr())
        schedule.step()
    return found


def ours(schedule):
    return rates_of(schedule, nn.SGD(schedule, [nn.Parameter(np.array([1.0]))]))


def theirs(schedule):
    return rates_of(schedule, paddle.optimizer.SGD(schedule, [new_weight()]))


# %%
lr = paddle.optimizer.lr
by_hand = [0.4, 0.4, 0.2, 0.2, 0.1]
in_paddle = theirs(lr.StepDecay(0.4, 2, 0.5))
agree(by_hand=by_hand, numpy=ours(nn.StepDecay(0.4, 2, 0.5)), paddle=in_paddle)
numpy = ours(nn.CosineAnnealingDecay(0.4, 4))
in_paddle = theirs(lr.CosineAnnealingDecay(0.4, 4))
agree(1e-3, by_hand=[0.4, 0.341, 0.2, 0.059, 0], numpy=numpy, paddle=in_paddle)
numpy = ours(nn.LinearWarmup(0.4, 4, 0, 0.4))
in_paddle = theirs(lr.LinearWarmup(0.4, 4, 0, 0.4))
agree(by_hand=[0, 0.1, 0.2, 0.3, 0.4], numpy=numpy, paddle=in_paddle)

# %% [markdown]
r"""
What does a falling rate buy? The control is a constant rate **at its own best**. SGD trains for ten epochs from each of three rates, ten networks each, once with the rate left as it is, and once with a cosine. **Predict**: where does the cosine gain most, and where does it lose?
"""


# %%
def with_cosine(rate):
    networks = Networks([64, 32, 32, 10], 10)
    schedule = nn.CosineAnnealingDecay(rate, 10)
    for _ in range(10):
        networks.fit(train, schedule.get_lr(), 1, batch_size=50)
        schedule.step()
    return networks.accuracy(validation), networks.accuracy(test)


starts = (0.1, 0.4, 0.8)
runs = {"constant": {rate: on_digits("sgd", rate, epochs=10) for rate in starts}}
runs["cosine"] = {rate: with_cosine(rate) for rate in starts}

# %% tags=["picture-trained"]
found = {}
ends = {}
for name, by_rate in runs.items():
    found[name] = {rate: run[0] for rate, run in by_rate.items()}
    best = max(starts, key=lambda rate: found[name][rate].mean().round(3))
    ends[name] = by_rate[best][1].mean()
figures.along(found, "rate at the start", "validation accuracy", (0, 1), best=max)
plt.title("A falling rate forgives a start that is too large")
plt.show()

# %%
wrong = {}
for name in found:
    wrong[name] = {rate: 1 - found[name][rate].mean() for rate in starts}
print("rate 0.1: the cosine makes more errors:", wrong["cosine"][0.1] > wrong["constant"][0.1])
fewer = wrong["cosine"][0.8] / wrong["constant"][0.8]
print("rate 0.8: it makes less than 0.6 times as many:", fewer < 0.6)
apart = abs(ends["cosine"] - ends["constant"])
print("each at its own best rate, on the test digits: less than 0.04 apart:", apart < 0.04)
assert wrong["cosine"][0.1] > wrong["constant"][0.1] and fewer < 0.6 and apart < 0.04

# %% [markdown]
r"""
At one rate for both you may prove anything, here too. At 0.8 the cosine wins by far: with the constant rate some networks stay lost, and the falling one brings most of them back. At 0.1 the cosine *loses*: the mean of its rates is about half, so it goes less far in the same 200 steps. Each at its own best rate, they end within a hundredth or two of each other. So on these digits a falling rate hardly reaches a better end. It **forgives** a first rate that is too large.

Often one reads that a falling rate also calms the end, since the noise of each batch moves small steps less. At the best rate our bands are too alike to show it. A warm-up was made for networks that do not survive full steps at the start. Ours do, and we did not train with it.

## Deeper: weights that decay

**Weight decay** makes every weight a little smaller in every step. One way is to add $\frac{d}{2} w^2$ for each weight to the loss (the **L2** term), which adds $d\,w$ to its gradient. The other way is **decoupled**: multiply the weight by $1 - \text{rate} \cdot d$, and leave the gradient alone. Take $w = 1$, rate 0.1, $d = 0.5$, and a loss that is 0. For SGD both are the same, 1 − 0.1 · 0.5 · 1 = 0.95 and 1 · (1 − 0.05) = 0.95, then 0.9025, 0.8574.

For Adam they are not. In the first step L2 adds the gradient 0.5 · 1. Adam divides it by its own size, so the step is 0.1, whatever $d$ is. With the shares ½ and ¾ as above, $w$ becomes 0.9, 0.801, 0.704. **AdamW** is Adam with the decoupled decay, and gives 0.95, 0.9025, 0.8574.
"""

# %%
none = (0, 0, 0)
sgd = our_steps(lambda w: nn.SGD(0.1, w, weight_decay=0.5), none)
adam_l2 = our_steps(lambda w: nn.Adam(0.1, 0.5, 0.75, parameters=w, weight_decay=0.5), none)
adamw = our_steps(lambda w: nn.AdamW(0.1, 0.5, 0.75, parameters=w, weight_decay=0.5), none)
po = paddle.optimizer
in_paddle = paddle_steps(lambda w: po.SGD(0.1, w, weight_decay=0.5), none)
agree(1e-4, by_hand=[0.95, 0.9025, 0.8574], numpy=sgd, paddle=in_paddle)
in_paddle = paddle_steps(lambda w: po.Adam(0.1, 0.5, 0.75, parameters=w, weight_decay=0.5), none)
agree(1e-3, by_hand=[0.9, 0.801, 0.704], numpy=adam_l2, paddle=in_paddle)

# %%
in_paddle = paddle_steps(lambda w: po.AdamW(0.1, 0.5, 0.75, parameters=w, weight_decay=0.5), none)
agree(1e-4, by_hand=[0.95, 0.9025, 0.8574], numpy=adamw, paddle=in_paddle)
weaker = our_steps(lambda w: nn.Adam(0.1, 0.5, 0.75, parameters=w, weight_decay=0.005), none)
agree(1e-4, adam_with_L2=adam_l2, with_L2_of_one_hundredth=weaker)

# %% [markdown]
r"""
The last line is the trap: where a loss has no gradient of its own, an L2 term a hundred times weaker gives Adam the same steps. Where it has a large gradient, the decay is divided by it, too. Loshchilov and Hutter (2019) therefore took it out of the gradient.

What does decay do for our digits? Decay acts in every step, so a fair comparison has **equal steps**. AdamW takes 100 steps at rate 0.01: five epochs with all 1,000 digits, or 50 epochs with only 100. **Predict**: with which set does it help more, and with which can it hurt?
"""

# %% tags=["picture-trained"]
sets = {"1,000 digits": (train, 5), "100 digits": ((x[:100], labels[:100]), 50)}
decayed = {}
known = {}
lengths = {}
for name, (data, epochs) in sets.items():
    decayed[name] = {}
    for decay in (0.0, 0.3, 1.0):
        networks = Networks([64, 32, 32, 10], 10)
        networks.fit(data, 0.01, epochs, "adam", decay, batch_size=50)
        decayed[name][f"{decay}"] = networks.accuracy(test)
        known[name, decay] = networks.accuracy(data).mean()
        lengths[name, decay] = np.linalg.norm(networks.weights[1])
figures.dot_plot(decayed, "decay d", limits=(0.8, 1))
plt.show()

# %%
change = {}
for name, by_decay in decayed.items():
    change[name] = by_decay["1.0"].mean() - by_decay["0.0"].mean()
    shorter = lengths[name, 0.3] < lengths[name, 0.0]
    assert shorter and abs(by_decay["0.3"].mean() - by_decay["0.0"].mean()) < 0.03
    print(f"{name}: decay 0.3 shortens the weights: {shorter}; accuracy moves by less than 0.03")
fit_less = known["1,000 digits", 0.0] - known["1,000 digits", 1.0]
print("decay 1: fewer of the 1,000 training digits right:", fit_less > 0)
print("all 100 training digits still right:", known["100 digits", 1.0].round(2) == 1)
print("test digits, decay 1: fewer right after 1,000:", change["1,000 digits"] < 0)
assert fit_less > 0 and change["1,000 digits"] < 0 and abs(change["100 digits"]) < 0.04

# %% [markdown]
r"""
Each dot is one of ten networks, and both sets are tested on the same 500 digits. With $d = 0.3$ the answer is: little. The weights become shorter, and the accuracy stays within the dots' own spread.

With $d = 1$ the 1,000 digits suffer. The networks are still learning after 100 steps, and the decay pulls against it: fewer of their own training digits are right, and fewer test digits, too. With 100 digits they know all of them by heart in spite of the decay. Whether it helps or hurts there, ten networks do not show: other first weights gave either sign. [Chapter 09](09_dropout.ipynb) compares such means against overfitting.

## Deeper: how noisy is a batch?

The gradient of a batch is a sample of the gradient of all examples. How far is it off? A small case: four examples have the gradients 1, 3, 5 and 7. Their mean is 4, their deviation √5 = 2.236. The six possible pairs have the means 2, 3, 4, 4, 5 and 6, with the deviation √(10/6) = 1.291. The rule for $B$ of $N$ examples is

$$\frac{\text{deviation of one}}{\sqrt{B}} \cdot \sqrt{\frac{N - B}{N - 1}},\qquad\text{here}\quad \frac{2.236}{\sqrt 2}\cdot\sqrt{\frac{2}{3}} = 1.291.$$

The second root is near 1 for small batches, and 0 when the batch is everything. **Predict**: how many times larger must a batch be, so that its noise is one half?
"""

# %%
four = [1, 3, 5, 7]
pairs = []
for i in range(4):
    for j in range(i):
        pairs.append((four[i] + four[j]) / 2)
rule = np.std(four) / np.sqrt(2) * np.sqrt(2 / 3)
agree(1e-3, by_hand=1.291, all_pairs=np.std(pairs), rule=rule)


# %%
def gradient(networks, rows):
    found, _ = networks.gradients(train[0][rows], train[1][rows])
    return np.concatenate([weights.ravel() for weights in found["weights"]])


networks = Networks([64, 32, 32, 10], 1)
whole = gradient(networks, np.arange(1000))
print(f"the gradient of all 1,000 digits: {whole.size} numbers, length {np.linalg.norm(whole):.1f}")

# %%
rng = np.random.default_rng(0)
noise = {"measured": {}, "rule": {}}
for size in (1, 4, 16, 64, 256, 512):
    errors = []
    for _ in range(200):
        rows = rng.choice(1000, size, replace=False)
        errors.append(np.linalg.norm(gradient(networks, rows) - whole))
    noise["measured"][size] = np.sqrt(np.mean(np.square(errors))) / np.linalg.norm(whole)
one = noise["measured"][1]
for size in noise["measured"]:
    noise["rule"][size] = one / np.sqrt(size) * np.sqrt((1000 - size) / 999)

# %%
figures.along(noise, "batch size", "noise ÷ gradient", log=True, dots=["measured"])
plt.title("Four times the digits, half the noise")
plt.show()
for size, measured in noise["measured"].items():
    assert abs(measured / noise["rule"][size] - 1) < 0.2
assert noise["measured"][1] > 1.5 and noise["measured"][256] < 1

# %% [markdown]
r"""
Four times the examples, half the noise, at four times the cost. At the first weights, before any step, the noise of one digit is several times as long as the gradient itself, and that of 256 digits is shorter than it. (The length is the root of the sum of squares over all weights. The noise is the typical length of the difference between a batch's gradient and the gradient of all digits.) So beyond some size a larger batch buys little per step, and small batches take more steps for the same work.

## What you have seen, done, and can now use

- **Check the loss at the start:** ln(classes). Above it, the weights or the inputs are too large. It finds faults and proves nothing.
- **Overfit 50 examples** before you train on all.
- **The map:** weight size and rate belong together. Depth narrows the range of weights; He's rule puts it in its place, and batch normalisation widens it.
- **Optimisers:** momentum sums, RMSProp divides, Adam does both. Their rates mean different things.
- **Compare fairly:** own best rate, equal budget, several seeds, validation for the choice and test for the result.
- *Deeper:* a falling rate forgives a large start; AdamW is not Adam with an L2 term; four times the batch, half the noise.

## Exercises

The [exercises of this chapter](exercises/11_dense_networks_and_optimisers.ipynb) check themselves. Compute three paths by hand, write Adam, and find the largest rate of a ravine that may be turned. Five networks wait for a diagnosis. At last measure how much momentum should remember.

## Further reading

- B. Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964, [doi 10.1016/0041-5553(64)90137-5](https://doi.org/10.1016/0041-5553(64)90137-5): momentum.
- G. Goh, *Why momentum really works*, 2017, [Distill](https://distill.pub/2017/momentum/): ravines to play with.
- T. Tieleman and G. Hinton, *Lecture 6.5: rmsprop*, 2012, [slides](http://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf).
- D. Kingma and J. Ba, *Adam: a method for stochastic optimization*, 2015, [arXiv 1412.6980](https://arxiv.org/abs/1412.6980).
- I. Loshchilov and F. Hutter, *Decoupled weight decay regularization*, 2019, [arXiv 1711.05101](https://arxiv.org/abs/1711.05101); *SGDR*, 2017, [arXiv 1608.03983](https://arxiv.org/abs/1608.03983): cosine schedules.
- R. Schmidt, F. Schneider and P. Hennig, *Descending through a crowded valley*, 2021, [arXiv 2007.01547](https://arxiv.org/abs/2007.01547): many optimisers, each tuned, and how close they come.
- A. Karpathy, *A recipe for training neural networks*, 2019, [karpathy.github.io](https://karpathy.github.io/2019/04/25/recipe/): both checks, and more.
- K. He and others, *Delving deep into rectifiers*, 2015, [arXiv 1502.01852](https://arxiv.org/abs/1502.01852).

Two numbers decide first, the size of the weights and the rate. Choose the first by He's rule, keep it with batch normalisation, and search the second. A good optimiser gets there sooner and lets more rates work in a short training, and that is what it is for.

Previous: [10 Differentiate every layer](10_backpropagation.ipynb) · Next: [12 Make it fast without leaving NumPy](12_fast_convolution.ipynb)
"""
