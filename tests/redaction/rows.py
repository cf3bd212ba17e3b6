"""Rows of texts with what must go and what must stay.

`text` is one message; of each string in `secrets` no 8 characters in a row may survive, each in
`keep` must; `note` says what the row is about. Every secret holds a `BREAK`, which is removed on
reading, so that no scanner takes this file for a leak; keys say FAKE where their format allows it.
"""

import json
import os
from pathlib import Path
from typing import NamedTuple

BREAK = "\u2016"

ROOT = Path(__file__).parents[2]
OWN = Path(__file__).with_name("secrets.jsonl")
CORPUS = Path(os.environ.get("HEALTHCHECK_CORPUS", ROOT.parent / "shared" / "corpus"))


class Row(NamedTuple):
    text: str
    secrets: list[str]
    keep: list[str]
    note: str


def rows_of(path: Path) -> list[Row]:
    lines = path.read_text(encoding="utf-8").replace(BREAK, "").split("\n")
    found = [json.loads(line) for line in lines if line]
    return [Row(row["text"], row["secrets"], row["keep"], row["note"]) for row in found]
