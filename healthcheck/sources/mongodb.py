"""An `Activity` from MongoDB: the server groups both collections, and the client counts the groups.

The server knows nothing of what counts how. It groups by raw values, and only where a date lies
within the windows and close to its `_id`. Any other document comes as it is, and `counting` judges
both. A pipeline begins with a `$match` on `_id`, so that its cost grows with the windows, and groups
by plain fields, so that shards do their part of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, repeat
from typing import Any, NamedTuple

from bson import DatetimeMS, Int64
from pymongo import errors
from pymongo.command_cursor import CommandCursor

from healthcheck.activity import LAST_FAILURES, Activity, Lookback, ModelKey
from healthcheck.errors import SourceError
from healthcheck.settings import Settings
from healthcheck.sources import catalog, cleaning
from healthcheck.sources.cleaning import CLOSE_MS, ERROR_TIMES, SPEED, SUCCESS_TIMES, Fields
from healthcheck.sources.client import Document, Store, connected
from healthcheck.sources.counting import AttemptCounter, Latest, LatestPerModel, assemble
from healthcheck.sources.limits import LIMITS, Limits
from healthcheck.sources.times import HOUR_MS, JUDGED_WINDOWS, SKEW_MS, Span, object_id_of

_LISTED = 20
"""So many names are shown of what there is instead."""
_GROUPS_PER_BATCH = 2_000
"""Without it a batch has 16 MB, which take ten times as much once they are decoded."""
_AT_ONCE = 4
"""So many groupings: those of failures come first, and their messages are read beside the others."""
_MODELS_PER_QUERY = 50
"""So many models are asked for at once; each costs the server a look into its index."""
_FIELDS = dict.fromkeys((*cleaning.ERROR_FIELDS, *SUCCESS_TIMES), 1)
_NO_GEN_TS: Document = {"gen_ts": {"$not": {"$type": "date"}}}
_LATE_MS = 2**31 * 1000
"""From 2038 on the server takes the seconds in an ObjectId for negative."""

Pipeline = list[Document]
Alike = tuple[Document, Document]
"""What else tells documents apart, and what is summed up of those that are alike."""


def collect(settings: Settings, lookback: Lookback, limits: Limits = LIMITS) -> Activity:
    """Read all that a report needs; raises SourceError or SettingsError with a sentence."""
    with reading(settings, lookback, limits) as source:
        return source.activity()


@contextmanager
def reading(settings: Settings, lookback: Lookback, limits: Limits) -> Iterator["StoreReader"]:
    """A source of one lookback; raises SourceError or SettingsError with a sentence."""
    with connected(settings, limits) as store:
        yield StoreReader(store, settings, Span.of(lookback), limits)


class StoreReader(NamedTuple):
    """What a report asks the store."""

    store: Store
    settings: Settings
    span: Span
    limits: Limits

    def activity(self) -> Activity:
        """All that a report needs."""
        known, counter = self.catalog(), self.counted()
        return assemble(counter, known, self.last_successes, self.last_failures)

    def catalog(self) -> catalog.Catalog | None:
        """What the catalog says; None where there is none. A missing one of the others is an error."""
        try:
            there = self._collections()
        except (errors.NetworkTimeout, errors.ServerSelectionTimeoutError):
            raise  # this was long enough
        except errors.AutoReconnect:  # a primary fails over; the driver repeats all other reads
            there = self._collections()
        for name, variable in (
            (self.settings.errors_collection, "MONGODB_COLLECTION_ERRORS"),
            (self.settings.metrics_collection, "MONGODB_COLLECTION_CLOUD"),
        ):
            if name not in there:
                holds = ", ".join(there[:_LISTED]) or "none"
                what = f"The database {self.store.name} has no collection {name}, or this user may not see it"
                raise SourceError(f"{what}; it holds {holds}.", f"Check MONGODB_DB and {variable}.")
        name = self.settings.catalog_collection
        documents = self.documents(name, {}, catalog.FIELDS)
        return catalog.entries(documents, self.limits) if name in there else None

    def _collections(self) -> list[str]:
        # The driver's own method asks the primary, whatever the read preference.
        command = {"listCollections": 1, "nameOnly": True, "authorizedCollections": True}
        preference = self.store.read_preference
        with self.store.cursor_command(command, read_preference=preference) as collections:
            return sorted(str(collection["name"]) for collection in collections)

    def counted(self) -> AttemptCounter:
        """Counted from groups of both collections, with the messages of the failures that are shown.

        These are read while the server still groups successes.
        """
        counter = AttemptCounter(self.span, self.limits)
        failing, succeeding = self.settings.errors_collection, self.settings.metrics_collection
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            failed = threads.map(self._aggregated, repeat(failing), failures(self.span))
            done = threads.map(self._aggregated, repeat(succeeding), successes(self.span))
            try:
                _count(chain.from_iterable(failed), counter.error)
                self._read_messages(counter)
                _count(chain.from_iterable(done), counter.success)
            finally:
                threads.shutdown(cancel_futures=True)  # after an error, none is worth its wait
        return counter

    def _read_messages(self, counter: AttemptCounter) -> None:
        """Of all failures where they are few, which are counted anew, else of those that are chosen."""
        name, fields = self.settings.errors_collection, cleaning.ERROR_FIELDS
        if not counter.is_sampled:
            read = AttemptCounter(self.span, self.limits)
            for document in self.documents(name, judged_failures(self.span), fields):
                read.error(document)
            counter.windows[:JUDGED_WINDOWS] = read.windows[:JUDGED_WINDOWS]
            return
        chosen = {one.order: one for one in counter.close()}
        query = {"_id": {"$in": [one.document["_id"] for one in chosen.values()]}}
        for document in self.documents(name, query, fields):
            kept = chosen[repr(document["_id"])]
            kept.document = kept.of(document, kept.at, counter.longest).document

    def _aggregated(self, name: str, query: Pipeline) -> CommandCursor[Document]:
        return self.store[name].aggregate(
            query, allowDiskUse=True, maxTimeMS=self.limits.query_ms, batchSize=_GROUPS_PER_BATCH
        )

    def last_successes(self, after: Mapping[ModelKey, int]) -> Latest | None:
        """The newest of each before all windows; None where it would cost the whole history."""
        latest = LatestPerModel(SUCCESS_TIMES, self.span.begin, 1, 0)
        is_known = self._find(self.settings.metrics_collection, after, latest)
        return latest.after(after) if is_known else None

    def last_failures(self, after: Mapping[ModelKey, int]) -> Latest:
        """Why these models are not attempted any more; from the nine windows where no index helps."""
        name, longest = self.settings.errors_collection, self.limits.message_characters
        latest = LatestPerModel(ERROR_TIMES, self.span.judged, LAST_FAILURES, longest)
        if not self._find(name, after, latest):
            for document in self.documents(name, taking_part(self.span), cleaning.ERROR_FIELDS):
                latest.add(document)
        return latest.after(after)

    def _find(self, name: str, after: Mapping[ModelKey, int], latest: LatestPerModel) -> bool:
        """The newest of each model back to these times: by an index, or from all of a small collection.

        False where neither is there: it would cost the whole history.
        """
        if not after:
            return True
        # The index of the benchmark that serves the question for the newest.
        index = [("provider", 1), ("model_name", 1), (latest.times[0], -1)]
        try:
            self.store[name].find_one({}, {"_id": 1}, hint=index, max_time_ms=self.limits.query_ms)
        except errors.OperationFailure:  # not there; whatever else is wrong stops the next query
            if self.store[name].estimated_document_count() > self.limits.indexless_documents:
                return False
            names = {"model_name": {"$in": [model.model for model in after]}}
            for document in self.documents(name, names, _FIELDS):
                latest.add(document)
        else:
            self._look_up(name, after, latest)
        return True

    def _look_up(self, name: str, after: Mapping[ModelKey, int], latest: LatestPerModel) -> None:
        """The newest under each model's very names; several questions are asked as one.

        run_ts is asked for second, and only above what gen_ts said: below it, every document of the
        model would have to be looked at for one that lacks gen_ts.
        """
        for field, more in zip(latest.times, ({}, _NO_GEN_TS), strict=False):
            newest = [{"$sort": {field: -1}}, {"$limit": latest.number}, {"$project": _FIELDS}]
            known = {model: kept[-1].at for model, kept in latest.after(after).items()}
            asked: list[Any] = []
            for (provider, model), at in {**after, **known}.items():
                dates = {"$gte": DatetimeMS(at), "$lt": DatetimeMS(latest.before)}
                query = {"provider": provider, "model_name": model, field: dates, **more}
                asked.append([{"$match": query}, *newest])
            for start in range(0, len(asked), _MODELS_PER_QUERY):
                first, *others = asked[start : start + _MODELS_PER_QUERY]
                union: Pipeline = [
                    {"$unionWith": {"coll": name, "pipeline": one}} for one in others
                ]
                for document in self._aggregated(name, [*first, *union]):
                    latest.add(document)

    def documents(self, name: str, query: Document, fields: Iterable[str]) -> Iterator[Document]:
        """Single documents, so much of them."""
        return self.store[name].find(query, [*fields], max_time_ms=self.limits.query_ms)


def _count(groups: Iterable[Document], count: Callable[..., None]) -> None:
    """Each group, or the document that has to be judged."""
    for group in groups:
        key = group["_id"]
        if type(key["at"]) is dict:
            count(key["at"])
        else:
            count({**group, **key, **group.get("newest", {})}, group)


def taking_part(span: Span) -> Document:
    """Recent ObjectIds and whatever is no ObjectId: one scan of the index on `_id`, nothing else.

    `$lt` compares within a type. What it leaves are two ranges: below the smallest ObjectId, and
    from the first one that takes part up to MaxKey.
    """
    return {"_id": {"$not": {"$lt": object_id_of(span.earliest)}}}


def judged_failures(span: Span) -> Document:
    """Those of both judged windows, by their time or by when they were stored, and those to be judged."""
    since, until = span.judged, span.until
    stored = {"$gte": object_id_of(since - SKEW_MS), "$lt": object_id_of(until + SKEW_MS)}
    dated = {"$gte": DatetimeMS(since), "$lt": DatetimeMS(until)}
    either = [{"_id": stored}, {"ts": dated}, {"ts": {"$type": "string"}}]
    return taking_part(span) | {"$or": either}


def successes(span: Span) -> list[Pipeline]:
    """By model and hour, or window of the baseline; in the newest window by what results say."""
    speed = f"${SPEED}"
    is_plain = [  # a number, or none at all
        {"$or": [{"$gt": [speed, -cleaning.LARGEST]}, {"$lte": [speed, None]}]},
        {"$lt": [speed, cleaning.LARGEST]},
    ]
    measured = {"$sum": {"$cond": [{"$gt": [speed, None]}, 1, 0]}}
    usual = {"speeds": {"$sum": speed}, "measured": measured}
    newest = (_fields(cleaning.RESULT_FIELDS), {SPEED: {"$max": speed}})
    read = _fields(cleaning.SUCCESS_FIELDS)
    return _parts(span, "$gen_ts", read, is_plain, ({}, usual), newest)


def failures(span: Span) -> list[Pipeline]:
    """By model, stored kind, stage and hour, or window of the baseline, with the newest of each.

    Messages are read of those that are shown; until then, what is text is empty.
    """
    is_text = [{"$gte": ["$message", ""]}, {"$lt": ["$message", {}]}]
    read = _fields(cleaning.ERROR_FIELDS) | {"message": {"$cond": [{"$and": is_text}, "", None]}}
    alike = (_fields(("error_kind", "stage")), {"newest": {"$max": _fields(("ts", "_id"))}})
    return _parts(span, "$ts", read, is_text, alike, alike)


def _fields(names: Fields) -> Document:
    return {name: f"${name}" for name in names}


def _parts(  # noqa: PLR0913, PLR0917 - what both collections differ in
    span: Span, time: str, read: Document, is_plain: list[Any], older: Alike, newest: Alike
) -> list[Pipeline]:
    """Alike documents, with how many they are and from when to when, by when they were stored.

    A server counts several parts at the same time: all that can be of the baseline alone, of what is
    left all that cannot be of the newest window, both halves of the rest, and what no ObjectId dates.
    What is under one key in several parts is added up.

    What has to be judged is a group of its own: it stands whole where others have their hour or
    window; in parts of the newest window also what is so old that it counts as `older`. A key of
    fields is much cheaper than one that is computed as a whole.
    """
    is_plain = [
        {"$lt": [time, DatetimeMS(span.until)]},
        {"$lt": [{"$abs": {"$subtract": [time, {"$toDate": "$_id"}]}}, CLOSE_MS]},
        *is_plain,
    ]
    # Naming $$ROOT, which is never taken, saves the server a copy of each document's fields.
    document = {"$ifNull": [read, "$$ROOT"]}
    back = {"$subtract": [DatetimeMS(span.until - 1), time]}
    into_window = {"$mod": [back, Int64(span.length)]}
    into_hour = {"$mod": [into_window, Int64(HOUR_MS)]}
    counts = {"n": {"$sum": 1}, "first": {"$min": time}, "last": {"$max": time}}
    half, parts = span.until - span.length // 2, list[Pipeline]()
    for since, until, oldest, rest, (told, sums) in (
        (span.earliest, span.judged - CLOSE_MS, span.begin, into_window, older),
        (span.judged - CLOSE_MS, span.newest - CLOSE_MS, span.begin, into_hour, older),
        (span.newest - CLOSE_MS, half, span.judged, into_hour, newest),
        (half, _LATE_MS, span.judged, into_hour, newest),
    ):
        stored = {"_id": {"$gte": object_id_of(since), "$lt": object_id_of(until)}}
        # values of other types lie below or above all dates
        conditions = [{"$gte": [time, DatetimeMS(oldest)]}, *is_plain]
        at = {"$cond": [{"$and": conditions}, {"$subtract": [back, rest]}, document]}
        key = {"provider": "$provider", "model_name": "$model_name", "at": at, **told}
        parts.append([{"$match": stored}, {"$group": {"_id": key, **counts, **sums}}])
    others = {"_id": {"$not": {"$lt": object_id_of(_LATE_MS)}}}
    return [*parts, [{"$match": others}, {"$project": {"_id": {"at": document}}}]]
