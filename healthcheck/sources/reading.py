"""The documents of a snapshot file, one at a time; what a file holds shows in its first bytes."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from healthcheck.errors import SourceError
from healthcheck.sources.extended_json import plain
from healthcheck.sources.reading_bson import begins_bson, read_bson
from healthcheck.sources.reading_json import read_json
from healthcheck.sources.snapshot_files import SnapshotFile

_PEEK = 1 << 16

_FOREIGN = (
    (rb"\xff\xfe|\xfe\xff", "UTF-16 text", "Save it as UTF-8; in Windows PowerShell use mongoexport --out instead of >."),
    (rb"\x6d\xe2\x99\x81", "an archive of mongodump", "Dump it with --out DIR instead of --archive."),
    (rb"PK\x03\x04|\x28\xb5\x2f\xfd|BZh|\xfd7zXZ", "a compressed file", "Unpack it first."),
    (rb"\s*<", "HTML or XML", "Export it with mongoexport."),
    (rb"\d{4}-\d\d-\d\dT\S+\s", "messages of a MongoDB tool", "Export it with mongoexport --out, so that messages stay apart."),
    (rb"[\w.]+(?:,[\w.]+)+\r?\n", "CSV", "Export it with mongoexport --type=json: CSV has no types."),
    (rb"\s*\{[^\n]*(?:ObjectId|ISODate|NumberLong|NumberInt)\(", "documents in the notation of the MongoDB shell", "Export it with mongoexport, or print EJSON.stringify() of each document in line 1 and on."),
)  # fmt: skip
"""What else is found under such a name, by its beginning."""


def documents(
    file: SnapshotFile, fields: Collection[str], longest: int, only: Collection[int] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each document's number and those of its fields that are asked for, as values of BSON.

    `only` leaves out all but the documents with these numbers.
    """
    with file.open() as stream:
        head = stream.peek(_PEEK)  # type: ignore[attr-defined]  # it is a BufferedReader
        is_bson = begins_bson(head, longest)
        if not (is_bson and file.is_bson):
            _refuse_foreign(head, file.path)
        if is_bson or (file.is_bson and head.lstrip()[:1] not in (b"{", b"[")):
            yield from read_bson(stream, file.path, longest, only)
            return
        for number, document in read_json(stream, file.path, longest, only):
            yield (
                number,
                {
                    field: value if type(value := document[field]) is str else plain(value)
                    for field in fields
                    if field in document
                },
            )


def _refuse_foreign(head: bytes, path: Path) -> None:
    for sign, what, remedy in _FOREIGN:
        if re.match(sign, head):
            raise SourceError(f"{path}, line 1: this is {what}, not JSON.", remedy)
