"""The nine kinds of failure and a verdict about one message."""

from enum import StrEnum
from typing import NamedTuple


class ErrorKind(StrEnum):
    """Who has to act: each kind leads to a different thing to do."""

    AUTH = "auth"
    BILLING = "billing"
    RATE_LIMIT = "rate_limit"
    HARD_MODEL = "hard_model"
    HARD_CAPABILITY = "hard_capability"
    TRANSIENT_PROVIDER = "transient_provider"
    NETWORK = "network"
    TIMEOUT = "timeout"
    UNKNOWN = "unknown"


_KINDS = {kind.value: kind for kind in ErrorKind}


class Verdict(NamedTuple):
    """What a message was taken for, by which rule and why.

    `rule` is a stable id: a rule's own, `http-404`, `stored-kind` or `none`.
    `retired` says that the message itself speaks of an end of life, not only of "not found".
    `clear`: the message states it, so that one document is evidence enough.
    """

    kind: ErrorKind
    rule: str
    why: str
    retired: bool = False
    clear: bool = False


def stored(value: object) -> ErrorKind:
    """Read a kind that a writer stored; whatever is not one of the nine is unknown."""
    return _KINDS.get(str(value).strip().lower(), ErrorKind.UNKNOWN)
