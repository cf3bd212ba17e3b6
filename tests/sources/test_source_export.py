"""An export can be looked at elsewhere: it gives the same report, holds no secret, and is private."""

import gzip
import json
import os
import stat
import tempfile
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import generated
import pytest
from filling import REFILLED, fill
from hypothesis import given, settings
from hypothesis import strategies as st
from pymongo.database import Database
from stores import Store

from healthcheck.activity import Lookback
from healthcheck.errors import OutputError, SourceError, UsageError
from healthcheck.settings import Settings
from healthcheck.sources import mongodb, snapshot
from healthcheck.sources.export import export
from healthcheck.sources.limits import Limits

LOOKBACK = generated.LOOKBACK


@settings(max_examples=60, suppress_health_check=REFILLED)
@given(
    store=generated.stores,
    limits=generated.limits,
    lookback=st.sampled_from([generated.LOOKBACK, generated.TWO_DAYS]),
)
def test_an_export_gives_what_mongodb_gives(
    database: Database,
    store_settings: Settings,
    store: Store,
    limits: Limits,
    lookback: Lookback,
) -> None:
    fill(database, store)
    expected = mongodb.collect(store_settings, lookback, limits)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "export"
        with patch("healthcheck.sources.export.redact", str):
            export(store_settings, folder, lookback, limits)
        found = snapshot.collect(folder, lookback, limits)
        assert snapshot.window_end(folder) == lookback.until
    assert found == replace(expected, reaches_back_to=lookback.begin)


def test_secrets_stay_at_home(database: Database, store_settings: Settings, tmp_path: Path) -> None:
    key = "sk-proj-" + "abcdefghij0123456789ABCDEFGHIJ" * 2
    store = Store()
    store.error("openai", "a", store.ago(hours=1), f"401 bad key {key}", traceback=key)
    store.error("openai", "a", store.ago(hours=2), "x" * 3990 + key)
    store.error("openai", "a", store.ago(hours=3), {"text": key}, _id=f"id {key}")
    store.error(
        "openai", "a", store.ago(hours=4), "e", stage=key, kind=key, http_status=key, ts=key
    )
    store.catalog("openai", "a", disabled_reason=f"key {key}", successor_model=key)
    store.insert_into(database)
    export(store_settings, tmp_path / "export", LOOKBACK)
    written = b"".join(
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in (tmp_path / "export").iterdir()
    )
    assert b"401 bad key" in written
    assert key.encode()[:20] not in written


def test_only_the_owner_can_read_it(
    database: Database, store_settings: Settings, tmp_path: Path
) -> None:
    store = Store()
    store.day("openai", "a", failures=3)
    store.catalog("openai", "a")
    store.insert_into(database)
    former = os.umask(0)
    try:
        export(store_settings, tmp_path / "new" / "export", LOOKBACK)
    finally:
        os.umask(former)
    folder = tmp_path / "new" / "export"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert modes == {
        "errors_cloud.jsonl.gz": 0o600,
        "metrics_cloud_v2.jsonl.gz": 0o600,
        "models.jsonl.gz": 0o600,
        "manifest.json": 0o600,
    }


def test_the_manifest_says_what_is_in_it_and_not_where_it_came_from(
    database: Database, store_settings: Settings, mongod, tmp_path: Path
) -> None:
    store = Store()
    store.day("openai", "a", failures=3)
    store.insert_into(database)
    export(store_settings, tmp_path / "export", LOOKBACK)
    text = (tmp_path / "export" / "manifest.json").read_text()
    said = json.loads(text)
    assert said["since"] == "2025-05-24T06:00:00Z"
    assert said["until"] == "2025-06-02T06:00:00Z"
    assert str(mongod.port) not in text
    assert database.name not in text


def test_a_folder_that_is_not_empty_is_left_alone(
    database: Database, store_settings: Settings, tmp_path: Path
) -> None:
    Store().insert_into(database)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        export(store_settings, tmp_path, LOOKBACK)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_is_taken(
    database: Database, store_settings: Settings, tmp_path: Path
) -> None:
    Store().insert_into(database)
    (tmp_path / "export").mkdir()
    export(store_settings, tmp_path / "export", LOOKBACK)
    assert (tmp_path / "export" / "manifest.json").exists()


def test_an_export_that_fails_leaves_nothing(
    database: Database, store_settings: Settings, tmp_path: Path
) -> None:
    database.create_collection("errors_cloud")
    with pytest.raises(SourceError, match="metrics_cloud_v2"):
        export(store_settings, tmp_path / "export", LOOKBACK)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_a_sentence(
    database: Database, store_settings: Settings, tmp_path: Path
) -> None:
    Store().insert_into(database)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        export(store_settings, tmp_path / "file" / "export", LOOKBACK)
