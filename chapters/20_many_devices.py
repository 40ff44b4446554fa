# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Train on more than one device

A loss is a mean over examples, so its gradient can be computed in parts. **Give each device a share of every batch and average the gradients: then all devices together take the steps that one device takes with the whole batch, up to rounding.** This chapter does it by hand, then with two real processes. It also shows where this is no longer true, for batch norm and dropout, and what more devices do not make better.

## What you will see, do, and need

**See** two processes with the same losses as one, step by step; a training that is killed and goes on. See which part of a step more devices make shorter, and which part they make longer.

**Do** the sum of a ring by hand and in ten lines of NumPy. Repair a mean that is wrong. Put the rule "twice the batch, twice the rate" to the test.

**Need** gradients from [chapter 10](10_backpropagation.ipynb), optimisers from [chapter 11](11_dense_networks_and_optimisers.ipynb), batch norm from [chapter 08](08_batch_norm.ipynb), LeNet-5 from [chapter 15](15_lenet.ipynb). About 50 minutes, and 40 for the sections marked *Deeper*.

> **Note.** Two processes of Paddle talk on the CPU by *gloo*, a library that sends numbers between processes. Paddle has it on Linux alone: on other systems the cells with two processes fail, so open this notebook in Colab there. No graphics card (GPU) is needed.
"""

# %%
import tempfile
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from helpers import agree, checkpoint, figures, launch, models, nn, ops, pair, parallel
from helpers.checks import many_devices as check
from helpers.checks import tell
from helpers.data import load_splits
from helpers.networks import Networks
from helpers.twins import in_paddle

import paddle
import paddle.nn.functional as F

# %%
paddle.set_default_dtype("float64")
DATA = "digits"  # or "mnist"
BATCH = 67 if DATA == "digits" else 3001  # twenty steps an epoch, and no halves
print("the data of this notebook:", DATA)

# %% [markdown]
r"""
## By hand: four examples in two shares

A **process** is a running program with memory of its own. Several processes can run at the same time, each on a device: a processor core, or a GPU. In **data parallel** training every process has the whole network. The batch is dealt out in turn, like cards. Each process computes the gradient of its own share. Then the gradients are averaged, and every process takes the same step:
"""

# %%
figures.shares(4, 2)
plt.show()

# %% [markdown]
r"""
(How the processes find the mean is told in the next section.) Take the smallest network, with one weight: the answer to $x$ is $w \cdot x$, and $w = 1$. Four examples have $x$ = 1, 2, 3, 4, and the wanted answers are 0, 1, 1, 2. So the errors are 1, 1, 2, 2. The loss is the mean of the squared errors. One example gives the gradient 2 · error · $x$, which is 2, 4, 12, 16. The mean of all four is 34/4 = 8.5.

Process 0 gets the first and the third example: (2 + 12)/2 = 7. Process 1 gets the others: (4 + 16)/2 = 10. And (7 + 10)/2 = 8.5, the gradient of the whole batch.
"""

# %%
inputs = np.array([[1.0], [2], [3], [4]])
wanted = np.array([[0.0], [1], [1], [2]])
weight = np.array([[1.0]])


def gradient(rows):
    error = ops.linear(inputs[rows], weight) - wanted[rows]
    return (2 * error * inputs[rows]).mean()


halves = [gradient([0, 2]), gradient([1, 3])]
agree(by_hand=[7.0, 10], numpy=halves)

# %%
layer = paddle.nn.Linear(1, 1, bias_attr=False)
layer.weight.set_value(weight)
error = layer(paddle.to_tensor(inputs)) - paddle.to_tensor(wanted)
(error**2).mean().backward()
agree(by_hand=8.5, numpy=np.mean(halves), paddle=layer.weight.grad.item())

# %% [markdown]
r"""
> **Think.** Process 0 gets three of the examples, process 1 gets the last one. Is the mean of the two gradients still 8.5?
>
> <details><summary>Answer</summary>
>
> No. (2 + 4 + 12)/3 = 6, the last one alone is 16, and (6 + 16)/2 = 11. The last example counts for a half, and the others for a sixth each. The next cell shows it.
>
> </details>

Shares are often unequal: 67 examples have no half. So each share gets a **factor**, its size times the number of processes, divided by the size of the batch. Three of four examples in two processes: 3 · 2/4 = 1.5. One of four: 1 · 2/4 = 0.5. Then (1.5 · 6 + 0.5 · 16)/2 = (9 + 8)/2 = 8.5.
"""

# %%
unequal = np.array([gradient([0, 1, 2]), gradient([3])])
print("plain mean:", unequal.mean())
agree(by_hand=8.5, numpy=np.mean(np.array([1.5, 0.5]) * unequal))

# %% [markdown]
r"""
`parallel.share_out` of our helpers deals the rows and gives the factor. A `Team` says which process this is (its *rank*, counted from 0), and how many there are. Four examples and three processes: the shares have 2, 1 and 1 examples, so the factors are 2 · 3/4 = 1.5, then 0.75 and 0.75.
"""

# %%
rows = np.arange(4)
scaled = []
for rank in range(3):
    team = parallel.Team(rank, 3, "cpu")
    share = parallel.share_out(rows, team)
    print(f"process {rank}: rows {share[0].tolist()}, factor {share[1]}")
    scaled.append(share[1] * gradient(share[0]))
agree(by_hand=8.5, numpy=np.mean(scaled))

# %% [markdown]
r"""
Nothing in this needs a small network. LeNet-5 has 61,706 parameters, so its gradient is a list of 61,706 numbers. We take 67 digits, as a whole and in shares of 34 and 33, in `helpers.nn` and in Paddle. **Predict**: how well do the four lists agree?
"""


# %%
def our_gradient(model, rows, factor=1.0):
    grad = ops.cross_entropy_backward(model.forward(x[rows]), labels[rows])
    model.backward(factor * grad)
    found = np.concatenate([part.grad.ravel() for part in model.parameters()])
    for part in model.parameters():
        part.grad = None
    return found


# %%
def their_gradient(model, rows, factor=1.0):
    scores = model(paddle.to_tensor(x[rows]))
    loss = factor * F.cross_entropy(scores, paddle.to_tensor(labels[rows]))
    loss.backward()
    found = np.concatenate([part.grad.numpy().ravel() for part in model.parameters()])
    model.clear_gradients()
    return found


# %%
def in_shares(gradient_of, model, rows, size=2):
    found = []
    for rank in range(size):
        share = parallel.share_out(rows, parallel.Team(rank, size, "cpu"))
        found.append(gradient_of(model, share[0], share[1]))
    return np.mean(found, axis=0)


# %%
digits = load_splits(DATA, size=32)
x = digits.train[0][:320].astype("float64")
labels = digits.train[1]
model = models.lenet5(np.random.default_rng(0)).astype("float64")
twin = in_paddle(model)
batch = np.arange(67)
ours = in_shares(our_gradient, model, batch)
theirs = in_shares(their_gradient, twin, batch)
agree(our_whole=our_gradient(model, batch), our_shares=ours)
agree(paddle_whole=their_gradient(twin, batch), paddle_shares=theirs, ours=ours)

# %% [markdown]
r"""
Why must the four lists be equal? The gradient of a sum is the sum of the gradients, and the loss is a sum of one term for each example. So it does not matter who computes which term. Remember the condition: *one term for each example*. Batch norm will break it.

