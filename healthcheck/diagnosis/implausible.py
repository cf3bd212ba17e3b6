"""Stored results that cannot be true, and clocks that are off by whole hours."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from healthcheck.activity import Activity, ModelKey, ResultChecks
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.findings import Finding, for_information
from healthcheck.diagnosis.wording import listed, several


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
    for (provider, hours), count in activity.current.shifted.items():
        shifted[hours][provider] += count
    clocks = [
        f"{hours:+d} h ({several(its.total(), 'document')} of {listed(sorted(its))})"
        for hours, its in sorted(shifted.items())
    ]
    if clocks:
        yield for_information(
            Category.IMPLAUSIBLE_RESULTS,
            "Stored times are whole hours off the storage time (a runner's local clock): "
            f"{listed(clocks)}. They are counted at the time of storing.",
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
