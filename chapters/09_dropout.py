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

In training, **dropout** switches units off at random; in use, all of them work, rescaled so that the mean stays the same. A network then finds it harder to learn its training examples one by one. This is one remedy against overfitting among others, and we compare it with two of them.

## What you will see, do, and need

**See** a network that trains with some of its units switched off at random, and when that makes it better on examples that it has not seen.

**Do** dropout by hand, in NumPy and with Paddle, in both of its modes; count and average random masks. Measure where dropout helps, where it does not, and whether a simpler remedy does the same.

**Need** dense layers, loss and training from [chapter 07](07_activations.ipynb), and `train()` and `eval()` from [chapter 08](08_batch_norm.ipynb). The core takes about 50 minutes, the sections marked *Deeper* about 35 minutes more.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, explore, figures, ops
from helpers.checks import dropout as check
from helpers.checks import tell
from helpers.data import IMAGES, load_digits, load_image
from helpers.networks import Networks
from helpers.training import draw_weights, fit, predict

import paddle
import paddle.nn.functional as F
from paddle import nn

# %% [markdown]
r"""
## Overfitting, and units that are switched off

A network with many parameters can **memorise** its training examples, accidents and mistakes included. It is then perfect on those and worse on others. This is called **overfitting**: the accuracy on the training examples is clearly higher than on a **test set**, examples that were never used in training.

A **unit** is one number that a hidden layer computes, for example one ReLU of a weighted sum. With dropout (Hinton and others, 2012; Srivastava and others, 2014) each unit is switched off, set to 0, with probability $p$. This is drawn anew in every training step, and for every example of a batch. The list of what stays on and what is off is called a **mask**. What is trained is the thinned network that remains. A unit that is off for one example is on for another: all thinned networks share their weights.

The drawing uses two masks from `ops.dropout_mask` with $p = 0.5$, one for each hidden layer.
"""

# %%
rng = np.random.default_rng(4)
first = ops.dropout_mask((5,), 0.5, rng)
second = ops.dropout_mask((5,), 0.5, rng)
inputs = np.ones(4, dtype=bool)
outputs = np.ones(3, dtype=bool)
figures.thinned_network([inputs, first, second, outputs])
plt.show()

# %% [markdown]
r"""
> **Note.** In Paddle, as in most frameworks, $p$ is the probability of *dropping*. The paper of 2014 and the notes of Stanford's course CS231n write $p$ for the probability of *keeping*.

## By hand, in two modes

With $p = 0.5$, a later unit adds up about half of its inputs in training. Afterwards it adds up all of them, twice as much on average. So something has to be rescaled, either in training or at **inference**, which means: when the trained network is used.

| mode | training | inference (`eval`) |
|---|---|---|
| `upscale_in_train` (the default) | mask, then divide by $1 - p$ | unchanged |
| `downscale_in_infer` | mask | multiply by $1 - p$ |

By hand, for the values 1, 2, 3, 4, with $p = 0.5$ and a mask that drops the second and the third. In the first mode, training gives 2, 0, 0, 8 and inference 1, 2, 3, 4. In the second, training gives 1, 0, 0, 4 and inference 0.5, 1, 1.5, 2.

Paddle's layer is `paddle.nn.Dropout`. It draws its own masks and cannot be given one. So we ask again and again, until it has drawn ours: one mask in 16 is that one.
"""

# %%
values = np.array([[1.0, 2, 3, 4]])
mask = np.array([[True, False, False, True]])


def paddle_with_our_mask(mode):
    layer = nn.Dropout(p=0.5, mode=mode)
    result = layer(paddle.to_tensor(values)).numpy()
    while not np.array_equal(result != 0, mask):
        result = layer(paddle.to_tensor(values)).numpy()
    return result


# %%
by_hand = {"upscale_in_train": [[2.0, 0, 0, 8]], "downscale_in_infer": [[1.0, 0, 0, 4]]}
for mode, result in by_hand.items():
    in_numpy = ops.dropout(values, p=0.5, mode=mode, mask=mask)
    agree(by_hand=result, numpy=in_numpy, paddle=paddle_with_our_mask(mode))

# %% [markdown]
r"""
At inference there is no mask, and one call is enough:
"""

# %%
by_hand = {"upscale_in_train": [[1.0, 2, 3, 4]], "downscale_in_infer": [[0.5, 1, 1.5, 2]]}
for mode, result in by_hand.items():
    layer = nn.Dropout(p=0.5, mode=mode)
    layer.eval()
    in_numpy = ops.dropout(values, p=0.5, mode=mode, training=False)
    agree(by_hand=result, numpy=in_numpy, paddle=layer(paddle.to_tensor(values)))

# %% [markdown]
r"""
The same layer takes a batch of images $[N, C, H, W]$, here [2, 3, 3, 3], and drops each of the 54 numbers by itself. This time we read Paddle's mask off its result, where what was dropped is 0, and give it to `ops.dropout`.
"""

