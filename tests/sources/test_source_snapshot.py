"""A snapshot folder that cannot be read says which file, where in it, and what is wrong."""

import gzip
import json
import tracemalloc
from datetime import timedelta
from pathlib import Path

import generated
import pytest
from bson import json_util
from stores import UNTIL, Store, encoded

from healthcheck.activity import UNKNOWN_NAME, ModelKey
from healthcheck.errors import HealthCheckError, SourceError, UsageError
from healthcheck.sources import snapshot
from healthcheck.sources.limits import Limits

LOOKBACK = generated.LOOKBACK


def day() -> Store:
    store = Store()
    store.day("openai", "a", failures=6)
    store.catalog("openai", "a")
    return store


def complaint(folder: Path, kind: type[HealthCheckError] = SourceError) -> str:
    with pytest.raises(kind) as caught:
        snapshot.collect(folder, LOOKBACK)
    assert str(caught.value).endswith((".", "?"))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "why"), [("nowhere", "no such file or directory"), ("file", "not a directory")]
)
def test_what_is_no_folder_is_a_wrong_option(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError) as caught:
        snapshot.collect(tmp_path / name, LOOKBACK)
    assert caught.value.what == f"{tmp_path / name} is not a folder that can be read: {why}."


def test_an_empty_folder_is_told_what_was_looked_for(tmp_path: Path) -> None:
    said = complaint(tmp_path, UsageError)
    for suffix in ("jsonl", "jsonl.gz", "json", "json.gz", "bson", "bson.gz"):
        assert f"errors_cloud.{suffix}" in said


def test_metrics_are_required_as_well(tmp_path: Path) -> None:
    day().write_snapshot(tmp_path)
    (tmp_path / "metrics_cloud_v2.jsonl").unlink()
    assert "contains no metrics_cloud_v2" in complaint(tmp_path)


def test_a_missing_catalog_is_no_catalog(tmp_path: Path) -> None:
    day().write_snapshot(tmp_path)
    (tmp_path / "models.jsonl").unlink()
    assert snapshot.collect(tmp_path, LOOKBACK).catalog is None


def test_an_empty_catalog_is_a_catalog(tmp_path: Path) -> None:
    day().write_snapshot(tmp_path)
    (tmp_path / "models.jsonl").write_text("")
    assert snapshot.collect(tmp_path, LOOKBACK).catalog == {}


