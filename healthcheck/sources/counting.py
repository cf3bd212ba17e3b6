"""Single raw documents into groups: what the aggregation pipelines do on a server."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bson import DatetimeMS, ObjectId

from healthcheck.activity import Pair
from healthcheck.sources import cleaning
from healthcheck.sources.bson_order import object_id_seconds, order
from healthcheck.sources.grouping import (
    JUDGED_WINDOWS,
    AnyKey,
    Count,
    ErrorKey,
    Groups,
    Ref,
    ResultCounts,
    SuccessKey,
    TallyKey,
)
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import HOUR_MS, Span, in_range

Document = Mapping[str, Any]

OFF_LENGTH = 0.25
"""A result whose output is further off what was requested measured something else."""


@dataclass(slots=True)
class Counter:
    """Takes the documents of both collections, in any order."""

    span: Span
    limits: Limits
    groups: Groups = field(init=False)
    _earliest: int = field(init=False)

    def __post_init__(self) -> None:
        self.groups = Groups(self.limits.samples_per_cell)
        margin = round(self.limits.skew.total_seconds() * 1000)
        self._earliest = (self.span.begin - margin) // 1000

    def error(self, document: Document, handle: Any) -> None:
        """Count a failure; `handle` is how it is found again."""
        placed = self._placed(document, cleaning.ERROR_TIMES)
        if placed is None:
            return
        time, window, hour, repaired = placed
        pair, renamed = cleaning.pair(document, self.limits.name_characters)
        if window >= JUDGED_WINDOWS:
            _add(self.groups.past_errors, TallyKey(window, pair), time)
            return
        kind, retyped = cleaning.kind(document.get("error_kind"))
        if repaired or renamed or retyped or type(document.get("message")) is not str:
            self.groups.malformed[window] += 1
        stage = cleaning.stage(document.get("stage"))
        count = _add(self.groups.errors, ErrorKey(window, pair, hour, kind, stage), time)
        keep_newest(count.newest, time, document, handle, self.groups.keep)

    def success(self, document: Document) -> Pair | None:
        """Count a success; whose it was, where it lies in one of the windows."""
        placed = self._placed(document, cleaning.SUCCESS_TIMES)
        if placed is None:
            return None
        time, window, hour, repaired = placed
        pair, renamed = cleaning.pair(document, self.limits.name_characters)
        if window >= JUDGED_WINDOWS:
            _add(self.groups.past_successes, TallyKey(window, pair), time)
            speed = cleaning.number(document.get("tokens_per_second"))
            if speed is not None:
                total, number = self.groups.speeds.get(TallyKey(window, pair), (0, 0))
                key, thousandths = TallyKey(window, pair), round(speed * 1000)
                self.groups.speeds[key] = total + thousandths, number + 1
            return pair
        if repaired or renamed:
            self.groups.malformed[window] += 1
        _add(self.groups.successes, SuccessKey(window, pair, hour), time)
        if window == 0:
            self._check(document, self.groups.results.setdefault(pair, ResultCounts()))
        return pair

    def _check(self, document: Document, checks: ResultCounts) -> None:
        visible, output, requested, speed = (
            cleaning.number(document.get(field)) for field in cleaning.RESULT_FIELDS
        )
        is_off = output and requested and abs(output - requested) > OFF_LENGTH * requested
        checks.add(
            ResultCounts(
                results=1,
                no_visible_tokens=int(visible == 0),
                off_length=int(bool(is_off)),
                off_tokens=int(output) if is_off and output else None,
                requested=int(requested) if is_off and requested else None,
                fastest=speed,
            )
        )

    def takes(self, document: Document) -> bool:
        """Whether a document takes part: the server's range on `_id`, said of one document."""
        identity = document.get("_id")
        return not isinstance(identity, ObjectId) or object_id_seconds(identity) >= self._earliest

    def counts(self, document: Document, fields: tuple[str, ...]) -> bool:
        """Whether it belongs to one of the windows, or to none for want of any time."""
        time, *_ = _time(document, fields)
        is_due = time is None or self.span.begin <= time < self.span.until
        return is_due and self.takes(document)

    def _placed(
        self, document: Document, fields: tuple[str, ...]
    ) -> tuple[int, int, int, bool] | None:
        if not self.takes(document):
            return None
        time, repaired, hours = _time(document, fields)
        if time is None:
            self.groups.undated += 1
            return None
        if not self.span.begin <= time < self.span.until:
            return None
        window, hour = self.span.place(time)
        if hours and window < JUDGED_WINDOWS:
            provider = cleaning.name(document.get("provider"), self.limits.name_characters)
            shifted = self.groups.shifted[window]
            shifted[provider, hours] = shifted.get((provider, hours), 0) + 1
        return time, window, hour, repaired


def _time(document: Document, fields: tuple[str, ...]) -> tuple[int | None, bool, int]:
    """When it was, whether that had to be made out, and by how many hours its clock was wrong."""
    time, repaired = cleaning.when(document, fields)
    hours = 0 if time is None or repaired else cleaning.shift(time, document)
    return None if time is None else time - hours * HOUR_MS, repaired, hours


def counts_at(document: Document) -> int | None:
    """The time with which an old success counts as a last one: see `last_success`."""
    for name in cleaning.SUCCESS_TIMES:
        value = document.get(name)
        if type(value) is DatetimeMS and (time := in_range(int(value))) is not None:
            return time
    return None


def keep_newest(newest: list[Ref], time: int, document: Document, handle: Any, keep: int) -> None:
    """A heap of the newest so many, its oldest first."""
    if len(newest) < keep:
        heapq.heappush(newest, Ref(time, order(document.get("_id")), handle))
    elif time >= newest[0].at:
        heapq.heappushpop(newest, Ref(time, order(document.get("_id")), handle))


def _add(counts: dict[AnyKey, Count], key: AnyKey, time: int) -> Count:
    count = counts.get(key)
    if count is None:
        count = counts[key] = Count(1, time, time)
        return count
    count.count += 1
    if time > count.last:
        count.last = time
    elif time < count.first:
        count.first = time
    return count
