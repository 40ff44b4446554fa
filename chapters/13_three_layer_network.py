# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Train a CNN from scratch

A convolutional network (CNN) is a chain of differentiable functions. **Check the chain link by link before you train it, and compare it with simple methods before you praise it.** This chapter does both with a network of three layers, every line of which is NumPy.

## What you will see, do, and need

**See** which check finds which bug; what the network's accuracy is worth beside methods without any convolution; what its kernels look like, and which digits it gets wrong.

**Do** four checks in order, on a sound network and on broken ones. Train ten networks, and get the same losses from Paddle. Find the change that makes a convolution worth its price.

**Need** layers and their gradients from [chapter 10](10_backpropagation.ipynb), Adam and its learning rates from [chapter 11](11_dense_networks_and_optimisers.ipynb), pooling from [chapter 06](06_pooling.ipynb). About 50 minutes, and 25 for the sections marked *Deeper*.
"""

# %%
import copy
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, geometry, inside, nn, ops
from helpers.data import load_digits, scatter_on_canvas
from helpers.training import fit as fit_paddle
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

import paddle

paddle.set_default_dtype("float64")

# %% [markdown]
r"""
## From volume to volume

A **layer** is a differentiable function from one volume of numbers to another. Some layers have parameters, others have none. "Differentiable" means that a layer can do two things. `forward` computes the output. `backward` takes the gradient of the output and returns the gradient of the input. Whoever can do both may stand anywhere in the chain. Ours has seven links:

conv – ReLU – 2×2 max pool – flatten – linear – ReLU – linear

Softmax and the loss come after them. People call this a *three-layer* network, because they count the layers with weights. Our digits have 8×8 pixels, which is the size that the data has. Several arguments of the function below are for later experiments. `last=0.01` draws small weights for the last layer; the first check will say why.
"""


# %%
def three_layers(seed, kernels=8, units=64, relu=nn.ReLU, last=0.01, size=8, k=3, pad=1, pool=2):
    rng = np.random.default_rng(seed)
    side = (size + 2 * pad - k + 1) // pool
    convolution = nn.Conv2D(1, kernels, k, padding=pad, rng=rng)
    first = nn.Linear(kernels * side * side, units, rng=rng)
    second = nn.Linear(units, 10, rng=rng, init=last)
    layers = nn.Sequential(
        convolution, relu(), nn.MaxPool2D(pool), nn.Flatten(), first, relu(), second
    )
    return layers.astype("float64")


rows = geometry.summary(three_layers(0), (1, 8, 8))
figures.volumes(rows, (1, 8, 8))
plt.show()

# %% [markdown]
r"""
Read the drawing from left to right: height and width are pixels, the length of a block is its number of channels. The volumes become smaller and longer, until ten numbers are left. `summary` walks along the chain and asks each layer what it makes of the volume before it. By hand: a kernel has 3·3 weights and a bias, so eight kernels have 8 · 10 = 80 parameters. Pooling leaves 8 · 4 · 4 = 128 numbers. The first linear layer has 128 · 64 + 64 = 8,256 parameters, the second 64 · 10 + 10 = 650. **Predict** before you run the cell: which layer has most of the parameters, and which one most of the multiplications?
"""

# %%
for row in rows:
    print(f"{row.name:8} {row.output_shape!s:10} {row.parameters:6} parameters", end="")
    print(f"{row.multiply_adds:6} multiply-adds")
sizes = [parameter.value.size for parameter in three_layers(0).parameters()]
counted = [row.parameters for row in rows]
agree(by_hand=80 + 8256 + 650, numpy=sum(sizes), geometry=sum(counted))

# %% [markdown]
r"""
The convolution has 1 % of the parameters. But each kernel is used at 64 places, so a third of all multiplications are its own. Layers without parameters cost none, and yet they decide what the next layer sees.

> **Think.** Flatten computes nothing. Why is it a layer?
>
> <details><summary>Answer</summary>
>
> It is a function from one volume, 8×4×4, to another, 128. On the way back it has something to do as well: the gradient of 128 numbers must become a volume of 8×4×4 again. A chain whose links all speak the same language needs no special cases.
>
> </details>

## These digits are easy

Before we train: how well do methods do that know nothing of neighbouring pixels? *Logistic regression* is a single linear layer with softmax. A *support vector machine* (SVM) compares a new digit with stored training digits, and weighs the nearer ones more. Both are in scikit-learn, and both take a digit as 64 numbers in any order: shuffle the pixels of all digits in the same way, and they would not notice.

Their settings are choices, and so are ours later. **No choice is made with the test digits.** We hold out 297 of the 1,297 training digits for choices. These are the *validation* digits. `best_by_validation` fits each candidate to the other 1,000, takes the best on the 297, fits it to all training digits, and tests it once.
"""

# %%
digits = load_digits(size=8)
x = digits.train[0].astype("float64")
labels = digits.train[1]
test = (digits.test[0].astype("float64"), digits.test[1])


def easy_methods(x, test):
    linear = [LogisticRegression(C=C, max_iter=2000) for C in (0.1, 1, 10)]
    vectors = [SVC(C=10, gamma=gamma) for gamma in ("scale", 0.05, 0.1, 0.2)]
    found = {}
    for name, methods in {"logistic regression": linear, "SVM": vectors}.items():
        parts = (x[:1000], labels[:1000]), (x[1000:], labels[1000:])
        found[name] = inside.best_by_validation(methods, parts[0], parts[1], test)
    return found


# %%
plain = easy_methods(x, test)
assert 0.95 < plain["logistic regression"] < plain["SVM"] and plain["SVM"] > 0.98
print("test accuracy: logistic regression above 0.95, SVM above 0.98")

# %% [markdown]
r"""
So an accuracy of 97 % on these digits proves little. We use them to see that the network is built correctly. Where a convolution is worth something is a question of its own, and we shall have to look for the place.

