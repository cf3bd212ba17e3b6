"""What the data says of a finding, a pattern or the day: the ground that prose must stand on."""

from healthcheck.assessment.prose import Ground, ground
from healthcheck.report.contract import FindingPart, PatternPart, Report


def of_day(report: Report) -> Ground:
    """The totals, and the codes that HTTP answered with; no names."""
    totals = report.totals
    statuses = (part.http_status for part in report.patterns)
    counts = (totals.attempts, totals.errors, totals.successes, totals.not_stored)
    return ground((), (report.summary,), (*counts, *statuses, *report.errors_by_kind.values()))


def of_finding(part: FindingPart) -> Ground:
    """Its names, its numbers, and the words of its evidence; its message is a stranger's."""
    names = {part.provider, part.model}
    for each in part.models:
        names |= {each.provider, each.model}
    kind = part.kind.value if part.kind else ""
    counts = (part.count, part.attempts, len(part.models))
    return ground(names, (part.evidence, kind), counts)


def of_pattern(part: PatternPart) -> Ground:
    """Its provider, the models that met it, and how often."""
    return ground({part.provider, *part.models}, (), (part.count, part.http_status))
