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

## What you will see, do, and need

**See** where convolutional networks came from, what machines are asked to see, and how the answer changed from features made by hand to features that are learned.

**Do** count what a network would have to learn with and without convolution; take the neighbourhood away from a network and watch which kind notices; compare hand-made features, raw pixels and a small network on the same handwritten digits.

**Need** a little Python and about 45 minutes. Nothing else: everything here is explained again, and slowly, in the chapters that follow. If a cell's code is new to you, read its result and go on.
"""

# %%
import matplotlib.pyplot as plt
import numpy as np
from helpers import figures, geometry
from helpers.data import IMAGES, load_digits, load_image, scatter_on_canvas
from helpers.figures.curves import curves, heat_map
from helpers.figures.history import eye_to_label, pipelines, timeline
from helpers.figures.tasks import four_tasks, scene
from helpers.figures.volumes import volumes
from helpers.training import fit
from skimage.feature import hog
from sklearn.linear_model import LogisticRegression

import paddle
from paddle import nn

# %% [markdown]
r"""
## Half a billion years, then sixty

Animals with eyes that form an image are found from the Cambrian on, about 540 million years ago. Sensing light at all is older; how much older is unsettled, and some place its proteins, in the ancestors of jellyfish, at around 700 million years. Once one animal could see, both hunter and hunted had to.

How seeing works stayed unknown for most of that time. In 1959 and 1962 **Hubel and Wiesel** reported what single cells in a cat's visual cortex answer to: not to light as such, but to an edge in one small part of the view, at one angle. Other cells collect from several of these and answer to the same edge in a slightly larger part. Many small detectors, alike but in different places, and layers that summarise: this is the plan of every network in this course.

In 1980 **Fukushima** built it as a program, the **Neocognitron**, with layers that we would call convolution and pooling today. Its features organised themselves; they were not trained for the task. In 1989 **LeCun** and colleagues trained such a network from examples, by *back-propagation*, to read handwritten postcodes, and by 1998 its successor **LeNet-5** read cheques.
"""

# %%
life = {"cells that answer to edges": 1959, "SIFT": 1999, "HOG": 2005, "ImageNet": 2009}
networks = {"Neocognitron": 1980, "trained by back-propagation": 1989, "LeNet-5": 1998}
networks |= {
    "AlexNet": 2012,
    "ZFNet": 2013,
    "VGG, GoogLeNet": 2014,
    "ResNet": 2015,
    "DenseNet": 2016,
}
timeline(life, networks, era=("hand-made\nfeatures lead", 1998, 2012))
plt.show()

# %% [markdown]
r"""
Then little happened with networks for more than a decade. They wanted more examples and more computing than anybody had, and features invented by people won the competitions: **SIFT** (1999, in full 2004) finds points that can be recognised again, **HOG** (2005) counts edge directions, *bags of words* collect such features, and a *support vector machine* draws the line between classes.

Data came first: **ImageNet** (2009), millions of labelled photographs. Computing came from graphics cards. In 2012 **AlexNet** had both and won ImageNet's competition by a margin that ended the discussion. **ZFNet** (2013) looked inside it; **VGG** and **GoogLeNet** (2014) went deeper; **ResNet** (2015) went past a hundred layers; **DenseNet** (2016, published 2017) passed every layer's features on to all later ones. From naming photographs the same idea spread to finding and outlining objects, to video, to three dimensions, and to making pictures instead of reading them.

> **Correction.** *Commonly written:* LeCun invented the convolutional network. *True:* the Neocognitron was one, nine years before. LeCun's was the first to be trained by back-propagation on a real task.

> **Correction.** *Commonly written:* the brain has 100 billion neurons. *True:* counted, about 86 billion (Azevedo and others, 2009); the round number was never measured. It was too high by the share that the next cell prints.
"""

# %%
rounded, counted = 100e9, 86e9
print(f"{(rounded - counted) / counted:.0%} too many")

# %% [markdown]
r"""
## From light to a word

