"""What the command prints, for people and for programs."""

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from stores import Store

import healthcheck

SCHEMA = json.loads(
    (Path(healthcheck.__file__).parent / "report" / "schema.json").read_text(encoding="utf-8")
)
DRY = ("run", "--dry-run")


@pytest.fixture
def store():
    """Two providers, one model that died at noon."""
    store = Store(until=datetime(2026, 3, 10, 8, 0, tzinfo=UTC))
    for days_ago in range(9):
        for model in ("llama", "gemma", "qwen"):
            store.day("groq", model, days_ago=days_ago)
        store.day("azure", "gpt-4o", days_ago=days_ago)
    for document in [d for d in store.metrics if d["model_name"] == "gemma"]:
        if document["gen_ts"] > store.ago(hours=6):
            store.metrics.remove(document)
            store.error(
                "groq", "gemma", document["gen_ts"], "404 The model `gemma` does not exist",
                kind="unknown", http_status=404,
            )  # fmt: skip
    return store


@pytest.fixture
def live(store, database, mongod):
    """The same store in a MongoDB, as settings of the environment."""
    store.insert_into(database)
    return {"MONGODB_URI": mongod.uri, "MONGODB_DB": database.name}


UNTIL = ("--until", "2026-03-10T08:00:00Z")


def report(done) -> dict:
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return json.loads(done.stdout)


def test_the_host_where_to_act_is_that_of_the_settings(health_check, store, tmp_path):
    folder = store.write_snapshot(tmp_path / "snapshot")
    command = (*DRY, "--no-ai", "--from", folder, "--until", "2026-03-10T20:00:00Z")
    done = health_check(*command, "--format", "json", settings={"BENCHMARK_HOST": "bench"})
    (silence,) = report(done)["recommended_actions"]
    assert silence["host"] == "bench"


def test_a_live_database_an_export_and_a_snapshot_tell_the_same(
    health_check, live, store, tmp_path
):
    as_json = (*DRY, "--format", "json", *UNTIL)

    def told(*source):
        made = report(health_check(*as_json, *source, settings=live))
        assert bool(made["snapshot"]) is bool(source)
        return {key: value for key, value in made.items() if key not in {"command", "snapshot"}}

    from_mongodb = told()
    assert from_mongodb["status"] == "warning"
    store.write_snapshot(tmp_path / "snapshot")
    assert told("--from", tmp_path / "snapshot") == from_mongodb
    done = health_check("export", tmp_path / "export", *UNTIL, settings=live)
    written = f"Wrote the snapshot to {tmp_path / 'export'}.\n".encode()
    assert (done.returncode, done.stdout, done.stderr) == (0, written, b"")
    assert told("--from", tmp_path / "export") == from_mongodb


@pytest.mark.parametrize(("since", "until"), [
    ("2019-12-31 08:00", "2020-01-01 08:00"), ("2026-03-10 08:00", "2026-03-11 08:00"), ("2026-03-30 08:00", "2026-03-31 08:00"),
])  # fmt: skip
def test_a_window_beside_a_snapshot_is_a_slip_and_no_outage(
    health_check, store, tmp_path, since, until
):
    store.write_snapshot(tmp_path)
    done = health_check(*DRY, "--from", tmp_path, "--until", until)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == (
        f"Error: The snapshot has no attempts from {since} to --until {until} UTC: it ends at "
        "2026-03-10 07:30 UTC. Without --until, its last day is read.\n"
    )


def test_a_snapshot_that_ends_within_the_window_may_show_an_outage(health_check, store, tmp_path):
    store.write_snapshot(tmp_path)
    ends = "2026-03-10T23:00"
    done = health_check(*DRY, "--no-ai", "--from", tmp_path, "--until", ends)
    assert b"CRITICAL no data received since 10 Mar 07:30 UTC" in done.stdout
    assert b"no data is missing: leave out --until." in b" ".join(done.stdout.split())


def test_an_export_knows_its_end_and_shows_no_outage_behind_it(health_check, live, tmp_path):
    health_check("export", tmp_path / "export", *UNTIL, settings=live)
    done = health_check(*DRY, "--from", tmp_path / "export", "--until", "2026-03-10T23:00")
    assert (done.returncode, done.stdout) == (2, b"")
    assert (
        b"no attempts from 2026-03-10 08:00 to --until 2026-03-10 23:00 UTC: it ends at 2026-03-10 08:00"
        in done.stderr
    )


