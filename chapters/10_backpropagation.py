# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Differentiate every layer

A layer needs to know one thing to take part in learning: how to turn the gradient of its output into the gradients of its inputs. **If every layer does this right, one walk backwards gives the gradient of every weight.** So each layer can be derived by itself, and checked by itself.

## What you will see, do, and need

**See** the numbers of a computation on their way forward, and the gradients on their way back. See why the way back is one walk for a million weights, and what the gradient of a convolution looks like.

**Do** the chain rule by hand, in NumPy and with Paddle. Derive the layers that you know in a few lines each. Check each of them by small changes, write wrong gradients on purpose, and find the tests that they pass.

**Need** the step of learning from [chapter 07](07_activations.ipynb), and convolution with a stride from [chapter 03](03_padding_stride_receptive_field.ipynb). In a few places also max pooling ([chapter 06](06_pooling.ipynb)) and batch normalisation ([chapter 08](08_batch_norm.ipynb)). About 50 minutes, and 40 more for the five sections marked *Deeper*.
"""

# %%
import inspect

import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, figures, graph, ops
from helpers.autograd import flat, paddle_gradients
from helpers.checks import backpropagation as check
from helpers.checks import tell
from helpers.data import load_digits
from helpers.graph import Value
from helpers.kinks import crossings
from helpers.stopwatch import seconds

import paddle
import paddle.nn.functional as F

# %% [markdown]
r"""
## A computation as a graph

One weight, one bias, one example. The input is $x = 3$, the weight $w = 2$, the bias $b = 1$, and the answer should be $t = 4$. The loss is the squared error $(x \cdot w + b - t)^2$. Computed in single steps: 3 · 2 = 6, then 6 + 1 = 7, then 7 − 4 = 3, and 3² = 9.

Now we ask of each number: **how much does the loss change when this number changes a little?** This is its gradient. We start at the end. The loss changes as much as itself: 1. The square has the slope 2 · 3 = 6, so the number before it has the gradient 6. Subtracting $t$ passes the 6 on, and $t$ gets −6. Adding $b$ passes 6 to both. The product passes to $w$ its 6 times the *other* factor: 6 · 3 = 18. And $x$ gets 6 · 2 = 12.

This is the **chain rule**: along a way, slopes multiply. Each step knows only its own slopes. It takes the gradient that arrives, and multiplies.
"""

# %%
x = Value(3, "x")
w = Value(2, "w")
b = Value(1, "b")
t = Value(4, "t")
loss = (x * w + b - t) ** 2
graph.backward(loss)
figures.graph(loss)
plt.show()

# %% [markdown]
r"""
Nothing in this picture is typed. `Value` is a number that remembers the step that made it: what the step took, and its slope for each of these. `graph.backward` walks over the recorded steps, and the picture shows the numbers that it left. Here is all that it does. `steps` lists all values so that each comes after all that it was made from. The walk goes through this list from the end. At each value it multiplies the gradient by the slope of each input, keeps the product for the picture, and adds it to the gradient of that input. The variable `multiplications` only counts; we use it below.
"""

# %%
print(inspect.getsource(graph.backward))


# %%
def squared_error(x, w, b, t):
    return (x * w + b - t) ** 2


recorded = [x.grad, w.grad, b.grad, t.grad]
in_paddle = paddle_gradients(squared_error, [3.0, 2.0, 1.0, 4.0])
agree(by_hand=[12.0, 18, 6, -6], recorder=recorded, paddle=in_paddle)

# %% [markdown]
r"""
Is it true? Change $w$ a little, to 2.001, and compute again: (6.003 + 1 − 4)² = 3.003² = 9.018009. The loss grew by 0.018, which is 18 times the change. The rest, 0.000009, comes from the bend of the square. With a change in *both* directions the bend of a square cancels completely, and that of other functions nearly: (3.003² − 2.997²) / 0.002 = 18. This is called the **central difference**.
"""

# %%
above = squared_error(3, 2.001, 1, 4)
below = squared_error(3, 1.999, 1, 4)
agree(by_chain_rule=18.0, central_difference=(above - below) / 0.002)

# %% [markdown]
r"""
Now a unit with a sigmoid, $1/(1 + e^{-s})$, and two inputs. **Predict** from the picture before: which gradients will be equal, whatever the numbers?
"""

# %%
x0 = Value(2, "x₀")
x1 = Value(-1, "x₁")
w0 = Value(-1, "w₀")
w1 = Value(-2, "w₁")
total = x0 * w0 + x1 * w1 + Value(1, "b")
y = ((total * -1).exp() + 1) ** -1
graph.backward(y)
figures.graph(y)
plt.show()

# %% [markdown]
r"""
A plus passes its gradient on unchanged, so everything that is added has the same one. Three habits are worth remembering. A plus *copies* the gradient to all that it added. A product *exchanges*: each factor gets the other one's value as its slope. A maximum, which we shall meet in ReLU and in pooling, *chooses*: all goes to the winner. Most layers are made of these three.

The last four steps are the sigmoid. Together they need no graph: their slope is $y(1 - y)$ ([chapter 07](07_activations.ipynb)). So we may draw a box around any part, and give it *one* slope. A **layer** is such a box.
"""

# %%
as_one_box = ops.sigmoid_backward(np.ones(1), np.array([total.data]))[0]
agree(four_steps=total.grad, one_box=as_one_box, y_times_1_minus_y=y.data * (1 - y.data))

# %% [markdown]
r"""
## At a fork gradients add

In $y = 3x + x^2$ the number $x$ goes two ways. At $x = 2$ the first way has the slope 3, the second 2 · 2 = 4. Move $x$ by 0.001. Then $3x$ moves by 0.003 and $x^2$ by about 0.004, at the same time, and $y$ by 0.007. **What happens on all ways happens together, so the gradients add.**
"""

# %%
x = Value(2, "x")
y = x * 3 + x**2
graph.backward(y)
figures.graph(y)
plt.show()
agree(by_hand=3.0 + 4, recorder=x.grad, central_difference=(10.007001 - 9.993001) / 0.002)

# %% [markdown]
r"""
This is the `+=` in `graph.backward`. In a network every shared thing is a fork: a weight that meets each example of a batch, a kernel that meets each place.

Forks also explain why the *order* matters. Twenty times in a row we double a number by adding it to itself. From the start to the end there are $2^{20}$ ways, more than a million. **Predict**: how many multiplications does the walk back need?
"""

# %%
x = Value(1, "x")
y = x
for _ in range(20):
    y = y + y
multiplications = graph.backward(y)
agree(ways=2**20, gradient=int(x.grad))
agree(lines_in_the_graph=2 * 20, multiplications=multiplications)

# %% [markdown]
r"""
Forty. A number waits until *all* that was computed from it has reported. Then it passes the sum on once. So each line is walked once, and not each way.

