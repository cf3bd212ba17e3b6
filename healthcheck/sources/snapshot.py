"""An `Activity` from a snapshot folder, document by document."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from bson import ObjectId

from healthcheck.activity import Activity, CatalogueEntry, Lookback, Pair, Sample
from healthcheck.sources import catalogue, cleaning, manifest, snapshot_files
from healthcheck.sources.assembly import (
    assemble,
    choose,
    since_success,
    without_attempt,
    without_success,
)
from healthcheck.sources.counting import Counter, counts_at
from healthcheck.sources.grouping import Ref
from healthcheck.sources.last_failures import LastFailures
from healthcheck.sources.limits import Limits
from healthcheck.sources.reading import documents
from healthcheck.sources.snapshot_files import SnapshotFile
from healthcheck.sources.times import LATEST_MS, Span, from_ms, object_id_seconds


def silent(_: str) -> None:
    """Tell nobody."""


def collect(
    folder: Path,
    lookback: Lookback,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    progress: Callable[[str], None] = silent,
) -> Activity:
    """Read all that a report needs; raises SourceError with a sentence."""
    files, stated = snapshot_files.find(folder), manifest.read(folder)
    span = Span.of(lookback)
    counter = Counter(span, limits)
    entries = None if files.models is None else _catalogue(files.models, limits)
    progress(f"reading {files.metrics.path.name}")
    old = _successes(files.metrics, counter, limits)
    progress(f"reading {files.errors.path.name}")
    failures = LastFailures(span, since_success(counter.groups, entries, old))
    for number, document in documents(files.errors, cleaning.ERROR_FIELDS, limits.line_bytes):
        counter.error(document, number)
        failures.add(document, number)
    counter.groups.fold(limits.pairs)
    failures.keep_only(without_attempt(counter.groups, entries))
    last_success = {
        pair: from_ms(old[pair]) for pair in without_success(counter.groups, entries) if pair in old
    }
    samples = choose(counter.groups, lookback, limits)
    chosen = {ref.handle for refs in samples.values() for ref in refs}
    chosen |= set(failures.handles())
    progress(f"fetching {len(chosen)} error messages")
    fetched = _fetched(files.errors, chosen, limits.for_samples(len(chosen)))

    def sample(ref: Ref) -> Sample:
        return Sample(from_ms(ref.at), *fetched[ref.handle])

    return assemble(
        counter.groups,
        lookback,
        samples,
        sample,
        last_failures=failures.cells(sample),
        last_success=last_success if stated is None or stated.knows_last_success else None,
        catalogue=entries,
        reaches_back_to=stated.since if stated else None,
    )


def window_end(folder: Path, limits: Limits = Limits()) -> datetime | None:  # noqa: B008 - it is frozen
    """The manifest's `until`, else just behind the newest document; None where there is none.

    A time that is ahead of its own `_id` by more than clocks differ does not count.
    """
    files, stated = snapshot_files.find(folder), manifest.read(folder)
    if stated:
        return stated.until
    margin = round(limits.skew.total_seconds() * 1000)
    newest: int | None = None
    for file, times in (
        (files.errors, cleaning.ERROR_TIMES),
        (files.metrics, cleaning.SUCCESS_TIMES),
    ):
        for _, document in documents(file, ("_id", *times), limits.line_bytes):
            time, _ = cleaning.when(document, times)
            identity = document.get("_id")
            if isinstance(identity, ObjectId):
                stored = object_id_seconds(identity) * 1000
                time = stored if time is None or time > stored + margin else time
            if time is not None and (newest is None or time > newest):
                newest = time
    return None if newest is None else from_ms(min(newest + 1, LATEST_MS))


def _catalogue(file: SnapshotFile, limits: Limits) -> dict[Pair, CatalogueEntry]:
    found = documents(file, catalogue.FIELDS, limits.line_bytes)
    return catalogue.entries((document for _, document in found), file.path.name, limits)


def _successes(file: SnapshotFile, counter: Counter, limits: Limits) -> dict[Pair, int]:
    """Count them; and when each pair last had one before all windows."""
    old: dict[Pair, int] = {}
    begin = counter.span.begin
    for _, document in documents(file, cleaning.SUCCESS_FIELDS, limits.line_bytes):
        counter.success(document)
        provider, model = document.get("provider"), document.get("model_name")
        if type(provider) is str and type(model) is str:
            time, pair = counts_at(document), Pair(provider, model)
            if time is not None and time < begin and time > old.get(pair, time - 1):
                old[pair] = time
    return old


def _fetched(
    file: SnapshotFile, chosen: Collection[int], limits: Limits
) -> dict[int, tuple[str, bool, int | None]]:
    """A second pass for the messages: the first cannot know which ones will be shown."""
    if not chosen:
        return {}
    return {
        number: (
            *cleaning.message(document.get("message"), limits.message_characters),
            cleaning.http_status(document.get("http_status")),
        )
        for number, document in documents(
            file, ("message", "http_status"), limits.line_bytes, only=chosen
        )
    }
