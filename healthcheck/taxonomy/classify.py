"""From a message and its hints to a verdict."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.taxonomy.evidence import cleaned
from healthcheck.taxonomy.http_status import KIND_OF_STATUS, stated_status
from healthcheck.taxonomy.kinds import ErrorKind, Verdict, stored
from healthcheck.taxonomy.negation import denials
from healthcheck.taxonomy.rules import FALLBACK, PRIMARY, RULES, Rule

_WORD = lazy_pattern(r"[a-z][a-z0-9]*")
_SUFFIXES = ("", "error", "exception", "exceptionerror")
# A list of many objects is a payload (nodes, examples, a queue), unless nothing else states a kind; it may be cut.
_LIST = lazy_pattern(r"\[ ?\{[^\[\]]{0,6000}(?:\]|$)")
_MANY = 3
# Messages that differ only in ids, hashes, durations and long numbers are one to every rule, and most
# of a day's.
_LONG_ID = lazy_pattern(r"(?<![a-z0-9_-])(?=[a-z0-9_-]*\d)[a-z0-9_-]{16,}")
_LONG_NUMBER = lazy_pattern(r"\d(?:\.\d{3,}|\d{3,})")


def classify(
    message: object,
    *,
    http_status: object = None,
    exc_type: object = None,
    stored_kind: object = None,
) -> Verdict:
    """Return kind, rule and reason by the strongest evidence; the writer's kind is the weakest."""
    text = _LONG_NUMBER.sub("0000", _LONG_ID.sub("<id>", cleaned(message, exc_type)))
    verdict = _strongest(text, http_status if isinstance(http_status, int) else None)
    if verdict is not None:
        return verdict
    kind = stored(stored_kind)
    if kind is not ErrorKind.UNKNOWN:
        return Verdict(kind, "stored-kind", "only the writer's guess")
    return Verdict(ErrorKind.UNKNOWN, "none", "no rule matches")


def ranked(text: str, http_status: int | None = None) -> Iterator[Verdict]:
    """Yield what a cleaned message says, the strongest evidence first.

    The ranks: what is stated (the order of `PRIMARY` settles its conflicts), the HTTP status that
    the message names, the one stored with it, the exception's class, general words.
    """
    text += denials(text)
    named = _named(text)
    for verdict in _claims(PRIMARY, text, named):
        yield verdict._replace(clear=True)
    for status, why in (
        (stated_status(text), "the message names this HTTP status"),
        (http_status, "the HTTP status stored with it"),
    ):
        if status in KIND_OF_STATUS:
            yield Verdict(KIND_OF_STATUS[status], f"http-{status}", why)
    yield from _claims(FALLBACK, text, named)


@lru_cache(maxsize=4096)
def _strongest(text: str, http_status: int | None) -> Verdict | None:
    main = _LIST.sub(lambda found: " " if found[0].count("{") >= _MANY else found[0], text)
    verdict = next(ranked(main, http_status), None)
    if main != text and not (verdict and verdict.clear):
        verdict = next(ranked(text, http_status), None)
    return verdict


def _named(text: str) -> set[str]:
    """Return the ids of the rules that have a code among the identifiers of a text."""
    words = set(_WORD.findall(text.replace("_", "").replace("-", "")))
    return {rule for code in _rules_by_code().keys() & words for rule in _rules_by_code()[code]}


def _claims(rules: tuple[Rule, ...], text: str, named: set[str]) -> Iterator[Verdict]:
    for rule in rules:
        if rule.id in named or (rule.says and compiled(rule.says).search(text)):
            yield Verdict(rule.kind, rule.id, rule.why, rule.retired)


@cache
def _rules_by_code() -> dict[str, list[str]]:
    by_code: dict[str, list[str]] = {}
    for rule in RULES:
        for code in rule.codes.split():
            for suffix in _SUFFIXES:
                by_code.setdefault(code + suffix, []).append(rule.id)
    return by_code


@cache
def compiled(says: str) -> re.Pattern[str]:
    """Return what finds the words of a rule in a cleaned message."""
    # Most messages are decided by one of the first rules: compiling waits until one is not.
    # Chinese writes no spaces: beside it English words begin and end, and its own begin anywhere.
    if says.isascii():
        return re.compile(f"(?<![a-z0-9_])(?:{says})", re.ASCII)
    return re.compile(rf"(?:(?<![a-z0-9_])|(?=[^\x00-\x7f]))(?:{says})")
