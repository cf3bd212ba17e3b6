"""The counts of a lookback while they are being made, from single documents or from a server's rows."""

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from healthcheck.activity import BASELINE_WINDOWS, OTHER, Pair, Stage

JUDGED_WINDOWS = 2
"""The current and the previous window are kept by the hour; of the others a number remains."""


BASELINE = range(JUDGED_WINDOWS, JUDGED_WINDOWS + BASELINE_WINDOWS)


class Ref(NamedTuple):
    """A stored failure that may become a sample; sorts by age, ties by `_id`."""

    at: int
    identity: str
    handle: Any
    """By which its source finds it again."""


class ErrorKey(NamedTuple):
    """What the failures of one cell share."""

    window: int
    pair: Pair
    hour: int
    kind: str | None
    stage: Stage


class SuccessKey(NamedTuple):
    """What the successes of one cell share."""

    window: int
    pair: Pair
    hour: int


class TallyKey(NamedTuple):
    """A pair in a window of the baseline."""

    window: int
    pair: Pair


AnyKey = TypeVar("AnyKey", ErrorKey, SuccessKey, TallyKey)


@dataclass(slots=True)
class Count:
    """How many, from when to when, and the newest few of them: a heap, the oldest first."""

    count: int
    first: int
    last: int
    newest: list[Ref] = field(default_factory=list)

    def takes(self, time: int, limit: int) -> bool:
        """Whether one of that time may be among the newest."""
        return len(self.newest) < limit or time >= self.newest[0].at

    def keep(self, ref: Ref, limit: int) -> None:
        """One of the newest so many, if it is."""
        if len(self.newest) < limit:
            heapq.heappush(self.newest, ref)
        else:
            heapq.heappushpop(self.newest, ref)


@dataclass(slots=True)
class ResultCounts:
    """The checks of the results of a pair in the current window; see `ResultChecks`."""

    results: int = 0
    no_visible_tokens: int = 0
    off_length: int = 0
    off_tokens: int | None = None
    requested: int | None = None
    fastest: float | None = None

    def off(self, number: int, tokens: int, requested: int) -> None:
        """So many had so many tokens."""
        self.off_length += number
        self.off_tokens = tokens if self.off_tokens is None else min(tokens, self.off_tokens)
        self.requested = requested if self.requested is None else max(requested, self.requested)

    def faster(self, speed: float | None) -> None:
        """The highest remains."""
        if speed is not None and (self.fastest is None or speed > self.fastest):
            self.fastest = speed


@dataclass(slots=True)
class Groups:
    """All that is counted; pairs appear as they come until `fold` is called.

    `keep`: so many of the newest failures of a cell are kept.
    """

    keep: int
    errors: dict[ErrorKey, Count] = field(default_factory=dict)
    successes: dict[SuccessKey, Count] = field(default_factory=dict)
    past_errors: dict[TallyKey, Count] = field(default_factory=dict)
    past_successes: dict[TallyKey, Count] = field(default_factory=dict)
    results: dict[Pair, ResultCounts] = field(default_factory=dict)
    speeds: dict[TallyKey, tuple[float, int]] = field(default_factory=dict)
    """Sum and number of the tokens per second, in the windows of the baseline."""
    shifted: list[dict[tuple[str, int], int]] = field(
        default_factory=lambda: [{} for _ in range(JUDGED_WINDOWS)]
    )
    malformed: list[int] = field(default_factory=lambda: [0] * JUDGED_WINDOWS)
    undated: int = 0
    folded: int = 0

    def add_speeds(self, key: TallyKey, total: float, number: int) -> None:
        """Add to the speeds of a window of the baseline."""
        before, held = self.speeds.get(key, (0.0, 0))
        self.speeds[key] = before + total, held + number

    def shift(self, window: int, provider: str, hours: int, number: int) -> None:
        """So many documents had a clock that was so many hours wrong."""
        shifted = self.shifted[window]
        shifted[provider, hours] = shifted.get((provider, hours), 0) + number

    def trim(self, keep: int) -> None:
        """There are too many failures to keep more than so many of a cell."""
        if keep < self.keep:
            self.keep = keep
            for count in self.errors.values():
                count.newest = sorted(heapq.nlargest(keep, count.newest))

    def failures(self) -> int:
        """In both judged windows."""
        return sum(count.count for count in self.errors.values())

    def pairs(self) -> dict[Pair, int]:
        """Every pair with its attempts."""
        attempts: dict[Pair, int] = {}
        for counts in (self.errors, self.successes, self.past_errors, self.past_successes):
            for key, count in counts.items():
                attempts[key.pair] = attempts.get(key.pair, 0) + count.count
        return attempts

    def fold(self, limit: int) -> None:
        """Sum all but the largest pairs up as (other)."""
        attempts = self.pairs()
        if len(attempts) <= limit:
            return
        kept = set(sorted(attempts, key=lambda pair: (-attempts[pair], pair))[:limit])
        self.folded = len(attempts) - limit
        self.errors = self._folded(self.errors, kept)
        self.successes = self._folded(self.successes, kept)
        self.past_errors = self._folded(self.past_errors, kept)
        self.past_successes = self._folded(self.past_successes, kept)
        self.results = {pair: found for pair, found in self.results.items() if pair in kept}

    def _folded(self, counts: dict[AnyKey, Count], kept: Collection[Pair]) -> dict[AnyKey, Count]:
        folded: dict[AnyKey, Count] = {}
        for key, count in counts.items():
            target = key if key.pair in kept else key._replace(pair=OTHER)
            into = add(folded, target, count.count, count.first, count.last)
            for ref in count.newest:
                into.keep(ref, self.keep)
        return folded


def add(counts: dict[AnyKey, Count], key: AnyKey, number: int, first: int, last: int) -> Count:
    """Add to what is counted under the key."""
    count = counts.get(key)
    if count is None:
        count = counts[key] = Count(number, first, last)
        return count
    count.count += number
    count.last = max(count.last, last)
    count.first = min(count.first, first)
    return count


def chosen(
    cells: Iterable[tuple[ErrorKey, Count]], per_pair: int, per_run: int
) -> dict[ErrorKey, list[Ref]]:
    """The samples of one window: every cell's newest first, then every cell's second newest, ...

    Within a rank the newest come first, so that both caps leave the newest of every cell.
    """
    ranked = sorted(
        (rank, -ref.at, key.pair, key.kind or "", key.stage, key.hour, key, ref)
        for key, count in cells
        for rank, ref in enumerate(sorted(count.newest, reverse=True))
    )
    samples: dict[ErrorKey, list[Ref]] = {}
    of_pair: dict[Pair, int] = {}
    taken = 0
    for *_, key, ref in ranked:
        if taken >= per_run:
            break
        if of_pair.get(key.pair, 0) >= per_pair:
            continue
        of_pair[key.pair] = of_pair.get(key.pair, 0) + 1
        taken += 1
        samples.setdefault(key, []).append(ref)
    return samples
