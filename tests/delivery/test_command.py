"""`run`, `outbox` and `history`: one line a report, and the exit code that its unit understands."""

import json
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from mail_servers import Login, hang, reply
from queued_reports import queued

from healthcheck.delivery.outbox import StateDirectory
from healthcheck.report.contract import SnapshotPart, WindowPart
from healthcheck.run_window import daily_slot


@pytest.fixture
def run(health_check, snapshot):
    """Runs the command on the small snapshot; returns the exit code and both outputs."""

    def run(*args, settings, source=True):
        where = ("--from", snapshot) if source and args[0] == "run" else ()
        done = health_check(*args, *where, settings=settings)
        assert b"Traceback" not in done.stderr
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


@pytest.fixture
def kept(tmp_path):
    return StateDirectory(tmp_path / "kept")


def today() -> str:
    """The name of today's report on a snapshot."""
    return f"{daily_slot(datetime.now(UTC))}-snapshot"


class TestRun:
    def test_it_sends_and_says_so(self, run, settings_to, mail_server):
        code, out, err = run("run", settings=settings_to(mail_server))
        assert (code, err) == (0, "")
        assert out.startswith("Sent the report for 20")
        assert out.endswith(" to ops@example.org.\n")
        assert len(mail_server.received) == 1

    @pytest.mark.parametrize("place", ["environment", ".env"])
    def test_a_setting_that_is_nearly_one_is_told(
        self, run, settings_to, mail_server, tmp_path, place
    ):
        slip = {"NOTIFY_EMIAL": "team@example.org"}
        settings = settings_to(mail_server) | (slip if place == "environment" else {})
        settings.pop("NOTIFY_EMAIL")
        if place == ".env":
            (tmp_path / ".env").write_text("NOTIFY_EMIAL=team@example.org\n")
        code, out, err = run("run", settings=settings)
        assert (code, err) == (
            0, "Warning: NOTIFY_EMIAL is not a setting. Did you mean NOTIFY_EMAIL?\n"
        )  # fmt: skip
        assert out.endswith(" to david010@gmail.com.\n")
        code, _, shown = run("run", "--dry-run", settings=settings)
        assert (code, shown) == (0, err)

    def test_an_impatient_operator_is_told_that_nothing_is_lost(
        self, start_health_check, run, snapshot, settings_to, start_smtp_server, mail_server
    ):
        deaf = start_smtp_server(hang("DATA"))
        settings = settings_to(deaf, MSMTP_TIMEOUT="60")
        started = start_health_check("run", "--from", snapshot, settings=settings)
        deaf.wait_for_stage("DATA")
        started.send_signal(signal.SIGINT)
        _, said = started.communicate(timeout=30)
        warned, interrupted = filter(None, said.decode().splitlines())
        assert warned.endswith(" stays in the outbox; the next run sends it.")
        assert (started.returncode, interrupted) == (130, "Error: Interrupted.")
        code, out, _ = run("outbox", "send", settings=settings_to(mail_server))
        assert (code, len(mail_server.received)) == (0, 1)
        assert " to ops@example.org." in out

    def test_one_broken_file_is_one_warning(self, run, settings_to, mail_server, kept):
        """Sending what waits comes upon it, and looking for the day's report."""
        broken = kept.outbox.path(today())
        broken.parent.mkdir(parents=True)
        broken.write_text("{")
        code, _, err = run("run", "--scheduled", settings=settings_to(mail_server))
        assert (code, err) == (0, f"Warning: {broken} is left out: it contains no report.\n")

    def test_by_hand_as_often_as_asked_for(self, run, settings_to, mail_server):
        for _ in range(2):
            assert run("run", settings=settings_to(mail_server))[0] == 0
        identities = {mail.parsed()["Message-ID"] for mail in mail_server.received}
        assert len(identities) == 2

    def test_scheduled_once_a_slot(self, run, settings_to, mail_server):
        settings = settings_to(mail_server)
        run("run", settings=settings)
        first, second = (run("run", "--scheduled", settings=settings) for _ in range(2))
        assert first == (0, f"Sent the report for {today()} to ops@example.org.\n", "")
        assert second == (0, f"Report for {today()} already sent.\n", "")
        assert len(mail_server.received) == 2

    def test_what_waits_for_the_slot_is_sent_and_not_made_again(
        self, run, settings_to, start_smtp_server, kept
    ):
        server = start_smtp_server(reply("MAIL", "451 4.3.0 later", times=1))
        settings = settings_to(server)
        assert run("run", "--scheduled", settings=settings)[0] == 75
        waiting = kept.outbox.get(today())
        assert run("run", "--scheduled", settings=settings)[0] == 0
        assert server.received[0].content.endswith(waiting.mail)
        assert len(server.received) == 1

    def test_what_was_left_goes_first_even_where_the_database_is_down(
        self, run, settings_to, mail_server, kept
    ):
        kept.outbox.put(queued())
        settings = settings_to(mail_server) | {
            "MONGODB_URI": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300"
        }
        code, out, err = run("run", "--scheduled", settings=settings, source=False)
        assert code == 1
        assert out == "Sent the report for 2026-03-10 to ops@example.org.\n"
        assert err.startswith("Error: ")
        assert "127.0.0.1:1" in err
        assert len(mail_server.received) == 1

    def test_a_snapshot_is_no_day_of_this_machine(self, run, settings_to, kept):
        dry_run = ("run", "--dry-run", "--format", "json")
        made = json.loads(run(*dry_run, settings=settings_to(1))[1])
        until = datetime.fromisoformat(made["window"]["until"])
        before = queued()
        before.report["window"]["until"] = (until - timedelta(days=1)).isoformat()
        kept.history.put(before)
        assert json.loads(run(*dry_run, settings=settings_to(1))[1]) == made

    def test_a_dry_run_sends_and_keeps_nothing(self, run, settings_to, mail_server, tmp_path):
        code, out, _ = run("run", "--dry-run", settings=settings_to(mail_server))
        assert code == 0
        assert out.startswith("To: ")
        assert mail_server.received == ()
        assert not (tmp_path / "kept").exists()

    def test_as_eml_it_is_the_mail_as_it_would_go_out(self, run, settings_to, mail_server):
        settings = settings_to(mail_server, MAIL_FROM="Health <health@example.org>")
        _, out, _ = run("run", "--dry-run", "--format", "eml", settings=settings)
        assert "\nFrom: Health <health@example.org>" in out.replace("\r", "")
        assert "\nTo: ops@example.org" in out.replace("\r", "")
        assert "@example.org>\n" in out.replace("\r", "")

    @pytest.mark.parametrize(
        ("args", "word"),
        [
            (("run", "--scheduled", "--dry-run"), "--scheduled"),
            (("run", "--scheduled", "--until", "2026-03-10"), "--until"),
            (("run", "--format", "json"), "--dry-run"),
            (("run", "--open"), "--dry-run"),
            (("run", "--output", "x"), "--dry-run"),
            (("run", "--sample"), "--dry-run"),
        ],
    )
    def test_options_that_do_not_go_together(self, run, settings_to, mail_server, args, word):
        code, out, err = run(
            *args, settings=settings_to(mail_server), source="--sample" not in args
        )
        assert (code, out) == (2, "")
        assert word in err
        assert mail_server.received == ()

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("NOTIFY_EMAIL", "nobody"),
            ("NOTIFY_EMAIL", "a@b.org\nBcc: evil@example.org"),
            ("MAIL_FROM", "a@b.org, c@d.org"),
            ("MSMTP_TIMEOUT", "0"),
            ("STATE_DIRECTORY", "relative/folder"),
        ],
    )
    def test_settings_are_checked_before_anything_is_done(
        self, run, settings_to, mail_server, name, value
    ):
        code, out, err = run("run", settings=settings_to(mail_server, **{name: value}))
        assert (code, out) == (2, "")
        assert name in err
        assert mail_server.received == ()

    def test_two_at_once_send_one_report(self, health_check, settings_to, snapshot, mail_server):
        settings = settings_to(mail_server)
        with ThreadPoolExecutor() as pool:
            runs = [
                pool.submit(
                    health_check, "run", "--scheduled", "--from", snapshot, settings=settings
                )
                for _ in range(2)
            ]
        assert [run.result().returncode for run in runs] == [0, 0]
        assert len(mail_server.received) == 1
        assert sum(b"already sent" in run.result().stdout for run in runs) == 1


