"""Keys in lists and mappings: one name stands for all of them."""

import re

from healthcheck.redaction.plausibility import (
    UUID,
    is_named_id,
    is_placeholder,
    looks_random,
    names_plain_key,
)
from healthcheck.redaction.rule import RedactionRule

_MAP = re.compile(
    r"(?i)(?:keys|tokens|secrets|passwords|credentials|creds)[\"']?\s?[:=]\s?\{[^{}]*\Z"
)

_SECTION = re.compile(
    r"(?i)(?P<owner>[\w.\"-]{0,60})(?:key|token|secret|password|credential|cred)s[\"']?"
    r"(?:[ ]?[:\]]|[\"']?\s?[:=]\s?[\[({])[ ]*\r?$"
)
"""The heading over several keys: a table of TOML, a mapping of YAML."""
_HEADING_ENDS = 80

_TABLE = 1000
_NAME = r"[\"']?(?:api[_ -]?key|key|token|secret|password)[\"']?"
_HEADING = re.compile(
    rf"(?i)(?:[,|\t;]|[ ]{{2}})[ ]{{0,60}}{_NAME}[ ]{{0,60}}(?:[,|\t;]|$)|^{_NAME}[ ]?[,|\t;]"
)
"""Names between commas, bars or spaces, one of them being that of a key."""
_SIGNS = (",", "|", "\t", ";", "  ")


def _entry(match: re.Match[str]) -> bool:
    value = match["secret"]
    if UUID.fullmatch(value) or is_named_id(value) or is_placeholder(value):
        return False
    return looks_random(value, 12)


def _key_entry(match: re.Match[str]) -> bool:
    # As an argument it is a key of nothing else; in a list of entries it may be an id.
    return _entry(match) or (
        match["argument"] is not None and UUID.fullmatch(match["secret"]) is not None
    )


def _mapped(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 600) : match.start()]
    return _MAP.search(before) is not None and _entry(match)


def _in_section(match: re.Match[str]) -> bool:
    if not _entry(match):
        return False
    before = match.string[max(0, match.start() - _TABLE) : match.start()].split("\n")
    for line in reversed(before[:-1]):
        plain = line.strip()
        if not plain.endswith((":", "]", "[", "(", "{")):
            continue
        indent = len(match["indent"]) + ("- " in match[0])  # a list need not be indented
        deeper = indent > len(line) - len(line.lstrip())
        # Something may stand before a heading: the stamp of a log, the quote of a string.
        heading = _SECTION.search(line[-_HEADING_ENDS:])
        if heading is not None and (deeper or plain.endswith(("]", "[", "(", "{"))):
            return not names_plain_key(heading["owner"])
        if (deeper and plain.endswith(":")) or (plain.startswith("[") and plain.endswith("]")):
            return False
    return False


def _in_column(match: re.Match[str]) -> bool:
    text = match.string
    before = text[max(0, match.start() - _TABLE) : match.start()].split("\n")
    row = before[-1] + text[match.start() : match.end() + 1]
    return _entry(match) and any(_heads(row, before[:-1], sign) for sign in _SIGNS)


def _heads(row: str, before: list[str], sign: str) -> bool:
    # A table goes on as long as its lines are divided by the sign that divides its heading.
    if sign not in row:
        return False
    for line in reversed(before):
        heading = _HEADING.search(line)
        if heading is not None and sign in heading[0]:
            return True
        if sign not in line and any(map(str.isalnum, line)):
            return False
    return False


KEY_COLLECTION_RULES: tuple[RedactionRule, ...] = (
    RedactionRule(
        id="key-entry",
        pattern=re.compile(
            r"(?i)(?<![\w-])(?:[\"']key[1-9]?[\"']\s?[:,]|(?<!<add\s)key=(?=b?[\"'])(?P<argument>)|keys?\[\d{1,2}\]\s?="
            r"|key\d[ ]{2,40}(?=[^\s\"']{28}))\s?b?[\"']?(?P<secret>[a-z0-9_+=~-]{28,400}+)(?=[\"'\s]|$)"
        ),
        anchors=("'key", '"key', "key=", "key1", "key2", "key[", "keys["),
        reach=0,
        why="an entry that is named key and nothing else, where what it holds is no path and no id",
        example="{'key': '0fa4e09b‖1c2d3e4f5061728394a5b6c7', 'region': 'westeurope'}",
        accepts=_key_entry,
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
        id="key-section",
        pattern=re.compile(
            r"(?m)^(?P<indent>[ ]{0,16})(?:-[ ]{1,3})?(?:[\"']?[\w./-]{1,60}[\"']?[ ]?[:=][ ]{0,8}|(?<=-[ ])|(?=[\"']))[\"']?"
            r"(?P<secret>[A-Za-z0-9_+/=~.-]{16,400}+)[\"'})\]]{0,6},?[ ]*\r?$"
        ),
        anchors=("keys", "tokens", "secrets", "passwords", "credentials", "creds"),
        why="the same in lines, below a heading",
        example="[bench.keys]\nacme = 'FAKE‖7vQ2mTzKx9LwYbNc4RdW'",
        accepts=_in_section,
    ),
    RedactionRule(
        id="header-variable",
        pattern=re.compile(
            r"(?i)_headers=[\"']?(?:[\w-]{1,60}=[^,\s\"'=]{1,200},){0,8}?[\w-]{1,60}="
            r"(?P<secret>[^,\s\"'=]{16,400}+)"
        ),
        anchors=("_headers=",),
        reach=0,
        why="a variable that holds headers holds a key: nobody sets it for less",
        example="OTEL_EXPORTER_OTLP_HEADERS=x-acme-team=FAKE‖7vQ2mTzKx9LwYbNc4RdW",
        accepts=_entry,
    ),
    RedactionRule(
        id="key-list",
        pattern=re.compile(
            r"(?i)(?:key|token|secret|password)s[\"']?\s?[:=]\s?"
            r"(?:\[|(?P<set>[({])(?=[\"']))(?P<secret>(?(set)[^\])}:\n]|[^\]\n]){8,2000}+)(?(set)[)}])"
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
