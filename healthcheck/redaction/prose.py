"""Keys that a sentence names: `API key … is not valid`."""

import re

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import (
    UUID,
    has_all_kinds,
    has_signs,
    is_drawn,
    is_mixed,
    looks_random,
)
from healthcheck.redaction.rule import RedactionRule
from healthcheck.redaction.secret_names import names_id, names_plain

_FILLER = (
    r"(?:\s(?:you\s)?(?:provided|supplied|specified|given|sent|used|passed|received|value|is|was|"
    r"that|which|invalid|incorrect|wrong|not|valid|found|rejected|"
    r"expired|revoked|unauthorized|now|currently|set|to|"
    r"header|ends|contains|with|illegal|trailing|leading|newline|whitespace|characters)){0,6}"
)
_LEAST, _LEAST_CERTAIN = 14, 10
_NAMED_BEFORE = 24
_LEAST_NEARBY, _MANY_DIGITS = 16, 5

# How a password is hashed, encoded or asked for: no password.
_ALGORITHM = lazy_pattern(
    r"(?i)(?:(?:sha|md|pbkdf|argon|scram|bcrypt|scrypt|base|utf|aes|rc|oauth|https?|ed|ipv|rfc|v|id|"
    r"field|step|line|attempt|version|level|mode|type|policy|option|form|page)[-_]?\d+)"
    r"(?:[-_.]?[a-z0-9]{1,8}){0,4}"
)
_CERTAIN = lazy_pattern(r"(?i)(?:api|access|secret|auth|bearer|subscription|license)[ _-]?$")


def _before(match: re.Match[str], length: int = _NAMED_BEFORE) -> str:
    return match.string[max(0, match.start() - length) : match.start()]


def _named(match: re.Match[str]) -> bool:
    value, before = match["secret"], _before(match)
    certain = _CERTAIN.search(before) is not None
    if before[-1:].isalpha() or names_plain(before):
        return False
    if UUID.fullmatch(value):  # a key may be one of a cache as well
        return certain or not match[0].lower().startswith("key")
    quoted = bool(match["quote"])
    random = looks_random(value, _LEAST_CERTAIN if certain or quoted else _LEAST)
    long = len(value) >= _LEAST_CERTAIN and "=" not in value
    mixed = certain and is_mixed(value) and (long or quoted)
    return random or mixed or "provided:" in match[0]


def _nearby(match: re.Match[str]) -> bool:
    value, between, before = match["secret"], match["between"], _before(match)
    if before[-1:].isalpha() or names_plain(before) or any(map(names_id, between.split())):
        return False
    drawn = is_drawn(value) or sum(map(str.isdigit, value)) >= _MANY_DIGITS
    return drawn and looks_random(value, _LEAST_NEARBY)


def _spoken_password(match: re.Match[str]) -> bool:
    if quoted := match["secret_quoted"]:
        return match["closed"] is not None or is_mixed(quoted)
    secret = (match["secret_for"] or match["secret"]).rstrip(".!?")
    if match["other"]:
        return (is_drawn(secret) or has_signs(secret)) and "/" not in secret
    return is_mixed(secret) and not _ALGORITHM.fullmatch(secret)


def _shown(match: re.Match[str]) -> bool:
    part = match["secret"] or match["secret_sliced"]
    return not (part.isalpha() and part.islower())


_LABEL_BEFORE = 60
_LABEL_THERE = lazy_pattern(
    r"(?<![\w.-])(?P<name>[\w.-]{1,60}+)[\])\"'`]{0,2}\s?(?:[:=]{1,2}|=>)\s{0,2}[bf]?[\"'`(<\[]{0,3}$"
    r"|(?<![A-Za-z-])(?P<word>[A-Za-z-]{2,20}+)[:]?\s[\"'`(<\[]{0,2}$"
)
_BASE64_LINE = 60
_HEX_KEY = lazy_pattern(r"[a-z]{2,5}_[0-9a-f]{32,}")


def _drawn(match: re.Match[str]) -> bool:
    value = match["secret"]
    if _HEX_KEY.fullmatch(value):
        return True
    if not (has_all_kinds(value) and is_drawn(value) and looks_random(value, 8)):
        return False
    before = match.string[max(0, match.start() - _LABEL_BEFORE) : match.start()]
    # A public key of ssh, the name of a function of C++, or a line of a certificate.
    if value.startswith(("AAAA", "_Z")) or (len(value) >= _BASE64_LINE and before.endswith("\n")):
        return False
    label = _LABEL_THERE.search(before)
    return not UUID.search(value) and not (label and names_id(label["name"] or label["word"]))