class TestExitCodes:
    """What the unit can build on; each keeps the report."""

    @pytest.mark.parametrize(
        ("fault", "code", "folder"),
        [
            (hang("connect"), 75, "outbox"),
            (hang("dot"), 75, "outbox"),
            (reply("MAIL", "451 4.3.0 later"), 75, "outbox"),
            (reply("dot", "554 5.7.1 spam"), 69, "rejected"),
            (reply("RCPT", "550 5.1.1 gone"), 69, "rejected"),
        ],
        ids=lambda value: f"{value.what} {value.stage}" if hasattr(value, "stage") else None,
    )
    def test_of_servers(self, run, settings_to, start_smtp_server, kept, fault, code, folder):
        got, out, err = run("run", "--scheduled", settings=settings_to(start_smtp_server(fault)))
        assert (got, out) == (code, "")
        assert err.startswith(f"Error: The report for {today()} was ")
        assert err.count("\n") == 1
        assert StateDirectory(kept.folder / folder).folder.joinpath(f"{today()}.json").exists()

    def test_of_a_port_where_nobody_listens(self, run, settings_to, refusing_port):
        code, _, err = run("run", settings=settings_to(refusing_port))
        assert code == 75
        assert err.endswith(
            "). Check host, port and TLS in msmtp's configuration. The next run sends it.\n"
        )

    def test_a_scheduled_one_says_when_it_is_retried(self, run, settings_to, start_smtp_server):
        server = start_smtp_server(reply("MAIL", "451 4.3.0 later"))
        code, _, err = run("run", "--scheduled", settings=settings_to(server))
        assert code == 75
        assert err.endswith(
            "). The next run sends it. systemd starts one every 15 minutes, for 4 hours.\n"
        )

    def test_of_a_login_that_is_refused(self, run, settings_to, start_smtp_server, tmp_path):
        server = start_smtp_server(tls="starttls", login=Login("sender", "right"))
        settings = settings_to(server)
        config = tmp_path / "msmtprc"
        config.write_text(config.read_text().replace("password right", "password Geheim99"))
        code, _, err = run("run", settings=settings)
        assert code == 78
        assert "authentication failed" in err
        assert "Check user and password in msmtp's configuration" in err
        assert "Geheim99" not in err

    @pytest.mark.parametrize(
        ("wrong", "remedy"),
        [
            ({"MSMTP": "no-such-msmtp"}, "Install msmtp or set MSMTP to its path."),
            ({"MSMTP_CONFIG": "/nowhere/msmtprc"}, "Set MSMTP_CONFIG to a readable file."),
            ({"MSMTP_CONFIG": "/dev/null"}, "Write /etc/msmtprc (see the example in man msmtp)"),
        ],
    )
    def test_of_a_wrong_set_up(self, run, settings_to, mail_server, kept, wrong, remedy):
        code, _, err = run("run", "--scheduled", settings=settings_to(mail_server, **wrong))
        assert code == 78
        assert next(iter(wrong.values())) in err
        assert remedy in err
        assert kept.outbox.names() == [today()]

    def test_of_a_report_that_cannot_be_made(
        self, health_check, settings_to, mail_server, tmp_path
    ):
        done = health_check("run", "--from", tmp_path / "none", settings=settings_to(mail_server))
        assert done.returncode == 2
        assert mail_server.received == ()

    def test_an_old_one_that_is_not_taken_does_not_spoil_the_new_one(
        self, run, settings_to, start_smtp_server, kept
    ):
        kept.outbox.put(queued())
        server = start_smtp_server(reply("MAIL", "550 5.7.1 no", times=1))
        code, out, err = run("run", "--scheduled", settings=settings_to(server))
        assert code == 0
        assert "Warning: The report for 2026-03-10 was rejected" in err
        assert today() in out


