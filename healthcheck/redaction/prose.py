"""Keys that a sentence names: `API key … is not valid`, `your code is …`."""

import re

from healthcheck.redaction.plausibility import (
    UUID,
    has_all_kinds,
    is_drawn,
    is_named_id,
    is_placeholder,
    is_reference,
    looks_random,
    names_plain_key,
    names_plain_token,
)
from healthcheck.redaction.rule import RedactionRule

_FILLER = (
    r"(?:\s(?:you\s)?(?:provided|supplied|specified|given|sent|used|passed|received|value|is|was|"
    r"that|which|invalid|incorrect|wrong|not|valid|found|rejected|"
    r"expired|revoked|unauthorized|now|currently|set|to|"
    r"header|ends|contains|with|illegal|trailing|leading|newline|whitespace|characters)){0,6}"
)


_LEAST = 14
_LEAST_CERTAIN = 10
_VISIBLE = 3
"""Fewer characters of a key tell nobody anything."""
_MASKED = 6
_NAMED_BEFORE = 24
_NAME_BEFORE = re.compile(r"(?i)(?:key|token|secret)[\s\"':=`(]{1,4}(?:is\s)?[\"'`(]?$")

_LEAST_NEARBY = 20
_BASE64_LINE = 60

_ALGORITHM = re.compile(
    r"(?i)(?:(?:sha|md|pbkdf|argon|scram|bcrypt|scrypt|base|utf|aes|rc|oauth|https?|ed|ipv|rfc|v|id|"
    r"field|step|line|attempt|version|level|mode|type|policy|option|form|page)[-_]?\d+)"
    r"(?:[-_.]?[a-z0-9]{1,8}){0,4}"
)
"""How a password is hashed, encoded or asked for: no password."""

_NAMED_KEY = (
    rf"(?:key|token|secret|password|credential)s?\d?(?:\s#?\d{{1,2}}(?=\s?:))?{_FILLER}"
    r"(?:\s?[:=,]\s{0,2}|[^\S\n]{1,2}|\n(?<=key\n)|(?=[\"'`(<]))(?P<quote>[\"'`(<]{0,2}(?:got\s[\"'`])?)"
    r"(?P<secret>(?=[a-z_+/=.~*-]{0,60}[0-9*]|(?<=provided: ))[a-z0-9_+/=.~*-]{6,700}+)"
)


_SCOPE = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]*/\d{8}/")
"""What AWS calls a credential: a key that has a rule of its own, a day and a region."""

_GROUP = r"(?=(?-i:[A-Z]{4})|[A-Za-z]{0,7}\d)[A-Za-z0-9]{4,8}"
_SPARE = rf"{_GROUP}(?:-{_GROUP}){{1,5}}"
_CODE = (
    r"(?:code|passcode|password|pin|token|t?otp(?:\scode)?)(?:\sis)?\s?[:=]?\s{0,2}[\"'`]?"
    r"(?P<secret>\d{6,8}|\d{3}[ -]\d{3}|[A-Z0-9]{4}-[A-Z0-9]{4})\b(?![-:.]\d)"
)


def _named(match: re.Match[str]) -> bool:
    value = match["secret"]
    if is_placeholder(value) or is_reference(value) or is_named_id(value):
        return False
    if _SCOPE.match(value):
        return False
    before = match.string[max(0, match.start() - 24) : match.start()]
    if not match["owner"] and (names_plain_key(before) or names_plain_token(before)):
        return False
    if UUID.fullmatch(value):
        return "api" in match[0].lower()
    if "provided:" in match[0]:
        return True
    certain = match["quote"] or match["owner"]
    return looks_random(value, _LEAST_CERTAIN if certain and has_all_kinds(value) else _LEAST)


_NEARBY = (
    r"(?:key|token|secret|password|credential|bearer)s?\b(?P<between>[^\n]{1,60}?)"
    r"(?<![\w./:@+-])(?P<secret>[a-z0-9+/_-]{24,600}={0,2})(?![\w./:@+-])"
)
_THINGS = (
    r"id|ids|request|req|trace|span|revision|rev|commit|digest|sha\d*|md5|hash|etag|model|"
    r"organi[sz]ation|org|project|file|session|user|account|workspace|tenant|team|fingerprint|"
    r"checksum|run|job|deployment|version|build|image|batch|thread|message|endpoint|host|node|pod|"
    r"container|cache|cursor|public|signature|nonce|objectid"
)
"""What has a name or an id of its own, which stands behind it."""
_NAMED_OTHERWISE = re.compile(
    r"(?i)\b(?!(?:was|is|sent|used|got|value|input|received|provided|key|token|secret|\d+)\b)[\w-]+"
    r"[\])\"']{0,2}\s?[:=]\s{0,2}[\"'`(<\[]{0,2}$"
    rf"|(?:\b|_)(?:{_THINGS})(?:\b|_)"
)
_LABELLED = re.compile(
    r"(?i)[\w\])\"'`]\s?(?:[:=]|=>)\s{0,2}[bf]?[\"'`(<\[]{0,3}$|;base64,$"
    rf"|\b(?:{_THINGS})\s[\"'`(<\[]{{0,2}}$"
)
_PREFIX = re.compile(r"[a-z]{2,16}[_-]")


