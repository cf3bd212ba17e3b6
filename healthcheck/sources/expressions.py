"""`cleaning` said to the server: aggregation expressions over one raw document."""

from typing import Any

from healthcheck.activity import UNKNOWN_NAME, Stage
from healthcheck.sources.cleaning import KINDS, STAGES, UNKNOWN_KIND
from healthcheck.sources.times import EARLIEST_MS, ISO_8601, ISO_8601_CHARACTERS, LATEST_MS

Expression = Any

NOTHING = ["missing", "null", "undefined"]

_ISO_ALPHABET = list("0123456789-:T .,Z+")
_OBJECT_ID_RANGE_MS = 2**32 * 1000


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


def time(field: str) -> Expression:
    """See `cleaning.time`: milliseconds or null."""
    return {
        "$switch": {
            "branches": [
                {"case": is_type(field, "date"), "then": _in_range({"$toLong": field})},
                {"case": is_type(field, "string"), "then": _iso(field)},
            ],
            "default": None,
        }
    }


def object_id_time() -> Expression:
    """The time in the `_id`; the server takes its seconds for signed."""
    signed = {"$toLong": {"$toDate": "$_id"}}
    return if_(
        is_type("$_id", "objectId"),
        if_({"$lt": [signed, 0]}, {"$add": [signed, _OBJECT_ID_RANGE_MS]}, signed),
        None,
    )


def if_(condition: Expression, then: Expression, otherwise: Expression) -> Expression:
    """`$cond` with a constant null where that is meant."""
    return {"$cond": [condition, then, otherwise]}


def _in_range(milliseconds: Expression) -> Expression:
    return {
        "$let": {
            "vars": {"ms": milliseconds},
            "in": if_(
                {"$and": [{"$gte": ["$$ms", EARLIEST_MS]}, {"$lte": ["$$ms", LATEST_MS]}]},
                "$$ms",
                None,
            ),
        }
    }


def _iso(field: str) -> Expression:
    found = {"$regexFind": {"input": _searchable(field), "regex": ISO_8601}}
    return {
        "$let": {
            "vars": {"found": found},
            "in": if_({"$eq": ["$$found", None]}, None, _in_range(_named_time())),
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
    return {"$add": [{"$toLong": date}, ahead]}


def _group(number: int, default: str) -> list[Expression]:
    return [{"$ifNull": [{"$arrayElemAt": ["$$found.captures", number]}, default]}]
