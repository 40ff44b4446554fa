# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Read handwriting with LeNet-5

LeNet-5 is the pattern that most networks of this course follow: convolution and pooling in turn, then dense layers. **Every choice in it can be changed. But a comparison of two choices counts only when each of them has its own best learning rate and first weights.** Otherwise you compare settings, and you read the result as a law about networks.

With this chapter Part III begins, and three things change. The networks are real ones, from publications, with their names and sizes. All choices are made on *validation* digits. The networks do not learn from them while there is something to choose. And the *test* digits are opened for a score once, in one cell.

## What you will see, do, and need

**See** LeNet-5 as a picture and as a table, and what differs in the network of 1998. See its curves, its mistakes, and what it answers between two digits.

**Do** count 61,706 parameters by hand. Build the network twice, and get the same losses from both. Predict which digits it confuses. Test three common beliefs: ReLU beats tanh, the maximum beats the average, and a sigmoid network needs batch normalisation.

**Need** convolution and pooling from [chapters 04](04_channels_and_batches.ipynb) and [06](06_pooling.ipynb), batch normalisation from [chapter 08](08_batch_norm.ipynb), the checks of [chapter 13](13_three_layer_network.ipynb). About 50 minutes, and 35 for the sections marked *Deeper*.
"""

# %%
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, geometry, models, nn, ops
from helpers.checks import lenet as check, tell
from helpers.data import load_splits, shift
from helpers.sliding import as_convolutions, windows
from helpers.training import fit as fit_paddle
from helpers.twins import in_paddle
from sklearn.metrics import confusion_matrix
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

import paddle

# %%
paddle.set_default_dtype("float64")
DATA = "digits"  # or "mnist": downloaded once, and an hour instead of a minute


def claim(words, truth):
    """Print a claim. On the digits, where it was measured, it must be true."""
    assert truth or DATA != "digits", words
    print(f"{words}: {bool(truth)}")


# %% [markdown]
r"""
(The text and its numbers are about the digits. With `"mnist"` everything runs, and `claim` only prints what holds there, too.)

## The network

LeNet-5 reads one grey picture of 32×32 pixels. Its layers have names: C for a convolution, S for *sub-sampling*, an older word for pooling, and F for fully connected, that is dense. C1 is a convolution with six 5×5 kernels, and no padding: 32 − 5 + 1 = 28. S2 averages squares of 2×2, and 28 becomes 14. C3 has sixteen kernels, 14 − 5 + 1 = 10, and S4 halves again: 5. C5 has 120 kernels of 5×5, and they fit on a map of 5×5 at one place only. F6 is a dense layer with 84 units, and the last layer gives ten scores. A tanh follows C1, C3, C5 and F6.

`models.lenet5` builds it from layers of `helpers.nn`. **Predict** before you read the table: which layer has most of the parameters, and which one most of the multiplications? In the picture, height and width of a block are its pixels. Its length is its number of channels.
"""

# %%
model = models.lenet5(np.random.default_rng(0))
rows = geometry.summary(model, (1, 32, 32))
letters = {0: "C1", 2: "S2", 3: "C3", 5: "S4", 6: "C5", 9: "F6", 11: "output"}
for place, name in letters.items():
    rows[place] = replace(rows[place], name=f"{name} {rows[place].name}")
ax = figures.volumes(rows, (1, 32, 32))
ax.set_title("The maps become smaller, and there are more of them")
plt.show()

# %%
print(geometry.table(rows))

# %% [markdown]
r"""
(The last column is the memory of the output, which [chapter 19](19_cost_and_memory.ipynb) needs.) Now by hand. A kernel has one weight for each number that it sees, and one bias.

| layer | one kernel or unit | how many | parameters |
|---|---|---|---|
| C1 | 1·5·5 + 1 = 26 | 6 | 156 |
| C3 | 6·5·5 + 1 = 151 | 16 | 2,416 |
| C5 | 16·5·5 + 1 = 401 | 120 | 48,120 |
| F6 | 120 + 1 = 121 | 84 | 10,164 |
| output | 84 + 1 = 85 | 10 | 850 |

C5 alone has 78 % of them. Most multiplications belong to C3: each of its 2,400 weights is used at 100 places, and each weight of C5 at one. And this is the same network in Paddle's words:
"""


# %%
def lenet_in_paddle():
    return paddle.nn.Sequential(
        paddle.nn.Conv2D(1, 6, 5),
        paddle.nn.Tanh(),
        paddle.nn.AvgPool2D(2),
        paddle.nn.Conv2D(6, 16, 5),
        paddle.nn.Tanh(),
        paddle.nn.AvgPool2D(2),
        paddle.nn.Conv2D(16, 120, 5),
        paddle.nn.Tanh(),
        paddle.nn.Flatten(),
        paddle.nn.Linear(120, 84),
        paddle.nn.Tanh(),
        paddle.nn.Linear(84, 10),
    )


# %%
by_hand = [6 * 26, 16 * 151, 120 * 401, 84 * 121, 10 * 85]
ours = [row.parameters for row in rows if row.parameters]
written = lenet_in_paddle()
theirs = [row.parameters for row in geometry.summary(written, (1, 32, 32)) if row.parameters]
agree(by_hand=by_hand, numpy=ours, paddle=theirs)
paddle_counts = sum(int(parameter.size) for parameter in written.parameters())
agree(by_hand=61706, numpy=sum(ours), paddle=paddle_counts)
agree(by_hand=78, numpy=round(100 * ours[2] / sum(ours)))
agree(by_hand=2400 * 100, geometry=max(row.multiply_adds for row in rows))

# %% [markdown]
r"""
> **Think.** C5 is called a convolution, and on a map of 5×5 it has one place. How do we tell it from a dense layer with 400 inputs?
>
> <details><summary>Answer</summary>
>
> On a picture of 32×32 we cannot: it is the same calculation, and the same 48,120 numbers. On a larger picture the difference shows. The convolution has more than one place there, and the dense layer has no answer ([chapter 14](14_dense_to_convolution.ipynb)). The section on sliding uses this.
>
> </details>

