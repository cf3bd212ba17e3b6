"""What MongoDB is asked, what that costs it, and what is said when it does not answer."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import bson
import generated
import pytest
from bson import ObjectId
from bson.raw_bson import RawBSONDocument
from conftest import Mongod, running_mongod, settings_for
from pymongo.database import Database
from stores import Store

from healthcheck.activity import LAST_FAILURES, ModelKey
from healthcheck.errors import SourceError
from healthcheck.settings import Settings
from healthcheck.sources import mongodb
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import Span, object_id_of, to_ms

LOOKBACK = generated.LOOKBACK
PASSWORD = "hunter2"  # noqa: S105 - of a server that lives as long as its test
HURRY = Limits(failover_seconds=1)
A = ModelKey("openai", "a")


def complaint(settings: Settings, limits: Limits = HURRY) -> str:
    with pytest.raises(SourceError) as caught:
        mongodb.collect(settings, LOOKBACK, limits)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_missing_collection_is_named_with_its_variable_and_what_is_there(
    database: Database, mongod
) -> None:
    store = Store()
    store.success("openai", "a", store.ago(hours=1))
    store.insert_into(database)
    settings = settings_for(mongod.uri, database.name, MONGODB_COLLECTION_ERRORS="error_cloud")
    said = complaint(settings)
    assert "no collection error_cloud, or this user may not see it; it holds errors_cloud, " in said
    assert "Check MONGODB_DB and MONGODB_COLLECTION_ERRORS" in said


def test_a_missing_database_is_not_a_quiet_day(store_settings: Settings) -> None:
    assert "it holds none" in complaint(store_settings)


@pytest.mark.parametrize("limits", [Limits(), Limits(indexless_documents=0)])
def test_views_have_no_indexes_and_are_read_like_collections(
    database: Database, store_settings, mongod, limits: Limits
) -> None:
    store = Store()
    store.day("openai", "a", failures=24)
    store.success("openai", "a", store.ago(days=20))
    store.catalog("openai", "gone")
    store.error("openai", "gone", store.ago(days=4), "404")
    store.insert_into(database)
    names = {
        "MONGODB_COLLECTION_ERRORS": "errors_cloud",
        "MONGODB_COLLECTION_CLOUD": "metrics_cloud_v2",
        "MONGODB_COLLECTION_MODELS": "models",
    }
    for name in names.values():
        database.create_collection(f"view.{name}", viewOn=name, pipeline=[])
    views = {variable: f"view.{name}" for variable, name in names.items()}
    settings = settings_for(mongod.uri, database.name, **views)
    activity = mongodb.collect(settings, LOOKBACK, limits)
    assert activity == mongodb.collect(store_settings, LOOKBACK, limits)
    assert set(activity.last_failures) == {ModelKey("openai", "gone")}


def test_a_result_that_only_a_wrong_clock_puts_before_the_window_is_checked(
    database: Database, store_settings: Settings
) -> None:
    store = Store()
    stored = store.ago(hours=22)
    for number, hours in enumerate((5, 14)):
        store.success(
            "openai",
            f"off by {hours} h",
            stored - timedelta(hours=hours, minutes=1),
            _id=object_id_of(to_ms(stored) + 1000 * number),
            visible_output_tokens=0,
            tokens_per_second=40.0,
        )
    store.insert_into(database)
    results = mongodb.collect(store_settings, LOOKBACK).results
    assert [found.no_visible_tokens for found in results.values()] == [1, 1]


def test_names_of_collections_come_from_the_variables(database: Database, mongod) -> None:
    store = Store()
    store.day("openai", "a", failures=6)
    store.catalog("openai", "a")
    store.insert_into(database)
    for name in ("errors_cloud", "metrics_cloud_v2", "models"):
        database[name].rename(f"my.{name}")
    settings = settings_for(
        mongod.uri,
        database.name,
        MONGODB_COLLECTION_ERRORS="my.errors_cloud",
        MONGODB_COLLECTION_CLOUD="my.metrics_cloud_v2",
        MONGODB_COLLECTION_MODELS="my.models",
    )
    activity = mongodb.collect(settings, LOOKBACK)
    assert sum(cell.count for cell in activity.current.pairs[ModelKey("openai", "a")].errors) == 6
    assert activity.catalog is not None


def test_a_server_that_is_down_is_named_without_credentials() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        said = complaint(settings_for(f"mongodb://me:hunter2@127.0.0.1:{port}/", "x"))
    assert f"127.0.0.1:{port} cannot be reached: connection refused" in said
    assert "hunter2" not in said
    assert "me" not in said.split()


@contextmanager
def mute_server() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    taken.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in taken:
            connection.close()


def test_a_server_that_never_answers_is_given_up_on() -> None:
    with mute_server() as port:
        started = time.monotonic()
        said = complaint(
            settings_for(f"mongodb://127.0.0.1:{port}/", "x"), Limits(failover_seconds=2)
        )
        assert time.monotonic() - started < 10
    assert f"127.0.0.1:{port} cannot be reached" in said


def test_a_query_that_takes_too_long_is_an_error_and_no_zero(
    database: Database, mongod, store_settings: Settings
) -> None:
    store = Store()
    store.day("openai", "a", failures=6)
    store.insert_into(database)
    with mongod.client() as client:
        client.admin.command("configureFailPoint", "maxTimeAlwaysTimeOut", mode="alwaysOn")
        try:
            said = complaint(store_settings)
        finally:
            client.admin.command("configureFailPoint", "maxTimeAlwaysTimeOut", mode="off")
    assert "stopped a query (server error 50 MaxTimeMSExpired: " in said


@pytest.fixture(scope="module")
def guarded() -> Iterator[Mongod]:
    with running_mongod("--auth") as server:
        _fill_and_guard(server)
        yield server


def _fill_and_guard(server: Mongod) -> None:
    store = Store()
    store.day("openai", "a", failures=6)
    store.error("openai", "old", store.ago(hours=1), "gone")
    store.success("openai", "old", store.ago(days=20))
    store.catalog("openai", "a")
    with server.client() as client:
        client.admin.command("createUser", "root", pwd=PASSWORD, roles=["root"])
    with server.client(username="root", password=PASSWORD) as client:
        store.insert_into(client["bench"])
        roles = [{"role": "read", "db": "bench"}]
        client.admin.command("createUser", "reader", pwd=PASSWORD, roles=roles)
        for user, collections in {
            "finder": ("errors_cloud", "metrics_cloud_v2", "models"),
            "half": ("errors_cloud", "metrics_cloud_v2"),
            "stranger": ("models",),
        }.items():
            rights = [
                {"resource": {"db": "bench", "collection": one}, "actions": ["find"]}
                for one in collections
            ]
            client["bench"].command("createRole", user, privileges=rights, roles=[])
            roles = [{"role": user, "db": "bench"}]
            client.admin.command("createUser", user, pwd=PASSWORD, roles=roles)


class TestUsers:
    """What a user needs is the role `read` on the database, or `find` on its collections."""

    def uri(self, server, user: str) -> str:
        return f"mongodb://{user}@127.0.0.1:{server.port}/?authSource=admin"

    def test_the_role_read_is_enough(self, guarded) -> None:
        settings = settings_for(self.uri(guarded, "reader:hunter2"), "bench")
        activity = mongodb.collect(settings, LOOKBACK)
        assert (
            sum(cell.count for cell in activity.current.pairs[ModelKey("openai", "a")].errors) == 6
        )

    def test_indexes_need_not_be_listed(self, guarded) -> None:
        whole, finder = (
            mongodb.collect(settings_for(self.uri(guarded, f"{user}:hunter2"), "bench"), LOOKBACK)
            for user in ("reader", "finder")
        )
        assert finder == whole
        assert finder.last_success

    def test_what_a_user_may_not_see_is_not_just_missing(self, guarded) -> None:
        half = settings_for(self.uri(guarded, "half:hunter2"), "bench")
        assert mongodb.collect(half, LOOKBACK).catalog is None
        said = complaint(settings_for(self.uri(guarded, "stranger:hunter2"), "bench"))
        assert "no collection errors_cloud, or this user may not see it; it holds models" in said


@pytest.fixture
def long_history(database: Database) -> Database:
    store = Store()
    for days_ago in range(120):
        store.day("openai", "a", failures=12, days_ago=days_ago)
    store.error("openai", "a", store.ago(hours=1), "own id", _id="x")
    store.success("openai", "a", store.ago(hours=1), _id=7)
    store.insert_into(database)
    return database


def stages(plan: object, name: str) -> list[dict]:
    if isinstance(plan, list):
        return [found for one in plan for found in stages(one, name)]
    if not isinstance(plan, dict):
        return []
    own = [plan] if plan.get("stage") == name else []
    return own + [found for one in plan.values() for found in stages(one, name)]


@pytest.mark.parametrize("collection", ["errors_cloud", "metrics_cloud_v2"])
def test_a_long_history_costs_nothing(long_history: Database, collection: str) -> None:
    span = Span.of(LOOKBACK)
    queries = mongodb.successes(span)
    if collection == "errors_cloud":
        queries = mongodb.failures(span)
    asked = [{"aggregate": collection, "pipeline": query, "cursor": {}} for query in queries]
    explained = [long_history.command("explain", one, verbosity="executionStats") for one in asked]
    assert not stages(explained, "COLLSCAN")
    scans = stages(explained, "IXSCAN")
    assert scans
    assert all(scan["keyPattern"] == {"_id": 1} for scan in scans)
    read = sum(scan.get("docsExamined", 0) for scan in stages(explained, "FETCH"))
    assert 9 * 12 <= read <= 9 * 12 + 3  # an hour's margin and the one whose `_id` is no ObjectId


def test_successes_without_a_speed_are_grouped_too(database: Database) -> None:
    store = Store()
    for days_ago in range(9):
        for minute in range(10):
            at = store.ago(days=days_ago, minutes=5 + minute)
            store.success("openai", "a", at, tokens_per_second=None)
            store.success("openai", "a", at)
    store.insert_into(database)
    groups = [
        group
        for query in mongodb.successes(Span.of(LOOKBACK))
        for group in database["metrics_cloud_v2"].aggregate(query)
    ]
    assert [group["n"] for group in groups] == [20] * 9


def test_last_successes_are_looked_up_by_the_index(database: Database, store_settings) -> None:
    store = Store()
    for n in range(60):
        store.error("openai", f"m{n}", store.ago(hours=1), "gone")
        store.success("openai", f"m{n}", store.ago(days=20, hours=n))
        store.success("openai", f"m{n}", store.ago(days=30))
    store.success("openai", "m0", store.ago(days=12), gen_ts=None)
    store.insert_into(database)
    without_index = mongodb.collect(store_settings, LOOKBACK)
    keys = [("provider", 1), ("model_name", 1)]
    database["metrics_cloud_v2"].create_index([*keys, ("gen_ts", -1)])
    database["metrics_cloud_v2"].create_index([*keys, ("run_ts", -1)])
    by_index = mongodb.collect(store_settings, LOOKBACK, Limits(indexless_documents=0))
    assert by_index == without_index
    assert by_index.last_success is not None
    assert by_index.last_success[ModelKey("openai", "m7")] == store.ago(days=20, hours=7)
    assert by_index.last_success[ModelKey("openai", "m0")] == store.ago(days=12, seconds=3)


def test_without_the_index_a_large_history_is_not_searched(
    database: Database, store_settings
) -> None:
    store = Store()
    store.error("openai", "a", store.ago(hours=1), "gone")
    store.success("openai", "a", store.ago(days=20))
    store.insert_into(database)
    activity = mongodb.collect(store_settings, LOOKBACK, Limits(indexless_documents=0))
    assert activity.last_success is None


def test_of_many_failures_the_newest_of_each_bucket_are_samples(
    database: Database, store_settings
) -> None:
    store = Store()
    for hour in range(4):
        for n in range(3):
            store.error("openai", "a", store.ago(hours=hour, minutes=1 + n), f"{hour}.{n}")
    store.insert_into(database)

    def shown(per_window: int) -> list[list[str]]:
        limits = Limits(failures_read=0, samples_per_window=per_window)
        activity = mongodb.collect(store_settings, LOOKBACK, limits)
        buckets = activity.current.pairs[ModelKey("openai", "a")].errors
        return [[sample.message for sample in bucket.samples] for bucket in buckets]

    assert shown(4) == [["0.0"], ["1.0"], ["2.0"], ["3.0"]]
    assert shown(3) == [["0.0"], ["1.0"], ["2.0"], []]


def test_of_many_failures_each_model_and_kind_shows_one(database: Database, store_settings) -> None:
    store = Store()
    for hour in range(20):
        store.error("openai", "often", store.ago(hours=hour, minutes=1), "429", "rate_limit")
    store.error("openai", "often", store.ago(hours=21), "401", "auth")
    store.error("openai", "rare", store.ago(hours=22), "404", "hard_model")
    store.insert_into(database)
    limits = Limits(failures_read=0, samples_per_window=3)
    shown = {
        sample.message
        for activity in mongodb.collect(store_settings, LOOKBACK, limits).current.pairs.values()
        for bucket in activity.errors
        for sample in bucket.samples
    }
    assert shown == {"429", "401", "404"}


def test_few_failures_are_all_read(database: Database, store_settings) -> None:
    store = Store()
    for n in range(70):
        store.error("openai", "a", store.ago(minutes=5, seconds=n % 7), f"{n}")
    store.insert_into(database)
    read = mongodb.collect(store_settings, LOOKBACK, Limits(failures_read=70))
    (cell,) = read.current.pairs[ModelKey("openai", "a")].errors
    assert sorted(int(sample.message) for sample in cell.samples) == list(range(70))
    above = mongodb.collect(store_settings, LOOKBACK, Limits(failures_read=69))
    (cell,) = above.current.pairs[ModelKey("openai", "a")].errors
    assert len(cell.samples) == 1


@pytest.mark.parametrize("limits", [Limits(), Limits(failures_read=0)])
def test_a_failure_that_is_stored_between_counting_and_reading_takes_nobody_s_place(
    database: Database, store_settings, monkeypatch, limits: Limits
) -> None:
    store = Store()
    for minutes in (50, 40, 30):
        store.error("openai", "a", store.ago(minutes=minutes), f"{minutes}", "auth")
    store.insert_into(database)
    counted = mongodb.collect(store_settings, LOOKBACK, limits).current.pairs
    late = Store()
    late.error("openai", "a", late.ago(seconds=1), "late", "auth")
    read = mongodb.StoreReader._read_messages  # noqa: SLF001 - what stands between both

    def meanwhile(*given: object) -> object:
        database["errors_cloud"].insert_many(late.errors)
        return read(*given)

    monkeypatch.setattr(mongodb.StoreReader, "_read_messages", meanwhile)
    (bucket,) = mongodb.collect(store_settings, LOOKBACK, limits).current.pairs[A].errors
    (before,) = counted[A].errors
    if limits.failures_read:
        assert (bucket.count, bucket.last) == (4, late.ago(seconds=1))
        assert bucket.samples[1:] == before.samples
    else:
        assert bucket == before


def test_failures_far_from_the_judged_windows_are_not_read(database: Database) -> None:
    store = Store()
    for hours in (-60, 12, 36, 60, 120):
        store.error("openai", "a", store.ago(hours=hours), f"{hours}")
    store.error("openai", "a", store.ago(hours=1), "text", ts="2025-06-01")
    store.error("openai", "a", store.ago(hours=1), "array", ts=[store.ago(hours=120)])
    store.insert_into(database)
    read = database["errors_cloud"].find(mongodb.judged_failures(Span.of(LOOKBACK)))
    assert [one["message"] for one in read] == ["36", "12", "text", "array"]


def test_what_failures_are_counted_from_holds_no_message(database: Database) -> None:
    """A page of a megabyte in each would fill the server's memory, and the client's."""
    store = Store()
    store.error("openai", "a", store.ago(hours=1), "page", ts="2025-06-01")
    store.error("openai", "a", store.ago(hours=1), "page", _id="no ObjectId")
    store.error("openai", "a", store.ago(hours=1), {"error": "page"})
    store.insert_into(database)
    queries = mongodb.failures(Span.of(LOOKBACK))
    found = [one for query in queries for one in database["errors_cloud"].aggregate(query)]
    told = [one["_id"]["at"]["message"] for one in found]
    assert sorted(told, key=str) == ["", "", None]


def test_why_a_pair_is_not_attempted_is_looked_up_by_the_index(
    database: Database, store_settings
) -> None:
    store = Store()
    for n in range(60):
        store.catalog("openai", f"m{n}")
        store.error("openai", f"m{n}", store.ago(days=40), "before its success")
        store.success("openai", f"m{n}", store.ago(days=30))
        for back in range(n):
            store.error("openai", f"m{n}", store.ago(days=20, hours=back), "404 gone", "hard_model")
    store.insert_into(database)
    without_index = mongodb.collect(store_settings, LOOKBACK)
    keys = [("provider", 1), ("model_name", 1)]
    database["metrics_cloud_v2"].create_index([*keys, ("gen_ts", -1)])
    database["errors_cloud"].create_index([*keys, ("ts", -1)])
    by_index = mongodb.collect(store_settings, LOOKBACK, Limits(indexless_documents=0))
    assert by_index.last_failures == without_index.last_failures
    assert ModelKey("openai", "m0") not in by_index.last_failures
    cell = by_index.last_failures[ModelKey("openai", "m59")]
    assert cell.count == LAST_FAILURES
    assert (cell.first, cell.last) == (store.ago(days=20, hours=49), store.ago(days=20))
    assert [sample.message for sample in cell.samples] == ["404 gone"]


def test_without_the_index_why_is_looked_up_in_the_nine_windows(
    database: Database, store_settings
) -> None:
    store = Store()
    for model, days in (("recent", 3), ("older", 20)):
        store.catalog("openai", model)
        store.error("openai", model, store.ago(days=days), "404 gone")
    store.insert_into(database)
    activity = mongodb.collect(store_settings, LOOKBACK, Limits(indexless_documents=0))
    assert set(activity.last_failures) == {ModelKey("openai", "recent")}


def test_bytes_that_are_no_text_do_not_stop_the_run(database: Database, store_settings) -> None:
    store = Store()
    for n in range(3):
        store.error("openai", "NAME", store.ago(hours=1 + n), "XX" + "y" * 5000, ts="2025-XX")
    store.success("openai", "b", store.ago(hours=1), gen_ts="XX")
    for name, documents in store.collections().items():
        broken = [
            bson.encode(one).replace(b"XX", b"\xff\xfe").replace(b"NAME", b"\xff\xed\xa0\x80")
            for one in documents
        ]
        database[name].insert_many(map(RawBSONDocument, broken))
    activity = mongodb.collect(store_settings, LOOKBACK)
    messages = [
        sample.message
        for pair, activity_of in activity.current.pairs.items()
        for cell in activity_of.errors
        for sample in cell.samples
    ]
    assert messages == ["\ufffd\ufffd" + "y" * 3998] * 3
    assert activity.current.malformed == 4


def test_late_inserts_are_found(database: Database, store_settings) -> None:
    store = Store()
    late = ObjectId(bytes.fromhex("ffffffff") + b"\0" * 8)
    store.error("openai", "a", store.ago(hours=1), "late", _id=late)
    store.insert_into(database)
    activity = mongodb.collect(store_settings, LOOKBACK)
    assert activity.current.pairs[ModelKey("openai", "a")].errors[0].count == 1


def test_a_window_of_half_a_day_is_counted_by_its_hours(database: Database, store_settings) -> None:
    store = Store()
    store.error("openai", "a", store.ago(hours=11, minutes=59), "first")
    store.error("openai", "a", store.ago(hours=12, minutes=1), "previous")
    store.insert_into(database)
    half = generated.Lookback(store.until, timedelta(hours=12))
    activity = mongodb.collect(store_settings, half)
    assert [cell.hour for cell in activity.current.pairs[ModelKey("openai", "a")].errors] == [11]
    assert [cell.hour for cell in activity.previous.pairs[ModelKey("openai", "a")].errors] == [0]
