"""What is older than the nine windows: last successes, and why pairs are not attempted any more.

Only dates count here, gen_ts before run_ts, under the pair's very names: production's indexes serve
exactly that, and a text or an `_id` as time would need the whole history to be read.
"""

import heapq
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bson import DatetimeMS

from healthcheck.activity import LAST_FAILURES, ErrorBucket, ModelKey, Sample
from healthcheck.sources import cleaning
from healthcheck.sources.cleaning import SUCCESS_TIMES
from healthcheck.sources.counting import Ref
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import (
    EARLIEST_MS,
    HOUR_MS,
    JUDGED_WINDOWS,
    LATEST_MS,
    Span,
    from_ms,
)

if TYPE_CHECKING:
    from pymongo.collection import Collection as Stored  # a snapshot needs no driver

_BATCH = 50
"""So many pairs are asked for at once; each costs the server a look into its index."""
_FIELDS = dict.fromkeys(
    ("_id", "provider", "model_name", "ts", *SUCCESS_TIMES, "stage", "error_kind"), 1
)
_NO_ARRAY = {"$not": {"$type": "array"}}
"""A query's comparison also takes what an array holds."""

Document = dict[str, Any]
Pipeline = list[Document]


def _pair(document: Mapping[str, Any]) -> ModelKey | None:
    """Its very names, where both are texts."""
    provider, model = document.get("provider"), document.get("model_name")
    return ModelKey(provider, model) if type(provider) is str and type(model) is str else None


class LastFailures:
    """The failures of pairs before the previous window and after their last success, the newest few.

    `succeeded`: since when those of a pair count.
    """

    def __init__(self, span: Span, succeeded: Mapping[ModelKey, int]) -> None:
        self.succeeded = succeeded
        self.until = span.until - JUDGED_WINDOWS * span.length
        self._span = span
        self._newest: dict[ModelKey, list[tuple[Ref, Any, Any]]] = {}

    def add(self, document: Mapping[str, Any], handle: Any) -> None:
        """Keep it while it is one of the newest of its pair."""
        pair, at = _pair(document), document.get("ts")
        if type(at) is not DatetimeMS or pair is None:
            return
        if not self.succeeded.get(pair, self.until) < int(at) < self.until:
            return
        ref = Ref(int(at), cleaning.order(document.get("_id")), handle)
        newest = self._newest.setdefault(pair, [])
        add = heapq.heappush if len(newest) < LAST_FAILURES else heapq.heappushpop
        add(newest, (ref, document.get("error_kind"), document.get("stage")))

    def keep_only(self, pairs: Collection[ModelKey]) -> None:
        """Forget the others."""
        self._newest = {pair: found for pair, found in self._newest.items() if pair in pairs}

    def handles(self) -> list[Any]:
        """How the newest of each pair is found again."""
        return [max(newest)[0].handle for newest in self._newest.values()]

    def all_handles(self) -> list[Any]:
        """How all that are counted are found again."""
        return [found[0].handle for newest in self._newest.values() for found in newest]

    def cells(self, sample: Callable[[Ref], Sample | None]) -> dict[ModelKey, ErrorBucket]:
        """What is known of each pair that has any."""
        cells = {}
        for pair, newest in sorted(self._newest.items()):
            last, kind, stage = max(newest)
            shown = sample(last)
            cells[pair] = ErrorBucket(
                hour=(self._span.until - 1 - last.at) // HOUR_MS,
                stored_kind=cleaning.kind(kind)[0],
                stage=cleaning.stage(stage),
                count=len(newest),
                first=from_ms(newest[0][0].at),
                last=from_ms(last.at),
                samples=(shown,) if shown else (),
            )
        return cells


