"""An `Activity` from a snapshot folder, document by document."""

import gzip
import json
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import bson
from bson import DatetimeMS, json_util
from bson.errors import BSONError

from healthcheck.activity import LAST_FAILURES, Activity, Lookback, most
from healthcheck.errors import SourceError, UsageError, did_you_mean
from healthcheck.files import read_bounded
from healthcheck.sources import catalog, cleaning
from healthcheck.sources.cleaning import CODEC, ERROR_TIMES, SUCCESS_TIMES
from healthcheck.sources.counting import AttemptCounter, LatestPerModel, assemble
from healthcheck.sources.limits import LIMITS, Limits
from healthcheck.sources.times import EARLIEST_MS, LATEST_MS, SKEW_MS, Span, from_ms, parse_iso

MANIFEST, _MANIFEST_BYTES = "manifest.json", 10_000
ERRORS, METRICS, MODELS = "errors_cloud", "metrics_cloud_v2", "models"
MOST_BYTES = 256 * 1024 * 1024
"""Unpacked: how long a line may be, or a file that is one array; each is read as a whole."""

_FORMS = ("jsonl", "json", "ndjson", "bson")
# The tools use the name of the collection; Compass puts that of the database before it.
_FILE = re.compile(rf"(?:[^.]+\.)?({ERRORS}|{METRICS}|{MODELS})\.(?:{'|'.join(_FORMS)})(?:\.gz)?")
_LISTED = 20
_REMEDY = (
    "A snapshot is written by llm-health-check export, mongoexport --type=json (CSV has no types, "
    "and --pretty writes a document over several lines) or mongodump --out."
)

Documents = Iterator[dict[str, Any]]


def collect(folder: Path, lookback: Lookback, limits: Limits = LIMITS) -> Activity:
    """Read all that a report needs; raises SourceError with a sentence."""
    files, manifest, span = _find(folder), _manifest(folder), Span.of(lookback)
    counter, longest = AttemptCounter(span, limits), limits.message_characters
    # Of what is older than the windows, the passes that count keep the newest.
    successes = LatestPerModel(SUCCESS_TIMES, span.begin, 1, 0)
    failures = LatestPerModel(ERROR_TIMES, span.judged, LAST_FAILURES, longest)
    for document in _documents(files[METRICS]):
        counter.success(document)
        successes.add(document)
    for document in _documents(files[ERRORS]):
        counter.error(document)
        failures.add(document)
    counter.close()
    known = catalog.entries(_documents(files[MODELS]), limits) if MODELS in files else None
    is_known = manifest is None or manifest.last_success_looked_up
    last_success = successes.after if is_known else lambda _: None
    activity = assemble(counter, known, last_success, failures.after)
    return replace(activity, reaches_back_to=manifest.since if manifest else None)


def window_end(folder: Path) -> datetime | None:
    """The manifest's `until`, else just behind the newest document; None where there is none.

    A time that is ahead of its own `_id` by more than clocks differ does not count.
    """
    files, manifest = _find(folder), _manifest(folder)
    if manifest:
        return manifest.until
    newest: int | None = None
    for file, times in ((files[ERRORS], ERROR_TIMES), (files[METRICS], SUCCESS_TIMES)):
        for document in _documents(file):
            ms, stored, *_ = cleaning.when(document, times)
            is_ahead = ms is not None and stored is not None and ms > stored + SKEW_MS
            newest = most(stored if is_ahead else ms, newest)
    return None if newest is None else from_ms(min(newest + 1, LATEST_MS))


class Manifest(NamedTuple):
    """The note that an export leaves beside its files: which windows they hold."""

    since: datetime
    until: datetime
    last_success_looked_up: bool


def _manifest(folder: Path) -> Manifest | None:
    """What the folder's manifest says; None where it has none."""
    path, reason = folder / MANIFEST, "not of format 1, or it names no window (since, until)"
    try:
        said = json.loads(read_bounded(path, _MANIFEST_BYTES))
        since, until = (datetime.fromisoformat(said[name]) for name in ("since", "until"))
        if said["format"] == 1 and from_ms(EARLIEST_MS) <= since < until:  # not if one has no zone
            return Manifest(since, until, said.get("last_success_looked_up") is not False)
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", reason)
    raise SourceError(f"{path} cannot be read: {reason}.", "Remove it, or export again.")


