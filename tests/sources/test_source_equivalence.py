"""Both sources give the same value for the same documents, however dirty these are."""

import tempfile
from datetime import timedelta
from pathlib import Path

import generated
import pytest
from bson import ObjectId
from filling import REFILLED, fill
from hypothesis import given, settings
from hypothesis import strategies as st
from pymongo.database import Database
from stores import UNTIL, Store

from healthcheck.activity import Lookback
from healthcheck.settings import Settings
from healthcheck.sources import catalog, cleaning, mongodb, snapshot
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import object_id_of, to_ms

FORMATS = ["jsonl", "canonical", "lines", "json", "bson"]


def test_every_field_that_is_read_is_generated() -> None:
    assert {name: set(fields) for name, fields in generated.FIELDS.items()} == {
        "errors": set(cleaning.ERROR_FIELDS),
        "successes": set(cleaning.SUCCESS_FIELDS),
        "entries": {"_id", *catalog.FIELDS},
    }


@settings(max_examples=150, suppress_health_check=REFILLED)
@given(
    store=generated.stores,
    limits=generated.limits,
    lookback=st.sampled_from([generated.LOOKBACK, generated.TWO_DAYS]),
    packed=st.booleans(),
)
def test_a_snapshot_gives_what_mongodb_gives(
    database: Database,
    store_settings: Settings,
    store: Store,
    limits: Limits,
    lookback: Lookback,
    packed: bool,
) -> None:
    fill(database, store)
    expected = mongodb.collect(store_settings, lookback, limits)
    for form in FORMATS:
        with tempfile.TemporaryDirectory() as folder:
            store.write_snapshot(Path(folder), form, packed=packed)
            assert snapshot.collect(Path(folder), lookback, limits) == expected, form


def test_a_document_counts_at_its_time_on_both_sides_of_a_window(
    database: Database, store_settings: Settings, tmp_path: Path
) -> None:
    """Its `_id`, by which the queries are cut, may lie nearly an hour away."""
    store = Store()
    for hours in (24, 48):
        for beside in (-10, 10):
            at = store.ago(hours=hours, minutes=beside)
            for off in (-57, -21, 21, 57):
                identity = object_id_of(to_ms(at + timedelta(minutes=off)))
                store.error("openai", "a", at, "429", "rate_limit", _id=identity)
                store.success("openai", "a", at, _id=identity, visible_output_tokens=0)
    store.insert_into(database)
    store.write_snapshot(tmp_path)
    found = mongodb.collect(store_settings, generated.LOOKBACK)
    assert found == snapshot.collect(tmp_path, generated.LOOKBACK)
    assert [len(one.pairs) for one in (found.current, found.previous)] == [1, 1]


@pytest.mark.parametrize("minutes", [1, 30, 90])
def test_windows_as_short_as_the_way_from_a_time_to_its_id_give_the_same(
    database: Database, store_settings: Settings, tmp_path: Path, minutes: int
) -> None:
    """What is stored in the newest window then belongs to many others, also of the baseline."""
    store, lookback = Store(), Lookback(UNTIL, timedelta(minutes=minutes))
    for half in range(18):
        at = store.ago(minutes=minutes * half / 2, seconds=1)
        for off in (-57, -29, 0, 29, 57):
            second = object_id_of(to_ms(at + timedelta(minutes=off))).binary[:4]
            identity = ObjectId(second + half.to_bytes(8))
            store.error("openai", "a", at, "429", "rate_limit", _id=identity)
            store.success("openai", "a", at, _id=identity, tokens_per_second=half + 1)
    store.insert_into(database)
    store.write_snapshot(tmp_path)
    found = mongodb.collect(store_settings, lookback)
    assert found == snapshot.collect(tmp_path, lookback)
    (before,) = found.baseline.values()
    assert [(each.errors, each.successes) for each in before] == [(10, 10)] * 7
