"""What hits several models of a provider from one cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import median

from healthcheck.activity import Pair, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.causes import DOES_NOT_HEAL
from healthcheck.diagnosis.episode import Episode, Troubles, episodes
from healthcheck.diagnosis.findings import Finding
from healthcheck.diagnosis.record import Record
from healthcheck.diagnosis.statistics import fisher_greater
from healthcheck.taxonomy import ErrorKind

ByProvider = Mapping[str, Sequence[Record]]


@dataclass(frozen=True, slots=True)
class Hit:
    """Trouble at one provider. `pairs`: those that met it; `open`: those that still do.

    `recurred`: there was an earlier episode of it in the window. `total_loss`: nothing of the
    provider succeeds any more.
    """

    kinds: frozenset[ErrorKind]
    pairs: frozenset[Pair]
    open: frozenset[Pair]
    tried: int
    since: datetime
    until: datetime | None
    recurred: bool = False
    total_loss: bool = False


def enough(tried: int) -> int:
    """How many of a provider's models must be hit: half, but all where there are but two."""
    return tried if tried < limits.PROVIDER_MIN_MODELS else ceil(tried * limits.PROVIDER_SHARE)


def together(  # noqa: PLR0913 - what to look at, and where
    provider: str,
    by_provider: ByProvider,
    found: Mapping[str, Troubles],
    kinds: frozenset[ErrorKind],
    window: Window,
    *,
    need_all: bool = False,
) -> Hit | None:
    """Models that fail at the same time; the last episode of those that tell anything."""
    tried = by_provider[provider]
    living = _living(tried, found[provider])
    telling: list[tuple[Episode, list[Record]]] = []
    for episode in episodes(found[provider], max(2, enough(len(living))), window):
        able = [record for record in living if record.pair not in episode.chronic]
        need = _asked_since(able, episode) if need_all else enough(len(able))
        hit = len(episode.at_once if need_all else episode.pairs)
        counts = {other: troubles.hit_at(episode.peak) for other, troubles in found.items()}
        if (
            hit >= max(need, 2)
            and _is_telling(episode, able, kinds)
            and more_than_elsewhere(provider, len(episode.pairs), len(able), counts, by_provider)
        ):
            telling.append((episode, able))
    if not telling:
        return None
    last, able = telling[-1]
    return Hit(
        kinds=kinds,
        pairs=frozenset[Pair]().union(*(episode.pairs for episode, _ in telling)),
        open=last.open,
        tried=len(able),
        since=last.since,
        until=last.until,
        recurred=len(telling) > 1,
        total_loss=lost_everything(tried, able, last, kinds, window),
    )


def scattered(  # noqa: PLR0913, PLR0917 - likewise
    provider: str,
    by_provider: ByProvider,
    bad: Mapping[str, Sequence[Record]],
    found: Mapping[str, Troubles],
    kinds: frozenset[ErrorKind],
    of_models: Mapping[Pair, Finding],
) -> Hit | None:
    """Models that fail often enough, though not at the same moments."""
    hit, tried = bad[provider], by_provider[provider]
    counts = {other: len(records) for other, records in bad.items()}
    if len(hit) < max(2, enough(len(tried))):
        return None
    if not more_than_elsewhere(provider, len(hit), len(tried), counts, by_provider):
        return None
    pairs = frozenset(record.pair for record in hit)
    window = hit[0].window
    begins = [t.begin for t in found[provider].found if t.pair in pairs and t.end > window.since]
    begins += [f.first for record in hit for f in record.failures if f.kind in kinds]
    endings = [of_models[pair].until for pair in pairs if pair in of_models]
    lasting = not endings or None in endings
    return Hit(
        kinds=kinds,
        pairs=pairs,
        open=pairs if lasting else frozenset(),
        tried=len(tried),
        since=min(begins),
        until=None if lasting else max(ending for ending in endings if ending is not None),
    )


def is_bad(record: Record, finding: Finding | None, kinds: frozenset[ErrorKind]) -> bool:
    """Whether a model fails often from that cause: by its own finding, or half the time."""
    if finding is not None and finding.category in (
        Category.FAILING_MODEL,
        Category.DEGRADED_MODEL,
    ):
        return finding.kind in kinds
    failed = sum(record.of(kind) for kind in kinds)
    return failed >= limits.DEGRADED_MIN_ERRORS and failed >= record.attempts * limits.HALF


def more_than_elsewhere(
    provider: str,
    hit: int,
    tried: int,
    counts: Mapping[str, int],
    by_provider: ByProvider,
) -> bool:
    """Compare with the providers that are not hit as a whole; count models, not errors."""
    others = [
        other
        for other, records in by_provider.items()
        if other != provider and counts[other] < enough(len(records))
    ]
    hit_there = sum(counts[other] for other in others)
    # A small store cannot reach the threshold: there all must be hit, or nothing elsewhere.
    if hit_there == 0 or hit == tried:
        return True
    tried_there = sum(len(by_provider[other]) for other in others)
    return fisher_greater(hit, tried, hit_there, tried_there) < limits.PROVIDER_CHANCE


def lost_everything(
    tried: Sequence[Record],
    able: Sequence[Record],
    episode: Episode,
    kinds: frozenset[ErrorKind],
    window: Window,
) -> bool:
    """Whether nothing succeeds any more at the end of the window, and not just for a moment."""
    if episode.until is not None or any(
        record.last_answer and record.last_answer >= episode.widespread for record in tried
    ):
        return False
    lasted = window.until - episode.since
    asked = _asked_since(able, episode)
    if len(episode.pairs) < asked or len(episode.pairs) < enough(len(able)):
        return False
    does_not_heal = kinds <= DOES_NOT_HEAL
    if len(episode.pairs) < len(able) and lasted < limits.ONSET_REACH:
        # Some have not been tried since: they may still be well.
        return does_not_heal and len(episode.pairs) >= len(able) * limits.LOSS_SHARE
    runs = [record.run.count if record.run else 0 for record in able]
    return does_not_heal or lasted >= limits.LOSS_MIN_TIME or median(runs) >= 2  # noqa: PLR2004 - each model has tried again, in vain


def _living(tried: Sequence[Record], found: Troubles) -> list[Record]:
    """Those in trouble, and those that are not dead of something else."""
    in_trouble = {trouble.pair for trouble in found.found}
    return [
        record
        for record in tried
        if record.pair in in_trouble
        or record.run is None
        or record.run.count < limits.FAILING_SURE_RUN
    ]


def _asked_since(able: Sequence[Record], episode: Episode) -> int:
    """How many were tried since it began."""
    attempts = (record.last_attempt for record in able)
    return sum(attempt is not None and attempt >= episode.since for attempt in attempts)


def _is_telling(episode: Episode, able: Sequence[Record], kinds: frozenset[ErrorKind]) -> bool:
    """Bursts of single models meet by chance: more than one failure each, or all models."""
    hit = len(episode.pairs)
    if hit >= limits.PROVIDER_MIN_MODELS:
        return (
            hit >= _asked_since(able, episode) or kinds <= DOES_NOT_HEAL or episode.count >= 2 * hit
        )
    if hit == len(able) or kinds <= DOES_NOT_HEAL:
        return episode.count >= 2 * hit
    return episode.count >= limits.FAILING_MIN_RUN * hit
