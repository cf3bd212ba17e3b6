"""Since when models fail more often than usual."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from healthcheck.activity import AttemptCounts, ErrorBucket, Sample, Stage, SuccessBucket
from healthcheck.diagnosis.rates import stretch
from healthcheck.diagnosis.timeline import Failure, Timeline
from healthcheck.taxonomy import ErrorKind

BEGIN = datetime(2026, 3, 9, 8, tzinfo=UTC)
BURST = range(60, 90)


def model(failed: set[int]) -> SimpleNamespace:
    """An attempt every ten minutes; those of these numbers fail."""
    failures, successes = [], []
    for number in range(120):
        at = BEGIN + timedelta(minutes=10 * number)
        if number in failed:
            bucket = ErrorBucket(0, "rate_limit", Stage.GENERATE, 1, at, at, ())
            sample = Sample(at, "429 rate limit reached", False, 429)
            failures.append(Failure(bucket, sample, first=at, last=at, count=1))
        else:
            successes.append(SuccessBucket(0, 1, at, at))
    line = Timeline(failures, successes)
    return SimpleNamespace(recent=[line], baseline=AttemptCounts(errors=10, successes=990))


@given(st.sets(st.sampled_from([*range(50), *range(100, 120)]), max_size=2))
def test_single_failures_hours_before_and_after_are_background(background):
    found = stretch([model(background | set(BURST[::2]))], {ErrorKind.RATE_LIMIT}, BEGIN)
    assert found == tuple(BEGIN + timedelta(minutes=10 * n) for n in (BURST[0], BURST[-2]))


def test_nothing_is_found_where_no_more_fails_than_usual():
    assert stretch([model({7})], {ErrorKind.RATE_LIMIT}, BEGIN) is None
    assert stretch([model({7})], {ErrorKind.RATE_LIMIT}, BEGIN + timedelta(days=1)) is None
