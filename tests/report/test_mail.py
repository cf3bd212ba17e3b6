"""The mail: what its reader gets every morning, in this order, in both bodies."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from golden import assert_golden
from jinja2 import DictLoader, Environment
from reports import (
    UNTIL,
    action,
    coverage,
    finding,
    muted,
    pattern,
    problem,
    provider,
    report,
    totals,
)

from healthcheck.activity import ModelKey
from healthcheck.diagnosis import CATEGORIES, Severity, State
from healthcheck.diagnosis.wording import in_words
from healthcheck.report import render
from healthcheck.report.contract import (
    Bucket,
    Link,
    ModelName,
    ProviderCoverage,
    SnapshotPart,
    WindowPart,
)
from healthcheck.report.mongosh import disable
from healthcheck.report.provider_links import PROVIDER_LINKS
from healthcheck.report.render import CompiledTemplates
from healthcheck.taxonomy import ErrorKind

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
OUT_OF_CREDIT = finding(
    "provider_issue",
    "openai",
    None,
    kind=ErrorKind.BILLING,
    severity=Severity.CRITICAL,
    evidence="Out of credit on all 8 models.",
)
CRITICAL = problem(
    OUT_OF_CREDIT,
    title="openai: out of credit, all 8 models",
    action="Add credit in the OpenAI console.",
)


def plain(html):
    """What a reader sees of HTML, on one line."""
    body = re.sub(
        r"<style>.*?</style>|<title>.*?</title>|<div style=\"display:none.*?</div>",
        "",
        html,
        flags=re.DOTALL,
    )
    return " ".join(re.sub(r"<[^>]*>", "", body).replace("\u00a0", " ").split())


def bodies(made):
    """Text and HTML on one line each: the same is asked of both."""
    mail = render(made)
    return " ".join(mail.text.split()), plain(mail.html)


def critical_day(*others, **told):
    return report(
        OUT_OF_CREDIT, *others, problems=[CRITICAL, *(problem(part) for part in others)], **told
    )


@pytest.mark.parametrize("day", ["sample", "healthy", "silent"])
def test_the_mail_is_as_agreed(day, request):
    mail = render(request.getfixturevalue(f"{day}_report"))
    assert_golden(f"{day}.txt", f"Subject: {mail.subject}\n\n{mail.text}")
    assert_golden(f"{day}.html", mail.html)


class TestSubject:
    def test_it_says_what_is_wrong_first_and_the_date_last(self):
        others = [finding(model=name) for name in ("llama", "gemma")]
        watch = finding(model="qwen", severity=Severity.INFO)
        assert render(critical_day(*others, watch)).subject == (
            "CRITICAL openai: out of credit, all 8 models, +2 | LLM health 10 Mar 2026"
        )

    def test_one_problem_has_no_more(self):
        assert render(report(finding())).subject == (
            "WARNING groq llama: likely deprecated | LLM health 10 Mar 2026"
        )

    def test_a_long_title_ends_at_a_comma(self):
        title = (
            f"groq: {'a reason of many words ' * 2}on the runner, some attempts of all 10 models"
        )
        subject = render(report(finding(), problems=[problem(finding(), title=title)])).subject
        assert subject.startswith(f"WARNING {title.partition(',')[0]} | LLM health")

    def test_a_healthy_day_says_how_many_failed(self):
        assert render(report(totals=totals(2, 118))).subject == (
            "HEALTHY 1.7% failed | LLM health 10 Mar 2026"
        )

    def test_no_two_days_share_it_and_a_day_keeps_its(self):
        first = report()
        window = WindowPart(since=UNTIL + 364 * DAY, until=UNTIL + 365 * DAY)
        later = replace(first, window=window)
        assert render(first).subject == render(report()).subject != render(later).subject

    @pytest.mark.parametrize(("shown", "told"), [
        ([], "HEALTHY 0% failed, muted: 1 critical"),
        ([finding(model="gemma")], "WARNING groq gemma: likely deprecated, muted: 1 critical"),
        ([OUT_OF_CREDIT], "CRITICAL openai: likely deprecated"),
    ])  # fmt: skip
    def test_what_is_muted_and_worse_than_the_rest_is_counted(self, shown, told):
        hidden = [muted(part) for part in (OUT_OF_CREDIT, finding(), finding(model="gemma"))]
        made = report(*shown, muted=hidden)
        assert render(made).subject == f"{told} | LLM health 10 Mar 2026"

    def test_a_snapshot_is_marked_first_and_the_day_stays(self):
        folder = SnapshotPart(folder=f"/srv/{'x' * 60}", host="h" * 60, whole=True)
        long = problem(OUT_OF_CREDIT, title=f"openai: {'word ' * 40}")
        subject = render(report(OUT_OF_CREDIT, problems=[long], snapshot=folder)).subject
        assert subject.startswith(
            f"[snapshot {'x' * 15}... on {'h' * 15}...] CRITICAL openai: word"
        )
        assert subject.endswith(" | LLM health 10 Mar 2026")

    def test_what_only_needs_watching_is_muted_without_a_word(self):
        made = report(muted=[muted(finding(severity=Severity.INFO))])
        assert render(made).subject == "HEALTHY 0% failed | LLM health 10 Mar 2026"

    def test_silence_is_named(self, silent_report):
        assert render(silent_report).subject.startswith("CRITICAL no data received since ")


class TestHead:
    def test_the_status_comes_first(self, sample_report):
        mail = render(sample_report)
        assert mail.text.startswith("Overall status: CRITICAL | LLM benchmarks, Tue 10 Mar 2026")
        assert plain(mail.html).startswith("Overall status CRITICAL")

    def test_the_preheader_says_how_bad_and_how_new(self):
        rates = totals(12, 108, failure_rate_before=0.02, failure_rate_usual=0.01)
        old = finding(model="old", state=State.ONGOING)
        html = render(critical_day(old, totals=rates, resolved=[finding(model="well")])).html
        assert (
            ">10.0% of 120 attempts failed (yesterday 2.0%, 7-day avg 1.0%). "
            "2 problems (1 new, 1 ongoing), 1 recovered.</div>"
        ) in html

    def test_rates_and_coverage_have_yesterdays_beside_them_and_no_verdict(self):
        made = report(
            totals=totals(100, 900, failure_rate_before=0.02), coverage=coverage(220, 168, 214)
        )
        for body in bodies(made):
            assert (
                "10.0% of 1,000 attempts failed (yesterday 2.0%). "
                "168 of 220 enabled models have data (yesterday 214)."
            ) in body

    def test_models_that_gave_data_and_are_no_longer_attempted_are_counted(self):
        idle = replace(coverage(220, 220, 220), not_attempted=10)
        for body in bodies(report(coverage=idle)):
            assert "models have data (yesterday 220); 10 not attempted now." in body

    @pytest.mark.parametrize(("whole", "category", "remark"), [
        (False, "silent_service", True), (True, "silent_service", False), (False, "low_volume", False),
    ])  # fmt: skip
    def test_what_was_read_is_named_and_where_it_may_just_end(self, whole, category, remark):
        folder = SnapshotPart(folder="/srv/march", host="clifford", whole=whole)
        made = report(finding(category, None, None), snapshot=folder)
        assert render(made).subject.startswith("[snapshot march on clifford] WARNING ")
        for body in bodies(made):
            told = "Read from the snapshot /srv/march on clifford, not from the live database."
            assert told in body
            assert (
                f"{told} If it was made when its data ends, no data is missing" in body
            ) is remark

    def test_a_mute_that_hides_many_is_named_once(self):
        models = [muted(finding(model=f"m{number}"), reason="ticket 7") for number in range(41)]
        other = muted(finding(model="m41", severity=Severity.CRITICAL), date(2026, 12, 31))
        for hidden, told in (
            (
                models,
                "41 findings muted: groq m0, groq m1, groq m2 and 38 more (forever: ticket 7).",
            ),
            (
                [replace(models[0], finding=finding(provider="azure")), *models, other],
                "43 findings muted: azure llama, groq m0, groq m1 and 39 more (forever: ticket 7), groq",
            ),
            (
                [muted(OUT_OF_CREDIT), muted(finding(provider="openai"))],
                "2 findings muted: openai, openai llama (1 critical, forever).",
            ),
        ):
            for body in bodies(report(muted=hidden)):
                assert told in body

    def test_a_healthy_day_with_mutes_names_what_they_hide_until_when_and_why(self):
        end = date(2026, 12, 31)
        hidden = [muted(OUT_OF_CREDIT), muted(finding(), end, f"ticket 7 {'x' * 60}")]
        text, html = bodies(report(muted=hidden))
        told = (
            "2 findings muted: openai (1 critical, forever), groq llama (until 31 Dec 2026: ticket 7 "
            f"{'x' * 50}…)."
        )
        assert told in text.partition("ABOUT THIS REPORT")[0]
        assert html.count(told) == text.count(told) == 1

    def test_the_first_percentage_is_the_failure_rate(self, sample_report, healthy_report):
        for made in (sample_report, healthy_report):
            for body in bodies(made):
                first = re.search(r"([\d.]+)%", body)[1]
                assert float(first) == round(100 * made.totals.failure_rate, 1)

    def test_a_window_of_another_length_has_no_yesterday(self):
        rates = totals(12, 108, failure_rate_before=0.02)
        made = report(totals=rates)
        week = replace(made.window, since=UNTIL - 7 * DAY)
        for body in bodies(replace(made, window=week)):
            assert "(window before 2.0%)" in body
            assert "yesterday" not in body

    def test_a_day_without_a_success_says_so_and_why(self):
        for body in bodies(critical_day(totals=totals(4_800, 0))):
            assert (
                "No requests succeed: 0 of 4,800 attempts. Most likely cause: "
                "openai: out of credit, all 8 models."
            ) in body


class TestActions:
    def test_the_names_that_the_operator_knows_are_there(self, sample_report):
        for body in bodies(sample_report):
            for words in (
                "Overall status",
                "Recommended actions",
                "Provider-wide issues (1)",
                "Models likely deprecated (2)",
                "Code fixes needed (3)",
            ):
                assert words.lower() in body.lower()

    def test_each_problem_has_a_line_and_its_action(self, sample_report):
        for body in bodies(sample_report):
            for part in sample_report.problems:
                if part.severity == "info":
                    continue  # told by its evidence alone
                named = part.models[0].model if len(part.models) == 1 else part.providers[0]
                assert named in body

    @pytest.mark.parametrize("category", list(CATEGORIES))
    def test_a_category_stands_under_its_section(self, category):
        made = report(finding(category.value))
        for body in bodies(made):
            assert f"{CATEGORIES[category].section} (1)" in body

    def test_numbers_count_through_the_groups(self, sample_report):
        text = render(sample_report).text
        numbers = re.findall(r"^ ?(\d+)\. \[", text, re.MULTILINE)
        assert numbers == [str(number) for number, _ in enumerate(numbers, 1)]
        assert f"\n{len(numbers)} problems (" in text

    @pytest.mark.parametrize(("told", "chip"), [
        ({}, "NEW"),
        ({"state": State.ONGOING, "new": 0, "since": UNTIL - 1.2 * DAY}, "day 2"),
        ({"state": State.ONGOING, "new": 0, "since": UNTIL - 2.7 * DAY}, "day 3"),
        ({"state": State.ONGOING, "new": 0, "since": UNTIL - 8.1 * DAY, "since_is_bound": True}, "day 9+"),
        ({"state": State.ONGOING, "new": 0, "since": UNTIL - 0.2 * DAY, "recurs_since": UNTIL - 3.1 * DAY},
         "day 4"),
        ({"state": State.ONGOING, "new": 0, "since": None}, "ongoing"),
        ({"state": State.ONGOING, "new": 2, "since": UNTIL - 2.7 * DAY}, "day 3, 2 new"),
        ({"state": State.ONGOING, "new": 0, "since": UNTIL - 4 * DAY, "until": UNTIL - 3 * DAY}, "ended"),
    ])  # fmt: skip
    def test_its_age_is_told(self, told, chip):
        part = finding()
        text, html = bodies(report(part, problems=[problem(part, **told)]))
        assert f"1. [{chip}] " in text
        assert f"1. {chip.upper()} " in html
        state = {"NEW": "new", "ended": "ended"}.get(chip, "ongoing")
        assert f"1 problem (1 {state})" in text

    @pytest.mark.parametrize(("days", "told"), [(0.5, "12 h"), (1.5, "36 h"), (7, "7 days")])
    def test_the_length_of_a_window_is_told_in_hours_or_days(self, days, told):
        window = WindowPart(since=UNTIL - days * DAY, until=UNTIL)
        assert f", {told} to " in bodies(report(window=window))[0]

    @pytest.mark.parametrize(("ended", "told"), [
        (None, "Since 9 Mar 23:48 UTC."), (5.5, "Lasted from 9 Mar 23:48 UTC to 10 Mar 02:30 UTC."),
    ])  # fmt: skip
    def test_its_time_is_told_where_it_is_wide(self, ended, told):
        until = UNTIL - timedelta(hours=ended) if ended else None
        part = finding("provider_issue", "deepinfra", None, since=UNTIL - 8.2 * HOUR, until=until)
        for body in bodies(report(part)):
            assert f"deepinfra: likely deprecated {told}" in body

    def test_an_end_of_another_day_is_told_with_it(self):
        until = UNTIL - 30 * HOUR
        part = finding("provider_issue", "deepinfra", None, since=UNTIL - 80 * HOUR, until=until)
        assert "Lasted from 7 Mar 00:00 UTC to 9 Mar 02:00 UTC." in bodies(report(part))[0]

    @pytest.mark.parametrize(
        ("count", "told"),
        [(2, "groq: m0; openai: m1, m2 "), (12, "12 of openai, 1 of groq ")],
    )
    def test_models_of_several_providers_are_named_or_counted(self, count, told):
        parts = [finding("provider_issue", name, None) for name in ("groq", "openai")]
        names = ["groq", *["openai"] * count]
        models = [ModelName(provider=name, model=f"m{n}") for n, name in enumerate(names)]
        for body in bodies(report(*parts, problems=[problem(*parts, models=models)])):
            assert told in body

    @pytest.mark.parametrize(
        ("category", "count", "told"),
        [
            ("failing_model", 12, "m10, m11 "),
            ("failing_model", 13, "m0, m1, m2 and 10 more"),
            ("deprecated_model", 12, "m0, m1, m2 and 9 more"),
            ("provider_issue", 12, "m0, m1, m2 and 9 more"),
        ],
    )
    def test_models_of_one_provider_are_named_where_no_command_has_them(
        self, category, count, told
    ):
        part = finding(category)
        made = problem(
            part, models=[ModelName(provider="groq", model=f"m{n}") for n in range(count)]
        )
        command = "f(1)" if category == "deprecated_model" else None
        steps = [action(made, command=command)]
        for body in bodies(report(part, problems=[made], recommended_actions=steps)):
            assert told in body

    @pytest.mark.parametrize(("count", "is_bound", "told"), [
        (2, False, ""), (3, False, "Since 9 Mar 23:48 UTC."),
        (1, True, "Since at least 9 Mar 23:48 UTC."),
    ])  # fmt: skip
    def test_of_several_models_or_a_start_that_is_a_bound_as_well(self, count, is_bound, told):
        part = finding(since=UNTIL - 8.2 * HOUR)
        models = [ModelName(provider="groq", model=f"m{n}") for n in range(count)]
        shown = bodies(
            report(part, problems=[problem(part, models=models, since_is_bound=is_bound)])
        )
        for body in shown:
            assert told in body
            assert told or "Since" not in body

    def test_its_models_stand_in_one_line(self):
        part = finding("provider_issue", model=None)
        models = [ModelName(provider="groq", model=f"m{n}") for n in range(8)]
        for body in bodies(report(part, problems=[problem(part, models=models)])):
            assert "m0, m1, m2 and 5 more" in body

    def test_the_page_where_it_is_done_is_linked_beside_the_action(self):
        part = finding("provider_issue", "openai", None)
        models = [ModelName(provider="openai", model=name) for name in "ab"]
        made = problem(part, models=models)
        link = Link(label="Billing", url="https://platform.openai.com/settings")
        mail = render(report(part, problems=[made], recommended_actions=[action(made, link=link)]))
        assert f'href="{link.url}"' in mail.html
        assert f"Billing: {link.url}" in mail.text

    def test_one_command_disables_all_that_is_deprecated(self):
        pairs = [ModelKey("groq", "a"), ModelKey("together", "b")]
        parts = [finding(provider=pair.provider, model=pair.model) for pair in pairs]
        line = disable("llm-bench", "models", pairs)
        steps = [action(problem(part), command="f(1)") for part in parts]
        mail = render(report(*parts, disable_command=line, recommended_actions=steps))
        assert "To disable the models of 1, 2 in mongosh:" in mail.text
        assert mail.html.count("updateMany") == mail.text.count("updateMany") == 1
        assert line.replace('"', "&#34;") in mail.html
        assert line.replace(" ", "") in "".join(mail.text.split())

    def test_of_a_group_those_with_a_command_are_named(self):
        parts = [finding(provider=name) for name in "abcd"]
        steps = [action(problem(part), command="f(1)") for part in parts]
        for body in bodies(report(*parts, disable_command="f(2)", recommended_actions=steps)):
            assert "To disable the models of 1, 2, 3, 4 in mongosh: f(2)" in body
        del steps[1]
        for body in bodies(report(*parts, disable_command="f(2)", recommended_actions=steps)):
            assert "To disable the models of 1, 3, 4 in mongosh: f(2)" in body

    def test_a_command_that_cannot_be_shown_whole_is_not_shown(self):
        part, line = finding(), "f(" * 1_300
        steps = [action(problem(part), command=line)]
        for body in bodies(report(part, disable_command=line, recommended_actions=steps)):
            assert "f(f(" not in body
            told = body.replace("\\ ", "")
            assert "2026-03-10T08:00:00Z --format json | jq -r" in told

    def test_what_never_worked_has_a_command_as_well(self):
        parts = [finding("failing_model", model=name, aspect="never_worked") for name in "ab"]
        made = problem(*parts)
        steps = [action(made, command="f(1)")]
        for body in bodies(report(*parts, problems=[made], recommended_actions=steps)):
            assert "To disable in mongosh: f(1)" in body
        long = [action(made, command="f(" * 1_300)]
        for body in bodies(report(*parts, problems=[made], recommended_actions=long)):
            assert "| select(.command) | .reason, .command" in body

    def test_what_is_on_our_side_has_its_host_and_a_command(self):
        part = finding("silent_model", kind=None)
        made = problem(part)
        place = {"host": "clifford", "shell": "docker ps -a --filter name=llm-bench"}
        steps = [action(made, **place)]
        text, html = bodies(report(part, problems=[made], recommended_actions=steps))
        for body in (text, html):
            assert "Inspect on clifford: docker ps -a --filter name=llm-bench" in body

    def test_a_runner_has_its_log_beside_it_as_a_container_may_be_up_with_dead_workers(
        self, silent_report
    ):
        begun = f"{silent_report.problems[0].since - HOUR / 2:%Y-%m-%dT%H:%MZ}"
        for body in bodies(silent_report):
            assert (
                "Inspect on the benchmark host: docker ps -a --filter name=llm-bench "
                f"The container may still be up: docker logs --since {begun} ID"
            ) in body

    def test_requeuing_is_described_where_an_action_asks_for_it(self):
        part = finding()
        for told in ("Check the key; then requeue its models.", "Requeue the rest of groq."):
            made = problem(part, action=told)
            for body in bodies(report(part, problems=[made])):
                assert "has given up on these jobs" in body
        for body in bodies(report(part)):
            assert "dead letters" not in body


class TestDetails:
    def test_a_problem_is_proved_once(self):
        for body in bodies(report(finding(), finding(model="gemma", evidence="Only here."))):
            assert body.count("Only here.") == 1

    def test_of_the_ten_most_urgent_and_the_rest_counted(self):
        found = [finding(model=f"m{n}", evidence=f"Proof {n}.") for n in range(13)]
        text, html = bodies(report(*found))
        assert "DETAILS of the 10 most urgent, 3 more with --format json" in text
        assert "and 3 more problems; see --format json" in html
        for body in (text, html):
            assert len(re.findall(r"Proof \d+\.", body)) == 10

    def test_the_providers_sentence_is_quoted_without_its_wrapping(self):
        message = (
            "RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current "
            "quota, please check your plan.', 'code': 'insufficient_quota'}}"
        )
        for body in bodies(report(finding(message=message))):
            assert "429 You exceeded your current quota, please check" in body
            assert "RateLimitError" not in body

    @pytest.mark.parametrize(("message", "quoted"), [
        ("Error code: 503 - {'detail': {'error': 'no healthy upstream'}}", "503 no healthy upstream"),
        ("RefreshError: ('invalid_grant: Bad JWT.', {'error': 'invalid_grant'})",
         "RefreshError: ('invalid_grant: Bad JWT.', {'error': 'invalid_grant'})"),
        ("Throttled: An error occurred (Throttled) when calling the X operation (reached 4): Too many",
         "Throttled: Too many"),
    ])  # fmt: skip
    def test_what_sdks_put_around_it_goes(self, message, quoted):
        text, _ = bodies(report(finding(message=message)))
        assert f"> {quoted} ABOUT THIS REPORT" in text

    def test_a_short_sentence_at_the_beginning_is_not_all_that_is_quoted(self):
        text, _ = bodies(report(finding(message="Not allowed. " + "region " * 100)))
        assert "> Not allowed. region region" in text

    def test_a_sentence_within_a_sentence_is_quoted_whole(self):
        inner = r'"upstream says {\"type\": \"overloaded\"}, retry later"'
        message = f'Error code: 502 - {{"detail": {{"error": {inner}}}}}'
        for body in bodies(report(finding(message=message))):
            assert '502 upstream says {"type": "overloaded"}, retry later' in unescape(body)

    def test_the_name_of_a_quota_is_quoted_and_not_cut_off(self):
        message = (
            "ResourceExhausted: 429 Quota exceeded for aiplatform.googleapis.com/"
            "online_prediction_requests_per_base_model with base model: anthropic-claude-opus-4-1."
        )
        for body in bodies(report(finding(message=message))):
            assert (
                "429 Quota exceeded for aiplatform.googleapis.com/"
                "online_prediction_requests_per_base_model with base model: anthropic-claude-opus-4-1."
            ) in " ".join(body.split())

    def test_what_a_message_asks_for_is_quoted_and_no_address_is_cut(self):
        page = "https://platform.openai.com/settings/organization/security/ip-allowlist"
        said = "The request IP 198.51.100.24 does not match the configured IP allowlist for your"
        message = (
            f"401 {said} project or organization. Owners can update it at {page}. {'More. ' * 60}"
        )
        rest = f"401 {'Something happened there and there. ' * 5}{page} {'x' * 300}"
        for body in bodies(report(finding(message=message))):
            assert f"can update it at {page}." in " ".join(body.split())
        for body in bodies(report(finding(message=rest))):
            assert "https://platform" not in body

    @pytest.mark.parametrize(
        "message", ["Error: " + "令牌已过期" * 80, 'Failure: {"code":403,"msg":"' + "x," * 200]
    )
    def test_what_has_no_spaces_is_quoted_as_far_as_it_fits(self, message):
        text, _ = bodies(report(finding(message=message)))
        assert message[:60] in text

    def test_a_failed_connection_is_quoted_with_its_end_which_is_the_cause(self):
        message = f"SSLError: HTTPSConnectionPool({'x' * 200}): certificate has expired (_ssl.c:1)"
        for body in bodies(report(finding(message=message, kind=ErrorKind.NETWORK))):
            assert "SSLError: HTTPSCo" in body
            assert "certificate has expired (_ssl.c:1)" in body

    def test_the_most_severe_rows_stay_when_a_list_is_cut(self):
        mild = [finding("code_fix", model=f"m{number}") for number in range(200)]
        grave = finding("failing_model", model="grave", severity=Severity.CRITICAL)
        for body in bodies(report(grave, *mild)):
            assert body.count("grave") == 2


class TestInformation:
    def test_what_is_only_to_be_watched(self):
        watch = finding(severity=Severity.INFO, evidence="Failed 3 of 24.")
        for body in bodies(report(watch)):
            assert "groq llama: Failed 3 of 24." in body
            assert "recommended actions" not in body.lower()

    def test_what_ended_at_several_providers_says_when_and_not_how_it_was_at_the_first(self):
        ended = {"severity": Severity.INFO, "until": UNTIL - timedelta(hours=2)}
        parts = [finding("provider_issue", name, None, **ended) for name in ("groq", "openai")]
        title = "groq, openai: rate limited, all 9 models"
        made = problem(*parts, title=title)
        for body in bodies(report(*parts, problems=[made])):
            assert f"{title}: Lasted from 02:00 to 06:00." in body
            assert parts[0].evidence not in body

    @pytest.mark.parametrize(("message", "is_quoted"), [
        ("503 Reduced capacity: the model will be removed on September 22, 2026. Migrate to m-2.", True),
        ("503 This model is scheduled for deprecation on 2026-09-22; try again later.", True),
        ("503 The deployment is going to be shut down tomorrow.", True),
        ("503 m-1 will no longer be served from 1 May on.", True),
        ("503 Overloaded: the request will be retried, or try again later.", False),
        ("503 The node was shut down.", False),
    ])  # fmt: skip
    def test_an_end_that_a_passing_error_announces_is_quoted(self, message, is_quoted):
        watch = finding(
            "degraded_model", severity=Severity.INFO, message=message, evidence="3 of 9."
        )
        for body in bodies(report(watch)):
            assert "groq llama: 3 of 9." in body
            assert (message in unescape(body)) is is_quoted

    def test_recovered_and_muted(self):
        ended = {"until": UNTIL - timedelta(hours=2), "since_is_bound": True}
        well = finding(model="gemma", words="timed out", **ended)
        usual = finding("low_volume", None, None)
        watched = finding(severity=Severity.INFO)
        made = report(resolved=[well, usual], muted=[muted(watched), muted(OUT_OF_CREDIT)])
        for body in bodies(made):
            recovered = "groq gemma (timed out) at 06:00 (after at least 4 h), drop in attempts."
            assert f"Recovered: {recovered}" in body
            assert "2 findings muted: groq llama (forever), openai (1 critical, forever)." in body

    def test_unrecognized_messages_and_what_is_not_listed(self):
        found = [pattern(f"strange {number}") for number in range(40)]
        for body in bodies(report(patterns=found)):
            assert "Unrecognized, 3 x groq: strange 0" in body
            assert "37 more unrecognized messages." in body

    def test_an_unrecognized_message_that_a_problem_quotes_is_not_listed_again(self):
        quoted = finding("failing_model", kind=ErrorKind.UNKNOWN, message="strange 0")
        for body in bodies(report(quoted, patterns=[pattern("strange 0"), pattern("odd")])):
            assert "Unrecognized, 3 x groq: odd" in body
            assert body.count("strange 0") == 1

    def test_a_message_that_a_rule_knows_is_not_listed_although_it_has_no_kind(self):
        known = ["finish_reason: RECITATION", "JSONDecodeError: Unterminated string starting at"]
        made = report(patterns=[pattern(message) for message in (*known, "strange")])
        for body in bodies(made):
            assert body.count("Unrecognized") == 1
            assert "Unrecognized, 3 x groq: strange" in body

    def test_an_empty_message_is_told_as_such(self):
        silent = finding("failing_model", kind=ErrorKind.UNKNOWN, message="")
        for body in bodies(report(silent, patterns=[pattern("")])):
            assert "Unrecognized, 3 x groq: (empty message)" in body
            assert body.count("(empty message)") == 2


class TestProviders:
    def test_a_row_shows_the_days_24_hours(self):
        parts = [
            Bucket(attempts=6 if errors is not None else 0, errors=errors or 0)
            for errors in (None, 0, 1, 2, 3, 4, 5, *[0] * 17)
        ]
        mail = render(report(providers=[provider(hourly_buckets=parts, attempts=138, errors=15)]))
        assert "·▁▃▃▅▅█" + "▁" * 17 in mail.text
        cells = mail.html.split("table-layout:fixed")[1].split("</table>")[0]
        assert re.findall(r">([-\d])</td>", cells) == [*"-011223", *"0" * 17]

    def test_those_with_failures_have_a_row_with_yesterdays_rate_the_others_a_line(self):
        made = report(
            providers=[
                provider("bad", errors=12, failure_rate_before=0.01),
                provider("good"),
                provider("idle", attempts=0),
            ]
        )
        for body in bodies(made):
            assert "12 of 120" in body
            assert "was 1.0%" in body
            assert "Not attempted now: idle. No failures: good." in body

    def test_whom_an_issue_names_comes_first_however_few_failed_then_the_highest_rates(self):
        parts = [provider(f"p{n}", errors=3 + n) for n in range(7)]
        parts.append(provider("openai", attempts=900, errors=8))
        for body in bodies(critical_day(providers=parts)):
            rows = re.findall(
                r"(openai|p\d) (?:[^ p]+ )?(?=\d[\d.]*%)", body.split("oldest first")[1]
            )
            assert rows == ["openai", "p6", "p5", "p4", "p3", "p2", "p1", "p0"]

    def test_without_rows_above_it_the_line_adds_to_nothing(self):
        made = report(providers=[provider("good", errors=1), provider("best")])
        for body in bodies(made):
            assert "Failed: good 0.8%. No failures: best." in body
            assert "Also failed" not in body

    def test_one_that_is_no_longer_attempted_is_not_called_well(self):
        ends = {"fine": 0, "dead": 5, "rare": 5, "partly": 4}
        covered = replace(
            coverage(),
            providers=[
                ProviderCoverage(
                    provider=name, enabled=5, with_data=5, with_data_before=5, not_attempted=n
                )
                for name, n in ends.items()
            ],
        )
        names = [provider(name, errors=2 * (name == "rare")) for name in ends]
        for body in bodies(report(providers=names, coverage=covered)):
            assert "Not attempted now: dead, rare 1.7%. No failures: fine, partly." in body

    def test_whose_results_were_lost_on_our_side_is_told_beside_their_kinds(self):
        parts = [provider("good", lost=1200), provider("best", lost=1)]
        causes = {"could not be saved": 1201}
        made = report(providers=parts, totals=totals(1201, 240), errors_by_cause=causes)
        for body in bodies(made):
            assert "could not be saved 1,201. Lost on our side: good 1,200." in body

    def test_the_rarest_causes_are_summed_up(self):
        causes = {in_words(kind): 9 - n for n, kind in enumerate(ErrorKind)}
        *shown, last = [f"{words} {count}" for words, count in causes.items()][:6]
        made = report(totals=totals(45, 75), errors_by_cause=causes)
        for body in bodies(made):
            assert f"45 failures: {', '.join(shown)}, other 10." in body
            assert last not in body

    def test_failures_add_up(self, sample_report):
        for body in bodies(sample_report):
            total, parts = re.search(r"(\d+) failures: (.*?)\.", body).groups()
            assert sum(map(int, re.findall(r"\d+", parts))) == int(total)


def test_the_footer_says_how_to_see_it_again():
    made = report(notes=["Error kinds are estimated."])
    for body in bodies(made):
        told = body[re.search("about this report", body, re.IGNORECASE).end() :]
        assert "Error kinds are estimated." in told
        assert made.command in told.replace("\\ ", "")
        assert "llm-health-check 1.2.3" in told


def test_text_has_78_columns(sample_report, healthy_report, silent_report):
    for made in (sample_report, healthy_report, silent_report):
        links = {url for row in PROVIDER_LINKS.values() for url in row.values()}
        for line in render(made).text.splitlines():
            assert len(line) <= 78 or line.split()[-1] in links


def test_no_line_of_text_ends_in_a_space(sample_report):
    assert not re.search(r" $", render(sample_report).text, re.MULTILINE)


def test_the_same_report_is_the_same_mail(sample_report):
    assert render(sample_report) == render(replace(sample_report))


def test_templates_are_compiled_once_where_a_folder_takes_them(tmp_path):
    for folder, kept in ((tmp_path, 1), (tmp_path / "missing", 0)):
        compiled = CompiledTemplates(str(folder), "%s.jinja2")
        loader = DictLoader({"x": "{{ 1 + 1 }}"})
        made = Environment(loader=loader, autoescape=True, bytecode_cache=compiled)
        assert made.get_template("x").render() == "2"
        assert len([*folder.glob("*.jinja2")]) == kept
