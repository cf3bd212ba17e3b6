"""An `Activity` from MongoDB: the server groups, and only what is shown is fetched."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from healthcheck.activity import Activity, CatalogueEntry, Lookback, Pair, Stage
from healthcheck.errors import SourceError
from healthcheck.settings import Settings
from healthcheck.sources import catalogue, last_success, pipelines
from healthcheck.sources.assembly import assemble, choose, without_success
from healthcheck.sources.bson_order import order
from healthcheck.sources.cleaning import text
from healthcheck.sources.connecting import Document, Store, connected, retried
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
        self.progress(f"fetching {len(refs)} error messages")
        errors = self.store[self.settings.errors_collection]
        fetched = fetch(errors, [ref.handle for ref in refs], self.limits)
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
        there = set(self.store.list_collection_names(authorizedCollections=True))
        wanted = {
            self.settings.errors_collection: "MONGODB_COLLECTION_ERRORS",
            self.settings.metrics_collection: "MONGODB_COLLECTION_CLOUD",
        }
        for name, variable in wanted.items():
            if name not in there:
                raise SourceError(
                    f"The database {self.store.name} has no collection {name} (see {variable} and "
                    f"MONGODB_DB); it holds {listed(there)}."
                )
        return self.settings.catalogue_collection in there

    def catalogue(self) -> dict[Pair, CatalogueEntry]:
        """What the catalogue says; read whole, up to the limit."""
        name = self.settings.catalogue_collection
        found = self.store[name].find(
            {},
            dict.fromkeys(catalogue.FIELDS, 1),
            limit=self.limits.catalogue_entries + 1,
            max_time_ms=self._milliseconds,
        )
        return catalogue.entries(found, name, self.limits)

    def grouped(self) -> Groups:
        """Counts of all pairs; where they are too many, the server folds them."""
        span = Span.of(self.lookback)
        everything = pipelines.Counting(span, self.limits)
        try:
            return self._counted(everything)
        except _TooManyPairs:
            self.progress("finding the largest pairs")
        errors, metrics = self._collections
        largest = self._aggregate(errors, pipelines.largest(everything, metrics))
        kept = [Pair(row["_id"]["p"], row["_id"]["m"]) for row in largest]
        number = [*pipelines.pairs(everything, metrics), {"$count": "n"}]
        total = next(self._aggregate(errors, number), {"n": 0})["n"]
        groups = self._counted(pipelines.Counting(span, self.limits, kept))
        groups.folded = total - len(kept)
        return groups

    def _counted(self, counting: pipelines.Counting) -> Groups:
        groups = Groups(self.limits.samples_per_cell)
        errors, metrics = self._collections
        seen: set[Pair] = set()
        with ThreadPoolExecutor(2) as threads:
            both = (
                threads.submit(self._rows, errors, pipelines.errors(counting), seen, counting),
                threads.submit(self._rows, metrics, pipelines.successes(counting), seen, counting),
            )
            error_rows, success_rows = (future.result() for future in both)
        for row in error_rows:
            _take_errors(groups, row)
        for row in success_rows:
            _take_successes(groups, row)
        return groups

    def _rows(
        self,
        collection: str,
        pipeline: pipelines.Pipeline,
        seen: set[Pair],
        counting: pipelines.Counting,
    ) -> list[Document]:
        rows = []
        for row in self._aggregate(collection, pipeline):
            if counting.kept is None and row["_id"]["w"] != pipelines.UNDATED:
                seen.add(_pair(row))
                if len(seen) > self.limits.pairs:
                    raise _TooManyPairs
            rows.append(row)
        return rows

    def _aggregate(self, collection: str, pipeline: pipelines.Pipeline) -> Iterator[Document]:
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


def _take_errors(groups: Groups, row: Document) -> None:
    key, keep = row["_id"], groups.keep
    if not _is_dated(groups, row):
        return
    count = Count(row["n"], row["first"], row["last"])
    if key["w"] >= JUDGED_WINDOWS:
        put(groups.past_errors, TallyKey(key["w"], _pair(row)), count, keep)
        return
    count.newest = [Ref(one["t"], order(one["i"]), one["i"]) for one in row["newest"]]
    cell = ErrorKey(key["w"], _pair(row), key["h"], key["k"], Stage(key["s"]))
    put(groups.errors, cell, count, keep)


def _take_successes(groups: Groups, row: Document) -> None:
    key, keep = row["_id"], groups.keep
    if not _is_dated(groups, row):
        return
    count = Count(row["n"], row["first"], row["last"])
    if key["w"] >= JUDGED_WINDOWS:
        put(groups.past_successes, TallyKey(key["w"], _pair(row)), count, keep)
    else:
        put(groups.successes, SuccessKey(key["w"], _pair(row), key["h"]), count, keep)


def _is_dated(groups: Groups, row: Document) -> bool:
    window: Any = row["_id"]["w"]
    if window == pipelines.UNDATED:
        groups.undated += row["n"]
        return False
    if window < JUDGED_WINDOWS:
        groups.malformed[window] += row["bad"]
    return True
