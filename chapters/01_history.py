# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Trace how machines learned to see

For decades people invented what a machine should look for in a picture: its *features*. Today a network learns them from examples. It can do so from few examples because it is told two things about pictures: neighbouring pixels belong together, and the same stroke can appear anywhere. A *convolution* is these two assumptions, built into a network.

## What you will see, do, and need

**See** where convolutional networks come from, what machines are asked to see, and how features made by hand gave way to features that are learned.

**Do** count what a network has to learn, with and without convolution. Take the neighbourhood away from networks and watch which kind notices. Compare hand-made features, raw pixels and a small network on the same digits.

**Need** a little Python and 50 minutes; the two sections marked *Deeper* take 10 more and can be left out. Everything here is explained again, and slowly, in the chapters that follow. If the code of a cell is new to you, read its result and go on.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, geometry, small
from helpers.checks import history as check
from helpers.checks import tell
from helpers.data import IMAGES, add_specks, crop_to_ink, load_digits, load_image, scatter_on_canvas
from skimage.feature import hog
from sklearn.linear_model import LogisticRegression

import paddle
from paddle import nn

# %% [markdown]
r"""
## Half a billion years, then sixty

Animals with eyes that form an image are found from the Cambrian on, about 540 million years ago. Sensing light at all is older; how much older is not settled. One study places its proteins, in the ancestors of jellyfish, at around 700 million years.

How seeing works stayed unknown for most of that time. In 1959 and 1962 **Hubel and Wiesel** reported what single cells in a cat's visual cortex answer to. It is not light as such, but an edge in one small part of the view, at one angle. Other cells answer to the same edge anywhere in a slightly larger part, as if they collected from several of the first kind. Many small detectors, alike but in different places, and layers that summarise: this is also the plan of a convolutional network.

In 1980 **Fukushima** built this plan as a program, the **Neocognitron**. It has layers that we would call *convolution* (the same small window everywhere) and *pooling* (one number for a few neighbours) today. Its windows organised themselves; they were not trained for the task.

In 1986 **back-propagation** became widely known. It computes, for every number in a network, in which direction to change it so that the answers get better ([chapter 10](10_backpropagation.ipynb)). Its authors also trained a window that is shared by many places, on a toy task: tell T from C. Real tasks followed. In 1987 Waibel, Hanazawa, Hinton, Shikano and Lang built the **time-delay network**. It slid its window along recorded speech and told the sounds b, d and g apart. In 1988 Zhang and colleagues trained two-dimensional windows to recognise letters. In 1989 **LeCun** and colleagues did it with thousands of handwritten digits cut from envelopes, straight from the pixels. A year before, the same laboratory had still chosen the windows for these digits by hand. By 1998 the successor **LeNet-5** was described, and systems of its kind read cheques.

What do you expect of the years from 1998 to 2012? Look for them in the figure.
"""

# %%
people = {"cells that answer to edges": 1959, "SIFT": 1999, "HOG": 2005, "ImageNet": 2009}
networks = {"Neocognitron": 1980, "time-delay network (speech)": 1987}
networks |= {"LeCun (postcodes)": 1989, "LeNet-5": 1998, "deep belief networks": 2006}
networks |= {"DanNet (traffic signs)": 2011, "AlexNet": 2012, "ZFNet": 2013}
networks |= {"VGG, GoogLeNet": 2014, "ResNet": 2015, "DenseNet": 2016}
networks |= {"vision transformer": 2020}
era = ("hand-made features\nwin most contests", 1998, 2011)
figures.timeline(people, networks, era, heads=("people and data", "networks"))
plt.show()

