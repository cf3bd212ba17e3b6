"""The doctor: one line a check, and what to do about it."""

import json
import os
import pty
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import settings_for
from stores import Store

import healthcheck
from healthcheck.doctor.checks import Outcome
from healthcheck.doctor.store import store_checks

NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


@pytest.fixture
def store():
    """A day of one model, up to now, and a catalog."""
    store = Store(until=NOW)
    store.day("groq", "llama", failures=2)
    store.catalog("groq", "llama")
    return store


def outcomes(settings, now=NOW) -> dict[str, Outcome]:
    return {check.name: check.outcome for check in store_checks(settings, now)}


def test_all_is_well(store, database, store_settings):
    store.insert_into(database)
    assert outcomes(store_settings) == {
        "MongoDB": Outcome.OK,
        "queries": Outcome.OK,
        "newest document": Outcome.OK,
    }


@pytest.mark.parametrize(
    ("age", "outcome"),
    [(timedelta(hours=2), Outcome.WARNING), (timedelta(hours=7), Outcome.FAILED)],
)
def test_a_store_that_nobody_writes_to(store, database, store_settings, age, outcome):
    store.insert_into(database)
    assert outcomes(store_settings, NOW + age)["newest document"] is outcome


def test_of_a_local_clock_the_id_counts(store, database, store_settings):
    for document in store.errors:
        document["ts"] -= timedelta(hours=7)
    for document in store.metrics:
        document["gen_ts"] -= timedelta(hours=7)
    store.insert_into(database)
    assert outcomes(store_settings)["newest document"] is Outcome.OK


@pytest.mark.parametrize("behind", [timedelta(hours=20), timedelta(days=3)])
def test_times_are_judged_as_the_report_judges_them(store, database, store_settings, behind):
    """A clock that is off further than any zone: the report calls the service silent."""
    for document in store.errors:
        document["ts"] -= behind
    for document in store.metrics:
        document["gen_ts"] -= behind
    store.insert_into(database)
    checks = {check.name: check for check in store_checks(store_settings, NOW)}
    assert checks["newest document"].outcome is Outcome.FAILED
    assert "clock" in checks["newest document"].remedy


def test_every_kind_of_query_is_asked(store, database, store_settings):
    """A day without failures needs no messages, and one of steady models no last successes."""
    store.errors = []
    store.insert_into(database)
    database["errors_cloud"].create_index([("provider", 1), ("model_name", 1), ("ts", -1)])
    database.command("profile", 2)
    assert outcomes(store_settings)["queries"] is Outcome.OK
    database.command("profile", 0)
    asked = {
        (one["command"].get("aggregate") or one["command"].get("find") or "", kind)
        for one in database["system.profile"].find()
        for kind in ("aggregate", "find", "listCollections", "listIndexes")
        if kind in one["command"]
    }
    assert {
        ("errors_cloud", "find"),
        ("errors_cloud", "aggregate"),
        ("metrics_cloud_v2", "aggregate"),
        ("models", "find"),
    } <= asked


@pytest.mark.parametrize("kind", ["aggregate", "find"])
def test_a_query_that_the_server_refuses(store, database, mongod, store_settings, kind):
    store.insert_into(database)
    refuse = {"failCommands": [kind], "errorCode": 40324, "appName": "llm-health-check"}
    with mongod.client() as client:
        client.admin.command("configureFailPoint", "failCommand", mode="alwaysOn", data=refuse)
        try:
            checks = {check.name: check for check in store_checks(store_settings, NOW)}
        finally:
            client.admin.command("configureFailPoint", "failCommand", mode="off")
    assert list(checks) == ["MongoDB", "queries"]
    assert "does not support a query of the report" in checks["queries"].found
    assert "MongoDB 6.0 or newer" in checks["queries"].remedy


def test_a_file_that_cannot_be_used_stops_only_the_store_checks(health_check):
    uri = "mongodb://127.0.0.1/?tls=true&tlsCAFile=global-bundle.pem"
    done = health_check("doctor", "--format", "json", settings={"MONGODB_URI": uri})
    checks = {check["check"]: check for check in json.loads(done.stdout)}
    assert "/global-bundle.pem cannot be loaded" in checks["MongoDB"]["found"]
    assert "msmtp" in checks


