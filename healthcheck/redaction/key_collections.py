"""Keys in lists and mappings: one name stands for all of them."""

import re

from healthcheck.redaction.plausibility import UUID, is_named_id, is_placeholder, looks_random
from healthcheck.redaction.rule import RedactionRule

_MAP = re.compile(
    r"(?i)(?:keys|tokens|secrets|passwords|credentials|creds)[\"']?\s?[:=]\s?\{[^{}]*\Z"
)


_TABLE = 1000
_NAME = r"[\"']?(?:api[_ -]?key|key|token|secret|password)[\"']?"
_HEADING = re.compile(
    rf"(?i)(?:[,|\t;]|[ ]{{2}})[ ]{{0,60}}{_NAME}[ ]{{0,60}}(?:[,|\t;]|$)|^{_NAME}[ ]?[,|\t;]"
)
"""Names between commas, bars or spaces, one of them being that of a key."""


def _entry(match: re.Match[str]) -> bool:
    value = match["secret"]
    if UUID.fullmatch(value) or is_named_id(value) or is_placeholder(value):
        return False
    return looks_random(value, 12)


def _mapped(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 600) : match.start()]
    return _MAP.search(before) is not None and _entry(match)


def _in_column(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - _TABLE) : match.start()]
    return _entry(match) and any(_HEADING.search(line) for line in before.split("\n")[:-1])


KEY_COLLECTION_RULES: tuple[RedactionRule, ...] = (
    RedactionRule(
        id="key-entry",
        pattern=re.compile(
            r"(?i)(?<![\w-])[\"']key[\"']\s?[:,]\s?b?[\"'](?P<secret>[a-z0-9_+=~-]{28,400}+)[\"']"
        ),
        anchors=("'key'", '"key"'),
        reach=0,
        why="an entry that is named key and nothing else, where what it holds is no path and no id",
        example="{'key': '0fa4e09b‖1c2d3e4f5061728394a5b6c7', 'region': 'westeurope'}",
        accepts=_entry,
    ),
    RedactionRule(
        id="key-map",
        pattern=re.compile(
            r"[\"'][\w./-]{1,60}[\"']\s?:\s?[\"'](?P<secret>[A-Za-z0-9_+/=~.-]{16,400}+)[\"']"
        ),
        anchors=("keys", "tokens", "secrets", "passwords", "credentials", "creds"),
        why="several keys under one name, each with its owner",
        example="api_keys={'acme': 'FAKE‖7vQ2mTzKx9LwYbNc4RdW'}",
        accepts=_mapped,
    ),
    RedactionRule(
        id="key-list",
        pattern=re.compile(
            r"(?i)(?:key|token|secret|password)s[\"']?\s?[:=]\s?\[(?P<secret>[^\]\n]{8,2000}+)"
        ),
        anchors=("keys", "tokens", "secrets", "passwords"),
        reach=0,
        why="several keys under one name",
        example="api_keys=['FAKE‖7vQ2mTzKx9LwYbNc4RdW', 'FAKE‖xHk3pLs8vBn5qWe1rTy6']",
        accepts=lambda match: looks_random(match["secret"][:2000], 16),
    ),
    RedactionRule(
        id="key-column",
        pattern=re.compile(r"(?<=[\s,|;\"'])(?P<secret>[A-Za-z0-9_-]{20,200}+)(?=[\s,|;\"']|$)"),
        anchors=tuple(
            f"{before}{name}{after}"
            for name in ("api_key", "apikey", "key", "token", "secret", "password")
            for before, after in ((",", ""), ("", ","), ("| ", ""), ("  ", "\n"), ("\t", ""))
        ),
        why="a table names its keys once, in the line on top",
        example="provider,api_key\nmistral,FAKE‖7vQ2mTzKx9LwYbNc4RdW",
        accepts=_in_column,
    ),
)
