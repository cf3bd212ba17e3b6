"""Values that only their name tells: `password=…`, `"client_secret": "…"`, `--api-key …`."""

import re

from healthcheck.redaction.plausibility import (
    UUID,
    is_named_id,
    is_placeholder,
    is_prose,
    is_reference,
    looks_random,
    names_plain_key,
    names_plain_token,
)
from healthcheck.redaction.rule import RedactionRule

_SUFFIX = (
    r"(?:[_-]?(?:\d{1,2}|prod|production|dev|staging|stage|test|live|main|primary|secondary|old|new|"
    r"value|plain|raw|b64|base64|default)|_{1,2})?"
)
_SEPARATOR = (
    r"(?:[\"']\s?:\s?\{\s?[\"']value[\"']\s?:\s?|"
    r"[\"'`]?\]?(?:\s?:\s?(?:str|string|Optional\[str\]|SecretStr))?"
    r"\s{0,4}(?:=>|:=|==|=|:)(?:[ \t]{5,40}|\r?\n[ \t]{1,40}(?=[\"'])|\s{0,4})|"
    # the cells of a table in HTML
    r"</\w{1,8}>\s{0,8}(?:<[^<>\n]{1,80}>\s{0,8}){1,3}|"
    # redis-cli counts the lines of a list
    r"[\"']\s?\n\s{0,4}\d{1,3}\)\s|"
    r"[\"']?(?:,\s{0,4}|\s{0,4}\n\s{1,20})[\"']?value[\"']?\s?[:=]\s?|"
    r"(?<=[\"'])\s?value=|(?<=.)[\"'],\s?|"
    # YAML writes a long value below its name; a table puts a bar or some space between them.
    r":[ ]?[|>][+-]?[ ]{0,4}\n[ ]{1,40}|[ \t]{0,40}[|│┃][ \t]{0,40}|[ ]{3,40}|[ ]{0,4}\t[ \t]{0,8})"
)
# Quoted: up to the same quote. Bare: up to where a pair of a query, a list or a call ends.
# A logger that cut the value took its closing quote as well.
_WRAPPED = (
    r"(?:(?:Some|Just|Secret(?:Str|String|Bytes)?|Password|ApiKey|Token)(?:::\w{1,8})?\(){0,2}"
)
_CUT = r"(?:…|\.{3})[ ]?[(\[\n](?![^\n\"'`]{0,200}(?P=quote))"
_QUOTED = rf"(?:[bruf]{{0,2}}|{_WRAPPED})(?P<quote>\"{{3}}|'{{3}}|[\"'`])(?P<secret_quoted>(?:\\.|(?!(?P=quote)|{_CUT})[^\\\n])*+)"
# Four groups of four letters are how mail services write the passwords of programs.
_BARE = r"(?P<secret_bare>\{(?:[^{}\s\"']|\}\})+\}(?=[;\s\"']|$)|(?-i:[a-z]{4}(?: [a-z]{4}){3})(?![\w])|(?![a-z_][\w.]{0,80}[(\[])(?!(?-i:(?<=PWD=)/))(?:(?![,;&]\s?[\w.-]{1,40}\s?[=:])[^\s\"'`\\<>])+(?<![,;.)\]}]))"
_BARE_KEY = r"(?P<secret_bare>[A-Za-z0-9._~+/=%:|*-]+(?<![.:]))"