## The same weights, the same loss

Equal counts do not prove that two networks are equal. So we give both the same first weights and show both the same digits. `in_paddle(model)` builds any model of `helpers.nn` again in Paddle, with the same parameters. The network that we wrote by hand gets them one by one. Then each takes ten steps of Adam, on ten batches of 32 digits. (Our digits were scanned with 8×8 pixels, and `load_splits` enlarges them to 32×32. So they look soft, and they fill the picture from edge to edge.)
"""

# %%
splits = load_splits(DATA)
x, labels = splits.train
print(
    "training", x.shape, "  validation", splits.validation[0].shape, "  test", len(splits.test[1])
)
model = models.lenet5(np.random.default_rng(0)).astype("float64")
twin = in_paddle(model)
for theirs, ours in zip(written.parameters(), model.parameters(), strict=True):
    theirs.set_value(ours.value)
few = x[:32].astype("float64")
scores = model.forward(few)
agree(numpy=scores, twin=twin(paddle.to_tensor(few)), written=written(paddle.to_tensor(few)))


# %%
def ten_losses(fit, network, adam):
    losses = []
    for start in range(0, 320, 32):
        batch = (x[start : start + 32].astype("float64"), labels[start : start + 32])
        losses.append(fit(network, adam, batch, 1).loss[0])
    return losses


numpy_losses = ten_losses(nn.fit, model, nn.Adam(0.004, parameters=model.parameters()))
their_adam = paddle.optimizer.Adam(0.004, parameters=written.parameters())
agree(1e-6, numpy=numpy_losses, paddle=ten_losses(fit_paddle, written, their_adam))

# %% [markdown]
r"""
The networks are one and the same, so we may train either. Below we train ours; on a graphics card you would train the twin with `fit_paddle`. From now on numbers are float32, as usual in practice.

## What LeNet-5 was in 1998

