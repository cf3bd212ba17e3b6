"""Credentials in headers: authorization of every scheme, and cookies."""

import re

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.encoded_secrets import decoded
from healthcheck.redaction.plausibility import (
    is_mixed,
    is_no_password,
    is_placeholder,
    looks_random,
)
from healthcheck.redaction.rule import RedactionRule
from healthcheck.redaction.secret_names import words

_SEPARATOR = (
    r"(?:[\"'`]?\]?\s{0,3}(?:=>|[:=])\s{0,3}[\[({]?|[\"'`],\s?|\s(?=[\"']))(?:b(?=[\"'`]))?[\"'`]?"
)
_SCHEMES = words(
    "bearer basic token apikey api-key key negotiate ntlm bot oauth ssws geniekey hmac"
)
_IN_PARTS = words("digest aws4-hmac-sha256 hawk signature sharedaccesssignature")
# What a server asks for, not what a client sends.
_CHALLENGE = lazy_pattern(r"(?i)(?:realm|error|scope|charset|resource_metadata)=")
_MIN_BEARER = 8


def _authorization(match: re.Match[str]) -> bool:
    scheme, secret = (match["scheme"] or "").lower(), match["secret"]
    if scheme in _IN_PARTS or secret.lower() in _IN_PARTS:
        return False
    if is_placeholder(secret) or secret.lower() in _SCHEMES or _CHALLENGE.match(secret):
        return False
    if scheme in _SCHEMES:
        return True
    if not scheme and secret.lower().startswith("x-"):
        return False  # the next one in a list of names of headers
    return looks_random(secret, 6) and (not scheme or len(secret) > _MIN_BEARER)


def _real(match: re.Match[str]) -> bool:
    values = [
        value for name, value in match.groupdict().items() if value and name.startswith("secret")
    ]
    return not any(map(is_no_password, values))


def _pair(match: re.Match[str]) -> bool:
    return _real(match) and (match["secret_listed"] is None or is_mixed(match["secret_listed"]))


