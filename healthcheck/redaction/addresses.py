"""Credentials in addresses, and addresses of people."""

import re

from healthcheck.redaction.plausibility import is_placeholder, looks_random
from healthcheck.redaction.rule import RedactionRule

_LONGEST_COMMON = 4
"""Longer top-level domains are rare."""
_PORT = re.compile(r"\d{1,5}[/?#,;'\"`)\]}|]")
_FILE = re.compile(
    r"(?i)\.(?:png|jpe?g|gif|svg|webp|ico|json|ya?ml|txt|tar|gz|zip|py|js|ts|html|"
    r"service|timer|socket|mount|target|scope|slice|gguf|ggml|safetensors|onnx|bin|csv|jsonl|log|whl)$"
)


def _url_password(match: re.Match[str]) -> bool:
    secret = match["secret"]
    return not is_placeholder(secret) and not _PORT.match(secret)


def _url_token(match: re.Match[str]) -> bool:
    return looks_random(match["secret"], 16)


def _mail_address(match: re.Match[str]) -> bool:
    local, domain = match["local"], match["domain"]
    if local in ("git", "hg", "svn") or re.match(r"v?\d+\.\d+|\d{8}\.|self\.", domain):
        return False
    # org-123@github.com:acme/bench.git is a remote like git@github.com:acme/bench.git
    if re.match(r":[\w.-]+/", match.string[match.end() : match.end() + 80]):
        return False
    # q@k.transpose(…) multiplies
    if len(domain.rpartition(".")[2]) > _LONGEST_COMMON and match.string.startswith(
        "(", match.end()
    ):
        return False
    return not _FILE.search(domain)


ADDRESS_RULES: tuple[RedactionRule, ...] = (
    RedactionRule(
        id="url-password",
        pattern=re.compile(
            r"(?:(?<=http)|(?<=https)|(?<=wss)|(?<=ws))://[^\s/:@\"'<>?#\[\]]{0,256}+:"
            r"(?P<secret>[^\s/\"<>]{1,512}(?<![\s/]))@(?=[\w\[-])"
        ),
        anchors=("://",),
        reach=0,
        why="basic auth in a web address",
        example="https://bench:FAKE‖pw123@proxy.example.com/v1",
        accepts=_url_password,
    ),
    RedactionRule(
        id="uri-password",
        pattern=re.compile(
            r"(?<!http)(?<!https)(?<!wss)(?<!ws)://[^\s/:@\"'<>?#]{0,256}+:"
            r"(?P<secret>(?:(?!://)[^\s\"<>]){1,512})@(?=[\w\[%/-])"
        ),
        anchors=("://",),
        reach=0,
        why="passwords of databases, queues and mail servers; they may hold @ and / unescaped",
        example="mongodb+srv://bench:FAKE‖p@ss/w0rd@cluster0.example.net/db",
        accepts=_url_password,
    ),
    RedactionRule(
        id="cut-password",
        pattern=re.compile(
            r"://[^\s/:@\"'<>?#\[\]]{0,256}+:(?P<secret>[^\s/@\\\"'<>]{6,256}+)(?=@?(?:\s*$|[\"']))"
        ),
        anchors=("://",),
        reach=0,
        why="an address that was cut off behind a password: a port has no letters",
        example="mongodb+srv://bench:FAKE‖pw123",
        accepts=lambda match: (
            _url_password(match)
            and any(map(str.isalpha, match["secret"]))
            and any(map(str.isdigit, match["secret"]))
        ),
    ),
    RedactionRule(
        id="uri-user",
        pattern=re.compile(
            r"://(?P<secret>[^\s/:@\"'<>?#]{1,64}@(?:[\w-]{1,63}\.){1,4}[a-z]{2,24})(?=:[^\s@/\"<>]{1,256}@)"
        ),
        anchors=("://",),
        reach=0,
        why="an e-mail address in the user's place, whose @ was encoded",
        example="mongodb://bench%‖40fake-corp.example:FAKEpw123@mongo.internal/db",
    ),
    RedactionRule(
        id="url-token",
        pattern=re.compile(
            r"://(?P<secret>[^\s/:@\"'<>?#]{16,512}+)(?::[^\s/:@\"'<>?#]{0,512}+)?@(?=[\w-])"
        ),
        anchors=("://",),
        reach=0,
        why="a token in the user's place: Sentry's DSNs, git over https",
        example="https://fa4e‖d5fde09eb09524b0dd53dee164a3@o123.ingest.sentry.io/456",
        accepts=_url_token,
    ),
    RedactionRule(
        id="pair-before-host",
        pattern=re.compile(
            r"(?<![\w./:@%-])[\w.-]{1,64}:(?P<secret>[^\s:/@\"'<>=,;(){}\[\]]{6,128}+)"
            r"@(?=\d{1,3}(?:\.\d{1,3}){3}\b|(?!v?\d)[\w-]{1,63}(?:(?:\.[\w-]{1,63}){1,4}|:\d))"
            r"|\w@(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}:(?P<secret_mailed>[^\s:/@\"'<>=,;(){}\[\]]{6,128}+)"
        ),
        anchors=("@",),
        why="user and password before a host, without the scheme of an address",
        example="cannot log in with bench:FAKE‖hunter2@10.0.3.7",
        accepts=lambda match: looks_random(match["secret"] or match["secret_mailed"], 6),
        yields=True,
    ),
    RedactionRule(
        id="email",
        pattern=re.compile(
            r"(?<![\w.+%@-])(?<!//)(?:(?P<local>\w[\w.+%&'-]*+)|\"[^\"\n@]{1,64}\")"
            r"@(?P<domain>(?:\w(?:[\w-]{0,61}\w)?\.){1,8}(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,40}))"
            r"(?![\w@])"
        ),
        anchors=("@",),
        why="addresses of people and of service accounts",
        example="user:svc‖-bench+prod@fake-corp.example.org does not have access",
        accepts=_mail_address,
        yields=True,
    ),
)
