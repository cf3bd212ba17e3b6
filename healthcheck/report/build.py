"""From an activity and its diagnosis to the report."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from healthcheck import __version__
from healthcheck.activity import Activity, Pair, WindowActivity
from healthcheck.diagnosis import Category, Diagnosis, Finding, Severity, Timeline, Timelines
from healthcheck.known_issues import MutedFinding, Muting
from healthcheck.report.actions import actions
from healthcheck.report.contract import (
    Analysis,
    FindingPart,
    ModelName,
    ModelPart,
    MutedPart,
    MutePart,
    PatternPart,
    ProviderPart,
    Report,
    Totals,
    WindowPart,
)
from healthcheck.report.door import shown, shown_message
from healthcheck.report.mongosh import Catalogue
from healthcheck.report.patterns import patterns
from healthcheck.report.strip import provider_strips
from healthcheck.taxonomy import ErrorKind

_NOUNS = {
    Category.SILENT_SERVICE: ("silent service", "silent service"),
    Category.SERVICE_ISSUE: ("service-wide issue", "service-wide issues"),
    Category.PROVIDER_ISSUE: ("provider-wide issue", "provider-wide issues"),
    Category.DEPRECATED_MODEL: ("model likely deprecated", "models likely deprecated"),
    Category.CODE_FIX: ("code fix needed", "code fixes needed"),
    Category.FAILING_MODEL: ("model failing", "models failing"),
    Category.DEGRADED_MODEL: ("model degraded", "models degraded"),
    Category.SILENT_MODEL: ("model silent", "models silent"),
}


@dataclass(frozen=True, slots=True)
class Context:
    """What a report tells of its own making. `command` makes it again."""

    command: str
    catalogue: Catalogue
    known_issues: tuple[str, ...] = ()
    """What to say of the list of known issues, beside what it hides."""


def build(activity: Activity, lines: Timelines, muting: Muting, context: Context) -> Report:
    """All that a report says, redacted and harmless; rendering adds nothing to it."""
    current, diagnosis = lines.current, muting.diagnosis
    at_providers = {pair: line.at_the_provider for pair, line in current.items()}
    counted, more = patterns(at_providers)
    errors = sum(line.errors for line in current.values())
    successes = sum(line.succeeded for line in current.values())
    summary = _summary(diagnosis, errors, errors + successes)
    return Report(
        version=__version__,
        window=WindowPart(since=activity.current.window.since, until=activity.current.window.until),
        status=diagnosis.status,
        reason=shown(diagnosis.reason),
        summary=summary,
        compared=diagnosis.compared,
        totals=Totals(
            attempts=errors + successes,
            errors=errors,
            successes=successes,
            malformed=activity.current.malformed + activity.undated,
            not_stored=errors - sum(line.errors for line in at_providers.values()),
        ),
        errors_by_kind=_by_kind(current.values()),
        providers=_providers(activity.current, at_providers),
        models=_models(at_providers, lines.previous),
        patterns=counted,
        patterns_not_listed=more,
        findings=[finding_part(finding) for finding in diagnosis.findings],
        resolved=[finding_part(finding) for finding in diagnosis.resolved],
        muted=[_muted_part(entry) for entry in muting.muted],
        analysis=Analysis(source="rules", model=None, status=diagnosis.status, summary=summary),
        recommended_actions=actions(diagnosis.findings, context.catalogue),
        command=shown(context.command),
        notes=[
            *_notes(activity, lines, counted, more, compared=diagnosis.compared),
            *_notes_on_mutes(muting, context),
        ],
    )


def finding_part(finding: Finding) -> FindingPart:
    """A finding as the report shows it."""
    return FindingPart(
        id=finding.id,
        category=finding.category,
        provider=None if finding.provider is None else shown(finding.provider),
        model=None if finding.model is None else shown(finding.model),
        kind=finding.kind,
        aspect=finding.aspect,
        severity=finding.severity,
        state=finding.state,
        count=finding.count,
        attempts=finding.attempts,
        since=finding.since,
        until=finding.until,
        last_success=finding.last_success,
        message=(
            None
            if finding.message is None
            else shown_message(finding.message, cut=finding.message_cut)
        ),
        evidence=shown(finding.evidence),
        models=[
            ModelName(provider=shown(pair.provider), model=shown(pair.model))
            for pair in finding.models
        ],
    )


def _summary(diagnosis: Diagnosis, errors: int, attempts: int) -> str:
    counts = Counter(f.category for f in diagnosis.findings if f.severity is not Severity.INFO)
    parts = [
        f"{counts[category]} {nouns[counts[category] > 1]}"
        for category, nouns in _NOUNS.items()
        if counts[category]
    ]
    watch = sum(f.severity is Severity.INFO for f in diagnosis.findings)
    if watch:
        parts.append(f"{watch} to know of")
    if diagnosis.resolved:
        parts.append(f"{len(diagnosis.resolved)} resolved")
    found = ", ".join(parts) or "no findings"
    share = f" ({100 * errors / attempts:.1f} %)" if attempts else ""
    return f"{found[0].upper()}{found[1:]}. {errors} of {attempts} attempts failed{share}."


def _by_kind(lines: Iterable[Timeline]) -> dict[ErrorKind, int]:
    counts = dict.fromkeys(ErrorKind, 0)
    for line in lines:
        for failure in line.failures:
            counts[failure.kind] += failure.count
    return counts


def _muted_part(entry: MutedFinding) -> MutedPart:
    mute = entry.mute
    return MutedPart(
        finding=finding_part(entry.finding),
        mute=MutePart(
            provider=None if mute.provider is None else shown(mute.provider),
            model=None if mute.model is None else shown(mute.model),
            category=mute.category,
            until=mute.until,
            reason=None if mute.reason is None else shown(mute.reason),
        ),
    )


def _notes_on_mutes(muting: Muting, context: Context) -> list[str]:
    notes = [
        f"The mute of {mute} has expired on {mute.until}: renew it or take it out."
        for mute in muting.expired
    ]
    notes += [f"The mute of {mute} hides nothing now." for mute in muting.unused]
    return [shown(note) for note in (*notes, *context.known_issues)]


def _providers(window: WindowActivity, lines: Mapping[Pair, Timeline]) -> list[ProviderPart]:
    strips = provider_strips(window)
    by_provider: dict[str, list[Timeline]] = defaultdict(list)
    for pair, line in lines.items():
        by_provider[pair.provider].append(line)
    parts = []
    for provider, its in by_provider.items():
        errors = sum(line.errors for line in its)
        successes = sum(line.succeeded for line in its)
        parts.append(
            ProviderPart(
                provider=shown(provider),
                models=len(its),
                attempts=errors + successes,
                errors=errors,
                successes=successes,
                errors_by_kind=_present(_by_kind(its)),
                strip=strips[provider],
            )
        )
    return sorted(parts, key=lambda part: (-part.errors, part.provider))


def _models(lines: Mapping[Pair, Timeline], previous: Mapping[Pair, Timeline]) -> list[ModelPart]:
    parts = []
    for pair, line in lines.items():
        cells = (*previous.get(pair, Timeline()).successes, *line.successes)
        parts.append(
            ModelPart(
                provider=shown(pair.provider),
                model=shown(pair.model),
                attempts=line.errors + line.succeeded,
                errors=line.errors,
                successes=line.succeeded,
                errors_by_kind=_present(_by_kind([line])),
                last_success=max((cell.last for cell in cells), default=None),
            )
        )
    return sorted(parts, key=lambda part: (-part.errors, part.provider, part.model))


def _present(counts: Mapping[ErrorKind, int]) -> dict[ErrorKind, int]:
    return {kind: count for kind, count in counts.items() if count}


def _notes(
    activity: Activity,
    lines: Timelines,
    counted: list[PatternPart],
    more: int,
    *,
    compared: bool,
) -> list[str]:
    notes = []
    estimated = sum(line.estimated for line in lines.current.values())
    if estimated:
        notes.append(
            f"Counts per kind are estimated from samples for {estimated} models; totals are exact."
        )
    if activity.folded:
        notes.append(f"The {activity.folded} models with fewest attempts are summed up as (other).")
    if more:
        notes.append(f"{len(counted)} patterns are listed; {more} more are not.")
    if not compared:
        notes.append("The window before holds nothing: there is no comparison, all is called new.")
    if activity.catalogue is None:
        notes.append(
            "There is no catalogue: models seen in the window before are taken as expected."
        )
    if activity.last_success is None:
        notes.append(
            "Successes before the baseline were not looked up: no index serves that question."
        )
    if activity.reaches_back_to and activity.reaches_back_to > activity.previous.window.since:
        notes.append("The snapshot does not hold all of the window before.")
    malformed = activity.current.malformed + activity.undated
    if malformed:
        undated = f", {activity.undated} of them without any time" if activity.undated else ""
        notes.append(f"{malformed} documents were malformed{undated}.")
    return notes
