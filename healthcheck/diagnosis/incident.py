"""One cause that hits several models together: at a provider, or in the whole service."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from statistics import median_low
from typing import Final, NamedTuple

from healthcheck.activity import ModelKey
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Aspect, Category
from healthcheck.diagnosis.causes import (
    AVAILABILITY,
    BASE_URL,
    DOES_NOT_HEAL,
    KINDS,
    OwnSide,
    cause,
    kinds_of_cause,
)
from healthcheck.diagnosis.findings import Finding, Severity, quoting
from healthcheck.diagnosis.record import (
    FailureRun,
    Record,
    is_back_to_usual,
    kinds_of,
    newest_success,
    newest_with_message,
)
from healthcheck.diagnosis.wording import how_long, in_words, several, when
from healthcheck.taxonomy import ErrorKind, names_model


class Scope:
    """The published models of a provider, or of all providers (`provider` is None)."""

    def __init__(self, provider: str | None, records: Iterable[Record]) -> None:
        """`records`: of all its models, tried or not."""
        self.provider = provider
        self.records = tuple(records)
        self.tried = tuple(record for record in self.records if record.tried)
        self.expected = tuple(record for record in self.records if record.expected)
        self.providers = Counter(record.pair.provider for record in self.tried)

    def enough(self, models: int) -> int:
        """How many of so many models must be hit: nearly all where all providers are meant."""
        if self.provider is None:
            return max(2, ceil(models * limits.SERVICE_SHARE_OF_MODELS))
        return max(2, _most(models))

    def is_hit(self, providers: int, of: int) -> bool:
        """Whether so many providers are nearly all; one provider is what it is."""
        if self.provider is not None:
            return True
        return providers >= max(2, ceil(of * limits.SERVICE_SHARE_OF_PROVIDERS))


def _most(models: int) -> int:
    """Half of a provider's models, but all where there are but two."""
    small = models < limits.PROVIDER_MIN_MODELS
    return models if small else ceil(models * limits.PROVIDER_SHARE)


class FailureSpan(NamedTuple):
    """A run of failures as far as it is of one cause; [begin, end)."""

    pair: ModelKey
    begin: datetime
    end: datetime
    last: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class Incident:
    """Models of a scope that one cause hits together.

    `kinds` is empty where they are not attempted and no failure says why. `open`: those that are
    still hit. `recurred`: not for the first time in the window. `lost`: nothing succeeds any more;
    `last_answer` is set where that is known to be no chance. `shared`: what all messages show
    together and none says.
    """

    kinds: frozenset[ErrorKind]
    models: frozenset[ModelKey]
    open: frozenset[ModelKey]
    since: datetime | None
    until: datetime | None = None
    recurred: bool = False
    lost: bool = False
    total: bool = False
    last_answer: datetime | None = None
    shared: OwnSide | None = None


class _Rule(NamedTuple):
    """What may hit a provider. `need_all`: means it only where all of its models show it at once."""

    kinds: frozenset[ErrorKind]
    need_all: bool = False
    fits: Callable[[ModelKey, FailureRun], bool] = lambda *_: True
    shared: OwnSide | None = None