> **Think.** Somebody writes `source.grad = …` instead of `+=`. Which of the three graphs in the pictures still gets the right gradients?
>
> <details><summary>Answer</summary>
>
> The first two, which have no fork. In the third the second way overwrites the first, or the first the second. A test without a fork does not find this bug.
>
> </details>

## One walk for all weights

The chain rule works in the other direction, too. Start at *one* input with slope 1 and carry the slopes forwards, step by step. One such sweep answers: how do all numbers change with this input? It is called **forward mode**. One sweep backwards answers: how does this output change with all numbers? It is called **reverse mode**, or *backpropagation*.

**Predict** for a unit with 100 weights and a sigmoid: how many multiplications for the slopes of all weights, forwards and backwards? (Steps that a weight does not reach cost nothing.)
"""

# %%
rng = np.random.default_rng(0)
numbers = rng.normal(size=100).round(2).tolist()
weights = [Value(number) for number in rng.normal(size=100)]
total = weights[0] * numbers[0]
for weight, number in zip(weights[1:], numbers[1:], strict=True):
    total = total + weight * number
y = ((total * -1).exp() + 1) ** -1

# %%
multiplications = graph.backward(y)
forwards = [graph.forward_slopes(weight, [y]) for weight in weights]
agree(backwards=[weight.grad for weight in weights], forwards=[run[0][0] for run in forwards])
print("backwards, one sweep:", multiplications, "multiplications")
print("forwards, 100 sweeps:", sum(run[1] for run in forwards), "multiplications")

# %% [markdown]
r"""
What the weights share, the long sum and the sigmoid, is walked again in each forward sweep. Backwards it is walked once. A network has millions of weights and **one** loss, so backwards wins by far.

Is backwards always better? Turn it round: one input, ten steps, and then 100 outputs.
"""

# %%
x = Value(0.5)
trunk = x
for _ in range(10):
    trunk = trunk * 0.9
outputs = [trunk * factor for factor in range(100)]
backwards = sum(graph.backward(output) for output in outputs)
print("one forward sweep:", graph.forward_slopes(x, outputs)[1], "multiplications")
print("100 backward sweeps:", backwards, "multiplications")

# %% [markdown]
r"""
So it is one sweep for each *input*, or one for each *output*, and you choose what you have less of. Reverse mode has a price: the values of the way forward must be kept until the way back has used them, or be computed again. That is one reason why training needs more memory than use.

## A dense layer

From here on a box is a layer, and its inputs are arrays. `grad_y` is the gradient that arrives: for each output, how much the loss changes with it. The layer returns a gradient for each array that it took, **with the shape of this array**.

A dense layer computes $y_{nj} = \sum_i x_{ni} w_{ij} + b_j$ for example $n$. Three questions, each answered by "which outputs does it reach, with which slope?":

1. The weight $w_{ij}$ reaches output $j$ of *every example*, with slope $x_{ni}$. A fork over the batch: $\sum_n x_{ni}\, g_{nj}$, which is `x.T @ grad_y`.
2. The input $x_{ni}$ reaches *every output* of its example, with slope $w_{ij}$. A fork over outputs: $\sum_j g_{nj} w_{ij}$, which is `grad_y @ weight.T`.
3. The bias $b_j$ reaches output $j$ of every example, with slope 1: the sum of `grad_y` over the batch.

By hand: $x$ = (1, 2), weights (1, 0) from the first input and (−1, 3) from the second. The gradient that arrives is (10, 1). Then the weights get (10, 1) times 1 and times 2. The inputs get 10 · 1 + 1 · 0 = 10 and 10 · (−1) + 1 · 3 = −7. The bias gets (10, 1).
"""


# %%
def dense_backward(grad_y, x, weight, bias):
    return grad_y @ weight.T, x.T @ grad_y, grad_y.sum(axis=0)


# %%
x = np.array([[1.0, 2]])
weight = np.array([[1.0, 0], [-1, 3]])
bias = np.zeros(2)
grad_y = np.array([[10.0, 1]])
ours = flat(dense_backward(grad_y, x, weight, bias))
in_paddle = flat(paddle_gradients(F.linear, [x, weight, bias], grad_y))
agree(by_hand=[10, -7, 10, 1, 20, 2, 10, 1], numpy=ours, paddle=in_paddle)
agree(ours=ours, helpers=flat(ops.linear_backward(grad_y, x, weight, bias)))

# %% [markdown]
r"""
**The check.** `ops.check_gradient` moves every number of every array a little up and down, and compares the central difference with what `backward` says. An output of many numbers is first made one number, by random weights; these take the place of `grad_y`. It returns the largest relative error. Below $10^{-7}$ is good. Why that number? A central difference with a step of $10^{-5}$ is itself wrong by about $10^{-9}$ or less, as we shall see below. A wrong formula is usually wrong by a tenth or by half. Between the two lies a wide gap, and the bound stands in it.

Why random weights, and not simply the sum of all outputs? With the sum each output has the gradient 1. A backward that forgets to multiply by `grad_y` would then pass.
"""


# %%
def report(name, error):
    print(f"{name}: relative error below 1e-7? {error < 1e-7}")


x = rng.normal(size=(5, 4))
weight = rng.normal(size=(4, 3))
bias = rng.normal(size=3)
report("dense layer", ops.check_gradient(ops.linear, dense_backward, x, weight, bias))

# %% [markdown]
r"""
Some people remember no formula here. They try which product has the right *shape*. With five examples, four inputs and three outputs only one does. Now a layer with as many outputs as inputs, and a forgotten `.T`. **Predict**: does the shape give it away?
"""


# %%
def forgotten_transpose(grad_y, x, weight, bias):
    return grad_y @ weight, x.T @ grad_y, grad_y.sum(axis=0)


square = rng.normal(size=(4, 4))
bias = rng.normal(size=4)
wrong = forgotten_transpose(rng.normal(size=(5, 4)), x, square, bias)
print("shapes:", [gradient.shape for gradient in wrong], "as they should be")
error = ops.check_gradient(ops.linear, forgotten_transpose, x, square, bias)
print("the check finds a relative error above 0.1:", error > 0.1)

# %% [markdown]
r"""
> **Think.** Somebody forgets to divide the pixels by 255. What does this do to the gradient of the first layer's weights, if the gradient of its sums were the same?
>
> <details><summary>Answer</summary>
>
> A weight's gradient is input times `grad_y`: it becomes 255 times as large. With SGD so does each step, unless the learning rate shrinks as much. A product exchanges, so the size of the *data* acts on the weights.
>
> </details>

