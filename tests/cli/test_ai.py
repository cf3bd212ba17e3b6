"""When a run asks the AI, and what it prints of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from scripted import Script, answer, as_json, envelope, error, replied
from werkzeug import Response

import healthcheck
from healthcheck.assessment.prompt import INSTRUCTIONS, MOST_TOKENS

SAMPLE = ("run", "--sample", "--dry-run")
WELL = replied(answer(status="critical", highlights=["day"]))


@pytest.fixture
def server(httpserver):
    """Gives a script, and the settings that lead to it."""

    def start(*responses):
        script = Script(list(responses))
        httpserver.expect_request("/v1/responses").respond_with_handler(script)
        its = {"OPENAI_API_KEY": "key-of-the-test", "OPENAI_BASE_URL": httpserver.url_for("/v1")}
        return script, its

    return start


@pytest.fixture
def export():
    """The packaged day as a snapshot of one's own, on which the AI is asked by default."""
    return ("run", "--from", Path(healthcheck.__file__).parent / "sample", "--dry-run")


def test_a_dry_run_asks_the_ai_when_a_key_is_set(health_check, server, export):
    script, settings = server(WELL)
    done = health_check(*export, settings=settings)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(script.requests) == 1
    assert b"AI summary" in done.stdout
    assert b"4.5% of 2,334 attempts failed (yesterday 1.5%" in done.stdout


def test_json_tells_source_and_usage(health_check, server, export):
    _, settings = server(WELL)
    made = json.loads(health_check(*export, "--format", "json", settings=settings).stdout)
    its = made["analysis"]
    assert its["source"] == "openai"
    assert {
        "source", "model", "status", "summary", "error", "input_tokens", "output_tokens",
        "cost_usd", "dropped_claims", "request_id",
    } <= set(its)  # fmt: skip


def test_without_a_key_the_report_says_so_and_the_run_succeeds(health_check, export):
    done = health_check(*export)
    assert (done.returncode, done.stderr) == (0, b"")
    told = " ".join(done.stdout.decode().split())
    assert "The AI assessment is not available: OPENAI_API_KEY is not set." in told
    assert told.index("not available") < told.index("RECOMMENDED ACTIONS")


@pytest.mark.parametrize("form", ["text", "html", "eml", "json"])
def test_when_the_ai_fails_every_form_says_so(health_check, server, export, form):
    _, settings = server(error(401))
    done = health_check(*export, "--format", form, settings=settings)
    assert done.returncode == 0
    assert b"assessment is not" in done.stdout
    assert b"key-of-the-test" not in done.stdout + done.stderr


def test_no_ai_asks_nobody_and_makes_no_noise(health_check, server, export):
    script, settings = server(WELL)
    done = health_check(*export, "--no-ai", settings=settings)
    assert done.returncode == 0
    assert script.requests == []
    assert b" AI" not in done.stdout


def test_the_sample_asks_only_when_told_to(health_check, server):
    script, settings = server(WELL)
    silent = health_check(*SAMPLE, settings=settings)
    assert b" AI" not in silent.stdout
    assert script.requests == []
    asked = health_check(*SAMPLE, "--ai", settings=settings)
    assert b"AI summary" in asked.stdout
    assert len(script.requests) == 1


def test_show_prompt_prints_what_is_sent_and_sends_nothing(health_check, server):
    script, settings = server(WELL)
    shown = health_check("run", "--sample", "--show-prompt", settings=settings)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert script.requests == []
    health_check(*SAMPLE, "--ai", settings=settings)
    (body,) = script.requests
    text = shown.stdout.decode()
    schema = json.dumps(body["text"]["format"]["schema"], indent=1, ensure_ascii=False)
    for part in (INSTRUCTIONS, body["instructions"], body["input"][0]["content"], schema):
        assert part in text
    tokens, most = text.splitlines()[-1].replace(" tokens of at most", "").split()
    assert int(tokens) <= int(most) == MOST_TOKENS


def test_show_prompt_needs_no_key_and_goes_to_a_file(health_check, tmp_path):
    target = tmp_path / "prompt.txt"
    done = health_check("run", "--sample", "--show-prompt", "--output", target)
    assert (done.returncode, done.stdout) == (0, b"")
    assert target.read_text(encoding="utf-8").startswith(INSTRUCTIONS)


