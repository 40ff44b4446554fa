# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Keep activations in range

A batch normalisation layer brings every feature to mean 0 and variance 1. **In training it uses the mean and the variance of the batch at hand; in use it uses those that it saved during training.** This chapter computes both, and shows what happens when somebody confuses them.

## What you will see, do, and need

**See** how a digit is read differently in different company, and why `eval()` ends that; what batch normalisation changes in training, with a control for each claim; its three relatives.

**Do** it by hand, in NumPy and with Paddle; predict the outcome of an experiment, then run it; spoil a trained network without changing a weight.

**Need** channels and batches from [chapter 04](04_channels_and_batches.ipynb); activations, initial weights, loss, gradient and epoch from [chapter 07](07_activations.ipynb). About 50 minutes, and 25 for the parts marked *Deeper*.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, explore, figures, ops
from helpers.checks import batch_norm as check
from helpers.checks import tell
from helpers.data import load_digits
from helpers.networks import Networks
from helpers.training import draw_weights, evaluate, fit

import paddle
import paddle.nn.functional as F
from paddle import nn

paddle.set_default_dtype("float64")

# %% [markdown]
r"""
## By hand

[Chapter 07](07_activations.ipynb) chose the initial weights so that the sums of a layer, its outputs before the activation, stay in range. But weights move in training, and the range of the sums moves with them. **Batch normalisation** (Ioffe and Szegedy, 2015) restores the range in every step. It takes the values of one feature over the batch, subtracts their mean, and divides by their standard deviation.

A *feature* is a number that every sample has, a column of the table. Here is a batch of three samples with two features: (1, 2), (3, 6), (5, 10). The means are 3 and 6. The *variance* is the mean of the squared distances from the mean: (4 + 0 + 4)/3 = 8/3 and (16 + 0 + 16)/3 = 32/3. Its square root is the standard deviation. The first feature becomes −2/√(8/3) = −√1.5, then 0, then √1.5. The second feature becomes the same: the difference in scale is gone.

Two numbers for each feature are learned, a scale γ and a shift β, so that the network can have another range if it needs one. They start at 1 and 0. The drawing uses γ = (2, 0.5) and β = (1, −1).
"""

# %%
batch = np.array([[1.0, 2], [3, 6], [5, 10]])
figures.data_flow(batch, weight=[2, 0.5], bias=[1, -1])
plt.show()

# %%
mean = batch.mean(axis=0)
variance = batch.var(axis=0)
normal = (batch - mean) / np.sqrt(variance)
root = np.sqrt(1.5)
agree(by_hand=[3.0, 6.0], numpy=mean)
agree(by_hand=[8 / 3, 32 / 3], numpy=variance)
agree(by_hand=[[-root, -root], [0, 0], [root, root]], numpy=normal)

# %% [markdown]
r"""
In the drawing orange numbers are measured on the batch, blue ones are learned. Read the last step in the first row: 2 · (−1.2247) + 1 ≈ −1.45 for the first feature (the drawing rounds).

In Paddle the layer is `nn.BatchNorm1D`, with the number of features. It adds a small number, ε = 0.00001, to the variance, so that a feature that never changes is not divided by 0. This is why we allow a small difference here.
"""

# %%
layer = nn.BatchNorm1D(2)
agree(numpy=normal, paddle=layer(paddle.to_tensor(batch)), tolerance=1e-4)
print("γ at the start:", layer.weight.tolist(), " β at the start:", layer.bias.tolist())

# %% [markdown]
r"""
> **Think.** With which γ and β would the layer return the batch unchanged?
>
> <details><summary>Answer</summary>
>
> With γ = the standard deviation and β = the mean: √(8/3) and 3 for the first feature. But this holds for this batch only: the batch plus 10 comes out the same. In training the layer does take something away, the mean and the scale of the batch. After `eval()`, with fixed statistics, γ and β can undo it exactly.
>
> </details>

## Which numbers share a mean

For features of the form $[N, K]$ each of the $K$ features has its own mean, over $N$ samples. For feature maps $[N, C, H, W]$ a feature is a *channel*. A convolution treats all places alike, and so must the normalisation: each channel has one mean, over $N \cdot H \cdot W$ numbers.
"""

# %%
figures.shared_statistics((3, 3), (2, 3, 3, 3))
plt.show()

# %% [markdown]
r"""
The first form on the numbers 1 … 9: feature 0 holds 1, 4 and 7, with mean 4 and variance (9 + 0 + 9)/3 = 6. The standard deviation is √6 ≈ 2.4495, and 3/2.4495 = 1.2247. All three features become −1.2247, 0, 1.2247. The function `normalise` calls `ops.batch_norm` of our helpers, which also takes the saved statistics; we need them later.
"""


# %%
def normalise(x, epsilon=1e-5):
    features = x.shape[1]
    saved_mean = np.zeros(features)
    saved_variance = np.ones(features)
    return ops.batch_norm(x, saved_mean, saved_variance, training=True, epsilon=epsilon)


table = np.arange(1.0, 10).reshape(3, 3)
by_hand = [[-1.2247] * 3, [0.0] * 3, [1.2247] * 3]
in_paddle = nn.BatchNorm1D(3)(paddle.to_tensor(table))
agree(by_hand=by_hand, numpy=normalise(table), paddle=in_paddle, tolerance=1e-4)

