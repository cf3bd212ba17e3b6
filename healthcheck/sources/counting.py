"""The one counter: what documents count as, whether they come one by one or grouped by a server."""

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bson import DatetimeMS

from healthcheck.activity import OTHER, ModelKey, ResultChecks, Stage
from healthcheck.sources import cleaning
from healthcheck.sources.cleaning import ERROR_TIMES, SPEED, SUCCESS_TIMES, Document, When
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import JUDGED_WINDOWS, Span, from_ms, in_range

_OFF_LENGTH = 0.25
"""A result whose output is further off what was requested measured something else."""


@dataclass(order=True, slots=True)
class KeptDocument:
    """What is kept of a document that may be shown; sorts by age, ties by `_id`."""

    at: int
    order: str
    identity: Any = field(compare=False)
    message: Any = field(compare=False)
    """With one character more than is shown where it goes on."""
    http_status: Any = field(compare=False)
    kind: Any = field(compare=False)
    stage: Any = field(compare=False)

    @classmethod
    def of(cls, document: Document, at: int, longest: int) -> "KeptDocument":
        """Keep no more of the message than that."""
        identity, message = document.get("_id"), document.get("message")
        return cls(
            at,
            cleaning.order(identity),
            identity,
            message[: longest + 1] if type(message) is str else None,
            document.get("http_status"),
            document.get("error_kind"),
            document.get("stage"),
        )


class BucketKey(NamedTuple):
    """What the attempts of one bucket share; in the baseline that is the model alone."""

    window: int
    model: ModelKey
    hour: int = 0
    kind: str = ""
    stage: Stage = Stage.OTHER


@dataclass(slots=True)
class Bucket:
    """How many, from when to when, and the newest few failures: a heap, the oldest first."""

    count: int
    first: int
    last: int
    newest: list[KeptDocument] = field(default_factory=list)

    @property
    def totals(self) -> tuple[int, datetime, datetime]:
        """The count and both times."""
        return self.count, from_ms(self.first), from_ms(self.last)


Buckets = dict[BucketKey, Bucket]


@dataclass(slots=True)
class AttemptCounter:
    """Takes the documents of both collections in any order."""

    span: Span
    limits: Limits
    errors: Buckets = field(default_factory=dict)
    successes: Buckets = field(default_factory=dict)
    results: dict[ModelKey, ResultChecks] = field(default_factory=dict)
    speeds: dict[BucketKey, tuple[float, int]] = field(default_factory=dict)
    """Sum and number of the tokens per second, in the windows of the baseline."""
    shifted: Counter[tuple[int, str, int]] = field(default_factory=Counter)
    """Documents by window, provider and hours."""
    malformed: Counter[int] = field(default_factory=Counter)
    """Documents by window."""
    failures: int = 0
    """In both judged windows."""
    undated: int = 0
    folded: int = 0

    def error(self, document: Document) -> None:
        """Count a failure."""
        when = cleaning.when(document, ERROR_TIMES)
        place = self._place(when)
        if place is None:
            return
        at, window, hour = place
        model, is_repaired = cleaning.model(document, self.limits.name_characters)
        if window >= JUDGED_WINDOWS:
            _add(self.errors, BucketKey(window, model), 1, at, at)
            return
        kind, is_junk = cleaning.kind(document.get("error_kind"))
        has_text = type(document.get("message")) is str
        self._note(window, model, when, 1, is_repaired=is_repaired or is_junk or not has_text)
        self.failures += 1
        stage = cleaning.stage(document.get("stage"))
        bucket = _add(self.errors, BucketKey(window, model, hour, kind, stage), 1, at, at)
        kept = KeptDocument.of(document, at, self.limits.characters(self.failures))
        _keep(bucket.newest, kept, self.limits.samples(self.failures))

    def success(self, document: Document, group: Mapping[str, Any] | None = None) -> None:
        """Count a success, or a group: a document with what alike ones have in common.

        Then the group says how many they are (`n`), the `first` and the `last` time, which are
        right, and the sum of the `speeds`; the document holds the highest speed.
        """
        if group:
            when = When(int(group["first"]), None, repaired=False)
        else:
            when = cleaning.when(document, SUCCESS_TIMES)
        place = self._place(when)
        if place is None:
            return
        at, window, hour = place
        number, last = (group["n"], int(group["last"])) if group else (1, at)
        model, is_repaired = cleaning.model(document, self.limits.name_characters)
        if window < JUDGED_WINDOWS:
            self._note(window, model, when, number, is_repaired=is_repaired)
            _add(self.successes, BucketKey(window, model, hour), number, at, last)
            if window == 0:
                known = self.results.get(model, ResultChecks())
                self.results[model] = known + _checks(document, number)
            return
        key = BucketKey(window, model)
        _add(self.successes, key, number, at, last)
        speed = cleaning.number(document.get(SPEED))
        if speed is not None:
            total, measured = self.speeds.get(key, (0.0, 0))
            self.speeds[key] = total + (group["speeds"] if group else speed), measured + number

    def fold(self) -> None:
        """Sum all but the largest models up as (other)."""
        attempts = Counter[ModelKey]()
        for key, bucket in (*self.errors.items(), *self.successes.items()):
            attempts[key.model] += bucket.count
        largest = sorted(attempts, key=lambda model: (-attempts[model], model))
        small = set(largest[self.limits.models :])
        self.folded = len(small)
        self.results = {model: found for model, found in self.results.items() if model not in small}
        for buckets in (self.errors, self.successes):
            for key in [key for key in buckets if key.model in small]:
                one = buckets.pop(key)
                into = _add(buckets, key._replace(model=OTHER), one.count, one.first, one.last)
                for kept in one.newest:
                    _keep(into.newest, kept, self.limits.samples(self.failures))

    def _note(
        self, window: int, model: ModelKey, when: When, number: int, *, is_repaired: bool
    ) -> None:
        """What was wrong with so many documents of a judged window."""
        if is_repaired or when.repaired:
            self.malformed[window] += number
        if when.hours:
            self.shifted[window, model.provider, when.hours] += number

    def _place(self, when: When) -> tuple[int, int, int] | None:
        """The time, its window and its hour there; None outside of all windows."""
        if not takes_part(when, self.span):
            return None
        if when.ms is None:
            self.undated += 1
            return None
        return when.ms, *self.span.place(when.ms)


