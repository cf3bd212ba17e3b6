"""Both sources give the same value for the same documents, however dirty these are."""

import tempfile
from pathlib import Path

import generated
from filling import REFILLED, fill
from hypothesis import given, settings
from hypothesis import strategies as st
from pymongo.database import Database
from stores import Store

from healthcheck.activity import Lookback
from healthcheck.settings import Settings
from healthcheck.sources import catalog, cleaning, mongodb, snapshot
from healthcheck.sources.limits import Limits

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