# %%
images = np.random.default_rng(0).normal(size=(2, 3, 3, 3))
for mode in ("upscale_in_train", "downscale_in_infer"):
    from_paddle = F.dropout(paddle.to_tensor(images), p=0.5, mode=mode).numpy()
    found = from_paddle != 0
    agree(numpy=ops.dropout(images, p=0.5, mode=mode, mask=found), paddle=from_paddle)

# %% [markdown]
r"""
## How many units are dropped?

> **Activity: toss four coins.** Five minutes; four real coins are best. When four coins are tossed, how often do exactly two show heads? Write down first in how many of ten tosses you expect it (`my_bet`, a whole number). Then toss ten times, and write down how many of the four show heads each time (`my_tosses`, ten numbers from 0 to 4). In a class, add up the results of all.
"""

# %%
my_bet = ...
my_tosses = ...
tell(check.four_coins, my_bet, my_tosses)

# %% [markdown]
r"""
> <details><summary>What to expect</summary>
>
> Four coins can fall in 16 ways, and 6 of them have two heads. 6/16 = 0.375: less than half, between three and four of ten tosses. Written down, for example: `my_bet = 5` and `my_tosses = [2, 1, 3, 2, 4, 1, 2, 3, 3, 2]`.
>
> </details>

Each unit is dropped by itself, like a coin that is tossed. So $p = 0.5$ does not mean that exactly half of the units go. Counted over 20,000 masks for four units:
"""

# %%
masks = ops.dropout_mask((20_000, 4), 0.5, np.random.default_rng(0))
off = (~masks).sum(axis=1)
agree(by_hand=6 / 16, share_of_masks=np.mean(off == 2), tolerance=0.02)

# %% [markdown]
r"""
Twelve units lose exactly six in 924 of the 4,096 masks, fewer than a quarter. The shares follow the **binomial law**: $k$ of $n$ units are dropped in $\binom{n}{k}$ of the $2^n$ masks, and for $p = 0.5$ all masks are equally likely. A small layer loses nearly all of its units now and then, a wide layer almost never.
"""

# %%
masks = ops.dropout_mask((20_000, 12), 0.5, np.random.default_rng(0))
off = (~masks).sum(axis=1)
agree(by_hand=924 / 4096, share_with_six=np.mean(off == 6), tolerance=0.015)
figures.zeros_histogram(off, 12, 0.5)
plt.show()

# %% [markdown]
r"""
## What comes out on average

What does a later layer get used to in training? Take 30 fixed positive values as the units of a layer, and $p = 0.3$. With each of 400 masks we compute the mean of the values after dropout, as a share of their mean without it. We do this for both modes, and for a mask without any rescaling.

> **Think.** For each of the three: around which share do the 400 results lie, and which share comes out at inference?
>
> <details><summary>Answer</summary>
>
> 70 % of the units stay. Divided by 0.7 in training (upscale): around 1, and 1 at inference. Multiplied by 0.7 at inference (downscale): around 0.7, and 0.7. Without rescaling: around 0.7 in training, and 1 at inference.
>
> </details>
"""

# %%
units = np.abs(np.random.default_rng(1).normal(size=(1, 30)))
masks = ops.dropout_mask((400, 30), 0.3, np.random.default_rng(2))
masked = np.mean(units * masks, axis=1) / units.mean()
agree(by_hand=0.7, mean_of_400_masks=masked.mean(), tolerance=0.03)
trained = {"upscale": masked / 0.7, "downscale": masked, "no rescaling": masked}
used = {"upscale": 1.0, "downscale": 0.7, "no rescaling": 1.0}
ax = figures.mask_strips(trained, used, bracket="no rescaling")
ax.set(title="Without rescaling, inference is 1.4 times training", xlabel="share of the mean")
plt.show()

# %% [markdown]
r"""
Single masks differ a lot. Their mean, the **expected value**, is what inference gives, in both modes. Without rescaling, every later layer would suddenly receive 1/0.7 ≈ 1.4 times as much as in training.

> **Think.** `upscale_in_train` keeps the *mean* of a unit's value. Does it keep the *variance* of what arrives, too?
>
> <details><summary>Answer</summary>
>
> No. A value $a$ becomes 0 or $a/(1-p)$, and the mean of its square is $a^2/(1-p)$, larger than $a^2$. The next layer adds such values up and sees more variation in training than at inference. Batch normalisation has a problem with that; the last *Deeper* section shows it.
>
> </details>

## Many networks in one

Each mask makes another network. Inference with all units, rescaled, replaces the answers of all these networks by one. Is that their mean? Take three hidden units with the values 1, 2, 3 and one score, their sum weighted by 2, 1, −1. The whole network gives 2 + 2 − 3 = 1. With three units there are only eight masks, and we can ask all of them:
"""

