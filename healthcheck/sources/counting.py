"""The one counter: what documents count as, whether they come one by one or grouped by a server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bson import DatetimeMS, ObjectId

from healthcheck.sources import cleaning
from healthcheck.sources.grouping import (
    JUDGED_WINDOWS,
    Count,
    ErrorKey,
    Groups,
    Ref,
    ResultCounts,
    SuccessKey,
    TallyKey,
    add,
)
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import HOUR_MS, Span, in_range, object_id_seconds

Document = Mapping[str, Any]

OFF_LENGTH = 0.25
"""A result whose output is further off what was requested measured something else."""


class _Place(NamedTuple):
    window: int
    hour: int
    repaired: bool
    hours: int
    """By how many the clock was wrong."""


@dataclass(slots=True)
class Counter:
    """Takes the documents of both collections, or a server's groups of them, in any order."""

    span: Span
    limits: Limits
    groups: Groups = field(init=False)
    _earliest: int = field(init=False)
    _failures: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.groups = Groups(max(self.limits.failures_read, self.limits.samples_per_cell))
        margin = round(self.limits.skew.total_seconds() * 1000)
        self._earliest = (self.span.begin - margin) // 1000

    def error(self, document: Document, handle: Any) -> None:
        """Count a failure; `handle` is how it is found again."""
        time, place = self._found(document, cleaning.ERROR_TIMES)
        if time is None or place is None:
            return
        count = self._error(document, place, 1, time, time)
        if count is not None and count.takes(time, self.groups.keep):
            ref = Ref(time, cleaning.order(document.get("_id")), handle)
            count.keep(ref, self.groups.keep)

    def errors(self, row: Document) -> None:
        """Count failures that a server has grouped."""
        key = row["_id"]
        at = key["at"]
        if type(at) is dict and "_id" in at:
            self.error(at, at["_id"])
            return
        place, off = self._of_row(at)
        if place is None:
            return
        document = {
            "provider": key["p"],
            "model_name": key["m"],
            "error_kind": key["k"],
            "stage": key["s"],
            "message": "" if key["text"] else None,
        }
        first, last = int(row["first"]) - off, int(row["last"]) - off
        count = self._error(document, place, row["n"], first, last)
        if count is not None:
            for one in row["newest"]:
                ref = Ref(int(one["t"]) - off, cleaning.order(one["i"]), one["i"])
                count.keep(ref, self.groups.keep)

    def success(self, document: Document) -> None:
        """Count a success."""
        time, place = self._found(document, cleaning.SUCCESS_TIMES)
        if time is None or place is None:
            return
        speed = cleaning.number(document.get("tokens_per_second"))
        speeds = (0.0, 0) if speed is None else (speed, 1)
        self._success(document, place, Count(1, time, time), speeds)

    def successes(self, row: Document) -> None:
        """Count successes that a server has grouped."""
        key = row["_id"]
        at = key["at"]
        if type(at) is dict and "_id" in at:
            self.success(at)
            return
        place, off = self._of_row(at)
        if place is None:
            return
        odd = key["odd"] or {}
        document = {
            "provider": key["p"],
            "model_name": key["m"],
            "visible_output_tokens": 0 if odd.get("silent") else None,
            "output_tokens": odd.get("output"),
            "requested_tokens": odd.get("requested"),
            "tokens_per_second": row["fastest"],
        }
        count = Count(row["n"], int(row["first"]) - off, int(row["last"]) - off)
        self._success(document, place, count, (row["speeds"], row["n"]))

    def counts(self, document: Document, fields: tuple[str, ...]) -> bool:
        """Whether it belongs to one of the windows, or to none for want of any time."""
        time, *_ = _time(document, fields)
        is_due = time is None or self.span.begin <= time < self.span.until
        return is_due and self._takes(document)

    def _error(
        self, document: Document, place: _Place, number: int, first: int, last: int
    ) -> Count | None:
        pair, renamed = cleaning.pair(document, self.limits.name_characters)
        window, hour, repaired, hours = place
        if window >= JUDGED_WINDOWS:
            add(self.groups.past_errors, TallyKey(window, pair), number, first, last)
            return None
        kind, retyped = cleaning.kind(document.get("error_kind"))
        if repaired or renamed or retyped or type(document.get("message")) is not str:
            self.groups.malformed[window] += number
        if hours:
            self.groups.shift(window, pair.provider, hours, number)
        stage = cleaning.stage(document.get("stage"))
        self._failures += number
        if self._failures > self.limits.failures_read:
            self.groups.trim(self.limits.samples_per_cell)
        return add(
            self.groups.errors, ErrorKey(window, pair, hour, kind, stage), number, first, last
        )

    def _success(
        self, document: Document, place: _Place, count: Count, speeds: tuple[float, int]
    ) -> None:
        pair, renamed = cleaning.pair(document, self.limits.name_characters)
        window, hour, repaired, hours = place
        number, first, last = count.count, count.first, count.last
        if window >= JUDGED_WINDOWS:
            add(self.groups.past_successes, TallyKey(window, pair), number, first, last)
            if speeds[1]:
                self.groups.add_speeds(TallyKey(window, pair), *speeds)
            return
        if repaired or renamed:
            self.groups.malformed[window] += number
        if hours:
            self.groups.shift(window, pair.provider, hours, number)
        add(self.groups.successes, SuccessKey(window, pair, hour), number, first, last)
        if window == 0:
            found = self.groups.results.setdefault(pair, ResultCounts())
            _check(document, number, found)

    def _found(
        self, document: Document, fields: tuple[str, ...]
    ) -> tuple[int | None, _Place | None]:
        if not self._takes(document):
            return None, None
        time, repaired, hours = _time(document, fields)
        if time is None:
            self.groups.undated += 1
            return None, None
        if not self.span.begin <= time < self.span.until:
            return None, None
        return time, _Place(*self.span.place(time), repaired, hours)

    def _of_row(self, at: Any) -> tuple[_Place | None, int]:
        """Where a group lies, and by how many milliseconds its times are off."""
        hours = at["hours"] if type(at) is dict else 0
        back = at["back"] if type(at) is dict else at
        if back is None or back >= self.span.until - self.span.begin:
            return None, 0
        window, within = divmod(int(back), self.span.length)
        return _Place(window, within // HOUR_MS, repaired=False, hours=hours), hours * HOUR_MS

    def _takes(self, document: Document) -> bool:
        """Whether a document takes part: the server's range on `_id`, said of one document."""
        identity = document.get("_id")
        return not isinstance(identity, ObjectId) or object_id_seconds(identity) >= self._earliest


def counts_at(document: Document) -> int | None:
    """The time with which an old success counts as a last one: see `last_success`."""
    for name in cleaning.SUCCESS_TIMES:
        value = document.get(name)
        if type(value) is DatetimeMS and (time := in_range(int(value))) is not None:
            return time
    return None


def _time(document: Document, fields: tuple[str, ...]) -> tuple[int | None, bool, int]:
    """When it was, whether that had to be made out, and by how many hours its clock was wrong."""
    time, repaired = cleaning.when(document, fields)
    hours = 0 if time is None or repaired else cleaning.shift(time, document)
    return None if time is None else time - hours * HOUR_MS, repaired, hours


def _check(document: Document, number: int, checks: ResultCounts) -> None:
    """What so many alike results say about themselves."""
    visible, output, requested, speed = (
        cleaning.number(document.get(field)) for field in cleaning.RESULT_FIELDS
    )
    checks.results += number
    checks.no_visible_tokens += number if visible == 0 else 0
    checks.faster(speed)
    if output is None or requested is None or min(output, requested) <= 0:
        return
    if abs(output - requested) > OFF_LENGTH * requested:
        checks.off(number, int(output), int(requested))
