"""When nothing succeeds any more: at a provider, or in the whole service."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median_low
from typing import Final

from healthcheck.activity import HOUR, Pair
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.cause import (
    BASE_URL,
    OwnSide,
    cause,
    kinds_of_cause,
    own_side_of,
)
from healthcheck.diagnosis.findings import Category, Finding, Severity, quoted
from healthcheck.diagnosis.record import Record, Stretch, newest_with_message
from healthcheck.diagnosis.timeline import Failure
from healthcheck.diagnosis.wording import how_long, in_words, several, when
from healthcheck.taxonomy import ErrorKind, names_model

_NOT_ATTEMPTED: Final = "not_attempted"


@dataclass(frozen=True, slots=True)
class Loss:
    """Models of which none succeeds any more.

    `stopped`: those that stopped together, or for the common cause; the others had ended before.
    `kind` is what most of them fail with; None where most are not attempted at all.
    """

    expected: tuple[Record, ...]
    stopped: tuple[Record, ...]
    kind: ErrorKind | None
    since: datetime | None
    last_answer: datetime | None

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The models that it accounts for."""
        return tuple(sorted(record.pair for record in self.stopped))


def total_loss(records: Sequence[Record]) -> Loss | None:
    """Whether all of these had no success for so long that it is no chance, from one cause.

    Models that ended one by one over days for causes of their own are no loss of the provider.
    """
    expected = [record for record in records if record.expected]
    if len(expected) < limits.LOSS_MIN_MODELS:
        return None
    until, patience = expected[0].window.until, _patience(expected)
    last = max((r.last_answer for r in expected if r.last_answer), default=None)
    if last is None and not any(_had_time(record, patience) for record in expected):
        return None
    if last is not None and until - last < patience:
        return None
    stopped = _together(expected, last, patience)
    if stopped is None:
        return None
    kind = _most_likely(stopped)
    if kind is None and 2 * sum(record.not_attempted for record in stopped) < len(stopped):
        return None  # they only wait longer for their turn
    if kind is None:
        since = max((r.last_attempt for r in stopped if r.last_attempt), default=None)
    else:
        kinds = kinds_of_cause(kind)
        begins = [r.failing_since or r.run.begin for r in stopped if r.run and r.run.kind in kinds]
        since = max(min(begins), last) if last else min(begins)
    return Loss(tuple(expected), tuple(stopped), kind, since, last)


def loss_finding(loss: Loss, provider: str | None) -> Finding:
    """The finding of a loss at a provider, or of the whole service where `provider` is None."""
    kind, stopped = loss.kind, loss.stopped
    kinds = kinds_of_cause(kind) if kind else frozenset()
    runs = [failure for record in stopped if record.run for failure in record.run.failures]
    failures = sorted((f for f in runs if f.kind in kinds), key=lambda failure: failure.last)
    return Finding(
        category=Category.PROVIDER_ISSUE if provider else Category.SERVICE_ISSUE,
        severity=Severity.CRITICAL,
        provider=provider,
        kind=kind,
        count=sum(record.of(each) for record in stopped for each in kinds),
        attempts=sum(record.attempts for record in loss.expected),
        since=loss.since,
        last_success=max((r.last_success for r in loss.expected if r.last_success), default=None),
        evidence=_evidence(loss, provider),
        models=loss.pairs,
        given_up=any(record.given_up for record in stopped),
        aspect="total_loss" if kind else _NOT_ATTEMPTED,
        **quoted(newest_with_message(failures, kind), _shared(stopped)),
    )


def _shared(stopped: Sequence[Record]) -> OwnSide | None:
    """What no single message states: 404 on all models, and none is named."""
    runs = [(record.pair, record.run) for record in stopped if record.run]
    return BASE_URL if runs and all(names_nothing(pair, run) for pair, run in runs) else None


def names_nothing(pair: Pair, run: Stretch) -> bool:
    """Whether the run is of 404s that name no model: a page of the server, or of another API."""
    gone = [f for f in run.failures if f.kind is ErrorKind.HARD_MODEL or _is_404(f)]
    return bool(gone) and not any(
        f.verdict.retired or (f.sample and names_model(f.sample.message, pair.model)) for f in gone
    )


