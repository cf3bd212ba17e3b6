"""What lies behind a failure, in words and with its remedy: kinds, connections, causes on our own side."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from healthcheck.activity import Sample, Stage
from healthcheck.taxonomy import ErrorKind
from healthcheck.taxonomy.rules import REQUEST_TYPE

AVAILABILITY = frozenset({ErrorKind.TRANSIENT_PROVIDER, ErrorKind.NETWORK, ErrorKind.TIMEOUT})
"""What an outage looks like from outside; which of them a model meets is chance."""

DOES_NOT_HEAL = frozenset({ErrorKind.AUTH, ErrorKind.BILLING})
"""What lasts until somebody does something about it, and what models do not have of their own."""

OF_THE_PROVIDER = AVAILABILITY | DOES_NOT_HEAL | {ErrorKind.RATE_LIMIT}
"""What models do not have of their own, for the most part."""

MAY_PASS = (15, 30, 60, 120, 240, *[360] * 6, *[15] * 20)
RETRY_PAUSES = {
    **dict.fromkeys((*AVAILABILITY, ErrorKind.RATE_LIMIT), MAY_PASS),
    ErrorKind.BILLING: (360,) * 19,
    ErrorKind.UNKNOWN: (15,),
}
"""By the stored kind, so many minutes the queue waits after each failure in a row; then it gives up."""


Page = Literal["status", "billing", "keys", "console"]
_NETWORK = "Check the network of the benchmark host: DNS, TLS, proxy, firewall, uplink"


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause for people: `words` complete "model: ...", `id` is the same for what one remedy ends.

    `everywhere` replaces the remedy where all providers show it at once, `of_models` where single
    models do. Remedies are templates over the words of `problems`: {who} may be models, {providers}
    is the provider, whichever models show it. `page`: the provider's page that the remedy is done on.
    """

    id: str
    words: str
    remedy: str
    everywhere: str | None = None
    of_models: str | None = None
    page: Page | None = None


KINDS = {
    ErrorKind.AUTH: Cause(
        "auth",
        "access denied",
        "Check the API key or token for {who}: its value, permissions and expiry",
        "Check the credentials of the benchmark service: every provider rejects them",
        "Check the API key and its access to {who}",
        page="keys",
    ),
    ErrorKind.BILLING: Cause(
        "billing",
        "out of credit",
        "Add credit or raise the spending limit at {providers}",
        "Every provider reports a billing error: check our payment method",
        page="billing",
    ),
    ErrorKind.RATE_LIMIT: Cause(
        "rate_limit",
        "rate limited",
        "Lower the request rate to {providers}, or request a higher limit",
        "Every provider is rate-limiting us: slow the scheduler down",
        page="console",
    ),
    ErrorKind.HARD_MODEL: Cause(
        "hard_model", "model not found", "Check the provider's model list for {who}", _NETWORK
    ),
    ErrorKind.HARD_CAPABILITY: Cause(
        "hard_capability",
        "request rejected",
        "Fix our request for {who}; see the error message",
        "Roll back the last request change: every provider rejects it",
    ),
    ErrorKind.TRANSIENT_PROVIDER: Cause(
        "availability",
        "provider unavailable",
        "Check the status page of {providers}",
        _NETWORK,
        page="status",
    ),
    ErrorKind.NETWORK: Cause(
        "availability",
        "connection failed",
        "Check the connection to {providers}: DNS, TLS, address",
        _NETWORK,
        page="status",
    ),
    ErrorKind.TIMEOUT: Cause(
        "availability",
        "timed out",
        "Check that {who} still {respond}; if this lasts, raise the timeout",
        _NETWORK,
        page="status",
    ),
    ErrorKind.UNKNOWN: Cause(
        "unknown",
        "unrecognized error",
        "Read the error message of {who}: its cause was not recognized",
        "Roll back the last change of the benchmark's code: it fails everywhere",
    ),
}


@dataclass(frozen=True, slots=True)
class InternalCause(Cause):
    """One that no provider is to blame for.

    Messages that match `pattern`, in lower case, state it. `unfit`: our request or check does not fit
    the model.
    """

    pattern: str | None = None
    unfit: bool = False