# %% [markdown]
r"""
In these years features invented by people won most of the contests. **SIFT** (1999, in full 2004) finds points that can be recognised again. **HOG** (2005) counts edge directions. *Bags of words* collect such features, and a *support vector machine* draws the line between classes. For large photographs of many kinds of things, networks lacked examples and computing.

Networks had not gone, though. In 2003 a convolutional network held the best published result on a well-known set of handwritten digits. In 2006 Hinton, Osindero and Teh trained **deep belief networks** layer by layer, without convolution, and many people looked at deep networks again. In the same year a convolutional network was first trained on a graphics card, as far as we know, by Chellapilla, Puri and Simard. In 2011 the fast networks of Cireşan and colleagues, later called **DanNet**, won contests in reading Chinese characters and traffic signs. On the signs they made fewer errors than the people who were tested.

The data came with **ImageNet** (2009), millions of labelled photographs. In 2012 **AlexNet** won its contest. Allowed five guesses for each picture, it was wrong on 15 % of them, and the best entry with hand-made features on 26 %. After this most of the field turned to networks. **ZFNet** (2013) looked inside; **VGG** and **GoogLeNet** (2014) went deeper; **ResNet** (2015) went past a hundred layers. **DenseNet** (2016) passed what every layer finds on to all later layers of its block. Since 2020 **vision transformers**, which let distant parts of a picture look at each other, match convolutional networks where there is very much data.

> **Correction.** *Introductions often say* that LeCun invented the convolutional network, or first trained one by back-propagation. *True:* the Neocognitron was one, nine years before, and the time-delay network was trained so by 1987. As far as we know, LeCun's was the first whose two-dimensional windows were learned from thousands of real, handwritten images.

> **Correction.** *Introductions often say* that the brain has 100 billion neurons. *True:* when Azevedo and others counted them in 2009, they found about 86 billion. The next cell computes by how much the round number is too high.
"""

# %%
rounded = 100  # billions
counted = 86
print(f"{(rounded - counted) / counted:.0%} too high")

# %% [markdown]
r"""
## From light to a word

A photograph is a table of numbers. The word "cat" is not in it anywhere. What lies between is built in steps: edges, then parts made of edges, then an object made of parts. Each step is a little less about light and a little more about cats. Anything computed from a picture to help with such a decision is called a **feature**. The edges here are computed from the photograph `chelsea` by two convolutions ([chapter 05](05_edges_and_blur.ipynb)). We drew the boxes around the parts ourselves; a trained network would have to find them.
"""

# %%
cat = load_image(IMAGES / "chelsea.png", mode="L")[:300, 75:375] / 255
figures.eye_to_label(cat, {"eye": (62, 52, 75, 92), "nose": (208, 152, 52, 72)}, "cat")
plt.show()

# %% [markdown]
r"""
## Four questions about one picture

"What do you see" is at least four different questions. **Classification** asks for one label for the whole picture. **Detection** asks for a box around each object, with its label (with a single object it is called *localisation*). **Semantic segmentation** asks for the class of every pixel. **Instance segmentation** also asks to which object the pixel belongs. The scene below is drawn by a program that knows its objects, so all four answers are exact: the boxes are computed from the objects' pixels.
"""

# %%
picture, objects = figures.scene()
figures.four_tasks(picture, objects)
plt.show()

# %% [markdown]
r"""
> **Think.** There are two cubes. Which of the four answers cannot tell that there are two?
>
> <details><summary>Answer</summary>
>
> Classification, which gives one word, and semantic segmentation: where the cubes touch, their pixels form one patch of "cube".
>
> </details>

This course is about classification, because the networks for the other three are built from the same parts.

## Yesterday and today

Until 2012 the usual way was this: a person wrote the features, and only the last step, the **classifier**, was learned from examples. In a convolutional network both are learned, together, for the task at hand. (Hatched: made by hand. Filled: learned.)
"""

# %%
yesterday = [("photograph", "data"), ("features,\nmade by hand", "made")]
today = [("photograph", "data"), ("features,\nlearned", "learned")]
end = [("classifier,\nlearned", "learned"), ("label", "data")]
figures.pipelines({"Yesterday": yesterday + end, "Today": today + end})
plt.show()

# %% [markdown]
r"""
Here is a classic one, LeNet-5 in today's form, drawn to scale. In height and width, one unit of length is one pixel. From left to right, it is one *channel*: one feature, computed everywhere in the picture. As the picture shrinks, the number of features grows, until nothing of the picture is left but features.

In code, `conv(6, 5)` means 6 windows of 5×5, and `pool(2)` summarises windows of 2×2. `flatten` writes all numbers in one row, and `linear(84)` makes 84 sums of all of them (a *dense* layer, explained below).
"""

# %%
lenet = [geometry.conv(6, 5), geometry.pool(2), geometry.conv(16, 5), geometry.pool(2)]
lenet += [geometry.conv(120, 5), geometry.flatten(), geometry.linear(84), geometry.linear(10)]
figures.volumes(geometry.summary(lenet, (1, 32, 32)), (1, 32, 32))
plt.show()