def test_an_export_of_nothing_says_so(health_check, live, tmp_path):
    done = health_check("export", tmp_path / "export", "--until", "2025-01-10", settings=live)
    assert done.returncode == 0
    said = b"Warning: It has no attempts: there are none from 2025-01-01 00:00 to 2025-01-10 00:00"
    assert said in done.stderr


def test_an_export_of_an_outage_shows_it_again(health_check, live, tmp_path):
    later = ("--until", "2026-03-11T12:00:00Z")
    made = report(health_check(*DRY, "--format", "json", *later, settings=live))
    assert health_check("export", tmp_path / "export", *later, settings=live).returncode == 0
    again = report(health_check(*DRY, "--format", "json", *later, "--from", tmp_path / "export"))
    for report_of_it in (made, again):
        assert report_of_it["problems"][0]["title"] == "no data received since 10 Mar 07:30 UTC"


def test_without_older_data_a_comparison_may_be_partial(health_check, store, tmp_path):
    store.write_snapshot(tmp_path)
    note = "No older data: comparisons may be partial."
    for days, notes in ((1, []), (7, [note])):
        done = health_check(
            *DRY, "--format", "json", "--no-ai", "--from", tmp_path, "--days", days, *UNTIL
        )
        assert [each for each in report(done)["notes"] if each == note] == notes


def test_the_json_keeps_its_contract(health_check, live):
    made = report(health_check(*DRY, "--format", "json", *UNTIL, settings=live))
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(made)
    assert made["schema_version"] == "2.0"
    assert made["window"] == {"since": "2026-03-09T08:00:00Z", "until": "2026-03-10T08:00:00Z"}
    assert made["totals"] == {
        "attempts": 96, "attempts_before": 96, "errors": 6, "successes": 90, "malformed": 0, "not_stored": 0, "expired_leases": 0,
        "unpublished": {"pairs": 0, "errors": 0, "successes": 0}, "failure_rate": 0.0625,
        "failure_rate_before": 0.0, "failure_rate_usual": 0.0,
    }  # fmt: skip
    assert made["errors_by_kind"]["hard_model"] == 6
    (finding,) = made["findings"]
    assert finding["category"] == "deprecated_model"
    assert (finding["provider"], finding["model"]) == ("groq", "gemma")
    assert finding["count"] == 6
    assert made["recommended_actions"][0]["problem"] == made["problems"][0]["id"]


def test_seven_days_hold_seven_times_as_much(health_check, live):
    made = report(health_check(*DRY, "--format", "json", "--days", 7, *UNTIL, settings=live))
    assert made["totals"]["attempts"] == 7 * 96


def test_a_fraction_of_a_day(health_check, live):
    made = report(health_check(*DRY, "--format", "json", "--days", 0.25, *UNTIL, settings=live))
    assert made["totals"]["attempts"] == 24


def test_the_database_is_named_by_its_variable(health_check, live):
    done = health_check(*DRY, settings=live | {"MONGODB_DB": "misspelled"})
    assert done.returncode == 1
    assert b"errors_cloud" in done.stderr
    assert b"MONGODB_COLLECTION_ERRORS" in done.stderr


def test_a_misspelled_collection_is_told_with_what_is_there(health_check, live):
    done = health_check(*DRY, settings=live | {"MONGODB_COLLECTION_CLOUD": "metrics"})
    assert done.returncode == 1
    assert b"metrics_cloud_v2" in done.stderr
    assert b"Traceback" not in done.stderr


def test_it_writes_nothing_to_the_database(health_check, live, database):
    def state():
        return {
            name: (database[name].estimated_document_count(), database[name].index_information())
            for name in database.list_collection_names()
        }

    before = state()
    health_check(*DRY, *UNTIL, settings=live)
    assert state() == before


def test_output_goes_to_a_file_and_nothing_to_stdout(health_check, store, tmp_path):
    store.write_snapshot(tmp_path / "snapshot")
    target = tmp_path / "report.txt"
    done = health_check(*DRY, "--from", tmp_path / "snapshot", "--output", target)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert target.read_text(encoding="utf-8").startswith("To: ")


