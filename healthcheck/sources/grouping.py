"""The counts of a lookback while they are being made, from single documents or from a server's rows."""

import heapq
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from healthcheck.activity import BASELINE_WINDOWS, OTHER, Pair, Stage
from healthcheck.sources.bson_order import Key

JUDGED_WINDOWS = 2
"""The current and the previous window are kept by the hour; of the others a number remains."""


BASELINE = range(JUDGED_WINDOWS, JUDGED_WINDOWS + BASELINE_WINDOWS)


class Ref(NamedTuple):
    """A stored failure that may become a sample; sorts by age, ties by `_id`."""

    at: int
    identity: Key
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
    """How many, from when to when, and the newest few of them."""

    count: int
    first: int
    last: int
    newest: list[Ref] = field(default_factory=list)

    def add(self, other: "Count", keep: int) -> None:
        """Take the other's in; of the newest ones only so many remain."""
        self.count += other.count
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)
        self.newest = heapq.nlargest(keep, self.newest + other.newest)


@dataclass(slots=True)
class ResultCounts:
    """The checks of the results of a pair in the current window; see `ResultChecks`."""

    results: int = 0
    no_visible_tokens: int = 0
    off_length: int = 0
    off_tokens: int | None = None
    requested: int | None = None
    fastest: float | None = None

    def add(self, other: "ResultCounts") -> None:
        """Take the other's in."""
        self.results += other.results
        self.no_visible_tokens += other.no_visible_tokens
        self.off_length += other.off_length
        self.off_tokens = _of_both(min, self.off_tokens, other.off_tokens)
        self.requested = _of_both(max, self.requested, other.requested)
        self.fastest = _of_both(max, self.fastest, other.fastest)


@dataclass(slots=True)
class Groups:
    """All that is counted; pairs appear as they come until `fold` is called."""

    keep: int
    errors: dict[ErrorKey, Count] = field(default_factory=dict)
    successes: dict[SuccessKey, Count] = field(default_factory=dict)
    past_errors: dict[TallyKey, Count] = field(default_factory=dict)
    past_successes: dict[TallyKey, Count] = field(default_factory=dict)
    results: dict[Pair, ResultCounts] = field(default_factory=dict)
    speeds: dict[TallyKey, tuple[int, int]] = field(default_factory=dict)
    """Sum and number of the thousandths of tokens per second, in the windows of the baseline."""
    shifted: list[dict[tuple[str, int], int]] = field(
        default_factory=lambda: [{} for _ in range(JUDGED_WINDOWS)]
    )
    malformed: list[int] = field(default_factory=lambda: [0] * JUDGED_WINDOWS)
    undated: int = 0
    folded: int = 0

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
            put(folded, target, count, self.keep)
        return folded


def _of_both(choose: Callable[..., Any], one: Any, other: Any) -> Any:
    return choose((value for value in (one, other) if value is not None), default=None)


def put(counts: dict[AnyKey, Count], key: AnyKey, count: Count, keep: int) -> None:
    """Add to what is counted under the key."""
    if key in counts:
        counts[key].add(count, keep)
    else:
        counts[key] = count


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
