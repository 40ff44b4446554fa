# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Drop units to resist overfitting

## What you will see, do, and need

**See** a network that trains with some of its units switched off at random, and why that can make it better on examples that it has not seen.

**Do** dropout by hand, in NumPy and with Paddle, in both of its modes; check what a random mask does on average; measure where dropout helps and where it buys nothing.

**Need** dense layers and training from chapters 01 and 07, and `train()` and `eval()` from chapter 08. About 50 minutes.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import figures, ops
from helpers.data import load_digits
from helpers.figures import dropout as draw
from helpers.figures.curves import curves
from helpers.training import evaluate, fit, predict

import paddle
import paddle.nn.functional as F
from paddle import nn

# %% [markdown]
r"""
## Learning by heart

A network with more parameters than it needs can learn its training examples by heart, accidents and mistakes included. It is then perfect on those and worse on others: it **overfits**. Dropout (Srivastava and others, 2014) is a simple remedy. In every training step each unit is switched off with probability $p$, and the step is taken with the thinned network that remains. No unit can rely on a particular other one being there; what is learned must be useful in many companies. Mistakes and accidents are learned by units that conspire, one to let the strange example through, another to correct the damage; such conspiracies are what dropout breaks up first.

The thinned networks share their weights: a unit that sits out one step comes back in the next, as it was. The drawing uses real masks from `ops.dropout_mask`, with $p = 0.5$ for the inner layers.
"""

# %%
rng = np.random.default_rng(4)
inner = [ops.dropout_mask((5,), 0.5, rng), ops.dropout_mask((5,), 0.5, rng)]
draw.thinned_network([np.ones(4, bool), *inner, np.ones(3, bool)])
plt.show()

# %% [markdown]
r"""
> **Note.** In Paddle, as in most frameworks, $p$ is the probability of *dropping*. The notes of Stanford's course CS231n, and the paper itself, write $p$ for the probability of *keeping*. Read twice.

## By hand, in two modes

A unit that was trained beside half of its neighbours, and is used beside all of them, receives about twice as much as it is used to. Something has to be rescaled, either while training or afterwards:

| mode | training | inference (`eval`) |
|---|---|---|
| `upscale_in_train` (the default) | mask, then divide by $1 - p$ | unchanged |
| `downscale_in_infer` | mask | multiply by $1 - p$ |

By hand, for the values 1, 2, 3, 4, $p = 0.5$ and a mask that drops the second and the third: 2, 0, 0, 8 in the first mode and 1, 0, 0, 4 in the second. At inference, 1, 2, 3, 4 and 0.5, 1, 1.5, 2.
"""

# %%
values, mask = np.array([[1.0, 2, 3, 4]]), np.array([[True, False, False, True]])
up, down = "upscale_in_train", "downscale_in_infer"
assert ops.dropout(values, 0.5, mode=up, mask=mask).tolist() == [[2, 0, 0, 8]]
assert ops.dropout(values, 0.5, mode=down, mask=mask).tolist() == [[1, 0, 0, 4]]
assert ops.dropout(values, 0.5, training=False, mode=up).tolist() == [[1, 2, 3, 4]]
assert ops.dropout(values, 0.5, training=False, mode=down).tolist() == [[0.5, 1, 1.5, 2]]

# %% [markdown]
r"""
Paddle's layer is `paddle.nn.Dropout`. We send two tensors through it: features of the form $[N, K]$, the numbers 1 to 12 as 4×3, and images of the form $[N, C, H, W]$ = [2, 3, 3, 3]. With two modes, in training and in inference, that makes eight results. The seed is the same each time, and so is the mask: compare the first table with the third. First the features:
"""


# %%
def through_paddle(x, mode, training):
    paddle.seed(0)
    layer = nn.Dropout(p=0.5, mode=mode)
    layer.train() if training else layer.eval()
    return layer(paddle.to_tensor(x)).numpy()


features = np.arange(1, 13, dtype=np.float32).reshape(4, 3)
for mode in (up, down):
    for training in (True, False):
        print(mode, "training" if training else "inference")
        print(through_paddle(features, mode, training))

