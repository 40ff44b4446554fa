# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Turn a dense layer into a convolution

A dense layer on a map is a convolution whose kernel is as large as the map. So a network that was trained on small windows can answer for every window of a large picture in one pass. Without zero padding inside the network the answers are exactly those of the windows; with it they are not.

## What you will see, do, and need

**See** one trained network read a page of scattered digits, with a heat map and with boxes. See where zero padding makes a difference, and how much work is saved.

**Do** the smallest case by hand, in NumPy and with Paddle. Convert a network in three lines, teach it to say "nothing here", and count what it finds. Predict each result first.

**Need** kernels with channels from [chapter 04](04_channels_and_batches.ipynb), padding, jump and receptive field from [chapter 03](03_padding_stride_receptive_field.ipynb), shares and training from [chapter 07](07_activations.ipynb). About 50 minutes, and 35 more for the five sections marked *Deeper*.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, geometry, nn, ops, small
from helpers.checks import dense_to_convolution as check
from helpers.checks import tell
from helpers.data import load_digits
from helpers.sliding import as_convolutions, fill_canvas, match, training_windows, windows
from helpers.stopwatch import seconds

import paddle
import paddle.nn.functional as F

paddle.set_default_dtype("float64")

# %% [markdown]
r"""
## Four weights, two names

A map of 2×2 pixels holds 1 and 2 above 3 and 4. A dense layer writes the four numbers in one row, 1, 2, 3, 4, and multiplies each by a weight. Let the weights of one output be 2, −1, 0, 1. The answer is 2·1 − 1·2 + 0·3 + 1·4 = 4.

Now write the same four weights as a kernel, 2 and −1 above 0 and 1. The kernel fits on the map at one place only. There it multiplies the same numbers by the same weights: 4 again. These are two names for one calculation.

On a map of 3×3 pixels the dense layer has no answer at all: nine numbers meet four weights. The kernel has four places to go:
"""

# %%
small_map = np.array([[1.0, 2], [3, 4]])
large_map = np.array([[1.0, 2, 0], [3, 4, 1], [0, 1, 2]])
weights = np.array([2.0, -1, 0, 1])
kernel = weights.reshape(2, 2)
answers = ops.conv2d(large_map[None, None], kernel[None, None])[0, 0]
shown = {"a larger map": large_map, "the four weights": kernel, "answers": answers}
colors = [None, figures.KERNEL, figures.OUTPUT]
figures.number_grids(shown, signs=["∗", "="], colors=colors)
plt.show()

# %%
x = small_map[None, None]
as_dense = ops.linear(x.reshape(1, 4), weights.reshape(4, 1))
as_kernel = ops.conv2d(x, kernel[None, None])[0, :, :, 0]
in_paddle = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(kernel[None, None]))[0, :, :, 0]
agree(by_hand=[[4]], dense=as_dense, convolution=as_kernel, paddle=in_paddle)

# %% [markdown]
r"""
> **Think.** We cut out the four windows of 2×2 and show them to the dense layer, one by one. What does it answer?
>
> <details><summary>Answer</summary>
>
> 4, 5, 3 and 9, the four numbers of the picture. The next cell lets `windows(x, size, step)`, a helper of ours, cut out all windows of one image, row by row.
>
> </details>
"""

# %%
cut = windows(large_map[None, None], size=2, step=1)
one_by_one = ops.linear(cut.reshape(4, 4), weights.reshape(4, 1)).reshape(2, 2)
tensor = paddle.to_tensor(large_map[None, None])
in_paddle = F.conv2d(tensor, paddle.to_tensor(kernel[None, None]))[0, 0]
agree(by_hand=[[4, 5], [3, 9]], dense_one_by_one=one_by_one, numpy=answers, paddle=in_paddle)

# %% [markdown]
r"""
The convolution gives the dense layer's answer at every place. That is the whole idea, and the rest of this chapter follows from it. Notice what did *not* happen: no weight was added, none was changed, and nothing was trained again. Only the order changed in which the same products are computed. A dense layer was never tied to one size by its arithmetic. What ties it is that it expects its numbers in one row of a fixed length.

## Many channels, many outputs, and one order

A dense layer with 5 outputs on maps of 3 channels and 2×2 pixels has a table of 12 rows and 5 columns, as Paddle stores it. Each *column* becomes one kernel of shape 3×2×2. `Flatten` writes channel after channel, each of them row by row, so the kernel must be filled in the same order: channel, row, column. For one window the result has 1×1 pixels. So the next dense layer, which reads these 5 numbers, becomes a convolution with kernels of 5×1×1.
"""


# %%
def as_convolution(dense, shape):
    channels, height, width = shape
    outputs = dense.weight.value.shape[1]
    layer = nn.Conv2D(channels, outputs, (height, width))
    layer.weight.value = dense.weight.value.T.reshape(outputs, channels, height, width)
    layer.bias.value = dense.bias.value
    return layer


rng = np.random.default_rng(0)
dense = nn.Linear(12, 5, rng=rng).astype("float64")
maps = rng.normal(size=(1, 3, 2, 2))
layer = as_convolution(dense, (3, 2, 2))
agree(dense=dense(maps.reshape(1, 12)), convolution=layer(maps)[:, :, 0, 0])

# %% [markdown]
r"""
> **Predict.** Here are two other ways to make 5 kernels of 3×2×2 out of the same 60 numbers. The first forgets the transposition `.T`. The second takes the order row, column, channel, which programs use that store the channel last. Is there an error message?
"""

