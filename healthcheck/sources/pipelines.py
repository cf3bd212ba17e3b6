"""What the server is asked: which documents take part, and both collections grouped by what they hold.

The server knows nothing of what counts how. It groups by raw values, and only where a date lies
within the windows and close to its `_id`. Any other document comes as it is, and `counting` judges
both. A pipeline begins with a `$match` on `_id`, so that its cost grows with the windows, and groups
by plain fields, so that shards do their part of it.
"""

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

from bson import DatetimeMS, Int64, ObjectId

from healthcheck.sources import cleaning
from healthcheck.sources.cleaning import FURTHEST_MS, LARGEST, SPEED
from healthcheck.sources.times import EARLIEST_MS, HOUR_MS, LATEST_MS, Span, object_id_of

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


def judged_failures(span: Span) -> dict[str, Any]:
    """Those of both judged windows, and others whose time has to be judged first."""
    far = (EARLIEST_MS, span.judged - FURTHEST_MS), (span.until + FURTHEST_MS, LATEST_MS)
    dates = [{"$gte": DatetimeMS(begin), "$lt": DatetimeMS(end)} for begin, end in far]
    # An array fits where one of its values does, and is no date.
    return taking_part(span) | {
        "$nor": [{"ts": one | {"$not": {"$type": "array"}}} for one in dates]
    }


def successes(span: Span) -> list[Pipeline]:
    """By model and hour, or window of the baseline; in the newest window by what results say."""
    speed = f"${SPEED}"
    is_plain = [  # a number, or none at all
        {"$or": [{"$gt": [speed, -LARGEST]}, {"$lte": [speed, None]}]},
        {"$lt": [speed, LARGEST]},
    ]
    is_newest = {"$gte": ["$gen_ts", DatetimeMS(span.newest)]}
    told = {
        field: {"$cond": [is_newest, f"${field}", "$$REMOVE"]} for field in cleaning.RESULT_FIELDS
    }
    group = _group(span, "$gen_ts", cleaning.SUCCESS_FIELDS, told, *is_plain)
    group[SPEED] = {"$max": speed}
    group["speeds"] = {"$sum": speed}
    group["measured"] = {"$sum": {"$cond": [{"$gt": [speed, None]}, 1, 0]}}
    return _parts(span, group)


def failures(span: Span) -> list[Pipeline]:
    """By model, stored kind, stage and hour, or window of the baseline, with the newest of each.

    Messages are read of those that are shown; until then, what is text is empty.
    """
    is_text = {"$and": [{"$gte": ["$message", ""]}, {"$lt": ["$message", {}]}]}
    message = {"$cond": [is_text, "", "$$REMOVE"]}
    told = {"error_kind": "$error_kind", "stage": "$stage", "message": message}
    group = _group(span, "$ts", cleaning.ERROR_FIELDS, told)
    group["newest"] = {"$max": {"at": "$ts", "_id": "$_id"}}
    return _parts(span, group)


def _group(
    span: Span, time: str, fields: Collection[str], told: Mapping[str, Any], *is_plain: Any
) -> dict[str, Any]:
    """Alike documents, with how many they are and from when to when.

    What has to be judged is a group of its own: it stands whole where others have their hour or
    window. A key of fields is much cheaper than one that is computed as a whole.
    """
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
    is_judged = {"$gte": [time, DatetimeMS(span.judged)]}
    at = {"$subtract": [back, {"$cond": [is_judged, into_hour, into_window]}]}
    document = {field: f"${field}" for field in fields}
    key = {
        "provider": "$provider",
        "model_name": "$model_name",
        "at": {"$cond": [{"$and": conditions}, at, document]},
        **told,
    }
    return {"_id": key, "n": {"$sum": 1}, "first": {"$min": time}, "last": {"$max": time}}


def _parts(span: Span, group: Mapping[str, Any]) -> list[Pipeline]:
    """The baseline, the previous window, and both halves of the newest, by when they were stored.

    A server counts several at the same time; what is under one key in several of them is added up.
    """
    times = (span.earliest, span.judged, span.newest, span.until - span.length // 2)
    identities = [object_id_of(time) for time in times]
    ranges: list[Any] = [{"$gte": begin, "$lt": until} for begin, until in pairwise(identities)]
    ranges.append({"$not": {"$lt": identities[-1]}})
    return [[{"$match": {"_id": ids}}, {"$group": group}] for ids in ranges]
