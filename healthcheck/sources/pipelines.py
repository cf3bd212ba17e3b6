"""What the server is asked: which documents take part, grouped by what is stored in them.

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
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import HOUR_MS, Span, object_id_of

Pipeline = list[dict[str, Any]]
Expression = Any

_LATE = object_id_of(2**31 * 1000)
"""From 2038 on the server takes the seconds in an ObjectId for negative."""
_BYTES_OF_CHARACTER = 4
_WORD_BYTES = 100
_WORDS = {"stage": _WORD_BYTES, "error_kind": _WORD_BYTES, "message": 0}
"""Texts of which more is not needed to count."""


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


def errors(part: Mapping[str, Any], span: Span, limits: Limits) -> Pipeline:
    """Failures by what is stored in them, with the `_id` of the newest few."""
    newest = {
        "$topN": {
            "n": limits.samples_per_cell,
            "sortBy": {"ts": -1, "_id": -1},
            "output": ["$ts", "$_id"],
        }
    }
    document = _document(ERROR_FIELDS, limits)
    key = {field: document[field] for field in ("provider", "model_name", *_WORDS)}
    group = _group("$ts", span, key, document, [])
    return [{"$match": part}, {"$group": {**group, "newest": newest}}]


def successes(part: Mapping[str, Any], span: Span, limits: Limits) -> Pipeline:
    """Successes likewise, in the newest window by what their results say."""
    speed, begin = f"${SPEED}", DatetimeMS(span.until - span.length)
    document = _document(SUCCESS_FIELDS, limits)
    results = {field: document[field] for field in RESULT_FIELDS if field != SPEED}
    key = {
        "provider": document["provider"],
        "model_name": document["model_name"],
        "results": {"$cond": [{"$gte": ["$gen_ts", begin]}, results, {}]},
    }
    is_number = [
        {"$in": [{"$type": speed}, ["int", "long", "double"]]},  # Python sums decimals apart
        {"$gt": [speed, -LARGEST]},
        {"$lt": [speed, LARGEST]},
    ]
    group = _group("$gen_ts", span, key, document, is_number)
    speeds = {"fastest": {"$max": speed}, "speeds": {"$sum": speed}}
    return [{"$match": part}, {"$group": {**group, **speeds}}]


def _group(
    time: str,
    span: Span,
    key: Mapping[str, Expression],
    document: Expression,
    conditions: Sequence[Expression],
) -> dict[str, Expression]:
    """By key and by hour, or window of the baseline; what has to be judged is a group of its own."""
    begin, judged, until = (DatetimeMS(ms) for ms in (span.begin, span.judged, span.until))
    off = {"$subtract": [time, {"$toDate": "$_id"}]}
    # Values of other types lie below or above all dates.
    clean = [{"$gte": [time, begin]}, {"$lt": [time, until]}]
    clean += [{"$eq": [{"$type": "$_id"}, "objectId"]}, {"$lt": ["$_id", _LATE]}, *conditions]
    clean.append({"$lt": [{"$abs": off}, CLOSE_MS]})
    back = {"$subtract": [DatetimeMS(span.until - 1), time]}
    into_window = {"$mod": [back, Int64(span.length)]}
    into_hour = {"$mod": [into_window, Int64(HOUR_MS)]}
    is_old = {"$lt": [time, judged]}
    by = {**key, "at": {"$subtract": [back, {"$cond": [is_old, into_window, into_hour]}]}}
    return {
        "_id": {"$cond": [{"$and": clean}, by, document]},
        "n": {"$sum": 1},
        "first": {"$min": time},
        "last": {"$max": time},
    }


def _document(fields: Sequence[str], limits: Limits) -> dict[str, Expression]:
    """The fields as they are, but for texts that are too long to be a name or a word."""
    longest = limits.name_characters * _BYTES_OF_CHARACTER
    texts = {"provider": longest, "model_name": longest} | _WORDS
    return {
        field: _text(f"${field}", texts[field]) if field in texts else f"${field}"
        for field in fields
    }


def _text(field: str, longest: int) -> Expression:
    """A text itself, an empty one where it is too long; 0 for other types, None for nothing."""
    short = {"$cond": [{"$lte": [{"$strLenBytes": field}, longest]}, field, ""]}
    nothing = {"$in": [{"$type": field}, ["missing", "null", "undefined"]]}
    other = {"$cond": [nothing, None, 0]}
    return {"$cond": [{"$eq": [{"$type": field}, "string"]}, short, other]}
