# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Go deeper with residuals

A function that gives back its input unchanged is called the **identity**. A residual block adds what it computes to what it was given: x + F(x). **Each block hands its input on and adds to it. So a deep network begins nearer to a shallow one, and learns in fewer steps.** This chapter shows what happens without the addition, and then searches for the reason with controls.

## What you will see, do, and need

**See** that 32 plain layers learn their own training digits more slowly than 8, at every learning rate that we try. See the same layers learn quickly with shortcuts. See which explanations fail: the size of the gradients is one of them.

**Do** a residual block and its gradient by hand, in NumPy and with Paddle. Count the 11,689,512 parameters of ResNet-18. Turn a trained network of 8 layers into one of 32 that answers the same.

**Need** batch normalisation from [chapter 08](08_batch_norm.ipynb), gradients of layers from [chapter 10](10_backpropagation.ipynb), and learning rates from [chapter 11](11_dense_networks_and_optimisers.ipynb). About 50 minutes, and 30 for the sections marked *Deeper*.
"""

# %%
import math
from functools import cache

import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, geometry, models, nn, ops
from helpers.checks import resnet as check, tell
from helpers.data import load_splits
from helpers.twins import in_paddle
from sklearn.metrics import confusion_matrix
from sklearn.svm import SVC

import paddle

DATA = "digits"  # or "mnist", which is downloaded once; the bounds below hold for "digits"

# %% [markdown]
r"""
## A deeper network should never be worse

Take a trained network of 8 layers. Now put 24 more layers behind its last convolution, and let each hand on what it gets. The network has 32 layers and answers the same. So with good weights 32 layers are at least as good as 8, on the training examples. More layers may *overfit*: then training examples are learned well, and new ones badly. But they should not be worse on the *training* examples.

Kaiming He and others (2015) found that deeper networks *are* worse there. Let us look, with small networks: a convolution, then blocks of two convolutions with 8 kernels each, then the average of each map and a dense layer. *Depth* counts convolutions and dense layers. Each convolution is followed by batch normalisation and ReLU. The first one has stride 2, so digits of 8×8 pixels become maps of 4×4.

By hand: the first convolution has 8 · 9 weights, each other one 8 · 8 · 9 = 576, and each normalisation has 2 · 8 = 16 parameters. The dense layer has 8 · 10 + 10 = 90. With 8 layers, that is six more convolutions: 72 + 16 + 6 · 592 + 90 = 3,730. With 32 layers it is 30 more: 17,938.
"""

# %%
net = models.residual_net(np.random.default_rng(0), 8, channels=8, kind="plain", stride=2)
print(geometry.table(geometry.summary(net, (1, 8, 8))))
counted = {}
for depth in (8, 32):
    net = models.residual_net(np.random.default_rng(0), depth, channels=8, kind="plain", stride=2)
    counted[depth] = sum(parameter.value.size for parameter in net.parameters())
agree(by_hand=[3730, 17938], numpy=list(counted.values()))

# %% [markdown]
r"""
Each network gets 400 digits and 80 steps of Adam: five passes over 16 batches of 25. We note the share of right answers in the last pass, on the digits that it trains on. (It is counted batch by batch, before each step.) One learning rate for all would prove nothing, because a deep network may need another one. So each depth is trained at three rates, and each time from two different first weights.

MNIST's digits are drawn on 32×32 pixels, and averaged to 8×8 here. For colour images one would give `residual_net` the argument `inputs=3`, and more channels.
"""

# %%
side = {"digits": 8, "mnist": 32}[DATA]
splits = load_splits(DATA, side, train=1038)
shrink = nn.AvgPool2D(side // 8)
train = (shrink(splits.train[0]), splits.train[1])
validation = (shrink(splits.validation[0]), splits.validation[1])
x = train[0][:400].astype("float64")
labels = train[1][:400]
print("training digits:", x.shape)


# %%
def learn(net, rate, seed, epochs=5, data=(x, labels)):
    adam = nn.Adam(rate, parameters=net.parameters())
    return nn.fit(net, adam, data, epochs, batch_size=25, seed=seed).accuracy


def small(seed, depth, kind, last_scale=1.0, norm=True):
    rng = np.random.default_rng(seed)
    net = models.residual_net(rng, depth, 8, kind, norm, last_scale=last_scale, stride=2)
    return net.astype("float64")


# %%
@cache  # a function that remembers what it has returned
def two_runs(kind, depth, rate):
    return [learn(small(seed, depth, kind), rate, seed) for seed in (0, 1)]


def ends(runs):
    return [run[-1] for run in runs]


rates = (0.003, 0.01, 0.03)
for rate in rates:
    reached = np.mean(ends(two_runs("plain", 8, rate)))
    assert reached > 0.5
    print(f"8 plain layers, rate {rate}: above 0.5:", reached > 0.5)

# %% [markdown]
r"""
**Predict**: which depth ends better, and does the best rate change with depth?
"""

# %% tags=["picture-trained"]
plain = {}
for rate in rates:
    plain[f"rate {rate}"] = {}
    for depth in (8, 32):
        plain[f"rate {rate}"][str(depth)] = ends(two_runs("plain", depth, rate))
for found in plain.values():
    assert np.mean(found["32"]) < min(0.5, np.mean(found["8"]) - 0.2)
ax = figures.dot_plot(plain, xlabel="layers, plain", ylabel="training accuracy", chance=0.1)
ax.set_title("At each rate 32 layers know fewer of their digits", pad=28)
plt.show()

# %% [markdown]
r"""
The 8 layers know more than half of their digits after 80 steps. The 32 layers know less than half, and are behind by more than 0.2, **at each of the three rates**. These are training digits, so this is no overfitting. It is worse fitting.

