"""What the server is asked: which documents take part, and both collections grouped by what they hold.

The server knows nothing of what counts how. It groups by raw values, and only where a date lies
within the windows and close to its `_id`. Any other document comes as it is, and `counting` judges
both. A pipeline begins with a `$match` on `_id`, so that its cost grows with the windows, and groups
by plain fields, so that shards do their part of it.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from bson import DatetimeMS, Int64

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
    """By model and hour, or window of the baseline; in the newest window by what results say."""
    speed = f"${SPEED}"
    is_speed = [
        {"$in": [{"$type": speed}, ["int", "long", "double"]]},  # Python sums decimals apart
        {"$gt": [speed, -LARGEST]},
        {"$lt": [speed, LARGEST]},
    ]
    document = {field: f"${field}" for field in SUCCESS_FIELDS}
    told = [field for field in RESULT_FIELDS if field != SPEED]
    group = _group(span, "$gen_ts", document, told, span.until - span.length, is_speed)
    group |= {SPEED: {"$max": speed}, "speeds": {"$sum": speed}}
    return [{"$match": part}, {"$group": group}]


def failures(span: Span, most: int) -> Pipeline:
    """By model, hour, stored kind and stage, or window of the baseline, with so many of the newest.

    Messages are read of those that are shown; until then, what is text is empty.
    """
    document: dict[str, Any] = {field: f"${field}" for field in ERROR_FIELDS}
    is_text = {"$in": [{"$type": "$message"}, ["string", "symbol"]]}
    document["message"] = {"$cond": [is_text, "", "$$REMOVE"]}
    group = _group(span, "$ts", document, ["error_kind", "stage", "message"], span.judged)
    group["newest"] = {"$maxN": {"n": most, "input": ["$ts", "$_id"]}}
    return [{"$match": taking_part(span)}, {"$group": group}]


def _group(  # noqa: PLR0913, PLR0917 - what the two differ in
    span: Span,
    time: str,
    document: dict[str, Any],
    told: Sequence[str],
    since: int,
    is_clean: Sequence[Any] = (),
) -> dict[str, Any]:
    """Alike documents, with how many they are and from when to when; some fields only `since` then.

    What has to be judged is a group of its own, with its `_id`.
    """
    # Values of other types lie below or above all dates.
    conditions = [
        {"$gte": [time, DatetimeMS(span.begin)]},
        {"$lt": [time, DatetimeMS(span.until)]},
        {"$eq": [{"$type": "$_id"}, "objectId"]},
        {"$lt": ["$_id", _LATE]},
        {"$lt": [{"$abs": {"$subtract": [time, {"$toDate": "$_id"}]}}, CLOSE_MS]},
        *is_clean,
    ]
    back = {"$subtract": [DatetimeMS(span.until - 1), time]}
    into_window = {"$mod": [back, Int64(span.length)]}
    into_hour = {"$mod": [into_window, Int64(HOUR_MS)]}
    is_baseline, is_told = (
        {"$lt": [time, DatetimeMS(span.judged)]},
        {"$gte": [time, DatetimeMS(since)]},
    )
    key = {
        "provider": document["provider"],
        "model_name": document["model_name"],
        "at": {"$subtract": [back, {"$cond": [is_baseline, into_window, into_hour]}]},
    }
    key |= {field: {"$cond": [is_told, document[field], "$$REMOVE"]} for field in told}
    return {
        "_id": {"$cond": [{"$and": conditions}, key, document]},
        "n": {"$sum": 1},
        "first": {"$min": time},
        "last": {"$max": time},
    }