def names_nothing(pair: ModelKey, run: FailureRun) -> bool:
    """Whether the run is of 404s that name no model: a page of the server, or of another API."""
    gone = [
        f
        for f in run.failures
        if f.kind is ErrorKind.HARD_MODEL
        or (f.kind is ErrorKind.HARD_CAPABILITY and f.sample and "404" in f.sample.message)
    ]
    return bool(gone) and not any(
        f.verdict.retired or (f.sample and names_model(f.sample.message, pair.model)) for f in gone
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


def incidents(scope: Scope, of_models: Mapping[ModelKey, Finding]) -> list[Finding]:
    """What hits the scope as a whole, given what was found of its models one by one."""
    found = []
    for rule in _RULES if len(scope.tried) > 1 else ():
        one = _simultaneous(scope, rule)
        if (one is None or one.until) and not rule.need_all and scope.provider is not None:
            often = _often(scope, rule, of_models)
            # What goes on, and began long before a time that is over, is more than that.
            if often and (one is None or (often.until is None and _is_older(often, one))):
                one = often
        if one:
            found.append(one)
    loss = _total_loss(scope)
    if loss:
        for same in (one for one in found if one.kinds == loss.kinds and one.until is None):
            loss = replace(loss, since=same.since, models=same.models | loss.models)
        found = [loss, *(one for one in found if one.until and one.kinds != loss.kinds)]
    return [_finding(one, scope) for one in found]


def _is_older(one: Incident, other: Incident) -> bool:
    return bool(one.since and other.since and one.since < other.since - limits.ONSET_REACH)


# --- the same cause at the same time -----------------------------------------------------------


def _simultaneous(scope: Scope, rule: _Rule) -> Incident | None:
    """The last time in which enough models failed together."""
    spans = list(_spans(scope.tried, rule))
    hit = {span.pair for span in spans}
    # Those that are dead of something else do not count.
    living = [
        record
        for record in scope.tried
        if record.pair in hit or record.run is None or record.run.count < limits.FAILING_SURE_RUN
    ]
    found: list[Incident] = []
    for begin, end in _overlaps(spans, scope.enough(len(living))):
        incident = _at(begin, end, spans, scope, rule, living)
        if incident:
            found.append(incident)
    if not found:
        return None
    models = frozenset[ModelKey]().union(*(incident.models for incident in found))
    return replace(found[-1], models=models, recurred=len(found) > 1)


def _spans(records: Iterable[Record], rule: _Rule) -> Iterable[FailureSpan]:
    for record in records:
        for run in record.runs:
            ours = [failure for failure in run.failures if failure.kind in rule.kinds]
            count = sum(failure.count for failure in ours)
            if count and 2 * count >= run.count and rule.fits(record.pair, run):
                begin = record.failing_since or min(failure.first for failure in ours)
                end = run.end or record.window.until
                yield FailureSpan(record.pair, begin, end, ours[-1].last, count)


def _overlaps(spans: Sequence[FailureSpan], need: int) -> list[tuple[datetime, datetime]]:
    """The times in which at least `need` models failed; those close together are one."""
    steps = sorted([(span.begin, 1) for span in spans] + [(span.end, -1) for span in spans])
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


def _at(  # noqa: PLR0913, PLR0917 - a time, and all that is known of it
    begin: datetime,
    end: datetime,
    spans: Sequence[FailureSpan],
    scope: Scope,
    rule: _Rule,
    living: Sequence[Record],
) -> Incident | None:
    """What a time of overlap tells, if anything."""
    window = scope.tried[0].window
    at_once = [span for span in spans if span.begin < end and span.end > begin]
    fresh = [span for span in at_once if span.begin >= begin - limits.ONSET_REACH]
    lasts = end == window.until
    # What was given up before the window lasts without leaving a document in it.
    if not fresh or end <= window.since:
        return None
    if not lasts and max(span.last for span in fresh) < window.since:
        return None
    models = frozenset(span.pair for span in fresh)
    since = min(span.begin for span in fresh)
    asked = sum(bool(r.last_attempt and r.last_attempt >= since) for r in living)
    hit, need = len(models), scope.enough(len(living))
    if rule.need_all and scope.provider is not None:
        hit = len({s.pair for s in fresh if s.begin <= begin + limits.ONSET_REACH})
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
        open=frozenset(span.pair for span in fresh if span.end == window.until),
        since=since,
        until=end if is_over else None,
        lost=is_all and _is_lost(rule, len(models), len(living), window.until - since),
        shared=rule.shared,
    )


def _is_telling(scope: Scope, rule: _Rule, fresh: Sequence[FailureSpan], asked: int) -> bool:
    """Failures of single models meet by chance: more than one each, or all models, or given up."""
    models = {span.pair for span in fresh}
    if scope.provider is None:
        hit = Counter(pair.provider for pair in models)
        failures: Counter[str] = Counter()
        for span in fresh:
            failures[span.pair.provider] += span.failures
        several_times = [
            name
            for name, tried in scope.providers.items()
            if hit[name] >= _most(tried) and failures[name] > 1
        ]
        return scope.is_hit(len(several_times), len(scope.providers))
    if len(models) >= limits.PROVIDER_MIN_MODELS and (
        len(models) >= asked or rule.kinds <= DOES_NOT_HEAL
    ):
        return True
    given_up = all(record.untried for record in scope.tried if record.pair in models)
    return given_up or sum(span.failures for span in fresh) >= 2 * len(models)


def _is_lost(rule: _Rule, hit: int, able: int, lasted: timedelta) -> bool:
    """Whether it is more than a moment: some may not have been tried yet, and still be well."""
    if rule.kinds <= DOES_NOT_HEAL:
        return hit >= able * limits.LOSS_SHARE
    return lasted >= (limits.LOSS_MIN_TIME if hit >= able else limits.ONSET_REACH)


# --- the same cause, though not at the same moments ----------------------------------------------


_AT_TIMES = frozenset({Category.FAILING_MODEL, Category.DEGRADED_MODEL})


