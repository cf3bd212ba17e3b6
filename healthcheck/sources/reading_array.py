"""One JSON array of documents, as `mongoexport --jsonArray` writes it, a piece at a time."""

import codecs
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from healthcheck.errors import SourceError

_PIECE = 1 << 20
_BLANK = " \t\r\n"
_scan = json.JSONDecoder().raw_decode


class _Text:
    """What has been read and not yet used."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream = stream
        self._path = path
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.held = ""
        self.at = 0
        self.is_whole = False

    def more(self) -> None:
        """At least as much again as is held, so that a large document is scanned a few times."""
        rest = self.held[self.at :]
        piece = self._stream.read(max(_PIECE, len(rest)))
        self.is_whole = not piece
        try:
            self.held = rest + self._decoder.decode(piece, final=self.is_whole)
        except UnicodeDecodeError:
            raise SourceError(f"{self._path}: it is not UTF-8 text.") from None
        self.at = 0

    def next_mark(self) -> str:
        """The next character that is not blank; "" at the end."""
        while True:
            while self.at < len(self.held):
                if self.held[self.at] not in _BLANK:
                    return self.held[self.at]
                self.at += 1
            if self.is_whole:
                return ""
            self.more()


def read_array(
    stream: BinaryIO, path: Path, longest: int, only: Collection[int] | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Documents with their numbers, from 1; `only` those where it is given."""
    text = _Text(stream, path)
    _expect(text, "[", path, 0)
    if text.next_mark() == "]":
        text.at += 1
    else:
        number = 0
        while True:
            number += 1
            document = _element(text, path, number, longest)
            if only is None or number in only:
                yield number, document
            if text.next_mark() == "]":
                text.at += 1
                break
            _expect(text, ",", path, number)
    if text.next_mark():
        raise SourceError(f"{path}: something follows the end of the array.")


def _expect(text: _Text, mark: str, path: Path, number: int) -> None:
    found = text.next_mark()
    if found != mark:
        where = f"after element {number}" if number else "at its beginning"
        what = f"{found!r} stands" if found else "the file ends"
        raise SourceError(
            f"{path}: {what} {where} where a {mark!r} is due; the array is cut or broken."
        )
    text.at += 1


def _element(text: _Text, path: Path, number: int, longest: int) -> dict[str, Any]:
    if text.next_mark() not in ("{", ""):
        raise SourceError(f"{path}, element {number}: it is no document (no JSON object).")
    while True:
        try:
            document, text.at = _scan(text.held, text.at)
        except (json.JSONDecodeError, RecursionError) as error:
            if (
                text.is_whole
                or len(text.held) - text.at > longest
                or isinstance(error, RecursionError)
            ):
                raise SourceError(
                    f"{path}, element {number}: broken JSON, or the file is cut within it."
                ) from None
            text.more()
        else:
            return dict(document)
