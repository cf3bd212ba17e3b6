"""The files of a snapshot folder: which holds which collection, and the documents in it."""

import gzip
import io
import json
import re
import zlib
from collections.abc import Collection, Iterator
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, cast

import bson
from bson import DatetimeMS, ObjectId, json_util
from bson.codec_options import DatetimeConversion
from bson.errors import BSONError

from healthcheck.errors import SourceError, UsageError
from healthcheck.sources.cleaning import CODEC
from healthcheck.sources.times import parse_iso

ERRORS, METRICS, MODELS = "errors_cloud", "metrics_cloud_v2", "models"
WHOLE_BYTES = 256 * 1024 * 1024
"""Unpacked: how large a file may be that is not one document per line, and so is read as a whole."""

_SUFFIXES = [
    f"{form}{gz}" for form in (".jsonl", ".json", ".ndjson", ".bson") for gz in ("", ".gz")
]
_BUFFER = 1 << 18
_LISTED = 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_decode = json.JSONDecoder().raw_decode
_SEPARATOR = re.compile(r"[\s,]*")
_OPTIONS = json_util.JSONOptions(datetime_conversion=DatetimeConversion.DATETIME_MS)
_REMEDY = (
    "A snapshot is written by llm-health-check export, mongoexport --type=json (CSV has no types) "
    "or mongodump --out."
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
        name = re.compile(rf"([^.]+\.)?{collection}({'|'.join(map(re.escape, _SUFFIXES))})")
        found = [path for path in there if name.fullmatch(path.name)]
        if len(found) > 1:
            raise SourceError(
                f"The folder {folder} holds {collection} twice: "
                f"{' and '.join(path.name for path in found)}.",
                "Keep one of them.",
            )
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
            raise SourceError(
                f"The folder {folder} contains no {collection}; looked for "
                f"{', '.join(collection + suffix for suffix in _SUFFIXES)}; it holds "
                f"{', '.join(path.name for path in there[:_LISTED]) or 'nothing'}.",
                _REMEDY,
            )
    return files


def documents(path: Path, fields: Collection[str], longest: int) -> Documents:
    """Each document, with values of BSON in the fields that are asked for."""
    try:
        with path.open("rb") as raw:
            unpacked = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
            stream = io.BufferedReader(cast(io.RawIOBase, unpacked), _BUFFER)
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


def _bson(stream: BinaryIO, path: Path) -> Documents:
    """Documents one after the other, as mongodump writes them."""
    number = 0
    try:
        for number, document in enumerate(bson.decode_file_iter(stream, CODEC), 1):  # noqa: B007 - for the error
            yield document
    except (BSONError, ValueError, OverflowError) as error:
        raise SourceError(
            f"{path}, document {number + 1}: the file is cut off or broken here (bson: {error})."
        ) from None


def _json(stream: BinaryIO, path: Path, longest: int) -> Documents:
    """One document after the other, with or without the brackets of an array."""
    for line, block in _blocks(stream, path, longest):
        try:
            text = block.decode().rstrip()
            del block
            if text.startswith("["):
                if not text.endswith("]"):
                    raise _broken(path, line + text.count("\n"), "the array is cut or broken")
                text = f" {text[1:-1].rstrip()}"
            at = _next(text, 0)
            while at < len(text):
                document, end = _decode(text, at)
                if type(document) is not dict:
                    what = "not a document (a JSON object)"
                    raise _broken(path, line + text.count("\n", 0, at), what)
                yield document
                at = _next(text, end)
        except UnicodeDecodeError as error:
            at = error.object.count(b"\n", 0, error.start)
            raise _broken(path, line + at, "not UTF-8 text") from None
        except json.JSONDecodeError as error:
            what = f"broken JSON at character {error.colno} ({error.msg})"
            raise _broken(path, line + error.lineno - 1, what) from None
        except (ValueError, RecursionError):
            raise _broken(path, line, "JSON that cannot be read") from None


def _blocks(stream: BinaryIO, path: Path, longest: int) -> Iterator[tuple[int, bytes]]:
    """The lines by number, or all as one where a document or an array goes over several."""
    is_first = True
    for number in count(1):
        block = stream.readline(longest + 1).removeprefix(_BYTE_ORDER_MARK)
        if not block:
            return
        if len(block) > longest:
            what = f"{path}, line {number}: longer than {longest} bytes."
            raise SourceError(what, "Export one document per line.")
        if is_first and not block.isspace():
            is_first = False
            if block.startswith(b"[") or not block.rstrip().endswith(b"}"):
                block += stream.read(WHOLE_BYTES)
                if len(block) > WHOLE_BYTES:
                    raise SourceError(
                        f"{path}: larger than {WHOLE_BYTES >> 20} MiB, which is the limit for files "
                        "that do not hold one document per line.",
                        "Export it without --jsonArray and --pretty.",
                    )
        yield number, block


def _next(text: str, at: int) -> int:
    """Where the next character is that is not between documents."""
    found = _SEPARATOR.match(text, at)
    return found.end() if found else at


def _broken(path: Path, line: int, what: str) -> SourceError:
    return SourceError(f"{path}, line {line}: {what}.", _REMEDY)


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