def test_an_empty_store(database, store_settings):
    Store().insert_into(database)
    assert outcomes(store_settings)["newest document"] is Outcome.FAILED


def test_a_collection_that_is_not_there(store, database, mongod):
    store.insert_into(database)
    settings = settings_for(mongod.uri, database.name, MONGODB_COLLECTION_CLOUD="misspelled")
    checks = {check.name: check for check in store_checks(settings, NOW)}
    assert checks["queries"].outcome is Outcome.FAILED
    assert "misspelled" in checks["queries"].found
    assert "MONGODB_COLLECTION_CLOUD" in checks["queries"].remedy


def test_no_catalog_is_a_warning(store, database, store_settings):
    store.models = None
    store.insert_into(database)
    assert outcomes(store_settings)["model catalog"] is Outcome.WARNING


def test_a_server_that_is_down():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = settings_for(
        f"mongodb://u:Geheim99@127.0.0.1:{port}/?serverSelectionTimeoutMS=300", "x"
    )
    (check,) = store_checks(settings, NOW)
    assert check.outcome is Outcome.FAILED
    assert str(port) in check.found
    assert "Geheim99" not in check.found + check.remedy


class TestCommand:
    @pytest.fixture
    def complete(self, msmtprc):
        """The settings without which no report is sent."""
        return {"MONGODB_URI": "mongodb://h.invalid/", "MSMTP_CONFIG": str(msmtprc)}

    def test_offline_it_needs_a_uri_and_a_mail_account(self, health_check, complete):
        done = health_check("doctor", "--offline", settings=complete)
        assert done.returncode == 0
        assert done.stdout.startswith(b"ok       package: ")

    @pytest.mark.parametrize("library", ["pymongo", "openai"])
    def test_a_library_that_is_gone(self, health_check, tmp_path, library):
        (tmp_path / f"{library}.py").write_text(f"raise ModuleNotFoundError('{library} is gone')")
        done = health_check("doctor", "--offline", settings={"PYTHONPATH": str(tmp_path)})
        assert done.returncode == 1
        assert f"failed   package: ModuleNotFoundError: {library} is gone" in done.stdout.decode()

    @pytest.mark.parametrize("damage", ["raise RuntimeError('torn')", "torn (", "import torn"])
    @pytest.mark.parametrize("module", ["sources/mongodb.py", "sources/export.py"])
    def test_a_module_that_is_damaged(self, health_check, tmp_path, module, damage):
        copy = tmp_path / "healthcheck"
        shutil.copytree(Path(healthcheck.__file__).parent, copy)
        (copy / module).write_text(damage)
        done = health_check("doctor", "--offline", settings={"PYTHONPATH": str(tmp_path)})
        assert done.returncode == 1
        assert "failed   package: " in done.stdout.decode()
        assert "-> Reinstall llm-health-check." in done.stdout.decode()
        assert done.stderr == b""

    def test_a_wrong_setting_says_what_is_not_checked(self, health_check):
        done = health_check("doctor", "--offline", settings={"MSMTP_TIMEOUT": "soon"})
        assert done.returncode == 1
        assert done.stdout.decode().endswith(
            "failed   settings: MSMTP_TIMEOUT must be a whole number greater than 0 and at most 600.\n"
            "         -> Correct it in the environment or in .env.\n"
            "warning  other checks: known issues, OpenAI, MongoDB and mail were not checked\n"
            "         -> Run doctor again after fixing the settings.\n"
        )

    def test_each_wrong_setting_is_told(self, health_check):
        wrong = {"MSMTP_TIMEOUT": "soon", "MONGODB_DB": "a b"}
        done = health_check("doctor", "--offline", settings=wrong)
        told = b"MONGODB_DB is not a valid database name. MSMTP_TIMEOUT must be a whole number greater than 0 and at most 600.\n"
        assert b"failed   settings: " + told in done.stdout

    def test_what_is_set_is_listed_by_name(self, health_check):
        given = {
            "MONGODB_URI": "mongodb://h.invalid/",
            "OPENAI_BASE_URL": "http://x/v1",
            "OTHER": "1",
        }
        done = health_check("doctor", "--offline", settings=given | {"BENCHMARK_HOST": "bench"})
        assert (
            b"settings: set: MONGODB_URI, OPENAI_BASE_URL, BENCHMARK_HOST; the database is llm-bench\n"
            in done.stdout
        )

    @pytest.mark.parametrize(("name", "meant"), [
        ("MONGODB_URL", "MONGODB_URI"), ("NOTIFY_MAIL", "NOTIFY_EMAIL"),
        ("MONGODB_COLLECTION_ERROR_ROLLUPS", None), ("OPENAI_ORG_ID", None),
    ])  # fmt: skip
    def test_a_variable_that_is_nearly_a_setting_is_a_slip(
        self, health_check, tmp_path, name, meant
    ):
        (tmp_path / ".env").write_text(f"{name}=x\n")
        done = health_check("doctor", "--offline")
        told = f"warning  settings: {name} is not a setting\n         -> Did you mean {meant}?\n"
        assert (told in done.stdout.decode()) is bool(meant)
        assert meant or b"is not a setting" not in done.stdout

    @pytest.mark.parametrize(
        "lines", ["MONGODB_URL=x\nMONGODB_URI=mongodb://h.invalid/\n", "MONGODB_URL=\n"]
    )
    def test_beside_the_setting_itself_it_is_another_program_s_and_empty_it_is_not_set(
        self, health_check, tmp_path, lines
    ):
        (tmp_path / ".env").write_text(lines)
        assert b"is not a setting" not in health_check("doctor", "--offline").stdout

    def test_options_that_the_driver_ignores_need_no_network(self, health_check, complete):
        uri = "mongodb+srv://u:Geheim99@no-such-host.invalid/?useNewUrlParser=true"
        done = health_check("doctor", "--offline", settings=complete | {"MONGODB_URI": uri})
        assert done.returncode == 0
        told = "Warning: The driver ignores part of MONGODB_URI: Unknown option: usenewurlparser. Correct"
        assert told in done.stderr.decode()

    @pytest.mark.parametrize("options", [(), ("--offline",)])
    def test_without_a_uri_it_fails_and_says_what_to_do(self, health_check, options):
        done = health_check("doctor", *options, settings={"OPENAI_BASE_URL": "http://x/v1"})
        assert done.returncode == 1
        assert (
            b"ok       settings: set: OPENAI_BASE_URL; the database is llm-bench\n"
            b"failed   settings: MONGODB_URI is not set\n"
            b"         -> Set it in the environment or in .env.\n"
        ) in done.stdout

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
    def test_a_dotenv_that_others_can_read(self, health_check, tmp_path, mode):
        path = tmp_path / ".env"
        path.write_text("MONGODB_DB=x\n")
        path.chmod(mode)
        done = health_check("doctor", "--offline", "--format", "json")
        checks = {check["check"]: check for check in json.loads(done.stdout)}
        assert checks[".env"]["outcome"] == "warning"
        assert "chmod 600" in checks[".env"]["remedy"]

    def test_a_pipe_gets_no_colours(self, health_check):
        assert b"\x1b" not in health_check("doctor", "--offline").stdout

    @pytest.mark.parametrize(("no_color", "colored"), [("", True), ("1", False)])
    def test_a_terminal_gets_colours_unless_it_wants_none(self, complete, no_color, colored):
        terminal, side = pty.openpty()
        subprocess.run(
            [sys.executable, "-m", "healthcheck", "doctor", "--offline"],
            stdout=side,
            stderr=side,
            env=os.environ | complete | {"NO_COLOR": no_color},
            check=True,
            timeout=60,
        )
        os.close(side)
        assert (b"\x1b[32mok" in os.read(terminal, 10_000)) is colored

    def test_as_json_against_a_server(self, health_check, store, database, mongod):
        store.insert_into(database)
        done = health_check(
            "doctor", "--format", "json",
            settings={"MONGODB_URI": mongod.uri, "MONGODB_DB": database.name},
        )  # fmt: skip
        assert done.returncode == 1, "the newest document is months old"
        checks = {check["check"]: check["outcome"] for check in json.loads(done.stdout)}
        assert checks["MongoDB"] == "ok"
        assert checks["newest document"] == "failed"
