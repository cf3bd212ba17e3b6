"""Keys in lists and mappings: one name stands for all of them."""

import re

from healthcheck.redaction.plausibility import UUID, is_named_id, is_placeholder, looks_random
from healthcheck.redaction.rule import RedactionRule

_MAP = re.compile(
    r"(?i)(?:keys|tokens|secrets|passwords|credentials|creds)[\"']?\s?[:=]\s?\{[^{}]*\Z"
)


def _entry(match: re.Match[str]) -> bool:
    value = match["secret"]
    if UUID.fullmatch(value) or is_named_id(value) or is_placeholder(value):
        return False
    return looks_random(value, 12)


def _mapped(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 600) : match.start()]
    return _MAP.search(before) is not None and _entry(match)


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
)
