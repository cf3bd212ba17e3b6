"""What the server is asked: which documents take part, and both collections grouped by what they hold.

The server knows nothing of what counts how. It groups by raw values, and only where a date lies
within the windows and close to its `_id`. Any other document comes as it is, and `counting` judges
both. A pipeline begins with a `$match` on `_id`, so that its cost grows with the windows, and groups
by plain fields, so that shards do their part of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bson import DatetimeMS, Int64, ObjectId

from healthcheck.sources.cleaning import (
    CLOSE_MS,
    ERROR_FIELDS,
    LARGEST,
    RESULT_FIELDS,
    SPEED,
    SUCCESS_FIELDS,
)
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
class Part:
    """A range of `_id`, and of the times that are close to it: what they decide is not asked of each document."""

    match: Mapping[str, Any]
    begin: int
    until: int

    def since(self, time: str, border: int, then: Any, before: Any) -> Any:
        """An expression for documents since the border, another one for those before it."""
        if self.begin >= border:
            return then
        if self.until <= border:
            return before
        return {"$cond": [{"$gte": [time, DatetimeMS(border)]}, then, before]}


def whole(span: Span) -> Part:
    """All that takes part."""
    return Part(taking_part(span), span.begin, span.until)


def parts(span: Span) -> list[Part]:
    """The same in parts that a server can count at the same time.

    The baseline, what lies around the previous window, and both halves of the newest; what is
    counted under one key in several parts is added up.
    """
    since = span.newest + HOUR_MS
    cuts = [span.earliest, span.judged - HOUR_MS, since, max(since, span.until - span.length // 2)]
    found = [
        Part(
            {"_id": {"$gte": object_id_of(begin), "$lt": object_id_of(until)}},
            begin - HOUR_MS,
            until + HOUR_MS,
        )
        for begin, until in pairwise(cuts)
    ]
    rest = {"_id": {"$not": {"$lt": object_id_of(cuts[-1])}}}
    return [*found, Part(rest, cuts[-1] - HOUR_MS, span.until)]


def successes(part: Part, span: Span) -> Pipeline:
    """By model and hour, or window of the baseline; in the newest window by what results say."""
    speed = f"${SPEED}"
    plain_speed = [
        {"$or": [{"$gt": [speed, -LARGEST]}, {"$lte": [speed, None]}]},
        {"$lt": [speed, LARGEST]},
    ]
    document = {field: f"${field}" for field in SUCCESS_FIELDS}
    said = {field: f"${field}" for field in RESULT_FIELDS if field != SPEED}
    told = part.since("$gen_ts", span.newest, said, "$$REMOVE")
    group = _group(part, span, "$gen_ts", document, told, plain_speed)
    if part.until > span.newest:
        group[SPEED] = {"$max": speed}
    if part.begin < span.judged:
        group["speeds"] = {"$sum": speed}
        group["measured"] = {"$sum": {"$cond": [{"$gt": [speed, None]}, 1, 0]}}
    return [{"$match": part.match}, {"$group": group}]


def failures(part: Part, span: Span, most: int) -> Pipeline:
    """By model, hour, stored kind and stage, or window of the baseline, with so many of the newest.

    Messages are read of those that are shown; until then, what is text is empty.
    """
    document = {field: f"${field}" for field in ERROR_FIELDS}
    is_text = {"$and": [{"$gte": ["$message", ""]}, {"$lt": ["$message", {}]}]}
    said: dict[str, Any] = {"error_kind": "$error_kind", "stage": "$stage"}
    said["message"] = {"$cond": [is_text, "", "$$REMOVE"]}
    told = part.since("$ts", span.judged, said, "$$REMOVE")
    group = _group(part, span, "$ts", document, told)
    group["newest"] = {"$maxN": {"n": most, "input": ["$ts", "$_id"]}}
    return [{"$match": part.match}, {"$group": group}]


def _group(  # noqa: PLR0913, PLR0917 - what the two differ in
    part: Part,
    span: Span,
    time: str,
    document: Mapping[str, Any],
    told: Any,
    plain: Sequence[Any] = (),
) -> dict[str, Any]:
    """Alike documents, with how many they are and from when to when.

    What has to be judged is a group of its own: it stands whole where others have their hour or
    window. That is one field of the key, as a key of fields is much cheaper than one that is computed.
    """
    # Values of other types lie below or above all dates, and all ObjectIds.
    conditions = [
        {"$gte": [time, DatetimeMS(span.begin)]},
        {"$lt": [time, DatetimeMS(span.until)]},
        {"$gte": ["$_id", _FIRST]},
        {"$lt": ["$_id", _LATE]},
        {"$lt": [{"$abs": {"$subtract": [time, {"$toDate": "$_id"}]}}, CLOSE_MS]},
        *plain,
    ]
    back = {"$subtract": [DatetimeMS(span.until - 1), time]}
    into_window = {"$mod": [back, Int64(span.length)]}
    into_hour = {"$mod": [into_window, Int64(HOUR_MS)]}
    at = {"$subtract": [back, part.since(time, span.judged, into_hour, into_window)]}
    return {
        "_id": {
            "provider": document["provider"],
            "model_name": document["model_name"],
            "at": {"$cond": [{"$and": conditions}, at, document]},
            "told": told,
        },
        "n": {"$sum": 1},
        "first": {"$min": time},
        "last": {"$max": time},
    }
