"""Long random-looking strings: keys, unless their prefix or label marks an ID."""

import re

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import (
    UUID,
    has_all_kinds,
    is_drawn,
    is_no_key,
    looks_random,
)
from healthcheck.redaction.rule import RedactionRule
from healthcheck.redaction.secret_names import names_id

_LABEL_BEFORE = 60
_LABEL = lazy_pattern(
    r"(?P<name>[\w.-]{1,40})[\])\"'`]{0,2}\s?(?:[:=]{1,2}|=>)\s{0,2}[bf]?[\"'`(<\[]{0,3}$"
    r"|\b(?P<word>[A-Za-z-]{2,20})[:]?\s[\"'`(<\[]{0,2}$"
)
_BASE64_LINE = 60
_HEX_KEY = lazy_pattern(r"[a-z]{2,5}_[0-9a-f]{32,}")


def _drawn(match: re.Match[str]) -> bool:
    value = match["secret"]
    if _HEX_KEY.fullmatch(value):
        return not is_no_key(value)
    if not (has_all_kinds(value) and is_drawn(value) and looks_random(value, 8)):
        return False
    before = match.string[max(0, match.start() - _LABEL_BEFORE) : match.start()]
    # A public key of ssh, the name of a function of C++, or a line of a certificate.
    if value.startswith(("AAAA", "_Z")) or (len(value) >= _BASE64_LINE and before.endswith("\n")):
        return False
    if UUID.search(value) or is_no_key(value):
        return False
    label = _LABEL.search(before)
    return label is None or not names_id(label["name"] or label["word"])


DRAWN_STRING_RULES = (
    # The token of a session with AWS has no form of its own.
    RedactionRule("session-token", "session",
        r"(?i)(?<![\w.-])session[\"']?\s?[:=]\s?[\"']?(?P<secret>[a-z0-9+/_-]{32,4000}+={0,2})", lambda match: has_all_kinds(match["secret"]) and is_drawn(match["secret"])),
    # Capitals, small letters and digits drawn at random, and nothing says that they are an id.
    RedactionRule("unnamed-key", "",
        r"(?<![\w./@+%#&?~$!\\-])(?<![/\w]:)(?<!base64,)(?P<secret>(?:[A-Za-z0-9_-]|\.(?=\w)){22,300}+)(?![\w/@+=%~]|:[\w/])", _drawn, anywhere=True, yields=True),
)  # fmt: skip
