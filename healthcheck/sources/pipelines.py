"""What the server is asked: which documents take part, and successes grouped by what is stored in them.

The server knows nothing of what counts how. It groups by raw values, and only where a date lies
within the windows and close to its `_id`. Any other document comes as it is, and `counting` judges
both. A pipeline begins with a `$match` on `_id`, so that its cost grows with the windows, and groups
by plain fields, so that shards do their part of it.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from bson import DatetimeMS, Int64

from healthcheck.sources.cleaning import CLOSE_MS, LARGEST, RESULT_FIELDS, SPEED, SUCCESS_FIELDS
from healthcheck.sources.times import HOUR_MS, Span, object_id_of

Pipeline = list[dict[str, Any]]

_LATE = object_id_of(2**31 * 1000)
"""From 2038 on the server takes the seconds in an ObjectId for negative."""


def taking_part(span: Span) -> dict[str, Any]:
    """Recent ObjectIds and whatever is no ObjectId: one scan of the index on `_id`, nothing else.

    `$lt` compares within a type. What it leaves are two ranges: below the smallest ObjectId, and
    from the first one that takes part up to MaxKey.
    """
    return {"_id": {"$not": {"$lt": object_id_of(span.earliest)}}}


def parts(span: Span) -> list[dict[str, Any]]:
    """The same in parts that a server can count at the same time.

    All before the newest window, and its halves; a part of `_id` is no part of time, and what is
    counted under one key in several parts is added up.
    """
    times = (span.earliest, span.until - span.length, span.until - span.length // 2)
    cuts = [object_id_of(time) for time in times]
    older = [{"_id": {"$gte": since, "$lt": until}} for since, until in pairwise(cuts)]
    return [*older, {"_id": {"$not": {"$lt": cuts[-1]}}}]


def successes(part: Mapping[str, Any], span: Span) -> Pipeline:
    """By model and hour, or window of the baseline; in the newest window by what results say.

    What has to be judged is a group of its own, with its `_id`.
    """
    time, speed = "$gen_ts", f"${SPEED}"
    begin, judged, current, until = (
        DatetimeMS(ms) for ms in (span.begin, span.judged, span.until - span.length, span.until)
    )
    # Values of other types lie below or above all dates.
    is_clean = [
        {"$gte": [time, begin]},
        {"$lt": [time, until]},
        {"$eq": [{"$type": "$_id"}, "objectId"]},
        {"$lt": ["$_id", _LATE]},
        {"$in": [{"$type": speed}, ["int", "long", "double"]]},  # Python sums decimals apart
        {"$gt": [speed, -LARGEST]},
        {"$lt": [speed, LARGEST]},
        {"$lt": [{"$abs": {"$subtract": [time, {"$toDate": "$_id"}]}}, CLOSE_MS]},
    ]
    back = {"$subtract": [DatetimeMS(span.until - 1), time]}
    into_window = {"$mod": [back, Int64(span.length)]}
    into_hour = {"$mod": [into_window, Int64(HOUR_MS)]}
    document = {field: f"${field}" for field in SUCCESS_FIELDS}
    key: dict[str, Any] = {field: document[field] for field in ("provider", "model_name")}
    for field in RESULT_FIELDS:
        if field != SPEED:
            key[field] = {"$cond": [{"$gte": [time, current]}, document[field], None]}
    key["at"] = {"$subtract": [back, {"$cond": [{"$lt": [time, judged]}, into_window, into_hour]}]}
    group = {
        "_id": {"$cond": [{"$and": is_clean}, key, document]},
        "n": {"$sum": 1},
        "first": {"$min": time},
        "last": {"$max": time},
        "fastest": {"$max": speed},
        "speeds": {"$sum": speed},
    }
    return [{"$match": part}, {"$group": group}]
