"""KNOWN_ISSUES, mute and known-issues from outside."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import healthcheck
from healthcheck.delivery.outbox import QueuedReport, StateDirectory
from healthcheck.diagnosis import Category
from healthcheck.known_issues import Mute, read

SAMPLE = ("run", "--dry-run", "--format", "json")


@pytest.fixture
def sample_folder():
    return Path(healthcheck.__file__).parent / "sample"


@pytest.fixture
def known(tmp_path):
    """The settings that name a file of known issues, which does not exist yet."""
    return {"KNOWN_ISSUES": str(tmp_path / "known.toml")}


def test_from_mute_to_report_and_list(health_check, known, sample_folder):
    done = health_check(
        "mute", "groq", "moonshotai/*", "--until", "2099-01-01", "--reason", "ticket 7",
        settings=known,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = json.loads(health_check(*SAMPLE, "--from", sample_folder, settings=known).stdout)
    (muted,) = made["muted"]
    assert muted["finding"]["model"] == "moonshotai/kimi-k2-instruct"
    assert muted["mute"]["reason"] == "ticket 7"
    more = sum(each["severity"] != "info" for each in made["problems"]) - 1
    assert made["reason"].endswith(f"; {more} more problems. 1 finding muted.")
    assert muted["finding"]["id"] not in {finding["id"] for finding in made["findings"]}
    mail = health_check("run", "--dry-run", "--from", sample_folder, settings=known).stdout.decode()
    told = "1 finding muted: groq moonshotai/kimi-k2-instruct (until 1 Jan 2099: ticket 7)."
    assert told in " ".join(mail.split())
    listed = health_check("known-issues", "--from", sample_folder, settings=known).stdout.decode()
    assert listed.startswith("groq moonshotai/* until 2099-01-01 (ticket 7)\n")
    assert "  hides groq moonshotai/kimi-k2-instruct: " in listed


def test_a_broken_file_is_told_and_stops_nothing(health_check, known, sample_folder, tmp_path):
    (tmp_path / "known.toml").write_text("[[mute")
    done = health_check(*SAMPLE, "--from", sample_folder, settings=known)
    assert done.returncode == 0
    made = json.loads(done.stdout)
    assert made["status"] == "critical"
    assert any("not valid TOML" in note for note in made["notes"])


@pytest.mark.parametrize("names", [("", ""), ("groq", " "), (" ", "x")])
def test_an_entry_that_names_nothing_is_refused(health_check, known, tmp_path, names):
    done = health_check("mute", *names, settings=known)
    assert done.returncode == 2
    assert b"must not be empty" in done.stderr
    assert not (tmp_path / "known.toml").exists()


def test_the_same_entry_stands_there_once(health_check, known, tmp_path):
    for _ in range(2):
        assert health_check("mute", "groq", "x", "--reason", "it's", settings=known).returncode == 0
    assert (tmp_path / "known.toml").read_text().count("[[mute]]") == 1


def test_another_entry_for_the_same_is_refused(health_check, known, tmp_path):
    health_check("mute", "groq", "x", "--until", "2099-01-01", settings=known)
    before = (tmp_path / "known.toml").read_text()
    done = health_check("mute", "groq", "x", "--reason", "ticket 7", settings=known)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == (
        f"Error: Nothing was muted: {tmp_path}/known.toml has an entry for groq x already, until "
        "2099-01-01. Change it there.\n"
    )
    assert (tmp_path / "known.toml").read_text() == before


def test_everything_cannot_be_muted_but_everything_of_a_category(health_check, known, tmp_path):
    done = health_check("mute", "*", "*", settings=known)
    assert done.returncode == 2
    assert (
        b"Nothing was muted: it names no provider, model or category (* stands for any)."
        in done.stderr
    )
    assert (
        health_check("mute", "*", "*", "--category", "low_volume", settings=known).returncode == 0
    )
    (mute,) = read(tmp_path / "known.toml").mutes
    assert mute == Mute(category=Category.LOW_VOLUME)


@pytest.mark.parametrize(("names", "muted"), [
    (("*", "*"), "everything (not attempted)"), (("groq", "*"), "groq (not attempted)"), (("groq", "x"), "groq x (not attempted)"),
])  # fmt: skip
def test_the_echo_says_what_of_whom_is_muted(health_check, known, names, muted):
    done = health_check("mute", *names, "--category", "silent_model", settings=known)
    assert done.stdout.startswith(f"Muted {muted} forever in ".encode())


def test_a_provider_that_nobody_knows_is_asked_about(health_check, known):
    done = health_check("mute", "grok", "llama-3*", settings=known)
    assert b"Muted grok llama-3* forever in " in done.stdout
    assert done.stdout.endswith(b"known.toml; to end it, remove its entry there.\n")
    assert done.returncode == 0
    assert b"Did you mean groq?" in done.stderr
    assert health_check("mute", "Groq", "llama-3*", settings=known).stderr == b""


@pytest.mark.parametrize(
    ("model", "told"),
    [("gpt-*", b""), ("gtp-*", b"No finding in the last report here matches openai gtp-*.\n")],
)
def test_what_matches_nothing_in_the_last_report_is_told(
    health_check, known, tmp_path, model, told
):
    found = {"provider": "openai", "model": "gpt-5", "category": "failing_model"}
    report = {"findings": [found], "muted": []}
    queued = QueuedReport(datetime.now(UTC), None, b"mail", report)
    StateDirectory(tmp_path / "state").history.put(queued)
    settings = known | {"STATE_DIRECTORY": str(tmp_path / "state")}
    done = health_check("mute", "openai", model, settings=settings)
    assert (done.returncode, done.stderr.endswith(told)) == (0, True)
    assert bool(done.stderr) == bool(told)


def test_a_kept_report_of_another_version_does_not_stop_a_mute(health_check, known, tmp_path):
    queued = QueuedReport(datetime.now(UTC), None, b"mail", {"version": "0.1"})
    StateDirectory(tmp_path / "state").history.put(queued)
    settings = known | {"STATE_DIRECTORY": str(tmp_path / "state")}
    done = health_check("mute", "openai", "gpt-*", settings=settings)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_concerns_no_provider_is_listed_by_its_category(health_check, known, tmp_path):
    health_check("mute", "*", "*", "--category", "silent_service", settings=known)
    for name in ("errors_cloud", "metrics_cloud_v2"):
        (tmp_path / f"{name}.jsonl").touch()
    done = health_check("known-issues", "--from", tmp_path, settings=known)
    assert b"\n  hides gap without any data: " in done.stdout, done


def test_a_category_that_does_not_exist_is_asked_about(health_check, known, tmp_path):
    done = health_check("mute", "groq", "*", "--category", "deprecated", settings=known)
    assert done.returncode == 2
    assert done.stderr.startswith(b"Error: Nothing was muted: category = 'deprecated' is not a")
    assert done.stderr.endswith(b" Did you mean deprecated_model?\n")
    assert not (tmp_path / "known.toml").exists()


@pytest.mark.parametrize(("length", "days"), [("7d", 7), ("7", 7), ("48h", 2), ("400d", 400)])
def test_a_mute_for_a_length_of_time(health_check, known, tmp_path, length, days):
    before = datetime.now(UTC).date()
    done = health_check("mute", "groq", "x", "--for", length, settings=known)
    assert done.returncode == 0, done.stderr
    (mute,) = read(tmp_path / "known.toml").mutes
    assert before <= mute.until - timedelta(days=days) <= datetime.now(UTC).date()


@pytest.mark.parametrize("length", ["0", "-7d", "d", "", "7w", "nan", "inf", "99999d"])
def test_a_length_of_time_that_is_none_is_refused(health_check, known, tmp_path, length):
    done = health_check("mute", "groq", "x", "--for", length, settings=known)
    assert done.returncode == 2
    assert b"such as 7, 7d or 36h" in done.stderr
    assert not (tmp_path / "known.toml").exists()


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        (
            "--until",
            "soon",
            "Nothing was muted: until = 'soon' is not a date such as 2026-12-31.",
        ),
        (
            "--category",
            "deprecated",
            "Nothing was muted: category = 'deprecated' is not a category (silent_service, service_issue, ",
        ),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(health_check, known, tmp_path, option, value, said):
    done = health_check("mute", "groq", "x", option, value, settings=known)
    assert done.returncode == 2
    assert f"Error: {said}" in done.stderr.decode()
    assert not (tmp_path / "known.toml").exists()


def test_its_help_has_every_category(health_check):
    shown = " ".join(health_check("mute", "--help").stdout.decode().split())
    assert shown.endswith(f" Categories: {', '.join(Category)}")


@pytest.mark.parametrize("command", [("known-issues",), ("export", "x")])
def test_without_a_database_they_name_a_way_to_go_on(health_check, known, command):
    done = health_check(*command, settings=known)
    assert done.returncode == 2
    assert (
        b"run --from DIR reads a snapshot, and run --sample --dry-run shows the sample day"
        in done.stderr
    )


def test_two_ends_are_refused(health_check, known):
    done = health_check("mute", "a", "b", "--for", "7d", "--until", "2099-01-01", settings=known)
    assert done.returncode == 2
    assert b"--until and --for are mutually exclusive" in done.stderr


def test_a_date_that_has_passed_is_refused(health_check, known):
    done = health_check("mute", "groq", "x", "--until", "2020-01-01", settings=known)
    assert done.returncode == 2
    assert b"in the past" in done.stderr


@pytest.mark.parametrize("command", [("mute", "a", "b"), ("known-issues",)])
def test_without_a_file_they_say_what_to_set(health_check, command):
    done = health_check(*command)
    assert done.returncode == 2
    assert b"KNOWN_ISSUES" in done.stderr


def test_a_broken_file_is_left_alone(health_check, known, tmp_path):
    (tmp_path / "known.toml").write_text("[[mute\n")
    done = health_check("mute", "groq", "x", settings=known)
    assert done.returncode == 2
    assert b"Nothing was muted" in done.stderr
    assert (tmp_path / "known.toml").read_text() == "[[mute\n"


def test_a_place_that_cannot_be_written_to(health_check):
    """Nobody may make a file there, root included, as in the place where a deploy keeps the list."""
    done = health_check("mute", "groq", "x", settings={"KNOWN_ISSUES": "/sys/known.toml"})
    assert done.returncode == 2
    said = done.stderr.decode()
    assert "The known issue cannot be written to /sys/known.toml: " in said
    assert said.endswith(
        " If the list is deployed, change healthcheck_known_issues and deploy again.\n"
    )


def test_of_many_mutes_at_once_none_is_lost(start_health_check, known):
    started = [start_health_check("mute", "groq", f"m{n}", settings=known) for n in range(8)]
    ended = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0] * 8, ended
    assert {mute.model for mute in read(Path(known["KNOWN_ISSUES"])).mutes} == {
        f"m{n}" for n in range(8)
    }
