"""What lies behind a failure: kinds that may come from one cause, and causes on our own side."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from healthcheck.activity import Sample, Stage
from healthcheck.taxonomy import ErrorKind, complaint

AVAILABILITY = frozenset({ErrorKind.TRANSIENT_PROVIDER, ErrorKind.NETWORK, ErrorKind.TIMEOUT})
"""What an outage looks like from outside; which of them a model meets is chance."""

DOES_NOT_HEAL = frozenset({ErrorKind.AUTH, ErrorKind.BILLING})
"""What lasts until somebody does something about it, and what models do not have of their own."""


class Cause(NamedTuple):
    """`id` is the same for what one remedy ends; `words` complete "model: ..."."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class OwnSide:
    """A failure that no provider is to blame for. `unfit`: our request or check does not fit."""

    cause: Cause
    pattern: re.Pattern[str]
    remedy: str
    unfit: bool = False


def _own(id_: str, words: str, pattern: str, remedy: str, *, unfit: bool = False) -> OwnSide:
    return OwnSide(Cause(id_, words), re.compile(pattern, re.IGNORECASE), remedy, unfit)


OWN_SIDE = (
    _own(
        "token_budget",
        "our token budget is too small",
        r"token budget was exhausted|budget_exhausted|visible output empty",
        "Give {who} more tokens, or unpublish {it}",
        unfit=True,
    ),
    _own(
        "own_check",
        "answers fail our own check",
        r"output_tokens \S+ (?:not within|<=|>=|<|>|outside)|tokens? .{0,40}within \d+% of requested",
        "Fix our check of the token counts, or the accounting that feeds it, for {who}",
        unfit=True,
    ),
    _own(
        "adapter",
        "our adapter does not know the model",
        r"unsupported model_?name|no adapter for|unknown model_name",
        "Add {who} to our adapter",
        unfit=True,
    ),
    _own(
        "lease",
        "our job queue gave up (lease expired)",
        r"\blease (?:has )?expired",
        "Check the workers of the benchmark runner: their jobs for {who} are not finished in time",
    ),
    _own(
        "ingest",
        "our ingest bridge rejects the results",
        r"failed to post results?|ingest (?:api|bridge|endpoint)",
        "Check our ingest bridge, its token and its database: results of {who} are being lost",
    ),
    _own(
        "aws_profile",
        "our AWS profile is missing on the runner",
        r"profilenotfound|config profile .{0,80}could not be found",
        "Restore the AWS profile on the host of the {who} runner",
    ),
    _own(
        "database",
        "our database rejects the results",
        r"bulkwriteerror|writeerror|duplicatekeyerror|E11000|serverselectiontimeouterror|"
        r"notprimaryerror|autoreconnect",
        "Check the database that results are saved in: it refuses those of {who}",
    ),
)


BASE_URL = _own(
    "base_url",
    "404 without a model name, probably a wrong base URL",
    r"(?!)",  # no message states it: all models of a provider at once do
    "Check the base URL and API version configured for {who}",
)


def own_side(message: str | None, stage: Stage | None) -> OwnSide | None:
    """The cause on our own side that a message states, if it is one."""
    if stage is Stage.INGEST:
        return next(row for row in OWN_SIDE if row.cause.id == "ingest")
    if not message:
        return None
    return next((row for row in OWN_SIDE if row.pattern.search(message)), None)


def own_side_of(sample: Sample | None, stage: Stage) -> OwnSide | None:
    """The same of a stored failure."""
    return own_side(sample.message if sample else None, stage)


def kinds_of_cause(kind: ErrorKind) -> frozenset[ErrorKind]:
    """The kinds that the same cause may show as."""
    return AVAILABILITY if kind in AVAILABILITY else frozenset({kind})


def cause(kind: ErrorKind) -> str:
    """One word for kinds that may come from the same cause."""
    return "availability" if kind in AVAILABILITY else kind.value


def complaint_of(message: str | None) -> str | None:
    """What the provider rejects: a parameter, a feature or an endpoint."""
    return complaint(message) if message else None