> **Think.** Somebody says: "32 layers have five times as many parameters, so of course they overfit." Which two numbers would one have to see for that?
>
> <details><summary>Answer</summary>
>
> A high accuracy on the training digits and a low one on other digits. Here the first number is low already. A network that does not know its own training digits has not overfitted them.
>
> </details>

Is the deep network *unable* to learn? We give it one batch of 25 digits, 60 times. **Predict** how many of them it knows in the end.
"""

# %% tags=["picture-varies"]
one_batch = (x[:25], labels[:25])
by_heart = {"8 plain layers": [], "32 plain layers": []}
patients = []
for seed in range(3):
    by_heart["8 plain layers"].append(learn(small(seed, 8, "plain"), 0.01, 0, 60, one_batch))
    patients.append(small(seed, 32, "plain"))
    by_heart["32 plain layers"].append(learn(patients[-1], 0.01, 0, 60, one_batch))
ax = figures.curves(by_heart, xlabel="step", ylabel="accuracy on one batch", limits=(0, 1))
ax.set_title("One batch again and again: 32 layers learn it, but slowly")
plt.show()
early = [np.mean(np.array(runs)[:, 10:20]) for runs in by_heart.values()]
assert early[0] > early[1] and np.mean(ends(by_heart["32 plain layers"])) > 0.5
print("32 layers learn most of one batch, but later than 8 layers do")

# %% [markdown]
r"""
It learns. So the deep plain network is slow, and not unable. Every sentence about our experiment needs its budget, 80 steps. On ImageNet the distance was still there after three times as many steps (He and others, section 4.1).

## The block

A **residual block** adds its input to its result, and gives the sum to ReLU: $y = \mathrm{ReLU}(x + F(x))$. Here $F$ is the same pair of convolutions as in a plain block. The line around it is the **shortcut**. The block has to learn only the *rest*, or residual: what the sum should have more than x.
"""

# %%
rng = np.random.default_rng(0)
blocks = {"Plain": models.residual_block(rng, 8, 8, kind="plain")}
blocks["Residual: the shortcut is the identity"] = models.residual_block(rng, 8, 8)
blocks["Residual: the shortcut is a projection"] = models.residual_block(rng, 8, 16, stride=2)
figures.block_paths(blocks, (8, 4, 4))
plt.show()

# %% [markdown]
r"""
("/2" means stride 2. The third block is explained under *When the shapes differ*.)

The smallest example has one pixel, two channels, kernels of 1×1 and no normalisation. The input is (1, 2). The first kernels are (1, −1) and (2, 1): they give 1 − 2 = −1 and 2 + 2 = 4, and ReLU makes (0, 4). The second kernels are (3, 1) and (2, −1): they give F = (4, −4). The sum is (1, 2) + (4, −4) = (5, −2). We stop at the sum, as `nn.Residual` does. The block's last ReLU would make (5, 0) of it.
"""

# %%
pixel = np.array([1.0, 2]).reshape(1, 2, 1, 1)
body = nn.Sequential(nn.Conv2D(2, 2, 1, bias=False), nn.ReLU(), nn.Conv2D(2, 2, 1, bias=False))
block = nn.Residual(body).astype("float64")
body[0].weight.value = np.array([[1.0, -1], [2, 1]]).reshape(2, 2, 1, 1)
body[2].weight.value = np.array([[3.0, 1], [2, -1]]).reshape(2, 2, 1, 1)
twin = in_paddle(block)
tensor = paddle.to_tensor(pixel, stop_gradient=False)
answer = twin(tensor)
agree(by_hand=[5, -2], numpy=block(pixel).ravel(), paddle=answer.flatten())

# %% [markdown]
r"""
> **Activity: undo the shortcut.** Ten minutes. A shortcut hands the input on. Can the block take it back? The first kernels stay (1, −1) and (2, 1). Choose the second kernels so that the sum x + F(x) is (0, 0), for the input (1, 2) *and* for the input (2, 1). Write them in place of the dots, one kernel a row.
"""

# %%
my_kernels = ...
tell(check.cancel, my_kernels)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> The hidden numbers are (0, 4) for the first input and (1, 5) for the second. F must be (−1, −2) and (−2, −1). The first input decides the second column: −1/4 and −2/4. The second input then gives the first column: −2 + 5/4 = −0.75 and −1 + 5/2 = 1.5. So the kernels are (−0.75, −0.25) and (1.5, −0.5). A shortcut cannot be switched off by its own weights, since it has none. But the body can learn to undo it.
>
> </details>

How much does each output change when an input grows by a little? F alone first. The hidden −1 is cut off by ReLU, so only the second hidden number counts. It grows by 2 for each unit of the first input, and by 1 for the second. F's outputs are 1 and −1 times this number.

We write the four numbers as a table, a *matrix*: one row for each output, one column for each input. It is called $\partial F$, and has the rows (2, 1) and (−2, −1). The matrix of the identity has ones on the diagonal and zeros elsewhere. It is called $I$. The sum x + F(x) also has x itself: **$I$ is added to the gradient**.

$$I + \partial F = \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix} + \begin{pmatrix} 2 & 1 \\ -2 & -1 \end{pmatrix} = \begin{pmatrix} 3 & 1 \\ -2 & 0 \end{pmatrix}$$
"""

