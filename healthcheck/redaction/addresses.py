"""Credentials in addresses, and addresses of people."""

import re

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import is_placeholder, looks_random
from healthcheck.redaction.rule import RedactionRule

# Longer top-level domains are rare.
_LONGEST_COMMON = 4
_PORT = lazy_pattern(r"\d{1,5}[/?#,;'\"`)\]}|]")
_NO_DOMAIN = lazy_pattern(r"v?\d+\.\d+|\d{8}\.|self\.")
_REMOTE_PATH = lazy_pattern(r":[\w.-]+/")
_FILE = lazy_pattern(
    r"(?i)\.(?:png|jpe?g|gif|svg|webp|ico|json|ya?ml|txt|tar|gz|zip|py|js|ts|html|"
    r"service|timer|socket|mount|target|scope|slice|gguf|ggml|safetensors|onnx|bin|csv|jsonl|log|whl)$"
)


def _url_password(match: re.Match[str]) -> bool:
    secret = match["secret"]
    return not is_placeholder(secret) and not _PORT.match(secret)


def _mail_address(match: re.Match[str]) -> bool:
    local, domain = match["local"], match["domain"]
    if local in ("git", "hg", "svn") or _NO_DOMAIN.match(domain):
        return False
    # org-123@github.com:acme/bench.git is a remote like git@github.com:acme/bench.git
    if _REMOTE_PATH.match(match.string, match.end(), match.end() + 80):
        return False
    # q@k.transpose(…) multiplies
    if len(domain.rpartition(".")[2]) > _LONGEST_COMMON and match.string.startswith(
        "(", match.end()
    ):
        return False
    return not _FILE.search(domain)


ADDRESS_RULES = (
    # Basic auth in a web address.
    RedactionRule("url-password", "://",
        r"(?:(?<=http)|(?<=https)|(?<=wss)|(?<=ws))://[^\s/:@\"'<>?#\[\]]{0,256}+:"
        r"(?P<secret>[^\s/\"<>]{1,512}(?<![\s/]))@(?=[\w\[-])", _url_password),
    # Passwords of databases, queues and mail servers; they may hold @ and / unescaped.
    RedactionRule("uri-password", "://",
        r"(?<!http)(?<!https)(?<!wss)(?<!ws)://[^\s/:@\"'<>?#]{0,256}+:"
        r"(?P<secret>(?:(?!://)[^\s\"<>?]){1,512})@(?=[\w\[%/-])", _url_password),
    # An address that was cut off behind a password: a port has no letters.
    RedactionRule("cut-password", "://",
        r"://[^\s/:@\"'<>?#\[\]]{0,256}+:(?P<secret>[^\s/@\\\"'<>]{6,256}+)(?=@?(?:\s*$|[\"']))",
        lambda match: (
            _url_password(match)
            and any(map(str.isalpha, match["secret"]))
            and any(map(str.isdigit, match["secret"]))
        )),
    # An e-mail address in the user's place, whose @ was encoded.
    RedactionRule("uri-user", "://",
        r"://(?P<secret>[^\s/:@\"'<>?#]{1,64}@(?:[\w-]{1,63}\.){1,4}[a-z]{2,24})(?=:[^\s@/\"<>]{1,256}@)"),
    # A token in the user's place: Sentry's DSNs, git over https.
    RedactionRule("url-token", "://",
        r"://(?P<secret>[^\s/:@\"'<>?#]{16,512}+)(?::[^\s/:@\"'<>?#]{0,512}+)?@(?=[\w-])", lambda match: looks_random(match["secret"], 16)),
    # User and password before a host, without the scheme of an address.
    RedactionRule("pair-before-host", "@",
        r"(?<![\w./:@%-])[\w.-]{1,64}:(?P<secret>[^\s:/@\"'<>=,;(){}\[\]]{6,128}+)"
        r"@(?=\d{1,3}(?:\.\d{1,3}){3}\b|(?!v?\d)[\w-]{1,63}(?:(?:\.[\w-]{1,63}){1,4}|:\d))"
        r"|\w@(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}:(?P<secret_mailed>[^\s:/@\"'<>=,;(){}\[\]]{6,128}+)", lambda match: looks_random(match["secret"] or match["secret_mailed"], 6), anywhere=True, yields=True),
    # Addresses of people and of service accounts.
    RedactionRule("email", "@",
        r"(?<![\w.+%@-])(?<!//)(?:(?P<local>\w[\w.+%&'-]*+)|\"[^\"\n@]{1,64}\")"
        r"@(?P<domain>(?:\w(?:[\w-]{0,61}\w)?\.){1,8}(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,40}))"
        r"(?![\w@])", _mail_address, anywhere=True, yields=True),
)  # fmt: skip
