"""What a user can do wrong costs him one clear sentence, and never shows him a secret or a traceback."""

import gzip
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from stores import Store

from healthcheck.cli.terminal import browse
from healthcheck.errors import OutputError
from healthcheck.settings import SECRETS

UNTIL = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


@pytest.fixture
def snapshot(tmp_path):
    """A folder with a small healthy store."""
    store = Store(until=UNTIL)
    for days_ago in range(3):
        store.day("groq", "llama", days_ago=days_ago)
    return store.write_snapshot(tmp_path / "snapshot")


def refused(done, code: int, *words: str) -> None:
    """Nothing on stdout; on stderr, at its end, the one sentence, which holds the words."""
    said = done.stderr.decode()
    assert done.returncode == code, said
    assert done.stdout == b""
    assert "Traceback" not in said
    sentence = said.strip().splitlines()[-1]
    assert sentence.startswith("Error: ")
    for word in words:
        assert word in sentence


DRY = ("run", "--dry-run")


class TestOptions:
    @pytest.mark.parametrize(
        "days", ["0", "-1", "10000", "90.01", "nan", "inf", "0.0000001", "week", ""]
    )
    def test_days_out_of_range(self, health_check, days):
        told = f"'--days': '{days}' is not a length from 1 minute to 90 days, such as 7, 7d or 36h."
        refused(health_check(*DRY, "--sample", "--days", days), 2, told)

    @pytest.mark.parametrize(
        "until", ["yesterday", "2026-13-01", "", "10:00", "0001-01-01", "9999-12-31T23:59-23:59"]
    )
    def test_until_that_is_no_useful_time(self, health_check, until, snapshot):
        refused(health_check(*DRY, "--from", snapshot, "--until", until), 2)

    @pytest.mark.parametrize("until", ["2999-01-01T00:00:00Z", "9999-12-31"])
    def test_a_window_in_the_future(self, health_check, snapshot, until):
        refused(health_check(*DRY, "--from", snapshot, "--until", until), 2, "future")

    def test_two_sources(self, health_check, snapshot):
        refused(health_check(*DRY, "--sample", "--from", snapshot), 2, "--sample", "--from")

    def test_a_format_that_does_not_exist(self, health_check):
        refused(health_check(*DRY, "--sample", "--format", "pdf"), 2, "pdf")

    def test_a_command_that_does_not_exist(self, health_check):
        refused(health_check("walk"), 2, "walk")


