"""Findings about a provider as a whole: one cause that hits at least half of its models."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import median

from healthcheck.activity import Pair, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.episode import Episode, Trouble, episodes, hit_at, troubles
from healthcheck.diagnosis.findings import Category, Finding, Severity
from healthcheck.diagnosis.record import Record, newest_with_message
from healthcheck.diagnosis.statistics import fisher_greater
from healthcheck.diagnosis.wording import in_words, when
from healthcheck.taxonomy import ErrorKind, names_model

AVAILABILITY = frozenset({ErrorKind.TRANSIENT_PROVIDER, ErrorKind.NETWORK, ErrorKind.TIMEOUT})
"""What an outage looks like from outside; which of them a model meets is chance."""

DOES_NOT_HEAL = frozenset({ErrorKind.AUTH, ErrorKind.BILLING})

_KINDS = (
    ErrorKind.AUTH,
    ErrorKind.BILLING,
    ErrorKind.RATE_LIMIT,
    ErrorKind.TRANSIENT_PROVIDER,
    ErrorKind.NETWORK,
    ErrorKind.TIMEOUT,
)


@dataclass(frozen=True, slots=True)
class _Hit:
    """One kind of trouble at one provider. `recurred`: there was an earlier episode of it."""

    kind: ErrorKind
    pairs: frozenset[Pair]
    since: datetime
    widespread: datetime
    until: datetime | None
    recurred: bool = False


def kinds_of_cause(kind: ErrorKind) -> frozenset[ErrorKind]:
    """The kinds that the same cause may show as."""
    return AVAILABILITY if kind in AVAILABILITY else frozenset({kind})


def provider_findings(
    records: Iterable[Record], of_models: Mapping[Pair, Finding], window: Window
) -> list[Finding]:
    """What hits a provider as a whole, given what was found of its models one by one."""
    by_provider: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.attempts and not record.disabled:
            by_provider[record.pair.provider].append(record)
    hits: dict[str, list[_Hit]] = {provider: [] for provider in by_provider}
    for kind in _KINDS:
        for provider, hit in _hits(by_provider, of_models, kind, window).items():
            hits[provider].append(hit)
    findings = []
    for provider, tried in sorted(by_provider.items()):
        address = _wrong_address(tried)
        chosen = [address] if address else _one_a_cause(hits[provider], tried)
        findings += [_finding(provider, tried, hit, window) for hit in chosen]
    return findings


def enough(tried: int) -> int:
    """How many of a provider's models must be hit: half, but all where there are but two."""
    return tried if tried < limits.PROVIDER_MIN_MODELS else ceil(tried * limits.PROVIDER_SHARE)


def lost_everything(
    tried: Sequence[Record], since: datetime, widespread: datetime, kind: ErrorKind, window: Window
) -> bool:
    """Whether nothing succeeds any more at the end of the window, and not just for a moment."""
    if any(record.last_success and record.last_success >= widespread for record in tried):
        return False
    runs = [record.run.count if record.run else 0 for record in tried]
    return (
        kind in DOES_NOT_HEAL or window.until - since >= limits.LOSS_MIN_TIME or median(runs) >= 2  # noqa: PLR2004 - each model has tried again, in vain
    )


def _hits(
    by_provider: Mapping[str, Sequence[Record]],
    of_models: Mapping[Pair, Finding],
    kind: ErrorKind,
    window: Window,
) -> dict[str, _Hit]:
    found = {provider: troubles(tried, {kind}, window) for provider, tried in by_provider.items()}
    hits = {}
    for provider, tried in by_provider.items():
        if len(tried) == 1:
            continue
        hit = _together(provider, by_provider, found, kind, window)
        if hit is None or hit.until is not None:
            scattered = _one_after_the_other(provider, by_provider, of_models, kind)
            hit = scattered if scattered and (hit is None or scattered.until is None) else hit
        if hit:
            hits[provider] = hit
    return hits


def _together(
    provider: str,
    by_provider: Mapping[str, Sequence[Record]],
    found: Mapping[str, Sequence[Trouble]],
    kind: ErrorKind,
    window: Window,
) -> _Hit | None:
    """Models that fail at the same time."""
    here, need = len(by_provider[provider]), enough(len(by_provider[provider]))
    telling = []
    for episode in episodes(found[provider], need, window):
        counts = {other: len(hit_at(found[other], episode.peak)) for other in by_provider}
        if _is_telling(episode, counts[provider], here) and _more_than_elsewhere(
            provider, counts, {other: len(tried) for other, tried in by_provider.items()}
        ):
            telling.append(episode)
    if not telling:
        return None
    last = telling[-1]
    return _Hit(
        kind, last.pairs, last.since, last.widespread, last.until, recurred=len(telling) > 1
    )


def _is_telling(episode: Episode, hit: int, tried: int) -> bool:
    """One failure each is enough only where every model has failed."""
    if hit == tried and tried >= limits.PROVIDER_MIN_MODELS:
        return True
    return episode.count >= 2 * len(episode.pairs)


