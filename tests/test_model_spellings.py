"""Names that differ only in case or blanks are one model."""

from datetime import timedelta

from stores import UNTIL, Store

from healthcheck.activity import Lookback, ModelKey
from healthcheck.model_spellings import merge_spellings
from healthcheck.sources import snapshot


def test_what_a_model_did_under_two_spellings_adds_up(tmp_path):
    store = Store()
    for days_ago in range(3):
        store.day("groq", "org/m", attempts=6, failures=2, days_ago=days_ago)
        store.day("Groq", "Org/M ", attempts=4, failures=1, days_ago=days_ago)
    store.write_snapshot(tmp_path)
    merged = merge_spellings(snapshot.collect(tmp_path, Lookback(UNTIL, timedelta(days=1))))
    (name,) = merged.spellings
    for window in (merged.current, merged.previous):
        assert list(window.pairs) == [name]
        assert sum(bucket.count for bucket in window.pairs[name].errors) == 2 + 1
        assert sum(bucket.count for bucket in window.pairs[name].successes) == 4 + 3
    assert (merged.baseline[name][0].errors, merged.baseline[name][0].successes) == (3, 7)
    assert list(merged.results) == [name]
    assert ModelKey("groq", "org/m") in merged.spellings[name]


def test_the_enabled_entry_of_two_spellings_counts(tmp_path):
    store = Store()
    store.day("groq", "org/m", attempts=6, failures=0)
    store.catalog("groq", "Org/M", enabled=False)
    store.catalog("groq", "org/m")
    store.write_snapshot(tmp_path)
    merged = merge_spellings(snapshot.collect(tmp_path, Lookback(UNTIL, timedelta(days=1))))
    assert merged.catalog[ModelKey("groq", "org/m")].enabled is True
    assert merged.enabled_spellings == {ModelKey("groq", "org/m")}