def test_two_files_for_one_collection(tmp_path: Path) -> None:
    day().write_snapshot(tmp_path)
    day().write_snapshot(tmp_path, packed=True)
    assert "errors_cloud.jsonl and errors_cloud.jsonl.gz" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a": 1', "line 3: broken JSON"),
        (b'{"a": 1}, {"a": 2}', "line 3: broken JSON"),
        (b"429", "line 3, value 1: not a document"),
        (b'["a"]', "line 3, value 1: not a document"),
        (b'{"message": "\xff"}', "line 3: not UTF-8"),
        (b'{"a":' + b"[" * 200_000, "line 3: JSON that cannot be read"),
        (b'{"n": ' + b"1" * 5000 + b"}", "line 3: JSON that cannot be read"),
        (
            b'{"message": "' + b"x" * (2 << 20) + b'"}',
            "line 3: more than 1 MiB in one line or array",
        ),
    ],
)
def test_a_broken_line_is_named_by_its_number(
    tmp_path: Path, monkeypatch, line: bytes, reason: str
) -> None:
    day().write_snapshot(tmp_path)
    lines = (tmp_path / "errors_cloud.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "errors_cloud.jsonl").write_bytes(b"".join([*lines[:2], line, b"\n", *lines[2:]]))
    if "MiB" in reason:
        monkeypatch.setattr(snapshot, "MOST_BYTES", 1 << 20)
    said = complaint(tmp_path)
    assert "errors_cloud.jsonl" in said
    assert reason in said


def test_a_file_without_line_ends_is_not_read_to_its_end(tmp_path: Path, monkeypatch) -> None:
    day().write_snapshot(tmp_path)
    with gzip.open(tmp_path / "x", "wb", 1) as packed:
        for _ in range(64):
            packed.write(b'{"a": "' + b" " * (1 << 20))
    (tmp_path / "errors_cloud.jsonl").unlink()
    (tmp_path / "x").rename(tmp_path / "errors_cloud.jsonl.gz")
    tracemalloc.start()
    monkeypatch.setattr(snapshot, "MOST_BYTES", 1 << 20)
    said = complaint(tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "line 1: more than 1 MiB" in said
    assert peak < 8 << 20


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'[{"a": 1},\n{"b": ]', "line 2: broken JSON at character 7"),
        (b'[{"a": 1},\n{"b": ', "line 2: broken JSON"),
        (b'[{"a": 1},\n7]', "line 1, value 2: not a document"),
        (b'[{"a": 1}', "line 1: broken JSON"),
        (b'[{"a": 1}]\n\nx', "line 3: broken JSON at character 1"),
        (b'[\n{"a": "\xff"}]', "line 2: not UTF-8"),
        (b"[", "line 1: broken JSON"),
        (b'{"a": 1}\n]', "line 2: broken JSON at character 1"),
    ],
)
def test_an_array_that_is_broken_is_named_by_its_line(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    day().write_snapshot(tmp_path, "json")
    (tmp_path / "errors_cloud.json").write_bytes(data)
    assert reason in complaint(tmp_path)


def written(documents: list[dict], layout: str) -> str:
    """As mongoexport writes them with --jsonArray, and with --pretty."""
    indent = "\t" if "pretty" in layout else None
    texts = [json_util.dumps(document, indent=indent) for document in documents]
    return "[" + ",".join(texts) + "]\n" if "array" in layout else "\n".join(texts) + "\n"


@pytest.mark.parametrize("suffix", ["jsonl", "json", "ndjson"])
@pytest.mark.parametrize("layout", ["lines", "array", "pretty array"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_layout_of_mongoexport_is_read(tmp_path: Path, layout: str, suffix: str, end: str):
    day().write_snapshot(tmp_path)
    expected = snapshot.collect(tmp_path, LOOKBACK)
    for name, documents in day().collections().items():
        (tmp_path / f"{name}.jsonl").unlink()
        text = "\ufeff" + end + written(documents, layout).replace("\n", end)
        (tmp_path / f"{name}.{suffix}").write_bytes(text.encode())
    assert snapshot.collect(tmp_path, LOOKBACK) == expected


def test_a_document_over_several_lines_is_told_of_pretty(tmp_path: Path) -> None:
    day().write_snapshot(tmp_path)
    (tmp_path / "errors_cloud.jsonl").write_text(written(day().errors, "pretty"))
    said = complaint(tmp_path)
    assert "errors_cloud.jsonl, line 1: broken JSON" in said
    assert "--pretty writes a document over several lines" in said


def test_a_file_may_have_the_database_before_its_name(tmp_path: Path):
    """As Compass writes it."""
    day().write_snapshot(tmp_path)
    expected = snapshot.collect(tmp_path, LOOKBACK)
    (tmp_path / "errors_cloud.jsonl").rename(tmp_path / "llm-bench.errors_cloud.json")
    assert snapshot.collect(tmp_path, LOOKBACK) == expected


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ('{"a": 1}\n'.encode("utf-16"), "not UTF-8 text"),
        (b"PK\x03\x04...", "broken JSON"),
        (b"<!doctype html>", "broken JSON"),
        (b"2026-03-10T08:00:00.000+0000\tconnected to: mongodb://h/\n{}\n", "broken JSON"),
        (b"provider,model_name,ts\nx,y,z\n", "broken JSON"),
        (b"{ _id: ObjectId('60'), ts: ISODate('2026') }\n", "broken JSON at character 3"),
        (b'{ "_id" : ObjectId("60") }\n', "broken JSON at character 11"),
    ],
)
def test_what_is_not_json_is_told_with_what_writes_a_snapshot(
    tmp_path: Path, data: bytes, what: str
) -> None:
    day().write_snapshot(tmp_path)
    (tmp_path / "errors_cloud.jsonl").write_bytes(data)
    said = complaint(tmp_path)
    assert f"errors_cloud.jsonl, line 1: {what}" in said
    assert "mongoexport --type=json (CSV has no types, and" in said
    assert "mongodb://" not in said


def test_a_message_in_the_words_of_the_shell_is_json(tmp_path: Path) -> None:
    store = Store()
    store.error("openai", "a", store.ago(hours=1), "no model with _id: ObjectId('60')")
    store.write_snapshot(tmp_path)
    assert snapshot.collect(tmp_path, LOOKBACK).current.pairs


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "system.buckets.errors_cloud.bson",
            "it holds metrics_cloud_v2.jsonl, models.jsonl, system.",
        ),
        ("errors_cloud.csv", "it holds errors_cloud.csv, metrics_cloud_v2.jsonl"),
        ("errors_cloud.csv", "mongoexport --type=json (CSV has no types"),
        ("dump.archive.gz", "it holds dump.archive.gz, metrics_cloud_v2.jsonl"),
        ("dump.archive.gz", "mongodump --out"),
    ],
)
def test_where_else_the_tools_write_a_collection(tmp_path: Path, path: str, told: str) -> None:
    day().write_snapshot(tmp_path)
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / "errors_cloud.jsonl").rename(tmp_path / path)
    assert told.format(folder=tmp_path) in complaint(tmp_path)


