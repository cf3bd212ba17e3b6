"""How a rule is made for keys that tell themselves by their prefix."""

import re

from healthcheck.redaction.plausibility import (
    has_all_kinds,
    is_drawn,
    is_placeholder,
    looks_random,
)
from healthcheck.redaction.rule import RedactionRule

_REACH = 8
_LONG = 24
_WORD = r"[A-Za-z0-9_-]"


def key_format(  # noqa: PLR0913 - one argument for each column of the tables of rules
    rule_id: str,
    prefix: str,
    *,
    why: str,
    example: str,
    anchors: tuple[str, ...],
    body: str = _WORD,
    least: int = 8,
    random: bool = True,
) -> RedactionRule:
    """Return the rule for keys that begin with `prefix` and go on with `least` of `body`.

    With `random`, what follows the prefix must read like drawn lots: words do not.
    """
    pattern = re.compile(
        rf"(?<![A-Za-z0-9])(?:{prefix})(?P<body>{body}{{{least},}}+)",
    )
    return RedactionRule(
        id=rule_id,
        pattern=pattern,
        anchors=anchors,
        why=why,
        example=example,
        reach=_REACH,
        wraps=True,
        accepts=_random_body if random else _real_body,
    )


def _real_body(match: re.Match[str]) -> bool:
    body = match["body"]
    if body.isalpha() and body.islower():
        return False
    return not is_placeholder(body) and not is_placeholder(match[0])


def _random_body(match: re.Match[str]) -> bool:
    body = match["body"]
    return _real_body(match) and (
        looks_random(body, 8)
        # Dashes may cut a drawn body into parts that are too short to tell anything.
        or (len(body) >= _LONG and has_all_kinds(body) and is_drawn(body))
    )
