"""Models that one cause hits together, and what is told of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from math import ceil
from typing import NamedTuple

from healthcheck.activity import ModelKey, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Aspect, Category
from healthcheck.diagnosis.causes import OTHER_NAMES, InternalCause
from healthcheck.diagnosis.findings import Finding, Severity, quoting
from healthcheck.diagnosis.rates import failing_since, is_bound
from healthcheck.diagnosis.record import Record, newest
from healthcheck.diagnosis.timeline import Failure, kinds_of
from healthcheck.diagnosis.wording import all_of, from_to, listed, several, when
from healthcheck.taxonomy import ErrorKind


class Scope:
    """The published models of a provider, or of all providers (`provider` is None)."""

    def __init__(self, provider: str | None, records: Iterable[Record]) -> None:
        """`records`: of all its models, tried or not."""
        self.provider = provider
        self.records = tuple(records)
        self.tried = tuple(record for record in self.records if record.tried)
        self.expected = tuple(record for record in self.records if record.expected)
        # Beside a catalog that lists others of the provider.
        is_listed = any(record.entry for record in self.records)
        self.unlisted = [r for r in self.tried if is_listed and r.entry is None and not r.run]
        self.providers = Counter(record.pair.provider for record in self.tried)

    @property
    def window(self) -> Window:
        """The window that its records are of."""
        return self.records[0].window

    def hit(self, models: Iterable[ModelKey]) -> list[str]:
        """The providers most of whose models are among these: one failure at another is background."""
        count = Counter(pair.provider for pair in models)
        return [name for name, tried in self.providers.items() if count[name] >= most_of(tried)]

    def enough(self, models: int) -> int:
        """How many of so many models must be hit: nearly all where all providers are meant."""
        if self.provider is None:
            return max(2, ceil(models * limits.SERVICE_SHARE_OF_MODELS))
        return max(2, most_of(models))


def most_of(models: int) -> int:
    """Half of a provider's models, but all where there are but two."""
    small = models < limits.PROVIDER_MIN_MODELS
    return models if small else ceil(models * limits.PROVIDER_SHARE)


def failures_since(scope: Scope, answer: datetime) -> list[Failure]:
    """What failed since the newest answer of the scope, where enough models did."""
    runs = [record.run for record in scope.tried if record.run and record.fails_after(answer)]
    is_enough = len(runs) >= scope.enough(len(scope.tried))
    return [f for run in runs for f in run.failures if f.last > answer] if is_enough else []


class Incident(NamedTuple):
    """Models of a scope that one cause hits together.

    `kinds` is empty where they are not attempted and no failure explains it. `open`: those that are
    still hit. `earlier`: when it was so before in the window. `lost`: nothing succeeds any more,
    with an aspect where that is for so long that it is no chance. `watched`: not a warning yet.
    `shared`: what all messages show together and none says.
    """

    kinds: frozenset[ErrorKind]
    models: frozenset[ModelKey]
    open: frozenset[ModelKey]
    since: datetime | None
    until: datetime | None = None
    earlier: tuple[Window, ...] = ()
    lost: bool = False
    watched: bool = False
    aspect: Aspect | None = None
    shared: InternalCause | None = None


# --- as a finding ---------------------------------------------------------------------------------


def finding_of(incident: Incident, scope: Scope) -> Finding:
    """What is told of it, with the newest message of those that are hit."""
    its = [record for record in scope.tried if record.pair in incident.models]
    still = [record for record in its if record.pair in incident.open]
    in_window = [f for record in scope.tried for f in record.failures if f.kind in incident.kinds]
    runs = [record.run for record in still if record.run]
    failures = in_window or [f for run in runs for f in run.failures if f.kind in incident.kinds]
    failures.sort(key=lambda failure: failure.last)
    kind = kinds_of(failures).most_common(1)[0][0] if failures else None
    added = [record.added_at for record in its if record.added_at]
    # What is left of one that is over is told by model.
    is_open = bool(still) and incident.until is None
    needs_requeue = is_open and all(record.needs_requeue for record in still)
    alternating = not (incident.lost or incident.until) and (
        incident.watched or 2 * sum(r.alternates(incident.kinds) for r in its) > len(its)
    )
    since, is_only_bound = _dated(incident, its)
    finding = Finding(
        category=Category.PROVIDER_ISSUE if scope.provider else Category.SERVICE_ISSUE,
        severity=_severity(incident),
        provider=scope.provider,
        kind=kind,
        count=sum(failure.count for failure in in_window),
        since=since,
        since_is_bound=is_only_bound,
        until=incident.until,
        evidence="",
        models=tuple(sorted(incident.open if needs_requeue else incident.models)),
        given_up=tuple(r.pair for r in still if _is_given_up(r, alternating=alternating)),
        needs_requeue=needs_requeue,
        added_at=min(added) if its and len(added) == len(its) else None,
        alternating=alternating,
        aspect=incident.aspect,
    )
    recent = [f for f in failures if since is None or f.last >= since] or failures
    finding = quoting(finding, recent, incident.shared)
    rejected = {quoting(finding, [run.newest]).rejected_parameter for run in runs}
    evidence = (_evidence_of_loss if incident.aspect else _evidence)(incident, scope, finding)
    if finding.added_at:
        evidence += f"; no success since these models were added, {when(finding.added_at)}"
    return replace(
        finding,
        evidence=f"{evidence}.",
        rejected_parameter=finding.rejected_parameter if len(rejected) == 1 else None,
    )


