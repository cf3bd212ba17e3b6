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
FORMATS = (".jsonl", ".json", ".bson")
_SUFFIXES = tuple(form + packed for form in FORMATS for packed in ("", ".gz"))
_BUFFER = 1 << 18


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """A collection in a folder; `format` is its suffix without .gz."""

    path: Path
    format: str
    is_packed: bool

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Its bytes, unpacked; what goes wrong while they are read is a sentence."""
        try:
            with self.path.open("rb") as raw:
                stream = gzip.GzipFile(fileobj=raw) if self.is_packed else raw
                yield cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, stream), _BUFFER))
        except EOFError:
            raise SourceError(f"{self.path} is cut off: its gzip stream has no end.") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise SourceError(f"{self.path} is no intact gzip file: {error}.") from None
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
        there = {entry.name for entry in folder.iterdir()}
    except FileNotFoundError:
        raise SourceError(f"There is no folder {folder}.") from None
    except NotADirectoryError:
        raise SourceError(f"{folder} is no folder; a snapshot is a folder of files.") from None
    except OSError as error:
        raise SourceError(f"The folder {folder} cannot be read: {error.strerror}.") from None
    return SnapshotFiles(
        _required(folder, there, ERRORS),
        _required(folder, there, METRICS),
        _one(folder, there, MODELS),
    )


def _required(folder: Path, there: set[str], collection: str) -> SnapshotFile:
    found = _one(folder, there, collection)
    if found is None:
        names = ", ".join(collection + suffix for suffix in _SUFFIXES)
        raise SourceError(f"The folder {folder} holds no {collection}; looked for {names}.")
    return found


def _one(folder: Path, there: set[str], collection: str) -> SnapshotFile | None:
    found = [suffix for suffix in _SUFFIXES if collection + suffix in there]
    if len(found) > 1:
        names = " and ".join(collection + suffix for suffix in found)
        raise SourceError(
            f"The folder {folder} holds {collection} twice: {names}; keep one of them."
        )
    if not found:
        return None
    suffix = found[0]
    return SnapshotFile(
        folder / (collection + suffix), suffix.removesuffix(".gz"), suffix.endswith(".gz")
    )