# %%
weights = np.array([2.0, 1, -1])
scores = []
for a in (False, True):
    for b in (False, True):
        for c in (False, True):
            thinned = ops.dropout(np.array([1.0, 2, 3]), p=0.5, mask=[a, b, c])
            scores.append(thinned @ weights)
agree(eight_scores=scores, by_hand=[0.0, -6, 4, -2, 4, -2, 8, 2])
agree(mean_of_eight=np.mean(scores), whole_network=1.0)

# %% [markdown]
r"""
The mean of the eight is exactly the score of the whole network. If dropout stands directly in front of the last, linear layer, and nowhere else, this always holds for the scores. A mean of sums is the sum of the means.

> **Think.** A ReLU follows on the sums. Does the mean of the masked results still equal the result of the whole network?
>
> <details><summary>Answer</summary>
>
> Not in general. Suppose a sum is −1 for half of the masks and 1 for the others. Its mean is 0, and ReLU(0) = 0. But the mean of the ReLUs is (0 + 1)/2 = 0.5. With several hidden layers, inference is an approximation of the mean. The same holds for the shares after softmax.
>
> </details>

## Does it help?

### Clean labels: overfitting that dropout does not cure

Our data are the digits of [chapter 01](01_history.ipynb) at 8×8 pixels. A network has 64 inputs, 100 hidden units and 10 scores: 7,510 parameters for only 200 training digits. One result says little. So we always train ten networks, each with its own 200 digits and its own first weights. All are tested on the same 500 digits.

`helpers.Networks` trains the ten as one, in NumPy, with one more axis for the networks. It draws first weights and masks with NumPy. The method is Adam, which adapts the size of each weight's step. All accuracies are taken with all units on.
"""

# %%
digits = load_digits(size=8)
pixels = digits.train[0].reshape(-1, 64).astype(float)
test = digits.test[0].reshape(-1, 64).astype(float), digits.test[1]


def draw_digits(count):
    """For each of ten networks so many digits, drawn at random."""
    rng = np.random.default_rng(1)
    chosen = np.stack([rng.permutation(len(pixels))[:count] for _ in range(10)])
    return pixels[chosen], digits.train[1][chosen]


few = draw_digits(200)
print("digits:", list(few[0].shape), "labels:", list(few[1].shape))


# %%
def train(data, p=0.0, decay=0.0, epochs=60, watch=None):
    """Train ten networks with one hidden layer; return them and what was watched."""
    networks = Networks((64, 100, 10), seeds=10, p=p)
    history = networks.fit(
        data, 5e-3, epochs, method="adam", decay=decay, batch_size=50, watch=watch, every=3
    )
    return networks, history


clean = {}
for p in (0, 0.25, 0.5, 0.75):
    clean[p], _ = train(few, p=p)

# %% [markdown]
r"""
Are these the networks that Paddle trains? We build number 0 as a Paddle model, with the same first weights, and train it alone. It has a `Dropout` layer in the place where one goes, with $p = 0$, since Paddle would draw other masks. After 60 epochs, the shares of the ten classes are the same for all 500 test digits:
"""

# %%
model = nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Dropout(0), nn.Linear(100, 10))
model.to(dtype="float64")
draw_weights(model, np.random.default_rng(0))
optimizer = paddle.optimizer.Adam(5e-3, parameters=model.parameters())
own = few[0][0], few[1][0]
fit(model, optimizer, own, epochs=60, batch_size=50, seed=0)
agree(one_of_ten=clean[0].shares(test[0])[0], paddle=predict(model, test[0]), tolerance=1e-4)

# %% [markdown]
r"""
Now the question: does dropout close the gap between training and test? We have three values of $p$. Beside them stands another remedy: 1,000 digits instead of 200, without dropout, for 12 epochs instead of 60, which is the same number of steps.

> **Think.** Which of the four will help most?
"""

# %% tags=["picture-trained"]
many = draw_digits(1000)
more, _ = train(many, epochs=12)
runs = {"training": {}, "test": {}}
for p, networks in clean.items():
    runs["training"][f"p = {p:g}"] = networks.accuracy(few)
    runs["test"][f"p = {p:g}"] = networks.accuracy(test)
runs["training"]["p = 0,\n1,000 digits"] = more.accuracy(many)
runs["test"]["p = 0,\n1,000 digits"] = more.accuracy(test)
figures.dot_plot(runs, ylabel="accuracy", limits=(0.85, 1))
plt.show()

# %%
mean = {name: np.mean(values) for name, values in runs["test"].items()}
assert np.mean(runs["training"]["p = 0"]) > 0.99 and mean["p = 0"] < 0.96
best_p = max(mean["p = 0.25"], mean["p = 0.5"], mean["p = 0.75"])
assert best_p < mean["p = 0"] + 0.02
assert mean["p = 0,\n1,000 digits"] > best_p + 0.01
print("no p raises the mean test accuracy by 2 points")
print("800 more digits raise it by at least 1 point more than the best p")