A photograph is a table of numbers. The word "cat" is not in it anywhere. What lies between is built in steps, each a little less about light and a little more about cats: edges, then parts made of edges, then an object made of parts. The edges here are computed from the photograph `chelsea` by two convolutions (chapter 05); the boxes around the parts we drew ourselves, and a trained network would have to find them.
"""

# %%
cat = load_image(IMAGES / "chelsea.png", mode="L")[:300, 75:375] / 255
eye_to_label(cat, {"eye": (62, 52, 75, 92), "nose": (208, 152, 52, 72)}, "cat")
plt.show()

# %% [markdown]
r"""
## Four questions about one picture

"What do you see" is at least four different questions. **Classification** asks for one label for the whole picture. **Detection** asks for a box around each object, with its label (with a single object it is called *localisation*). **Semantic segmentation** asks for the class of every pixel, **instance segmentation** also to which object the pixel belongs. The scene below is drawn by a program that knows its objects, so that all four answers are exact: the boxes are computed from the objects' pixels.
"""

# %%
picture, objects = scene()
four_tasks(picture, objects)
plt.show()

# %% [markdown]
r"""
> **Think.** There are two cubes. Which of the four answers cannot tell that there are two?
>
> <details><summary>Answer</summary>
>
> Classification, which says one word, and semantic segmentation: where the cubes touch, their pixels form one patch of "cube".
>
> </details>

This course is about classification, because the other three are built from the same parts.

## Yesterday and today

Until 2012 a person wrote the features and only the last step, the **classifier**, was learned from examples. In a convolutional network both are learned, together, for the task at hand. (Hatched: made by hand. Filled: learned.)
"""

# %%
yesterday = [("photograph", "data"), ("features,\nmade by hand", "made")]
today = [("photograph", "data"), ("features,\nlearned", "learned")]
end = [("classifier,\nlearned", "learned"), ("label", "data")]
pipelines({"Yesterday": yesterday + end, "Today": today + end})
plt.show()

# %% [markdown]
r"""
Here is a classic one, LeNet-5 in today's form, drawn to scale: one unit of length is one pixel in height and width, and one *channel* (one feature map) from left to right. As the picture shrinks, the number of features grows, until nothing of the picture is left but features.
"""

# %%
lenet = [geometry.conv(6, 5), geometry.pool(2), geometry.conv(16, 5), geometry.pool(2)]
lenet += [geometry.conv(120, 5), geometry.flatten(), geometry.linear(84), geometry.linear(10)]
volumes(geometry.summary(lenet, (1, 32, 32)), (1, 32, 32))
plt.show()

# %% [markdown]
r"""
## Why not connect everything with everything?

The plainest network is **dense**: every output is a sum of *all* inputs, each times a number of its own, plus one more number. Those numbers are the network's **parameters**, and they are what training has to find. A **convolution** instead slides one small window over the picture and uses the same few numbers everywhere (chapter 02).

### Count the parameters

One dense layer of 1,000 outputs on pictures of three sizes, against a convolution with 64 windows of 3×3. By hand, for a grey picture of 28×28: 28·28 = 784 inputs, (784 + 1)·1,000 = 785,000 parameters. The convolution has 3·3 + 1 = 10 for each window, 640 in all.
"""

# %%
pictures = {"28 × 28, grey": (1, 28, 28), "224 × 224, colour": (3, 224, 224)}
pictures["1000 × 1000, colour"] = (3, 1000, 1000)
dense_counts, conv_counts = [], []
for name, shape in pictures.items():
    dense_layer = geometry.summary([geometry.flatten(), geometry.linear(1000)], shape)[-1]
    convolution = geometry.summary([geometry.conv(64, 3, padding=1)], shape)[0]
    dense_counts.append(dense_layer.parameters)
    conv_counts.append(convolution.parameters)
    print(f"{name:20} dense {dense_counts[-1]:>13,}   convolution {conv_counts[-1]:>6,}")
assert dense_counts[0] == 785_000 and conv_counts[0] == 640

# %%
values = [np.prod(shape) for shape in pictures.values()]
curves(
    {"dense, 1000 outputs": dense_counts, "3×3 convolution, 64 windows": conv_counts},
    values,
    "numbers in the picture",
    "parameters",
    log=True,
).set_xscale("log")
plt.show()

# %% [markdown]
r"""
Three billion parameters for a single layer cannot be stored comfortably, let alone learned from a few thousand pictures. The convolution grew only because colour has three channels; from 224 to 1,000 pixels it did not grow at all. Paddle counts the same:
"""

# %%
dense_in_paddle, conv_in_paddle = nn.Linear(784, 1000), nn.Conv2D(1, 64, 3, padding=1)
assert sum(p.size for p in dense_in_paddle.parameters()) == dense_counts[0]
assert sum(p.size for p in conv_in_paddle.parameters()) == conv_counts[0]

# %% [markdown]
r"""
> **Correction.** *Commonly written:* the number of parameters of a convolutional network does not depend on the size of the picture. *True:* that of a *convolution* does not. A network that ends in dense layers does depend on it, as the next cell shows for LeNet-5 at two sizes.
"""


# %%
def parameters(layers, shape):
    return sum(row.parameters for row in geometry.summary(layers, shape))


flat_lenet = [*lenet[:4], geometry.flatten(), geometry.linear(120), *lenet[6:]]
assert parameters(lenet[:4], (1, 32, 32)) == parameters(lenet[:4], (1, 64, 64))
print(f"whole network at 32 × 32: {parameters(flat_lenet, (1, 32, 32)):>7,}")
print(f"whole network at 64 × 64: {parameters(flat_lenet, (1, 64, 64)):>7,}")

# %% [markdown]
r"""
### Take the neighbourhood away