# %%
table = dense.weight.value
orders = {"right": table.T.reshape(5, 3, 2, 2), "without .T": table.reshape(5, 3, 2, 2)}
orders["channel last"] = table.T.reshape(5, 2, 2, 3).transpose(0, 3, 1, 2)
expected = dense(maps.reshape(1, 12))
for name, weight in orders.items():
    found = ops.conv2d(maps, weight)[:, :, 0, 0]
    print(f"{name:12} shape {weight.shape}, same answers: {np.allclose(found, expected)}")

# %% [markdown]
r"""
There is no error message. The shapes are right and the numbers are wrong, so compare one window before you trust a conversion. This can happen when weights travel from one program to another. If one stores the channel first and the other last, the rows of the first dense layer need another order, too.

## Thirty-six windows in one pass

Now the sizes of a famous case. A network for photographs takes 224×224 pixels. Five times it halves the map, so 224 becomes 7, and a dense layer reads 512 channels of 7×7. We want an answer for every window of a photograph of 384×384, one window every 32 pixels. By hand there are (384 − 224)/32 + 1 = 6 windows in a row, 36 in all. Cut out and shown one by one, they cost 36 evaluations.

Convert instead. The photograph of 384 becomes a map of 384/32 = 12. The dense layer is a kernel of 7×7, and it has 12 − 7 + 1 = 6 places in a row: a grid of 6×6 answers, in one pass. (The drawing shows three of the windows, and each answer at the middle of its window.)
"""

# %%
figures.windows_and_cells(384, 224, 32, [(0, 0), (1, 4), (5, 5)])
plt.show()

# %% [markdown]
r"""
`geometry` counts it for the network of Simonyan and Zisserman (2014), which has thirteen convolutions with padding 1 and three dense layers. Its **jump**, the product of all strides, is 2·2·2·2·2 = 32 ([chapter 03](03_padding_stride_receptive_field.ipynb)). This is why neighbours in the grid are 32 pixels apart, and why we asked for just that step.
"""

# %%
layers = []
for channels, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
    for _ in range(count):
        layers.append(geometry.conv(channels, 3, padding=1))
    layers.append(geometry.pool(2))
as_dense = [geometry.flatten()] + [geometry.linear(n) for n in (4096, 4096, 1000)]
as_kernels = [geometry.conv(4096, 7), geometry.conv(4096, 1), geometry.conv(1000, 1)]
before = geometry.summary(layers + as_dense, (3, 224, 224))
after = geometry.summary(layers + as_kernels, (3, 384, 384))
agree(by_hand=[512, 7, 7], geometry=before[len(layers) - 1].output_shape)
agree(by_hand=[512, 12, 12], geometry=after[len(layers) - 1].output_shape)
agree(by_hand=[1000, 6, 6], geometry=after[-1].output_shape)

# %%
slid = 36 * sum(row.multiply_adds for row in before)
converted = sum(row.multiply_adds for row in after)
print(f"10⁹ multiply-adds: 36 windows {slid / 1e9:.0f}, one pass {converted / 1e9:.0f}")
print(f"sliding costs {slid / converted:.1f} times as much")
agree(parameters=sum(r.parameters for r in before), converted=sum(r.parameters for r in after))
field = geometry.receptive_field(layers + as_kernels)[-1]
agree(by_hand=[32, 404], geometry=[field.jump, field.field])

# %% [markdown]
r"""
No parameter was added, and the work falls to an eleventh. The saving is all in the convolutions, where windows overlap: 36 windows have 36·224²/384² = 12.25 times as many places as the photograph. The three dense layers work once for each of the 36 answers, as before, and pull the ratio down to 11.2. One number should make you suspicious. By the rule of [chapter 03](03_padding_stride_receptive_field.ipynb) each answer of the grid sees a field of 404 pixels, and the windows were 224 wide. We come back to it.

The idea is old. Matan and others read strings of handwritten digits with it in 1991 and called it a *space displacement neural network*. OverFeat (Sermanet and others, 2013) used it for detection. It looks at several sizes of the picture, since windows of one size find objects of one size. Simonyan and Zisserman (2014) test their network in this way, and call the converted one **fully convolutional**. The name became common with Long and others (2014), who label every pixel.

> **Think.** What is the grid of answers on a photograph of 400×400 pixels? And on one of 200×200?
>
> <details><summary>Answer</summary>
>
> 400 is halved to 200, 100, 50, 25 and then, rounded down, 12: 6×6 answers again. 200 leaves a map of 6, and a kernel of 7×7 does not fit: there is no answer.
>
> </details>

## A network for digits, and its conversion

Our digits are 12×12 pixels, and the network takes windows of 16×16. It has no padding: 16 → 12 → 6 → 4 → 2. Two poolings of 2 make a jump of 4. A digit of 12 fits into a window of 16 at offsets from 0 to 4, in each direction. So wherever a digit stands on a page, at least one window of the grid with step 4 holds it whole. This is why we chose 12 and 16.

Training data are windows cut from pages full of training digits. Half of them hold one digit, at a random offset. The middle of the other half is at least 5 pixels from the middle of every digit: empty paper, or pieces. Their class is 10, and it means *nothing*. In between, a window holds most of a digit, and people would not agree what to call it. We leave such windows out of the training.
"""

