"""Nothing succeeds any more: at a provider, or in the whole service."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.causes import BASE_URL, NOT_ATTEMPTED, cause, kinds_of_cause
from healthcheck.diagnosis.incident import Incident, Scope
from healthcheck.diagnosis.record import Record, longest_wait, newest
from healthcheck.diagnosis.shared_cause import names_nothing
from healthcheck.taxonomy import ErrorKind

_OF_ONE_MODEL = frozenset(
    {ErrorKind.HARD_MODEL.value, ErrorKind.HARD_CAPABILITY.value, ErrorKind.UNKNOWN.value}
    | {"token_budget", "adapter"}
)
"""What a model may have of its own: many with the same are no common cause yet."""


def total_loss(scope: Scope) -> Incident | None:
    """All models had no success for so long that it is no chance, from one cause.

    Models that ended one by one over days for causes of their own are no loss of the provider.
    Providers of one or two models are lost only where nobody tries them.
    """
    expected = scope.expected
    idle = all(record.not_attempted and record.run is None for record in expected)
    if len(expected) < limits.LOSS_MIN_MODELS and (not idle or not expected):
        return None
    until = scope.window.until
    least = longest_wait(expected, limits.LOSS_INTERVALS)
    last = newest(record.last_answer for record in expected)
    if last and until - last < least:
        return None
    stopped = list(expected) if idle else _stopped(expected, last, least)
    providers = {record.pair.provider for record in scope.records}
    hit = {record.pair.provider for record in stopped}
    if not stopped or not scope.is_hit(len(hit), len(providers)):
        return None
    kinds, share = _most_likely(stopped)
    if not kinds and 2 * sum(record.not_attempted for record in stopped) < len(stopped):
        return None  # they only wait longer for their turn
    runs = [record.run for record in stopped if record.run]
    begins = [record.run.since for record in share if record.run and record.run.kind in kinds]
    since = min(begins) if begins else newest(record.last_attempt for record in stopped)
    shared = BASE_URL if runs and all(map(names_nothing, runs)) else None
    models = frozenset(record.pair for record in stopped)
    return Incident(
        kinds=kinds,
        models=models,
        open=models,
        since=max(since, last) if since and last and kinds else since,
        lost=True,
        total=True,
        last_answer=last,
        shared=shared if kinds else NOT_ATTEMPTED,
    )


def _stopped(expected: Sequence[Record], last: datetime | None, least: timedelta) -> list[Record]:
    """Those that stopped together, or for the common cause; the others had ended before."""
    ended = [record for record in expected if record.last_answer]
    wave = [r for r in ended if last and r.last_answer and last - r.last_answer <= least]
    if len(wave) >= max(2, ceil(len(ended) * limits.LOSS_MIN_SHARE)):
        causes = {_cause(record) for record in wave}
        return wave + [r for r in expected if not r.last_answer and _cause(r) in causes]
    shared = [record for record in expected if _cause(record) not in _OF_ONE_MODEL]
    return shared if len(shared) >= limits.LOSS_SHARED_CAUSES * len(expected) else []


def _cause(record: Record) -> str:
    if record.run is None:
        return NOT_ATTEMPTED.id
    own = record.run.newest.internal_cause
    return own.id if own else cause(record.run.kind)


def _most_likely(stopped: Sequence[Record]) -> tuple[frozenset[ErrorKind], list[Record]]:
    """What most fail with, and who; nothing where more are not attempted and no failure explains it."""
    causes = Counter(map(_cause, stopped))
    unclear = {NOT_ATTEMPTED.id: 2, ErrorKind.UNKNOWN.value: 1}
    best = max(causes, key=lambda name: (causes[name], -unclear.get(name, 0), name))
    its = [record for record in stopped if _cause(record) == best]
    kinds = Counter(record.run.kind for record in its if record.run)
    if not kinds:
        return frozenset(), its
    return kinds_of_cause(max(kinds, key=lambda kind: (kinds[kind], kind))), its