_PASSWORDS = (
    r"(?:passw(?:or)?d|(?<![a-z])psk|pass[_-]?phrase|passcode|(?<![a-z])pwd|mysql_pwd|(?<![a-z])pass|(?<![a-z])pw|"
    r"client[_-]?secret|consumer[_-]?secret|app[_-]?secret|(?<![a-z])(?<!checksum/)secret|"
    r"(?<=[a-z][_-])secret|[a-z]Secret|secret[_-]?(?:access[_-]?)?key(?:[_-]base)?)"
)
_KEYS = (
    r"(?:api[_ -]?key|access[_-]?key(?:[_-]?id)?|"
    r"(?:account|signing|encryption|master|subscription|license|shared[_-]?access|functions|"
    r"app|application|storage|webhook|deploy|admin|host|auth|service|hmac|jwt|fernet)[_-]?key|"
    r"private[_-]?key(?:[_-]?id)?|shared[_-]?access[_-]?signature|api[_-]?secret|"
    r"token|(?<![a-z])pat|jwt|assertion|saml(?:response|request)|authtoken|session[_-]?secret|"
    r"(?:erlang|session|auth)[_-]?cookie|(?:device|auth|authorization|invite)_code|code[_-]?verifier|x-(?:[a-z0-9]{1,16}-)?auth|"
    r"connection[_-]?string)"
)


def _value(match: re.Match[str]) -> tuple[str, bool]:
    quoted = match["secret_quoted"]
    if quoted is not None:
        return quoted, True
    return match["secret_bare"], False


_LEAST = 4
"""Shorter values are numbers and grammar, seldom passwords."""


_LEAST_PASS = 6
_LEAST_OPAQUE = 16
_LEAST_BARE = 20
_PADDED = re.compile(r"(?=.*[+/])[A-Za-z0-9+/]{8,}={1,2}")
_CALL = re.compile(r"[A-Za-z_][\w.]*[(\[]")
_NEXT_WORD = re.compile(r"[ \t]+\w")
_ARN = re.compile(r"arn:aws[\w:/-]*:$")


def _password(match: re.Match[str]) -> bool:
    value, quoted = _value(match)
    if len(value) < _LEAST or is_placeholder(value) or is_reference(value) or is_prose(value):
        return False
    before = match.string[max(0, match.start() - 160) : match.start()]
    if _ARN.search(before) or (not quoted and _CALL.match(value)):
        return False
    if not any(sign in match["separator"] for sign in "=:,\"'"):
        return looks_random(value, _LEAST_PASS)
    if match["name"] == "PWD" and value.startswith("/"):
        return False  # the folder that a shell is in
    if match["name"].lower() in ("pass", "pw") and not quoted:
        return "=" in match["separator"] and len(value) >= _LEAST_PASS
    # `password: swordfish` in YAML stands alone; in a sentence the next word follows.
    return (
        quoted
        or "=" in match["separator"]
        or not (value.isalpha() and value[1:].islower())
        or not _NEXT_WORD.match(match.string, match.end())
    )


def _key(match: re.Match[str]) -> bool:
    value, quoted = _value(match)
    if is_placeholder(value) or is_reference(value) or is_prose(value) or is_named_id(value):
        return False
    if names_plain_token(match.string[max(0, match.start() - 24) : match.start()]):
        return False
    if UUID.fullmatch(value):
        return True
    if looks_random(value, 6) or (len(value) >= _LEAST_OPAQUE and looks_random(value, 4)):
        return True
    if _PADDED.fullmatch(value):
        return True
    # Letters only, as nobody writes a word: keys that were made up, or are longer than words.
    return value.isalnum() and len(value) >= (_LEAST_OPAQUE if quoted else _LEAST_BARE)


def _some_key(match: re.Match[str]) -> bool:
    value, _ = _value(match)
    if names_plain_key(match["owner"]):
        return False
    if UUID.fullmatch(value):
        return True
    if is_placeholder(value) or is_reference(value) or is_named_id(value):
        return False
    return looks_random(value, 12)


def _query_key(match: re.Match[str]) -> bool:
    value = match["secret"]
    if is_placeholder(value) or is_named_id(value):
        return False
    signed = match[0].lower().partition("=")[0].endswith(("sig", "signature"))
    return looks_random(value, 8 if signed else 10 if match["query"] else 16)


_VALUE = rf"(?:{_QUOTED}|{_BARE})"
_KEY_VALUE = rf"(?:{_QUOTED}|{_BARE_KEY})"