def _often(scope: Scope, rule: _Rule, of_models: Mapping[ModelKey, Finding]) -> Incident | None:
    """Most models of a provider fail for one cause, each at times of its own."""
    found: dict[ModelKey, tuple[datetime, datetime | None]] = {}
    for record in scope.tried:
        finding = of_models.get(record.pair)
        if finding and finding.category in _AT_TIMES and finding.kind in rule.kinds:
            found[record.pair] = (finding.since or record.window.since, finding.until)
        elif rule.kinds <= DOES_NOT_HEAL and record.fails_in_turn(rule.kinds):
            begins = [run.begin for run in record.runs if run.kind in rule.kinds]
            found[record.pair] = (begins[0], None)
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


# --- nothing succeeds any more -------------------------------------------------------------------

_NOT_ATTEMPTED: Final = "not_attempted"
_OF_ONE_MODEL = frozenset(
    {ErrorKind.HARD_MODEL.value, ErrorKind.HARD_CAPABILITY.value, ErrorKind.UNKNOWN.value}
    | {"token_budget", "adapter"}
)
"""What a model may have of its own: many with the same are no common cause yet."""


def _total_loss(scope: Scope) -> Incident | None:
    """All models had no success for so long that it is no chance, from one cause.

    Models that ended one by one over days for causes of their own are no loss of the provider.
    Providers of one or two models are lost only where nobody tries them.
    """
    expected = scope.expected
    idle = all(record.not_attempted and record.run is None for record in expected)
    if len(expected) < limits.LOSS_MIN_MODELS and (not idle or not expected):
        return None
    until = expected[0].window.until
    usual = median_low(record.interval for record in expected)
    patience = max(limits.LOSS_INTERVALS * usual, limits.MIN_QUIET)
    last = max((record.last_answer for record in expected if record.last_answer), default=None)
    began = [record.enabled_at for record in expected]
    is_young = all(at and until - at < patience for at in began)
    if until - last < patience if last else is_young:
        return None
    stopped = list(expected) if idle else _stopped(expected, last, patience)
    providers = {record.pair.provider for record in scope.records}
    hit = {record.pair.provider for record in stopped}
    if not stopped or not scope.is_hit(len(hit), len(providers)):
        return None
    kinds, share = _most_likely(stopped)
    if not kinds and 2 * sum(record.not_attempted for record in stopped) < len(stopped):
        return None  # they only wait longer for their turn
    begins = [
        record.failing_since or record.run.begin
        for record in share
        if kinds and record.run and record.run.kind in kinds
    ]
    attempted = (record.last_attempt for record in stopped if record.last_attempt)
    since = min(begins) if begins else max(attempted, default=None)
    runs = [(record.pair, record.run) for record in stopped if record.run]
    models = frozenset(record.pair for record in stopped)
    return Incident(
        kinds=kinds,
        models=models,
        open=models,
        since=max(since, last) if since and last and kinds else since,
        lost=True,
        total=True,
        last_answer=last,
        shared=BASE_URL if runs and all(names_nothing(*run) for run in runs) else None,
    )


def _stopped(
    expected: Sequence[Record], last: datetime | None, patience: timedelta
) -> list[Record]:
    """Those that stopped together, or for the common cause; the others had ended before."""
    ended = [record for record in expected if record.last_answer]
    wave = [r for r in ended if last and r.last_answer and last - r.last_answer <= patience]
    if ended and len(wave) >= max(2, ceil(len(ended) * limits.LOSS_MIN_SHARE)):
        causes = {_cause(record) for record in wave}
        return wave + [r for r in expected if not r.last_answer and _cause(r) in causes]
    shared = [record for record in expected if _cause(record) not in _OF_ONE_MODEL]
    return shared if len(shared) >= limits.LOSS_SHARED_CAUSES * len(expected) else []


def _cause(record: Record) -> str:
    if record.run is None:
        return _NOT_ATTEMPTED
    own = record.run.newest.own_side
    return own.id if own else cause(record.run.kind)


def _most_likely(stopped: Sequence[Record]) -> tuple[frozenset[ErrorKind], list[Record]]:
    """What most fail with, and who; nothing where more are not attempted and no failure says why."""
    causes = Counter(map(_cause, stopped))
    unclear = {_NOT_ATTEMPTED: 2, ErrorKind.UNKNOWN.value: 1}
    best = max(causes, key=lambda name: (causes[name], -unclear.get(name, 0), name))
    its = [record for record in stopped if _cause(record) == best]
    kinds = Counter(record.run.kind for record in its if record.run)
    if not kinds:
        return frozenset(), its
    return kinds_of_cause(max(kinds, key=lambda kind: (kinds[kind], kind))), its


