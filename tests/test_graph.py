"""The recorder: values forward, gradients backward, and what each way costs."""

import numpy as np
import pytest

from helpers.graph import Value, backward, forward_slopes, steps


def test_a_chain_by_hand():
    x, w, b, t = Value(3, "x"), Value(2, "w"), Value(1, "b"), Value(4, "t")
    loss = (x * w + b - t) ** 2
    assert backward(loss) == 7
    assert loss.data == 9
    assert [value.grad for value in (x, w, b, t, loss)] == [12, 18, 6, -6, 1]
    assert [value.name for value in steps(loss)] == ["x", "w", "×", "b", "+", "t", "−", "( )²"]


def test_gradients_add_at_a_fork_and_are_walked_once():
    x = Value(1)
    y = x
    for _ in range(20):
        y = y + y
    assert backward(y) == 40
    assert x.grad == 2**20
    assert backward(y) == 40
    assert x.grad == 2**20, "a second walk starts anew"


def test_each_line_keeps_what_was_passed_along_it():
    x = Value(2)
    y = x * 3 + x**2
    backward(y)
    assert [part.passed for part in y.inputs] == [[3], [4]]
    assert x.grad == 7


OPERATIONS = {
    "plus a number": lambda x: x + 2,
    "minus a number": lambda x: x - 2,
    "times a number": lambda x: x * -3,
    "a power": lambda x: x**3,
    "one over": lambda x: x**-1,
    "exp": lambda x: x.exp(),
    "relu": lambda x: x.relu(),
    "relu below 0": lambda x: (x * -1).relu(),
    "minus": lambda x: Value(5) - x,
    "times itself": lambda x: x * x,
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_slopes_are_those_of_small_changes(operation):
    x = Value(1.7)
    y = operation(x)
    backward(y)
    change = operation(Value(1.7 + 1e-6)).data - operation(Value(1.7 - 1e-6)).data
    assert x.grad == pytest.approx(change / 2e-6, rel=1e-8, abs=1e-9)
    assert forward_slopes(x, [y])[0] == [pytest.approx(x.grad)]


def test_forward_slopes_cost_one_sweep_an_input_and_backward_one_an_output():
    x = Value(0.5)
    trunk = x
    for _ in range(10):
        trunk = trunk * 0.9
    outputs = [trunk * factor for factor in range(4)]
    slopes, multiplications = forward_slopes(x, outputs)
    assert multiplications == 14
    np.testing.assert_allclose(slopes, 0.9**10 * np.arange(4))
    assert sum(backward(output) for output in outputs) == 44


def test_what_an_input_does_not_reach_costs_nothing():
    x, other = Value(1), Value(2)
    assert forward_slopes(x, [other.exp()]) == ([0], 0)


def test_names_say_the_step():
    x = Value(2)
    named = (x + 1, x - 1, x + -1.5, x * -1, x**2, x**-1, x.exp(), x.relu())
    assert [value.name for value in named] == [
        *("+ 1", "− 1", "− 1.5", "× −1", "( )²", "1/( )", "exp", "ReLU")
    ]
    assert repr(Value(2, "x")) == "Value(2, 'x')"
