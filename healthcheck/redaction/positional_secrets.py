"""Values that their place tells: a part of an address, the argument of a call, a word of a command."""

import re

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import (
    UUID,
    has_signs,
    is_mixed,
    is_no_key,
    is_no_password,
    looks_random,
)
from healthcheck.redaction.rule import RedactionRule
from healthcheck.redaction.secret_names import Holds, holds

_ARGUMENT = r"(?:\"(?P<{0}_double>[^\"\n]+)\"|'(?P<{0}_single>[^'\n]+)'|(?P<{0}>[^\s\"']+))"
_LEAST = 4
_PORT = lazy_pattern(r"\d{4,5}")


def _secrets(match: re.Match[str]) -> list[str]:
    return [v for name, v in match.groupdict().items() if v and name.startswith("secret")]


def _sure(match: re.Match[str]) -> list[str]:
    return [match[name] for name in match.groupdict() if name.startswith("secret_sure")]


def _given(match: re.Match[str]) -> bool:
    return all(
        len(v) >= _LEAST and not _PORT.fullmatch(v) and not is_no_password(v)
        for v in _secrets(match)
    )


def _spoken(match: re.Match[str]) -> bool:
    return _given(match) and all(
        looks_random(v, _LEAST) or has_signs(v) or v in _sure(match) for v in _secrets(match)
    )


def _opaque(match: re.Match[str]) -> bool:
    value = match["secret"]
    return looks_random(value, 16) and not is_no_key(value) and not UUID.fullmatch(value)


def _query(match: re.Match[str]) -> bool:
    value = match["secret"]
    if is_no_key(value):
        return False
    if UUID.fullmatch(value):
        return match["query"] is not None and match[0].startswith("key")
    return looks_random(value, 8 if "sig" in match[0].lower() else 10 if match["query"] else 16)


def _named_behind(match: re.Match[str]) -> bool:
    return holds(match["name"]) > Holds.SOME_KEY and _given(match) and is_mixed(match["secret"])


def _cut(match: re.Match[str]) -> bool:
    value = match["secret"]
    if match["close"] is None:
        return looks_random(value, 8)
    return looks_random(value, 6) or has_signs(value)


def _refused(match: re.Match[str]) -> bool:
    return (
        holds(match["name"]) > Holds.NOTHING and _spoken(match) and not is_no_key(match["secret"])
    )


