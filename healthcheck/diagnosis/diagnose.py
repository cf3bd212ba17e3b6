"""All rules over both windows: what is found, since when, and what is no longer found."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from healthcheck.activity import UNKNOWN_NAME, Activity, ModelKey, Window, WindowActivity
from healthcheck.diagnosis.catalog import catalog_findings
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.causes import OF_THE_PROVIDER, kinds_of_cause
from healthcheck.diagnosis.coverage import Coverage, coverage, low_volume
from healthcheck.diagnosis.findings import Finding, Severity, State, Status
from healthcheck.diagnosis.implausible import implausible_results
from healthcheck.diagnosis.incident import Scope
from healthcheck.diagnosis.incidents import incidents
from healthcheck.diagnosis.model import model_findings
from healthcheck.diagnosis.problems import Problem, problems
from healthcheck.diagnosis.published import publication
from healthcheck.diagnosis.rates import failing_since, is_bound
from healthcheck.diagnosis.record import Record, by_provider, records
from healthcheck.diagnosis.service import (
    Lines,
    gap,
    lost_on_our_side,
    silent_service,
)
from healthcheck.diagnosis.thresholds import DEGRADED_MIN_ERRORS, HALF, ONSET_REACH
from healthcheck.diagnosis.timeline import Timeline, Timelines, timelines
from healthcheck.diagnosis.wording import day, several, when
from healthcheck.taxonomy import ErrorKind


class Diagnosis(NamedTuple):
    """What is wrong, as problems, most urgent first; and what is resolved."""

    problems: tuple[Problem, ...]
    resolved: tuple[Finding, ...]
    published: Mapping[ModelKey, Timeline]
    """The models that count, as they did in the window."""
    compared: bool
    """False where the window before holds nothing at all."""
    coverage: Coverage

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those of all problems, in their order."""
        return tuple(finding for problem in self.problems for finding in problem.findings)

    @property
    def status(self) -> Status:
        """The highest severity among the problems."""
        worst = self.problems[0].severity if self.problems else Severity.INFO
        return Status.HEALTHY if worst is Severity.INFO else Status(worst.value)

    @property
    def reason(self) -> str:
        """The status in a sentence."""
        pressing = [problem for problem in self.problems if problem.severity is not Severity.INFO]
        if not pressing:
            watch = f"; {len(self.problems)} for your information" if self.problems else ""
            attempts = sum(line.attempts for line in self.published.values())
            successes = sum(line.succeeded for line in self.published.values())
            return (
                f"Nothing needs attention: {successes:,} of {attempts:,} attempts succeeded{watch}."
            )
        more = f"; {several(len(pressing) - 1, 'more problem')}" if len(pressing) > 1 else ""
        title = pressing[0].title
        is_name = title.startswith(pressing[0].providers)
        return f"{title if is_name else title[0].upper() + title[1:]}{more}."

    def without(self, is_hidden: Callable[[Finding], bool]) -> "Diagnosis":
        """The same but for some findings; what these explain stays explained."""
        shown = [finding for finding in self.findings if not is_hidden(finding)]
        resolved = tuple(finding for finding in self.resolved if not is_hidden(finding))
        return self._replace(problems=problems(shown, self.coverage), resolved=resolved)


def diagnose(activity: Activity, lines: Timelines) -> Diagnosis:
    """Judge the current window, and the one before by the same rules; `lines` are the activity's."""
    compared, window = bool(activity.previous.pairs), activity.current.window
    current, previous = records(activity, lines), records(activity, lines, before=True)
    windows = [activity.previous, activity.current] if compared else [activity.current]
    both = [lines.previous, lines.current]
    before = _found(previous, windows[:-1], both[:-1]) if compared else _Found()
    failing = {f.models[0] for f in before.shown if f.category in _FAILING and not f.over}
    now = _found(current, windows, both, failing)
    is_published = publication(activity, lines)
    published = {pair: line for pair, line in lines.current.items() if is_published(pair)}
    known = {_identity(finding): finding for finding in (*before.explained, *before.shown)}
    compared_now = [_compared(f, known.get(_identity(f)), current, window) for f in now.shown]
    resolved = _resolved(before.shown, now, lines.current)
    wide = [
        f for f in (*resolved, *now.shown) if f.over and f.kind in OF_THE_PROVIDER and not f.model
    ]
    others = catalog_findings(activity, lines.current, current, wide)
    others += implausible_results(activity, is_published)
    covered = coverage(current, previous)
    every = [_aged(finding, window) for finding in (*compared_now, *others)]
    return Diagnosis(problems(every, covered), resolved, published, compared, covered)


