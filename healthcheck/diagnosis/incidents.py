"""Which incidents there are: one cause that hits several models of a provider, or of the whole service."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from healthcheck.activity import ModelKey, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.causes import (
    AVAILABILITY,
    BASE_URL,
    DOES_NOT_HEAL,
    KINDS,
    NEVER_ATTEMPTED,
    NOT_ATTEMPTED,
    OF_THE_PROVIDER,
    OTHER_NAMES,
    kinds_of_cause,
)
from healthcheck.diagnosis.findings import Finding
from healthcheck.diagnosis.incident import Incident, Scope, failures_since, finding_of, most_of
from healthcheck.diagnosis.rates import chance_as_usual, is_back_to_usual, stretch
from healthcheck.diagnosis.record import Record, longest_wait, newest
from healthcheck.diagnosis.timeline import FailureRun
from healthcheck.taxonomy import ErrorKind, names_model


def incidents(scope: Scope) -> list[Finding]:
    """What hits the scope as a whole; the loss of all takes in what has the same cause."""
    found = _shared_causes(scope)
    loss = _total_loss(scope)
    if loss:
        goes_on = (one for one in found if one.kinds == loss.kinds and one.until is None)
        same = next(goes_on, loss)
        found = [loss._replace(since=same.since, earlier=same.earlier)]
    return [finding_of(one, scope) for one in found]


# --- the same cause, at the same time or often ----------------------------------------------------


_CAUSES = tuple(dict.fromkeys(map(kinds_of_cause, ErrorKind)))
# Models that are gone are gone one by one; all at once, and none is named: the address is wrong.
_NOT_FOUND = kinds_of_cause(ErrorKind.HARD_MODEL)


def _names_nothing(run: FailureRun) -> bool:
    """Whether the run has 404s and none names a model: a page of the server, or of another API."""
    gone = [f for f in run.failures if f.kind is ErrorKind.HARD_MODEL]
    return bool(gone) and not any(
        f.verdict.retired or names_model(f.message, run.pair.model) for f in gone
    )


def _shared_causes(scope: Scope) -> list[Incident]:
    """At most one for each cause."""
    found = []
    for kinds in _CAUSES if len(scope.tried) > 1 else ():
        one = _simultaneous(scope, kinds)
        if not (one and one.lost) and kinds <= OF_THE_PROVIDER and scope.provider is not None:
            often = _often(scope, kinds)
            # What goes on, and began long before so many failed at once, is more than that.
            if often and (one is None or (often.until is None and _is_older(often, one))):
                goes_on = one is None or one.until is not None
                one = often._replace(watched=often.watched and goes_on)
        if one:
            found.append(one)
    return found


def _is_older(one: Incident, other: Incident) -> bool:
    return bool(one.since and other.since and one.since < other.since - limits.ONSET_REACH)


# --- at the same time ----------------------------------------------------------------------------


def _simultaneous(scope: Scope, kinds: frozenset[ErrorKind]) -> Incident | None:
    """The last time in which enough models failed together."""
    runs = [
        ours
        for record in scope.tried
        for run in record.runs
        if not kinds.isdisjoint(run.kinds)
        and 2 * sum(map(run.kinds.__getitem__, kinds)) >= run.count
        and (ours := run.of(kinds))
        and (kinds != _NOT_FOUND or _names_nothing(run))
    ]
    hit = {run.pair for run in runs}
    # Those that are dead of something else do not count.
    judged = [
        record
        for record in scope.tried
        if record.pair in hit or record.run is None or record.run.count < limits.FAILING_SURE_RUN
    ]
    times = _overlaps(runs, scope.enough(len(judged)), scope.window.until)
    found = [(one, time) for time in times if (one := _at(time, scope, kinds, runs, judged))]
    if not found:
        return None
    models = frozenset[ModelKey]().union(*(incident.models for incident, _ in found))
    last = found[-1][0]
    earlier = (*(Window(*time) for _, time in found[:-1]), *last.earlier)
    return last._replace(models=models, earlier=earlier)


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
    kinds: frozenset[ErrorKind],
    runs: Sequence[FailureRun],
    judged: Sequence[Record],
) -> Incident | None:
    """What a time of overlap tells, if anything."""
    (begin, end), window = time, scope.window
    overlapping = [
        run
        for run in runs
        if begin - limits.ONSET_REACH <= run.since < end and (run.end or window.until) > begin
    ]
    lasts = end == window.until
    # What was given up before the window lasts without leaving a document in it.
    newest_failure = max(run.newest.last for run in overlapping)
    if not lasts and min(end, newest_failure) < window.since:
        return None
    models = frozenset(run.pair for run in overlapping)
    since = min(run.since for run in overlapping)
    asked = sum(bool(r.last_attempt and r.last_attempt >= since) for r in judged)
    hit, need = len(models), scope.enough(len(judged))
    # What models may have of their own: of a provider only where all show it at once.
    if not kinds <= OF_THE_PROVIDER and scope.provider is not None:
        hit = len({run.pair for run in overlapping if run.since <= begin + limits.ONSET_REACH})
        need = max(2, asked)
    if hit < need or not _is_more_than_chance(scope, kinds, overlapping, asked):
        return None
    its = [record for record in scope.tried if record.pair in models]
    is_over = not lasts and is_back_to_usual(its, kinds, since, end)
    still = frozenset(run.pair for run in overlapping if run.end is None)
    answer = newest(r.last_answer for r in scope.tried)
    answered = answer is not None and answer >= begin
    now = failures_since(scope, answer) if answer and answered else []
    down = min((f.last for f in now), default=window.until if answered else since)
    is_all, lasted = len(still) >= len(judged), window.until - down
    if answered:
        # What comes and goes may have hit all by chance, unless it lasts and most were tried again.
        is_again = sum(f.count for f in now) >= 2 * len(still)
        is_lost = is_all and is_again and lasted >= limits.LOSS_MIN_TIME
    elif kinds <= DOES_NOT_HEAL:
        is_lost = len(still) >= len(judged) * limits.LOSS_SHARE
    else:  # some may not have been tried yet, and still be well
        is_lost = lasted >= (limits.LOSS_MIN_TIME if is_all else limits.ONSET_REACH)
    lost = lasts and is_lost
    came_back = lost and any(run.end for run in overlapping)
    return Incident(
        kinds=kinds,
        models=models,
        open=still,
        since=down if came_back else since,
        until=end if is_over else None,
        earlier=(Window(since, answer),) if came_back and answer else (),
        lost=lost,
        shared=BASE_URL if kinds == _NOT_FOUND else None,
    )


def _is_more_than_chance(
    scope: Scope, kinds: frozenset[ErrorKind], overlapping: Sequence[FailureRun], asked: int
) -> bool:
    """Failures of single models meet by chance: more than one each, or all models, or what lasts."""
    models = {run.pair for run in overlapping}
    if scope.provider is None:
        failures: Counter[str] = Counter()
        for run in overlapping:
            failures[run.pair.provider] += run.count
        several_times = [name for name in scope.hit(models) if failures[name] > 1]
        least = ceil(len(scope.providers) * limits.SERVICE_SHARE_OF_PROVIDERS)
        return len(several_times) >= max(2, least)
    is_sure = len(models) >= asked or kinds <= DOES_NOT_HEAL
    return is_sure or sum(run.count for run in overlapping) >= 2 * len(models)


# --- each at times of its own --------------------------------------------------------------------


def _often(scope: Scope, kinds: frozenset[ErrorKind]) -> Incident | None:
    """Most models of a provider fail for one cause, each at times of its own.

    Together more often than usual; credentials and credit, in turn with successes.
    """
    failed = {
        record.pair: sum(f.count for f in record.failures if f.kind in kinds and f.at_the_provider)
        for record in scope.tried
    }
    total = sum(failed.values())
    share = total / max(sum(record.attempts for record in scope.tried), 1)
    its = [r for r in scope.tried if failed[r.pair] > limits.HALF * share * r.attempts]
    need = scope.enough(len(scope.tried))
    in_turn = kinds <= DOES_NOT_HEAL and sum(r.alternates(kinds) for r in its) >= need
    chance = chance_as_usual(scope.tried, total, limits.DEGRADED_PROVIDER_MIN_INCREASE)
    is_more = share >= limits.HALF or chance < limits.DEGRADED_PROVIDER_CHANCE
    if len(its) < need or total < 2 * len(its) or not (in_turn or is_more):
        return None
    window, known = scope.window, its[0].runs_from
    first = min(run.since for record in its for run in record.runs if run.of(kinds))
    begin, end = stretch(its, kinds, window.since) or (first, window.until)
    if begin < window.since + limits.ONSET_REACH and first < window.since:
        begin, _ = stretch(its, kinds, known) or (first, end)
    models = frozenset(record.pair for record in its)
    lines = [record.within(begin, window.until) for record in its]
    failures = sum(f.count for line in lines for f in line.failures if f.kind in kinds)
    share = failures / max(sum(line.attempts for line in lines), 1)
    return Incident(
        kinds=kinds,
        models=models,
        open=models,
        since=begin,
        until=end if is_back_to_usual(its, kinds, begin, end) else None,
        watched=kinds <= AVAILABILITY and share < limits.DEGRADED_PROVIDER_SURE,
    )


# --- nothing succeeds any more --------------------------------------------------------------------

_OF_ONE_MODEL = {"hard_model", "hard_capability", "unknown", "token_budget", "adapter"}
"""What a model may have of its own: many with the same are no common cause yet."""


def _total_loss(scope: Scope) -> Incident | None:
    """All models had no success for so long that it is no chance, from one cause.

    Models that ended one by one over days for causes of their own are no loss of the provider.
    Providers of one or two models are lost only where nobody tries them.
    """
    expected = scope.expected
    is_idle = all(record.not_attempted and record.run is None for record in expected)
    if not expected or (len(expected) < limits.LOSS_MIN_MODELS and not is_idle):
        return None
    until = scope.window.until
    least = longest_wait(expected, limits.LOSS_INTERVALS)
    last = newest(record.last_answer for record in expected)
    if last and until - last < least:
        return None
    stopped = _stopped(expected, last, least)
    if not stopped:
        return None
    kinds = _most_likely(stopped)
    if not kinds and 2 * sum(record.not_attempted for record in stopped) < len(stopped):
        return None  # they only wait longer for their turn
    runs = [record.run for record in stopped if record.run]
    begins = [record.run.since for record in stopped if record.run and record.run.kind in kinds]
    since = min(begins) if begins else newest(record.idle_since for record in stopped)
    shared = BASE_URL if runs and all(map(_names_nothing, runs)) else None
    if not kinds:
        is_new = all(r.idle_since and not r.last_attempt for r in expected)
        never = NEVER_ATTEMPTED if is_new else NOT_ATTEMPTED
        shared = OTHER_NAMES if 2 * len(scope.unlisted) >= len(expected) else never
    models = frozenset(record.pair for record in stopped)
    return Incident(
        kinds=kinds,
        models=models,
        open=models,
        since=since,
        lost=shared is not NEVER_ATTEMPTED,
        aspect="total_loss" if kinds else "not_attempted",
        shared=shared,
    )


def _stopped(expected: Sequence[Record], last: datetime | None, least: timedelta) -> list[Record]:
    """Those that stopped together, or for the common cause; the others had ended before."""
    ended = [record for record in expected if record.last_answer]
    wave = [r for r in ended if last and r.last_answer and last - r.last_answer <= least]
    if len(wave) >= max(2, most_of(len(ended))):
        causes = {_cause(record) for record in wave}
        return [record for record in expected if record in wave or _cause(record) in causes]
    shared = [record for record in expected if _cause(record) not in _OF_ONE_MODEL]
    return shared if len(shared) >= limits.LOSS_SHARED_CAUSES * len(expected) else []


def _cause(record: Record) -> str:
    if record.run is None:
        return NOT_ATTEMPTED.id
    own = record.run.newest.internal_cause
    return own.id if own else KINDS[record.run.kind].id


def _most_likely(stopped: Sequence[Record]) -> frozenset[ErrorKind]:
    """What most fail with; nothing where more are not attempted and no failure explains it."""
    best = Counter(map(_cause, stopped)).most_common(1)[0][0]
    kinds = Counter(r.run.kind for r in stopped if r.run and _cause(r) == best)
    return kinds_of_cause(kinds.most_common(1)[0][0]) if kinds else frozenset()
