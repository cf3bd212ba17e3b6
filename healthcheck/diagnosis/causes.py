"""What lies behind a failure, in words and with its remedy: the kinds, and causes on our own side."""

import re
from functools import lru_cache
from typing import NamedTuple

from healthcheck.activity import Sample, Stage
from healthcheck.taxonomy import ErrorKind

AVAILABILITY = frozenset({ErrorKind.TRANSIENT_PROVIDER, ErrorKind.NETWORK, ErrorKind.TIMEOUT})
"""What an outage looks like from outside; which of them a model meets is chance."""

DOES_NOT_HEAL = frozenset({ErrorKind.AUTH, ErrorKind.BILLING})
"""What lasts until somebody does something about it, and what models do not have of their own."""

OF_THE_PROVIDER = AVAILABILITY | DOES_NOT_HEAL | {ErrorKind.RATE_LIMIT}
"""What models do not have of their own, for the most part."""

_MAY_PASS = (15, 30, 60, 120, 240, *[360] * 7, *[15] * 20)
RETRY_PAUSES = {
    **dict.fromkeys((*AVAILABILITY, ErrorKind.RATE_LIMIT), _MAY_PASS),
    ErrorKind.BILLING: (360,) * 19,
    ErrorKind.UNKNOWN: (15,),
}
"""By the stored kind, so many minutes the queue waits after each failure in a row; then it gives up."""


class KindRow(NamedTuple):
    """A kind for people: its name, its remedy, and what it means at all providers at once.

    `of_models` replaces the remedy where single models show it. Remedies are templates over the
    words of `problems`: {who} may be models, {providers} is the provider, whichever models show it.
    """

    words: str
    remedy: str
    everywhere: str = "Check the network of the benchmark host: DNS, TLS, proxy, firewall, uplink"
    ours: str = "our own network or host"
    of_models: str | None = None


KINDS = {
    ErrorKind.AUTH: KindRow(
        "access denied",
        "Check the API key for {who}: its value, permissions and expiry",
        "Check the credentials of the benchmark service: every provider rejects them",
        "our own credentials",
        "Check the API key and its access to {who}",
    ),
    ErrorKind.BILLING: KindRow(
        "out of credit",
        "Add credit or raise the spending limit at {providers}",
        "Every provider reports a billing error: check our payment method",
        "our own payment",
    ),
    ErrorKind.RATE_LIMIT: KindRow(
        "rate limited",
        "Lower the request rate to {providers}, or request a higher limit",
        "Every provider is rate-limiting us: slow the scheduler down",
        "our own pace",
    ),
    ErrorKind.HARD_MODEL: KindRow(
        "model not found", "Check the provider's model list for {who}", ours="our own catalog"
    ),
    ErrorKind.HARD_CAPABILITY: KindRow(
        "request rejected",
        "Fix our request for {who}; see the error message",
        "Roll back the last request change: every provider rejects it",
        "our own request",
    ),
    ErrorKind.TRANSIENT_PROVIDER: KindRow(
        "provider unavailable", "Check the status page of {providers}"
    ),
    ErrorKind.NETWORK: KindRow(
        "connection failed", "Check the connection to {providers}: DNS, TLS, address"
    ),
    ErrorKind.TIMEOUT: KindRow(
        "timed out",
        "Check that {who} still {respond}; if this lasts, raise the timeout",
    ),
    ErrorKind.UNKNOWN: KindRow(
        "unrecognized error",
        "Read the error message of {who}: its cause was not recognized",
        "Roll back the last change of the benchmark's code: it fails everywhere",
        "our own code",
    ),
}


class InternalCause(NamedTuple):
    """A failure that no provider is to blame for; `words` complete "model: ...".

    `id` is the same for what one remedy ends. Messages that match `pattern`, in lower case, state it. `unfit`: our
    request or check does not fit the model.
    """

    id: str
    words: str
    remedy: str
    pattern: re.Pattern[str] | None = None
    unfit: bool = False


