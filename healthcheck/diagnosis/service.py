"""Findings about our own service: the same trouble at nearly all providers at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil

from healthcheck.activity import UNKNOWN_NAME, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.causes import AVAILABILITY
from healthcheck.diagnosis.episode import Episode, Troubles, episodes, troubles
from healthcheck.diagnosis.findings import Finding, Severity, quoted
from healthcheck.diagnosis.hit import enough, lost_everything
from healthcheck.diagnosis.loss import loss_finding, total_loss
from healthcheck.diagnosis.record import Record, kinds_of, newest_with_message
from healthcheck.diagnosis.wording import in_words, when
from healthcheck.taxonomy import ErrorKind

# Models that are gone are gone one by one, also at several providers.
_CAUSES = (
    AVAILABILITY,
    *(frozenset({kind}) for kind in ErrorKind if kind not in {*AVAILABILITY, ErrorKind.HARD_MODEL}),
)

_OUR_OWN = {
    ErrorKind.AUTH: "our own credentials",
    ErrorKind.BILLING: "our own payment",
    ErrorKind.RATE_LIMIT: "our own pace",
    ErrorKind.HARD_CAPABILITY: "our own request",
    ErrorKind.UNKNOWN: "our own code",
}


def service_findings(everything: Mapping[str, Sequence[Record]], window: Window) -> list[Finding]:
    """The same at nearly all providers at once: our own network, host, request or credentials."""
    by_provider = {
        provider: tried
        for provider, records in everything.items()
        if provider != UNKNOWN_NAME and (tried := [r for r in records if r.tried])
    }
    found = [
        finding
        for kinds in _CAUSES
        if len(by_provider) > 1 and (finding := _same_everywhere(kinds, by_provider, window))
    ]
    every = [record for records in everything.values() for record in records]
    loss = total_loss(every) if len(everything) > 1 else None
    if loss is None:
        return found
    whole = loss_finding(loss, None)
    providers = len({pair.provider for pair in whole.models})
    if providers < max(2, limits.SERVICE_SHARE_OF_PROVIDERS * len(everything)):
        return found  # the others had ended before
    words = whole.own_side.words if whole.own_side else whole.kind and in_words(whole.kind)
    since = f" since {when(loss.last_answer)}" if loss.last_answer else ""
    most_likely = f"most likely {words}" if words else "no failure says why"
    whole = replace(
        whole,
        evidence=(
            f"Nothing succeeds{since}: 0 of {whole.attempts:,} attempts in the window, "
            f"0 of {len(loss.expected)} models at {providers} providers; {most_likely}."
            if not any(record.succeeded for record in every)
            else f"Nothing succeeds{since}, at none of {providers} providers; {most_likely}."
        ),
    )
    same = next((f for f in found if not f.over and f.key == whole.key), None)
    if same:
        whole = replace(whole, since=same.since)
    return [whole, *(f for f in found if f.over and f.key != whole.key)]


def _same_everywhere(
    kinds: frozenset[ErrorKind], by_provider: Mapping[str, Sequence[Record]], window: Window
) -> Finding | None:
    tried = [record for records in by_provider.values() for record in records]
    found = troubles(tried, kinds, window)
    need = max(2, ceil(len(tried) * limits.SERVICE_SHARE_OF_MODELS))
    most = max(2, ceil(len(by_provider) * limits.SERVICE_SHARE_OF_PROVIDERS))
    telling = [
        episode
        for episode in episodes(found, need, window)
        if len(episode.pairs) >= need and len(_hit_providers(episode, found, by_provider)) >= most
    ]
    if not telling:
        return None
    return _finding(kinds, by_provider, telling[-1], window, recurred=len(telling) > 1)


def _hit_providers(
    episode: Episode, found: Troubles, by_provider: Mapping[str, Sequence[Record]]
) -> list[str]:
    """Those of which enough models are hit, and not by a single stray failure."""
    models: Counter[str] = Counter(pair.provider for pair in episode.pairs)
    failures: Counter[str] = Counter()
    for trouble in found.found:
        if trouble.pair in episode.pairs and trouble.begin >= episode.since:
            failures[trouble.pair.provider] += trouble.count
    return [
        provider
        for provider, records in by_provider.items()
        if models[provider] >= enough(len(records)) and failures[provider] >= 2  # noqa: PLR2004 - one is chance
    ]


def _finding(
    kinds: frozenset[ErrorKind],
    by_provider: Mapping[str, Sequence[Record]],
    episode: Episode,
    window: Window,
    *,
    recurred: bool,
) -> Finding:
    tried = [record for records in by_provider.values() for record in records]
    failures = sorted(
        (f for record in tried for f in record.failures if f.kind in kinds),
        key=lambda failure: failure.last,
    )
    told = failures or [f for r in tried if r.run for f in r.run.failures if f.kind in kinds]
    kind = kinds_of(told).most_common(1)[0][0]
    lost = lost_everything(tried, tried, episode, kinds, window)
    severity = Severity.CRITICAL if lost else Severity.WARNING
    if episode.until is not None and not recurred:
        severity = Severity.INFO
    successes = [record.last_success for record in tried if record.last_success]
    return Finding(
        category=Category.SERVICE_ISSUE,
        kind=kind,
        severity=severity,
        count=sum(failure.count for failure in failures),
        attempts=sum(record.attempts for record in tried),
        since=episode.since,
        until=episode.until,
        last_success=max(successes, default=None),
        evidence=_evidence(kind, episode, by_provider, lost=lost),
        models=tuple(sorted(episode.pairs)),
        given_up=any(record.given_up for record in tried if record.pair in episode.open),
        **quoted(newest_with_message(told, kind)),
    )


def _evidence(
    kind: ErrorKind,
    episode: Episode,
    by_provider: Mapping[str, Sequence[Record]],
    *,
    lost: bool,
) -> str:
    tried = sum(map(len, by_provider.values()))
    hit = len({pair.provider for pair in episode.pairs})
    told = (
        f"{in_words(kind).capitalize()} on {len(episode.pairs)} of {tried} models "
        f"at {hit} of {len(by_provider)} providers at once"
    )
    if episode.until:
        told += f" from {when(episode.since)} to {when(episode.until)}"
    else:
        told += f" since {when(episode.since)}"
        told += "; no requests succeed" if lost else ""
    ours = _OUR_OWN.get(kind, "our own network or host")
    return f"{told}: {ours}, not {hit} providers."
