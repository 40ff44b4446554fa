"""Memory: what is counted is what Paddle's books say, and a process has a peak of its own."""

import sys

import numpy as np
import paddle
import pytest

from helpers import geometry, models, peak
from helpers.models import famous
from helpers.twins import in_paddle

MiB = 2**20
PLAIN = [
    *(geometry.conv(16, 3, padding=1), geometry.activation(), geometry.conv(16, 3, padding=1)),
    *(geometry.activation(), geometry.pool(2), geometry.conv(32, 3, 2), geometry.batch_norm()),
    *(geometry.activation("Tanh"), geometry.flatten(), geometry.linear(64)),
    *(geometry.activation("Sigmoid"), geometry.linear(10)),
]
BLOCK = [geometry.conv(16, 3, padding=1, bias=False), geometry.batch_norm(), geometry.activation()]
RESIDUAL = [*BLOCK, geometry.residual([*BLOCK, *BLOCK[:2]]), geometry.activation()]
DENSE = [*BLOCK, geometry.concat([], BLOCK), *BLOCK, geometry.global_pool(), geometry.flatten()]
STACKS = {"plain": PLAIN, "residual": RESIDUAL, "dense": DENSE}
SHAPE = (3, 32, 32)


def twin(layers):
    return in_paddle(models.build(np.random.default_rng(0), layers, SHAPE))


def use(model, images):
    with paddle.no_grad():
        return model(images)


def step(model, optimizer, images):
    model(images).sum().backward()
    optimizer.step()
    optimizer.clear_grad()


@pytest.mark.parametrize("batch", [1, 16])
@pytest.mark.parametrize("name", STACKS)
def test_use_takes_what_live_says(name, batch):
    model, images = twin(STACKS[name]), paddle.zeros([batch, *SHAPE])
    model.eval()
    counted = max(row.of(batch) for row in geometry.live(STACKS[name], SHAPE)) - images.size * 4
    assert peak.allocated(use, model, images).peak == pytest.approx(counted, rel=0.01)


@pytest.mark.parametrize("name", STACKS)
def test_a_forward_pass_leaves_what_kept_says(name):
    model, images = twin(STACKS[name]), paddle.zeros([16, *SHAPE])
    counted = 16 * sum(row.bytes for row in geometry.kept(STACKS[name], SHAPE)[1:])
    assert peak.allocated(model, images).left == pytest.approx(counted, rel=0.02)


@pytest.mark.parametrize("name", STACKS)
def test_a_step_takes_what_way_back_says(name):
    model, images = twin(STACKS[name]), paddle.zeros([16, *SHAPE])
    optimizer = paddle.optimizer.Momentum(0.001, parameters=model.parameters())
    step(model, optimizer, images)
    counted = max(row.of(16) for row in geometry.way_back(STACKS[name], SHAPE)) - images.size * 4
    assert peak.allocated(step, model, optimizer, images).peak == pytest.approx(counted, rel=0.05)


def test_by_hand():
    layers = [geometry.conv(4, 3), geometry.activation(), geometry.flatten(), geometry.linear(2)]
    volume, image = 4 * 4 * 6 * 6, 4 * 64
    first, second, third, last = geometry.live(layers, (1, 8, 8))
    assert (first.bytes, first.once, first.adding) == (
        image + volume,
        4 * 9 * 36,
        image + 2 * volume,
    )
    assert (second.bytes, second.once, second.adding) == (image + 2 * volume, 0, 0)
    assert third.bytes == image + volume
    assert last.adding == last.bytes + 8 == image + volume + 16
    assert first.of(2) == max(2 * first.bytes + first.once, 2 * first.adding)
    assert [row.bytes for row in geometry.kept(layers, (1, 8, 8))] == [image, 0, volume, 0]
    back = geometry.way_back(layers, (1, 8, 8))
    assert [row.name for row in back] == ["linear", "ReLU", "conv"]
    assert [row.bytes for row in back] == [
        image + volume + volume + 8,
        image + 3 * volume,
        image + volume,
    ]
    assert [row.once for row in back] == [4 * (144 * 2 + 2), 0, 4 * 40 + 4 * 9 * 36]


