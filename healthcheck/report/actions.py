"""What to do about each finding, as one imperative sentence."""

from collections.abc import Callable, Iterable

from healthcheck.diagnosis import Category, Finding, Severity
from healthcheck.report.contract import ActionPart
from healthcheck.report.door import shown
from healthcheck.report.mongosh import Catalogue, disable, list_enabled
from healthcheck.taxonomy import ErrorKind

_BY_KIND = {
    ErrorKind.AUTH: "Check the credentials of {who}: the key, its permissions, its expiry.",
    ErrorKind.BILLING: "Add credit or raise the spending limit of {who} in its console.",
    ErrorKind.RATE_LIMIT: "Try {who} less often, or ask the provider for a higher limit.",
    ErrorKind.TRANSIENT_PROVIDER: "Look at the provider's status page for {who}, and wait; "
    "ask its support if it lasts.",
    ErrorKind.NETWORK: "Check the connection to {who}: name resolution, TLS, address.",
    ErrorKind.TIMEOUT: "Check whether {who} still answers at all; raise the time-out or disable it "
    "if it lasts.",
    ErrorKind.HARD_MODEL: "Look {who} up in the provider's list of models; disable it if it is "
    "gone.",
    ErrorKind.HARD_CAPABILITY: "Read the newest message of {who} and change the request.",
    ErrorKind.UNKNOWN: "Read the newest message of {who}: no rule could tell what it means.",
}


def actions(findings: Iterable[Finding], catalogue: Catalogue) -> list[ActionPart]:
    """One action a finding that needs a human, in the order of the findings."""
    return [
        ActionPart(
            finding=finding.id,
            severity=finding.severity,
            action=shown(_ACTIONS[finding.category](finding)),
            reason=shown(finding.evidence),
            command=_command(finding, catalogue),
        )
        for finding in findings
        if finding.severity is not Severity.INFO
    ]


def _command(finding: Finding, catalogue: Catalogue) -> str | None:
    if finding.category is Category.DEPRECATED_MODEL and finding.models:
        return disable(catalogue, finding.models[0], "not served any more")
    if finding.category is Category.SILENT_MODEL and finding.provider:
        return list_enabled(catalogue, finding.provider)
    if finding.category is Category.PROVIDER_ISSUE and finding.kind is None and finding.provider:
        return list_enabled(catalogue, finding.provider)
    return None


def _who(finding: Finding) -> str:
    return " ".join(name for name in (finding.provider, finding.model) if name)


def _silent_service(_: Finding) -> str:
    return (
        "Check the benchmark service on its host: is the scheduler running, is the disk full, "
        "does it reach the database?"
    )


def _service(finding: Finding) -> str:
    if finding.aspect:
        return "Check the database that results are stored in, and the disk of its host."
    return {
        ErrorKind.AUTH: "Check that the benchmark service still has its credentials: all "
        "providers refuse them at once.",
        ErrorKind.BILLING: "Check the payment of all providers: all refuse at once.",
        ErrorKind.RATE_LIMIT: "Slow the scheduler down: all providers limit it at once.",
        ErrorKind.HARD_CAPABILITY: "Undo the last change to the benchmark's requests: they fit "
        "no provider any more.",
        ErrorKind.UNKNOWN: "Undo the last change to the benchmark's code: it fails at all "
        "providers at once.",
    }.get(
        finding.kind or ErrorKind.NETWORK,
        "Check the network of the benchmark host: name resolution, firewall, uplink.",
    )


def _provider(finding: Finding) -> str:
    if finding.kind is None:
        return (
            f"Find out why {finding.provider} is no longer attempted: its runner, its scheduler "
            "entry, or models enabled by mistake."
        )
    if finding.kind is ErrorKind.HARD_MODEL:
        return f"Check the base URL and API version configured for {finding.provider}."
    return _BY_KIND[finding.kind].format(who=finding.provider)


def _deprecated(finding: Finding) -> str:
    follow = f", and add its successor {finding.successor}" if finding.successor else ""
    return f"Disable {_who(finding)} in the catalogue{follow}."


def _code_fix(finding: Finding) -> str:
    about = (
        f"the provider complains about {finding.complaint}"
        if finding.complaint
        else "read its newest message"
    )
    return f"Change the benchmark's request for {_who(finding)}: {about}."


def _failing(finding: Finding) -> str:
    if finding.kind is ErrorKind.AUTH:
        return (
            f"Check the key that {_who(finding)} is called with, and that it may use this model; "
            "disable the model if it may not."
        )
    return _BY_KIND[finding.kind or ErrorKind.UNKNOWN].format(who=_who(finding))


def _silent_model(finding: Finding) -> str:
    return (
        f"Find out why the scheduler no longer tries {_who(finding)}, or disable it in the "
        "catalogue."
    )


_ACTIONS: dict[Category, Callable[[Finding], str]] = {
    Category.SILENT_SERVICE: _silent_service,
    Category.SERVICE_ISSUE: _service,
    Category.PROVIDER_ISSUE: _provider,
    Category.DEPRECATED_MODEL: _deprecated,
    Category.CODE_FIX: _code_fix,
    Category.FAILING_MODEL: _failing,
    Category.DEGRADED_MODEL: _failing,
    Category.SILENT_MODEL: _silent_model,
}