# %% [markdown]
r"""
Where the mask keeps a number, `upscale_in_train` shows its double and `downscale_in_infer` the number itself; at inference it is the number and its half. And now the images; of each result, one row of one channel, which is enough to see the same rule.
"""

# %%
images = np.random.default_rng(0).normal(size=(2, 3, 3, 3)).astype(np.float32)
print("before".ljust(30), np.round(images[0, 0, 0], 2))
for mode in (up, down):
    for training in (True, False):
        row = through_paddle(images, mode, training)[0, 0, 0]
        print(f"{mode} {'training' if training else 'inference'}".ljust(30), np.round(row, 2))

# %% [markdown]
r"""
All eight agree with `ops.dropout`. For training we read Paddle's own mask off its result (what is 0 was dropped) and hand it over.
"""

# %%
for x in (features, images):
    for mode in (up, down):
        trained = through_paddle(x, mode, training=True)
        assert np.allclose(ops.dropout(x, 0.5, mode=mode, mask=trained != 0), trained)
        inferred = through_paddle(x, mode, training=False)
        assert np.allclose(ops.dropout(x, 0.5, training=False, mode=mode), inferred)

# %% [markdown]
r"""
> **Correction.** *Commonly done:* `np.random.seed` for results that repeat. *True:* it does not touch Paddle's masks; `paddle.seed` does.

> **Correction.** *Commonly copied from older code:* `nn.Dropout(0.5, None, "downscale_in_infer")`, with the mode in third place. *True:* in Paddle 3.3 the order is `p, inplace, axis, mode`. The old call builds a layer without a word: the text becomes its `axis` and the mode stays `upscale_in_train`. Only when data comes, perhaps much later, is there an error, and it speaks of an axis. Pass `mode` by name.
"""


# %%
def drops_the_same_twice(seed, x):
    seed(1)
    first = F.dropout(x, 0.5).numpy()
    seed(1)
    return np.array_equal(first, F.dropout(x, 0.5).numpy())


x = paddle.ones([4, 8])
assert drops_the_same_twice(paddle.seed, x) and not drops_the_same_twice(np.random.seed, x)

# %%
wrong = nn.Dropout(0.5, None, "downscale_in_infer")
assert wrong.mode == "upscale_in_train" and wrong.axis == "downscale_in_infer"
try:
    wrong(x)
except TypeError as error:
    refused = str(error)
assert "axis" in refused
assert nn.Dropout(0.5, mode="downscale_in_infer").mode == "downscale_in_infer"

# %% [markdown]
r"""
## How many are dropped?

Each unit is dropped *by itself*. Twelve units with $p = 0.5$ need not leave six: it is like tossing twelve coins, and six heads come up less than a quarter of the time. A layer may now and then lose nearly all of its units, the more easily the smaller it is: one reason why dropout suits wide layers. Counted over 20,000 masks, against the binomial law:
"""

# %%
masks = ops.dropout_mask((20_000, 12), 0.5, np.random.default_rng(0))
zeros = (~masks).sum(axis=1)
draw.zeros_histogram(zeros, 12, 0.5)
plt.show()

# %%
print(f"masks with exactly six zeros: {(zeros == 6).mean():.2f}")
assert abs((zeros == 6).mean() - 924 / 4096) < 0.01

# %% [markdown]
r"""
## What comes out on average

The mean over many masks (the **expected value**) tells what a later layer gets used to. We drop with $p = 0.3$ from 30 fixed positive values, 400 times, and take two sums: the mean of the values, and the sum of their sizes (their **L1 norm**), here as a share of what it was. In theory `upscale_in_train` keeps both, and `downscale_in_infer` leaves a share of $1 - p = 0.7$, in training by dropping and in inference by multiplying.
"""

# %%
units = np.abs(np.random.default_rng(1).normal(size=(1, 30)))


def over_masks(mode, measure):
    rng = np.random.default_rng(2)
    return [measure(ops.dropout(units, 0.3, mode=mode, rng=rng)) for _ in range(400)]


