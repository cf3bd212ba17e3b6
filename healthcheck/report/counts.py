"""Attempts, errors and failure rates: in all, by kind, by provider, and by model; unrecognized messages."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import takewhile
from math import ceil

from healthcheck.activity import HOUR, Activity, AttemptCounts, ModelKey, Sample, Window
from healthcheck.diagnosis import Timeline, Timelines
from healthcheck.diagnosis.causes import KINDS
from healthcheck.diagnosis.published import publication
from healthcheck.diagnosis.timeline import Failure, kinds_of
from healthcheck.report import contract
from healthcheck.report.sanitize import sanitized_message
from healthcheck.taxonomy import ErrorKind, parameterize

_BUCKETS = 24
_MS = timedelta(milliseconds=1)
_MOST_PATTERNS = 50
_MANY, _VERY_MANY = 1_000, 10_000
"""Of so many attempts some fail; a day may be the first."""
_MISSED = 3
"""Of the failures of yesterday some are gone if so many more would be expected before the first."""
_WHOLE = 0.75
"""Of the failures of the oldest window some are gone if its rate is less than that share of the next one's."""


class Counts:
    """Of published models, as of now in earlier windows too.

    `shown` are their attempts, `tried` those of them that reached the provider, by model.
    """

    def __init__(
        self, activity: Activity, lines: Timelines, published: Mapping[ModelKey, Timeline]
    ) -> None:
        is_published = publication(activity, lines)
        self.activity, self.lines, self.published = activity, lines, published
        self.failures = [failure for line in published.values() for failure in line.failures]
        self.shown = counted(published.values())
        self.tried = {key: line.at_the_provider for key, line in published.items()}
        self.before = {key: its for key, its in lines.previous.items() if is_published(key)}
        earlier = (its for key, its in activity.baseline.items() if is_published(key))
        self._compare([*map(_sum, zip(*earlier, strict=True))])

    def _compare(self, baseline: Sequence[AttemptCounts]) -> None:
        """Choose the earlier windows that have rates: those all of whose failures are still stored.

        The baseline is by window, the newest first.
        """
        before, now = counted(self.before.values()), self.activity.current.window
        counts = [self.shown, before, *baseline]
        kept = [*takewhile(lambda its: its.errors, counts)]
        forgotten, rated = _sum(counts[len(kept) :]), len(counts)
        self.failures_since: datetime | None = None
        """From when on failures are stored, where that is later than for many attempts."""
        many = _MANY if kept[1:] else _VERY_MANY
        if kept and not forgotten.errors and forgotten.attempts >= many:
            self.failures_since = now.until - len(kept) * now.length
            rates = [its.errors / its.attempts for its in kept[-2:]]
            is_partly_gone = rates[-1] < _WHOLE * rates[0]
            if len(kept) == 2:  # noqa: PLR2004 - yesterday; today may be worse than usual
                first = min(f.first for line in self.before.values() for f in line.failures)
                begin, end = self.activity.previous.window
                is_partly_gone = before.errors * (first - begin) >= _MISSED * (end - first)
            rated = len(kept) - is_partly_gone
        self.attempts_before, self.usual = before.attempts, _sum(counts[2:rated])
        self.before = self.before if rated > 1 else {}

    def errors_by_kind(self) -> dict[ErrorKind, int]:
        """How the errors divide."""
        return dict.fromkeys(ErrorKind, 0) | kinds_of(self.failures)

    def errors_by_cause(self) -> dict[str, int]:
        """How they divide, for people."""
        causes: Counter[str] = Counter()
        for failure in self.failures:
            causes[_cause(failure)] += failure.count
        return dict(sorted(causes.items(), key=lambda item: (-item[1], item[0])))

    def patterns(self) -> tuple[list[contract.PatternPart], int]:
        """The most frequent patterns of messages of no known kind, and how many more there are."""
        pattern_of = cache(lambda message, model: parameterize(message, model=model))
        counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        newest: dict[tuple[str, str], Sample] = {}
        for (provider, model), line in self.tried.items():
            for failure in line.failures:
                sample = failure.sample
                if sample and failure.kind is ErrorKind.UNKNOWN:
                    key = provider, pattern_of(sample.message, model)
                    counts[key][model] += failure.count
                    newest[key] = max(newest.get(key, sample), sample, key=lambda s: s[:2])
        ordered = sorted(counts, key=lambda key: (-counts[key].total(), key))
        parts = [
            contract.PatternPart(
                provider=key[0],
                count=counts[key].total(),
                models=[model for model, _ in counts[key].most_common()],
                sample=sanitized_message(newest[key].message, cut=newest[key].cut),
            )
            for key in ordered[:_MOST_PATTERNS]
        ]
        return parts, len(ordered) - len(parts)

    def totals(self) -> contract.Totals:
        """Of all attempts; the rates are of published models."""
        everything = counted(self.lines.current.values())
        not_stored = sum(failure.count for failure in self.failures if failure.is_saving)
        return contract.Totals.of(
            everything,
            malformed=self.activity.current.malformed,
            not_stored=not_stored,
            expired_leases=self.shown.errors - counted(self.tried.values()).errors - not_stored,
            unpublished=contract.Unpublished(
                pairs=len(self.lines.current) - len(self.published),
                errors=everything.errors - self.shown.errors,
                successes=everything.successes - self.shown.successes,
            ),
            failure_rate=_rate(self.shown),
            failure_rate_before=_rate(counted(self.before.values())),
            attempts_before=self.attempts_before,
            failure_rate_usual=_rate(self.usual),
        )

    def providers(self, expected: Iterable[str]) -> list[contract.ProviderPart]:
        """Those with attempts, and those that should have had some."""
        names = dict.fromkeys((*expected, *(key.provider for key in self.published)))
        parts = [self._provider(name) for name in names]
        return sorted(parts, key=lambda part: (-part.errors, part.provider))

    def _provider(self, name: str) -> contract.ProviderPart:
        tried = [line for key, line in self.tried.items() if key.provider == name]
        before = [line for key, line in self.before.items() if key.provider == name]
        every = counted(line for key, line in self.published.items() if key.provider == name)
        its = counted(tried)
        return contract.ProviderPart.of(
            its,
            provider=name,
            models=len(tried),
            errors_by_kind=_kinds(tried),
            lost=every.errors - its.errors,
            failure_rate_before=_rate(counted(line.at_the_provider for line in before)),
            hourly_buckets=_hourly_buckets(self.activity.current.window, tried),
        )

    def models(self) -> list[contract.ModelPart]:
        """Those with attempts at the provider."""
        parts = [self._model(key, line) for key, line in self.tried.items()]
        return sorted(parts, key=lambda part: (-part.errors, part.provider, part.model))

    def _model(self, key: ModelKey, line: Timeline) -> contract.ModelPart:
        successes = line.successes or self.lines.previous.get(key, line).successes
        return contract.ModelPart.of(
            counted([line]),
            **key._asdict(),
            errors_by_kind=_kinds([line]),
            last_success=max((bucket.last for bucket in successes), default=None),
        )


