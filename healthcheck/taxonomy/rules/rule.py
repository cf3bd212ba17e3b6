"""One rule: data, and no code."""

from typing import NamedTuple

from healthcheck.taxonomy.kinds import ErrorKind


class Rule(NamedTuple):
    """What says a kind: one of `codes`, or `says` in a message that speaks of `about`.

    `codes` are identifiers in lower case without `_` and `-`, separated by spaces: they match
    `insufficient_quota`, `InsufficientQuota` and `InsufficientQuotaError` alike. `about` lists
    literals, separated by `|`, of which the message has to hold one: the subject without which the
    words of `says`, a regular expression over the cleaned message (see `evidence`), mean something
    else. `says` matches from the beginning of a word. `retired` marks rules about a model's end of
    life.
    """

    id: str
    why: str
    kind: ErrorKind
    codes: str = ""
    about: str = ""
    says: str = ""
    retired: bool = False
