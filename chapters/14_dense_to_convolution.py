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

**Need** kernels with channels from [chapter 04](04_channels_and_batches.ipynb), padding, jump and receptive field from [chapter 03](03_padding_stride_receptive_field.ipynb), shares and training from [chapter 07](07_activations.ipynb). About 50 minutes, and 30 more for the four sections marked *Deeper*.
"""

# %%
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, geometry, nn, ops, small
from helpers.data import load_digits
from helpers.sliding import as_convolutions, fill_canvas, match, training_windows, windows

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
> **Think.** The upper left answer is 4, as before. What would the dense layer say to the other three windows of 2×2, if we cut them out and showed them one by one?
"""

# %%
cut = windows(large_map[None, None], size=2, step=1)
one_by_one = ops.linear(cut.reshape(4, 4), weights.reshape(4, 1)).reshape(2, 2)
tensor = paddle.to_tensor(large_map[None, None])
in_paddle = F.conv2d(tensor, paddle.to_tensor(kernel[None, None]))[0, 0]
agree(by_hand=[[4, 5], [3, 9]], dense_one_by_one=one_by_one, numpy=answers, paddle=in_paddle)

# %% [markdown]
r"""
The convolution gives the dense layer's answer at every place. That is the whole idea, and the rest of this chapter follows from it. Notice what did *not* happen: no weight was added, none was changed, and nothing was trained again. Only the order changed in which the same products are computed. A dense layer was never tied to one size by its arithmetic. It is tied by the row in which it expects its numbers. `windows(x, size, step)` is ours; it cuts out all windows of one image, row by row.

## Many channels, many outputs, and one order

A dense layer with 5 outputs on maps of 3 channels and 2×2 pixels has a table of 12 rows and 5 columns, as Paddle stores it. Each *column* becomes one kernel of shape 3×2×2. `Flatten` writes channel after channel, each of them row by row, so the kernel must be filled in the same order: channel, row, column. A dense layer behind that one reads features, not maps. Each feature is a map of one pixel, and the kernel is 1×1.
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
There is no error message. The shapes are right and the numbers are wrong, so compare one window before you trust a conversion. This happens most often when weights travel from one program to another. If one stores the channel first and the other last, the weights of the *convolutions* are moved with care, and the dense layer behind them is forgotten.

## Thirty-six windows in one pass

Now the sizes of a famous case. A network for photographs takes 224×224 pixels. Five times it halves the map, so 224 becomes 7, and a dense layer reads 512 channels of 7×7. We want an answer for every window of a photograph of 384×384, one window every 32 pixels. By hand there are (384 − 224)/32 + 1 = 6 windows in a row, 36 in all. Cut out and shown one by one, they cost 36 evaluations.

Convert instead. The photograph of 384 becomes a map of 384/32 = 12. The dense layer is a kernel of 7×7, and it has 12 − 7 + 1 = 6 places in a row: a grid of 6×6 answers, in one pass. (A drawing can show three of the windows.)
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
print(f"multiply-adds, 36 windows: {slid:.2e}, one pass: {converted:.2e}")
print(f"sliding costs {slid / converted:.1f} times as much")
agree(parameters=sum(r.parameters for r in before), converted=sum(r.parameters for r in after))
field = geometry.receptive_field(layers + as_kernels)[-1]
agree(by_hand=[32, 404], geometry=[field.jump, field.field])

# %% [markdown]
r"""
Not a parameter was added, and the work falls to an eleventh. The saving is all in the convolutions, where windows overlap. The three dense layers work once for each of the 36 answers, as before. One number should make you suspicious: each answer of the grid sees a field of 404 pixels, and the windows were 224 wide. We come back to it.

