"""Each failure with its true kind, and all of them counted."""

from datetime import timedelta
from pathlib import Path

from scene import BUSY, TOO_SLOW, UNSUPPORTED, UNTIL
from stores import Store

import healthcheck
from healthcheck.activity import Lookback, ModelKey, Stage
from healthcheck.diagnosis import timelines
from healthcheck.diagnosis.timeline import kinds_of
from healthcheck.sources import snapshot
from healthcheck.sources.limits import Limits
from healthcheck.taxonomy import classify

DAY = Lookback(UNTIL, timedelta(days=1))
PAIR = ModelKey("x", "m")

SAMPLED = Limits(failures_read=0)


def test_what_is_judged_once_for_many_is_right_for_each():
    activity = snapshot.collect(Path(healthcheck.__file__).parent / "sample", DAY)
    lines = timelines(activity)
    kinds = {
        (pair, failure.sample): failure.kind
        for pair, line in lines.current.items()
        for failure in line.failures
    }
    assert len(kinds) > 100
    for pair, done in activity.current.pairs.items():
        for cell in done.errors:
            for sample in cell.samples:
                hints = {"http_status": sample.http_status, "stored_kind": cell.stored_kind}
                if cell.stage is Stage.VALIDATE or cell.stage.is_saving:
                    hints = {}
                assert kinds[pair, sample] == classify(sample.message, **hints).kind


def test_the_order_of_time_is_kept_where_nothing_is_estimated(tmp_path):
    store = Store(until=UNTIL)
    moments = [UNTIL - timedelta(minutes=minutes) for minutes in (200, 100, 3)]
    for moment in moments:
        store.error("x", "m", moment, BUSY)
    lines = timelines(snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY))
    assert [failure.last for failure in lines.current[PAIR].failures] == moments
    assert not lines.current[PAIR].estimated


def test_estimated_kinds_add_up_to_the_exact_total(tmp_path):
    store = Store(until=UNTIL)
    for second in range(1_000):
        message = BUSY if second % 4 else TOO_SLOW
        store.error("x", "m", UNTIL - timedelta(seconds=second + 1), message)
    line = timelines(
        snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY, SAMPLED)
    ).current[PAIR]
    assert line.estimated
    assert line.errors == 1_000


def test_what_shows_no_message_is_judged_by_the_nearest_of_its_kind_and_stage(tmp_path):
    store = Store(until=UNTIL)
    for hour in range(23):
        stored_as_unknown = UNSUPPORTED if hour else BUSY
        store.error(
            "x", "m", UNTIL - timedelta(hours=hour, minutes=1), stored_as_unknown, "unknown"
        )
        store.error("x", "m", UNTIL - timedelta(hours=hour, minutes=2), TOO_SLOW, "timeout")
    limits = Limits(failures_read=0, samples_per_window=3)
    line = timelines(snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY, limits)).current[
        PAIR
    ]
    expected = {"transient_provider": 1, "hard_capability": 22, "timeout": 23}
    assert kinds_of(line.failures) == expected


def test_a_sample_among_successes_stands_for_itself_at_the_end(tmp_path):
    """400 failures and 400 successes in turns are no run of 400 failures."""
    store = Store(until=UNTIL)
    for second in range(400):
        store.error("x", "m", UNTIL - timedelta(seconds=2 * second + 1), BUSY)
        store.success("x", "m", UNTIL - timedelta(seconds=2 * second + 2))
    line = timelines(
        snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY, SAMPLED)
    ).current[PAIR]
    assert line.errors == 400
    assert sum(f.count for f in line.failures if f.last > UNTIL - timedelta(minutes=5)) <= 5


def test_sentences_without_spaces_are_no_ids(tmp_path):
    store = Store(until=UNTIL)
    messages = [
        "当前分组上游负载已饱和请稍后再试错误码503",
        "该账户余额不足请充值后再试错误码402号",
    ]
    for minutes, message in enumerate(messages, start=1):
        store.error("x", "m", UNTIL - timedelta(minutes=minutes), message)
    line = timelines(snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY)).current[PAIR]
    assert [failure.kind for failure in line.failures] == ["billing", "transient_provider"]