## The ring: an average without a centre

Every process must get the average. The simple way: process 0 collects all lists, adds them up and sends the result back. With 100 processes it receives 99 lists and sends 99, and the others wait.

The **ring all-reduce** shares out this work, too. Each process cuts its list into as many blocks as there are processes. It sends to the next process only, and the last one sends to the first. In a *round* each process sends one block. First they *add*: whoever gets a block adds it to its own. In round 1 process $r$ sends its block $r$, and later the block that it has just received.

By hand, three processes with the lists (1, 2, 3), (4, 5, 6) and (7, 8, 9), so a block is one number. Round 1: process 0 sends its block 0, the 1, and process 1 then has 4 + 1 = 5 there. Process 1 sends its block 1, the 5, and process 2 then has 8 + 5 = 13. Process 2 sends its block 2, the 9, and process 0 then has 3 + 9 = 12. Round 2: the 12 goes to process 1, which has 6 + 12 = 18. The 5 makes 7 + 5 = 12 in process 2. The 13 makes 2 + 13 = 15 in process 0.

After $p - 1$ rounds each process has one complete block: here 15, 18 and 12. Then they *copy*: in as many rounds the complete blocks go around the ring. The sums of the three blocks are 12, 15 and 18, so the average is (4, 5, 6).
"""


# %%
def ring_round(blocks, number, copying):
    count = len(blocks)
    for rank in range(count):
        after = (rank + 1) % count
        block = (rank - number + copying) % count
        if copying:
            blocks[after, block] = blocks[rank, block]
        else:
            blocks[after, block] += blocks[rank, block]


# %%
blocks = np.ones((4, 4), int)
stages = {"start": blocks.copy()}
for copying in (False, True):
    for number in range(3):
        ring_round(blocks, number, copying)
        name = "copy" if copying else "add"
        stages[f"{name}, round {number + 1}"] = blocks.copy()
figures.ring_steps(stages)
plt.show()

# %% [markdown]
r"""
A row is a process, a column is a block. The number says how many processes are in the block's sum so far. Outlined is what has just arrived; green blocks are complete. Follow the first column from panel to panel. Row 0 has 1, then row 1 has 2, row 2 has 3, and row 3 has 4. Then the complete block is copied.

(The loop lets one process send after the other; in truth all send at once. The result is the same, since in a round nobody sends the block that it receives.) Now with numbers: the three lists from above, then four processes with 12 numbers each.
"""


# %%
def ring_mean(lists):
    count = len(lists)
    blocks = lists.reshape(count, count, -1).copy()
    for copying in (False, True):
        for number in range(count - 1):
            ring_round(blocks, number, copying)
    return blocks.reshape(lists.shape) / count


agree(by_hand=[4.0, 5, 6], ring=ring_mean(np.arange(1.0, 10).reshape(3, 3))[2])
lists = np.random.default_rng(0).normal(size=(4, 12))
found = ring_mean(lists)
agree(by_mean=lists.mean(axis=0), ring=found[0])
print("all four have the same bits:", np.all(found == found[0]))

# %% [markdown]
r"""
The last line matters. If the averages differ in a single bit, then the networks are no longer the same, and no later step mends this. For from then on all take equal steps again, but from different places.

How much does each process send? There are $2(p - 1)$ rounds, and in each it sends one block, $1/p$ of its list. Together that is $2(p-1)/p$ lists: 1 list for 2 processes, 1.5 for 4, and never more than 2. **Predict** the two lines for 64 processes before you run the cell.
"""

# %%
agree(by_hand=[1, 1.5, 1.98], by_steps=[2 * (p - 1) / p for p in (2, 4, 100)])
counts = (2, 4, 8, 16, 32, 64)
sent = {"process 0 collects": {p: p - 1 for p in counts}}
sent["ring"] = {p: 2 * (p - 1) / p for p in counts}
ax = figures.along(sent, "processes", "lists that the busiest one sends", log=True)
ax.set_title("In the ring nobody sends more than two lists")
plt.show()

# %% [markdown]
r"""
The price is the number of rounds, one after the other: 126 for 64 processes. For short lists the rounds themselves take the time, and libraries choose other patterns. On CPUs Paddle uses gloo. On NVIDIA's GPUs it uses NCCL, a library for the same purpose. Both know the ring.

> **Think.** With the ring, do eight processes average a list in half the time of four?
>
> <details><summary>Answer</summary>
>
> No. Each of the eight sends 1.75 lists, each of the four 1.5. With the ring, communication does not become faster with more processes. Only the computation does.
>
> </details>

## Two real processes