Let us run the case. A narrow network with the same sizes is enough: five convolutions of 2×2 with stride 2, few channels, no padding, and one dense layer with 5 classes. Its field is exactly 224.
"""

# %%
channels = [3, 4, 4, 8, 8, 8]
halvings = []
for depth in range(5):
    weight = rng.normal(size=(channels[depth + 1], channels[depth], 2, 2))
    weight = weight / np.sqrt(2 * channels[depth])
    halvings.append(paddle.to_tensor(weight))
table = rng.normal(size=(8 * 7 * 7, 5))
kernels = paddle.to_tensor(table.T.reshape(5, 8, 7, 7))


def maps_of(x):
    for weight in halvings:
        x = F.relu(F.conv2d(x, weight, stride=2))
    return x


# %%
photograph = rng.random((1, 3, 384, 384))
large = maps_of(paddle.to_tensor(photograph))
cut = maps_of(paddle.to_tensor(windows(photograph, 224, 32)))
grid = F.conv2d(large, kernels)
print("384:", list(large.shape), "→", list(grid.shape), "  36 windows of 224:", list(cut.shape))
slid = F.linear(cut.reshape([36, -1]), paddle.to_tensor(table))
agree(slid=slid.numpy().T.reshape(1, 5, 6, 6), converted=grid)

# %% [markdown]
r"""
The 180 answers agree, 36 windows with 5 classes each. The kernels of the dense layer were made in one line, by `.T.reshape(5, 8, 7, 7)`.

The idea is old. Matan and others read handwritten numbers with it in 1991 and called it a *space displacement network*. OverFeat (Sermanet and others, 2013) used it for detection. It looks at several sizes of the picture, since windows of one size find objects of one size. Networks without a dense layer are called **fully convolutional** since Long and others (2014), who label every pixel with them.

> **Think.** What does the converted network answer on a photograph of 400×400 pixels? And on one of 200×200?
>
> <details><summary>Answer</summary>
>
> 400 is halved to 200, 100, 50, 25 and then, rounded down, 12. So there are 6×6 answers again, and the last 16 rows and columns are never read. 200 leaves a map of 6, and a kernel of 7×7 does not fit: there is no answer.
>
> </details>

## A network for digits, and its conversion

Our digits are 12×12 pixels, and the network takes windows of 16×16. It has no padding: 16 → 12 → 6 → 4 → 2. Two poolings of 2 make a jump of 4. A digit of 12 fits into a window of 16 at offsets from 0 to 4, in each direction. So wherever a digit stands on a page, at least one window of the grid with step 4 holds it whole. This is why we chose 12 and 16.

Training data are windows cut from pages full of training digits. Half of them hold one digit, at a random offset, perhaps with a bit of a neighbour. The middle of the other half is at least 5 pixels from the middle of every digit: empty paper, or pieces. Their class is 10, and it means *nothing*. In between, a window holds most of a digit, and people would not agree what to call it. We leave such windows out of the training.
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
The network is one of `helpers.nn`, whose layers have the names of `paddle.nn`. `small.train` ([chapter 01](01_history.ipynb)) trains a list of such layers quickly, and `describe` gives the list; then we put the weights into our model.
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
def train_network(model, data, seed):
    trained = small.train(model.describe(), data, epochs=8, seed=seed)
    for index, pair in enumerate(trained.weights):
        if pair is not None:
            model[index].weight.value = pair[0]
            model[index].bias.value = pair[1]
    return model


model = train_network(network(11), examples, seed=0)
right = nn.predict(model, examples[0]).argmax(axis=1) == examples[1]
print("more than nine training windows in ten are right:", bool(right.mean() > 0.9))

# %% [markdown]
r"""
The conversion takes three lines. The first six layers stay as they are. `Flatten` goes, and two kernels take the place of the two dense layers. The first one, 2×2, is as large as the last map of a window.
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
A page has 96×96 pixels and eight test digits, which the training never saw, at least 6 pixels apart. `fill_canvas` draws the places at random. `corners` are the places where a window would have its digit exactly in the middle. By hand: (96 − 16)/4 + 1 = 21, so the grid has 21×21 answers. They are those of the 441 windows. `as_convolutions` of our helpers does the same conversion for any `Sequential`.

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
shown = {"page": 1 - page[0, 0], f"share of {digit}": shares[digit]}
shown["share of nothing"] = shares[10]
limits = [None, (0, 1), (0, 1)]
figures.pictures(shown, ["photo", "value", "value"], limits=limits)
plt.show()
print("the digits on the page:", sorted(labels.tolist()))

# %% [markdown]
r"""
The maps have one cell for each 4 pixels of the page; the cell in the corner belongs to the window in the corner, whose middle is pixel 8. A digit lights up in several neighbouring cells, because neighbouring windows hold it too. Single cells may light up elsewhere, where a window cuts through another digit. To have one box for each digit, we go through the places from the largest share down. We keep a place if its share of some digit is above a threshold, here 0.7. We skip it if a place that we kept already is less than 10 pixels away, up and across. This is **non-maximum suppression**. (The shares are rounded first, so that no last bit decides about an order.)
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
Full boxes are right, dashed ones are wrong, and dotted ones are digits that were not found. A digit that is read as another one is both wrong and missed. The boxes do not fit tightly, because a box is a window of the grid and there is only one every 4 pixels. (Detectors that are used in earnest let the network predict the box as well, as OverFeat did.)

