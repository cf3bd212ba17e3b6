"""A state directory and a clock as they should not be."""

import os
import tracemalloc
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from queued_reports import NOW, arrived, message_id, queued

from healthcheck.delivery.history import past


def test_what_cannot_become_history_is_not_sent_at_every_run(post, mail_server):
    post.store.history.folder.write_text("no folder")
    delivery = post.by(mail_server)
    assert delivery.send(queued()).exit_code == 0
    assert delivery.send_pending() == ()
    assert arrived(mail_server) == [message_id(queued())]
    assert post.kept == {}
    assert (
        post.warnings[0] == "2026-03-10 was sent but could not be kept in the history: File exists."
    )


def test_what_cannot_be_set_aside_stays_and_is_told(post, refusing_port):
    post.store.rejected.folder.write_text("no folder")
    old = replace(queued(slot="2026-03-01"), tries=9)
    post.store.outbox.put(old)
    (result,) = post.by(refusing_port).send_pending()
    assert result.exit_code == 69
    assert post.kept == {"outbox": ["2026-03-01"]}
    assert "Could not move 2026-03-01" in post.warnings[0]


def test_a_file_that_never_ends_is_left_alone(post):
    path = post.store.outbox.path("2026-03-10")
    path.parent.mkdir()
    path.symlink_to("/dev/zero")
    assert post.store.outbox.all() == []
    assert post.warnings == [f"{path} is left out: it is larger than 100,000,000 bytes."]


def test_a_long_history_is_not_held_in_memory(post):
    made = queued()
    made.report["padding"] = "x" * 100_000
    for back in range(90):
        at = NOW - timedelta(days=back)
        made.report["window"]["until"] = at.isoformat()
        post.store.history.put(replace(made, made=at, slot=None))
    tracemalloc.start()
    try:
        assert len(past(post.store)) == 90
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


def test_a_report_is_on_the_disk_before_it_has_its_name(post, monkeypatch):
    done = []

    def fsync(descriptor):
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", lambda _, target: done.append(f"now {target.name}"))
    post.store.outbox.put(queued())
    assert done == [f".2026-03-10.json.{os.getpid()}.partial", "now 2026-03-10.json", "outbox"]


class TestClock:
    LATER = NOW + timedelta(days=3650)

    def test_what_was_made_in_the_future_is_sent(self, post, mail_server):
        future = queued(slot=None, made=self.LATER)
        post.store.outbox.put(future)
        (result,) = post.by(mail_server).send_pending()
        assert result.exit_code == 0
        assert arrived(mail_server) == [message_id(future)]

    def test_a_slot_of_the_future_does_not_stand_for_today_s(self, post, mail_server):
        post.by(mail_server, now=self.LATER).send(queued("2036-03-07"))
        assert post.by(mail_server).made_before(str(NOW.date()), ()) is None

    def test_a_jump_ahead_gives_up_nothing_that_was_hardly_tried(self, post, refusing_port):
        post.store.outbox.put(queued())
        (result,) = post.by(refusing_port, now=self.LATER).send_pending()
        assert result.exit_code == 75
        assert post.kept == {"outbox": ["2026-03-10"]}

    @pytest.mark.parametrize("days", [-20_000, -1, 3650])
    def test_wherever_it_stands_a_report_is_sent_and_kept(self, post, mail_server, days):
        now = NOW + timedelta(days=days)
        result = post.by(mail_server, now=now).send(queued(slot=None, made=now))
        assert result.exit_code == 0
        assert len(post.kept["history"]) == 1
