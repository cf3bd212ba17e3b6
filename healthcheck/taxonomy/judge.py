"""From a message and its hints to a verdict."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TypeGuard

from healthcheck.taxonomy.evidence import cleaned
from healthcheck.taxonomy.http_status import meaning, told
from healthcheck.taxonomy.kinds import ErrorKind, Verdict, stored
from healthcheck.taxonomy.rules import CLASSES, FALLBACK, STATED, Rule

_CODE = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_SUFFIXES = ("error", "exception")
_LONG_NUMBER = re.compile(r"\d{4,}")
_REMEMBERED = 4096


def judge(
    message: object,
    *,
    http_status: object = None,
    exc_type: object = None,
    stored_kind: object = None,
) -> Verdict:
    """Return kind, rule and reason by the strongest evidence; the writer's kind is the weakest."""
    # Messages that differ in long numbers only are one to every rule.
    text = _LONG_NUMBER.sub("0000", cleaned(message, exc_type))
    verdict = _strongest(text, http_status if _is_status(http_status) else None)
    if verdict is not None:
        return verdict
    kind = stored(stored_kind)
    if kind is not ErrorKind.UNKNOWN:
        return Verdict(kind, "stored-kind", "only the writer's guess")
    return Verdict(ErrorKind.UNKNOWN, "none", "nothing in it tells")


def ranked(text: str, http_status: int | None = None) -> Iterator[Verdict]:
    """Yield what a cleaned message says, the strongest evidence first.

    The ranks: what is stated (the order of `STATED` settles its conflicts), the HTTP status that
    the message names, the one stored with it, the exception's class, general words.
    """
    codes = _codes(text)
    for verdict in _claims(STATED, text, codes):
        yield verdict._replace(clear=True)
    for status, why in (
        (told(text), "the message names this HTTP status"),
        (http_status, "the HTTP status stored with it"),
    ):
        kind = meaning(status)
        if kind is not None:
            yield Verdict(kind, f"http-{status}", why)
    yield from _claims((*CLASSES, *FALLBACK), text, codes)


@lru_cache(maxsize=_REMEMBERED)
def _strongest(text: str, http_status: int | None) -> Verdict | None:
    return next(ranked(text, http_status), None)


def _is_status(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _codes(text: str) -> frozenset[str]:
    """Return the identifiers of a text without `_` and `-`, those of classes without "Error"."""
    words = {word.replace("_", "").replace("-", "") for word in _CODE.findall(text)}
    for suffix in _SUFFIXES:
        words |= {word.removesuffix(suffix) for word in words if word.endswith(suffix)}
    return frozenset(words - {""})


def _claims(rules: tuple[Rule, ...], text: str, codes: frozenset[str]) -> Iterator[Verdict]:
    for rule in rules:
        if _matches(rule, text, codes):
            yield Verdict(rule.kind, rule.id, rule.why, rule.retired)


def _matches(rule: Rule, text: str, codes: frozenset[str]) -> bool:
    if not codes.isdisjoint(_split(rule.codes, " ")):
        return True
    return (
        bool(rule.says)
        and any(word in text for word in _split(rule.about, "|"))
        and _compiled(rule.says).search(text) is not None
    )


@cache
def _split(words: str, at: str) -> tuple[str, ...]:
    return tuple(words.split(at))


@cache
def _compiled(says: str) -> re.Pattern[str]:
    # Most rules never see a message about their subject: compiling waits until one does.
    return re.compile(rf"(?:(?<![a-z0-9_])|(?=[^\x00-\x7f]))(?:{says})")
