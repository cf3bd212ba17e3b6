"""The forms of a report: text, HTML, JSON, and the mail as it would go out."""

import re
import stat
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

SAMPLE = ("run", "--sample", "--dry-run")


@pytest.fixture
def browser(tmp_path):
    """A browser that writes down what it is asked to show."""
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/asked\n', encoding="utf-8")
    program.chmod(0o755)
    return {"BROWSER": str(program), "TMPDIR": str(tmp_path)}


def test_html_is_printed(health_check):
    done = health_check(*SAMPLE, "--format", "html")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize(("options", "begin"), [
    (["--output", "day.HTML"], b"<!DOCTYPE html>"),
    (["--output", "day.json"], b'{\n  "schema_version"'),
    (["--output", "day.eml"], b"MIME-Version: 1.0\r\n"),
    (["--output", "day.txt"], b"Subject: CRITICAL"),
    (["--output", "html"], b"Subject: CRITICAL"),
    (["--output", "day.html", "--format", "text"], b"Subject: CRITICAL"),
])  # fmt: skip
def test_a_file_has_the_form_that_its_suffix_names(health_check, tmp_path, options, begin):
    done = health_check(*SAMPLE, *options)
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / options[1]).read_bytes().startswith(begin)


def test_the_mail_is_printed_byte_for_byte(health_check, tmp_path):
    done = health_check(*SAMPLE, "--format", "eml")
    assert (done.returncode, done.stderr) == (0, b"")
    health_check(*SAMPLE, "--format", "eml", "--output", tmp_path / "day.eml")
    assert (tmp_path / "day.eml").read_bytes() == done.stdout
    got = message_from_bytes(done.stdout, policy=SMTP)
    assert got["Subject"].endswith(" | LLM health 10 Mar 2026")
    text, html = got.iter_parts()
    shown = f"Subject: {got['Subject']}\n\n{text.get_content()}".replace("\r\n", "\n")
    assert health_check(*SAMPLE).stdout.decode() == shown
    assert html.get_content_type() == "text/html"


def test_open_shows_the_html_from_a_file_of_ones_own(health_check, browser, tmp_path):
    done = health_check(*SAMPLE, "--open", settings=browser)
    assert done.returncode == 0
    assert done.stdout.startswith(b"Subject: CRITICAL ")
    shown = Path(re.fullmatch(r"Opened (.+)\.\n", done.stderr.decode())[1])
    assert stat.S_IMODE(shown.stat().st_mode) == 0o600
    assert shown.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "asked").read_text(encoding="utf-8").strip() == shown.as_uri()


def test_open_without_a_browser_says_where_the_page_is(health_check, tmp_path):
    done = health_check(
        *SAMPLE, "--open", settings={"PATH": str(tmp_path), "BROWSER": "", "TMPDIR": str(tmp_path)}
    )
    assert done.returncode == 0
    assert re.fullmatch(r"No browser found; the page is in .+\.html\.\n", done.stderr.decode())