`match` compares with the truth, which we know because we made the pages. A find is right if a digit of its class stands at most 5 pixels from its middle, and each digit counts once. Two shares say how good a detector is. **Precision** is the share of right finds among all finds. **Recall** is the share of found digits among all digits. By hand: of 8 digits a detector finds 6, and 4 more of its boxes are wrong. Its precision is 6/10 and its recall 6/8. Raising the threshold trades the second for the first.

## Why the network needs a word for nothing

Softmax over ten digits gives ten shares that add up to 1. So a network of ten classes cannot say "none of them". It can only spread its shares, and a threshold could then refuse the answer.

What does a network do with a window that is none of its classes? Training shapes its scores only where it has examples. Anywhere else they are whatever the weights happen to give.

> **Predict.** We train the same network on the windows with digits only, ten classes. On empty paper, and on pieces of digits, will its largest share stay below 0.7?
"""

# %%
with_digit = examples[1] < 10
only_digits = (examples[0][with_digit], examples[1][with_digit])
ten = train_network(network(10), only_digits, seed=0)
page, corners, labels = make_page(np.random.default_rng(1))
empty = ops.softmax(ten(np.zeros((1, 1, 16, 16))))
agree(by_hand=1, ten_shares_of_empty_paper=empty.sum())
count_10 = len(find(detector(ten)(page)))
count_11 = len(find(everywhere(page)))
print("with ten classes more finds than digits:", count_10 > 8 and count_10 > count_11)

# %% tags=["picture-trained"]
shown = {}
for name, model_of_page in {"ten digits": ten, "ten digits and nothing": model}.items():
    found = find(detector(model_of_page)(page))
    right, seen = match(found, corners, labels)
    shown[name] = (page[0, 0], found, right, corners[~seen] + 2)
figures.finds(shown, window=16, size=12)
plt.show()

# %% [markdown]
r"""
On this page it does not fire on empty paper. It fires on *pieces*. The training never showed it half a digit, and nothing forces its shares to be small there. A wrong box also takes the place of a right one beside it. Would a higher threshold repair it? Three networks of each kind read ten pages each, at three thresholds.
"""


# %%
def precision_and_recall(answer, pages, threshold=0.7):
    counts = np.zeros(3)
    for page, corners, labels in pages:
        right, seen = match(find(answer(page), threshold), corners, labels)
        counts += [right.sum(), len(right), len(seen)]
    return counts[0] / max(counts[1], 1), counts[0] / counts[2]


pages = [make_page(np.random.default_rng([7, number])) for number in range(10)]
detectors = {"ten digits": [detector(ten)], "with nothing": [detector(model)]}
for seed in (1, 2):
    another_ten = train_network(network(10), only_digits, seed)
    detectors["ten digits"].append(detector(another_ten))
    another = train_network(network(11), examples, seed)
    detectors["with nothing"].append(detector(another))

# %% tags=["picture-trained"]
precision = {"ten digits": {}, "with nothing": {}}
recall = {"ten digits": {}, "with nothing": {}}
for name, answers_of in detectors.items():
    for threshold in (0.5, 0.7, 0.95):
        pairs = [precision_and_recall(answer, pages, threshold) for answer in answers_of]
        precision[name][str(threshold)] = [pair[0] for pair in pairs]
        recall[name][str(threshold)] = [pair[1] for pair in pairs]
left, right = figures.panels(1, 2, 3.2)[0]
figures.dot_plot(precision, "threshold", "precision", ax=left)
figures.dot_plot(recall, "threshold", "recall", ax=right)
plt.show()

# %%
assert np.mean(precision["with nothing"]["0.7"]) > 0.6
assert np.mean(recall["with nothing"]["0.7"]) > 0.6
gain = np.mean(precision["with nothing"]["0.95"]) - np.mean(precision["ten digits"]["0.95"])
assert gain > 0.1
print("with a class for nothing, precision and recall are above 0.6;")
print("at the threshold 0.95 ten digits alone are less precise by more than 0.1")

# %% [markdown]
r"""
Each dot is one network on ten pages. Even a threshold of 0.95 brings the ten digits nowhere near the network that has a word for nothing: about pieces they are wrong *and* sure. The pieces have to be in the training.