class TestOutbox:
    def test_list_shows_what_waits_and_what_is_set_aside_and_why(self, run, settings_to, kept):
        kept.rejected.put(queued("2026-03-08").after("550 5.1.1 gone", doubt=False))
        kept.outbox.put(queued("2026-03-09"))
        folder = SnapshotPart(folder="/srv/march", host="clifford", whole=True)
        kept.outbox.put(queued(snapshot=folder))
        broken = kept.outbox.path("broken")
        broken.write_bytes(b"{")
        code, out, err = run("outbox", "list", settings=settings_to(1))
        assert (code, err) == (0, f"Warning: {broken} is left out: it contains no report.\n")
        assert out.splitlines() == [
            "waiting  2026-03-09  warning",
            "waiting  2026-03-10-snapshot  warning",
            "rejected  2026-03-08  warning: 550 5.1.1 gone",
        ]
        rows = json.loads(run("outbox", "list", "--format", "json", settings=settings_to(1))[1])
        assert [row["name"] for row in rows] == ["2026-03-09", "2026-03-10-snapshot", "2026-03-08"]

    def test_send_sends_oldest_first(self, run, settings_to, mail_server, kept):
        for slot in ("2026-03-10", "2026-03-09"):
            kept.outbox.put(queued(slot))
        code, out, _ = run("outbox", "send", settings=settings_to(mail_server))
        assert code == 0
        assert re.findall(r"\d{4}-\d\d-\d\d", out) == ["2026-03-09", "2026-03-10"]
        assert (
            run("outbox", "list", settings=settings_to(1))[1] == "No pending or rejected reports.\n"
        )

    def test_send_takes_up_what_was_refused_only_when_asked(
        self, run, settings_to, mail_server, kept
    ):
        kept.rejected.put(queued().after("550 5.1.1 gone", doubt=False))
        assert "Nothing to send" in run("outbox", "send", settings=settings_to(mail_server))[1]
        assert run("outbox", "send", "--rejected", settings=settings_to(mail_server))[0] == 0
        assert len(mail_server.received) == 1

    def test_what_an_earlier_version_rejected_is_taken_over(
        self, run, settings_to, mail_server, kept
    ):
        kept.rejected.put(queued().after("550 5.1.1 gone", doubt=False))
        kept.rejected.folder.rename(kept.folder / "refused")
        assert "rejected  2026-03-10" in run("outbox", "list", settings=settings_to(1))[1]
        assert run("outbox", "send", "--refused", settings=settings_to(mail_server))[0] == 0
        assert len(mail_server.received) == 1
        assert not (kept.folder / "refused").exists()

    @pytest.mark.parametrize(
        ("fault", "code"),
        [(reply("RCPT", "550 5.1.1 gone"), 69), (reply("RCPT", "450 4.2.0 later"), 75)],
        ids=["refused", "later"],
    )
    def test_its_exit_code_tells_what_was_not_sent(
        self, run, settings_to, start_smtp_server, kept, fault, code
    ):
        kept.outbox.put(queued())
        got, out, err = run("outbox", "send", settings=settings_to(start_smtp_server(fault)))
        assert (got, out) == (code, "")
        assert err.startswith("Error: The report for 2026-03-10")


