"""From sentences with placeholders to sentences of the report, or to nothing.

Names, numbers and times come from the report alone. A word that claims a cause, a state or a size needs
an entry that licenses it, named in its clause; other everyday words, and what a clause asks, are free.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from healthcheck.assessment.answer import Sentence, Word
from healthcheck.assessment.subjects import DAY, TREND, Subject
from healthcheck.assessment.tokens import count
from healthcheck.report.contract import Report
from healthcheck.report.provider_links import PROVIDER_LINKS
from healthcheck.taxonomy import ErrorKind, judge

_MOST_OF_ONE = 2
"""Sentences of one text."""
_MOST_WORDS = 45
_MOST_CHARACTERS = 1_000
_SHORTEST_FAMILY = 4
_PLACEHOLDER = re.compile(r"\{[^{}]{0,60}\}")
_SLOT = "\0"
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z\0\"'(])")
_TYPOGRAPHY = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2011\u2010", "''\"\"----", "`*")
_ALLOWED = re.compile(r"[A-Za-z \0,.;:!?'\"()/-]+")
_ADDRESS = re.compile(r"[.:!?;,/](?=[A-Za-z])|/|\b\w+ dot \w")
_GLUED = re.compile(r"[\w/-]\0|\0(?:-?\w|[./:]\w|\0)|\0 (?:mini|nano|pro|turbo|lite|large|small|preview|instruct|beta)\b")  # fmt: skip

_TABLES = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
_ACRONYMS, _NAMES, _ALSO_ENGLISH = (
    frozenset(_TABLES[key].split()) for key in ("acronyms", "names", "also_english")
)
_NUMBER, _ORDERED, _FINITE, _CLAUSES, _TIED, _BLAMED, _OPENS = (
    re.compile(rf"(?:{_TABLES['patterns'][key]})")
    for key in ("number", "ordered", "finite", "clauses", "tied", "blamed", "opens")
)
_BARE = {Word(field): re.compile(before) for field, before in _TABLES["bare"].items()}
_OWN_WORDS = re.compile(r"(?:since|until|for|as|after|(?:up|down) from) ")
_PREPOSITION = re.compile(
    r"\b(?:since|until|till|for|from|by|before|after|at|in|within|to|than|of|every|as|like|above|below|against)\s$"
)
_INSTEAD = frozenset({Word.WANTED_PARAMETER, Word.SUCCESSOR, Word.ENDPOINT})
_NOT_INSTEAD = re.compile(r"\b(?:reject\w*|refus\w*|renam\w*|replac\w*|remov\w*|disabl\w*|drop\w*|without|instead of|from|not)\s$")  # fmt: skip
_IS_NAME = frozenset({Word.NAME, Word.PROVIDER})
_AS_WRITTEN = _IS_NAME | _INSTEAD | {Word.PARAMETER, Word.ERROR_CODE}
_UNIT = re.compile(
    r"\s*(?:of (?:the |all |our )?)?(model|error|failure|attempt|request|provider|result)s?\b"
)
_SAME_UNIT = {"failure": "error", "request": "attempt"}

_STATES, _ORDERS, _ASKS = "states", "orders", "asks"
"""What a clause does; `orders` what the action orders."""
_GOES_ON = frozenset({",", "and", "or", "(", ")", "-", ":", "then"})
_CONTRASTS = frozenset({";", "while", "but", "whereas"})
_CONDITIONS = frozenset({"until", "unless", "once"})
_PAST = re.compile(r"\0|\b(?:was|were|had|did)\b|(?<!is )(?<!are )\b\w+ed\b")
_IN_TIME = frozenset({*_CONDITIONS, "before", "after", "when"})
_ASKED = _IN_TIME | {"which", "that", "how", "why", "what", "who"}


@cache
def _stem(word: str) -> str:
    stem = re.sub(r"(?:ments?|ations?|ions?|ings?|ed|es|(?<!s)s|e)$", "", word.removesuffix("ly"))
    stem = re.sub(r"([^s])\1$", r"\1", stem) if len(stem) > 2 else word  # noqa: PLR2004 - no stem is shorter
    return f"{stem[:-1]}i" if stem.endswith("y") else stem


def _stems(text: str) -> list[str]:
    """Words without endings; `not` and `all` are one word with what they are about."""
    stems, joined = [], ""
    for word in re.findall(r"[a-z_]+(?:n't)?", text.lower()):
        if word in _NEGATIONS or word.endswith("n't"):
            joined = "not_"
        elif word in ("all", "every"):
            joined = joined or "all_"
        elif not (joined and word in _SKIPPED):
            prefix, _, plain = word.rpartition("_")
            stems.append(f"{joined or (prefix and prefix + '_')}{_stem(plain)}")
            joined = ""
    return stems


_NEGATIONS, _SKIPPED = (frozenset(_TABLES[key].split()) for key in ("negations", "skipped"))
_GRAMMAR, _LOOK, _AGENTS, _FREE_ORDERS = (
    frozenset(_stems(_TABLES[key])) for key in ("grammar", "look", "agents", "free_orders")
)
_FACTS = {fact: frozenset(_stems(words)) for fact, words in _TABLES["facts"].items()}
_OF_KINDS = frozenset[str]().union(*(_FACTS[kind] for kind in ErrorKind))
_OF_MESSAGES = _OF_KINDS | _FACTS["foreign"] | _FACTS["ours"]
"""Of messages, which strangers write, only these words count."""
_CLAIMS = frozenset[str]().union(*_FACTS.values()) - _GRAMMAR - _AGENTS
_EVERY = _CLAIMS | _GRAMMAR | _LOOK
_UNIVERSAL = _FACTS["wide"]
"""What one of several problems does not license for the day, as little as denials."""
_OF_OTHERS = _FACTS["sole"] | _FACTS["other_models"]
_DENIES = re.compile(r"all_|not_")
_UNITS = re.compile(r"all_(?:model|provider|request|attempt|call|result|error|failur|rul)")


def _claimed(stems: Iterable[str]) -> frozenset[str]:
    """The words that state something; every denial does."""
    return frozenset(
        stem
        for stem in stems
        if stem in _CLAIMS
        or _UNITS.match(stem)
        or (stem.startswith("not_") and stem not in _GRAMMAR)
    )


def _plainly(text: str) -> str:
    """In lower case; phrases as the words that the tables know."""
    text = text.lower()
    for phrase, other in _TABLES["phrases"].items():
        text = re.sub(rf"\b(?:{phrase})\b", other, text)
    return text


@cache
def _licensed(subject: Subject) -> frozenset[str]:
    """The words of what the report says of it, and of its facts."""
    told = frozenset(_stems(_plainly(subject.said)))
    told |= frozenset(_stems(subject.action)) - _FACTS["change"]
    told -= _FACTS["ended"]
    return told.union(
        _OF_MESSAGES.intersection(_stems(subject.message)),
        *(_FACTS.get(fact, ()) for fact in subject.facts - {"foreign"}),
    )


@cache
def _known(subject: Subject) -> frozenset[str]:
    """These, and the words of what to do about it."""
    return _licensed(subject) | frozenset(_stems(subject.action))


def _allows(subject: Subject, words: frozenset[str]) -> bool:
    """The day allows what it has itself, together with one of its problems."""
    left = words - _licensed(subject)
    if len(subject.problems) > 1 and (left & _UNIVERSAL or any(map(_DENIES.match, left))):
        return False
    return not left or any(left <= _licensed(each) for each in subject.problems)


def _whole(subjects: Mapping[str, Subject]) -> Subject:
    """The day, for sentences that name nothing: with what its problems have, but not their trends."""
    every = [each for each in subjects.values() if each.key]
    lasting = [each for each in every if "lasting" in each.facts] or every
    return replace(
        subjects[DAY],
        problems=tuple(replace(each, facts=each.facts - TREND) for each in lasting),
        action=" ".join(each.action for each in every),
    )


class Grounding:
    """Grounds the sentences of one day, and counts those that are dropped."""

    def __init__(self, report: Report, subjects: Mapping[str, Subject]) -> None:
        """`subjects`: what the AI was told, and so what it may speak of."""
        self.dropped = 0
        self._subjects = subjects
        self._whole = _whole(subjects)
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

    def told(
        self,
        sentences: Iterable[Sentence],
        about: Subject | None = None,
        most: int = _MOST_OF_ONE,
        reading: ErrorKind | None = None,
    ) -> str | None:
        """The first sentences that hold."""
        told = [
            each
            for sentence in sentences
            for each in self.sentences(sentence, about or self._whole, reading)
        ]
        self.dropped += told.count(None)
        return " ".join([each for each in told if each][:most]) or None

    def sentences(
        self, sentence: Sentence, about: Subject, reading: ErrorKind | None = None
    ) -> Iterator[str | None]:
        """Each sentence of a text as it is printed; None for one that does not hold.

        `about`: what it is about where it names nothing. `reading`: it is an opinion of that kind.
        """
        text = unicodedata.normalize("NFKC", sentence.text[:_MOST_CHARACTERS])
        text = " ".join(text.translate(_TYPOGRAPHY).split()).removeprefix("- ")
        text = _PLACEHOLDER.sub(_SLOT, text)
        if text.count(_SLOT) != len(sentence.refs) or _SLOT in sentence.text:
            yield None
            return
        refs = iter(sentence.refs)
        for each in _ENDS.split(text):
            cited = [
                (self._subjects[ref.of], Word(ref.field))
                for _, ref in zip(range(each.count(_SLOT)), refs, strict=False)
                if ref.of in self._subjects and ref.field in self._subjects[ref.of].words
            ]
            holds = len(cited) == each.count(_SLOT) and self._keeps_the_form(each, cited, about)
            holds = holds and (
                _is_opinion(each, reading, about) if reading else _is_licensed(each, cited, about)
            )
            yield _filled(each.split(_SLOT), cited, about) if holds else None

    def _keeps_the_form(
        self, text: str, cited: Sequence[tuple[Subject, Word]], about: Subject
    ) -> bool:
        words = re.findall(r"[A-Za-z]+", text)
        if not _ALLOWED.fullmatch(text) or _ADDRESS.search(text) or _GLUED.search(text):
            return False
        if not (words or cited) or len(text.split()) > _MOST_WORDS or _NUMBER.search(text.lower()):
            return False
        known = frozenset[str]().union(*map(_known, (about, *dict(cited))))
        first = re.match(r"\W*[A-Z][a-z]*\b", text.replace(_SLOT, "x"))
        plain = [word for word in (words[1:] if first else words) if word not in _ACRONYMS]
        lower = [word.lower() for word in words if word not in _ACRONYMS]
        return (
            all(word == word.lower() for word in plain)
            and all(_is_common(word) or _stem(word) in known for word in lower)
            and not self._has_a_name(text.lower(), words)
        )

    def _has_a_name(self, text: str, words: Sequence[str]) -> bool:
        """A name that is an English word too is one as a subject, or after at, from, of and the like."""
        tokens = [word.lower() for word in words]
        every = {*tokens, *(token.removesuffix("s") for token in tokens)}
        if (every | {one + two for one, two in pairwise(tokens)}) & self._names:
            return True
        found = "|".join(sorted(every & self._doubtful)) or "(?!)"
        place, verb = (
            r"at|from|of|on|by|for|via|with|like",
            r"is|are|was|were|has|have|had|fail\w*|lost|loses?|went|models?|family|series",
        )
        return bool(
            re.search(rf"\b(?:{place}) (?:{found})s?\b|\b(?:{found})s?,? ?(?:{verb})\b", text)
        )


@cache
def _is_common(word: str) -> bool:
    """Whether it is of the tables, or a single token: most names of companies and products are not."""
    return _stem(word) in _EVERY or count(f" {word}") == 1


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
        if not before.strip(" \"'(") and word not in _AS_WRITTEN:
            value = value[0].upper() + value[1:]
        current = current if subject.id == DAY else subject
        out = before + value + after
    ended = out.strip()
    return ended if ended.endswith((".", "!", "?")) else f"{ended.rstrip(',;: ')}."


def _fitted(before: str, value: str, after: str, word: Word) -> tuple[str, str | None, str]:
    """The three without words that stand twice; no value where they clash."""
    parts = value.split(" ")
    for length in range(min(3, len(parts) - 1), 0, -1):
        begin = f"{' '.join(parts[:length])} "
        if f" {before}".lower().endswith(f" {begin.lower()}"):
            return before[: -len(begin)], value, after
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


def _is_opinion(text: str, kind: ErrorKind, about: Subject) -> bool:
    """What messages mean that no rule knows: no order, nothing about people, no other kind."""
    judged = judge(text.replace(_SLOT, "it")).kind
    return (
        bool(_OPENS.match(text))
        and judged in (kind, ErrorKind.UNKNOWN)
        and not (_FACTS["people"] | _FACTS["foreign"]) & set(_stems(text)) - _licensed(about)
        and _orders_hold(text.lower(), frozenset())
    )


def _is_licensed(text: str, cited: Sequence[tuple[Subject, Word]], about: Subject) -> bool:
    """Whether it states only what the entries it names have."""
    text = _plainly(text)
    every = [about, *dict(cited)]
    known = frozenset[str]().union(*map(_known, every))
    named = [each for each, word in cited if word in _IS_NAME and each.id != DAY]
    tied = len({each.id for each in named}) > 1 and _TIED.search(text)
    return (
        _orders_hold(text, known)
        and not _FACTS["people"] & set(_stems(text))
        and all(_allows(each, _blamed(text)) for each in named or [about])
        and not (tied and not frozenset.intersection(*(each.ties for each in named)))
        and _clauses_hold(text, iter(cited), about)
    )


def _clauses_hold(text: str, refs: Iterator[tuple[Subject, Word]], about: Subject) -> bool:
    """Each clause is about the entries in it, and those of clauses before that only name them."""
    mood, its = "", [about]
    pending, told = list[Subject](), frozenset[str]()
    for joined, part in _clauses(text):
        if joined in _CONTRASTS:
            pending, told = [], frozenset()
        here = [next(refs) for _ in range(part.count(_SLOT))]
        own, stems = [each for each, _ in here if each.id != DAY], _stems(part)
        if not (stems or here):
            continue
        actions = frozenset[str]().union(*(_stems(each.action) for each in (about, *own)))
        actions -= _FACTS["healthy"]  # an action holds names, which strangers choose
        mood = _mood(part, stems, mood, joined, actions)
        if mood == _ASKS:
            its = own or its
            continue
        pending = [*pending, *own]
        its = pending or its
        words = _claimed(stems) - (actions if mood == _ORDERS else frozenset())
        names = [word for _, word in here if word in _IS_NAME]
        if names and len(names) == len(own) and not set(stems) - _GRAMMAR:
            words = told
        if words & _OF_OTHERS:
            words -= _FACTS["ended"] | _FACTS["healthy"] | _FACTS["lasting"]
        if (joined in _IN_TIME and names) or not all(_allows(each, words) for each in its):
            return False
        pending, told = ([], words) if words else (pending, told)
    return True


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Each with the last of the words or signs that join it to those before."""
    joined = ";"
    for part in re.split(f"({_CLAUSES.pattern})", text):
        if _CLAUSES.fullmatch(part):
            joined = part.strip()
        elif part.strip():
            yield joined, part