# %% [markdown]
r"""
Compare the two columns of dots in each pair. Without dropout the networks are perfect on their own digits and wrong on about one test digit in fifteen: they overfit. No value of $p$ changes that much. What is missing here are examples, and a mask adds none.

### Wrong labels: what is right is learned first

Now a harder case. Each network gets 300 digits, and 30 % of them get a wrong label on purpose. Real labels contain mistakes too, though mostly fewer: people label in a hurry, scans are mixed up. The labels of the test digits stay right. So we measure what was learned about digits, not about mistakes.

Each network also gets a **validation set**: 200 more digits, with as many wrong labels, that are not trained on. They will be needed for choosing. The mistakes stand in front, which does not matter: training shuffles.
"""


# %%
def with_mistakes(right, share, rng):
    """Give the first part of each row another label, drawn at random."""
    labels = right.copy()
    count = round(share * right.shape[1])
    labels[:, :count] += rng.integers(1, 10, size=(len(right), count))
    return labels % 10


rng = np.random.default_rng(2)
x, right = draw_digits(500)
x_train = x[:, :300]
labels = with_mistakes(right[:, :300], 0.3, rng)
validation = x[:, 300:], with_mistakes(right[:, 300:], 0.3, rng)

# %%
agree(by_hand=0.3, share_of_wrong_labels=np.mean(labels != right[:, :300]))

# %% [markdown]
r"""
Without any remedy: how does the accuracy develop on the 210 right labels, on the 90 wrong ones, and on the test digits? To be "accurate" on a wrong label means to have memorised a mistake.

> **Think.** Sketch the three curves over 60 epochs before you look at the figure.
"""

# %%
watch = {"right labels": (x_train[:, 90:], labels[:, 90:])}
watch["wrong labels"] = (x_train[:, :90], labels[:, :90])
watch["validation"] = validation
watch["test"] = test
_, nothing = train((x_train, labels), watch=watch)
print("accuracies of:", ", ".join(watch))

# %% tags=["picture-trained"]
shown = {name: nothing.accuracy[name] for name in ("right labels", "test", "wrong labels")}
ax = figures.curves(shown, x=nothing.epochs, ylabel="accuracy", limits=(0, 1))
ax.set_title("First the right labels, then the mistakes")
plt.show()

# %%
assert nothing.epochs[2] == 9
after_9 = {name: values[:, 2].mean() for name, values in nothing.accuracy.items()}
at_end = {name: values[:, -1].mean() for name, values in nothing.accuracy.items()}
assert after_9["right labels"] > 0.9 and after_9["wrong labels"] < 0.4
assert at_end["wrong labels"] > 0.7 and at_end["test"] < after_9["test"] - 0.06
print("after 9 epochs few mistakes are memorised, after 60 most of them")

# %% [markdown]
r"""
What many examples have in common is learned in the first epochs. Our mistakes are random, so they have nothing in common. Each must be memorised by itself, and that takes longer (Arpit and others, 2017). While it happens, the test accuracy falls: this is overfitting again, with a loss on the test set.

So there are two ways to resist. We can make memorising harder, or we can stop before it begins. First dropout, with three values of $p$. A network that knows every digit and memorised no mistake scores 0.7 on these training labels; the fifth line shows it.
"""

# %%
dropped = {0.0: nothing}
for p in (0.25, 0.5, 0.75):
    networks, dropped[p] = train((x_train, labels), p=p, watch=watch)
    if p == 0.5:
        half = networks

# %% tags=["picture-trained"]
learned = {}
tested = {}
for p, history in dropped.items():
    accuracy = history.accuracy
    learned[f"p = {p:g}"] = 0.7 * accuracy["right labels"] + 0.3 * accuracy["wrong labels"]
    tested[f"p = {p:g}"] = accuracy["test"]
learned["no mistake"] = np.full(len(nothing.epochs), 0.7)
left, right_side = figures.panels(1, 2, 3.4)[0]
figures.curves(learned, nothing.epochs, ylabel="training accuracy", limits=(0.4, 1), ax=left)
figures.curves(tested, nothing.epochs, ylabel="test accuracy", limits=(0.4, 1), ax=right_side)
left.set_title("Larger p: less is memorised")
right_side.set_title("Larger p: the fall is smaller")
plt.show()

# %%
mistakes = []
tests = []
for history in dropped.values():
    mistakes.append(history.accuracy["wrong labels"][:, -1].mean())
    tests.append(history.accuracy["test"][:, -1].mean())
assert np.all(np.diff(mistakes) < -0.1)
assert tests[0] + 0.01 < tests[1] < tests[2] - 0.01 and tests[3] > tests[0] + 0.05
peaks = [history.accuracy["test"].mean(axis=0).max() for history in dropped.values()]
assert max(peaks) < min(peaks) + 0.03
print("each larger p: fewer mistakes memorised; with each, a better end than without dropout")

