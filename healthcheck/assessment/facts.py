"""What grounding needs beside the report: each model that fails now, and what a claim would be."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from healthcheck.activity import Activity, CatalogueEntry, Pair
from healthcheck.diagnosis import Category, Finding, Severity, State, Timeline, Timelines
from healthcheck.diagnosis.cause import kinds_of_cause
from healthcheck.diagnosis.record import Record, Stretch, records
from healthcheck.diagnosis.wording import how_long, in_words, several, when
from healthcheck.known_issues import Mute, Muting
from healthcheck.taxonomy import ErrorKind, complaint

CLAIMABLE = {
    Category.DEPRECATED_MODEL: frozenset({ErrorKind.HARD_MODEL, ErrorKind.UNKNOWN}),
    Category.CODE_FIX: frozenset({ErrorKind.HARD_CAPABILITY, ErrorKind.UNKNOWN}),
}
"""What may be claimed of a model, and the errors that bear it out."""

WARNING_MIN_RUN = 2
"""One failure at the end of the window may be noise, as one "not found" may be a deploy."""

PROVIDER_MIN_MODELS = 2
"""One model alone is never provider-wide; half of those attempted must fail, as for the rules."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that fails at the end of the window, and has no wider finding to explain it.

    `claims`: what it would be in the report if the AI said so and no rule did.
    """

    pair: Pair
    finding: str | None
    attempts: int
    errors: int
    run: Mapping[ErrorKind, int]
    entry: CatalogueEntry | None
    newest: Finding
    claims: Mapping[Category, Finding]


@dataclass(frozen=True, slots=True)
class Facts:
    """The names in it are the store's own: not redacted. `tallies`: (attempts, errors), newest first."""

    candidates: tuple[Candidate, ...]
    providers: Mapping[str, Finding]
    entries: Mapping[Pair, CatalogueEntry]
    pairs: Mapping[str, Pair]
    before: tuple[int, int]
    tallies: tuple[tuple[int, int], ...]
    disabled: int


def gather(
    activity: Activity, lines: Timelines, muting: Muting, mutes: Sequence[Mute], today: date
) -> Facts:
    """All of it from the values of the line; nothing is read anew."""
    valid = [mute for mute in mutes if not mute.expired(today)]
    found = [*muting.diagnosis.findings, *(entry.finding for entry in muting.muted)]
    wide = [finding for finding in found if finding.model is None]
    hidden = {pair for entry in muting.muted for pair in entry.finding.models}
    own = {f.models[0]: f for f in muting.diagnosis.findings if f.model is not None and f.models}
    judged = records(activity, lines)
    candidates = []
    for record in judged.values():
        run = _run_in_window(record)
        if run is None or record.pair in hidden or _is_explained(record, run, wide):
            continue
        candidates.append(_candidate(record, run, own.get(record.pair), valid))
    return Facts(
        candidates=tuple(sorted(candidates, key=lambda each: (-each.errors, each.pair))),
        providers=_providers(judged.values(), candidates, wide, valid),
        entries=dict(activity.catalogue or {}),
        pairs={f.id: f.models[0] for f in own.values()},
        before=_total(lines.previous.values()),
        tallies=_tallies(activity),
        disabled=sum(entry.enabled is False for entry in (activity.catalogue or {}).values()),
    )


def _run_in_window(record: Record) -> Stretch | None:
    """The failures in this window since the last answer."""
    if record.run is None or not record.errors:
        return None
    recent = tuple(f for f in record.run.failures if f.last >= record.window.since)
    return Stretch(recent, None) if recent else None


def _is_explained(record: Record, run: Stretch, wide: Iterable[Finding]) -> bool:
    for finding in wide:
        if finding.provider not in (None, record.pair.provider):
            continue
        if finding.until is not None and finding.until < run.newest.last:
            continue
        if record.pair in finding.models:
            return True
        if finding.kind is not None and run.kind in kinds_of_cause(finding.kind):
            return True
    return False


