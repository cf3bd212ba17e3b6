"""The aggregations: which documents take part, and how the server counts them.

Every pipeline begins with a `$match` on `_id`, so that its cost grows with the window, and groups
by plain fields, so that shards do their part of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bson import DatetimeMS, Int64, ObjectId

from healthcheck.activity import OTHER, UNKNOWN_NAME, Pair
from healthcheck.sources import expressions as ex
from healthcheck.sources.cleaning import ERROR_TIMES, SUCCESS_TIMES
from healthcheck.sources.grouping import JUDGED_WINDOWS
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import HOUR_MS, Span

Pipeline = list[dict[str, Any]]

# A name that had to be replaced shows in what it was replaced by.
_BAD = ["$bad", {"$eq": ["$p", UNKNOWN_NAME]}, {"$eq": ["$m", UNKNOWN_NAME]}]
_MAX_SECONDS = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Counting:
    """What to count, and which pairs by name: all of them where `kept` is None."""

    span: Span
    limits: Limits
    kept: Sequence[Pair] | None = None


def earliest_object_id(span: Span, limits: Limits) -> ObjectId:
    """The smallest `_id` of a document that takes part; later ones have no upper bound."""
    seconds = (span.begin - round(limits.skew.total_seconds() * 1000)) // 1000
    return ObjectId(min(max(seconds, 0), _MAX_SECONDS).to_bytes(4, "big") + b"\0" * 8)


def taking_part(span: Span, limits: Limits) -> dict[str, Any]:
    """Recent ObjectIds and whatever is no ObjectId: one scan of the index on `_id`, nothing else.

    `$lt` compares within a type. What it leaves are two ranges: below the smallest ObjectId, and
    from the first one that takes part up to MaxKey.
    """
    return {"_id": {"$not": {"$lt": earliest_object_id(span, limits)}}}


def errors(counting: Counting) -> Pipeline:
    """Failures by cell, with the `_id` of the newest few; by window in the baseline."""
    length = counting.span.length
    is_judged = {"$gte": ["$t", DatetimeMS(counting.span.until - JUDGED_WINDOWS * length)]}
    cell = {"k": ex.kind("$error_kind"), "s": ex.stage("$stage")}
    repaired = [
        {"$not": [ex.is_type("$message", "string")]},
        {"$not": [ex.is_type("$error_kind", "string", *ex.NOTHING)]},
    ]
    newest = {
        "$topN": {
            "n": ex.if_(
                {"$lt": ["$g", JUDGED_WINDOWS * length]}, counting.limits.samples_per_cell, 1
            ),
            "sortBy": {"t": -1, "_id": -1},
            "output": {"i": "$_id", "t": "$t"},
        }
    }
    return [
        *_dated(counting, ERROR_TIMES, cell, repaired),
        _grouped(
            counting.span,
            {field: ex.if_(is_judged, f"${field}", None) for field in cell},
            {"newest": newest},
        ),
    ]


def successes(counting: Counting) -> Pipeline:
    """Successes by hour, or by window in the baseline."""
    return [
        *_dated(counting, SUCCESS_TIMES, {}, []),
        _grouped(counting.span, {}, {}),
    ]


def pairs(counting: Counting, metrics_collection: str) -> Pipeline:
    """Over the errors collection: every pair of the nine windows with its attempts."""

    def attempts(times: Sequence[str]) -> Pipeline:
        return [
            *_dated(counting, times, {}, []),
            {"$match": {"t": {"$ne": None}}},
            {"$group": {"_id": {"p": "$p", "m": "$m"}, "n": {"$sum": 1}}},
        ]

    return [
        *attempts(ERROR_TIMES),
        {"$unionWith": {"coll": metrics_collection, "pipeline": attempts(SUCCESS_TIMES)}},
        {"$group": {"_id": "$_id", "n": {"$sum": "$n"}}},
    ]


def largest(counting: Counting, metrics_collection: str) -> Pipeline:
    """The pairs that are not folded, largest first."""
    return [
        *pairs(counting, metrics_collection),
        {"$sort": {"n": -1, "_id.p": 1, "_id.m": 1}},
        {"$limit": counting.limits.pairs},
    ]


def documents(span: Span, limits: Limits, times: Sequence[str], fields: Sequence[str]) -> Pipeline:
    """The documents that the counts are made of, themselves."""
    time, _ = ex.when([f"${field}" for field in times])
    return [
        {"$match": taking_part(span, limits)},
        {"$project": {**dict.fromkeys(fields, 1), "t": time}},
        {"$match": _in_windows(span)},
        {"$project": dict.fromkeys(fields, 1)},
    ]


def place(key: Mapping[str, Any], span: Span) -> tuple[int, int] | None:
    """Which window and hour a row is about; None for documents without any time."""
    if key["g"] is None:
        return None
    window, back = divmod(int(key["g"]), span.length)
    return window, back // HOUR_MS


def _dated(
    counting: Counting,
    times: Sequence[str],
    cell: dict[str, ex.Expression],
    repaired: list[ex.Expression],
) -> Pipeline:
    """The documents of the nine windows and those without time, as p, m, t, bad and `cell`."""
    span, longest = counting.span, counting.limits.name_characters
    time, made_out = ex.when([f"${field}" for field in times])
    return [
        {"$match": taking_part(span, counting.limits)},
        {
            "$project": {
                "p": ex.name("$provider", longest),
                "m": ex.name("$model_name", longest),
                "t": time,
                "bad": {"$or": [made_out, *repaired]},
                **cell,
            }
        },
        {"$match": _in_windows(span)},
        *_folded(counting.kept),
    ]


def _in_windows(span: Span) -> dict[str, Any]:
    """By the time made out; None belongs to no window and is told all the same."""
    windows = {"$gte": DatetimeMS(span.begin), "$lt": DatetimeMS(span.until)}
    return {"$or": [{"t": windows}, {"t": None}]}


def _folded(kept: Sequence[Pair] | None) -> Pipeline:
    """A constant set is hashed by the server, once; `$in` would walk through it."""
    if kept is None:
        return []
    known = {"$setIsSubset": [[["$p", "$m"]], {"$literal": [list(pair) for pair in kept]}]}
    other = {"p": OTHER.provider, "m": OTHER.model}
    return [
        {
            "$set": {
                **{field: ex.if_(known, f"${field}", name) for field, name in other.items()},
                "bad": {"$or": _BAD},
            }
        }
    ]


def _grouped(
    span: Span, cell: dict[str, ex.Expression], more: dict[str, ex.Expression]
) -> dict[str, Any]:
    """By pair and g: how long before the end the hour, or the window of the baseline, ends."""
    back = {"$subtract": [DatetimeMS(span.until - 1), "$t"]}
    within = {"$mod": [back, Int64(span.length)]}
    return {
        "$group": {
            "_id": {
                "p": "$p",
                "m": "$m",
                "g": {
                    "$subtract": [
                        back,
                        ex.if_(
                            {"$lt": [back, JUDGED_WINDOWS * span.length]},
                            {"$mod": [within, Int64(HOUR_MS)]},
                            within,
                        ),
                    ]
                },
                **cell,
            },
            "n": {"$sum": 1},
            "first": {"$min": "$t"},
            "last": {"$max": "$t"},
            "bad": {"$sum": ex.if_({"$or": _BAD}, 1, 0)},
            **more,
        }
    }
