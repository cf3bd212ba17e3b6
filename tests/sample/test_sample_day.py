"""The packaged sample day is made anew byte by byte, and its report tells exactly its story."""

import gzip
import json
import re
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime
from itertools import pairwise, takewhile
from pathlib import Path
from statistics import median

import pytest
from click.testing import CliRunner

import healthcheck
from healthcheck.cli import cli
from healthcheck.redaction import redact

PACKAGED = Path(healthcheck.__file__).parent / "sample"
GENERATOR = Path(__file__).parents[2] / "benchmarks" / "make_sample.py"
FILES = {
    "errors_cloud.jsonl.gz",
    "manifest.json",
    "metrics_cloud_v2.jsonl.gz",
    "models.jsonl.gz",
}

PROBLEMS = [
    ("critical", "new", "openai: out of credit, all 8 models, no requests succeed"),
    ("warning", "ongoing", "2 models of together: likely deprecated"),
    ("warning", "new", "groq moonshotai/kimi-k2-instruct: likely deprecated"),
    (
        "warning",
        "new",
        "azure gpt-5-mini: request rejected (`max_tokens`)",
    ),
    (
        "warning",
        "new",
        "vertex gemini-3-pro-preview: our token budget is too small",
    ),
    (
        "warning",
        "new",
        "databricks databricks-gpt-5-1-codex-max: request rejected (wrong endpoint)",
    ),
    ("warning", "new", "together deepseek-ai/DeepSeek-R1 fails: timed out"),
    ("warning", "new", "openrouter openai/gpt-4.1 fails: access denied"),
    ("warning", "new", "openrouter mistralai/mistral-medium-3.1: not attempted"),
    (
        "warning",
        "ongoing",
        (
            "fireworks accounts/fireworks/models/glm-4p6 fails more often than usual: "
            "provider unavailable"
        ),
    ),
    (
        "warning",
        "new",
        "deepinfra mistralai/Mistral-Small-24B-Instruct-2501: disabled and still attempted",
    ),
    ("info", "new", "bedrock: results could not be saved"),
    ("info", "new", "deepinfra: provider unavailable, all 6 models"),
    ("info", "new", "together meta-llama/Llama-3.2-3B-Instruct-Turbo disabled"),
    ("info", "new", "vertex gemini-2.0-flash-001: retirement date near or past, still working"),
    ("info", "new", "openrouter z-ai/glm-4.6: results that cannot be true"),
    ("info", "new", "2 models of 2 providers: probing for more than 4 days"),
]
"""Most urgent first, as the report lists them."""

FINDINGS = {
    ("provider_issue", "openai", None, "critical", "new"),
    ("provider_issue", "deepinfra", None, "info", "new"),
    ("service_issue", None, None, "info", "new"),
    ("disabled_model_attempted", None, None, "warning", "new"),
    ("deprecated_model", "groq", "moonshotai/kimi-k2-instruct", "warning", "new"),
    ("deprecated_model", "together", "Qwen/Qwen2.5-7B-Instruct-Turbo", "warning", "new"),
    ("deprecated_model", "together", "mistralai/Mixtral-8x7B-Instruct-v0.1", "warning", "ongoing"),
    ("code_fix", "azure", "gpt-5-mini", "warning", "new"),
    ("code_fix", "databricks", "databricks-gpt-5-1-codex-max", "warning", "new"),
    ("code_fix", "vertex", "gemini-3-pro-preview", "warning", "new"),
    ("failing_model", "together", "deepseek-ai/DeepSeek-R1", "warning", "new"),
    ("failing_model", "openrouter", "openai/gpt-4.1", "warning", "new"),
    ("degraded_model", "fireworks", "accounts/fireworks/models/glm-4p6", "warning", "ongoing"),
    ("silent_model", "openrouter", "mistralai/mistral-medium-3.1", "warning", "new"),
    ("catalog_change", None, None, "info", "new"),
    ("retiring_model", "vertex", "gemini-2.0-flash-001", "info", "new"),
    ("implausible_results", None, None, "info", "new"),
    ("catalog_review", None, None, "info", "new"),
}