class TestSettings:
    def test_which_of_them_are_secrets(self):
        assert {"MONGODB_URI", "OPENAI_API_KEY", "HEARTBEAT_URL"} <= SECRETS

    def test_no_uri(self, health_check):
        refused(health_check(*DRY), 2, "MONGODB_URI", ".env")

    def test_an_empty_uri_is_none(self, health_check):
        refused(health_check(*DRY, settings={"MONGODB_URI": ""}), 2, "MONGODB_URI is not set")

    def test_a_uri_of_something_else(self, health_check):
        done = health_check(*DRY, settings={"MONGODB_URI": "postgresql://u:Geheim99@h/db"})
        refused(done, 2, "MONGODB_URI")
        assert b"Geheim99" not in done.stderr

    def test_a_uri_that_cannot_be_parsed(self, health_check):
        done = health_check(*DRY, settings={"MONGODB_URI": "mongodb://u:Gehe/im99@@h:x/?a=b"})
        refused(done, 2, "MONGODB_URI")
        assert b"im99" not in done.stderr

    @pytest.mark.parametrize(
        "uri",
        ["mongodb://u:Gehe/im99@127.0.0.1:1/", "mongodb://u:G@im99@h/", "mongodb://u:G#im99@h/"],
    )
    def test_a_password_that_is_not_encoded_is_not_taken_for_a_host(self, health_check, uri):
        done = health_check(*DRY, settings={"MONGODB_URI": uri})
        refused(done, 2, "MONGODB_URI", "%40")
        assert b"im99" not in done.stderr
        assert b"Gehe" not in done.stderr

    def test_a_database_name_that_mongodb_refuses(self, health_check):
        settings = {"MONGODB_URI": "mongodb://127.0.0.1:1", "MONGODB_DB": "a b"}
        refused(health_check(*DRY, settings=settings), 2, "MONGODB_DB")

    def test_a_dotenv_file_that_is_no_text(self, health_check, tmp_path):
        (tmp_path / ".env").write_bytes(b"MONGODB_URI=\xff\xfe\n")
        refused(health_check(*DRY), 2, "MONGODB_URI must be UTF-8.")

    def test_a_dotenv_file_with_an_open_quote_is_not_passed_over(self, health_check, tmp_path):
        (tmp_path / ".env").write_text("OTHER=1\nMONGODB_DB='Gehe\nMONGODB_URI=im99\n")
        done = health_check(*DRY, settings={"MONGODB_URI": "mongodb://127.0.0.1:1/"})
        refused(done, 2, ".env", "line 2", "quote")
        assert b"Gehe" not in done.stderr
        assert len(done.stderr.splitlines()) == 1

    def test_the_environment_wins_over_dotenv(self, health_check, tmp_path):
        (tmp_path / ".env").write_text("MONGODB_URI=http://from-file\n")
        done = health_check(
            *DRY, settings={"MONGODB_URI": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50"}
        )
        assert b"must begin with" not in done.stderr

    def test_a_shared_dotenv_file_is_read_as_its_service_reads_it(self, health_check, tmp_path):
        shared = tmp_path / "shared"
        shared.write_bytes(
            b"no assignment\nFOREIGN=\xff\nexport MONGODB_URI='http://from-shared'  # ours\n"
            b"MONGODB_DB='a b${HOME}'\nLD_PRELOAD=/nonexistent.so\n"
        )
        (tmp_path / ".env").write_text("MONGODB_URI=mongodb://127.0.0.1:1/\n")
        done = health_check(*DRY, settings={"ENV_FILE": str(shared)})
        refused(done, 2, "MONGODB_URI must begin with", "MONGODB_DB")
        assert b"ld.so" not in done.stderr

    @pytest.mark.parametrize(
        "line",
        [
            "set MONGODB_URI=mongodb://h/",
            "NOTIFY_EMAIL='Ops <ops@example.org>",
            "MONGODB_DB: bench",
        ],
    )
    def test_a_shared_line_that_hides_a_setting_is_not_passed_over(
        self, health_check, tmp_path, line
    ):
        shared = tmp_path / "shared"
        shared.write_text(f"no assignment\r\n{line}\r\n", newline="")
        done = health_check(*DRY, settings={"ENV_FILE": str(shared)})
        refused(done, 2, f"ENV_FILE names {shared}, line 2, cannot be read", "NAME=value")

    def test_an_invisible_character_before_the_uri_is_located(self, health_check):
        settings = {"MONGODB_URI": "\u200bmongodb://u:Geheim99@h/"}
        refused(health_check(*DRY, settings=settings), 2, "this is at character 2")

    def test_the_environment_wins_over_a_shared_dotenv_file(self, health_check, tmp_path):
        shared = tmp_path / "shared"
        shared.write_text("MONGODB_URI=http://from-file\n")
        settings = {
            "ENV_FILE": str(shared),
            "MONGODB_URI": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50",
        }
        assert b"must begin with" not in health_check(*DRY, settings=settings).stderr

    def test_a_shared_dotenv_file_that_is_not_there(self, health_check):
        done = health_check(*DRY, settings={"ENV_FILE": "/nonexistent/env"})
        refused(done, 2, "ENV_FILE names /nonexistent/env: No such file")

    def test_a_shared_dotenv_file_that_never_ends(self, health_check):
        done = health_check(*DRY, settings={"ENV_FILE": "/dev/zero"})
        refused(done, 2, "ENV_FILE names /dev/zero: it is larger than 1,000,000 bytes.")

    def test_a_pipe_that_nobody_writes_to_is_an_empty_dotenv_file(self, health_check, tmp_path):
        os.mkfifo(tmp_path / ".env")
        refused(health_check(*DRY), 2, "MONGODB_URI is not set")

    @pytest.mark.parametrize("how", ["working directory", "ENV_FILE"])
    @pytest.mark.parametrize(
        "text",
        [
            "MONGODB_URI=http://{end}",
            "\ufeffMONGODB_URI=http://{end}",
            "export MONGODB_URI = 'http://'  # ours{end}{end}",
            'MONGODB_URI="http://"{end}',
            "A=http{end}B='://'{end}MONGODB_URI=${{A}}${{B}}{end}",
            "USER=http{end}MONGODB_URI=${{UNSET_ONE:-http}}://{end}",
        ],
    )
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_every_form_of_a_dotenv_file(self, health_check, tmp_path, how, text, end):
        path = tmp_path / (".env" if how == "working directory" else "shared")
        path.write_bytes(text.format(end=end).encode())
        settings = {"ENV_FILE": str(path)} if how == "ENV_FILE" else {}
        refused(health_check(*DRY, settings=settings), 2, "MONGODB_URI must begin with")

    @pytest.mark.parametrize("how", ["working directory", "ENV_FILE"])
    def test_a_dotenv_file_in_utf_16_is_named(self, health_check, tmp_path, how):
        path = tmp_path / (".env" if how == "working directory" else "shared")
        path.write_bytes("MONGODB_URI=mongodb://h/\n".encode("utf-16"))
        settings = {"ENV_FILE": str(path)} if how == "ENV_FILE" else {}
        refused(health_check(*DRY, settings=settings), 2, "Save it as UTF-8")

    def test_a_zero_byte_in_the_value_of_another_program_is_its_own_matter(
        self, health_check, tmp_path
    ):
        shared = tmp_path / "shared"
        shared.write_bytes(b'OTHER="a\0b"\nMONGODB_URI=h/\n')
        done = health_check(*DRY, settings={"ENV_FILE": str(shared)})
        refused(done, 2, "MONGODB_URI must begin with")

    @pytest.mark.parametrize("uri", ["mongodb://u:${DB_PASS}@h/", "mongodb+srv://u:<password>@h/"])
    def test_a_placeholder_that_nobody_filled_in(self, health_check, uri):
        refused(health_check(*DRY, settings={"MONGODB_URI": uri}), 2, "MONGODB_URI", "placeholder")


class TestServer:
    def test_a_host_that_no_name_server_knows(self, health_check):
        uri = "mongodb+srv://u:Geheim99@no-such-host.invalid/"
        done = health_check(*DRY, settings={"MONGODB_URI": uri})
        refused(done, 1, "no-such-host.invalid", "_mongodb._tcp", "mongodb+srv:")
        assert b"Geheim99" not in done.stderr

    def test_down(self, health_check):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        uri = f"mongodb://reader:Geheim99@127.0.0.1:{port}/?serverSelectionTimeoutMS=500"
        done = health_check(*DRY, settings={"MONGODB_URI": uri})
        refused(done, 1, f"127.0.0.1:{port}")
        assert b"Geheim99" not in done.stderr

    def test_accepts_and_never_answers(self, health_check):
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            port = deaf.getsockname()[1]
            uri = f"mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=2000"
            refused(health_check(*DRY, settings={"MONGODB_URI": uri}), 1, str(port))

    def test_an_impatient_operator(self, start_health_check):
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            uri = f"mongodb://127.0.0.1:{deaf.getsockname()[1]}/"
            started = start_health_check(*DRY, settings={"MONGODB_URI": uri})
            deaf.settimeout(30)
            connection, _ = deaf.accept()
            with connection:
                started.send_signal(signal.SIGINT)
                _, said = started.communicate(timeout=30)
        assert started.returncode == 130
        assert said.strip() == b"Error: Interrupted."


class TestSnapshot:
    def test_missing_folder(self, health_check, tmp_path):
        refused(health_check(*DRY, "--from", tmp_path / "nowhere"), 2, "nowhere")

    def test_empty_folder(self, health_check, tmp_path):
        (tmp_path / "empty").mkdir()
        refused(health_check(*DRY, "--from", tmp_path / "empty"), 2, "errors_cloud")

    def test_a_folder_of_something_else(self, health_check, tmp_path):
        (tmp_path / "notes.txt").write_text("x")
        refused(health_check(*DRY, "--from", tmp_path), 2, "it holds notes.txt.")

    @pytest.mark.parametrize("lacking", ["errors_cloud", "metrics_cloud_v2"])
    def test_a_snapshot_that_is_not_complete(self, health_check, snapshot, lacking):
        (snapshot / f"{lacking}.jsonl").rename(snapshot / f"{lacking}.csv")
        refused(health_check(*DRY, "--from", snapshot), 1, f"contains no {lacking}")

    @pytest.mark.parametrize("names", [("a",), ("a", "b")])
    def test_a_folder_of_snapshots(self, health_check, snapshot, names):
        for name in names:
            shutil.copytree(snapshot, snapshot.parent / "all" / name)
        folder = snapshot.parent / "all"
        done = health_check(*DRY, "--from", folder)
        assert done.stderr.decode().endswith(
            f"; it holds {', '.join(names)}. "
            f"Choose one of its folders, such as --from {folder / names[-1]}.\n"
        )
        assert done.returncode == 2

    def test_a_file_instead_of_a_folder(self, health_check, tmp_path):
        (tmp_path / "file").write_text("x")
        refused(health_check(*DRY, "--from", tmp_path / "file"), 2, "file")

    def test_cut_gzip(self, health_check, snapshot):
        path = snapshot / "metrics_cloud_v2.jsonl"
        (snapshot / "metrics_cloud_v2.jsonl.gz").write_bytes(
            gzip.compress(path.read_bytes())[:-100]
        )
        path.unlink()
        refused(
            health_check(*DRY, "--from", snapshot),
            1,
            "metrics_cloud_v2.jsonl.gz cannot be read: it is cut off.",
        )

    def test_a_broken_line_is_named_with_its_number(self, health_check, snapshot):
        path = snapshot / "metrics_cloud_v2.jsonl"
        lines = path.read_text().splitlines()
        lines[6] = lines[6][:-5]
        path.write_text("\n".join(lines))
        refused(health_check(*DRY, "--from", snapshot), 1, "metrics_cloud_v2.jsonl", "7")

    def test_two_files_for_one_collection(self, health_check, snapshot):
        (snapshot / "errors_cloud.bson").write_bytes(b"")
        refused(health_check(*DRY, "--from", snapshot), 1, "errors_cloud.bson")

    def test_a_folder_whose_name_is_nearly_right(self, health_check, snapshot):
        slip = f"{snapshot}s"
        refused(health_check(*DRY, "--from", slip), 2, f"Did you mean {snapshot.name}?")

    def test_what_a_name_holds_is_not_obeyed_by_the_terminal(self, health_check):
        done = health_check("run", "--dry-run", "--from", "no\x9b31msuch\x1b[2J")
        assert done.returncode == 2
        assert "no\ufffd31msuch\ufffd[2J is not a folder" in done.stderr.decode()


class TestOutput:
    def test_a_folder_that_does_not_exist(self, health_check, snapshot, tmp_path):
        target = tmp_path / "nowhere" / "report.txt"
        refused(health_check(*DRY, "--from", snapshot, "--output", target), 2, "report.txt")

    @pytest.mark.parametrize("target", ["/proc/nowhere", "/dev/null/x"])
    def test_an_export_to_a_place_that_cannot_be(self, health_check, store_settings, target):
        settings = {"MONGODB_URI": store_settings.required_uri()}
        refused(health_check("export", target, settings=settings), 2, target)

    def test_an_export_to_a_folder_with_files(self, health_check, snapshot):
        settings = {"MONGODB_URI": "mongodb://127.0.0.1:1/"}
        refused(health_check("export", snapshot, settings=settings), 2, "is not empty")

    def test_an_export_that_fails_leaves_no_folder(self, health_check, tmp_path):
        settings = {"MONGODB_URI": "mongodb://127.0.0.1:1/"}
        refused(health_check("export", tmp_path / "a" / "b", settings=settings), 1, "refused")
        assert [*tmp_path.iterdir()] == []

    def test_a_full_disk(self, health_check, snapshot):
        refused(health_check(*DRY, "--from", snapshot, "--output", "/dev/full"), 1, "/dev/full")

    def test_a_reader_that_leaves_early_costs_no_traceback(self, snapshot):
        command = f"{sys.executable} -m healthcheck run --dry-run --from {snapshot} | head -1"
        done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=60)
        assert done.stderr == b""
        assert done.stdout.startswith(b"To: ")

    def test_a_full_standard_output(self, snapshot):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "healthcheck", *DRY, "--from", str(snapshot)],
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
                timeout=60,
            )
        said = b"Error: Cannot write to standard output: No space left on device.\n"
        assert (done.returncode, done.stderr) == (1, said)

    @pytest.mark.parametrize(
        "arguments", ["--help", "classify --help", "history", "doctor --offline"]
    )
    def test_whatever_command_prints_to_it(self, tmp_path, arguments):
        done = subprocess.run(
            ["sh", "-c", f"{sys.executable} -m healthcheck {arguments} > /dev/full"],
            env={"STATE_DIRECTORY": str(tmp_path)},
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
        said = b"Error: Cannot write to standard output: No space left on device.\n"
        assert (done.returncode, done.stderr) == (1, said)

    def test_a_page_without_a_temporary_folder(self, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
        with pytest.raises(OutputError) as told:
            browse("<p>")
        assert told.value.exit_code == 2
        assert str(told.value) == (
            "Cannot write a page for the browser: No such file or directory. "
            "Set TMPDIR to a folder that you can write to, or use --format html."
        )


class TestClassify:
    def test_a_line_without_an_end(self, health_check):
        done = health_check("classify", stdin="x\n" + "x" * 2_000_000)
        assert done.returncode == 2
        assert done.stderr == b"Error: Line 2 is longer than 1,000,000 bytes.\n"

    @pytest.mark.parametrize("line", ["[1]", "x", '{"msg": "402"}', '{"te\\u001bxt": "402"}'])
    def test_a_line_that_is_no_object_with_a_message(self, health_check, line):
        done = health_check("classify", "--jsonl", stdin=f'{{"message": "x"}}\n{line}\n')
        assert (done.returncode, done.stdout.count(b"\n")) == (2, 1)
        assert done.stderr.startswith(b"Error: Line 2 is not a JSON object with a message; ")
        assert b"Traceback" not in done.stderr

    def test_bytes_that_are_no_text(self, health_check):
        done = health_check("classify", stdin=b"\xff\xfe 429 Too Many Requests\n")
        assert done.returncode == 0
        assert b"rate_limit" in done.stdout


def test_debug_shows_the_traceback(health_check, tmp_path):
    done = health_check(*DRY, "--from", tmp_path / "nowhere", "--debug")
    assert b"Traceback" in done.stderr
    assert done.returncode == 2


def test_the_window_of_a_snapshot_ends_just_behind_its_newest_document(health_check, snapshot):
    done = health_check(*DRY, "--from", snapshot)
    newest = UNTIL - timedelta(minutes=30)
    assert f"to {newest:%H:%M} UTC".encode() in done.stdout
