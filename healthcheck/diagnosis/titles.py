"""One line for each problem: who, what, how many."""

from typing import TYPE_CHECKING

from healthcheck.diagnosis.findings import Severity
from healthcheck.diagnosis.wording import how_long, in_words, listed, rejected, several, when
from healthcheck.taxonomy import ErrorKind

if TYPE_CHECKING:
    from healthcheck.diagnosis.problems import Problem


def who(problem: "Problem") -> str:
    """The model, or how many of which providers."""
    if len(problem.models) == 1:
        return " ".join(problem.models[0])
    models = several(len(problem.models), "model")
    if len(problem.providers) == 1:
        return f"{models} of {problem.providers[0]}"
    return f"{models} of {len(problem.providers)} providers"


def providers(problem: "Problem") -> str:
    """The providers that it hits, or all but those that it does not."""
    hit, every = problem.providers, problem.service.providers
    others = [name for name in every if name not in hit]
    if len(hit) > 2 and len(others) == 1:  # noqa: PLR2004 - "all but one" is shorter than three names
        return f"{len(hit)} of {len(every)} providers (all except {others[0]})"
    if len(hit) > 3:  # noqa: PLR2004 - three names can be read at a glance
        return f"{len(hit)} of {len(every)} providers ({listed(hit)})"
    return ", ".join(hit)


def silent_service(problem: "Problem") -> str:
    """No data at all."""
    since, until = problem.since, problem.until
    if until and since:
        return f"no data from {when(since)} to {when(until)}"
    return f"no data received since {when(since)}" if since else "no data received"


def service(problem: "Problem") -> str:
    """The same everywhere."""
    first = problem.findings[0]
    if first.aspect == "saving":
        where = f" of {problem.providers[0]}" if len(problem.providers) == 1 else ""
        return f"results{where} could not be saved"
    if first.aspect in ("total_loss", "not_attempted") and not first.over:
        return f"nothing succeeds at any provider: {_words(problem)}"
    return f"{_words(problem)} at nearly all providers"


def provider(problem: "Problem") -> str:
    """One cause at a provider, or at several at once."""
    models = several(len(problem.models), "model")
    enabled = sum(problem.service.enabled.get(name, 0) for name in problem.providers)
    share = f"all {models}" if enabled == len(problem.models) > 1 else models
    end = ", no requests succeed" if problem.severity is Severity.CRITICAL else ""
    if problem.until and problem.since:
        end = f" ({when(problem.since)} to {problem.until:%H:%M})"
    return f"{providers(problem)}: {_words(problem)}, {share}{end}"


def low_volume(problem: "Problem") -> str:
    """Too few attempts."""
    return f"far fewer attempts than usual on {several(len(problem.models), 'model')}"


def disabled_attempted(problem: "Problem") -> str:
    """Work for nothing."""
    one = len(problem.models) == 1
    return f"{who(problem)} {'is' if one else 'are'} disabled and still attempted"


def deprecated(problem: "Problem") -> str:
    """Gone at the provider."""
    never = all(finding.last_success is None for finding in problem.findings)
    refused = ", refused since added" if never and len(problem.models) > 1 else ""
    return f"{who(problem)}: likely deprecated{refused}"


def code_fix(problem: "Problem") -> str:
    """Ours to fix."""
    return f"{who(problem)}: {_words(problem)}"


def failing(problem: "Problem") -> str:
    """Fails, always or often."""
    state = "fails" if problem.category.value == "failing_model" else "fails more often than usual"
    state = state if len(problem.models) == 1 else state.replace("fails", "fail", 1)
    return f"{who(problem)} {state}: {_words(problem)}"


def not_attempted(problem: "Problem") -> str:
    """Passed over by the scheduler."""
    if len(problem.models) == 1 or len(problem.providers) != 1:
        return f"{who(problem)}: not attempted"
    name = problem.providers[0]
    enabled = problem.service.enabled.get(name, len(problem.models))
    return f"{len(problem.models)} of {enabled} {name} models are not attempted"


def catalog_change(problem: "Problem") -> str:
    """Disabled or added."""
    models = several(len(problem.models), "model")
    return f"{models} disabled" if problem.findings[0].aspect == "disabled" else f"{models} added"


def retiring(problem: "Problem") -> str:
    """A date ahead, or behind."""
    if problem.findings[0].aspect == "past_date":
        return f"{who(problem)}: past the end date, still working"
    return f"{who(problem)}: retiring soon"


def implausible(problem: "Problem") -> str:
    """Numbers that nobody should publish."""
    if problem.findings[0].aspect == "shifted_clock":
        return "stored times lie whole hours off"
    return f"results that cannot be true, {several(len(problem.models), 'model')}"


def review(problem: "Problem") -> str:
    """Left behind in the catalog."""
    models = several(len(problem.models), "model")
    return {
        "probing": f"{models} probing for more than 4 days",
        "disabled_long": f"{models} disabled for billing or access for more than 7 days",
    }.get(problem.findings[0].aspect or "", f"{models} enabled under two spellings")


def usual_interval(problem: "Problem") -> str:
    """How often the others of its provider run, where that is known."""
    if len(problem.providers) != 1:
        return ""
    name = problem.providers[0]
    others = problem.service.enabled.get(name, 0) - problem.service.not_attempted.get(name, 0)
    interval = problem.service.intervals.get(name)
    return f"the other {others} run every {how_long(interval)}" if others > 0 and interval else ""


def _words(problem: "Problem") -> str:
    first = problem.findings[0]
    if first.own_side:
        return first.own_side.cause.words
    if first.complaint:
        return f"{in_words(ErrorKind.HARD_CAPABILITY)} ({rejected(first.complaint)})"
    if first.aspect == "not_attempted" or first.kind is None:
        return "not attempted"
    return in_words(first.kind)
