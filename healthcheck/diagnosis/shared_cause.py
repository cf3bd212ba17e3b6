"""Enough models of a provider, or of the service, fail for one reason: at once, or each at times."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from healthcheck.activity import ModelKey
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.causes import AVAILABILITY, BASE_URL, DOES_NOT_HEAL, InternalCause
from healthcheck.diagnosis.failure_run import FailureRun
from healthcheck.diagnosis.findings import Finding
from healthcheck.diagnosis.incident import Incident, Scope, most_of
from healthcheck.diagnosis.record import Record, is_back_to_usual
from healthcheck.taxonomy import ErrorKind, names_model


class _Rule(NamedTuple):
    """What may hit a provider. `need_all`: means it only where all of its models show it at once."""

    kinds: frozenset[ErrorKind]
    need_all: bool = False
    fits: Callable[[FailureRun], bool] = lambda _: True
    shared: InternalCause | None = None


def names_nothing(run: FailureRun) -> bool:
    """Whether the run has 404s and none names a model: a page of the server, or of another API."""
    gone = [
        f
        for f in run.failures
        if f.kind is ErrorKind.HARD_MODEL
        or (f.kind is ErrorKind.HARD_CAPABILITY and f.sample and "404" in f.sample.message)
    ]
    return bool(gone) and not any(
        f.verdict.retired or (f.sample and names_model(f.sample.message, run.pair.model))
        for f in gone
    )


_RULES = (
    _Rule(frozenset({ErrorKind.AUTH})),
    _Rule(frozenset({ErrorKind.BILLING})),
    _Rule(frozenset({ErrorKind.RATE_LIMIT})),
    _Rule(AVAILABILITY),
    _Rule(frozenset({ErrorKind.UNKNOWN}), need_all=True),
    _Rule(frozenset({ErrorKind.HARD_CAPABILITY}), need_all=True),
    # Models that are gone are gone one by one; all at once, and none is named: the address is wrong.
    _Rule(frozenset({ErrorKind.HARD_MODEL}), True, names_nothing, BASE_URL),
)


def shared_causes(scope: Scope, of_models: Mapping[ModelKey, Finding]) -> list[Incident]:
    """At most one for each rule, given what was found of the models one by one."""
    found = []
    for rule in _RULES if len(scope.tried) > 1 else ():
        one = _at_once(scope, rule)
        if (one is None or one.until) and not rule.need_all and scope.provider is not None:
            often = _often(scope, rule, of_models)
            # What goes on, and began long before a time that is over, is more than that.
            if often and (one is None or (often.until is None and _is_older(often, one))):
                one = often
        if one:
            found.append(one)
    return found


def _is_older(one: Incident, other: Incident) -> bool:
    return bool(one.since and other.since and one.since < other.since - limits.ONSET_REACH)


# --- at the same time ----------------------------------------------------------------------------


def _at_once(scope: Scope, rule: _Rule) -> Incident | None:
    """The last time in which enough models failed together."""
    runs = [
        ours
        for record in scope.tried
        for run in record.runs
        if (ours := run.of(rule.kinds)) and 2 * ours.count >= run.count and rule.fits(run)
    ]
    hit = {run.pair for run in runs}
    # Those that are dead of something else do not count.
    living = [
        record
        for record in scope.tried
        if record.pair in hit or record.run is None or record.run.count < limits.FAILING_SURE_RUN
    ]
    times = _overlaps(runs, scope.enough(len(living)), scope.window.until)
    found = [one for time in times if (one := _at(time, scope, rule, runs, living))]
    if not found:
        return None
    models = frozenset[ModelKey]().union(*(incident.models for incident in found))
    return replace(found[-1], models=models, recurred=len(found) > 1)


def _overlaps(
    runs: Sequence[FailureRun], need: int, until: datetime
) -> list[tuple[datetime, datetime]]:
    """The times in which at least `need` models failed; those close together are one."""
    steps = sorted([(run.since, 1) for run in runs] + [(run.end or until, -1) for run in runs])
    times: list[tuple[datetime, datetime]] = []
    hit, begun = 0, None
    for moment, step in steps:
        hit += step
        if hit >= need and begun is None:
            begun = moment
        elif hit < need and begun is not None:
            if times and begun - times[-1][1] < limits.EPISODE_GAP:
                times[-1] = (times[-1][0], moment)
            elif begun < moment:
                times.append((begun, moment))
            begun = None
    return times


def _at(
    time: tuple[datetime, datetime],
    scope: Scope,
    rule: _Rule,
    runs: Sequence[FailureRun],
    living: Sequence[Record],
) -> Incident | None:
    """What a time of overlap tells, if anything."""
    (begin, end), window = time, scope.window
    fresh = [
        run
        for run in runs
        if begin - limits.ONSET_REACH <= run.since < end and (run.end or window.until) > begin
    ]
    lasts = end == window.until
    # What was given up before the window lasts without leaving a document in it.
    if end <= window.since:
        return None
    if not lasts and max(run.newest.last for run in fresh) < window.since:
        return None
    models = frozenset(run.pair for run in fresh)
    since = min(run.since for run in fresh)
    asked = sum(bool(r.last_attempt and r.last_attempt >= since) for r in living)
    hit, need = len(models), scope.enough(len(living))
    if rule.need_all and scope.provider is not None:
        hit = len({run.pair for run in fresh if run.since <= begin + limits.ONSET_REACH})
        need = max(2, asked)
    if hit < need or not _is_telling(scope, rule, fresh, asked):
        return None
    its = [record for record in scope.tried if record.pair in models]
    is_over = not lasts and is_back_to_usual(its, rule.kinds, since, end)
    answered = any(r.last_answer and r.last_answer >= begin for r in scope.tried)
    is_all = lasts and not answered and len(models) >= asked
    return Incident(
        kinds=rule.kinds,
        models=models,
        open=frozenset(run.pair for run in fresh if run.end is None),
        since=since,
        until=end if is_over else None,
        lost=is_all and _is_lost(rule, len(models), len(living), window.until - since),
        shared=rule.shared,
    )


def _is_telling(scope: Scope, rule: _Rule, fresh: Sequence[FailureRun], asked: int) -> bool:
    """Failures of single models meet by chance: more than one each, or all models, or given up."""
    models = {run.pair for run in fresh}
    if scope.provider is None:
        hit = Counter(pair.provider for pair in models)
        failures: Counter[str] = Counter()
        for run in fresh:
            failures[run.pair.provider] += run.count
        several_times = [
            name
            for name, tried in scope.providers.items()
            if hit[name] >= most_of(tried) and failures[name] > 1
        ]
        return scope.is_hit(len(several_times), len(scope.providers))
    if len(models) >= limits.PROVIDER_MIN_MODELS and (
        len(models) >= asked or rule.kinds <= DOES_NOT_HEAL
    ):
        return True
    untried = all(record.untried for record in scope.tried if record.pair in models)
    return untried or sum(run.count for run in fresh) >= 2 * len(models)


def _is_lost(rule: _Rule, hit: int, able: int, lasted: timedelta) -> bool:
    """Whether it is more than a moment: some may not have been tried yet, and still be well."""
    if rule.kinds <= DOES_NOT_HEAL:
        return hit >= able * limits.LOSS_SHARE
    return lasted >= (limits.LOSS_MIN_TIME if hit >= able else limits.ONSET_REACH)


# --- each at times of its own --------------------------------------------------------------------

_AT_TIMES = frozenset({Category.FAILING_MODEL, Category.DEGRADED_MODEL})


def _often(scope: Scope, rule: _Rule, of_models: Mapping[ModelKey, Finding]) -> Incident | None:
    """Most models of a provider fail for one cause, each at times of its own."""
    found: dict[ModelKey, tuple[datetime, datetime | None]] = {}
    for record in scope.tried:
        finding = of_models.get(record.pair)
        if rule.kinds <= DOES_NOT_HEAL and record.fails_in_turn(rule.kinds):
            first = next(run for run in record.runs if run.kind in rule.kinds)
            found[record.pair] = (first.since, finding.until if finding else None)
        elif finding and finding.category in _AT_TIMES and finding.kind in rule.kinds:
            found[record.pair] = (finding.since or record.window.since, finding.until)
    if len(found) < scope.enough(len(scope.tried)):
        return None
    ends = [end for _, end in found.values() if end]
    lasts = len(ends) < len(found)
    return Incident(
        kinds=rule.kinds,
        models=frozenset(found),
        open=frozenset(found) if lasts else frozenset(),
        since=min(begin for begin, _ in found.values()),
        until=None if lasts else max(ends),
    )
