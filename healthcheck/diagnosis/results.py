"""Findings about numbers that were published and cannot be true."""

from collections.abc import Callable, Iterable

from healthcheck.activity import Activity, ModelKey, ResultChecks
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.findings import Finding, Severity
from healthcheck.diagnosis.wording import listed, several


def result_findings(
    activity: Activity, is_published: Callable[[ModelKey], bool]
) -> Iterable[Finding]:
    """Impossible results of published models, and clocks that are off by whole hours."""
    impossible = {
        pair: told
        for pair, checks in activity.results.items()
        if is_published(pair) and (told := _impossible(checks))
    }
    if impossible:
        examples = [f"{' '.join(pair)}: {told}" for pair, told in impossible.items()]
        yield Finding(
            Category.IMPLAUSIBLE_RESULTS,
            Severity.INFO,
            f"Published results of {several(len(impossible), 'model')} cannot be true: "
            f"{listed(examples)}.",
            models=tuple(sorted(impossible)),
        )
    clocks = [
        f"{provider} {hours:+d} h ({several(count, 'document')})"
        for (provider, hours), count in activity.current.shifted.items()
    ]
    if clocks:
        yield Finding(
            Category.IMPLAUSIBLE_RESULTS,
            Severity.INFO,
            "Stored times lie whole hours off the time of storing, a runner's local clock: "
            f"{listed(clocks)}. They are counted at the time of storing.",
            aspect="shifted_clock",
        )


def _impossible(checks: ResultChecks) -> str | None:
    told = []
    if checks.no_visible_tokens:
        told.append(f"0 visible tokens in {several(checks.no_visible_tokens, 'result')}")
    elif checks.off_length:
        results = several(checks.off_length, "result")
        told.append(f"{checks.off_tokens} of {checks.requested} tokens in {results}")
    speed, usual = checks.fastest, checks.usual_speed
    if speed and usual and speed > limits.IMPOSSIBLE_SPEED * usual:
        told.append(f"{speed:,.0f} tokens/s, usually {usual:,.0f}")
    return " and ".join(told) or None
