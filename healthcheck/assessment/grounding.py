"""From what the AI wants checked to a sentence of the report, or to nothing.

Its words go on behind "Check whether", and so ask; they end where they would begin to state something.
Names, identifiers and times are those of the report, and nothing else is more than a plain word.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from healthcheck.assessment import context
from healthcheck.assessment.context import ContextItem
from healthcheck.assessment.tokens import count
from healthcheck.report.contract import Report
from healthcheck.report.provider_links import PROVIDER_LINKS

_MOST_WORDS = 30
"""The AI is asked for 20."""
_MOST_CHARACTERS = 1_000
_SHORTEST_FAMILY = 4
_SLOT = "\0"
"""Stands for a value of the report while the words around it are looked at."""
_TYPOGRAPHY = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2011\u2010", "''\"\"----", "`*")
_BEGINNING = re.compile(r"^(?:(?:please )?check )?(?:whether|if) ", re.IGNORECASE)
_ALLOWED = re.compile(r"[A-Za-z \0,.;:!?'\"()-]+")
_ADDRESS = re.compile(r"[.:!?;,](?=[A-Za-z])|\b\w+ dot \w|[\w-]\0|\0(?:-?\w|\0)")

_TABLES = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
_ACRONYMS, _NAMES, _ALSO_ENGLISH = (
    frozenset(_TABLES[key].split()) for key in ("acronyms", "names", "also_english")
)
_NUMBER_WORDS: list[str] = _TABLES["number_words"].split()
_THINGS, _AUXILIARIES, _RELATIVE, _GRAMMAR, _PAST = (
    frozenset(_TABLES[key].split())
    for key in ("things", "auxiliaries", "relative", "grammar", "past")
)
_NUMBER, _ENDS, _NEVER = (
    re.compile(_TABLES["patterns"][key].replace("\\\n", "")) for key in ("number", "ends", "never")
)
_TOKEN = re.compile(r"[a-z\0]+(?:[-'][a-z]*)*|[^\w\s]")
_DEFINITE = re.compile(r"the|its|their|our|your|[a-z\0]+'s?|(this|these|those)")
_ARTICLES = frozenset(("a", "an", "the", "its", "their", "our", "any", "all", "both"))
_INFLECTION = re.compile(r"(?:ing|ed|es|s|e|d)$")
_CLAUSE = 5
"""Words of a relative clause that are looked at."""


class Grounding:
    """Grounds the sentences of one day, and counts those that are dropped."""

    def __init__(self, report: Report) -> None:
        self.dropped = 0
        self._values = context.names(report)
        providers = {part.provider.lower() for part in report.providers}
        models = [part.model.lower() for part in report.models]
        families = {re.split(r"[^a-z]", model.rpartition("/")[2])[0] for model in models}
        parts = {word for model in models for word in re.findall(r"[a-z]{3,}", model)}
        rare = {word for word in parts if not _is_common(word)}
        self._names = (_NAMES | {*PROVIDER_LINKS} | providers | rare) - _ALSO_ENGLISH
        self._doubtful = _ALSO_ENGLISH | {f for f in families if len(f) >= _SHORTEST_FAMILY}
        self._doubtful -= {"model"}

    def question(self, text: str, *about: ContextItem) -> str | None:
        """What to check about these entries, as it is printed."""
        asked = self._asked(text, about)
        self.dropped += asked is None
        return f"Check whether {asked}." if asked else None

    def _asked(self, text: str, about: Sequence[ContextItem]) -> str | None:
        text = unicodedata.normalize("NFKC", text[:_MOST_CHARACTERS]).translate(_TYPOGRAPHY)
        text = _BEGINNING.sub(
            "", " ".join(text.split()).replace("e.g.", "for example").rstrip(" .")
        )
        values = self._values.union(*(item.values for item in about))
        values |= {word for number, word in enumerate(_NUMBER_WORDS) if str(number) in values}
        every = "|".join(map(re.escape, sorted(values, key=len, reverse=True))) or "(?!)"
        value = re.compile(rf"(?<![\w./-])/?(?:{every})(?![\w/]|[.:-]\w)", re.IGNORECASE)
        found = value.findall(text)
        text = value.sub(_SLOT, text)
        if text.count(_SLOT) != len(found) or _ADDRESS.search(text.lower()):
            return None
        asked, *stated = _ENDS.split(text, maxsplit=1)
        asked = asked.rstrip(" .,-(")
        self.dropped += bool(stated)
        if not self._keeps_the_form(asked) or _presumes(asked.lower(), about):
            return None
        return re.sub(_SLOT, lambda _: found.pop(0), asked)

    def _keeps_the_form(self, text: str) -> bool:
        words, lower = re.findall(r"[A-Za-z]+", text), text.lower()
        return (
            bool(words)
            and " " in text
            and len(text.split()) <= _MOST_WORDS
            and bool(_ALLOWED.fullmatch(text))
            and not any(pattern.search(lower) for pattern in (_NUMBER, _NEVER))
            and all(word.islower() or word in _ACRONYMS for word in words)
            and not self._has_a_name(lower, [word.lower() for word in words])
        )

    def _has_a_name(self, text: str, words: Sequence[str]) -> bool:
        """A name that is an English word too is one as a subject, or after at, from, of and the like."""
        every = {*words, *(word.removesuffix("s") for word in words)}
        if (every | {one + two for one, two in pairwise(words)}) & self._names:
            return True
        doubtful = (every & self._doubtful) | {each for each in words if not _is_common(each)}
        found = "|".join(sorted(doubtful)) or "(?!)"
        place, verb = (
            r"at|from|of|on|by|for|via|with|like|and|also|whether",
            r"is|are|was|were|has|have|had|fail\w*|lost|loses?|went|models?|family|series|host|server|region|cloud|account",
        )
        return bool(
            re.search(rf"\b(?:{place}) (?:{found})s?\b|\b(?:{found})s?,? ?(?:{verb})\b", text)
        )


def _presumes(asked: str, about: Iterable[ContextItem]) -> bool:
    """Whether it takes something for granted that not everybody has, and the entries do not."""
    told = " ".join(item.text for item in about).lower()
    known = {_base(word) for word in (*_THINGS, *re.findall(r"[a-z]+", told))}
    words = [*_TOKEN.findall(asked), "."]
    for place, word in enumerate(words, start=1):
        if found := _DEFINITE.fullmatch(word):
            pronoun = {"this": "thing"}.get(word, "things") if found[1] else ""
            if _is_unknown(words[place:], known, pronoun):
                return True
    return False


def _is_unknown(words: Sequence[str], known: set[str], noun: str) -> bool:
    """Whether the phrase that begins here names or tells something else."""
    for place, word in enumerate(words):
        if word == _SLOT and not noun:
            continue
        if noun and word in _RELATIVE:
            clause = words[place + 1 : place + 1 + _CLAUSE]
            return "again" in clause or any(
                _is_past(each) and _base(each) not in known for each in clause
            )
        if not word[0].isalpha() or word in _GRAMMAR | _AUXILIARIES | _RELATIVE:
            return False
        if _base(re.sub(r"'s?$", "", word)) not in known:
            return not (noun and _is_verb(word, noun, words[place + 1]))
        noun = word
    return False


def _is_verb(word: str, noun: str, behind: str) -> bool:
    """Behind that noun. What may be either, as in "the key leaks", is told by the word behind it."""
    if behind in _AUXILIARIES | {"of", "that", "who"}:
        return False
    plural = any(re.search(r"[^su]s$", each) for each in (word, noun))
    return plural or behind in _ARTICLES or word.endswith(("ing", "ly")) or _is_past(word)


def _is_past(word: str) -> bool:
    return word in _PAST or bool(re.search(r"[^e]ed$", word))


def _base(word: str) -> str:
    """Without its inflection."""
    return _INFLECTION.sub("", re.sub(r"y$", "i", word.removesuffix("s")))


@cache
def _is_common(word: str) -> bool:
    """Whether it is built from a single token: most names of companies and products are not."""
    stems = {word.removeprefix(begin) for begin in ("", "un", "re", "mis")}
    stems |= {stem.removesuffix(end) for stem in stems for end in _TABLES["endings"].split()}
    return any(count(f" {stem}") == 1 for stem in stems)