def test_an_array_longer_than_a_piece_is_read_to_its_end(tmp_path: Path) -> None:
    store = Store()
    for n in range(40):
        store.error("openai", "a", store.ago(minutes=1 + n), "é" * 100_000)
    store.write_snapshot(tmp_path, "json")
    activity = snapshot.collect(tmp_path, LOOKBACK)
    assert sum(cell.count for cell in activity.current.pairs[ModelKey("openai", "a")].errors) == 40


@pytest.mark.parametrize("cut", [2, 100, -1, -30])
def test_bson_that_is_cut_short_is_named_by_its_document(tmp_path: Path, cut: int) -> None:
    store = day()
    store.write_snapshot(tmp_path, "bson")
    (tmp_path / "errors_cloud.bson").write_bytes(encoded(store.errors, "bson")[:cut])
    number = len(store.errors) if cut < 0 else 1
    assert f"document {number}: the file is cut off or broken here (bson: " in complaint(tmp_path)


@pytest.mark.parametrize("size", [0, 4, -5, 1 << 30])
def test_what_is_no_bson_is_named_by_its_document(tmp_path: Path, size: int) -> None:
    store = day()
    store.write_snapshot(tmp_path, "bson")
    first = encoded(store.errors[:1], "bson")
    (tmp_path / "errors_cloud.bson").write_bytes(
        first + size.to_bytes(4, "little", signed=True) + b"\0" * 50
    )
    assert "document 2: the file is cut off or broken here (bson: " in complaint(tmp_path)


def test_bson_with_a_broken_inside(tmp_path: Path) -> None:
    store = day()
    store.write_snapshot(tmp_path, "bson")
    (tmp_path / "errors_cloud.bson").write_bytes(b"\x10\0\0\0" + b"\xee" * 11 + b"\0")
    assert "document 1: the file is cut off or broken here (bson: " in complaint(tmp_path)


@pytest.mark.parametrize("form", ["jsonl", "json", "bson"])
def test_a_gzip_file_that_is_cut(tmp_path: Path, form: str) -> None:
    day().write_snapshot(tmp_path, form, packed=True)
    path = tmp_path / f"errors_cloud.{form}.gz"
    path.write_bytes(path.read_bytes()[:-10])
    assert "cannot be read: it is cut off." in complaint(tmp_path)


