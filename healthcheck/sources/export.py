"""A snapshot folder of what the check reads, to be looked at elsewhere."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from healthcheck import __version__
from healthcheck.activity import Activity, Lookback, Pair
from healthcheck.redaction import redact as redact_secrets
from healthcheck.settings import Settings
from healthcheck.sources import manifest, pipelines
from healthcheck.sources.cleaning import (
    ERROR_FIELDS,
    ERROR_TIMES,
    SUCCESS_FIELDS,
    SUCCESS_TIMES,
    order,
)
from healthcheck.sources.connecting import Document, connected, retried
from healthcheck.sources.counting import Counter
from healthcheck.sources.export_documents import Redact, last_success, line
from healthcheck.sources.export_folder import new_folder, write
from healthcheck.sources.limits import Limits
from healthcheck.sources.mongodb import Reading, silent
from healthcheck.sources.snapshot_files import ERRORS, METRICS, MODELS
from healthcheck.sources.times import Span

_BATCH = 500
_PACKED = ".jsonl.gz"
_ERROR_FIELDS = (*ERROR_FIELDS, "http_status")


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
    written = {}

    def put(name: str, documents: Iterable[Mapping[str, Any]]) -> None:
        lines = (line(document, redact, reading.limits) for document in documents)
        written[name] = write(folder / (name + _PACKED), lines)

    reading.progress("writing failures")
    put(ERRORS, _failures(reading, found.last_failures))
    reading.progress("writing successes")
    put(METRICS, _metrics(reading, found.old_successes))
    if found.activity.catalogue is not None:
        put(MODELS, reading.catalogue_documents())
    said = _manifest(reading.lookback, found.activity, written)
    write(folder / manifest.NAME, [json.dumps(said).encode() + b"\n"])


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


def _metrics(reading: Reading, old_successes: Mapping[Pair, int]) -> Iterator[Mapping[str, Any]]:
    for pair, at in sorted(old_successes.items()):
        yield last_success(pair, at)
    yield from _recent(reading, reading.settings.metrics_collection, SUCCESS_TIMES, SUCCESS_FIELDS)


def _manifest(lookback: Lookback, activity: Activity, counts: dict[str, int]) -> dict[str, Any]:
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