## Check 1: the loss at the start

Before training the network knows nothing. Ten classes should get a tenth each, and then the loss is −ln(1/10) = ln 10 = 2.303. If the scores are far from equal at the start, the network is sure of something that it cannot know. With He's weights in the last layer it is, and the loss is higher. Small last weights cure this.

What does it look like when something is broken? A loss of 20 says that the scores, and so the inputs or the weights, are much too large.
"""

# %%
starts = {0.01: [], "he": []}
for last, losses in starts.items():
    for seed in range(5):
        losses.append(nn.evaluate(three_layers(seed, last=last), (x, labels))[0])
agree(0.05, by_hand=np.log(10), numpy=np.mean(starts[0.01]))
higher = np.mean(starts["he"]) - np.log(10)
assert higher > 0.15
print("with He's weights in the last layer the loss is higher by more than 0.15")

# %% [markdown]
r"""
## Check 2: the gradient of the whole network

Each layer's gradient was checked in [chapter 10](10_backpropagation.ipynb). Now we check the chain: is each output handed to the next layer, and each gradient to the one before? `inside.gradient_error` writes all parameters into one long vector. `ops.check_gradient` then moves each number of it a little up and down, and compares the change of the loss with the gradient. That takes two passes for each parameter. So we take a tiny version with 2 kernels and 5 units, and five digits.

**Predict**: does a correct network pass?
"""

# %%
tiny = three_layers(0, kernels=2, units=5)
few = (x[:5], labels[:5])
drawn = inside.as_vector(tiny)
moved = drawn + np.random.default_rng(0).normal(size=len(drawn)) * 0.1
print("as it was drawn:       error above 0.001?", inside.gradient_error(tiny, drawn, few) > 1e-3)
print("all parameters moved:  error below 1e-7? ", inside.gradient_error(tiny, moved, few) < 1e-7)

# %% [markdown]
r"""
It does not pass at first, and nothing is wrong with it. Paper is 0, and biases start at 0. So over empty paper the sum of a kernel is exactly 0, and there ReLU has its kink. A bias moved up changes the output, and a bias moved down does not. The check sees half a slope. With all parameters moved a little, off the kinks, the check holds.

So a failed check is a question, and the first answer is often a kink. A real fault does not go away when the parameters move.

> **Think.** Would it also help to check with digits on grey paper?
>
> <details><summary>Answer</summary>
>
> Yes. A kernel's sum over grey paper is the grey times the sum of its weights, and that is not 0. The check only has to stay away from the kinks.
>
> </details>

## Check 3: learn a handful by heart

A network with 8,986 parameters must be able to learn fifty digits by heart. If it cannot, more data will not help. We ask for all fifty within 20 epochs. The same must hold for a deeper network with two convolutions and three linear layers, five layers with weights in all. The curves show five networks of each kind. **Predict** which kind needs more epochs.
"""


# %%
def five_layers(seed):
    rng = np.random.default_rng(seed)
    first = nn.Sequential(nn.Conv2D(1, 8, 3, padding=1, rng=rng), nn.ReLU())
    second = nn.Sequential(nn.Conv2D(8, 16, 3, padding=1, rng=rng), nn.ReLU(), nn.MaxPool2D(2))
    third = nn.Sequential(nn.Flatten(), nn.Linear(256, 64, rng=rng), nn.ReLU())
    fourth = nn.Sequential(nn.Linear(64, 32, rng=rng), nn.ReLU())
    last = nn.Linear(32, 10, rng=rng, init=0.01)
    return nn.Sequential(first, second, third, fourth, last).astype("float64")


def by_heart(model, x, labels, seed, epochs=20):
    adam = nn.Adam(0.005, parameters=model.parameters())
    fifty = (x[:50], labels[:50])
    return nn.fit(model, adam, fifty, epochs, test=fifty, batch_size=5, seed=seed)


# %% tags=["picture-trained"]
runs = {"three layers": [], "five layers": []}
for seed in range(5):
    runs["three layers"].append(by_heart(three_layers(seed), x, labels, seed).test_accuracy)
    runs["five layers"].append(by_heart(five_layers(seed), x, labels, seed).test_accuracy)
for curves in runs.values():
    assert np.max(curves, axis=1).min() == 1
ax = figures.curves(runs, ylabel="share of 50 digits", limits=(0, 1.02))
ax.set_title("Fifty digits by heart: mean and spread of five networks")
plt.show()

# %% [markdown]
r"""
All ten networks know all fifty digits before the 20 epochs are over. The deeper ones take a little longer. If a curve stays flat instead, more epochs will not help. Look for a layer whose outputs do not depend on the digit, or for a rate that is far too small or far too large.