# %% [markdown]
r"""
The second form on random numbers: two samples, three channels, 3×3 places. Channel 0 is done in one line, all channels by `normalise`, and by Paddle's `BatchNorm2D`.
"""

# %%
maps = np.random.default_rng(0).normal(5, 3, size=(2, 3, 3, 3))
channel = maps[:, 0]
one_line = (channel - channel.mean()) / channel.std()
in_paddle = nn.BatchNorm2D(3)(paddle.to_tensor(maps)).numpy()
agree(one_line=one_line, numpy=normalise(maps)[:, 0], paddle=in_paddle[:, 0], tolerance=1e-4)
agree(numpy=normalise(maps), paddle=in_paddle)

# %% [markdown]
r"""
## In use: the saved statistics

What becomes of a sample depends on the other samples in its batch, its *company*. Take sample A = (1, 2). Beside (3, 6) the means are 2 and 4, the deviations 1 and 2, and A becomes (−1, −1). Will it be the same beside (5, 10) and (0, 1)?
"""

# %%
company_1 = np.array([[1.0, 2], [3, 6]])
company_2 = np.array([[1.0, 2], [5, 10], [0, 1]])
print("A in the first company: ", normalise(company_1)[0].round(2))
print("A in the second company:", normalise(company_2)[0].round(2))

# %% [markdown]
r"""
The second time the means are 2 and 4⅓, and A is no longer the smallest. Nothing about A has changed, only its company.

In training this is a little noise. In use it is unacceptable: a photograph must not be a cat in one company and a dog in another, and often it comes alone. So in training the layer also keeps **running averages** of the means and the variances, once for each batch:

$$\text{saved} \leftarrow 0.9 \cdot \text{saved} + 0.1 \cdot \text{batch}$$

The saved mean starts at 0, the saved variance at 1. After `eval()` the layer uses the saved values, and the batch no longer matters. After one pass of our three samples the saved means are 0.1 · 3 = 0.3 and 0.1 · 6 = 0.6. The saved variances are 0.9 + 0.1 · 8/3 ≈ 1.1667 and 0.9 + 0.1 · 32/3 ≈ 1.9667.
"""

# %%
layer = nn.BatchNorm1D(2)
saved_mean = np.zeros(2)
saved_variance = np.ones(2)
agree(numpy=saved_mean, paddle=layer._mean)
agree(numpy=saved_variance, paddle=layer._variance)
layer(paddle.to_tensor(batch))
ops.batch_norm(batch, saved_mean, saved_variance, training=True)
agree(by_hand=[0.3, 0.6], numpy=saved_mean, paddle=layer._mean, tolerance=1e-6)
by_hand = [0.9 + 0.1 * 8 / 3, 0.9 + 0.1 * 32 / 3]
agree(by_hand=by_hand, numpy=saved_variance, paddle=layer._variance, tolerance=1e-6)
print("what Paddle saves with the layer:", list(layer.state_dict()))

# %% [markdown]
r"""
Now A alone, in use: (1 − 0.3)/√1.1667 ≈ 0.648 and (2 − 0.6)/√1.9667 ≈ 0.998.
"""

# %%
alone = np.array([[1.0, 2]])
layer.eval()
in_use = ops.batch_norm(alone, saved_mean, saved_variance)
in_paddle = layer(paddle.to_tensor(alone))
agree(by_hand=[[0.648, 0.998]], numpy=in_use, paddle=in_paddle, tolerance=0.001)

# %% [markdown]
r"""
After one batch the saved values are mostly their start. We draw values with mean 5 in batches of eight. **Predict:** the saved mean starts at 0; after how many batches is it near 4? (After $n$ batches the start still has the share $0.9^n$.)
"""

# %%
rng = np.random.default_rng(0)
batch_means = []
saved_means = []
saved = 0.0
for _ in range(60):
    batch_mean = rng.normal(5, 3, size=8).mean()
    saved = 0.9 * saved + 0.1 * batch_mean
    batch_means.append(batch_mean)
    saved_means.append(saved)
lines = {"mean of the batch": batch_means, "saved mean": saved_means}
figures.curves(lines, xlabel="batch", ylabel="mean", limits=(0, 8))
plt.show()

# %% [markdown]
r"""
$0.9^{15} \approx 0.2$, so after about 15 batches the saved mean has covered four fifths of the way. Then it stays near 5, and moves much less than the means of the batches do.

> **Activity: four companies.** Five minutes, without a computer. A sample has one feature, and its value is 1. What does a batch normalisation layer make of it, by the formula, with γ = 1 and β = 0? Leave out ε, and write down four numbers, to two decimals:
>
> 1. in training, when it comes alone,
> 2. in training, beside a 3,
> 3. in training, beside a 1 and a 7,
> 4. after `eval()`, beside a 3, if the saved mean is 2 and the saved variance is 0.25.
"""

# %%
my_four = ...
tell(check.four_numbers, my_four)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> Alone, the number is its own mean: 0. Beside a 3 the mean is 2 and the deviation is 1: −1. With 1, 1 and 7 the mean is 3 and the variance is (4 + 4 + 16)/3 = 8: −2/√8 ≈ −0.71. In eval mode the 3 does not matter. The deviation is √0.25 = 0.5, so the result is (1 − 2)/0.5 = −2. Written down: `my_four = [0, -1, -0.71, -2]`.
>
> </details>

