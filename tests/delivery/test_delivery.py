"""A report is kept, sent, and moved to where it belongs; nothing is lost, and nothing is in the way."""

import json
from dataclasses import replace
from datetime import timedelta
from email.headerregistry import Address

import pytest
from mail_servers import hang, reply
from queued_reports import NOW, TO, arrived, message_id, queued

from healthcheck.delivery.outbox import Queue, QueuedReport, from_bytes, to_bytes
from healthcheck.report.contract import SnapshotPart

MON, TUE, WED = "2026-03-09", "2026-03-10", "2026-03-11"


def waiting(post, *slots):
    queued_reports = [queued(slot) for slot in slots]
    for each in queued_reports:
        post.store.outbox.put(each)
    return queued_reports


class TestSend:
    def test_it_is_sent_and_becomes_history(self, post, mail_server):
        result = post.by(mail_server).send(queued())
        assert result.exit_code == 0
        assert result.sentence == "Sent the report for 2026-03-10 to ops@example.org."
        assert post.kept == {"history": [TUE]}
        assert mail_server.received[0].content.endswith(queued().mail)
        assert post.store.history.get(TUE) == queued()

    def test_it_is_kept_before_it_is_sent(self, post, start_smtp_server):
        server = start_smtp_server(hang("EHLO"))
        result = post.by(server).send(queued())
        assert result.exit_code == 75
        assert "stays in the outbox" in result.sentence
        assert post.kept == {"outbox": [TUE]}

    def test_a_wrong_set_up_keeps_it(self, post, mail_server):
        result = post.by(mail_server, program="no-such-msmtp").send(queued())
        assert result.exit_code == 78
        assert post.kept == {"outbox": [TUE]}

    def test_what_is_refused_is_set_aside_with_the_reason(self, post, start_smtp_server):
        server = start_smtp_server(reply("RCPT", "550 5.1.1 no such user"))
        result = post.by(server).send(queued())
        assert result.exit_code == 69
        assert post.kept == {"rejected": [TUE]}
        assert "550 5.1.1 no such user" in post.store.rejected.get(TUE).error

    def test_where_some_have_got_it_it_is_sent_and_the_others_are_told(
        self, post, start_smtp_server
    ):
        server = start_smtp_server(reply("RCPT", "550 5.1.1 gone", recipient="b@example.org"))
        result = post.by(server, to=("a@example.org", "b@example.org")).send(queued())
        assert result.exit_code == 69
        assert "550 5.1.1 gone" in result.sentence
        assert result.sentence.endswith(" Check NOTIFY_EMAIL and MAIL_FROM.")
        assert post.kept == {"history": [TUE]}