# %% [markdown]
r"""
## Why not connect everything with everything?

The plainest network is **dense**: every output is a sum of *all* inputs, each times a number of its own (a **weight**), plus one more number (the **bias**). Weights and biases are the network's **parameters**, and training has to find them. A **convolution** instead slides one small window over the picture and uses the same few parameters everywhere ([chapter 02](02_convolution.ipynb)).

### Count the parameters

One dense layer of 1,000 outputs on pictures of three sizes, against a convolution with 64 windows of 3×3. By hand, for a grey picture of 28×28: 28·28 = 784 inputs, (784 + 1)·1,000 = 785,000 parameters. The convolution has 3·3 + 1 = 10 for each window, 640 in all. What happens to both numbers when the picture has 1000×1000 pixels and three colours?
"""


# %%
def parameters(layers, shape):
    return sum(row.parameters for row in geometry.summary(layers, shape))


dense_layer = [geometry.flatten(), geometry.linear(1000)]
convolution = [geometry.conv(64, 3, padding=1)]
shapes = {"28 × 28, grey": (1, 28, 28), "224 × 224, colour": (3, 224, 224)}
shapes["1000 × 1000, colour"] = (3, 1000, 1000)
for name, shape in shapes.items():
    in_dense = parameters(dense_layer, shape)
    in_convolution = parameters(convolution, shape)
    print(f"{name:20} dense {in_dense:>13,}   convolution {in_convolution:>6,}")

# %%
sizes = [int(np.prod(shape)) for shape in shapes.values()]
lines = {
    "dense": [parameters(dense_layer, shape) for shape in shapes.values()],
    "convolution": [parameters(convolution, shape) for shape in shapes.values()],
}
ax = figures.curves(lines, sizes, "numbers in the picture", "parameters", log=True)
ax.set_xscale("log")
ax.set_title("A dense layer grows with the picture, a convolution does not")
plt.show()

# %% [markdown]
r"""
Three billion parameters for a single layer are 12 gigabytes (4 bytes for each number), to be found from a few thousand pictures. The convolution grew only because a colour picture has three numbers for each pixel, its *channels*. So each window has 3·9 + 1 = 28 parameters, and 64 of them have 1,792. From 224 to 1,000 pixels it did not grow at all.

Paddle counts the same for the small picture. `helpers` is the code of this course. `agree` checks that all results are the same, up to rounding, and prints them once:
"""

# %%
in_paddle = []
for layer in (nn.Linear(784, 1000), nn.Conv2D(1, 64, 3, padding=1)):
    in_paddle.append(sum(parameter.size for parameter in layer.parameters()))
in_helpers = [parameters(dense_layer, (1, 28, 28)), parameters(convolution, (1, 28, 28))]
agree(by_hand=[785_000, 640], helpers=in_helpers, paddle=in_paddle)

# %% [markdown]
r"""
> **Correction.** *Summaries often say* that the number of parameters of a convolutional network does not depend on the size of the picture. *True:* that of its *convolutions* does not. A network that ends in dense layers does depend on it, as the next cell shows for LeNet-5 at two sizes. (Its third convolution, which covers the whole map at 32×32, is written as a dense layer here.)
"""

# %%
features = lenet[:4]
whole = [*features, geometry.flatten(), geometry.linear(120), *lenet[6:]]
for side in (32, 64):
    shape = (1, side, side)
    print(f"{side} × {side}: the convolutions {parameters(features, shape):,}, ", end="")
    print(f"the whole network {parameters(whole, shape):,}")

# %% [markdown]
r"""
## Take the neighbourhood away

Fewer parameters are of use only if they are the right ones. A convolution looks at neighbours. Does a dense network need them at all? An experiment decides it. We shuffle the pixels of every picture **by one fixed permutation**: pixel 17 always goes to place 203, and so on. No information is lost, but neighbours are torn apart.

The pictures are handwritten digits that come with scikit-learn: real ones, 8×8 pixels, by 13 people. We put each at a random place on an empty canvas of 16×16, because in a photograph nothing is centred for us.
"""


# %%
def changed(data, change):
    (x, labels), (test_x, test_labels) = data
    return (change(x), labels), (change(test_x), test_labels)


def scatter(x):
    return scatter_on_canvas(x, 16, rng)


def shuffle(x):
    return x.reshape(len(x), 256)[:, order].reshape(x.shape)