HEADER_RULES = (
    # What an Authorization header carries, whatever its scheme.
    RedactionRule("authorization", "authorization",
        rf"(?i)authorization(?:[ _-]?header)?{_SEPARATOR}"
        r"(?:(?P<scheme>[a-z][a-z0-9-]{1,24})(?:[ \t]{1,4}|\+))?"
        r"(?P<secret>(?:(?!&[\w.-]{1,40}=)[^\s\"'`,;<>\\()\[\]{}])++)", _authorization),
    # A bearer token outside of its header.
    RedactionRule("bearer-token", "bearer",
        r"(?i)\bbearer(?:[\s:=,]{1,3}|\+)[\"']?(?P<secret>[a-z0-9._~+/=|-]{8,}+)", lambda match: _real(match) and looks_random(match["secret"], 6)),
    # User and password in base64, outside of their header.
    RedactionRule("basic-auth", "basic|plain",
        r"(?i)(?:basic|plain)(?:[ \t+]{1,3}|_auth\s?[=:]\s?)[\"']?(?P<secret>[A-Za-z0-9+/_-]{8,}+={0,2})", lambda match: ":" in (decoded(match["secret"]) or "")),
    # A request that was signed can be sent again while its signature holds.
    RedactionRule("request-signature", "sign|response=",
        r"(?i)(?<![a-z])sign(?:ature(?:provided)?)?(?:[_-]?\d{1,3})?[\"']?\s{0,2}[:=>]\s{0,2}[\"']?"
        r"(?:(?:t=\d{1,12},)?(?:v\d|sha-?\d{1,3}|hmac|keyid)[=:])?"
        r"(?P<secret>[0-9a-f]{40,128}+|[a-z0-9+/]{26,27}(?:=|%3D){1,2}|[a-z0-9+/]{43}(?:=|%3D))(?![a-z0-9+/=])|response=\"(?P<secret_digest>[0-9a-f]{32})\""),
    # User and password as curl, requests and other programs take them.
    RedactionRule("user-password-pair", "-u|--user|--proxy-user|--auth|--cert|auth|login|logon|proxy|jdbc:oracle|sqlplus|netloc|userinfo|authority|sshpass|mysql",
        r"(?<![\w-])(?:-u|--user|--proxy-user|--auth|-U|--cert)(?:[ =]{1,2}|\s?\\\n\s{0,8})[\"']?[^\s:\"']{0,128}[\"']?:[\"']?"
        r"(?P<secret_curl>[^\s\"']+)"
        r"|(?<![\w-])-u[ ][\"']?(?P<secret_user>[^\s:\"']{12,}+):(?=[\"'\s]|$)"
        r"|(?i:(?<![a-z])(?:basic)?auth(?:enticate)?[\"']?(?:\s{0,12}[=:]\s?)?|(?<=\.)log[io]n)\(\s?[\"'][^\"'\n]{0,128}[\"'],\s?"
        r"[\"'](?P<secret_pair>[^\"'\n]+)[\"']"
        r"|(?i:(?<![a-z])auth[\"']?\s?[=:]\s?)\[\s?[\"'][^\"'\n]{0,128}[\"'],\s?[\"'](?P<secret_listed>[^\"'\n]+)[\"']\s?\]"
        r"|(?i:(?<![a-z])auth[\"']?\s?[=:]\s?)\(\s?[\"'](?P<secret_alone>[^\s\"']{12,}+)[\"'],\s?(?:\"\"|''|None)"
        r"|(?i:netloc|userinfo|authority)[\"']?\s?[:=]\s?[\"']?[^\s:@/\"']{0,128}:"
        r"(?P<secret_parsed>(?!\d{1,5}[\"'])[^\s\"'@]{4,}+)[@\"']"
        r"|(?i:sshpass\s-p|mysql\w{0,8}\s[^\n]{0,80}?\s-p(?=\S))\s?(?:(?P<quote>[\"'])(?P<secret_phrase>[^\n\"']{4,}+)(?P=quote)|(?P<secret_given>[^\s\"']{4,}+))"
        r"|(?i:proxy)[\"']?\s?[:=]\s?[\"']?[^\s:@/\"']{1,128}:(?P<secret_proxy>[^\s@/\"']+)@"
        r"|(?:jdbc:oracle:thin:|sqlplus\s)[^\s:@/\"']{1,128}/(?P<secret_jdbc>[^\s@/\"']+)@", _pair),
    # The value of a cookie; its attributes say nothing about anyone.
    RedactionRule("set-cookie", "set-cookie",
        rf"(?i)set-cookie{_SEPARATOR}[\w.-]{{1,80}}=(?P<secret>[^\s;,\"'\\]{{4,}}+)", _real),
    # What a client sends back: every pair of it.
    RedactionRule("cookie", "cookie|\ttrue\t|\tfalse\t",
        rf"(?i)(?<!set[_-])(?<![a-z0-9])cookies?{_SEPARATOR}"
        r"(?P<secret>[\w.-]{1,80}=[^\s;,\"'\\]*+(?:;\s?[\w.-]{1,80}=[^\s;,\"'\\]*+)*+"
        r"|(?<=\{)[^{}\n]{6,2000}+(?=\}))"
        r"|\bCookie\([^()\n]{0,200}?\bvalue=[\"'](?P<secret_value>[^\s\"']{6,4000}+)"
        # a line of a browser's file of cookies
        r"|\t(?:TRUE|FALSE)\t[^\t\n]{1,200}\t(?:TRUE|FALSE)\t\d{1,20}\t[^\t\n]{1,200}\t(?P<secret_filed>[^\s]{6,4000}+)"
        r"|(?<=<)Cookie\s[\w.-]{1,80}=(?P<secret_shown>[^\s;,\"'\\>]{6,4000}+)", _real),
    # Cookies that hold a session, wherever they stand.
    RedactionRule("session-cookie", "__cf|_cfuvid|cf_clearance|phpsess|jsession|session|connect.sid|csrftoken|xsrf-|awsalb|.aspxauth|__secure-|__host-",
        r"(?i)(?:(?<![\w-])(?:__cf_bm|_cfuvid|cf_clearance|__cfruid|phpsessid|jsessionid|sessionid|"
        r"connect\.sid|csrftoken|xsrf-token|awsalb(?:cors|tg|tgcors)?|"
        r"__(?:secure|host)-[\w.-]{1,60}|\.aspxauth)"
        r"|(?<=[\w.-][._-])session(?==[^\s;\"']{24,600}+;))=(?P<secret>[^\s;,\"'\\>?#]{6,}+)", _real),
)  # fmt: skip