## Check 4: new digits

The last check trains on 1,000 digits and asks for more than 90 % of the 297 validation digits. Now the four checks meet six networks. One is sound and five are broken. You may meet each of these bugs in practice:

1. Pixels from 0 to 255 instead of 0 to 1.
2. A ReLU whose way back forgets to set the gradient to 0 where the input was negative.
3. Softmax twice: as a last layer, and again in the loss.
4. All parameters are 0 at the start.
5. The labels stand in another order than the images.

Bugs 2 and 3 need layers of our own. A layer of `helpers.nn` is a class with `_forward(x)` and `_backward(grad_y, x)`, and nothing more is needed. **Predict** for each bug which check is the first that finds it.
"""


# %%
class ForgetfulReLU(nn.ReLU):
    def _backward(self, grad_y, x):
        return grad_y


class Softmax(nn.Layer):
    def _forward(self, x):
        return ops.softmax(x)

    def _backward(self, grad_y, x):
        return ops.softmax_backward(grad_y, x)


back = ops.softmax_backward(np.ones((1, 3)), np.array([[1.0, 2, 0]]))
agree(1e-12, by_hand=[[0, 0, 0]], numpy=back)


# %% [markdown]
r"""
(The last line is a small check of its own. Add up all shares of a softmax and you get 1, whatever the scores are. So the gradient of this sum is 0.)

Each check is a function that says whether it found a fault. It gets a function that makes the network, so that every check starts with fresh parameters. A check that has found a fault ends the row.
"""


# %%
def loss_at_start(make, x, labels):
    return abs(nn.evaluate(make(0), (x, labels))[0] - np.log(10)) > 0.05


def gradient(make, x, labels):
    model = make(0, kernels=2, units=5)
    noise = np.random.default_rng(0).normal(size=len(drawn)) * 0.1
    place = inside.as_vector(model) + noise
    return inside.gradient_error(model, place, (x[:5], labels[:5])) > 1e-6


def handful(make, x, labels):
    return by_heart(make(0), x, labels, 0, epochs=40).loss[-1] > 1


# %%
def new_digits(make, x, labels):
    model = make(0)
    adam = nn.Adam(0.01, parameters=model.parameters())
    nn.fit(model, adam, (x[:1000], labels[:1000]), 6)
    return nn.evaluate(model, (x[1000:], labels[1000:]))[1] < 0.9


def forgetful(seed, kernels=8, units=64):
    return three_layers(seed, kernels, units, ForgetfulReLU)


def softmax_twice(seed, kernels=8, units=64):
    return nn.Sequential(three_layers(seed, kernels, units), Softmax())


# %%
def all_zero(seed, kernels=8, units=64):
    model = three_layers(seed, kernels, units)
    inside.put_vector(model, 0 * inside.as_vector(model))
    return model


networks = {"sound": (three_layers, x, labels)}
networks["1 pixels 0 … 255"] = (three_layers, 255 * x, labels)
networks["2 forgetful ReLU"] = (forgetful, x, labels)
networks["3 softmax twice"] = (softmax_twice, x, labels)
networks["4 all zero"] = (all_zero, x, labels)
networks["5 labels mixed"] = (three_layers, x, np.random.default_rng(0).permutation(labels))
print(list(networks))

# %%
found = {}
for name, (make, images, answers) in networks.items():
    found[name] = {}
    stopped = False
    for check in (loss_at_start, gradient, handful, new_digits):
        result = None if stopped else bool(check(make, images, answers))
        found[name][check.__name__.replace("_", " ")] = result
        stopped = stopped or result
figures.check_table(found)
plt.show()

# %% [markdown]
r"""
Each check finds a bug that the checks before it let pass. So they are made in this order, from cheap to dear, and each is worth its time:

- **Pixels to 255** make all sums large, and the scores with them. The network starts with strong opinions, and most of them are wrong.
- **The forgetful ReLU** is the most dangerous one. Train it all the same, and it reads more than eight test digits in ten. Nobody would ask for the reason why it does not read more.
- **Softmax twice** starts at ln 10, and its gradients are correct. But the "scores" are now shares, between 0 and 1. Even the best answer, 1 and nine times 0, has the loss $-\ln\big(e/(e + 9)\big) = 1.46$. A loss that stops at 1.46 is a signature.
- **All zero** has the perfect loss at the start. But all hidden units are 0 and stay at 0, because no gradient passes through weights that are 0.
- **Mixed labels** can be learned by heart. Nothing that looks only at the training digits can find this bug.
"""

# %%
shares = np.eye(10)[:1]
agree(by_hand=-np.log(np.e / (np.e + 9)), numpy=ops.cross_entropy(shares, np.array([0])))
model = forgetful(0)
nn.fit(model, nn.Adam(0.01, parameters=model.parameters()), (x, labels), 6)
assert nn.evaluate(model, test)[1] > 0.8
print("the forgetful network reads more than eight test digits in ten")

# %% [markdown]
r"""
## Train it

