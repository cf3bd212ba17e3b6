"""Attempts, errors and failure rates: in all, by kind, by provider, and by model."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from math import ceil

from healthcheck.activity import HOUR, Activity, ModelKey, Window
from healthcheck.diagnosis import Timeline, Timelines
from healthcheck.diagnosis.published import publication
from healthcheck.report.contract import Bucket, ModelPart, ProviderPart, Totals, Unpublished
from healthcheck.taxonomy import ErrorKind

_BUCKETS = 24
_MS = timedelta(milliseconds=1)

Lines = Mapping[ModelKey, Timeline]


def counted(lines: Iterable[Timeline]) -> dict[str, int]:
    """How many attempts there were, and how they ended."""
    errors = successes = 0
    for line in lines:
        errors += line.errors
        successes += line.succeeded
    return {"attempts": errors + successes, "errors": errors, "successes": successes}


def errors_by_kind(lines: Iterable[Timeline]) -> dict[ErrorKind, int]:
    """How the errors divide."""
    counts = dict.fromkeys(ErrorKind, 0)
    for line in lines:
        for failure in line.failures:
            counts[failure.kind] += failure.count
    return counts


def totals(activity: Activity, lines: Timelines, published: Lines) -> Totals:
    """Of all attempts; the rates are of published models, as of now in earlier windows too."""
    is_published = publication(activity)
    everything, shown = counted(lines.current.values()), counted(published.values())
    before = counted(line for key, line in lines.previous.items() if is_published(key))
    baseline = [
        window for key, its in activity.baseline.items() if is_published(key) for window in its
    ]
    usual_errors = sum(window.errors for window in baseline)
    usual_successes = sum(window.successes for window in baseline)
    failures = [failure for line in published.values() for failure in line.failures]
    not_stored = sum(failure.count for failure in failures if failure.stage.is_saving)
    at_the_provider = sum(failure.count for failure in failures if failure.at_the_provider)
    return Totals(
        **everything,
        malformed=activity.current.malformed + activity.undated,
        not_stored=not_stored,
        expired_leases=shown["errors"] - at_the_provider - not_stored,
        unpublished=Unpublished(
            pairs=len(lines.current) - len(published),
            errors=everything["errors"] - shown["errors"],
            successes=everything["successes"] - shown["successes"],
        ),
        failure_rate=_rate(shown["errors"], shown["attempts"]),
        failure_rate_before=_rate(before["errors"], before["attempts"]),
        attempts_before=before["attempts"],
        failure_rate_usual=_rate(usual_errors, usual_errors + usual_successes),
    )


def providers(
    activity: Activity, lines: Lines, previous: Lines, expected: Iterable[str]
) -> list[ProviderPart]:
    """Those with attempts at the provider, and those that should have had some."""
    is_published = publication(activity)
    current = _by_provider(lines)
    before = _by_provider({key: line for key, line in previous.items() if is_published(key)})
    parts = []
    for name in {*expected, *current}:
        its = current.get(name, {})
        were = counted(line.at_the_provider for line in before.get(name, {}).values())
        parts.append(
            ProviderPart(
                provider=name,
                models=len(its),
                **counted(its.values()),
                failure_rate_before=_rate(were["errors"], were["attempts"]),
                errors_by_kind=_present(errors_by_kind(its.values())),
                hourly_buckets=_hourly_buckets(activity.current.window, its.values()),
            )
        )
    return sorted(parts, key=lambda part: (-part.errors, part.provider))


def models(lines: Lines, previous: Lines) -> list[ModelPart]:
    """Those with attempts at the provider."""
    parts = []
    for key, line in lines.items():
        successes = (*previous.get(key, Timeline()).successes, *line.successes)
        parts.append(
            ModelPart(
                provider=key.provider,
                model=key.model,
                **counted([line]),
                errors_by_kind=_present(errors_by_kind([line])),
                last_success=max((bucket.last for bucket in successes), default=None),
            )
        )
    return sorted(parts, key=lambda part: (-part.errors, part.provider, part.model))


def _hourly_buckets(window: Window, lines: Iterable[Timeline]) -> list[Bucket]:
    """Hours count back from the window's end, buckets forward to it."""
    hours = max(1, ceil(window.length / HOUR))
    attempts, errors = [0] * _BUCKETS, [0] * _BUCKETS
    for line in lines:
        failed = [((window.until - f.last - _MS) // HOUR, f.count) for f in line.failures]
        for hour, count in failed:
            errors[_BUCKETS - 1 - min(_BUCKETS - 1, hour * _BUCKETS // hours)] += count
        for hour, count in (*failed, *((cell.hour, cell.count) for cell in line.successes)):
            attempts[_BUCKETS - 1 - min(_BUCKETS - 1, hour * _BUCKETS // hours)] += count
    return [Bucket(attempts=a, errors=e) for a, e in zip(attempts, errors, strict=True)]


def _by_provider(lines: Lines) -> dict[str, dict[ModelKey, Timeline]]:
    grouped: dict[str, dict[ModelKey, Timeline]] = {}
    for key, line in lines.items():
        grouped.setdefault(key.provider, {})[key] = line
    return grouped


def _rate(errors: int, attempts: int) -> float | None:
    return errors / attempts if attempts else None


def _present(counts: Mapping[ErrorKind, int]) -> dict[ErrorKind, int]:
    return {kind: count for kind, count in counts.items() if count}