Fewer parameters are of use only if they are the right ones. A convolution looks at neighbours; does a dense layer use them at all? An experiment decides it. We shuffle the pixels of every picture **by one fixed permutation**: pixel 17 always goes to place 203, and so on. No information is lost, but neighbours are torn apart.

The pictures are handwritten digits that come with scikit-learn: real ones, 8×8 pixels, by 13 people. We put each at a random place on an empty canvas of 16×16, because in the wild nobody centres things for us.
"""

# %%
rng = np.random.default_rng(0)
digits = load_digits(size=8)
scattered = [(scatter_on_canvas(x, 16, rng), labels) for x, labels in digits]
order = rng.permutation(256)


def shuffled(data, order):
    return [(x.reshape(len(x), -1)[:, order].reshape(x.shape), labels) for x, labels in data]


torn = shuffled(scattered, order)
print(f"{len(digits.train[0])} digits to train on, {len(digits.test[0])} to test")

# %%
shown = {f"{n}: a {scattered[0][1][n]}": 1 - scattered[0][0][n, 0] for n in range(4)}
shown |= {f"{n}, shuffled": 1 - torn[0][0][n, 0] for n in range(4)}
figures.pictures(shown, columns=4)
plt.show()

# %% [markdown]
r"""
Now train two networks on both. *Training* means: show examples, measure how wrong the answers are, nudge every parameter a little in the direction that makes them less wrong, and repeat. One pass over all examples is an *epoch*. (`helpers.training.fit` is the loop; chapters 05 and 07 look at it closely.) We judge by the share of correct answers on digits that the network has not seen, its **test accuracy**, and repeat everything from three different random starts, because luck plays a part.
"""


# %%
def dense_network(side):
    return nn.Sequential(nn.Flatten(), nn.Linear(side**2, 128), nn.ReLU(), nn.Linear(128, 10))


def convolutional_network(side):
    layers = [nn.Conv2D(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2D(2)]
    layers += [nn.Conv2D(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2D(2), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(16 * (side // 4) ** 2, 10))


# %%
def accuracy(make, data, seeds=3, epochs=15):
    found = []
    for seed in range(seeds):
        paddle.seed(seed)
        network = make(data[0][0].shape[-1])
        optimizer = paddle.optimizer.Adam(5e-3, parameters=network.parameters())
        history = fit(network, optimizer, data[0], epochs, test=data[1], batch_size=32, seed=seed)
        found.append(history.test_accuracy[-1])
    return np.mean(found)


# %%
makers = [dense_network, convolutional_network]
table = np.array([[accuracy(make, data) for data in (scattered, torn)] for make in makers])

# %% tags=["picture-trained"]
names = ["dense", "convolutional"]
heat_map(
    table, names, ["as written", "pixels shuffled"], xlabel="mean of 3 seeds", label="test accuracy"
)
plt.show()

# %% [markdown]
r"""
The dense network does not notice: to it, a picture is a list of numbers in no particular order. It never used the neighbourhood. The convolutional network is far better on real pictures and loses that lead, and more, as soon as neighbours are torn apart. Its strength is an assumption about the world, that what belongs together lies together, and the assumption fits photographs.
"""

# %%
(dense_written, dense_torn), (conv_written, conv_torn) = table
assert abs(dense_written - dense_torn) < 0.06
assert conv_written > dense_written + 0.15
assert conv_torn < conv_written - 0.25 and conv_torn < dense_torn

# %% [markdown]
r"""
> **Note.** On the original digits, 8×8 and neatly centred, the same experiment shows almost nothing: there is hardly any position to learn, and a list of numbers is enough. The next cell measures it. Experiments that are too easy are a common way to conclude that a method does not matter.
"""

# %%
centred_torn = shuffled(digits, rng.permutation(64))
easy = np.array([[accuracy(make, data) for data in (digits, centred_torn)] for make in makers])
assert easy.min() > 0.93 and np.ptp(easy) < 0.05

# %% tags=["picture-trained"]
heat_map(
    easy, names, ["centred", "centred, shuffled"], xlabel="mean of 3 seeds", label="test accuracy"
)
plt.show()

# %% [markdown]
r"""
### Hand-made features, raw pixels, learned features

