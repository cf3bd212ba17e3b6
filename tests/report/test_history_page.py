"""The history page: the last days from the kept reports, without script."""

import json
import re
from datetime import date, timedelta

import html5lib
from reports import UNTIL, finding, problem, report

from healthcheck.delivery.history import as_past
from healthcheck.delivery.outbox import QueuedReport
from healthcheck.diagnosis import Severity, Status
from healthcheck.report import render_json
from healthcheck.report.history_page import render_history
from healthcheck.report.past import PastProblem, PastReport

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(90)]


def past(day, *problems, **told):
    return PastReport(
        **{
            "until": UNTIL,
            "scheduled": True,
            "status": Status.WARNING,
            "reason": "",
            "lasting": {},
            "failure_rate": 0.02,
            "coverage": 0.9,
            "problems": problems,
            **told,
        }
    )


def read(page):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def cells(page, name):
    """The text of each entry of the list with that class."""
    (listed,) = (node for node in read(page).iter("ul") if node.attrib.get("class") == name)
    return ["".join(entry.itertext()) for entry in listed]


def test_every_day_from_the_first_report_on_has_a_cell_with_its_status():
    page = render_history(DAYS, {day: past(day) for day in DAYS[10:] if day != DAYS[20]})
    assert cells(page, "days") == ["w"] * 10 + ["-"] + ["w"] * 69


def test_it_is_markup_alone():
    page = render_history(DAYS, {day: past(day) for day in DAYS})
    tags = {node.tag for node in read(page).iter()}
    assert not tags & {"script", "link", "img", "iframe"}
    assert "http" not in page


def test_every_day_has_a_bar_but_for_those_without_a_report():
    page = render_history(DAYS, {day: past(day) for day in DAYS if day != DAYS[50]})
    rates, coverage = page.split("<ul class=bars ")[1:]
    for bars in (rates, coverage):
        entries = re.findall("<li.*?></li>", bars)
        assert (len(entries), entries[50]) == (90, "<li></li>")
        assert sum("style" in entry for entry in entries) == 89
    assert '<li style="height:40.0%" title="1 Jan: 2.0%"></li>' in rates
    assert '<li style="height:90.0%" title="1 Jan: 90.0%"></li>' in coverage
    assert "0 to 5.0%; newest: 2.0% on 31 Mar" in rates


def test_what_is_not_known_of_any_day_has_no_bars():
    page = render_history(DAYS, {day: past(day, coverage=None) for day in DAYS})
    assert page.count("<ul class=bars ") == page.count("Not recorded.") == 1


def test_problems_have_their_age_the_open_and_the_worst_first():
    old = PastProblem("old", "azure: out of credit", Severity.CRITICAL)
    bad = PastProblem("bad", "openai: access denied", Severity.CRITICAL)
    new = PastProblem("new", "groq <llama>: likely deprecated", Severity.WARNING)
    watch = PastProblem("watch", "only to be watched", Severity.INFO)
    reports = {DAYS[n]: past(DAYS[n], old, watch) for n in range(3)}
    reports |= {DAYS[n]: past(DAYS[n], new) for n in range(85, 90)}
    reports[DAYS[89]] = past(DAYS[89], new, bad)
    assert cells(render_history(DAYS, reports), "problems") == [
        "openai: access deniedcritical open since 31 Mar, 1 day",
        "groq <llama>: likely deprecatedwarning open since 27 Mar, 5 days",
        "azure: out of creditcritical 1 Jan to 3 Jan, 3 days",
    ]


def test_what_lasts_has_the_title_and_what_ended_is_not_open():
    lasts = PastProblem("one", "azure: rate limited", Severity.WARNING)
    over = PastProblem("one", "azure: rate limited, ended 30 Mar", Severity.WARNING, ended=True)
    comes_back = PastProblem("two", "groq: timed out, ended 31 Mar", Severity.WARNING, ended=True)
    reports = {day: past(day, lasts, over, comes_back) for day in DAYS[88:]}
    assert cells(render_history(DAYS, reports), "problems") == [
        "azure: rate limitedwarning open since 30 Mar, 2 days",
        "groq: timed out, ended 31\xa0Marwarning 30 Mar to 31 Mar, 2 days",
    ]


def test_without_reports_it_says_so():
    assert "No reports are kept yet;" in render_history([], {})


def test_a_kept_report_of_either_contract_can_be_read():
    part = finding()
    made = report(part, problems=[problem(part, title="groq llama: gone")])
    kept = json.loads(render_json(made))
    now = as_past(QueuedReport(UNTIL, UNTIL.date(), b"mail", kept))
    assert (now.failure_rate, now.problems[0].title) == (0.0, "groq llama: gone")
    assert (now.problems[0].ended, now.lasting) == (False, {part.id: part.since})
    over = finding(until=UNTIL)
    ended = as_past(
        QueuedReport(UNTIL, UNTIL.date(), b"mail", json.loads(render_json(report(over))))
    )
    assert (ended.problems[0].ended, ended.lasting) == (True, {})
    for name in ("problems", "coverage"):
        del kept[name]
    kept["totals"] = {"attempts": 200, "errors": 3, "successes": 197, "malformed": 0}
    before = as_past(QueuedReport(UNTIL, UNTIL.date(), b"mail", kept))
    assert (before.failure_rate, before.coverage) == (0.015, None)
    assert before.problems[0].title == "groq llama deprecated model"