def _is_404(failure: Failure) -> bool:
    message = failure.sample.message if failure.sample else ""
    return failure.kind is ErrorKind.HARD_CAPABILITY and "404" in message


def _patience(records: Sequence[Record]) -> timedelta:
    usual = median_low(record.interval for record in records)
    return max(limits.LOSS_INTERVALS * usual, limits.MIN_QUIET)


def _had_time(record: Record, patience: timedelta) -> bool:
    enabled = record.enabled_at
    return enabled is None or record.window.until - enabled >= patience


def _together(
    expected: Sequence[Record], last: datetime | None, patience: timedelta
) -> list[Record] | None:
    ended = [record for record in expected if record.last_answer]
    wave = [r for r in ended if last and r.last_answer and last - r.last_answer <= patience]
    never = [record for record in expected if not record.last_answer]
    at_once = len(wave) >= max(2, ceil(len(ended) * limits.LOSS_MIN_SHARE)) if ended else False
    counts = Counter(_cause(record) for record in expected)
    common, count = counts.most_common(1)[0]
    same = count >= limits.LOSS_SAME_CAUSE * len(expected) and common not in _OF_ONE_MODEL
    if not at_once and not same:
        return None
    if at_once:
        causes = {_cause(record) for record in wave}
        return wave + [r for r in expected if r not in wave and _cause(r) in causes and r in never]
    return [record for record in expected if _cause(record) == common]


_OF_ONE_MODEL = {
    ErrorKind.HARD_MODEL.value,
    ErrorKind.HARD_CAPABILITY.value,
    ErrorKind.UNKNOWN.value,
    "token_budget",
    "adapter",
}
"""What a model may have of its own: many with the same are no common cause yet."""


def _cause(record: Record) -> str:
    if record.run is None:
        return _NOT_ATTEMPTED
    newest = record.run.newest
    own = own_side_of(newest.sample, newest.stage)
    return own.cause.id if own else cause(record.run.kind)


def _most_likely(stopped: Sequence[Record]) -> ErrorKind | None:
    """What most fail with, by cause; None where more are not attempted and nothing says why."""
    causes = Counter(_cause(record) for record in stopped)
    best = max(causes, key=lambda name: (causes[name], name != _NOT_ATTEMPTED, name))
    if best == _NOT_ATTEMPTED:
        return None
    kinds = Counter(r.run.kind for r in stopped if r.run and _cause(r) == best)
    return max(kinds, key=lambda kind: (kinds[kind], kind))


def _evidence(loss: Loss, provider: str | None) -> str:
    expected = len(loss.expected)
    if loss.kind is None:
        whose = (
            f"{several(expected, 'model')} of {provider}"
            if provider
            else several(expected, "model")
        )
        reach = how_long(loss.expected[0].reach)
        since = f"since {when(loss.since)}" if loss.since else f"in the {reach} that were read"
        return f"{whose}: not attempted {since}, and no failure says why."
    failing = [r for r in loss.stopped if r.run and r.run.kind in kinds_of_cause(loss.kind)]
    share = (
        f"all {several(expected, 'model')}"
        if len(failing) == expected
        else f"{len(failing)} of {several(expected, 'model')}"
    )
    since = f" since {when(loss.last_answer)}" if loss.last_answer else ""
    newest = max((r.run.newest for r in failing if r.run), key=lambda failure: failure.last)
    own = _shared(loss.stopped) or own_side_of(newest.sample, newest.stage)
    words = own.cause.words if own else in_words(loss.kind)
    is_later = loss.since and loss.last_answer and loss.since - loss.last_answer > HOUR
    begun = f", begun {when(loss.since)}" if loss.since and is_later else ""
    told = f"No requests succeed{since}: {words} on {share}{begun}"
    given_up = sum(record.given_up for record in loss.stopped)
    return f"{told}; {given_up} given up and not tried again." if given_up else f"{told}."
