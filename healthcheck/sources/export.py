"""A snapshot folder of what the check reads, to be looked at elsewhere."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bson import DatetimeMS, json_util

from healthcheck import __version__
from healthcheck.activity import Lookback
from healthcheck.errors import OutputError
from healthcheck.redaction import redact as redact_secrets
from healthcheck.settings import Settings
from healthcheck.sources import cleaning, pipelines
from healthcheck.sources.assembly import Found, Progress, assemble, silent
from healthcheck.sources.client import Document, retried
from healthcheck.sources.counting import takes_part
from healthcheck.sources.limits import Limits
from healthcheck.sources.mongodb import StoreReader, reading
from healthcheck.sources.snapshot import FORMAT, MANIFEST
from healthcheck.sources.snapshot_files import ERRORS, METRICS, MODELS
from healthcheck.sources.times import object_id_of

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
    progress: Progress = silent,
) -> None:
    """Write all documents of the nine windows; raises SourceError, SettingsError or OutputError.

    `snapshot.collect` then gives what `mongodb.collect` gives, but for what was redacted.
    """
    with _new_folder(folder) as partial, reading(settings, lookback, limits) as source:

        def write_all() -> None:
            found = assemble(source, lookback, progress)
            progress("writing the snapshot")
            holds = {ERRORS: _failures(source, found), METRICS: _successes(source, found)}
            if found.activity.catalog is not None:
                holds[MODELS] = source.entries()
            written = {
                name: _write(partial / f"{name}.jsonl.gz", _lines(documents, redact, limits))
                for name, documents in holds.items()
            }
            manifest = {
                "format": FORMAT,
                "made_by": f"llm-health-check {__version__}",
                "created": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "since": lookback.begin.isoformat(timespec="milliseconds"),
                "until": lookback.until.isoformat(timespec="milliseconds"),
                "days": lookback.length.total_seconds() / 86_400,
                "last_success_looked_up": found.activity.last_success is not None,
                "documents": written,
            }
            _write(partial / MANIFEST, [json.dumps(manifest).encode() + b"\n"])

        retried(write_all, limits)


def _failures(source: StoreReader, found: Found) -> Iterator[Document]:
    """Those of the windows, and the last failures, which may be older."""
    yield from _recent(
        source, source.settings.errors_collection, cleaning.ERROR_TIMES, _ERROR_FIELDS
    )
    for document in source.failures(found.last_failures, _ERROR_FIELDS):
        if not takes_part(cleaning.when(document, cleaning.ERROR_TIMES), source.span):
            yield document


def _successes(source: StoreReader, found: Found) -> Iterator[Document]:
    """The one that is known of a pair before all windows, and those of the windows."""
    for (provider, model), at in sorted(found.old_successes.items()):
        names = {"provider": provider, "model_name": model}
        yield {"_id": object_id_of(at), **names, "gen_ts": DatetimeMS(at)}
    yield from _recent(
        source, source.settings.metrics_collection, cleaning.SUCCESS_TIMES, _SUCCESS_FIELDS
    )


def _recent(
    source: StoreReader, collection: str, times: tuple[str, ...], fields: Mapping[str, Any]
) -> Iterator[Document]:
    for document in source.documents(collection, pipelines.taking_part(source.span), fields):
        if takes_part(cleaning.when(document, times), source.span):
            yield document


def _lines(documents: Iterable[Document], redact: Redact, limits: Limits) -> Iterator[bytes]:
    """As one line of Extended JSON each.

    A message is redacted as a whole, then cut: one character more than is kept shows the cut.
    """
    for document in documents:
        plain = _redacted(document, redact)
        if type(message := plain.get("message")) is str:
            plain["message"] = message[: limits.message_characters + 1]
        said = json_util.dumps(plain, json_options=json_util.CANONICAL_JSON_OPTIONS)
        yield said.encode() + b"\n"


def _redacted(value: Any, redact: Redact) -> Any:
    if type(value) is str:
        return redact(cleaning.text(value))
    if isinstance(value, Mapping):
        return {redact(str(name)): _redacted(held, redact) for name, held in value.items()}
    if isinstance(value, list):
        return [_redacted(held, redact) for held in value]
    return value


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """A hidden folder beside `target`, for its owner only, that takes its place in the end."""
    try:
        target = target.resolve()
        if target.is_dir() and any(target.iterdir()):
            raise OutputError(
                f"The folder {target} is not empty: use a new folder, or empty this one."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        name = f".{target.name}.partial-"
        with TemporaryDirectory(prefix=name, dir=target.parent, ignore_cleanup_errors=True) as made:
            yield Path(made)
            Path(made).rename(target)
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
