"""Why there is no assessment, in the words of the other side: servers, gateways, proxies, certificates."""

import json
import ssl

import pytest
import trustme
from days import settings_of
from pytest_httpserver import HTTPServer
from scripted import Script, answer, as_json, error, raw_server
from werkzeug import Response

from healthcheck.assessment import assess, look_up

GOOD = json.dumps(answer(status="critical", highlights=["day"]))


def chat(text: str | None, **more) -> Response:
    """As Chat Completions answers."""
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": text},
    }
    usage = {"prompt_tokens": 3000, "completion_tokens": 200, "total_tokens": 3200}
    return as_json({"id": "c_1", "object": "chat.completion", "choices": [choice | more], "usage": usage})  # fmt: skip


class TestChatCompletions:
    """Where the address lacks the Responses API, as with vLLM, Ollama, LM Studio and gateways."""

    @pytest.fixture
    def asked(self, httpserver, sample_day):
        def ask(response, lacking=None):
            script = Script([response])
            missing = lacking or Response("404 page not found", 404)
            httpserver.expect_request("/v1/responses").respond_with_response(missing)
            httpserver.expect_request("/v1/chat/completions").respond_with_handler(script)
            settings = settings_of(httpserver.url_for("/v1"))
            return assess(sample_day.report, settings), script

        return ask

    @pytest.mark.parametrize(
        "lacking",
        [
            Response("404 page not found", 404),
            error(404, message="File Not Found"),
            as_json({"detail": "Method Not Allowed"}, 405),
            as_json({"error": "Unexpected endpoint or method. (POST /v1/responses)"}, 404),
        ],
    )
    def test_the_assessment_comes_all_the_same(self, asked, lacking):
        report, script = asked(chat(GOOD), lacking)
        assert report.analysis.error is None
        assert (report.analysis.input_tokens, report.analysis.output_tokens) == (3000, 200)
        (request,) = script.requests
        assert request["response_format"]["json_schema"]["strict"] is True
        assert [one["role"] for one in request["messages"]] == ["system", "user"]
        assert request["model"] == "gpt-4o-mini"

    @pytest.mark.parametrize(
        ("response", "why"),
        [
            (chat(None, message={"content": None, "refusal": "I cannot"}), "refused to answer: I cannot"),
            (chat('{"patt', finish_reason="length"), "incomplete: max_tokens"),
            (chat("", finish_reason="content_filter"), "incomplete: content_filter"),
            (chat(""), "its answer is empty"),
            (as_json({"choices": None, "error": {"code": 502, "message": "No GPU is free."}}),
             "it could not answer: No GPU is free."),
            (as_json({"error": "No GPU is free"}), "it could not answer: No GPU is free."),
            (chat("All is well."), "its answer is no valid JSON"),
            (as_json({"choices": []}), "none of the Responses API"),
            (as_json({"choices": [7]}), "none of the Responses API"),
            (Response("{", content_type="application/json"), "no valid JSON"),
            (error(400, message="json_schema is not supported"), "(400): json_schema is not"),
            (error(404, message="Not Found"), "neither the Responses API nor Chat Completions"),
            (error(404, message="model 'gpt-4o-mini' not found"), "does not serve the model"),
        ],
    )  # fmt: skip
    def test_an_answer_that_is_none(self, asked, response, why):
        report, script = asked(response)
        assert why in report.analysis.error
        assert len(script.requests) == 1


