"""The AI's prose, sentence by sentence: what the data does not bear out is dropped and counted."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from healthcheck.assessment.words import (
    BEGINNERS,
    DOTTED,
    FREE_NUMBERS,
    INEXACT,
    NUMBERS,
    TECHNICAL,
    VENDORS,
)
from healthcheck.report.door import shown

MOST_CHARACTERS = 320
"""A longer sentence is no sentence."""
MOST_SENTENCES = 4
_MOST_READ = 4_000

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")
_TOKEN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:/%,+'-]*[A-Za-z0-9%])?")
_PLAIN = frozenset(
    " abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?'\"()/%+-_"
)
_TYPOGRAPHY = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"}
    | {"\u2011": "-", "\u2010": "-", "\u2026": "...", "`": "", "*": ""}
)
_ADDRESS = re.compile(r"://|\bwww\.|@|\bhttps?\b|\bmailto\b", re.IGNORECASE)
_NAMED = "\0"
"""Stands where a name of the data stood."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence may name, and the figures and words that it may use."""

    names: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def __or__(self, other: "Ground") -> "Ground":
        """What one or the other bears out."""
        return Ground(
            self.names | other.names, self.figures | other.figures, self.words | other.words
        )


def ground(
    names: Iterable[str | None], texts: Iterable[str] = (), figures: Iterable[int | None] = ()
) -> Ground:
    """From names, from sentences of the code, and from numbers."""
    known = {name for name in names if name}
    known |= {name.rpartition("/")[2] for name in known}
    tokens = [token for text in texts for token in _tokens(text)]
    return Ground(
        names=frozenset(known - {""}),
        figures=frozenset(
            {_figure(token) for token in tokens if any(map(str.isdigit, token))}
            | {str(figure) for figure in figures if figure is not None}
        ),
        words=frozenset(token for token in tokens if not token.isdigit()),
    )


def checked(text: str, base: Ground, *, most: int = MOST_SENTENCES) -> tuple[str | None, int]:
    """The sentences that the ground bears out, and how many it does not."""
    sentences = [_tidy(each) for each in sentences_of(text)]
    kept = [each for each in sentences if is_borne_out(each, base)]
    return " ".join(kept[:most]) or None, len(sentences) - len(kept)


def sentences_of(text: str) -> list[str]:
    """Harmless, on one line, and cut where a sentence ends."""
    plain = unicodedata.normalize("NFKC", text[:_MOST_READ]).translate(_TYPOGRAPHY)
    return [each for each in _SENTENCE_END.split(shown(plain)) if each.strip()]


def is_borne_out(sentence: str, base: Ground) -> bool:
    """Whether it has no name, figure or address but those of the ground, and nothing unreadable."""
    if len(sentence) > MOST_CHARACTERS or _ADDRESS.search(sentence):
        return False
    masked = _without_names(sentence, base.names)
    if not set(masked) <= _PLAIN | {_NAMED}:
        return False
    begins = True
    for match in _TOKEN.finditer(masked):
        first = begins and not masked[: match.start()].strip(" \"'(")
        if not _token_is_borne_out(match.group(), base, first=first):
            return False
        begins = False
    return any(map(str.isalpha, masked)) or _NAMED in masked


def _tidy(sentence: str) -> str:
    stripped = sentence.strip()
    return stripped if stripped.endswith((".", "!", "?")) else f"{stripped}."


def _without_names(sentence: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=lambda each: (-len(each), each)):
        plain = unicodedata.normalize("NFKC", name).translate(_TYPOGRAPHY)
        bounded = rf"(?<![A-Za-z0-9_./-]){re.escape(plain)}(?![A-Za-z0-9_/]|[.:-][A-Za-z0-9])"
        sentence = re.sub(bounded, _NAMED, sentence, flags=re.IGNORECASE)
    return sentence


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY))


def _figure(token: str) -> str:
    return token.replace(",", "").rstrip("%")


def _token_is_borne_out(token: str, base: Ground, *, first: bool) -> bool:
    if any(map(str.isdigit, token)):
        return _figure(token) in base.figures or token in base.words
    if token in base.words or token in TECHNICAL or token.lower() in DOTTED:
        return token.lower() not in VENDORS
    if any(mark in token for mark in "._:/%,+"):
        return False
    return all(
        _word_is_borne_out(part, base, first=first and not number)
        for number, part in enumerate(re.split(r"[-']", token))
    )


def _word_is_borne_out(word: str, base: Ground, *, first: bool) -> bool:
    lowered = word.lower()
    if lowered in VENDORS or lowered in INEXACT:
        return False
    if lowered in NUMBERS and lowered not in FREE_NUMBERS:
        return str(NUMBERS[lowered]) in base.figures
    if word == lowered or word in TECHNICAL:
        return True
    return first and word[1:] == lowered[1:] and lowered in BEGINNERS