class TestHistory:
    def test_it_lists_the_days_since_the_oldest(self, run, settings_to, kept):
        day = daily_slot(datetime.now(UTC))
        for back in (3, 1):
            kept.history.put(queued((day - timedelta(days=back)).isoformat()))
        code, out, _ = run("history", settings=settings_to(1))
        assert code == 0
        lines = out.splitlines()
        assert lines[0].startswith(f"{day - timedelta(days=3)}  WARNING      1 problem  All 6 ")
        assert lines[1:] == [
            f"{day - timedelta(days=2)}  no report",
            lines[2],
            f"{day}  no report",
        ]

    def test_as_json(self, run, settings_to, kept):
        day = daily_slot(datetime.now(UTC))
        kept.history.put(queued(day.isoformat()))
        (row,) = json.loads(run("history", "--format", "json", settings=settings_to(1))[1])
        assert (row["day"], row["status"]) == (day.isoformat(), "warning")
        assert row["findings"] == ["deprecated_model-groq-llama"]

    @pytest.mark.parametrize("command", [("history",), ("outbox", "list")])
    def test_a_state_directory_that_cannot_be_read_is_not_an_empty_one(
        self, run, settings_to, mail_server, tmp_path, command
    ):
        (tmp_path / "file").write_text("")
        settings = settings_to(mail_server) | {"STATE_DIRECTORY": str(tmp_path / "file")}
        code, out, err = run(*command, settings=settings)
        assert (code, out) == (2, "")
        assert "file cannot be read: Not a directory" in err

    def test_a_state_directory_that_depends_on_where_one_stands_is_none(self, run, settings_to):
        settings = settings_to(1, XDG_STATE_HOME="state")
        del settings["STATE_DIRECTORY"]
        code, out, err = run("history", settings=settings)
        assert (code, out) == (2, "")
        said = "The state directory state/llm-health-check is not an absolute path."
        assert err == f"Error: {said} Set STATE_DIRECTORY.\n"

    @pytest.mark.parametrize(("length", "rows"), [("2", 2), ("7d", 7), ("36h", 2), ("1h", 1)])
    def test_as_many_days_as_asked_for(self, run, settings_to, kept, length, rows):
        kept.history.put(queued((daily_slot(datetime.now(UTC)) - timedelta(days=30)).isoformat()))
        _, out, _ = run("history", "--days", length, settings=settings_to(1))
        assert len(out.splitlines()) == rows

    def test_without_any(self, run, settings_to, kept):
        code, out, _ = run("history", settings=settings_to(1))
        said = f"No reports in {kept.folder} from the last 14 days; those of --dry-run, --from and a past --until do not count.\n"
        assert (code, out) == (0, said)

    @pytest.mark.parametrize(("back", "counts"), [(0, True), (3, False)])
    def test_one_that_was_made_later_is_not_that_days_report(
        self, run, settings_to, kept, back, counts
    ):
        made = datetime.now(UTC)
        until = made - timedelta(days=back)
        window = WindowPart(since=until - timedelta(days=1), until=until)
        kept.history.put(queued(None, made, window=window))
        out = run("history", settings=settings_to(1))[1]
        assert out.startswith(f"{daily_slot(until)}  WARNING" if counts else "No reports in")

    def test_one_that_was_not_sent_says_so(self, run, settings_to, kept):
        day = daily_slot(datetime.now(UTC)).isoformat()
        kept.outbox.put(queued(day))
        assert (
            f"{day}  WARNING      1 problem  (not sent) All 6 "
            in run("history", settings=settings_to(1))[1]
        )
        kept.outbox.move(day, kept.history)
        assert "not sent" not in run("history", settings=settings_to(1))[1]

    @pytest.mark.parametrize("port", ["taken", "refused"])
    def test_a_mailed_snapshot_is_no_day_of_this_machine(
        self, run, settings_to, mail_server, refusing_port, port
    ):
        run("run", settings=settings_to(mail_server if port == "taken" else refusing_port))
        assert run("history", settings=settings_to(1))[1].startswith("No reports in ")

    def test_a_report_that_holds_more_than_today_counts(self, run, settings_to, kept):
        day = daily_slot(datetime.now(UTC))
        older = queued(day.isoformat())
        older.report.update({"summary": "6 of 120 failed", "later": {}})
        for part in (*older.report["problems"], *older.report["findings"]):
            part.update({"worse": True, "attempts": 24, "last_success": None})
        kept.history.put(older)
        (row,) = json.loads(run("history", "--format", "json", settings=settings_to(1))[1])
        assert (row["status"], row["findings"]) == ("warning", ["deprecated_model-groq-llama"])

    def test_a_report_of_another_version_is_left_out(self, run, settings_to, kept):
        day = daily_slot(datetime.now(UTC))
        strange = queued((day - timedelta(days=1)).isoformat())
        strange.report.clear()
        kept.history.put(strange)
        kept.history.put(queued(day.isoformat()))
        _, out, err = run("history", settings=settings_to(1))
        assert len(out.splitlines()) == 1
        assert (
            err
            == f"Warning: {kept.history.path(strange.name)} is left out: its version is not known.\n"
        )

    @pytest.mark.parametrize("content", [b"", b"{", b"null"])
    def test_a_file_that_cannot_be_read_is_named(self, run, settings_to, kept, content):
        kept.history.put(queued())
        path = kept.history.path("2026-03-10")
        path.write_bytes(content)
        code, out, err = run("history", settings=settings_to(1))
        assert (code, out[:11]) == (0, "No reports ")
        assert err == f"Warning: {path} is left out: it contains no report.\n"


def test_a_terminated_run_leaves_its_report_in_the_outbox(
    settings_to, snapshot, start_smtp_server, kept
):
    server = start_smtp_server(hang("DATA"))
    settings = settings_to(server) | {"MSMTP_TIMEOUT": "60"}
    command = [sys.executable, "-m", "healthcheck", "run", "--scheduled", "--from", str(snapshot)]
    with subprocess.Popen(command, env=settings | {"PATH": "/usr/bin:/bin"}) as running:
        server.wait_for_stage("DATA")
        running.terminate()
        assert running.wait(20) != 0
    assert kept.outbox.names() == [today()]