def _stated(
    id_: str, words: str, pattern: str, remedy: str, *, unfit: bool = False
) -> InternalCause:
    return InternalCause(id_, words, remedy, re.compile(pattern), unfit)


OWN_CALL = _stated(
    "own_call",
    "our code fails before the request",
    r"^typeerror: .{1,200}(?:got an unexpected keyword|missing \d+ required [\w-]+) argument",
    "Fix our call of the library for {who}; see the error message",
    unfit=True,
)
_INGEST = _stated(
    "ingest",
    "our ingest bridge rejects the results",
    r"failed to post results?|ingest (?:api|bridge|endpoint)",
    "Check our ingest bridge, its token and its database: results of {who} are being lost",
)
INTERNAL_CAUSES = (
    OWN_CALL,
    _stated(
        "token_budget",
        "our token budget is too small",
        r"token budget was exhausted|budget_exhausted|visible output empty",
        "Give {who} more tokens, or unpublish {it}",
        unfit=True,
    ),
    _stated(
        "own_check",
        "responses fail our own check",
        r"output_tokens \S+ (?:not within|<=|>=|<|>|outside)|tokens? .{0,40}within \d+% of requested",
        "Fix our check of the token counts, or the accounting that feeds it, for {who}",
        unfit=True,
    ),
    _stated(
        "adapter",
        "our adapter does not know the model",
        r"unsupported model_?name|no adapter for|unknown model_name",
        "Add {who} to our adapter",
        unfit=True,
    ),
    _stated(
        "lease",
        "our job queue gave up (lease expired)",
        r"\blease (?:has )?expired",
        "Check the workers of the benchmark runner: their jobs for {who} are not finished in time",
    ),
    _INGEST,
    _stated(
        "aws_profile",
        "our AWS profile is missing on the runner",
        r"profilenotfound|config profile .{0,80}could not be found",
        "Restore the AWS profile on the host of the {who} runner",
    ),
    _stated(
        "database",
        "our database rejects the results",
        r"bulkwriteerror|writeerror|duplicatekeyerror|e11000|serverselectiontimeouterror|"
        r"notprimaryerror|autoreconnect",
        "Check the database that results are saved in: it rejects results of {who}",
    ),
)

# What no message states: it is concluded, in part from what all models show together.
ACCOUNT_BLOCKED = InternalCause(
    "account_blocked",
    "our account is blocked",
    "Read what {providers} wrote to the owner of our account, and contact its support",
)
BASE_URL = InternalCause(
    "base_url",
    "404 without a model name, probably a wrong base URL",
    "Check the base URL and API version configured for {who}",
)
NOT_ATTEMPTED = InternalCause(
    "not_attempted",
    "not attempted",
    "Check the benchmark runner that serves {where}: it makes no attempts",
)
UNSAVED = InternalCause(
    "saving",
    "results could not be saved",
    "Check the database that results are saved in, and the disk of its host",
)

ON_ONE_RUNNER = {
    "aws_profile": "the AWS profile",
    "adapter": "the current adapter",
    ErrorKind.AUTH.value: "a valid API key",
}
"""What one runner lacks, by cause, where models that another runner runs as well fail in turn."""


def internal_cause_of(sample: Sample | None, stage: Stage) -> InternalCause | None:
    """The cause on our own side that a stored failure states, if it is one."""
    if stage is Stage.INGEST:
        return _INGEST
    return _cause_stated_by(sample.message) if sample else None


# Many models repeat the same message.
@lru_cache(maxsize=4096)
def _cause_stated_by(message: str) -> InternalCause | None:
    text = message.lower()  # ignoring the case in seven patterns takes three times as long
    return next((row for row in INTERNAL_CAUSES if row.pattern and row.pattern.search(text)), None)


def kinds_of_cause(kind: ErrorKind) -> frozenset[ErrorKind]:
    """The kinds that the same cause may show as."""
    return AVAILABILITY if kind in AVAILABILITY else frozenset({kind})


def cause(kind: ErrorKind) -> str:
    """One word for kinds that may come from the same cause."""
    return "availability" if kind in AVAILABILITY else kind.value
