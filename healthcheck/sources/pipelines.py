"""The aggregations: which documents take part, and how the server counts them.

Every pipeline begins with a `$match` on `_id`, so that its cost grows with the window, and groups
by plain fields, so that shards do their part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bson import Int64, ObjectId

from healthcheck.activity import OTHER, Pair
from healthcheck.sources import expressions as ex
from healthcheck.sources.cleaning import ERROR_TIMES, SUCCESS_TIMES
from healthcheck.sources.grouping import JUDGED_WINDOWS
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import HOUR_MS, Span

Pipeline = list[dict[str, Any]]

UNDATED = -1
"""The window of documents that have no valid time."""

_FIRST_OBJECT_ID = ObjectId(b"\0" * 12)
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
    """Two ranges of the index on `_id`: recent ObjectIds, and everything that is no ObjectId.

    `$expr` compares across types: the first range goes up to MaxKey, the second down to MinKey.
    """
    return {
        "$or": [
            {"$expr": {"$gte": ["$_id", earliest_object_id(span, limits)]}},
            {"$expr": {"$lt": ["$_id", _FIRST_OBJECT_ID]}},
        ]
    }


def errors(counting: Counting) -> Pipeline:
    """Failures by cell, with the `_id` of the newest few; by window in the baseline."""
    judged = {"$in": ["$w", list(range(JUDGED_WINDOWS))]}
    repaired = [
        {"$not": [ex.is_type("$message", "string")]},
        {"$not": [ex.is_type("$error_kind", "string", *ex.NOTHING)]},
    ]
    cell = {"k": ex.kind("$error_kind"), "s": ex.stage("$stage")}
    newest = {
        "$topN": {
            "n": ex.if_(
                {"$in": ["$w", list(range(JUDGED_WINDOWS))]}, counting.limits.samples_per_cell, 1
            ),
            "sortBy": {"t": -1, "_id": -1},
            "output": {"i": "$_id", "t": "$t"},
        }
    }
    return [
        *_dated(counting, ERROR_TIMES, cell, repaired),
        {"$set": {field: ex.if_(judged, f"${field}", None) for field in ("h", "k", "s")}},
        _grouped(("p", "m", "w", "h", "k", "s"), {"newest": newest}),
    ]


def successes(counting: Counting) -> Pipeline:
    """Successes by hour, or by window in the baseline."""
    return [
        *_dated(counting, SUCCESS_TIMES, {}, []),
        _grouped(("p", "m", "w", "h"), {}),
    ]


def pairs(counting: Counting, metrics_collection: str) -> Pipeline:
    """Over the errors collection: every pair of the nine windows with its attempts."""

    def attempts(times: Sequence[str]) -> Pipeline:
        return [
            *_dated(counting, times, {}, []),
            {"$match": {"w": {"$gte": 0}}},
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


def _dated(
    counting: Counting,
    times: Sequence[str],
    cell: dict[str, ex.Expression],
    repaired: list[ex.Expression],
) -> Pipeline:
    """The documents of the nine windows and those without time, as p, m, t, w, h, bad and `cell`."""
    span, longest = counting.span, counting.limits.name_characters
    fields = [f"${field}" for field in times]
    values = {f"v{n}": ex.time(field) for n, field in enumerate(fields)}
    since = {"$subtract": [Int64(span.until - 1), "$t"]}
    return [
        {"$match": taking_part(span, counting.limits)},
        {
            "$project": {
                "p": ex.name("$provider", longest),
                "m": ex.name("$model_name", longest),
                **cell,
                **values,
                "bad": {"$or": [*_bad_names(longest), *repaired]},
                **{f"y{n}": {"$type": field} for n, field in enumerate(fields)},
            }
        },
        {
            "$set": {
                "t": {"$ifNull": [*(f"${value}" for value in values), ex.object_id_time()]},
                "bad": {"$or": ["$bad", *_bad_times(len(fields))]},
            }
        },
        {
            "$match": {
                "$or": [
                    {"t": {"$gte": Int64(span.begin), "$lt": Int64(span.until)}},
                    {"t": None},
                ]
            }
        },
        {
            "$set": {
                "w": ex.if_(
                    {"$eq": ["$t", None]},
                    UNDATED,
                    {"$toInt": {"$floor": {"$divide": [since, Int64(span.length)]}}},
                ),
                "h": {
                    "$toInt": {
                        "$floor": {"$divide": [{"$mod": [since, Int64(span.length)]}, HOUR_MS]}
                    }
                },
                **_folded(counting.kept),
            }
        },
    ]


def _bad_names(longest: int) -> list[ex.Expression]:
    fields = ("$provider", "$model_name")
    return [{"$ne": [ex.name(field, longest), field]} for field in fields]


def _bad_times(number: int) -> list[ex.Expression]:
    """The time used is no date, or a field that was to hold one holds something else."""
    used: ex.Expression = "nothing"
    for n in reversed(range(number)):
        used = ex.if_({"$ne": [f"$v{n}", None]}, f"$y{n}", used)
    junk = [
        {"$and": [{"$eq": [f"$v{n}", None]}, {"$not": [{"$in": [f"$y{n}", ex.NOTHING]}]}]}
        for n in range(number)
    ]
    return [{"$ne": [used, "date"]}, *junk]


def _folded(kept: Sequence[Pair] | None) -> dict[str, ex.Expression]:
    """A constant set is hashed by the server, once; `$in` would walk through it."""
    if kept is None:
        return {}
    known = {"$setIsSubset": [[["$p", "$m"]], {"$literal": [list(pair) for pair in kept]}]}
    return {
        "p": ex.if_(known, "$p", OTHER.provider),
        "m": ex.if_(known, "$m", OTHER.model),
    }


def _grouped(key: Sequence[str], more: dict[str, ex.Expression]) -> dict[str, Any]:
    return {
        "$group": {
            "_id": {field: f"${field}" for field in key},
            "n": {"$sum": 1},
            "first": {"$min": "$t"},
            "last": {"$max": "$t"},
            "bad": {"$sum": ex.if_("$bad", 1, 0)},
            **more,
        }
    }