# %% [markdown]
r"""
The lines are means over ten networks, the bands reach from the worst to the best. With dropout the network is worse on its training labels and better on digits.

Careful with training accuracies: most training loops, `training.fit` among them, count right answers while they train, that is, with masks. The same network scores less with masks than with all units on. Before you compare training with test, measure both in `eval()`.
"""

# %%
with_masks = half.shares(x_train, masks=np.random.default_rng(3))
masked = np.mean(with_masks.argmax(axis=2) == labels)
whole = np.mean(half.accuracy((x_train, labels)))
assert whole > masked + 0.03
print("with masks, the training accuracy for p = 0.5 is more than 3 points lower")

# %% [markdown]
r"""
### Two other remedies

The right panel above shows something else: at their highest points the four lines differ by less than three points. Without dropout the line only falls again. So after about ten epochs the network without dropout was nearly as good as the others at the end. We compare three remedies, each tuned in the same way.

- **Early stopping**: train without dropout, and keep the weights of the epoch with the best accuracy on the validation set.
- **Weight decay**: in each step all weights shrink a little, here to 0.9985, 0.995 or 0.985 of their size. A weight stays large only if the gradients keep pushing it.
- **Dropout** with $p$ = 0.25, 0.5 or 0.75.

For weight decay and dropout, each network takes the setting with the best validation accuracy after 60 epochs. The test set is used once, for the result. We add dropout with early stopping, and networks whose wrong labels were removed: the best that we can hope for.

> **Think.** Which of the three remedies will win, and by how much?
"""

# %%
decayed = []
for decay in (0.3, 1.0, 3.0):
    _, history = train((x_train, labels), decay=decay, watch=watch)
    decayed.append(history)
cleaned, _ = train(watch["right labels"])


# %%
def chosen(by, accuracies):
    """Of each row the accuracy where the validation accuracy `by` is best."""
    best = by.argmax(axis=1)
    return accuracies[np.arange(len(best)), best]


def at_the_end(tried, name):
    return np.stack([history.accuracy[name][:, -1] for history in tried], axis=1)


def in_all_epochs(tried, name):
    return np.concatenate([history.accuracy[name] for history in tried], axis=1)


# %%
thinned = [dropped[0.25], dropped[0.5], dropped[0.75]]
results = {"nothing": nothing.accuracy["test"][:, -1]}
for name, tried, take in (
    ("early stop", [nothing], in_all_epochs),
    ("weight decay", decayed, at_the_end),
    ("dropout", thinned, at_the_end),
    ("dropout,\nearly stop", thinned, in_all_epochs),
):
    results[name] = chosen(take(tried, "validation"), take(tried, "test"))
results["mistakes\nremoved"] = cleaned.accuracy(test)

# %% tags=["picture-trained"]
ax = figures.dot_plot({"10 networks": results}, limits=(0.6, 1))
ax.set_title("Three remedies, nearly the same result")
plt.show()

# %%
mean = {name: np.mean(values) for name, values in results.items()}
three = [mean["early stop"], mean["weight decay"], mean["dropout"]]
assert min(three) > mean["nothing"] + 0.05
assert max(three) < min(three) + 0.03
assert mean["mistakes\nremoved"] > max(three) + 0.02
print("each remedy gains more than 5 points; the three differ by less than 3")

# %% [markdown]
r"""
Each of the three gains more than five points, and they hardly differ. We believed that dropout was the cure for wrong labels; the control says that stopping after about ten epochs does as much, with less computing. What helps more than any of them is to find the mistakes and remove them.

Why does dropout help at all? The inventors' idea was that a unit cannot rely on particular others when these may be off, so that units do not adapt to each other too much. Another reading is the mean over many thinned networks, a third is a penalty on large weights. Which of them matters most is still discussed. What we have measured is less: mistakes are memorised more slowly.

Dropout is worth a try where a network memorises, beside early stopping and weight decay, chosen by a validation set. It is no cure for too few examples.

## Deeper: one reason why weight decay may do the same

For one linear score and the squared error we can compute what dropout minimises on average. Three inputs 1, 2, 3 with weights 2, 1, −1 give the score 1; the target shall be 2, so the squared error is 1. With dropout on the inputs, $p = 0.5$, the score is one of the eight from above. The mean of their squared errors is

$$\text{(error of the whole)}^2 + \frac{p}{1-p}\sum_i (w_i x_i)^2 = 1 + 1 \cdot (4 + 4 + 9) = 18.$$

The second part does not depend on the target. It is smallest for small weights: dropout punishes large weights here, as weight decay does, and more strongly where the input is large (Wager and others, 2013). With hidden layers this is only an approximation.
"""