# %%
rows = {"ours": [], "body": [], "theirs": []}
for channel in range(2):
    one = np.eye(2)[channel].reshape(1, 2, 1, 1)
    rows["ours"].append(block.backward(one).ravel())
    rows["body"].append(body.backward(one).ravel())
    gradient = paddle.grad(answer[0, channel, 0, 0], tensor, retain_graph=True)[0]
    rows["theirs"].append(gradient.numpy().ravel())
agree(by_hand=[[2, 1], [-2, -1]], body_in_numpy=rows["body"])
agree(by_hand=[[3, 1], [-2, 0]], numpy=rows["ours"], paddle=rows["theirs"])

# %% [markdown]
r"""
For blocks one after the other these matrices are multiplied, row by column, the last block on the left. For two blocks this is $(I + \partial F_2)(I + \partial F_1) = I + \partial F_1 + \partial F_2 + \partial F_2 \, \partial F_1$. One term of this sum is $I$ itself: the same for every digit and for all weights. In a plain chain only the last term exists, the product of all. (Other terms can cancel $I$: with F(x) = −x the sum is 0. And the ReLUs behind the sums set some numbers to 0.)

> **Think.** What does the block give, and what is its gradient, when all weights of F are 0?
>
> <details><summary>Answer</summary>
>
> F is 0, so x + F(x) = x, and the gradient is I. A plain block with zero weights gives 0 for every input, and its gradient is 0. One of them hands everything on, the other one nothing.
>
> </details>

## The same layers with shortcuts

A shortcut that is the identity has no parameters. So a plain and a residual network of one depth have equally many, and our function draws the same first weights for both. Steps and batches are the same, too. The plain networks had three rates to choose from, and 0.01 was their best for 32 layers in the mean of ten networks. The residual ones get this rate alone, so they have no advantage. **Predict** the picture.
"""

# %% tags=["picture-trained"]
beside = {"plain": {}, "residual": {}}
for kind, found in beside.items():
    for depth in (8, 20, 32):
        found[str(depth)] = ends(two_runs(kind, depth, 0.01))
ax = figures.dot_plot(beside, xlabel="layers", ylabel="training accuracy", chance=0.1)
ax.set_title("With shortcuts, 32 layers stay much nearer to 8", pad=28)
plt.show()
behind = {kind: np.mean(found["8"]) - np.mean(found["32"]) for kind, found in beside.items()}
assert behind["residual"] < behind["plain"] - 0.2

# %%
both = zip(small(0, 32, "plain").parameters(), small(0, 32, "residual").parameters(), strict=True)
same = [np.array_equal(ours.value, other.value) for ours, other in both]
print(len(same), "parameters, all the same at the start:", all(same))

# %% [markdown]
r"""
Without shortcuts, 32 layers stay far behind 8. With shortcuts the distance is smaller by more than 0.2. Each dot is a network with its own first weights.

## Which of the three is it?

A shortcut changes several things at once. So there are three suspects: the **normalisation**, the **size of the first weights**, and the **identity**, that is, what a block does at the start.

Normalisation alone cannot be the difference: all networks so far have it. The size of the weights cannot be it, either: behind each convolution the normalisation divides it out ([chapter 08](08_batch_norm.ipynb)). We make all kernels twice as large, and the scores stay, but for the ε in the normalisation. (The size still acts on the learning rate, which is one more reason to try three of them.)
"""

# %%
net = small(0, 32, "plain")
before = net(x[:50])
for parameter in net.parameters():
    if parameter.value.ndim == 4:
        parameter.value = 2 * parameter.value
agree(0.01, as_drawn=before, kernels_doubled=net(x[:50]))

# %% [markdown]
r"""
The identity remains. But is a residual block near the identity at all? The length of F(x), divided by the length of x, tells. For the identity it is 0. **Predict** it for the first of 15 blocks, and for the last.
"""

# %% tags=["picture-trained"]
shares = []
for seed in range(3):
    net = small(seed, 32, "residual")
    images = x[:100]
    share = []
    for layer in net[:18]:
        if isinstance(layer, nn.Sequential):
            share.append(np.linalg.norm(layer[0].body(images)) / np.linalg.norm(images))
        images = layer(images)
    shares.append(share)
assert np.min(shares, axis=0)[0] > 1 and np.max(shares, axis=0)[-1] < 0.5
ax = figures.curves({"residual": shares}, ylabel="length of F(x) / length of x", limits=(0, 2))
ax.set_xlabel("block")
ax.set_title("The later a block, the nearer it starts to the identity")
plt.show()

# %% [markdown]
r"""
> **Correction.** "A residual block starts near the identity." The first one does not: F(x) is longer than x. But each block adds to the sum, so x grows, while the normalisation keeps F(x) at one size. So the later blocks change less and less. Normalisation has its part in this (De and Smith, 2020).

To test the identity alone, we take a **plain** network, without any shortcut, and change its first weights. Each kernel gets a 1 in its centre, from each channel to itself, and a tenth of its random weights. So each convolution nearly hands its input on. A control goes with it: the 1 stands between *different* channels, from each to the third after it. Such a block is not near the identity, but no map gets lost. Number of parameters, steps and batches are the same.

**Predict**: are they as good as residual networks, as bad as plain ones, or between? A fifth series goes the other way: residual blocks with γ = 0 in their second normalisation, so that F(x) = 0. Each series has the rate that was its best of three in other networks (not shown).
"""


# %%
def hand_on(net, step=0):
    for parameter in net.parameters():
        kernel = parameter.value
        if kernel.ndim == 4 and kernel.shape[0] == kernel.shape[1]:
            kernel *= 0.1
            for channel in range(len(kernel)):
                kernel[(channel + step) % len(kernel), channel, 1, 1] += 1
    return net


