"""A recorder of small computations: numbers that remember the steps that made them.

    w, b = Value(2, "w"), Value(1, "b")
    loss = (w * 3 + b) ** 2
    backward(loss)
    w.grad, b.grad

For drawings and for counting; `ops` does the real work. The idea is Wengert's tape (1964).
"""

import math


class Value:
    """A number, and the step that made it: what the step took, and its slope for each of these.

    data: the number. name: of an input, or of the step, such as "×". inputs: the values that the
    step took, and slopes: how much the number changes when one of them does. The way back fills
    in grad, and passed: what of it went to each input.
    """

    def __init__(self, data, name="", inputs=(), slopes=()):
        self.data, self.name = float(data), name
        self.inputs, self.slopes = tuple(inputs), tuple(map(float, slopes))
        self.grad, self.passed = 0.0, [0.0] * len(self.inputs)

    def __repr__(self):
        return f"Value({self.data:g}, {self.name!r})"

    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, "+", (self, other), (1, 1))
        return Value(self.data + other, _signed("+", other), (self,), (1,))

    def __sub__(self, other):
        if isinstance(other, Value):
            return Value(self.data - other.data, "−", (self, other), (1, -1))
        return self + -other

    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, "×", (self, other), (other.data, self.data))
        return Value(self.data * other, f"× {_text(other)}", (self,), (other,))

    def __pow__(self, power):
        name = {2: "( )²", -1: "1/( )"}.get(power, f"( )^{_text(power)}")
        slope = power * self.data ** (power - 1)
        return Value(self.data**power, name, (self,), (slope,))

    def exp(self):
        """Return e to the power of this number."""
        result = math.exp(self.data)
        return Value(result, "exp", (self,), (result,))

    def relu(self):
        """Return the number if it is positive, else 0."""
        return Value(max(self.data, 0), "ReLU", (self,), (self.data > 0,))


def steps(*outputs):
    """Return all values that outputs were made from, and these, each after all that it needs."""
    order, seen, waiting = [], set(), [(output, False) for output in reversed(outputs)]
    while waiting:
        value, ready = waiting.pop()
        if ready:
            order.append(value)
        elif id(value) not in seen:
            seen.add(id(value))
            waiting.append((value, True))
            waiting += [(source, False) for source in reversed(value.inputs)]
    return order


def backward(output):
    """Fill in the gradients of one output, and return how many multiplications it took."""
    order = steps(output)
    for value in order:
        value.grad = 0.0
    output.grad = 1.0
    multiplications = 0
    for value in reversed(order):
        for place, source in enumerate(value.inputs):
            value.passed[place] = value.grad * value.slopes[place]
            source.grad += value.passed[place]
            multiplications += 1
    return multiplications


def forward_slopes(source, outputs):
    """Return the outputs' slopes for one input, computed forwards, and the multiplications.

    Steps that the input does not reach cost nothing.
    """
    slopes, multiplications = {id(source): 1.0}, 0
    for value in steps(*outputs):
        for place, taken in enumerate(value.inputs):
            if id(taken) in slopes:
                change = slopes[id(taken)] * value.slopes[place]
                slopes[id(value)] = slopes.get(id(value), 0.0) + change
                multiplications += 1
    return [slopes.get(id(output), 0.0) for output in outputs], multiplications


def _text(number):
    return f"{number:g}".replace("-", "−")


def _signed(sign, number):
    return f"{sign} {_text(number)}" if number >= 0 else f"− {_text(-number)}"