# %%
digits = load_digits(size=12)
train = (digits.train[0].astype("float64"), digits.train[1])
examples = training_windows(train, np.random.default_rng(0))
print("windows", examples[0].shape, "of class 10:", int((examples[1] == 10).sum()))
shown = {str(examples[1][place]): 1 - examples[0][place, 0] for place in range(3)}
ink = examples[0].sum(axis=(1, 2, 3))
pieces = np.flatnonzero((examples[1] == 10) & (ink > 8))
for number in (1, 2, 3):
    shown[f"nothing {number}"] = 1 - examples[0][pieces[number], 0]
figures.pictures(shown)
plt.show()

# %% [markdown]
r"""
The network is one of `helpers.nn`, whose layers have the names of `paddle.nn`. `small.train` ([chapter 01](01_history.ipynb)) is quick on many small windows. It takes a list of layers, which `describe` gives, and then we put the weights into our model.
"""


# %%
def network(classes, padding=(0, 0), side=2, rng=None):
    return nn.Sequential(
        nn.Conv2D(1, 8, 5, padding=padding[0], rng=rng),
        nn.ReLU(),
        nn.MaxPool2D(2),
        nn.Conv2D(8, 16, 3, padding=padding[1], rng=rng),
        nn.ReLU(),
        nn.MaxPool2D(2),
        nn.Flatten(),
        nn.Linear(16 * side * side, 64),
        nn.ReLU(),
        nn.Linear(64, classes),
    )


# %%
def train_network(model, data, seed, epochs=8, rate=0.01):
    trained = small.train(model.describe(), data, epochs, seed, rate)
    for index, pair in enumerate(trained.weights):
        if pair is not None:
            model[index].weight.value = pair[0]
            model[index].bias.value = pair[1]
    return model


model = train_network(network(11), examples, seed=0)
right = nn.predict(model, examples[0]).argmax(axis=1) == examples[1]
assert right.mean() > 0.85
print("more than 85 of 100 training windows are right")

# %% [markdown]
r"""
The conversion takes three lines. The first six layers stay as they are. `Flatten` goes, and two kernels take the place of the two dense layers. The first one, 2×2, is as large as the last map of a window. We try it on a page of 96×96 pixels with eight digits that the training never saw.
"""

# %%
first = as_convolution(model[7], (16, 2, 2))
second = as_convolution(model[9], (64, 1, 1))
body = [model[index] for index in range(6)]


def everywhere(x):
    for layer in [*body, first, nn.ReLU(), second]:
        x = layer(x)
    return x


# %%
test = (digits.test[0].astype("float64"), digits.test[1])


def detector(model):
    return as_convolutions(model, (1, 16, 16))


def make_page(rng):
    chosen = rng.choice(500, 8, replace=False)
    page, places = fill_canvas(test[0][chosen], 96, 6, rng)
    return page, places - 2, test[1][chosen]


# %%
page, corners, labels = make_page(np.random.default_rng(1))
grid = everywhere(page)
cut = model(windows(page, 16, 4))
print("one pass:", grid.shape, "  windows, one by one:", cut.shape)
agree(one_pass=grid, windows=cut.T.reshape(1, 11, 21, 21))
agree(ours=grid, helpers=detector(model)(page))

# %% [markdown]
r"""
The digits of a page are at least 6 pixels apart; `fill_canvas` draws the places at random. `corners` are the places where a window would have its digit exactly in the middle. By hand: (96 − 16)/4 + 1 = 21, so the grid has 21×21 answers. They are those of the 441 windows. `as_convolutions` of our helpers does the same conversion for any `Sequential`.

> **Think.** What would the grid be if the first of the new kernels moved with stride 2?
>
> <details><summary>Answer</summary>
>
> Every second answer in each direction: 11×11 of them, one every 8 pixels. The maps before it stay the same, and cost the same.
>
> </details>

Softmax over the eleven classes turns each answer into shares. The share of one class at all places is a **heat map**. Before you look: in how many places of the map of a digit will the share be large, in one or in several?
"""

# %% tags=["picture-trained"]
shares = ops.softmax(grid, axis=1)[0]
digit = int(labels[0])
shown = {"page": 1 - page[0, 0]}
for name, index in {f"share of {digit}": digit, "share of nothing": 10}.items():
    cells = np.kron(shares[index], np.ones((4, 4)))
    shown[name] = np.pad(cells, 6, constant_values=np.nan)
limits = [None, (0, 1), (0, 1)]
figures.pictures(shown, ["photo", "value", "value"], limits=limits)
plt.show()
print("the digits on the page:", sorted(labels.tolist()))

# %% [markdown]
r"""
The maps have one cell for each 4 pixels of the page. Each cell is drawn at the middle of its window, the first one around pixel 8, so a frame of 6 pixels stays empty. A digit lights up in several neighbouring cells, because neighbouring windows hold it too, or most of it. Single cells may light up elsewhere, where a window cuts through another digit.

To have one box for each digit, we go through the places from the largest share down. We keep a place if its share of some digit is above a threshold, here 0.7; we shall try others. We skip it if a place that we kept already is less than 10 pixels away, up and across. Why 10? Windows that hold the same digit are mostly 4 or 8 pixels apart, and the middles of two digits at least 18. By hand: shares of 0.9 at row 8 and column 8, 0.8 at row 8 and column 12, 0.75 at row 8 and column 28. We keep the first, skip the second, 4 pixels away, and keep the third. This is **non-maximum suppression**. (The shares are rounded first, so that no last bit decides about an order.)

> **Activity: which boxes are left?** Five minutes, with pencil and paper. A detector gives these eight places. Apply the rule: the largest share first, a threshold of 0.7, and 10 pixels. Write down the letters of the places that you keep, in any order, such as `["A", "B"]`.
>
> | place | row | column | share |
> |---|---|---|---|
> | A | 8 | 8 | 0.90 |
> | B | 8 | 16 | 0.85 |
> | C | 8 | 24 | 0.80 |
> | D | 20 | 8 | 0.75 |
> | E | 40 | 40 | 0.95 |
> | F | 44 | 36 | 0.72 |
> | G | 60 | 8 | 0.69 |
> | H | 40 | 52 | 0.71 |
"""