The file [`scripts/train_lenet.py`](../scripts/train_lenet.py) trains LeNet-5, in float32 as Paddle does by default. In a terminal it is started alone, or twice by Paddle's **launcher**. That is a program which starts our script several times, and tells each copy its rank:

```
python scripts/train_lenet.py
python -m paddle.distributed.launch --nproc_per_node 2 --backend gloo scripts/train_lenet.py
```

(`--backend gloo` chooses the library that sends the numbers.) This is one step of the script:
"""

# %%
source = Path(launch.ROOT, "scripts", "train_lenet.py").read_text(encoding="utf-8")
print(source[source.index("def take_step") : source.index("def resume")].strip())

# %% [markdown]
r"""
Five things make it fit for a team. `parallel.join_team` asks the launcher which process this is. All processes draw the same first weights and the same order of the digits, from the same seeds. Each takes its share of every batch. The model is `paddle.DataParallel(model)`, which averages the gradients during `backward()`. And a process knows the loss of its own share only, so `mean_over_team` averages the losses, too. After each epoch the first process writes a file, with all losses in it.

`launch.start` of our helpers runs the command for us, and `launch.finish` waits for its end. First alone, for three epochs, with batches of 67.
"""

# %%
folder = tempfile.TemporaryDirectory()


def options(name):
    path = Path(folder.name, name)
    return ["--checkpoint", path, "--data", DATA, "--epochs", 3, "--batch-size", BATCH]


def notes_of(name):
    return checkpoint.read_arrays(Path(folder.name, name))[1]


launch.finish(launch.start("train_lenet.py", options("alone.npz")))
alone = notes_of("alone.npz")["losses"]
print("steps in each epoch:", [len(epoch) for epoch in alone])

# %% [markdown]
r"""
1,297 digits are 19 batches of 67, and a last one of 24: twenty steps. Now the same with two processes. In the full batches one has 34 digits and the other 33. **Predict**: will the losses be equal? To the last bit?
"""

# %% tags=["needs-loopback"]
said = launch.finish(launch.start("train_lenet.py", options("two.npz"), processes=2))
two = notes_of("two.npz")["losses"]
print("two processes took part:", "2 process(es)" in said)
apart = np.abs(np.concatenate(two) / np.concatenate(alone) - 1)
assert apart.max() < 1e-5
print("each loss is equal to one part in 100,000; all to the last bit:", bool(apart.max() == 0))

# %% tags=["picture-varies", "needs-loopback"]
losses = {"one process": np.concatenate(alone), "two processes": np.concatenate(two)}
figures.two_runs(losses, 1e-5)
plt.show()

# %% [markdown]
r"""
Two trainings, sixty steps, one curve. The lower picture shows how far apart the losses are. At first they differ by about one part in ten million, later by one in a million. (Dots at the foot are losses that are equal to the last bit.)

Why not exactly equal? Numbers of a computer have a fixed number of digits, so the *order* of a sum matters. Two processes add the same terms in another order. Float32 keeps about seven digits, and 100,000,001 has nine, so this sum is rounded to 100,000,000:
"""

# %%
large = np.float32(1e8)
one = np.float32(1)
print("(100,000,000 + 1) − 100,000,000 =", (large + one) - large)
print("(100,000,000 − 100,000,000) + 1 =", (large - large) + one)

# %% [markdown]
r"""
Is this the whole reason? If it is, two things must hold. Another order alone, in *one* process, must change the gradient as much. And numbers with more digits must bring the two gradients nearer, by as many digits. We test both.
"""

# %%
found = {}
for dtype in ("float32", "float64"):
    x = digits.train[0][:320].astype(dtype)
    model.astype(dtype)
    whole = our_gradient(model, batch)
    changed = {"shares": in_shares(our_gradient, model, batch)}
    changed["order"] = our_gradient(model, batch[::-1])
    for name, gradients in changed.items():
        found[dtype, name] = np.abs(gradients - whole).max() / np.abs(whole).max()
for name in changed:
    low = found["float32", name]
    print(f"{name}: float32 between 1e-8 and 1e-5:", bool(1e-8 < low < 1e-5))
    print(f"{name}: float64 below 1e-13:          ", bool(found["float64", name] < 1e-13))

# %% [markdown]
r"""
So equal gradients are a fact of mathematics, and the last digits are a fact of float32. If two runs of yours differ in the *second* digit from the first step on, do not call it rounding. Look for a mistake: shares without factors, other first weights, or the layer of the next section.

## Where it is not equal: batch norm

Batch norm ([chapter 08](08_batch_norm.ipynb)) subtracts the mean *of the batch* and divides by its deviation. So the loss is no longer one term for each example: every term depends on the whole batch. A process that sees half a batch normalises by half a batch.

By hand, one feature with the values 1, 3, 5, 11. The whole batch has mean 5 and variance (16 + 4 + 0 + 36)/4 = 14. Process 0 gets 1 and 5: mean 3, variance 4. Process 1 gets 3 and 11: mean 7, variance 16. In process 0 the 5 lies above the mean. In the whole batch it *is* the mean.
"""

# %%
values = np.array([1.0, 3, 5, 11])
parts = [values[0::2], values[1::2]]
means = np.array([part.mean() for part in parts])
variances = np.array([part.var() for part in parts])
agree(by_hand=[3, 7], numpy=means)
agree(by_hand=[4, 16], numpy=variances)
print("mean of the variances:", variances.mean(), " variance of the whole:", values.var())

# %% [markdown]
r"""
The mean of the means is right, (3 + 7)/2 = 5. The mean of the variances, 10, is wrong: it does not know that the two means differ. There are two ways to repair it:

- Add the *variance of the means*. 3 and 7 lie 2 away from 5, so it is 4, and 10 + 4 = 14.
- Average the squares. Process 0 has (1 + 25)/2 = 13, process 1 has (9 + 121)/2 = 65. The mean is 39, and 39 − 5² = 14.