def _find(folder: Path) -> dict[str, Path]:
    """The file of each collection, by its default name; raises SourceError where one is missing."""
    try:
        there = sorted(folder.iterdir())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        near = did_you_mean(folder.name, (path.name for path in folder.parent.glob("*")))
        remedy = near if near and isinstance(error, FileNotFoundError) else _REMEDY
        raise UsageError(f"{folder} is not a folder that can be read: {reason}.", remedy) from None
    files: dict[str, Path] = {}
    for path in there:
        if found := _FILE.fullmatch(path.name):
            if other := files.get(found[1]):
                what = f"The folder {folder} holds {found[1]} twice: {other.name} and {path.name}."
                raise SourceError(what, "Keep one of them.")
            files[found[1]] = path
    for collection in (ERRORS, METRICS):
        if collection not in files:
            names = ", ".join(f"{collection}.{form}, {collection}.{form}.gz" for form in _FORMS)
            holds = ", ".join(path.name for path in there[:_LISTED]) or "nothing"
            what = f"The folder {folder} contains no {collection}; looked for {names}; it holds {holds}."
            its: list[Path] = []
            with suppress(OSError):  # what is deleted while it is looked for
                its = [path.parent for path in folder.glob("*/*") if _FILE.fullmatch(path.name)]
            remedy = f"Choose one of its folders, such as --from {max(its)}." if its else _REMEDY
            # With neither it is no snapshot, but the wrong folder.
            is_one = any(name in path.name for path in there for name in (ERRORS, METRICS))
            raise (SourceError if is_one else UsageError)(what, remedy)
    return files


def _documents(path: Path) -> Documents:
    """Each document, with values of BSON."""
    read = _bson if ".bson" in path.suffixes[-2:] else _json
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            yield from read(stream, path)
    except (EOFError, OSError, zlib.error) as error:
        is_cut = isinstance(error, EOFError)
        reason = "it is cut off" if is_cut else getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read: {reason}.") from None


def _bson(stream: Any, path: Path) -> Documents:
    """Documents one after the other, as mongodump writes them."""
    number = 0
    try:
        for number, document in enumerate(bson.decode_file_iter(stream, CODEC), 1):  # noqa: B007 - for the error
            yield document
    except (BSONError, ValueError, OverflowError) as error:
        raise SourceError(
            f"{path}, document {number + 1}: the file is cut off or broken here (bson: {error})."
        ) from None


def _json(stream: Any, path: Path) -> Documents:
    """One document per line, or all of them in one array."""
    is_array = stream.peek(1).removeprefix(BOM_UTF8).lstrip().startswith(b"[")
    read = stream.read if is_array else stream.readline
    for line in count(1):
        data = read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            what = f"{path}, line {line}: more than {MOST_BYTES >> 20} MiB in one line or array."
            raise SourceError(what, "Export one document per line, without --jsonArray.")
        if text := data.removeprefix(BOM_UTF8).rstrip():
            value = _parsed(text, path, line)
            for number, document in enumerate(value if is_array else [value], 1):
                if type(document) is not dict:
                    what = f"{path}, line {line}, value {number}: not a document (a JSON object)."
                    raise SourceError(what, _REMEDY)
                yield document
        elif not data:
            return


def _parsed(data: bytes, path: Path, line: int) -> Any:
    """What JSON says that begins in this line."""
    try:
        return _decoder.decode(data.decode())
    except UnicodeDecodeError as error:
        line += data.count(b"\n", 0, error.start)
        what = "not UTF-8 text"
    except json.JSONDecodeError as error:
        line += error.lineno - 1
        what = f"broken JSON at character {error.colno} ({error.msg})"
    except (ValueError, RecursionError):
        what = "JSON that cannot be read"
    raise SourceError(f"{path}, line {line}: {what}.", _REMEDY)


def _plain(value: dict[str, Any]) -> Any:
    """The value as BSON's reader would give it; what only looks like Extended JSON stays as it is."""
    sign = next(iter(value), "")
    if not sign.startswith("$"):
        return value
    try:
        if sign == "$date" and len(value) == 1:
            held = value[sign]
            # relaxed ones are texts, canonical ones and old ones numbers
            ms = parse_iso(held) if type(held) is str else int(held)
            return value if ms is None else DatetimeMS(ms)
        return json_util.object_hook(value)
    except (BSONError, ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return value


_decoder = json.JSONDecoder(object_hook=_plain)  # json.loads would make one of each line