class TestWhatIsLeft:
    def test_oldest_first_and_with_its_own_date(self, post, mail_server):
        queued_reports = waiting(post, WED, MON, TUE)
        results = post.by(mail_server, now=NOW + timedelta(days=2)).send_pending()
        assert [result.name for result in results] == [MON, TUE, WED]
        assert arrived(mail_server) == [message_id(queued_reports[i]) for i in (1, 2, 0)]
        assert [str(m.parsed()["Date"])[:16] for m in mail_server.received] == [
            "Mon, 09 Mar 2026", "Tue, 10 Mar 2026", "Wed, 11 Mar 2026",
        ]  # fmt: skip
        assert post.kept == {"history": [MON, TUE, WED]}

    def test_a_retry_is_the_same_mail(self, post, start_smtp_server):
        server = start_smtp_server(reply("dot", "451 4.3.0 later", times=1))
        post.by(server).send(queued())
        assert post.by(server).send_pending()[0].exit_code == 0
        assert server.received[0].content.endswith(queued().mail)

    def test_one_that_is_refused_blocks_nobody(self, post, start_smtp_server):
        waiting(post, MON, TUE)
        server = start_smtp_server(reply("MAIL", "550 5.7.1 no", times=1))
        codes = [result.exit_code for result in post.by(server).send_pending()]
        assert codes == [69, 0]
        assert post.kept == {"rejected": [MON], "history": [TUE]}

    def test_one_that_is_not_taken_today_blocks_nobody(self, post, start_smtp_server):
        waiting(post, MON, TUE)
        server = start_smtp_server(reply("dot", "452 4.3.1 disk full", times=1))
        post.by(server).send_pending()
        assert post.kept == {"outbox": [MON], "history": [TUE]}

    def test_after_two_in_a_row_the_server_is_left_in_peace(self, post, start_smtp_server):
        server = start_smtp_server(reply("MAIL", "451 4.3.0 later"))
        waiting(post, MON, TUE, WED)
        assert len(post.by(server).send_pending()) == 2
        assert server.commands.count("MAIL") == 2
        assert post.kept == {"outbox": [MON, TUE, WED]}

    def test_also_where_the_setup_is_wrong(self, post, mail_server):
        waiting(post, MON, TUE, WED)
        assert len(post.by(mail_server, program="no-such-msmtp").send_pending()) == 2

    def test_also_where_the_reports_are_too_old_to_be_tried_again(self, post, start_smtp_server):
        server = start_smtp_server(reply("MAIL", "451 4.3.0 later"))
        for slot in (MON, TUE, WED):
            post.store.outbox.put(replace(queued(slot), made=NOW - timedelta(days=9), tries=6))
        post.by(server).send_pending()
        assert server.commands.count("MAIL") == 2
        assert post.kept == {"outbox": [WED], "rejected": [MON, TUE]}

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"[]",
            b"\xff\xfe",
            b'{"format": 2}',
            b'{"format": 1}',
            b"[" * 100_000,
            b"null",
        ],
        ids=lambda content: repr(content[:12]),
    )
    def test_a_file_that_holds_no_report_is_left_alone(self, post, mail_server, content):
        waiting(post, TUE)
        post.store.outbox.path("2026-03-01").write_bytes(content)
        post.by(mail_server).send_pending()
        assert post.kept == {"outbox": ["2026-03-01"], "history": [TUE]}
        path = post.store.outbox.path("2026-03-01")
        assert post.warnings == [f"{path} is left out: it contains no report."]
        assert path.read_bytes() == content

    def test_a_copy_under_another_name_is_not_sent_as_well(self, post, mail_server):
        waiting(post, TUE)
        copy = post.store.outbox.path("copy")
        copy.write_bytes(post.store.outbox.path(TUE).read_bytes())
        post.by(mail_server).send_pending()
        assert len(mail_server.received) == 1
        assert post.kept == {"outbox": ["copy"], "history": [TUE]}

    @pytest.mark.parametrize(
        "name", [".2026-03-01.json.7.partial", ".2026-03-01.json.partial", ".partial"]
    )
    @pytest.mark.parametrize("folder", ["outbox", "rejected", "history"])
    def test_what_a_killed_write_left_is_removed(self, post, folder, name):
        """The names of now and of earlier versions."""
        waiting(post, TUE)
        partial = post.store.folder / folder / name
        partial.parent.mkdir(exist_ok=True)
        partial.write_bytes(b"x" * 10_000_000)
        post.store.prepare()
        assert not partial.exists()
        assert post.kept == {"outbox": [TUE]}


