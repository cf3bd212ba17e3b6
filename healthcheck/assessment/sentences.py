"""From a sentence with placeholders to one with the report's own names and numbers, or to nothing.

Names and numbers cannot be written in any other way: the text around the placeholders is words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from healthcheck.assessment.answer import Sentence, Word
from healthcheck.assessment.subjects import DAY, Subject
from healthcheck.assessment.vocabulary import pattern, words

_MOST_WORDS = 45
_MOST_CHARACTERS = 1_000
_PLACEHOLDER = re.compile(r"\{[^{}]{0,60}\}")
_SLOT = "\0"
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z\0\"'(])")
_TYPOGRAPHY = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"}
    | {"\u2011": "-", "\u2010": "-", "\u2026": "...", "`": "", "*": ""}
)
_BULLET = re.compile(r"^\s*(?:[-\u2022]|\(?[a-z]\))\s+")
_ALLOWED = re.compile(r"[A-Za-z \0,.;:!?'\"()/-]+")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e)\.|\b(?:and/or|either/or)\b")
_ADDRESS = re.compile(r"[.:!?;,/](?=[A-Za-z])|/|\b\w+ dot \w|\bat \w+ dot\b")
_GLUED = re.compile(r"[\w/-]\0|\0(?:-?\w|[./:]\w|\0)|\0 (?:mini|nano|pro|turbo|lite|large|small|preview|instruct|beta)\b")  # fmt: skip
_NUMBER = pattern("number")
_ACRONYMS = words("acronyms")
_VENDORS = words("vendors")
_ALSO_ENGLISH = words("also_english")
_NO_NAMES = words("no_names")
_SUBJECTS = words("subjects")
_ACTS = r"(?:is|are|was|were|has|have|had|fails?|failed|rejects?|refuses?|returns?|went|'s)"
_UNITS = {"model": "model", "error": "error", "failure": "error", "attempt": "attempt"} | {
    "request": "attempt", "call": "attempt", "provider": "provider", "hour": "hour", "day": "day",
    "minute": "minute", "result": "result", "success": "success", "successe": "success",
}  # fmt: skip
_UNIT_AFTER = re.compile(r"\s*(?:of (?:the |all |our )?)?([a-z]+)\b")
_SUCCEED = r"succe|pass|work|healthy|fine|answered"
_NOT_BEFORE = {
    Word.SINCE: r"\b(?:until|till|before|by|ended(?: at)?|last (?:success\w*|answer\w*)(?: \w+)?)\W*$",
    Word.UNTIL: r"(?<!normal )(?<!recovered )(?<!over )(?<!back )(?<!again )\b(?:since|from|after|began(?: at)?|started(?: at)?)\W*$",
    Word.AGE: r"\b(?:in|within|every|until|another|next)\W*$",
    Word.WANTED_PARAMETER: r"\b(?:reject\w*|refus\w*|replac\w*|renam\w*|drop\w*|remov\w*|omit\w*|"
    r"instead of|without|no longer \w+)\W*$",
    Word.PARAMETER: r"(?:(?<!longer )(?<!not )(?<!still )\b(?:wants?|expects?|requires?|accepts?|use))\W*$",
    Word.ENDPOINT: r"\b(?:reject\w*|refus\w*|not (?:in|at|via|on)|instead of|away from)\W*$",
    Word.SUCCESSOR: r"\b(?:replace|retired?|disable|remove|deprecated?)\W*$",
    Word.YESTERDAY: r"(?:(?<!compared )(?<!similar )(?<!close )\b(?:to|is|at|of|reached|now))\W*$",
    Word.RATE: rf"\b(?:{_SUCCEED})\w*\W+(?:\w+\W+){{0,3}}$",
}
_NOT_AFTER = rf"^\W*(?:\w+\W+){{0,3}}?(?:{_SUCCEED})"
_COUNTED = frozenset({Word.RATE, Word.YESTERDAY, Word.WEEK_AVERAGE, Word.COUNT})
_OF_SUCCESS = re.compile(r"succe|answer|work|respon|data|valid", re.IGNORECASE)
_NAMES = frozenset({Word.NAME, Word.PROVIDER})
_JOINED = re.compile(
    r"[\s,;(]*(?:and|or|as well as|plus|at|on|of|from)?[\s,(]*(?:also )?(?:at |on )?"
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A sentence as it is read, and its words with the subjects that each part of them is about."""

    text: str
    words: str
    parts: tuple[tuple[str, tuple[Subject, ...]], ...]
    cited: tuple[tuple[Subject, Word], ...]