rng = np.random.default_rng(0)
order = rng.permutation(256)

# %%
digits = load_digits(size=8)
scattered = changed(digits, scatter)
shuffled = changed(scattered, shuffle)
x, labels = scattered[0]
torn = shuffled[0][0]
shown = {}
for n in range(4):
    shown[f"a {labels[n]}"] = 1 - x[n, 0]
    shown[f"{labels[n]}, shuffled"] = 1 - torn[n, 0]
print(f"{len(x):,} digits to train on, {len(scattered[1][0])} to test")
figures.pictures(shown, columns=4)
plt.show()

# %% [markdown]
r"""
We train three networks. The first is dense, with 128 sums between input and answer (a negative sum becomes 0: that is ReLU). The second is convolutional: 8 windows, pooling (the largest of 2×2 neighbours), 16 windows, pooling again, and one dense layer at the end. ReLU follows each pooling. By hand, the first has (256 + 1)·128 + (128 + 1)·10 = 34,186 parameters, and the second 80 + 1,168 + 2,570 = 3,818. Comparing these two alone would be unfair. So the third is a dense network of the second one's size: with 14 sums instead of 128, it has 3,748.
"""


# %%
def dense(outputs):
    layers = [geometry.flatten(), geometry.linear(outputs), geometry.activation("ReLU")]
    return [*layers, geometry.linear(10)]


convolutional = [geometry.conv(8, 3, padding=1), geometry.pool(2), geometry.activation("ReLU")]
convolutional += [geometry.conv(16, 3, padding=1), geometry.pool(2), geometry.activation("ReLU")]
convolutional += [geometry.flatten(), geometry.linear(10)]
models = {"dense": dense(128), "dense, small": dense(14), "convolutional": convolutional}
counts = [parameters(layers, (1, 16, 16)) for layers in models.values()]
agree(by_hand=[34_186, 3_748, 3_818], helpers=counts)

# %% [markdown]
r"""
[Chapter 07](07_activations.ipynb) shows how a network learns. Here we borrow it in four sentences. For each picture a network computes ten *scores*, one for each digit, and answers with the highest. The *loss* is one number that says how wrong the scores are. Training takes a small *batch* of pictures, moves every parameter a little in the direction in which the loss falls, and repeats. One pass over all pictures is an *epoch*.

We judge by the share of correct answers on digits that the network has not seen, its **test accuracy**. Luck plays a part, so each network is trained three times, from three random starts (*seeds*). `helpers.small` does this in NumPy. A network with Paddle's layers and the parameters found gives the same scores:
"""

# %%
trained = small.train(convolutional, scattered[0], epochs=1, seed=0)
first = nn.Sequential(nn.Conv2D(1, 8, 3, padding=1), nn.MaxPool2D(2), nn.ReLU())
second = nn.Sequential(nn.Conv2D(8, 16, 3, padding=1), nn.MaxPool2D(2), nn.ReLU())
last = nn.Sequential(nn.Flatten(), nn.Linear(256, 10))
in_paddle = nn.Sequential(first, second, last)
found = [pair for pair in trained.weights if pair]
for layer, (weight, bias) in zip((first[0], second[0], last[1]), found, strict=True):
    layer.weight.set_value(weight.astype("float32"))
    layer.bias.set_value(bias.astype("float32"))
agree(numpy=small.scores(trained, x), paddle=in_paddle(paddle.to_tensor(x)))

# %% [markdown]
r"""
> **Activity: four guesses.** Five minutes, alone or in pairs. Guess four test accuracies before you run the cells that measure them. First the dense network with 128 sums: on the digits as written, and on the shuffled ones. Then the convolutional network: as written, and shuffled. Somebody who guesses one of ten digits at random reaches 0.1. Write the four numbers in place of the dots, and run the cell. It says how far they are from what follows, on average, and not which ones are wrong. The pair that is closest wins.
"""