# %%
starts = {"plain": two_runs("plain", 32, 0.01), "near the identity": [], "to other channels": []}
for seed in (0, 1):
    for name, step in (("near the identity", 0), ("to other channels", 3)):
        net = hand_on(small(seed, 32, "plain"), step)
        starts[name].append(learn(net, 0.003, seed))
means = {name: np.mean(ends(runs)) for name, runs in starts.items()}
assert means["near the identity"] > means["plain"]
assert means["to other channels"] > means["plain"]
print("plain networks: both that hand on are ahead of the random start")

# %% tags=["picture-trained"]
starts["residual"] = two_runs("residual", 32, 0.01)
starts["residual, γ = 0"] = []
for seed in (0, 1):
    zeroed = small(seed, 32, "residual", last_scale=0)
    starts["residual, γ = 0"].append(learn(zeroed, 0.01, seed))
means = {name: np.mean(ends(runs)) for name, runs in starts.items()}
assert means["residual"] > means["plain"] + 0.3 and means["residual, γ = 0"] > 0.8
ax = figures.curves(starts, ylabel="training accuracy", limits=(0, 1))
ax.set_title("32 layers: what hands on at the start learns sooner")
plt.show()

# %% [markdown]
r"""
> **Correction.** "Without shortcuts a deep network cannot be trained." Two of the curves without a shortcut start with weights that hand on. This brings them a part of the way from the plain to the residual network. (In the mean of twenty other networks it was about half.) And the identity is nothing special: each map may as well go to another channel. But the start is not all. A shortcut also stays while the weights move. (Each curve is the mean of two networks, and the bands show both.)

> **Think.** With γ = 0 the kernels of F have no gradient. How can such a block learn?
>
> <details><summary>Answer</summary>
>
> In the first step only the last γ and β of the block move. Then this γ is no longer 0, and the kernels follow.
>
> </details>

## The gradients: size or direction?

The usual explanation is that gradients *vanish* on their way through many plain layers. Let us measure them, before any training, at all 15 blocks of 32 layers. There are two quantities: the gradient of the numbers that go into a block, and the gradient of the block's first weights. **Predict**: are they smaller at the first block or at the last?
"""


# %%
def gradients(net, rows):
    scores = net(x[rows])
    for parameter in net.parameters():
        parameter.grad = None
    grad = ops.cross_entropy_backward(scores, labels[rows])
    at_inputs = []
    for layer in reversed(list(net)):
        grad = layer.backward(grad)
        at_inputs.append(np.linalg.norm(grad))
    kernels = [p.grad for p in net.parameters() if p.value.ndim == 4]
    return at_inputs[::-1][3:18], kernels


# %%
first = slice(0, 100)
second = slice(100, 200)
# "into": of what goes into a block; "weights": of its first convolution
sizes = {"plain": {"into": [], "weights": []}, "residual": {"into": [], "weights": []}}
for kind, found in sizes.items():
    for seed in range(3):
        into, kernels = gradients(small(seed, 32, kind), first)
        found["into"].append(into)
        found["weights"].append([np.linalg.norm(kernel) for kernel in kernels[1::2]])
print("networks of each kind:", len(found["into"]), "  blocks:", len(into))

# %% tags=["picture-trained"]
growth = [into[0] / into[-1] for into in sizes["plain"]["into"]]
assert min(growth) > 10
grid = figures.panels(1, 2, 3.2)
for ax, what in zip(grid[0], ("into", "weights"), strict=True):
    runs = {kind: found[what] for kind, found in sizes.items()}
    figures.curves(runs, xlabel="block (1: nearest the image)", log=True, decimals=2, ax=ax)
grid[0, 0].set_ylabel("length of the gradient")
grid[0, 0].set_title("Gradient of a block's input")
grid[0, 1].set_title("Gradient of its first weights")
plt.show()

# %% [markdown]
r"""
> **Correction.** "In deep plain networks the gradients vanish." Read the pictures from right to left, as the gradients go. With batch normalisation the plain ones *grow*: at the first block they are more than ten times as large as at the last. The residual ones grow too, but less. Neither vanishes. He and others say so too: their plain networks had healthy gradients. And Adam divides each gradient by its usual size, so that a common factor changes nothing.

The size explains little. The **direction** of the gradients tells more: see *Deeper: do two batches agree?*

## When is a block the identity?

ReLU comes *after* the addition. So a block with F = 0 gives ReLU(x), and that is x only where x ≥ 0. By hand: (1, −2) becomes (1, 0). Inside a network this is no loss, because what a block gets was made by a ReLU, and is never below 0. (The cell uses `eval()`, because Paddle does not normalise a single pixel in training: [chapter 08](08_batch_norm.ipynb).)
"""

# %%
empty = models.residual_block(np.random.default_rng(0), 2, 2, last_scale=0).eval()
theirs = in_paddle(empty)
theirs.eval()
signed = np.array([1.0, -2], np.float32).reshape(1, 2, 1, 1)
once = empty(signed)
by_paddle = theirs(paddle.to_tensor(signed))
agree(by_hand=[1, 0], numpy=once.ravel(), paddle=by_paddle.flatten())
agree(once=once.ravel(), twice=empty(once).ravel())

# %% [markdown]
r"""
## The small network inside the large one

Now the thought from the beginning becomes a program. We train 8 residual layers. Then we make 32, whose blocks all start with γ = 0, and copy the 8 layers into them: the first convolution, three blocks, and the dense layer. Twelve blocks remain that add 0. **Predict** how much the answers differ.
"""