Both need only averages over the processes. This is **synchronised batch norm**: each layer waits for the others, averages two numbers for each channel over all processes, and goes on. (For shares of unequal size the averages need the factors again.) We compare with Paddle's batch norm of the whole batch. Its saved values are those of the batch if it keeps nothing of the old ones, `momentum=0`.
"""

# %%
pooled = variances.mean() + means.var()
squares = np.mean([(part**2).mean() for part in parts]) - means.mean() ** 2
layer = paddle.nn.BatchNorm1D(1, momentum=0.0)
layer(paddle.to_tensor(values.reshape(4, 1)))
agree(by_hand=14.0, numpy=pooled, by_squares=squares, paddle=layer._variance.item())
agree(by_hand=5.0, numpy=means.mean(), paddle=layer._mean.item())

# %% [markdown]
r"""
And the gradient? Every value has moved the common mean and variance, so each needs something from all others. By [chapter 10](10_backpropagation.ipynb) these are two more averages: of the gradients $g$ behind the layer, and of $g$ times the normalised values. We take 0, 2, 1, 1 for $g$.
"""

# %%
behind = np.array([0.0, 2, 1, 1])
normal = (values - 5) / np.sqrt(14)
owns = [slice(0, None, 2), slice(1, None, 2)]
first = np.mean([behind[own].mean() for own in owns])
second = np.mean([(behind * normal)[own].mean() for own in owns])
found = np.zeros(4)
for own in owns:
    found[own] = (behind[own] - first - normal[own] * second) / np.sqrt(14)
column = paddle.to_tensor(values.reshape(4, 1), stop_gradient=False)
(layer(column) * paddle.to_tensor(behind.reshape(4, 1))).sum().backward()
agree(1e-5, in_shares=found, paddle_whole=column.grad.numpy().ravel())

# %% [markdown]
r"""
Without this exchange, how wrong is the gradient? We take LeNet-5 with batch norm, and five batches of 64 digits. The *length* of a list of numbers is the root of the sum of their squares. We divide the length of the error by that of the whole batch's gradient. **Predict** it for 2, 4, 8 and 16 processes. The control is the same network without batch norm.
"""

# %%
x = digits.train[0][:320].astype("float64")
errors = {}
for name, norm in (("with batch norm", True), ("without", False)):
    model = models.lenet5(np.random.default_rng(0), norm=norm).astype("float64")
    errors[name] = {2: [], 4: [], 8: [], 16: []}
    for batch in np.arange(320).reshape(5, 64):
        whole = our_gradient(model, batch)
        for size, found in errors[name].items():
            difference = in_shares(our_gradient, model, batch, size) - whole
            found.append(np.linalg.norm(difference) / np.linalg.norm(whole))
ax = figures.dot_plot(errors, "processes", "error / gradient", log=True, limits=(-0.05, 1.6))
ax.set_title("Batch norm: the smaller the shares, the larger the error", loc="left", pad=28)
plt.show()

# %% [markdown]
r"""
With 16 shares of four digits the error is as long as the gradient itself. Is this bad? It is another training: each process normalises by a smaller batch. [Chapter 08](08_batch_norm.ipynb) has trained with batches of 32, which went well, and of 2, which went badly. Where the border lies it did not measure. So with few large shares one leaves batch norm as it is. With many small ones, of large images for example, one takes synchronised batch norm, or a normalisation of single examples.

In Paddle `paddle.nn.SyncBatchNorm.convert_sync_batchnorm(model)` exchanges the layers. It works on GPUs; version 3.3 has none for the CPU. One more trap: each process has running averages of its own, so each would answer differently in use. A script that saves a file saves those of one process.

## Killed, and back again

Long trainings are interrupted: by a power cut, by the owner of the machine, by a mistake. With more machines it happens more often. So the script writes a **checkpoint** after each epoch, a file with all that it needs to go on. We kill it as soon as the first checkpoint is there. (If the training was over before we looked, we try again.)
"""

# %%
path = Path(folder.name, "killed.npz")
done = 3
while done == 3:
    path.unlink(missing_ok=True)
    process = launch.start("train_lenet.py", options("killed.npz"))
    while not path.exists() and process.poll() is None:
        time.sleep(0.01)
    launch.end(process)
    done = len(notes_of("killed.npz")["losses"])
print("killed after one epoch or two, of three:", done in (1, 2))

# %% [markdown]
r"""
Now the same command again. It finds the file and goes on. **Predict**: do its losses equal those of the training that nobody disturbed? To the last bit this time?
"""

# %%
launch.finish(launch.start("train_lenet.py", options("killed.npz")))
resumed = checkpoint.read_arrays(path)[0]
undisturbed = checkpoint.read_arrays(Path(folder.name, "alone.npz"))[0]
same = [np.array_equal(resumed[name], undisturbed[name]) for name in undisturbed]
print("all losses equal, to the last bit: ", notes_of("killed.npz")["losses"] == alone)
print("all arrays equal, to the last bit: ", all(same))

# %% [markdown]
r"""
The same sums in the same order give the same bits. (On one machine, that is. Another processor adds in another order.) What must be in the file for that? Let us look.
"""

# %%
sizes = {"model": 0, "optimizer": 0}
for name, array in resumed.items():
    sizes[name.split(".")[0]] += array.size
agree(by_hand=[61706, 61706], counted=list(sizes.values()))
print("beside the arrays:", sorted(notes_of("killed.npz")))

# %% [markdown]
r"""
- **The parameters**, and the running statistics of batch norm where there is one.
- **The optimiser's state.** Momentum keeps a velocity for each parameter, so the file has twice 61,706 numbers. Adam keeps two numbers for each.
- **The schedule** of the learning rate, if there is one. (There is none here, and the file says so.)
- **How far we are**, and what was drawn at random. The script draws the order of an epoch from the seed *and the epoch's number*. So it needs to save no state of the random numbers: epoch 3 has the same order, whether or not somebody killed epoch 2.
- **The settings.** A checkpoint of another training is refused.

