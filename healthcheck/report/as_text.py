"""The report as plain text, 78 columns wide."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from healthcheck.diagnosis import Category, Severity, State
from healthcheck.report.contract import FindingPart, Report
from healthcheck.taxonomy import ErrorKind

WIDTH = 78
_MOST_FINDINGS = 20
_MOST_ACTIONS = 15
_MOST_MODELS = 10
_MOST_UNKNOWN = 5
_MESSAGE_CHARACTERS = 220

_SECTIONS = {
    "Service": (Category.SILENT_SERVICE, Category.SERVICE_ISSUE),
    "Models likely deprecated": (Category.DEPRECATED_MODEL,),
    "Code fixes needed": (Category.CODE_FIX,),
    "Provider-wide issues": (Category.PROVIDER_ISSUE,),
    "Failing models": (Category.FAILING_MODEL,),
    "Degraded models": (Category.DEGRADED_MODEL,),
    "Silent models": (Category.SILENT_MODEL,),
}


def render_text(report: Report) -> str:
    """The whole report; a list that is cut says how many more there are."""
    blocks = [
        _head(report),
        *(_section(title, report.findings, cats) for title, cats in _SECTIONS.items()),
        _actions(report),
        _resolved(report.resolved),
        _errors_by_kind(report),
        _providers(report),
        _models(report),
        _unknown(report),
        _notes(report),
    ]
    return "\n\n".join("\n".join(block) for block in map(list, blocks) if block) + "\n"


def _head(report: Report) -> Iterator[str]:
    title = f"LLM Benchmarks Daily Health - {report.window.until:%Y-%m-%d}"
    yield f"{title:<{WIDTH - 12}}{'[' + report.status.upper() + ']':>12}"
    yield "=" * WIDTH
    yield from _wrapped(report.reason)
    yield ""
    yield from _wrapped(report.summary)
    yield from _wrapped(
        f"Window: {_moment(report.window.since)} to {_moment(report.window.until)}."
    )


def _section(
    title: str, findings: Iterable[FindingPart], categories: Sequence[Category]
) -> Iterator[str]:
    chosen = [finding for finding in findings if finding.category in categories]
    if not chosen:
        return
    chosen.sort(key=lambda finding: (finding.state is State.ONGOING, finding.severity.rank))
    yield from _title(f"{title} ({len(chosen)})")
    for finding in chosen[:_MOST_FINDINGS]:
        yield from _finding(finding)
    yield from _more(len(chosen) - _MOST_FINDINGS)


def _finding(finding: FindingPart) -> Iterator[str]:
    mark = {Severity.CRITICAL: "!!", Severity.WARNING: "! ", Severity.INFO: "  "}[finding.severity]
    about = f"{finding.severity}, {finding.state}"
    yield from _wrapped(f"{_name(finding)}  [{about}]", first=f"{mark} ", rest="     ")
    yield from _wrapped(finding.evidence, first="     ", rest="     ")
    if finding.message:
        message = finding.message
        if len(message) > _MESSAGE_CHARACTERS:
            message = message[: _MESSAGE_CHARACTERS - 1] + "…"
        yield from _wrapped(f"> {message}", first="     ", rest="       ")


def _actions(report: Report) -> Iterator[str]:
    if not report.recommended_actions:
        return
    yield from _title("Recommended actions")
    for number, part in enumerate(report.recommended_actions[:_MOST_ACTIONS], start=1):
        yield from _wrapped(part.action, first=f"{number:>2}. ", rest="    ")
    yield from _more(len(report.recommended_actions) - _MOST_ACTIONS)


def _resolved(resolved: Sequence[FindingPart]) -> Iterator[str]:
    if not resolved:
        return
    yield from _title(f"Resolved since the window before ({len(resolved)})")
    for finding in resolved[:_MOST_FINDINGS]:
        well = f", well since {_moment(finding.until)}" if finding.until else ""
        what = finding.category.replace("_", " ")
        yield from _wrapped(f"{_name(finding)}: {what}{well}", first=" - ", rest="   ")
    yield from _more(len(resolved) - _MOST_FINDINGS)


def _errors_by_kind(report: Report) -> Iterator[str]:
    counts = [(kind, count) for kind, count in report.errors_by_kind.items() if count]
    if not counts:
        return
    yield from _title("Errors by kind")
    for kind, count in sorted(counts, key=lambda item: (-item[1], item[0])):
        yield f"  {kind:<20}{count:>9}"


def _providers(report: Report) -> Iterator[str]:
    if not report.providers:
        return
    yield from _title("Providers")
    yield f"  {'provider':<24}{'models':>8}{'attempts':>10}{'errors':>9}{'rate':>9}"
    for part in report.providers:
        share = f"{100 * part.errors / part.attempts:.1f} %" if part.attempts else "-"
        name = _cut(part.provider, 23)
        yield f"  {name:<24}{part.models:>8}{part.attempts:>10}{part.errors:>9}{share:>9}"


def _models(report: Report) -> Iterator[str]:
    failing = [part for part in report.models if part.errors]
    if not failing:
        return
    yield from _title("Most failing models")
    for part in failing[:_MOST_MODELS]:
        kinds = ", ".join(
            f"{kind} {count}"
            for kind, count in sorted(part.errors_by_kind.items(), key=lambda item: -item[1])
        )
        name = f"{part.provider} {part.model}"
        yield from _wrapped(
            f"{name}: {part.errors} of {part.attempts} ({kinds})", first="  ", rest="    "
        )
    yield from _more(len(failing) - _MOST_MODELS)


def _unknown(report: Report) -> Iterator[str]:
    unknown = [part for part in report.patterns if part.kind is ErrorKind.UNKNOWN]
    if not unknown:
        return
    yield from _title("Messages that no rule knows")
    for part in unknown[:_MOST_UNKNOWN]:
        yield from _wrapped(
            f"{part.count} x {part.provider}: {_cut(part.sample, _MESSAGE_CHARACTERS)}",
            first="  ",
            rest="    ",
        )
    yield from _more(len(unknown) - _MOST_UNKNOWN)


def _notes(report: Report) -> Iterator[str]:
    yield from _title("Notes")
    for note in report.notes:
        yield from _wrapped(note, first=" - ", rest="   ")
    yield f" - Made by llm-health-check {report.version}."


def _title(title: str) -> Iterator[str]:
    yield title.upper()
    yield "-" * len(title)


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield f"  ... and {count} more"


def _name(finding: FindingPart) -> str:
    name = " ".join(part for part in (finding.provider, finding.model) if part)
    kind = f": {finding.kind}" if finding.kind else ""
    return f"{name or 'benchmark service'}{kind}"


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
