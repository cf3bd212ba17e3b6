"""Findings about a provider as a whole: one cause that hits at least half of its models."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from healthcheck.activity import UNKNOWN_NAME, Pair, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.causes import AVAILABILITY, BASE_URL, OwnSide, own_side_of
from healthcheck.diagnosis.episode import Troubles, trouble_of, troubles
from healthcheck.diagnosis.findings import Finding, Severity, quoted
from healthcheck.diagnosis.hit import ByProvider, Hit, is_bad, scattered, together
from healthcheck.diagnosis.loss import Loss, loss_finding, names_nothing, total_loss
from healthcheck.diagnosis.record import Record, kinds_of, newest_with_message
from healthcheck.diagnosis.timeline import Failure
from healthcheck.diagnosis.wording import in_words, several, when
from healthcheck.taxonomy import ErrorKind

_CAUSES = (
    frozenset({ErrorKind.AUTH}),
    frozenset({ErrorKind.BILLING}),
    frozenset({ErrorKind.RATE_LIMIT}),
    AVAILABILITY,
)
_NEED_ALL = (frozenset({ErrorKind.UNKNOWN}), frozenset({ErrorKind.HARD_CAPABILITY}))
"""Kinds that mean a provider only where all of its models show them at once."""
_GONE = frozenset({ErrorKind.HARD_MODEL})


def provider_findings(
    everything: ByProvider, of_models: Mapping[Pair, Finding], window: Window
) -> list[Finding]:
    """What hits a provider as a whole, given what was found of its models one by one."""
    by_provider = {
        provider: tried
        for provider, records in everything.items()
        if provider != UNKNOWN_NAME and (tried := [r for r in records if r.tried])
    }
    hits = [
        (provider, hit)
        for kinds in _CAUSES
        for provider, hit in _hits(by_provider, of_models, kinds, window)
    ]
    for kinds in _NEED_ALL:
        hits += _whole(by_provider, kinds, window)
    hits += _wrong_addresses(by_provider, window)
    losses = {provider: total_loss(records) for provider, records in everything.items()}
    found = [
        _finding(provider, by_provider[provider], hit)
        for provider, hit in sorted(hits, key=lambda item: (item[0], sorted(item[1].kinds)))
    ]
    return [
        finding
        for provider in sorted({*everything, *by_provider})
        for finding in _with_loss(
            provider, losses.get(provider), [f for f in found if f.provider == provider]
        )
    ]


def _with_loss(provider: str, loss: Loss | None, found: Sequence[Finding]) -> list[Finding]:
    """A total loss is one finding; what explains it keeps its beginning."""
    if loss is None:
        return list(found)
    whole = loss_finding(loss, provider)
    same = next((f for f in found if not f.over and f.key == whole.key), None)
    if same:
        models = tuple(sorted({*same.models, *whole.models}))
        whole = replace(whole, since=same.since, models=models)
    return [whole, *(f for f in found if f.over and f.key != whole.key)]


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
                if names_nothing(record.pair, stretch)
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


def _finding(provider: str, tried: Sequence[Record], hit: Hit) -> Finding:
    failures = sorted(
        (f for record in tried for f in record.failures if f.kind in hit.kinds),
        key=lambda failure: failure.last,
    )
    open_runs = [r.run for r in tried if r.run and r.pair in hit.open]
    told = failures or sorted(
        (f for run in open_runs for f in run.failures if f.kind in hit.kinds),
        key=lambda failure: failure.last,
    )
    kind = kinds_of(told).most_common(1)[0][0]
    until = hit.until if _is_back_to_usual(hit, tried) else None
    severity = Severity.WARNING
    if hit.total_loss:
        severity = Severity.CRITICAL
    elif until is not None and not hit.recurred:
        severity = Severity.INFO
    last_success = max((r.last_success for r in tried if r.last_success), default=None)
    newest = newest_with_message(told, kind)
    shared = BASE_URL if kind is ErrorKind.HARD_MODEL else None  # the only way to get here
    return Finding(
        category=Category.PROVIDER_ISSUE,
        provider=provider,
        kind=kind,
        severity=severity,
        count=sum(failure.count for failure in failures),
        attempts=sum(record.attempts for record in tried),
        since=hit.since,
        until=until,
        last_success=last_success,
        evidence=_evidence(
            hit,
            _words(kind, newest, shared),
            len(tried),
            until,
            succeeds=bool(last_success and last_success >= hit.since),
        ),
        models=tuple(sorted(hit.pairs)),
        given_up=any(r.given_up for r in tried if r.pair in hit.open),
        **quoted(newest, shared),
    )


def _is_back_to_usual(hit: Hit, tried: Sequence[Record]) -> bool:
    """Whether, after the end of an episode, its models fail no more often than they usually do."""
    if hit.until is None:
        return False
    its = [record for record in tried if record.pair in hit.pairs]
    failed = sum(
        f.count for r in its for f in r.failures if f.last > hit.until and f.kind in hit.kinds
    )
    well = sum(cell.count for r in its for cell in r.successes if cell.first >= hit.until)
    if failed < limits.DEGRADED_MIN_ERRORS:
        return True
    before = sum(r.baseline.tried for r in its)
    usual = sum(r.baseline.failed for r in its) / before if before else 0.0
    return failed / (failed + well) < usual + limits.DEGRADED_MIN_INCREASE


def _words(kind: ErrorKind, newest: Failure | None, shared: OwnSide | None) -> str:
    own = shared or (own_side_of(newest.sample, newest.stage) if newest else None)
    return own.words if own else in_words(kind)


def _evidence(hit: Hit, words: str, tried: int, until: datetime | None, *, succeeds: bool) -> str:
    told = f"{words[0].upper()}{words[1:]} on {_share(len(hit.pairs), tried)}"
    again = ", not for the first time" if hit.recurred else ""
    if until is not None:
        return f"{told} from {when(hit.since)} to {when(until)}{again}."
    still = f" ({len(hit.open)} still failing)" if 0 < len(hit.open) < len(hit.pairs) else ""
    end = ""
    if hit.total_loss:
        end = "; no requests succeed"
    elif succeeds:
        end = "; some attempts still succeed"
    return f"{told} since {when(hit.since)}{still}{again}{end}."


def _share(hit: int, tried: int) -> str:
    return f"all {several(tried, 'model')}" if hit == tried else f"{hit} of {tried} models"
