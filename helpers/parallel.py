"""Train on several devices: a process for each, every batch shared out, gradients averaged."""

import os
from typing import NamedTuple

import numpy as np
import paddle
import paddle.distributed as dist


class Team(NamedTuple):
    """The processes that train one model together. rank: this one's number, from 0; device: its."""

    rank: int
    size: int
    device: str


def join_team():
    """Return the `Team` of this process: alone, or with those that were launched with it.

    `python -m paddle.distributed.launch` starts the others and tells them of each other. The device
    is a GPU where there is one, else the CPU.
    """
    if not paddle.device.is_compiled_with_cuda() or paddle.device.cuda.device_count() == 0:
        paddle.set_device("cpu")
    if int(os.environ.get("PADDLE_TRAINERS_NUM", 1)) > 1:
        dist.init_parallel_env()
    return Team(dist.get_rank(), dist.get_world_size(), paddle.get_device())


def share_out(rows, team):
    """Return this process's rows of a batch, and how much its mean loss weighs.

    Averaged over the processes, the weighted losses are the mean loss of the whole batch, and so
    are their gradients, also where the batch doesn't divide evenly. A process for which nothing is
    left takes the first row, with weight 0. Raises ValueError for no rows, and for a rank that the
    team doesn't have.
    """
    if len(rows) == 0 or not 0 <= team.rank < team.size:
        raise ValueError(
            f"rows has {len(rows)} entries, team.rank is {team.rank}; expected at least one row, "
            f"and a rank from 0 to {team.size - 1}"
        )
    own = rows[team.rank :: team.size]
    return (own, len(own) * team.size / len(rows)) if len(own) else (rows[:1], 0.0)


def mean_over_team(value, team):
    """Return the mean of a number that every process has."""
    if team.size == 1:
        return float(value)
    total = paddle.to_tensor([float(value)], "float64")
    dist.all_reduce(total)
    return total.item() / team.size


def training_state(model, optimizer):
    """Return (arrays, notes) of a model and its optimizer, for `checkpoint.write_arrays`."""
    arrays = {f"model.{name}": array.numpy() for name, array in model.state_dict().items()}
    state = optimizer.state_dict()
    schedule = state.pop("LR_Scheduler", None)
    arrays |= {f"optimizer.{name}": array.numpy() for name, array in state.items()}
    return arrays, {"schedule": schedule}


def restore_training(model, optimizer, arrays, notes):
    """Set a model and its optimizer to what `training_state` returned.

    Raises ValueError for arrays whose names are not those of the model.
    """
    wanted = {f"model.{name}" for name in model.state_dict()}
    found = {name for name in arrays if not name.startswith("optimizer.")}
    if found != wanted:
        raise ValueError(f"arrays and model differ in {', '.join(sorted(found ^ wanted))}")
    parts = {"model": {}, "optimizer": {}}
    for name, array in arrays.items():
        part, _, name = name.partition(".")
        parts[part][name] = np.asarray(array)
    model.set_state_dict(parts["model"])
    if notes["schedule"] is not None:
        parts["optimizer"]["LR_Scheduler"] = notes["schedule"]
    optimizer.set_state_dict(parts["optimizer"])
