"""Keys that a sentence names: `API key … is not valid`, `your code is …`."""

import re

from healthcheck.redaction.plausibility import (
    UUID,
    is_named_id,
    is_placeholder,
    is_reference,
    looks_random,
    names_plain_key,
)
from healthcheck.redaction.rule import RedactionRule

_FILLER = (
    r"(?:\s(?:you\s)?(?:provided|supplied|specified|given|sent|used|passed|received|value|is|was|"
    r"invalid|incorrect|wrong|id|starting|ending|begins|ends|with|in|not|valid|found|rejected|"
    r"expired|revoked|unauthorized|now|currently)){0,5}"
)


def _named(match: re.Match[str]) -> bool:
    value = match["secret"]
    if is_placeholder(value) or is_reference(value) or is_named_id(value):
        return False
    if not match["owner"] and names_plain_key(
        match.string[max(0, match.start() - 24) : match.start()]
    ):
        return False
    if UUID.fullmatch(value):
        return "api" in match[0].lower()
    if "provided:" in match[0]:
        return True
    return looks_random(value, 14)


def _masked(match: re.Match[str]) -> bool:
    visible = match["head"] + match["tail"]
    return not is_placeholder(match[0]) and sum(c.isalnum() for c in visible) >= 3


PROSE_RULES: tuple[RedactionRule, ...] = (
    RedactionRule(
        id="key-in-prose",
        pattern=re.compile(
            rf"(?i)\b(?P<owner>(?:api|access|secret|auth|bearer|subscription|license)[ _-]?)?"
            rf"(?:key|token|secret|password|credential)s?{_FILLER}\s?[:=]?\s{{0,2}}[\"'`(<]{{0,2}}"
            r"(?P<secret>[a-z0-9_+/=.~*-]{6,}+)"
        ),
        anchors=("key", "token", "secret", "password", "credential"),
        why="error messages repeat the key that they refuse",
        example="API key fa4‖e23e2bab07822d4d064500393daaba499d3ce is not valid",
        accepts=_named,
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
        id="one-time-code",
        pattern=re.compile(
            r"(?i)\b(?:one[- ]?time|verification|security|login|sign-?in|confirmation|2fa|mfa|otp|totp|"
            r"device|pairing)[ _-]?(?:pass)?(?:code|password|pin|token)?(?:\sis)?\s?[:=]?\s{0,2}[\"'`]?"
            r"(?P<secret>\d{6,8}|\d{3}[ -]\d{3}|[A-Z0-9]{4}-[A-Z0-9]{4})\b(?![-:.]\d)"
        ),
        anchors=("one", "verification", "security", "login", "sign", "confirmation", "2fa", "mfa",
                 "otp", "device", "pairing"),
        why="codes that let somebody in once",
        example="Your verification code is 482‖913",
    ),
)