# %%
my_guesses = ...  # dense, dense shuffled, convolutional, convolutional shuffled
tell(check.four_guesses, my_guesses)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> Ask of each network what it is told about the pictures. To a dense network a picture is a list of 256 numbers, and a list has no neighbours. So it loses nothing: write the same number twice. A convolution is told that neighbours belong together and that a stroke may lie anywhere. As written, that is true, so guess more than for the dense network. Shuffled, it is false, so guess less. How much is a matter of the data, and only the measurement decides.
>
> </details>
"""


# %%
def accuracies(layers, data):
    train, test = data
    found = []
    for seed in range(3):
        network = small.train(layers, train, epochs=8, seed=seed)
        found.append(small.accuracy(network, test))
    return found


results = {}
for name, layers in models.items():
    results[name] = {"as written": accuracies(layers, scattered)}
    results[name]["pixels shuffled"] = accuracies(layers, shuffled)

# %% tags=["picture-trained"]
mean = {}
for name, groups in results.items():
    mean[name] = {place: np.mean(values) for place, values in groups.items()}
for name in ("dense", "dense, small"):
    assert abs(mean[name]["as written"] - mean[name]["pixels shuffled"]) < 0.1
assert mean["convolutional"]["as written"] > mean["dense"]["as written"] + 0.1
assert mean["convolutional"]["pixels shuffled"] < mean["dense"]["pixels shuffled"] - 0.1
ax = figures.dot_plot(results, chance=0.1)
ax.set_title("Only the convolutional network notices the shuffling", pad=28)
plt.show()

# %% [markdown]
r"""
Each dot is one training, each bar the mean of its three.

The dense networks do not notice the shuffling. The convolutional network is far better on digits as written, with a ninth of the parameters of the larger dense one. It loses this lead, and more, as soon as neighbours are torn apart.

Why can a dense network not notice? To it, a picture is a list of numbers in no particular order. Shuffle the pixels, shuffle the weights in the same way, and every sum is what it was. So each dense network for digits as written has a twin for shuffled ones that gives the same answers. A random start knows neither, and training finds the one as easily as the other.
"""

# %%
weights = np.random.default_rng(1).normal(size=(256, 128))
pixels = x[0].reshape(256)
agree(as_written=pixels @ weights, shuffled=pixels[order] @ weights[order])

# %% [markdown]
r"""
A dense network may still find out from examples that some pixels go together. It is not told which ones are neighbours, and it would have to learn the same stroke anew in every place. The convolutional network is told both. This is an assumption about the world. Where it holds, it replaces examples; where we broke it, it did harm.

## Deeper: which assumption is it?

A convolution assumes two things: that neighbours belong together (small windows), and that the same stroke can appear anywhere (the same window everywhere). We can keep the first and drop the second. In the next network every place has a window of its own, which is not shared with any other place. By hand, the first layer has 256 places with 8 windows of 9 + 1 parameters each. The second has 64 places with 16 windows of 72 + 1, and the end is the same. Together this is 20,480 + 74,752 + 2,570.
"""

# %%
unshared = [small.local(8, 3, padding=1), geometry.pool(2), geometry.activation("ReLU")]
unshared += [small.local(16, 3, padding=1), geometry.pool(2), geometry.activation("ReLU")]
unshared += [geometry.flatten(), geometry.linear(10)]
network = small.draw(unshared, (1, 16, 16), np.random.default_rng(0))
agree(by_hand=97_802, helpers=small.parameter_count(network))

# %% [markdown]
r"""
> **Think.** The unshared network contains the convolutional one: it could give all its windows the same numbers. It is wired in the same way. Will it come closer to the convolutional or to the dense network?
"""

# %% tags=["picture-trained"]
own = accuracies(unshared, scattered)
compared = {
    "dense": results["dense"]["as written"],
    "small windows,\neach its own": own,
    "small windows,\nshared": results["convolutional"]["as written"],
}
assert np.mean(own) < mean["convolutional"]["as written"] - 0.1
assert np.mean(own) < mean["dense"]["as written"] + 0.1
ax = figures.dot_plot({"as written": compared}, chance=0.1)
ax.set_title("Here small windows help only if they are shared")
plt.show()

# %% [markdown]
r"""
Small windows alone bring little here in eight epochs; sharing brings much. A window that is used everywhere learns from every digit, wherever it lies. A window of its own learns only from the digits that reach its place. (The last of the [exercises](exercises/01_history.ipynb) puts this explanation to a test.) On digits that lie anywhere, the assumption that counts is the second one.

## Hand-made features, raw pixels, learned features

Now yesterday's way against today's, on the same digits. *Logistic regression* is the classifier: one dense layer from features to scores, with no luck in its training. It gets one of three kinds of features:

- **raw pixels**, the 256 numbers as they are;
- **HOG**: in each cell of 4×4 pixels, count the edge directions, sorted into nine ranges of angle. Then scale the counts of each block of 2×2 cells to one common size;
- **cropped pixels**: cut away the empty rows and columns around the ink. Nobody learned this; it takes one look at the pictures to see that it helps.

The convolutional network gets the raw pixels.
"""


# %%
def raw(x):
    return x.reshape(len(x), -1)


def histograms(x, cell=4):
    found = []
    for image in x[:, 0]:
        found.append(hog(image, 9, pixels_per_cell=(cell, cell), cells_per_block=(2, 2)))
    return np.array(found)


def cropped(x):
    return raw(crop_to_ink(x))


# %% [markdown]
r"""
The digits come in three versions, all of the same size, 8×8 on a canvas of 16×16. They are in the middle, scattered as before, or scattered on a canvas with three specks of dirt. Everything is trained and tested on the same version.
"""


# %%
def centre(x):
    return np.pad(x, ((0, 0), (0, 0), (4, 4), (4, 4)))


def make_dirty(x):
    return add_specks(x, 3, rng)


versions = {"centred": changed(digits, centre), "scattered": scattered}
versions["with specks"] = changed(scattered, make_dirty)
shown = {name: 1 - data[0][0][1, 0] for name, data in versions.items()}
figures.pictures(shown, zoom=10)
plt.show()

# %% [markdown]
r"""
> **Think.** Guess again before you look. Which of the four is best on centred digits, on scattered ones, and on dirty ones?
"""


# %%
def regression(features, data):
    (x, labels), (test_x, test_labels) = data
    model = LogisticRegression(C=10, max_iter=5000).fit(features(x), labels)
    return model.score(features(test_x), test_labels)


methods = {"raw pixels": raw, "HOG": histograms, "cropped pixels": cropped}
contest = {name: {} for name in ("raw pixels", "HOG", "convolutional", "cropped pixels")}
for version, data in versions.items():
    for name, features in methods.items():
        contest[name][version] = regression(features, data)
contest["convolutional"]["scattered"] = results["convolutional"]["as written"]
for version in ("centred", "with specks"):
    contest["convolutional"][version] = accuracies(convolutional, versions[version])

# %% tags=["picture-trained"]
score = {}
for name, groups in contest.items():
    score[name] = {version: np.mean(values) for version, values in groups.items()}
assert min(score["raw pixels"]["centred"], score["convolutional"]["centred"]) > 0.9
assert score["cropped pixels"]["scattered"] > score["convolutional"]["scattered"] + 0.03
assert score["convolutional"]["scattered"] > score["HOG"]["scattered"] + 0.1
assert score["HOG"]["scattered"] > score["raw pixels"]["scattered"] + 0.1
assert score["cropped pixels"]["with specks"] < score["HOG"]["with specks"]
for name in methods:
    assert score["convolutional"]["with specks"] > score[name]["with specks"] + 0.1
ax = figures.dot_plot(contest, chance=0.1)
ax.set_title("The hand-made crop wins, until its assumption fails", pad=28)
plt.show()

# %% [markdown]
r"""
Read it from left to right.

- **Centred.** Raw pixels are enough.
- **Scattered.** Raw pixels hardly beat chance, HOG recovers a part, and the network is far ahead of both. But the best is the crop: one good idea of a person beats the learned features.
- **With specks.** The idea was "outside the digit there is no ink". Three specks break it, and the crop falls below HOG. Nobody told the network about specks either. All four learned from dirty examples, and the network made the most of them.

A hand-made feature is as good as the idea behind it, as long as the pictures are as its author thought. A person could now invent a crop that ignores specks, and another one for the next trouble. The network needs examples of the trouble instead.
"""

# %% [markdown]
r"""
> **Think.** A convolution makes the network see the same stroke at any place. Still it did worse on scattered digits than on centred ones. Why?
>
> <details><summary>Answer</summary>
>
> One reason is its dense last layer. It looks at features *in places*, and must learn "a loop at the upper left means 9" again for each place. The examples for each place are few. Two ideas that do not depend on the place come later: the average of a whole map ([chapter 06](06_pooling.ipynb)), and a dense layer used as a convolution ([chapter 14](14_dense_to_convolution.ipynb)).
>
> </details>

## Deeper: two comparisons that misled us