class TestDoubt:
    def test_what_may_have_arrived_is_sent_once_more_and_no_third_time(
        self, post, start_smtp_server
    ):
        server = start_smtp_server(hang("taken"))
        first = post.by(server).send(queued())
        assert first.exit_code == 75
        (second,) = post.by(server).send_pending()
        assert second.exit_code == 69
        assert post.by(server).send_pending() == ()
        assert arrived(server) == [message_id(queued())] * 2
        assert post.kept == {"rejected": [TUE]}

    def test_a_server_that_hangs_before_it_has_the_mail_is_tried_for_days(
        self, post, start_smtp_server
    ):
        server = start_smtp_server(hang("MAIL", times=4))
        post.by(server).send(queued())
        for _ in range(3):
            assert post.by(server).send_pending()[0].exit_code == 75
        assert post.by(server).send_pending()[0].exit_code == 0
        assert len(server.received) == 1

    def test_five_days_and_five_tries_in_vain_are_enough(self, post, refusing_port):
        waiting(post, TUE)
        in_time = post.by(refusing_port, now=NOW + timedelta(days=5))
        late = post.by(refusing_port, now=NOW + timedelta(days=5, seconds=1))
        codes = [each.send_pending()[0].exit_code for each in (late, *[in_time] * 4, late)]
        assert codes == [75] * 5 + [69]
        assert "Connection refused" in post.store.rejected.get(TUE).error

    def test_of_one_that_is_older_the_fifth_try_is_the_last(self, post, refusing_port):
        waiting(post, TUE)
        late = post.by(refusing_port, now=NOW + timedelta(days=6))
        codes = [late.send_pending()[0].exit_code for _ in range(5)]
        assert codes == [75] * 4 + [69]

    def test_a_wrong_set_up_is_waited_for(self, post, mail_server):
        waiting(post, TUE)
        years = post.by(mail_server, now=NOW + timedelta(days=999), program="no-such-msmtp")
        assert years.send_pending()[0].exit_code == 78
        assert post.kept == {"outbox": [TUE]}


class TestSlot:
    def test_one_that_waits_is_sent_even_where_older_ones_are_not(self, post, start_smtp_server):
        waiting(post, "2026-03-07", "2026-03-08", TUE)
        server = start_smtp_server(reply("MAIL", "451 4.3.0 later", times=2))
        delivery = post.by(server)
        left = delivery.send_pending()
        result = delivery.made_before(TUE, left)
        assert (len(left), result.exit_code) == (2, 0)
        assert post.kept["history"] == [TUE]

    def test_one_that_was_sent_is_not_made_again(self, post, mail_server):
        delivery = post.by(mail_server)
        delivery.send(queued())
        result = delivery.made_before(TUE, ())
        assert result.exit_code == 0
        assert result.sentence == "Report for 2026-03-10 already sent."
        assert len(mail_server.received) == 1

    def test_one_that_was_refused_is_not_made_again(self, post, start_smtp_server):
        delivery = post.by(start_smtp_server(reply("RCPT", "550 5.1.1 gone")))
        delivery.send(queued())
        result = delivery.made_before(TUE, ())
        assert result.exit_code == 69
        assert "outbox send --rejected" in result.sentence

    def test_one_on_a_snapshot_is_not_the_days(self, post, mail_server):
        delivery = post.by(mail_server)
        delivery.send(
            queued(snapshot=SnapshotPart(folder="/srv/march", host="clifford", whole=True))
        )
        assert delivery.made_before(TUE, ()) is None
        assert delivery.made_before(f"{TUE}-snapshot", ()).exit_code == 0

    def test_one_on_a_snapshot_that_waits_outlasts_the_days(self, post, start_smtp_server):
        delivery = post.by(start_smtp_server(reply("MAIL", "451 4.3.0 later", times=1)))
        folder = SnapshotPart(folder="/srv/march", host="clifford", whole=True)
        delivery.send(queued(snapshot=folder))
        delivery.send(queued())
        assert post.kept == {"outbox": [f"{TUE}-snapshot"], "history": [TUE]}

    def test_one_by_hand_is_not_the_slots(self, post, mail_server):
        delivery = post.by(mail_server)
        delivery.send(queued(slot=None))
        assert delivery.made_before(TUE, ()) is None