@dataclass(frozen=True, slots=True)
class DayNames:
    """Names of the day's data in words: of providers, and of families of models."""

    providers: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()

    @classmethod
    def of(cls, providers: Iterable[str], models: Iterable[str]) -> "DayNames":
        """A family is what a model's name begins with; it may be a word of English as well."""
        begins = (re.match(r"[a-z]{4,}", name.rpartition("/")[2].lower()) for name in models)
        names = {name.lower() for name in providers if re.fullmatch(r"[A-Za-z]{3,}", name)}
        return cls(
            frozenset(names - _ALSO_ENGLISH - _NO_NAMES),
            frozenset(each[0] for each in begins if each) - _NO_NAMES,
        )


def filled(
    sentence: Sentence, subjects: Mapping[str, Subject], about: Subject | None, names: DayNames
) -> Iterator[Filled | None]:
    """Each sentence of a text; None for one that does not keep the form."""
    text = unicodedata.normalize("NFKC", sentence.text[:_MOST_CHARACTERS]).translate(_TYPOGRAPHY)
    text = _PLACEHOLDER.sub(_SLOT, _BULLET.sub("", " ".join(text.split()))).strip()
    if text.count(_SLOT) != len(sentence.refs) or "\0" in sentence.text:
        yield None
        return
    refs = iter(sentence.refs)
    for each in _ENDS.split(text):
        cited = [(subjects.get(ref.of), ref.field) for _, ref in zip(re.findall(_SLOT, each), refs, strict=False)]  # fmt: skip
        known = [
            (subject, Word(name))
            for subject, name in cited
            if subject and name in list(Word) and subject.words.get(Word(name))
        ]
        keeps = len(known) == len(cited) and _keeps_the_form(each, names)
        yield _filled(each.split(_SLOT), known, about) if keeps else None


def _keeps_the_form(text: str, names: DayNames) -> bool:
    every = re.findall(r"[A-Za-z]+", text)
    plain = _ABBREVIATED.sub("", text)
    if not every and _SLOT not in text:
        return False
    if not _ALLOWED.fullmatch(text) or _ADDRESS.search(plain) or _GLUED.search(text):
        return False
    if len(text.split()) > _MOST_WORDS or _NUMBER.search(text.lower()):
        return False
    first = not text.lstrip("\"'( ").startswith(_SLOT)
    for index, word in enumerate(every):
        starts = first and index == 0 and word[1:] == word[1:].lower()
        if word != word.lower() and word not in _ACRONYMS and not starts:
            return False
    begins = re.match(rf"\W*([A-Z][a-z]+) {_ACTS}\b", text)
    if begins and begins[1].lower() not in _SUBJECTS and not re.fullmatch(r"\w{3,}ing", begins[1]):
        return False
    return not _has_a_name(text.lower(), names)


def _has_a_name(text: str, names: DayNames) -> bool:
    tokens = re.findall(r"[a-z]+", text)
    pairs = {one + two for one, two in pairwise(tokens)}
    every = {*tokens, *(token.removesuffix("s") for token in tokens)}
    if (every | pairs) & (_VENDORS | names.providers):
        return True
    found = "|".join(sorted(every & (_ALSO_ENGLISH | names.families)))
    return bool(found) and bool(
        re.search(
            rf"\b(?:at|from|of|on|by|for|via|with|like) (?:{found})s?\b|"
            rf"\b(?:{found})s?,? ?(?:{_ACTS}|models?|famil|series)",
            text,
        )
    )


def _filled(
    texts: Sequence[str], cited: list[tuple[Subject, Word]], about: Subject | None
) -> Filled | None:
    groups = _groups(texts, cited)
    if not _belongs(cited, groups, about):
        return None
    out = texts[0]
    for index, (subject, word) in enumerate(cited):
        after = _fitting(texts, index, subject, word, " ".join(texts))
        if after is None:
            return None
        value = subject.words[word]
        if not out.strip(" \"'(") and word not in (*_NAMES, Word.PARAMETER, Word.ERROR_CODE):
            value = value[0].upper() + value[1:]
        out = _overlapping(out, value) + after
    ended = out.strip()
    ended = ended if ended.endswith((".", "!", "?")) else f"{ended.rstrip(',;: ')}."
    parts = tuple((text, _about(index, groups, cited, about)) for index, text in enumerate(texts))
    plain = "".join(f"{text}{{{word}}}" for text, (_, word) in zip(texts, cited, strict=False))
    return Filled(ended, plain + texts[-1], parts, tuple(cited))


