"""The statistics behind the findings: exact, for small counts, without SciPy."""

from collections.abc import Iterable
from math import exp, lgamma, sqrt

_Z_95 = 1.959963984540054  # the 97.5 % point of the normal distribution


def wilson_interval(failed: int, tried: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson 1927; recommended by Newcombe 1998)."""
    rate, z2 = failed / tried, _Z_95**2
    center = (rate + z2 / (2 * tried)) / (1 + z2 / tried)
    half = _Z_95 * sqrt(rate * (1 - rate) / tried + z2 / (4 * tried**2)) / (1 + z2 / tried)
    return max(0.0, center - half), min(1.0, center + half)


def fisher_greater(failed: int, tried: int, failed_there: int, tried_there: int) -> float:
    """The chance to see `failed` of `tried` or more if both places had the same rate.

    One-sided Fisher exact test over the two by two table.
    """
    failures, successes = failed + failed_there, tried + tried_there - failed - failed_there
    ways = _log_comb(failures + successes, tried)
    chances = [
        exp(_log_comb(failures, here) + _log_comb(successes, tried - here) - ways)
        for here in range(failed, min(tried, failures) + 1)
    ]
    return min(1.0, sum(chances))


def _log_comb(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def highest(scores: Iterable[float]) -> tuple[int, int] | None:
    """From where to where they add up to most; the last of equals, None where nothing is above 0."""
    span = None
    best = score = 0.0
    first = 0
    for index, its in enumerate(scores):
        if score < 0:
            score, first = 0.0, index
        score += its
        if score >= best and score > 0:
            best, span = score, (first, index)
    return span
