"""An `Activity` from a snapshot folder, document by document."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from healthcheck.activity import Activity, Lookback, ModelKey, Sample
from healthcheck.sources import catalog, cleaning, manifest, snapshot_files
from healthcheck.sources.assembly import (
    Catalog,
    assemble,
    choose,
    since_success,
    without_attempt,
    without_success,
)
from healthcheck.sources.counting import Counter, Ref
from healthcheck.sources.limits import Limits
from healthcheck.sources.lookups import LastFailures, add_success
from healthcheck.sources.snapshot_files import documents
from healthcheck.sources.times import LATEST_MS, Span, from_ms


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
    counter = Counter(Span.of(lookback), limits)
    entries = None if files.models is None else _catalog(files.models, limits)
    progress(f"reading {files.metrics.name}")
    old = _successes(files.metrics, counter, limits)
    progress(f"reading {files.errors.name}")
    failures = LastFailures(counter.span, since_success(counter, entries, old))
    for number, document in documents(files.errors, cleaning.ERROR_FIELDS, limits.line_bytes):
        counter.error(document, number)
        failures.add(document, number)
    counter.fold()
    failures.keep_only(without_attempt(counter, entries))
    last_success = {p: from_ms(old[p]) for p in without_success(counter, entries) if p in old}
    samples = choose(counter, lookback.length.days)
    chosen = {ref.handle for refs in samples.values() for ref in refs} | {*failures.handles()}
    progress(f"fetching {len(chosen)} error messages")
    messages = _messages(files.errors, chosen, limits.for_samples(len(chosen)))

    def sample(ref: Ref) -> Sample:
        return Sample(from_ms(ref.at), *messages[ref.handle])

    return assemble(
        counter,
        lookback,
        samples,
        sample,
        last_failures=failures.cells(sample),
        last_success=last_success if stated is None or stated.knows_last_success else None,
        catalog=entries,
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
            when = cleaning.when(document, times)
            if when.ms is not None:
                stored = when.ms if when.stored is None else when.stored
                time = stored if when.ms > stored + margin else when.ms
                newest = time if newest is None else max(time, newest)
    return None if newest is None else from_ms(min(newest + 1, LATEST_MS))


def _catalog(file: Path, limits: Limits) -> Catalog:
    found = documents(file, catalog.FIELDS, limits.line_bytes)
    return catalog.entries((document for _, document in found), file.name, limits)


def _successes(file: Path, counter: Counter, limits: Limits) -> dict[ModelKey, int]:
    """Count them; and when each pair last had one before all windows."""
    old: dict[ModelKey, int] = {}
    first, second = cleaning.SUCCESS_TIMES
    fields = [field for field in cleaning.SUCCESS_FIELDS if field != second]
    for _, document in documents(file, fields, limits.line_bytes):
        # The second time matters only where the first is none: a twelfth of the work is spared.
        if cleaning.time(document.get(first)) is None and type(document.get(second)) is dict:
            document[second] = snapshot_files.plain(document[second])
        counter.success(document)
        add_success(old, document, counter.span.begin)
    return old


def _messages(
    file: Path, chosen: Collection[int], limits: Limits
) -> dict[int, tuple[str, bool, int | None]]:
    """A second pass for the messages: the first cannot know which ones will be shown."""
    if not chosen:
        return {}
    found = documents(file, ("message", "http_status"), limits.line_bytes, only=chosen)
    return {
        number: (
            *cleaning.message(document.get("message"), limits.message_characters),
            cleaning.http_status(document.get("http_status")),
        )
        for number, document in found
    }
