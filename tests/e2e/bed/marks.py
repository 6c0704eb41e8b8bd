"""How a test is marked, and how it says what is wrong."""

import dataclasses
import time


class Skipped(Exception):
    """What the test needs is not here; the text says what."""


@dataclasses.dataclass
class Mark:
    limit: float = 30.0  # seconds until it counts as hanging
    alone: bool = False  # measures what a neighbour would spoil
    full: bool = False  # only with E2E_FULL=1


def test(**mark):
    def apply(function):
        function.e2e = Mark(**mark)
        return function

    return apply


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def equal(got, wanted, what):
    check(got == wanted, f"{what}: got {got!r}, wanted {wanted!r}")


def each(names, trial):
    """Tries all of them and tells of every failure, not only of the first."""
    failures = []
    for name in names:
        try:
            trial(name)
        except (AssertionError, EOFError, OSError, ValueError) as error:
            failures.append(f"{name}: {error!r}")
    check(not failures, "\n".join([f"{len(failures)} of {len(names)} failed", *failures]))


def until(condition, what, seconds=10.0):
    """Polls until `condition()` is true; returns its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        check(time.monotonic() < end, f"{what}: not within {seconds} s")
        time.sleep(0.01)


def bounded_best(measure, best, worst, times=5):
    """Measures a delay in ms several times: at least one must be within `best`, all within `worst`.

    The smallest shows what the program needs; the others also show how busy the machine is.
    """
    values = []
    for _ in range(times):
        values.append(measure())
        if len(values) >= 3 and min(values) <= best:
            break
    text = ", ".join(f"{value:.1f}" for value in values) + " ms"
    check(min(values) <= best, f"{text}; at least one within {best} ms was wanted")
    check(max(values) <= worst, f"{text}; all within {worst} ms were wanted")
    return text
