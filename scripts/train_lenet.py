"""Train LeNet-5 in one process, or in several, one for each device.

    python scripts/train_lenet.py
    python -m paddle.distributed.launch --nproc_per_node 2 --backend gloo scripts/train_lenet.py

The second is for two processes on the CPU; on GPUs leave out --backend gloo. After each epoch all
that the training needs is written to a file. Started again, it goes on from there.
"""

import argparse
from pathlib import Path

import numpy as np

from helpers import checkpoint, models, parallel  # before Paddle, which it quietens
from helpers.data import load_digits, load_mnist
from helpers.training import evaluate
from helpers.twins import in_paddle

# isort: split
import paddle
import paddle.nn.functional as F
from tqdm import tqdm

DATA = {"digits": lambda: load_digits(size=32), "mnist": lambda: load_mnist(size=32)}


def take_step(model, optimizer, x, labels, rows, team):
    """Take one step on a batch, of which this process sees its share; return the batch's loss."""
    own, weight = parallel.share_out(rows, team)
    scores = model(paddle.to_tensor(x[own]))
    loss = weight * F.cross_entropy(scores, paddle.to_tensor(labels[own]))
    loss.backward()
    optimizer.step()
    optimizer.clear_grad()
    return parallel.mean_over_team(loss, team)


def resume(path, model, optimizer, settings):
    """Return the losses of each step so far, an epoch a list, after putting all back in place."""
    if not path.exists():
        return []
    arrays, notes = checkpoint.read_arrays(path)
    if notes["settings"] != settings:
        raise SystemExit(
            f"{path} is of a training with {notes['settings']}, this one is with {settings}: "
            "give another --checkpoint, or delete it"
        )
    parallel.restore_training(model, optimizer, arrays, notes)
    return notes["losses"]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", choices=DATA, default="digits")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch-size", type=int, default=64, help="of all processes together")
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--checkpoint", type=Path, default=Path("build/lenet.npz"))
    options = parser.parse_args()
    settings = {name: getattr(options, name) for name in ("data", "batch_size", "rate", "seed")}

    team = parallel.join_team()
    (x, labels), test = DATA[options.data]()
    # Drawn in NumPy, so that every system and every process begins with the same.
    model = in_paddle(models.lenet5(np.random.default_rng(options.seed)))
    optimizer = paddle.optimizer.Momentum(options.rate, parameters=model.parameters())
    losses = resume(options.checkpoint, model, optimizer, settings)
    running = paddle.DataParallel(model) if team.size > 1 else model
    first = team.rank == 0
    if first:
        print(f"{team.size} process(es), the first on {team.device}; epochs done: {len(losses)}")
    for epoch in range(len(losses), options.epochs):
        # Drawn from the epoch's number, so that a resumed training draws the same.
        order = np.random.default_rng([options.seed, epoch]).permutation(len(x))
        starts = range(0, len(x), options.batch_size)
        bar = tqdm(starts, desc=f"epoch {epoch + 1} of {options.epochs}", disable=not first)
        found = []
        running.train()
        for start in bar:
            rows = order[start : start + options.batch_size]
            found.append(take_step(running, optimizer, x, labels, rows, team))
        losses.append(found)
        if first:
            options.checkpoint.parent.mkdir(parents=True, exist_ok=True)
            arrays, notes = parallel.training_state(model, optimizer)
            notes |= {"settings": settings, "losses": losses}
            checkpoint.write_arrays(options.checkpoint, arrays, notes)
            _, right = evaluate(model, test)
            print(f"loss {np.mean(found):.4f}, test accuracy {right:.3f}", flush=True)


if __name__ == "__main__":
    main()
