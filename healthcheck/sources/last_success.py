"""When pairs last succeeded that have had no success in any of the nine windows.

Only dates count here, gen_ts before run_ts, under the pair's very names: production's indexes serve
exactly that, and a text or an `_id` as time would need the whole history to be read.
"""

import time
from collections.abc import Sequence
from typing import Any

from bson import DatetimeMS
from pymongo.collection import Collection

from healthcheck.activity import Pair
from healthcheck.sources.cleaning import SUCCESS_TIMES
from healthcheck.sources.connecting import Document
from healthcheck.sources.limits import Limits
from healthcheck.sources.pipelines import in_range
from healthcheck.sources.times import EARLIEST_MS, LATEST_MS

BATCH = 50
"""So many pairs are asked for at once; each costs the server a look into its index."""

no_array = {"$not": {"$type": "array"}}


def look_up(
    metrics: Collection[Document], pairs: Sequence[Pair], begin: int, limits: Limits
) -> dict[Pair, int] | None:
    """The newest success of each before `begin`; None where it would cost the whole history."""
    if not pairs:
        return {}
    milliseconds = round(limits.query_seconds * 1000)
    if not has_index(metrics, "gen_ts"):
        if metrics.estimated_document_count(maxTimeMS=milliseconds) > limits.indexless_documents:
            return None
        return _from_all(metrics, pairs, begin, milliseconds)
    newest: dict[Pair, int] = {}
    deadline = time.monotonic() + limits.query_seconds
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        # run_ts is asked for second, and only above what gen_ts said: below it, every document of
        # the pair would have to be looked at for one that lacks gen_ts.
        for query in (_by_gen_ts, _by_run_ts):
            asked = [query(pair, begin, newest.get(pair, EARLIEST_MS)) for pair in batch]
            left = max(1, round((deadline - time.monotonic()) * 1000))
            for row in metrics.aggregate(union(metrics.name, asked), maxTimeMS=left):
                pair, at = Pair(row["provider"], row["model_name"]), int(row["t"])
                newest[pair] = max(at, newest.get(pair, at))
    return newest


def has_index(metrics: Collection[Document], time_field: str) -> bool:
    """Whether one serves the question for the newest of a pair."""
    # The driver's own method asks the primary, whatever the read preference.
    indexes = metrics.database.cursor_command(
        "listIndexes", metrics.name, read_preference=metrics.read_preference
    )
    return any(
        list(index["key"])[:2] == ["provider", "model_name"]
        and set(index["key"].values()) <= {1, -1}
        and not {"partialFilterExpression", "sparse", "hidden", "collation"} & set(index)
        and time_field in index["key"]
        for index in indexes
    )


def _by_gen_ts(pair: Pair, begin: int, after: int) -> list[Document]:
    return _newest(pair, "gen_ts", begin, after, {})


def _by_run_ts(pair: Pair, begin: int, after: int) -> list[Document]:
    no_gen_ts = [
        {"gen_ts": {"$not": {"$type": "date"}}},
        {"gen_ts": {"$type": "array"}},
        {"gen_ts": {"$lt": DatetimeMS(EARLIEST_MS)}},
        {"gen_ts": {"$gt": DatetimeMS(LATEST_MS)}},
    ]
    return _newest(pair, "run_ts", begin, after, {"$or": no_gen_ts})


def _newest(pair: Pair, field: str, begin: int, after: int, more: dict[str, Any]) -> list[Document]:
    span = {"$gte": DatetimeMS(after), "$lt": DatetimeMS(begin)}
    return [
        {
            "$match": {
                **exactly(pair),
                field: {**span, **no_array},
                **more,
            }
        },
        {"$sort": {field: -1}},
        {"$limit": 1},
        {"$project": {"_id": 0, "provider": 1, "model_name": 1, "t": {"$toLong": f"${field}"}}},
    ]


def exactly(pair: Pair) -> Document:
    """A query for its very names; an array would match by what it holds."""
    return {
        "provider": {"$eq": pair.provider, **no_array},
        "model_name": {"$eq": pair.model, **no_array},
    }


def union(collection: str, asked: Sequence[Sequence[Document]]) -> list[Document]:
    """Several questions as one."""
    first, *others = asked
    return [*first, *({"$unionWith": {"coll": collection, "pipeline": one}} for one in others)]


def _from_all(
    metrics: Collection[Document], pairs: Sequence[Pair], begin: int, milliseconds: int
) -> dict[Pair, int]:
    dates = [{"$cond": [{"$and": in_range(field)}, f"${field}", None]} for field in SUCCESS_TIMES]
    wanted = {"$literal": [list(pair) for pair in pairs]}
    rows = metrics.aggregate(
        [
            {"$match": {"$expr": {"$setIsSubset": [[["$provider", "$model_name"]], wanted]}}},
            {"$project": {"_id": 0, "provider": 1, "model_name": 1, "t": {"$ifNull": dates}}},
            {"$match": {"t": {"$lt": DatetimeMS(begin)}}},
            {"$group": {"_id": ["$provider", "$model_name"], "t": {"$max": "$t"}}},
        ],
        allowDiskUse=True,
        maxTimeMS=milliseconds,
    )
    return {Pair(*row["_id"]): int(row["t"]) for row in rows}
