"""An `Activity` from MongoDB: the server groups, and only what is shown is fetched."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from healthcheck.activity import Activity, CatalogueEntry, Lookback, Pair, Stage
from healthcheck.errors import SourceError
from healthcheck.settings import Settings
from healthcheck.sources import catalogue, last_success, pipelines
from healthcheck.sources.assembly import assemble, choose, without_success
from healthcheck.sources.bson_order import order
from healthcheck.sources.cleaning import text
from healthcheck.sources.connecting import (
    Document,
    Store,
    collection_names,
    connected,
    retried,
)
from healthcheck.sources.fetching import fetch
from healthcheck.sources.grouping import (
    JUDGED_WINDOWS,
    Count,
    ErrorKey,
    Groups,
    Ref,
    SuccessKey,
    TallyKey,
    put,
)
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import Span

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


class _TooManyPairs(Exception):  # noqa: N818 - no error, a signal
    pass


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the store; nothing of it survives when it has to be done again."""

    store: Store
    settings: Settings
    lookback: Lookback
    limits: Limits
    progress: Progress

    def activity(self) -> Activity:
        """Everything, in as few passes as the number of pairs allows."""
        has_catalogue = self.check_collections()
        entries = self.catalogue() if has_catalogue else None
        self.progress("counting attempts")
        groups = self.grouped()
        samples = choose(groups, self.lookback, self.limits)
        refs = [ref for chosen in samples.values() for ref in chosen]
        for count in groups.errors.values():
            count.newest = []  # what was not chosen makes room for messages
        self.progress(f"fetching {len(refs)} error messages")
        errors = self.store[self.settings.errors_collection]
        fetched = fetch(errors, [ref.handle for ref in refs], self.limits.for_samples(len(refs)))
        self.progress("looking for last successes")
        successes = last_success.look_up(
            self.store[self.settings.metrics_collection],
            without_success(groups, entries),
            Span.of(self.lookback).begin,
            self.limits,
        )
        return assemble(
            groups,
            self.lookback,
            samples,
            lambda ref: fetched.get(ref.identity, ref.at),
            last_success=successes,
            catalogue=entries,
        )

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

    def grouped(self) -> Groups:
        """Counts of all pairs; where they are too many, the server folds them."""
        span = Span.of(self.lookback)
        everything = pipelines.Counting(span, self.limits)
        try:
            return self._counted(everything)
        except _TooManyPairs:
            self.progress("finding the largest pairs")
        errors, metrics = self._collections
        largest = self.aggregate(errors, pipelines.largest(everything, metrics))
        kept = [Pair(row["_id"]["p"], row["_id"]["m"]) for row in largest]
        number = [*pipelines.pairs(everything, metrics), {"$count": "n"}]
        total = next(self.aggregate(errors, number), {"n": 0})["n"]
        groups = self._counted(pipelines.Counting(span, self.limits, kept))
        groups.folded = total - len(kept)
        return groups

    def _counted(self, counting: pipelines.Counting) -> Groups:
        seen: set[Pair] | None = set() if counting.kept is None else None
        errors, metrics = self._collections
        work = (
            (errors, pipelines.errors(counting), _take_errors),
            (metrics, pipelines.successes(counting), _take_successes),
        )
        with ThreadPoolExecutor(2) as threads:
            both = [threads.submit(self._taken, *one, counting.span, seen) for one in work]
            groups, of_successes = (future.result() for future in both)
        groups.successes, groups.past_successes = (
            of_successes.successes,
            of_successes.past_successes,
        )
        groups.undated += of_successes.undated
        groups.malformed = [
            sum(both) for both in zip(groups.malformed, of_successes.malformed, strict=True)
        ]
        return groups

    def _taken(
        self,
        collection: str,
        pipeline: pipelines.Pipeline,
        take: Callable[[Groups, Document, Span], None],
        span: Span,
        seen: set[Pair] | None,
    ) -> Groups:
        groups = Groups(self.limits.samples_per_cell)
        for row in self.aggregate(collection, pipeline):
            if seen is not None and row["_id"]["g"] is not None:
                seen.add(_pair(row))
                if len(seen) > self.limits.pairs:
                    raise _TooManyPairs
            take(groups, row, span)
        return groups

    def aggregate(self, collection: str, pipeline: pipelines.Pipeline) -> Iterator[Document]:
        """The rows as they come."""
        with self.store[collection].aggregate(
            pipeline, allowDiskUse=True, maxTimeMS=self._milliseconds
        ) as cursor:
            yield from cursor

    @property
    def _collections(self) -> tuple[str, str]:
        return self.settings.errors_collection, self.settings.metrics_collection

    @property
    def _milliseconds(self) -> int:
        return round(self.limits.query_seconds * 1000)


def listed(names: set[str]) -> str:
    """The names, as far as a sentence can hold them."""
    shown = sorted(names)[:20]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return ", ".join(shown) + more if shown else "none"


def _pair(row: Document) -> Pair:
    return Pair(text(row["_id"]["p"]), text(row["_id"]["m"]))


def _take_errors(groups: Groups, row: Document, span: Span) -> None:
    placed, keep = _placed(groups, row, span), groups.keep
    if placed is None:
        return
    window, hour, count = placed
    if window >= JUDGED_WINDOWS:
        put(groups.past_errors, TallyKey(window, _pair(row)), count, keep)
        return
    count.newest = [Ref(int(one["t"]), order(one["i"]), one["i"]) for one in row["newest"]]
    cell = ErrorKey(window, _pair(row), hour, row["_id"]["k"], Stage(row["_id"]["s"]))
    put(groups.errors, cell, count, keep)


def _take_successes(groups: Groups, row: Document, span: Span) -> None:
    placed, keep = _placed(groups, row, span), groups.keep
    if placed is None:
        return
    window, hour, count = placed
    if window >= JUDGED_WINDOWS:
        put(groups.past_successes, TallyKey(window, _pair(row)), count, keep)
    else:
        put(groups.successes, SuccessKey(window, _pair(row), hour), count, keep)


def _placed(groups: Groups, row: Document, span: Span) -> tuple[int, int, Count] | None:
    """Window, hour and count of a row; what concerns no cell is counted on the way."""
    placed = pipelines.place(row["_id"], span)
    if placed is None:
        groups.undated += row["n"]
        return None
    window, hour = placed
    if window < JUDGED_WINDOWS:
        groups.malformed[window] += row["bad"]
    return window, hour, Count(row["n"], int(row["first"]), int(row["last"]))