NAMED_VALUE_RULES: tuple[RedactionRule, ...] = (
    RedactionRule(
        id="named-secret",
        pattern=re.compile(
            rf"(?i)(?P<name>{_PASSWORDS}){_SUFFIX}(?P<separator>{_SEPARATOR}){_VALUE}"
        ),
        anchors=("pass", "pwd", "pw", "psk", "secret"),
        reach=12,
        why="a password has no form of its own: its name tells it",
        example="DB_PASSWORD=FAKE‖hunter2",
        accepts=_password,
    ),
    RedactionRule(
        id="named-key",
        pattern=re.compile(
            rf"(?i){_KEYS}{_SUFFIX}(?P<separator>{_SEPARATOR})\[{{0,2}}{_KEY_VALUE}"
        ),
        anchors=(
            "key",
            "token",
            "jwt",
            "pat:",
            "pat=",
            "pat'",
            'pat"',
            "assertion",
            "saml",
            "cookie",
            "_code",
            "verifier",
            "-auth",
            "secret",
            "signature",
            "string",
        ),
        gate=re.compile(
            rf"(?i)(?:key(?:[_-]?id)?|token|pat|jwt|assertion|saml(?:response|request)|cookie|_code|verifier|-auth|secret|signature|string){_SUFFIX}{_SEPARATOR}"
        ),
        reach=24,
        why="keys without a prefix (Azure, Mistral, DeepInfra, old Together): their name tells them",
        example="MISTRAL_API_KEY=pl7‖FAKENR1VjZIf3pSWuKM5VxdFcvfl7",
        accepts=_key,
    ),
    RedactionRule(
        id="some-key",
        pattern=re.compile(
            rf"(?i)(?<![a-z0-9])(?P<owner>[a-z][a-z0-9]{{0,30}}?)(?:[_-]key|(?-i:Key)){_SUFFIX}"
            rf"(?P<separator>{_SEPARATOR}){_KEY_VALUE}"
        ),
        anchors=("key",),
        gate=re.compile(rf"(?i)key{_SUFFIX}{_SEPARATOR}"),
        reach=32,
        why="the key of a service that no rule knows by name",
        example="ACME_KEY=FAKE‖7vQ2mTzKx9LwYbNc4RdW",
        accepts=_some_key,
    ),
    RedactionRule(
        id="query-key",
        pattern=re.compile(
            r"(?i)(?:(?P<query>[?&;])(?:key|code|auth|session|sid|hmac|ticket|hash|sign|magic|invite)|"
            r"\b(?:key|apikey|sig|signature|x-amz-signature|x-goog-signature)(?:\[\d{1,2}\])?)=(?:b(?=[\"']))?[\"']?"
            r"(?P<secret>[a-z0-9._~+/%=-]{12,}+)"
        ),
        anchors=(
            "key=",
            "key[",
            "code=",
            "sig=",
            "signature=",
            "auth=",
            "session=",
            "sid=",
            "hmac=",
            "ticket=",
            "hash=",
            "sign=",
            "magic=",
            "invite=",
        ),
        reach=18,
        why="keys and signatures in the query of an address",
        example="GET /v1?key=FAKE‖7vQ2mTzKx9LwYbNc4RdW&alt=json",
        accepts=_query_key,
    ),
    RedactionRule(
        id="flag-value",
        pattern=re.compile(
            r"(?i)(?<![\w-])--?(?:[a-z]{1,20}-){0,3}(?:api-?key|token|secret|password|passwd|pass|pwd|key)"
            r"[ =\0]{1,2}[\"']?(?P<secret>[^\s\"'`\\<>\0]{4,}+)"
        ),
        anchors=("-key", "-apikey", "-token", "-secret", "-pass", "-pwd"),
        why="secrets on a command line",
        example="bench run --api-key FAKE‖7vQ2mTzKx9LwYbNc",
        accepts=lambda match: (
            not is_placeholder(match["secret"])
            and (looks_random(match["secret"], 6) or "pass" in match[0].lower())
        ),
    ),
)