# %%
squared_errors = (np.array(scores) - 2) ** 2
contributions = weights * np.array([1.0, 2, 3])
penalty = 0.5 / (1 - 0.5) * np.sum(contributions**2)
agree(by_hand=18.0, mean_over_masks=np.mean(squared_errors), error_and_penalty=1 + penalty)

# %% [markdown]
r"""
## Deeper: can a hundred answers show doubt?

Leave dropout on after training and ask a hundred times, each time with other masks. Where the answers differ, the network seems to be unsure. This is often recommended as a measure of doubt (Gal and Ghahramani, 2016). First we look at three pictures: a digit, a picture with the left half of one digit and the right half of another, and an empty one. The network is number 0 of those with $p = 0.5$ and clean labels.
"""


# %%
def halves(left, right):
    """The left half of one picture beside the right half of another."""
    return np.concatenate([left[..., :4], right[..., 4:]], axis=-1)


def ask_often(x):
    """The shares that a hundred masks give: (100, networks, N, classes)."""
    rng = np.random.default_rng(6)
    x = x.reshape(-1, 64)
    return np.stack([clean[0.5].shares(x, masks=rng) for _ in range(100)])


# %% tags=["picture-trained"]
pictures = test[0].reshape(-1, 8, 8)
shown = {"a 0": pictures[13], "half 5, half 0": halves(pictures[10], pictures[13])}
shown["empty"] = np.zeros((8, 8))
asked = ask_often(np.stack(list(shown.values())))
answers = {}
for place, name in enumerate(shown):
    answers[name] = asked[:, 0, place]
figures.many_answers(shown, answers)
plt.show()

# %% [markdown]
r"""
Each point is the answer of one mask, each short line the mean of a hundred. For the two halves the masks disagree, as they should. Now a test with more pictures. A good measure of doubt is higher for pictures that deserve it than for ordinary ones. We take two measures:

- **one answer**: 1 minus the largest share, with all units on. It costs a single pass.
- **spread**: the standard deviation of a class's share over the hundred answers, for the class where it is largest.

For each we compute in how many pairs of one strange and one ordinary picture the strange one has more doubt. 1 would be perfect, and 0.5 is what a coin would reach. (This number is known as AUROC.) First, *errors*: test digits with a wrong answer against those with a right one. Then pictures beyond the data: halves of two digits, inverted digits (ink and paper exchanged), digits turned by a quarter, and empty ones.

> **Think.** In which of these will the spread be better than one answer?
"""


# %%
def doubts(x):
    once = clean[0.5].shares(x.reshape(-1, 64))
    spread = ask_often(x).std(axis=0).max(axis=2)
    return {"one answer": 1 - once.max(axis=2), "spread": spread}


def pairs_won(strange, ordinary):
    higher = np.round(strange, 6)[:, None] > np.round(ordinary, 6)[None, :]
    return higher.mean()


# %%
ordinary = doubts(test[0])
wrong = clean[0.5].shares(test[0]).argmax(axis=2) != test[1]
ranked = {measure: {} for measure in ordinary}
for measure, doubt in ordinary.items():
    won = []
    for i in range(10):
        won.append(pairs_won(doubt[i, wrong[i]], doubt[i, ~wrong[i]]))
    ranked[measure]["errors"] = won
assert wrong.sum(axis=1).min() >= 8
print("each of the ten networks gives at least 8 wrong answers, so that errors can be ranked")

# %%
some = pictures[:200]
inverted = 1 - some
ratio = inverted.mean() / some.mean()
strange = {"halves": halves(some, pictures[200:400]), "inverted": inverted}
strange["inverted,\nless ink"] = inverted / ratio
strange["turned"] = np.rot90(some, axes=(1, 2))
strange["empty"] = np.zeros((1, 8, 8))
print(f"an inverted digit has {ratio:.1f} times the ink of a digit")

# %% tags=["picture-trained"]
for name, unusual in strange.items():
    for measure, doubt in doubts(unusual).items():
        won = [pairs_won(doubt[i], ordinary[measure][i]) for i in range(10)]
        ranked[measure][name] = won
figures.dot_plot(ranked, ylabel="pairs won by the strange one", chance=0.5, limits=(0, 1))
plt.show()

# %%
gain = {}
for name in ranked["spread"]:
    gain[name] = np.mean(ranked["spread"][name]) - np.mean(ranked["one answer"][name])
assert gain["errors"] < 0.02 and abs(gain["halves"]) < 0.05
assert gain["inverted"] > 0.1 > gain["inverted,\nless ink"]
assert max(np.mean(ranked[measure]["turned"]) for measure in ranked) < 0.85
assert gain["empty"] < -0.5
print("errors: no gain · inverted digits: a gain, but not with less ink")

