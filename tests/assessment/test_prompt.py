"""What is sent: within a budget, the same every time, and saying what was left out."""

import json
import re
from datetime import timedelta

import pytest
from days import day_of, day_of_scene
from golden import assert_golden
from hostile import MESSAGES, NAMES
from scene import BUSY, NOT_FOUND, STRANGE, UNSUPPORTED, UNTIL, Fails, Scene
from stores import Store
from test_schema import keeps_to_the_rules

from healthcheck.activity import Lookback
from healthcheck.assessment import build_prompt
from healthcheck.assessment.prompt import INSTRUCTIONS, MOST_TOKENS
from healthcheck.assessment.tokens import clipped, count
from healthcheck.sources import mongodb, snapshot

DAY = Lookback(UNTIL, timedelta(days=1))


def exactly(text: str) -> int:
    """How many tokens the models of today make of it."""
    from bpe_openai import get_encoding

    return len(get_encoding("o200k_base").encode_ordinary(text))


def document(prompt) -> dict:
    """The data between its delimiters."""
    first, body, last = re.fullmatch(r"(.*?)\n(.*)\n(.*?)", prompt.data, re.DOTALL).groups()
    assert first.removeprefix("BEGIN") == last.removeprefix("END")
    return json.loads(body)


@pytest.mark.parametrize("day", ["sample", "healthy", "odd"])
def test_the_prompt_is_as_agreed(day, request):
    made = request.getfixturevalue(f"{day}_day")
    assert_golden(f"prompt-{day}.txt", str(build_prompt(made.report)))


def test_the_same_day_gives_the_same_prompt(sample_day):
    once, again = (build_prompt(sample_day.report) for _ in range(2))
    assert str(once) == str(again)


def test_mongodb_and_a_snapshot_give_the_same_prompt(tmp_path, database, store_settings):
    scene = Scene().others().models("groq", 4).model("groq", "odd", Fails(2, 0, STRANGE))
    scene.model("groq", "gone", Fails(9, 0, NOT_FOUND)).catalog()
    scene.store.insert_into(database)
    live = day_of(mongodb.collect(store_settings, DAY))
    copied = day_of(snapshot.collect(scene.store.write_snapshot(tmp_path), DAY))
    prompts = [str(build_prompt(day.report)) for day in (live, copied)]
    assert prompts[0] == prompts[1]
    assert "groq gone" in prompts[0]


def test_it_holds_what_the_ai_is_asked_about(sample_day, odd_day):
    prompt = build_prompt(sample_day.report)
    told = document(prompt)
    keys = {row["id"] for row in told["problems"]}
    assert keys == {f"p{number}" for number in range(1, len(keys) + 1)}
    assert len(keys) >= 12
    day = told["day"]
    assert day["summary_by_rules"] == (
        "4.5% of 2,334 attempts failed (yesterday 1.5%, 7-day avg 0.8%). "
        "11 problems (9 new, 2 ongoing), 6 for your information, 1 recovered."
    )
    assert day["models_with_data"] == "77 of 79"
    actions = " ".join(row.get("action", "") for row in told["problems"])
    assert "add its successor moonshotai/kimi-k2-thinking" in actions
    assert "Send `max_completion_tokens` instead of `max_tokens`" in actions
    assert "v1/responses" in actions
    assert all("sample" in row for row in told["unknown_messages"])
    assert {row["provider"] for row in told["providers"]} >= {"openai", "anthropic", "openrouter"}
    assert told["left_out_for_want_of_room"] == {}
    (odd,) = document(build_prompt(odd_day.report))["unknown_messages"]
    assert (odd["provider"], odd["sample"]) == ("groq", STRANGE)


def test_the_models_of_a_problem_are_named(tmp_path):
    scene = Scene().others().models("groq", 6).models("cohere", 7)
    for name in ("one", "two", "three", "four"):
        scene.model("cohere", name, Fails(20, 0, NOT_FOUND))
    day = day_of_scene(scene.catalog(), tmp_path)
    (row,) = document(build_prompt(day.report))["problems"]
    assert re.fullmatch(r"\w+, \w+, \w+ and 1 more", row["models"])


def dead_models(count_of: int) -> Scene:
    """Each a finding of its own: more than half of each provider's models are well."""
    scene = Scene()
    for number in range(count_of):
        provider, often = f"provider-{number % 12}", {"every": 180, "begin": 48}
        scene.model(provider, f"model-{number:03}", Fails(20, 0, NOT_FOUND), **often)
        scene.model(provider, f"well-{number:03}", **often)
        scene.model(provider, f"fine-{number:03}", **often)
    return scene


