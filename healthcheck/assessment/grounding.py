"""From the AI's words with placeholders to a sentence of the report, or to nothing.

A sentence begins with one of the leads, such as "Check whether", and so asks; it ends where it would
begin to state something. Names, numbers and times come from the report alone.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from healthcheck.assessment.answer import Sentence, Word
from healthcheck.assessment.subjects import DAY, Subject
from healthcheck.assessment.tokens import count
from healthcheck.report.contract import Report
from healthcheck.report.provider_links import PROVIDER_LINKS

_MOST_WORDS = 45
_MOST_CHARACTERS = 1_000
_SHORTEST_FAMILY = 4
_STEM = 5
"""Letters by which a word is known."""
_PLACEHOLDER = re.compile(r"\{[^{}]{0,60}\}")
_SLOT = "\0"
_TYPOGRAPHY = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2011\u2010", "''\"\"----", "`*")
_ALLOWED = re.compile(r"[A-Za-z \0,.;:!?'\"()/-]+")
_ADDRESS = re.compile(r"[.:!?;,/](?=[A-Za-z])|/|\b\w+ dot \w")
_GLUED = re.compile(r"[\w/-]\0|\0(?:-?\w|[./:]\w|\0)|\0 (?:mini|nano|pro|turbo|lite|large|small|preview|instruct|beta)\b")  # fmt: skip

_TABLES = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
_ACRONYMS, _NAMES, _ALSO_ENGLISH = (
    frozenset(_TABLES[key].split()) for key in ("acronyms", "names", "also_english")
)
_NUMBER, _ENDS, _NEVER, _LONE, _OPEN, _CLAUSE, _PRESUMED, _OWN_WORDS, _PREPOSITION, _NOT_INSTEAD = (
    re.compile(_TABLES["patterns"][key].replace("\\\n", ""))
    for key in (
        "number", "ends", "never", "lone", "open", "clause", "presumed",
        "own_words", "preposition", "not_instead",
    )
)  # fmt: skip
_BARE, _CLASHES = (
    {Word(field): re.compile(words) for field, words in _TABLES[key].items()}
    for key in ("bare", "clashes")
)
_INSTEAD = frozenset({Word.WANTED_PARAMETER, Word.SUCCESSOR, Word.ENDPOINT})
_IS_NAME = frozenset({Word.NAME, Word.PROVIDER})
_UNIT = re.compile(
    r"\s*(?:of (?:the |all |our )?)?(model|error|failure|attempt|request|provider|result)s?\b"
)
_SAME_UNIT = {"failure": "error", "request": "attempt"}


class Grounding:
    """Grounds the sentences of one day, and counts those that are dropped."""

    def __init__(self, report: Report, subjects: Mapping[str, Subject]) -> None:
        """`subjects`: what the AI was told, and so what it may speak of."""
        self.dropped = 0
        self._subjects = subjects
        providers = {part.provider.lower() for part in report.providers}
        families = {
            re.split(r"[^a-z]", part.model.rpartition("/")[2].lower())[0] for part in report.models
        }
        parts = {
            word for each in report.models for word in re.findall(r"[a-z]{3,}", each.model.lower())
        }
        rare = {word for word in parts if not _is_common(word)}
        self._names = (_NAMES | {*PROVIDER_LINKS} | providers | rare) - _ALSO_ENGLISH
        self._doubtful = _ALSO_ENGLISH | {f for f in families if len(f) >= _SHORTEST_FAMILY}

    def told(self, sentence: Sentence, about: Subject | None = None) -> str | None:
        """The sentence as it is printed; `about`: what it is about where it names nothing."""
        told = self._told(sentence, about or self._subjects[DAY])
        self.dropped += told is None
        return told

    def _told(self, sentence: Sentence, about: Subject) -> str | None:
        if _SLOT in sentence.text:
            return None
        text = unicodedata.normalize("NFKC", sentence.text[:_MOST_CHARACTERS])
        text = " ".join(text.translate(_TYPOGRAPHY).split())
        text = _PLACEHOLDER.sub(_SLOT, text).rstrip(" .")
        if text.count(_SLOT) != len(sentence.refs) or not self._keeps_the_form(text):
            return None
        asked, *stated = _ENDS.split(text, maxsplit=1)
        self.dropped += bool(stated)
        asked = f"{sentence.lead} {asked.rstrip(' .,-(')}"
        cited = [
            (self._subjects[ref.of], Word(ref.field))
            for ref in sentence.refs[: asked.count(_SLOT)]
            if ref.of in self._subjects and ref.field in self._subjects[ref.of].words
        ]
        every = [about, *dict(cited)] if about.id != DAY else self._subjects.values()
        holds = len(cited) == asked.count(_SLOT) and _is_asked(asked.lower(), every)
        return _filled(asked.split(_SLOT), cited, about) if holds else None

    def _keeps_the_form(self, text: str) -> bool:
        words = re.findall(r"[A-Za-z]+", text)
        if not _ALLOWED.fullmatch(text) or _ADDRESS.search(text) or _GLUED.search(text):
            return False
        if (
            not (words or _SLOT in text)
            or len(text.split()) > _MOST_WORDS
            or _NUMBER.search(text.lower())
        ):
            return False
        plain = [word for word in words if word not in _ACRONYMS]
        return (
            all(map(str.islower, plain))
            and not _NEVER.search(text.lower())
            and not self._has_a_name(text.lower(), words)
        )

    def _has_a_name(self, text: str, words: Sequence[str]) -> bool:
        """A name that is an English word too is one as a subject, or after at, from, of and the like."""
        tokens = [word.lower() for word in words]
        every = {*tokens, *(token.removesuffix("s") for token in tokens)}
        if (every | {one + two for one, two in pairwise(tokens)}) & self._names:
            return True
        doubtful = (every & self._doubtful) | {each for each in tokens if not _is_common(each)}
        found = "|".join(sorted(doubtful)) or "(?!)"
        place, verb = (
            r"at|from|of|on|by|for|via|with|like|and|also|whether",
            r"is|are|was|were|has|have|had|fail\w*|lost|loses?|went|models?|family|series",
        )
        return bool(
            re.search(rf"\b(?:{place}) (?:{found})s?\b|\b(?:{found})s?,? ?(?:{verb})\b", text)
        )


@cache
def _is_common(word: str) -> bool:
    """Whether it is built from a single token: most names of companies and products are not."""
    stems = {word.removeprefix(begin) for begin in ("", "un", "re", "mis")}
    stems |= {stem.removesuffix(end) for stem in stems for end in _TABLES["endings"].split()}
    return any(count(f" {stem}") == 1 for stem in stems)


def _is_asked(text: str, subjects: Iterable[Subject]) -> bool:
    """Whether it states nothing, and takes nothing for granted that the entries do not have."""
    asserted = _OPEN.split(text, maxsplit=1)[0]
    known = " ".join(f"{[*each.words.values()]} {each.row}".lower() for each in subjects)
    return not (_LONE.search(text) or _CLAUSE.search(asserted)) and all(
        found[1][:_STEM] in known for found in _PRESUMED.finditer(asserted)
    )


def _filled(
    texts: Sequence[str], cited: Sequence[tuple[Subject, Word]], about: Subject
) -> str | None:
    """With the values, each behind the name of its own entry: where it is not, the name follows."""
    out, current = texts[0], about
    named = {subject.id for subject, word in cited if word in _IS_NAME}
    named |= {subject.part_of for subject, _ in cited if subject.id in named} - {""}
    for (subject, word), text in zip(cited, texts[1:], strict=True):
        before, value, after = _fitted(out, subject.words[word], text, word)
        if value is None:
            return None
        owner = subject.words.get(Word.NAME, "")
        is_own = word in _IS_NAME or subject.id == DAY or owner == current.words.get(Word.NAME)
        if not is_own and current.words.get(word) != subject.words[word]:
            if not owner or (named and not {subject.id, subject.part_of} & named):
                return None
            value = owner if owner.startswith(value) else f"{value} ({owner})"
        current = current if subject.id == DAY else subject
        out = before + value + after
    return f"{out}."


def _fitted(before: str, value: str, after: str, word: Word) -> tuple[str, str | None, str]:
    """Remove words that the text repeats around a value; no value if they contradict it."""
    parts = value.split(" ")
    for length in range(min(3, len(parts) - 1), 0, -1):
        begin = f"{' '.join(parts[:length])} "
        if f" {before}".lower().endswith(f" {begin.lower()}"):
            return before[: -len(begin)], value, after
    if word in _CLASHES and _CLASHES[word].search(f"{before}|{after}".lower()):
        return before, None, after
    if word in _BARE and _BARE[word].search(before.lower()):
        value = _OWN_WORDS.sub("", value)
    elif (word in _BARE and _PREPOSITION.search(before.lower())) or (
        word in _INSTEAD and _NOT_INSTEAD.search(before.lower())
    ):
        return before, None, after
    unit = _UNIT.match(after)
    if word not in _IS_NAME and unit and _UNIT.search(value):
        is_same = re.search(rf"\b{_SAME_UNIT.get(unit[1], unit[1])}s?\b", value)
        return before, value if is_same else None, after[unit.end() :]
    return before, value, after
