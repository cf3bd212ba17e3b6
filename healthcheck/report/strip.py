"""A provider's window at a glance: 24 parts, as status pages show a day."""

from collections import defaultdict
from collections.abc import Container, Iterable
from math import ceil

from healthcheck.activity import HOUR, Pair, WindowActivity
from healthcheck.report.contract import PartOfTime

PARTS = 24


def provider_strips(
    window: WindowActivity, shown: Container[Pair], expected: Iterable[str]
) -> dict[str, list[PartOfTime]]:
    """For each provider the attempts and errors of 24 equal parts of the window, oldest first.

    Of the pairs that are shown; `expected` providers are there without any attempt, too.
    """
    hours = max(1, ceil(window.window.length / HOUR))
    counts: dict[str, list[list[int]]] = defaultdict(lambda: [[0, 0] for _ in range(PARTS)])
    for provider in expected:
        counts[provider]  # noqa: B018 - makes its row
    for pair, activity in window.pairs.items():
        if pair not in shown:
            continue
        parts = counts[pair.provider]
        for cell in activity.errors:
            if cell.stage.is_saving:
                continue
            part = parts[_part(cell.hour, hours)]
            part[0] += cell.count
            part[1] += cell.count
        for done in activity.successes:
            parts[_part(done.hour, hours)][0] += done.count
    return {
        provider: [PartOfTime(attempts=attempts, errors=errors) for attempts, errors in parts]
        for provider, parts in counts.items()
    }


def _part(hour: int, hours: int) -> int:
    """Which part an hour falls into; hours count back from the end, parts forward to it."""
    return PARTS - 1 - min(PARTS - 1, hour * PARTS // hours)