def test_a_gzip_file_that_is_none(tmp_path: Path) -> None:
    day().write_snapshot(tmp_path, packed=True)
    (tmp_path / "errors_cloud.jsonl.gz").write_bytes(b"plain text")
    assert "cannot be read: Not a gzipped file" in complaint(tmp_path)


def test_bytes_that_are_no_text_do_not_stop_bson(tmp_path: Path) -> None:
    store = Store()
    store.error("openai", "a", store.ago(hours=1), "before XX after")
    store.write_snapshot(tmp_path, "bson")
    path = tmp_path / "errors_cloud.bson"
    path.write_bytes(path.read_bytes().replace(b"XX", b"\xff\xfe"))
    (cell,) = snapshot.collect(tmp_path, LOOKBACK).current.pairs[ModelKey("openai", "a")].errors
    assert cell.samples[0].message == "before \ufffd\ufffd after"


def test_halves_of_surrogate_pairs_are_replaced(tmp_path: Path) -> None:
    store = Store()
    store.error("openai", "NAME", store.ago(hours=1), "MESSAGE")
    store.write_snapshot(tmp_path)
    path = tmp_path / "errors_cloud.jsonl"
    text = path.read_text().replace("NAME", r"a\ud800").replace("MESSAGE", r"\udfff!")
    path.write_text(text)
    activity = snapshot.collect(tmp_path, LOOKBACK)
    (cell,) = activity.current.pairs[ModelKey("openai", "a\ufffd")].errors
    assert cell.samples[0].message == "\ufffd!"
    assert activity.current.malformed == 1


def test_documents_may_lack_their_id(tmp_path: Path) -> None:
    store = Store()
    store.catalog("openai", "a")
    store.success("openai", "a", store.ago(days=20))
    store.error("openai", "a", store.ago(days=12), "404 gone")
    store.error("openai", "a", store.ago(hours=1), "404 still gone")
    store.write_snapshot(tmp_path)
    for path in tmp_path.iterdir():
        documents = [json.loads(line) for line in path.read_text().splitlines()]
        bare = [{k: v for k, v in one.items() if k != "_id"} for one in documents]
        path.write_text("".join(json.dumps(one) + "\n" for one in bare))
    activity = snapshot.collect(tmp_path, LOOKBACK)
    pair = ModelKey("openai", "a")
    assert activity.last_success == {pair: store.ago(days=20)}
    assert [sample.message for sample in activity.last_failures[pair].samples] == ["404 gone"]
    (cell,) = activity.current.pairs[pair].errors
    assert [sample.message for sample in cell.samples] == ["404 still gone"]


def test_a_byte_order_mark_and_blank_lines_do_not_matter(tmp_path: Path) -> None:
    day().write_snapshot(tmp_path)
    expected = snapshot.collect(tmp_path, LOOKBACK)
    path = tmp_path / "errors_cloud.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n\r\n"))
    assert snapshot.collect(tmp_path, LOOKBACK) == expected


def test_a_window_holds_its_beginning_and_not_its_end(tmp_path: Path) -> None:
    store = Store()
    for at in (store.ago(days=1), store.until):
        store.error("openai", "a", at, "e")
    store.write_snapshot(tmp_path)
    activity = snapshot.collect(tmp_path, LOOKBACK)
    (cell,) = activity.current.pairs[ModelKey("openai", "a")].errors
    assert (cell.count, cell.first) == (1, store.ago(days=1))
    assert activity.previous.pairs == {}


def test_a_name_is_cut_at_200_characters(tmp_path: Path) -> None:
    store = Store()
    for name in ("m" * 200, "n" * 260, ""):
        store.success("openai", name, store.ago(hours=1))
        store.catalog("openai", name)
    store.write_snapshot(tmp_path)
    activity = snapshot.collect(tmp_path, LOOKBACK)
    named = {ModelKey("openai", "m" * 200), ModelKey("openai", "n" * 200)}
    assert set(activity.current.pairs) == {*named, ModelKey("openai", UNKNOWN_NAME)}
    assert set(activity.catalog or ()) == named
    assert activity.current.malformed == 2


