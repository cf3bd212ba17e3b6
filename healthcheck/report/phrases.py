"""How the mail names findings, shares and moments."""

from datetime import datetime, timedelta

from healthcheck.diagnosis import CATEGORIES, Category, Severity
from healthcheck.diagnosis.wording import when
from healthcheck.report.contract import FindingPart, ProblemPart, Report

_NAME = 120
_SILENT = "silent"


def cut(text: str, most: int) -> str:
    """At most so many characters, the last of them telling that there were more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def cut_name(*parts: str | None) -> str:
    """A name of one or two parts; a long one keeps its beginning."""
    return cut(" ".join(part for part in parts if part), _NAME)


def name(finding: FindingPart) -> str:
    """Who and what, in the form of `openai: billing`."""
    who = cut_name(finding.provider, finding.model) or "benchmark service"
    aspect = finding.aspect if finding.aspect == "saving" else None
    return f"{who}: {aspect or finding.kind or _SILENT}"


def what(finding: FindingPart) -> str:
    """What it is, in a word or two."""
    if finding.category is Category.PROVIDER_ISSUE and finding.kind is None:
        return CATEGORIES[Category.SILENT_MODEL].word
    return CATEGORIES[finding.category].word


def count(finding: FindingPart) -> str:
    """How often, where it is about failures."""
    if not finding.count:
        return ""
    where = "in the window" if finding.until is None else "at the time"
    return f"{finding.count} of {finding.attempts} attempts failed {where}"


def listed(*parts: str) -> str:
    """Those of them that say something, as an enumeration."""
    return ", ".join(filter(None, parts))


def since(finding: FindingPart | ProblemPart) -> str:
    """Since when, to the minute."""
    return f"since {when(finding.since)}" if finding.since else ""


def since_day(finding: FindingPart) -> str:
    """Since which day."""
    return f"since {finding.since:%Y-%m-%d}" if finding.since else ""


def last_success(finding: FindingPart) -> str:
    """When a model succeeded last, where that is known."""
    return f"last success {when(finding.last_success)}" if finding.last_success else ""


def well_since(finding: FindingPart) -> str:
    """When a finding that is resolved was over."""
    return f"well since {when(finding.until)}" if finding.until else ""


def share(errors: int, attempts: int) -> str:
    """A percentage."""
    return f"{100 * errors / attempts:.1f} %" if attempts else "-"


def headline(report: Report) -> str:
    """The story of the day in a line."""
    pressing = [part for part in report.findings if part.severity is not Severity.INFO]
    # The reason counts likewise: what the AI alone says is a headline where nothing else is.
    pressing = [part for part in pressing if "rules" in part.sources] or pressing
    if pressing:
        more = f" (+{len(pressing) - 1} more)" if len(pressing) > 1 else ""
        return name(pressing[0]) + more
    totals = report.totals
    return f"nothing needs attention, {totals.successes} of {totals.attempts} attempts succeeded"


def span(length: timedelta) -> str:
    """A length of time, in hours from one on."""
    hours = length / timedelta(hours=1)
    return f"{hours:.3g} h" if hours >= 1 else f"{60 * hours:.3g} min"


def moment(at: datetime) -> str:
    """A moment, without the zone that its surroundings tell."""
    return f"{at:%Y-%m-%d %H:%M}"