def last_successes(
    metrics: "Stored[Document]", pairs: Collection[ModelKey], begin: int, limits: Limits
) -> dict[ModelKey, int] | None:
    """The newest of each before `begin`; None where it would cost the whole history."""
    newest: dict[ModelKey, int] = {}
    left = _countdown(limits)
    # run_ts is asked for second, and only above what gen_ts said: below it, every document of the
    # pair would have to be looked at for one that lacks gen_ts.
    for field, more in (("gen_ts", {}), ("run_ts", _NO_GEN_TS)):
        wanted = {pair: _dates(newest.get(pair, EARLIEST_MS) - 1, begin) for pair in pairs}
        asked = [_newest(pair, field, dates, 1, more) for pair, dates in wanted.items()]
        found = _found(metrics, "gen_ts", asked, pairs, None, left, limits)
        if found is None:
            return None
        for document in found:
            add_success(newest, document, begin)
    return {pair: newest[pair] for pair in pairs if pair in newest}


def add_success(newest: dict[ModelKey, int], document: Mapping[str, Any], begin: int) -> None:
    """Keep it where it is the newest of its pair before `begin`: gen_ts counts before run_ts."""
    for name in SUCCESS_TIMES:
        value = document.get(name)
        if type(value) is DatetimeMS and (at := cleaning.time(value)) is not None:
            if at < begin and (pair := _pair(document)):
                newest[pair] = max(at, newest.get(pair, at))
            return


def read_failures(
    errors: "Stored[Document]", into: LastFailures, recent: Document, limits: Limits
) -> None:
    """By an index, else from all of a small collection, else from what is `recent`."""
    asked = [
        _newest(pair, "ts", _dates(after, into.until), LAST_FAILURES, {})
        for pair, after in into.succeeded.items()
    ]
    left = _countdown(limits)
    for document in _found(errors, "ts", asked, into.succeeded, recent, left, limits) or ():
        into.add(document, document["_id"])


def _found(  # noqa: PLR0913, PLR0917 - all that differs between the look-ups
    collection: "Stored[Document]",
    field: str,
    asked: Sequence[Pipeline],
    pairs: Collection[ModelKey],
    recent: Document | None,
    left: Callable[[], int],
    limits: Limits,
) -> Iterator[Document] | None:
    """Documents of these pairs, the newest among them; None where they would cost the history."""
    if not pairs:
        return iter(())
    if _has_index(collection, field):
        return _answers(collection, asked, left)
    query: Document = {}
    if collection.estimated_document_count(maxTimeMS=left()) > limits.indexless_documents:
        if recent is None:
            return None
        query = recent
    providers, models = (sorted(set(names)) for names in zip(*pairs, strict=True))
    query = {**query, "provider": {"$in": providers}, "model_name": {"$in": models}}
    return iter(collection.find(query, _FIELDS, max_time_ms=left()))


def _countdown(limits: Limits) -> Callable[[], int]:
    """The milliseconds that are left for one look-up as a whole."""
    deadline = time.monotonic() + limits.query_seconds
    return lambda: max(1, round((deadline - time.monotonic()) * 1000))


def _has_index(collection: "Stored[Document]", field: str) -> bool:
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


_NO_GEN_TS: Document = {
    "$or": [
        {"gen_ts": {"$not": {"$type": "date"}}},
        {"gen_ts": {"$type": "array"}},
        {"gen_ts": {"$lt": DatetimeMS(EARLIEST_MS)}},
        {"gen_ts": {"$gt": DatetimeMS(LATEST_MS)}},
    ]
}


def _newest(pair: ModelKey, field: str, dates: Document, number: int, more: Document) -> Pipeline:
    """The newest of a pair's very names; an array would match by what it holds."""
    names = {
        "provider": {"$eq": pair.provider, **_NO_ARRAY},
        "model_name": {"$eq": pair.model, **_NO_ARRAY},
    }
    return [
        {"$match": {**names, field: dates, **more}},
        {"$sort": {field: -1}},
        {"$limit": number},
        {"$project": _FIELDS},
    ]


def _dates(after: int, before: int) -> Document:
    return {"$gt": DatetimeMS(after), "$lt": DatetimeMS(before), **_NO_ARRAY}


def _answers(
    collection: "Stored[Document]", asked: Sequence[Pipeline], left: Callable[[], int]
) -> Iterator[Document]:
    """Several questions as one."""
    for start in range(0, len(asked), _BATCH):
        first, *others = asked[start : start + _BATCH]
        union = [{"$unionWith": {"coll": collection.name, "pipeline": one}} for one in others]
        yield from collection.aggregate([*first, *union], maxTimeMS=left())
