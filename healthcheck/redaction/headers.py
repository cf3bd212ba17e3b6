"""Credentials in headers: authorization of every scheme, and cookies."""

import base64
import binascii
import re

from healthcheck.redaction.plausibility import is_placeholder, is_prose, looks_random
from healthcheck.redaction.rule import RedactionRule

_SEPARATOR = r"(?:[\"'`]?\]?\s{0,3}(?:=>|[:=])\s{0,3}[\[({]?|[\"'`],\s?)(?:b(?=[\"'`]))?[\"'`]?"
_SCHEMES = frozenset(
    {
        "bearer",
        "basic",
        "token",
        "apikey",
        "api-key",
        "key",
        "negotiate",
        "ntlm",
        "bot",
        "oauth",
        "ssws",
        "geniekey",
        "hmac",
    }
)
_IN_PARTS = frozenset({"digest", "aws4-hmac-sha256", "hawk", "signature", "sharedaccesssignature"})
_CHALLENGE = re.compile(r"(?i)(?:realm|error|scope|charset|resource_metadata)=")
"""What a server asks for, not what a client sends."""
_MIN_BEARER = 8
_NULS = 2
"""SASL's PLAIN writes one before the user and one before the password."""


def _authorization(match: re.Match[str]) -> bool:
    scheme, secret = (match["scheme"] or "").lower(), match["secret"]
    if scheme in _IN_PARTS or secret.lower() in _IN_PARTS:
        return False
    if is_placeholder(secret) or secret.lower() in _SCHEMES:
        return False
    if _CHALLENGE.match(secret):
        return False
    if scheme in _SCHEMES:
        return True
    if not scheme and secret.lower().startswith("x-"):
        return False  # the next one in a list of names of headers
    return looks_random(secret, 6) and (not scheme or len(secret) > _MIN_BEARER)


def _bearer(match: re.Match[str]) -> bool:
    secret = match["secret"]
    return not is_placeholder(secret) and looks_random(secret, 6)