OWN_CALL = InternalCause(
    "own_call",
    "our code fails before the request",
    "Fix our code for {who} (its call, the library's version, the image); see the error message",
    # What our process raised begins a line with its class; an answer that repeats one says that it is one.
    pattern=r"(?m)\A(?![\s\S]*(?:bad ?request|server ?error|provider returned))(?:[\s\S]*\n)?"
    r"(?:failed to \w+ (?:\w+ )?(?:provider|client|adapter|sdk): )?(?:[\w.]+\.)?"
    r"(?:(?:modulenotfound|import|name|unboundlocal|reference|filenotfound)error: |error: cannot find module"
    r"|typeerror: .{1,200}(?:got an unexpected keyword|missing \d+ required [\w-]+) arguments?\b"
    rf"|(?:validationerror: )?\d+ validation errors? for {REQUEST_TYPE}|paramvalidationerror: "
    r"|attributeerror: (?:module '[\w.]+'|'\w*(?:openai|anthropic|client|adapter)\w*' object) has no attribute)",
    unfit=True,
)
_INGEST = InternalCause(
    "ingest",
    "our ingest bridge rejects the results",
    "Check our ingest bridge, its token and its database: results of {who} are being lost",
    pattern=r"failed to post results?|ingest (?:api|bridge|endpoint)",
)
UNSAVED = InternalCause(
    "saving",
    "results could not be saved",
    "Check the database that results are saved in, and the disk of its host",
    pattern=r"bulkwriteerror|writeerror|duplicatekeyerror|e11000|serverselectiontimeouterror|"
    r"notprimaryerror|autoreconnect",
)
INTERNAL_CAUSES = (
    OWN_CALL,
    InternalCause(
        "token_budget",
        "our token budget is too small",
        "Give {who} more tokens (or unpublish {it} instead)",
        pattern=r"token budget was exhausted|budget_exhausted|visible output empty",
        unfit=True,
    ),
    InternalCause(
        "own_check",
        "responses fail our own check",
        "Fix our check of the token counts, or the accounting that feeds it, for {who}",
        of_models="Look at the answers of {who}: report a wrong length to the provider, or fix our check "
        "if the length is right",
        pattern=r"output_tokens \S+ (?:not within|<=|>=|<|>|outside)|tokens? .{0,40}within \d+% of requested",
        unfit=True,
    ),
    InternalCause(
        "adapter",
        "our adapter does not know the model",
        "Add {who} to our adapter",
        pattern=r"unsupported model_?name|no adapter for|unknown model_name",
        unfit=True,
    ),
    InternalCause(
        "lease",
        "our job queue gave up (lease expired)",
        "Check the workers of the benchmark runner: their jobs for {who} are not finished in time",
        pattern=r"\blease (?:has )?expired",
    ),
    _INGEST,
    InternalCause(
        "aws_profile",
        "our AWS profile is missing on the runner",
        "Restore the AWS profile on the host of the {who} runner",
        pattern=r"profilenotfound|config profile .{0,80}could not be found",
    ),
    InternalCause(
        "host",
        "our benchmark host is out of resources",
        "Check the benchmark host: open files, memory, threads, disk; then restart the runner of {who}",
        pattern=r"too many open files|\[errno (?:12|16|23|24|28)\]|no space left on device|"
        r"cannot allocate memory|can't start new thread|\bmemoryerror\b",
    ),
    UNSAVED,
)