def _mood(part: str, stems: Sequence[str], mood: str, joined: str, actions: frozenset[str]) -> str:
    """Whether a clause asks, orders or states; `mood`: that of the one before."""
    if joined in ("if", "whether") or (joined in _ASKED and mood in (_ASKS, _ORDERS)):
        return _ASKS
    if joined in _CONDITIONS and not _PAST.search(part):
        return _ASKS
    mood = mood if joined in _GOES_ON else ""
    states = _FINITE.search(part)
    if mood == _ASKS and (not states or joined in ("and", "or")):
        return mood
    first = stems[0] if stems and not states and re.match(r" *[a-z]", part) else ""
    if first in _LOOK:
        return _ASKS
    if first in actions - _GRAMMAR:
        return _ORDERS
    return mood if mood and not states else _STATES


def _orders_hold(text: str, known: Iterable[str]) -> bool:
    """Whether it tells to do only what is looking, or what an action says."""
    verbs = [found[1] for found in _ORDERED.finditer(text)]
    allowed = _LOOK.union(_GRAMMAR, _FREE_ORDERS, known)
    return all(v.endswith(("s", "ed", "ing", "ly")) or _stem(v) in allowed for v in verbs)


def _blamed(text: str) -> frozenset[str]:
    """Words that claim nothing by themselves, where the text makes them a cause."""
    return _AGENTS & {_stem(word) for each in _BLAMED.findall(text) for word in each}