WHOSE = {
    "disabled_model_attempted": ["deepinfra mistralai/Mistral-Small-24B-Instruct-2501"],
    "catalog_change": ["together meta-llama/Llama-3.2-3B-Instruct-Turbo"],
    "implausible_results": ["openrouter z-ai/glm-4.6"],
    "catalog_review": [
        "fireworks accounts/fireworks/models/minimax-m2",
        "together zai-org/GLM-4.6",
    ],
}
"""The models of findings that name none by themselves."""

GIVEN_UP = {
    ("azure", "gpt-5-mini"): 2,
    ("databricks", "databricks-gpt-5-1-codex-max"): 1,
    ("groq", "moonshotai/kimi-k2-instruct"): 1,
    ("openrouter", "openai/gpt-4.1"): 1,
    ("together", "Qwen/Qwen2.5-7B-Instruct-Turbo"): 1,
    ("together", "mistralai/Mixtral-8x7B-Instruct-v0.1"): 2,
    ("vertex", "gemini-3-pro-preview"): 1,
}
"""How many documents the failure of each left before the queue gave up."""

# Beginnings of the credentials that providers and clouds hand out, and enough behind them.
CREDENTIAL = re.compile(
    r"sk-[\w-]{16,}|gsk_\w{16,}|fw_\w{16,}|csk-\w{16,}|AKIA\w{12,}|ASIA\w{12,}|AIza[\w-]{20,}"
    r"|dapi\w{20,}|gh[pousr]_\w{20,}|hf_\w{20,}|eyJ[\w-]{16,}\.|Bearer [\w.-]{16,}|-----BEGIN"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    subprocess.run([sys.executable, GENERATOR, folder], check=True, capture_output=True)
    return folder


def reported(*options: str) -> str:
    result = CliRunner().invoke(
        cli, ["run", "--sample", "--dry-run", *options], catch_exceptions=False
    )
    assert result.exit_code == 0
    return result.stdout


@pytest.fixture(scope="module")
def report() -> dict:
    return json.loads(reported("--format", "json"))


def documents(collection: str) -> list[dict]:
    packed = (PACKAGED / f"{collection}.jsonl.gz").read_bytes()
    return [json.loads(line) for line in gzip.decompress(packed).splitlines()]


def attempts() -> dict[tuple[str, str], list[dict]]:
    """All documents of each pair, in the order of their storing."""
    by_pair = defaultdict(list)
    both = documents("errors_cloud") + documents("metrics_cloud_v2")
    for document in sorted(both, key=lambda document: document["_id"]["$oid"]):
        by_pair[document["provider"], document["model_name"]].append(document)
    return by_pair


def stored_at(document: dict) -> int:
    """Seconds, as the identity says."""
    return int(document["_id"]["$oid"][:8], 16)


def messages() -> list[str]:
    return [document["message"] for document in documents("errors_cloud")]


def told(findings: list[dict]) -> list[tuple]:
    fields = ("category", "provider", "model", "severity", "state")
    return [tuple(finding[field] for field in fields) for finding in findings]


def test_the_packaged_files_are_those_that_the_generator_makes(made):
    assert {path.name for path in PACKAGED.iterdir()} == FILES
    for name in FILES:
        packaged, again = (PACKAGED / name).read_bytes(), (made / name).read_bytes()
        if name.endswith(".gz"):  # another zlib may pack the same bytes in another way
            packaged, again = gzip.decompress(packaged), gzip.decompress(again)
        assert packaged == again, f"{name}: run `make sample`"


def test_the_generator_makes_the_same_bytes_each_time(made, tmp_path):
    subprocess.run([sys.executable, GENERATOR, tmp_path], check=True, capture_output=True)
    for name in FILES:
        assert (made / name).read_bytes() == (tmp_path / name).read_bytes()


@pytest.mark.parametrize("name", sorted(name for name in FILES if name.endswith(".gz")))
def test_a_packed_file_holds_neither_a_time_nor_a_name_in_its_header(name):
    header = (PACKAGED / name).read_bytes()[:10]
    flags, time = header[3], header[4:8]
    assert (flags, time) == (0, b"\0\0\0\0")


def test_the_sample_day_is_small_enough_to_be_packaged():
    assert sum(path.stat().st_size for path in PACKAGED.iterdir()) <= 500_000


def test_the_problems_are_the_story_and_nothing_besides(report):
    fields = ("severity", "state", "title")
    assert [tuple(part[field] for field in fields) for part in report["problems"]] == PROBLEMS
    assert report["status"] == "critical"


def test_the_findings_are_the_story_and_nothing_besides(report):
    findings = told(report["findings"])
    assert sorted(findings, key=str) == sorted(FINDINGS, key=str)


def test_findings_about_several_models_are_about_these(report):
    there = {
        finding["category"]: [
            f"{model['provider']} {model['model']}" for model in finding["models"]
        ]
        for finding in report["findings"]
        if finding["category"] in WHOSE
    }
    assert there == WHOSE


def test_one_model_is_well_again(report):
    resolved = [(part["category"], part["provider"], part["model"]) for part in report["resolved"]]
    assert resolved == [("failing_model", "cerebras", "qwen-3-235b-a22b-instruct-2507")]


def test_what_the_queue_gives_up_leaves_one_or_two_documents_and_then_silence():
    tried = attempts()
    until = int(datetime(2026, 3, 10, 8, tzinfo=UTC).timestamp())
    for pair, count in GIVEN_UP.items():
        newest_first = reversed(tried[pair])
        failed = list(takewhile(lambda document: "message" in document, newest_first))
        assert len(failed) == count, pair
        assert until - stored_at(failed[0]) > 3 * 3600, pair


def test_a_turn_comes_every_45_minutes_and_every_30_at_bedrock():
    for (provider, model), tried in attempts().items():
        well = [
            stored_at(after) - stored_at(one)
            for one, after in pairwise(tried)
            if "message" not in one
        ]
        if well:
            usual = 30 if provider == "bedrock" else 45
            assert usual * 60 - 1 <= median(well) <= usual * 60 * 1.12, (provider, model)


def test_candidates_leave_their_errors_without_a_mark_and_no_success(report):
    candidates = {
        (entry["provider"], entry["model_id"])
        for entry in documents("models")
        if entry.get("status") == "probing"
    }
    tried = attempts()
    assert len(candidates) == 3
    for pair in candidates:
        assert tried[pair]
        assert all("message" in document for document in tried[pair])
    stated = {(part["provider"], part["model"]) for part in report["findings"]}
    assert not candidates & stated


def test_the_successor_in_the_catalog_is_named():
    assert "moonshotai/kimi-k2-thinking" in reported()


def test_a_few_messages_are_of_a_kind_that_no_rule_knows(report):
    unknown = sum(part["errors_by_kind"].get("unknown", 0) for part in report["providers"])
    assert 1 <= unknown <= 10


def test_the_window_is_the_day_until_eight_in_the_morning(report):
    window = report["window"]
    assert (window["since"], window["until"]) == ("2026-03-09T08:00:00Z", "2026-03-10T08:00:00Z")


def test_the_noise_of_a_usual_day_is_there_and_makes_no_finding(report):
    [part] = [part for part in report["providers"] if part["provider"] == "anthropic"]
    assert 0 < part["errors"] < part["attempts"] / 10
    assert "anthropic" not in {finding["provider"] for finding in report["findings"]}


def test_no_file_holds_a_string_that_looks_like_a_credential():
    for path in PACKAGED.iterdir():
        assert not CREDENTIAL.search(path.read_bytes().decode("latin-1"))


def test_the_only_credential_inside_is_marked_as_a_fake():
    found = {match[0] for message in messages() for match in CREDENTIAL.finditer(message)}
    assert len(found) == 1
    assert "FAKE" in found.pop()


def test_the_report_shows_redaction_at_work():
    for shown in (reported(), reported("--format", "json")):
        assert "[redacted:" in shown
        assert "FAKE" not in shown


def test_nothing_else_of_the_sample_is_redacted():
    others = {message for message in messages() if "FAKE" not in message}
    assert [message for message in sorted(others) if redact(message) != message] == []