> **Think.** A page with no digit at all: what are precision and recall then?
>
> <details><summary>Answer</summary>
>
> Recall divides by the number of digits, 0, and has no value. Precision is 0 if anything was found, and has no value if nothing was. For empty pages one counts false finds instead.
>
> </details>

## Equal without padding, different with it

Many networks keep their maps from shrinking with zero padding. Does the conversion still agree? Take the same network with padding 2 and 1: 16 → 16 → 8 → 8 → 4. We let random weights look at random pixels, so that nothing hides in empty paper, and compare maps at three depths. We subtract the map of a cut-out window from the same place in the map of the whole picture. Each number shown is the root mean square of that difference over 441 windows and all channels, divided by the standard deviation of the map.

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
figures.pictures(found, "value", limits=(0, 1.2), labels="difference : deviation")
plt.show()

# %%
touched = [np.mean(of_depth > 1e-9) for of_depth in found.values()]
by_hand = [1 - 12**2 / 16**2, 1 - 4**2 / 8**2, 1 - 2**2 / 4**2]
agree(by_hand=by_hand, share_of_places_that_differ=touched)

# %% [markdown]
r"""
The middle is exactly equal, at every depth. The border is not: where a cut-out window sees zeros, the whole picture shows its neighbours. The border is 2 pixels wide after the first convolution. The second one adds a place, and the pooling halves it. In the end 12 of the 16 places differ, and the dense layer reads them all.

By the same reasoning, the answers of the 6×6 grid of the famous network are *not* those of its 36 windows. Its field of 404 pixels reaches 90 pixels beyond each side of a window of 224, and a cut-out window has zeros there. Now the trained answers, on a page, as the size of the difference against the spread of the scores:
"""

# %%
padded = train_network(network(11, (2, 1), 4), examples, seed=0)
kinds = {"without padding": model, "with padding": padded}
for name, net in kinds.items():
    one_pass = detector(net)(page)
    one_by_one = net(windows(page, 16, 4)).T.reshape(1, 11, 21, 21)
    gap = np.abs(one_pass - one_by_one).max() / one_by_one.std()
    print(f"{name}: differs by more than rounding {gap > 1e-9}, than the spread {gap > 1}")

# %% [markdown]
r"""
> **Correction.** *Many tutorials write:* the converted network gives the same answers as the sliding one. *True:* only if the network pads nowhere. With zero padding single scores differ by more than their whole spread. Whether different means *worse* is another question, see the first *Deeper* section.

## What is saved

Where does the saving come from? Neighbouring windows overlap, and sliding computes what they share again and again. By hand, for our network and a step of 4: after the first convolution a window has 12×12 numbers in each channel. The next window is 4 of them further on, so each number is computed (12/4)² = 9 times. After the second there are 4×4 numbers, and a step is 2 of them: (4/2)² = 4 times. The dense layers are computed once for each window either way: nothing is saved there.

> **Predict.** A large page: what is the ratio of all multiply-adds together, nearer to 9, to 4 or to 1?
"""


# %%
def multiply_adds(net, shape):
    return np.array([row.multiply_adds for row in geometry.summary(net, shape)])


converted = detector(model)
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
Layer by layer the ratios are nearly 9, 4 and 1; at the border of a page fewer windows overlap. All together it is about 4, since most of our multiply-adds are in the convolutions. A network with most of its work in the dense layers would save next to nothing.

Is it so on the clock as well? We run our trained network in Paddle, which also confirms all answers, and take the best of ten runs of each.
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


# %%
def seconds(work, argument):
    times = []
    for _ in range(10):
        start = perf_counter()
        work(argument)
        times.append(perf_counter() - start)
    return min(times)


ratio = seconds(slide, batch) / seconds(convert, whole)
print("one pass is more than one and a half times as fast:", ratio > 1.5)

# %% [markdown]
r"""
The clock's ratio is not that of the multiply-adds. It depends on the machine, on the program, and on whether the windows come as one batch or one by one. So we store no number, only that one pass is clearly faster.

## Deeper: different, and worse?

The padded network was trained on windows with zeros around them. Converted, it sees neighbours there. On our pages paper is 0, and a padded zero looks like more paper. On *inverted* pages paper is 1 and ink is 0, and a padded zero looks like ink. (The two small pictures show the numbers as they are, 0 black and 1 white; padding adds black.) **Predict** for both: how good is the padded network, slid and converted?
"""