def test_show_prompt_and_no_ai_exclude_each_other(health_check):
    done = health_check("run", "--sample", "--show-prompt", "--no-ai")
    assert done.returncode == 2
    assert b"mutually exclusive" in done.stderr


def test_a_deadline_that_is_none_is_a_setting_to_mend(health_check, export):
    done = health_check(*export, settings={"OPENAI_DEADLINE": "0"})
    assert done.returncode == 2
    assert b"OPENAI_DEADLINE" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("--help",), ("run", "--help"), (*SAMPLE, "--no-ai"), SAMPLE]
)
def test_a_run_that_does_not_ask_loads_nothing_for_it(arguments, tmp_path):
    program = (
        "import sys\n"
        "import os\n"
        "from healthcheck.cli import main\n"
        "os._exit = sys.exit\n"
        f"sys.argv[1:] = {list(arguments)!r}\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as left:\n"
        "    assert not left.code, left.code\n"
        "loaded = {'openai', 'httpx', 'httpx2', 'healthcheck.assessment'}\n"
        "sys.exit(3 if loaded & set(sys.modules) else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=tmp_path, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()


class TestDoctor:
    @pytest.fixture
    def check(self, health_check, httpserver):
        """What the doctor says of the AI, with a server that knows one model."""

        def examine(*arguments, **settings):
            its = {
                "OPENAI_API_KEY": "key-of-the-test",
                "OPENAI_BASE_URL": httpserver.url_for("/v1"),
            } | settings
            done = health_check("doctor", "--format", "json", *arguments, settings=its)
            assert b"key-of-the-test" not in done.stdout + done.stderr
            assert b"Traceback" not in done.stderr
            (found,) = [c for c in json.loads(done.stdout) if c["check"] == "OpenAI"]
            return found

        return examine

    def test_the_key_works_and_the_model_is_there(self, check, httpserver):
        script = Script([as_json(envelope('{"ok": true}'))])
        httpserver.expect_request("/v1/responses").respond_with_handler(script)
        found = check()
        assert found["outcome"] == "ok"
        assert "gpt-4o-mini" in found["found"]
        (asked,) = script.requests
        assert len(json.dumps(asked)) < 600

    @pytest.mark.parametrize(
        ("response", "words", "remedy"),
        [
            (error(401), "an error (401)", "OPENAI_API_KEY"),
            (error(404, "model_not_found"), "does not serve the model", "OPENAI_MODEL"),
        ],
    )
    def test_what_does_not_work_is_told_with_its_remedy(
        self, check, httpserver, response: Response, words, remedy
    ):
        httpserver.expect_request("/v1/responses").respond_with_response(response)
        found = check()
        assert found["outcome"] == "failed"
        assert words in found["found"]
        assert remedy in found["remedy"]

    def test_a_server_that_lists_the_model_and_has_no_api_to_ask_it(self, check, httpserver):
        httpserver.expect_request("/v1/models/gpt-4o-mini").respond_with_json({"id": "gpt-4o-mini"})
        for path in ("/v1/responses", "/v1/chat/completions"):
            httpserver.expect_request(path).respond_with_json({"error": "Not Found"}, status=404)
        found = check()
        assert found["outcome"] == "failed"
        assert "neither the Responses API nor Chat Completions" in found["found"]

    def test_a_server_that_is_not_there(self, check):
        found = check(OPENAI_BASE_URL="http://127.0.0.1:9/v1")
        assert found["outcome"] == "failed"
        assert "OPENAI_BASE_URL" in found["remedy"]

    def test_without_a_key_it_is_a_warning(self, check):
        assert check("--offline", OPENAI_API_KEY="")["outcome"] == "warning"

    @pytest.mark.parametrize(
        "wrong", [{"OPENAI_BASE_URL": "host:8080"}, {"OPENAI_API_KEY": "key of-the-test"}], ids=str
    )
    def test_what_is_wrong_without_asking_is_told_offline_as_well(self, check, wrong):
        found = check("--offline", **wrong)
        assert (found["outcome"], found["remedy"]) == ("failed", f"Correct {next(iter(wrong))}.")

    def test_offline_asks_nobody(self, check, httpserver):
        assert check("--offline")["outcome"] == "ok"
        assert httpserver.log == []
