"""The one counter: what documents count as, whether they come one by one or grouped by a server."""

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
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
        identity = document.get("_id")
        kind, stage = document.get("error_kind"), document.get("stage")
        kept = cls(at, cleaning.order(identity), identity, None, None, kind, stage)
        kept.read(document, longest)
        return kept

    def read(self, document: Document, longest: int) -> None:
        """Take from the document what is shown of it."""
        message = document.get("message")
        self.message = message[: longest + 1] if type(message) is str else None
        self.http_status = document.get("http_status")


class _Place(NamedTuple):
    """Where documents count, and how many: a single one, or those of a group."""

    window: int
    hour: int
    model: ModelKey
    is_repaired: bool
    number: int
    first: int
    last: int


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

    def error(self, document: Document, group: Mapping[str, Any] | None = None) -> None:
        """Count a failure, or a group with time and `_id` of each of the `newest`."""
        place = self._place(document, ERROR_TIMES, group)
        if place is None:
            return
        window, hour, model, is_repaired, number, first, last = place
        if window >= JUDGED_WINDOWS:
            _add(self.errors, BucketKey(window, model), number, first, last)
            return
        kind, is_junk = cleaning.kind(document.get("error_kind"))
        if is_repaired or is_junk or type(document.get("message")) is not str:
            self.malformed[window] += number
        stage = cleaning.stage(document.get("stage"))
        bucket = _add(self.errors, BucketKey(window, model, hour, kind, stage), number, first, last)
        self.failures += number
        longest, most = self.limits.characters(self.failures), self.limits.samples(self.failures)
        for at, identity in group["newest"] if group else [(first, document.get("_id"))]:
            if len(bucket.newest) < most or int(at) >= bucket.newest[0].at:
                kept = KeptDocument.of({**document, "_id": identity}, int(at), longest)
                _keep(bucket.newest, kept, most)

    def success(self, document: Document, group: Mapping[str, Any] | None = None) -> None:
        """Count a success, or a group with the sum of its `speeds`; the document has the highest."""
        place = self._place(document, SUCCESS_TIMES, group)
        if place is None:
            return
        window, hour, model, is_repaired, number, first, last = place
        if window < JUDGED_WINDOWS:
            self.malformed[window] += number * is_repaired
            _add(self.successes, BucketKey(window, model, hour), number, first, last)
            if window == 0:
                known = self.results.get(model, ResultChecks())
                self.results[model] = known + _checks(document, number)
            return
        key = BucketKey(window, model)
        _add(self.successes, key, number, first, last)
        speed = cleaning.number(document.get(SPEED))
        if speed is not None:
            total, measured = self.speeds.get(key, (0.0, 0))
            self.speeds[key] = total + (group["speeds"] if group else speed), measured + number

    def close(self) -> list[KeptDocument]:
        """Sum all but the largest models up as (other); return the failures that are shown."""
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
        return [kept for window in range(JUDGED_WINDOWS) for kept in self._chosen(window)]

    def _chosen(self, window: int) -> list[KeptDocument]:
        """The newest failures of a window; a model's second of the same kind and stage comes after all firsts."""
        before = Counter[BucketKey]()
        ranked: list[tuple[int, KeptDocument, Bucket]] = []
        for key in sorted(key for key in self.errors if key.window == window):
            bucket, alike = self.errors[key], key._replace(hour=0)
            for kept in sorted(bucket.newest, reverse=True)[: self.limits.samples(self.failures)]:
                ranked.append((-before[alike], kept, bucket))
                before[alike] += 1
            bucket.newest = []
        ranked.sort(key=itemgetter(0, 1), reverse=True)
        chosen = ranked[: self.limits.samples_per_window]
        for _, kept, bucket in chosen:
            bucket.newest.append(kept)
        return [kept for _, kept, _ in chosen]

    def _place(
        self, document: Document, times: tuple[str, ...], group: Mapping[str, Any] | None
    ) -> _Place | None:
        """Where it counts; None outside of all windows. The times of a group are right."""
        if group:
            number, at, last = group["n"], int(group["first"]), int(group["last"])
            when = When(at, None, repaired=False)
        else:
            number, when = 1, cleaning.when(document, times)
            if not takes_part(when, self.span):
                return None
            if when.ms is None:
                self.undated += 1
                return None
            at = last = when.ms
        window, hour = self.span.place(at)
        model, is_repaired = cleaning.model(document, self.limits.name_characters)
        if when.hours and window < JUDGED_WINDOWS:
            self.shifted[window, model.provider, when.hours] += 1
        return _Place(window, hour, model, is_repaired or when.repaired, number, at, last)


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