def test_an_input_that_two_branches_read_is_kept_once():
    layers = [geometry.concat([geometry.conv(1, 1)], [geometry.conv(2, 1)]), geometry.conv(1, 1)]
    rows = geometry.kept(layers, (1, 2, 2))
    assert [(row.name, row.bytes) for row in rows] == [
        ("input", 16),
        ("conv", 0),
        ("conv", 0),
        ("concat", 48),
        ("conv", 0),
    ]


def test_vgg16_keeps_58_mebibytes():
    kept = sum(row.bytes for row in geometry.kept(famous.vgg16(), famous.IMAGENET))
    assert kept == 4 * 15_236_608


@pytest.mark.parametrize("count", [geometry.live, geometry.kept, geometry.way_back])
def test_shapes_are_refused(count):
    with pytest.raises(ValueError, match="input_shape is 32"):
        count(PLAIN, 32)
    with pytest.raises(ValueError, match=r"layers\[0\] is 3"):
        count([3], SHAPE)


def test_allocated_counts_what_is_returned_as_left():
    found = peak.allocated(lambda side: paddle.zeros([side, side]) + paddle.ones([side, side]), 256)
    assert found.left == 4 * 256**2
    assert found.peak == 3 * 4 * 256**2


def test_a_paddle_without_books_is_named(monkeypatch):
    monkeypatch.delattr(paddle.base.core, "host_memory_stat_reset_peak_value")
    with pytest.raises(RuntimeError, match=r"Paddle \d.* does not count the CPU's memory"):
        peak.allocated(int)


measured = pytest.mark.skipif(
    sys.platform not in peak.SYSTEMS, reason="peaks are measured on Linux and macOS"
)


@measured
def test_a_process_of_its_own_has_its_own_peak():
    own = np.ones(60 * MiB)  # what this process holds must not count
    found = peak.of_process("tests.stages:grow", 200)
    assert list(found) == ["start", "held", "freed"]
    # The system counts in lots of pages.
    assert 195 * MiB < found["held"] - found["start"] < 230 * MiB
    assert abs(found["freed"] - found["held"]) < MiB
    assert found["start"] < own.nbytes


@measured
def test_a_failure_tells_its_last_words():
    with pytest.raises(RuntimeError, match="so it ends"):
        peak.of_process("tests.stages:break_down")


@measured
@pytest.mark.parametrize("name", ["grow", ":", "a:b:c", "tests.stages:", None])
def test_a_function_is_named_by_its_module(name):
    with pytest.raises(ValueError, match=r'function is .*; expected "module:name"'):
        peak.of_process(name)


@measured
def test_what_no_process_can_be_told_is_refused():
    with pytest.raises(ValueError, match=r"environment is \{'A': 1\}; expected \{name: value\}"):
        peak.of_process("tests.stages:told", environment={"A": 1})
    with pytest.raises(ValueError, match=r"environment is \['A'\]"):
        peak.of_process("tests.stages:told", environment=["A"])
    with pytest.raises(ValueError, match=r"arguments are .*; expected numbers and strings"):
        peak.of_process("tests.stages:grow", np.ones(2))


def test_what_cannot_be_called_is_refused():
    with pytest.raises(ValueError, match="call is 3; expected a function or a model"):
        peak.allocated(3)


@pytest.mark.parametrize("batch", [0, -1, 2.5, np.nan, "3"])
def test_a_batch_is_a_number_of_images(batch):
    (row,) = geometry.live([geometry.activation()], (8,))
    with pytest.raises(ValueError, match="batch is"):
        row.of(batch)


def test_windows_of_one_group_are_copied_at_a_time():
    (row,) = geometry.live([geometry.conv(4, 3, padding=1, groups=2, bias=False)], (4, 8, 8))
    assert row.once == 4 * 2 * 9 * 64


def test_where_relu_stands_decides_what_it_costs():
    conv, relu, pool = geometry.conv(4, 1), geometry.activation(), geometry.pool(2)
    after = [row.bytes for row in geometry.kept([conv, relu, pool, conv], (1, 4, 4))]
    before = [row.bytes for row in geometry.kept([conv, pool, relu, conv], (1, 4, 4))]
    assert after == [64, 0, 256, 64, 0]
    assert before == [64, 256, 64, 64, 0]


@measured
def test_variables_reach_the_process():
    found = peak.of_process("tests.stages:told", environment={"TOLD": "yes"})
    assert list(found) == ["yes"]


def test_other_systems_are_named(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(OSError, match="on Linux and macOS alone, not on win32"):
        peak.of_process("tests.stages:grow", 1)
