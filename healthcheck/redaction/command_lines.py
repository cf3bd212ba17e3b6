"""Passwords on command lines, where the program and the flag tell them together."""

import re

from healthcheck.redaction.plausibility import is_placeholder, looks_random
from healthcheck.redaction.rule import RedactionRule

_ARGUMENT = r"(?:\"(?P<{0}_double>[^\"\n]+)\"|'(?P<{0}_single>[^'\n]+)'|(?P<{0}>[^\s\"']+))"
_LEAST = 4
_PORT = re.compile(r"\d{4,5}")


def _given(match: re.Match[str]) -> bool:
    values = [v for name, v in match.groupdict().items() if v and name.startswith("secret")]
    return all(
        len(v) >= _LEAST and not _PORT.fullmatch(v) and not is_placeholder(v) for v in values
    )


def _spoken(match: re.Match[str]) -> bool:
    return _given(match) and any(
        looks_random(value, _LEAST) for value in match.groupdict().values() if value
    )


def _pgpass(match: re.Match[str]) -> bool:
    secret = match["secret"]
    return looks_random(secret, 6) or any(c in "!@#$%^&*" for c in secret)


COMMAND_LINE_RULES: tuple[RedactionRule, ...] = (
    RedactionRule(
        id="command-password",
        pattern=re.compile(
            r"\b(?:(?:mongo(?:sh|dump|restore|export|import)?|(?:docker|podman|helm\sregistry|az|oc|"
            r"nerdctl)\slogin|sqlcmd|bcp|isql|unzip|zip|7z)\s(?:[^\n]{0,200}?\s)?-[pP]"
            r"|redis-cli\s(?:[^\n]{0,200}?\s)?-a|https?\s(?:[^\n]{0,200}?\s)?-a\s{1,2}[^\s:\"']{0,128}:"
            r"|ldap\w{3,8}:?\s(?:[^\n]{0,200}?\s)?-w|smbclient\s(?:[^\n]{0,200}?\s)?-U\s?[^\s%]{1,64}%"
            r"|snmp\w{2,8}\s(?:[^\n]{0,200}?\s)?-c|ipmitool\s(?:[^\n]{0,200}?\s)?-P)[ =]?"
            + _ARGUMENT.format("secret")
        ),
        anchors=(" -a", " -c", " -p", " -w", " -u"),
        why="one-letter flags mean a password with these programs only",
        example="redis-cli -h cache.internal -a FAKE‖hunter2 ping",
        accepts=_given,
    ),
    RedactionRule(
        id="command-cookie",
        pattern=re.compile(
            r"\bcurl\s(?:(?:\\\n|[^\n]){0,600}?\s)?(?:-b|--cookie)[ =]?[\"']?"
            r"(?P<secret>[\w.%-]{1,80}=[^\n\"']{4,4000}+)"
        ),
        anchors=("curl",),
        reach=0,
        why="curl sends a cookie by a flag; without a quote it ends at the next blank anyway",
        example="curl -b 'sid=FAKE‖7vQ2mTzKx9; theme=dark' https://api.example.com",
    ),
    RedactionRule(
        id="password-source",
        pattern=re.compile(
            r"-pass(?:in|out)?[ =][\"']?pass:(?P<secret>[^\s\"']+)"
            r"|-(?:src|dest)?(?:store|key)pass[ =]" + _ARGUMENT.format("secret_java")
        ),
        anchors=("-pass", "storepass", "keypass"),
        why="openssl and keytool have flags of their own",
        example="openssl rsa -in key.pem -passin pass:FAKE‖hunter2",
        accepts=_given,
    ),
    RedactionRule(
        id="protocol-password",
        pattern=re.compile(
            r"\bAUTH[ ](?:[\w.@-]{1,64}[ ])?[\"']?(?P<secret>[^\s\"'\\]{6,128}+)"
            r"|[\"'](?:AUTH[\"'],\s?|auth[\"'],\s{0,4}[\"']?args[\"']?:\s?\[\s?)(?:[\"'][^\"'\n]{0,128}[\"'],\s?)?"
            r"[\"'](?P<secret_args>[^\"'\n]{4,128}+)[\"']"
            r"|\b(?:requirepass|masterauth)\s[\"']?(?P<secret_redis>[^\s\"'\\]{4,128}+)"
            r"|\bIDENTIFIED\s(?:WITH\s\S{1,40}\s)?(?:BY|AS)\s[\"'](?P<secret_sql>[^\"'\n]{1,128}+)"
            r"|\bLOGIN[ ][^\s]{1,128}[ ][\"']?(?P<secret_imap>[^\s\"'\\]{6,128}+)"
            r"|(?:(?<=> )|(?<=\n)|(?<=^))PASS[ ](?P<secret_pop>[^\s\"'\\/.]{4,128}+)[ ]*\r?(?=\n|$)"
            r"|\bUSER\s\S{1,128}\s{1,2}[^\n]{0,40}?\bPASS\s(?P<secret_ftp>[^\s\"'\\]{4,128}+)"
        ),
        anchors=(
            "auth ",
            "'auth'",
            '"auth"',
            "requirepass ",
            "masterauth ",
            "login ",
            "user ",
            "pass ",
            "identified ",
        ),
        reach=0,
        why="Redis, SQL, IMAP, POP and FTP say the password as a word of a command",
        example="--> USER bench\n--> PASS FAKE‖hunter2",
        accepts=_spoken,
    ),
    RedactionRule(
        id="pgpass-line",
        pattern=re.compile(
            r":(?:543\d|6432|\*):[\w*-]{1,64}:[\w.*@-]{1,64}:(?P<secret>[^\s\"':]{4,128})"
        ),
        anchors=(":543", ":6432:", ":*:"),
        reach=0,
        why=".pgpass: host, port, database, user, and then the password",
        example="db.internal:5432:bench:bench:FAKE‖hunter2",
        accepts=_pgpass,
    ),
)