def _basic(match: re.Match[str]) -> bool:
    secret = match["secret"]
    try:
        # Cut where the text was cut: what is left still decodes.
        plain = base64.b64decode(secret[: len(secret) // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return False
    user, colon, _ = plain.partition(b":")
    return user.isascii() and (bool(colon) or plain.count(b"\0") == _NULS)


def _cookie(match: re.Match[str]) -> bool:
    values = [value for value in match.groupdict().values() if value]
    return not any(is_placeholder(value) or is_prose(value) for value in values)


HEADER_RULES: tuple[RedactionRule, ...] = (
    RedactionRule(
        id="authorization",
        pattern=re.compile(
            rf"(?i)authorization(?:[_-]?header)?{_SEPARATOR}"
            r"(?:(?P<scheme>[a-z][a-z0-9-]{1,24})(?:[ \t]{1,4}|\+))?"
            r"(?P<secret>(?:(?!&[\w.-]{1,40}=)[^\s\"'`,;<>\\()\[\]{}])++)"
        ),
        anchors=("authorization",),
        reach=0,
        why="what an Authorization header carries, whatever its scheme",
        example="authorization: Bearer FAKE‖opaque-token-77",
        wraps=True,
        accepts=_authorization,
    ),
    RedactionRule(
        id="bearer-token",
        pattern=re.compile(
            r"(?i)\bbearer(?:[\s:=,]{1,3}|\+)[\"']?(?P<secret>[a-z0-9._~+/=|-]{8,}+)"
        ),
        anchors=("bearer",),
        reach=0,
        why="a bearer token outside of its header",
        example="sent with Bearer FAKE‖7vQ2mTzKx9LwYbNc4RdW",
        wraps=True,
        accepts=_bearer,
    ),
    RedactionRule(
        id="basic-auth",
        pattern=re.compile(
            r"(?:\b(?:[Bb]asic|PLAIN)[ \t+]{1,3}|[\"']_?auth[\"']\s?:\s?[\"']|(?:\b_|[Bb]asic_)auth\s?=\s?"
            r"|\b(?:payload|response)[\"']?\s?[:=]\s?(?:BinData\(\d,\s?)?[\"'](?=A[GHI]))"
            r"(?P<secret>[A-Za-z0-9+/_-]{8,}+={0,2})"
        ),
        anchors=("basic", "plain", "auth", "payload", "response"),
        reach=2,
        why="user and password in base64, outside of their header",
        example="sent with Basic YmV‖uY2g6RkFLRXBhc3N3b3JkMTIz",
        accepts=_basic,
    ),
    RedactionRule(
        id="digest-response",
        pattern=re.compile(
            r"(?i)\bdigest\s[^\n]{0,300}?\b(?:response)=[\"']?(?P<secret>[0-9a-f]{16,}+)"
        ),
        anchors=("digest ",),
        reach=0,
        why="digest auth: a hash over the password that can be replayed or guessed offline",
        example='Digest username="bench", nonce="ab", response="fa4e‖d5fde09eb09524b0dd53dee164a3"',
    ),
    RedactionRule(
        id="request-signature",
        pattern=re.compile(
            r"(?i)(?<![a-z])sign(?:ature)?(?:[_-]?\d{1,3})?[\"']?\s{0,2}[:=]\s{0,2}[\"']?"
            r"(?:(?:t=\d{1,12},)?(?:v\d|sha-?\d{1,3}|hmac|keyid)[=:])?"
            r"(?P<secret>[0-9a-f]{40,128}+|[a-z0-9+/]{26,27}(?:=|%3D){1,2}|[a-z0-9+/]{43}(?:=|%3D))(?![a-z0-9+/=])"
        ),
        anchors=("sign",),
        reach=0,
        why="a request that was signed can be sent again while its signature holds",
        example="Signature:\n5d672d79‖c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    ),
    RedactionRule(
        id="user-password-pair",
        pattern=re.compile(
            r"(?:(?<=\s)|(?<=^))(?:-u|--user|--proxy-user|-U|--cert)[ =][\"']?[^\s:\"']{0,128}:"
            r"(?P<secret_curl>[^\s\"']+)"
            r"|(?:(?<=\s)|(?<=^))-u[ ][\"']?(?P<secret_user>[^\s:\"']{12,}+):(?=[\"'\s]|$)"
            r"|(?i:(?<![a-z])auth[\"']?\s{0,12}[=:]\s?|basicauth|\.(?:auth|login|logon|authenticate))\(\s?[\"'][^\"'\n]{0,128}[\"'],\s?"
            r"[\"'](?P<secret_pair>[^\"'\n]+)[\"']"
            r"|(?i:(?<![a-z])auth[\"']?\s?[=:]\s?)\[\s?[\"'][^\"'\n]{0,128}[\"'],\s?"
            r"[\"'](?P<secret_listed>(?=[^\"'\n]*\d)[^\"'\n]+)[\"']\s?\]"
            r"|(?i:(?<![a-z])auth[\"']?\s?[=:]\s?)\(\s?[\"'](?P<secret_alone>[^\s\"']{12,}+)[\"'],\s?(?:\"\"|''|None)"
            r"|(?i:netloc|userinfo|authority)[\"']?\s?[:=]\s?[\"']?[^\s:@/\"']{0,128}:"
            r"(?P<secret_parsed>(?!\d{1,5}[\"'])[^\s\"'@]{4,}+)[@\"']"
            r"|\bsshpass\s-p\s?[\"']?(?P<secret_ssh>[^\s\"']+)"
            r"|\bmysql\w{0,8}\s[^\n]{0,80}?\s-p(?P<secret_mysql>[^\s\"']{4,}+)"
            r"|(?i:proxy)[\"']?\s?[:=]\s?[\"']?[^\s:@/\"']{1,128}:(?P<secret_proxy>[^\s@/\"']+)@"
            r"|jdbc:oracle:thin:[^\s:@/\"']{1,128}/(?P<secret_jdbc>[^\s@/\"']+)@"
        ),
        anchors=(
            "-u",
            "--user",
            "--proxy-user",
            "--cert",
            "auth",
            ".log",
            "proxy",
            "jdbc:oracle",
            "netloc",
            "userinfo",
            "authority",
            "sshpass",
            "mysql",
        ),
        reach=6,
        why="user and password as curl and requests take them",
        example="curl -u bench:FAKE‖pw123 https://api.example.com",
        accepts=lambda match: not any(is_placeholder(v) for v in match.groupdict().values() if v),
    ),
    RedactionRule(
        id="set-cookie",
        pattern=re.compile(
            rf"(?i)set-cookie{_SEPARATOR}[\w.-]{{1,80}}=(?P<secret>[^\s;,\"'\\]{{4,}}+)"
        ),
        anchors=("set-cookie",),
        reach=0,
        why="the value of a cookie; its attributes say nothing about anyone",
        example="set-cookie: __cf_bm=FAKE‖7vQ2mTzKx9; path=/; domain=.example.com",
        accepts=_cookie,
    ),
    RedactionRule(
        id="cookie",
        pattern=re.compile(
            rf"(?i)(?<!set[_-])(?<![a-z0-9])cookies?{_SEPARATOR}"
            r"(?P<secret>[\w.-]{1,80}=[^\s;,\"'\\]*+(?:;\s?[\w.-]{1,80}=[^\s;,\"'\\]*+)*+"
            r"|(?<=\{)[^{}\n]{6,2000}+(?=\}))"
            r"|\bCookie\([^()\n]{0,200}?\bvalue=[\"'](?P<secret_value>[^\s\"']{6,4000}+)"
        ),
        anchors=("cookie",),
        reach=0,
        why="what a client sends back: every pair of it",
        example="Cookie: session=FAKE‖7vQ2mTzKx9; theme=dark",
        accepts=_cookie,
    ),
    RedactionRule(
        id="session-cookie",
        pattern=re.compile(
            r"(?i)(?:(?<![\w-])(?:__cf_bm|_cfuvid|cf_clearance|__cfruid|phpsessid|jsessionid|sessionid|"
            r"connect\.sid|csrftoken|xsrf-token|awsalb(?:cors|tg|tgcors)?|"
            r"__(?:secure|host)-[\w.-]{1,60}|\.aspxauth)"
            r"|(?<=[\w.-][._-])session(?==[^\s;\"']{24,600}+;))=(?P<secret>[^\s;,\"'\\>?#]{6,}+)"
        ),
        anchors=(
            "__cf",
            "_cfuvid",
            "cf_clearance",
            "sess",
            "connect.sid",
            "csrftoken",
            "xsrf-",
            "awsalb",
            "aspxauth",
            "__secure-",
            "__host-",
        ),
        reach=4,
        why="cookies that hold a session, wherever they stand",
        example="<Cookie __cf_bm=FAKE‖7vQ2mTzKx9 for .example.com/>",
        accepts=_cookie,
    ),
)