BY_RULE: dict[str, Cause] = {
    "spending-limit": replace(
        KINDS[ErrorKind.BILLING],
        words="spending limit reached",
        remedy="Raise the spending limit at {providers}, or wait until it is reset",
    ),
    "unpaid": replace(
        KINDS[ErrorKind.BILLING],
        words="payment problem",
        remedy="Check our billing account at {providers}: payment method, open invoices, limits",
    ),
    "quota-spent": replace(
        KINDS[ErrorKind.RATE_LIMIT],
        words="quota used up",
        remedy="Request a higher quota at {providers}, or wait until it is reset (see the error message)",
    ),
    "permission-denied": Cause(
        "permission",
        "access denied",
        "Check what our key or role may do at {providers}; see the error message",
        KINDS[ErrorKind.AUTH].everywhere,
        "Check the access of our key or role to {who}; see the error message",
    ),
    "not-enabled": Cause(
        "not_enabled",
        "access not granted",
        "Request access, accept the terms or fill out the form in the console of {providers}, "
        "or allow the models there again (project limits); see the error message",
        page="console",
    ),
    "no-route": Cause(
        "no_route",
        "no route (404)",
        "Check the base URL configured for {who}; if it is right, the gateway of {providers} lost a route",
    ),
    "wrong-region": Cause(
        "region",
        "not served in the region that we call",
        "Call {providers} in a region or location that serves our models, such as a global one; see the "
        "error message",
        of_models="Call {who} in a region or location that serves {it}, such as a global one; see the "
        "error message",
    ),
    "wrong-host": Cause(
        "other_host",
        "our key is served by another host or region",
        "Check the base URL and region configured for {who}; the error message may name the host to use",
    ),
    "own-proxy": Cause(
        "own_proxy",
        "denied by our own proxy or firewall",
        "Allow the hosts of {providers} at our proxy or firewall, or renew our login there (407): no request "
        "reached the provider",
        "Check our proxy or firewall (its allowed hosts, our login there): it denies every provider's host",
    ),
    "place-refused": Cause(
        "address",
        "our address or client is refused",
        "Check the address and country that requests to {providers} leave from (proxy, VPN, egress), "
        "our client, and the list of allowed addresses in our account; see the error message",
        "Check the address that the benchmark host's requests leave from: every provider refuses it",
    ),
    "clock-refused": Cause(
        "clock",
        "the time in our requests is refused",
        "Check the clock (NTP) of our host that calls {providers}, then the expiry of the key",
    ),
    "unset-key": Cause(
        "unset_key",
        "our API key is not set",
        "Set the API key of {providers} in /opt/llm-benchmarks/.env on our host: it is not set there",
        "Set the API keys in /opt/llm-benchmarks/.env on our host: none is set there",
    ),
    "unsendable-key": Cause(
        "unsendable_key",
        "our key cannot be sent",
        "Remove the line break or other stray characters from our key for {providers}: no request is sent",
    ),
    "upstream-refused": Cause(
        "upstream",
        "refused by a server behind the provider",
        "Report it to {providers}: the server behind it refuses the provider's key, not ours",
    ),
    "unreadable-answer": Cause(
        "unreadable",
        "empty or unreadable answers",
        "Check the status page of {providers}: its answers are empty or not what its API promises",
        KINDS[ErrorKind.UNKNOWN].everywhere,
        "Read the error message of {who}: the answers are empty or not what the API promises",
        page="status",
    ),
    "not-offered": replace(KINDS[ErrorKind.HARD_MODEL], words="not offered this way"),
    "filtered": Cause(
        "content_policy",
        "blocked by the provider's content policy",
        "Change our prompt for {who}: a content filter blocks the prompt or the answer",
    ),
    "unverified": Cause(
        "unverified",
        "account not verified",
        "Verify our account or organization at {providers}",
    ),
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
    "probably a wrong base URL",
    "Check the base URL and API version configured for {who}; see the error message",
)
BY_RULE["wrong-path"] = BASE_URL
BY_RULE["http-407"] = BY_RULE["own-proxy"]  # no provider answers with it
NOT_ATTEMPTED = InternalCause(
    "not_attempted",
    "not attempted",
    "Check the queue (dead letters, jobs that nobody takes) and the benchmark runner: no attempts are "
    "made at {where}",
)
STORED_AS_PERMANENT = InternalCause(
    "stored_as_permanent",
    "given up after an error that passes",
    "Fix how the benchmark service stores such errors: stored as a permanent kind (see the details), "
    "an error that passes is not retried",
)
NEVER_ATTEMPTED = InternalCause(
    "never_attempted",
    "never attempted",
    "Check that the scheduler and our adapters know {where}: none of its models was ever attempted",
)
OTHER_NAMES = InternalCause(
    "other_names",
    "not attempted under the names of the catalog",
    "Make the names of {where} in the catalog and in the scheduler's queue agree: models that the "
    "catalog does not list are attempted instead",
)

ON_ONE_RUNNER = {
    "aws_profile": "the AWS profile",
    "adapter": "the current adapter",
    ErrorKind.AUTH.value: "a valid API key",
    "unset_key": "the API key",
}
"""What one runner lacks, by cause, where models that another runner runs as well fail in turn.

Not a permission: the same runner may lack it for a region or a route that is taken at times.
"""


def internal_cause_of(sample: Sample | None, stage: Stage) -> InternalCause | None:
    """The cause on our own side of a stored failure, by its message or its stage, if it is one."""
    if stage is Stage.INGEST:
        return _INGEST
    stated = _cause_stated_by(sample.message) if sample else None
    if stated is OWN_CALL and sample and sample.http_status:  # somebody answered
        stated = None
    return stated or (UNSAVED if stage.is_saving else None)


# Many models repeat the same message.
@lru_cache(maxsize=4096)
def _cause_stated_by(message: str) -> InternalCause | None:
    text = message.lower()  # ignoring the case in seven patterns takes three times as long
    return next(
        (row for row in INTERNAL_CAUSES if row.pattern and re.search(row.pattern, text)), None
    )


def kinds_of_cause(kind: ErrorKind) -> frozenset[ErrorKind]:
    """The kinds that the same cause may show as."""
    return AVAILABILITY if kind in AVAILABILITY else frozenset({kind})