def l1_share(x):
    return np.abs(x).sum() / np.abs(units).sum()


# %%
left, right = figures.style.panels(1, 2, 3.4)[0]
names = {up: "upscale", down: "downscale"}
means = {short: over_masks(mode, np.mean) for mode, short in names.items()}
norms = {short: over_masks(mode, l1_share) for mode, short in names.items()}
theory = {"upscale": 1, "downscale": 0.7}
expected = {short: share * units.mean() for short, share in theory.items()}
draw.means_against_theory(means, expected, "mean of the values", left)
draw.means_against_theory(norms, theory, "L1 norm, share", right)
plt.show()

# %%
for mode, short in names.items():
    inferred = ops.dropout(units, 0.3, training=False, mode=mode)
    assert np.isclose(np.mean(means[short]), inferred.mean(), rtol=0.03)
    assert np.isclose(np.mean(norms[short]), l1_share(inferred), rtol=0.03)
masked_only = np.mean(means["downscale"]) / units.mean()
assert abs(masked_only - 0.7) < 0.02

# %% [markdown]
r"""
The points lie on the dashed lines, within their error bars (three standard errors of a mean over 400 masks). In both modes training and inference agree. Without the rescaling, a mask in training and nothing at inference, they would differ by the factor 0.7 that the last lines measure: every later unit would suddenly receive 1/0.7 ≈ 1.4 times what it was trained with.

> **Think.** The *mean* is kept by `upscale_in_train`. Is the *variance* of a unit's value kept, too?
>
> <details><summary>Answer</summary>
>
> No. A value $a$ becomes 0 or $a/(1-p)$; its mean square is $a^2/(1-p)$, larger than $a^2$. A unit that adds many such values sees more noise in training than at inference. Batch normalisation, below, stumbles over it.
>
> </details>

## What it buys, measured

### Clean labels: nothing

A network of 2×256 units, far too large for 200 digits of 8×8 pixels, trained for 60 epochs with $p$ = 0, 0.25 and 0.5, three seeds each. The test set has 500 digits. Training sees each of the 200 sixty times, enough to learn all of them by heart.
"""

# %%
digits = load_digits(size=8)


def network(p, width=256):
    hidden = [nn.Linear(64, width), nn.ReLU(), nn.Dropout(p)]
    deeper = [nn.Linear(width, width), nn.ReLU(), nn.Dropout(p)]
    return nn.Sequential(nn.Flatten(), *hidden, *deeper, nn.Linear(width, 10))


def train(p, data, seed):
    paddle.seed(seed)
    model = network(p)
    optimizer = paddle.optimizer.Adam(1e-3, parameters=model.parameters())
    return model, fit(model, optimizer, data, epochs=60, test=digits.test, seed=seed)


# %%
few = tuple(array[:200] for array in digits.train)
clean = {p: [train(p, few, seed)[1] for seed in range(3)] for p in (0, 0.25, 0.5)}
runs = {f"p = {p}": [h.test_accuracy for h in histories] for p, histories in clean.items()}
final = {p: np.mean([h.test_accuracy[-1] for h in histories]) for p, histories in clean.items()}
assert np.ptp(list(final.values())) < 0.02
assert sum(parameter.size for parameter in network(0).parameters()) > 80_000

# %% tags=["picture-trained"]
curves(runs, ylabel="test accuracy", limits=(0.5, 1))
plt.show()

# %% [markdown]
r"""
Dropout only makes training slower at first; in the end all three are within two points of one another, though the network has more than 80,000 parameters for 200 examples. Overfitting is not a matter of counting parameters, and a remedy is worth nothing where there is no illness.

### Wrong labels: a lot

Now 400 digits, of which 30 % get a wrong label on purpose. A network that learns by heart learns the mistakes. Real data are like this more often than not, if less drastically: people label in a hurry, scans are mixed up. The test labels stay right, so that we measure what was learned about digits and not about mistakes.
"""