# %%
my_boxes = ...
tell(check.left, my_boxes)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> First E, then A. B is only 8 pixels from A: skipped. C is 16 from A. It is 8 from B, but B was not kept, so C stays. D is 12 rows from A, which is not near: it stays. F is 4 pixels from E in both directions: skipped. H is 12 columns from E: it stays. G is below the threshold. `my_boxes = ["E", "A", "C", "D", "H"]`.
>
> </details>

The next cell writes the rule as a function.
"""


# %%
def find(scores, threshold=0.7):
    shares = ops.softmax(scores, axis=1)[0, :10]
    best = shares.max(axis=0).round(6)
    found = []
    for place in np.argsort(-best, axis=None, kind="stable"):
        row = int(place) // best.shape[1]
        column = int(place) % best.shape[1]
        near = [f for f in found if abs(f[0] - 4 * row) < 10 and abs(f[1] - 4 * column) < 10]
        if best[row, column] > threshold and not near:
            found.append((4 * row, 4 * column, int(shares[:, row, column].argmax())))
    return found


# %% tags=["picture-trained"]
shown = {}
for seed in (1, 2):
    page, corners, labels = make_page(np.random.default_rng(seed))
    found = find(everywhere(page))
    right, seen = match(found, corners, labels)
    shown[f"page {seed}"] = (page[0, 0], found, right, corners[~seen] + 2)
figures.finds(shown, window=16, size=12)
plt.show()

# %% [markdown]
r"""
Full boxes are right, dashed ones are wrong, and dotted ones are digits that were not found. A digit that is read as another one is both wrong and missed. The boxes do not fit tightly, because a box is a window of the grid and there is only one every 4 pixels. (Many detectors let the network predict the box as well, as OverFeat did.)

`match` compares with the truth, which we know because we made the pages. A find is right if a digit of its class stands at most 5 pixels from its middle, and each digit counts once. Two numbers say how good a detector is. **Precision** is the share of right finds among all finds. **Recall** is the share of found digits among all digits. By hand: of 8 digits a detector finds 6, and 4 more of its boxes are wrong. Its precision is 6/10 and its recall 6/8. A higher threshold never finds more; it usually raises precision and lowers recall.

## Why the network needs examples of nothing

Softmax over ten digits gives ten shares that add up to 1. So a network of ten classes cannot say "none of them". It can only spread its shares, and a threshold could then refuse the answer.

What does a network do with a window that is none of its classes? Training shapes its scores only where it has examples. Anywhere else they are whatever the weights happen to give.