## The mistake: `eval()` forgotten

Without `eval()` the network goes on normalising by whatever batch it is given. We train three small convolutional networks with batch normalisation on digits (8×8 pixels), one for each seed. All numbers are float64 in this chapter, so that every computer draws the same pictures.
"""


# %%
digits = load_digits(size=8)
train = (digits.train[0].astype("float64"), digits.train[1])
test = (digits.test[0].astype("float64"), digits.test[1])


def lenet():
    first = nn.Sequential(nn.Conv2D(1, 6, 5, padding=2), nn.BatchNorm2D(6), nn.ReLU())
    second = nn.Sequential(nn.Conv2D(6, 16, 5, padding=2), nn.BatchNorm2D(16), nn.ReLU())
    third = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.BatchNorm1D(32), nn.ReLU())
    half = nn.AvgPool2D(2)
    return nn.Sequential(first, half, second, half, third, nn.Linear(32, 10))


# %%
models = []
for seed in range(3):
    model = draw_weights(lenet(), np.random.default_rng(seed))
    optimizer = paddle.optimizer.SGD(0.05, parameters=model.parameters())
    fit(model, optimizer, train, epochs=5, batch_size=32, seed=seed)
    models.append(model)

# %% [markdown]
r"""
`fit` leaves a model in eval mode. There the size of the batch does not matter: the 500 test digits get the same ten scores each, in pairs or all at once. (`no_grad` tells Paddle to compute no gradients.)
"""


# %%
@paddle.no_grad()
def scores(model, size):
    parts = []
    for start in range(0, 500, size):
        part = test[0][start : start + size]
        parts.append(model(paddle.to_tensor(part)).numpy())
    return np.concatenate(parts)


agree(in_pairs=scores(models[0], 2), all_at_once=scores(models[0], 500))

# %% [markdown]
r"""
**Predict:** how many of the test digits are still right without `eval()`, in batches of 32? And in batches of 2?
"""


# %%
def accuracies(size):
    return [(scores(model, size).argmax(axis=1) == test[1]).mean() for model in models]


correct = {str(size): accuracies(size) for size in (1, 2, 8, 32)}
for model in models:
    model.train()
forgotten = {str(size): accuracies(size) for size in (1, 2, 8, 32)}
assert np.mean(correct["2"]) - np.mean(forgotten["2"]) > 0.15
assert np.mean(forgotten["32"]) > 0.9

# %% tags=["picture-trained"]
runs = {"with eval()": correct, "eval() forgotten": forgotten}
figures.dot_plot(runs, xlabel="size of the batch in use", chance=0.1)
plt.show()

# %% [markdown]
r"""
A batch of 32 is nearly a fair sample of all digits, and nothing is lost. So the mistake is easily overlooked in the laboratory. It shows in use, where pictures come one or a few at a time: in pairs about a third of the answers are lost, and of single pictures most. (A single picture passes this network's dense layers without any normalisation, see the table at the end.) Each dot is one of the three networks, and the short line is their mean.

Now one digit only: the first digit 6 of the test set to which the first network gives more than 0.9 with `eval()`. We put it into 100 random batches of 2, of 4, of 8 and of 32. Each dot is the share that the network then gives to "six" (the output of softmax). **Predict** how far the dots spread.
"""


# %%
model = models[0]
model.eval()
with_eval = F.softmax(model(paddle.to_tensor(test[0]))).numpy()
sure = (test[1] == 6) & (with_eval[:, 6].round(3) > 0.9)
six = np.flatnonzero(sure)[0]
others = np.delete(np.arange(500), six)


def in_company(size, rng):
    answers = []
    for _ in range(100):
        members = np.append(six, rng.choice(others, size - 1, replace=False))
        answers.append(F.softmax(model(paddle.to_tensor(test[0][members])))[0].numpy())
    return np.array(answers)


# %% tags=["picture-trained"]
model.train()
answers = {size: in_company(size, np.random.default_rng(size)) for size in (2, 4, 8, 32)}
shares = {size: answer[:, 6] for size, answer in answers.items()}
assert len(set(answers[2].argmax(axis=1))) > 1
assert shares[2].mean() < 0.8 and shares[32].mean() > 0.8
figures.company(shares, with_eval[six, 6])
plt.show()

# %% [markdown]
r"""
Beside a single companion the network is rarely sure of the six, and some companions turn it into another digit. With 31 companions the answer is nearly the one of `eval()`, the dashed line.

The mistake does one more thing: without `eval()` each pass also changes the saved statistics. **Predict:** we show each network 20 batches that hold sixes only, in training mode, but take no step: no weight changes. Then we call `eval()` and test. (The old saved values then keep a share of $0.9^{20} \approx 0.12$.) What happens, and can ordinary digits repair it?
"""


# %%
def show(model, x, times):
    model.train()
    for _ in range(times):
        model(paddle.to_tensor(x))
    return evaluate(model, test)[1]


sixes = train[0][train[1] == 6][:64]
mixed = train[0][:64]
stages = {"after training": correct["2"], "after 20 × sixes": [], "after 40 × all digits": []}
for model in models:
    stages["after 20 × sixes"].append(show(model, sixes, 20))
    stages["after 40 × all digits"].append(show(model, mixed, 40))
repaired = np.mean(stages["after 40 × all digits"])
assert np.mean(stages["after 20 × sixes"]) < repaired - 0.04 and repaired > 0.93

# %% tags=["picture-trained"]
figures.dot_plot({"with eval()": stages}, ylabel="test accuracy with eval()", chance=0.1)
plt.show()

# %% [markdown]
r"""
After the sixes the saved means and variances are those of sixes, and they no longer fit the other digits. Forty passes of 64 mixed digits bring them back. The saved statistics are a part of the model like its weights: they can be spoiled without any learning, and repaired without any learning.

> **Think.** The mistake exists the other way round, too: somebody trains in `eval()`. What happens?
>
> <details><summary>Answer</summary>
>
> The saved statistics stay at 0 and 1. The layer is then a scale and a shift, without normalisation. There is no error message.
>
> </details>

## The same arithmetic over other axes

A mean over other axes needs no company. *Layer normalisation* takes all channels and places of one sample. *Instance normalisation* takes one channel of one sample. *Group normalisation* takes a group of channels of one sample. In each panel the marked numbers share one mean:
"""

# %%
figures.four_norms((3, 4, 2, 2), groups=2)
plt.show()


# %%
def standardise(x, axes):
    mean = x.mean(axis=axes, keepdims=True)
    variance = x.var(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-5)


x = np.random.default_rng(1).normal(5, 3, size=(3, 4, 2, 2))
by_batch = standardise(x, (0, 2, 3))
by_layer = standardise(x, (1, 2, 3))
by_instance = standardise(x, (2, 3))
by_group = standardise(x.reshape(3, 2, 2, 2, 2), (2, 3, 4)).reshape(x.shape)

# %%
tensor = paddle.to_tensor(x)
agree(numpy=by_batch, paddle=nn.BatchNorm2D(4)(tensor))
agree(numpy=by_layer, paddle=nn.LayerNorm([4, 2, 2])(tensor))
agree(numpy=by_instance, paddle=nn.InstanceNorm2D(4)(tensor))
agree(numpy=by_group, paddle=nn.GroupNorm(2, 4)(tensor))

# %% [markdown]
r"""
Is a sample's result alone the same as in company? **Predict** it for each of the four:
"""

# %%
alone = x[:1]
pairs = {"batch": (by_batch, standardise(alone, (0, 2, 3)))}
pairs["layer"] = (by_layer, standardise(alone, (1, 2, 3)))
pairs["instance"] = (by_instance, standardise(alone, (2, 3)))
pairs["group"] = (by_group, nn.GroupNorm(2, 4)(paddle.to_tensor(alone)).numpy())
for name, (in_batch, by_itself) in pairs.items():
    print(f"{name:9} alone as in company: {np.allclose(in_batch[0], by_itself[0])}")

# %% [markdown]
r"""
Only batch normalisation mixes samples. So of the four only batch normalisation needs saved statistics and `eval()`; the other three compute the same in training and in use. Layer normalisation is the usual choice for networks that read text (there each word is normalised by itself, over its features), instance normalisation for changing the style of pictures. Group normalisation stands between the two: with one group it is layer normalisation, and with one channel a group it is instance normalisation.

## What changes in training: learning rates

Now we compare training with and without. One run proves little, so we want many seeds and many settings within seconds. `Networks` trains small dense networks for several seeds at once, in NumPy, with the steps of [chapter 07](07_activations.ipynb). First the proof that it does what Paddle does: three hidden layers of 32 sigmoids, two epochs, one seed.
"""

# %%
parts = [nn.Flatten()]
for inputs in (64, 32, 32):
    parts += [nn.Linear(inputs, 32), nn.BatchNorm1D(32), nn.Sigmoid()]
model = nn.Sequential()
for index, part in enumerate([*parts, nn.Linear(32, 10)]):
    model.add_sublayer(str(index), part)
draw_weights(model, np.random.default_rng(0), init="xavier")
optimizer = paddle.optimizer.SGD(0.3, parameters=model.parameters())
in_paddle = fit(model, optimizer, train, epochs=2).loss

# %%
flat_train = (train[0].reshape(-1, 64), train[1])
flat_test = (test[0].reshape(-1, 64), test[1])


def learn(rate, norm=None, epochs=5, seeds=5, hold=False):
    networks = Networks((64, 32, 32, 32, 10), seeds, "sigmoid", "xavier", norm)
    return networks.fit(flat_train, rate, epochs, watch={"test": flat_test}, hold=hold)


agree(numpy=learn(0.3, "batch", epochs=2, seeds=[0]).loss[0], paddle=in_paddle)

# %% [markdown]
r"""
**Predict:** the same network, five seeds, five epochs (105 steps), for learning rates from 0.01 to 10. For which rates does it learn without batch normalisation? And with it?
"""

# %% tags=["picture-trained"]
without = {}
with_norm = {}
least = {0.01: 0, 0.1: 0.75, 1: 0.75, 10: 0.45}
for rate in least:
    without[rate] = learn(rate).accuracy["test"][:, -1]
    with_norm[rate] = learn(rate, "batch").accuracy["test"][:, -1]
    assert without[rate].mean() < 0.2
    assert with_norm[rate].mean() > least[rate]
runs = {"without": without, "with batch norm": with_norm}
figures.dot_plot(runs, xlabel="learning rate", chance=0.1, log=True)
plt.show()

# %% [markdown]
r"""
Within five epochs the network without batch normalisation stays near chance, one in ten, at each of the four rates. With it the mean is above 0.75 at the rates 0.1 and 1, and above 0.45 at 10: it learns over two powers of ten.

Does this show that the network *can't* learn without it? We believed so, until we ran the control: 30 epochs instead of five, at rate 3 without batch normalisation and at rate 0.3 with it.
"""

# %% tags=["picture-trained"]
long = {
    "with, rate 0.3": learn(0.3, "batch", epochs=30).accuracy["test"],
    "without, rate 3": learn(3, epochs=30).accuracy["test"],
}
assert long["with, rate 0.3"][:, 4].mean() > 0.85
assert long["without, rate 3"][:, 4].mean() < 0.25
assert long["without, rate 3"][:, -1].mean() > 0.8
figures.curves(long, ylabel="test accuracy", limits=(0, 1))
plt.show()

# %% [markdown]
r"""
It learns as well, about twenty epochs later. So what batch normalisation gives this network is time, and freedom in choosing the rate. Within five epochs the best result with it is far better than the best without it. With enough epochs both become good. The bands reach from the worst to the best of five seeds.

Sigmoids are a hard case, chosen because the difference is large. With ReLU and He's weights a network of this size learns without normalisation, too; you will see it below.

## Layer by layer

What do the layers do in those first epochs? In deeper networks it shows more clearly, so we take six hidden layers of 32 units, rate 0.3, in their fifth epoch. Three numbers describe a layer. The first is the spread of its outputs over the batch, a standard deviation. The second is the length of the gradient for its weights. The third is how far one step moves the weights, as a part of their own length. **Predict** the lines for sigmoids without and with batch normalisation. The last layer, 7, gives the scores and is never normalised.
"""

# %%
kinds = {"sigmoid": ("sigmoid", None), "sigmoid, batch norm": ("sigmoid", "batch")}
kinds["tanh"] = ("tanh", None)
spread = {}
gradient = {}
moved = {}
for name, (activation, norm) in kinds.items():
    networks = Networks((64, 32, 32, 32, 32, 32, 32, 10), 5, activation, "xavier", norm)
    history = networks.fit(flat_train, 0.3, epochs=5)
    last_epoch = slice(4 * 21, 5 * 21)
    spread[name] = history.spread[:, last_epoch].mean(axis=1)
    gradient[name] = history.gradient[:, last_epoch].mean(axis=1)
    moved[name] = (history.update / history.length)[:, last_epoch].mean(axis=1)

# %% tags=["picture-trained"]
panels = {"spread of outputs": spread, "gradient of weights": gradient, "step ÷ weights": moved}
figures.norms_by_layer({"size": panels}, decades=1)
plt.show()
for name, least in {"sigmoid, batch norm": 0.5, "tanh": 0.5, "sigmoid": 0}.items():
    assert spread[name][:, 5].mean() > least * spread[name][:, 0].mean()
assert spread["sigmoid"][:, 5].mean() < 0.01 * spread["sigmoid"][:, 0].mean()
assert moved["sigmoid"][:, 0].mean() < 1e-5

# %% [markdown]
r"""
Sigmoids alone: each layer passes on a smaller spread, until all digits look nearly alike. And each layer passes a smaller gradient back. The first layer moves by less than a hundred-thousandth of its length in a step. With batch normalisation all hidden layers move at about the same pace.

The third line is the control. tanh has its mean at 0 and a slope of 1 there, and with Xavier's weights it needs no normalisation for an even pace. Batch normalisation is one way to keep activations in range; the good start of [chapter 07](07_activations.ipynb) is another.

## What changes in training: initial weights

Multiply all weights of a layer by 10. Its sums, their mean and their standard deviation become ten times as large, and normalising divides the factor out. The drawing shows sums that would lie on the flat ends of a sigmoid, and the same sums normalised.
"""

# %%
small = np.random.default_rng(1).normal(0.6, 0.9, size=(200, 1))
agree(weights_times_10=normalise(10 * small, epsilon=0), as_before=normalise(small, epsilon=0))
groups = {"sums, weights · 10": 10 * small, "the same, normalised": normalise(10 * small)}
figures.over_activation(groups, ops.sigmoid, "sigmoid")
plt.show()

# %% [markdown]
r"""
So the size of the first weights should no longer matter. **Predict:** a network with ReLU, rate 0.1, five epochs. The first weights of the hidden layers are multiplied by 0.1, 1 or 10. What will the accuracy be without batch normalisation, and with it?
"""


# %%
def scaled(factor, norm=None, hidden_rate=0.1):
    networks = Networks((64, 32, 32, 32, 10), 5, "relu", "he", norm)
    for layer in range(3):
        networks.weights[layer] *= factor
    rates = [hidden_rate, hidden_rate, hidden_rate, 0.1]
    return networks.fit(flat_train, 0.1, 5, watch={"test": flat_test}, weight_rates=rates)


runs = {"without": {}, "with": {}, "with, rate · factor²": {}}
for factor in (0.1, 1, 10):
    runs["without"][f"{factor}"] = scaled(factor)
    runs["with"][f"{factor}"] = scaled(factor, "batch")
    adapted = 0.1 * factor**2
    runs["with, rate · factor²"][f"{factor}"] = scaled(factor, "batch", adapted)

# %% tags=["picture-trained"]
results = {}
for name, histories in runs.items():
    results[name] = {key: run.accuracy["test"][:, -1] for key, run in histories.items()}
figures.dot_plot(results, xlabel="first weights multiplied by", chance=0.1)
plt.show()
assert results["without"]["0.1"].max() < 0.2 and results["without"]["10"].max() < 0.2
assert results["with"]["10"].mean() < 0.8 < results["with"]["1"].mean()

# %% [markdown]
r"""
Without it only one of the three starts leads anywhere at this learning rate; weights that are ten times too small or too large end at chance. With it nearly all of the networks learn, from all three starts. But the size does matter: from weights ten times as large the network learns more slowly. We believed the opposite, and the sums are the same, so what differs?

The *steps* differ. If the output does not change when the weights grow tenfold, then each weight has a tenth of the influence: its gradient is ten times smaller. And the weights are ten times longer. Compared with their length the steps are a hundred times smaller. The orange series is the control: for these layers the rate is multiplied by the square of the factor. Then the two networks have the same loss from beginning to end of training:
"""

# %%
as_before = runs["with"]["1"].loss
rate_unchanged = runs["with"]["10"].loss
rate_times_100 = runs["with, rate · factor²"]["10"].loss
agree(as_before=as_before, weights_10_rate_100=rate_times_100, tolerance=0.02)
print("the same with the rate unchanged:", np.allclose(as_before, rate_unchanged, atol=0.02))

# %% [markdown]
r"""
(The numbers are five seeds and five epochs; ε, which does not grow with the weights, leaves a small difference.) So in a normalised layer the length of the weights acts on the learning rate, and on nothing else. The last layer is not normalised. There the size of the weights matters as ever, so this experiment left it alone.

## Where it stands

The usual place is after the convolution and before the activation. There the convolution's bias is useless: what it adds, the subtraction of the mean removes. So one leaves it out (`bias_attr=False` in Paddle); β does its work.
"""

# %%
rng = np.random.default_rng(2)
x = rng.normal(size=(4, 3, 8, 8))
weight = rng.normal(size=(5, 3, 3, 3))
bias = np.full(5, 100.0)
with_bias = normalise(ops.conv2d(x, weight, bias))
agree(bias_of_100=with_bias, no_bias=normalise(ops.conv2d(x, weight)))

# %% [markdown]
r"""
> **Note.** *Why* it helps is less certain than *that* it does. The authors' explanation is that it reduces "internal covariate shift": each layer learns while its inputs move. Santurkar and others (2018) added such shifts on purpose and found that training did not suffer. They offer another explanation: the loss becomes smoother, so that larger steps are safe.

## Deeper: why a rate of 10 does so little harm

The gradient says in which direction the loss grows fastest. The loss does not change when a unit's weights become longer and keep their proportions. So the gradient has no part along the weights: multiplied number by number and added up, weights and gradient give 0. A step at a right angle makes the weights longer, by Pythagoras: new length² = old length² + (rate · gradient's length)².
"""

# %%
inputs = paddle.to_tensor(train[0][:100].reshape(100, 64))
wanted = paddle.to_tensor(rng.normal(size=(100, 4)))
weight = paddle.to_tensor(rng.normal(size=(64, 4)), stop_gradient=False)
layer = nn.BatchNorm1D(4, epsilon=1e-12)
loss = ((layer(inputs @ weight) - wanted) ** 2).mean()
loss.backward()
before = weight.numpy()
gradient = weight.grad.numpy()
agree(by_reasoning=np.zeros(4), paddle=(before * gradient).sum(axis=0), tolerance=1e-8)

# %%
after = before - 10 * gradient
by_pythagoras = (before**2).sum(axis=0) + 10**2 * (gradient**2).sum(axis=0)
agree(by_pythagoras=by_pythagoras, numpy=(after**2).sum(axis=0))

# %% [markdown]
r"""
Large steps make long weights, and for long weights the same rate is a small one. So a rate that is too large corrects itself. That is the idea; the control takes it away: after each step we bring the weights of each hidden layer back to their first length. **Predict** what becomes of the rates 0.1, 1 and 10 within three epochs.
"""

# %% tags=["picture-trained"]
free = {}
held = {}
for rate in (0.1, 1, 10):
    free[rate] = learn(rate, "batch", epochs=3).accuracy["test"][:, -1]
    held[rate] = learn(rate, "batch", epochs=3, hold=True).accuracy["test"][:, -1]
assert held[10].mean() < 0.36 and free[10].mean() > 0.4
assert abs(held[0.1].mean() - free[0.1].mean()) < 0.03
runs = {"length free": free, "length held": held}
figures.dot_plot(runs, xlabel="learning rate", chance=0.1, log=True)
plt.show()

# %% [markdown]
r"""
With the length held, rate 10 nearly fails, while at rate 0.1 nothing changes. Biases, scales and the last layer have the same rate in both. So it is the growing weights that make a very large rate bearable.