> **Correction (history).** The network above is what textbooks call LeNet-5. LeCun, Bottou, Bengio and Haffner published another one in 1998. Three things differ in the layers.
>
> 1. **Sub-sampling was trained.** S2 and S4 add up four numbers, multiply the sum by a weight of their map, add a bias, and bend the result. That is two parameters a map: 12 and 32.
> 2. **C3 was sparse.** Each of its 16 maps sees only some of the six maps of S2: six maps see 3, nine see 4, one sees all 6. The paper gives two reasons. There is less to calculate, and maps that see different inputs have to become different.
> 3. **The smallest response won.** Each class has a fixed code of 84 numbers, +1 or −1, drawn as a little picture of 7×12. An output is the squared distance between F6 and the code. (This is why F6 has 84 units. A section marked *Deeper* looks at it.)
>
> Many listings also write C5 as a dense layer. In 1998 it was called a convolution on purpose, so that the network can slide over larger pictures. (The paper's tanh was scaled, and its loss and its steps were others, too.)

Here is the table of C3. Its rule: three neighbours around a circle of six, then four neighbours, then two pairs of neighbours (0, 1 and 3, 4, for example), then all.
"""

# %%
table = np.zeros((6, 16), bool)
for number in range(6):
    for step in range(3):
        table[(number + step) % 6, number] = True
    for step in range(4):
        table[(number + step) % 6, 6 + number] = True
for number in range(3):
    for step in (0, 1, 3, 4):
        table[(number + step) % 6, 12 + number] = True
table[:, 15] = True
figures.connections(table, rows="map of S2", columns="map of C3")
plt.show()

# %% [markdown]
r"""
> **By hand.** Count the filled squares: 6·3 + 9·4 + 1·6 = 60. Each is a kernel of 5×5, and each of the 16 maps has a bias. How many parameters has C3? And how many would the full table have?

The sub-sampling has an equivalent in today's words: average, then multiply each map by a number and add one. That is a 1×1 convolution which treats each map alone, with `groups=6`. So `geometry` can count it. **Predict** the sum of all trainable parameters of 1998.
"""

# %%
agree(by_hand=60 * 25 + 16, from_table=int(table.sum()) * 25 + 16)
agree(by_hand=96 * 25 + 16, full_table=table.size * 25 + 16, geometry=rows[3].parameters)
trained = [geometry.conv(6, 5), geometry.pool(2), geometry.conv(6, 1, groups=6)]
trained += [geometry.conv(16, 5), geometry.pool(2), geometry.conv(16, 1, groups=16)]
trained += [geometry.conv(120, 5), geometry.flatten(), geometry.linear(84)]
counted = [row.parameters for row in geometry.summary(trained, (1, 32, 32)) if row.parameters]
counted[2] = int(table.sum()) * 25 + 16  # for the full table that geometry counts
agree(by_hand=[156, 12, 1516, 32, 48120, 10164], geometry=counted)
agree(by_hand=60000, geometry=sum(counted))

# %% [markdown]
r"""
One often reads "about 60,000 parameters". It is exactly 60,000, as the paper says. The ten codes are fixed, so they do not count. (Today's network has 900 more in C3, 850 in the output, and 44 fewer in the sub-sampling: 60,000 + 900 + 850 − 44 = 61,706.)

## Choose on validation digits, test once

The data set comes in three parts. The network learns from the *training* digits. We make choices on the *validation* digits. The *test* digits wait for one cell, and after that cell we change nothing.

> **Correction.** Listings in wide circulation hand the test set to the training loop and call it `validation_data`. Whoever then picks the best epoch, or the best rate, has picked the luckiest of many results on the test set. On average the number is too high, and nobody knows by how much. Hold out a part of the training set instead.

One number is to be chosen, the learning rate of Adam. Everything else is fixed: batches of 32, and a schedule that lowers the rate to 0 along half a cosine. **Predict** the accuracy after three epochs at the rates 0.0005, 0.002 and 0.008. And at 0.032?
"""


# %%
def train(model, data, rate, epochs, seed, rule=nn.Adam, augment=None):
    schedule = nn.CosineAnnealingDecay(rate, epochs)
    optimizer = rule(schedule, parameters=model.parameters())
    return nn.fit(model, optimizer, data, epochs, splits.validation, 32, seed, schedule, augment)


def lenet(seed, activation="tanh", pool="avg", norm=False):
    init = "he" if activation == "relu" else "xavier"
    return models.lenet5(np.random.default_rng(seed), activation, pool, norm, init)


# %%
def last_accuracies(activation, pool, rate, epochs=3):
    found = []
    for seed in (0, 1):
        history = train(lenet(seed, activation, pool), splits.train, rate, epochs, seed)
        found.append(history.test_accuracy[-1])
    return found


by_rate = {rate: last_accuracies("tanh", "avg", rate) for rate in (0.0005, 0.002, 0.008, 0.032)}
gap = np.mean(by_rate[0.008]) - np.mean(by_rate[0.0005])
claim("after three epochs 0.008 is ahead of 0.0005 by more than 0.02", gap > 0.02)
far_behind = max(by_rate[0.032]) < np.mean(by_rate[0.008]) - 0.2
claim("at 0.032 both networks are behind by more than 0.2", far_behind)

# %% tags=["picture-varies"]
runs = {"two networks each": by_rate}
ax = figures.dot_plot(runs, "learning rate", "validation accuracy", chance=0.1, log=True)
ax.set_title("At four times a good rate the network hardly learns")
plt.show()

# %% [markdown]
r"""
After three epochs the smallest rate is behind. The next two cannot be told apart by two networks and 259 digits. Four times 0.008 is behind a cliff: the network hardly learns, and most stay at chance. We take 0.008, a good rate, but not far from the cliff. Now three networks learn from the training digits for eight epochs. (`fit` calls the second set "test". Here it is the validation set.)
"""

# %%
networks = [lenet(seed) for seed in range(3)]
histories = [train(model, splits.train, 0.008, 8, seed) for seed, model in enumerate(networks)]
claim("validation accuracy above 0.9", min(h.test_accuracy[-1] for h in histories) > 0.9)
claim("training accuracy above 0.95", min(h.accuracy[-1] for h in histories) > 0.95)

# %% tags=["picture-trained"]
accuracy = {"training": [run.accuracy for run in histories]}
accuracy["validation"] = [run.test_accuracy for run in histories]
ax = figures.curves(accuracy, ylabel="accuracy", limits=(0.5, 1.02))
ax.set_title("Validation digits are read nearly as well as training digits")
plt.show()

# %% [markdown]
r"""
(The curves become flat at the end, and this is not a law: the schedule has lowered the rate to 0 there.)

[Chapter 13](13_three_layer_network.ipynb) asked what an accuracy on these digits is worth. So a rival takes part, with the same rules. A support vector machine (SVM) gets the 1,024 pixels of a digit as numbers in any order. Its setting `C` is 10, as it was there. We choose its `gamma` on the validation digits, among three, and we had four rates.

> **Activity: your bet.** Five minutes. Before you run the test, bet on two things. First, which one reads more test digits: write `"LeNet-5"` or `"SVM"` in place of the first dots. Second, which two digits does LeNet-5 confuse most often? Write a pair such as `(0, 1)`. A bet is free to be wrong, so the check only notes it. (You may look at anything but the test digits.)
"""

# %%
my_winner = ...
my_pair = ...
tell(check.bet, my_winner, my_pair)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> Ask the validation digits, which are there for this. `nn.predict(networks[0], splits.validation[0]).argmax(axis=1)` gives the answers of a network. `confusion_matrix` counts them, as a cell below does for the test. For the first bet, wait for the next cell: it prints the SVM's validation accuracy.
>
> </details>
"""


# %%
def pixels(images):
    return images.reshape(len(images), -1)


few_x = x[:5000]  # all digits of "digits"; an SVM is slow on more
few_labels = labels[:5000]
machines = {gamma: SVC(C=10, gamma=gamma) for gamma in (0.0002, 0.002, 0.02)}
scores = {}
for gamma, machine in machines.items():
    machine.fit(pixels(few_x), few_labels)
    scores[gamma] = machine.score(pixels(splits.validation[0]), splits.validation[1])
    print(f"gamma {gamma}: validation accuracy {scores[gamma]:.3f}")
svm = machines[max(scores, key=scores.get)]

# %% [markdown]
r"""
LeNet-5 gets a second form, with what later years added. It has ReLU and maxima instead of tanh and averages. And in every epoch each digit is moved anew, by at most two pixels. On the validation digits eight such networks read 0.98, and eight of the first form 0.97. (To check one: `train(lenet(0, "relu", "max"), splits.train, 0.004, 8, 0, augment=move)`.) Twelve epochs instead of eight brought about half a percent more there: moved digits are not learned by heart so soon. So we take twelve. Now nothing is left to choose, and the validation digits may join the training, for the second form and for the SVM.
"""


# %%
def move(images, rng):
    return shift(images, 2, rng)


all_x = np.concatenate([x, splits.validation[0]])
all_labels = np.concatenate([labels, splits.validation[1]])
later = [lenet(seed, "relu", "max") for seed in range(3)]
for seed, model in enumerate(later):
    train(model, (all_x, all_labels), 0.004, 12, seed, augment=move)
svm_with_all = SVC(C=10, gamma=svm.gamma).fit(pixels(all_x[-5000:]), all_labels[-5000:])

# %% [markdown]
r"""
**The test.** This is the only cell that opens the test set for a score. It keeps all answers, so that the cells below can look at them.
"""

# %%
test_x, test_labels = splits.test
answers = np.array([nn.predict(model, test_x).argmax(axis=1) for model in networks])
first_form = (answers == test_labels).mean()
svm_answers = svm.predict(pixels(test_x))
first_svm = (svm_answers == test_labels).mean()
claim("LeNet-5, mean of three: above 0.975", first_form > 0.975)
claim("SVM: above 0.99", first_svm > 0.99)
claim("the SVM is ahead of LeNet-5", first_form < first_svm)
second_form = np.mean([nn.evaluate(model, splits.test)[1] for model in later])
second_svm = svm_with_all.score(pixels(test_x), test_labels)
claim("LeNet-5, second form, mean of three: above 0.985", second_form > 0.985)
claim("within 0.01 of the SVM with all digits", abs(second_form - second_svm) < 0.01)

# %% [markdown]
r"""
On these digits the SVM is ahead of LeNet-5 in its first form. In the second form the two cannot be told apart. (All changes came together here: ReLU and maxima, the moves, 259 more digits, half the rate, and four more epochs. So the test does not say which of them helped.) How much can 500 digits tell at all? Let a method be right with the probability 0.99. Among 500 digits its share of right ones has the standard deviation √(0.99 · 0.01/500) ≈ 0.0044. So on *other* digits the same method easily gets half a percent more or less. Two methods on the *same* digits share a part of this chance. There only those digits count which one of them reads and the other one does not, and here these are a handful.
"""

# %%
by_hand = np.sqrt(0.99 * 0.01 / len(test_labels))
draws = np.random.default_rng(0).binomial(len(test_labels), 0.99, size=20000)
agree(0.0002, by_hand=by_hand, numpy=(draws / len(test_labels)).std())

# %% [markdown]
r"""
Now the second bet. A row is the right class, a column the answer, and the three networks of the first form are counted together. They make more mistakes to look at. The colour is the mistakes' share of their row.
"""

# %% tags=["picture-varies"]
counts = confusion_matrix(np.tile(test_labels, 3), answers.ravel())
figures.confusion(counts, splits.classes)
plt.show()

# %% [markdown]
r"""
Did you win? Perhaps, and perhaps not on another computer. About twenty mistakes are spread over 90 squares, so the fullest square is decided by a handful of digits. Training differs in its last bits from processor to processor, and this is enough to move them. A better bet: *do the networks and the SVM fail on the same digits?* Here are the five that the networks miss most often, each with its label and the most frequent answer. Then comes the count.
"""

# %% tags=["picture-varies"]
missed = (answers != test_labels).sum(axis=0)
hardest = np.argsort(-missed, kind="stable")[:5]
guesses = np.array([np.bincount(answers[:, place]).argmax() for place in hardest])
figures.samples(test_x[hardest], test_labels[hardest], splits.classes, guesses)
plt.show()

# %%
svm_missed = svm_answers != test_labels
print("the SVM misses", svm_missed.sum(), "of", len(test_labels), "digits")
there = missed[svm_missed].mean() / 3
elsewhere = missed[~svm_missed].mean() / 3
claim("there the networks fail more than five times as often as elsewhere", there > 5 * elsewhere)

# %% [markdown]
r"""
Three digits are a hint and no proof. But it points one way: some *digits* are hard, for a convolutional network and for a machine without any notion of neighbours.

From here on we use validation digits only. The test set stays closed.

## Two choices: tanh or ReLU, average or maximum

LeNet-5 of 1998 has tanh and averages. Many networks since 2012 have ReLU and maxima. Two beliefs are common: ReLU is better than tanh, and the maximum is better than the average because it keeps the strongest answer. Four networks can tell. ReLU gets He's first weights, tanh gets Xavier's ([chapter 07](07_activations.ipynb)). For each of the four we tried 0.0005, 0.001, 0.002, 0.004, 0.008 and 0.016, and 0.008 is a good rate for all. **Predict**: which difference is larger? The one between these four networks at a good rate? Or the one between 0.008 and the poor rate 0.0005 above?
"""

# %%
four = {"tanh, avg": by_rate[0.008]}
for name in ("tanh, max", "ReLU, avg", "ReLU, max"):
    activation, pool = name.lower().split(", ")
    four[name] = last_accuracies(activation, pool, 0.008)
means = np.array(list(four.values())).mean(axis=1)
claim("all four are above 0.9", means.min() > 0.9)
claim("their means differ by less than 0.0005 differs from 0.008", np.ptp(means) < gap)

# %% tags=["picture-trained"]
runs = {"two networks each": four}
ax = figures.dot_plot(runs, ylabel="validation accuracy", limits=(0.7, 1))
ax.set_title("At a good rate the four cannot be told apart")
plt.show()

# %% [markdown]
r"""
Within three epochs a poor rate costs more than any of these choices. At 0.008 we found no order among the four. Their means lie no farther apart than single networks of one kind. (The last section marked *Deeper* finds one, on digits that were moved.) Beliefs like the two above come from large networks and photographs, and there they may hold.

How could one find "ReLU wins" all the same? By one rate for all that is too large for tanh. At 0.016 some of our tanh networks ended at chance, with averages and with maxima, and no ReLU network did. (Which ones do so depends on the first weights, so we show no picture of it.)

## Does a sigmoid network need batch normalisation?

A demonstration that is widely used trains LeNet-5 with *sigmoids*, once with a batch normalisation before each of them and once without. The rate is 1.0, and the rule is plain stochastic gradient descent (SGD) instead of Adam. We do the same: five epochs, two networks each. (Two things differ. Its batches hold 256 of 60,000 digits, and of our 1,038 digits that would be five steps an epoch. So we stay with 32. And our rate falls from 1.0 to 0, as in all trainings here. Without batch normalisation a constant 1.0 gave the same.)
"""


# %%
def scale_weights(model, factor):
    for parameter in model.parameters():
        if parameter.value.ndim > 1:  # weights, not biases
            parameter.value *= factor
    return model


def by_sgd(activation, factor=1, rate=1.0, norm=False):
    runs = []
    for seed in (0, 1):
        model = scale_weights(lenet(seed, activation, norm=norm), factor)
        runs.append(train(model, splits.train, rate, 5, seed, nn.SGD).test_accuracy)
    return np.array(runs)


# %%
demonstration = {"with batch norm": by_sgd("sigmoid", norm=True)}
demonstration["without"] = by_sgd("sigmoid")

# %% tags=["picture-varies"]
ax = figures.curves(demonstration, ylabel="validation accuracy", limits=(0, 1.02))
ax.set_title("At a rate of 1.0 only the normalised network learns")
plt.show()
claim("with batch norm above 0.9", demonstration["with batch norm"][:, -1].min() > 0.9)
claim("without it below 0.3", demonstration["without"][:, -1].max() < 0.3)

# %% [markdown]
r"""
The picture is impressive. "Without batch normalisation a sigmoid network does not learn", people conclude.

> **Think.** Name three things that you would change before you believe it.
>
> <details><summary>Answer</summary>
>
> The rate, because 1.0 was chosen for the normalised network. The first weights, because a sigmoid hands on less than a tanh does. The time, or the rule of the steps: perhaps it needs more epochs, or Adam.
>
> </details>

**The rate** alone does not help. At 0.1, 0.3, 3 and 10 the network stayed at chance, too. *Time* alone does not help, either: at 1.0 it was still there after 36 epochs. These are 1,188 steps, about as many as five epochs of the demonstration. (In [chapter 08](08_batch_norm.ipynb) a dense sigmoid network learned after some twenty epochs. This one has more layers.)

What differs between the sigmoid and tanh, which learns well? By $\tanh z = 2\,\sigma(2z) - 1$ they are one curve, drawn in other units. Two things remain, and [chapter 07](07_activations.ipynb) took them apart in a dense network:

- **The slope.** At 0 it is ¼, where that of tanh is 1. Weights four times as large make up for it.
- **The half.** The sigmoid of 0 is ½, where tanh gives 0. So all inputs of the next layer are about ½. We can subtract it.

There the half alone cost little. Is it the same in LeNet-5? We change one thing, or the other, or both, without batch normalisation. Each has its best rate of five from 0.1 to 10. **Predict** which of them learn in five epochs.
"""


# %%
class Centred(nn.Sigmoid):
    def _forward(self, x):
        return super()._forward(x) - 0.5


arms = {"σ": demonstration["without"][:, -1]}
arms["σ, weights × 4"] = by_sgd("sigmoid", 4, rate=0.3)[:, -1]
arms["σ − ½"] = by_sgd(Centred, rate=3.0)[:, -1]
arms["σ − ½, weights × 4"] = by_sgd(Centred, 4)[:, -1]
arms["σ, batch norm"] = demonstration["with batch norm"][:, -1]

# %% tags=["picture-varies"]
runs = {"SGD, five epochs": {name.replace(", ", "\n"): arms[name] for name in arms}}
ax = figures.dot_plot(runs, ylabel="validation accuracy", chance=0.1)
ax.set_title("Both changes together come near batch normalisation")
plt.show()
together = np.mean(arms["σ − ½, weights × 4"])
claim("both changes: above 0.8", together > 0.8)
claim("within 0.15 of batch norm", abs(together - np.mean(arms["σ, batch norm"])) < 0.15)
one_change = np.concatenate([arms["σ, weights × 4"], arms["σ − ½"]])
claim("the worst with one change is behind", one_change.min() < together)

# %% [markdown]
r"""
Two small changes do nearly what batch normalisation does, and they need no statistics of a batch. One change alone is a matter of the first weights: some networks come a part of the way, and others nowhere. (We believed first that subtracting ½ alone brings nothing. At a rate of 1.0 this is so, and at 3 it is not: each needs its own rate.) Together they are enough. Batch normalisation makes both changes in every layer: it subtracts a mean, and it brings the scale back.

In [chapter 07](07_activations.ipynb) the half alone cost little, and here it costs much. One difference: a dense layer there had 50 inputs of about ½, and C5 has 400. The noise of that chapter grows with 1 + a quarter of their number. (We did not test whether this is the reason.)

> **Think.** The network "σ − ½, weights × 4" is one that you know. Which one?
>
> <details><summary>Answer</summary>
>
> $\sigma(z) - \frac12 = \frac12\tanh(z/2)$. With weights four times as large it is the tanh network, but for a factor 2 in the first and the last layer. LeNet-5 of 1998 did not have the problem.
>
> </details>

And the *rule*? Adam takes steps whose length hardly depends on the size of the gradient. The last experiment subtracts nothing, but its weights are four times as large. **Predict**: does it learn with Adam?
"""

# %%
model = scale_weights(lenet(0, "sigmoid"), 4)
history = train(model, splits.train, 0.004, 10, 0)
claim("after one epoch below 0.5", history.test_accuracy[0] < 0.5)
claim("after ten epochs above 0.85", history.test_accuracy[-1] > 0.85)

# %% [markdown]
r"""
It does. With Xavier's weights Adam alone was no safe cure. Of five trial networks four learned in ten epochs, after two to four epochs near chance, and one stayed there.

So "a sigmoid network needs batch normalisation" has become a smaller sentence, and a true one. *With Xavier's weights, SGD and batches of 32 it did not learn in 1,188 steps. Batch normalisation cures that. So does subtracting ½ with four times larger weights, so do these weights with Adam, and so does tanh.* Batch normalisation has one advantage. It learned at 0.1, 1 and 10 alike (not shown), and it needed no arithmetic about slopes.

## Deeper: the same function, other numbers

Is it all a matter of the function that a network starts with? There is a sharp way to ask. By $\tanh z = 2\,\sigma(2z) - 1$ every tanh network *is* a sigmoid network in other numbers. Three steps make one of the other:

1. A layer that reads $s$ instead of $h = 2s - 1$: its sum $w\,(2s - 1) + b$ has the weights $2w$ and the bias $b - \sum w$.
2. A layer that a sigmoid follows: all its weights and its bias times 2.
3. The first layer reads pixels, so it skips step 1. No sigmoid follows the last layer, so it skips step 2.

By hand for one unit, tanh(0.5·h₁ − 0.2·h₂ + 0.1). Step 1 makes the weights 1 and −0.4, and the bias 0.1 − (0.5 − 0.2) = −0.2. Step 2 makes them 2, −0.8 and −0.4. The poolings do not disturb this: the average of $2s - 1$ is twice the average of $s$, minus 1.

With $\sigma - \frac12$ in place of $\sigma$ there is no half, and step 1 leaves the bias alone. So there are three networks of one function: tanh, $\sigma$, and $\sigma - \frac12$. The last two have the same weights.
"""


# %%
def as_sigmoids(model, activation="sigmoid"):
    same = lenet(0, activation)
    old = model.parameters()
    new = same.parameters()
    for layer in range(5):
        behind = 1 if layer == 0 else 2  # 2 where a sigmoid comes before the layer
        ahead = 1 if layer == 4 else 2  # 2 where one comes after it
        weight = old[2 * layer].value
        sums = weight.sum(axis=(1, 2, 3)) if weight.ndim == 4 else weight.sum(axis=0)
        half = 0 if activation is Centred or layer == 0 else sums
        new[2 * layer].value = behind * ahead * weight
        new[2 * layer + 1].value = ahead * (old[2 * layer + 1].value - half)
    return same


# %%
some = splits.validation[0][:50]
scores = lenet(0).forward(some)
sigmoids = as_sigmoids(lenet(0)).forward(some)
agree(1e-3, tanh=scores, sigmoids=sigmoids, centred=as_sigmoids(lenet(0), Centred).forward(some))

# %% [markdown]
r"""
Three networks, one function: all scores agree. **Predict**: with SGD and the same batches, do they also learn alike? Each gets its best rate of those that we tried: 0.2 for tanh (of 0.05, 0.1, 0.2), 0.3 for $\sigma$ and 1 for $\sigma - \frac12$ (of 0.1, 0.3, 1).
"""

# %%
starts = {"tanh": (lenet(0), 0.2), "σ − ½": (as_sigmoids(lenet(0), Centred), 1.0)}
starts["σ"] = as_sigmoids(lenet(0)), 0.3
ends = {}
for name, (model, rate) in starts.items():
    ends[name] = train(model, splits.train, rate, 5, 0, nn.SGD).test_accuracy
last = {name: ends[name][-1] for name in ends}
claim("tanh and σ − ½ end within 0.06", abs(last["tanh"] - last["σ − ½"]) < 0.06)
claim("both are ahead of σ by more than 0.02", min(last["tanh"], last["σ − ½"]) > last["σ"] + 0.02)

# %% tags=["picture-varies"]
ax = figures.curves(ends, ylabel="validation accuracy", limits=(0, 1.02))
ax.set_title("Three networks of one function: the half makes one slower")
plt.show()

# %% [markdown]
r"""
The function at the start is not all: a step is taken in a network's *numbers*. Larger numbers alone ask for another rate only, and $\sigma - \frac12$ then learns as tanh does. But with inputs around ½ instead of 0, a step moves all sums of a unit up or down together, before it changes what the unit tells apart. The two networks of σ had the very same weights at the start, so no factor explains the difference.

## Deeper: the smallest response wins

The output of 1998 looks strange: *the smallest response wins*. Is it another kind of layer? Take F6 = (0.9, −0.9, 0.9) and two codes, (1, −1, 1) and (−1, −1, 1). The squared distances are 0.01 + 0.01 + 0.01 = 0.03 and 3.61 + 0.01 + 0.01 = 3.63. The first class wins. The dot products with the codes are 0.9 + 0.9 + 0.9 = 2.7 and −0.9 + 0.9 + 0.9 = 0.9. There the first class has the *largest* one.

This is no accident. Multiply out: $|f - c|^2 = |f|^2 - 2 f \cdot c + |c|^2$. The first part is the same for all classes. The last is the same, too, because every code of ±1 has the squared length 84 (here 3). So the smallest distance is the largest linear score. **Predict** the two distances and the two scores for F6 = (0.9, 0.9, 0.9), whose middle number has the wrong sign. What does softmax make of the scores?
"""

# %%
codes = np.array([[1.0, -1, 1], [-1, -1, 1]])
good = np.array([0.9, -0.9, 0.9])
poor = np.array([0.9, 0.9, 0.9])
agree(by_hand=[0.03, 3.63], numpy=((good - codes) ** 2).sum(axis=1))
agree(by_hand=[3.63, 7.23], numpy=((poor - codes) ** 2).sum(axis=1))
agree(by_hand=[[2.7, 0.9], [0.9, -0.9]], numpy=np.array([codes @ good, codes @ poor]))
agree(good=ops.softmax(codes @ good), poor=ops.softmax(codes @ poor))

# %%
rng = np.random.default_rng(0)
codes = rng.choice([-1.0, 1.0], size=(10, 84))
many = rng.normal(size=(1000, 84))
distances = ((many[:, None] - codes) ** 2).sum(axis=2)
agree(smallest=distances.argmin(axis=1), largest=ops.linear(many, codes.T).argmax(axis=1))

# %% [markdown]
r"""
The *answer* is that of a linear layer without biases whose weights are fixed. What softmax does not see is how good the best match is. It sees only *differences* between scores, and 2.7 − 0.9 is the same as 0.9 + 0.9. The distances see it: 0.03 is a match, and 3.63 is none.

## Deeper: slide it over a line of digits

On one digit C5 has a single place. On a longer picture it has more. `as_convolutions` ([chapter 14](14_dense_to_convolution.ipynb)) turns the two dense layers into 1×1 convolutions, and then the network takes pictures of any size. Seven validation digits side by side are 224 pixels wide. Two poolings make a step of 4. **Predict** how many answers come out.
"""

# %%
held_x, held_labels = splits.validation
strip = np.concatenate(held_x[:7], axis=2)[None]
slid = as_convolutions(networks[0], (1, 32, 32))
scores = slid.forward(strip)
agree(by_hand=(224 - 32) // 4 + 1, numpy=scores.shape[3])
cut = networks[0].forward(windows(strip, 32, 4))
agree(1e-3, one_pass=scores[0, :, 0].T, windows=cut)
c5 = geometry.summary(slid, (1, 32, 224))[6]
agree(by_hand=[120, 1, 49], geometry=c5.output_shape)

# %% tags=["picture-varies"]
shares = ops.softmax(scores, axis=1)[0, :, 0]
truth = {32 * place: int(held_labels[place]) for place in range(7)}
figures.strip(strip[0, 0], shares.argmax(axis=0), shares.max(axis=0), 32, truth)
plt.show()

# %% [markdown]
r"""
The number at a dot is the answer. Large dots with bold numbers belong to windows that hold one whole digit, and a cross there would be a mistake. Their answers are those of the network on single digits. Small dots are windows in between, with a part of one digit and a part of the next. No such window was in the training. How sure is the network there? We take 259 validation digits as one long line, and the windows exactly halfway between two digits.
"""

# %%
line = np.concatenate(held_x[:259], axis=2)[None]
sure = {"whole": [], "halfway": []}
for model in networks:
    everywhere = as_convolutions(model, (1, 32, 32)).forward(line)
    largest = ops.softmax(everywhere, axis=1)[0, :, 0].max(axis=0)
    sure["whole"].append((largest[0::8] > 0.9).mean())
    sure["halfway"].append((largest[4::8] > 0.9).mean())
claim("share above 0.9 in more than 85 % of whole digits", np.mean(sure["whole"]) > 0.85)
claim("and in more than 10 % of windows halfway between two", np.mean(sure["halfway"]) > 0.1)

# %% [markdown]
r"""
Between two digits, where no answer is right, the network is sure of one in more than a tenth of the windows. The 1998 paper faced this. Its line reader took the answers as candidates, and a second program looked for the most plausible way through them. Distances to codes were meant to help, too. (We did not test it.)

## Deeper: how far may a digit move?

Does LeNet-5 at least suffer less than the SVM when a digit does not stand in its place? We move each validation digit at random by at most so many pixels, up or down and left or right. (Four pixels here are one pixel of the scan, and ink that leaves the picture is lost.) **Predict** both curves.
"""

# %%
moved = {k: shift(held_x, k, np.random.default_rng(k)) for k in (0, 1, 2, 3, 4, 6)}


def network_scores(model):
    return [nn.evaluate(model, (images, held_labels))[1] for images in moved.values()]


def machine_scores(machine):
    return [machine.score(pixels(images), held_labels) for images in moved.values()]


by_shift = {"LeNet-5": [network_scores(model) for model in networks]}
by_shift["SVM"] = machine_scores(svm)

# %% [markdown]
r"""
One can also teach the moves: add to the training set a copy of each digit that is moved by at most two pixels. The third rival is the plainest of all. The *nearest neighbour* stores all digits with their copies. It gives the label of the stored digit whose pixels differ least.
"""

# %%
copies = shift(few_x, 2, np.random.default_rng(0))
more_x = np.concatenate([few_x, copies])
more_labels = np.tile(few_labels, 2)
for name, activation, pool in (("tanh, avg", "tanh", "avg"), ("ReLU, max", "relu", "max")):
    taught = lenet(0, activation, pool)
    train(taught, (more_x, more_labels), 0.004, 5, 0)
    by_shift[f"{name}, copies"] = network_scores(taught)

# %%
taught_svm = SVC(C=10, gamma=svm.gamma).fit(pixels(more_x), more_labels)
by_shift["SVM, copies"] = machine_scores(taught_svm)
neighbour = KNeighborsClassifier(1).fit(pixels(more_x), more_labels)
nearest = machine_scores(neighbour)
level = abs(by_shift["SVM, copies"][3] - nearest[3])
claim("three pixels, copies: SVM and nearest neighbour within 0.05", level < 0.05)

# %% tags=["picture-trained"]
label = "moved by at most (pixels)"
ax = figures.curves(by_shift, list(moved), label, "validation accuracy", limits=(0.3, 1.02))
ax.set_title("Moved copies help, and the SVM with copies is ahead")
plt.show()
plain = np.mean(by_shift["LeNet-5"], axis=0)
claim("two pixels: SVM ahead", by_shift["SVM"][2] > plain[2])
taught_by = {name: by_shift[f"{name}, copies"][3] for name in ("tanh, avg", "ReLU, max", "SVM")}
claim(
    "three pixels: copies help LeNet-5 by more than 0.03", taught_by["tanh, avg"] > plain[3] + 0.03
)
networks_best = max(taught_by["tanh, avg"], taught_by["ReLU, max"])
claim("three pixels: SVM ahead of both networks with copies", taught_by["SVM"] > networks_best)
far = {name: np.mean(by_shift[f"{name}, copies"][3:]) for name in ("tanh, avg", "ReLU, max")}
claim("three pixels or more: ReLU and maxima ahead", far["ReLU, max"] > far["tanh, avg"])

# %% [markdown]
r"""
One does not expect this of a network that is praised because shifts disturb it little. Why is the SVM ahead? It compares a digit with *stored* digits, and a moved copy is one more of them. The nearest neighbour does this and nothing else, and at three pixels it comes within 0.05 of the SVM. A linear machine, which cannot store digits, reads 0.86 at three pixels with copies, about as the tanh network does.

Three things take most of the lead away. One is more copies. With newly moved digits in each of 20 epochs our tanh network reached 0.93 at three pixels, almost as the SVM with one copy. The second is in the picture: ReLU and maxima gain more from the same copies, although plain digits showed no difference. (ReLU does most of it. With averages it was at 0.91 as well, the mean of three networks, and maxima with tanh at 0.86.) The third is more digits. This is a small set of small digits, 1,038 for training. With 60,000 digits and many more copies the two come close, in the table of the 1998 paper.

## What you have seen, done, and can now use

- **LeNet-5:** convolution, pooling, convolution, pooling, 120, 84, 10. It has 61,706 parameters, counted by hand, by `geometry` and by Paddle.
- **Two frameworks, one network:** equal weights and equal batches give equal losses.
- **1998:** trained sub-sampling, a sparse C3, distances to codes: exactly 60,000 trained parameters. With codes of ±1 the smallest distance is the largest linear score.
- **Validation for choices, the test once.** 500 test digits hardly tell half a percent. An SVM read more of them than LeNet-5 with tanh and averages. LeNet-5 with ReLU, maxima and moved digits could not be told apart from the SVM.
- **tanh or ReLU, average or maximum:** at a good rate we could not tell the four apart on these digits, but on moved ones we could. So take what trains fast and is easy to set, and let the validation digits decide.
- **"It needs batch normalisation"** was a statement about SGD and first weights. With larger weights the sigmoid network learns without it, if ½ is subtracted, or if Adam takes the steps.
- **The same function in other numbers learns differently.** The half in a sigmoid cost speed, and none of our rates brought it back.

## Exercises

The [exercises of this chapter](exercises/15_lenet.ipynb) check themselves. Count the connections of 1998, and write a tanh layer with sigmoids. Change LeNet-5 for pictures of 28×28, and find which maps of a hidden layer are connected. At last, measure how much the luckiest of 20 test results is above the truth.

## Further reading

- Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied to document recognition*, 1998, [doi 10.1109/5.726791](https://doi.org/10.1109/5.726791): section II is LeNet-5.
- Y. LeCun and others, *Backpropagation applied to handwritten zip code recognition*, 1989, [doi 10.1162/neco.1989.1.4.541](https://doi.org/10.1162/neco.1989.1.4.541): its forerunner.
- O. Matan and others, *Multi-digit recognition using a space displacement neural network*, 1991: the network that slides.
- X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010, [proceedings.mlr.press/v9/glorot10a](https://proceedings.mlr.press/v9/glorot10a.html): sigmoids, tanh, and first weights.
- S. Ioffe and C. Szegedy, *Batch normalization*, 2015, [arXiv 1502.03167](https://arxiv.org/abs/1502.03167).
- D. DeCoste and B. Schölkopf, *Training invariant support vector machines*, 2002, [doi 10.1023/A:1012454411458](https://doi.org/10.1023/A:1012454411458): moved copies for the rival.

LeNet-5 is a pattern, and every choice in it can be changed. Where one choice seemed to beat another, the learning rate and the first weights had mostly decided. Give each its own best, choose on validation digits, test once. [Chapter 16](16_cifar.ipynb) does so with colour images, which are harder.

Previous: [14 Turn a dense layer into a convolution](14_dense_to_convolution.ipynb) · Next: [16 Classify colour images](16_cifar.ipynb)
"""