def _is_given_up(record: Record, *, alternating: bool) -> bool:
    """Whether the queue will not try it again; what it never retries, from the first failure on."""
    is_final = record.run is not None and record.run.count == 1 and not record.run.retry_pause
    return record.retries_exhausted or (is_final and not alternating)


def _severity(incident: Incident) -> Severity:
    if incident.lost:
        return Severity.CRITICAL
    is_past = incident.until and not incident.earlier
    return Severity.INFO if is_past or incident.watched else Severity.WARNING


def _evidence(incident: Incident, scope: Scope, finding: Finding) -> str:
    hit = scope.hit(incident.models)
    others = [name for name in scope.providers if name not in hit]
    since, words = finding.since or scope.window.since, finding.words
    text = f"{words[0].upper()}{words[1:]} on {_share(len(incident.models), len(scope.tried))}"
    if scope.provider is None:
        text += f" at {len(hit)} of {len(scope.providers)} providers at once"
    still = len(incident.open)
    if incident.until:
        text += f" {from_to(since, incident.until)}"
    else:
        text += f" since {'at least ' if finding.since_is_bound else ''}{when(since)}"
        if 0 < still < len(incident.models):
            text += f" ({still} still failing)"
    text += _earlier(incident)
    if incident.lost:
        text += "; no requests succeed"
    elif others:
        text += f", not at {listed(others)}"
    else:
        text += f"; {_counts(incident, scope, since)}"
    return text if scope.provider else f"{text}: our side, not {len(hit)} providers"


def _earlier(incident: Incident) -> str:
    """When it was so before in the window."""
    if not incident.earlier:
        return ""
    times = [from_to(*time).removeprefix("from ") for time in incident.earlier]
    return f", before that from {listed(times)}"


def _counts(incident: Incident, scope: Scope, since: datetime) -> str:
    """How many attempts failed in its time; only of the window where it is older than the windows."""
    is_known = since >= scope.records[0].runs_from
    begin, end = since if is_known else scope.window.since, incident.until or scope.window.until
    lines = [
        line.within(begin, end)
        for record in scope.records
        if record.pair in incident.models
        for line in (record, *record.recent[1:])
    ]
    ours = sum(f.count for line in lines for f in line.failures if f.kind in incident.kinds)
    text = f"{ours:,} of {sum(line.attempts for line in lines):,} attempts failed"
    return text if is_known or incident.until else f"{text} in this window"


def _dated(incident: Incident, its: Sequence[Record]) -> tuple[datetime | None, bool]:
    """When it began, and whether that is only a bound.

    Where it lies at the begin of the single failures that are known, it is as old as the windows in
    a row with at least half of its share of failures.
    """
    since = incident.since
    if since is None or incident.until or not incident.kinds:
        return since, False
    begin = its[0].runs_from
    if begin <= since < begin + limits.ONSET_REACH:
        attempts = sum(record.attempts for record in its)
        share = limits.HALF * sum(record.errors for record in its) / max(attempts, 1)
        return min(since, failing_since(its, share) or since), True
    return since, is_bound(its, since)


def _evidence_of_loss(incident: Incident, scope: Scope, finding: Finding) -> str:
    lost = [record for record in scope.expected if record.pair in incident.models]
    count, words = len(scope.expected), finding.words
    last = newest(record.last_answer for record in scope.expected)
    ended = f"; last success {when(last)}" if last else ""
    if scope.provider is None:
        providers = several(len({record.pair.provider for record in lost}), "provider")
        text = f"Nothing succeeds: 0 of {several(count, 'model')} at {providers}{ended}"
        return f"{text}; most likely {words}"
    if not finding.kind:
        begun = f"since {when(incident.since)}" if incident.since else "in the period read"
        text = f"{several(count, 'model')} not attempted {begun}"
        if incident.shared is OTHER_NAMES:
            names = listed([record.pair.model for record in scope.unlisted])
            return f"{text}; attempted instead, though not in the catalog: {names}"
        return f"{text}, and no stored failure explains it"
    failing = [record for record in lost if record.run and record.run.kind in incident.kinds]
    share = _share(len(failing), count)
    return f"No requests succeed: {words} on {share}{_earlier(incident)}{ended}"


def _share(hit: int, tried: int) -> str:
    return all_of(tried, "model") if hit == tried else f"{hit} of {tried} models"