> **Think.** Two processes began a training, and one of them dies. Can one process alone go on from the file?
>
> <details><summary>Answer</summary>
>
> Yes. Paddle's launcher ends the other process, too, and says which one has died. The file holds nothing of the number of processes, and the batch size counts all of them together. So one process takes the steps that two would have taken, up to rounding.
>
> </details>

## Is it faster?

So far two processes did the *same* as one. Do they do it in less time? A step has three parts:

- **compute**: forward and backward, which the processes share;
- **communicate**: wait for the others, and swap 61,706 numbers;
- **rest**: the optimiser's step and so on, which every process does for itself.

> **Activity: sixteen devices.** Five minutes. On one device a step takes 80 ms to compute and 5 ms for the rest. With more devices, communication takes another 5 ms, however many there are. (One device communicates with nobody.) First bet: how many times as fast are 16 devices? Then compute it. Which is the smallest number of devices that is at least six times as fast as one? Write both numbers, the first to two decimals, in place of the dots.
"""

# %%
my_speed_up = ...
my_devices = ...
tell(check.sixteen_devices, my_speed_up, my_devices)

# %% [markdown]
r"""
> <details><summary>One way</summary>
>
> One device needs 80 + 5 = 85 ms. Sixteen need 80/16 + 5 + 5 = 15 ms, so they are 85/15 ≈ 5.67 times as fast. For six times as fast the step may take 85/6 ≈ 14.17 ms, so 4.17 ms are left to compute: 80/4.17 ≈ 19.2, and 20 devices are enough. Nine times as fast is impossible: 10 ms are not shared, and 85/10 = 8.5.
>
> </details>

`pair.step_parts` measures the three parts. To start Paddle twice takes longer than our whole training, so these processes use NumPy alone. They send each other their gradients through a *pipe*, a channel between two programs on one machine. Their digits are random numbers, which take the same time. Of eight steps the fastest counts, as the first process sees it: so other programs disturb least.

We compare one process, two processes, and one process whose matrix products may use two threads. A *thread* is a second worker in the same process, with the same memory. (Our processes have one thread each, since the helpers set `OMP_NUM_THREADS` and its relatives to 1 for each process.) The step is small, 16 digits, or large, 256. **Predict** who wins, at each size.
"""

# %%
sizes = (16, 256)
measured = {"one process": pair.step_parts(sizes)}
measured["two processes"] = pair.step_parts(sizes, processes=2)
measured["one process, 2 threads"] = pair.step_parts(sizes, threads=2)
print("cases measured:", list(measured))

# %% tags=["picture-varies"]
cases = {}
for size in sizes:
    each = {name: np.array(parts[size]) / size for name, parts in measured.items()}
    cases[f"{size} digits a step"] = each
figures.step_parts(cases, "milliseconds for each digit")
plt.show()

# %% [markdown]
r"""
This picture is of the machine that drew it; yours will differ. Look for four things.

1. Does *compute* halve with two processes? It does if a second core is free. If other programs use it, or if both wait for the same memory, it does not.
2. Is *communicate* larger than what was saved? It is the same list for 16 digits as for 256. So the smaller the step, the more it weighs.
3. Is *rest* there at all? It is so small here that it may be invisible.
4. What do two threads do? They share one matrix product at a time, and must wait for each other after each. LeNet's products are small. On a busy machine this waiting can cost more than the work, and then two threads are *slower* than one.

So there is no answer for every machine. There is a way to measure, and a rule: share out large pieces of work, and wait for each other rarely.

**On GPUs** the script stays as it is: one process for each GPU, and the launcher without `--backend gloo` (Paddle then takes NCCL). But the numbers change. GPUs compute many times faster, so the same communication weighs more. Therefore they are joined by special wires, and in large networks the gradients of the last layers are averaged while `backward` still computes the others. And somebody must bring the data in time. If a process reads photographs more slowly than its GPU learns from them, then more GPUs only wait together.

## Deeper: Amdahl's law

More devices shorten *compute*, and nothing else. Gene Amdahl made an argument of it in 1967. If a part $s$ of the time can be divided among $p$ devices, the whole becomes faster by

$$\frac{1}{(1 - s) + s/p}$$