One number has to be chosen, the learning rate of Adam. It falls to 0 along half a cosine during ten epochs of batches of 32 digits, as in [chapter 11](11_dense_networks_and_optimisers.ipynb). We choose on the validation digits, with two networks for each rate.
"""


# %%
def train(model, data, seed, rate=0.02, test=None, parameters=None, epochs=10):
    schedule = nn.CosineAnnealingDecay(rate, epochs)
    adam = nn.Adam(schedule, parameters=parameters or model.parameters())
    return nn.fit(model, adam, data, epochs, test, 32, seed, schedule)


validation = {rate: [] for rate in (0.002, 0.02, 0.06)}
for rate, results in validation.items():
    for seed in range(2):
        model = three_layers(seed)
        train(model, (x[:1000], labels[:1000]), seed, rate)
        results.append(nn.evaluate(model, (x[1000:], labels[1000:]))[1])
print("both networks at 0.02 above both at 0.002:", min(validation[0.02]) > max(validation[0.002]))

# %% tags=["picture-trained"]
runs = {"two networks each": validation}
figures.dot_plot(runs, "learning rate", "validation accuracy", log=True, limits=(0.8, 1))
plt.show()

# %% [markdown]
r"""
Small rates do not get far in ten epochs. Around 0.02 the rate matters little, and we take 0.02. Now ten networks learn from all 1,297 training digits. **Predict**: after the first epoch, is the accuracy on the training digits higher or lower than on the test digits?
"""

# %%
models = [three_layers(seed) for seed in range(10)]
histories = []
for seed, model in enumerate(models):
    histories.append(train(model, (x, labels), seed, test=test))
accuracies = np.array([history.test_accuracy[-1] for history in histories])
assert accuracies.mean() > 0.97
print("test accuracy, mean of ten networks: above 0.97")

# %% tags=["picture-trained"]
runs = {"training": [history.accuracy for history in histories]}
runs["test"] = [history.test_accuracy for history in histories]
first_epoch = np.mean(runs["test"], axis=0)[0] - np.mean(runs["training"], axis=0)[0]
assert first_epoch > 0.1
ax = figures.curves(runs, ylabel="accuracy", limits=(0.5, 1))
ax.set_title("In the first epoch the training curve lies below the test curve")
plt.show()

# %% [markdown]
r"""
Above 97 %, in seconds for all ten. At the end the training curve is the higher one, as one expects. In the first epoch it is *lower*, by about a fifth.

> **Correction.** In notes on this exercise one reads "40 % on CIFAR-10 after one epoch". Such a number, printed by a training loop, is *training* accuracy: the mean over the batches of the epoch, each measured before its step. It counts the first batches, when the network knew nothing. So it does not say how good the network is *after* the epoch, and it says nothing about new images. Measure on held-out images, when the epoch is over.

### Keep what was learned

A trained network is its arrays. `nn.save` writes them to a file, and `nn.load` reads them into a new network of the same layers. The file holds numbers and names, and no code. Here it lies in a folder that is removed afterwards.
"""

# %%
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "digits.npz"
    nn.save(models[0], path)
    again = nn.load(three_layers(99), path)
agree(saved=nn.predict(models[0], test[0]), loaded=nn.predict(again, test[0]))

# %% [markdown]
r"""
## The same network in Paddle

The same layers, the same first weights, the same batches: then every loss must be the same. Paddle stores weights as we do, so they are copied one by one. First ten single steps, each with a batch of 32 digits. (An epoch of one batch is one step.)
"""


# %%
def in_paddle(model):
    first = paddle.nn.Sequential(paddle.nn.Conv2D(1, 8, 3, padding=1), paddle.nn.ReLU())
    second = paddle.nn.Sequential(paddle.nn.MaxPool2D(2), paddle.nn.Flatten())
    third = paddle.nn.Sequential(paddle.nn.Linear(128, 64), paddle.nn.ReLU())
    twin = paddle.nn.Sequential(first, second, third, paddle.nn.Linear(64, 10))
    for theirs, ours in zip(twin.parameters(), model.parameters(), strict=True):
        theirs.set_value(ours.value)
    return twin


ours = three_layers(0)
theirs = in_paddle(ours)
our_scores = ours.forward(x[:50])
agree(numpy=our_scores, paddle=theirs(paddle.to_tensor(x[:50])))

# %%
our_adam = nn.Adam(0.02, parameters=ours.parameters())
their_adam = paddle.optimizer.Adam(0.02, parameters=theirs.parameters())
losses = {"ours": [], "theirs": []}
for start in range(0, 320, 32):
    batch = (x[start : start + 32], labels[start : start + 32])
    losses["ours"].append(nn.fit(ours, our_adam, batch, 1).loss[0])
    losses["theirs"].append(fit_paddle(theirs, their_adam, batch, 1).loss[0])
agree(1e-6, numpy=losses["ours"], paddle=losses["theirs"])

# %% [markdown]
r"""
Ten steps, ten equal losses. Now the whole training, ten epochs of 41 steps, with the schedule:
"""

# %%
theirs = in_paddle(three_layers(0))
schedule = paddle.optimizer.lr.CosineAnnealingDecay(0.02, 10)
their_adam = paddle.optimizer.Adam(schedule, parameters=theirs.parameters())
history = fit_paddle(theirs, their_adam, (x, labels), 10, None, 32, 0, schedule)
agree(1e-3, numpy=histories[0].loss, paddle=history.loss)
ax = figures.curves({"NumPy": histories[0].loss, "Paddle": history.loss}, ylabel="training loss")
ax.set_title("Two curves, one on top of the other")
plt.show()

# %% [markdown]
r"""
## What is the convolution worth?