def _one_after_the_other(
    provider: str,
    by_provider: Mapping[str, Sequence[Record]],
    of_models: Mapping[Pair, Finding],
    kind: ErrorKind,
) -> _Hit | None:
    """Models that fail often enough, though not at the same moments."""
    bad = {
        other: [record for record in tried if _is_bad(record, of_models.get(record.pair), kind)]
        for other, tried in by_provider.items()
    }
    hit = bad[provider]
    counts = {other: len(records) for other, records in bad.items()}
    tried = {other: len(records) for other, records in by_provider.items()}
    if counts[provider] < enough(tried[provider]):
        return None
    if not _more_than_elsewhere(provider, counts, tried):
        return None
    failed = [f for record in hit for f in record.failures if f.kind is kind]
    endings = [of_models[r.pair].until for r in hit if r.pair in of_models]
    lasting = [ending for ending in endings if ending is None]
    ended = [ending for ending in endings if ending is not None]
    until = max(ended) if ended and not lasting else None
    begins = [of_models[r.pair].since for r in hit if r.pair in of_models]
    since = min([f.first for f in failed] + [begin for begin in begins if begin])
    return _Hit(kind, frozenset(record.pair for record in hit), since, since, until)


def _is_bad(record: Record, finding: Finding | None, kind: ErrorKind) -> bool:
    if finding is not None and finding.category in (
        Category.FAILING_MODEL,
        Category.DEGRADED_MODEL,
    ):
        return finding.kind is kind
    failed = record.of(kind)
    return failed >= limits.DEGRADED_MIN_ERRORS and failed >= record.attempts * limits.HALF


def _more_than_elsewhere(provider: str, hit: Mapping[str, int], tried: Mapping[str, int]) -> bool:
    """Compare with the providers that are not hit as a whole; count models, not errors."""
    elsewhere = [
        other for other in tried if other != provider and hit[other] < enough(tried[other])
    ]
    hit_there = sum(hit[other] for other in elsewhere)
    tried_there = sum(tried[other] for other in elsewhere)
    # A small store cannot reach the threshold: there it must happen nowhere else at all.
    return hit_there == 0 or (
        fisher_greater(hit[provider], tried[provider], hit_there, tried_there)
        < limits.PROVIDER_CHANCE
    )


def _one_a_cause(hits: Sequence[_Hit], tried: Sequence[Record]) -> list[_Hit]:
    """Of the kinds that one cause may show as, the one with most failures; lasting ones first."""
    chosen: list[_Hit] = []
    weight = {hit.kind: sum(record.of(hit.kind) for record in tried) for hit in hits}
    for hit in sorted(hits, key=lambda hit: (hit.until is not None, -weight[hit.kind], hit.kind)):
        if not any(hit.kind in kinds_of_cause(other.kind) for other in chosen):
            chosen.append(hit)
    return chosen


def _wrong_address(tried: Sequence[Record]) -> _Hit | None:
    """All models "not found", and no message names one: the address is wrong, not the models."""
    runs = [(record, record.run) for record in tried]
    if len(runs) == 1 or any(
        run is None or not run.is_mostly(ErrorKind.HARD_MODEL) for _, run in runs
    ):
        return None
    for record, run in runs:
        gone = [f for f in (run.failures if run else ()) if f.kind is ErrorKind.HARD_MODEL]
        if any(f.verdict.retired for f in gone) or any(
            f.sample and names_model(f.sample.message, record.pair.model) for f in gone
        ):
            return None
    begins = sorted(run.begin for _, run in runs if run)
    count = sum(run.count for _, run in runs if run)
    if count < 2 * len(runs) and len(runs) < limits.PROVIDER_MIN_MODELS:
        return None
    pairs = frozenset(record.pair for record in tried)
    return _Hit(ErrorKind.HARD_MODEL, pairs, begins[0], begins[-1], None)


def _finding(provider: str, tried: Sequence[Record], hit: _Hit, window: Window) -> Finding:
    total_loss = hit.until is None and lost_everything(
        tried, hit.since, hit.widespread, hit.kind, window
    )
    failures = sorted(
        (f for record in tried for f in record.failures), key=lambda failure: failure.last
    )
    newest = newest_with_message(failures, hit.kind)
    severity = Severity.WARNING
    if total_loss:
        severity = Severity.CRITICAL
    elif hit.until is not None and not hit.recurred:
        severity = Severity.INFO
    successes = [record.last_success for record in tried if record.last_success]
    return Finding(
        category=Category.PROVIDER_ISSUE,
        provider=provider,
        model=None,
        kind=hit.kind,
        severity=severity,
        count=sum(record.of(hit.kind) for record in tried),
        attempts=sum(record.attempts for record in tried),
        since=hit.since,
        until=hit.until,
        last_success=max(successes, default=None),
        message=newest.sample.message if newest and newest.sample else None,
        message_cut=bool(newest and newest.sample and newest.sample.cut),
        evidence=_evidence(len(tried), hit, total_loss=total_loss),
        models=tuple(sorted(hit.pairs)),
    )


def _evidence(tried: int, hit: _Hit, *, total_loss: bool) -> str:
    share = (
        f"all {tried} models" if len(hit.pairs) == tried else f"{len(hit.pairs)} of {tried} models"
    )
    if hit.kind is ErrorKind.HARD_MODEL:
        return (
            f"Not found on {share} since {when(hit.since)}, and no message names a model: "
            "the address is wrong rather than the models gone."
        )
    told = f"{in_words(hit.kind).capitalize()} on {share}"
    again = ", not for the first time" if hit.recurred else ""
    if hit.until is not None:
        return f"{told} from {when(hit.since)} to {when(hit.until)}{again}; over."
    end = "nothing succeeds any more" if total_loss else "some attempts still succeed"
    return f"{told} since {when(hit.since)}{again}; {end}."