def _candidate(
    record: Record, run: Stretch, own: Finding | None, mutes: Sequence[Mute]
) -> Candidate:
    kinds = run.kinds()
    pair = record.pair
    return Candidate(
        pair=pair,
        finding=own.id if own else None,
        attempts=record.attempts,
        errors=record.errors,
        run=dict(kinds),
        entry=record.entry,
        newest=_claimed(Category.FAILING_MODEL, record, run),
        claims={
            category: _claimed(category, record, run)
            for category, fitting in CLAIMABLE.items()
            if fitting & kinds.keys()
            and not any(mute.hides(category, pair.provider, pair.model) for mute in mutes)
        },
    )


def _claimed(category: Category, record: Record, run: Stretch) -> Finding:
    """With the numbers of the code: none of them is the AI's."""
    kind = run.kind
    newest = run.newest_of(kind)
    sample = newest.sample if newest else None
    since = record.failing_since or run.begin
    last = record.last_success
    history = (
        f"Last success {when(last)}, {how_long(record.window.until - last)} ago."
        if last
        else "No success in all that was read."
    )
    return Finding(
        category=category,
        provider=record.pair.provider,
        model=record.pair.model,
        kind=kind,
        severity=Severity.WARNING if run.count >= WARNING_MIN_RUN else Severity.INFO,
        count=record.of(kind),
        attempts=record.attempts,
        since=since,
        until=None,
        last_success=last,
        message=sample.message if sample else None,
        message_cut=bool(sample and sample.cut),
        evidence=(
            f"Only the AI says so. The data shows no success in {several(run.count, 'attempt')} "
            f"since {when(run.begin)}: {_in_words(run.kinds())}. {history}"
        ),
        state=State.ONGOING if since < record.window.since else State.NEW,
        models=(record.pair,),
        complaint=complaint(sample.message) if sample else None,
        successor=record.entry.successor if record.entry else None,
    )


def _providers(
    judged: Iterable[Record],
    candidates: Iterable[Candidate],
    wide: Iterable[Finding],
    mutes: Sequence[Mute],
) -> dict[str, Finding]:
    """Providers of which a claim would be borne out that no rule makes."""
    attempted = Counter(record.pair.provider for record in judged if record.attempts)
    told = {f.provider for f in wide if f.category is Category.PROVIDER_ISSUE}
    failing: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        failing.setdefault(candidate.pair.provider, []).append(candidate)
    return {
        provider: _claimed_of_provider(provider, its, attempted[provider])
        for provider, its in failing.items()
        if len(its) >= PROVIDER_MIN_MODELS
        and 2 * len(its) >= attempted[provider]
        and provider not in told
        and not any(mute.hides(Category.PROVIDER_ISSUE, provider, None) for mute in mutes)
    }


def _claimed_of_provider(provider: str, failing: list[Candidate], attempted: int) -> Finding:
    kinds: Counter[ErrorKind] = Counter()
    for candidate in failing:
        kinds.update(candidate.run)
    kind = max(sorted(kinds), key=lambda each: kinds[each])
    worst = max(failing, key=lambda each: (sum(each.run.values()), each.pair))
    begins = [each.newest.since for each in failing if each.newest.since]
    return Finding(
        category=Category.PROVIDER_ISSUE,
        provider=provider,
        model=None,
        kind=kind,
        severity=Severity.WARNING,
        count=kinds[kind],
        attempts=sum(each.attempts for each in failing),
        since=min(begins, default=None),
        until=None,
        last_success=None,
        message=worst.newest.message,
        message_cut=worst.newest.message_cut,
        evidence=(
            f"Only the AI says so. The data shows {len(failing)} of the {attempted} models that "
            f"were attempted failing at the end of the window: {_in_words(kinds)}."
        ),
        models=tuple(sorted(each.pair for each in failing)),
    )


def _in_words(kinds: Mapping[ErrorKind, int]) -> str:
    ranked = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{in_words(kind)} ({count})" for kind, count in ranked)


def _total(lines: Iterable[Timeline]) -> tuple[int, int]:
    every = list(lines)
    errors = sum(line.errors for line in every)
    return errors + sum(line.succeeded for line in every), errors


def _tallies(activity: Activity) -> tuple[tuple[int, int], ...]:
    windows = zip(*activity.baseline.values(), strict=True)
    return tuple(
        (sum(t.errors + t.successes for t in tallies), sum(t.errors for t in tallies))
        for tallies in windows
    )
