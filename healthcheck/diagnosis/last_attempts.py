"""When each pair was attempted last, as far as is known, and how often it usually is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from healthcheck.activity import BASELINE_WINDOWS, Activity, Pair, Tally, WindowActivity
from healthcheck.diagnosis import thresholds as limits


class LastAttempts:
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
