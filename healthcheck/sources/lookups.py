"""What is older than the nine windows: last successes, and why pairs are not attempted any more."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bson import DatetimeMS
from pymongo import timeout
from pymongo.collection import Collection as Stored

from healthcheck.activity import ModelKey
from healthcheck.sources.cleaning import ERROR_TIMES, SUCCESS_TIMES
from healthcheck.sources.counting import Newest
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import EARLIEST_MS, LATEST_MS

_BATCH = 50
"""So many pairs are asked for at once; each costs the server a look into its index."""
_FIELDS = dict.fromkeys(
    ("_id", "provider", "model_name", *ERROR_TIMES, *SUCCESS_TIMES, "stage", "error_kind"), 1
)
Document = dict[str, Any]
Pipeline = list[Document]

_NO_GEN_TS: Document = {
    "gen_ts": {"$not": {"$gte": DatetimeMS(EARLIEST_MS), "$lte": DatetimeMS(LATEST_MS)}}
}


def newest(  # noqa: PLR0913, PLR0917 - all that differs between the look-ups
    collection: Stored[Document],
    times: tuple[str, ...],
    after: Mapping[ModelKey, int],
    into: Newest,
    limits: Limits,
    recent: Document | None = None,
) -> Newest | None:
    """The newest of each pair back to these times: by an index, or from all of a small collection.

    Else from what is `recent`, or None: it would cost the whole history.
    """
    if not after:
        return into
    with timeout(limits.query_seconds):
        if _has_index(collection, times[0]):
            # run_ts is asked for second, and only above what gen_ts said: below it, every document
            # of the pair would have to be looked at for one that lacks gen_ts.
            for field, more in zip(times, ({}, _NO_GEN_TS), strict=False):
                asked = [
                    _question(pair, field, max(at, into.last(pair) or at), into, more)
                    for pair, at in after.items()
                ]
                for document in _answers(collection, asked):
                    into.add(document, times, document["_id"])
            return into
        if collection.estimated_document_count() <= limits.indexless_documents:
            recent = {}
        if recent is None:
            return None
        providers, models = [pair.provider for pair in after], [pair.model for pair in after]
        names = {"provider": {"$in": providers}, "model_name": {"$in": models}}
        for document in collection.find(recent | names, _FIELDS):
            into.add(document, times, document["_id"])
    return into


def _has_index(collection: Stored[Document], field: str) -> bool:
    """Whether one serves the question for the newest of a pair."""
    # The driver's own method asks the primary, whatever the read preference.
    indexes = collection.database.cursor_command(
        "listIndexes", collection.name, read_preference=collection.read_preference
    )
    return any(
        list(index["key"])[:2] == ["provider", "model_name"]
        and set(index["key"].values()) <= {1, -1}
        and not {"partialFilterExpression", "sparse", "hidden", "collation"} & set(index)
        and field in index["key"]
        for index in indexes
    )


def _question(pair: ModelKey, field: str, after: int, into: Newest, more: Document) -> Pipeline:
    """The newest of a pair's very names."""
    names = {"provider": pair.provider, "model_name": pair.model}
    dates = {"$gte": DatetimeMS(after), "$lt": DatetimeMS(into.before)}
    return [
        {"$match": {**names, field: dates, **more}},
        {"$sort": {field: -1}},
        {"$limit": into.number},
        {"$project": _FIELDS},
    ]


def _answers(collection: Stored[Document], asked: Sequence[Pipeline]) -> Iterator[Document]:
    """Several questions as one."""
    for start in range(0, len(asked), _BATCH):
        first, *others = asked[start : start + _BATCH]
        union = [{"$unionWith": {"coll": collection.name, "pipeline": one}} for one in others]
        yield from collection.aggregate([*first, *union])
