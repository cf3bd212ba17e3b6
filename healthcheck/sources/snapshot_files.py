"""The files of a snapshot folder: which holds which collection, and the documents in it.

What a file holds shows in its first bytes, whatever its name says.
"""

import gzip
import io
import json
import re
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import bson
from bson import DatetimeMS, ObjectId, json_util
from bson.codec_options import DatetimeConversion
from bson.errors import BSONError

from healthcheck.errors import SourceError
from healthcheck.sources.cleaning import CODEC
from healthcheck.sources.times import parse_iso

ERRORS, METRICS, MODELS = "errors_cloud", "metrics_cloud_v2", "models"
WHOLE_BYTES = 256 * 1024 * 1024
"""Unpacked: how large a file may be that is not one document per line, and so is read as a whole."""

_SUFFIXES = tuple(
    form + packed for form in ("", ".jsonl", ".json", ".ndjson", ".bson") for packed in ("", ".gz")
)
_GZIP = b"\x1f\x8b"
_BUCKETS = "system.buckets."
_BUFFER = 1 << 18
_SMALLEST_BSON = 5
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_decode = json.JSONDecoder().raw_decode
_SEPARATOR = re.compile(r"[\s,\[\]]*")
_OPTIONS = json_util.JSONOptions(datetime_conversion=DatetimeConversion.DATETIME_MS)

_ELSEWHERE = (
    (_BUCKETS + "{}.bson", "{} holds the buckets of a time-series collection.", "Export the collection with mongoexport."),
    ("{}.csv", "{} is CSV, which has no types.", "Export it with mongoexport --type=json."),
    ("*.archive*", "{} is an archive of mongodump.", "Dump it with --out DIR instead of --archive."),
)  # fmt: skip
"""How else the MongoDB tools write a collection: name, what that is, what to do."""

_FOREIGN = (
    (rb"\xff\xfe|\xfe\xff", "UTF-16 text", "Save it as UTF-8; in Windows PowerShell use mongoexport --out instead of >."),
    (rb"\x6d\xe2\x99\x81", "an archive of mongodump", "Dump it with --out DIR instead of --archive."),
    (rb"PK\x03\x04|\x28\xb5\x2f\xfd|BZh|\xfd7zXZ", "a compressed file", "Unpack it first."),
    (rb"\s*<", "HTML or XML", "Export it with mongoexport."),
    (rb"\d{4}-\d\d-\d\dT\S+\s", "messages of a MongoDB tool", "Export it with mongoexport --out, so that messages stay apart."),
    (rb"[\w.]+(?:,[\w.]+)+\r?\n", "CSV", "Export it with mongoexport --type=json: CSV has no types."),
    (rb"\s*\[?\s*\{\s*(?:\w+\s*:|\"\w+\"\s*:\s*(?:ObjectId|ISODate|NumberLong|NumberInt)\()", "documents in the notation of the MongoDB shell", "Export it with mongoexport, or print EJSON.stringify() of each document in line 1 and on."),
)  # fmt: skip
"""What else is found under such a name, by its beginning."""

Documents = Iterator[dict[str, Any]]


def find(folder: Path) -> dict[str, Path]:
    """The file of each collection, by its default name; raises SourceError where one is missing."""
    try:
        there = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    except FileNotFoundError:
        raise SourceError(f"There is no folder {folder}.") from None
    except NotADirectoryError:
        raise SourceError(
            f"{folder} is not a folder; a snapshot is a folder of files.",
            "Make one with llm-health-check export, mongoexport or mongodump --out.",
        ) from None
    except OSError as error:
        raise SourceError(f"The folder {folder} cannot be read: {error.strerror}.") from None
    files: dict[str, Path] = {}
    for collection in (ERRORS, METRICS, MODELS):
        found = [name for name in there if _holds(name, collection)]
        if len(found) > 1:
            raise SourceError(
                f"The folder {folder} holds {collection} twice: {' and '.join(found)}.",
                "Keep one of them.",
            )
        if found:
            files[collection] = folder / found[0]
        elif collection != MODELS:
            raise _missing(folder, collection)
    return files


def _holds(name: str, collection: str) -> bool:
    """The tools use the name of the collection; Compass puts that of the database before it."""
    database, _, suffix = name.rpartition(collection)
    is_own = not database or (database.endswith(".") and not database.startswith(_BUCKETS))
    return is_own and suffix in _SUFFIXES