def test_the_sample_needs_no_settings(health_check):
    done = health_check(*DRY, "--sample", "--no-ai", settings={"MONGODB_URI": "nonsense"})
    assert done.returncode == 0
    assert done.stderr == b""
    assert b"Overall status: CRITICAL" in done.stdout


def test_the_version(health_check):
    done = health_check("--version")
    assert done.stdout.decode().split()[-1] == healthcheck.__version__


def test_the_shell_completes_commands(health_check):
    done = health_check(settings={"_LLM_HEALTH_CHECK_COMPLETE": "bash_source"})
    assert (done.returncode, b"complete -o nosort" in done.stdout) == (0, True)


def test_classify_tells_kind_rule_and_reason_a_line(health_check):
    messages = "429 insufficient_quota: you exceeded your current quota\n\nRequest timed out.\n"
    done = health_check("classify", stdin=messages)
    kinds = [json.loads(line)["kind"] for line in done.stdout.splitlines()]
    assert kinds == ["billing", "unknown", "timeout"]
    assert set(json.loads(done.stdout.splitlines()[0])) == {"kind", "rule", "why"}
    nothing = health_check("classify", stdin="")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (0, b"", b"")


def test_classify_takes_objects_with_hints(health_check):
    lines = [{"message": "it failed", "http_status": 503}, {"message": "it", "exc_type": "Timeout"}]
    done = health_check(
        "classify", "--jsonl", stdin="".join(json.dumps(line) + "\n" for line in lines)
    )
    kinds = [json.loads(line)["kind"] for line in done.stdout.splitlines()]
    assert kinds == ["transient_provider", "timeout"]


def test_a_terminal_that_knows_only_ascii_gets_the_report(health_check, store, tmp_path):
    store.error("azure", "gpt-4o", store.ago(hours=1), "Überlast \U0001f525")
    store.write_snapshot(tmp_path / "snapshot")
    done = health_check(
        *DRY, "--from", tmp_path / "snapshot",
        settings={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.isascii()


def test_what_takes_its_time_is_named_on_a_terminal(store, tmp_path):
    store.write_snapshot(tmp_path)
    terminal, stderr = pty.openpty()
    command = [sys.executable, "-m", "healthcheck", *DRY, "--no-ai", "--from", tmp_path]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=stderr, check=True, timeout=30)
    os.close(stderr)
    assert os.read(terminal, 10_000) == b"reading the snapshot ...\r\n"


def test_what_is_waited_for_is_named_before_the_database_answers(mongod, tmp_path):
    """A host that is down takes the driver its time."""
    uri = f"{mongod.uri.replace('127.0.0.1', '192.0.2.1')}?serverSelectionTimeoutMS=10"
    terminal, stderr = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "healthcheck", *DRY], stderr=stderr, check=False, timeout=60,
        cwd=tmp_path, env=os.environ | {"MONGODB_URI": uri},
    )  # fmt: skip
    os.close(stderr)
    assert done.returncode == 1
    assert os.read(terminal, 10_000).startswith(b"waiting for MongoDB ...\r\n")


@pytest.mark.parametrize("answer", ["n", "y"])
def test_a_person_is_asked_before_an_old_day_is_mailed(store, tmp_path, answer):
    """Programs are not asked; all other tests of sending are ones."""
    store.write_snapshot(tmp_path / "snapshot")
    terminal, side = pty.openpty()
    os.write(terminal, f"{answer}\n".encode())
    done = subprocess.run(
        [sys.executable, "-m", "healthcheck", "run", "--no-ai", "--from", tmp_path / "snapshot"],
        stdin=side, stdout=side, stderr=subprocess.PIPE, check=False, timeout=60, cwd=tmp_path,
        env=os.environ | {"MSMTP": "no-such-msmtp", "STATE_DIRECTORY": str(tmp_path / "state")},
    )  # fmt: skip
    asked = b"Mail the report on this snapshot (--dry-run prints it)? [y/N]: "
    assert done.stderr.startswith(asked)
    assert done.returncode == (78 if answer == "y" else 0)
    assert (b"no-such-msmtp" in done.stderr) is (answer == "y")
