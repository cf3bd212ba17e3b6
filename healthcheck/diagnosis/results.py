"""Findings about numbers that were published and cannot be true."""

from collections.abc import Callable

from healthcheck.activity import Activity, Pair, ResultChecks
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.findings import Finding, Severity
from healthcheck.diagnosis.wording import listed, several


def result_findings(activity: Activity, is_published: Callable[[Pair], bool]) -> list[Finding]:
    """Impossible results of published models, and clocks that are off by whole hours."""
    impossible = {
        pair: told
        for pair, checks in activity.results.items()
        if is_published(pair) and (told := _impossible(checks))
    }
    findings = []
    if impossible:
        examples = [f"{' '.join(pair)}: {told}" for pair, told in impossible.items()]
        findings.append(
            Finding(
                category=Category.IMPLAUSIBLE_RESULTS,
                severity=Severity.INFO,
                evidence=(
                    f"Published results of {several(len(impossible), 'model')} cannot be true: "
                    f"{listed(examples)}."
                ),
                models=tuple(sorted(impossible)),
            )
        )
    shifted = activity.current.shifted
    if shifted:
        clocks = [
            f"{provider} {hours:+d} h ({several(count, 'document')})"
            for (provider, hours), count in shifted.items()
        ]
        findings.append(
            Finding(
                category=Category.IMPLAUSIBLE_RESULTS,
                severity=Severity.INFO,
                evidence=(
                    "Stored times lie whole hours off the time of storing, a runner's local clock: "
                    f"{listed(clocks)}. They are counted at the time of storing."
                ),
                aspect="shifted_clock",
            )
        )
    return findings


def _impossible(checks: ResultChecks) -> str | None:
    told = []
    if checks.no_visible_tokens:
        told.append(f"0 visible tokens in {several(checks.no_visible_tokens, 'result')}")
    if checks.off_length and not checks.no_visible_tokens:
        told.append(
            f"{checks.off_tokens} of {checks.requested} tokens in "
            f"{several(checks.off_length, 'result')}"
        )
    speed, usual = checks.fastest, checks.usual_speed
    if speed and usual and speed > limits.IMPOSSIBLE_SPEED * usual:
        told.append(f"{speed:,.0f} tokens/s, usually {usual:,.0f}")
    return " and ".join(told) or None
