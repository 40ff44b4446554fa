"""Ways of stepping down a valley: against formulas, against Paddle, and what each setting does."""

import numpy as np
import paddle
import pytest

from helpers.descent import RATES, descend

STEEP = np.diag([1.0, 100.0])


def test_one_step_of_the_right_size_reaches_the_bottom_of_a_round_valley():
    errors = descend(np.eye(2) * 4, [3.0, -2.0], [1.0, 1.0], steps=2, rates=[0.25])
    assert np.allclose(errors, 0)


def test_plain_steps_shrink_each_direction_by_its_own_factor():
    errors = descend(STEEP, [2.0, 1.0], [1.0, 1.0], steps=3, rates=[0.01])
    assert np.allclose(errors, 0.99 ** np.arange(1, 4))


def test_the_best_rate_counts_and_those_that_diverge_do_not():
    tried = [0.001, 0.019, 0.021, 1.0]
    best = descend(STEEP, [2.0, 2.0], [1.0, 1.0], steps=400, rates=tried)
    assert np.array_equal(best, descend(STEEP, [2.0, 2.0], [1.0, 1.0], steps=400, rates=[0.019]))
    with pytest.raises(ValueError, match="at which the steps do not diverge"):
        descend(STEEP, [2.0, 2.0], [1.0, 1.0], steps=400, rates=[1.0])


@pytest.mark.parametrize("rates", [[0.01, 0.0195], [0.0195, 0.01]])
def test_the_last_step_decides_which_rate_is_best(rates):
    """One step earlier the steep direction, which began farther away, still holds 0.0195 back."""
    start, alone = [1.0, 1.109], [0.0195]
    errors = descend(STEEP, start, [0.0, 0.0], steps=3, rates=rates)
    assert np.array_equal(errors, descend(STEEP, start, [0.0, 0.0], steps=3, rates=alone))
    assert errors[1] > 0.99**2 > 0.99**3 > errors[2]


@pytest.mark.parametrize(("rate", "steps"), [(11.5, 1), (5.0, 2)])
def test_more_than_ten_times_the_first_distance_is_divergence(rate, steps):
    with pytest.raises(ValueError, match=r"^rates are \["):
        descend(np.eye(1), [1.0], [0.0], steps=steps, rates=[rate])


def test_ten_times_the_first_distance_is_none():
    assert descend(np.eye(1), [1.0], [0.0], steps=1, rates=[11.0]).tolist() == [10.0]


@pytest.mark.parametrize("size", [0.001, 1000.0])
def test_a_larger_valley_takes_the_same_steps(size):
    errors = descend(STEEP, [size, 0.0], [0.0, 0.0], steps=3, rates=[0.01])
    assert np.allclose(errors, size * 0.99 ** np.arange(1, 4), rtol=1e-12, atol=0)


def test_a_gradient_as_small_as_adams_epsilon_takes_half_a_step():
    errors = descend(np.eye(1), [1e-8], [0.0], scale="each", steps=1, rates=[1e-9])
    assert np.allclose(errors, 0.95e-8, rtol=1e-9, atol=0)


def in_paddle(optimizer, curvature, start, goal, steps):
    weight = paddle.create_parameter([len(start)], "float64")
    weight.set_value(np.array(start, "float64"))
    shape, found = paddle.to_tensor(curvature), []
    stepper = optimizer([weight])
    for _ in range(steps):
        offset = weight - paddle.to_tensor(np.array(goal, "float64"))
        (0.5 * (offset * (shape @ offset)).sum()).backward()
        stepper.step()
        stepper.clear_grad()
        found.append(float((weight - paddle.to_tensor(np.array(goal, "float64"))).abs().max()))
    return found


def test_memory_with_a_scale_for_each_number_is_adam():
    expected = in_paddle(
        lambda weights: paddle.optimizer.Adam(0.03, parameters=weights),
        STEEP,
        [2.0, 1.4],
        [1.0, 1.0],
        60,
    )
    found = descend(STEEP, [2.0, 1.4], [1.0, 1.0], 0.9, "each", steps=60, rates=[0.03])
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_memory_alone_is_momentum():
    expected = in_paddle(
        lambda weights: paddle.optimizer.Momentum(0.01, 0.9, parameters=weights),
        STEEP,
        [2.0, 1.4],
        [1.0, 1.0],
        60,
    )
    found = descend(STEEP, [2.0, 1.4], [1.0, 1.0], 0.9, steps=60, rates=[0.01])
    np.testing.assert_allclose(found, expected, atol=1e-5)  # Paddle's rate is float32


def test_a_common_scale_keeps_the_direction_and_a_scale_for_each_turns_it():
    """The first step of Adam is as long in each direction, however steep."""
    start, goal = [1.0, 0.5], [0.0, 0.0]
    each = descend(STEEP, start, goal, scale="each", steps=1, rates=[0.1])
    common = descend(STEEP, start, goal, scale="common", steps=1, rates=[0.1])
    root = np.sqrt((1 + 50**2) / 2)
    assert np.allclose(each, 0.9)
    assert np.allclose(common, 1 - 0.1 / root)


def test_by_default_eight_rates_a_decade_are_tried_for_500_steps():
    np.testing.assert_allclose(RATES, [10 ** (k / 8) for k in range(-24, 17)])
    assert descend(np.eye(1), [1.0], [0.0], rates=[0.5]).shape == (500,)
    one_step = descend(np.eye(1), [1.0], [0.0], steps=1)  # a rate of exactly 1 is among them
    assert np.allclose(one_step, 0)


def test_several_starts_share_one_rate():
    starts = np.array([[2.0, 1.0], [1.0, 3.0]])
    errors = descend(STEEP, starts, [1.0, 1.0], steps=5, rates=[0.005, 0.01])
    assert errors.shape == (2, 5)
    assert np.array_equal(errors[0], descend(STEEP, starts[0], [1.0, 1.0], steps=5, rates=[0.01]))


@pytest.mark.parametrize("scale", ["none", "each", "common"])
def test_each_start_goes_its_own_way(scale):
    starts = np.array([[2.0, 1.5], [1.0, 3.0]])
    options = {"scale": scale, "steps": 5, "rates": [0.01]}
    errors = descend(STEEP, starts, [1.0, 1.0], 0.9, **options)
    for own, start in zip(errors, starts, strict=True):
        alone = descend(STEEP, start, [1.0, 1.0], 0.9, **options)
        np.testing.assert_allclose(own, alone, rtol=1e-12)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"scale": "both"}, "scale is 'both'; expected"),
        ({"memory": 1}, "memory is 1; expected a number from 0 to below 1"),
        ({"memory": -0.1}, "memory is -0.1"),
    ],
)
def test_bad_input_is_named(setting, message):
    with pytest.raises(ValueError, match=message):
        descend(STEEP, [1.0, 1.0], [0.0, 0.0], **setting)