## ReLU, and softmax with cross-entropy

**ReLU** passes the number on where it is positive, with slope 1, and else nothing. So the gradient passes where $x > 0$. For $x$ = (−2, 3) and a gradient of (5, 5) this is (0, 5). (The slope of the sigmoid we have already; the last line checks it.)
"""


# %%
def bend_backward(grad_y, x):
    return grad_y * (x > 0)


x = np.array([-2.0, 3])
grad_y = np.array([5.0, 5])
in_paddle = paddle_gradients(F.relu, [x], grad_y)[0]
agree(by_hand=[0, 5], numpy=bend_backward(grad_y, x), paddle=in_paddle)
sums = rng.normal(size=(5, 4))
report("ReLU", ops.check_gradient(ops.relu, bend_backward, sums))
report("sigmoid", ops.check_gradient(ops.sigmoid, ops.sigmoid_backward, sums))

# %% [markdown]
r"""
**Softmax with cross-entropy.** [Chapter 07](07_activations.ipynb) claimed: the gradient of a score is its share, minus 1 for the right class. Here is why. With the right class $r$ and the scores $z$ the loss is

$$-\ln \frac{e^{z_r}}{\sum_k e^{z_k}} = \ln \sum_k e^{z_k} - z_r.$$

The first part has for $z_j$ the slope $e^{z_j} / \sum_k e^{z_k}$, the share of class $j$. The second part gives −1 to the right class and nothing to the others. The mean over $N$ examples divides all by $N$. By hand for scores 1, 0, 0 and the second class: 0.576, 0.212 − 1 = −0.788, 0.212.
"""


# %%
def shares_minus_one(scores, labels):
    gradient = ops.softmax(scores)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)


scores = np.array([[1.0, 0, 0]])
second = np.array([1])
in_paddle = paddle_gradients(F.cross_entropy, [scores, second])[0]
ours = shares_minus_one(scores, second)
agree(1e-3, by_hand=[[0.576, -0.788, 0.212]], numpy=ours, paddle=in_paddle)
five_scores = rng.normal(size=(5, 3))
five_labels = rng.integers(0, 3, size=5)
error = ops.check_gradient(ops.cross_entropy, shares_minus_one, five_scores, five_labels)
report("softmax with cross-entropy", error)

# %% [markdown]
r"""
> **Think.** The three numbers of the gradient add up to 0. Why must they, for any scores?
>
> <details><summary>Answer</summary>
>
> Add the same number to all scores: softmax does not change, so the loss does not either. The slope in this direction is 0, and it is the sum of the gradient.
>
> </details>

## The gradient of a convolution is a convolution

A window of 3×3 slides over 5×5 pixels with stride 2 and makes 2×2 outputs. Their gradients arrive: 1, 2, 3, 4. Take the pixel in the middle of the input. **Predict**: how many outputs has it reached?

All four. The first window holds it at its lower right corner, the second at its lower left one, and so on. It is a fork into four, so four products add: each output's gradient times the weight with which its window read the pixel. The windows to the *right* read it with a weight on the *left* of the kernel. So, seen from the pixel, the kernel is **flipped**.

Two things more. The windows stood 2 pixels apart, so the gradients are spread: 2 apart, with zeros between. And a pixel at the corner is reached by one window only. So we surround the gradients with zeros, as many as the kernel's size less one.
"""

# %%
kernel = np.array([[1.0, 2, 0], [0, 1, 0], [-1, 0, 1]])
grads = np.array([[1.0, 2], [3, 4]])
figures.conv_gradient(grads, kernel, stride=2)
plt.show()

# %% [markdown]
r"""
The marked pixel: 1 · 1 + 2 · (−1) + 3 · 0 + 4 · 1 = 3. (The kernel in the picture is turned already: it slides as drawn. In the language of [chapter 02](02_convolution.ipynb), the layer is a cross-correlation and its gradient a convolution.) Here are all 25, in five ways. By hand we lay a *stamp* for each window, the kernel times its gradient, where the window stood; where stamps overlap they add. This is the transposed convolution of [chapter 04](04_channels_and_batches.ipynb).
"""

# %%
by_hand = np.zeros((5, 5))
for i in range(2):
    for j in range(2):
        by_hand[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += grads[i, j] * kernel
spread = np.zeros((3, 3))
spread[::2, ::2] = grads
flipped = kernel[::-1, ::-1]
as_convolution = ops.corr2d(np.pad(spread, 2), flipped)
agree(by_hand=by_hand, flipped_kernel=as_convolution)

# %%
x = np.arange(25.0).reshape(1, 1, 5, 5)
weight = kernel.reshape(1, 1, 3, 3)
grad_y = grads.reshape(1, 1, 2, 2)
numpy = ops.conv2d_backward(grad_y, x, weight, stride=2)
stamps = ops.conv2d_transpose(grad_y, weight, stride=2)[0, 0]
in_paddle = paddle_gradients(F.conv2d, [x, weight], grad_y, stride=2)
agree(by_hand=by_hand, numpy=numpy[0][0, 0], stamps=stamps, paddle=in_paddle[0][0, 0])

# %% [markdown]
r"""
With stride 1 nothing is spread, and the picture is the same otherwise:
"""

# %%
figures.conv_gradient(grads, kernel, stride=1)
plt.show()

# %% [markdown]
r"""
Now the **weights**. The weight at the upper left meets, in each window, the pixel at the window's upper left. That is a fork over all windows: the sum of gradient times pixel. In our input the pixels are 0 … 24 in reading order, and these four are 0, 2, 10 and 12. So its gradient is 1 · 0 + 2 · 2 + 3 · 10 + 4 · 12 = 82. For all weights: slide the *gradients*, spread by the stride, over the (padded) input. This time nothing is flipped. If the windows left rows unread, only the first 3×3 places are weights. The bias, as always, gets the sum.

