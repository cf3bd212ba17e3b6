"""The report as an e-mail: standard, stable, and nothing of it can become a header."""

from email import message_from_bytes
from email.policy import SMTP

import pytest
from hostile import NAMES
from reports import finding, report, worst_day

from healthcheck.delivery import message
from healthcheck.report import render


def mail(made, **addressed):
    return message(made, render(made), **addressed)


def read(made, **addressed):
    return message_from_bytes(mail(made, **addressed).as_bytes(), policy=SMTP)


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
    assert "To" not in got
    assert "From" not in got


def test_addresses_are_those_that_are_known():
    got = read(report(), sender="health@example.org", to=["a@example.org", "b@example.org"])
    assert got["From"] == "health@example.org"
    assert got["To"] == "a@example.org, b@example.org"


def test_the_same_report_is_the_same_bytes_and_another_one_another_id():
    first, again, other = report(finding()), report(finding()), report()
    assert mail(first).as_bytes() == mail(again).as_bytes()
    assert mail(first)["Message-ID"] != mail(other)["Message-ID"]


@pytest.mark.parametrize("name", [*NAMES, "x\r\nBcc: evil@example.org", "x\nX-Evil: 1"], ids=ascii)
def test_no_name_becomes_a_header(name):
    made = report(finding(provider=name, model=name))
    got = read(made)
    assert sorted(got.keys()) == [
        "Auto-Submitted", "Content-Type", "Date", "MIME-Version", "Message-ID", "Subject",
        "X-LLM-Health-Status",
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


def test_a_subject_is_one_line_that_begins_where_it_should():
    data = mail(report(finding(provider="p" * 300))).as_bytes()
    assert b"\r\nSubject: [WARNING] LLM Benchmarks Daily Health" in data


def test_the_boundary_is_in_no_body():
    made = report(finding(message="--=_" + "0" * 32))
    got = read(made)
    assert len(list(got.iter_parts())) == 2
