"""Both sources give the same value for the same documents, however dirty these are."""

import tempfile
from pathlib import Path

import generated
import pytest
from filling import REFILLED, fill
from hypothesis import given, settings
from hypothesis import strategies as st
from pymongo.database import Database
from stores import Store

from healthcheck.activity import Lookback
from healthcheck.settings import Settings
from healthcheck.sources import mongodb, snapshot
from healthcheck.sources.bson_order import order
from healthcheck.sources.connecting import CODEC
from healthcheck.sources.limits import Limits

FORMATS = ["jsonl", "canonical", "lines", "json", "bson"]


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


@pytest.fixture
def anything(database: Database):
    return database.get_collection("anything", codec_options=CODEC)


@settings(max_examples=60, suppress_health_check=REFILLED)
@given(
    identities=st.lists(
        st.one_of(generated.identities(), generated.identities_of_any_type),
        min_size=2,
        max_size=30,
        unique_by=order,
    )
)
def test_values_sort_as_mongodb_sorts_them(anything, identities: list) -> None:
    anything.delete_many({})
    anything.insert_many({"_id": identity} for identity in identities)
    stored = [document["_id"] for document in anything.find().sort("_id", 1)]
    assert [order(value) for value in stored] == sorted(map(order, identities))