# %%
def grow(shallow, deep):
    places = deep.state()
    for name, values in shallow.state().items():
        index, rest = name.split(".", 1)
        if int(index) == len(shallow) - 1:
            index = len(deep) - 1
        places[f"{index}.{rest}"][...] = values
    return deep.eval()


shallow = small(0, 8, "residual")
reached_8 = learn(shallow, 0.01, 0)[-1]
deep = grow(shallow, small(1, 32, "residual", last_scale=0))
agree(layers_8=nn.predict(shallow, x), layers_32=nn.predict(deep, x))

# %% [markdown]
r"""
The 32 layers give the answers of the 8. Are they stuck there, or do they go on learning? The control is the network of 8 layers with the same 80 steps more. **Predict** which of them ends better.
"""

# %%
on = {"8 layers": learn(shallow, 0.003, 1)[-1], "32 layers": learn(deep, 0.003, 1)[-1]}
for name, accuracy in on.items():
    assert accuracy > reached_8
    print(name, "know more digits than before:", accuracy > reached_8)
assert abs(on["8 layers"] - on["32 layers"]) < 0.03
print("the difference is below 0.03")

# %% [markdown]
r"""
The 32 layers are not stuck. They end within 0.03 of the 8 layers, which are enough for these digits. So the residual networks of 32 layers *contain* those of 8, and we can point to the place. (Sets of functions, each of which contains the one before, are called *nested function classes*.)

And plain networks? They contain the shallower ones as well. A kernel with a single 1 in its centre hands its map on, and ReLU changes nothing that is not below 0. (Shown without normalisation. With it, a trained network needs γ and β that undo what the running averages do.)
"""

# %%
maps = np.abs(np.random.default_rng(0).normal(size=(2, 8, 4, 4))).astype(np.float32)
copying = models.residual_block(np.random.default_rng(0), 8, 8, kind="plain", norm=False)
for convolution in (copying[0][0], copying[0][2]):
    convolution.weight.value[...] = 0
    for channel in range(8):
        convolution.weight.value[channel, channel, 1, 1] = 1
agree(given=maps, plain_block=copying(maps))

# %% [markdown]
r"""
> **Correction.** "A plain network cannot represent the identity, a residual one can." Both can. They differ in where it lies: for a residual block at F = 0, which its start can be. For a plain block it is a special pattern of 8 · 8 · 9 weights, and random first weights are far from it.

> **Think.** Why not start a *plain* network with γ = 0 in each block, if that works so well with shortcuts?
>
> <details><summary>Answer</summary>
>
> Then each block gives 0 for every digit. All digits get the same scores, and nothing of the input reaches the last layer. On the way back, the ReLU at 0 stops the gradient. Only the ten biases of the dense layer learn. With a shortcut the input and the gradient pass beside the zero.
>
> </details>

## When the shapes differ

A sum needs two equal shapes. Where a block changes the number of channels **or** has a stride, x and F(x) do not fit. Then the shortcut is a **projection**, a convolution of 1×1 with the same stride and, in the original, batch normalisation behind it. It has parameters: for 8 → 16 channels 8 · 16 = 128 weights and 2 · 16 = 32 for the normalisation.
"""

# %%
for inputs, outputs, stride in ((8, 8, 1), (8, 16, 1), (8, 8, 2), (8, 16, 2)):
    changed = models.residual_block(np.random.default_rng(0), inputs, outputs, stride)
    sizes = [parameter.value.size for parameter in changed[0].shortcut.parameters()]
    print(
        f"{inputs:2} → {outputs:2} channels, stride {stride}: shortcut has {sum(sizes)} parameters"
    )
wrong = nn.Residual(nn.Conv2D(8, 8, 3, stride=2, padding=1))
try:
    wrong(maps)
except ValueError as error:
    print(error)

# %% [markdown]
r"""
## ResNet-18

Now the network that made the idea known, for colour images of 224×224 pixels. A 7×7 convolution with stride 2 and a 3×3 maximum with stride 2 bring 224 down to 56. Four stages follow, of two blocks each, with 64, 128, 256 and 512 channels. The first block of stages 2, 3 and 4 has stride 2 and a projection. Then comes the average of each map, and a dense layer for 1,000 classes.

The name counts convolutions and dense layers on the longest path: 1 at the beginning, 4 · 4 in the blocks and 1 dense layer make 18. (With the three projections there are 21.) Parameters by hand, weights of the kernels first, then two for each normalised channel. In stage 2 the first convolution reads 64 channels, the other three read 128, and the last product is the projection. Five layers are normalised: four convolutions and the projection. Stages 3 and 4 go the same way:

| part | kernels | normalisation | sum |
|---|---|---|---|
| 7×7 | 3 · 64 · 49 = 9,408 | 128 | 9,536 |
| stage 1 | 4 · 64 · 64 · 9 = 147,456 | 4 · 128 | 147,968 |
| stage 2 | (64 + 3 · 128) · 128 · 9 + 64 · 128 = 524,288 | 5 · 256 | 525,568 |
| stage 3 | (128 + 3 · 256) · 256 · 9 + 128 · 256 = 2,097,152 | 5 · 512 | 2,099,712 |
| stage 4 | (256 + 3 · 512) · 512 · 9 + 256 · 512 = 8,388,608 | 5 · 1,024 | 8,393,728 |
| dense | 512 · 1,000 + 1,000 | | 513,000 |
| all | | | 11,689,512 |

**Predict**: which stage has the most multiplications? Stage 4 has 57 times the parameters of stage 1, and its maps have 7×7 places instead of 56×56.
"""

