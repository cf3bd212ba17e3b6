"""Findings about the whole service, or a small provider, of which no data comes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median_low

from healthcheck.activity import Activity, ErrorCell, SuccessCell, WindowActivity
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.findings import Finding, Severity
from healthcheck.diagnosis.loss import Loss, loss_finding
from healthcheck.diagnosis.record import Record
from healthcheck.diagnosis.wording import how_long, when


def silent_service(
    activity: Activity, windows: Iterable[WindowActivity], records: Iterable[Record]
) -> Finding | None:
    """No document of any model, published or not, at the end of the newest of the windows."""
    windows = list(windows)
    judged = windows[-1].window
    known = [cell.last for cell in _cells(windows)]
    known += [
        moment
        for tallies in activity.baseline.values()
        for tally in tallies
        for moment in (tally.last_error, tally.last_success)
        if moment
    ]
    known += [at for at in (activity.last_success or {}).values() if at < judged.until]
    last = max(known, default=None)
    records = list(records)
    if last and judged.until - last < _patience(records):
        return None
    told = (
        f"No data received since {when(last)}, for {how_long(judged.until - last)}"
        if last
        else "No data received in all the time that was read"
    )
    return Finding(
        category=Category.SILENT_SERVICE,
        severity=Severity.CRITICAL,
        attempts=sum(record.attempts for record in records),
        since=last,
        last_success=max((r.last_success for r in records if r.last_success), default=None),
        evidence=f"{told}: the scheduler, the host or its database connection is down.",
    )


def gaps(windows: Sequence[WindowActivity], grouped: Mapping[str, list[Record]]) -> list[Finding]:
    """Spans of the window without data that have ended: of the whole service, else of providers."""
    every = [record for records in grouped.values() for record in records]
    whole = _last_gap(_cells(windows), windows[-1].window.since, _patience(every))
    if whole:
        begin, end = whole
        return [
            Finding(
                category=Category.SILENT_SERVICE,
                severity=Severity.INFO,
                attempts=sum(record.attempts for record in every),
                since=begin,
                until=end,
                last_success=max((r.last_success for r in every if r.last_success), default=None),
                evidence=f"No data received from {when(begin)} to {when(end)}, for "
                f"{how_long(end - begin)}.",
            )
        ]
    found = []
    for provider, records in sorted(grouped.items()):
        cells = _cells(windows, provider)
        patience = max(limits.LOSS_INTERVALS * _usual(records), limits.MIN_QUIET)
        gap = _last_gap(cells, windows[-1].window.since, patience)
        if gap and _is_of_ours(records, gap[0]):
            found.append(_gap_of_provider(provider, records, *gap))
    return found


def _is_of_ours(records: Sequence[Record], begin: datetime) -> bool:
    """Whether nobody tried although nothing had failed: after failures the queue itself waits."""
    expected = [record for record in records if record.expected]
    failing = sum(
        any(
            stretch.begin <= begin and (stretch.end is None or stretch.end > begin)
            for stretch in r.stretches
        )
        for r in expected
    )
    return len(expected) >= limits.LOSS_MIN_MODELS and 2 * failing < len(expected)


def _gap_of_provider(
    provider: str, records: Sequence[Record], begin: datetime, end: datetime
) -> Finding:
    return Finding(
        category=Category.PROVIDER_ISSUE,
        severity=Severity.INFO,
        provider=provider,
        attempts=sum(record.attempts for record in records),
        since=begin,
        until=end,
        last_success=max((r.last_success for r in records if r.last_success), default=None),
        evidence=f"Not attempted from {when(begin)} to {when(end)}, for {how_long(end - begin)}.",
        models=tuple(record.pair for record in records if record.expected),
        aspect="not_attempted",
    )


def _last_gap(
    cells: Iterable[ErrorCell | SuccessCell], since: datetime, patience: timedelta
) -> tuple[datetime, datetime] | None:
    spans = sorted((cell.first, cell.last) for cell in cells)
    gap, reached = None, spans[0][1] if spans else None
    for first, last in spans:
        if reached and first - reached >= patience and first >= since:
            gap = (reached, first)
        reached = max(last, reached) if reached else last
    return gap


def silent_providers(by_provider: Mapping[str, list[Record]]) -> list[Finding]:
    """Providers too small for a total loss, of which no model is attempted."""
    found = []
    for provider, records in sorted(by_provider.items()):
        expected = [record for record in records if record.expected]
        is_small = 0 < len(expected) < limits.LOSS_MIN_MODELS
        if is_small and all(r.not_attempted and r.run is None for r in expected):
            last = max((r.last_attempt for r in expected if r.last_attempt), default=None)
            loss = Loss(tuple(expected), tuple(expected), None, last, None)
            found.append(loss_finding(loss, provider))
    return found


def by_provider(records: Iterable[Record]) -> dict[str, list[Record]]:
    """The records of each provider."""
    grouped: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        grouped[record.pair.provider].append(record)
    return grouped


def _cells(
    windows: Iterable[WindowActivity], provider: str | None = None
) -> Iterator[ErrorCell | SuccessCell]:
    for window in windows:
        for pair, done in window.pairs.items():
            if provider in (None, pair.provider):
                yield from done.errors
                yield from done.successes


def _patience(records: Iterable[Record]) -> timedelta:
    """Twice the usual interval of a model: of hundreds, none had its turn for so long."""
    return max(limits.GIVEN_UP_INTERVALS * _usual(records), limits.MIN_QUIET)


def _usual(records: Iterable[Record]) -> timedelta:
    intervals = [record.interval for record in records if record.interval]
    return median_low(intervals) if intervals else timedelta()