# %%
x, labels = (array[:400] for array in digits.train)
rng = np.random.default_rng(1)
wrong = rng.random(400) < 0.3
noisy = x, np.where(wrong, (labels + rng.integers(1, 10, 400)) % 10, labels)
trained = {p: [train(p, noisy, seed) for seed in range(3)] for p in (0, 0.25, 0.5)}
print(f"{wrong.sum()} of 400 labels are wrong")

# %%
kinds = {"training accuracy": "accuracy", "test accuracy": "test_accuracy"}
kinds["test loss"], runs = "test_loss", {}
for title, key in kinds.items():
    runs[title] = {f"p = {p}": [getattr(h, key) for _, h in two] for p, two in trained.items()}

# %% tags=["picture-trained"]
for ax, (title, lines) in zip(figures.style.panels(1, 3, 3.2)[0], runs.items(), strict=True):
    curves(lines, ylabel=title, ax=ax, limits=(0, 2 if "loss" in title else 1))
plt.show()

# %% [markdown]
r"""
Without dropout the training accuracy climbs towards 1, mistakes included, while the test accuracy falls after a few epochs and the test loss rises. With dropout the network cannot fit the mistakes so well; it is worse on the training labels, and better on the digits. The lines are means of three seeds, the bands reach from the worst to the best.
"""

# %%
last = {
    title: [np.mean([run[-1] for run in runs[title][f"p = {p}"]]) for p in trained]
    for title in runs
}
assert last["test accuracy"][0] + 0.02 < last["test accuracy"][1] < last["test accuracy"][2] - 0.02
assert last["test loss"][0] > last["test loss"][2]
assert last["training accuracy"][0] > last["training accuracy"][1] > last["training accuracy"][2]

# %% [markdown]
r"""
## Many networks in one

Each mask makes another network; all share their weights. Inference with everything switched on and rescaled is a cheap stand-in for asking all of them and averaging. How good a stand-in? Leave dropout on (the model in `train()`, and no step taken), ask 100 times, average the answers, and compare with the single answer of the whole network, in `eval()`.
"""

# %%
model = trained[0.5][0][0]
once = predict(model, digits.test[0])


def masked_shares(x):
    model.train()
    with paddle.no_grad():
        return F.softmax(model(paddle.to_tensor(x))).numpy()


paddle.seed(0)
asked = np.stack([masked_shares(digits.test[0]) for _ in range(100)])
agree = (asked.mean(axis=0).argmax(axis=1) == once.argmax(axis=1)).mean()
assert agree > 0.95
print("the two agree on more than 95 % of the test digits")

# %% [markdown]
r"""
The hundred answers hold more than their mean: where they disagree, the network is unsure. This costs a hundred passes, and it is one of the few ways to get a measure of doubt from a network that was not built to give one. Below, the digit on which all agree best and the one on which they differ most, each with the shares that the hundred networks give to the ten classes (the points are single answers, slightly spread).
"""

# %%
spread = asked.std(axis=0).max(axis=1)
chosen = {"surest": spread.argmin(), "least sure": spread.argmax()}
assert spread.max() > 1.5 * spread.min()

# %% tags=["picture-varies"]
test_x, test_labels = digits.test
names = {f"{name}\n(a {test_labels[i]})": test_x[i, 0] for name, i in chosen.items()}
draw.many_answers(names, [asked[:, i] for i in chosen.values()])
plt.show()

# %% [markdown]
r"""
## Dropping whole channels

In a feature map neighbours tell nearly the same, so that dropping single pixels hides little: what one pixel knew, the next one still tells. For convolutions one drops whole **channels**: `axis=[0, 1]` draws the mask over images and channels only.
"""

# %%
paddle.seed(1)
maps = F.dropout(paddle.ones([2, 4, 3, 3]), 0.5, axis=[0, 1]).numpy()
assert np.all(maps == maps[:, :, :1, :1])
print(maps[:, :, 0, 0])

# %% [markdown]
r"""
## Together with batch normalisation

Batch normalisation (chapter 08) remembers the variance that it saw in training, and dropout before it raises that variance: by $1/(1-p)$ for values of mean zero, as the answer above showed. At inference dropout is off, the variance falls, and the remembered one is too large (the **variance shift**, Li and others, 2018). One cell shows it:
"""