**Too easy.** We first tore the pixels of the digits as they come: 8×8, neatly centred, filling the picture. What do you expect now?
"""


# %% tags=["picture-trained"]
def shuffle_small(x):
    return x.reshape(len(x), 64)[:, small_order].reshape(x.shape)


small_order = rng.permutation(64)
torn_digits = changed(digits, shuffle_small)
easy = {}
for name, layers in models.items():
    easy[name] = {"centred": accuracies(layers, digits)}
    easy[name]["centred, shuffled"] = accuracies(layers, torn_digits)
    assert min(easy[name]["centred"] + easy[name]["centred, shuffled"]) > 0.85
ax = figures.dot_plot(easy, chance=0.1)
ax.set_title("On centred digits the shuffling hardly matters", pad=28)
plt.show()

# %% [markdown]
r"""
Almost nothing is lost: with hardly any position to learn, a list of numbers is enough. An experiment that is too easy makes every method look alike.

**Not the same size.** We also believed that HOG is as good as learned features on centred digits. But we had enlarged these to fill the canvas, while the scattered ones stayed 8×8. Two things differed, place *and* size. The control changes the size alone. Then a second control changes the cells of HOG, from 4×4 to 2×2 pixels.
"""


# %% tags=["picture-trained"]
def fine_histograms(x):
    return histograms(x, cell=2)


enlarged = load_digits(size=16)
by_size = {}
for name in ("raw pixels", "HOG"):
    by_size[name] = {"enlarged to 16 × 16": regression(methods[name], enlarged)}
    by_size[name]["8 × 8 in the middle"] = contest[name]["centred"]
fine = regression(fine_histograms, versions["centred"])
by_size["HOG, cells of 2 × 2"] = {"8 × 8 in the middle": fine}
ax = figures.dot_plot(by_size, chance=0.1)
ax.set_title("Smaller digits cost HOG accuracy; smaller cells bring most of it back", pad=28)
plt.show()
assert min(fine, by_size["HOG"]["enlarged to 16 × 16"]) > contest["HOG"]["centred"] + 0.04

# %% [markdown]
r"""
On enlarged digits HOG is excellent. At the size of the scattered digits its cells of 4×4 pixels are too coarse: one cell covers a quarter of a digit. So a part of what we had blamed on scattering came from size alone. A fair comparison changes one thing at a time, and a hand-made feature has settings that somebody must choose.

## What you have seen, done, and can now use

- **Where it came from:** detectors for edges in the cortex (1959) and the Neocognitron (1980). Windows trained by back-propagation on speech (1987), letters (1988) and postcodes (1989). Years in which hand-made features led, then wins on graphics cards (2011) and on ImageNet (2012).
- **What is asked:** one label, boxes, classes of pixels, objects of pixels.
- **What changed:** features are learned together with the classifier. A good hand-made idea can still be better, as long as its assumptions hold.
- **Why convolution:** parameters that do not grow with the picture, and two assumptions about pictures, neighbourhood and sharing, which a dense network does without.

The one idea of this chapter: a convolution tells the network that neighbours belong together and that the same stroke can appear anywhere. It can learn its features from few examples because it need not learn this.

## Exercises

The [exercises of this chapter](exercises/01_history.ipynb) check themselves. Count the parameters of two layers on a photograph, and find the accuracy of an answer without a look. Repair the crop, so that it forgives specks. Find out from shuffled digits alone which pixels were neighbours, and test whether a dense network needs more time or more places.

## Further reading

