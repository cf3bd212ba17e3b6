"""What to do about each problem, as one imperative sentence."""

from typing import TYPE_CHECKING

from healthcheck.diagnosis.findings import Severity
from healthcheck.diagnosis.titles import providers, usual_interval, who
from healthcheck.diagnosis.wording import listed, request_fix
from healthcheck.taxonomy import ErrorKind

if TYPE_CHECKING:
    from healthcheck.diagnosis.problems import Problem

_BY_KIND = {
    ErrorKind.AUTH: "Check the API key for {who}: its value, permissions and expiry",
    ErrorKind.BILLING: "Add credit or raise the spending limit at {who}",
    ErrorKind.RATE_LIMIT: "Lower the request rate to {who}, or request a higher limit",
    ErrorKind.TRANSIENT_PROVIDER: "Check the status page of {who}",
    ErrorKind.NETWORK: "Check the connection to {who}: DNS, TLS, address",
    ErrorKind.TIMEOUT: "Check that {who} still {responds}; if this lasts, raise the timeout",
    ErrorKind.HARD_MODEL: "Check the provider's model list for {who}",
    ErrorKind.HARD_CAPABILITY: "Fix our request for {who}; see the error message",
    ErrorKind.UNKNOWN: "Read the error message of {who}: its cause was not recognized",
}

_OF_THE_ACCOUNT = frozenset(
    {ErrorKind.BILLING, ErrorKind.RATE_LIMIT, ErrorKind.NETWORK, ErrorKind.TRANSIENT_PROVIDER}
)
"""What concerns the provider as a whole, whichever models show it."""

_NETWORK = "Check the network of the benchmark host: DNS, firewall, uplink"
_EVERYWHERE = {
    ErrorKind.AUTH: "Check the credentials of the benchmark service: every provider rejects them",
    ErrorKind.BILLING: "Every provider reports a billing error: check our payment method",
    ErrorKind.RATE_LIMIT: "Every provider is rate-limiting us: slow the scheduler down",
    ErrorKind.HARD_CAPABILITY: "Roll back the last request change: every provider rejects it",
    ErrorKind.UNKNOWN: "Roll back the last change of the benchmark's code: it fails everywhere",
}


def silent_service(problem: "Problem") -> str | None:
    """None when data comes again, for the first time."""
    if problem.until and problem.severity is Severity.INFO:
        return None
    return (
        "Check the benchmark service on its host: is the scheduler running, is the disk full, "
        "does it reach the database?"
    )


def service(problem: "Problem") -> str | None:
    """Our own network, host, request, credentials or storage."""
    first = problem.findings[0]
    if first.aspect == "saving":
        if first.own_side:
            return _own_side(problem)
        return "Check the database that results are saved in, and the disk of its host."
    if first.kind is None:
        return silent_service(problem)
    return _own_side(problem) or _then_requeue(_EVERYWHERE.get(first.kind, _NETWORK), problem)


def provider(problem: "Problem") -> str | None:
    """One remedy for a provider, or for several at once."""
    first = problem.findings[0]
    if first.own_side:
        return _own_side(problem)
    if first.kind is None:
        if len(problem.providers) > 1:
            return (
                f"Check the benchmark runner that serves {providers(problem)}: it attempts nothing."
            )
        return (
            f"Find out why {problem.providers[0]} is no longer attempted: its runner, its scheduler "
            "entry, or models enabled by mistake."
        )
    names = listed(problem.providers)
    return _then_requeue(_BY_KIND[first.kind].format(who=names, responds="responds"), problem)


def low_volume(_: "Problem") -> str:
    """The scheduler's own."""
    return "Check the scheduler and its queue on the benchmark host: models wait too long."


def disabled_attempted(problem: "Problem") -> str:
    """Stop what nobody reads."""
    return f"Remove the queued jobs of {who(problem)} from the scheduler's queue."


def deprecated(problem: "Problem") -> str:
    """Switch off what is gone."""
    successors = sorted({f.successor for f in problem.findings if f.successor})
    follow = f", and add {_its(problem)} {_successor(successors)}" if successors else ""
    name = who(problem) if _one(problem) else listed([m.model for m in problem.models])
    return f"In the catalog, disable {name}{follow}."


def code_fix(problem: "Problem") -> str | None:
    """Change our request, our check or our profile."""
    first = problem.findings[0]
    if first.own_side:
        return _own_side(problem)
    return _then_requeue(request_fix(first.complaint, who(problem)), problem)


def failing(problem: "Problem") -> str | None:
    """By what it fails with."""
    first = problem.findings[0]
    if first.own_side:
        return _own_side(problem)
    kind = first.kind or ErrorKind.UNKNOWN
    name = listed(problem.providers) if kind in _OF_THE_ACCOUNT else who(problem)
    told = _BY_KIND[kind].format(who=name, responds="responds" if _one(problem) else "respond")
    if kind is ErrorKind.AUTH:
        keys = f"API key for {name} and its access to this model"
        if not _one(problem):
            keys = f"API keys of {listed(problem.providers)} and their access to these models"
        told = f"Check the {keys}"
    return _then_requeue(told, problem)


def not_attempted(problem: "Problem") -> str:
    """The scheduler's."""
    others = usual_interval(problem)
    return f"Check why the scheduler skips {who(problem)}" + (f"; {others}." if others else ".")


def catalog_change(problem: "Problem") -> str | None:
    """Only where it looks unwanted."""
    if problem.findings[0].aspect != "disabled" or problem.severity is Severity.INFO:
        return None
    return f"Check that {who(problem)} should be disabled, and enable again what should run."


def retiring(problem: "Problem") -> str:
    """Ahead of the date."""
    successors = sorted({f.successor for f in problem.findings if f.successor})
    instead = f" and add {_successor(successors)}" if successors else ""
    return f"Plan to disable {who(problem)}{instead}."


def implausible(problem: "Problem") -> str:
    """Numbers are read by people."""
    if problem.findings[0].aspect == "shifted_clock":
        return "Set the clock of that runner to UTC."
    return f"Check the measurement of {who(problem)}: take out what cannot be true."


def review(problem: "Problem") -> str:
    """Tidy up."""
    return {
        "probing": f"Decide on {who(problem)}: promote or reject.",
        "disabled_long": f"Enable {who(problem)} again, or reject for good.",
    }.get(problem.findings[0].aspect or "", f"Keep one spelling of {who(problem)} enabled.")


def _own_side(problem: "Problem") -> str | None:
    own = problem.findings[0].own_side
    if own is None:
        return None
    name = listed(problem.providers) if problem.is_wide else who(problem)
    it = "it" if _one(problem) else "them"
    return _then_requeue(own.remedy.format(who=name, it=it), problem)


def _then_requeue(told: str, problem: "Problem") -> str:
    """What the queue has given up stays given up, whatever is fixed."""
    if not any(finding.given_up for finding in problem.findings):
        passes = problem.findings[0].kind is ErrorKind.TRANSIENT_PROVIDER
        return f"{told}; no action on our side." if passes else f"{told}."
    it = "it" if _one(problem) and not problem.is_wide else "its models"
    if len(problem.models) > 1 and not problem.is_wide:
        it = "them"
    return f"{told}; then requeue {it}."


def _one(problem: "Problem") -> bool:
    return len(problem.models) == 1


def _its(problem: "Problem") -> str:
    return "its" if _one(problem) else "their"


def _successor(names: list[str]) -> str:
    return f"successor {names[0]}" if len(names) == 1 else f"successors {listed(names)}"
