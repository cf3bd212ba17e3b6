"""A snapshot folder of what the check reads, to be looked at elsewhere."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from healthcheck import __version__
from healthcheck.activity import Activity, Lookback, Pair
from healthcheck.redaction import redact as redact_secrets
from healthcheck.settings import Settings
from healthcheck.sources import export_documents, manifest, pipelines
from healthcheck.sources.bson_order import order
from healthcheck.sources.cleaning import ERROR_TIMES, RESULT_FIELDS, SUCCESS_TIMES
from healthcheck.sources.connecting import Document, connected, retried
from healthcheck.sources.counting import Counter
from healthcheck.sources.export_documents import Plain, Redact
from healthcheck.sources.export_folder import new_folder, write
from healthcheck.sources.limits import Limits
from healthcheck.sources.mongodb import Reading, silent
from healthcheck.sources.snapshot_files import ERRORS, METRICS, MODELS
from healthcheck.sources.times import Span

_BATCH = 500
_PACKED = ".jsonl.gz"
_NAMES = ("provider", "model_name")
_ERROR_FIELDS = (*_NAMES, *ERROR_TIMES, "stage", "error_kind", "http_status", "message")
_SUCCESS_FIELDS = (*_NAMES, *SUCCESS_TIMES, *RESULT_FIELDS)


def export(  # noqa: PLR0913 - the last three are for tests and the terminal
    settings: Settings,
    folder: Path,
    lookback: Lookback,
    *,
    redact: Redact = redact_secrets,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    progress: Callable[[str], None] = silent,
) -> None:
    """Write all documents of the nine windows; raises SourceError, SettingsError or OutputError.

    `snapshot.collect` then gives what `mongodb.collect` gives, but for what was redacted.
    """
    with new_folder(folder) as partial, connected(settings, limits) as store:
        reading = Reading(store, settings, lookback, limits, progress)
        retried(lambda: _write_all(reading, partial, redact), limits)


def _write_all(reading: Reading, folder: Path, redact: Redact) -> None:
    found = reading.found()
    activity = found.activity
    limits = reading.limits
    counts = {}
    reading.progress("writing failures")
    failures = _failures(reading, found.last_failures)
    counts[ERRORS] = write(
        folder / (ERRORS + _PACKED),
        _lines(export_documents.error(document, redact, limits) for document in failures),
    )
    reading.progress("writing successes")
    successes = _recent(
        reading, reading.settings.metrics_collection, SUCCESS_TIMES, _SUCCESS_FIELDS
    )
    counts[METRICS] = write(
        folder / (METRICS + _PACKED),
        _lines(_metrics(found.old_successes, successes, redact, limits)),
    )
    if activity.catalogue is not None:
        entries = (
            export_documents.entry(document, redact, limits)
            for document in reading.catalogue_documents()
        )
        counts[MODELS] = write(folder / (MODELS + _PACKED), _lines(entries))
    said = _manifest(reading.lookback, activity, counts)
    write(folder / manifest.NAME, [export_documents.line(said)])


def _recent(
    reading: Reading, collection: str, times: tuple[str, ...], fields: Sequence[str]
) -> Iterator[Document]:
    counter = Counter(Span.of(reading.lookback), reading.limits)
    query = pipelines.taking_part(counter.span, reading.limits)
    for document in reading.documents(collection, query, dict.fromkeys(fields, 1)):
        if counter.counts(document, times):
            yield document


def _failures(reading: Reading, last: Sequence[Any]) -> Iterator[Document]:
    """The last failures, which may be older than all windows, and those of the windows."""
    name = reading.settings.errors_collection
    written = set()
    for start in range(0, len(last), _BATCH):
        batch = {"_id": {"$in": last[start : start + _BATCH]}}
        for document in reading.documents(name, batch, dict.fromkeys(_ERROR_FIELDS, 1)):
            written.add(order(document["_id"]))
            yield document
    for document in _recent(reading, name, ERROR_TIMES, _ERROR_FIELDS):
        if order(document["_id"]) not in written:
            yield document


def _metrics(
    old_successes: Mapping[Pair, int], documents: Iterable[Document], redact: Redact, limits: Limits
) -> Iterator[Plain]:
    for pair, at in sorted(old_successes.items()):
        yield export_documents.last_success(pair, at, redact)
    for document in documents:
        yield export_documents.success(document, redact, limits)


def _manifest(lookback: Lookback, activity: Activity, counts: dict[str, int]) -> Plain:
    return {
        "format": manifest.FORMAT,
        "made_by": f"llm-health-check {__version__}",
        "created": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "since": lookback.begin.isoformat(timespec="milliseconds"),
        "until": lookback.until.isoformat(timespec="milliseconds"),
        "days": lookback.length.total_seconds() / 86_400,
        "last_success_looked_up": activity.last_success is not None,
        "documents": counts,
    }


def _lines(documents: Iterable[Plain]) -> Iterator[bytes]:
    return map(export_documents.line, documents)