# %%
def recalls(net, paper):
    def slide_all(page):
        return net(windows(page, 16, 4)).T.reshape(1, 11, 21, 21)

    these = [(np.abs(paper - page), corners, labels) for page, corners, labels in pages]
    slid = precision_and_recall(slide_all, these)[1]
    return slid, precision_and_recall(detector(net), these)[1]


on_paper_0 = [padded, train_network(network(11, (2, 1), 4), examples, seed=1)]
results = {"slid": {}, "converted": {}}

# %%
inverted = (1 - examples[0], examples[1])
on_paper_1 = [train_network(network(11, (2, 1), 4), inverted, seed) for seed in (1, 2)]
figures.pictures({"paper 0": examples[0][0, 0], "paper 1": inverted[0][0, 0]}, zoom=8)
plt.show()

# %% tags=["picture-trained"]
kinds = {"paper 0": on_paper_0, "paper 1": on_paper_1}
for paper, name in enumerate(kinds):
    pairs = [recalls(net, paper) for net in kinds[name]]
    results["slid"][name] = [pair[0] for pair in pairs]
    results["converted"][name] = [pair[1] for pair in pairs]
figures.dot_plot(results, ylabel="recall")
plt.show()

# %%
lost = {}
for name in kinds:
    lost[name] = np.mean(results["slid"][name]) - np.mean(results["converted"][name])
print("paper 0: converting costs less than a tenth of recall:", bool(lost["paper 0"] < 0.1))
print("it costs more with paper 1:", bool(lost["paper 1"] > lost["paper 0"]))

# %% [markdown]
r"""
On paper of 0 the converted network is about as good as the slid one: the zeros had been right by chance. On paper of 1 the same conversion costs these two networks a good part of the digits. (Networks differ: with other seeds most lose more than a tenth of the recall, and a few lose nothing. Try it.) So nobody can tell from the architecture whether the difference hurts. Fully convolutional networks with padding are trained converted, on whole pictures, and then nothing changes between training and use. Whoever converts afterwards should measure, as we did.

## Deeper: from which step on is sliding cheaper?

The grid of one pass has the step 4, whether we want all of its answers or not. With a larger step sliding shows fewer windows. Converting computes all maps all the same; it can at most skip answers, with a stride in the first of the new convolutions. With a step below the jump, converting has to pass several times (next section). **Predict** for windows of 16 pixels on a page of 256: at which step do the two cost the same?
"""