# %%
values = np.random.default_rng(0).normal(size=(4000, 1))
mean, var = np.zeros(1), np.ones(1)
rng = np.random.default_rng(1)
for _ in range(60):
    dropped = ops.dropout(values, 0.5, rng=rng)
    ops.batch_norm(dropped, mean, var, training=True)
after = ops.batch_norm(ops.dropout(values, 0.5, training=False), mean, var)
print(f"remembered variance {var[0]:.1f}, at inference it normalises to {after.var():.1f}")
assert abs(var[0] - 2) < 0.1 and abs(after.var() - 0.5) < 0.05

# %% [markdown]
r"""
Instead of 1 the variance is a half, in every layer where the two meet in this order, and later layers receive values on a scale that they have never seen in training. The usual cure is to put dropout after the last batch normalisation, if both are needed at all.

## What you have seen, done, and can now use

- **Dropout** switches each unit off with probability $p$, by itself, in training only; a mode says where to rescale, and with either the expected value is the same in training and at inference.
- **In Paddle**, $p$ drops, `paddle.seed` fixes the mask, and `mode` goes by name.
- **It helps** against learning mistakes by heart, and buys nothing where there is nothing to cure.
- **It averages** many networks that share weights; their disagreement shows doubt.
- **Channels** are dropped whole; before batch normalisation dropout shifts the variance.

## Exercises

1. Which $p$ maximises the variance of the number of dropped units among twelve? Compute it and check by masks.
2. Dropout with probability $p$, then once more with $q$: which single dropout does the same? Check with masks.
3. Weaken the mistakes: repeat the experiment with 10 % wrong labels and one seed. Does dropout still help?
4. Compute the gain of asking once against asking a hundred times: the test loss of the mean answer and of the single one.

The cells below hold one solution each.
"""

# %% tags=["solution"]
counts = {
    p: (~ops.dropout_mask((20_000, 12), p, np.random.default_rng(0))).sum(1).var()
    for p in (0.25, 0.5, 0.75)
}
assert max(counts, key=counts.get) == 0.5 and abs(counts[0.5] - 12 * 0.25) < 0.1

# %% tags=["solution"]
rng = np.random.default_rng(3)
both = ops.dropout_mask((100_000,), 0.2, rng) & ops.dropout_mask((100_000,), 0.5, rng)
assert abs((~both).mean() - (1 - 0.8 * 0.5)) < 0.01

# %% tags=["solution"]
rng = np.random.default_rng(1)
some_wrong = np.where(rng.random(400) < 0.1, (labels + rng.integers(1, 10, 400)) % 10, labels)
found = [train(p, (x, some_wrong), seed=0)[1].test_accuracy[-1] for p in (0, 0.5)]
assert found[1] > found[0] - 0.01  # a little, or nothing: there is less to cure

# %% tags=["solution"]
right = np.arange(500), digits.test[1]
loss_of_mean = -np.log(asked.mean(axis=0)[right]).mean()
assert abs(loss_of_mean - evaluate(model, digits.test)[0]) < 0.2

# %% [markdown]
r"""
## Further reading

- N. Srivastava and others, *Dropout: a simple way to prevent neural networks from overfitting*, 2014, [Journal of Machine Learning Research 15](https://jmlr.org/papers/v15/srivastava14a.html).
- Y. Gal and Z. Ghahramani, *Dropout as a Bayesian approximation*, 2015, [arXiv 1506.02142](https://arxiv.org/abs/1506.02142): the spread of masked answers as uncertainty.
- J. Tompson and others, *Efficient object localization using convolutional networks*, 2014, [arXiv 1411.4280](https://arxiv.org/abs/1411.4280): dropping channels.
- X. Li and others, *Understanding the disharmony between dropout and batch normalization by variance shift*, 2018, [arXiv 1801.05134](https://arxiv.org/abs/1801.05134).

Next: part II opens the box. Chapter 10 computes every gradient that training has used so far.
"""