def _fitting(
    texts: Sequence[str], index: int, subject: Subject, word: Word, whole: str
) -> str | None:
    """The text after a placeholder, without a unit that its value has; None where they clash."""
    before, after = texts[index], texts[index + 1]
    general = {Word.RATE: Word.RATE, Word.COUNT: Word.RATE, Word.WEEK_AVERAGE: Word.YESTERDAY}
    refused = _NOT_BEFORE.get(general.get(word, word))
    if refused and re.search(refused, before, re.IGNORECASE):
        return None
    if word in _COUNTED and re.search(_NOT_AFTER, after, re.IGNORECASE):
        return None
    if word is Word.LAST_SUCCESS and not _OF_SUCCESS.search(whole):
        return None
    own = [_UNITS[each] for each in map(_singular, subject.words[word].split()) if each in _UNITS]
    found = _UNIT_AFTER.match(after)
    other = _UNITS.get(_singular(found[1])) if found else None
    if word in _NAMES or not own or not found or other is None:
        return after
    return after[found.end() :] if other == own[-1] else None


def _singular(word: str) -> str:
    return word.lower().removesuffix("s")


def _overlapping(before: str, value: str) -> str:
    """Joined, where the text has written the first words of the value already."""
    parts = value.split(" ")
    for length in range(min(3, len(parts) - 1), 0, -1):
        begin = " ".join(parts[:length])
        if re.search(rf"(?:^|\s){re.escape(begin)}\s$", before, re.IGNORECASE):
            return before + " ".join(parts[length:])
    return before + value


def _groups(
    texts: Sequence[str], cited: Sequence[tuple[Subject, Word]]
) -> list[tuple[int, int, list[Subject]]]:
    """Subjects named in a row, with the first and the last reference that name them."""
    groups: list[tuple[int, int, list[Subject]]] = []
    for index, (subject, word) in enumerate(cited):
        if word not in _NAMES or subject.id == DAY:
            continue
        joined = groups and groups[-1][1] == index - 1 and _JOINED.fullmatch(texts[index])
        if joined:
            groups[-1] = (groups[-1][0], index, [*groups[-1][2], subject])
        else:
            groups.append((index, index, [subject]))
    return groups


def _belongs(
    cited: Sequence[tuple[Subject, Word]],
    groups: Sequence[tuple[int, int, list[Subject]]],
    about: Subject | None,
) -> bool:
    """Whether every number and time stands behind the name of what it is of."""
    values = [(i, s) for i, (s, word) in enumerate(cited) if word not in _NAMES and s.id != DAY]
    if not groups:
        base = about or (values[0][1] if values else None)
        if not about and any(
            word in (*_COUNTED, Word.SHARE) and s.id != DAY and s.reach != "service"
            for s, word in cited
        ):
            return False
        return all(base is not None and _matches(subject, [base]) for _, subject in values)
    for index, subject in values:
        before = [members for begin, _, members in groups if begin < index]
        members = before[-1] if before else groups[0][2]
        if not _matches(subject, [*members, *([about] if about else [])]):
            return False
    return True


def _matches(subject: Subject, members: Sequence[Subject]) -> bool:
    return any(
        each.id == subject.id or each.id in subject.related or subject.id in each.related
        for each in members
    )


def _about(
    index: int,
    groups: Sequence[tuple[int, int, list[Subject]]],
    cited: Sequence[tuple[Subject, Word]],
    about: Subject | None,
) -> tuple[Subject, ...]:
    """What the text before the n-th placeholder is about: what is named before and after it."""
    before = [members for begin, _, members in groups if begin < index]
    after = [members for begin, _, members in groups if begin >= index]
    its = [
        *(before[-1] if before else ()),
        *(after[0] if after else ()),
        *([about] if about else ()),
    ]
    if not groups:
        its += [subject for subject, _ in cited if subject.id != DAY]
    return tuple(its)