## Deeper: small batches

In a batch of 2 the mean lies in the middle, and both values are one standard deviation away. So 3 and 3.1 become −1 and 1, and so do 3 and 300. In a dense layer each feature keeps only which of the two values is larger. (In a convolution a channel has two whole maps, so more is left.)
"""

# %%
pair = np.array([[3.0, 3], [3.1, 300]])
agree(by_hand=[[-1, -1], [1, 1]], numpy=normalise(pair), tolerance=0.01)

# %% [markdown]
r"""
**Predict:** the dense network with ReLU, batches of 2, one epoch, two learning rates, four seeds. We compare batch normalisation, and layer normalisation, which looks at one sample only, with no normalisation. Is the mean accuracy lower by more than 0.1?
"""


# %%
def in_pairs(rate, norm, change=0.0):
    networks = Networks((64, 32, 32, 32, 10), 4, "relu", "he", norm)
    networks.weights[3] *= 1 + change
    return networks.fit(flat_train, rate, 1, batch_size=2, watch={"test": flat_test})


histories = {}
for rate in (0.003, 0.03):
    without = in_pairs(rate, None).accuracy["test"].mean()
    for norm in ("batch", "layer"):
        run = in_pairs(rate, norm)
        histories[norm] = run
        worse = run.accuracy["test"].mean() < without - 0.1
        print(f"rate {rate:5}, {norm} norm: worse than none? {worse}")

# %% [markdown]
r"""
With pairs batch normalisation is worse than none at both rates. Layer normalisation does the same arithmetic over 32 numbers, and learns. We believed first that the company does the harm. Rather it is that the company is so small: two numbers always become −1 and 1. A small change of a weight then changes nothing, so hardly any gradient passes to the layers below:
"""

# %%
for norm, run in histories.items():
    gradient = np.median(run.gradient, axis=(0, 1))
    fades = gradient[0] < gradient[-1] / 20
    print(f"{norm} norm: first layer's gradient under 1/20 of the last one's? {fades}")

# %% [markdown]
r"""
Group normalisation was made for this case: photographs so large that only one or two fit into memory (Wu and He, 2018).