Everything so far had one channel and one image. With more, the rule of the fork is enough again. An input channel was read by every kernel, so its gradient adds over the kernels. A kernel met every image, so its gradient adds over the batch.
"""

# %%
of_weights = ops.corr2d(x[0, 0], spread)
agree(by_hand=82.0, upper_left=of_weights[0, 0])
agree(numpy=numpy[1][0, 0], slid_gradients=of_weights, paddle=in_paddle[1][0, 0])

# %%
x = rng.normal(size=(2, 3, 6, 6))
weight = rng.normal(size=(4, 3, 3, 3))
bias = rng.normal(size=4)
conv = ops.conv2d
error = ops.check_gradient(conv, ops.conv2d_backward, x, weight, bias, stride=2, padding=1)
report("convolution with channels, stride and padding", error)
arriving = rng.normal(size=(2, 4, 3, 3))
ours = ops.conv2d_backward(arriving, x, weight, bias, stride=2, padding=1)
in_paddle = paddle_gradients(F.conv2d, [x, weight, bias], arriving, stride=2, padding=1)
agree(numpy=flat(ours), paddle=flat(in_paddle))

# %% [markdown]
r"""
> **Think.** The input has 6×6 pixels, the window 3×3, the stride is 2, and there is no padding. Which pixels have the gradient 0, whatever arrives? And an input of 3×3 pixels, padded by 1: how many zeros surround its gradients?
>
> <details><summary>Answer</summary>
>
> The windows start at 0 and 2 and end at 4. The last row and column are read by no window, and their gradient is 0. With padding 1, one zero instead of two: what the padding got is cut off.
>
> </details>
"""

# %%
grad_x = ops.conv2d_backward(rng.normal(size=(2, 4, 2, 2)), x, weight, stride=2)[0]
agree(last_row=grad_x[:, :, 5], nothing=np.zeros((2, 3, 6)))
nine = np.zeros((1, 1, 3, 3))
padded_by_1 = ops.conv2d_backward(grad_y, nine, nine + kernel, stride=2, padding=1)
one_zero_around = ops.corr2d(np.pad(spread, 1), flipped)
agree(numpy=padded_by_1[0][0, 0], one_zero_around=one_zero_around)

# %% [markdown]
r"""
> **Correction.** *Commonly written:* the gradient of a convolution is the convolution of the gradients, with $k - 1$ zeros around, with the flipped kernel. *True:* this holds for stride 1 without padding. A stride puts zeros between the gradients. Padding by $p$, up to $k - 1$, leaves $k - 1 - p$ zeros around, as the cell above shows. And if the windows leave rows or columns unread at the end, padding included, as many more zeros are needed below and on the right.

## What a check can miss

A check is only as good as its cases. Here are five wrong gradients, as people write them. **Predict** before the table: which of them pass a plain check? It has random numbers and stride 1; for the dense layer a batch of one for the first bug, and of five for the last.

1. The bias of a dense layer gets the *mean* of the gradients over the batch.
2. ReLU copies the gradient and sets places to 0 by a flattened view.
3. Max pooling hands the gradient to *every* number that equals the largest.
4. Convolution lays its stamps one pixel apart, whatever the stride.
5. The bias of a dense layer first drops all axes of length one (`squeeze`), then adds over the first axis.
"""


# %%
def bias_mean(grad_y, x, weight, bias):
    return grad_y @ weight.T, x.T @ grad_y, grad_y.mean(axis=0)


def relu_by_a_view(grad_y, x):
    gradient = np.copy(grad_y)
    gradient.reshape(-1)[x.reshape(-1) <= 0] = 0
    return gradient


# %%
def all_winners(grad_y, x):
    largest = ops.max_pool2d(x, 2).repeat(2, axis=2).repeat(2, axis=3)
    return (x == largest) * grad_y.repeat(2, axis=2).repeat(2, axis=3)


def squeezed_sum(grad_y, x, weight, bias):
    return grad_y @ weight.T, x.T @ grad_y, bias * 0 + grad_y.squeeze().sum(axis=0)


# %%
def stamps_without_stride(grad_y, x, stride=1):
    gradient = np.zeros(x.shape)
    for i in range(grad_y.shape[2]):
        for j in range(grad_y.shape[3]):
            stamp = grad_y[:, :, i : i + 1, j : j + 1] * kernel
            gradient[:, :, i : i + 3, j : j + 3] += stamp
    return gradient


def convolved(x, stride=1):
    return ops.conv2d(x, kernel.reshape(1, 1, 3, 3), stride=stride)


# %% [markdown]
r"""
> **Activity: catch the bugs.** Ten minutes, in pairs. Each of the five bugs is caught by exactly one of these cases:
>
> - A: a stride of 2
> - B: a picture in which several numbers are equal
> - C: a batch of one
> - D: an array that lies in memory in another order, as after a transposition
> - E: a batch of five
>
> Which case catches which bug? Write down five letters, for the bugs 1 to 5, such as `["A", "B", "C", "D", "E"]`.
"""

# %%
my_cases = ...
tell(check.match, my_cases)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> `my_cases = ["E", "D", "B", "A", "C"]`. Ask of each bug which case makes the code differ from what it means. For one example the mean is the sum, and with stride 1 the stride does not show. The paragraph below explains the others.
>
> </details>
"""

# %% [markdown]
r"""
What would catch them? A batch of five for the first. Stride 2 for the fourth. For the fifth a batch of *one*: then `squeeze` drops the batch, and the sum runs over the outputs. Each bias gets the sum of all gradients, and no shape complains. For the second a gradient that lies in memory in another order, for example one that comes from a transposition. NumPy's `reshape` then makes a *copy*, the zeros go into the copy, and are lost.

The third is wrong at **ties** only. Random numbers never tie, but pictures do: a patch of background is equal everywhere. At a tie the central difference of a single number is no help. Raise one of two equal numbers by $h$, and the maximum rises by $h$. Lower it, and the maximum stays. The central difference is 1/2 for each. Paddle and `ops` give 1 to the first and 0 to the second, so even a right gradient would fail. But move **all numbers together**: then the tie stays a tie, the maximum moves with them, and the slope is 1. In this direction there is no kink, so all right gradients must add up to 1.
"""


# %%
def pooled(x):
    return ops.max_pool2d(x, 2)


def pooled_together(move):
    return pooled(np.full((1, 1, 4, 4), 0.5) + move)


def winners_together(grad_y, move):
    gradient = all_winners(grad_y, np.full((1, 1, 4, 4), 0.5) + move)
    return np.array([gradient.sum()])


# %%
verify = ops.check_gradient
one = rng.normal(size=(1, 4))
five = rng.normal(size=(5, 4))
picture = rng.normal(size=(1, 1, 4, 4))
wide = rng.normal(size=(1, 1, 5, 5))
plain = {}
plain["1  mean for the bias"] = verify(ops.linear, bias_mean, one, square, bias)
plain["2  a flattened view"] = verify(ops.relu, relu_by_a_view, five)
plain["3  all winners"] = verify(pooled, all_winners, picture)
plain["4  no stride"] = verify(convolved, stamps_without_stride, picture)
plain["5  squeezed"] = verify(ops.linear, squeezed_sum, five, square, bias)
print("all five pass the plain check, with errors below 1e-9:", max(plain.values()) < 1e-9)

