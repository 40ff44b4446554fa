# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
# ---

# %% [markdown]
r"""
# Start here

This is a course on convolutional networks, the networks that see. **Every claim in it is computed in front of you**: by hand, then in a few lines of NumPy, then with PaddlePaddle on the same numbers. NumPy computes with tables of numbers in Python. PaddlePaddle, or Paddle, is a library for neural networks.

## What you will see, do, and need

**See** what the chapters are about, which chapter needs which, and how long a way takes.

**Do** run a cell, and find out whether everything is installed.

**Need** this page in JupyterLab. For the course: some Python, and mathematics from school. About 10 minutes.

## Run a cell

A notebook is a column of *cells*. Some hold text, others hold Python. Click on the next cell and press Shift+Enter: Python computes it, the result appears below, and the next cell is selected. The sum is the one that [chapter 02](02_convolution.ipynb) begins with.
"""

# %%
0 * 1 + 1 * 2 + 2 * 4 + 3 * 5

# %% [markdown]
r"""
The number at the left counts the cells that were run. A star, `[*]`, means that the cell still runs or waits. Change a number above and run the cell again. JupyterLab stores your changes by itself after two minutes. So make a copy first, with *File → Duplicate Notebook*, if you want to keep the original.

Cells share their names, and they are meant to be run from top to bottom. *Run → Run All Cells* does it for a whole chapter, and *Kernel → Restart Kernel…* makes Python forget everything. Then run the cells from the top again. (Jupyter calls the Python behind a notebook its *kernel*. In this course a kernel is a small table of weights.)

## Is everything there?

The next cell asks for Python and for every package that the course needs, and compares their versions.
"""

# %%
from helpers import installation

all_well = installation.report()

# %% [markdown]
r"""
Behind a ✗ stands what to do. If the cell itself fails, look here:

| what you see | what to do |
|---|---|
| `No module named 'helpers'` | The notebook runs in another Python. Choose *Kernel → Change Kernel…*, then *Python 3 (ipykernel)*, and run the cell again. If this does not help, close Jupyter and start it with the first command of the [README](../README.md#two-commands), in the course's folder. |
| `No module named` and another name | A package is missing in this Python. Close Jupyter and start it in the same way. |
| `name 'agree' is not defined` | A cell further up was not run. Choose *Run → Run All Above Selected Cell*. |
| `[*]` for half a minute | The first import of Paddle takes a few seconds, on some machines more. After two minutes choose *Kernel → Restart Kernel and Run All Cells…*. |
| "The kernel … appears to have died" | Most often the memory is full. Close other notebooks with *File → Close and Shut Down Notebook…*. Then choose *Run → Run All Cells* here. |

Now a first convolution, on a photograph. It lays a small window on every place of the picture, multiplies and adds. [Chapter 02](02_convolution.ipynb) explains it, so you need not understand the cell now. `ops.conv2d` is our own function in NumPy, and the other one is Paddle's. `agree` stops with an error unless both give the same numbers. You will see it all through the course.
"""

# %%
import matplotlib.pyplot as plt
from helpers import agree, course, figures, kernels, ops
from helpers.data import IMAGES, load_image

import paddle
import paddle.nn.functional as F

photograph = load_image(IMAGES / "coffee.png", mode="L") / 255
x = photograph[None, None]
weight = kernels.OUTLINE[None, None]
ours = ops.conv2d(x, weight)
theirs = F.conv2d(paddle.to_tensor(x), paddle.to_tensor(weight))
agree(numpy=ours, paddle=theirs)

# %% [markdown]
r"""
The shape says: one picture, one channel, 398 rows and 598 columns. Here it is. Orange places are brighter than their neighbours, blue ones are darker. If you see a cup, and its outline beside it, the course runs here.
"""

# %%
pictures = {"photograph": photograph, "its outline": ours[0, 0]}
figures.pictures(pictures, kind=["photo", "signed"], limits=[None, (-0.2, 0.2)])
plt.show()

# %% [markdown]
r"""
## What needs what

Every chapter says at its beginning which others it needs. The map is drawn from that. A chapter stands below all that it needs, and the number behind the dot is the time for its core, the part without the sections marked *Deeper*.
"""

# %% tags=["map"]
chapters = course.read_chapters()
figures.course_map(chapters)
plt.show()

# %% [markdown]
r"""
> **Think.** With which chapters can you begin? And which do you need for [chapter 05](05_edges_and_blur.ipynb)?
>
> <details><summary>Answer</summary>
>
> With the two in the first row. [Chapter 05](05_edges_and_blur.ipynb) hangs below [chapter 03](03_padding_stride_receptive_field.ipynb), and that one below [chapter 02](02_convolution.ipynb). So there are three lessons, the last one included.
>
> </details>

## Your way

You need not read everything. Put the number of a chapter that you would like to reach in place of 17, with two digits and the quotation marks, and run the cell. `way_to` collects what that chapter needs, what those need, and so on. The way is drawn bold.
"""

# %%
goal = "17"
way = course.way_to(chapters, goal)
figures.course_map(chapters, way)
plt.show()
print(f"{len(way)} chapters, {course.minutes(chapters, way)} minutes:", " ".join(way))

# %% [markdown]
r"""
## How a chapter reads

- The **core** takes 50 minutes at the most and stands by itself. Sections marked *Deeper* may be left out: no later core needs them.
- **Think** asks you for a prediction. Write yours down before you unfold the answer or run the next cell. This is where the learning happens.
- An **Activity** is five to ten minutes of your own work, with a check that tells what is wrong.
- A **Correction** names what is commonly written and wrong, and runs a cell that shows it.
- **Exercises** stand beside each chapter, in the folder [exercises](exercises/02_convolution.ipynb). Each has a check. The [solutions](solutions/02_convolution.ipynb) stand in a folder of their own.

Pictures are drawn by `helpers.figures`, from the numbers that the chapter has just computed. To read the code of a function, write its name and two question marks in a cell: `ops.corr2d??`.

## For teachers

A lesson of 50 minutes is the core of one chapter. Here are three plans. The cell adds up their minutes and makes sure that no chapter comes before one that it needs.

- **One lecture**: [chapter 02](02_convolution.ipynb), from one window to the proof that linear and shift-equivariant means convolution. The secret kernel is the activity.
- **Five weeks**, two lessons a week and three in the last: from the history to a network that the students differentiate and train themselves.
- **Twelve weeks**, two lessons a week: the core of every chapter, and four lessons are left for exercises, a test, and projects.
"""

# %%
plans = {
    "one lecture": "02",
    "five weeks": "01+02 03+04 05+06 07+08 10+11+13",
    "twelve weeks": "01+02 03+04 05+06 07 08+09 10 11+12 13 14+15 16+17 18+19 20",
}
for name, plan in plans.items():
    lessons = plan.replace("+", " ").split()
    assert course.lacking(chapters, lessons) == []
    minutes = course.minutes(chapters, lessons)
    print(f"{name:12} {len(lessons):2} lessons, {minutes:4} minutes: {plan}")

# %% [markdown]
r"""
Slides, handouts without outputs, grading, what to print, and how a class runs the course on Binder, Colab or JupyterHub: the [README](../README.md#teach-with-it) tells.

Next: [01 Trace how machines learned to see](01_history.ipynb)
"""
