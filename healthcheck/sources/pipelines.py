"""What the server is asked: which documents take part, and both collections grouped by what they hold.

The server knows nothing of what counts how. It groups by raw values, and only where a date lies
within the windows and close to its `_id`. Any other document comes as it is, and `counting` judges
both. A pipeline begins with a `$match` on `_id`, so that its cost grows with the windows, and groups
by plain fields, so that shards do their part of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bson import DatetimeMS, Int64, ObjectId

from healthcheck.sources import cleaning
from healthcheck.sources.cleaning import LARGEST, SPEED
from healthcheck.sources.times import HOUR_MS, Span, object_id_of

Pipeline = list[dict[str, Any]]

_FIRST = ObjectId(b"\0" * 12)
_LATE = object_id_of(2**31 * 1000)
"""From 2038 on the server takes the seconds in an ObjectId for negative."""


def taking_part(span: Span) -> dict[str, Any]:
    """Recent ObjectIds and whatever is no ObjectId: one scan of the index on `_id`, nothing else.

    `$lt` compares within a type. What it leaves are two ranges: below the smallest ObjectId, and
    from the first one that takes part up to MaxKey.
    """
    return {"_id": {"$not": {"$lt": object_id_of(span.earliest)}}}


@dataclass(frozen=True, slots=True)
class _Part:
    """A range of `_id`, and of the times close to it: what these decide is not asked of each document."""

    span: Span
    match: Mapping[str, Any]
    begin: int
    until: int

    def successes(self) -> Pipeline:
        """By model and hour, or window of the baseline; in the newest window by what results say."""
        speed = f"${SPEED}"
        is_plain = [  # a number, or none at all
            {"$or": [{"$gt": [speed, -LARGEST]}, {"$lte": [speed, None]}]},
            {"$lt": [speed, LARGEST]},
        ]
        told = {field: f"${field}" for field in cleaning.RESULT_FIELDS if field != SPEED}
        group = self._group("$gen_ts", cleaning.SUCCESS_FIELDS, told, self.span.newest, *is_plain)
        if self.until > self.span.newest:
            group[SPEED] = {"$max": speed}
        if self.begin < self.span.judged:
            group["speeds"] = {"$sum": speed}
            group["measured"] = {"$sum": {"$cond": [{"$gt": [speed, None]}, 1, 0]}}
        return [{"$match": self.match}, {"$group": group}]

    def failures(self, most: int) -> Pipeline:
        """By model, hour, stored kind and stage, or window of the baseline, with so many of the newest.

        Messages are read of those that are shown; until then, what is text is empty.
        """
        is_text = {"$and": [{"$gte": ["$message", ""]}, {"$lt": ["$message", {}]}]}
        message = {"$cond": [is_text, "", "$$REMOVE"]}
        told = {"error_kind": "$error_kind", "stage": "$stage", "message": message}
        group = self._group("$ts", cleaning.ERROR_FIELDS, told, self.span.judged)
        group["newest"] = {"$maxN": {"n": most, "input": ["$ts", "$_id"]}}
        return [{"$match": self.match}, {"$group": group}]

    def _group(
        self,
        time: str,
        fields: Collection[str],
        told: Mapping[str, Any],
        since: int,
        *is_plain: Any,
    ) -> dict[str, Any]:
        """Alike documents, with how many they are and from when to when; some fields only `since` then.

        What has to be judged is a group of its own: it stands whole where others have their hour or
        window. A key of fields is much cheaper than one that is computed as a whole.
        """
        span = self.span
        # Values of other types lie below or above all dates, and all ObjectIds.
        conditions = [
            {"$gte": [time, DatetimeMS(span.begin)]},
            {"$lt": [time, DatetimeMS(span.until)]},
            {"$gte": ["$_id", _FIRST]},
            {"$lt": ["$_id", _LATE]},
            {"$lt": [{"$abs": {"$subtract": [time, {"$toDate": "$_id"}]}}, cleaning.CLOSE_MS]},
            *is_plain,
        ]
        back = {"$subtract": [DatetimeMS(span.until - 1), time]}
        into_window = {"$mod": [back, Int64(span.length)]}
        into_hour = {"$mod": [into_window, Int64(HOUR_MS)]}
        at = {"$subtract": [back, self._since(time, span.judged, into_hour, into_window)]}
        document = {field: f"${field}" for field in fields}
        key = {
            "provider": "$provider",
            "model_name": "$model_name",
            "at": {"$cond": [{"$and": conditions}, at, document]},
        }
        if self.begin >= since:
            key |= told
        else:
            key["told"] = self._since(time, since, told, "$$REMOVE")
        return {"_id": key, "n": {"$sum": 1}, "first": {"$min": time}, "last": {"$max": time}}

    def _since(self, time: str, border: int, then: Any, before: Any) -> Any:
        """An expression for documents since the border, another one for those before it."""
        if self.begin >= border:
            return then
        if self.until <= border:
            return before
        return {"$cond": [{"$gte": [time, DatetimeMS(border)]}, then, before]}


def successes(span: Span) -> list[Pipeline]:
    """Of the baseline, of what lies around the previous window, and of both halves of the newest."""
    newest = span.newest + HOUR_MS
    cuts = (span.judged - HOUR_MS, newest, max(newest, span.until - span.length // 2))
    return [part.successes() for part in _parts(span, *cuts)]


def failures(span: Span, most: int) -> list[Pipeline]:
    """Of what lies before the judged windows, and of these."""
    return [part.failures(most) for part in _parts(span, span.judged + HOUR_MS)]


def _parts(span: Span, *cuts: int) -> list[_Part]:
    """All that takes part, so cut that a server can count the parts at the same time.

    What is counted under one key in several parts is added up.
    """
    times = [span.earliest, *cuts]
    identities = [object_id_of(time) for time in times]
    ranges: list[Any] = [{"$gte": begin, "$lt": until} for begin, until in pairwise(identities)]
    ranges.append({"$not": {"$lt": identities[-1]}})
    return [
        _Part(span, {"_id": ids}, begin - HOUR_MS, until + HOUR_MS)
        for ids, (begin, until) in zip(ranges, pairwise([*times, span.until]), strict=True)
    ]