def _nearby(match: re.Match[str]) -> bool:
    value = match["secret"]
    if _PREFIX.match(value) or is_reference(value) or _NAMED_OTHERWISE.search(match["between"]):
        return False
    if _SCOPE.match(value):
        return False
    before = match.string[max(0, match.start() - _NAMED_BEFORE) : match.start()]
    if names_plain_key(before) or names_plain_token(before):
        return False
    return looks_random(value, _LEAST_NEARBY) and is_drawn(value)


def _unnamed(match: re.Match[str]) -> bool:
    value = match["secret"]
    before = match.string[max(0, match.start() - _NAMED_BEFORE) : match.start()]
    if not has_all_kinds(value) or _PREFIX.match(value) or is_named_id(value):
        return False
    # A public key of ssh, or a line of a certificate.
    if value.startswith("AAAA") or (len(value) >= _BASE64_LINE and before.endswith("\n")):
        return False
    return (
        _LABELLED.search(before) is None and looks_random(value, _LEAST_NEARBY) and is_drawn(value)
    )


def _spoken_password(match: re.Match[str]) -> bool:
    secret = match["secret"].rstrip(".!?")
    if match["other"] and (is_reference(secret) or is_named_id(secret) or "/" in secret):
        return False
    if match["other"] and not is_drawn(secret):
        return False
    return looks_random(secret, 8 if match["other"] else 5) and not _ALGORITHM.fullmatch(secret)


def _masked(match: re.Match[str]) -> bool:
    visible = match["head"] + match["tail"]
    return not is_placeholder(match[0]) and sum(c.isalnum() for c in visible) >= _VISIBLE


def _half_masked(match: re.Match[str]) -> bool:
    visible = match["head"] + match["tail"]
    if sum(c.isalnum() for c in visible) < _VISIBLE:
        return False
    if len(match["mask"]) >= _MASKED or looks_random(visible, 1):
        return True
    before = match.string[max(0, match.start() - _NAMED_BEFORE) : match.start()]
    return _NAME_BEFORE.search(before) is not None


def _shown(match: re.Match[str]) -> bool:
    part = match["secret"] or match["secret_sliced"]
    return not (part.isalpha() and part.islower()) and not is_placeholder(part)