class TestRefused:
    def test_it_can_be_taken_up_again(self, post, start_smtp_server):
        server = start_smtp_server(reply("RCPT", "550 5.1.1 gone", times=1))
        delivery = post.by(server)
        delivery.send(queued())
        delivery.retry_rejected()
        assert post.store.outbox.get(TUE) == queued(), "as if it had never been tried"
        assert delivery.send_pending()[0].exit_code == 0
        assert post.kept == {"history": [TUE]}

    def test_a_sender_that_is_not_set_any_more_is_left_to_msmtp(self, post, mail_server):
        delivery = post.by(mail_server)._replace(sender=None)
        mail = queued().mail.replace(b"health@clifford.test", b"former@example.org", 1)
        assert b"From: former@" in mail
        assert delivery.send(replace(queued(), mail=mail)).exit_code == 0
        assert mail_server.received[0].parsed()["From"] == "health@clifford.test"

    def test_it_goes_out_with_the_addresses_of_today(self, post, start_smtp_server):
        server = start_smtp_server(reply("RCPT", "550 5.1.1 gone", times=1))
        post.by(server).send(queued())
        new = ("new@example.org", "two@example.org")
        delivery = post.by(server, to=new)._replace(sender=Address("Ä", "new", "clifford.test"))
        delivery.retry_rejected()
        assert delivery.send_pending()[0].exit_code == 0
        mail = server.received[0]
        assert (mail.recipients, mail.parsed()["To"]) == (new, ", ".join(new))
        assert mail.parsed()["From"] == "Ä <new@clifford.test>"
        assert mail.content.count(b"\nFrom: ") + mail.content.count(b"\nTo: ") == 2
        assert mail.content.endswith(queued().mail.partition(b"\r\n\r\n")[2])

    def test_the_folder_of_earlier_versions_is_added_to_what_is_there(self, post):
        old, new = queued(slot="2026-03-01"), queued()
        post.store.rejected.put(old)
        post.store.rejected.folder.rename(post.store.folder / "refused")
        Queue(post.store.folder / "rejected").put(new)
        post.store.prepare()
        assert post.store.rejected.all() == [old, new]
        assert not (post.store.folder / "refused").exists()

    def test_what_holds_no_report_stays(self, post, mail_server):
        post.store.rejected.path("2026-03-01").parent.mkdir(exist_ok=True)
        post.store.rejected.path("2026-03-01").write_bytes(b"{")
        post.by(mail_server).retry_rejected()
        assert post.kept == {"rejected": ["2026-03-01"]}


class TestHistory:
    def test_it_is_kept_for_ninety_days(self, post, mail_server):
        for slot in ("2025-12-09", "2025-12-10"):
            post.store.history.put(queued(slot))
        post.by(mail_server).send(queued())
        assert post.kept == {"history": ["2025-12-10", TUE]}

    def test_it_is_bounded_in_size_and_the_oldest_goes(self, post, mail_server, monkeypatch):
        size = len(to_bytes(queued()))
        monkeypatch.setattr("healthcheck.delivery.history.MOST_BYTES", 2 * size + size // 2)
        for slot in ("2026-03-07", "2026-03-08", MON):
            post.store.history.put(queued(slot))
        post.by(mail_server).send(queued())
        assert post.kept == {"history": [MON, TUE]}


class TestQueuedReport:
    def test_what_is_read_is_what_was_written(self):
        for made in (queued(), queued(slot=None), queued().after("no", doubt=True)):
            assert from_bytes(to_bytes(made)) == made

    @pytest.mark.parametrize(
        "wrong", [{"mail": 1}, {"mail": ""}, {"made": "soon"}, {"slot": "2026"}, {"report": []}, {"doubts": "x"}, {"tries": None}],
        ids=str,
    )  # fmt: skip
    def test_a_wrong_value_is_told(self, wrong):
        held = json.loads(to_bytes(queued())) | wrong
        with pytest.raises(ValueError, match="QueuedReport"):
            from_bytes(json.dumps(held).encode())

    def test_only_its_owner_may_read_it(self, post):
        post.store.outbox.put(queued())
        path = post.store.outbox.path(TUE)
        assert path.stat().st_mode & 0o777 == 0o600
        assert {folder.stat().st_mode & 0o777 for folder in path.parents[:2]} == {0o700}

    def test_by_hand_it_is_named_by_its_own_time(self):
        made: QueuedReport = replace(queued(slot=None), made=NOW.replace(microsecond=123_000))
        assert made.name == "2026-03-10T080005.123Z"


def test_everybody_gets_it_at_once(post, mail_server):
    post.by(mail_server, to=(*TO, "two@example.org")).send(queued())
    assert mail_server.received[0].recipients == (*TO, "two@example.org")