# %%
table = {name: {"random, plain": error} for name, error in plain.items()}
table["1  mean for the bias"]["batch of 5"] = verify(ops.linear, bias_mean, five, square, bias)


def other_order(grad_y, x):
    return relu_by_a_view(grad_y.T, x)


turned = verify(lambda x: ops.relu(x).T, other_order, five)
table["2  a flattened view"]["other order"] = turned
table["3  all winners"]["ties"] = verify(pooled_together, winners_together, np.zeros(1))
table["4  no stride"]["stride 2"] = verify(convolved, stamps_without_stride, wide, stride=2)
table["5  squeezed"]["batch of 1"] = verify(ops.linear, squeezed_sum, one, square, bias)
figures.verdicts(table)
plt.show()

# %% [markdown]
r"""
Read the table from left to right. All five pass the careless check, with errors far below $10^{-7}$. Each falls at the case that it was not written for. More random numbers would not help: they would be a thousand cases of the same kind. So choose cases by asking what the code could confuse. More than one of everything, and a different number of each. Exactly one, too. A stride above 1, and another one for each axis. Ties and exact zeros. Windows that overlap. Another order in memory. And with a second implementation at hand, compare with it too, as we do with Paddle. The right functions pass all of these:
"""


# %%
def right_winners(grad_y, move):
    gradient = ops.max_pool2d_backward(grad_y, np.full((1, 1, 4, 4), 0.5) + move, 2)
    return np.array([gradient.sum()])


def right_order(grad_y, x):
    return ops.relu_backward(grad_y.T, x)


report("dense, batch of 5", verify(ops.linear, ops.linear_backward, five, square, bias))
report("dense, batch of 1", verify(ops.linear, ops.linear_backward, one, square, bias))
report("ReLU, other order", verify(lambda x: ops.relu(x).T, right_order, five))
report("max pooling, ties", verify(pooled_together, right_winners, np.zeros(1)))

# %% [markdown]
r"""
## Where the check itself misleads

A check can also raise a false alarm. **Predict** the outcome of three checks of *right* gradients: ReLU at exactly 0; float32; and the bias of a layer in front of batch normalisation.

**A kink.** At 0 the central difference of ReLU is (h − 0) / 2h = 1/2. There is no slope at 0, and libraries choose: Paddle and `ops` take 0.
"""

# %%
kink = np.zeros(1)
in_paddle = paddle_gradients(F.relu, [kink], np.ones(1))[0]
agree(numpy=ops.relu_backward(np.ones(1), kink), paddle=in_paddle)
difference = (ops.relu(kink + 1e-5) - ops.relu(kink - 1e-5)) / 2e-5
agree(by_hand=[1 / 2], central_difference=difference)

# %% [markdown]
r"""
**The step and float32.** A central difference has two errors. The bend of the function: it shrinks with the square of the step. And rounding: the two values are rounded, and their difference is divided by the step, so this error *grows* as the step shrinks. We take the function $x^3/(1 + x^2)$ at 201 places, and the median of the relative errors. **Predict** the shape of the curves, and where they are lowest.
"""


# %%
def smooth(x):
    return x * x * x / (1 + x * x)


places = np.linspace(0.5, 2, 201)
squares = places * places
slope = (3 * squares + squares * squares) / ((1 + squares) * (1 + squares))


def median_error(dtype, power, both_sides):
    x = places.astype(dtype)
    h = dtype(10.0**-power)
    below = smooth(x - h) if both_sides else smooth(x)
    found = (smooth(x + h) - below) / (2 * h if both_sides else h)
    return np.median(np.abs(found - slope) / slope)


# %%
powers = np.arange(1, 11)
lines = {"float64, central": [median_error(np.float64, power, True) for power in powers]}
lines["float64, one side"] = [median_error(np.float64, power, False) for power in powers]
lines["float32, central"] = [median_error(np.float32, power, True) for power in powers]
ax = figures.curves(
    lines, powers, "step = one part in 10 to the power of", "relative error", log=True
)
ax.set_title("Too large a step bends, too small a step rounds")
plt.show()
best = {name: np.min(errors) for name, errors in lines.items()}
assert best["float64, central"] < 1e-9 and best["float32, central"] > 1e-6
assert 100 < best["float64, one side"] / best["float64, central"] < 10_000

# %% [markdown]
r"""
In float64 the best central step is near $10^{-5}$ or $10^{-6}$, and the error there is far below $10^{-7}$. A difference to one side only is best at a smaller step, near $10^{-8}$, and its best is about a thousand times worse. In float32 the best error is around $10^{-5}$: no step comes near $10^{-7}$. A right gradient would fail. Therefore `check_gradient` refuses float32. Check in float64, then compare the float32 result with the float64 one.

**A gradient that is truly 0.** Batch normalisation subtracts the mean, so a bias before it changes nothing ([chapter 08](08_batch_norm.ipynb)). Its gradient is 0. By rounding, the layer says $10^{-17}$, say, and the central difference $10^{-12}$. Many programs divide the difference by the larger of the two. **Predict** what this gives.
"""


# %%
def normalised(x, bias):
    zeros = np.zeros(x.shape[1])
    return ops.batch_norm(x + bias, zeros, zeros + 1, training=True)


def normalised_backward(grad_y, x, bias):
    grad_x = ops.batch_norm_backward(grad_y, x + bias)[0]
    return grad_x, grad_x.sum(axis=0)


x = rng.normal(size=(5, 3))
bias = rng.normal(size=3)
grad_y = rng.normal(size=(5, 3))
gradient = normalised_backward(grad_y, x, bias)[1]
agree(1e-12, by_reasoning=np.zeros(3), numpy=gradient)

# %%
found = np.zeros(3)
for place in range(3):
    h = np.zeros(3)
    h[place] = 1e-5
    change = normalised(x, bias + h) - normalised(x, bias - h)
    found[place] = (change * grad_y).sum() / 2e-5
larger = np.maximum(np.abs(gradient), np.abs(found))
naive = np.abs(gradient - found) / np.maximum(larger, 1e-300)  # 0 for 0 against 0
print("divided by the larger of the two: error above 0.1?", naive.max() > 0.1)
report("as check_gradient divides", ops.check_gradient(normalised, normalised_backward, x, bias))