On plain digits the SVM is at least as good as our network. A plain digit fills its picture, so each pixel has a meaning by itself: ink in the middle speaks against a 0. Take this away. Put each digit at a random place of a canvas of 14×14 pixels, for training and for the test. Now a digit can stand at 7 · 7 = 49 places.

A kernel answers a stroke wherever it stands. But the linear layer behind it reads *which place* it was. So we also try the same seven layers with a change: `MaxPool2D(2)` keeps a maximum for each 2×2 square, and now each kernel keeps a **single maximum over all places**. Its kernels are 7×7, so that one of them sees most of a digit. The control has the same 24 kernels of 7×7 pixels, and the 2×2 pooling. All three get seven epochs. Their rate, 0.01, was chosen on validation digits.

**Predict** the order of the five: logistic regression, SVM, our network, the control, the single maximum.
"""

# %%
rng = np.random.default_rng(7)
canvas = scatter_on_canvas(x, 14, rng)
test_canvas = (scatter_on_canvas(test[0], 14, rng), test[1])
scattered = easy_methods(canvas, test_canvas)
assert scattered["logistic regression"] < 0.5 < 0.7 < scattered["SVM"]
print("logistic regression reads fewer than half of the scattered digits, the SVM more than 0.7")


# %%
def on_canvas(kernels, k=3, pad=1, pool=2):
    found = []
    for seed in range(3):
        model = three_layers(seed, kernels, size=14, k=k, pad=pad, pool=pool)
        train(model, (canvas, labels), seed, rate=0.01, epochs=7)
        found.append(nn.evaluate(model, test_canvas)[1])
    print("parameters:", len(inside.as_vector(model)))
    return found


scattered["3×3, pool 2"] = on_canvas(8)

# %%
scattered["7×7, pool 2"] = on_canvas(24, k=7, pad=0)

# %%
scattered["7×7, one max"] = on_canvas(24, k=7, pad=0, pool=8)

# %% tags=["picture-trained"]
plain["3×3, pool 2"] = accuracies
figures.dot_plot({"plain, 8×8": plain, "scattered, 14×14": scattered}, chance=0.1)
plt.show()
mean = {name: np.mean(results) for name, results in scattered.items()}
assert mean["3×3, pool 2"] < mean["SVM"] + 0.02
assert mean["7×7, one max"] > mean["SVM"] + 0.05
assert mean["7×7, one max"] > mean["7×7, pool 2"] + 0.04

# %% [markdown]
r"""
Logistic regression breaks down. Our first network is no better than the SVM. More and larger kernels help a little. But a large step comes from the single maximum alone, with the same kernels and an eighth of the parameters. So "it is a CNN" is not the reason. The reason is to share a kernel over all places *and then to forget the place*. [Chapter 14](14_dense_to_convolution.ipynb) keeps the place again, and uses it to find digits.

> **Think.** The single maximum forgets places. Why can the network still tell a 6 from a 9?
>
> <details><summary>Answer</summary>
>
> A 7×7 kernel sees most of a digit at once, so it can ask for a ring *below* a stroke. With small kernels and a single maximum this order would be lost.
>
> </details>

## Look inside: kernels

Below are the eight kernels of the first network before the training, and then after it, times 10. Beneath each trained kernel stands what it makes of the first test digit, after ReLU. **Predict** how much training changes a kernel.
"""

# %%
before = three_layers(0)[0].weight.value[:, 0]
figures.kernel_maps(before, titles=[f"start {number}" for number in range(1, 9)])
plt.show()

# %%
after = models[0][0].weight.value[:, 0]
maps = ops.relu(models[0][0].forward(test[0][:1]))[0]
figures.kernel_maps(after, maps, titles=[f"trained {number}" for number in range(1, 9)])
plt.show()

# %%
for time, model in {"before": three_layers(0), "after": models[0]}.items():
    share = (model[0].forward(x)[:, 1] > 0).mean()
    print(f"{time} training, kernel 2 has a sum above 0 at {share:.0%} of all places")

# %% [markdown]
r"""
One likes to say of such pictures: this kernel finds edges, that one finds ends of lines. But compare the two rows. Most of a trained kernel is its random start. Kernel 2 has hardly moved at all. It has nearly no weight above 0, so its sum over ink is hardly ever positive. Soon it was positive nowhere: the kernel died ([chapter 07](07_activations.ipynb)), and stayed as it was at that moment.

We measure the likeness by the **cosine** of two lists of numbers: multiply them number by number, add up, and divide by both lengths. It is 1 for the same direction, and around 0 for lists that have nothing to do with each other. The control goes further. It trains the two linear layers only and leaves all kernels as they were drawn.
"""

# %%
likeness = []
frozen = []
for seed in range(3):
    model = three_layers(seed)
    kernels = model[0].weight.value.copy()
    likeness.append(inside.cosines([kernels], [models[seed][0].weight.value])[0])
    train(model, (x, labels), seed, parameters=model.parameters()[2:])
    frozen.append(nn.evaluate(model, test)[1])
assert np.mean(likeness) > 0.7 and np.mean(frozen) > 0.95
print("cosine of trained and random kernels: above 0.7")
print("test accuracy with kernels that never learned: above 0.95")

# %% [markdown]
r"""
Kernels that never learned are nearly as good on these digits, so the linear layers do most of the learning. A picture of kernels shows what a network *has*, and not what it has learned. In large networks, trained on millions of photographs, first kernels do become detectors of edges and colours. There the same control would come out differently.

