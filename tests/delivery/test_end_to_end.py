"""The whole line: from documents in a MongoDB, past an AI, to a mail that a browser shows."""

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from mail_servers import Login
from mail_servers.fixtures import required_program
from queued_reports import queued
from scripted import Script, answer, replied
from stores import Store
from werkzeug import Request, Response

from healthcheck.delivery.outbox import StateDirectory
from healthcheck.run_window import daily_slot

WIDTH = 600
SUMMARY = "; new since "


@pytest.fixture
def live(database, mongod):
    """Nine days up to now; one model is gone since six hours."""
    store = Store(until=datetime.now(UTC))
    for days_ago in range(9):
        for model in ("llama", "gemma", "qwen"):
            store.day("groq", model, days_ago=days_ago)
        store.day("azure", "gpt-4o", days_ago=days_ago)
    for document in [d for d in store.metrics if d["model_name"] == "gemma"]:
        if document["gen_ts"] > store.ago(hours=6):
            store.metrics.remove(document)
            message = "404 The model `gemma` does not exist"
            store.error("groq", "gemma", document["gen_ts"], message, http_status=404)
    store.insert_into(database)
    return {"MONGODB_URI": mongod.uri, "MONGODB_DB": database.name}


@pytest.fixture
def show(tmp_path):
    """Shows a page in a browser without a screen; returns what became of it, and its picture."""
    chromium = required_program("chromium", package="chromium")

    def show(page: str) -> tuple[str, bytes]:
        script = "<script>document.title = document.documentElement.scrollWidth</script>"
        (tmp_path / "page.html").write_text(page + script, encoding="utf-8")
        browser = [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={tmp_path}/profile", f"--window-size={WIDTH},2400",
        ]  # fmt: skip
        where = (tmp_path / "page.html").as_uri()
        picture = tmp_path / "page.png"
        dom, _ = (
            subprocess.run(
                [*browser, what, where], check=True, capture_output=True, timeout=120
            ).stdout.decode()
            for what in ("--dump-dom", f"--screenshot={picture}")
        )
        return dom, picture.read_bytes()

    return show


def assessing(request: Request) -> Response:
    """Reads the day that it is sent, and picks a problem that is there and one that is not."""
    day = json.loads(request.data)["input"][0]["content"]
    assert '"id":"p1"' in day
    return replied(answer(highlights=["p1", "p99"], status="warning"))


def test_from_the_database_to_a_mail_that_is_shown(
    health_check, live, settings_to, start_smtp_server, show, httpserver
):
    script = Script([assessing])
    httpserver.expect_request("/v1/responses", method="POST").respond_with_handler(script)
    ai = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": httpserver.url_for("/v1")}
    server = start_smtp_server(tls="starttls", login=Login("sender", "correct horse"))
    settings = live | ai | settings_to(server, NOTIFY_EMAIL="ops@example.org, two@example.org")
    begun = datetime.now(UTC)
    done = health_check("run", "--scheduled", settings=settings)
    slot = daily_slot(begun)
    assert done.stderr == b""
    sent = f"Sent the report for {slot} to ops@example.org, two@example.org.\n"
    assert (done.returncode, done.stdout.decode()) == (0, sent)
    (mail,) = server.received
    assert mail.recipients == ("ops@example.org", "two@example.org")
    assert (mail.user, mail.encrypted) == ("sender", True)
    got = mail.parsed()
    assert not got.defects
    assert got["From"] == "health@clifford.test"
    assert got["To"] == "ops@example.org, two@example.org"
    assert str(got["Subject"]).startswith("WARNING ")
    assert got["X-LLM-Health-Status"] == "warning"
    assert got["Auto-Submitted"] == "auto-generated"
    assert 0 <= (parsedate_to_datetime(got["Date"]) - begun).total_seconds() + 1 < 60
    text, html = got.iter_parts()
    assert len(script.requests) == 1
    words = " ".join(text.get_content().split())
    assert "groq gemma" in words
    assert SUMMARY in words
    assert "1 invalid answer dropped" in words
    dom, picture = show(html.get_content())
    width = re.search(r"<title>(\d+)</title>", dom)
    assert width, "no title"
    assert int(width[1]) <= WIDTH, "it scrolls to the side"
    assert "<h1" in dom
    assert "WARNING" in dom
    assert "groq gemma" in dom
    assert SUMMARY in dom
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000, "the page is empty"


def test_the_next_day_knows_the_one_before(health_check, live, settings_to, mail_server, tmp_path):
    settings = live | settings_to(mail_server)
    yesterday = daily_slot(datetime.now(UTC)) - timedelta(days=1)
    StateDirectory(tmp_path / "kept").history.put(queued(yesterday.isoformat()))
    health_check("run", "--scheduled", "--no-ai", settings=settings)
    done = health_check("run", "--scheduled", "--no-ai", settings=settings)
    assert b"already sent" in done.stdout
    text = mail_server.received[0].parsed().get_body(("plain",)).get_content()
    assert "Last 14 days: ------------ww" in text
    days = health_check("history", settings=settings).stdout.decode().splitlines()
    assert [day[:21].rstrip() for day in days] == [
        f"{yesterday}  WARNING", f"{yesterday + timedelta(days=1)}  WARNING",
    ]  # fmt: skip