# %% [markdown]
r"""
Nearly nothing, divided by nearly nothing, is anything. `check_gradient` divides by at least the root mean square of *all* slopes, so that a gradient of 0 is compared with the others.

## Deeper: kinks in a large network

With random weights and a picture that is not blank, a sum is hardly ever exactly 0. But the step of the check may carry a sum *over* 0. How likely is that? We take a network with two hidden layers of 50 ReLUs and 100 digits: 10,000 sums. For 40 weights of its first layer we move up and down, and ask whether any sum has changed its sign. Five networks; and as a control the same with tanh, which has no kink. **Predict** the share for steps of 0.01, 0.001 and 0.00001.
"""

# %%
digits = load_digits(size=8)
pixels = digits.train[0][:100].reshape(100, 64).astype(float)
labels = digits.train[1][:100]
largest = {}
for step in (1e-2, 1e-3, 1e-5):
    share, with_kinks = crossings("relu", step, pixels, labels)
    smooth_share, without = crossings("tanh", step, pixels, labels)
    largest[step] = (with_kinks, without)
    print(f"step {step:g}: a sum crosses 0 in {share:.1f} (ReLU), {smooth_share:.1f} (tanh)")
assert share < 0.05
assert largest[1e-3][0] > 1e-3 and largest[1e-3][1] < 1e-5
print("step 0.001: largest error with ReLU above 0.001, with tanh below 0.00001")

# %% [markdown]
r"""
With a step of 0.001, harmless for tanh, a good part of the checks step over a kink, and some right gradients look wrong. With 0.00001 hardly any do. (With tanh sums cross 0, too, but nothing happens there: it is the kink that does it.) More sums make a crossing more likely: deeper, wider, more examples. So check with few examples, in float64, with a small step. And look at the *one* place that fails before you doubt the formula: does the error change with the step?

## Deeper: hinge loss and softmax alone

Two more boxes that classifiers use. For each we ask the same question as before: which numbers does it reach, and with which slope?

The **hinge loss** asks each wrong class to stay 1 below the right one, and adds up by how much they do not: $\sum_{j \ne r} \max(0, z_j - z_r + 1)$. By hand: scores 3, 1, 2.5, the first class is right. The margins are 1 − 3 + 1 = −1, which counts as 0, and 2.5 − 3 + 1 = 0.5. A wrong class that counts has the slope 1, and each of them gives −1 to the right class. So the gradient is −1, 0, 1. (Paddle divides by the number of classes, 3, and in float32: hence the tolerance.)
"""


# %%
def hinge_backward(scores, labels):
    rows = np.arange(len(labels))
    margins = scores - scores[rows, labels][:, None] + 1
    gradient = 1.0 * (margins > 0)
    gradient[rows, labels] = 0
    gradient[rows, labels] = -gradient.sum(axis=1)
    return gradient / len(labels)


# %%
def paddle_hinge(scores, labels):
    return 3 * F.multi_margin_loss(scores, labels)


scores = np.array([[3, 1, 2.5]])
first = np.array([0])
ours = hinge_backward(scores, first)
in_paddle = paddle_gradients(paddle_hinge, [scores, first])[0]
agree(by_hand=0.5, numpy=ops.hinge_loss(scores, first))
agree(1e-6, by_hand=[[-1, 0, 1]], numpy=ours, paddle=in_paddle)
report("hinge loss", verify(ops.hinge_loss, hinge_backward, five_scores, five_labels))

# %% [markdown]
r"""
**Softmax alone.** Raise one score: its share grows, and all others shrink. Share $s_i$ has for score $j$ the slope $-s_i s_j$, and $s_i$ more for $i = j$. Add over the outputs: the gradient of score $j$ is $s_j$ times a difference. It is the gradient that arrives at share $j$, minus the mean of all that arrive, weighted by the shares.
"""


# %%
def shares_backward(grad_y, x):
    shares = ops.softmax(x)
    mean = (grad_y * shares).sum(axis=-1, keepdims=True)
    return shares * (grad_y - mean)


grad_y = rng.normal(size=(5, 3))
in_paddle = paddle_gradients(F.softmax, [five_scores], grad_y)[0]
agree(numpy=shares_backward(grad_y, five_scores), paddle=in_paddle)
report("softmax", verify(ops.softmax, shares_backward, five_scores))

# %% [markdown]
r"""
Why then a gradient for both together, and not first the one of $-\ln s_r$, which is $-1/s_r$, and then softmax's? On paper they are the same. **Predict** what happens with the scores 0 and 1000, if the first class is right.
"""


# %%
def two_boxes(scores):
    shares = ops.softmax(scores)
    with np.errstate(divide="ignore", invalid="ignore"):
        return shares_backward(np.array([[-1 / shares[0, 0], 0]]), scores)


for scores in (np.array([[0.0, 1]]), np.array([[0.0, 1000]])):
    one_box = ops.cross_entropy_backward(scores, first)
    print("two boxes", two_boxes(scores).round(4), " one box", one_box.round(4))

# %% [markdown]
r"""
The share of the right class is rounded to 0, so 1/0 is infinite. Softmax then multiplies this by 0, and infinity times 0 is no number: nan. The one box never divides by a share. So the box is drawn around both for more than speed.

## Deeper: pooling

**Average** pooling adds $k^2$ numbers and divides: each has the slope $1/k^2$. **Max** pooling copies the largest number, so it has the slope 1 and the others 0. Where windows overlap, gradients add, as at every fork. By hand: the row 1, 5, 2, 4 with windows of two and stride 1 has the maxima 5, 5, 4. The gradients 10, 1, 100 arrive. The 5 gets 11, the 4 gets 100. The means get halves: 5, 5.5, 50.5, 50.
"""

# %%
row = np.array([[[[1.0, 5, 2, 4]]]])
grad_y = np.array([[[[10.0, 1, 100]]]])
largest = ops.max_pool2d_backward(grad_y, row, (1, 2), 1)
in_paddle = paddle_gradients(F.max_pool2d, [row], grad_y, kernel_size=(1, 2), stride=1)
agree(by_hand=[0, 11, 0, 100], numpy=largest[0, 0, 0], paddle=in_paddle[0][0, 0, 0])
mean = ops.avg_pool2d_backward(grad_y, row, (1, 2), 1)
in_paddle = paddle_gradients(F.avg_pool2d, [row], grad_y, kernel_size=(1, 2), stride=1)
agree(by_hand=[5, 5.5, 50.5, 50], numpy=mean[0, 0, 0], paddle=in_paddle[0][0, 0, 0])

