"""An `Activity` from MongoDB: the server groups, and only what is shown is fetched."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bson import DatetimeMS, ObjectId
from pymongo import timeout
from pymongo.collection import Collection as StoredCollection
from pymongo.database import Database

from healthcheck.activity import LAST_FAILURES, Activity, Lookback, ModelKey
from healthcheck.errors import SourceError
from healthcheck.settings import Settings
from healthcheck.sources import catalog, cleaning, pipelines
from healthcheck.sources.assembly import Catalog, Messages, Progress, assemble, silent
from healthcheck.sources.cleaning import ERROR_TIMES, SPEED, SUCCESS_TIMES, Said
from healthcheck.sources.client import Document, connected, retried
from healthcheck.sources.counting import Counter, Newest, Ref
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import EARLIEST_MS, LATEST_MS, Span

_BATCH = 500
"""So many messages are asked for at once."""
_PAIRS_PER_QUERY = 50
"""So many pairs are asked for at once; each costs the server a look into its index."""
_FIELDS = dict.fromkeys(
    ("_id", "provider", "model_name", *ERROR_TIMES, *SUCCESS_TIMES, "stage", "error_kind"), 1
)
_NO_GEN_TS: Document = {
    "gen_ts": {"$not": {"$gte": DatetimeMS(EARLIEST_MS), "$lte": DatetimeMS(LATEST_MS)}}
}
_WRITES = frozenset(
    {"insert", "update", "remove", "dropCollection", "dropDatabase", "createIndex", "dropIndex"}
)

Stored = StoredCollection[Document]


def collect(
    settings: Settings,
    lookback: Lookback,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    progress: Progress = silent,
) -> Activity:
    """Read all that a report needs; raises SourceError or SettingsError with a sentence."""
    with reading(settings, lookback, limits) as source:
        return retried(lambda: assemble(source, lookback, progress).activity, limits)


@contextmanager
def reading(settings: Settings, lookback: Lookback, limits: Limits) -> Iterator["StoreReader"]:
    """A source of one lookback; raises SourceError or SettingsError with a sentence."""
    with connected(settings, limits) as connection:
        yield StoreReader(connection.store, connection.ignored, settings, Span.of(lookback), limits)


@dataclass(frozen=True, slots=True)
class StoreReader:
    """What a report and the doctor ask the store."""

    store: Database[Document]
    ignored_options: Sequence[str]
    """The driver's warnings about what it leaves out of MONGODB_URI."""
    settings: Settings
    span: Span
    limits: Limits

    def catalog(self) -> Catalog | None:
        """What the catalog says; None where there is none."""
        name = self.settings.catalog_collection
        return catalog.entries(self.entries(), name, self.limits) if self.has_catalog() else None

    def has_catalog(self) -> bool:
        """Whether there is one; a missing collection of the other two is an error."""
        there = self._collection_names()
        wanted = {
            self.settings.errors_collection: "MONGODB_COLLECTION_ERRORS",
            self.settings.metrics_collection: "MONGODB_COLLECTION_CLOUD",
        }
        for name, variable in wanted.items():
            if name not in there:
                raise SourceError(
                    f"The database {self.store.name} has no collection {name}; it holds "
                    f"{_listed(there)}.",
                    f"Check MONGODB_DB and {variable}.",
                )
        return self.settings.catalog_collection in there

    def _collection_names(self) -> set[str]:
        """Of the collections that the user may see, from any member that may be read from."""
        # The driver's own method asks the primary, whatever the read preference.
        with self.store.cursor_command(
            "listCollections",
            nameOnly=True,
            authorizedCollections=True,
            read_preference=self.store.read_preference,
            maxTimeMS=self._milliseconds,
        ) as collections:
            return {str(collection["name"]) for collection in collections}

    def entries(self) -> Iterator[Document]:
        """The documents of the catalog, and one more than there may be."""
        limit, name = self.limits.catalog_entries + 1, self.settings.catalog_collection
        return self.documents(name, {}, dict.fromkeys(catalog.FIELDS, 1), limit)

    def counted(self) -> Counter:
        """Counts of all pairs; of few failures all are known one by one."""
        counter = self._counted(self.limits)
        known = ((count.count, len(count.newest)) for count in counter.errors.values())
        if counter.failures <= self.limits.failures_read and any(n > k > 0 for n, k in known):
            counter = self._counted(
                replace(self.limits, samples_per_cell=self.limits.failures_read)
            )
        return counter

    def _counted(self, limits: Limits) -> Counter:
        """The server groups all parts at the same time."""
        counter = Counter(self.span, limits)
        errors = self.store[self.settings.errors_collection]
        metrics = self.store[self.settings.metrics_collection]
        work = []
        for part in pipelines.parts(self.span):
            work.append((metrics, pipelines.successes(part, self.span, limits), _add_successes))
            work.append((errors, pipelines.errors(part, self.span, limits), _add_errors))
        limit = self._milliseconds
        with ThreadPoolExecutor(len(work)) as threads:
            cursors = [
                threads.submit(one.aggregate, pipeline, allowDiskUse=True, maxTimeMS=limit)
                for one, pipeline, _ in work
            ]
        for cursor, (_, _, add) in zip(cursors, work, strict=True):
            with cursor.result() as rows:
                for row in rows:
                    add(counter, row)
        return counter

    def last_successes(self, pairs: Collection[ModelKey]) -> Newest | None:
        """The newest of each before all windows; None where it would cost the whole history."""
        after, into = dict.fromkeys(pairs, EARLIEST_MS), Newest(self.span.begin, 1)
        is_known = self._find(self.settings.metrics_collection, SUCCESS_TIMES, after, into, None)
        return into if is_known else None

    def last_failures(self, after: Mapping[ModelKey, int]) -> Newest:
        """Why these pairs are not attempted any more."""
        into, recent = Newest(self.span.judged, LAST_FAILURES), pipelines.taking_part(self.span)
        self._find(self.settings.errors_collection, ERROR_TIMES, after, into, recent)
        return into

    def _find(
        self,
        name: str,
        times: tuple[str, ...],
        after: Mapping[ModelKey, int],
        into: Newest,
        recent: Document | None,
    ) -> bool:
        """The newest of each pair back to these times: by an index, or from all of a small collection.

        Else from what is `recent`; False where that would not do: it would cost the whole history.
        """
        if not after:
            return True
        collection = self.store[name]
        with timeout(self.limits.query_seconds):
            if _has_index(collection, times[0]):
                # run_ts is asked for second, and only above what gen_ts said: below it, every
                # document of the pair would have to be looked at for one that lacks gen_ts.
                for field, more in zip(times, ({}, _NO_GEN_TS), strict=False):
                    asked = [
                        _question(pair, field, max(at, into.last(pair) or at), into, more)
                        for pair, at in after.items()
                    ]
                    for document in _answers(collection, asked):
                        into.add(document, times)
                return True
            if collection.estimated_document_count() <= self.limits.indexless_documents:
                recent = {}
            if recent is None:
                return False
            providers, models = [pair.provider for pair in after], [pair.model for pair in after]
            names = {"provider": {"$in": providers}, "model_name": {"$in": models}}
            for document in collection.find(recent | names, _FIELDS):
                into.add(document, times)
        return True

    def messages(self, refs: Sequence[Ref], longest: int) -> Messages:
        """Messages and status of failures by `_id`; what is deleted is missing."""
        found: dict[str, Said] = {}
        fields = {"message": 1, "http_status": 1}
        for document in self.failures([ref.kept for ref in refs], fields):
            found[cleaning.order(document["_id"])] = cleaning.said(document, longest)
        return lambda ref: found.get(ref.identity)

    def failures(self, identities: Sequence[Any], fields: Mapping[str, Any]) -> Iterator[Document]:
        """Failures by `_id`."""
        for start in range(0, len(identities), _BATCH):
            query = {"_id": {"$in": identities[start : start + _BATCH]}}
            yield from self.documents(self.settings.errors_collection, query, fields)

    def documents(
        self, collection: str, query: Mapping[str, Any], fields: Mapping[str, Any], limit: int = 0
    ) -> Iterator[Document]:
        """Single documents, so much of them."""
        yield from self.store[collection].find(
            query, fields, limit=limit, max_time_ms=self._milliseconds
        )

    @property
    def _milliseconds(self) -> int:
        return round(self.limits.query_seconds * 1000)

    def try_lookups(self) -> None:
        """Ask what not every day needs."""
        pair = ModelKey("doctor", "doctor")
        self.last_successes([pair])
        self.last_failures({pair: self.span.begin})
        self.messages([Ref(0, "", ObjectId())], 0)

    def version(self) -> str:
        """The server's version, which anyone may ask before a login."""
        return str(self.store.client.server_info()["version"])

    def newest_stored(self) -> datetime | None:
        """When the newest document was stored, by its `_id`."""
        names = (self.settings.errors_collection, self.settings.metrics_collection)
        query, order = {"_id": {"$type": "objectId"}}, [("_id", -1)]
        found = [
            self.store[name].find_one(query, {"_id": 1}, sort=order, max_time_ms=5_000)
            for name in names
        ]
        return max((one["_id"].generation_time for one in found if one), default=None)

    def write_rights(self) -> set[str]:
        """What the user may do to the database beside reading it: all of it where nobody logs in."""
        status = self.store.client.admin.command("connectionStatus", showPrivileges=True)
        if not status["authInfo"]["authenticatedUsers"]:
            return set(_WRITES)
        return {
            action
            for privilege in status["authInfo"].get("authenticatedUserPrivileges", [])
            if privilege["resource"].get("db") in ("", self.store.name)
            or privilege["resource"].get("anyResource")
            for action in privilege["actions"]
            if action in _WRITES
        }