Why are there no accuracies above? Because they differ from one computer to the next. To divide by the deviation of two nearly equal values magnifies their difference, up to $1/\sqrt{\varepsilon} \approx 300$ times in each layer. So rounding errors are magnified, too. We train again, with the last layer's first weights larger by one part in $10^{14}$. **Predict** how much the loss changes.
"""

# %%
for norm in ("batch", "layer"):
    change = np.abs(in_pairs(0.03, norm, change=1e-14).loss - histories[norm].loss).max()
    print(f"{norm} norm: does the loss change by more than a millionth? {change > 1e-6}")

# %% [markdown]
r"""
## Deeper: what ε changes

A feature that is the same in the whole batch has variance 0, and dividing by 0 must not happen. Therefore ε is added to the variance first: $10^{-7}$ in some texts, $10^{-5}$ in Paddle. The variance of the result is then a little below 1:
"""

# %%
for epsilon in (1e-7, 1e-5):
    variance = normalise(batch, epsilon)[:, 0].var()
    print(f"ε = {epsilon:.0e}: variance 1 − {1 - variance:.1e}")
constant = np.full((3, 1), 7.0)
agree(by_hand=np.zeros((3, 1)), numpy=normalise(constant))

# %% [markdown]
r"""
## Deeper: maps by reshaping

