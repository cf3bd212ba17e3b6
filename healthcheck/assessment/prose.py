"""The AI's prose, sentence by sentence: what the data does not bear out is dropped and counted."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from healthcheck.assessment.meaning import contradicts
from healthcheck.assessment.spellings import spellings
from healthcheck.assessment.words import (
    BEGINNERS,
    DOTTED,
    ENDINGS,
    FREE_NUMBERS,
    INEXACT,
    MONTHS,
    NUMBERS,
    TECHNICAL,
    VENDORS,
    VERBS,
)
from healthcheck.report.door import shown
from healthcheck.taxonomy import ErrorKind

MOST_CHARACTERS = 320
"""A longer sentence is no sentence."""
MOST_SENTENCES = 4
_MOST_READ = 4_000

_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)\s+(?=[A-Z\"'(])")
_BULLET = re.compile(r"(?m)^[ \t]*(?:[-*\u2022]|\d{1,2}[.)])[ \t]+")
_TOKEN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:/%,+'-]*[A-Za-z0-9%])?")
_PLAIN = frozenset(
    " abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?'\"()/%+-_"
)
_TYPOGRAPHY = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"}
    | {"\u2011": "-", "\u2010": "-", "\u2026": "...", "`": "", "*": ""}
)
_ADDRESS = re.compile(r"://|\bwww\.|@|\bhttps?\b|\bmailto\b|\w dot \w", re.IGNORECASE)
_DIAL = re.compile(
    rf"\b(?:(?:{'|'.join(NUMBERS)})[ -]){{2}}(?:{'|'.join(NUMBERS)})\b", re.IGNORECASE
)
"""Figures one after the other are no count."""
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_DAY = re.compile(
    rf"\b({'|'.join(MONTHS)}) (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?(?!\d)", re.IGNORECASE
)
_OTHER = (
    r" (?:mini|nano|pro|turbo|lite|flash|preview|instruct|codex|large|small|opus|sonnet|haiku)\b"
)
"""After a name it makes another model of it."""
_NAMED = "\0"
"""Stands where a name of the data stood."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence may name, and the figures and words that it may use."""

    names: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    kinds: frozenset[ErrorKind] = frozenset()
    states: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()

    def __or__(self, other: "Ground") -> "Ground":
        """What one or the other bears out."""
        return Ground(
            self.names | other.names,
            self.figures | other.figures,
            self.words | other.words,
            self.kinds | other.kinds,
            self.states | other.states,
            self.said | other.said,
        )


def ground(
    names: Iterable[str | None], texts: Iterable[str] = (), figures: Iterable[int | str | None] = ()
) -> Ground:
    """From names, from sentences of the code, and from numbers."""
    known = {each for name in names if name for each in spellings(name)}
    texts = list(texts)
    tokens = [token for text in texts for token in _tokens(text)]
    return Ground(
        names=frozenset(known - {""}),
        figures=frozenset(
            {_figure(token) for token in tokens if any(map(str.isdigit, token))}
            | {str(figure) for figure in figures if figure is not None}
            | {share for text in texts for share in _shares(text)}
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
    plain = unicodedata.normalize("NFKC", _BULLET.sub("", text[:_MOST_READ]))
    lines = [shown(line) for line in plain.translate(_TYPOGRAPHY).splitlines()]
    return [each for line in lines for each in _SENTENCE_END.split(line) if each.strip()]


def is_borne_out(sentence: str, base: Ground) -> bool:
    """Whether it has no name, figure or address but those of the ground, and nothing unreadable."""
    if len(sentence) > MOST_CHARACTERS or _ADDRESS.search(sentence) or _DIAL.search(sentence):
        return False
    masked = _without_names(sentence, base.names)
    # Names are no words of it: "no-longer-retired" may be one.
    if contradicts(masked, base.kinds, base.states, base.said):
        return False
    masked = _DAY.sub(lambda found: _dated(found, base), _PERCENT.sub(r"\1%", masked))
    if not set(masked) <= _PLAIN | {_NAMED}:
        return False
    tokens = _TOKEN.findall(masked)
    if any(_is_vendor(one + two) or _acts(one, two, base) for one, two in pairwise(tokens)):
        return False
    if not all(_token_is_borne_out(token, base) for token in tokens):
        return False
    return any(map(str.isalpha, masked)) or _NAMED in masked


def names_one_of(text: str, names: Iterable[str]) -> bool:
    """Whether one of the names stands in the text, in any of its spellings."""
    every = {each for name in names for each in spellings(name)}
    return any(_NAMED in _without_names(each, every) for each in sentences_of(text))


def _tidy(sentence: str) -> str:
    stripped = sentence.strip()
    return stripped if stripped.endswith((".", "!", "?")) else f"{stripped}."


def _without_names(sentence: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=lambda each: (-len(each), each)):
        plain = unicodedata.normalize("NFKC", name).translate(_TYPOGRAPHY)
        bounded = (
            rf"(?<![A-Za-z0-9_./-]){re.escape(plain)}(?![A-Za-z0-9_/]|[.:-][A-Za-z0-9]|{_OTHER})"
        )
        sentence = re.sub(bounded, _NAMED, sentence, flags=re.IGNORECASE)
    return sentence


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY))


def _figure(token: str) -> str:
    return token.replace(",", "")


def _shares(text: str) -> set[str]:
    """The percentages of a text, and the same ones rounded."""
    found = [match[1] for match in _PERCENT.finditer(text)]
    return {f"{each}%" for each in found} | {f"{float(each):.0f}%" for each in found}


def _dated(found: re.Match[str], base: Ground) -> str:
    """Nothing to look at where the data has that day, in its own spelling."""
    month = MONTHS[found[1].lower()[:3]]
    day = f"{month:02}-{int(found[2]):02}"
    known = any(each.endswith(f"-{day}") for each in base.figures)
    this_year = not found[3] or f"{found[3]}-{day}" in base.figures
    return _NAMED if known and this_year else found[0]


def _is_vendor(word: str) -> bool:
    lowered = word.lower()
    return lowered in VENDORS or lowered.removesuffix("s") in VENDORS


def _acts(one: str, two: str, base: Ground) -> bool:
    """A capital and what it does: a name, whatever it ends in."""
    known = one in TECHNICAL or one in base.words or one.lower() in BEGINNERS
    return one[0].isupper() and one.isalpha() and two in VERBS and not known


def _token_is_borne_out(token: str, base: Ground) -> bool:
    lowered = token.lower()
    if any(map(str.isdigit, token)):
        return _figure(token) in base.figures or token in base.words
    if lowered in NUMBERS and lowered not in FREE_NUMBERS:
        return str(NUMBERS[lowered]) in base.figures
    if any(_is_vendor(part) for part in re.split(r"[-'_./]", token)):
        return False
    if token in base.words or token in TECHNICAL or lowered in DOTTED:
        return True
    if any(mark in token for mark in "._:/%,+"):
        return False
    parts = re.split(r"[-']", token)
    return not _is_vendor("".join(parts)) and all(_word_is_borne_out(part, base) for part in parts)


def _word_is_borne_out(word: str, base: Ground) -> bool:
    lowered = word.lower()
    if lowered in INEXACT:
        return False
    if lowered in NUMBERS and lowered not in FREE_NUMBERS:
        return str(NUMBERS[lowered]) in base.figures
    if word == lowered or word in TECHNICAL:
        return True
    # A capital may make a name of a word, wherever it stands; of these it does not.
    ordinary = lowered in BEGINNERS or lowered in NUMBERS or ENDINGS.fullmatch(lowered)
    return word[1:] == lowered[1:] and bool(ordinary)
