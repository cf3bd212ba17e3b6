"""From an activity and its diagnosis to the report."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace

from healthcheck import __version__
from healthcheck.activity import Activity, ModelKey
from healthcheck.diagnosis import (
    CATEGORIES,
    Category,
    Diagnosis,
    Finding,
    Severity,
    Timelines,
)
from healthcheck.diagnosis.wording import several
from healthcheck.known_issues import Muting
from healthcheck.report import counts, mongosh
from healthcheck.report.actions import Context, action_part
from healthcheck.report.contract import (
    Analysis,
    CoveragePart,
    FindingPart,
    MutedPart,
    MutePart,
    ProblemPart,
    ProviderCoverage,
    Report,
    WindowPart,
)
from healthcheck.report.patterns import patterns
from healthcheck.report.sanitize import sanitized_message


def build(activity: Activity, lines: Timelines, muting: Muting, context: Context) -> Report:
    """All that a report says, redacted and printable; rendering adds nothing to it."""
    diagnosis, window = muting.diagnosis, activity.current.window
    published = diagnosis.published
    at_providers = {key: line.at_the_provider for key, line in published.items()}
    listed, not_listed = patterns(at_providers)
    shown = counts.counted(published.values())
    summary = _summary(diagnosis, shown["errors"], shown["attempts"])

    def disable(models: Iterable[ModelKey]) -> str | None:
        if not shown["successes"]:  # whatever is wrong, it is not these models
            return None
        names = [name for key in models for name in activity.spellings.get(key, (key,))]
        return mongosh.disable(context.catalog, names, "not served by the provider", "hard_model")

    deprecated = [p for p in diagnosis.problems if p.category is Category.DEPRECATED_MODEL]
    commands = {problem.id: disable(problem.models) for problem in deprecated}
    return Report(
        version=__version__,
        window=WindowPart(since=window.since, until=window.until),
        status=diagnosis.status,
        reason=diagnosis.reason,
        summary=summary,
        compared=diagnosis.compared,
        totals=counts.totals(activity, lines, published),
        errors_by_kind=counts.errors_by_kind(published.values()),
        providers=counts.providers(
            activity, at_providers, lines.previous, diagnosis.coverage.providers
        ),
        models=counts.models(at_providers, lines.previous),
        patterns=listed,
        patterns_not_listed=not_listed,
        coverage=_coverage(diagnosis),
        problems=[
            ProblemPart.model_validate(
                {name: getattr(problem, name) for name in ProblemPart.model_fields}
                | {"findings": [finding.id for finding in problem.findings]}
            )
            for problem in diagnosis.problems
        ],
        findings=[_finding_part(finding) for finding in diagnosis.findings],
        resolved=[_finding_part(finding) for finding in diagnosis.resolved],
        muted=[
            MutedPart(finding=_finding_part(each.finding), mute=MutePart.model_validate(each.mute))
            for each in muting.muted
        ],
        analysis=Analysis(source="rules", model=None, status=diagnosis.status, summary=summary),
        recommended_actions=[
            action_part(problem, context, commands.get(problem.id))
            for problem in diagnosis.problems
            if problem.severity is not Severity.INFO and problem.action
        ],
        disable_command=disable(key for problem in deprecated for key in problem.models),
        command=context.command,
        notes=[
            *_notes(activity, lines, len(listed), not_listed, compared=diagnosis.compared),
            *_notes_on_mutes(muting),
            *context.known_issues,
        ],
    )


def _finding_part(finding: Finding) -> FindingPart:
    message = finding.message
    if message is not None:
        message = sanitized_message(message, cut=finding.message_cut)
    return FindingPart.model_validate(replace(finding, message=message))


def _coverage(diagnosis: Diagnosis) -> CoveragePart:
    covered = diagnosis.coverage
    return CoveragePart(
        **asdict(covered.total),
        providers=[
            ProviderCoverage(provider=name, **asdict(share))
            for name, share in covered.providers.items()
        ],
        without_data=dict(covered.without_data),
    )


def _summary(diagnosis: Diagnosis, errors: int, attempts: int) -> str:
    counts = Counter(p.category for p in diagnosis.problems if p.severity is not Severity.INFO)
    models = Counter(f.category for f in diagnosis.findings if f.severity is not Severity.INFO)
    parts = [
        row.counted(models[category] if row.counted_by_model else counts[category])
        for category, row in CATEGORIES.items()
        if counts[category]
    ]
    watch = len(diagnosis.problems) - counts.total()
    parts += [f"{watch} for your information"] if watch else []
    parts += [f"{len(diagnosis.resolved)} recovered"] if diagnosis.resolved else []
    found = ", ".join(parts) or "no findings"
    share = f" ({100 * errors / attempts:.1f}%)" if attempts else ""
    return f"{found[0].upper()}{found[1:]}. {errors:,} of {attempts:,} attempts failed{share}."


def _notes(
    activity: Activity, lines: Timelines, listed: int, not_listed: int, *, compared: bool
) -> list[str]:
    """What was cut, estimated, or is not known."""
    estimated = sum(line.estimated for line in lines.current.values())
    models = several(estimated, "model")
    variants = sum(len(names) > 1 for names in activity.spellings.values())
    malformed = activity.current.malformed + activity.undated
    undated = f", {activity.undated} of them without a timestamp" if activity.undated else ""
    begin, previous = activity.reaches_back_to, activity.previous.window.since
    notes = (
        (estimated, f"For {models}, error kinds are estimated from a sample; totals are exact."),
        (activity.folded, f'The {activity.folded} least-used models are grouped as "other".'),
        (variants, f"{several(variants, 'model')} with several spellings; each is counted once."),
        (not_listed, f"Showing {listed} of {listed + not_listed} message patterns."),
        (not compared, "No data for the previous day, so every finding is marked new."),
        (
            activity.catalog is None,
            "No model catalog found; expecting the models seen yesterday.",
        ),
        (
            activity.last_success is None,
            "Older successes not searched: no supporting index.",
        ),
        (begin and begin > previous, "The snapshot covers only part of the previous day."),
        (
            malformed,
            f"{several(malformed, 'malformed document')} (skipped or repaired){undated}.",
        ),
    )
    return [note for applies, note in notes if applies]


def _notes_on_mutes(muting: Muting) -> list[str]:
    expired = (f"Mute for {m} expired on {m.until}: renew or remove it." for m in muting.expired)
    return [*expired, *(f"Mute for {mute} matches nothing." for mute in muting.unused)]