Some programs have only the form for $[N, K]$. They bring maps into it by reshaping, so that every pixel becomes a sample and every channel a feature. The channel axis has to come *last* first. A reshape without the transposition runs, gives the right shape, and mixes the channels:
"""

# %%
right = maps.transpose(0, 2, 3, 1).reshape(-1, 3)
naive = maps.reshape(-1, 3)
agree(true_means=maps.mean(axis=(0, 2, 3)), transposed=right.mean(axis=0))
print("means without the transposition:", naive.mean(axis=0).round(4))
back = normalise(right).reshape(2, 3, 3, 3).transpose(0, 3, 1, 2)
agree(as_maps=normalise(maps), as_pixels=back)

# %% [markdown]
r"""
## Deeper: folding it away

After training, mean, variance, γ and β are fixed numbers. Normalising is then one multiplication and one addition for each channel, and a convolution multiplies and adds anyway. So one **folds** the normalisation into the convolution. With $f = \gamma/\sqrt{\text{variance} + \varepsilon}$ the new weight is $f$ times the old one, and the new bias is $\beta - f \cdot \text{mean}$. One layer fewer, and the same outputs. Programs that prepare networks for telephones do this first:
"""

# %%
weight = rng.normal(size=(5, 3, 3, 3))
gamma = rng.normal(size=5)
beta = rng.normal(size=5)
saved_mean = rng.normal(size=5)
saved_variance = rng.uniform(0.5, 2, size=5)
two_layers = ops.batch_norm(ops.conv2d(x, weight), saved_mean, saved_variance, gamma, beta)
f = gamma / np.sqrt(saved_variance + 1e-5)
one_layer = ops.conv2d(x, weight * f.reshape(5, 1, 1, 1), beta - f * saved_mean)
agree(two_layers=two_layers, one_layer=one_layer)

# %% [markdown]
r"""
> **Think.** Can batch normalisation be folded into the convolution *after* it just as well?
>
> <details><summary>Answer</summary>
>
> Without padding, yes: the scale multiplies the input channels of the weight, and the shift adds up to a bias. With zero padding, no. The zeros are added after the normalisation and are not shifted, so the border would be wrong. With an activation in between it cannot be done at all.
>
> </details>

