"""`cleaning` said to the server: aggregation expressions over one raw document."""

from collections.abc import Sequence
from typing import Any

from bson import DatetimeMS, Int64

from healthcheck.activity import UNKNOWN_NAME, Stage
from healthcheck.sources.cleaning import KINDS, STAGES, UNKNOWN_KIND
from healthcheck.sources.times import EARLIEST_MS, ISO_8601, ISO_8601_CHARACTERS, LATEST_MS

Expression = Any

NOTHING = ["missing", "null", "undefined"]

_ISO_ALPHABET = list("0123456789-:T .,Z+")
_OBJECT_ID_RANGE_MS = Int64(2**32 * 1000)
_EARLIEST, _LATEST = DatetimeMS(EARLIEST_MS), DatetimeMS(LATEST_MS)


def is_type(field: str, *types: str) -> Expression:
    """Whether the field is of one of these types."""
    if len(types) == 1:
        return {"$eq": [{"$type": field}, types[0]]}
    return {"$in": [{"$type": field}, list(types)]}


def name(field: str, longest: int) -> Expression:
    """See `cleaning.name`."""
    return if_(
        is_type(field, "string"),
        if_(
            {"$and": [{"$ne": [field, ""]}, {"$lte": [{"$strLenCP": field}, longest]}]},
            field,
            UNKNOWN_NAME,
        ),
        UNKNOWN_NAME,
    )


def kind(field: str) -> Expression:
    """See `cleaning.kind`."""
    return if_(
        is_type(field, "string"), if_({"$in": [field, list(KINDS)]}, field, UNKNOWN_KIND), None
    )


def stage(field: str) -> Expression:
    """See `cleaning.stage`."""
    return if_({"$in": [field, list(STAGES)]}, field, Stage.OTHER.value)


def in_range(field: str) -> Expression:
    """Whether it is a date that a datetime can hold; other types lie below or above all dates."""
    return {"$and": [{"$gte": [field, _EARLIEST]}, {"$lte": [field, _LATEST]}]}


def time(field: str) -> Expression:
    """See `cleaning.time`: a date or null."""
    return if_(in_range(field), field, if_(is_type(field, "string"), _iso(field), None))


def when(fields: Sequence[str]) -> tuple[Expression, Expression]:
    """See `cleaning.when`: the time, and whether it had to be made out.

    Nearly all documents have dates in all fields: these two comparisons are all they cost.
    """
    clean = {"$and": [comparison for field in fields for comparison in in_range(field)["$and"]]}
    values = {f"v{n}": time(field) for n, field in enumerate(fields)}
    names = [f"$${value}" for value in values]
    used: Expression = "nothing"
    for field, value in reversed(list(zip(fields, names, strict=True))):
        used = if_({"$ne": [value, None]}, {"$type": field}, used)
    junk = [
        {"$and": [{"$eq": [value, None]}, {"$not": [is_type(field, *NOTHING)]}]}
        for field, value in zip(fields, names, strict=True)
    ]
    made_out = {"$ifNull": [*names, _object_id_time()]}
    repaired = {"$or": [{"$ne": [used, "date"]}, *junk]}
    return (
        if_(clean, fields[0], {"$let": {"vars": values, "in": made_out}}),
        if_(clean, False, {"$let": {"vars": values, "in": repaired}}),
    )


def if_(condition: Expression, then: Expression, otherwise: Expression) -> Expression:
    """`$cond` with a constant null where that is meant."""
    return {"$cond": [condition, then, otherwise]}


def _object_id_time() -> Expression:
    """The time in the `_id`; the server takes its seconds for signed."""
    signed = {"$toDate": "$_id"}
    return if_(
        is_type("$_id", "objectId"),
        if_({"$lt": [signed, DatetimeMS(0)]}, {"$add": [signed, _OBJECT_ID_RANGE_MS]}, signed),
        None,
    )


def _iso(field: str) -> Expression:
    found = {"$regexFind": {"input": _searchable(field), "regex": ISO_8601}}
    return {
        "$let": {
            "vars": {"found": found},
            "in": if_({"$eq": ["$$found", None]}, None, _named_time()),
        }
    }


def _searchable(field: str) -> Expression:
    """The text itself or "": a regular expression over bytes that are no UTF-8 fails the query.

    Where there are as many bytes as characters, `$substrBytes` cannot fail.
    """
    size = {"$strLenBytes": field}
    characters = {
        "$map": {"input": {"$range": [0, size]}, "in": {"$substrBytes": [field, "$$this", 1]}}
    }
    return if_(
        {"$and": [{"$lte": [size, ISO_8601_CHARACTERS]}, {"$eq": [size, {"$strLenCP": field}]}]},
        if_({"$setIsSubset": [characters, _ISO_ALPHABET]}, field, ""),
        "",
    )


def _named_time() -> Expression:
    local = {
        "$concat": [
            *(_group(0, "")), "-", *_group(1, ""), "-", *_group(2, ""),
            "T", *_group(3, "00"), ":", *_group(4, "00"), ":", *_group(5, "00"),
            ".", {"$substrBytes": [{"$concat": [*_group(6, ""), "000"]}, 0, 3]},
        ]
    }  # fmt: skip
    ahead = {
        "$multiply": [
            if_({"$eq": [*_group(7, "+"), "-"]}, 60_000, -60_000),
            {
                "$add": [
                    {"$multiply": [{"$toInt": _group(8, "0")[0]}, 60]},
                    {"$toInt": _group(9, "0")[0]},
                ]
            },
        ]
    }
    date = {
        "$dateFromString": {
            "dateString": local,
            "format": "%Y-%m-%dT%H:%M:%S.%L",
            "onError": None,
        }
    }
    named = {"$add": [date, ahead]}
    return {"$let": {"vars": {"named": named}, "in": if_(in_range("$$named"), "$$named", None)}}


def _group(number: int, default: str) -> list[Expression]:
    return [{"$ifNull": [{"$arrayElemAt": ["$$found.captures", number]}, default]}]
