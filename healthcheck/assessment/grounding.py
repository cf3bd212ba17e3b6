"""What plain words may claim: no other cause, state or order than the report's, no intent, no people.

These are a few nets, and what passes them is marked as the AI's. Names and numbers need none.
"""

import re
from collections.abc import Collection, Sequence
from itertools import zip_longest

from healthcheck.assessment import vocabulary
from healthcheck.assessment.answer import Word
from healthcheck.assessment.sentences import Filled
from healthcheck.assessment.subjects import DAY, Subject
from healthcheck.assessment.vocabulary import pattern, words
from healthcheck.diagnosis.causes import kinds_of_cause
from healthcheck.taxonomy import ErrorKind

_CAUSES = vocabulary.causes()
_ORDERS = vocabulary.orders()
_SAME_REMEDY = {ErrorKind.RATE_LIMIT: {ErrorKind.BILLING}}
"""A used-up quota may be one of money."""
_THINGS = pattern("things")
_OPEN = pattern("open")
_OTHERS = re.compile(
    r"[,;:] (?:and |but |while )?(?:some|others?|several|many|a few|further|more) ", re.IGNORECASE
)
"""From here on a sentence is about what it does not name."""
_DENIED = re.compile(
    r"\b(?:no|not|never|isn't|aren't|unrelated to|nothing to do with|neither|not related to)\b[^,;:]{0,25}$",
    re.IGNORECASE,
)
_BLAMED = pattern("blamed")
_EXPLAINS = frozenset(
    {Word.CAUSE, Word.PARAMETER, Word.ENDPOINT, Word.ERROR_CODE, Word.HTTP_STATUS, Word.NAME}
)
_LITTLE = words("little")
_WELL, _EXCEPT, _STILL = pattern("well"), pattern("excepted"), pattern("still")
_PEOPLE = pattern("people")
_EVERY, _NEARLY = pattern("every_provider"), pattern("most_providers")
_MOST = pattern("all_models")
_NO_FAILURE, _ELSE = pattern("no_failure"), pattern("nothing_else")
_IMPERATIVE = re.compile(
    r"(?:^|[.;] |\b(?:then|please|first)\b,? )(?:do not |don't |never )?([A-Za-z]+) (?:the|an?|all|both|this|that|"
    r"these|our|your|its|their|it|them|everything|any|every|another|us|\{\w+\})\b"
)
_LOOKING = words("looking")
_UP, _DOWN, _SAME = pattern("up"), pattern("down"), pattern("same")
_COMPARED = frozenset({Word.YESTERDAY, Word.WEEK_AVERAGE})
_ABOUT_RATE = pattern("about_rate")


def is_borne_out(
    sentence: Filled, whole: Subject, day: Subject, named: Collection[str] = ()
) -> bool:
    """Whether nothing in its plain words is at odds with the report.

    `whole` is for what names nothing; `named` are the ids named in the sentences before.
    """
    told = sentence.words
    every = [each for _, its in sentence.parts for each in its] or [whole]
    return (
        not _PEOPLE.search(told)
        and _directions_hold(sentence, day)
        and _is_ordered(told, " ".join(each.action for each in every))
        and _reach_holds(told, {each.reach for each in every})
        and (not _NO_FAILURE.search(told) or day.words[Word.COUNT].startswith("0 "))
        and (not _ELSE.search(told) or not _unnamed(whole, every, named))
        and _things_are_named(told, every)
        and _causes_hold(re.sub(r"\{\w+\}", "it", told), every)
        and all(
            _part_is_borne_out(text, its or (whole,), following)
            for (text, its), following in zip_longest(
                sentence.parts, (word for _, word in sentence.cited)
            )
        )
    )


def _unnamed(whole: Subject, every: Sequence[Subject], named: Collection[str]) -> bool:
    others = whole.related - {each.id for each in every} - {*named}
    return bool(others) and len(whole.related) > 1


def _reach_holds(told: str, reach: Collection[str]) -> bool:
    if _EVERY.search(told):
        return "service" in reach
    if _NEARLY.search(told):
        return "service" in reach or "most" in reach
    return not _MOST.search(told) or any(reach)


