"""A snapshot folder of what the check reads, to be looked at elsewhere."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bson import DatetimeMS, json_util

from healthcheck.activity import Activity, Lookback
from healthcheck.errors import OutputError, UsageError
from healthcheck.redaction import redact
from healthcheck.settings import Settings
from healthcheck.sources import catalog, cleaning
from healthcheck.sources.cleaning import ERROR_TIMES, SUCCESS_TIMES
from healthcheck.sources.client import Document
from healthcheck.sources.counting import takes_part
from healthcheck.sources.limits import LIMITS, Limits
from healthcheck.sources.mongodb import StoreReader, reading, taking_part
from healthcheck.sources.snapshot import ERRORS, MANIFEST, METRICS, MODELS
from healthcheck.sources.times import object_id_of, to_ms


def export(
    settings: Settings, folder: Path, lookback: Lookback, limits: Limits = LIMITS
) -> Activity:
    """Write all documents of the nine windows, and return what they say; raises HealthCheckError.

    `snapshot.collect` then gives what `mongodb.collect` gives, but for what was redacted.
    """
    with _new_folder(folder) as partial, reading(settings, lookback, limits) as source:
        activity = source.activity()
        holds = {ERRORS: _failures(source, activity), METRICS: _successes(source, activity)}
        if activity.catalog is not None:
            holds[MODELS] = source.documents(settings.catalog_collection, {}, catalog.FIELDS)
        for name, documents in holds.items():
            _write(partial / f"{name}.jsonl.gz", _lines(documents, limits))
        manifest = {
            "format": 1,
            "since": lookback.begin.isoformat(),
            "until": lookback.until.isoformat(),
            "last_success_looked_up": activity.last_success is not None,
        }
        said = json.dumps(manifest).replace("+00:00", "Z")
        _write(partial / MANIFEST, [f"{said}\n".encode()])
        return activity


def _failures(source: StoreReader, activity: Activity) -> Iterator[Document]:
    """Those of the windows, and the last failures, which may be older."""
    name, fields = source.settings.errors_collection, cleaning.ERROR_FIELDS
    after = {model: to_ms(found.first) - 1 for model, found in activity.last_failures.items()}
    last = {one.order: one.document["_id"] for one in chain(*source.last_failures(after).values())}
    query = {"$or": [taking_part(source.span), {"_id": {"$in": [*last.values()]}}]}
    for document in source.documents(name, query, fields):
        is_last = repr(document["_id"]) in last
        if is_last or takes_part(cleaning.when(document, ERROR_TIMES), source.span):
            yield document


def _successes(source: StoreReader, activity: Activity) -> Iterator[Document]:
    """The one that is known of a model before all windows, and those of the windows."""
    name = source.settings.metrics_collection
    for (provider, model), at in (activity.last_success or {}).items():
        names = {"provider": provider, "model_name": model, "gen_ts": DatetimeMS(to_ms(at))}
        yield {"_id": object_id_of(to_ms(at)), **names}
    for document in source.documents(name, taking_part(source.span), cleaning.SUCCESS_FIELDS):
        if takes_part(cleaning.when(document, SUCCESS_TIMES), source.span):
            yield document


def _lines(documents: Iterable[Document], limits: Limits) -> Iterator[bytes]:
    """As one line of Extended JSON each.

    A message is redacted as a whole, then cut: one character more than is kept shows the cut.
    """
    for document in documents:
        plain = _redacted(document)
        if type(message := plain.get("message")) is str:
            plain["message"] = message[: limits.message_characters + 1]
        said = json_util.dumps(plain, json_options=json_util.CANONICAL_JSON_OPTIONS)
        yield said.encode() + b"\n"


def _redacted(value: Any) -> Any:
    if type(value) is str:
        return redact(cleaning.text(value))
    if isinstance(value, Mapping):
        return {redact(str(name)): _redacted(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_redacted(held) for held in value]
    return value


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """A hidden folder beside `target`, for its owner only, that takes its place in the end."""
    try:
        target = target.resolve()
        if target.is_dir() and any(target.iterdir()):
            remedy = "Use a new folder, or empty this one."
            raise UsageError(f"The folder {target} is not empty.", remedy)
        name, there = f".{target.name}.partial-", next(filter(Path.exists, target.parents))
        with TemporaryDirectory(prefix=name, dir=there, ignore_cleanup_errors=True) as made:
            yield Path(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            Path(made).rename(target)
    except OSError as error:
        raise OutputError(f"The snapshot cannot be written to {target}", error) from None


def _write(path: Path, lines: Iterable[bytes]) -> None:
    """A file with mode 0600 whatever the umask, packed where its name says so."""
    with path.open("wb") as raw:
        path.chmod(0o600)
        with gzip.GzipFile(path.stem, "wb", fileobj=raw) if path.suffix == ".gz" else raw as stream:
            stream.writelines(lines)