def _missing(folder: Path, collection: str) -> SourceError:
    """It may be there in another form, or in a folder below, as mongodump lays them out."""
    names = ", ".join(collection + suffix for suffix in _SUFFIXES if suffix)
    what = f"The folder {folder} contains no {collection}; looked for {names}."
    for pattern, form, remedy in _ELSEWHERE:
        for path in sorted(folder.glob(pattern.format(collection))):
            return SourceError(f"{what} {form.format(path.name)}", remedy)
    for below in sorted(path for path in folder.iterdir() if path.is_dir()):
        if any(_holds(path.name, collection) for path in below.glob(f"*{collection}*")):
            return SourceError(what, f"It is in the folder below: use --from {below}.")
    return SourceError(what)


def documents(path: Path, fields: Collection[str], longest: int) -> Documents:
    """Each document, with values of BSON in the fields that are asked for."""
    with _opened(path) as stream:
        head = stream.peek(_BUFFER)
        is_named_bson = ".bson" in path.suffixes[-2:]
        # A document's size stands first: text would be a size of over 150 MB.
        is_bson = len(head) >= _SMALLEST_BSON and 0 < int.from_bytes(head[:4], "little") <= longest
        if not (is_bson and is_named_bson):
            _refuse_foreign(head, path)
        if is_bson or (is_named_bson and head.lstrip()[:1] not in (b"{", b"[")):
            yield from _bson(stream, path)
            return
        for document in _json(stream, path, longest):
            for field in fields:
                value = document.get(field)
                if type(value) is dict:
                    document[field] = plain(value)
            yield document


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader]:
    """Its bytes, unpacked; what goes wrong while they are read is a sentence."""
    try:
        with path.open("rb") as raw:
            is_packed = path.suffix == ".gz" or raw.peek(2).startswith(_GZIP)
            stream = gzip.GzipFile(fileobj=raw) if is_packed else raw
            yield io.BufferedReader(cast(io.RawIOBase, stream), _BUFFER)
    except EOFError:
        raise SourceError(f"{path} is cut off: its gzip stream has no end.") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(f"{path} is not an intact gzip file: {error}.") from None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.") from None


def _refuse_foreign(head: bytes, path: Path) -> None:
    for sign, what, remedy in _FOREIGN:
        if re.match(sign, head.removeprefix(_BYTE_ORDER_MARK)):
            raise SourceError(f"{path}, line 1: this is {what}, not JSON.", remedy)


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
        if len(block) > WHOLE_BYTES:
            raise SourceError(
                f"{path}: larger than {WHOLE_BYTES >> 20} MiB, which is the limit for files that "
                "do not hold one document per line.",
                "Export it without --jsonArray and --pretty.",
            )
        try:
            text = block.decode().rstrip("\r\n")
            del block
            at = _next(text, 0)
            has_begun, end = "[" in text[:at], 0
            while at < len(text):
                document, end = _decode(text, at)
                if type(document) is not dict:
                    raise _wrong(path, line, text[:at], "not a document (a JSON object)")
                yield document
                at = _next(text, end)
        except (ValueError, RecursionError) as error:
            raise _broken(path, line, error) from None
        if has_begun != ("]" in text[end:]):
            raise _wrong(path, line, text, "the array is cut or broken")


def _blocks(stream: BinaryIO, path: Path, longest: int) -> Iterator[tuple[int, bytes]]:
    """The lines by number, or all as one where a document or an array goes over several."""
    number, line = 0, b"\n"
    while line.isspace():
        number += 1
        line = stream.readline(longest + 1).removeprefix(_BYTE_ORDER_MARK)
    is_open = line.startswith(b"{") and not line.rstrip().endswith(b"}") and len(line) <= longest
    if line.startswith(b"[") or is_open:
        yield number, line + stream.read(WHOLE_BYTES)
        return
    while line:
        if len(line) > longest:
            raise SourceError(
                f"{path}, line {number}: longer than {longest} bytes.",
                "Export one document per line.",
            )
        yield number, line
        line = stream.readline(longest + 1)
        number += 1


def _next(text: str, at: int) -> int:
    """Where the next character is that is not between documents."""
    found = _SEPARATOR.match(text, at)
    return found.end() if found else at


def _wrong(path: Path, line: int, before: str, what: str) -> SourceError:
    return SourceError(f"{path}, line {line + before.count(chr(10))}: {what}.")


def _broken(path: Path, line: int, error: Exception) -> SourceError:
    """`line` is where the text begins that the error is about."""
    if isinstance(error, UnicodeDecodeError):
        line += error.object.count(b"\n", 0, error.start)
        return SourceError(f"{path}, line {line}: not UTF-8 text.")
    if isinstance(error, json.JSONDecodeError):
        where = f"line {line + error.lineno - 1}: broken JSON at character {error.colno}"
        return SourceError(f"{path}, {where} ({error.msg}).")
    return SourceError(f"{path}, line {line}: JSON that cannot be read.")


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