# %%
resnet = models.resnet18(np.random.default_rng(0))
names = ["7×7", "norm", "ReLU", "max", "stage 1", "stage 2", "stage 3", "stage 4", "average"]
parameters = []
shape = (3, 224, 224)
for name, layer in zip([*names, "flatten", "dense"], resnet, strict=True):
    rows = geometry.summary(layer, shape)
    shape = rows[-1].output_shape
    parameters.append(sum(row.parameters for row in rows))
    products = sum(row.multiply_adds for row in rows)
    print(f"{name:8} {shape!s:15} {parameters[-1]:10,} parameters {products:13,} multiply-adds")

# %%
theirs = paddle.vision.models.resnet18()
trained = [array for array in theirs.parameters() if not array.stop_gradient]
by_hand = [147_968, 525_568, 2_099_712, 8_393_728]
agree(by_hand=by_hand, numpy=parameters[4:8])
in_paddle_18 = sum(int(array.size) for array in trained)
agree(by_hand=9_536 + sum(by_hand) + 513_000, numpy=sum(parameters), paddle=in_paddle_18)
rows = geometry.summary(resnet, (3, 224, 224))
weighted = [row.name for row in rows if row.name in ("conv", "linear")]
agree(by_hand=18 + 3, geometry=len(weighted))

# %% [markdown]
r"""
The four stages have nearly equally many multiplications. Halving height and width leaves a quarter of the places, and doubling the channels makes four times the weights. By hand for stage 1: 4 · 64 · 64 · 9 weights at 56 · 56 places are 462,422,016. It has a little more, because the first convolution of each other stage reads half as many channels.

## Deeper: do two batches agree?

Size is one property of a gradient, direction is the other. A step helps if what it does for one batch is good for other batches, too. So we take the gradients of two batches with different digits, and compare their directions by the cosine. It is 1 for the same direction and 0 for directions that have nothing to do with one another. **Predict** it for 8 and for 32 plain layers.
"""


# %%
def agreement(net):
    _, one = gradients(net, first)
    _, other = gradients(net, second)
    cosines = []
    for a, b in zip(one, other, strict=True):
        cosines.append(np.sum(a * b) / (np.linalg.norm(a) * np.linalg.norm(b)))
    return np.mean(cosines)


# %% tags=["picture-trained"]
cosines = {"plain": {}, "residual": {}}
for depth in (8, 20, 32):
    for kind, found in cosines.items():
        found[str(depth)] = [agreement(small(seed, depth, kind)) for seed in range(5)]
near = [agreement(hand_on(small(seed, 32, "plain"))) for seed in range(5)]
cosines["plain, near the identity"] = {"32": near}
assert np.mean(cosines["plain"]["32"]) < 0.2 and np.mean(cosines["residual"]["32"]) > 0.35
ax = figures.dot_plot(cosines, "layers", "cosine of the gradients", limits=(-0.2, 1))
ax.set_title("Do two batches ask for the same step? Deep plain: hardly", pad=28)
plt.show()

# %% [markdown]
r"""
With 8 plain layers two batches agree in part, with a cosine near 0.5. With 32 they have hardly anything to do with one another: what helps one batch is nearly a random step for the next. With shortcuts the batches agree better, at every depth. The plain network near the identity is between, as its curve was.

This fits the formula above. The part $I$ is the same for every digit. The products of many $\partial F$ differ from digit to digit, because each digit switches other ReLUs on. Balduzzi and others (2017) found gradients like noise in deep plain networks, and called them *shattered*.

Is it the whole reason? A control stands above: with one batch, there is no other batch that could disagree. The 32 layers learned it, but still later than 8 layers did. So disagreement cannot be all of the reason.

## Deeper: equal to Paddle's ResNet-18

Equal counts do not prove that two networks are equal. We give Paddle's own ResNet-18 our first weights and show both the same random image, of 64×64 pixels to save time.
"""

# %%
for array, parameter in zip(trained, resnet.parameters(), strict=True):
    array.set_value(parameter.value)
image = np.random.default_rng(0).uniform(size=(1, 3, 64, 64)).astype(np.float32)
theirs.eval()
resnet.eval()
agree(numpy=resnet(image), paddle=theirs(paddle.to_tensor(image)))

# %% [markdown]
r"""
## Deeper: a small ResNet reads digits

The same pattern, made small. A convolution makes 16 channels, and a block keeps them. A second block halves the size and doubles the channels, and a third one follows. Then come the average and a dense layer. By hand, its projection has 16 · 32 + 64 = 576 parameters, and the whole network 38,266 (the table adds them up). It learns from all 1,038 training digits (259 more are for validation), in three networks with their own first weights. The rate was chosen on the validation digits.
"""


# %%
def small_resnet(seed):
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Conv2D(1, 16, 3, padding=1, bias=False, rng=rng),
        nn.BatchNorm2D(16),
        nn.ReLU(),
        models.residual_block(rng, 16, 16),
        models.residual_block(rng, 16, 32, stride=2),
        models.residual_block(rng, 32, 32),
        nn.GlobalAvgPool2D(),
        nn.Flatten(),
        nn.Linear(32, 10, rng=rng),
    )


# %%
rows = geometry.summary(small_resnet(0), (1, 8, 8))
print(geometry.table(rows))
theirs = sum(int(p.size) for p in in_paddle(small_resnet(0)).parameters() if not p.stop_gradient)
agree(by_hand=38266, geometry=sum(row.parameters for row in rows), paddle=theirs)

# %% tags=["picture-trained"]
nets = []
curves = {"training": [], "validation": []}
for seed in range(3):
    net = small_resnet(seed)
    adam = nn.Adam(0.003, parameters=net.parameters())
    history = nn.fit(net, adam, train, 4, validation, seed=seed)
    nets.append(net)
    curves["training"].append(history.accuracy)
    curves["validation"].append(history.test_accuracy)
