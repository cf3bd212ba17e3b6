"""What the server is asked: which documents take part, grouped by what is stored in them.

The server knows nothing of what counts how. It groups by raw values, and only where it can be sure
of the time; any other document comes as it is, and `counting` judges both. A pipeline begins with
a `$match` on `_id`, so that its cost grows with the windows, and groups by plain fields, so that
shards do their part of it.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from bson import DatetimeMS, Int64

from healthcheck.sources.cleaning import (
    ERROR_FIELDS,
    FURTHEST_ZONE,
    LARGEST,
    RESULT_FIELDS,
    SHIFT_TOLERANCE_MS,
    SUCCESS_FIELDS,
)
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import (
    EARLIEST_MS,
    HOUR_MS,
    JUDGED_WINDOWS,
    LATEST_MS,
    Span,
    object_id_of,
)

Pipeline = list[dict[str, Any]]
Expression = Any

_EARLIEST, _LATEST = DatetimeMS(EARLIEST_MS), DatetimeMS(LATEST_MS)
_LATE = object_id_of(2**31 * 1000)
"""From 2038 on the server takes the seconds in an ObjectId for negative."""
_BYTES_OF_CHARACTER = 4
_WORD_BYTES = 100
_NO_WORD = ""
_NO_TEXT = 0

is_text: Expression = {"$eq": [{"$type": "$message"}, "string"]}


def taking_part(span: Span, limits: Limits) -> dict[str, Any]:
    """Recent ObjectIds and whatever is no ObjectId: one scan of the index on `_id`, nothing else.

    `$lt` compares within a type. What it leaves are two ranges: below the smallest ObjectId, and
    from the first one that takes part up to MaxKey.
    """
    begin = span.begin - round(limits.skew.total_seconds() * 1000)
    return {"_id": {"$not": {"$lt": object_id_of(begin)}}}


def parts(span: Span, limits: Limits) -> list[dict[str, Any]]:
    """The ObjectIds that take part, in parts that a server can count at the same time.

    The halves of the newest window and all before it; a part of `_id` is no part of time, and what
    is counted under one key in several parts is added up.
    """
    begin = span.begin - round(limits.skew.total_seconds() * 1000)
    cuts = (begin, span.until - span.length, span.until - span.length // 2)
    bounds = [*(min(object_id_of(cut), _LATE) for cut in cuts), _LATE]
    return [{"_id": {"$gte": since, "$lt": until}} for since, until in pairwise(bounds)]


def others(fields: Sequence[str], limits: Limits) -> Pipeline:
    """What is in none of these parts, document by document: whose `_id` is no ObjectId, or is late."""
    return [
        {"$match": {"_id": {"$not": {"$lt": _LATE}}}},
        {"$replaceWith": {"_id": _document(fields, limits)}},
    ]


def errors(part: Mapping[str, Any], span: Span, limits: Limits) -> Pipeline:
    """Failures by what is stored in them, with the `_id` of the newest few."""
    key = {"error_kind": _word("$error_kind"), "stage": _word("$stage"), "message": _HAS_TEXT}
    newest = {
        "$topN": {
            "n": limits.samples_per_cell,
            "sortBy": {"ts": -1, "_id": -1},
            "output": {"i": "$_id", "t": "$ts"},
        }
    }
    document = _document(ERROR_FIELDS, limits)
    group = _group(span, limits, "$ts", key, is_clean=_in_range("ts"), document=document)
    return [{"$match": part}, {"$group": {**group, "newest": newest}}]


def successes(part: Mapping[str, Any], span: Span, limits: Limits) -> Pipeline:
    """Successes likewise, with what their results say.

    That stands in the key unless it is as it should be: visible tokens, and an output within an
    eighth of what was requested, half of what `counting` allows.
    """
    visible, output, requested, speed = (f"${field}" for field in RESULT_FIELDS)
    off = {"$abs": {"$subtract": [output, requested]}}
    usual = [
        {"$ne": [visible, 0]},
        {"$isNumber": output},
        {"$isNumber": requested},
        {"$lte": [{"$multiply": [off, 8]}, requested]},
    ]
    silent = {"$cond": [{"$eq": [visible, 0]}, 0, None]}
    odd = {"visible_output_tokens": silent, "output_tokens": output, "requested_tokens": requested}
    key = {"odd": {"$cond": [{"$and": usual}, None, odd]}}
    clean = [
        *_in_range("gen_ts"),
        # no decimal, which Python sums apart
        {"$in": [{"$type": speed}, ["int", "long", "double"]]},
        {"$gt": [speed, -LARGEST]},
        {"$lt": [speed, LARGEST]},
    ]
    document = _document(SUCCESS_FIELDS, limits)
    group = _group(span, limits, "$gen_ts", key, is_clean=clean, document=document)
    speeds = {"fastest": {"$max": speed}, "speeds": {"$sum": speed}}
    return [{"$match": part}, {"$group": {**group, **speeds}}]


def _in_range(field: str) -> list[Expression]:
    """It is a date that a datetime can hold; other types lie below or above all dates."""
    return [{"$gte": [f"${field}", _EARLIEST]}, {"$lte": [f"${field}", _LATEST]}]


def _group(  # noqa: PLR0913 - all that differs between the collections
    span: Span,
    limits: Limits,
    time: str,
    key: dict[str, Expression],
    *,
    is_clean: Sequence[Expression],
    document: Expression,
) -> dict[str, Expression]:
    """By pair, key and where it lies: what is not clean is a group of its own."""
    off = {"$subtract": [time, {"$toDate": "$_id"}]}
    near = {"$lt": [{"$abs": off}, HOUR_MS - SHIFT_TOLERANCE_MS]}
    place = {"$cond": [near, _place(time, span), _shifted(time, off, span)]}
    return {
        "_id": {"$cond": [{"$and": is_clean}, {**_names(limits), **key, "at": place}, document]},
        "n": {"$sum": 1},
        "first": {"$min": time},
        "last": {"$max": time},
    }


def _place(time: Expression, span: Span) -> Expression:
    """How long before the end the hour, or the window of the baseline, ends; None behind the end."""
    back = {"$subtract": [DatetimeMS(span.until - 1), time]}
    window = {"$mod": [back, Int64(span.length)]}
    hour = {"$mod": [back if span.length % HOUR_MS == 0 else window, Int64(HOUR_MS)]}
    begin = DatetimeMS(span.until - JUDGED_WINDOWS * span.length)
    past = {"$cond": [{"$lt": [time, begin]}, window, hour]}
    return {"$cond": [{"$lt": [time, DatetimeMS(span.until)]}, {"$subtract": [back, past]}, None]}


def _shifted(time: Expression, off: Expression, span: Span) -> Expression:
    """The whole hours that a time may be off, and where it lies without them: `cleaning._shift`."""
    hours = {"$round": {"$divide": [off, HOUR_MS]}}
    rest = {"$abs": {"$subtract": [off, {"$multiply": [hours, HOUR_MS]}]}}
    is_zone = [{"$lte": [{"$abs": hours}, FURTHEST_ZONE]}, {"$lte": [rest, SHIFT_TOLERANCE_MS]}]
    right = {"$subtract": [time, {"$multiply": ["$$hours", HOUR_MS]}]}
    zone = {"hours": {"$cond": [{"$and": is_zone}, {"$toInt": hours}, 0]}}
    return {"$let": {"vars": zone, "in": {"hours": "$$hours", "back": _place(right, span)}}}


def _document(fields: Sequence[str], limits: Limits) -> dict[str, Expression]:
    plain = {field: _HAS_TEXT if field == "message" else f"${field}" for field in fields}
    return plain | _names(limits)


def _names(limits: Limits) -> dict[str, Expression]:
    """The texts themselves unless they are longer than any name."""
    longest = limits.name_characters * _BYTES_OF_CHARACTER
    return {f: _short(f"${f}", longest, None, None) for f in ("provider", "model_name")}


def _word(field: str) -> Expression:
    """One of the writer's words, or a longer text or another type as such."""
    nothing = {"$in": [{"$type": field}, ["missing", "null", "undefined"]]}
    return _short(field, _WORD_BYTES, _NO_WORD, {"$cond": [nothing, None, _NO_TEXT]})


def _short(field: str, longest: int, longer: Expression, no_text: Expression) -> Expression:
    is_short = {"$lte": [{"$strLenBytes": field}, longest]}
    short = {"$cond": [is_short, field, longer]}
    return {"$cond": [{"$eq": [{"$type": field}, "string"]}, short, no_text]}


_HAS_TEXT = {"$cond": [is_text, "", None]}
"""A message as far as it matters before samples are chosen."""