def counted(lines: Iterable[Timeline]) -> AttemptCounts:
    """How many attempts there were, and how they ended."""
    return _sum(AttemptCounts(line.errors, line.succeeded) for line in lines)


def _sum(counts: Iterable[AttemptCounts]) -> AttemptCounts:
    return sum(counts, AttemptCounts())


def _cause(failure: Failure) -> str:
    """By kind, by what failed on our own side, or by what is known of an error of no kind."""
    if failure.is_saving:
        return "could not be saved"
    its = failure if failure.kind is ErrorKind.UNKNOWN else KINDS[failure.kind]
    return (failure.internal_cause or its).words


def _kinds(lines: Iterable[Timeline]) -> dict[ErrorKind, int]:
    kinds = kinds_of(failure for line in lines for failure in line.failures)
    return {kind: kinds[kind] for kind in ErrorKind if kinds[kind]}


def _hourly_buckets(window: Window, lines: Iterable[Timeline]) -> list[contract.Bucket]:
    """Hours count back from the window's end, buckets forward to it."""
    hours = max(1, ceil(window.length / HOUR))
    failed, succeeded = [0] * _BUCKETS, [0] * _BUCKETS
    for line in lines:
        errors = [((window.until - f.last - _MS) // HOUR, f.count) for f in line.failures]
        successes = [(bucket.hour, bucket.count) for bucket in line.successes]
        for counts, its in ((failed, errors), (succeeded, successes)):
            for hour, count in its:
                counts[-1 - min(_BUCKETS - 1, hour * _BUCKETS // hours)] += count
    parts = zip(failed, succeeded, strict=True)
    return [contract.Bucket(attempts=bad + good, errors=bad) for bad, good in parts]


def _rate(its: AttemptCounts) -> float | None:
    return its.errors / its.attempts if its.attempts else None
