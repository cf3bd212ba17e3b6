"""JSON documents: one per line as mongoexport writes them, or over several lines, or in one array."""

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from healthcheck.errors import SourceError

WHOLE_BYTES = 256 * 1024 * 1024
"""Unpacked: how large a file may be that is not one document per line, and so is read as a whole."""

_decoder = json.JSONDecoder()
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLANK = re.compile(r"[ \t\r\n]*")

Numbered = Iterator[tuple[int, dict[str, Any]]]


def read_json(stream: BinaryIO, path: Path, longest: int, only: Collection[int] | None) -> Numbered:
    """Documents with their numbers; `only` those where it is given."""
    number, first = 0, b"\n"
    while first.isspace():
        number += 1
        first = stream.readline(longest + 1).removeprefix(_BYTE_ORDER_MARK)
    if first.startswith(b"[") or (len(first) <= longest and _is_cut(first)):
        yield from _whole(b"\n" * (number - 1) + first, stream, path, only)
    else:
        yield from _lines(first, number, stream, path, longest, only)


def _is_cut(line: bytes) -> bool:
    """Whether it begins a document that it does not end."""
    try:
        text = line.decode().rstrip()
        _decoder.decode(text)
    except json.JSONDecodeError as error:
        return text.startswith("{") and error.pos >= len(text) - 1
    except (ValueError, RecursionError):
        return False
    return False


def _lines(  # noqa: PLR0913, PLR0917 - the first line has been read already
    line: bytes,
    number: int,
    stream: BinaryIO,
    path: Path,
    longest: int,
    only: Collection[int] | None,
) -> Numbered:
    while line:
        if only is None or number in only:
            if len(line) > longest:
                raise SourceError(
                    f"{path}, line {number}: longer than {longest} bytes.",
                    "Export one document per line.",
                )
            if not line.isspace():
                yield number, _document(line, path, number)
        line = stream.readline(longest + 1)
        number += 1


def _document(line: bytes, path: Path, number: int) -> dict[str, Any]:
    try:
        document = _decoder.decode(line.decode())
    except (ValueError, RecursionError) as error:
        _broken(path, number, error)
    if type(document) is not dict:
        raise SourceError(f"{path}, line {number}: not a document (a JSON object).")
    return document


def _whole(begin: bytes, stream: BinaryIO, path: Path, only: Collection[int] | None) -> Numbered:
    data = begin + stream.read(WHOLE_BYTES)
    if len(data) > WHOLE_BYTES:
        raise SourceError(
            f"{path}: larger than {WHOLE_BYTES >> 20} MiB, which is the limit for files that do not "
            "hold one document per line.",
            "Export it without --jsonArray and --pretty.",
        )
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        _broken(path, data.count(b"\n", 0, error.start) + 1, error)
    del data
    at, number = _next(text, 0), 0
    is_array = text.startswith("[", at)
    at = _next(text, at + is_array)
    while at < len(text) and not text.startswith("]", at):
        number += 1
        start = at
        try:
            document, at = _decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            _broken(path, text.count("\n", 0, getattr(error, "pos", at)) + 1, error)
        if type(document) is not dict:
            line = text.count("\n", 0, start) + 1
            raise SourceError(f"{path}, line {line}: not a document (a JSON object).")
        if only is None or number in only:
            yield number, document
        at = _next(text, at)
        if is_array and text.startswith(",", at):
            at = _next(text, at + 1)
        elif is_array:
            break
    end = _next(text, at + 1) if is_array and text.startswith("]", at) else at
    if end < len(text) or (is_array and not text.startswith("]", at)):
        what = "the array is cut or broken" if is_array else "no document begins here"
        raise SourceError(f"{path}, line {text.count(chr(10), 0, end) + 1}: {what}.")


def _next(text: str, at: int) -> int:
    """Where the next character is that is not blank."""
    found = _BLANK.match(text, at)
    return found.end() if found else len(text)


def _broken(path: Path, line: int, error: Exception) -> NoReturn:
    if isinstance(error, UnicodeDecodeError):
        raise SourceError(f"{path}, line {line}: not UTF-8 text.") from None
    if isinstance(error, json.JSONDecodeError):
        raise SourceError(
            f"{path}, line {line}: broken JSON at character {error.colno} ({error.msg})."
        ) from None
    raise SourceError(f"{path}, line {line}: JSON that cannot be read.") from None
