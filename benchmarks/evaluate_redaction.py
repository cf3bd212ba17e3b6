"""Measure redaction on files of texts: what is left, what is lost, and what each rule is good for.

Usage: python benchmarks/evaluate_redaction.py FILE...
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from healthcheck.redaction import RULES, redact
from healthcheck.redaction.engine import MARKER, redact_with
from healthcheck.redaction.key_formats import KEY_FORMATS
from healthcheck.redaction.rule import marker

BREAK = "\u2016"  # stands inside every made-up key of a file; taken out before anything else
RUN = 8  # so many characters in a row give a secret away
TABLE = "(the table of key formats)"


class BrokenFileError(Exception):
    """The file cannot be measured with."""


@dataclass(frozen=True)
class Row:
    """A text, the secrets in it that have to go, and the words in it that have to stay."""

    place: str
    text: str
    secrets: list[str]
    keep: list[str]


def rows_of(path: Path) -> list[Row]:
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
            row: dict[str, Any] = json.loads(line.replace(BREAK, "").replace("\\u2016", ""))
            place = f"{path.name}, row {number}"
            rows.append(Row(place, row["text"], row["secrets"], row["keep"]))
        except (ValueError, KeyError, TypeError) as error:
            raise BrokenFileError(f"{path}, line {number} is no row: {error!r}.") from error
    return rows


def is_left(secret: str, redacted: str, row: Row) -> bool:
    """Tell whether a run of the secret survives that nothing else in the text accounts for."""
    redacted, rest = MARKER.sub("\0", redacted), row.text
    for each in sorted(row.secrets, key=len, reverse=True):
        rest = rest.replace(each, "\0")
    if len(secret) < RUN:
        return secret in redacted and secret not in rest
    runs = {secret[start : start + RUN] for start in range(len(secret) - RUN + 1)}
    return any(run in redacted and run not in rest for run in runs)


def left_in(row: Row, redacted: str) -> list[str]:
    """Return the secrets of the row of which too much is left."""
    return [secret for secret in row.secrets if is_left(secret, redacted, row)]


def lost_in(row: Row, redacted: str) -> list[str]:
    """Return what was to stay and is gone; a text without secrets has to stay as it is."""
    lost = [keep for keep in row.keep if keep not in redacted]
    return lost or ([row.text] if not row.secrets and redacted != row.text else [])


def decided(rows: list[Row]) -> Counter[str]:
    """Count for each rule the rows that are right only because of it; the key formats count as one."""
    formats = {row.id for row in KEY_FORMATS}
    counts = Counter({TABLE if rule.id in formats else rule.id: 0 for rule in RULES})
    whole = [redact(row.text) for row in rows]
    for name in counts:
        others = tuple(rule for rule in RULES if (TABLE if rule.id in formats else rule.id) != name)
        marks = [marker(rule.id) for rule in RULES if rule not in others]
        for row, redacted in zip(rows, whole, strict=True):
            if any(mark in redacted for mark in marks):
                without = left_in(row, redact_with(others, row.text))
                counts[name] += len(without) > len(left_in(row, redacted))
    return counts


def main(arguments: list[str]) -> int:
    """Print misses, totals and what each rule decides; return 1 where there are misses."""
    if not arguments:
        print("Name the files to measure with.", file=sys.stderr)
        return 2
    try:
        rows = [row for path in arguments for row in rows_of(Path(path))]
    except BrokenFileError as error:
        print(error, file=sys.stderr)
        return 2
    left = lost = 0
    for row in rows:
        redacted = redact(row.text)
        for kind, misses in ("left", left_in(row, redacted)), ("lost", lost_in(row, redacted)):
            for miss in misses:
                print(f"{row.place}: {kind} {miss!r}\n    in {redacted!r}")
            left += len(misses) if kind == "left" else 0
            lost += len(misses) if kind == "lost" else 0
    print("\nrows that only this rule decides:")
    for name, count in sorted(decided(rows).items(), key=lambda item: -item[1]):
        print(f"  {count:>4} {name}")
    secrets = sum(len(row.secrets) for row in rows)
    keeps = sum(max(len(row.keep), not row.secrets) for row in rows)
    print(f"\n{len(rows)} rows: {left} of {secrets} secrets left, {lost} of {keeps} keeps lost")
    return 1 if left or lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
