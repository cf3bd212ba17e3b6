"""A snapshot folder of what the check reads, to be looked at elsewhere."""

import gzip
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bson import DatetimeMS, json_util

from healthcheck import __version__
from healthcheck.activity import Activity, Lookback, ModelKey
from healthcheck.errors import OutputError
from healthcheck.redaction import redact as redact_secrets
from healthcheck.settings import Settings
from healthcheck.sources import cleaning, manifest, pipelines
from healthcheck.sources.client import Document, connected, retried
from healthcheck.sources.counting import Counter
from healthcheck.sources.limits import Limits
from healthcheck.sources.mongodb import Found, Reading, in_batches, silent
from healthcheck.sources.snapshot_files import ERRORS, METRICS, MODELS
from healthcheck.sources.times import Span, object_id_of

_PACKED = ".jsonl.gz"
_ERROR_FIELDS = dict.fromkeys((*cleaning.ERROR_FIELDS, "http_status"), 1)
_SUCCESS_FIELDS = dict.fromkeys(cleaning.SUCCESS_FIELDS, 1)

Redact = Callable[[str], str]


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
    with _new_folder(folder) as partial, connected(settings, limits) as store:
        reading = Reading(store, settings, lookback, limits, progress)
        retried(lambda: _write_all(reading, partial, redact), limits)


def _write_all(reading: Reading, folder: Path, redact: Redact) -> None:
    found = reading.found()
    written = {}

    def put(name: str, documents: Iterable[Mapping[str, Any]]) -> None:
        lines = (_line(document, redact, reading.limits) for document in documents)
        written[name] = _write(folder / (name + _PACKED), lines)

    reading.progress("writing failures")
    put(ERRORS, _failures(reading, found))
    reading.progress("writing successes")
    put(METRICS, _successes(reading, found.old_successes))
    if found.activity.catalog is not None:
        put(MODELS, reading.catalog_documents())
    said = _manifest(reading.lookback, found.activity, written)
    _write(folder / manifest.NAME, [json.dumps(said).encode() + b"\n"])


def _failures(reading: Reading, found: Found) -> Iterator[Document]:
    """The last failures, which may be older than all windows, and those of the windows."""
    name, written = reading.settings.errors_collection, set()
    for batch in in_batches(found.last_failures):
        for document in reading.documents(name, batch, _ERROR_FIELDS):
            written.add(cleaning.order(document["_id"]))
            yield document
    for document in _recent(reading, name, cleaning.ERROR_TIMES, _ERROR_FIELDS):
        if cleaning.order(document["_id"]) not in written:
            yield document


def _successes(reading: Reading, old: Mapping[ModelKey, int]) -> Iterator[Document]:
    """The one that is known of a pair before all windows, and those of the windows."""
    for (provider, model), at in sorted(old.items()):
        names = {"provider": provider, "model_name": model}
        yield {"_id": object_id_of(at), **names, "gen_ts": DatetimeMS(at)}
    name = reading.settings.metrics_collection
    yield from _recent(reading, name, cleaning.SUCCESS_TIMES, _SUCCESS_FIELDS)


def _recent(
    reading: Reading, collection: str, times: tuple[str, ...], fields: Mapping[str, Any]
) -> Iterator[Document]:
    counter = Counter(Span.of(reading.lookback), reading.limits)
    query = pipelines.taking_part(counter.span, reading.limits)
    for document in reading.documents(collection, query, fields):
        if counter.counts(document, times):
            yield document


def _line(document: Mapping[str, Any], redact: Redact, limits: Limits) -> bytes:
    """As one line of Extended JSON.

    A message is redacted as a whole, then cut: one character more than is kept shows the cut.
    """
    plain = {name: _redacted(value, redact) for name, value in document.items()}
    if type(message := plain.get("message")) is str:
        plain["message"] = message[: limits.message_characters + 1]
    said = json_util.dumps(plain, json_options=json_util.CANONICAL_JSON_OPTIONS)
    return said.encode() + b"\n"


def _redacted(value: Any, redact: Redact) -> Any:
    if type(value) is str:
        return redact(cleaning.text(value))
    if isinstance(value, Mapping):
        return {redact(str(name)): _redacted(held, redact) for name, held in value.items()}
    if isinstance(value, list):
        return [_redacted(held, redact) for held in value]
    return value


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


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """A hidden folder beside `target`, for its owner only, that takes its place in the end."""
    try:
        target = target.resolve()
        if target.is_dir() and any(target.iterdir()):
            raise OutputError(
                f"The folder {target} is not empty: name a new one, or remove what is in it."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
        partial.mkdir()
        try:
            partial.chmod(0o700)
            yield partial
            partial.rename(target)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    except OSError as error:
        raise OutputError(
            f"The snapshot cannot be written to {target}: {error.strerror}."
        ) from None


def _write(path: Path, lines: Iterable[bytes]) -> int:
    """A file with mode 0600 whatever the umask, packed where its name says so; how many lines."""
    number = 0
    with path.open("wb") as raw:
        path.chmod(0o600)
        with gzip.GzipFile(path.stem, "wb", fileobj=raw) if path.suffix == ".gz" else raw as stream:
            for number, line in enumerate(lines, 1):  # noqa: B007 - it is the last one that counts
                stream.write(line)
    return number