@pytest.mark.parametrize(
    "response",
    [
        error(404, "DeploymentNotFound", "The API deployment for this resource does not exist"),
        error(404, message="The model `gpt-4o-mini` does not exist."),
        error(400, message="gpt-4o-mini is not a valid model ID"),
        error(400, message="Invalid model name passed in model=gpt-4o-mini"),
        error(400, message="The provided model identifier is invalid."),
        error(404, message="models/gpt-4o-mini is not found for API version v1"),
        error(400, message="Model Not Exist"),
        error(404, message="Unable to access model gpt-4o-mini"),
        error(404, message="Model not found, inaccessible, and/or not deployed"),
        as_json({"error": 'model "gpt-4o-mini" not found, try pulling it first'}, 404),
    ],
)
def test_a_model_that_is_not_there_is_told_however_it_is_named(assessed, sample_day, response):
    report, script = assessed(sample_day, response)
    assert "localhost does not serve the model gpt-4o-mini (any more)" in report.analysis.error
    assert "Set OPENAI_MODEL" in report.analysis.action
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    ("response", "why", "action"),
    [
        (error(401, "mismatched_organization", "OpenAI-Organization header should match"),
         "answered with an error (401): OpenAI-Organization header", "OPENAI_ORG_ID"),
        (error(403, "unsupported_country_region_territory", "Country, region, or territory not supported"),
         "answered with an error (403): Country,", "supported country"),
        (error(401, "invalid_api_key", "Incorrect API key provided"), "error (401): Incorrect API", "OPENAI_API_KEY"),
        (error(407, message="Log in first"), "answered with an error (407): Log in first", "HTTPS_PROXY"),
        (error(402, message="Insufficient credits"), "answered with an error (402): Insuff", "Add credit"),
        (error(403, message="Your project may not use gpt-4o-mini"),
         "answered with an error (403): Your project may not use gpt-4o-mini", "OPENAI_API_KEY"),
        (error(400, message="Unsupported parameter: 'x' is not supported with this model."),
         "answered with an error (400): Unsupported parameter", None),
    ],
)  # fmt: skip
def test_the_cause_is_told_in_the_api_s_own_words(assessed, sample_day, response, why, action):
    report, script = assessed(sample_day, response)
    assert why in report.analysis.error
    assert action is None or action in report.analysis.action
    assert len(script.requests) == 1


def refused(url: str, monkeypatch: pytest.MonkeyPatch, **environment: str):
    """Why no assessment would come."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return look_up(settings_of(url))


class TestConnection:
    def test_a_certificate_of_a_company(self, monkeypatch):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
        with HTTPServer(host="127.0.0.1", ssl_context=context) as server:
            outcome = refused(server.url_for("/v1"), monkeypatch)
        assert "127.0.0.1 cannot be reached: [SSL: CERTIFICATE_VERIFY_FAILED] cert" in outcome.why
        assert "SSL_CERT_FILE" in outcome.action

    def test_certificates_that_are_not_there(self, monkeypatch):
        outcome = refused("https://127.0.0.1:9/v1", monkeypatch, SSL_CERT_FILE="/nowhere/ca.pem")
        assert outcome.why == (
            "the certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read: "
            "[Errno 2] No such file or directory"
        )
        assert "Correct SSL_CERT_FILE" in outcome.action

    @pytest.mark.parametrize(
        ("answer", "why"),
        [
            (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407 Proxy Authentication Required"),
            (b"HTTP/1.1 403 Forbidden\r\n\r\n", "403 Forbidden"),
        ],
    )  # fmt: skip
    def test_a_proxy_that_refuses(self, monkeypatch, answer, why):
        with raw_server(lambda connection: connection.sendall(answer)) as url:
            proxy = url.removesuffix("/v1").replace("//", "//me:Geheim99@")
            outcome = refused("https://api.example.invalid/v1", monkeypatch, HTTPS_PROXY=proxy)
        assert f"cannot be reached through the proxy 127.0.0.1: {why}" in outcome.why
        assert "HTTPS_PROXY" in outcome.action
        assert "Geheim99" not in outcome.why

    def test_a_proxy_that_is_down_is_not_taken_for_the_server(self, monkeypatch):
        outcome = refused(
            "https://api.example.invalid/v1", monkeypatch, HTTPS_PROXY="http://127.0.0.1:9"
        )
        assert "through the proxy 127.0.0.1: [Errno 111] Connection refused" in outcome.why
        assert "HTTPS_PROXY" in outcome.action

    @pytest.mark.parametrize("proxy", [
        "gopher://me:Geheim99@127.0.0.1:9", "socks5://127.0.0.1:9", "socks4://127.0.0.1:9",
        "http://me:Geheim99@127.0.0.1:port", "::1",
    ])  # fmt: skip
    def test_a_proxy_that_cannot_be_used(self, monkeypatch, proxy):
        outcome = refused("https://api.example.invalid/v1", monkeypatch, ALL_PROXY=proxy)
        assert outcome.why.startswith("the proxy cannot be used: its address must be http://")
        assert "ALL_PROXY" in outcome.action

    @pytest.mark.parametrize(
        "url", ["nonsense", "http://", "ftp://x/v1", "localhost:11434/v1", "http://h:port/v1"]
    )
    def test_an_address_that_is_none_is_not_tried(self, monkeypatch, url):
        outcome = refused(url, monkeypatch)
        assert outcome.why == "OPENAI_BASE_URL is not an http:// or https:// address"

    def test_a_host_that_nobody_knows(self, monkeypatch):
        outcome = refused("http://api.example.invalid/v1", monkeypatch)
        assert "api.example.invalid cannot be reached: [Errno -" in outcome.why
