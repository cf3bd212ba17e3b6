"""An `Activity` from MongoDB: the server groups, and only what is shown is fetched."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from pymongo.errors import OperationFailure

from healthcheck.activity import Activity, CatalogEntry, Lookback, ModelKey, Sample
from healthcheck.errors import SourceError
from healthcheck.settings import Settings
from healthcheck.sources import catalog, cleaning, lookups, pipelines
from healthcheck.sources.assembly import (
    assemble,
    choose,
    since_success,
    without_attempt,
    without_success,
)
from healthcheck.sources.client import Document, Store, collection_names, connected, retried
from healthcheck.sources.counting import Counter, Ref
from healthcheck.sources.limits import Limits
from healthcheck.sources.lookups import LastFailures
from healthcheck.sources.times import JUDGED_WINDOWS, Span, from_ms

_BATCH = 500
_NO_UTF8 = range(34450, 34461)
"""The codes with which `$substrCP` refuses a text."""

Progress = Callable[[str], None]
Messages = dict[str, tuple[str, bool, int | None]]


def silent(_: str) -> None:
    """Tell nobody."""


def collect(
    settings: Settings,
    lookback: Lookback,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    progress: Progress = silent,
) -> Activity:
    """Read all that a report needs; raises SourceError or SettingsError with a sentence."""
    with connected(settings, limits) as store:
        reading = Reading(store, settings, lookback, limits, progress)
        return retried(lambda: reading.found().activity, limits)


@dataclass(frozen=True, slots=True)
class Found:
    """What was read, and what an export needs beside the nine windows to give the same."""

    activity: Activity
    old_successes: Mapping[ModelKey, int]
    last_failures: Sequence[Any]
    """The `_id` of each."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the store; nothing of it survives when it has to be done again."""

    store: Store
    settings: Settings
    lookback: Lookback
    limits: Limits
    progress: Progress

    def found(self) -> Found:
        """Everything that a report is made from, in as few passes as the number of pairs allows."""
        entries = self.catalog() if self.has_catalog() else None
        self.progress("counting attempts")
        counter = self.counted(self.limits)
        newest = ((count.count, len(count.newest)) for count in counter.errors.values())
        if counter.failures <= self.limits.failures_read and any(
            n > held > 0 for n, held in newest
        ):
            counter = self.counted(replace(self.limits, samples_per_cell=self.limits.failures_read))
        counter.fold()
        samples = choose(counter, self.lookback.length.days)
        self.progress("looking for last successes")
        wanting, waiting = without_success(counter, entries), without_attempt(counter, entries)
        succeeded = {key.pair for key in counter.successes if key.window >= JUDGED_WINDOWS}
        metrics = self.store[self.settings.metrics_collection]
        asked = sorted({*wanting, *(waiting - succeeded)})
        old = lookups.last_successes(metrics, asked, counter.span.begin, self.limits)
        failures = self.last_failures(since_success(counter, entries, old), waiting)
        handles = [ref.handle for chosen in samples.values() for ref in chosen]
        handles += failures.handles()
        for count in counter.errors.values():
            count.newest = []  # what was not chosen makes room for messages
        self.progress(f"fetching {len(handles)} error messages")
        messages = self.messages(handles, self.limits.for_samples(len(handles)))

        def sample(ref: Ref) -> Sample | None:
            """None where it has been deleted meanwhile."""
            said = messages.get(ref.identity)
            return Sample(from_ms(ref.at), *said) if said else None

        activity = assemble(
            counter,
            self.lookback,
            samples,
            sample,
            last_success=None if old is None else {p: from_ms(old[p]) for p in wanting if p in old},
            last_failures=failures.cells(sample),
            catalog=entries,
        )
        return Found(activity, old or {}, failures.all_handles())

    def has_catalog(self) -> bool:
        """Whether there is one; a missing collection of the other two is an error."""
        there = collection_names(self.store, self.limits)
        wanted = {
            self.settings.errors_collection: "MONGODB_COLLECTION_ERRORS",
            self.settings.metrics_collection: "MONGODB_COLLECTION_CLOUD",
        }
        for name, variable in wanted.items():
            if name not in there:
                raise SourceError(
                    f"The database {self.store.name} has no collection {name}; it holds "
                    f"{listed(there)}.",
                    f"Check MONGODB_DB and {variable}.",
                )
        return self.settings.catalog_collection in there

    def catalog(self) -> dict[ModelKey, CatalogEntry]:
        """What the catalog says; read whole, up to the limit."""
        name = self.settings.catalog_collection
        return catalog.entries(self.catalog_documents(), name, self.limits)

    def catalog_documents(self) -> Iterator[Document]:
        """As they are, and one more than there may be."""
        limit, name = self.limits.catalog_entries + 1, self.settings.catalog_collection
        return self.documents(name, {}, dict.fromkeys(catalog.FIELDS, 1), limit)

    def counted(self, limits: Limits) -> Counter:
        """Counts of all pairs: the server groups all parts at the same time."""
        span = Span.of(self.lookback)
        counter = Counter(span, limits)
        errors = self.store[self.settings.errors_collection]
        metrics = self.store[self.settings.metrics_collection]
        work = [
            (metrics, pipelines.others(cleaning.SUCCESS_FIELDS, limits), counter.successes_of),
            (errors, pipelines.others(cleaning.ERROR_FIELDS, limits), counter.errors_of),
        ]
        for part in pipelines.parts(span, limits):
            work.append((metrics, pipelines.successes(part, span, limits), counter.successes_of))
            work.append((errors, pipelines.errors(part, span, limits), counter.errors_of))
        limit = self._milliseconds
        with ThreadPoolExecutor(len(work)) as threads:
            cursors = [
                threads.submit(one.aggregate, pipeline, allowDiskUse=True, maxTimeMS=limit)
                for one, pipeline, _ in work
            ]
        for cursor, (_, _, take) in zip(cursors, work, strict=True):
            with cursor.result() as rows:
                for row in rows:
                    take(row)
        return counter

    def last_failures(
        self, succeeded: Mapping[ModelKey, int], waiting: Collection[ModelKey]
    ) -> LastFailures:
        """Why those who wait are not attempted."""
        span = Span.of(self.lookback)
        wanted = LastFailures(span, {p: at for p, at in succeeded.items() if p in waiting})
        errors = self.store[self.settings.errors_collection]
        recent = pipelines.taking_part(span, self.limits)
        lookups.read_failures(errors, wanted, recent, self.limits)
        return wanted

    def messages(self, identities: Sequence[Any], limits: Limits) -> Messages:
        """Messages and status of failures by `_id`, cut by the server; what is deleted is missing."""
        # One character more than is kept tells whether it went on.
        longest = limits.message_characters
        cut = {"$substrCP": ["$message", 0, longest + 1]}
        is_short = {"$lte": [{"$strLenBytes": "$message"}, longest]}
        text = {"$cond": [is_short, "$message", cut]}
        projected = {"http_status": 1, "message": {"$cond": [pipelines.is_text, text, None]}}
        found: Messages = {}

        def take(query: Document, fields: Mapping[str, Any]) -> None:
            for document in self.documents(self.settings.errors_collection, query, fields):
                said = cleaning.message(document.get("message"), longest)
                status = cleaning.http_status(document.get("http_status"))
                found[cleaning.order(document["_id"])] = *said, status

        for batch in in_batches(identities):
            try:
                take(batch, projected)
            except OperationFailure as error:
                if error.code not in _NO_UTF8:
                    raise
                for identity in batch["_id"]["$in"]:  # one by one: uncut they may be 16 MB each
                    take({"_id": {"$in": [identity]}}, {"message": 1, "http_status": 1})
        return found

    def documents(
        self,
        collection: str,
        query: Mapping[str, Any],
        fields: Mapping[str, Any],
        limit: int = 0,
    ) -> Iterator[Document]:
        """Single documents, so much of them."""
        yield from self.store[collection].find(
            query, fields, limit=limit, max_time_ms=self._milliseconds
        )

    @property
    def _milliseconds(self) -> int:
        return round(self.limits.query_seconds * 1000)


def in_batches(identities: Sequence[Any]) -> Iterator[Document]:
    """Queries for documents by `_id`."""
    for start in range(0, len(identities), _BATCH):
        yield {"_id": {"$in": list(identities[start : start + _BATCH])}}


def listed(names: Collection[str]) -> str:
    """The names, as far as a sentence can hold them."""
    shown = sorted(names)[:20]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return ", ".join(shown) + more if shown else "none"
