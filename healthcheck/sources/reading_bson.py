"""Documents one after the other in BSON, as mongodump writes them."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import bson
from bson import CodecOptions
from bson.codec_options import DatetimeConversion
from bson.errors import BSONError

from healthcheck.errors import SourceError

CODEC: CodecOptions[dict[str, Any]] = CodecOptions(
    datetime_conversion=DatetimeConversion.DATETIME_MS, unicode_decode_error_handler="replace"
)
_SIZE_BYTES = 4
_SMALLEST = 5


def begins_bson(head: bytes, longest: int) -> bool:
    """Whether a document's size stands first: text would be a size of over 150 MB."""
    size = int.from_bytes(head[:_SIZE_BYTES], "little")
    return len(head) > _SIZE_BYTES and _SMALLEST <= size <= longest


def read_bson(
    stream: BinaryIO, path: Path, longest: int, only: Collection[int] | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Documents with their numbers, from 1; `only` those where it is given."""
    number = at = 0
    while head := stream.read(_SIZE_BYTES):
        number += 1
        size = int.from_bytes(head, "little")
        if len(head) == _SIZE_BYTES and not _SMALLEST <= size <= longest:
            raise SourceError(f"{path}, byte {at}: not the beginning of a BSON document.")
        rest = stream.read(size - _SIZE_BYTES) if len(head) == _SIZE_BYTES else b""
        if len(head) + len(rest) < max(size, _SMALLEST):
            raise SourceError(f"{path}, byte {at}: the file ends within this document.")
        if only is None or number in only:
            yield number, _document(head + rest, path, at)
        at += size


def _document(data: bytes, path: Path, at: int) -> dict[str, Any]:
    try:
        return bson.decode(data, CODEC)
    except (BSONError, ValueError, OverflowError) as error:
        raise SourceError(f"{path}, byte {at}: broken BSON ({type(error).__name__}).") from None
