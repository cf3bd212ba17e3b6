"""A folder that appears as a whole or not at all, for its owner only."""

import gzip
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from healthcheck.errors import OutputError


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A hidden folder beside `target` that takes its place in the end; else nothing remains."""
    try:
        target = target.resolve()
        if target.is_dir() and any(target.iterdir()):
            raise OutputError(
                f"The folder {target} is not empty: name a new one, or remove what is in it."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
        partial.mkdir(mode=0o700)
        try:
            partial.chmod(0o700)
            yield partial
            partial.rename(target)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    except OSError as error:
        raise OutputError(
            f"The snapshot cannot be written to {target}: {error.strerror}."
        ) from None


def write(path: Path, lines: Iterable[bytes]) -> int:
    """A file with mode 0600 whatever the umask, packed where its name says so; how many lines."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        os.fchmod(descriptor, 0o600)
        if path.suffix != ".gz":
            return _written(raw, lines)
        with gzip.GzipFile(path.stem, "wb", fileobj=raw) as packed:
            return _written(packed, lines)


def _written(stream: BinaryIO | gzip.GzipFile, lines: Iterable[bytes]) -> int:
    number = 0
    for line in lines:
        stream.write(line)
        number += 1
    return number
