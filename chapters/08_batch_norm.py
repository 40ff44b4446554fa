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

## What you will see, do, and need

**See** how batch normalisation brings every feature to mean 0 and variance 1, in training by the batch and afterwards by what it remembers.

**Do** it by hand, in NumPy and with Paddle; make its classic mistakes on purpose; measure for which learning rates and which initial weights a network learns with it and without it; fold it away when training is over.

**Need** channels and batches from chapter 04, activations, initial weights and training from chapter 07. About 60 minutes.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import ops
from helpers.data import load_digits
from helpers.figures.curves import heat_map
from helpers.figures.normalization import data_flow, over_activation, shared_statistics
from helpers.training import evaluate, fit

import paddle
import paddle.nn.functional as F
from paddle import nn

# %% [markdown]
r"""
## By hand

Chapter 07 chose the initial weights so that sums stay in range. But weights move, and with them the range of everything behind them: a layer learns to deal with the values that it gets, and in the next step gets others. **Batch normalisation** (Ioffe and Szegedy, 2015) puts the range right in every step of training: take the values of one feature over the batch, subtract their mean, divide by their standard deviation.

A batch of three samples with two features: (1, 2), (3, 6), (5, 10). The means are 3 and 6. The variances, the means of the squared distances, are (4 + 0 + 4)/3 = 8/3 and (16 + 0 + 16)/3 = 32/3. The first feature becomes −2/√(8/3) = −√1.5, then 0, then √1.5, and so does the second: the difference in scale is gone.

Two numbers for each feature are learned, a scale γ and a shift β, so that the network can have any other range if it needs one. They start at 1 and 0. The drawing uses γ = (2, 0.5) and β = (1, −1).
"""

# %%
batch = np.array([[1.0, 2], [3, 6], [5, 10]])
data_flow(batch, weight=[2, 0.5], bias=[1, -1])
plt.show()

# %%
mean, variance = batch.mean(axis=0), batch.var(axis=0)
assert mean.tolist() == [3, 6] and np.allclose(variance, [8 / 3, 32 / 3])
normal = (batch - mean) / np.sqrt(variance)
root = np.sqrt(1.5)
assert np.allclose(normal, [[-root, -root], [0, 0], [root, root]])
assert np.allclose(normal.mean(axis=0), 0) and np.allclose(normal.var(axis=0), 1)

# %% [markdown]
r"""
A feature that is the same in the whole batch has variance 0, and we must not divide by it. So a small ε is added to the variance first: $10^{-7}$ in some texts, $10^{-5}$ in Paddle. With it, the variance of the result is a little less than 1:
"""


# %%
def normalise(x, epsilon=1e-5, **options):
    channels = x.shape[1]
    return ops.batch_norm(
        x, np.zeros(channels), np.ones(channels), training=True, epsilon=epsilon, **options
    )


for epsilon in (1e-7, 1e-5):
    print(f"epsilon {epsilon:.0e}: variance 1 − {1 - normalise(batch, epsilon)[:, 0].var():.1e}")
zeros, ones = paddle.zeros([2], "float64"), paddle.ones([2], "float64")
in_paddle = F.batch_norm(paddle.to_tensor(batch), zeros, ones, training=True).numpy()
assert np.allclose(normalise(batch), in_paddle)

# %% [markdown]
r"""
## Which numbers share a mean

For features of the form $[N, K]$ each of the $K$ features has its own mean, over $N$ samples. For feature maps $[N, C, H, W]$ a feature is a *channel*: a convolution treats all places alike, and so must the normalisation. Each channel has one mean, over $N \cdot H \cdot W$ numbers.
"""

# %%
shared_statistics((3, 3), (2, 3, 3, 3))
plt.show()

# %% [markdown]
r"""
The first form on 1 … 9: feature 0 holds 1, 4, 7, with mean 4 and variance (9 + 0 + 9)/3 = 6, standard deviation √6 ≈ 2.4495. All three features come out as −1.2247, 0, 1.2247.

> **Correction.** *Commonly printed:* in listings of this example the labels are exchanged, "mean 2.4495, standard deviation 4.0". *True:* the other way round, as anyone can check who adds 1 + 4 + 7.
"""

