"""Findings about a provider as a whole: one cause that hits at least half of its models."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from healthcheck.activity import UNKNOWN_NAME, Pair, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.cause import AVAILABILITY
from healthcheck.diagnosis.episode import Troubles, trouble_of, troubles
from healthcheck.diagnosis.findings import Category, Finding, Severity
from healthcheck.diagnosis.hit import ByProvider, Hit, is_bad, scattered, together
from healthcheck.diagnosis.record import Record, Stretch, kinds_of, newest_with_message
from healthcheck.diagnosis.wording import in_words, several, when
from healthcheck.taxonomy import ErrorKind, names_model

_CAUSES = (
    frozenset({ErrorKind.AUTH}),
    frozenset({ErrorKind.BILLING}),
    frozenset({ErrorKind.RATE_LIMIT}),
    AVAILABILITY,
)
_UNKNOWN = frozenset({ErrorKind.UNKNOWN})
_GONE = frozenset({ErrorKind.HARD_MODEL})


def provider_findings(
    records: Iterable[Record], of_models: Mapping[Pair, Finding], window: Window
) -> list[Finding]:
    """What hits a provider as a whole, given what was found of its models one by one."""
    by_provider: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.attempts and not record.disabled and record.pair.provider != UNKNOWN_NAME:
            by_provider[record.pair.provider].append(record)
    hits = [
        (provider, hit)
        for kinds in _CAUSES
        for provider, hit in _hits(by_provider, of_models, kinds, window)
    ]
    hits += _whole(by_provider, _UNKNOWN, window)
    hits += _wrong_addresses(by_provider, window)
    return [
        _finding(provider, by_provider[provider], hit)
        for provider, hit in sorted(hits, key=lambda item: (item[0], sorted(item[1].kinds)))
    ]


def _hits(
    by_provider: ByProvider,
    of_models: Mapping[Pair, Finding],
    kinds: frozenset[ErrorKind],
    window: Window,
) -> list[tuple[str, Hit]]:
    found = {provider: troubles(tried, kinds, window) for provider, tried in by_provider.items()}
    bad = {
        provider: [r for r in tried if is_bad(r, of_models.get(r.pair), kinds)]
        for provider, tried in by_provider.items()
    }
    hits = []
    for provider, tried in by_provider.items():
        if len(tried) == 1:
            continue
        hit = together(provider, by_provider, found, kinds, window)
        if hit is None or hit.until is not None:
            often = scattered(provider, by_provider, bad, found, kinds, of_models)
            if often and (hit is None or _goes_on(hit, often, tried)):
                hit = often
        if hit:
            hits.append((provider, hit))
    return hits


def _goes_on(over: Hit, often: Hit, tried: Sequence[Record]) -> bool:
    """Whether models fail after an episode that is over, or as much beside it, as a whole."""
    if often.until is not None or over.until is None:
        return False
    ours = [
        (record.pair, failure)
        for record in tried
        for failure in record.failures
        if failure.kind in over.kinds
    ]
    after: dict[Pair, int] = defaultdict(int)
    for pair, failure in ours:
        if failure.last > over.until:
            after[pair] += failure.count
    again = [pair for pair, count in after.items() if count >= limits.DEGRADED_MIN_ERRORS]
    within = sum(f.count for _, f in ours if over.since <= f.last <= over.until)
    return 2 * len(again) >= len(over.pairs) or sum(f.count for _, f in ours) >= 3 * within


def _whole(
    by_provider: ByProvider, kinds: frozenset[ErrorKind], window: Window
) -> list[tuple[str, Hit]]:
    """Kinds that mean a provider only where all of its models show them."""
    found = {provider: troubles(tried, kinds, window) for provider, tried in by_provider.items()}
    hits = (
        (provider, together(provider, by_provider, found, kinds, window, need_all=True))
        for provider, tried in by_provider.items()
        if len(tried) > 1
    )
    return [(provider, hit) for provider, hit in hits if hit]


def _wrong_addresses(by_provider: ByProvider, window: Window) -> list[tuple[str, Hit]]:
    """All models "not found" at once, and no message names one: the address is wrong."""
    found = {
        provider: Troubles(
            [
                trouble
                for record in tried
                for stretch in record.stretches
                if _names_nothing(record.pair, stretch)
                and (trouble := trouble_of(record, stretch, _GONE, window))
            ]
        )
        for provider, tried in by_provider.items()
    }
    hits = (
        (provider, together(provider, by_provider, found, _GONE, window, need_all=True))
        for provider, tried in by_provider.items()
        if len(tried) > 1
    )
    return [(provider, hit) for provider, hit in hits if hit]


def _names_nothing(pair: Pair, stretch: Stretch) -> bool:
    gone = [f for f in stretch.failures if f.kind is ErrorKind.HARD_MODEL]
    return bool(gone) and not any(
        f.verdict.retired or (f.sample and names_model(f.sample.message, pair.model)) for f in gone
    )


def _finding(provider: str, tried: Sequence[Record], hit: Hit) -> Finding:
    failures = sorted(
        (f for record in tried for f in record.failures if f.kind in hit.kinds),
        key=lambda failure: failure.last,
    )
    kind = kinds_of(failures).most_common(1)[0][0]
    newest = newest_with_message(failures, kind)
    severity = Severity.WARNING
    if hit.total_loss:
        severity = Severity.CRITICAL
    elif hit.until is not None and not hit.recurred:
        severity = Severity.INFO
    successes = [record.last_success for record in tried if record.last_success]
    last_success = max(successes, default=None)
    return Finding(
        category=Category.PROVIDER_ISSUE,
        provider=provider,
        model=None,
        kind=kind,
        severity=severity,
        count=sum(failure.count for failure in failures),
        attempts=sum(record.attempts for record in tried),
        since=hit.since,
        until=hit.until,
        last_success=last_success,
        message=newest.sample.message if newest and newest.sample else None,
        message_cut=bool(newest and newest.sample and newest.sample.cut),
        evidence=_evidence(
            hit, kind, len(tried), succeeds=bool(last_success and last_success >= hit.since)
        ),
        models=tuple(sorted(hit.pairs)),
    )


def _evidence(hit: Hit, kind: ErrorKind, tried: int, *, succeeds: bool) -> str:
    share = _share(len(hit.pairs), tried)
    told = f"{in_words(kind).capitalize()} on {share}"
    if kind is ErrorKind.HARD_MODEL:
        told = f"Not found on {share}, and no message names a model: the address is wrong"
    again = ", not for the first time" if hit.recurred else ""
    if hit.until is not None:
        return f"{told} from {when(hit.since)} to {when(hit.until)}{again}; over."
    still = f", {len(hit.open)} of them still" if 0 < len(hit.open) < len(hit.pairs) else ""
    if hit.total_loss:
        end = "; nothing succeeds any more"
    else:
        end = "; some attempts still succeed" if succeeds else ""
    return f"{told} since {when(hit.since)}{still}{again}{end}."


def _share(hit: int, tried: int) -> str:
    return f"all {several(tried, 'model')}" if hit == tried else f"{hit} of {tried} models"