> **Predict.** We train the same network on the windows with digits only, ten classes. These are half as many, so we take twice as many epochs. On pieces of test digits, will its largest share stay below 0.7?
"""

# %%
with_digit = examples[1] < 10
only_digits = (examples[0][with_digit], examples[1][with_digit])
ten = train_network(network(10), only_digits, seed=0, epochs=16)
new = training_windows(test, np.random.default_rng(3))
new_pieces = new[0][(new[1] == 10) & (new[0].sum(axis=(1, 2, 3)) > 8)]


def largest_share(net, x):
    return ops.softmax(net(x), axis=1)[:, :10].max(axis=1)


# %%
sure_10 = np.mean(largest_share(ten, new_pieces) > 0.7)
sure_11 = np.mean(largest_share(model, new_pieces) > 0.7)
assert sure_10 > 0.2
assert sure_11 < 0.15
print("ten digits: more than a fifth of the pieces above 0.7")
print("with a class for nothing: less than 15 of 100 pieces above 0.7")

# %% tags=["picture-trained"]
page, corners, labels = make_page(np.random.default_rng(1))
shown = {}
for name, model_of_page in {"ten digits": ten, "ten digits and nothing": model}.items():
    found = find(detector(model_of_page)(page))
    right, seen = match(found, corners, labels)
    shown[name] = (page[0, 0], found, right, corners[~seen] + 2)
figures.finds(shown, window=16, size=12)
plt.show()

# %% [markdown]
r"""
The ten classes are sure of many *pieces*. The training never showed them half a digit, and nothing forces their shares to be small there. A wrong box also takes the place of a right one beside it. Would a higher threshold repair it? And what helps, the class or the pieces? As a control we train eleven classes whose examples of nothing are all empty paper. Three networks of each kind read ten pages each, at three thresholds.
"""


# %%
def precision_and_recall(answer, pages, threshold=0.7):
    counts = np.zeros(3)
    for page, corners, labels in pages:
        right, seen = match(find(answer(page), threshold), corners, labels)
        counts += [right.sum(), len(right), len(seen)]
    return counts[0] / max(counts[1], 1), counts[0] / counts[2]


pages = [make_page(np.random.default_rng([7, number])) for number in range(10)]
detectors = {"ten digits": [detector(ten)], "+ empty paper": [], "+ pieces": [detector(model)]}
for seed in (1, 2):
    another_ten = train_network(network(10), only_digits, seed, epochs=16)
    detectors["ten digits"].append(detector(another_ten))
    another = train_network(network(11), examples, seed)
    detectors["+ pieces"].append(detector(another))

# %%
without_pieces = examples[0].copy()
without_pieces[~with_digit] = 0
for seed in (0, 1, 2):
    another = train_network(network(11), (without_pieces, examples[1]), seed)
    detectors["+ empty paper"].append(detector(another))
print("trained three networks of each kind:", list(detectors))

# %% tags=["picture-trained"]
precision = {name: {} for name in detectors}
recall = {name: {} for name in detectors}
for name, answers_of in detectors.items():
    for threshold in (0.5, 0.7, 0.95):
        pairs = [precision_and_recall(answer, pages, threshold) for answer in answers_of]
        precision[name][str(threshold)] = [pair[0] for pair in pairs]
        recall[name][str(threshold)] = [pair[1] for pair in pairs]
left, right = figures.panels(1, 2, 3.2)[0]
figures.dot_plot(precision, "threshold", "precision", ax=left)
figures.dot_plot(recall, "threshold", "recall", ax=right)
handles, names = left.get_legend_handles_labels()
left.figure.legend(handles, names, loc="outside upper left", ncols=3)
for ax in (left, right):
    ax.get_legend().remove()
plt.show()

# %%
assert np.mean(precision["+ pieces"]["0.7"]) > 0.6
assert np.mean(recall["+ pieces"]["0.7"]) > 0.6
strict = {name: np.mean(runs["0.95"]) for name, runs in precision.items()}
assert strict["+ pieces"] > strict["ten digits"] + 0.1
assert strict["+ pieces"] > strict["+ empty paper"] + 0.1
print("with pieces, precision and recall are above 0.6;")
print("at 0.95 the other two are less precise by more than 0.1")

# %% [markdown]
r"""
Each dot is one network on ten pages. Even a threshold of 0.95 brings the ten digits nowhere near: about pieces they are wrong *and* sure. A class for nothing that has seen only empty paper is no better. So the class alone does not help; it needs examples of the pieces. (Sermanet and others hope to do without such examples, by adding up the boxes of many windows.)

> **Think.** A page with no digit at all: what are precision and recall then?
>
> <details><summary>Answer</summary>
>
> Recall divides by the number of digits, 0, and has no value. Precision is 0 if anything was found, and has no value if nothing was. For empty pages one counts false finds instead.
>
> </details>

## Equal without padding, different with it

Many networks keep their maps from shrinking with zero padding. Does the conversion still agree? Take the same network with padding 2 and 1: 16 → 16 → 8 → 8 → 4. We let random weights look at random pixels, so that nothing hides in empty paper, and compare maps at three depths. We subtract the map of a cut-out window from the same place in the map of the whole picture. After 5 layers, for example, a window has 8×8 places, and the next window starts 2 places further on: `(5, 8, 2)`. Each number shown is the root mean square of that difference over 441 windows and all channels, divided by the standard deviation of the map.

> **Predict.** Where does a window differ from the same place in the large map: everywhere, in the middle, or at its border? And how wide is the border at each depth?
"""


# %%
def up_to(model, x, count):
    for index in range(count):
        x = model[index](x)
    return x


def differences(model, picture, depths):
    found = {}
    for name, (count, side, step) in depths.items():
        alone = up_to(model, windows(picture, 16, 4), count)
        within = windows(up_to(model, picture, count), side, step)
        found[name] = np.sqrt(np.mean((alone - within) ** 2, axis=(0, 1))) / within.std()
    return found


# %%
picture = rng.random((1, 1, 96, 96))
padded = network(11, (2, 1), 4, rng).astype("float64")
depths = {"first convolution": (2, 16, 4), "second convolution": (5, 8, 2)}
depths["second pooling"] = (6, 4, 1)
found = differences(padded, picture, depths)
figures.pictures(found, "value", limits=(0, 1.2), labels="difference ÷ deviation")
plt.show()

# %%
touched = [np.mean(of_depth > 1e-9) for of_depth in found.values()]
by_hand = [1 - 12**2 / 16**2, 1 - 4**2 / 8**2, 1 - 2**2 / 4**2]
agree(by_hand=by_hand, share_of_places_that_differ=touched)

# %% [markdown]
r"""
The middle is exactly equal, at every depth. The border is not: where a cut-out window sees zeros, the whole picture shows its neighbours. After the first convolution it is 2 of 16 places wide, and the pooling makes it 1 of 8. The second convolution adds one place, 2 of 8, and the second pooling makes it 1 of 4. In the end 12 of the 16 places differ, and the dense layer reads them all. (Which side differs most depends on the random kernels.)