# %%
table = np.arange(1.0, 10).reshape(3, 3)
print(f"feature 0: mean {table[:, 0].mean():.1f}, standard deviation {table[:, 0].std():.4f}")
result = normalise(table)
for feature in range(3):
    assert np.allclose(result[:, feature], [-1.2247, 0, 1.2247], atol=1e-4)
layer = nn.BatchNorm1D(3)
assert np.allclose(layer(paddle.to_tensor(table.astype("float32"))).numpy(), result, atol=1e-5)

# %% [markdown]
r"""
The second form, on random numbers: channel 0 by hand, all channels by `helpers`, and by Paddle. Between our hand and the others lies ε and nothing else.
"""

# %%
maps = np.random.default_rng(0).normal(5, 3, size=(2, 3, 3, 3))
by_hand = (maps[:, 0] - maps[:, 0].mean()) / maps[:, 0].std()
result = normalise(maps)
assert np.abs(by_hand - result[:, 0]).max() < 1e-5
assert np.allclose(by_hand, normalise(maps, epsilon=0)[:, 0])
layer = nn.BatchNorm2D(3)
assert np.allclose(layer(paddle.to_tensor(maps.astype("float32"))).numpy(), result, atol=1e-4)

# %% [markdown]
r"""
Many programs have only the first form, and bring maps into it by reshaping: every pixel becomes a sample. The channel axis has to come *last* first. A reshape without the transposition runs, gives the right shape, and mixes the channels:
"""

# %%
right = maps.transpose(0, 2, 3, 1).reshape(-1, 3)
naive = maps.reshape(-1, 3)
print("true means ", np.round(maps.mean(axis=(0, 2, 3)), 2))
print("transposed ", np.round(right.mean(axis=0), 2))
print("naive      ", np.round(naive.mean(axis=0), 2))
back = normalise(right).reshape(2, 3, 3, 3).transpose(0, 3, 1, 2)
assert np.allclose(back, result) and not np.allclose(naive.mean(axis=0), right.mean(axis=0))

# %% [markdown]
r"""
## After training: what is remembered

A sample's result depends on its company. Sample A beside B is not what A is beside C and D:
"""

# %%
A, B, C, D = np.array([[1.0, 2], [3, 6], [5, 10], [0, 1]])
print("A with B:      ", np.round(normalise(np.stack([A, B]))[0], 2))
print("A with C and D:", np.round(normalise(np.stack([A, C, D]))[0], 2))

# %% [markdown]
r"""
In training that is a bit of noise, and even helps a little against learning by heart. In use it is unacceptable: a photograph must not be a cat in one company and a dog in another, and there may be no company at all. So while training, the layer keeps **running averages** of means and variances,

$$\text{saved} \leftarrow 0.9 \cdot \text{saved} + 0.1 \cdot \text{batch},$$

and in `eval()` it uses those instead of the batch.

> **Correction.** *Commonly written:* the saved variance starts at 0. *True:* in Paddle (and PyTorch) it starts at **1**; at 0, a layer used early would divide by next to nothing. What is averaged in differs: Paddle takes the *biased* variance, the mean of the squared distances, PyTorch the *unbiased* one, with $n - 1$ in place of $n$. And the 0.9 is called `momentum` in Paddle; PyTorch calls the 0.1 so.
"""

# %%
layer = nn.BatchNorm1D(2)
start = layer._variance.numpy().tolist()
layer(paddle.to_tensor(batch.astype("float32")))
biased, unbiased = 0.9 + 0.1 * batch.var(axis=0), 0.9 + 0.1 * batch.var(axis=0, ddof=1)
print("start", start, "after one batch", np.round(layer._variance.numpy(), 4))
print("by PyTorch's rule it would be", np.round(unbiased, 4))
assert start == [1, 1] and np.allclose(layer._variance.numpy(), biased)