def _is_ordered(told: str, actions: str) -> bool:
    """Whether it tells to change only what an action changes."""
    if any(order.search(told) and not needs.search(actions) for order, needs in _ORDERS):
        return False
    verbs = [found[1].lower() for found in _IMPERATIVE.finditer(told)]
    return all(verb in _LOOKING or _is_in(verb, actions) for verb in verbs)


def _is_in(verb: str, actions: str) -> bool:
    """Whether an action says so, in this word or one of its group; or it is no verb at all."""
    known = any(order.search(f"to {verb}") and needs.search(actions) for order, needs in _ORDERS)
    return known or verb in actions.lower() or verb.endswith(("s", "ly", "ing"))


def _things_are_named(told: str, every: Collection[Subject]) -> bool:
    said = " ".join(f"{each.said} {each.action}" for each in every).lower()
    if _OPEN.search(told) or any(ErrorKind.UNKNOWN in each.kinds for each in every):
        return True
    return all(found[0].lower().rstrip("s") in said for found in _THINGS.finditer(told))


def _part_is_borne_out(text: str, its: Sequence[Subject], following: Word | None) -> bool:
    lasting = [each.lasting for each in its]
    said = " ".join(f"{each.said} {each.action}" for each in its).lower()
    is_ours = its[0].id != DAY and "our side" in said
    if all(lasting) and not is_ours and _WELL.search(text) and not _EXCEPT.search(text):
        return False
    if not any(each is not False for each in lasting) and _STILL.search(text):
        return False
    blamed = _BLAMED.search(text)
    known = following in _EXPLAINS or not blamed or _is_known(text[blamed.end() :], said, its)
    return known and _causes_hold(text, its)


def _causes_hold(text: str, its: Collection[Subject]) -> bool:
    """Whether no cause is named that they do not have, and none denied that they have."""
    if _OPEN.search(text) or any(ErrorKind.UNKNOWN in each.kinds for each in its):
        return True
    said = " ".join(f"{each.said} {each.action}" for each in its).lower()
    own = {kind for each in its for kind in each.kinds}
    kinds = {kind for each in own for kind in kinds_of_cause(each)}
    for kind, phrases in _CAUSES.items():
        for found in phrases.finditer(_OTHERS.split(text)[0]):
            supported = {kind, *_SAME_REMEDY.get(kind, ())} & kinds or found[0].lower() in said
            denied = _DENIED.search(text[: found.start()])
            if (kind in own) if denied else not supported:
                return False
    return True


def _is_known(blamed: str, said: str, its: Collection[Subject]) -> bool:
    """Whether what is blamed is a cause of theirs, or in words of the report, or left to a name."""
    told = [each for each in re.findall(r"[a-z]{3,}", blamed.lower()) if each not in _LITTLE]
    kinds = {kind for each in its for kind in each.kinds}
    if not told or ErrorKind.UNKNOWN in kinds:
        return True
    known = any(kind in kinds and phrases.search(blamed) for kind, phrases in _CAUSES.items())
    return known or any(word.rstrip("s") in said for word in told)


def _directions_hold(sentence: Filled, day: Subject) -> bool:
    """What is said to rise has risen, as far as the report has both numbers."""
    compared = [(s, word) for s, word in sentence.cited if word in _COMPARED]
    if (
        not compared
        and _ABOUT_RATE.search(sentence.words)
        and {s.id for s, _ in sentence.cited} <= {DAY}
    ):
        compared = [(day, Word.YESTERDAY)]
    for subject, word in compared:
        now, before = _number(subject, Word.RATE), _number(subject, word)
        if now is None or before is None:
            continue
        if _UP.search(sentence.words) and not _DOWN.search(sentence.words) and now <= before:
            return False
        if _DOWN.search(sentence.words) and not _UP.search(sentence.words) and now >= before:
            return False
        if _SAME.search(sentence.words) and abs(now - before) > max(1.0, before / 4):
            return False
    return True


def _number(subject: Subject, word: Word) -> float | None:
    told = subject.words.get(word)
    return float(told.partition("%")[0]) if told else None