# %% [markdown]
r"""
Somebody writes for max pooling `grad[winner] = …` instead of `+=`. **Predict** with which stride a check finds it. And what does a tie do: the row 5, 5, 5 with windows of two and stride 1? In each window the first one gets all, so 1, 1, 0.
"""


# %%
def overwritten(grad_y, x, kernel_size, stride):
    gradient = np.zeros(x.shape)
    for i in range(grad_y.shape[3]):
        window = x[0, 0, 0, i * stride : i * stride + 2]
        gradient[0, 0, 0, i * stride + window.argmax()] = grad_y[0, 0, 0, i]
    return gradient


long_row = rng.permutation(20.0 + np.arange(20)).reshape(1, 1, 1, 20)
for stride in (2, 1):
    error = verify(ops.max_pool2d, overwritten, long_row, kernel_size=(1, 2), stride=stride)
    print(f"stride {stride}: is = instead of += caught? {error > 1e-7}")

# %%
tie = np.full((1, 1, 1, 3), 5.0)
ones = np.ones((1, 1, 1, 2))
in_paddle = paddle_gradients(F.max_pool2d, [tie], ones, kernel_size=(1, 2), stride=1)[0]
numpy = ops.max_pool2d_backward(ones, tie, (1, 2), 1)
agree(by_hand=[1, 1, 0], numpy=numpy[0, 0, 0], paddle=in_paddle[0, 0, 0])
maps = rng.normal(size=(2, 3, 6, 6))
error = verify(ops.max_pool2d, ops.max_pool2d_backward, maps, kernel_size=3, stride=2)
report("max pooling", error)
error = verify(ops.avg_pool2d, ops.avg_pool2d_backward, maps, kernel_size=3, stride=2)
report("average pooling", error)

# %% [markdown]
r"""
Do ties matter? Behind a ReLU a tie of *zeros* does not: ReLU stops the gradient anyway. But take a background that is 0 everywhere, a convolution, and a bias of 0.5. All sums are 0.5, and each window of the pooling is a tie of four. The bias moves all of them together, so there is no kink, and the slope is plain: one for each window. **Predict** what the four winners of our third bug give.
"""

# %%
background = np.zeros((1, 1, 6, 6))


def total(bias):
    sums = ops.conv2d(background, kernel[None, None], np.array([bias]))
    return ops.max_pool2d(ops.relu(sums), 2).sum()


half = np.full((1, 1, 4, 4), 0.5)
ones = np.ones((1, 1, 2, 2))
of_bias = ops.relu_backward(ops.max_pool2d_backward(ones, half, 2), half).sum()
central = (total(0.5 + 1e-5) - total(0.5 - 1e-5)) / 2e-5
agree(by_hand=4.0, first_winner=of_bias, central_difference=central)
print("all winners:", ops.relu_backward(all_winners(ones, half), half).sum())

# %% [markdown]
r"""
Four times too much. So the bug is not a matter of taste: on pictures with flat parts it makes wrong steps.

## Deeper: batch normalisation, twice

Every number of a feature moves the mean and the variance, and so all others. First **by graph**, one step after another. Forwards: mean, centred, variance, root, divide. Backwards in reverse order, with two forks: *centred* goes into the variance and into the division, and $x$ goes into the mean and into the centring.
"""


# %%
def by_graph(grad_y, centred, root):
    inverse = 1 / root
    of_inverse = (grad_y * centred).sum(axis=0)
    of_centred = grad_y * inverse
    of_root = -of_inverse * inverse**2
    of_variance = of_root / (2 * root)
    of_squares = np.ones_like(grad_y) / len(grad_y) * of_variance
    of_centred = of_centred + 2 * centred * of_squares
    of_mean = -of_centred.sum(axis=0)
    return of_centred + np.ones_like(grad_y) / len(grad_y) * of_mean


# %% [markdown]
r"""
Put the lines into one another on paper, and most of it cancels. With $\hat x$ for the normalised numbers and means over the batch the **closed form** is

$$\text{gradient of } x = \frac{1}{\text{root}} \left( g - \text{mean}(g) - \hat x \cdot \text{mean}(g\, \hat x) \right).$$

Read it: of what arrives, batch normalisation removes the mean, and the part along $\hat x$. No gradient may ask for a shift or for another scale, since the layer would undo both (the scale only nearly, because of the small ε under the root).
"""


# %%
def closed_form(grad_y, centred, root):
    normal = centred / root
    along = (grad_y * normal).mean(axis=0)
    return (grad_y - grad_y.mean(axis=0) - normal * along) / root


# %%
x = rng.normal(size=(6, 3))
grad_y = rng.normal(size=(6, 3))
centred = x - x.mean(axis=0)
root = np.sqrt(x.var(axis=0) + 1e-5)


def paddle_norm(x, weight=None, bias=None):
    zeros = paddle.zeros([3], dtype=x.dtype)
    return F.batch_norm(x, zeros, zeros + 1, weight, bias, training=True)


in_paddle = paddle_gradients(paddle_norm, [x], grad_y)[0]
steps = by_graph(grad_y, centred, root)
closed = closed_form(grad_y, centred, root)
agree(by_graph=steps, closed_form=closed, paddle=in_paddle)

# %% [markdown]
r"""
The scale γ and the shift β act after the division, number by number: β gets the sum of $g$, and γ the sum of $g \hat x$. The check of all three:
"""


# %%
def scaled(x, weight, bias):
    zeros = np.zeros(3)
    return ops.batch_norm(x, zeros, zeros + 1, weight, bias, training=True)


def scaled_backward(grad_y, x, weight, bias):
    centred = x - x.mean(axis=0)
    root = np.sqrt(x.var(axis=0) + 1e-5)
    of_scale = (grad_y * centred / root).sum(axis=0)
    return closed_form(grad_y * weight, centred, root), of_scale, grad_y.sum(axis=0)


# %%
weight = rng.normal(size=3)
bias = rng.normal(size=3)
report("batch norm", ops.check_gradient(scaled, scaled_backward, x, weight, bias))
ours = flat(scaled_backward(grad_y, x, weight, bias))
in_paddle = flat(paddle_gradients(paddle_norm, [x, weight, bias], grad_y))
agree(ours=ours, helpers=flat(ops.batch_norm_backward(grad_y, x, weight)), paddle=in_paddle)

# %% [markdown]
r"""
The closed form is shorter. It is also called faster. A layer that runs in every step of a training should be fast, so this is worth a measurement. **Predict** by how much, and for which sizes. The *control* is the same graph with one change. What is the same for a whole column, as a mean is, stays a row, and is not first spread over an array. Time is divided by that of the closed form.
"""


