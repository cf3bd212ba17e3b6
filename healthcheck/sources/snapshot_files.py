"""The files of a snapshot folder: which holds which collection, and the documents in it."""

import gzip
import json
import re
import zlib
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import bson
from bson import DatetimeMS, ObjectId, json_util
from bson.codec_options import DatetimeConversion
from bson.errors import BSONError

from healthcheck.errors import SourceError, UsageError
from healthcheck.sources.cleaning import CODEC
from healthcheck.sources.times import parse_iso

ERRORS, METRICS, MODELS = "errors_cloud", "metrics_cloud_v2", "models"
ARRAY_BYTES = 256 * 1024 * 1024
"""Unpacked: how large a file may be that is one array, and so is read as a whole."""

_FORMS = ("jsonl", "json", "ndjson", "bson")
_LISTED = 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OPTIONS = json_util.JSONOptions(datetime_conversion=DatetimeConversion.DATETIME_MS)
_REMEDY = (
    "A snapshot is written by llm-health-check export, mongoexport --type=json (CSV has no types, "
    "and --pretty writes a document over several lines) or mongodump --out."
)

Documents = Iterator[dict[str, Any]]


def find(folder: Path) -> dict[str, Path]:
    """The file of each collection, by its default name; raises SourceError where one is missing."""
    try:
        there = sorted(folder.iterdir())
    except OSError as error:
        what = f"The folder {folder} cannot be read: {(error.strerror or str(error)).lower()}."
        raise SourceError(what, _REMEDY) from None
    files: dict[str, Path] = {}
    for collection in (ERRORS, METRICS, MODELS):
        # The tools use the name of the collection; Compass puts that of the database before it.
        name = re.compile(rf"([^.]+\.)?{collection}\.({'|'.join(_FORMS)})(\.gz)?")
        found = [path for path in there if name.fullmatch(path.name)]
        if len(found) > 1:
            names = " and ".join(path.name for path in found)
            what = f"The folder {folder} holds {collection} twice: {names}."
            raise SourceError(what, "Keep one of them.")
        if found:
            files[collection] = found[0]
        elif collection != MODELS:
            below = {path.parent for path in folder.glob("*/*") if name.fullmatch(path.name)}
            if below:
                names = ", ".join(sorted(path.name for path in below)[:_LISTED])
                what = (
                    f"The folder {folder} holds no snapshot itself, but in these folders: {names}."
                )
                raise UsageError(what, f"Choose one of them, such as --from {max(below)}.")
            names = ", ".join(f"{collection}.{form}, {collection}.{form}.gz" for form in _FORMS)
            holds = ", ".join(path.name for path in there[:_LISTED]) or "nothing"
            what = f"The folder {folder} contains no {collection}; looked for {names}; it holds {holds}."
            raise SourceError(what, _REMEDY)
    return files


def documents(path: Path, fields: Collection[str], longest: int) -> Documents:
    """Each document, with values of BSON in the fields that are asked for."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            if ".bson" in path.suffixes[-2:]:
                yield from _bson(stream, path)
                return
            for document in _json(stream, path, longest):
                for field in fields:
                    value = document.get(field)
                    if type(value) is dict:
                        document[field] = plain(value)
                yield document
    except (EOFError, OSError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
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


def _json(stream: Any, path: Path, longest: int) -> Documents:
    """One document per line, or all of them in one array."""
    if stream.peek(1).startswith(_BYTE_ORDER_MARK):
        stream.read(len(_BYTE_ORDER_MARK))
    unit, values = "line", _lines(stream, path, longest)
    if stream.peek(1).lstrip().startswith(b"["):
        array = stream.read(ARRAY_BYTES + 1)
        if len(array) > ARRAY_BYTES:
            what = f"{path}: an array of more than {ARRAY_BYTES >> 20} MiB."
            raise SourceError(what, "Export it without --jsonArray.")
        unit, values = "document", enumerate(_parsed(array, path, 1), 1)
    for number, value in values:
        if type(value) is not dict:
            what = f"{path}, {unit} {number}: not a document (a JSON object)."
            raise SourceError(what, _REMEDY)
        yield value


def _lines(stream: Any, path: Path, longest: int) -> Iterator[tuple[int, Any]]:
    """What each line says, with its number."""
    for number, line in enumerate(iter(partial(stream.readline, longest + 1), b""), 1):
        if len(line) > longest:
            what = f"{path}, line {number}: longer than {longest} bytes."
            raise SourceError(what, "Export one document per line.")
        if text := line.rstrip():
            yield number, _parsed(text, path, number)


def _parsed(data: bytes, path: Path, line: int) -> Any:
    """What JSON says that begins in this line."""
    try:
        return json.loads(data.decode())
    except UnicodeDecodeError as error:
        line += data.count(b"\n", 0, error.start)
        what = "not UTF-8 text"
    except json.JSONDecodeError as error:
        line += error.lineno - 1
        what = f"broken JSON at character {error.colno} ({error.msg})"
    except (ValueError, RecursionError):
        what = "JSON that cannot be read"
    raise SourceError(f"{path}, line {line}: {what}.", _REMEDY)


def plain(value: dict[str, Any]) -> Any:
    """The value as BSON's reader would give it; what only looks like Extended JSON stays as it is."""
    try:
        if len(value) == 1:
            ((sign, held),) = value.items()
            if sign == "$oid":
                return ObjectId(held)
            if sign == "$date":  # relaxed ones are texts, canonical ones and old ones numbers
                number = held["$numberLong"] if type(held) is dict else held
                ms = parse_iso(held) if type(held) is str else int(number)
                return value if ms is None else DatetimeMS(ms)
            if sign in ("$numberInt", "$numberLong"):
                return int(held)
        return json_util.loads(json.dumps(value), json_options=_OPTIONS)
    except (BSONError, ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return value