# %% [markdown]
r"""
For errors and for halves the single answer ranks as well as a hundred. For inverted digits the spread is much better, and we believed that it recognises strange shapes where one answer does not. The control, one column further, changed our mind. An inverted digit has more than twice the ink, as printed above. More ink means larger scores, and the softmax of larger scores is surer. Dimmed to the ink of ordinary digits, the same shapes are found by one answer, too. So the spread is fooled less by large inputs. For inverted digits that is its whole advantage.

For turned digits, whose ink is the same as before, the spread ranks better too, but neither measure notices them reliably. And for an empty picture the hundred networks agree: with no input there is little that a mask could change. The spread calls it safe. The shares of one answer are nearly equal, and that is the right kind of doubt. So test a measure of doubt on errors, on pictures of another kind, and against the single answer, before you trust it.

## Deeper: dropping whole channels

In a feature map neighbours are similar. So dropping single numbers hides little: what is dropped at one place is still there at the next. After convolutions whole **channels** are dropped instead (Tompson and others, 2015): one mask over images and channels, the same at all places. In Paddle this is `axis=[0, 1]`, or the layer `nn.Dropout2D`.

The feature maps below are the responses of a photograph to two edge kernels, after ReLU. Half of the numbers of channel 0 are dropped one by one, and channel 1 is dropped as a whole.
"""

# %%
eye = load_image(IMAGES / "chelsea.png", mode="L")[92:184, 136:228] / 255
smooth = np.array([1.0, 4, 6, 4, 1]) / 16
slope = np.array([-1.0, -2, 0, 2, 1]) / 3
kernels = np.stack([np.outer(smooth, slope), np.outer(slope, smooth)])
maps = ops.relu(ops.conv2d(eye[None, None], kernels[:, None]))
single = maps[0, 0] * ops.dropout_mask((88, 88), 0.5, np.random.default_rng(0))
shown = {"photograph": eye[2:-2, 2:-2], "channel 0": maps[0, 0]}
shown["half of its numbers"] = single
shown["channel 1, dropped"] = 0 * maps[0, 1]
figures.pictures(shown, kind=["photo", "value", "value", "value"], limits=(0, 0.3))
plt.show()

# %%
neighbours = np.corrcoef(maps[..., :-1].ravel(), maps[..., 1:].ravel())[0, 1]
print(f"correlation of neighbours in a row: {neighbours:.1f}")
dropped_maps = F.dropout(paddle.ones([8, 4, 3, 3]), 0.5, axis=[0, 1])
agree(smallest_of_each=dropped_maps.min(axis=[2, 3]), largest=dropped_maps.max(axis=[2, 3]))

# %% [markdown]
r"""
The last line says: in Paddle's result each channel of each image has one value at all places, either 0 or 2.

## Deeper: together with batch normalisation

Batch normalisation ([chapter 08](08_batch_norm.ipynb)) saves the variance that it saw in training. Dropout directly before it raises that variance. At inference dropout is off, the variance is lower, and the saved one is too large (the **variance shift**, Li and others, 2018). How much too large? For values with mean $\mu$ and variance $\sigma^2$ and $p = 0.5$, the mean square doubles and the mean stays, so the variance becomes $2(\sigma^2 + \mu^2) - \mu^2 = 2\sigma^2 + \mu^2$. At inference the layer gives, instead of 1, the variance $\sigma^2 / (2\sigma^2 + \mu^2)$.

> **Think.** Which variance comes out for $\sigma = 1$ and $\mu = 0$, 1 or 2?
>
> <details><summary>Answer</summary>
>
> 1/2, 1/3 and 1/6. A half holds for mean zero only.
>
> </details>
"""


# %%
def variance_at_inference(mean):
    values = np.random.default_rng(0).normal(mean, 1, size=(20_000, 1))
    rng = np.random.default_rng(1)
    saved_mean = np.zeros(1)
    saved_var = np.ones(1)
    for _ in range(60):
        dropped = ops.dropout(values, 0.5, rng=rng)
        ops.batch_norm(dropped, saved_mean, saved_var, training=True)
    return ops.batch_norm(values, saved_mean, saved_var).var()


measured = [variance_at_inference(mean) for mean in (0, 1, 2)]
agree(by_hand=[1 / 2, 1 / 3, 1 / 6], measured=measured, tolerance=0.02)

# %% [markdown]
r"""
After a ReLU the mean is above 0, so less than a half comes out. With a dense layer between dropout and batch normalisation its size depends on the weights. A common advice is to put dropout after the last batch normalisation, if both are needed.

## What listings of this topic get wrong

| in listings for Paddle | what is true | shown below |
|---|---|---|
| `np.random.seed` so that masks repeat | it does not touch Paddle's masks; `paddle.seed` does | first cell |
| `nn.Dropout(0.5, None, "downscale_in_infer")`, as in older versions | in Paddle 3.3 the order is `p, inplace, axis, mode`: the text becomes the axis, and the error comes only with the data; write `mode=` | second cell |
"""