# --- the finding ---------------------------------------------------------------------------------


def _finding(incident: Incident, scope: Scope) -> Finding:
    its = [record for record in scope.tried if record.pair in incident.models]
    in_window = [f for record in scope.tried for f in record.failures if f.kind in incident.kinds]
    runs = [record.run for record in its if record.run and record.pair in incident.open]
    failures = in_window or [f for run in runs for f in run.failures if f.kind in incident.kinds]
    failures.sort(key=lambda failure: failure.last)
    kind = kinds_of(failures).most_common(1)[0][0] if failures else None
    severity = Severity.WARNING
    if incident.lost:
        severity = Severity.CRITICAL
    elif incident.until and not incident.recurred:
        severity = Severity.INFO
    aspect: Aspect | None = None
    if incident.total:
        aspect = "total_loss" if kind else _NOT_ATTEMPTED
    finding = Finding(
        category=Category.PROVIDER_ISSUE if scope.provider else Category.SERVICE_ISSUE,
        severity=severity,
        provider=scope.provider,
        kind=kind,
        count=sum(failure.count for failure in in_window),
        attempts=sum(record.attempts for record in scope.records),
        since=incident.since,
        until=incident.until,
        last_success=newest_success(scope.records),
        evidence="",
        models=tuple(sorted(incident.models)),
        given_up=any(r.given_up for r in its if r.pair in incident.open),
        by_turns=not (incident.lost or incident.until)
        and 2 * sum(r.fails_in_turn(incident.kinds) for r in its) > len(its),
        aspect=aspect,
    )
    finding = quoting(finding, newest_with_message(failures, kind), incident.shared)
    rejected = {quoting(finding, run.newest).rejected_parameter for run in runs}
    own = finding.own_side
    words = own.words if own else in_words(kind) if kind else ""
    return replace(
        finding,
        evidence=_evidence(incident, scope, words, kind),
        rejected_parameter=finding.rejected_parameter if len(rejected) == 1 else None,
    )


def _evidence(incident: Incident, scope: Scope, words: str, kind: ErrorKind | None) -> str:
    if incident.total:
        return _evidence_of_loss(incident, scope, words)
    hit, end = len({pair.provider for pair in incident.models}), scope.tried[0].window.until
    since, last = incident.since or scope.tried[0].window.since, newest_success(scope.records)
    told = f"{words[0].upper()}{words[1:]} on {_share(len(incident.models), len(scope.tried))}"
    if scope.provider is None:
        told += f" at {hit} of {len(scope.providers)} providers at once"
    told += (
        f" from {when(since)} to {when(incident.until)}"
        if incident.until
        else f" since {when(since)}"
    )
    if 0 < len(incident.open) < len(incident.models) and not incident.until:
        told += f" ({len(incident.open)} still failing)"
    if incident.recurred:
        told += ", not for the first time"
    if incident.lost:
        told += "; no requests succeed"
    elif last and last >= max(since, end - limits.MIN_QUIET) and not incident.until:
        told += "; some attempts still succeed"
    if scope.provider is None and kind:
        told += f": {KINDS[kind].ours}, not {hit} providers"
    return f"{told}."


def _evidence_of_loss(incident: Incident, scope: Scope, words: str) -> str:
    lost = [record for record in scope.expected if record.pair in incident.models]
    count, last = len(scope.expected), incident.last_answer
    ended = f" since {when(last)}" if last else ""
    if scope.provider is None:
        providers = several(len({record.pair.provider for record in lost}), "provider")
        told = f"Nothing succeeds{ended}: 0 of {several(count, 'model')} at {providers}"
        return f"{told}; {f'most likely {words}' if words else 'no failure says why'}."
    if not words:
        reach = f"in the {how_long(lost[0].reach)} that were read"
        begun = f"since {when(incident.since)}" if incident.since else reach
        told = f"{several(count, 'model')} of {scope.provider}: not attempted {begun}"
        return f"{told}, and no failure says why."
    failing = [record for record in lost if record.run and record.run.kind in incident.kinds]
    told = f"No requests succeed{ended}: {words} on {_share(len(failing), count)}"
    given_up = sum(record.given_up for record in lost)
    return f"{told}; {given_up} given up and not tried again." if given_up else f"{told}."


def _share(hit: int, tried: int) -> str:
    return f"all {several(tried, 'model')}" if hit == tried else f"{hit} of {tried} models"
