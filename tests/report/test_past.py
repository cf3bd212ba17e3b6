"""What earlier reports add: the last days at a glance, the ones missed, and since when it lasts."""

import re
from datetime import date, timedelta

import pytest
from reports import UNTIL, finding, problem, report

from healthcheck.diagnosis import State, Status
from healthcheck.report import render, with_past
from healthcheck.report.past import PastReport

DAY = timedelta(days=1)


def before(days, *, status=Status.WARNING, hours=0, scheduled=True, **since) -> PastReport:
    """A report so many days before today's; `since` tells when what lasted began."""
    return PastReport(
        until=UNTIL - days * DAY + timedelta(hours=hours),
        scheduled=scheduled,
        status=status,
        reason="",
        lasting=since,
    )


def ongoing(**told):
    return finding(id="it", state=State.ONGOING, since=UNTIL - DAY, **told)


def since_of(made):
    return made.findings[0].since


class TestDays:
    def test_without_a_history_the_report_is_the_same(self):
        made = report(ongoing())
        assert with_past(made, []) == made
        assert made.history == []
        assert "Last" not in render(made).text

    def test_the_last_fourteen_slots_end_with_this_one(self):
        made = with_past(report(), [before(n) for n in range(1, 30)])
        assert [part.day for part in made.history] == [
            date(2026, 2, 25) + n * DAY for n in range(14)
        ]
        assert made.history[-1].status is Status.HEALTHY
        assert {part.status for part in made.history[:-1]} == {Status.WARNING}

    def test_a_fresh_installation_has_missed_nothing(self):
        made = with_past(report(), [before(2)])
        assert not any(part.missed for part in made.history[:-2])
        assert [part.missed for part in made.history[-3:]] == [False, True, False]

    def test_a_report_by_hand_is_one_as_well_but_the_scheduled_one_counts(self):
        made = with_past(
            report(),
            [
                before(3),
                before(2, hours=5, scheduled=False, status=Status.CRITICAL),
                before(1),
                before(1, hours=5, scheduled=False, status=Status.CRITICAL),
            ],
        )
        assert [part.status for part in made.history[-3:-1]] == [Status.CRITICAL, Status.WARNING]
        assert not any(part.missed for part in made.history)

    def test_a_report_of_the_past_knows_only_what_was_before_it(self):
        assert with_past(report(), [before(0), before(-3)]).history == []

    def test_the_mail_shows_them_as_one_line_and_names_what_was_missed(self):
        statuses = {
            9: Status.HEALTHY, 8: Status.HEALTHY, 5: Status.CRITICAL, 1: Status.WARNING,
        }  # fmt: skip
        made = with_past(report(), [before(n, status=status) for n, status in statuses.items()])
        text = render(made).text
        assert "\nLast 14 days: ----hh--C---wh  (C critical" in text
        assert "No report on 3 Mar, 4 Mar, 6 Mar and 2 more." in text
        html = render(made).html
        assert len(re.findall(r'title="\d+ (?:Feb|Mar)"', html)) == 14
        assert "No report on 3 Mar" in html.replace("\u00a0", " ")
        assert max(map(len, text.splitlines())) <= 78

    def test_what_was_missed_longer_ago_than_a_week_is_not_named_again(self):
        made = with_past(report(), [before(10), *(before(n) for n in range(1, 8))])
        assert "No report on" not in render(made).text
        assert [part.missed for part in made.history[-10:]] == [True, True] + [False] * 8


class TestSince:
    def test_an_unbroken_line_of_days_tells_when_it_began(self):
        begun = UNTIL - 9 * DAY
        past = [before(n, it=max(begun, UNTIL - (n + 1) * DAY)) for n in range(1, 9)]
        assert since_of(with_past(report(ongoing()), past)) == begun

    @pytest.mark.parametrize(
        "gap",
        [[], [before(2)]],
        ids=["no report", "not in it, or over"],
    )
    def test_a_gap_ends_the_line(self, gap):
        past = [before(1, it=UNTIL - 2 * DAY), *gap, before(3, it=UNTIL - 9 * DAY)]
        assert since_of(with_past(report(ongoing()), past)) == UNTIL - 2 * DAY

    def test_it_never_becomes_later(self):
        past = [before(1, it=UNTIL - timedelta(hours=2)), before(2, it=None)]
        assert since_of(with_past(report(ongoing()), past)) == UNTIL - DAY

    def test_what_is_new_stays_new(self):
        made = report(finding(id="it", state=State.NEW, since=UNTIL - timedelta(hours=3)))
        assert since_of(with_past(made, [before(1, it=UNTIL - 5 * DAY)])) == since_of(made)

    def test_another_finding_is_another_one(self):
        past = [before(1, other=UNTIL - 9 * DAY)]
        assert since_of(with_past(report(ongoing()), past)) == UNTIL - DAY

    def test_a_problem_that_no_report_knows_better_keeps_its_beginning(self):
        first, last = (
            finding(id=name, since=UNTIL - timedelta(hours=hours))
            for name, hours in (("a", 5), ("b", 4))
        )
        stopped = problem(first, last, since=last.since)
        made = with_past(report(first, last, problems=[stopped]), [before(1)])
        assert made.problems[0].since == last.since

    def test_the_mail_tells_the_earlier_day(self):
        made = with_past(report(ongoing()), [before(1, it=UNTIL - 6 * DAY)])
        assert made.problems[0].since == UNTIL - 6 * DAY
        assert "[day 7] groq llama" in render(made).text