def _add_errors(counter: Counter, row: Document) -> None:
    """A group of failures, or a single one that has to be judged."""
    document = row["_id"]
    if "_id" in document:
        counter.error(document)
    else:
        counter.error(document, row)


def _add_successes(counter: Counter, row: Document) -> None:
    """Likewise."""
    document = row["_id"]
    if "_id" in document:
        counter.success(document)
    else:
        counter.success({**document, **document["results"], SPEED: row["fastest"]}, row)


def _has_index(collection: Stored, field: str) -> bool:
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


def _question(
    pair: ModelKey, field: str, after: int, into: Newest, more: Document
) -> pipelines.Pipeline:
    """The newest of a pair's very names."""
    names = {"provider": pair.provider, "model_name": pair.model}
    dates = {"$gte": DatetimeMS(after), "$lt": DatetimeMS(into.before)}
    return [
        {"$match": {**names, field: dates, **more}},
        {"$sort": {field: -1}},
        {"$limit": into.number},
        {"$project": _FIELDS},
    ]


def _answers(collection: Stored, asked: Sequence[pipelines.Pipeline]) -> Iterator[Document]:
    """Several questions as one."""
    for start in range(0, len(asked), _PAIRS_PER_QUERY):
        first, *others = asked[start : start + _PAIRS_PER_QUERY]
        union = [{"$unionWith": {"coll": collection.name, "pipeline": one}} for one in others]
        yield from collection.aggregate([*first, *union])


def _listed(names: Collection[str]) -> str:
    """The names, as far as a sentence can hold them."""
    shown = sorted(names)[:20]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return ", ".join(shown) + more if shown else "none"