def takes_part(when: When, span: Span) -> bool:
    """Whether it belongs to one of the windows, or to none for want of any time."""
    if when.stored is not None and when.stored < span.earliest:
        return False  # what the server's range on `_id` leaves out
    return when.ms is None or span.begin <= when.ms < span.until


def _checks(document: Document, number: int) -> ResultChecks:
    """What so many alike results say about themselves."""
    visible, output, requested, speed = (
        cleaning.number(document.get(field)) for field in cleaning.RESULT_FIELDS
    )
    unseen = number if visible == 0 else 0
    if output is None or requested is None or min(output, requested) <= 0:
        return ResultChecks(number, unseen, fastest=speed)
    if abs(output - requested) <= _OFF_LENGTH * requested:
        return ResultChecks(number, unseen, fastest=speed)
    return ResultChecks(number, unseen, number, int(output), int(requested), speed)


def _add(buckets: Buckets, key: BucketKey, number: int, first: int, last: int) -> Bucket:
    """Add to what is counted under the key."""
    bucket = buckets.get(key)
    if bucket is None:
        bucket = buckets[key] = Bucket(number, first, last)
        return bucket
    bucket.count += number
    bucket.last = max(bucket.last, last)
    bucket.first = min(bucket.first, first)
    return bucket


def _keep(newest: list[KeptDocument], one: KeptDocument, number: int) -> None:
    """Add to a bounded heap of the newest; the oldest is its first item."""
    heapq.heappush(newest, one)
    while len(newest) > number:
        heapq.heappop(newest)


@dataclass(slots=True)
class LatestPerModel:
    """The newest few documents of each model before a time.

    Only dates count here, under the model's very names: production's indexes serve exactly that,
    and a text or an `_id` as time would need the whole history to be read.
    """

    times: tuple[str, ...]
    before: int
    number: int
    longest: int
    """So much is kept of each message."""
    found: dict[ModelKey, list[KeptDocument]] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Keep it while it is one of the newest of its model."""
        dates = (document.get(field) for field in self.times)
        valid = (at for at in dates if type(at) is DatetimeMS and in_range(int(at)) is not None)
        at = int(next(valid, self.before))
        provider, model = document.get("provider"), document.get("model_name")
        if at < self.before and type(provider) is str and type(model) is str:
            newest = self.found.setdefault(ModelKey(provider, model), [])
            _keep(newest, KeptDocument.of(document, at, self.longest), self.number)

    def after(self, times: Mapping[ModelKey, int]) -> dict[ModelKey, list[KeptDocument]]:
        """Those of each of these models that are newer than this, the oldest first."""
        return {
            model: kept
            for model, at in sorted(times.items())
            if (kept := sorted(one for one in self.found.get(model, ()) if one.at > at))
        }

    def last(self, model: ModelKey) -> int | None:
        """When the newest of a model was."""
        return max((one.at for one in self.found.get(model, ())), default=None)