def is_silent(activity: Activity) -> bool:
    """Whether a report of this activity would say that no data comes any more."""
    models = list(records(activity, timelines(activity)).values())
    return silent_service([activity.previous, activity.current], models) is not None


class _Found(NamedTuple):
    """What the rules found; `explained` are those that a wider finding accounts for."""

    shown: Sequence[Finding] = ()
    explained: Sequence[Finding] = ()


def _found(
    models: Mapping[ModelKey, Record],
    windows: Sequence[WindowActivity],
    lines: Sequence[Lines],
    failing: Collection[ModelKey] = (),
) -> _Found:
    """What holds at the end of the last window; `failing`: the models that had failed before it."""
    window = windows[-1].window
    silent = silent_service(windows, list(models.values()))
    if silent:
        return _Found([silent])
    known = [record for record in models.values() if record.pair.provider != UNKNOWN_NAME]
    whole = Scope(None, known)
    scopes = [Scope(name, its) for name, its in by_provider(known).items()]
    of_models = model_findings(models.values(), failing)
    providers = [finding for scope in scopes for finding in incidents(scope)]
    services = [
        _as_bad_as_its_parts(service, [f for f in providers if _explains(service, f, models)])
        for service in (
            *lost_on_our_side(lines, window),
            *(incidents(whole) if len(whole.providers) > 1 else []),
        )
    ]
    every = (services, providers, of_models)
    shown: list[Finding] = []
    for layer in every:
        shown += [f for f in layer if not any(_explains(wide, f, models) for wide in shown)]
    keys = {finding.key for finding in shown}
    ended = gap(windows, whole)
    shown += [*low_volume(scopes, ended), *([ended] if ended else [])]
    explained = [f for layer in every for f in layer if f.key not in keys]
    return _Found([_dated(finding, models) for finding in shown], explained)


_FAILING = (Category.FAILING_MODEL, Category.DEGRADED_MODEL)
"""A model that fails at times may fail always, and the other way round."""

_JUDGED_BY_RATE = (Category.DEGRADED_MODEL, Category.LOW_VOLUME)
"""Of the whole window: no success on the way tells the moment at which it ended."""

_TOTAL_LOSS = ("total_loss", "not_attempted")

_DAY = timedelta(days=1)


def _as_bad_as_its_parts(service: Finding, parts: Iterable[Finding]) -> Finding:
    """Raise to critical if an issue of a provider that it explains is critical."""
    is_lost = any(part.severity is Severity.CRITICAL for part in parts)
    return replace(service, severity=Severity.CRITICAL) if is_lost else service


def _explains(wide: Finding, narrow: Finding, records: Mapping[ModelKey, Record]) -> bool:
    """Whether the wider finding accounts for the narrower one: same place, time and cause.

    What nothing survives accounts for whatever else its models show; what is only to be watched, for
    no warning; what is over for most, not for those that are left behind.
    """
    if wide.provider is not None and wide.provider != narrow.provider:
        return False
    if wide.aspect in _TOTAL_LOSS:
        return not narrow.over and set(narrow.models) <= set(wide.models)
    has_own_cause = wide.aspect == "lost_jobs" and narrow.internal_cause != wide.internal_cause
    if wide.kind is None or narrow.kind not in kinds_of_cause(wide.kind) or has_own_cause:
        return False
    watched = wide.severity is Severity.INFO and not wide.over
    if watched and narrow.severity is not Severity.INFO:
        return False
    if wide.until is not None:
        its = [records[pair] for pair in narrow.models]
        kinds, end = kinds_of_cause(wide.kind), wide.until
        again = sum(f.count for r in its for f in r.failures if f.kind in kinds and f.last > end)
        left = sum(r.retries_exhausted or r.fails_after(end + ONSET_REACH) for r in its)
        if again >= DEGRADED_MIN_ERRORS * len(its) or 2 * left >= len(its):
            return False
    # What failed before may be noise; what was lost before is not the wider one's doing.
    is_degraded = narrow.category is Category.DEGRADED_MODEL
    is_noise = is_degraded and set(narrow.models) <= set(wide.models)
    return (
        is_noise or not wide.since or not narrow.since or narrow.since >= wide.since - ONSET_REACH
    )