# %%
def in_rows(grad_y, centred, root):
    inverse = 1 / root
    of_inverse = (grad_y * centred).sum(axis=0)
    of_variance = -of_inverse * inverse**2 / (2 * root)
    twice_of_squares = 2 * of_variance / len(grad_y)
    of_centred = grad_y * inverse + centred * twice_of_squares
    return of_centred - of_centred.mean(axis=0)


# %%
agree(by_graph=steps, in_rows=in_rows(grad_y, centred, root))
sizes = np.array([(16, 16), (64, 32), (128, 128), (512, 256), (2048, 512)])

# %% tags=["picture-varies"]
ratios = {}
for dtype in ("float64", "float32"):
    ratios[f"graph, {dtype}"] = []
    ratios[f"control, {dtype}"] = []
    for shape in sizes:
        grad_y = rng.normal(size=shape).astype(dtype)
        root = grad_y.std(axis=0)
        base = seconds(closed_form, grad_y, grad_y, root)
        ratios[f"graph, {dtype}"].append(seconds(by_graph, grad_y, grad_y, root) / base)
        ratios[f"control, {dtype}"].append(seconds(in_rows, grad_y, grad_y, root) / base)
counts = sizes.prod(axis=1)
ax = figures.curves(ratios, counts, "numbers in the batch", "time / closed form", limits=(0, 4))
ax.set_xscale("log")
ax.set_title("With its means left as rows, the graph keeps up with the closed form")
plt.show()

# %% [markdown]
r"""
> **Correction.** *Commonly written:* the closed form is faster because the algebra is simpler. *True:* the graph as one usually writes it took 1.2 to 2 times as long where we measured. But the control is the same graph, with none of the algebra. It takes about as long as the closed form for small batches, and often less for large ones. What costs the time are steps over whole arrays: 14 in the first function, 8 in the closed form, 7 in the control. Count them. Each needs memory for its result, too, and for large arrays fetching it can take longer than the arithmetic. (Look at your own picture: such ratios differ from one computer to the next.)

## Deeper: dropout

Dropout multiplies by a mask of 0 and 1, and divides by the share that is kept ([chapter 09](09_dropout.ipynb)). So the gradient is multiplied by the *same* mask and divided alike. By hand, with the rate 0.5: the mask 1, 0, 1 and the gradient 1, 2, 3 give 2, 0, 6. **Predict** what the check says if the way back draws a new mask.
"""

# %%
mask = np.array([True, False, True])
grad_y = np.array([1.0, 2, 3])
agree(by_hand=[2, 0, 6], numpy=ops.dropout_backward(grad_y, mask, 0.5), formula=grad_y * mask / 0.5)

# %%
paddle.seed(0)
x = paddle.ones([8, 5], dtype="float64")
x.stop_gradient = False
y = F.dropout(x, 0.5)
y.sum().backward()
mask = y.numpy() != 0
agree(numpy=ops.dropout_backward(np.ones((8, 5)), mask, 0.5), paddle=x.grad)


# %%
def dropped(x):
    return ops.dropout(x, 0.5, mask=mask)


def same_mask(grad_y, x):
    return ops.dropout_backward(grad_y, mask, 0.5)


def new_mask(grad_y, x):
    return ops.dropout_backward(grad_y, ops.dropout_mask(x.shape, 0.5, rng), 0.5)


x = rng.normal(size=(8, 5))
report("the same mask", verify(dropped, same_mask, x))
report("a new mask", verify(dropped, new_mask, x))

# %% [markdown]
r"""
(We read Paddle's mask from its output, which works because no input is 0. For an input of 0 it would not: another bug that random numbers never meet.)

## What you have seen, done, and can now use

- **The chain rule:** along a way slopes multiply, at a fork gradients add. A recorder of steps and one walk back do the rest.
- **Reverse mode** takes one sweep for each output, forward mode one for each input. A loss is one output.
- **Layers:** dense `grad_y @ weight.T`, `x.T @ grad_y`, and the sum; ReLU the gradient where $x > 0$; softmax with cross-entropy the share, minus 1 if right.
- **A convolution's gradient** is a convolution: flipped kernel, gradients spread by the stride, zeros around. That of the weights slides the gradients over the input.
- **The check:** central differences in float64, below $10^{-7}$. Cases with more than one of everything and with exactly one, with ties, with another order in memory.
- **It misleads** at kinks, in float32, and where a gradient is truly 0.
- *Deeper:* the closed form of batch normalisation is short; whole arrays cost time, not steps.

## Exercises

The [exercises of this chapter](exercises/10_backpropagation.ipynb) check themselves. Walk back through a graph by hand, derive a layer with a scale and a shift, and write central differences. Use them to find the one wrong gradient of a network. Then find a kernel that is the same on the way back, and train a network with a wrong way back.

## Further reading

- R. Wengert, *A simple automatic derivative evaluation program*, 1964, [doi 10.1145/355586.364791](https://doi.org/10.1145/355586.364791): steps recorded, slopes carried forwards.
- S. Linnainmaa, *Taylor expansion of the accumulated rounding error*, 1976, [doi 10.1007/BF01931367](https://doi.org/10.1007/BF01931367): the walk backwards, first in his thesis of 1970.
- D. Rumelhart, G. Hinton and R. Williams, *Learning representations by back-propagating errors*, 1986, [doi 10.1038/323533a0](https://doi.org/10.1038/323533a0).
- A. Griewank and A. Walther, *Evaluating derivatives*, 2008, [doi 10.1137/1.9780898717761](https://doi.org/10.1137/1.9780898717761): both modes, and their cost.
- A. Baydin and others, *Automatic differentiation in machine learning: a survey*, 2018, [arXiv 1502.05767](https://arxiv.org/abs/1502.05767).
- V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, 2016, [arXiv 1603.07285](https://arxiv.org/abs/1603.07285): transposed convolution as a gradient.
- C. Olah, *Calculus on computational graphs: backpropagation*, 2015, [colah.github.io](https://colah.github.io/posts/2015-08-Backprop/): paths, and why they are summed by places.
- A. Karpathy, *micrograd*, 2020, [github.com/karpathy/micrograd](https://github.com/karpathy/micrograd): a recorder of single numbers that trains a network.

A layer turns the gradient of its output into the gradients of its inputs. Get this right for each box alone, check it with cases that could hurt, and one walk back is right for the whole network.

Previous: [09 Drop units to resist overfitting](09_dropout.ipynb) · Next: [11 Train a dense network, choose an optimiser](11_dense_networks_and_optimisers.ipynb)
"""