POSITIONAL_SECRET_RULES = (
    # Keys and signatures in the query of an address.
    RedactionRule("query-key", "key=|key[|appid=|code=|sig=|signature=|auth=|session=|sid=|hmac=|ticket=|hash=|sign=|magic=|invite=",
        r"(?i)(?:(?P<query>(?<=[?&;]))(?:key|appid|code|auth|session|sid|hmac|ticket|hash|sign|magic|invite)|"
        r"(?<![a-z0-9_])(?:key|sig|signature)(?:\[\d{1,2}\])?|(?:(?<=x-amz-)|(?<=x-goog-))signature)=(?:b(?=[\"']))?[\"']?"
        r"(?P<secret>[a-z0-9._~+/%=-]{12,}+)", _query),
    # Keys as the only argument of a call, or as the last one behind a name.
    RedactionRule("credential-call", '(\'|("|credential|auth(|directoryentry|securestring|__construct(|_connect(|_bind(|_login(',
        r"(?:(?<=Credential)|(?<=Credentials)|(?<=SecretStr)|(?<=SecretBytes)|(?<=Token)|(?<=ApiKey)|(?<=Auth)|(?<=Client)|(?<=ClientV2)|"
        r"(?<=AI)|(?<=Anthropic)|(?<=Groq)|(?<=Together)|(?<=Mistral)|(?<=Cohere)|(?<=Cerebras)|(?<=Fireworks)|(?<=Replicate)|"
        r"(?<=login)|(?<=configure)|(?<=authenticate))\([\"'](?P<secret>(?![a-z+]{2,20}://)[^\"'\s]{12,}+)[\"']"
        r"|(?:Credentials?|Auth|DirectoryEntry|__construct|_connect|_bind|_login)\("
        r"(?:[\"'][^\"'\n]{0,80}[\"'],\s{0,20}){1,3}[\"'](?P<secret_last>[^\"'\s]{6,}+)[\"']|SecureString\s[\"'](?P<secret_secure>[^\"'\n]{6,}+)[\"']",
        lambda match: (
            looks_random(match["secret"] or "", 12) or looks_random(match["secret_last"] or "", 4) or match["secret_secure"] is not None
        )),
    # A comparison, an entry or a message that names a value behind it.
    RedactionRule("value-before-name", '"|\'',
        r"[\"'](?P<secret>[^\"'\n]{4,200}+)[\"'](?:\s[!=]==?\s[\"']?|\sas\s(?:the|a|my|your)\s|\s?\}?,\s{0,20}[\"'](?:name|key)[\"']\s?:\s?[\"'])(?P<name>[\w.-]{2,60})", _named_behind),
    # A message says behind the key what it was: a variable, or no valid key.
    RedactionRule("key-before-name", "_key|_token|_secret| is a | is an | is no| is the |: invalid |: expired |: unknown |: bad ",
        r"(?<![A-Za-z0-9+/=_.-])(?P<secret>[A-Za-z0-9+/=_.-]{20,400}+)[\"'`]?"
        r"(?:[ ]is[ ](?:not[ ])?(?:an?|the|no)[ ](?:[\w-]{1,20}[ ]){0,4}?(?P<word>[Kk]ey|[Tt]oken|[Ss]ecret)\b"
        r"|[ ]?:[ ](?:[Ii]nvalid|[Ee]xpired|[Uu]nknown|[Bb]ad)[ ](?:api[ ]|API[ ]|access[ ])?(?:[Kk]ey|[Tt]oken)\b"
        r"|(?:[ ](?:read[ ]|taken[ ])?(?:from|via|in)[ ](?:the[ ])?(?:env(?:ironment)?[ ])?"
        r"(?:variable[ ])?|[ ]\()[\"'`$]?(?P<name>[A-Z][A-Z0-9_]{0,40}_(?:KEY|TOKEN|SECRET))\b)",
        lambda match: (
            looks_random(match["secret"], 20)
            and not is_no_key(match["secret"])
            and (match["name"] is None or holds(match["name"]) > Holds.NOTHING)
        ), anywhere=True),
    # Pydantic repeats the value that it refuses, below the name of its field.
    RedactionRule("refused-input", "input_value=",
        r"(?m)^(?P<name>[\w.-]{1,80})\r?\n[ ]{1,8}[^\n]{0,300}?\binput_value=b?(?P<quote>[\"'])(?P<secret>(?:(?!(?P=quote))[^\n]){4,}+)", _refused, anywhere=True),
    # A link that works for whoever has it.
    RedactionRule("path-token", "reset|invit|verif|activat|confirm|magic|hook",
        r"(?i)(?:reset|invit(?:e|ation)|verif(?:y|ication)|activat(?:e|ion)|confirm(?:ation)?|magic|hooks?(?:\.[\w.-]{3,60}(?:/[\w-]{1,20}){0,3})?)"
        r"(?:[_-][\w-]{1,20})?/(?P<secret>[a-z0-9_~-]{20,200}+)(?![\w./-]*\.[a-z])", _opaque),
    # Whoever knows the path of a webhook may post to it.
    RedactionRule("webhook-path", "hooks.|/services/t|hook.|/api/webhooks|/api/v|outlook.office|/webhookb2|events.pagerduty|chat.googleapis|/hook/|hc-ping|maker.ifttt",
        r"(?i)(?:/services/(?=T[A-Z0-9]{5,12}/B[A-Z0-9]{5,12}/)|hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/"
        r"|/api/(?:v\d+/)?webhooks/(?=\d{8})|/webhookb2/|outlook\.office\.com/webhook/"
        r"|chat\.googleapis\.com/v1/spaces/[\w-]+/messages\?|hooks\.zapier\.com/hooks/catch/|/hook/"
        r"|events\.pagerduty\.com/integration/|hook\.(?:[a-z]{2}\d\.)?(?:make|integromat)\.com/"
        r"|hc-ping\.com/|maker\.ifttt\.com/trigger/\w+/(?:json/)?with/key/)(?P<secret>[^\s\"'<>\\)`]{8,}+)"),
    # One-letter flags mean a password with these programs only.
    RedactionRule("command-password", "mongo|docker login|podman login|helm registry login|az login|oc login|nerdctl login|sqlcmd|bcp|isql|unzip|zip|7z|redis-cli|http|ldap|smbclient|snmp|ipmitool|net use|htpasswd",
        r"(?<!\w)(?:(?:mongo(?:sh|dump|restore|export|import)?|(?:docker|podman|helm\sregistry|az|oc|"
        r"nerdctl)\slogin|sqlcmd|bcp|isql|unzip|zip|7z)\s(?:[^\n]{0,200}?\s)?-[pP]"
        r"|redis-cli\s(?:[^\n]{0,200}?\s)?-a|https?\s(?:[^\n]{0,200}?\s)?-a\s{1,2}[^\s:\"']{0,128}:"
        r"|ldap\w{3,8}:?\s(?:[^\n]{0,200}?\s)?-w|smbclient\s(?:[^\n]{0,200}?\s)?-U\s?[^\s%]{1,64}%"
        r"|snmp\w{2,8}\s(?:[^\n]{0,200}?\s)?-c|ipmitool\s(?:[^\n]{0,200}?\s)?-P|htpasswd\s-\w{0,4}b\w{0,4}\s\S{1,99}\s\S{1,64}|net\suse\s(?:[A-Za-z*]:?\s)?\\\\\S{1,200}\s(?=[^\n/]\S*\s[^\n]{0,40}/user))[ =]?" + _ARGUMENT.format("secret"), _given),
    # Redis, SQL, IMAP, POP and FTP say the password as a word of a command.
    RedactionRule("protocol-password", 'auth |machine |\'auth\'|"auth"|requirepass |masterauth |login |user |pass |identified ',
        r"\bAUTH[ ](?:[\w.@-]{1,64}[ ])?[\"']?(?P<secret>[^\s\"'\\]{6,128}+)"
        r"|[\"'](?:AUTH[\"'],\s?|auth[\"'],\s{0,4}[\"']?args[\"']?:\s?\[\s?)(?:[\"'][^\"'\n]{0,128}[\"'],\s?)?"
        r"[\"'](?P<secret_args>[^\"'\n]{4,128}+)[\"']"
        r"|\b(?:requirepass|masterauth)\s[\"']?(?P<secret_redis>[^\s\"'\\]{4,128}+)"
        r"|\bIDENTIFIED\s(?:WITH\s\S{1,40}\s)?(?:BY|AS)\s[\"'](?P<secret_sure>[^\"'\n]{1,128}+)"
        r"|\bmachine\s\S{1,128}\s{1,9}login\s\S{1,128}\s{1,9}password\s(?P<secret_sure_netrc>\S{4,128}+)"
        r"|\bLOGIN[ ][^\s]{1,128}[ ][\"']?(?P<secret_imap>[^\s\"'\\]{6,128}+)"
        r"|(?:(?<=> )|(?<=\n)|(?<=^))PASS[ ](?P<secret_pop>[^\s\"'\\/.]{4,128}+)[ ]*\r?(?=\n|$)"
        r"|\bUSER\s\S{1,128}\s{1,2}[^\n]{0,40}?\bPASS\s(?P<secret_ftp>[^\s\"'\\]{4,128}+)", _spoken),
    # A text whose start was cut off may begin with the end of a secret.
    RedactionRule("cut-value", "...|…",
        r"(?<![^\s\"'=])(?:\.{3}|…)(?P<secret>[^\s\"'`]{8,400}+)(?P<close>[\"'])?", _cut),
)  # fmt: skip
