"""Times of functions: only what holds on a busy machine too."""

import time

from helpers.stopwatch import seconds


def test_a_sleep_takes_its_time():
    assert seconds(time.sleep, 0.01, tries=1) >= 0.01


def test_short_calls_are_repeated_until_they_can_be_timed():
    calls = []
    found = seconds(calls.append, 1, tries=2, least=1e-3)
    assert 0 < found < 1e-3
    assert len(calls) > 3
