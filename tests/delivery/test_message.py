"""The report as an e-mail: standard, stable, and nothing of it can become a header."""

import re
import socket
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import SMTP

import pytest
from hostile import NAMES
from reports import finding, report, worst_day

from healthcheck.delivery.message import mail_domain, message
from healthcheck.report import render
from healthcheck.settings import Settings


def mail(made, date=None, **settings):
    return message(made, render(made), Settings(**settings) if settings else None, date)


def read(made, **settings):
    return message_from_bytes(mail(made, **settings).as_bytes(), policy=SMTP)


def test_it_holds_both_bodies_the_richer_one_last():
    made = report(finding())
    got = read(made)
    assert got.get_content_type() == "multipart/alternative"
    text, html = got.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content_charset() == html.get_content_charset() == "utf-8"
    assert text.get_content().replace("\r\n", "\n") == render(made).text
    assert html.get_content().replace("\r\n", "\n") == render(made).html


def test_the_headers_tell_what_it_is():
    got = read(report(finding()))
    assert got["Subject"] == render(report(finding())).subject
    assert got["Date"] == "Tue, 10 Mar 2026 08:00:00 +0000"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["X-LLM-Health-Status"] == "warning"
    assert got["MIME-Version"] == "1.0"
    assert (
        got["List-Id"] == "LLM Benchmarks Daily Health <llm-health-check.llm-health-check.invalid>"
    )
    assert "To" not in got
    assert "From" not in got


def test_the_ids_are_of_a_domain_and_the_date_is_that_of_its_making():
    made_at = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
    sender = Address(addr_spec="health@clifford.example.org")
    got = read(report(), mail_from=sender, date=made_at)
    assert re.fullmatch(r"<[0-9a-f]{32}@clifford\.example\.org>", got["Message-ID"])
    assert got["List-Id"].endswith("<llm-health-check.clifford.example.org>")
    assert got["Date"] == "Thu, 12 Mar 2026 09:30:00 +0000"
    assert got["Message-ID"] != read(report(), mail_from=sender)["Message-ID"]


@pytest.mark.parametrize("hostile", ["a@b.org\nBcc: evil@example.org", "a@b.org\r\nX: y"])
def test_no_address_becomes_a_header(hostile):
    with pytest.raises(ValueError, match=r"linefeed or carriage return"):
        mail(report(), notify_email=[hostile])


def test_a_sender_of_any_script_is_encoded():
    data = mail(
        report(), mail_from=Address("Gesundheit f\u00fcr alle", addr_spec="a@b.org")
    ).as_bytes()
    assert data.isascii()
    assert message_from_bytes(data, policy=SMTP)["From"] == "Gesundheit f\u00fcr alle <a@b.org>"


def test_the_domain_of_a_mail_is_the_senders_else_the_hosts():
    assert mail_domain(Address(addr_spec="a@b.example.org")) == "b.example.org"
    assert re.fullmatch(r"[A-Za-z0-9.-]+", mail_domain(None))


@pytest.mark.parametrize("name", ["", "under_score", "a b", "evil>\r\nX: y"])
def test_a_host_with_a_strange_name_has_a_domain_as_well(monkeypatch, name):
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    assert mail_domain(None) == "localhost"


def test_addresses_are_those_that_are_known():
    sender, to = Address(addr_spec="health@example.org"), ["a@example.org", "b@example.org"]
    got = read(report(), mail_from=sender, notify_email=to)
    assert got["From"] == "health@example.org"
    assert got["To"] == "a@example.org, b@example.org"


def test_whom_to_ask_to_be_taken_off_the_list():
    assert "List-Unsubscribe" not in read(report())
    got = read(report(), mail_unsubscribe=Address(addr_spec="ops@example.org"))
    assert got["List-Unsubscribe"] == "<mailto:ops@example.org?subject=unsubscribe>"


def test_the_same_report_is_the_same_bytes_and_another_one_another_id():
    first, again, other = report(finding()), report(finding()), report()
    assert mail(first).as_bytes() == mail(again).as_bytes()
    assert mail(first)["Message-ID"] != mail(other)["Message-ID"]


HOSTILE = [
    "x\r\nBcc: evil@example.org", "x\nX-Evil: 1", "=?UTF-8?Q?=0A?=Reply-To: evil",
    "=?utf-8?q?=0D=0AReply-To=3A_evil=40example=2Ecom?=", "=?utf-8?b?DQoNCkhlbGxv?=",
    "=?utf-8?q?a?= =?utf-8?q?=0AX:?=", "==?us-ascii?Q?=0d=0aX:?=",
]  # fmt: skip


@pytest.mark.parametrize("name", [*NAMES, *HOSTILE], ids=ascii)
def test_no_name_becomes_a_header(name):
    made = report(finding(provider=name, model=name))
    got = read(made)
    assert sorted(got.keys()) == [
        "Auto-Submitted", "Content-Type", "Date", "List-Id", "MIME-Version", "Message-ID",
        "Subject", "X-LLM-Health-Status",
    ]  # fmt: skip
    assert not got.defects
    assert b"=?" not in mail(made).as_bytes().split(b"\r\n\r\n")[0]


@pytest.mark.parametrize("made", [report(finding()), worst_day()], ids=["usual", "worst"])
def test_lines_are_those_of_the_standard(made):
    data = mail(made).as_bytes()
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    head, _, body = data.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("made", [report(finding()), worst_day()], ids=["usual", "worst"])
def test_gmail_does_not_clip_it(made):
    assert len(mail(made).as_bytes()) < 102_000


def test_a_subject_is_one_line_that_begins_where_it_should():
    data = mail(report(finding(provider="p" * 300))).as_bytes()
    assert b"\r\nSubject: WARNING pppp" in data


def test_the_boundary_is_in_no_body():
    made = report(finding(message="--=_" + "0" * 32))
    got = read(made)
    assert len(list(got.iter_parts())) == 2
