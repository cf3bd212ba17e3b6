"""Attempts, errors and failure rates: in all, by kind, by provider, and by model."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from math import ceil

from healthcheck.activity import HOUR, Activity, AttemptCounts, ModelKey, Window
from healthcheck.diagnosis import Timeline, Timelines
from healthcheck.diagnosis.causes import KINDS
from healthcheck.diagnosis.published import publication
from healthcheck.diagnosis.record import summed
from healthcheck.diagnosis.timeline import kinds_of
from healthcheck.report.contract import Bucket, ModelPart, ProviderPart, Totals, Unpublished
from healthcheck.taxonomy import ErrorKind

_BUCKETS = 24
_MS = timedelta(milliseconds=1)

Lines = Mapping[ModelKey, Timeline]


def counted(lines: Iterable[Timeline]) -> AttemptCounts:
    """How many attempts there were, and how they ended."""
    ends = [(line.errors, line.succeeded) for line in lines]
    return AttemptCounts(sum(errors for errors, _ in ends), sum(good for _, good in ends))


def errors_by_kind(lines: Iterable[Timeline]) -> dict[ErrorKind, int]:
    """How the errors divide."""
    failures = (failure for line in lines for failure in line.failures)
    return dict.fromkeys(ErrorKind, 0) | kinds_of(failures)


def errors_by_cause(lines: Iterable[Timeline]) -> dict[str, int]:
    """How they divide, for people: by kind, or by what failed on our own side."""
    causes: Counter[str] = Counter()
    for failure in (failure for line in lines for failure in line.failures):
        cause = failure.internal_cause or KINDS[failure.kind]
        words = "could not be saved" if failure.stage.is_saving else cause.words
        causes[words] += failure.count
    return dict(sorted(causes.items(), key=lambda item: (-item[1], item[0])))


def totals(activity: Activity, lines: Timelines, published: Lines) -> Totals:
    """Of all attempts; the rates are of published models, as of now in earlier windows too."""
    is_published = publication(activity)
    everything, shown = counted(lines.current.values()), counted(published.values())
    before = counted(line for key, line in lines.previous.items() if is_published(key))
    earlier = [w for key, its in activity.baseline.items() if is_published(key) for w in its]
    failures = [failure for line in published.values() for failure in line.failures]
    not_stored = sum(failure.count for failure in failures if failure.stage.is_saving)
    at_the_provider = sum(failure.count for failure in failures if failure.at_the_provider)
    return Totals.of(
        everything,
        malformed=activity.current.malformed,
        not_stored=not_stored,
        expired_leases=shown.errors - at_the_provider - not_stored,
        unpublished=Unpublished(
            pairs=len(lines.current) - len(published),
            errors=everything.errors - shown.errors,
            successes=everything.successes - shown.successes,
        ),
        failure_rate=_rate(shown),
        failure_rate_before=_rate(before),
        attempts_before=before.attempts,
        failure_rate_usual=_rate(summed(earlier)),
    )


def providers(
    activity: Activity, published: Lines, previous: Lines, expected: Iterable[str]
) -> list[ProviderPart]:
    """Those with attempts, and those that should have had some."""
    is_published = publication(activity)
    current: dict[str, list[Timeline]] = {name: [] for name in expected}
    lost: Counter[str] = Counter()
    for key, line in published.items():
        at_the_provider = line.at_the_provider
        current.setdefault(key.provider, []).append(at_the_provider)
        lost[key.provider] += line.errors - at_the_provider.errors
    before = defaultdict(list)
    for key, line in previous.items():
        if is_published(key):
            before[key.provider].append(line.at_the_provider)
    parts = []
    for name, its in current.items():
        part = ProviderPart.of(
            counted(its),
            provider=name,
            models=len(its),
            errors_by_kind=_kinds(its),
            lost=lost[name],
            failure_rate_before=_rate(counted(before[name])),
            hourly_buckets=_hourly_buckets(activity.current.window, its),
        )
        parts.append(part)
    return sorted(parts, key=lambda part: (-part.errors, part.provider))


def models(lines: Lines, previous: Lines) -> list[ModelPart]:
    """Those with attempts at the provider."""
    parts = []
    for key, line in lines.items():
        successes = (*previous.get(key, Timeline()).successes, *line.successes)
        last = max((bucket.last for bucket in successes), default=None)
        kinds = _kinds([line])
        part = ModelPart.of(
            counted([line]), **key._asdict(), errors_by_kind=kinds, last_success=last
        )
        parts.append(part)
    return sorted(parts, key=lambda part: (-part.errors, part.provider, part.model))


def _kinds(lines: Iterable[Timeline]) -> dict[ErrorKind, int]:
    return {kind: count for kind, count in errors_by_kind(lines).items() if count}


def _hourly_buckets(window: Window, lines: Iterable[Timeline]) -> list[Bucket]:
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
    return [Bucket(attempts=bad + good, errors=bad) for bad, good in parts]


def _rate(its: AttemptCounts) -> float | None:
    return its.errors / its.attempts if its.attempts else None