def ten_thousand_patterns(store: Store) -> Store:
    words = ["alpha", "bravo", "delta", "echo", "golf", "hotel", "india", "kilo", "lima", "mike"]
    for number in range(10_000):
        digits = f"{number:04}"
        text = " ".join(words[int(digit)] for digit in digits)
        at = UNTIL - timedelta(seconds=5 * number + 1)
        store.error("groq", f"m{number % 300}", at, f"ValueError: {text} failed")
    return store


SCRIPTS = {
    "chinese": "模型不存在或者您没有访问权限 ",
    "emoji": "\U0001f525\U0001f4a5\U0001f469\u200d\U0001f4bb",
    "arabic": "خطأ غير معروف في الخادم ",
    "tamil": "தெரியாத பிழை ",
    "accents": "z\u0351\u036b\u0343\u036a\u0302",
    "ids": "9f86d081-884c-7d65-9a2f-eaa0c55ad015 ",
}


@pytest.fixture(scope="module")
def bad_days(tmp_path_factory):
    """Days that are too much for any prompt."""
    scene = Scene()
    for number in range(60):
        scene.models(f"host-{number}", 1, Fails(20, 0, NOT_FOUND), begin=48, every=180)
        scene.model(f"host-{number}", "well", begin=48, every=180)
        scene.model(f"host-{number}", "fine", begin=48, every=180)
    made = {"many problems": day_of_scene(scene, tmp_path_factory.mktemp("many"))}
    made["300 dead models"] = day_of_scene(dead_models(300), tmp_path_factory.mktemp("dead"))
    patterns = ten_thousand_patterns(Store(until=UNTIL)).write_snapshot(
        tmp_path_factory.mktemp("p")
    )
    made["10000 patterns"] = day_of(snapshot.collect(patterns, DAY))
    for script, text in SCRIPTS.items():
        scene = Scene()
        for number in range(60):
            fails = Fails(20, 0, f"{number} {text * 400}")
            scene.model(
                text * 20 + str(number % 7), text * 30 + str(number), fails, begin=48, every=180
            )
        made[script] = day_of_scene(scene, tmp_path_factory.mktemp(script))
    hostile = Store(until=UNTIL)
    for number, name in enumerate(NAMES):
        for hours in range(6):
            at = UNTIL - timedelta(hours=hours, minutes=number + 1)
            message = MESSAGES[(number + hours) % len(MESSAGES)]
            hostile.error(name, f"m{number}", at, message)
            hostile.error("evil", name, at, message)
    for error in hostile.errors:
        error.pop("traceback")
    folder = hostile.write_snapshot(tmp_path_factory.mktemp("hostile"))
    made["hostile"] = day_of(snapshot.collect(folder, DAY))
    return made


@pytest.mark.parametrize(
    "day", ["many problems", "300 dead models", "10000 patterns", *SCRIPTS, "hostile"]
)
def test_however_bad_the_day_the_prompt_keeps_its_budget(bad_days, day):
    prompt = build_prompt(bad_days[day].report)
    whole = "".join((INSTRUCTIONS, prompt.data, json.dumps(prompt.schema, ensure_ascii=False)))
    assert exactly(whole) <= prompt.tokens <= MOST_TOKENS
    assert document(prompt)
    keeps_to_the_rules(prompt.schema)
    whole.encode()


def test_a_bad_day_tells_what_was_left_out(bad_days):
    day = bad_days["many problems"]
    prompt = build_prompt(day.report)
    told = document(prompt)
    kept = [row for row in told["problems"] if row["id"].startswith("p")]
    assert len(kept) + told["left_out_for_want_of_room"]["problems"] == len(day.report.problems)
    assert len(kept) >= 15
    assert prompt.tokens > MOST_TOKENS / 2


def test_messages_beyond_those_of_the_report_are_counted(bad_days):
    day = bad_days["10000 patterns"]
    told = document(build_prompt(day.report))
    left_out = told["left_out_for_want_of_room"]
    assert len(told["unknown_messages"]) + left_out["unknown_messages"] == len(day.report.patterns)
    assert left_out["patterns_not_counted_one_by_one"] == day.report.patterns_not_listed == 950


def test_the_most_severe_go_first(tmp_path):
    scene = dead_models(60)
    for model in range(4):
        scene.model("lost", f"lost-{model}", Fails(9, 0, UNSUPPORTED), Fails(30, 9, BUSY))
    day = day_of_scene(scene, tmp_path)
    told = document(build_prompt(day.report))
    severities = [row["severity"] for row in told["problems"] if "severity" in row]
    assert severities == sorted(severities, key=["critical", "warning", "info"].index)


@pytest.mark.parametrize(
    "text", ["", "plain words " * 90, *(text * 90 for text in SCRIPTS.values())]
)
def test_a_text_is_clipped_to_tokens(text):
    for most in (1, 7, 90):
        assert count(clipped(text, most)) <= most
    assert exactly(text) <= 1.05 * count(text), "identifiers alone take some more"
    assert clipped("as it is", 90) == "as it is"