# %%
running_mean, running_var = np.zeros(2), np.ones(2)
ops.batch_norm(batch, running_mean, running_var, training=True)
assert np.allclose(running_var, biased) and np.allclose(running_mean, layer._mean.numpy())
layer.eval()
alone = layer(paddle.to_tensor(A[None].astype("float32"))).numpy()
assert np.allclose(alone, ops.batch_norm(A[None], running_mean, running_var), atol=1e-5)

# %% [markdown]
r"""
### The classic mistake

Forget `eval()`, and the network goes on normalising by whatever batch it is given. We train a LeNet-like network with batch normalisation on digits (16×16 pixels, one seed), and then classify the 500 test digits in batches of 1, 2 and 32, once as it should be and once without `eval()`.
"""

# %%
digits = load_digits(size=16)


def lenet(normalised, activation=nn.ReLU):
    def block(layer, channels, norm):
        return [layer, norm(channels), activation()] if normalised else [layer, activation()]

    layers = [*block(nn.Conv2D(1, 6, 5, padding=2), 6, nn.BatchNorm2D), nn.AvgPool2D(2)]
    layers += [*block(nn.Conv2D(6, 16, 5, padding=2), 16, nn.BatchNorm2D), nn.AvgPool2D(2)]
    layers += [nn.Flatten(), *block(nn.Linear(256, 84), 84, nn.BatchNorm1D)]
    return nn.Sequential(*layers, nn.Linear(84, 10))


# %%
def train(model, rate, epochs=4, seed=0, batch_size=64):
    optimizer = paddle.optimizer.SGD(rate, parameters=model.parameters())
    options = {"test": digits.test, "batch_size": batch_size, "seed": seed}
    return fit(model, optimizer, digits.train, epochs, **options).test_accuracy[-1]


def without_eval(model, size):
    model.train()
    x, labels = digits.test
    parts = [model(paddle.to_tensor(x[i : i + size])).numpy() for i in range(0, 500, size)]
    return (np.concatenate(parts).argmax(axis=1) == labels).mean()


# %%
paddle.seed(0)
model = lenet(normalised=True)
train(model, 0.1)
with_eval = [evaluate(model, digits.test, batch_size=size)[1] for size in (1, 2, 32)]
forgotten = [without_eval(model, size) for size in (1, 2, 32)]
assert with_eval[0] == with_eval[1] == with_eval[2] > 0.95
assert max(forgotten[:2]) < 0.9 and forgotten[1] < forgotten[2]

# %% tags=["picture-trained"]
rows = ["with eval()", "forgotten"]
heat_map([with_eval, forgotten], rows, ["1", "2", "32"], "", "batch size", "test accuracy")
plt.show()

# %% [markdown]
r"""
With `eval()` the size of the batch does not matter at all. Without it a batch of 32 is nearly a fair sample and little is lost, which is why the mistake goes unnoticed in the laboratory and shows in use, where pictures come one at a time. (A batch of one should be worst: every value *is* its mean. In the dense layers Paddle 3.3 makes an exception, and passes a feature with a single value through unchanged, as the next cell shows; by the formula it would be 0.)
"""

# %%
alone = nn.BatchNorm1D(2)(paddle.to_tensor(A[None].astype("float32"))).numpy()
assert np.array_equal(alone, A[None]) and np.array_equal(normalise(A[None]), [[0, 0]])

# %% [markdown]
r"""
> **Think.** The mistake exists the other way round, too: training in `eval()`. What would happen?
>
> <details><summary>Answer</summary>
>
> The saved statistics would stay at 0 and 1, and the layer would be a scale and a shift without normalisation: no error, no effect.
>
> </details>

## What it buys, measured

**Learning rates.** The network with sigmoids, which chapter 07 could hardly train, for four learning rates, with and without batch normalisation: test accuracy after four epochs, mean of two seeds.
"""


# %%
def mean_accuracy(make, arguments, rate=0.1, **options):
    found = []
    for seed in range(2):
        paddle.seed(seed)
        found.append(train(make(*arguments), rate, seed=seed, **options))
    return np.mean(found)


