"""Measure redaction on a file of texts: secrets that are left, and what was to be kept and is lost.

Usage: python benchmarks/evaluate_redaction.py FILE
"""

import json
import sys
from pathlib import Path
from typing import Any

from healthcheck.redaction import redact

BREAK = "\u2016"
"""Stands inside every made-up key of the file; taken out before anything else."""


class BrokenFileError(Exception):
    """The file cannot be measured with."""


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSON-lines file with `text`, `secrets` and `keep`."""
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenFileError(f"Cannot read {path}: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.replace(BREAK, "").replace("\\u2016", ""))
            rows.append({name: row[name] for name in ("text", "secrets", "keep")})
        except (ValueError, KeyError, TypeError) as error:
            raise BrokenFileError(f"{path}, line {number} is no row: {error!r}.") from error
    return rows


def misses_of(rows: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return one line for each secret that is left and each thing to keep that is lost."""
    left, lost = [], []
    for number, row in enumerate(rows, start=1):
        redacted = redact(row["text"])
        left += [
            f"row {number}: left {secret!r}\n    in {redacted!r}"
            for secret in row["secrets"]
            if secret in redacted
        ]
        lost += [
            f"row {number}: lost {keep!r}\n    in {redacted!r}"
            for keep in row["keep"]
            if keep not in redacted
        ]
    return left, lost


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Name one file to measure with.", file=sys.stderr)
        return 2
    try:
        rows = rows_of(Path(arguments[0]))
    except BrokenFileError as error:
        print(error, file=sys.stderr)
        return 2
    left, lost = misses_of(rows)
    for miss in (*left, *lost):
        print(miss)
    secrets = sum(len(row["secrets"]) for row in rows)
    keeps = sum(len(row["keep"]) for row in rows)
    print(
        f"{len(rows)} rows: {len(left)} of {secrets} secrets left, {len(lost)} of {keeps} keeps lost"
    )
    return 1 if left or lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
