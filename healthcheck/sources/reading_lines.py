"""JSON with one document a line, as mongoexport writes it."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from healthcheck.errors import SourceError

_decode = json.JSONDecoder().decode
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_lines(
    stream: BinaryIO, path: Path, longest: int, only: Collection[int] | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Documents with the numbers of their lines; `only` those lines where it is given."""
    number = 0
    while line := stream.readline(longest + 1):
        number += 1
        if only is not None and number not in only:
            continue
        if len(line) > longest:
            raise SourceError(
                f"{path}, line {number}: longer than {longest} bytes; there should be one document a line."
            )
        if number == 1:
            line = line.removeprefix(_BYTE_ORDER_MARK)
        if line.isspace() or not line:
            continue
        yield number, _document(line, path, number)


def _document(line: bytes, path: Path, number: int) -> dict[str, Any]:
    try:
        document = _decode(line.decode())
    except UnicodeDecodeError:
        raise SourceError(f"{path}, line {number}: it is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{path}, line {number}: broken JSON at character {error.colno} ({error.msg})."
        ) from None
    except (RecursionError, ValueError):
        raise SourceError(f"{path}, line {number}: JSON that cannot be read.") from None
    if type(document) is not dict:
        raise SourceError(f"{path}, line {number}: it is no document (no JSON object).")
    return document