## Where it errs

The **confusion matrix** counts. A row is the right class, a column the answer. Here are the mistakes of all ten networks together, on 500 test digits each. The right answers, on the diagonal, are left out.
"""

# %%
shares = np.array([nn.predict(model, test[0]) for model in models])
answers = shares.argmax(axis=2)
confusion = np.zeros((10, 10), int)
for answer in answers:
    np.add.at(confusion, (test[1], answer), 1)
np.fill_diagonal(confusion, 0)
ax = figures.axes(width=4.6, height=4.4)
figures.matrix(confusion, ax, numbers=True, blocks=(1, 1), xlabel="answer", ylabel="right class")
plt.show()

# %% [markdown]
r"""
Mistakes gather in few squares. Is this a weakness of the networks, or of a few digits? These six test digits are missed by most of the ten networks. What would *you* answer?
"""

# %%
wrong = (answers != test[1]).sum(axis=0)
worst = np.argsort(-wrong, kind="stable")[:6]
titles = []
for index in worst:
    given = np.bincount(answers[:, index], minlength=10)
    given[test[1][index]] = 0
    titles.append(f"{test[1][index]}, read {given.argmax()}\nby {given.max()} of 10")
figures.image_rows({"mistakes": test[0][worst, 0]}, captions={"mistakes": titles})
plt.show()

# %% [markdown]
r"""
A few digits make most of the mistakes, and each of ten networks with other first weights stumbles over the same ones. The large squares of the matrix are single digits, counted once for each network. Here ten networks do not give ten times as much evidence: they share the data.

Look at the pictures, too: with 8×8 pixels some of these digits can hardly be told by anybody. The person who wrote them knew more than the pixels tell.

The ten are also sure of themselves. Of the digit that is missed most often, we take the mean share that the networks give to their answer. A share is not a probability of being right.
"""

# %%
first = worst[0]
sure = shares[:, first].max(axis=1).mean()
assert wrong[first] >= 8 and sure > 0.6
print("networks that miss the first of these digits: at least 8 of 10")
print("mean share that they give to their answer: above 0.6")

# %% [markdown]
r"""
## Deeper: what excites a unit

Which test digits give a unit its largest output? For a kernel we take its largest value over all places. The rows belong to two kernels, two hidden units and two scores of the first network. (`inside.stages` returns what the layers with these numbers hand on.)
"""

# %%
layers = {"kernel": 1, "pool": 2, "hidden": 5, "score": 6}
outputs = inside.stages(models[0], test[0], layers)
rows = {}
for name in ("kernel", "hidden", "score"):
    best = inside.most_exciting(outputs[name], 8)
    for unit in (2, 3):
        label = f"score of {unit}" if name == "score" else f"{name} {unit + 1}"
        rows[label] = test[0][best[unit], 0]
figures.image_rows(rows)
plt.show()

# %% [markdown]
r"""
The kernels like digits of several classes, the scores like one class. Is this the work of training, or do untrained networks show it too? We count over all units: of the twenty digits that excite a unit most, how large is the part of one class? **Predict** it for untrained networks. (By chance alone, the most frequent of ten classes has four or five of twenty digits.)
"""

# %% tags=["picture-trained"]
untrained = [three_layers(seed) for seed in range(10)]
groups = {"trained": models, "untrained": untrained}
runs = {"trained": {}, "untrained": {}}
for title, group in groups.items():
    for name in ("kernel", "hidden", "score"):
        outputs = [inside.stages(model, test[0], layers)[name] for model in group]
        runs[title][name] = [inside.purity(values, test[1]) for values in outputs]
figures.dot_plot(runs, ylabel="part of one class in the 20")
plt.show()
assert np.mean(runs["trained"]["score"]) > np.mean(runs["untrained"]["score"]) + 0.2
assert abs(np.mean(runs["trained"]["kernel"]) - np.mean(runs["untrained"]["kernel"])) < 0.15

# %% [markdown]
r"""
Even units with random weights prefer some class: digits that excite the same sum resemble one another. Only what lies above this control tells of learning. Of the kernels such a picture tells nothing, of the scores a lot.

## Deeper: is it more abstract further up?

"From local and concrete to global and abstract": so layers are often described. We make two measurements, each with untrained networks as the control.

