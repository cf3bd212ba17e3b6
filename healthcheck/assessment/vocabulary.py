"""The words that sentences are checked with, from `vocabulary.toml`."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from healthcheck.taxonomy import ErrorKind

_TABLES = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """A list of words."""
    return frozenset(_TABLES["words"][name].split())


def pattern(name: str) -> re.Pattern[str]:
    """What finds one of a list of phrases."""
    return _any(_TABLES["patterns"][name])


def causes() -> dict[ErrorKind, re.Pattern[str]]:
    """What names a kind of error in words."""
    return {ErrorKind(kind): _any(phrases) for kind, phrases in _TABLES["causes"].items()}


def orders() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """What tells to change something, and what an action must say for it."""
    begins = (
        r"(?:^|[,;:(]\s*|\b(?:and|or|then|please|should|must|to|now|first|just|also|be|you|we|not|"
        r"could|can|-)\s+)"
    )
    return [
        (
            re.compile(rf"{begins}(?:{'|'.join(row['verbs'])})\b", re.IGNORECASE),
            re.compile(row["needs"], re.IGNORECASE),
        )
        for row in _TABLES["orders"]
    ]


def _any(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE)