PROSE_RULES: tuple[RedactionRule, ...] = (
    RedactionRule(
        id="password-in-prose",
        pattern=re.compile(
            r"(?i)(?:password|passphrase|passcode)\s(?:is\s|was\s)?[\"'`](?P<secret>[^\"'`\n]{4,64}+)"
        ),
        anchors=("password", "passphrase", "passcode"),
        reach=0,
        why="passwords that a sentence quotes",
        example="login failed for bench with password 'FAKE‖hunter2'",
        accepts=lambda match: any(c.isdigit() for c in match["secret"]),
    ),
    RedactionRule(
        id="bare-password-in-prose",
        pattern=re.compile(
            r"(?i)(?<![a-z])(?:password|passphrase|passcode|(?P<other>secret)|credentials?:\s[\w.@-]{1,64}\s/)\s(?:is\s|was\s)?"
            r"(?P<secret>(?=[^\s\d]{0,63}\d)[^\s\"'`,;:<>()\[\]{}=]{6,64}+)(?![=(])"
        ),
        anchors=("password ", "passphrase ", "passcode ", "secret ", "credential"),
        reach=0,
        why="passwords that a sentence names; words with a digit in them are few",
        example="login failed for bench using password FAKE‖hunter2 on mongo-0",
        accepts=_spoken_password,
    ),
    RedactionRule(
        id="key-in-prose",
        pattern=re.compile(
            rf"(?i)(?<![A-Za-z])(?P<owner>(?:api|access|secret|auth|bearer|subscription|license)[ _-]?)?"
            rf"{_NAMED_KEY}"
        ),
        gate=re.compile(rf"(?i){_NAMED_KEY}"),
        anchors=("key", "token", "secret", "password", "credential"),
        reach=16,
        why="error messages repeat the key that they refuse",
        example="API key fa4‖e23e2bab07822d4d064500393daaba499d3ce is not valid",
        accepts=_named,
    ),
    RedactionRule(
        id="key-nearby",
        pattern=re.compile(rf"(?i)(?<![a-z]){_NEARBY}"),
        gate=re.compile(rf"(?i){_NEARBY}"),
        anchors=("key", "token", "secret", "password", "credential", "bearer"),
        reach=0,
        why="a long drawn string in a sentence about a key, where nothing calls it otherwise",
        example="key #3 of 7 (FAKE‖7vQ2mTzKx9LwYbNc4RdWGdyb3FY) is rate limited",
        accepts=_nearby,
    ),
    RedactionRule(
        id="unnamed-key",
        pattern=re.compile(
            r"(?<![\w./:@+=%#&?~$\\-])(?P<secret>[A-Za-z0-9_-]{32,100}+)(?![\w/@+=%~]|[.:][\w/])"
        ),
        anchors=tuple("0123456789"),
        why="capitals, small letters and digits drawn at random, and nothing says that they are an id",
        example="groq, FAKE‖7vQ2mTzKx9LwYbNc4RdWGdyb3FYpXs, refused",
        accepts=_unnamed,
        yields=True,
    ),
    RedactionRule(
        id="key-fragment",
        pattern=re.compile(
            r"(?i)\b(?:key|token|secret)\b[^.\n]{0,30}?\b(?:ending|ends|starting|starts|beginning|begins)"
            r"\s(?:in|with)\s(?:chars\s)?[\"'`(]?(?:\.{3}|…|\*{1,60})?(?P<secret>[a-z0-9_-]{3,40}+)"
            r"|(?:key|token|secret)(?:\[-?\d{0,2}:\d{0,2}\]|\.slice\([^)\n]{1,8}\)|(?<=api.key)[_-](?:prefix|suffix))"
            r"[\"'`]?\s?[:=]\s?[\"'`]?(?P<secret_sliced>[a-z0-9_-]{4,40}+)"
        ),
        anchors=(
            "ending",
            "ends",
            "starting",
            "starts",
            "beginning",
            "begins",
            "y[",
            "n[",
            "t[",
            ".slice(",
            "_prefix",
            "_suffix",
        ),
        why="the part of a key that a message still shows",
        example="the key ending in wX‖4Z was revoked",
        accepts=_shown,
    ),
    RedactionRule(
        id="masked-key",
        pattern=re.compile(
            r"(?<![A-Za-z0-9])(?:sk-(?:[a-z0-9]{2,8}-){0,3}|gsk_|hf_|xai-|csk-|fw_|r8_|nvapi-|pplx-|"
            r"AIza|ghp_|dapi|AKIA|ASIA|ya29\.)(?P<head>[A-Za-z0-9_-]{0,40})"
            r"(?:\*{2,}|\.{3,}|…+|•{2,}|\[\.\.\.\])(?P<tail>[A-Za-z0-9_-]{0,40})"
        ),
        anchors=("**", "...", "…", "••"),
        why="what a mask leaves visible is still a part of the key",
        example="Incorrect key sk-‖proj-FAKE1********************XyZ9",
        accepts=_masked,
    ),
    RedactionRule(
        id="half-masked-value",
        pattern=re.compile(
            r"(?<![\w*-])(?P<head>[A-Za-z0-9_-]{0,24})(?P<mask>\*{4,200}+)(?P<tail>[A-Za-z0-9_-]{0,24})"
            r"(?![\w*-])"
        ),
        anchors=("****",),
        reach=24,
        why="the same for keys without a prefix",
        example="API key 0fa‖4e***********b6c7 is not valid",
        accepts=_half_masked,
    ),
    RedactionRule(
        id="one-time-code",
        pattern=re.compile(
            r"(?i)\b(?:(?:one[- ]?time|verification|security|login|sign-?in|confirmation|2fa|mfa|sms|"
            rf"device|pairing)[ _-]?(?=[cpt])|(?=t?otp|passcode)){_CODE}"
            r"|(?i:\bcode\s)(?P<secret_use>\d{6,8}|(?=[A-Z]*\d)[A-Z0-9]{8,9}|[A-Z0-9]{4}-[A-Z0-9]{4})\s(?:to|for)\s(?:sign|log|verif|confirm|auth)"
            r"|(?i:\b(?:recovery|backup)\s(?:codes?|keys?)\s?[:=]\s?)"
            rf"(?P<secret_spare>{_SPARE}(?:[,\s]{{1,2}}{_SPARE}){{0,20}}+)"
        ),
        gate=re.compile(rf"(?i){_CODE}|(?:code|key)s?\s?[:=]|code\s[\dA-Z]"),
        anchors=("code", "key", "passcode", "totp", "otp", "pin", "password", "token"),
        reach=16,
        why="codes that let somebody in once",
        example="Your verification code is 482‖913",
    ),
    RedactionRule(
        id="code-before-name",
        pattern=re.compile(
            r"\b(?P<secret>(?<![\d.:-])\d{6,8}|(?<=\bG-)\d{6})\sis\s(?:your|the)\s(?:[\w-]{1,20}\s){0,3}?"
            r"(?:(?i:code|passcode|pin|otp))\b"
        ),
        anchors=(" is your ", " is the "),
        reach=8,
        why="the same, the number first",
        example="482‖913 is your verification code",
    ),
)