**How well can the class be read** from what a layer hands on? The reader is a *ridge classifier*: a linear layer whose weights are fitted by least squares, with a small penalty on large weights. We fit one to each stage, on the training digits, and test it. **Predict**: does its accuracy rise from stage to stage?
"""

# %% tags=["picture-trained"]
runs = {"trained": {}, "untrained": {}}
for title, group in groups.items():
    for name in ("pixels", "kernel", "pool", "hidden", "score"):
        runs[title][name] = []
        for model in group[:4]:
            learned = {"pixels": x} | inside.stages(model, x, layers)
            tested = {"pixels": test[0]} | inside.stages(model, test[0], layers)
            pair = (learned[name], labels), (tested[name], test[1])
            runs[title][name].append(inside.linear_reading(pair[0], pair[1]))
figures.dot_plot(runs, ylabel="accuracy of the reader", limits=(0.5, 1))
plt.show()
assert np.mean(runs["untrained"]["kernel"]) > np.mean(runs["trained"]["pixels"]) + 0.02
assert np.mean(runs["untrained"]["score"]) < np.mean(runs["trained"]["score"]) - 0.1

# %% [markdown]
r"""
It rises once, at the first step, and there *random* kernels do as well as trained ones. After that nothing is gained. Training does something else: it keeps what is needed, while 512 numbers become ten. Random layers lose it.

**How much does a shift by one pixel change?** We shift each digit to the right and measure how far the outputs move. The unit of measure is the mean distance between two different digits at the same stage. A value of 1 says: the digit is as far from its shifted self as from any other digit. **Predict** where it falls, at the pooling or later.
"""

# %% tags=["picture-trained"]
shifted = np.roll(test[0], 1, axis=3)
runs = {"trained": {}, "untrained": {}}
for title, group in groups.items():
    for name in ("pixels", "kernel", "pool", "hidden", "score"):
        runs[title][name] = []
        for model in group:
            here = {"pixels": test[0]} | inside.stages(model, test[0], layers)
            there = {"pixels": shifted} | inside.stages(model, shifted, layers)
            change = inside.relative_change(here[name], there[name], np.random.default_rng(0))
            runs[title][name].append(change)
figures.dot_plot(runs, ylabel="change by a shift", limits=(0, 1.3))
plt.show()

# %%
assert np.mean(runs["trained"]["score"]) < 0.7 < 0.8 < np.mean(runs["untrained"]["score"])
print("change of the scores by a shift: trained below 0.7, untrained above 0.8")

# %% [markdown]
r"""
Here the sentence holds. In the pixels a shifted digit is as far from itself as from another digit. From stage to stage the shift matters less, but in trained networks only, and most of it happens in the linear layers. The 2×2 pooling does little. So "more abstract" is true in one sense, less changed by what does not matter. In another sense, easier to read, it is false after the first step. The word needs a measurement beside it.

## Deeper: saliency, and a control for it

Which pixels does a score depend on? `backward` carries a gradient from the scores to the input. Start with 1 at the score of the right class and 0 elsewhere. What arrives at the input is a picture, called a **saliency map**: orange where more ink raises the score, blue where it lowers it.

Is it right? We change each of the 64 pixels by a millionth and look at the score. (The digit gets a little noise first. Over empty paper the four values in a pooling window are equal, and a tie is a kink.)
"""

# %%
noisy = test[0][:1] + np.random.default_rng(0).normal(size=(1, 1, 8, 8)) * 0.1
right = test[1][:1]
changed = noisy + 1e-6 * np.eye(64).reshape(64, 1, 8, 8)
change = models[0].forward(changed)[:, right[0]] - models[0].forward(noisy)[0, right[0]]
slopes = change.reshape(1, 1, 8, 8) / 1e-6
agree(1e-4, back_propagated=inside.saliency(models[0], noisy, right), small_changes=slopes)

# %% [markdown]
r"""
Such maps convince easily, because their strong spots lie near the strokes. Adebayo and others (2018) asked for a control: replace what was learned by random numbers. If the map stays the same, it does not show what was learned. We replace the weights of both linear layers. A second trained network is there for comparison.
"""


# %%
def random_linear(model, seed):
    changed = copy.deepcopy(model)
    fresh = three_layers(seed, last="he")
    for index in (4, 6):
        changed[index].weight.value = fresh[index].weight.value
    return changed


rivals = {"trained": models[0], "another trained": models[1]}
rivals["random linear"] = random_linear(models[0], 100)
rows = {"digit": test[0][:7, 0]}
for name, rival in rivals.items():
    rows[name] = inside.saliency(rival, test[0][:7], test[1][:7])[:, 0]
figures.image_rows(rows, {"digit": "ink"} | dict.fromkeys(rivals, "signed"))
plt.show()

# %% [markdown]
r"""
Can you tell by eye which row has learned nothing? Let us measure the likeness to the first row, as the cosine of two maps, averaged over 100 digits, for ten networks. Many programs draw the *size* of the gradient, without its sign. So we take both.
"""

# %% tags=["picture-trained"]
data = (test[0][:100], test[1][:100])
names = ("another trained", "random linear")
runs = {"with sign": {name: [] for name in names}, "without sign": {name: [] for name in names}}
for seed, model in enumerate(models):
    own = inside.saliency(model, data[0], data[1])
    for name, rival in zip(
        names, (models[seed - 1], random_linear(model, 100 + seed)), strict=True
    ):
        other = inside.saliency(rival, data[0], data[1])
        runs["with sign"][name].append(inside.cosines(own, other).mean())
        runs["without sign"][name].append(inside.cosines(np.abs(own), np.abs(other)).mean())
figures.dot_plot(runs, ylabel="cosine of the maps", limits=(-0.3, 1))
plt.show()
assert abs(np.mean(runs["with sign"]["random linear"])) < 0.15
assert np.mean(runs["without sign"]["random linear"]) > 0.5

# %% [markdown]
r"""
With its sign the map passes the test. It has something in common with the map of another trained network, and nothing with that of random linear layers. Without the sign, nearly the same likeness remains for a network that has learned nothing. One reason is simple: lists of positive numbers always have a cosine well above 0. So a map without sign looks meaningful, whatever the network knows.