By the same reasoning, the answers of the 6×6 grid of the famous network are *not* those of its 36 windows. Its field of 404 pixels reaches 90 pixels beyond each side of a window of 224, and a cut-out window has zeros there. Now the trained scores on a page: the largest difference, divided by the standard deviation of the scores.
"""

# %%
padded = train_network(network(11, (2, 1), 4), examples, seed=0)
largest = {}
for name, net in {"without padding": model, "with padding": padded}.items():
    one_pass = detector(net)(page)
    one_by_one = net(windows(page, 16, 4)).T.reshape(1, 11, 21, 21)
    largest[name] = np.abs(one_pass - one_by_one).max() / one_by_one.std()
assert largest["without padding"] < 1e-9
assert largest["with padding"] > 0.3
print("without padding: equal up to rounding")
print("with padding: the largest difference is above 0.3 standard deviations")

# %% [markdown]
r"""
> **Correction.** *Often written:* the converted network gives results identical to those of the windows, also for networks with padding. *True:* only if the network pads nowhere. Simonyan and Zisserman say so of their own network: a window is padded with zeros, in the whole picture its neighbours take their place. Whether different means *worse* is another question: see *Deeper: different, and worse?* below.

## What is saved

Where does the saving come from? Neighbouring windows overlap, and sliding computes what they share again and again. By hand, for our network and a step of 4: after the first convolution a window has 12×12 numbers in each channel. The next window is 4 of them further on, so each number is computed (12/4)² = 9 times. After the second there are 4×4 numbers, and a step is 2 of them: (4/2)² = 4 times. The dense layers are computed once for each window either way: nothing is saved there.

> **Predict.** A large page: what is the ratio of all multiply-adds together, nearer to 9, to 4 or to 1?
"""


# %%
def multiply_adds(net, shape):
    return np.array([row.multiply_adds for row in geometry.summary(net, shape)])


converted = detector(model)
# Places in the lists: the two convolutions, and the dense layer or its kernel (Flatten is gone).
for size in (96, 416):
    count = ((size - 16) // 4 + 1) ** 2
    slid = count * multiply_adds(model, (1, 16, 16))
    one_pass = multiply_adds(converted, (1, size, size))
    ratios = [slid[0] / one_pass[0], slid[3] / one_pass[3], slid[7] / one_pass[6]]
    print(
        f"page of {size}: layer by layer {np.round(ratios, 2)}, all {slid.sum() / one_pass.sum():.2f}"
    )

# %% [markdown]
r"""
Layer by layer the ratios are nearly 9, 4 and 1; at the border of a page fewer windows overlap. Why 4 all together? By hand: a window costs 28,800 + 18,432 + 4,800 = 52,032, the two dense layers as one number. In one pass its part is 28,800/9 + 18,432/4 + 4,800 = 12,608, and 52,032/12,608 is 4.1. What is *not* saved decides: after converting, the dense layers are the largest part. A network with most of its work in the dense layers saves next to nothing.

## Deeper: on the clock

Is one pass faster on the clock as well? We run our trained network in Paddle, which also confirms all answers, and take the best of nine tries of each.
"""


# %%
def body_of(x):
    x = F.max_pool2d(F.relu(F.conv2d(x, tensors[0], tensors[1])), 2)
    return F.max_pool2d(F.relu(F.conv2d(x, tensors[2], tensors[3])), 2)


def slide(x):
    hidden = F.relu(F.linear(body_of(x).flatten(1), tensors[4], tensors[5]))
    return F.linear(hidden, tensors[6], tensors[7])


def convert(x):
    hidden = F.relu(F.conv2d(body_of(x), kernel_1, tensors[5]))
    return F.conv2d(hidden, kernel_2, tensors[7])


# %%
tensors = [paddle.to_tensor(parameter.value) for parameter in model.parameters()]
kernel_1 = tensors[4].T.reshape([64, 16, 2, 2])
kernel_2 = tensors[6].T.reshape([11, 64, 1, 1])
batch = paddle.to_tensor(windows(page, 16, 4))
whole = paddle.to_tensor(page)
slid = slide(batch).numpy().T.reshape(1, 11, 21, 21)
agree(numpy=everywhere(page), paddle_one_pass=convert(whole), paddle_slid=slid)


# %% tags=["picture-varies"]
milliseconds = {
    "441 windows": 1000 * seconds(slide, batch),
    "one pass": 1000 * seconds(convert, whole),
}
figures.time_dots({"a page of 96×96": milliseconds}, "milliseconds (logarithmic)")
plt.show()

# %% [markdown]
r"""
The clock's ratio need not be that of the multiply-adds. It depends on the machine and on the program, so your picture will differ from ours. Here one pass was more than ten times as fast.

## Deeper: different, and worse?

The padded network was trained on windows with zeros around them. Converted, it sees neighbours there. On our pages paper is 0, and a padded zero looks like more paper. On *inverted* pages paper is 1 and ink is 0, and a padded zero looks like ink. The two small pictures show the numbers as they are: **0 is drawn black and 1 white**, so padding adds black. If this is the reason, it should help to pad inverted pages with 1 before the first convolution, which then pads nothing itself. (The second convolution still pads its maps with 0.) We take half as many epochs, to save time.