PROSE_RULES = (
    # Passwords that a sentence quotes or names; words with a digit in them are few.
    RedactionRule("password-in-prose", "pass|secret |credential|key |token ",
        r"(?i)(?:passwor[dt]|pass ?phrase|passcode)(?:\sfor\s(?:[\"']?[\w.-]{1,30}[\"']?\s){1,3}(?:is|was))?\s(?:is\s|was\s)?(?P<quote>[\"'`])(?P<secret_quoted>\S[^\"'`\n]{3,80}+)(?P<closed>(?P=quote))?"
        r"|(?:passwor[dt]|passphrase|key|token)\s(?:(?:issued|created|generated)\s)?(?:for|für)\s[^\n:=]{1,140}:\s[\"'`]?(?P<secret_for>[^\s\"'`]{6,200}+)"
        r"|(?<![a-z])(?:password|passphrase|passcode|(?P<other>secret|pass)|credentials?:\s[\w.@-]{1,64}\s/)(?:\sfor\s(?:[\w.-]{1,30}\s){1,3}(?=is\s|was\s)|\s)(?:is\s|was\s)?"
        r"(?P<secret>(?=[^\s\d]{0,63}\d)[^\s\"'`,;:<>()\[\]{}=]{6,64}+)(?![=(])", _spoken_password),
    # Error messages repeat the key that they refuse.
    RedactionRule("key-in-prose", "key|token|secret|password|credential",
        rf"(?i)(?:key|token|secret|password|credential)s?\d?(?:\s#?\d{{1,2}}(?=\s?:))?{_FILLER}"
        r"(?:\s?[:=,][^\S\n]{0,2}|[^\S\n]{1,2}|\n(?<=key\n)|(?=[\"'`(<]))(?P<quote>[\"'`(<]{0,2}(?:got\s[\"'`])?)"
        r"(?P<secret>(?a:(?=[a-z_+/=.~*-]{0,60}[0-9*]|(?<=provided: ))[a-z0-9_+/=.~*-]{6,700}+))", _named),
    # A long drawn string in a sentence about a key, where nothing calls it otherwise. The word in a
    # marker is none of the sentence.
    RedactionRule("key-nearby", "key|token|secret|password|credential|bearer",
        r"(?i)(?:key|token|secret|password|credential|bearer)s?\b(?![\w-]*\])(?P<between>[^\n]{1,60}?)"
        r"(?<![\w./:@+-])(?P<secret>(?:(?<=:[ ])|(?<=got[ ])|(?<=ved[ ])|(?<=[\"'`(<]))[a-z0-9+/_-]{16,23}(?![a-z0-9+/_-])|[a-z0-9+/_-]{24,600}={0,2})(?![\w./:@+-])", _nearby),
    # The part of a key that a message still shows.
    RedactionRule("key-fragment", "ending|ends|starting|starts|beginning|begins|key[|token[|secret[|.slice(|prefix|suffix",
        r"(?i)(?:key|token|secret)\b[^.\n]{0,30}?\b(?:ending|ends|starting|starts|beginning|begins)"
        r"\s(?:in|with)\s(?:chars\s)?[\"'`(]?(?:\.{3}|…|\*{1,60})?(?P<secret>[a-z0-9_-]{3,40}+)"
        r"|(?:key|token|secret)(?:\[-?\d{0,2}:\d{0,2}\]|\.slice\([^)\n]{1,8}\)|(?<=api.key)[_-](?:prefix|suffix))"
        r"[\"'`]?\s?[:=]\s?[\"'`]?(?P<secret_sliced>[a-z0-9_-]{4,40}+)", _shown, anywhere=True),
    # The token of a session with AWS has no form of its own.
    RedactionRule("session-token", "session",
        r"(?i)(?<![\w.-])session[\"']?\s?[:=]\s?[\"']?(?P<secret>[a-z0-9+/_-]{32,4000}+={0,2})", lambda match: has_all_kinds(match["secret"]) and is_drawn(match["secret"])),
    # Capitals, small letters and digits drawn at random, and nothing says that they are an id.
    RedactionRule("unnamed-key", "",
        r"(?<![\w./@+%#&?~$!\\-])(?<![/\w]:)(?<!base64,)(?P<secret>(?:[A-Za-z0-9_-]|\.(?=\w)){22,300}+)(?![\w/@+=%~]|:[\w/])", _drawn, anywhere=True, yields=True),
)  # fmt: skip
