"""Findings about what is missing: silence is an alarm, not health."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from healthcheck.activity import (
    BASELINE_WINDOWS,
    OTHER,
    UNKNOWN_NAME,
    Activity,
    CatalogueEntry,
    Pair,
    Tally,
    Window,
    WindowActivity,
)
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.findings import Category, Finding, Severity
from healthcheck.diagnosis.wording import how_long, several, when


def silence_findings(
    activity: Activity,
    judged: WindowActivity,
    earlier: WindowActivity | None,
) -> list[Finding]:
    """What was expected at the end of the window and was not attempted.

    `judged` is one of the activity's windows, `earlier` the one before it where it is known.
    """
    known = _LastAttempts(activity, judged, earlier)
    service = _silent_service(known, judged.window)
    if service:
        return [service]
    expected: dict[str, dict[Pair, datetime | None]] = defaultdict(dict)
    for pair, last in _expected(activity, judged, earlier, known).items():
        expected[pair.provider][pair] = last
    active = {pair.provider for pair, last in known.items() if not known.is_silent([pair], last)}
    findings: list[Finding] = []
    for provider, pairs in sorted(expected.items()):
        newest = max((last for last in pairs.values() if last), default=None)
        attempted = max(
            (last for pair, last in known.items() if pair.provider == provider), default=None
        )
        if known.is_silent(list(pairs), newest) and (provider not in active or attempted == newest):
            findings.append(_silent_provider(provider, list(pairs), known))
        else:
            findings += [
                _silent_model(pair, known)
                for pair, last in sorted(pairs.items())
                if known.is_silent([pair], last)
            ]
    return findings


class _LastAttempts:
    """When each pair was attempted last, and how often it usually is."""

    def __init__(
        self, activity: Activity, judged: WindowActivity, earlier: WindowActivity | None
    ) -> None:
        self.window = judged.window
        self._last: dict[Pair, datetime] = {}
        self._succeeded: dict[Pair, datetime] = {}
        self._attempts: dict[Pair, int] = defaultdict(int)
        self._windows: dict[Pair, int] = defaultdict(int)
        self._begin = activity.previous.window.since - BASELINE_WINDOWS * self.window.length
        if activity.reaches_back_to:
            self._begin = max(self._begin, activity.reaches_back_to)
        for pair, tallies in activity.baseline.items():
            for tally in tallies:
                self._add_tally(pair, tally)
        self._attempts_now: dict[Pair, int] = {}
        for window in filter(None, (earlier, judged)):
            for pair, done in window.pairs.items():
                successes = [cell.last for cell in done.successes]
                self._note(pair, [cell.last for cell in done.errors] + successes)
                self._note_success(pair, successes)
                count = sum(cell.count for cell in done.errors)
                count += sum(cell.count for cell in done.successes)
                if window is judged:
                    self._attempts_now[pair] = count
                else:
                    self._usual(pair, count)
        for pair, moment in (activity.last_success or {}).items():
            if moment < self.window.until:
                self._note(pair, [moment])
                self._note_success(pair, [moment])

    def _add_tally(self, pair: Pair, tally: Tally) -> None:
        self._note(pair, [m for m in (tally.last_error, tally.last_success) if m])
        self._note_success(pair, [tally.last_success] if tally.last_success else [])
        self._usual(pair, tally.errors + tally.successes)

    def _note(self, pair: Pair, moments: Sequence[datetime]) -> None:
        if moments:
            self._last[pair] = max(*moments, self._last.get(pair, moments[0]))

    def _note_success(self, pair: Pair, moments: Sequence[datetime]) -> None:
        if moments:
            self._succeeded[pair] = max(*moments, self._succeeded.get(pair, moments[0]))

    def _usual(self, pair: Pair, count: int) -> None:
        if count:
            self._attempts[pair] += count
            self._windows[pair] += 1

    def items(self) -> Iterable[tuple[Pair, datetime]]:
        """Every pair that was ever attempted, with its last attempt."""
        return self._last.items()

    def get(self, pair: Pair) -> datetime | None:
        """When it was attempted last; None: not as far back as is known."""
        return self._last.get(pair)

    def attempts(self, pairs: Iterable[Pair] | None = None) -> int:
        """How often they (or all) were attempted in the window."""
        chosen = self._attempts_now if pairs is None else pairs
        return sum(self._attempts_now.get(pair, 0) for pair in chosen)

    def success(self, pair: Pair) -> datetime | None:
        """When it succeeded last."""
        return self._succeeded.get(pair)

    @property
    def newest(self) -> datetime | None:
        """The last attempt of all."""
        return max(self._last.values(), default=None)

    @property
    def reach(self) -> timedelta:
        """How far back is known."""
        return self.window.until - self._begin

    def interval(self, pairs: Sequence[Pair]) -> timedelta | None:
        """How long usually lies between two attempts at any of them; None: that is not known."""
        a_window = sum(
            self._attempts[pair] / self._windows[pair] for pair in pairs if self._attempts[pair]
        )
        return self.window.length / a_window if a_window else None

    def usually_attempted(self, pair: Pair) -> bool:
        """Whether it was more than a stray document."""
        attempts = self._attempts[pair] + self._attempts_now.get(pair, 0)
        return attempts >= limits.EXPECTED_MIN_ATTEMPTS

    def is_silent(self, pairs: Sequence[Pair], last: datetime | None) -> bool:
        """For a day, or for six hours where six attempts are missing."""
        quiet = self.window.until - last if last else self.reach
        if quiet >= limits.SILENT_AFTER:
            return True
        interval = self.interval(pairs)
        return (
            quiet >= limits.SILENT_SOONER_AFTER
            and interval is not None
            and quiet >= limits.SILENT_SOONER_INTERVALS * interval
        )


def _expected(
    activity: Activity,
    judged: WindowActivity,
    earlier: WindowActivity | None,
    known: _LastAttempts,
) -> dict[Pair, datetime | None]:
    """The pairs that should have been attempted, each with its last attempt."""
    if activity.catalogue:
        return {
            pair: known.get(pair)
            for pair, entry in activity.catalogue.items()
            if entry.enabled and not _is_young(entry, judged.window)
        }
    seen = {*judged.pairs, *(earlier.pairs if earlier else ())} - {OTHER}
    return {
        pair: known.get(pair)
        for pair in seen
        if UNKNOWN_NAME not in pair and known.usually_attempted(pair)
    }


def _is_young(entry: CatalogueEntry, window: Window) -> bool:
    """Added so lately that its first attempt may still be to come."""
    created = entry.created_at
    return created is not None and window.until - created < limits.SILENT_AFTER


def _silent_service(known: _LastAttempts, window: Window) -> Finding | None:
    last = known.newest
    quiet = window.until - last if last else known.reach
    if last and quiet < limits.SERVICE_SILENT_AFTER:
        return None
    told = (
        f"No document at all since {when(last)}, for {how_long(quiet)}"
        if last
        else f"No document at all in the {how_long(known.reach)} that were read"
    )
    return Finding(
        category=Category.SILENT_SERVICE,
        provider=None,
        model=None,
        kind=None,
        severity=Severity.CRITICAL,
        count=0,
        attempts=known.attempts(),
        since=last,
        until=None,
        last_success=max(
            (m for pair, _ in known.items() if (m := known.success(pair))), default=None
        ),
        message=None,
        message_cut=False,
        evidence=f"{told}: the scheduler, the host or its database connection is down.",
    )


def _silent_provider(provider: str, pairs: Sequence[Pair], known: _LastAttempts) -> Finding:
    last = max((m for pair in pairs if (m := known.get(pair))), default=None)
    models = several(len(pairs), "model")
    told = (
        f"None of its {models} was attempted since {when(last)}"
        if last
        else f"None of its {models} was attempted in the {how_long(known.reach)} that were read"
    )
    return Finding(
        category=Category.PROVIDER_ISSUE,
        provider=provider,
        model=None,
        kind=None,
        severity=Severity.CRITICAL,
        count=0,
        attempts=known.attempts(pairs),
        since=last,
        until=None,
        last_success=max((m for pair in pairs if (m := known.success(pair))), default=None),
        message=None,
        message_cut=False,
        evidence=f"{told}, though they are expected: its runner or its configuration.",
        models=tuple(sorted(pairs)),
        aspect="silent",
    )


def _silent_model(pair: Pair, known: _LastAttempts) -> Finding:
    last = known.get(pair)
    interval = known.interval([pair])
    usual = f"; usually every {how_long(interval)}" if interval else ""
    told = (
        f"Expected and not attempted since {when(last)}{usual}"
        if last
        else f"Expected and not attempted in the {how_long(known.reach)} that were read"
    )
    return Finding(
        category=Category.SILENT_MODEL,
        provider=pair.provider,
        model=pair.model,
        kind=None,
        severity=Severity.WARNING,
        count=0,
        attempts=known.attempts([pair]),
        since=last,
        until=None,
        last_success=known.success(pair),
        message=None,
        message_cut=False,
        evidence=f"{told}.",
        models=(pair,),
    )
