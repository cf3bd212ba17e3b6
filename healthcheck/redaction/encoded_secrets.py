"""Secrets in base64: key files, credentials in JSON and keys, coded to fit into one variable."""

import base64
import binascii
import re

from healthcheck.redaction.plausibility import looks_random
from healthcheck.redaction.rule import RedactionRule

_LONGEST = 4000
"""Whatever gives a secret away stands before that."""

_KEYS = ("sk-", "gsk_", "csk-", "hf_", "xai-", "AIza", "AKIA", "ghp_", "glpat-", "Bearer ")
_NAMES = ("OPENAI_", "ANTHROPIC_", "AZURE_", "GROQ_", "GOOGLE_", "AWS_", "MONGO", "HF_", "export ")
"""How a file of environment variables may begin."""
_STARTS = ("-----BEGIN", "mongodb", "postgres", "redis", "amqp", *_KEYS, *_NAMES)
_OBJECTS = ("eyJ", "eyd", "eyA", "ewo", "ewk", "ewi", "W3s")
"""How objects and lists of objects begin, with and without space inside."""


def _coded(start: str) -> str:
    # The last letter may depend on what follows.
    return base64.b64encode(start.encode()).decode()[: len(start) * 8 // 6]


_CODED = tuple(map(_coded, _STARTS))
_CONTENT = re.compile(
    r"(?i)PRIVATE KEY-"
    r"|(?:private_?key|passw(?:or)?d|secret|api_?key|[a-z]_?token|authorization)[a-z0-9_]{0,20}[\"']?"
    r"\s{0,4}[:=]\s{0,4}[\"']?[^\s\"',;}]{6}"
    r"|[\"']auth[\"']\s?:\s?[\"']"
    r"|://[^\s/:@]{0,64}:[^\s@]{4,64}@"
)


def _holds_a_secret(match: re.Match[str]) -> bool:
    coded = match["secret"][:_LONGEST].translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        plain = base64.b64decode(coded[: len(coded) // 4 * 4]).decode("ascii", "replace")
    except (binascii.Error, ValueError):
        return False
    if plain.startswith(_KEYS):
        return "\ufffd" not in plain and looks_random(plain, 8)
    return _CONTENT.search(plain) is not None


ENCODED_SECRET_RULES: tuple[RedactionRule, ...] = (
    RedactionRule(
        id="encoded-secret",
        pattern=re.compile(
            rf"(?<![A-Za-z0-9+/_-])(?P<secret>(?:{'|'.join((*_OBJECTS, *_CODED))})"
            r"[A-Za-z0-9+/_-]{16,}+={0,2})"
        ),
        anchors=tuple(start.lower() for start in (*_OBJECTS, *_CODED)),
        reach=0,
        why="base64 hides nothing: what it holds is read by everybody",
        example="VERTEX_CREDENTIALS=eyJ‖0eXBlIjoic2VydmljZV9hY2NvdW50IiwicHJpdmF0ZV9rZXki"
        "OiJGQUtFN3ZRMm1UektOIn0=",
        accepts=_holds_a_secret,
    ),
)