## What listings of this topic get wrong

| where | what stands there | what is true |
|---|---|---|
| Listings of the example 1 … 9 | "mean 2.4495, standard deviation 4.0" | The labels are exchanged: the mean is 4. |
| Texts that write the running averages by hand | the saved variance starts at 0 | It starts at 1 in Paddle and in PyTorch. From 0, a layer that is used early would divide by too little. |
| Code carried from PyTorch to Paddle | `momentum=0.1` | In Paddle `momentum` is the share that is *kept*, 0.9. PyTorch also averages the unbiased variance, with $n - 1$ instead of $n$. |
| Texts on a batch of one | "every value becomes 0" | By the formula, yes. In dense layers Paddle 3.3 passes a single sample on unchanged. |

The last two rows, computed:
"""

# %%
unbiased = 0.9 + 0.1 * batch.var(axis=0, ddof=1)
print("saved variance by PyTorch's rule:", unbiased.round(4))
single = np.array([[1.0, 2]])
agree(by_formula=[[0.0, 0.0]], numpy=normalise(single))
agree(input=single, paddle=nn.BatchNorm1D(2)(paddle.to_tensor(single)))

# %% [markdown]
r"""
## Play: who moves when one sample moves?

The figure below normalises one feature of a batch of five. Drag a sample, or move it with the arrow keys. The line under the figure gives the mean, the variance and all outputs.

