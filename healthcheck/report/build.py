"""From an activity and its diagnosis to the report."""

from collections.abc import Iterable
from dataclasses import replace

from healthcheck import __version__
from healthcheck.activity import Activity, ModelKey
from healthcheck.diagnosis import Category, Finding, Severity, Timelines
from healthcheck.diagnosis.wording import listed, several, when
from healthcheck.known_issues import Muting
from healthcheck.report import contract, mongosh
from healthcheck.report.actions import action_part
from healthcheck.report.context import Context
from healthcheck.report.counts import Counts
from healthcheck.report.headlines import Headlines
from healthcheck.report.sanitize import sanitized_message


def build(
    activity: Activity, lines: Timelines, muting: Muting, context: Context
) -> contract.Report:
    """All that a report says, redacted and printable; rendering adds nothing to it."""
    diagnosis = muting.diagnosis
    covered = diagnosis.coverage
    counts = Counts(activity, lines, diagnosis.published)
    patterns, not_listed = counts.patterns()
    is_whole = activity.reaches_back_to is not None  # the manifest of a snapshot says so

    def disable(models: Iterable[ModelKey]) -> str | None:
        # Where nothing succeeds, it is not these models; without a catalog, there is nothing to change.
        if not counts.shown.successes or activity.catalog is None:
            return None
        names = [name for key in models for name in activity.spellings.get(key, (key,))]
        return mongosh.disable(context.database, context.collection, names)

    # As in the mail: what needs somebody by its heading, the one of the most urgent first.
    actionable = [p for p in diagnosis.problems if p.severity is not Severity.INFO]
    sections = list(dict.fromkeys(p.section for p in actionable))
    actionable.sort(key=lambda p: sections.index(p.section))
    problems = (*actionable, *diagnosis.problems[len(actionable) :])
    totals = counts.totals()
    gone = [p for p in problems if p.category is Category.DEPRECATED_MODEL]
    deprecated = [problem for problem in gone if not problem.may_lack_access]
    absent = [p for p in problems if p.findings[0].aspect == "never_worked"]
    commands = {problem.id: disable(problem.models) for problem in (*deprecated, *absent)}
    report = contract.Report(
        version=__version__,
        window=contract.WindowPart.of(activity.current.window),
        snapshot=contract.SnapshotPart.of(context, folder=context.snapshot, whole=is_whole)
        if context.snapshot
        else None,
        status=diagnosis.status,
        reason=_reason(muting),
        summary="",
        compared=diagnosis.compared,
        totals=totals,
        errors_by_kind=counts.errors_by_kind(),
        errors_by_cause=counts.errors_by_cause(),
        providers=counts.providers(covered.providers),
        models=counts.models(),
        patterns=patterns,
        patterns_not_listed=not_listed,
        coverage=contract.CoveragePart.of(
            covered.total,
            providers=[
                contract.ProviderCoverage.of(share, provider=name)
                for name, share in covered.providers.items()
            ],
        ),
        problems=[
            contract.ProblemPart.of(
                problem,
                findings=[each.id for each in problem.findings],
                models=_names(problem.models),
            )
            for problem in problems
        ],
        findings=[_finding_part(finding) for finding in diagnosis.findings],
        resolved=[_finding_part(finding) for finding in diagnosis.resolved],
        muted=[
            contract.MutedPart(finding=_finding_part(finding), mute=contract.MutePart.of(mute))
            for finding, mute in muting.muted
        ],
        analysis=contract.Analysis(
            source="rules", model=None, status=diagnosis.status, summary=None
        ),
        recommended_actions=[
            action_part(problem, context, commands.get(problem.id))
            for problem in actionable
            if problem.action
        ],
        disable_command=disable(key for problem in deprecated for key in problem.models),
        command=context.command,
        notes=[*_notes(totals, activity, counts, muting), *context.known_issues],
    )
    summary = Headlines(report).summary()
    return replace(report, summary=summary, analysis=replace(report.analysis, summary=summary))


def _finding_part(finding: Finding) -> contract.FindingPart:
    return contract.FindingPart.of(
        finding,
        message=finding.message
        and sanitized_message(finding.message, cut=finding.message_cut, kind=finding.kind),
        models=_names(finding.models),
        given_up=_names(finding.given_up),
    )


def _names(models: Iterable[ModelKey]) -> list[contract.ModelName]:
    return [*map(contract.ModelName.of, models)]


def _reason(muting: Muting) -> str:
    """That of the diagnosis, which does not know what is muted."""
    hidden = [finding for finding, _ in muting.muted if finding.severity is not Severity.INFO]
    told = f" {several(len(hidden), 'finding')} muted." if hidden else ""
    return f"{muting.diagnosis.reason}{told}"


def _notes(
    totals: contract.Totals, activity: Activity, counts: Counts, muting: Muting
) -> list[str]:
    """What was left out, cut, estimated, or is not known; which mutes are of no use."""
    compared, without = muting.diagnosis.compared, totals.unpublished
    left_out = several(without.pairs, "model")
    attempts = several(without.errors + without.successes, "attempt")
    estimated = sum(line.estimated for line in counts.lines.current.values())
    models = several(estimated, "model")
    variants = sum(len(names) > 1 for names in activity.spellings.values())
    malformed = totals.malformed
    no_catalog, no_index = activity.catalog is None, activity.last_success is None
    in_words = [
        " ".join(key) for key, its in (activity.catalog or {}).items() if its.flags_are_text
    ]
    texts, since = listed(in_words), counts.failures_since and when(counts.failures_since)
    notes = (
        (without.pairs, f"Not counted: {left_out} not published in the catalog ({attempts})."),
        (estimated, f"For {models}, error kinds are estimated from a sample; totals are exact."),
        (variants, f"{several(variants, 'model')} with several spellings; each is counted once."),
        (not compared, "No data from before this window, so nothing is compared with it."),
        (no_catalog, "No readable model catalog; expecting the models seen yesterday."),
        (
            texts,
            f"Flags stored as text in the catalog, so that no query for true finds them: {texts}.",
        ),
        (no_index, "Older successes not searched: no supporting index."),
        (compared and not activity.baseline, "No older data: comparisons may be partial."),
        (malformed, f"{several(malformed, 'malformed document')} (skipped or repaired)."),
        (since, f"No failure is stored from before {since}: earlier rates are not known."),
    )
    return [
        *(note for applies, note in notes if applies),
        *(f"Mute for {m} expired on {m.until}: renew or remove it." for m in muting.expired),
        *(f"Mute for {mute} matches nothing." for mute in muting.unused),
    ]
