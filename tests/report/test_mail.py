"""The mail: what its reader gets every morning, in this order, in both bodies."""

import re
from datetime import timedelta

import pytest
from golden import assert_golden
from reports import UNTIL, action, finding, model, muted, pattern, provider, report

from healthcheck.diagnosis import Severity, State
from healthcheck.report import render
from healthcheck.report.contract import PartOfTime
from healthcheck.report.mongosh import Catalogue, list_enabled
from healthcheck.taxonomy import ErrorKind

CRITICAL = finding(
    "provider_issue",
    "openai",
    None,
    kind=ErrorKind.BILLING,
    severity=Severity.CRITICAL,
    evidence="No money or credit on all 8 models.",
)


def plain(html):
    """What a reader sees of HTML, on one line."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", "", body).split())


def bodies(made):
    """Text and HTML on one line each: the same is asked of both."""
    mail = render(made)
    return " ".join(mail.text.split()), plain(mail.html)


@pytest.mark.parametrize("day", ["sample", "healthy", "silent"])
def test_the_mail_is_as_agreed(day, request):
    mail = render(request.getfixturevalue(f"{day}_report"))
    assert_golden(f"{day}.txt", mail.text)
    assert_golden(f"{day}.html", mail.html)


def test_the_subject_is_the_story_on_a_lock_screen():
    others = [finding(model=name) for name in ("llama", "gemma")]
    watch = finding(model="qwen", severity=Severity.INFO)
    assert render(report(CRITICAL, *others, watch)).subject == (
        "[CRITICAL] LLM Benchmarks Daily Health - 2026-03-10 - openai: billing (+2 more)"
    )


def test_one_finding_has_no_more():
    assert render(report(finding())).subject.endswith(" - groq llama: hard_model")


def test_the_subject_of_a_healthy_day_says_so():
    assert render(report()).subject == (
        "[HEALTHY] LLM Benchmarks Daily Health - 2026-03-10 - nothing needs attention, "
        "120 of 120 attempts succeeded"
    )


def test_silence_is_named_in_the_subject(silent_report):
    assert render(silent_report).subject.endswith("benchmark service: silent")


def test_a_section_counts_what_stands_under_ongoing_as_well(sample_report):
    mail = render(sample_report)
    assert "MODELS LIKELY DEPRECATED (3, AND 1 ONGOING BELOW)" in mail.text
    assert "3, and 1 ongoing below</span>" in mail.html
    assert "CODE FIXES NEEDED (2)" in mail.text


def test_the_sections_stand_in_the_order_of_the_operator(sample_report):
    mail = render(sample_report)
    in_text = re.findall(
        r"^([A-Z][A-Z -]+)(?: \(\d+(?:, AND \d+ ONGOING BELOW)?\))?\n-+$", mail.text, re.MULTILINE
    )
    in_html = re.findall(r"<h2[^>]*>([^<]+?) ?<", mail.html)
    assert [title.upper() for title in in_html] == in_text
    assert in_html == [
        "What is new",
        "Overall status",
        "Models likely deprecated",
        "Code fixes needed",
        "Provider-wide issues",
        "Recommended actions",
        "Failing models",
        "Silent models",
        "Ongoing",
        "To know of",
        "Resolved",
        "Figures",
        "Errors by kind",
        "Providers",
        "Most failing models",
        "Messages that no rule knows",
        "About this report",
    ]


def test_the_status_and_its_reason_come_first(sample_report):
    mail = render(sample_report)
    assert mail.text.splitlines()[0].endswith("[CRITICAL]")
    assert plain(mail.html).index("CRITICAL") < plain(mail.html).index("What is new")
    assert "display:none" in mail.html.split(sample_report.reason)[0][-120:]


def test_both_bodies_tell_all_that_needs_attention(sample_report):
    for body in bodies(sample_report):
        for part in sample_report.findings:
            assert f"{part.model or part.provider or 'benchmark service'}: " in body
        for step in sample_report.recommended_actions:
            assert step.action.replace("'", "&#39;") in body or step.action in body


def test_a_finding_is_told_once_in_full():
    for body in bodies(report(finding(), finding(model="gemma", evidence="Only here."))):
        assert body.count("Only here.") == 1


def test_what_is_ongoing_is_told_shorter_with_its_day():
    old = finding(state=State.ONGOING, since=UNTIL - timedelta(days=3), evidence="Proof.")
    for body in bodies(report(old, reason="One thing.")):
        assert "Ongoing" in body or "ONGOING" in body
        assert "likely deprecated, 6 of 24 attempts failed in the window, since 2026-03-07" in body
        assert "Proof." not in body
        assert "Nothing that needs attention." in body


def test_data_that_is_being_lost_keeps_its_place_however_long_it_lasts():
    lasting = CRITICAL.model_copy(
        update={"state": State.ONGOING, "since": UNTIL - timedelta(days=3)}
    )
    for body in bodies(report(lasting)):
        assert re.search("provider-wide issues", body, re.IGNORECASE)
        assert "Ongoing since 2026-03-07. No money or credit" in body


def test_silence_of_the_service_stands_right_under_the_status(silent_report):
    for body in bodies(silent_report):
        told = body[re.search("overall status", body, re.IGNORECASE).end() :]
        assert told.index("benchmark service: silent") < told.index("Check the benchmark service")


def test_without_a_day_before_it_says_that_all_counts_as_new():
    for body in bodies(report(finding(), compared=False)):
        assert "There is nothing to compare with: all counts as new." in body


def test_resolved_and_muted_are_told():
    well = finding(model="gemma", until=UNTIL - timedelta(hours=2))
    made = report(resolved=[well], muted=[muted(CRITICAL), muted(finding())])
    for body in bodies(made):
        assert "well since 2026-03-10 06:00 UTC" in body
        assert "2 findings are muted as known issues, 1 of them critical." in body


def test_an_action_has_its_reason_and_its_line_to_paste():
    line = list_enabled(Catalogue(), "groq")
    part = finding()
    mail = render(report(part, recommended_actions=[action(part, command=line)]))
    assert "likely deprecated, since 2026-03-10 02:00 UTC" in " ".join(mail.text.split())
    assert line.replace('"', "&#34;") in mail.html
    assert line in " ".join(mail.text.replace("(\n    ", "(").split())


def test_a_line_that_cannot_be_shown_whole_is_not_shown():
    part = finding()
    for body in bodies(report(part, recommended_actions=[action(part, command="f(" * 400)])):
        assert "f(f(" not in body
        assert "too long for a mail: see --format json" in body


def test_the_strip_shows_the_days_24_hours():
    parts = [
        PartOfTime(attempts=4 if errors is not None else 0, errors=errors or 0)
        for errors in (None, 0, 1, 2, 3, 4, *[0] * 18)
    ]
    mail = render(report(providers=[provider(strip=parts, attempts=92, errors=10)]))
    assert "·▁▂▄▆█" + "▁" * 18 in mail.text
    assert "13:00" in mail.text
    strip = mail.html.split("table-layout:fixed")[1].split("</table>")[0]
    assert strip.count("<td") == 24
    assert len(set(re.findall(r"bgcolor=(#\w+)", strip))) == 6


def test_figures_are_those_of_the_report(sample_report):
    for body in bodies(sample_report):
        for number in (sample_report.totals.attempts, sample_report.totals.errors):
            assert str(number) in body
        for part in sample_report.providers:
            assert part.provider in body


def test_results_that_were_not_stored_are_no_providers_errors():
    made = report()
    lost = made.totals.model_copy(update={"not_stored": 32})
    for body in bodies(made.model_copy(update={"totals": lost})):
        assert "Not stored: 32 of the results" in body
    for body in bodies(made):
        assert "Not stored" not in body


def test_the_footer_says_what_was_seen_and_how_to_see_it_again():
    made = report(notes=["Counts per kind are estimated."])
    for body in bodies(made):
        told = body[re.search("about this report", body, re.IGNORECASE).end() :]
        assert "2026-03-09 08:00 to 2026-03-10 08:00 UTC" in told
        assert "Counts per kind are estimated." in told
        assert "Malformed documents: 0." in told
        assert made.command in told
        assert "llm-health-check 1.2.3" in told


def test_a_list_that_is_cut_says_how_many_more():
    found = [finding(model=f"m{number}") for number in range(60)]
    made = report(
        *found,
        resolved=found,
        providers=[provider(f"p{number}") for number in range(60)],
        models=[model(f"m{number}") for number in range(60)],
        patterns=[pattern(f"strange {number}") for number in range(40)],
    )
    mail = render(made)
    for body in (mail.text, plain(mail.html)):
        told = [int(count) for count in re.findall(r"and (\d+) more", body)]
        assert len(told) == 7
        shown = len(set(re.findall(r"strange \d+", body)))
        assert told[-1] == 40 - shown


def test_the_most_severe_rows_stay_when_a_list_is_cut():
    mild = [finding("code_fix", model=f"m{number}") for number in range(200)]
    grave = finding("failing_model", model="grave", severity=Severity.CRITICAL)
    for body in bodies(report(grave, *mild)):
        assert body.count("grave") > 2


def test_text_has_78_columns(sample_report, healthy_report, silent_report):
    for made in (sample_report, healthy_report, silent_report):
        assert max(map(len, render(made).text.splitlines())) <= 78


def test_no_line_of_text_ends_in_a_space(sample_report):
    assert not re.search(r" $", render(sample_report).text, re.MULTILINE)


def test_the_same_report_is_the_same_mail(sample_report):
    assert render(sample_report) == render(sample_report.model_copy())