**Predict**, then try it. You drag only the largest sample. Which outputs move? Which of them move at inference? How many training steps does it take until the running mean is within 1 % of the batch's mean?
"""

# %%
explore.load()

# %%
explore.norm([1, 2, 3, 4, 7])

# %% [markdown]
r"""
> <details><summary>Answer</summary>
>
> In training all outputs move, because all share the mean and the variance. At inference only the one that you drag moves. A step keeps 0.9 of the distance to the batch's mean, and the first power of 0.9 below 0.01 is the 44th.
>
> </details>
"""

# %%
five = np.array([[1.0], [2], [3], [4], [7]])
dragged = five.copy()
dragged[4] = 8
training = [ops.batch_norm(x, np.zeros(1), np.ones(1), training=True) for x in (five, dragged)]
inference = [ops.batch_norm(x, np.zeros(1), np.ones(1)) for x in (five, dragged)]
moves = [(training[0] != training[1]).sum(), (inference[0] != inference[1]).sum()]
agree(by_hand=[5, 1], numpy=moves)

# %%
running_mean = np.zeros(1)
running_var = np.ones(1)
steps = 0
while abs(running_mean[0] - five.mean()) > 0.01 * five.mean():
    ops.batch_norm(five, running_mean, running_var, training=True)
    steps += 1
agree(by_hand=int(np.ceil(np.log(0.01) / np.log(0.9))), numpy=steps)

# %% [markdown]
r"""
## What you have seen, done, and can now use

- **Batch normalisation** subtracts the mean and divides by the deviation of each feature over the batch, or of each channel over batch and places. Then it scales by γ and shifts by β, which are learned.
- **Company matters** in training mode. A forgotten `eval()` costs most in small batches, and it spoils the saved statistics.
- **Layer, instance and group normalisation** are the same arithmetic over axes of one sample. They need no saved statistics.
- **In training** the network learned in fewer steps, and at rates from 0.1 to 10. Without it the same network learned as well, later. The length of normalised weights acts on the learning rate.
- **The convolution's bias** is useless in front of it. In the end the layer folds into the convolution (*Deeper*).

Keep one sentence: in training, the statistics of the batch; in use, the saved ones; and `eval()` is the switch between them.

## Exercises

The [exercises of this chapter](exercises/08_batch_norm.ipynb) check themselves. Normalise a batch by hand, write the layer with its switch, and spoil a batch with a single sample. Fold a normalisation into the dense layer after it, find out which normalisation a box hides, and measure how much the company matters.

## Further reading

- S. Ioffe and C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal covariate shift*, 2015, [arXiv 1502.03167](https://arxiv.org/abs/1502.03167).
- S. Santurkar and others, *How does batch normalization help optimization?*, 2018, [arXiv 1805.11604](https://arxiv.org/abs/1805.11604).
- T. van Laarhoven, *L2 regularization versus batch and weight normalization*, 2017, [arXiv 1706.05350](https://arxiv.org/abs/1706.05350): the length of the weights as a learning rate.
- J. Ba, J. Kiros and G. Hinton, *Layer normalization*, 2016, [arXiv 1607.06450](https://arxiv.org/abs/1607.06450).
- D. Ulyanov, A. Vedaldi and V. Lempitsky, *Instance normalization*, 2016, [arXiv 1607.08022](https://arxiv.org/abs/1607.08022).
- Y. Wu and K. He, *Group normalization*, 2018, [arXiv 1803.08494](https://arxiv.org/abs/1803.08494).
- A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep convolutional neural networks*, 2012, reprinted 2017, [doi 10.1145/3065386](https://doi.org/10.1145/3065386): a forerunner, local response normalisation, in section 3.3.

Previous: [07 Bend the line with activations](07_activations.ipynb) · Next: [09 Drop units to resist overfitting](09_dropout.ipynb)
"""