ax = figures.curves(curves, ylabel="accuracy", limits=(0, 1))
ax.set_title("A small ResNet reads new digits nearly as well as its own")
plt.show()

# %% [markdown]
r"""
Now the test digits, once. **Predict** whether the network is better than the support vector machine of [chapter 13](13_three_layer_network.ipynb), which learns from the same digits.
"""

# %%
test = (shrink(splits.test[0]), splits.test[1])
guesses = [nn.predict(net, test[0]).argmax(axis=1) for net in nets]
scores = [(guess == test[1]).mean() for guess in guesses]
machine = SVC(gamma="scale").fit(train[0].reshape(len(train[0]), -1), train[1])
scores.append(machine.score(test[0].reshape(len(test[0]), -1), test[1]))
assert min(scores) > 0.93
print("three networks and the support vector machine: each above 0.93")
assert np.mean(scores[:3]) < scores[3] + 0.01
print("the networks are not ahead by 0.01 or more, in their mean")

# %% [markdown]
r"""
Each reads more than 0.93 of them, and depth brings no clear advantage. These digits are too easy to need depth ([chapter 13](13_three_layer_network.ipynb)). We use them because they are learned in seconds. Depth pays on large photographs with many classes (He and others, table 2). Which digits are taken for which? And to which ten test digits does the first network give the smallest share of the right class? (9 → 5 means a 9, taken for a 5.)
"""

# %% tags=["picture-varies"]
figures.confusion(confusion_matrix(test[1], guesses[0]), splits.classes)
plt.show()

# %% tags=["picture-varies"]
shares = nn.predict(nets[0], test[0])[np.arange(len(test[1])), test[1]]
hardest = np.argsort(shares)[:10]
figures.samples(test[0][hardest], test[1][hardest], splits.classes, guesses[0][hardest])
plt.show()

# %% [markdown]
r"""
## Deeper: normalise first

He and others (2016) moved the layers: normalisation and ReLU stand *before* each convolution, and nothing stands behind the sum. This is a **pre-activation** block. Then the shortcuts of a whole network form one line without a ReLU, and an empty block is the identity for negative numbers, too. (Whether it also learns better is not tested here.)
"""

# %%
body = nn.Sequential(
    nn.BatchNorm2D(2),
    nn.ReLU(),
    nn.Conv2D(2, 2, 3, padding=1, bias=False),
    nn.BatchNorm2D(2),
    nn.ReLU(),
    nn.Conv2D(2, 2, 3, padding=1, bias=False, init=0.0),
)
first_norm = nn.Residual(body)
figures.block_paths({"Pre-activation": first_norm}, (2, 4, 4))
plt.show()
agree(given=signed.ravel(), empty_block=first_norm(signed).ravel())

# %% [markdown]
r"""
## Deeper: without normalisation

Without batch normalisation the size of the first weights matters. He's rule counts nine inputs for a 3×3 kernel. But our maps have 4×4 pixels with zeros around them. In one direction the kernel sees 2, 3, 3 and 2 pixels, on average 2.5 of 3. So it sees 2.5² = 6.25 of nine inputs, and the mean square shrinks to 0.69 in each layer. After 28 layers about 0.00004 of it is left. Its root, the length, is then 0.006 of what it was. The same happens to gradients on their way back. Here they do vanish. Kernels larger by 1/√0.69 ≈ 1.2 should repair it. **Predict** how much of a gradient is left 14 blocks further down, with and without this factor.
"""

# %%
lasting = {"He's rule": [], "kernels × 1.2": []}
for seed in range(5):
    for name, factor in (("He's rule", 1), ("kernels × 1.2", 1.2)):
        rng = np.random.default_rng(seed)
        net = models.residual_net(rng, 32, 8, "plain", norm=False, stride=2).astype("float64")
        for parameter in net.parameters():
            if parameter.value.ndim == 4:
                parameter.value = factor * parameter.value
        into, _ = gradients(net, first)
        lasting[name].append(np.log10(into[0] / into[-1]))
means = {name: np.mean(powers) for name, powers in lasting.items()}
assert means["He's rule"] < -1 and means["kernels × 1.2"] > np.log10(1 / 3)
print("gradient 14 blocks further down: He's rule below 1/10, kernels × 1.2 above 1/3")

# %% [markdown]
r"""
So the *size* of the gradients can be repaired without shortcuts. **Predict** whether the plain network learns then. Beside it stands a residual network whose blocks start with F = 0. Neither has any normalisation. Both get ten passes, each at the better of two rates.
"""

# %% tags=["picture-trained"]
bare = {"plain, kernels × 1.2": [], "residual, F = 0": []}
net = small(0, 32, "plain", norm=False)
for parameter in net.parameters():
    if parameter.value.ndim == 4:
        parameter.value = 1.2 * parameter.value
bare["plain, kernels × 1.2"].append(learn(net, 0.001, 0, 10))
bare["residual, F = 0"].append(learn(small(0, 32, "residual", 0, norm=False), 0.003, 0, 10))
assert bare["residual, F = 0"][0][-1] > bare["plain, kernels × 1.2"][0][-1]
ax = figures.curves(bare, ylabel="training accuracy", limits=(0, 1))
ax.set_title("32 layers without normalisation: blocks from F = 0 learn sooner")
plt.show()