> **Predict** for all three: how precise is the network, slid and converted?
"""

# %%
shown = {"paper 0, ink 1": examples[0][0, 0], "paper 1, ink 0": 1 - examples[0][0, 0]}
figures.pictures(shown, zoom=10)
plt.show()


# %%
def as_it_is(x):
    return x


def with_paper(x):
    return ops.pad2d(x, 2, value=1.0)


# %%
def precisions(net, paper, frame):
    everywhere = as_convolutions(net, frame(examples[0][:1]).shape[1:])

    def one_by_one(page):
        return net(frame(windows(page, 16, 4))).T.reshape(1, 11, 21, 21)

    def one_pass(page):
        return everywhere(frame(page))

    these = [(np.abs(paper - page), corners, labels) for page, corners, labels in pages[:6]]
    slid = precision_and_recall(one_by_one, these)[0]
    return slid, precision_and_recall(one_pass, these)[0]


# %%
kinds = {"paper 0": (0, as_it_is, (2, 1)), "paper 1": (1, as_it_is, (2, 1))}
kinds["paper 1, padded with 1"] = (1, with_paper, (0, 1))


def train_on(name, seed):
    paper, frame, padding = kinds[name]
    data = (frame(np.abs(paper - examples[0])), examples[1])
    return train_network(network(11, padding, 4), data, seed, epochs=4)


trained = {}
for name in kinds:
    trained[name] = [train_on(name, seed) for seed in (0, 1)]
print("trained two networks of each kind:", list(trained))

# %%
for seed in (2, 3, 4):
    for name in ("paper 1", "paper 1, padded with 1"):
        trained[name].append(train_on(name, seed))
print("and three more of each kind on paper 1, where networks differ most")

# %% tags=["picture-trained"]
results = {"slid": {}, "converted": {}}
for name, (paper, frame, _) in kinds.items():
    pairs = [precisions(net, paper, frame) for net in trained[name]]
    results["slid"][name] = [pair[0] for pair in pairs]
    results["converted"][name] = [pair[1] for pair in pairs]
figures.dot_plot(results, ylabel="precision")
plt.show()

# %%
lost = {}
for name in kinds:
    lost[name] = np.mean(results["slid"][name]) - np.mean(results["converted"][name])
assert abs(lost["paper 0"]) < 0.15
assert lost["paper 1"] > lost["paper 0"]
assert lost["paper 1"] > lost["paper 1, padded with 1"]
print("paper 0: converting changes the precision by less than 0.15")
print("it costs most with paper 1 and zeros around the windows")

# %% [markdown]
r"""
On paper of 0 the converted network is about as good as the slid one: there a padded zero is what the page shows, too. On paper of 1 the same conversion costs much precision, and recall, too (try it). With paper around the windows, most of it comes back. So nobody can tell from the architecture alone whether the difference hurts. Fully convolutional networks with padding are trained converted, on whole pictures, so training and use see the same borders. Whoever converts afterwards should measure, as we did.

## Deeper: from which step on is sliding cheaper?

The grid of one pass has the step 4, whether we want all of its answers or not. With a larger step sliding shows fewer windows. Converting computes all maps as before; it can only skip answers, with a stride in the first of the new convolutions.

Not every step fits the grid. Windows every 3 pixels start at 0, 3, 6, 9 and so on: one on the grid, and the next ones 3, 2 and 1 pixels beside it. That takes four shifted passes in each direction, 16 in all (next section). Windows every 6 pixels take two in each direction. In general it is 4 divided by the greatest common divisor of step and 4.

> **Predict** for windows of 16 pixels on a page of 256: at which steps is converting cheaper?
"""

# %%
window = multiply_adds(model, (1, 16, 16)).sum()
maps = [geometry.conv(8, 5), geometry.pool(2), geometry.conv(16, 3), geometry.pool(2)]
steps = [*range(1, 17), 20, 24]
ratios = {"all answers": [], "wanted answers only": []}
for step in steps:
    slid = ((256 - 16) // step + 1) ** 2 * window
    divisor = int(np.gcd(step, 4))
    passes = (4 // divisor) ** 2
    for name, stride in {"all answers": 1, "wanted answers only": step // divisor}.items():
        head = [geometry.conv(64, 2, stride=stride), geometry.conv(11, 1)]
        one_pass = multiply_adds(maps + head, (1, 256, 256)).sum()
        ratios[name].append(slid / (passes * one_pass))
figures.savings(steps, ratios, window=16)
plt.show()

# %%
cheaper = {}
for name, values in ratios.items():
    cheaper[name] = [step for step, ratio in zip(steps, values, strict=True) if ratio > 1]
print("converting is cheaper at the steps")
agree(all_answers=cheaper["all answers"], wanted_answers_only=cheaper["wanted answers only"])

# %% [markdown]
r"""
The vertical axis is logarithmic. Converting is cheaper at the steps 1, 2, 4 and 8 only; at 8 the two cost nearly the same unless unwanted answers are skipped. At 3, 5, 6 and 7 the passes are too many. (Passes that share their first layers, as in the next section, move this border.) From 9 on sliding is cheaper, although windows of 16 still overlap.

Why is the border not at 16, where the windows lie side by side? Sliding computes 12·12 = 144 numbers for each of them after the first convolution, converting 16·16 = 256. It also computes those whose field crosses from one window into the next, and nobody asked for these. A control: a window with padding computes all 256 itself, so at the step 16 the two should cost the same.
"""

# %%
tiled = 16**2 * multiply_adds(padded, (1, 16, 16)).sum()
layers = [geometry.conv(8, 5, padding=2), geometry.pool(2), geometry.conv(16, 3, padding=1)]
layers += [geometry.pool(2), geometry.conv(64, 4, stride=4), geometry.conv(11, 1)]
agree(sliding=tiled, converting=multiply_adds(layers, (1, 256, 256)).sum())

# %% [markdown]
r"""
So converting pays for a *dense* grid whose step fits the jump. The memory is another matter. A batch of all windows needs several times as much of it as one pass, windows one by one almost none. `geometry` adds up the outputs of all layers, in float32:
"""


# %%
def megabytes(net, shape):
    return sum(row.activation_bytes for row in geometry.summary(net, shape)) / 1e6


alone = megabytes(model, (1, 16, 16))
count = ((256 - 16) // 4 + 1) ** 2
print(f"one window {alone:.3f} MB, all {count} windows in a batch {count * alone:.0f} MB")
print(f"one pass over 256 × 256: {megabytes(converted, (1, 256, 256)):.1f} MB")

# %% [markdown]
r"""
## Deeper: windows that are not in the grid