rates, names = [0.01, 0.1, 1.0, 10.0], ["without", "with"]
by_rate = [[mean_accuracy(lenet, (n, nn.Sigmoid), r) for r in rates] for n in (False, True)]
assert np.max(by_rate[0]) < 0.2 and np.min(by_rate[1][:3]) > 0.6

# %% tags=["picture-trained"]
heat_map(by_rate, names, rates, "batch norm", "learning rate (sigmoid)", "test accuracy")
plt.show()

# %% [markdown]
r"""
Without it, one in ten, whatever the rate. With it the network learns over three powers of ten, and even at 10, a rate that would blow most networks up, it does not break down altogether. The gain is not that some best rate becomes better; it is that one need not search for it. **Initial weights** next: the network with ReLU at learning rate 0.1, all weights at first multiplied by 0.1, 1, 3 or 10.
"""


# %%
def scaled(normalised, factor):
    model = lenet(normalised)
    for layer in model:
        if isinstance(layer, nn.Conv2D | nn.Linear):
            layer.weight.set_value(layer.weight * factor)
    return model


factors = [0.1, 1.0, 3.0, 10.0]
by_factor = []
for n in (False, True):
    by_factor.append([mean_accuracy(scaled, (n, f), epochs=3) for f in factors])
assert by_factor[0][0] < 0.2 and by_factor[0][3] < 0.3 and np.min(by_factor[1]) > 0.6

# %% tags=["picture-trained"]
heat_map(by_factor, names, factors, "batch norm", "initial weights times (ReLU)", "test accuracy")
plt.show()

# %% [markdown]
r"""
Small weights starve the plain network, large ones flood it. With normalisation all four starts lead somewhere. The reason fits in a sentence: multiplying all weights of a layer by ten multiplies mean and deviation by ten, and the normalisation divides it out: the scale of the weights does not reach the activation. Drawn for sums that are ten times too large, before and after:
"""

# %%
sums = np.random.default_rng(0).normal(4, 6, size=(200, 1))
over_activation({"sums": sums, "normalised": normalise(sums)}, ops.sigmoid, "sigmoid")
plt.show()

# %%
small = np.random.default_rng(1).normal(size=(50, 4))
assert np.allclose(normalise(10 * small, epsilon=0), normalise(small, epsilon=0))

# %% [markdown]
r"""
**Small batches** are its weakness. With a batch of 2 the mean of two samples stands in for the mean of all, and normalising two numbers leaves only which of them is larger: 3 and 3.1 become −1 and 1, exactly as 3 and 300 would. In the dense layers nothing else is left of a digit. Two epochs, ReLU, two seeds:
"""

# %%
sizes = [2, 64]
by_size = []
for n in (False, True):
    by_size.append([mean_accuracy(lenet, (n,), epochs=2, batch_size=size) for size in sizes])
assert by_size[1][0] < by_size[0][0] - 0.2 and by_size[1][1] > by_size[0][1]
assert np.allclose(np.abs(normalise(np.array([[3.0], [3.1]]))), 1, atol=0.01)

# %% tags=["picture-trained"]
heat_map(by_size, names, sizes, "batch norm", "batch size", "test accuracy")
plt.show()

# %% [markdown]
r"""
> **Note.** *Why* it works is less certain than *that* it does. The authors' explanation, that it reduces "internal covariate shift" (the moving ranges of our first paragraph), is a hypothesis. Santurkar and others (2018) added such shifts on purpose, found that training did not suffer, and offered another explanation: the loss becomes smoother, so that larger steps are safe. A forerunner, AlexNet's *local response normalisation*, divided each value by those of neighbouring channels; it is hardly used today.

## Where it goes, and how it goes away

The usual place is after the convolution and before the activation. There the convolution's bias is useless: whatever it adds, the subtraction of the mean takes away again. So one leaves it out (`bias_attr=False`); β does its work.
"""

# %%
rng = np.random.default_rng(2)
x, weight = rng.normal(size=(4, 3, 8, 8)), rng.normal(size=(5, 3, 3, 3))
without_bias = normalise(ops.conv2d(x, weight))
assert np.allclose(normalise(ops.conv2d(x, weight, np.full(5, 100.0))), without_bias)

