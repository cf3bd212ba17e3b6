"""Which file of a snapshot folder holds which collection, and how it is opened."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from healthcheck.errors import SourceError

ERRORS, METRICS, MODELS = "errors_cloud", "metrics_cloud_v2", "models"
FORMATS = (".jsonl", ".json", ".ndjson", ".bson")
_SUFFIXES = tuple(form + packed for form in FORMATS for packed in ("", ".gz"))
_GZIP = b"\x1f\x8b"
_BUCKETS = "system.buckets."
_BUFFER = 1 << 18

_ELSEWHERE = (
    (_BUCKETS + "{}.bson", "{} holds the buckets of a time-series collection.", "Export the collection with mongoexport."),
    ("{}.csv", "{} is CSV, which has no types.", "Export it with mongoexport --type=json."),
    ("*.archive*", "{} is an archive of mongodump.", "Dump it with --out DIR instead of --archive."),
)  # fmt: skip
"""How else the MongoDB tools write a collection: name, what that is, what to do."""


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """A collection in a folder."""

    path: Path

    @property
    def is_bson(self) -> bool:
        """By its name."""
        return ".bson" in self.path.suffixes[-2:]

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Its bytes, unpacked; what goes wrong while they are read is a sentence."""
        try:
            with self.path.open("rb") as raw:
                is_packed = self.path.suffix == ".gz" or raw.peek(2).startswith(_GZIP)
                stream = gzip.GzipFile(fileobj=raw) if is_packed else raw
                yield cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, stream), _BUFFER))
        except EOFError:
            raise SourceError(f"{self.path} is cut off: its gzip stream has no end.") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise SourceError(f"{self.path} is not an intact gzip file: {error}.") from None
        except OSError as error:
            raise SourceError(f"{self.path} cannot be read: {error.strerror or error}.") from None


@dataclass(frozen=True, slots=True)
class SnapshotFiles:
    """The files of a folder."""

    errors: SnapshotFile
    metrics: SnapshotFile
    models: SnapshotFile | None


def find(folder: Path) -> SnapshotFiles:
    """Look for each collection under its default name; raises SourceError where one is missing."""
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
    return SnapshotFiles(
        _required(folder, there, ERRORS),
        _required(folder, there, METRICS),
        _one(folder, there, MODELS),
    )


def _required(folder: Path, there: list[str], collection: str) -> SnapshotFile:
    found = _one(folder, there, collection)
    if found is None:
        raise _missing(folder, collection)
    return found


def _one(folder: Path, there: list[str], collection: str) -> SnapshotFile | None:
    found = [collection] if collection in there else []
    found = found or [name for name in there if _holds(name, collection)]
    if len(found) > 1:
        raise SourceError(
            f"The folder {folder} holds {collection} twice: {' and '.join(found)}.",
            "Keep one of them.",
        )
    return SnapshotFile(folder / found[0]) if found else None


def _holds(name: str, collection: str) -> bool:
    """The tools use the name of the collection; Compass puts that of the database before it."""
    database, _, suffix = name.rpartition(collection)
    is_own = not database or (database.endswith(".") and not database.startswith(_BUCKETS))
    return is_own and suffix in _SUFFIXES


def _missing(folder: Path, collection: str) -> SourceError:
    """It may be there in another form, or in a folder below, as mongodump lays them out."""
    names = ", ".join(collection + suffix for suffix in _SUFFIXES)
    what = f"The folder {folder} holds no {collection}; looked for {names}."
    for pattern, form, remedy in _ELSEWHERE:
        for path in sorted(folder.glob(pattern.format(collection))):
            return SourceError(f"{what} {form.format(path.name)}", remedy)
    for below in sorted(path for path in folder.iterdir() if path.is_dir()):
        if any(_holds(path.name, collection) for path in below.glob(f"*{collection}*")):
            return SourceError(what, f"It is in the folder below: use --from {below}.")
    return SourceError(what)