- D. Hubel and T. Wiesel, *Receptive fields of single neurones in the cat's striate cortex*, 1959, [doi 10.1113/jphysiol.1959.sp006308](https://doi.org/10.1113/jphysiol.1959.sp006308), and *Receptive fields, binocular interaction and functional architecture in the cat's visual cortex*, 1962, [doi 10.1113/jphysiol.1962.sp006837](https://doi.org/10.1113/jphysiol.1962.sp006837).
- R. Feuda and others, *Metazoan opsin evolution reveals a simple route to animal vision*, 2012, [doi 10.1073/pnas.1204609109](https://doi.org/10.1073/pnas.1204609109): how old light sensitivity may be.
- K. Fukushima, *Neocognitron*, 1980, [doi 10.1007/BF00344251](https://doi.org/10.1007/BF00344251).
- D. Rumelhart, G. Hinton and R. Williams, *Learning representations by back-propagating errors*, 1986, [doi 10.1038/323533a0](https://doi.org/10.1038/323533a0), and *Learning internal representations by error propagation*, in *Parallel Distributed Processing*, volume 1, 1986: T and C.
- A. Waibel and others, *Phoneme recognition using time-delay neural networks*, 1989 (a technical report of 1987), [doi 10.1109/29.21701](https://doi.org/10.1109/29.21701).
- W. Zhang, *Shift-invariant pattern recognition neural network and its optical architecture*, 1988, Annual Conference of the Japan Society of Applied Physics; in full with others, 1990, [doi 10.1364/AO.29.004790](https://doi.org/10.1364/AO.29.004790).
- J. Denker and others, *Neural network recognizer for hand-written zip code digits*, 1988, Advances in Neural Information Processing Systems 1: windows made by hand.
- Y. LeCun and others, *Backpropagation applied to handwritten zip code recognition*, 1989, [doi 10.1162/neco.1989.1.4.541](https://doi.org/10.1162/neco.1989.1.4.541), and *Gradient-based learning applied to document recognition*, 1998, [doi 10.1109/5.726791](https://doi.org/10.1109/5.726791).
- D. Lowe, *Object recognition from local scale-invariant features*, 1999, [doi 10.1109/ICCV.1999.790410](https://doi.org/10.1109/ICCV.1999.790410), and *Distinctive image features from scale-invariant keypoints*, 2004, [doi 10.1023/B:VISI.0000029664.99615.94](https://doi.org/10.1023/B:VISI.0000029664.99615.94).
- N. Dalal and B. Triggs, *Histograms of oriented gradients for human detection*, 2005, [doi 10.1109/CVPR.2005.177](https://doi.org/10.1109/CVPR.2005.177).
- P. Simard, D. Steinkraus and J. Platt, *Best practices for convolutional neural networks applied to visual document analysis*, 2003, [doi 10.1109/ICDAR.2003.1227801](https://doi.org/10.1109/ICDAR.2003.1227801). K. Chellapilla, S. Puri and P. Simard, *High performance convolutional neural networks for document processing*, 2006.
- G. Hinton, S. Osindero and Y. Teh, *A fast learning algorithm for deep belief nets*, 2006, [doi 10.1162/neco.2006.18.7.1527](https://doi.org/10.1162/neco.2006.18.7.1527).
- D. Cireşan and others, *Flexible, high performance convolutional neural networks for image classification*, 2011, [arXiv 1102.0183](https://arxiv.org/abs/1102.0183), and *Multi-column deep neural network for traffic sign classification*, 2012, [doi 10.1016/j.neunet.2012.02.023](https://doi.org/10.1016/j.neunet.2012.02.023).
- J. Deng and others, *ImageNet: a large-scale hierarchical image database*, 2009, [doi 10.1109/CVPR.2009.5206848](https://doi.org/10.1109/CVPR.2009.5206848).
- A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep convolutional neural networks*, 2012, reprinted 2017, [doi 10.1145/3065386](https://doi.org/10.1145/3065386).
- M. Zeiler and R. Fergus, *Visualizing and understanding convolutional networks*, 2013, [arXiv 1311.2901](https://arxiv.org/abs/1311.2901). K. Simonyan and A. Zisserman, *Very deep convolutional networks*, 2014, [arXiv 1409.1556](https://arxiv.org/abs/1409.1556). C. Szegedy and others, *Going deeper with convolutions*, 2014, [arXiv 1409.4842](https://arxiv.org/abs/1409.4842). K. He and others, *Deep residual learning*, 2015, [arXiv 1512.03385](https://arxiv.org/abs/1512.03385). G. Huang and others, *Densely connected convolutional networks*, 2016, [arXiv 1608.06993](https://arxiv.org/abs/1608.06993). A. Dosovitskiy and others, *An image is worth 16x16 words*, 2020, [arXiv 2010.11929](https://arxiv.org/abs/2010.11929).
- F. Azevedo and others, *Equal numbers of neuronal and nonneuronal cells make the human brain an isometrically scaled-up primate brain*, 2009, [doi 10.1002/cne.21974](https://doi.org/10.1002/cne.21974).

Previous: [00 Start here](00_start.ipynb) · Next: [02 Slide a kernel over an image](02_convolution.ipynb)
"""