With $s$ = 0.9: two devices make it 1/(0.1 + 0.45) ≈ 1.818 times as fast, nine devices 1/(0.1 + 0.1) = 5 times. A million devices give 1/0.1 = 10, nearly. **A tenth that cannot be divided limits everything to ten.**
"""


# %%
def speed_up(part, devices):
    return 1 / ((1 - part) + part / devices)


agree(1e-3, by_hand=[1.818, 5, 10], numpy=[speed_up(0.9, p) for p in (2, 9, 1e6)])

# %% [markdown]
r"""
We put in what your machine has just measured. *Compute* and *rest* are those of one process. *Communicate* is that of two, times $2(p-1)/p$ for the ring. (This is the law with one more part, and the ring's part even grows a little.) A batch of 16 has no more than 16 shares. The law *assumes* that compute is divided by $p$. So a dot shows what two processes really did with 256 digits.
"""


# %%
def predicted(size, devices):
    alone_parts = measured["one process"][size]
    talk = measured["two processes"][size].communicate * 2 * (devices - 1) / devices
    total = alone_parts.compute / devices + alone_parts.rest + talk
    return (alone_parts.compute + alone_parts.rest) / total


agree(by_hand=1.0, one_device=predicted(256, 1))

# %% tags=["picture-varies"]
lines = {"ideal": {p: p for p in (1, 2, 4, 8, 16, 32, 64)}}
for size in sizes:
    counts = [p for p in (1, 2, 4, 8, 16, 32, 64) if p <= size]
    lines[f"{size} digits a step"] = {p: predicted(size, p) for p in counts}
before = sum(measured["one process"][256])
lines["256, measured"] = {2: before / sum(measured["two processes"][256])}
ax = figures.along(lines, "devices", "times as fast", log=True, dots=["256, measured"])
ax.set_title("Amdahl's law, if compute is divided perfectly")
plt.show()

# %% [markdown]
r"""
Both lines leave the ideal one: the communication does not shrink. Usually the small step leaves it first, since it has less to divide. If the dot lies below its line, then the two processes disturbed each other, and the lines promise too much.

So it is tempting to make the batch larger with each device. Then no device runs out of work. Whether the *learning* profits is another question.

## Deeper: twice the batch, twice the rate?

Four devices with 8 digits each have a batch of 32. An epoch then has a quarter of the steps that batches of 8 have. The **linear scaling rule** says: with a batch $k$ times as large take $k$ times the learning rate. The argument: $k$ small steps, one after the other, go nearly where one step of $k$ times the length goes, as long as the gradient hardly changes on the way.

We test it with a small dense network, plain gradient steps and 1,024 digits. Each batch size has four epochs, at several rates up to 1. If the rule holds, only rate · steps counts: twice the batch has half the steps and twice the rate. Then all curves lie on top of each other. **Predict** where they separate. (The bands reach from the lowest to the highest of five trainings.)
"""

# %%
small = load_splits(DATA, size=8 if DATA == "digits" else 32, train=1024).train
flat = small[0].reshape(1024, -1).astype("float64")


def loss_after(epochs, batch_size, rate, seeds=5):
    networks = Networks((flat.shape[1], 32, 10), seeds)
    networks.fit((flat, small[1]), rate, epochs, batch_size=batch_size)
    return networks.gradients(flat, small[1])[1]


# %% tags=["picture-trained"]
equal_epochs = {}
for size in (8, 32, 128, 512):
    runs = {}
    for way in (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64):
        rate = way * size / 1024
        if rate <= 1:
            runs[way] = loss_after(4, size, rate)
    equal_epochs[f"batch {size}"] = runs
ax = figures.along(equal_epochs, "rate · steps in an epoch", "training loss", (-0.15, 2.4))
ax.set_title("Four epochs: the rule holds until the rate itself passes 0.5")
plt.show()

# %%
means = {}
for name, results in equal_epochs.items():
    means[name] = {way: np.mean(losses) for way, losses in results.items()}
at_rule = [means[name][1] for name in ("batch 8", "batch 32", "batch 128")]
best = {name: min(losses.values()) for name, losses in means.items()}
print("rule, batches of 8 to 128: losses within 0.2: ", bool(np.ptp(at_rule) < 0.2))
print("best of all rates: batch 512 above 8 by 0.8:  ", best["batch 512"] - best["batch 8"] > 0.8)

# %%
for size, rate in ((8, 1), (32, 2), (128, 2), (512, 2)):
    losses = means[f"batch {size}"]
    top = min(losses, key=losses.get) * size / 1024
    worse = np.mean(loss_after(4, size, rate, seeds=10)) > min(losses.values())
    print(f"batch {size}: best rate from 0.1 to 1: {0.1 < top <= 1}; rate {rate} is worse: {worse}")
print("batch 512, 32 epochs: loss below 0.4:         ", np.mean(loss_after(32, 512, 0.5)) < 0.4)

# %% [markdown]
r"""
At the left the curves do lie on top of each other. At 1, batch 8 has the rate 1/128 and batch 128 has the rate 1/8, and they end with nearly the same loss. The rule is true *there*. But each curve leaves the others when its rate, the rate itself, passes 0.5. Batch 512 is there at the place 1, batch 128 at 4, and batch 32 at 16.

So the *best* rate does not obey the rule. For batches of 512 it should be 64 times that of batches of 8. In truth all best rates lie between 0.1 and 1, and larger ones are worse: 2, or 1 for batches of 8. With 512 even the best one is far behind: four epochs of two steps are too few. With 32 epochs batch 512 learns, too.

> **Think.** Eight times as many devices, and a batch eight times as large. What did we gain, if the rule still holds? And if it does not?
>
> <details><summary>Answer</summary>
>
> If it holds, and if communication cost nothing, an epoch takes an eighth of the time and brings as much. Then the training is eight times as fast. If it does not hold, more epochs are needed for the same loss, and the gain shrinks.
>
> </details>

The other count: equal *steps*, 128 of each size. Now larger batches see more digits, up to sixteen times as many.
"""

# %% tags=["picture-trained"]
equal_steps = {}
for size in (8, 32, 128):
    runs = {}
    for rate in (0.02, 0.04, 0.08, 0.16, 0.32, 0.64):
        runs[rate] = loss_after(size // 8, size, rate)
    equal_steps[f"batch {size}"] = runs
ax = figures.along(equal_steps, "learning rate", "training loss", (-0.15, 2.4))
ax.set_title("128 steps: only at large rates does the batch size matter")
plt.show()

# %%
steps = {}
for name, results in equal_steps.items():
    steps[name] = {rate: np.mean(losses) for rate, losses in results.items()}
slow = [losses[0.04] for losses in steps.values()]
fast = [losses[0.64] for losses in steps.values()]
print("rate 0.04: all three losses within 0.2:           ", bool(np.ptp(slow) < 0.2))
print("rate 0.64: batch 128 below half of batch 8's loss:", bool(fast[2] < fast[0] / 2))
whole = [np.mean(loss_after(64, 1024, rate)) for rate in (1, 2)]
print("all 1,024 digits, rate 1: loss below 0.4:         ", bool(whole[0] < 0.4))
print("all 1,024 digits, rate 2: loss above 1:           ", bool(whole[1] > 1))

# %% [markdown]
r"""
At small rates a step is a step: sixteen times as many digits bring next to nothing. At large rates there are two limits.

- **Noise** limits small batches. Gradients of 8 and of 128 digits have the same mean, and differ in their noise alone. At the rate 0.64 batch 8 is worse than at 0.32, and batch 128 is better. At the rate 1 batch 8 has failed (above), but all 1,024 digits together still learn well.
- **The shape of the valley** limits all. At the rate 2 every batch size fails, even all 1,024 digits, whose gradient has no noise. Such steps jump over the valley, as in [chapter 11](11_dense_networks_and_optimisers.ipynb).

Larger batches raise the first limit, until it meets the second, and there the linear rule ends at the latest. So there is a batch size up to which more devices save time, and above it they do not. Where it lies depends on the task, and on how noisy the gradients are (McCandlish and others, 2018). Large trainings also begin with small rates that grow in the first epochs (*warm-up*), since the network changes fastest there (Goyal and others, 2017).

## Deeper: dropout in shares

Dropout ([chapter 09](09_dropout.ipynb)) multiplies by a random mask. With one process a mask has a row for each example of the batch. With two, each process draws its own. So the gradients differ, and they should. But is it only the mask? The control hands the rows of *one* mask to the shares.
"""


# %%
def dropped(rows, mask):
    hidden = ops.relu(ops.linear(flat[rows], first)) * mask
    grad = ops.cross_entropy_backward(ops.linear(hidden, second), small[1][rows])
    return ops.linear_backward(grad, hidden, second)[1]


rng = np.random.default_rng(0)
first = rng.normal(size=(flat.shape[1], 32)) * 0.2
second = rng.normal(size=(32, 10)) * 0.2
mask = 2.0 * (rng.random((64, 32)) < 0.5)
whole = dropped(np.arange(64), mask)
rows = [np.arange(0, 64, 2), np.arange(1, 64, 2)]
shared = np.mean([dropped(own, mask[own]) for own in rows], axis=0)
agree(whole=whole, rows_of_one_mask=shared)

# %%
for seeds in ((1, 2), (1, 1)):
    masks = [2.0 * (np.random.default_rng(seed).random((32, 32)) < 0.5) for seed in seeds]
    own = np.mean([dropped(rows[0], masks[0]), dropped(rows[1], masks[1])], axis=0)
    apart = np.linalg.norm(own - whole) / np.linalg.norm(whole) > 0.05
    print(
        f"seeds {seeds}: apart by more than 5 %? {apart}; equal masks:",
        np.all(masks[0] == masks[1]),
    )

# %% [markdown]
r"""
So it is the mask alone. The last line is a trap. If every process sets the same seed, as our script does for its weights, then all of them draw the *same* masks. Nothing fails and no error is printed, but the masks of the shares are no longer independent. Add the rank to the seed of everything that should differ: masks, and random flips or shifts of images. Keep the seed of everything that must be equal: first weights, and the order of the examples.

## Deeper: a file that is whole or not there

What if the power fails *while* the file is written? Then half a file lies there, and the old one is gone. Here is half a file:
"""

# %%
content = path.read_bytes()
half = Path(folder.name, "half.npz")
half.write_bytes(content[: len(content) // 2])
try:
    checkpoint.read_arrays(half)
except ValueError as error:
    print("refused:", str(error).split("; ")[-1])

# %% [markdown]
r"""
At least it is refused, and not taken for a network. But the training is lost. So `checkpoint.write_arrays` never writes over the old file. It writes to a second name, waits until all is on the disk, and then gives the new file the old name. To rename is **atomic**: it happens as a whole or not at all. We imitate the power cut by an array that raises an error when its turn comes:
"""


# %%
class PowerCut:
    def __array__(self, dtype=None, copy=None):
        raise InterruptedError("power cut")


try:
    checkpoint.write_arrays(path, resumed | {"one more": PowerCut()})
except InterruptedError as error:
    print("interrupted by a", error)
print("epochs in the old file:", len(notes_of("killed.npz")["losses"]))
print("files:", sorted(file.name for file in path.parent.glob("killed*")))

# %% [markdown]
r"""
## Deeper: a checkpoint without the optimiser's state

Many programs save the parameters only. That is enough to *use* a network. To go on with the training, it is not. We train with Adam for eight epochs and save. Then we go on four times: undisturbed, with all restored, with the parameters alone, and with Adam's running means of the gradients set to 0. **Predict**: which differ?
"""


# %%
def some_epochs(model, adam, first, last, seed):
    losses = []
    for epoch in range(first, last):
        order = np.random.default_rng([seed, epoch]).permutation(1024)
        for rows in order.reshape(32, 32):
            scores = model(paddle.to_tensor(flat[rows]))
            loss = F.cross_entropy(scores, paddle.to_tensor(small[1][rows]))
            loss.backward()
            adam.step()
            adam.clear_grad()
            losses.append(loss.item())
    return losses


# %%
def versions(arrays):
    only = {name: array for name, array in arrays.items() if name.startswith("model")}
    lost = {name: array * ("moment1" not in name) for name, array in arrays.items()}
    return {"all restored": arrays, "means lost": lost, "parameters only": only}


# %%
def go_on(seed):
    rng = np.random.default_rng(seed)
    first = nn.Sequential(nn.Linear(flat.shape[1], 32, rng=rng), nn.ReLU())
    model = in_paddle(nn.Sequential(first, nn.Linear(32, 10, rng=rng)).astype("float64"))
    adam = paddle.optimizer.Adam(0.02, parameters=model.parameters())
    some_epochs(model, adam, 0, 8, seed)
    saved = parallel.training_state(model, adam)
    arrays = {name: array.copy() for name, array in saved[0].items()}
    found = {"undisturbed": np.array(some_epochs(model, adam, 8, 9, seed))}
    for name, kept in versions(arrays).items():
        if name == "parameters only":
            adam = paddle.optimizer.Adam(0.02, parameters=model.parameters())
        parallel.restore_training(model, adam, kept, saved[1])
        found[name] = np.array(some_epochs(model, adam, 8, 9, seed))
    return found


# %%
runs = [go_on(seed) for seed in range(4)]
undisturbed = [run["undisturbed"] for run in runs]
agree(undisturbed=undisturbed, all_restored=[run["all restored"] for run in runs])
apart = {}
for name in ("parameters only", "means lost"):
    apart[name] = np.mean([run[name] - run["undisturbed"] for run in runs], axis=0)
rise = {name: np.mean(losses[1:9]) for name, losses in apart.items()}
print("parameters only, steps 2 to 9: the loss is higher:", bool(rise["parameters only"] > 0))
print(
    "means lost: by less than half of that:            ",
    bool(rise["means lost"] < rise["parameters only"] / 2),
)

# %% tags=["picture-trained"]
ax = figures.curves(
    apart, xlabel="step after the interruption", ylabel="loss added", limits=(-0.1, 0.25)
)
ax.set_title("Without Adam's state the loss rises")
plt.show()

# %% [markdown]
r"""
The picture shows how much higher the loss is than undisturbed, the mean of four trainings. At the first step there is no difference: the network is the same. Then the loss rises, if Adam's state is lost. The control says which part of it matters: without the running means alone next to nothing happens.

So it is the other part. Adam divides each gradient by its usual size ([chapter 11](11_dense_networks_and_optimisers.ipynb)), and a new Adam does not know it yet. In its first step the usual size *is* the gradient. So every parameter moves by the whole rate, whether its gradient is 0.001 or 100:
"""

# %%
two_numbers = nn.Parameter(np.zeros(2))
two_numbers.grad = np.array([0.001, 100])
nn.Adam(0.02, parameters=[two_numbers]).step()
agree(1e-5, by_hand=[-0.02, -0.02], numpy=two_numbers.value)

# %% [markdown]
r"""
A new Momentum is milder: it has lost its speed, so its first steps are shorter. In both cases the training goes on, and no message says that it is another training. And it happens again with each interruption.

## Deeper: other ways to split the work

Data parallel training needs the whole network in every device. What if it does not fit? Then one splits the network itself:
"""

# %%
figures.ways_to_split()
plt.show()

# %% [markdown]
r"""
**Tensor parallel** (the middle): each device has a part of every layer, some kernels of a convolution or some columns of a matrix. After every layer or two the outputs must be put together, so this needs fast wires. **Pipeline parallel** (on the right): each device has some of the layers. Only activations pass from one to the next, but the second device waits for the first. So the batch is cut into pieces that follow each other, like cars on an assembly line. Large models use all three at once. That a matrix may be split into columns is quickly shown:
"""

# %%
parts = [ops.linear(flat[:64], first[:, :16]), ops.linear(flat[:64], first[:, 16:])]
agree(whole=ops.linear(flat[:64], first), two_devices=np.concatenate(parts, axis=1))
folder.cleanup()

# %% [markdown]
r"""
## What you have seen, done, and can now use

- **Data parallel:** every process has the whole network and a share of each batch. The mean of the gradients, with factors for unequal shares, is the gradient of the whole batch.
- **The ring** averages without a centre. Each process sends $2(p-1)/p$ lists, never more than two.
- **Two real processes** had the losses of one, to about six digits: sums in another order round differently.
- **Batch norm** breaks the equality, since its loss is not one term for each example. Synchronised batch norm repairs it, with two averages for each channel on the way forward, and two on the way back. Dropout draws other masks.
- **A checkpoint** holds parameters, optimiser's state, schedule, progress and settings, and it is replaced as a whole. Then a killed training goes on to the same bits.
- **What does not scale:** communication, everything that each process does for itself, and the reading of data, if it is the slowest part. The learning rate has two limits. Larger batches raise that of noise, and not that of the valley.

## Exercises

The [exercises of this chapter](exercises/20_many_devices.ipynb) check themselves, and one process is enough for them. Compute the factors of seven examples, and the variance of unequal shares. Find the process that is wrong, and write a checkpoint that survives a power cut. At last, measure what it costs if nobody waits.

## Further reading

- G. Amdahl, *Validity of the single processor approach to achieving large scale computing capabilities*, 1967, [doi 10.1145/1465482.1465560](https://doi.org/10.1145/1465482.1465560).
- P. Patarasuk and X. Yuan, *Bandwidth optimal all-reduce algorithms for clusters of workstations*, 2009, [doi 10.1016/j.jpdc.2008.09.002](https://doi.org/10.1016/j.jpdc.2008.09.002): the ring, and why no other way between the processes alone sends less.
- A. Krizhevsky, *One weird trick for parallelizing convolutional neural networks*, 2014, [arXiv 1404.5997](https://arxiv.org/abs/1404.5997): convolutions by examples, dense layers by columns.
- P. Goyal and others, *Accurate, large minibatch SGD: training ImageNet in 1 hour*, 2017, [arXiv 1706.02677](https://arxiv.org/abs/1706.02677): the linear rule and warm-up.
- S. McCandlish and others, *An empirical model of large-batch training*, 2018, [arXiv 1812.06162](https://arxiv.org/abs/1812.06162): where larger batches stop to pay.
- C. Shallue and others, *Measuring the effects of data parallelism on neural network training*, 2019, [arXiv 1811.03600](https://arxiv.org/abs/1811.03600).
- S. Li and others, *PyTorch distributed: experiences on accelerating data parallel training*, 2020, [arXiv 2006.15704](https://arxiv.org/abs/2006.15704): gradients averaged while `backward` still runs.
- Y. Huang and others, *GPipe: efficient training of giant neural networks using pipeline parallelism*, 2019, [arXiv 1811.06965](https://arxiv.org/abs/1811.06965).
- M. Shoeybi and others, *Megatron-LM: training multi-billion parameter language models using model parallelism*, 2019, [arXiv 1909.08053](https://arxiv.org/abs/1909.08053).

Give each device a share of every batch and average the gradients: then many devices take the steps of one, up to rounding. The course began in [chapter 01](01_history.ipynb) with a single window over an image, and it ends here. On the way you slid kernels, derived and checked every gradient from [chapter 02](02_convolution.ipynb) to [chapter 14](14_dense_to_convolution.ipynb), and then designed, trained and measured whole networks up to this one. What should stay is the habit: by hand, in NumPy, in Paddle, and a control for every "because".

Previous: [19 Budget a network before building it](19_cost_and_memory.ipynb)
"""