# %%
def drops_the_same_twice(seed, x):
    seed(1)
    first = F.dropout(x, 0.5).numpy()
    seed(1)
    return np.array_equal(first, F.dropout(x, 0.5).numpy())


ones = paddle.ones([4, 32])
print("paddle.seed:   ", drops_the_same_twice(paddle.seed, ones))
print("np.random.seed:", drops_the_same_twice(np.random.seed, ones))

# %%
misread = nn.Dropout(0.5, None, "downscale_in_infer")
print("mode:", misread.mode, "· axis:", misread.axis)
try:
    misread(ones)
except TypeError as error:
    print("refused when data comes; the error names the axis:", "axis" in str(error))
named = nn.Dropout(0.5, mode="downscale_in_infer")
print("mode:", named.mode)

# %% [markdown]
r"""
## Play: draw masks, and average

The figure below holds twelve units. Each mask drops some of them, and the dots show the sums of what is left. Move $p$, and the masks already drawn follow.

**Predict**, then try it. The units sum to 52. How far from 52 is the sum under one mask, as a rule? How far is the mean over 100 masks?
"""

# %%
explore.load()

# %%
explore.dropout([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8])

# %% [markdown]
r"""
> <details><summary>Answer</summary>
>
> At $p = ½$ a unit $x$ counts as $2x$ or as 0, each half of the time: its standard deviation is $x$. The units are dropped independently, so the variances add up. The sum's standard deviation is $\sqrt{9 + 1 + 16 + \dots + 64} = \sqrt{296} \approx 17.2$. The mean of 100 masks has a tenth of it.
>
> </details>

There are $2^{12} = 4096$ masks. We try all of them.
"""

# %%
twelve = np.array([3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8])
sums = []
for number in range(4096):
    mask = number >> np.arange(12) & 1 == 1
    sums.append(ops.dropout(twelve, 0.5, mask=mask).sum())
agree(by_hand=[52, np.sqrt(296)], numpy=[np.mean(sums), np.std(sums)])

# %% [markdown]
r"""
## What you have seen, done, and can now use

- **By hand, in NumPy and with Paddle**: in training a mask, at inference all units, and one of two rescalings that keep the expected value.
- **Masks counted**: each unit is dropped by itself, so the number of dropped units varies.
- **Many networks in one**: with dropout directly in front of the last layer only, the whole network gives exactly the mean score of all thinned ones.
- **Where it helps**: it slows down memorising mistakes. It does not replace examples.
- **Compared fairly**: early stopping and weight decay gain as much here. Choose with a validation set.
- **Deeper**: a penalty on weights; the spread of many answers as doubt, and its limits; whole channels; the variance shift.

## Exercises

The [exercises of this chapter](exercises/09_dropout.ipynb) check themselves. Compute both modes by hand, write the layer, and find out which of four layers is broken. Find a case where the whole network misses what its thinned networks see. At last switch off three quarters of the units of trained networks.

## Further reading

- G. Hinton and others, *Improving neural networks by preventing co-adaptation of feature detectors*, 2012, [arXiv 1207.0580](https://arxiv.org/abs/1207.0580): where dropout comes from.
- N. Srivastava and others, *Dropout: a simple way to prevent neural networks from overfitting*, 2014, [Journal of Machine Learning Research 15](https://jmlr.org/papers/v15/srivastava14a.html).
- S. Wager, S. Wang and P. Liang, *Dropout training as adaptive regularization*, 2013, [arXiv 1307.1493](https://arxiv.org/abs/1307.1493): dropout as a penalty.
- D. Arpit and others, *A closer look at memorization in deep networks*, 2017, [arXiv 1706.05394](https://arxiv.org/abs/1706.05394): patterns first, mistakes later.
- Y. Gal and Z. Ghahramani, *Dropout as a Bayesian approximation*, 2016, [arXiv 1506.02142](https://arxiv.org/abs/1506.02142): the spread of masked answers as uncertainty.
- Y. Ovadia and others, *Can you trust your model's uncertainty?*, 2019, [arXiv 1906.02530](https://arxiv.org/abs/1906.02530): such measures tested beyond the data.
- J. Tompson and others, *Efficient object localization using convolutional networks*, 2015, [arXiv 1411.4280](https://arxiv.org/abs/1411.4280): dropping channels.
- X. Li and others, *Understanding the disharmony between dropout and batch normalization by variance shift*, 2018, [arXiv 1801.05134](https://arxiv.org/abs/1801.05134).

The idea to take along: while it trains, a network works with a random part of its units, and afterwards with all of them, with the mean kept the same. That makes memorising harder. Part II opens the box: the next chapter computes every gradient that training has used so far.

Previous: [08 Keep activations in range](08_batch_norm.ipynb) · Next: [10 Differentiate every layer](10_backpropagation.ipynb)
"""