# %% [markdown]
r"""
After training, mean, variance, γ and β are fixed numbers, and normalising is a multiplication and an addition for each channel. A convolution multiplies and adds anyway. So one **folds** the normalisation into it: with $f = \gamma/\sqrt{\text{variance} + \varepsilon}$, the new weight is $f$ times the old one, and the new bias is $\beta - f \cdot \text{mean}$. One layer fewer, and the same outputs. Programs that prepare networks for telephones do this before anything else:
"""

# %%
saved_mean, saved_var = rng.normal(size=5), rng.uniform(0.5, 2, size=5)
gamma, beta = rng.normal(size=5), rng.normal(size=5)
two_layers = ops.batch_norm(ops.conv2d(x, weight), saved_mean, saved_var, gamma, beta)
f = gamma / np.sqrt(saved_var + 1e-5)
folded = ops.conv2d(x, weight * f.reshape(5, 1, 1, 1), beta - f * saved_mean)
assert np.allclose(folded, two_layers)

# %% [markdown]
r"""
> **Think.** Can batch normalisation be folded into the convolution *after* it just as well?
>
> <details><summary>Answer</summary>
>
> Without padding, yes: the scale multiplies the input channels of the weight, and the shift adds up to a bias. With zero padding, no: the zeros were added after the normalisation and were not shifted, so that the border would come out wrong. And an activation in between forbids it altogether.
>
> </details>

## What you have seen, done, and can now use

- **Batch normalisation** subtracts the mean and divides by the deviation of each feature over the batch, or of each channel over batch and places, then scales and shifts by learned numbers.
- **In use** it takes running averages instead; Paddle's start at 0 and 1 and average the biased variance; `eval()` switches.
- **It makes** learning rates and initial weights matter far less, costs small batches dearly, and its reasons are still argued about.
- **It makes** the convolution's bias useless, and folds into the convolution in the end.

## Exercises

1. Normalise (1, 2), (3, 6), (5, 10) over the *features* of each sample instead of over the batch (layer normalisation). Does the result still depend on the company?
2. After how many batches has the saved mean come within 1 % of a constant batch mean, if momentum is 0.9?
3. Show that batch normalisation does not change when the input is shifted and scaled, $a x + b$ with $a > 0$, and what happens for $a < 0$.
4. Fold a batch normalisation into a *dense* layer, and check it.

The cells below hold one solution each.
"""

# %% tags=["solution"]
by_sample = (batch - batch.mean(axis=1, keepdims=True)) / batch.std(axis=1, keepdims=True)
assert np.allclose(by_sample, [[-1, 1]] * 3)  # of one sample alone: no company needed

# %% tags=["solution"]
batches = next(n for n in range(1, 100) if 0.9**n < 0.01)
assert batches == 44

# %% tags=["solution"]
assert np.allclose(normalise(3 * batch + 7, epsilon=0), normalise(batch, epsilon=0))
assert np.allclose(normalise(-3 * batch, epsilon=0), -normalise(batch, epsilon=0))

# %% tags=["solution"]
samples, dense = rng.normal(size=(6, 4)), rng.normal(size=(4, 5))
normed = ops.batch_norm(ops.linear(samples, dense), saved_mean, saved_var, gamma, beta)
assert np.allclose(ops.linear(samples, dense * f, beta - f * saved_mean), normed)

# %% [markdown]
r"""
## Further reading

- S. Ioffe and C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal covariate shift*, 2015, [arXiv 1502.03167](https://arxiv.org/abs/1502.03167).
- S. Santurkar and others, *How does batch normalization help optimization?*, 2018, [arXiv 1805.11604](https://arxiv.org/abs/1805.11604).
- Y. Wu and K. He, *Group normalization*, 2018, [arXiv 1803.08494](https://arxiv.org/abs/1803.08494): small batches.
- A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep convolutional neural networks*, 2012, reprinted 2017, [doi 10.1145/3065386](https://doi.org/10.1145/3065386): local response normalisation, section 3.3.

Next: chapter 09 adds noise on purpose.
"""
