"""The documents of a snapshot file, whatever its format, one at a time."""

from collections.abc import Collection, Iterator
from typing import Any

from healthcheck.sources.extended_json import plain
from healthcheck.sources.reading_array import read_array
from healthcheck.sources.reading_bson import read_bson
from healthcheck.sources.reading_lines import read_lines
from healthcheck.sources.snapshot_files import SnapshotFile

_PEEK = 1 << 16


def documents(
    file: SnapshotFile, fields: Collection[str], longest: int, only: Collection[int] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each document's number and those of its fields that are asked for, as values of BSON.

    `only` leaves out all but the documents with these numbers.
    """
    with file.open() as stream:
        if file.format == ".bson":
            yield from read_bson(stream, file.path, longest, only)
            return
        read = read_lines
        if file.format == ".json" and stream.peek(_PEEK).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":  # type: ignore[attr-defined]  # it is a BufferedReader
            read = read_array
        for number, document in read(stream, file.path, longest, only):
            yield (
                number,
                {
                    field: value if type(value := document[field]) is str else plain(value)
                    for field in fields
                    if field in document
                },
            )
