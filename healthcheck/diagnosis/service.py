"""Findings about our own service: the same trouble at nearly all providers, or storing fails."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import ceil

from healthcheck.activity import Pair, Stage, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.episode import Episode, episodes, hit_at, troubles
from healthcheck.diagnosis.findings import Category, Finding, Severity
from healthcheck.diagnosis.provider import AVAILABILITY, enough, lost_everything
from healthcheck.diagnosis.record import Record, kinds_of, newest_with_message
from healthcheck.diagnosis.timeline import Failure, Timeline
from healthcheck.diagnosis.wording import in_words, several, when
from healthcheck.taxonomy import ErrorKind

STORING = "storing"

_CAUSES = (
    AVAILABILITY,
    *(frozenset({kind}) for kind in ErrorKind if kind not in AVAILABILITY),
)


def service_findings(records: Iterable[Record], window: Window) -> list[Finding]:
    """The same at nearly all providers at once: our own network, host or request."""
    tried = [record for record in records if record.attempts and not record.disabled]
    by_provider: dict[str, list[Record]] = defaultdict(list)
    for record in tried:
        by_provider[record.pair.provider].append(record)
    if len(by_provider) == 1:
        return []
    findings = (_same_everywhere(cause, tried, by_provider, window) for cause in _CAUSES)
    return [finding for finding in findings if finding]


def storing_findings(
    lines: Mapping[Pair, Timeline], earlier: Mapping[Pair, Timeline], window: Window
) -> list[Finding]:
    """Results that could not be stored: never a provider's fault, and lost all the same."""
    failures = sorted(
        (f for line in lines.values() for f in line.failures if f.stage is Stage.LOG),
        key=lambda failure: failure.last,
    )
    count = sum(failure.count for failure in failures)
    if count < limits.LOG_MIN_ERRORS:
        return []
    stored = [cell for line in lines.values() for cell in line.successes]
    ended_at = min((c.last for c in stored if c.last > failures[-1].last), default=None)
    quiet = window.until - failures[-1].last >= limits.LOSS_MIN_TIME
    until = ended_at if quiet else None
    lost = not any(cell.last >= failures[0].first for cell in stored) and not any(
        f.stage is not Stage.LOG and f.last >= failures[0].first
        for line in lines.values()
        for f in line.failures
    )
    severity = Severity.INFO if until else Severity.CRITICAL if lost else Severity.WARNING
    newest = newest_with_message(failures)
    hit = sorted(pair for pair, line in lines.items() if _storing(line.failures))
    attempts = sum(line.errors + line.succeeded for line in lines.values())
    before = [f for line in earlier.values() for f in _storing(line.failures)]
    goes_on = before and not any(
        before[-1].last < cell.last < failures[0].first
        for line in (*earlier.values(), *lines.values())
        for cell in line.successes
    )
    since = min(f.first for f in before) if goes_on else failures[0].first
    ending = f" until {when(failures[-1].last)}; over" if until else ""
    return [
        Finding(
            category=Category.SERVICE_ISSUE,
            provider=None,
            model=None,
            kind=kinds_of(failures).most_common(1)[0][0],
            severity=severity,
            count=count,
            attempts=attempts,
            since=since,
            until=until,
            last_success=max((cell.last for cell in stored), default=None),
            message=newest.sample.message if newest and newest.sample else None,
            message_cut=bool(newest and newest.sample and newest.sample.cut),
            evidence=(
                f"{several(count, 'result')} of {several(len(hit), 'model')} could not be stored "
                f"since {when(since)}{ending}: our database or host, no provider."
            ),
            models=tuple(hit),
            aspect=STORING,
        )
    ]


def _storing(failures: Iterable[Failure]) -> list[Failure]:
    return [failure for failure in failures if failure.stage is Stage.LOG]


def _same_everywhere(
    cause: Collection[ErrorKind],
    tried: Sequence[Record],
    by_provider: Mapping[str, Sequence[Record]],
    window: Window,
) -> Finding | None:
    found = troubles(tried, cause, window)
    need = max(2, ceil(len(tried) * limits.SERVICE_SHARE_OF_MODELS))
    telling = []
    for episode in episodes(found, need, window):
        hit = Counter(pair.provider for pair in hit_at(found, episode.peak))
        providers = [p for p, records in by_provider.items() if hit[p] >= enough(len(records))]
        most = max(2, ceil(len(by_provider) * limits.SERVICE_SHARE_OF_PROVIDERS))
        if len(providers) >= most and episode.count >= 2 * min(len(episode.pairs), need):
            telling.append(episode)
    if not telling:
        return None
    return _finding(cause, tried, by_provider, telling[-1], window, recurred=len(telling) > 1)


def _finding(  # noqa: PLR0913 - the parts of one finding
    cause: Collection[ErrorKind],
    tried: Sequence[Record],
    by_provider: Mapping[str, Sequence[Record]],
    episode: Episode,
    window: Window,
    *,
    recurred: bool,
) -> Finding:
    failures = sorted(
        (f for record in tried for f in record.failures if f.kind in cause),
        key=lambda failure: failure.last,
    )
    kind = kinds_of(failures).most_common(1)[0][0]
    newest = newest_with_message(failures, kind)
    total_loss = episode.until is None and lost_everything(
        tried, episode.since, episode.widespread, kind, window
    )
    severity = Severity.CRITICAL if total_loss else Severity.WARNING
    if episode.until is not None and not recurred:
        severity = Severity.INFO
    hit = len({pair.provider for pair in episode.pairs})
    told = (
        f"{in_words(kind).capitalize()} on {len(episode.pairs)} of {len(tried)} models "
        f"at {hit} of {len(by_provider)} providers at once"
    )
    if episode.until:
        told += f" from {when(episode.since)} to {when(episode.until)}; over"
    else:
        told += f" since {when(episode.since)}"
        told += "; nothing succeeds any more" if total_loss else ""
    successes = [record.last_success for record in tried if record.last_success]
    return Finding(
        category=Category.SERVICE_ISSUE,
        provider=None,
        model=None,
        kind=kind,
        severity=severity,
        count=sum(failure.count for failure in failures),
        attempts=sum(record.attempts for record in tried),
        since=episode.since,
        until=episode.until,
        last_success=max(successes, default=None),
        message=newest.sample.message if newest and newest.sample else None,
        message_cut=bool(newest and newest.sample and newest.sample.cut),
        evidence=f"{told}: that is our own network or host rather than {hit} providers.",
        models=tuple(sorted(episode.pairs)),
    )
