"""All rules over both windows: what is found, since when, and what is no longer found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from healthcheck.activity import Activity, Pair, Window
from healthcheck.diagnosis.cause import kinds_of_cause
from healthcheck.diagnosis.findings import (
    Category,
    Diagnosis,
    Finding,
    Severity,
    State,
    Status,
)
from healthcheck.diagnosis.model import model_findings
from healthcheck.diagnosis.provider import provider_findings
from healthcheck.diagnosis.record import Record, records, records_before
from healthcheck.diagnosis.service import service_findings
from healthcheck.diagnosis.silence import silence_findings
from healthcheck.diagnosis.storing import storing_findings
from healthcheck.diagnosis.thresholds import DEGRADED_MIN_ERRORS, ONSET_REACH
from healthcheck.diagnosis.timeline import Timeline, Timelines, timelines
from healthcheck.diagnosis.wording import several, when
from healthcheck.taxonomy import ErrorKind


def diagnose(activity: Activity, lines: Timelines | None = None) -> Diagnosis:
    """Judge the current window, and the one before by the same rules.

    `lines` are the activity's timelines, where the caller has them already.
    """
    lines = lines or timelines(activity)
    compared = bool(activity.previous.pairs)
    now = _found(
        records(activity, lines).values(),
        activity.current.window,
        storing_findings(lines.current, lines.previous, activity.current.window)
        + silence_findings(activity, activity.current, activity.previous if compared else None),
    )
    before = (
        _found(
            records_before(activity, lines).values(),
            activity.previous.window,
            storing_findings(lines.previous, {}, activity.previous.window)
            + silence_findings(activity, activity.previous, None),
        )
        if compared
        else _Found((), ())
    )
    known = {_sameness(finding): finding for finding in (*before.explained, *before.shown)}
    findings = tuple(
        sorted(
            (_compared(f, known.get(_sameness(f)), activity.current.window) for f in now.shown),
            key=_urgency,
        )
    )
    return judged(
        Diagnosis(
            status=Status.HEALTHY,
            reason="",
            findings=findings,
            resolved=_resolved(before.shown, now, lines.current),
            compared=compared,
            attempts=sum(line.errors + line.succeeded for line in lines.current.values()),
            succeeded=sum(line.succeeded for line in lines.current.values()),
        )
    )


def judged(diagnosis: Diagnosis) -> Diagnosis:
    """The same with status and reason by its findings: the highest severity among them."""
    status = _status(diagnosis.findings)
    return replace(diagnosis, status=status, reason=_reason(status, diagnosis))


@dataclass(frozen=True, slots=True)
class _Found:
    """What the rules found; `explained` are those that a wider finding accounts for."""

    shown: tuple[Finding, ...]
    explained: tuple[Finding, ...]


def _found(judged: Iterable[Record], window: Window, others: Iterable[Finding]) -> _Found:
    by_pair = {record.pair: record for record in judged}
    of_models = model_findings(by_pair.values())
    providers = provider_findings(by_pair.values(), of_models, window)
    services = [
        _as_bad_as_its_parts(service, [f for f in providers if _explains(service, f, by_pair)])
        for service in service_findings(by_pair.values(), window)
    ]
    lone = [f for f in providers if not any(_explains(s, f, by_pair) for s in services)]
    everywhere, at_provider = services, defaultdict(list)
    for finding in lone:
        at_provider[finding.provider].append(finding)
    models = [
        f
        for f in of_models.values()
        if not any(_explains(w, f, by_pair) for w in (*everywhere, *at_provider[f.provider]))
    ]
    shown = (*services, *lone, *models, *others)
    keys = {finding.key for finding in shown}
    every = (*services, *providers, *of_models.values())
    return _Found(shown, tuple(f for f in every if f.key not in keys))


def _as_bad_as_its_parts(service: Finding, parts: Iterable[Finding]) -> Finding:
    """Where providers lose everything, what explains it is no lesser matter."""
    lost = sorted(f.provider or "" for f in parts if f.severity is Severity.CRITICAL)
    if not lost or service.severity is Severity.CRITICAL:
        return service
    evidence = f"{service.evidence.rstrip('.')}; nothing succeeds any more at {', '.join(lost)}."
    return replace(service, severity=Severity.CRITICAL, evidence=evidence)


def _explains(wide: Finding, narrow: Finding, records: Mapping[Pair, Record]) -> bool:
    """Whether the wider finding accounts for the narrower one: same cause, place and time."""
    if wide.kind is None or narrow.kind not in kinds_of_cause(wide.kind):
        return False
    if wide.provider is not None and wide.provider != narrow.provider:
        return False
    if wide.since is None or narrow.since is None:
        return False
    if wide.until is not None:
        kinds, again = kinds_of_cause(wide.kind), 0
        for pair in narrow.models:
            failures = records[pair].failures
            again += sum(f.count for f in failures if f.kind in kinds and f.last > wide.until)
        if again >= DEGRADED_MIN_ERRORS * len(narrow.models):
            return False
    in_time = narrow.since >= wide.since - ONSET_REACH
    noisy_before = narrow.category is Category.DEGRADED_MODEL and set(narrow.models) <= set(
        wide.models
    )
    return in_time or noisy_before


def _compared(finding: Finding, before: Finding | None, window: Window) -> Finding:
    """State and severity in the light of the window before.

    What one window alone cannot prove (failures come in bursts) is to be watched first and a
    warning when it is found again; so is an outage that is over when it was not the first.
    """
    if before is None:
        return finding
    severity = finding.severity
    if severity is Severity.INFO:
        another = finding.since is not None and finding.since >= window.since
        if not finding.over or another:
            severity = Severity.WARNING
    return replace(finding, state=State.ONGOING, severity=severity)


def _resolved(
    before: Iterable[Finding], now: _Found, lines: Mapping[Pair, Timeline]
) -> tuple[Finding, ...]:
    """What was found before and is no longer, where there is a sign of life to prove it."""
    still = {_sameness(finding) for finding in (*now.shown, *now.explained)}
    troubled = {
        (pair, _cause(finding))
        for finding in (*now.shown, *now.explained)
        for pair in finding.models
    }
    ill = {finding.models[0] for finding in now.shown if finding.model is not None}
    resolved = []
    for finding in before:
        if _sameness(finding) in still:
            continue
        if finding.model is not None and finding.models[0] in ill:
            continue
        if any((pair, _cause(finding)) in troubled for pair in finding.models):
            continue
        if _was_a_burst(finding):
            continue
        alive = _first_sign_of_life(finding, lines)
        if alive:
            until = finding.until or alive
            evidence = f"{finding.evidence} Well since {when(until)}."
            resolved.append(replace(finding, until=until, evidence=evidence))
    return tuple(sorted(resolved, key=_urgency))


def _was_a_burst(finding: Finding) -> bool:
    """No more than to be watched: that it is gone is no news."""
    return (
        finding.category is Category.DEGRADED_MODEL
        and finding.severity is Severity.INFO
        and 2 * finding.count < finding.attempts
    )


def _cause(finding: Finding) -> frozenset[ErrorKind]:
    return kinds_of_cause(finding.kind) if finding.kind else frozenset()


def _sameness(finding: Finding) -> tuple[str, ...]:
    """Its key, where a model that fails and one that fails at times are the same matter."""
    category, *rest = finding.key
    waxing = (Category.FAILING_MODEL, Category.DEGRADED_MODEL)
    return (Category.FAILING_MODEL if category in waxing else category, *rest)


def _first_sign_of_life(finding: Finding, lines: Mapping[Pair, Timeline]) -> datetime | None:
    """The first success in the window of what the finding is about; silence ends by any attempt."""
    pairs = finding.models or lines.keys()
    found = [lines[pair] for pair in pairs if pair in lines]
    moments = [line.successes[0].first for line in found if line.successes]
    if finding.kind is None:
        moments += [line.failures[0].first for line in found if line.failures]
    return min(moments, default=None)


def _urgency(finding: Finding) -> tuple[object, ...]:
    return (
        finding.severity.rank,
        finding.state is State.ONGOING,
        list(Category).index(finding.category),
        -finding.count,
        finding.key,
    )


def _status(findings: tuple[Finding, ...]) -> Status:
    severities = {finding.severity for finding in findings}
    if Severity.CRITICAL in severities:
        return Status.CRITICAL
    return Status.WARNING if Severity.WARNING in severities else Status.HEALTHY


def _reason(status: Status, diagnosis: Diagnosis) -> str:
    findings = diagnosis.findings
    if status is Status.HEALTHY:
        watch = f"; {several(len(findings), 'finding')} to know of" if findings else ""
        return (
            f"Nothing needs attention: {diagnosis.succeeded} of {diagnosis.attempts} attempts "
            f"succeeded{watch}."
        )
    pressing = [f for f in findings if f.severity is not Severity.INFO]
    first = pressing[0]
    subject = " ".join(name for name in (first.provider, first.model) if name)
    more = f" (+{len(pressing) - 1} more)" if len(pressing) > 1 else ""
    return f"{subject + ': ' if subject else ''}{first.evidence.rstrip('.')}{more}."