Now yesterday's pipeline against today's, on the same digits. The hand-made features are HOG: in each cell of 4×4 pixels, count the edge directions in nine bins, and normalise over blocks of 2×2 cells. *Logistic regression* turns features into a class with one dense layer. It gets the features once, and the raw pixels once; the network gets the raw pixels. All pictures are 16×16, once centred and once scattered.
"""


# %%
def raw(x):
    return x.reshape(len(x), -1)


def histograms(x):
    settings = {"orientations": 9, "pixels_per_cell": (4, 4), "cells_per_block": (2, 2)}
    return np.stack([hog(image[0], **settings) for image in x])


def regression(features, data):
    (x, labels), (test_x, test_labels) = data
    model = LogisticRegression(C=10, max_iter=5000).fit(features(x), labels)
    return model.score(features(test_x), test_labels)


# %%
centred = load_digits(size=16)
by_hand = [[regression(f, data) for data in (centred, scattered)] for f in (raw, histograms)]
learned = [accuracy(convolutional_network, centred), conv_written]
results = np.array([*by_hand, learned])

# %% tags=["picture-trained"]
rows = ["raw pixels + regression", "HOG + regression", "convolutional network"]
heat_map(results, rows, ["centred", "scattered"], label="test accuracy")
plt.show()

# %% [markdown]
r"""
Where the task is clean, everything works, and features made with understanding are as good as learned ones. Where objects may be anywhere, raw pixels fail, hand-made features recover part, and the network, which learned its features from 1,297 examples in seconds, is well ahead. (The network's numbers are means of three seeds; the regressions have no luck in them.)
"""

# %%
assert results[:, 0].min() > 0.9
assert results[0, 1] < results[1, 1] - 0.15 < results[2, 1] - 0.3

# %% [markdown]
r"""
> **Think.** A convolution makes the network see the same stroke at any place. Still it did worse on scattered digits than on centred ones. Why?
>
> <details><summary>Answer</summary>
>
> Its last layer is dense: it looks at features *in places*, and must learn "a loop at the upper left means 9" again for each place. The examples for each place are few. Chapters 06 and 14 show two ways out.
>
> </details>

## What you have seen, done, and can now use

- **Where it came from:** detectors for edges in the cortex (1959), the Neocognitron (1980), training by back-propagation (1989), a long winter of hand-made features, and 2012, when data and computing sufficed.
- **What is asked:** one label, boxes, classes of pixels, objects of pixels.
- **What changed:** features are learned together with the classifier.
- **Why convolution:** parameters that do not grow with the picture, and a built-in use of neighbourhood, which a dense network does without.

## Exercises

1. How many parameters has a dense layer that turns a 12-megapixel colour photograph into one of the same size? How many has a 3×3 convolution that does? (Three channels in and out, one bias an output or channel.)
2. Shuffle the pixels with a *different* permutation for every picture. What do you expect from each network? Check it for the dense one.
3. Which accuracy does a network reach that has learned nothing? Compute what always answering the commonest digit of the training set gives on the test set.

The cells below hold one solution each.
"""

# %% tags=["solution"]
numbers = 3 * 12_000_000
dense_layer = numbers * (numbers + 1)
convolution = geometry.summary([geometry.conv(3, 3, padding=1)], (3, 3000, 4000))[0].parameters
assert dense_layer > 1e15 and convolution == 3 * (3 * 9 + 1) == 84


# %% tags=["solution"]
def torn_apart(x):
    return np.stack([rng.permutation(image.ravel()).reshape(image.shape) for image in x])


hopeless = [(torn_apart(x), labels) for x, labels in scattered]
assert accuracy(dense_network, hopeless, seeds=1) < 0.35  # only the amount of ink is left to see

# %% tags=["solution"]
commonest = np.bincount(digits.train[1]).argmax()
assert 0.05 < (digits.test[1] == commonest).mean() < 0.15

# %% [markdown]
r"""
## Further reading

- D. Hubel and T. Wiesel, *Receptive fields of single neurones in the cat's striate cortex*, 1959, [doi 10.1113/jphysiol.1959.sp006308](https://doi.org/10.1113/jphysiol.1959.sp006308), and *Receptive fields, binocular interaction and functional architecture in the cat's visual cortex*, 1962, [doi 10.1113/jphysiol.1962.sp006837](https://doi.org/10.1113/jphysiol.1962.sp006837).
- R. Feuda and others, *Metazoan opsin evolution reveals a simple route to animal vision*, 2012, [doi 10.1073/pnas.1204609109](https://doi.org/10.1073/pnas.1204609109): how old light sensitivity may be.
- K. Fukushima, *Neocognitron*, 1980, [doi 10.1007/BF00344251](https://doi.org/10.1007/BF00344251).
- Y. LeCun and others, *Backpropagation applied to handwritten zip code recognition*, 1989, [doi 10.1162/neco.1989.1.4.541](https://doi.org/10.1162/neco.1989.1.4.541), and *Gradient-based learning applied to document recognition*, 1998, [doi 10.1109/5.726791](https://doi.org/10.1109/5.726791).
- D. Lowe, *Object recognition from local scale-invariant features*, 1999, [doi 10.1109/ICCV.1999.790410](https://doi.org/10.1109/ICCV.1999.790410), and *Distinctive image features from scale-invariant keypoints*, 2004, [doi 10.1023/B:VISI.0000029664.99615.94](https://doi.org/10.1023/B:VISI.0000029664.99615.94).
- N. Dalal and B. Triggs, *Histograms of oriented gradients for human detection*, 2005, [doi 10.1109/CVPR.2005.177](https://doi.org/10.1109/CVPR.2005.177).
- J. Deng and others, *ImageNet: a large-scale hierarchical image database*, 2009, [doi 10.1109/CVPR.2009.5206848](https://doi.org/10.1109/CVPR.2009.5206848).
- A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep convolutional neural networks*, 2012, reprinted 2017, [doi 10.1145/3065386](https://doi.org/10.1145/3065386).
- M. Zeiler and R. Fergus, *Visualizing and understanding convolutional networks*, 2013, [arXiv 1311.2901](https://arxiv.org/abs/1311.2901). K. Simonyan and A. Zisserman, *Very deep convolutional networks*, 2014, [arXiv 1409.1556](https://arxiv.org/abs/1409.1556). C. Szegedy and others, *Going deeper with convolutions*, 2014, [arXiv 1409.4842](https://arxiv.org/abs/1409.4842). K. He and others, *Deep residual learning*, 2015, [arXiv 1512.03385](https://arxiv.org/abs/1512.03385). G. Huang and others, *Densely connected convolutional networks*, 2016, [arXiv 1608.06993](https://arxiv.org/abs/1608.06993).
- F. Azevedo and others, *Equal numbers of neuronal and nonneuronal cells make the human brain an isometrically scaled-up primate brain*, 2009, [doi 10.1002/cne.21974](https://doi.org/10.1002/cne.21974).

Next: chapter 02 takes the window in the hand and slides it.
"""