## Deeper: shifted and noisy digits

All methods learned plain digits. How do they stand digits that are shifted to the right, or noisy? **Predict** whether the network is the most robust one.
"""

# %% tags=["picture-trained"]
easy = {"SVM": SVC(C=10), "logistic regression": LogisticRegression(C=10, max_iter=2000)}
noise = np.random.default_rng(0).normal(size=test[0].shape)
cases = {"plain": test[0], "shift 1": shifted, "shift 2": np.roll(test[0], 2, axis=3)}
cases["noise 0.3"] = test[0] + 0.3 * noise
runs = {"network": {}}
for case, images in cases.items():
    runs["network"][case] = [nn.evaluate(model, (images, test[1]))[1] for model in models]
for name, method in easy.items():
    method.fit(x.reshape(1297, 64), labels)
    runs[name] = {}
    for case, images in cases.items():
        runs[name][case] = method.score(images.reshape(500, 64), test[1])
figures.dot_plot(runs, chance=0.1)
plt.show()

# %%
network = {case: np.mean(results) for case, results in runs["network"].items()}
assert network["shift 1"] < 0.8 and network["shift 2"] < 0.35
assert network["noise 0.3"] < runs["SVM"]["noise 0.3"] - 0.05
print("shifted by two pixels, the network reads fewer than four digits in ten")
print("in noise it is weaker than the SVM")

# %% [markdown]
r"""
A shift by one pixel costs every method at least a fifth of its answers, and by two pixels nearly all. The 2×2 pooling is no protection against two pixels. Against noise the network is *weaker* than the SVM. A convolution is no charm. What a network shall stand in use, it has to meet in training, or to have in its architecture, like the single maximum above.

## What you have seen, done, and can now use

- **A layer** is a differentiable function from one volume to another; the summary counts what each costs.
- **Four checks in order:** the loss at the start is the logarithm of the number of classes; the gradient of the whole network; a handful by heart; held-out digits. Each finds what the ones before let pass.
- **The same in Paddle:** equal first weights and equal batches give equal losses, step by step.
- **Training accuracy** of the first epoch counts the time before the network knew anything.
- **Worth is relative.** On plain digits an SVM is as good. With digits at any place, shared kernels with a single maximum over all places win.
- **Look inside with a control:** random kernels, untrained networks, random last layers. Without one, a picture convinces and proves nothing.

## Exercises

1. How many parameters does the network have for digits of 16×16 pixels? Count by hand, then with `geometry`.
2. Softmax twice: below which loss does it never get with 100 classes?
3. Let the ten networks vote: average their shares. Is the vote better than the mean of the ten?

The cells below hold one solution each.
"""

# %% tags=["solution"]
counted = [row.parameters for row in geometry.summary(three_layers(0, size=16), (1, 16, 16))]
agree(by_hand=80 + (8 * 8 * 8 * 64 + 64) + 650, geometry=sum(counted))

# %% tags=["solution"]
agree(by_hand=np.log(1 + 99 / np.e), numpy=ops.cross_entropy(np.eye(100)[:1], np.array([0])))

# %% tags=["solution"]
vote = (shares.mean(axis=0).argmax(axis=1) == test[1]).mean()
print("the vote is better than the mean of the ten:", vote > accuracies.mean())

# %% [markdown]
r"""
## Further reading

- Y. LeCun and others, *Gradient-based learning applied to document recognition*, 1998, [doi 10.1109/5.726791](https://doi.org/10.1109/5.726791): the network that read cheques.
- K. Jarrett and others, *What is the best multi-stage architecture for object recognition?*, 2009, [doi 10.1109/ICCV.2009.5459469](https://doi.org/10.1109/ICCV.2009.5459469): random kernels that work.
- M. Zeiler and R. Fergus, *Visualizing and understanding convolutional networks*, 2014, [arXiv 1311.2901](https://arxiv.org/abs/1311.2901).
- K. Simonyan, A. Vedaldi and A. Zisserman, *Deep inside convolutional networks*, 2014, [arXiv 1312.6034](https://arxiv.org/abs/1312.6034): saliency by back-propagation.
- G. Alain and Y. Bengio, *Understanding intermediate layers using linear classifier probes*, 2016, [arXiv 1610.01644](https://arxiv.org/abs/1610.01644).
- J. Adebayo and others, *Sanity checks for saliency maps*, 2018, [arXiv 1810.03292](https://arxiv.org/abs/1810.03292).

A CNN is a chain of differentiable functions. We checked it link by link before we trained it, and we compared it with simple methods before we praised it. What made it worth its price was one maximum over all places. [Chapter 14](14_dense_to_convolution.ipynb) goes on from there, and finds digits wherever they stand.

Previous: [12 Make it fast without leaving NumPy](12_fast_convolution.ipynb) · Next: [14 Turn a dense layer into a convolution](14_dense_to_convolution.ipynb)
"""
