"""One cause that hits several models together: at a provider, or in the whole service."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from healthcheck.activity import ModelKey, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Aspect, Category
from healthcheck.diagnosis.causes import KINDS, InternalCause
from healthcheck.diagnosis.failure_run import kinds_of, newest_with_message
from healthcheck.diagnosis.findings import Finding, Severity, quoting
from healthcheck.diagnosis.record import Record, failing_since, is_bound, newest_success
from healthcheck.diagnosis.wording import how_long, several, when
from healthcheck.taxonomy import ErrorKind


class Scope:
    """The published models of a provider, or of all providers (`provider` is None)."""

    def __init__(self, provider: str | None, records: Iterable[Record]) -> None:
        """`records`: of all its models, tried or not."""
        self.provider = provider
        self.records = tuple(records)
        self.tried = tuple(record for record in self.records if record.tried)
        self.expected = tuple(record for record in self.records if record.expected)
        self.providers = Counter(record.pair.provider for record in self.tried)

    @property
    def window(self) -> Window:
        """The window that its records are of."""
        return self.records[0].window

    def enough(self, models: int) -> int:
        """How many of so many models must be hit: nearly all where all providers are meant."""
        if self.provider is None:
            return max(2, ceil(models * limits.SERVICE_SHARE_OF_MODELS))
        return max(2, most_of(models))

    def is_hit(self, providers: int, of: int) -> bool:
        """Whether so many providers are nearly all; one provider is what it is."""
        if self.provider is not None:
            return True
        return providers >= max(2, ceil(of * limits.SERVICE_SHARE_OF_PROVIDERS))


def most_of(models: int) -> int:
    """Half of a provider's models, but all where there are but two."""
    small = models < limits.PROVIDER_MIN_MODELS
    return models if small else ceil(models * limits.PROVIDER_SHARE)


@dataclass(frozen=True, slots=True)
class Incident:
    """Models of a scope that one cause hits together.

    `kinds` is empty where they are not attempted and no failure explains it. `open`: those that are
    still hit. `recurred`: not for the first time in the window. `lost`: nothing succeeds any more;
    `total`: for so long that it is no chance, `last_answer` is the last one before. `shared`: what
    all messages show together and none says.
    """

    kinds: frozenset[ErrorKind]
    models: frozenset[ModelKey]
    open: frozenset[ModelKey]
    since: datetime | None
    until: datetime | None = None
    recurred: bool = False
    lost: bool = False
    total: bool = False
    last_answer: datetime | None = None
    shared: InternalCause | None = None


def incident_finding(incident: Incident, scope: Scope) -> Finding:
    """What is told of it, with the newest message of those that are hit."""
    its = [record for record in scope.tried if record.pair in incident.models]
    still = [record for record in its if record.pair in incident.open]
    in_window = [f for record in scope.tried for f in record.failures if f.kind in incident.kinds]
    runs = [record.run for record in still if record.run]
    failures = in_window or [f for run in runs for f in run.failures if f.kind in incident.kinds]
    failures.sort(key=lambda failure: failure.last)
    kind = kinds_of(failures).most_common(1)[0][0] if failures else None
    added = [record.added_at for record in its]
    needs_requeue = bool(still) and all(record.needs_requeue for record in still)
    since, is_only_bound = _dated(incident, its)
    aspect: Aspect | None = None
    if incident.total:
        aspect = "total_loss" if kind else "not_attempted"
    finding = Finding(
        category=Category.PROVIDER_ISSUE if scope.provider else Category.SERVICE_ISSUE,
        severity=_severity(incident),
        provider=scope.provider,
        kind=kind,
        count=sum(failure.count for failure in in_window),
        attempts=sum(record.attempts for record in scope.records),
        since=since,
        since_is_bound=is_only_bound,
        until=incident.until,
        last_success=newest_success(scope.records),
        evidence="",
        models=tuple(sorted(incident.open if needs_requeue else incident.models)),
        retries_exhausted=any(record.retries_exhausted for record in still),
        needs_requeue=needs_requeue,
        added_at=min((at for at in added if at), default=None) if all(added) else None,
        by_turns=not (incident.lost or incident.until)
        and 2 * sum(r.fails_in_turn(incident.kinds) for r in its) > len(its),
        aspect=aspect,
    )
    finding = quoting(finding, newest_with_message(failures, kind), incident.shared)
    rejected = {quoting(finding, run.newest).rejected_parameter for run in runs}
    evidence = (_evidence_of_loss if incident.total else _evidence)(incident, scope, finding)
    if finding.added_at:
        at = when(finding.added_at)
        evidence = f"{evidence[:-1]}; no success since these models were added, {at}."
    return replace(
        finding,
        evidence=evidence,
        rejected_parameter=finding.rejected_parameter if len(rejected) == 1 else None,
    )