def test_times_as_text_are_no_fault_where_they_can_be_read(tmp_path: Path) -> None:
    store = Store()
    local = store.ago(hours=5)
    for text in (f"{local:%Y-%m-%d %H:%M:%S}", local.isoformat(), "yesterday"):
        store.error("bedrock", "a", local, "e", ts=text)
    store.error("bedrock", "a", local, "e", ts=f"{local - timedelta(hours=4):%Y-%m-%d %H:%M:%S}")
    store.write_snapshot(tmp_path)
    activity = snapshot.collect(tmp_path, LOOKBACK)
    (cell,) = activity.current.pairs[ModelKey("bedrock", "a")].errors
    assert (cell.count, cell.first, cell.last) == (4, local, local)
    assert activity.current.malformed == 1
    assert activity.current.shifted == {("bedrock", -4): (1, local)}


def test_without_a_manifest_the_window_ends_behind_the_newest_document(tmp_path: Path) -> None:
    store = Store()
    store.error("openai", "a", store.ago(hours=5), "e")
    store.success("openai", "a", store.ago(hours=7))
    store.write_snapshot(tmp_path)
    assert snapshot.window_end(tmp_path) == UNTIL - timedelta(hours=5) + timedelta(milliseconds=1)


def test_a_time_far_ahead_of_its_own_id_does_not_end_the_window(tmp_path: Path) -> None:
    store = Store()
    store.error("openai", "a", store.ago(hours=5), "e", ts=store.ago(days=-400))
    store.write_snapshot(tmp_path)
    assert snapshot.window_end(tmp_path) == UNTIL - timedelta(hours=5) + timedelta(milliseconds=1)


def test_a_snapshot_of_nothing_has_no_end(tmp_path: Path) -> None:
    Store().write_snapshot(tmp_path)
    assert snapshot.window_end(tmp_path) is None


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": 2}',
        '{"format": 1, "since": "x", "until": "2025-06-01"}',
        '{"format": 1, "since": "2025-06-02T06:00:00Z", "until": "2025-06-02T06:00:00Z"}',
        '{"format": 1, "since": "2025-06-01T06:00:00", "until": "2025-06-02T06:00:00"}',
    ],
)
def test_a_manifest_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    day().write_snapshot(tmp_path)
    (tmp_path / "manifest.json").write_text(text)
    assert "manifest.json" in complaint(tmp_path)


def test_a_window_holds_its_first_moment_and_not_its_end(tmp_path: Path) -> None:
    store = Store()
    for at in (store.ago(days=1), store.until):
        store.success("openai", "a", at)
        store.error("openai", "a", at, "boom")
    activity = snapshot.collect(store.write_snapshot(tmp_path), LOOKBACK)
    done = activity.current.pairs[ModelKey("openai", "a")]
    assert [(bucket.count, bucket.last) for bucket in (*done.errors, *done.successes)] == [
        (1, store.ago(days=1))
    ] * 2
    assert (activity.previous.pairs, activity.baseline) == ({}, {})


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_entries_for_a_model_the_one_that_runs_counts(tmp_path: Path, order: int) -> None:
    store = day()
    store.catalog("openai", "a", deprecated=True, status="probing")
    assert store.models is not None
    store.models = store.models[::order]
    store.write_snapshot(tmp_path)
    catalog = snapshot.collect(tmp_path, LOOKBACK).catalog
    assert catalog is not None
    assert catalog[ModelKey("openai", "a")].runs
    assert catalog[ModelKey("openai", "a")].status is None


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    store = Store()
    for n in range(3000):
        store.error("openai", "a", store.ago(seconds=1 + 20 * n), "e" * 5000)
    store.write_snapshot(tmp_path, packed=True)
    del store
    tracemalloc.start()
    snapshot.collect(tmp_path, LOOKBACK, Limits(failures_read=100))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6 << 20  # of 15 MB of messages
