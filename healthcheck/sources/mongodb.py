"""An `Activity` from MongoDB: the server groups, and only what is shown is fetched."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from pymongo.command_cursor import CommandCursor

from healthcheck.activity import Activity, CatalogueEntry, Lookback, Pair, Sample
from healthcheck.errors import SourceError
from healthcheck.settings import Settings
from healthcheck.sources import catalogue, cleaning, last_failures, last_success, pipelines
from healthcheck.sources.assembly import (
    assemble,
    choose,
    since_success,
    without_attempt,
    without_success,
)
from healthcheck.sources.connecting import (
    Document,
    Store,
    collection_names,
    connected,
    retried,
)
from healthcheck.sources.counting import Counter
from healthcheck.sources.fetching import fetch
from healthcheck.sources.grouping import Groups, Ref
from healthcheck.sources.last_failures import LastFailures
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import Span, from_ms

Progress = Callable[[str], None]


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
        return retried(reading.activity, limits)


@dataclass(frozen=True, slots=True)
class Found:
    """What was read, and what an export needs beside the nine windows to give the same."""

    activity: Activity
    old_successes: Mapping[Pair, int]
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

    def activity(self) -> Activity:
        """Everything that a report is made from."""
        return self.found().activity

    def found(self) -> Found:
        """Everything, in as few passes as the number of pairs allows."""
        has_catalogue = self.check_collections()
        entries = self.catalogue() if has_catalogue else None
        self.progress("counting attempts")
        groups = self.counted()
        samples = choose(groups, self.lookback, self.limits)
        self.progress("looking for last successes")
        wanting, waiting = without_success(groups, entries), without_attempt(groups, entries)
        succeeded = {key.pair for key in groups.past_successes}
        old = last_success.look_up(
            self.store[self.settings.metrics_collection],
            sorted({*wanting, *(waiting - succeeded)}),
            Span.of(self.lookback).begin,
            self.limits,
        )
        failures = self.last_failures(since_success(groups, entries, old), waiting)
        handles = [ref.handle for chosen in samples.values() for ref in chosen]
        handles += failures.handles()
        for count in groups.errors.values():
            count.newest = []  # what was not chosen makes room for messages
        self.progress(f"fetching {len(handles)} error messages")
        errors = self.store[self.settings.errors_collection]
        fetched = fetch(errors, handles, self.limits.for_samples(len(handles)))

        def sample(ref: Ref) -> Sample | None:
            return fetched.get(ref.identity, ref.at)

        activity = assemble(
            groups,
            self.lookback,
            samples,
            sample,
            last_success=None if old is None else {p: from_ms(old[p]) for p in wanting if p in old},
            last_failures=failures.cells(sample),
            catalogue=entries,
        )
        return Found(activity, old or {}, failures.handles(all_of_them=True))

    def check_collections(self) -> bool:
        """Whether there is a catalogue; a missing collection of the other two is an error."""
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
        return self.settings.catalogue_collection in there

    def catalogue(self) -> dict[Pair, CatalogueEntry]:
        """What the catalogue says; read whole, up to the limit."""
        name = self.settings.catalogue_collection
        return catalogue.entries(self.catalogue_documents(), name, self.limits)

    def catalogue_documents(self) -> Iterator[Document]:
        """As they are, and one more than there may be."""
        yield from self.store[self.settings.catalogue_collection].find(
            {},
            dict.fromkeys(catalogue.FIELDS, 1),
            limit=self.limits.catalogue_entries + 1,
            max_time_ms=self._milliseconds,
        )

    def counted(self) -> Groups:
        """Counts of all pairs: the server groups all parts at the same time."""
        counter, limits = Counter(Span.of(self.lookback), self.limits), self.limits
        with ThreadPoolExecutor(8) as threads:
            rows = [
                (threads.submit(self.aggregate, collection, pipeline), take)
                for collection, pipeline, take in self._work(counter)
            ]
        for cursor, take in rows:
            with cursor.result() as found:
                for row in found:
                    take(row)
        groups = counter.groups
        cells = groups.errors.values()
        if groups.failures() <= limits.failures_read and any(
            c.count > len(c.newest) for c in cells
        ):
            self._read_failures(groups, counter.span)
        groups.fold(limits.pairs)
        return groups

    def _work(
        self, counter: Counter
    ) -> Iterator[tuple[str, pipelines.Pipeline, Callable[[Document], None]]]:
        span, limits = counter.span, counter.limits
        errors, metrics = self.settings.errors_collection, self.settings.metrics_collection
        for part in pipelines.parts(span, limits):
            yield metrics, pipelines.successes(part, span, limits), counter.successes
            yield errors, pipelines.errors(part, span, limits), counter.errors
        yield metrics, pipelines.others(cleaning.SUCCESS_FIELDS, limits), counter.successes
        yield errors, pipelines.others(cleaning.ERROR_FIELDS, limits), counter.errors

    def aggregate(self, collection: str, pipeline: pipelines.Pipeline) -> CommandCursor[Document]:
        """The rows, once there are any."""
        return self.store[collection].aggregate(
            pipeline, allowDiskUse=True, maxTimeMS=self._milliseconds
        )

    def _read_failures(self, groups: Groups, span: Span) -> None:
        """Those of the judged windows one by one, instead of what the server counted of them."""
        counter = Counter(span, self.limits)
        query, fields = pipelines.judged(span, self.limits), dict.fromkeys(cleaning.ERROR_FIELDS, 1)
        errors = self.settings.errors_collection
        for document in self.documents(errors, query, {**fields, "message": pipelines.has_text}):
            counter.error(document, document["_id"])
        read = counter.groups
        groups.keep, groups.errors = read.keep, read.errors

    def last_failures(
        self, succeeded: Mapping[Pair, int], waiting: Collection[Pair]
    ) -> LastFailures:
        """The newest failures of pairs that are not attempted."""
        span = Span.of(self.lookback)
        wanted = LastFailures(span, {pair: succeeded[pair] for pair in waiting})
        found = last_failures.documents(
            self.store[self.settings.errors_collection],
            wanted,
            pipelines.taking_part(span, self.limits),
            self.limits,
        )
        for document in found:
            wanted.add(document, document["_id"])
        return wanted

    def documents(
        self, collection: str, query: Mapping[str, Any], fields: Mapping[str, Any]
    ) -> Iterator[Document]:
        """As they come."""
        with self.store[collection].find(query, fields, max_time_ms=self._milliseconds) as cursor:
            yield from cursor

    @property
    def _milliseconds(self) -> int:
        return round(self.limits.query_seconds * 1000)


def listed(names: set[str]) -> str:
    """The names, as far as a sentence can hold them."""
    shown = sorted(names)[:20]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return ", ".join(shown) + more if shown else "none"