def _severity(incident: Incident) -> Severity:
    if incident.lost:
        return Severity.CRITICAL
    return Severity.INFO if incident.until and not incident.recurred else Severity.WARNING


def _evidence(incident: Incident, scope: Scope, finding: Finding) -> str:
    hit, end = len({pair.provider for pair in incident.models}), scope.window.until
    since, last = finding.since or scope.window.since, finding.last_success
    words = finding.words
    text = f"{words[0].upper()}{words[1:]} on {_share(len(incident.models), len(scope.tried))}"
    if scope.provider is None:
        text += f" at {hit} of {len(scope.providers)} providers at once"
    text += (
        f" from {when(since)} to {when(incident.until)}"
        if incident.until
        else f" since {'at least ' if finding.since_is_bound else ''}{when(since)}"
    )
    if 0 < len(incident.open) < len(incident.models) and not incident.until:
        text += f" ({len(incident.open)} still failing)"
    if incident.recurred:
        text += ", not the first time"
    if incident.lost:
        text += "; no requests succeed"
    elif last and last >= max(since, end - limits.MIN_QUIET) and not incident.until:
        text += "; some attempts still succeed"
    if scope.provider is None and finding.kind:
        text += f": {KINDS[finding.kind].ours}, not {hit} providers"
    return f"{text}."


def _dated(incident: Incident, its: Sequence[Record]) -> tuple[datetime | None, bool]:
    """When it began, and whether that is only a bound.

    Where it lies at the begin of the single failures that are known, and most of its models failed
    before, it is as old as the windows in a row with at least half of its share of failures.
    """
    since = incident.since
    if since is None or incident.until or not incident.kinds:
        return since, False
    begin = its[0].runs_from
    failed_before = sum(record.baseline.errors > 0 for record in its)
    if begin <= since < begin + limits.ONSET_REACH and 2 * failed_before > len(its):
        errors, attempts = (
            sum(getattr(record, name) for record in its) for name in ("errors", "attempts")
        )
        share = limits.HALF * errors / attempts if attempts else 1.0
        return min(since, failing_since(its, share) or since), True
    return since, is_bound(its, since)


def _evidence_of_loss(incident: Incident, scope: Scope, finding: Finding) -> str:
    lost = [record for record in scope.expected if record.pair in incident.models]
    count, last, words = len(scope.expected), incident.last_answer, finding.words
    ended = f" since {when(last)}" if last else ""
    if scope.provider is None:
        providers = several(len({record.pair.provider for record in lost}), "provider")
        text = f"Nothing succeeds{ended}: 0 of {several(count, 'model')} at {providers}"
        return f"{text}; {f'most likely {words}' if finding.kind else 'no failure explains it'}."
    if not finding.kind:
        history = f"in the {how_long(lost[0].history_length)} that were read"
        begun = f"since {when(incident.since)}" if incident.since else history
        text = f"{several(count, 'model')} of {scope.provider}: not attempted {begun}"
        return f"{text}, and no failure explains it."
    failing = [record for record in lost if record.run and record.run.kind in incident.kinds]
    text = f"No requests succeed{ended}: {words} on {_share(len(failing), count)}"
    given_up = sum(record.retries_exhausted for record in lost)
    return f"{text}; {given_up} given up and not retried." if given_up else f"{text}."


def _share(hit: int, tried: int) -> str:
    return f"all {several(tried, 'model')}" if hit == tried else f"{hit} of {tried} models"
