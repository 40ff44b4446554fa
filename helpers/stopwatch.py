"""How long a function takes, as the shortest of several tries."""

import time


def seconds(function, *arguments, tries=9, least=2e-3):
    """Return the seconds that one call takes: the best of some tries.

    Each try repeats the call until it takes `least` seconds, so that short calls can be timed.
    """
    repeats = 1
    while _run(function, arguments, repeats) < least:
        repeats *= 2
    return min(_run(function, arguments, repeats) for _ in range(tries)) / repeats


def _run(function, arguments, repeats):
    begin = time.perf_counter()
    for _ in range(repeats):
        function(*arguments)
    return time.perf_counter() - begin
