"""What lies behind a failure, in words and with its remedy: kinds, connections, causes on our own side."""

import re
from dataclasses import dataclass
from functools import lru_cache

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


_NETWORK = "Check the network of the benchmark host: DNS, TLS, proxy, firewall, uplink"


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause for people: `words` complete "model: ...", `id` is the same for what one remedy ends.

    `everywhere` replaces the remedy where all providers show it at once, `of_models` where single
    models do; `ours` is what it means then. Remedies are templates over the words of `problems`:
    {who} may be models, {providers} is the provider, whichever models show it.
    """

    id: str
    words: str
    remedy: str
    everywhere: str | None = None
    of_models: str | None = None
    ours: str = "our own network or host"


KINDS = {
    ErrorKind.AUTH: Cause(
        "auth",
        "access denied",
        "Check the API key for {who}: its value, permissions and expiry",
        "Check the credentials of the benchmark service: every provider rejects them",
        "Check the API key and its access to {who}",
        "our own credentials",
    ),
    ErrorKind.BILLING: Cause(
        "billing",
        "out of credit",
        "Add credit or raise the spending limit at {providers}",
        "Every provider reports a billing error: check our payment method",
        ours="our own payment",
    ),
    ErrorKind.RATE_LIMIT: Cause(
        "rate_limit",
        "rate limited",
        "Lower the request rate to {providers}, or request a higher limit",
        "Every provider is rate-limiting us: slow the scheduler down",
        ours="our own pace",
    ),
    ErrorKind.HARD_MODEL: Cause(
        "hard_model",
        "model not found",
        "Check the provider's model list for {who}",
        _NETWORK,
        ours="our own catalog",
    ),
    ErrorKind.HARD_CAPABILITY: Cause(
        "hard_capability",
        "request rejected",
        "Fix our request for {who}; see the error message",
        "Roll back the last request change: every provider rejects it",
        ours="our own request",
    ),
    ErrorKind.TRANSIENT_PROVIDER: Cause(
        "availability", "provider unavailable", "Check the status page of {providers}", _NETWORK
    ),
    ErrorKind.NETWORK: Cause(
        "availability",
        "connection failed",
        "Check the connection to {providers}: DNS, TLS, address",
        _NETWORK,
    ),
    ErrorKind.TIMEOUT: Cause(
        "availability",
        "timed out",
        "Check that {who} still {respond}; if this lasts, raise the timeout",
        _NETWORK,
    ),
    ErrorKind.UNKNOWN: Cause(
        "unknown",
        "unrecognized error",
        "Read the error message of {who}: its cause was not recognized",
        "Roll back the last change of the benchmark's code: it fails everywhere",
        ours="our own code",
    ),
}


@dataclass(frozen=True, slots=True)
class InternalCause(Cause):
    """One that no provider is to blame for.

    Messages that match `pattern`, in lower case, state it. `unfit`: our request or check does not fit
    the model.
    """

    pattern: re.Pattern[str] | None = None
    unfit: bool = False


def _stated(
    id_: str, words: str, pattern: str, remedy: str, *, unfit: bool = False
) -> InternalCause:
    return InternalCause(id_, words, remedy, pattern=re.compile(pattern), unfit=unfit)


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

BY_RULE: dict[str, Cause] = {
    "account-blocked": InternalCause(
        "account_blocked",
        "our account is blocked",
        "Read what {providers} wrote to the owner of our account, and contact its support",
    ),
    "dns": Cause(
        "availability",
        "DNS lookup failed",
        "Check that the benchmark host resolves the name of {providers}: its DNS server, the address",
        "Check the network of the benchmark host: its DNS server resolves no provider's name",
    ),
    "tls": Cause(
        "availability",
        "TLS certificate or handshake error",
        "Check the TLS certificate of {providers} and of any proxy on the way (expiry, issuer), "
        "and the CA bundle and clock of the benchmark host",
        "Check the TLS certificate of the proxy (expiry, issuer), and the CA bundle and clock of the "
        "benchmark host",
    ),
    "connection-lost": Cause(
        "availability",
        "connection refused or lost",
        "Check the address and port of {providers}, the firewall, and any proxy on the way",
        "Check the network of the benchmark host (proxy, firewall, uplink): connections are refused or lost",
    ),
}
"""What says more than its kind, by the rule that recognized the message."""

# What no message states: it is concluded, in part from what all models show together.
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
    return KINDS[kind].id
