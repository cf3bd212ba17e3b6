"""Stored results that cannot be true, and clocks that are off by whole hours."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from healthcheck.activity import Activity, ModelKey, ResultChecks
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.findings import Finding, for_information
from healthcheck.diagnosis.wording import listed, several, when


def implausible_results(
    activity: Activity, is_published: Callable[[ModelKey], bool]
) -> Iterable[Finding]:
    """One finding for published results, one for clocks."""
    impossible = {
        pair: text
        for pair, checks in activity.results.items()
        if is_published(pair) and (text := _impossible(checks))
    }
    if impossible:
        examples = [f"{' '.join(pair)}: {text}" for pair, text in impossible.items()]
        yield for_information(
            Category.IMPLAUSIBLE_RESULTS,
            f"Published results of {several(len(impossible), 'model')} cannot be true: "
            f"{listed(examples)}.",
            impossible,
        )
    shifted: dict[int, Counter[str]] = defaultdict(Counter)
    for (provider, hours), (count, _) in activity.current.shifted.items():
        shifted[hours][provider] += count
    clocks = [
        f"{hours:+d} h ({several(its.total(), 'document')} of {listed(sorted(its))})"
        for hours, its in sorted(shifted.items())
    ]
    if clocks:
        since = min(first for _, first in activity.current.shifted.values())
        # In the first hours of the window, it may have begun before.
        is_known = since > activity.current.window.since + limits.ONSET_REACH
        yield for_information(
            Category.IMPLAUSIBLE_RESULTS,
            f"Stored times are whole hours off{f' since {when(since)}' if is_known else ''}: "
            f"{listed(clocks)}. Set the time zone of that runner to UTC; until then, such results "
            "count at the time of storing.",
            since=[since] if is_known else [],
            aspect="shifted_clock",
        )


def _impossible(checks: ResultChecks) -> str | None:
    parts = []
    if checks.no_visible_tokens:
        parts.append(f"0 visible tokens in {several(checks.no_visible_tokens, 'result')}")
    elif checks.off_length:
        results = several(checks.off_length, "result")
        parts.append(f"{checks.off_tokens} of {checks.requested} tokens in {results}")
    speed, usual = checks.fastest, checks.usual_speed
    if speed and usual and speed > limits.IMPOSSIBLE_SPEED * usual:
        parts.append(f"{speed:,.0f} tokens/s, usually {usual:,.0f}")
    return " and ".join(parts) or None