# %%
window = multiply_adds(model, (1, 16, 16)).sum()
maps = [geometry.conv(8, 5), geometry.pool(2), geometry.conv(16, 3), geometry.pool(2)]
steps = [1, 2, 4, 8, 12, 16, 24, 40]
ratios = {"all answers": [], "wanted answers only": []}
for step in steps:
    slid = ((256 - 16) // step + 1) ** 2 * window
    passes = max(4 // step, 1) ** 2
    strides = {"all answers": 1, "wanted answers only": max(step // 4, 1)}
    for name, stride in strides.items():
        head = [geometry.conv(64, 2, stride=stride), geometry.conv(11, 1)]
        one_pass = multiply_adds(maps + head, (1, 256, 256)).sum()
        ratios[name].append(slid / (passes * one_pass))
figures.savings(steps, ratios, window=16)
plt.show()

# %%
for name, values in ratios.items():
    print(name, dict(zip(steps, np.round(values, 2).tolist(), strict=True)))
assert ratios["all answers"][3] > 1 > ratios["all answers"][4]
assert ratios["wanted answers only"][3] > 1 > ratios["wanted answers only"][4]

# %% [markdown]
r"""
The vertical axis is logarithmic. Between steps of 8 and 12 pixels both lines cross 1, although windows of 16 pixels still overlap there. From 12 on sliding is cheaper, and at 8 the two cost nearly the same unless unwanted answers are skipped. The reason is that a window without padding computes fewer numbers (12×12 of 16×16) than its share of the large map. So converting pays for a *dense* grid only. Below the jump the ratio stays at 4, since the passes become as many as the windows.

The memory is another matter. One pass holds the maps of the whole picture, a batch of windows those of all windows, and windows one by one hold almost nothing. On a page of 256×256 the batch needs several times the memory of the single pass, for the same answers. `geometry` adds up the outputs of all layers, in float32:
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

The grid has a window at every multiple of the jump, and no other. A window at row 2 is not in it. The second pooling pairs rows 0 and 1, 2 and 3, and so on. A window at row 2 would need the pairs 1 and 2, 3 and 4. To have it, shift the *page*: cut off the first two rows. For every window of a page, with step 1, take 4·4 shifts, each in one pass, and put the sixteen grids between one another. Giusti and others (2013) do it more cheaply, and share the first layers.
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

- **One idea:** a dense layer on maps of $C \times h \times w$ is a convolution with kernels of $C \times h \times w$; a dense layer on features is a 1×1 convolution. The order of `Flatten` is channel, row, column.
- **The grid:** one answer every *jump* pixels, (size − window)/jump + 1 of them in a row; other windows need a shifted page.
- **Detection:** a heat map for each class, a class for nothing, a threshold, and non-maximum suppression; precision and recall on pages whose truth is known.
- **Equal** to sliding without zero padding, to the last rounding. With padding the border of every window differs, and whether it hurts must be measured.
- **Saved** is what overlapping windows share. On our network it is a factor of about 4 at step 4, and nothing from step 12 on.

Keep one sentence: a dense layer is a convolution as large as its map, so a network without padding, trained on windows, reads a whole page in one pass.

## Exercises

1. A network takes 32×32 pixels, has a jump of 8 and no padding. How many answers does it give on 96×128? Check your formula with `geometry`, for four layers of your choice.
2. Which page sizes between 96 and 100 give the same grid as 96, and which pixels are then never read?
3. Turn a convolution into a dense layer: find the table of the 2×2 kernel above for the 3×3 map.

The cells below hold one solution each.
"""

# %% tags=["solution"]
layers = [geometry.conv(4, 3), geometry.pool(2), geometry.conv(4, 4, stride=2), geometry.pool(2)]
rows = geometry.summary([*layers, geometry.conv(10, 3)], (1, 96, 128))
field = geometry.receptive_field([*layers, geometry.conv(10, 3)])[-1]
expected = [(96 - field.field) // field.jump + 1, (128 - field.field) // field.jump + 1]
print("field", field.field, "jump", field.jump)
agree(by_formula=expected, geometry=list(rows[-1].output_shape[1:]))

# %% tags=["solution"]
for size in range(96, 101):
    row = geometry.receptive_field([*maps, geometry.conv(64, 2)], input_size=size)[-1]
    print(size, "grid", row.size, "last pixel read", row.span(row.size - 1)[1])

# %% tags=["solution"]
pixels = np.eye(9).reshape(9, 1, 3, 3)
table = ops.conv2d(pixels, kernel[None, None]).reshape(9, 4)
as_dense = ops.linear(large_map.reshape(1, 9), table).reshape(2, 2)
agree(convolution=answers, dense=as_dense)

# %% [markdown]
r"""
## Further reading

- O. Matan, C. Burges, Y. LeCun and J. Denker, *Multi-digit recognition using a space displacement neural network*, 1991, Advances in Neural Information Processing Systems 4.
- P. Sermanet and others, *OverFeat: integrated recognition, localization and detection using convolutional networks*, 2013, [arXiv 1312.6229](https://arxiv.org/abs/1312.6229).
- A. Giusti and others, *Fast image scanning with deep max-pooling convolutional neural networks*, 2013, [arXiv 1302.1700](https://arxiv.org/abs/1302.1700).
- K. Simonyan and A. Zisserman, *Very deep convolutional networks for large-scale image recognition*, 2014, [arXiv 1409.1556](https://arxiv.org/abs/1409.1556): dense layers used as convolutions at test time.
- J. Long, E. Shelhamer and T. Darrell, *Fully convolutional networks for semantic segmentation*, 2014, [arXiv 1411.4038](https://arxiv.org/abs/1411.4038).
- B. Zhou and others, *Learning deep features for discriminative localization*, 2015, [arXiv 1512.04150](https://arxiv.org/abs/1512.04150).

Previous: [13 Train a CNN from scratch](13_three_layer_network.ipynb) · Next: [15 Read handwriting with LeNet-5](../README.md#the-chapters)
"""
