"""Sharing out a batch: weighted means of the parts are the mean of the whole."""

import numpy as np
import paddle
import pytest
from paddle import nn

from helpers import parallel
from helpers.parallel import Team, mean_over_team, restore_training, share_out, training_state


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("count", [1, 2, 5, 6, 64])
def test_the_mean_of_weighted_parts_is_the_mean_of_all(count, size):
    rows = np.random.default_rng(0).permutation(100)[:count]
    losses = np.random.default_rng(1).normal(size=100)
    shares = [share_out(rows, Team(rank, size, "cpu")) for rank in range(size)]
    weighted = [weight * losses[own].mean() for own, weight in shares]
    assert np.mean(weighted) == pytest.approx(losses[rows].mean())
    seen = [row for own, weight in shares if weight for row in own]
    assert sorted(seen) == sorted(rows)
    assert max(len(own) for own, _ in shares) - min(len(own) for own, _ in shares) <= 1


@pytest.mark.parametrize(
    ("rows", "rank", "size"), [([], 0, 1), ([1, 2], 2, 2), ([1, 2], 3, 2), ([1, 2], -1, 2)]
)
def test_no_rows_and_no_member_of_the_team_are_refused(rows, rank, size):
    message = rf"rows has {len(rows)} entries, team.rank is {rank}; .* from 0 to {size - 1}"
    with pytest.raises(ValueError, match=message):
        share_out(rows, Team(rank, size, "cpu"))


def test_alone_on_this_machine(monkeypatch):
    monkeypatch.delenv("PADDLE_TRAINERS_NUM", raising=False)
    team = parallel.join_team()
    assert (team.rank, team.size) == (0, 1)
    assert team.device == paddle.get_device()
    assert mean_over_team(paddle.to_tensor(2.5), team) == 2.5


def three_steps(model, optimizer):
    x = paddle.to_tensor(np.random.default_rng(0).normal(size=(4, 3)).astype("float32"))
    for _ in range(3):
        (model(x) ** 2).mean().backward()
        optimizer.step()
        optimizer.clear_grad()
        if not isinstance(optimizer._learning_rate, float):
            optimizer._learning_rate.step()
    return [array.numpy() for array in model.parameters()]


@pytest.mark.parametrize("scheduled", [False, True])
@pytest.mark.parametrize("kind", [paddle.optimizer.Momentum, paddle.optimizer.Adam])
def test_a_restored_training_goes_on_equally(kind, scheduled):
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1D(4), nn.Linear(4, 2))
    rate = paddle.optimizer.lr.CosineAnnealingDecay(0.1, 6) if scheduled else 0.1
    optimizer = kind(rate, parameters=model.parameters())
    three_steps(model, optimizer)
    arrays, notes = training_state(model, optimizer)
    arrays = {name: array.copy() for name, array in arrays.items()}
    expected = three_steps(model, optimizer)
    assert (notes["schedule"] is not None) == scheduled
    three_steps(model, optimizer)
    restore_training(model, optimizer, arrays, notes)
    for one, other in zip(three_steps(model, optimizer), expected, strict=True):
        assert np.array_equal(one, other)


def test_arrays_of_another_model_are_refused():
    one, other = nn.Linear(3, 2), nn.Linear(3, 2, bias_attr=False)
    optimizer = paddle.optimizer.SGD(0.1, parameters=other.parameters())
    arrays, notes = training_state(one, paddle.optimizer.SGD(0.1, parameters=one.parameters()))
    with pytest.raises(ValueError, match=r"arrays and model differ in model\.bias$"):
        restore_training(other, optimizer, arrays, notes)