def _dated(finding: Finding, records: Mapping[ModelKey, Record]) -> Finding:
    """A model that fails at times began to when half of its share failed, whatever succeeded since."""
    if finding.model is None or finding.since is None or finding.kind is None:
        return finding
    its, since = [records[finding.models[0]]], finding.since
    kinds = kinds_of_cause(finding.kind)
    if finding.category in _FAILING and not finding.over and its[0].fails_mostly_by(kinds):
        is_partial = finding.category is Category.DEGRADED_MODEL
        share = HALF * (_share(its, finding) if is_partial else 1)
        since = min(since, failing_since(its, share) or since)
    return replace(finding, since=since, since_is_bound=is_bound(its, since))


def _compared(
    finding: Finding, before: Finding | None, records: Mapping[ModelKey, Record], window: Window
) -> Finding:
    """State and severity in the light of the window before.

    What one window alone cannot prove (failures come in bursts) is to be watched first and a
    warning when it is found again; so is an outage that is over when it was not the first. That
    our profile does not fit a model is a decision to take: a warning once.
    """
    its = [records[pair] for pair in finding.models if pair in records]
    if before is None and not _failed_on_a_day_before(its, finding, window):
        return finding
    severity, recurs_since, evidence = finding.severity, None, finding.evidence
    if before and finding.since and finding.since >= window.since:
        recurs_since = failing_since(its, HALF * _share(its, finding)) or before.since
    if recurs_since:
        evidence += f" Again: first on {day(recurs_since)}."
    if finding.cause == "token_budget" and finding.model is not None:
        severity = Severity.INFO
    elif severity is Severity.INFO and (not finding.over or recurs_since):
        severity = Severity.WARNING
    return replace(
        finding,
        state=State.ONGOING,
        severity=severity,
        recurs_since=recurs_since,
        evidence=evidence,
    )


def _failed_on_a_day_before(its: Sequence[Record], finding: Finding, window: Window) -> bool:
    """Whether, in a window of several days, one before the last had failures enough to find it."""
    by_day = Counter[int]()
    for failure in (failure for record in its for failure in record.failures):
        day = (window.until - failure.last) // _DAY
        if day and failure.kind in _kinds(finding):
            by_day[day] += failure.count
    return any(count >= DEGRADED_MIN_ERRORS * len(its) for count in by_day.values())


def _aged(finding: Finding, window: Window) -> Finding:
    """In a window of several days, what the window before did not have may be old as well."""
    is_old = window.length > _DAY and finding.since and finding.since <= window.until - _DAY
    return replace(finding, state=State.ONGOING) if is_old else finding


def _share(its: Sequence[Record], finding: Finding) -> float:
    """Of the attempts of these, how many failed of its kind."""
    return finding.count / max(sum(record.attempts for record in its), 1)


def _resolved(
    before: Iterable[Finding], now: _Found, lines: Mapping[ModelKey, Timeline]
) -> tuple[Finding, ...]:
    """What was found before and is no longer, where there is a sign of life to prove it."""
    everything = (*now.shown, *now.explained)
    still = {_identity(finding) for finding in everything}
    failing = {(pair, _kinds(finding)) for finding in everything for pair in finding.models}
    hit = {pair for pair, _ in failing}
    resolved = []
    for finding in before:
        # A model that fails of something else is not well; an issue of many is over with its cause.
        its = hit if finding.model else {p for p, kinds in failing if kinds == _kinds(finding)}
        is_hit = bool(finding.models) and its.issuperset(finding.models)
        goes_on = is_hit or _identity(finding) in still
        alive = _recovered_at(finding, lines)
        if alive and not goes_on:
            until = finding.until or (None if finding.category in _JUDGED_BY_RATE else alive)
            recovered = f"Recovered at {when(until)}." if until else "No longer so."
            evidence = f"{finding.evidence} {recovered}"
            resolved.append(replace(finding, until=until, evidence=evidence))
    return tuple(sorted(resolved, key=lambda f: (f.severity.rank, -f.count, f.key)))


def _kinds(finding: Finding) -> frozenset[ErrorKind]:
    """Those that its cause may show as; none where nothing failed."""
    return kinds_of_cause(finding.kind) if finding.kind else frozenset()


def _identity(finding: Finding) -> tuple[str, ...]:
    """Its key, where a model that fails and one that fails at times are the same matter."""
    category, *rest = finding.key
    return (Category.FAILING_MODEL if category in _FAILING else category, *rest)


def _recovered_at(finding: Finding, lines: Mapping[ModelKey, Timeline]) -> datetime | None:
    """The first success in the window of what the finding is about; silence ends by any attempt."""
    pairs = finding.models or lines.keys()
    found = [lines[pair] for pair in pairs if pair in lines]
    moments = [line.successes[0].first for line in found if line.successes]
    if finding.kind is None:
        moments += [line.failures[0].first for line in found if line.failures]
    return min(moments, default=None)