The grid has a window at every multiple of the jump, and no other. A window that starts at row 2 of the page is not in it: it starts at row 1 of the map before the second pooling. This pooling pairs rows 0 and 1, 2 and 3, and so on; the window would need 1 and 2, 3 and 4. To have it, shift the *page*: cut off the first two rows. For every window of a page, with step 1, take 4·4 shifts, each in one pass, and interleave the sixteen grids. Giusti and others (2013) do it more cheaply, and share the first layers.
"""

# %%
grid = converted(picture)
shifted = converted(picture[:, :, 2:, :])
from_row_2 = model(windows(picture[:, :, 2:, :], 16, 4))
agree(windows_from_row_2=from_row_2.T.reshape(1, 11, 20, 21), shifted_page=shifted)
differ = np.abs(grid[0] - from_row_2[0].reshape(11, 1, 1)).max(axis=0)
print("is the first of them in the grid?", bool(differ.min() < 0.01))

# %%
part = picture[:, :, :40, :40]
dense_grid = np.zeros((1, 11, 25, 25))
for down in range(4):
    for across in range(4):
        answer = converted(part[:, :, down:, across:])
        dense_grid[:, :, down::4, across::4] = answer
every_window = model(windows(part, 16, 1))
agree(every_window=every_window.T.reshape(1, 11, 25, 25), sixteen_passes=dense_grid)

# %% [markdown]
r"""
## Deeper: global average pooling takes any size, too

[Chapter 06](06_pooling.ipynb) had another way to a fixed number of features: average each channel over the whole map. A dense layer behind it does not care how large the map was. What does such a network answer on a large page? Averaging and a dense layer are both linear, so we may exchange them: first a 1×1 convolution gives scores at every place, then the average. So it gives **one** answer, the mean of a grid that it could have shown (Zhou and others, 2015, draw it as a heat map):
"""

# %%
features = rng.random((1, 16, 22, 22))
dense = nn.Linear(16, 5, rng=rng).astype("float64")
pooled = dense(ops.global_avg_pool2d(features).reshape(1, 16))
at_every_place = as_convolution(dense, (16, 1, 1))(features)
agree(pool_then_dense=pooled, dense_then_pool=at_every_place.mean(axis=(2, 3)))
print("answers: pooled", pooled.shape, " at every place", at_every_place.shape)

# %% [markdown]
r"""
On a page with eight digits the mean mixes all of them with the paper: one answer, which belongs to no place. Global average pooling answers "what is in the picture", and the converted dense layer "what is where".

## What you have seen, done, and can now use

- **One idea:** a dense layer on maps of $C \times h \times w$ is a convolution with kernels of $C \times h \times w$. A dense layer on features is a 1×1 convolution. The order of `Flatten` is channel, row, column.
- **The grid:** one answer every *jump* pixels, (size − window)/jump + 1 of them in a row; other windows need a shifted page.
- **Detection:** a heat map for each class, examples of nothing, a threshold, and non-maximum suppression; precision and recall on pages whose truth is known.
- **Equal** to sliding without zero padding, to the last rounding. With padding the border of every window differs, and whether it hurts must be measured.
- **Saved** is what overlapping windows share. On our network it is a factor of about 4 at step 4, and nothing at steps above 8 or beside the grid.

Keep one sentence: a dense layer is a convolution as large as its map, so a network without padding, trained on windows, reads a whole page in one pass.

## Exercises

The [exercises of this chapter](exercises/14_dense_to_convolution.ipynb) check themselves. Count a grid by hand, convert weights from another program, and turn a convolution back into a dense layer. Build a detector without training, and read every window of a page. At last measure how far the zeros of the padding reach.

## Further reading

- O. Matan, C. Burges, Y. LeCun and J. Denker, *Multi-digit recognition using a space displacement neural network*, 1991, Advances in Neural Information Processing Systems 4.
- P. Sermanet and others, *OverFeat: integrated recognition, localization and detection using convolutional networks*, 2013, [arXiv 1312.6229](https://arxiv.org/abs/1312.6229).
- A. Giusti and others, *Fast image scanning with deep max-pooling convolutional neural networks*, 2013, [arXiv 1302.1700](https://arxiv.org/abs/1302.1700).
- K. Simonyan and A. Zisserman, *Very deep convolutional networks for large-scale image recognition*, 2014, [arXiv 1409.1556](https://arxiv.org/abs/1409.1556): section 3.2 converts the dense layers and tells what padding changes.
- J. Long, E. Shelhamer and T. Darrell, *Fully convolutional networks for semantic segmentation*, 2014, [arXiv 1411.4038](https://arxiv.org/abs/1411.4038).
- B. Zhou and others, *Learning deep features for discriminative localization*, 2015, [arXiv 1512.04150](https://arxiv.org/abs/1512.04150).

Previous: [13 Train a CNN from scratch](13_three_layer_network.ipynb) · Next: [15 Read handwriting with LeNet-5](15_lenet.ipynb)
"""
