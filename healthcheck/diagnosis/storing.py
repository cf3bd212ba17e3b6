"""Findings about results that could not be stored: never a provider's fault, and lost all the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from healthcheck.activity import Pair, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.findings import Finding, Severity, quoted
from healthcheck.diagnosis.record import kinds_of, newest_with_message
from healthcheck.diagnosis.timeline import Failure, Timeline, success_moments
from healthcheck.diagnosis.wording import several, when

Lines = Mapping[Pair, Timeline]


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Failures to store that lie close together."""

    failures: tuple[tuple[Pair, Failure], ...]

    @property
    def begin(self) -> datetime:
        return min(failure.first for _, failure in self.failures)

    @property
    def end(self) -> datetime:
        return self.failures[-1][1].last

    @property
    def count(self) -> int:
        return sum(failure.count for _, failure in self.failures)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(sorted({pair for pair, _ in self.failures}))


def storing_findings(lines: Lines, earlier: Lines, window: Window) -> list[Finding]:
    """The last time in which results were lost, if any; one that began before counts as a whole."""
    stored_of: dict[Pair, list[datetime]] = defaultdict(list)
    for part in (earlier, lines):
        for pair, line in part.items():
            stored_of[pair] += success_moments(line.successes)
    stored = sorted(moment for moments in stored_of.values() for moment in moments)
    telling = [
        cluster
        for cluster in _clusters(earlier, lines)
        if cluster.end >= window.since and _is_telling(cluster, stored_of)
    ]
    if not telling:
        return []
    last = telling[-1]
    after = sorted(m for pair in last.pairs for m in stored_of[pair] if m > last.end)
    over = len(after) >= limits.RECOVERED_MIN_SUCCESSES
    until = after[0] if over else None
    severity = Severity.WARNING
    ours = [m for pair in last.pairs for m in stored_of[pair] if m >= last.begin]
    lasted = window.until - last.begin
    of_many = len(last.pairs) >= limits.LOSS_MIN_MODELS and lasted >= limits.LOSS_MIN_TIME
    if not over and not ours and (of_many or not any(m >= last.begin for m in stored)):
        severity = Severity.CRITICAL
    elif over and len(telling) == 1:
        severity = Severity.INFO
    failures = [failure for _, failure in last.failures]
    newest = newest_with_message(failures)
    return [
        Finding(
            category=Category.SERVICE_ISSUE,
            kind=kinds_of(failures).most_common(1)[0][0],
            severity=severity,
            count=sum(
                f.count for line in lines.values() for f in line.failures if f.stage.is_saving
            ),
            attempts=sum(line.errors + line.succeeded for line in lines.values()),
            since=last.begin,
            until=until,
            last_success=stored[-1] if stored else None,
            evidence=_evidence(last, until),
            models=last.pairs,
            aspect="saving",
            **quoted(newest),
        )
    ]


def _clusters(earlier: Lines, lines: Lines) -> list[_Cluster]:
    """Failures with no more than the longest interval of a pair between them."""
    failures = sorted(
        (
            (pair, failure)
            for part in (earlier, lines)
            for pair, line in part.items()
            for failure in line.failures
            if failure.stage.is_saving
        ),
        key=lambda item: (item[1].last, item[0]),
    )
    clusters: list[list[tuple[Pair, Failure]]] = []
    for item in failures:
        if clusters and item[1].first - clusters[-1][-1][1].last <= limits.ONSET_REACH:
            clusters[-1].append(item)
        else:
            clusters.append([item])
    return [_Cluster(tuple(cluster)) for cluster in clusters]


def _is_telling(cluster: _Cluster, stored_of: Mapping[Pair, Sequence[datetime]]) -> bool:
    """Not a few among many: at least half of what its models had to store at the time."""
    if cluster.count < limits.STORING_MIN_ERRORS:
        return False
    beside = sum(
        cluster.begin <= moment <= cluster.end
        for pair in cluster.pairs
        for moment in stored_of.get(pair, ())
    )
    return cluster.count >= beside


def _evidence(cluster: _Cluster, until: datetime | None) -> str:
    results, models = several(cluster.count, "result"), several(len(cluster.pairs), "model")
    span = (
        f"from {when(cluster.begin)} to {when(until)}" if until else f"since {when(cluster.begin)}"
    )
    if len(cluster.pairs) == 1:
        whose = " ".join(cluster.pairs[0])
        return f"{results} of {whose} alone could not be saved {span}: our code or database."
    providers = {pair.provider for pair in cluster.pairs}
    only = f", all {' '.join(providers)}," if len(providers) == 1 else ""
    return f"{results} of {models}{only} could not be saved {span} (our side, not a provider)."
