"""From an activity and its diagnosis to the report."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import ceil
from typing import TypeVar

from pydantic import BaseModel

from healthcheck import __version__
from healthcheck.activity import HOUR, Activity, ModelKey, WindowActivity
from healthcheck.diagnosis import (
    CATEGORIES,
    Diagnosis,
    Finding,
    Problem,
    Severity,
    Timeline,
    Timelines,
)
from healthcheck.diagnosis.published import publication
from healthcheck.diagnosis.wording import several
from healthcheck.known_issues import MutedFinding, Muting
from healthcheck.report.actions import Remedies
from healthcheck.report.contract import (
    Analysis,
    CoveragePart,
    FindingPart,
    ModelName,
    ModelPart,
    MutedPart,
    MutePart,
    PartOfTime,
    PatternPart,
    ProblemPart,
    ProviderCoverage,
    ProviderPart,
    Report,
    Totals,
    Unpublished,
    WindowPart,
)
from healthcheck.report.mongosh import Catalog
from healthcheck.report.patterns import patterns
from healthcheck.report.sanitize import sanitized, sanitized_message
from healthcheck.taxonomy import ErrorKind

_PARTS = 24
_Part = TypeVar("_Part", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Context:
    """What a report tells of its own making. `command` makes it again.

    `known_issues` is what to say of that list, beside what it hides. `host` runs the health check,
    `runner` the benchmark service.
    """

    command: str
    catalog: Catalog
    known_issues: tuple[str, ...] = ()
    host: str | None = None
    runner: str | None = None


def build(activity: Activity, lines: Timelines, muting: Muting, context: Context) -> Report:
    """All that a report says, redacted and printable; rendering adds nothing to it."""
    diagnosis = muting.diagnosis
    current = {
        pair: line for pair, line in lines.current.items() if pair not in diagnosis.unpublished
    }
    others = [line for pair, line in lines.current.items() if pair in diagnosis.unpublished]
    at_providers = {pair: line.at_the_provider for pair, line in current.items()}
    counted, more = patterns(at_providers)
    before = _rates_before(activity, lines)
    shown_errors = sum(line.errors for line in current.values())
    shown_attempts = shown_errors + sum(line.succeeded for line in current.values())
    errors = shown_errors + sum(line.errors for line in others)
    successes = sum(line.succeeded for line in lines.current.values())
    summary = _summary(diagnosis, shown_errors, shown_attempts)
    remedies = Remedies(context.catalog, activity.spellings, context.host, context.runner)
    succeeds = shown_errors < shown_attempts
    return Report(
        version=__version__,
        window=WindowPart(since=activity.current.window.since, until=activity.current.window.until),
        status=diagnosis.status,
        reason=sanitized(diagnosis.reason),
        summary=summary,
        compared=diagnosis.compared,
        totals=Totals(
            attempts=errors + successes,
            errors=errors,
            successes=successes,
            malformed=activity.current.malformed + activity.undated,
            not_stored=shown_errors - sum(line.errors for line in at_providers.values()),
            unpublished=Unpublished(
                pairs=len(others),
                errors=errors - shown_errors,
                successes=sum(line.succeeded for line in others),
            ),
            failure_rate=_rate(shown_errors, shown_attempts),
            failure_rate_before=before.total,
            attempts_before=before.attempts,
            failure_rate_usual=before.usual,
        ),
        errors_by_kind=_by_kind(current.values()),
        providers=_providers(activity.current, at_providers, diagnosis.coverage.providers, before),
        models=_models(at_providers, lines.previous),
        patterns=counted,
        patterns_not_listed=more,
        coverage=_coverage(diagnosis),
        problems=[_problem(problem) for problem in diagnosis.problems],
        findings=[finding_part(finding) for finding in diagnosis.findings],
        resolved=[finding_part(finding) for finding in diagnosis.resolved],
        muted=[_muted_part(entry) for entry in muting.muted],
        analysis=Analysis(source="rules", model=None, status=diagnosis.status, summary=summary),
        recommended_actions=remedies.actions(diagnosis.problems, disable=succeeds),
        disable_command=remedies.disable_all(diagnosis.problems) if succeeds else None,
        command=sanitized(context.command),
        notes=[
            *_notes(activity, lines, counted, more, compared=diagnosis.compared),
            *_notes_on_mutes(muting, context),
        ],
    )


def finding_part(finding: Finding) -> FindingPart:
    """A finding as the report shows it."""
    message = finding.message
    if message is not None:
        message = sanitized_message(message, cut=finding.message_cut)
    return _copied(FindingPart, finding, message=message, models=_names(finding.models))


def _problem(problem: Problem) -> ProblemPart:
    return _copied(
        ProblemPart,
        problem,
        findings=[finding.id for finding in problem.findings],
        providers=[sanitized(provider) for provider in problem.providers],
        models=_names(problem.models),
    )


def _copied(part: type[_Part], source: object, **own: object) -> _Part:
    """A part with the fields of the same name; every text among them is sanitized."""
    fields = {
        name: getattr(source, name)
        for name in part.model_fields
        if name not in own and hasattr(source, name)
    }
    texts = {
        name: sanitized(value) if type(value) is str else value for name, value in fields.items()
    }
    return part.model_validate(texts | own)


def _coverage(diagnosis: Diagnosis) -> CoveragePart:
    covered = diagnosis.coverage
    return CoveragePart(
        **asdict(covered.total),
        providers=[
            ProviderCoverage(provider=sanitized(name), **asdict(share))
            for name, share in covered.providers.items()
        ],
        without_data=dict(covered.without_data),
    )


def _names(pairs: Iterable[ModelKey]) -> list[ModelName]:
    return [_copied(ModelName, pair) for pair in pairs]


def _summary(diagnosis: Diagnosis, errors: int, attempts: int) -> str:
    counts = Counter(p.category for p in diagnosis.problems if p.severity is not Severity.INFO)
    models = Counter(f.category for f in diagnosis.findings if f.severity is not Severity.INFO)
    parts = [
        row.counted(models[category] if row.counted_by_model else counts[category])
        for category, row in CATEGORIES.items()
        if counts[category]
    ]
    watch = sum(problem.severity is Severity.INFO for problem in diagnosis.problems)
    if watch:
        parts.append(f"{watch} for your information")
    if diagnosis.resolved:
        parts.append(f"{len(diagnosis.resolved)} recovered")
    found = ", ".join(parts) or "no findings"
    share = f" ({100 * errors / attempts:.1f}%)" if attempts else ""
    return f"{found[0].upper()}{found[1:]}. {errors:,} of {attempts:,} attempts failed{share}."


def _by_kind(lines: Iterable[Timeline]) -> dict[ErrorKind, int]:
    counts = dict.fromkeys(ErrorKind, 0)
    for line in lines:
        for failure in line.failures:
            counts[failure.kind] += failure.count
    return counts


def _muted_part(entry: MutedFinding) -> MutedPart:
    return MutedPart(finding=finding_part(entry.finding), mute=_copied(MutePart, entry.mute))


def _notes_on_mutes(muting: Muting, context: Context) -> list[str]:
    notes = [
        f"Mute for {mute} expired on {mute.until}: renew or remove it." for mute in muting.expired
    ]
    notes += [f"Mute for {mute} matches nothing." for mute in muting.unused]
    return [sanitized(note) for note in (*notes, *context.known_issues)]


def _providers(
    window: WindowActivity,
    lines: Mapping[ModelKey, Timeline],
    expected: Iterable[str],
    before: "_RatesBefore",
) -> list[ProviderPart]:
    """Of those with attempts, and those that should have had some."""
    strips = _strips(window, lines)
    by_provider: dict[str, list[Timeline]] = {provider: [] for provider in expected}
    for pair, line in lines.items():
        by_provider.setdefault(pair.provider, []).append(line)
    parts = []
    for provider, its in by_provider.items():
        errors = sum(line.errors for line in its)
        successes = sum(line.succeeded for line in its)
        parts.append(
            ProviderPart(
                provider=sanitized(provider),
                models=len(its),
                attempts=errors + successes,
                errors=errors,
                successes=successes,
                failure_rate_before=before.providers.get(provider),
                errors_by_kind=_present(_by_kind(its)),
                strip=strips[provider],
            )
        )
    return sorted(parts, key=lambda part: (-part.errors, part.provider))


def _strips(
    window: WindowActivity, lines: Mapping[ModelKey, Timeline]
) -> defaultdict[str, list[PartOfTime]]:
    """For each provider the attempts and errors of 24 equal parts of the window, oldest first.

    Hours count back from the window's end, parts forward to it.
    """
    hours = max(1, ceil(window.window.length / HOUR))
    counts: dict[str, list[list[int]]] = defaultdict(lambda: [[0, 0] for _ in range(_PARTS)])
    for pair in lines:
        activity = window.pairs[pair]
        failed = [
            (cell.hour, cell.count, cell.count)
            for cell in activity.errors
            if not cell.stage.is_saving
        ]
        succeeded = [(cell.hour, cell.count, 0) for cell in activity.successes]
        for hour, attempts, errors in (*failed, *succeeded):
            part = counts[pair.provider][_PARTS - 1 - min(_PARTS - 1, hour * _PARTS // hours)]
            part[0] += attempts
            part[1] += errors
    empty = [PartOfTime(attempts=0, errors=0)] * _PARTS
    strips = {
        provider: [PartOfTime(attempts=attempts, errors=errors) for attempts, errors in parts]
        for provider, parts in counts.items()
    }
    return defaultdict(lambda: empty, strips)


@dataclass(frozen=True, slots=True)
class _RatesBefore:
    """Failure rates of published models: of the window before, and of the baseline."""

    total: float | None
    attempts: int
    usual: float | None
    providers: Mapping[str, float | None]


def _rates_before(activity: Activity, lines: Timelines) -> _RatesBefore:
    is_published = publication(activity)
    shown = {pair: line for pair, line in lines.previous.items() if is_published(pair)}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for pair, line in shown.items():
        at_provider = line.at_the_provider
        counts[pair.provider].update(
            errors=at_provider.errors, attempts=at_provider.errors + line.succeeded
        )
    errors = sum(line.errors for line in shown.values())
    attempts = errors + sum(line.succeeded for line in shown.values())
    tallies = [
        tally for pair, its in activity.baseline.items() if is_published(pair) for tally in its
    ]
    usual = sum(tally.errors for tally in tallies)
    return _RatesBefore(
        _rate(errors, attempts),
        attempts,
        _rate(usual, usual + sum(tally.successes for tally in tallies)),
        {name: _rate(its["errors"], its["attempts"]) for name, its in counts.items()},
    )


def _rate(errors: int, attempts: int) -> float | None:
    return errors / attempts if attempts else None


def _models(
    lines: Mapping[ModelKey, Timeline], previous: Mapping[ModelKey, Timeline]
) -> list[ModelPart]:
    parts = []
    for pair, line in lines.items():
        cells = (*previous.get(pair, Timeline()).successes, *line.successes)
        parts.append(
            ModelPart(
                provider=sanitized(pair.provider),
                model=sanitized(pair.model),
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
            f"For {several(estimated, 'model')}, error kinds are estimated from a sample; totals are "
            "exact."
        )
    if activity.folded:
        notes.append(f'The {activity.folded} least-used models are grouped as "other".')
    variants = sum(len(raw) > 1 for raw in activity.spellings.values())
    if variants:
        several_ways = several(variants, "model")
        notes.append(f"{several_ways} written in several ways: each counts as one.")
    if more:
        notes.append(f"Showing {len(counted)} of {len(counted) + more} message patterns.")
    if not compared:
        notes.append("No data for the previous day, so every finding is marked new.")
    if activity.catalog is None:
        notes.append("No model catalog found; expecting the models seen yesterday.")
    if activity.last_success is None:
        notes.append("Older successes not searched: no supporting index.")
    if activity.reaches_back_to and activity.reaches_back_to > activity.previous.window.since:
        notes.append("The snapshot covers only part of the previous day.")
    malformed = activity.current.malformed + activity.undated
    if malformed:
        undated = f", {activity.undated} of them without any time" if activity.undated else ""
        notes.append(f"{several(malformed, 'malformed document')} (skipped or repaired){undated}.")
    return notes