# %% [markdown]
r"""
It stays behind. Gradients of the right size are not enough to keep up, with normalisation or without. Fixup (Zhang and others, 2019) trains deep residual networks without any normalisation: its blocks start with zeros, as ours here.

## Deeper: take a block out

Written out, two residual blocks without their ReLUs give $x + F_1(x) + F_2(x + F_1(x))$. A number can go through both blocks, through one of them, or past both: 4 paths. With 15 blocks there are $2^{15}$ = 32,768 paths, and nearly nine in ten of them pass 5 to 10 blocks.
"""

# %%
ax = figures.path_lengths(15)
ax.set_title("15 blocks: 32,768 paths, few of them long")
plt.show()
middle = [math.comb(15, blocks) for blocks in range(5, 11)]
print(f"of {2**15:,} paths {sum(middle):,} pass 5 to 10 blocks: {sum(middle) / 2**15:.0%}")

# %% [markdown]
r"""
Veit and others (2016) asked what happens if one block of a trained network is taken out. In a residual network half of the paths are left, in a plain one none. They explained by this that only the plain one is destroyed.

A control can tell. The plain network *near the identity* has one path as well. So it should be destroyed too. Three networks learn the one batch from above; then each block is taken out alone. **Predict** the three lines.
"""


# %%
def without_each(net):
    accuracy = []
    for gone in range(3, 18):
        images = x[:25]
        for place, layer in enumerate(net):
            if place != gone:
                images = layer(images)
        accuracy.append((images.argmax(axis=1) == labels[:25]).mean())
    return accuracy


# %% tags=["picture-varies"]
near = hand_on(small(0, 32, "plain"))
learn(near, 0.01, 0, 60, one_batch)
added = small(0, 32, "residual")
learn(added, 0.01, 0, 60, one_batch)
left = {"plain": patients[0], "plain, near the identity": near, "residual": added}
left = {name: [without_each(net)] for name, net in left.items()}
ax = figures.curves(left, xlabel="block taken out", ylabel="accuracy", limits=(0, 1.05))
ax.set_title("Small changes can be left out, with or without shortcuts")
plt.show()
rest = np.mean(left["plain"]) + 0.2
assert np.mean(left["plain, near the identity"]) > rest < np.mean(left["residual"])

# %% [markdown]
r"""
> **Correction.** "A residual network survives because half of its paths are left." The plain network near the identity has only one path and survives as well. (The picture does not show the networks with all blocks. There the two that hand on know most of the 25 digits. How many the plain one knows depends on its first weights: from 0.3 to nearly all of them in our trainings.) How much a block *changes* explains more. The first blocks of the residual network change most, as we measured above, and they cannot be spared.

One often reads that a residual network is an *ensemble*, a group of networks whose answers are averaged. One has to say it carefully: its blocks were trained together, and not as separate networks.

## What you have seen, done, and can now use

- **Deep plain networks fit worse in the same number of steps**, on their own training digits, at the best of three rates. They are slow rather than unable.
- **A residual block** gives ReLU(x + F(x)). Its gradient is $I + \partial F$ before the ReLU. The shortcut is the identity, or a projection where channels or stride change.
- **The reason** is neither overfitting nor the size of the weights or of the gradients. A start that hands every map on makes batches agree better, and goes a part of the way, without any shortcut. A shortcut does more.
- **A network of residual blocks contains the shallower one** where F = 0: set the last scales to 0, and it answers the same.
- **ResNet-18** has 11,689,512 parameters, 18 counted layers, and four stages of nearly equal work.

Keep one sentence: with x + F(x) a deep network begins nearer to a shallow one, and that is a part of why it learns in fewer steps.

## Exercises

The [exercises of this chapter](exercises/17_resnet.ipynb) check themselves. Compute one more gradient by hand, write a block's way back, and build a plain block that hands on every map. Count the deeper members of the family. At last, measure whether half of the shortcuts bring half of the agreement.

## Further reading

- K. He and others, *Deep residual learning for image recognition*, 2015, [arXiv 1512.03385](https://arxiv.org/abs/1512.03385).
- K. He and others, *Identity mappings in deep residual networks*, 2016, [arXiv 1603.05027](https://arxiv.org/abs/1603.05027): pre-activation.
- R. Srivastava and others, *Highway networks*, 2015, [arXiv 1505.00387](https://arxiv.org/abs/1505.00387): shortcuts with gates, some months earlier.
- A. Veit and others, *Residual networks behave like ensembles of relatively shallow networks*, 2016, [arXiv 1605.06431](https://arxiv.org/abs/1605.06431).
- S. De and S. Smith, *Batch normalization biases residual blocks towards the identity function in deep networks*, 2020, [arXiv 2002.10444](https://arxiv.org/abs/2002.10444).
- P. Goyal and others, *Accurate, large minibatch SGD*, 2017, [arXiv 1706.02677](https://arxiv.org/abs/1706.02677): γ = 0 at the start.
- D. Balduzzi and others, *The shattered gradients problem*, 2017, [arXiv 1702.08591](https://arxiv.org/abs/1702.08591).
- S. Zagoruyko and N. Komodakis, *DiracNets: training very deep neural networks without skip-connections*, 2017, [arXiv 1706.00388](https://arxiv.org/abs/1706.00388): kernels near the identity.
- H. Zhang and others, *Fixup initialization: residual learning without normalization*, 2019, [arXiv 1901.09321](https://arxiv.org/abs/1901.09321).

Each residual block hands its input on and adds to it. So a deep network begins nearer to a shallow one, and learns in fewer steps. [Chapter 18](18_densenet.ipynb) puts channels side by side instead of adding them.

Previous: [16 Classify colour images](16_cifar.ipynb) · Next: [18 Reuse features by concatenation](18_densenet.ipynb)
"""
