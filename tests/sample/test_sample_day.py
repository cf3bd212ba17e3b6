"""The packaged sample day is made anew byte by byte, and its report tells exactly its story."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import healthcheck
from healthcheck.cli import cli
from healthcheck.diagnosis import Category
from healthcheck.redaction import redact

PACKAGED = Path(healthcheck.__file__).parent / "sample"
GENERATOR = Path(__file__).parents[2] / "benchmarks" / "make_sample.py"
FILES = {
    "errors_cloud.jsonl.gz",
    "manifest.json",
    "metrics_cloud_v2.jsonl.gz",
    "models.jsonl.gz",
}

STORY = {
    ("provider_issue", "openai", None, "critical", "new"),
    ("provider_issue", "deepinfra", None, "info", "new"),
    ("service_issue", None, None, "info", "new"),
    ("deprecated_model", "bedrock", "anthropic.claude-3-opus-20240229-v1:0", "warning", "new"),
    ("deprecated_model", "groq", "moonshotai/kimi-k2-instruct", "warning", "new"),
    ("deprecated_model", "vertex", "gemini-2.5-flash-preview-09-2025", "warning", "new"),
    ("deprecated_model", "together", "mistralai/Mixtral-8x7B-Instruct-v0.1", "warning", "ongoing"),
    ("code_fix", "azure", "gpt-5-mini", "warning", "new"),
    ("code_fix", "databricks", "databricks-gpt-5-1-codex-max", "warning", "new"),
    ("failing_model", "together", "deepseek-ai/DeepSeek-R1", "warning", "new"),
    ("failing_model", "openrouter", "openai/gpt-4.1", "warning", "new"),
    ("failing_model", "bedrock", "us.deepseek.r1-v1:0", "warning", "ongoing"),
    ("degraded_model", "cerebras", "zai-glm-4.6", "info", "new"),
    ("degraded_model", "fireworks", "accounts/fireworks/models/glm-4p6", "warning", "ongoing"),
    ("silent_model", "openrouter", "mistralai/mistral-medium-3.1", "warning", "new"),
}

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


def messages() -> list[str]:
    lines = gzip.decompress((PACKAGED / "errors_cloud.jsonl.gz").read_bytes()).splitlines()
    return [json.loads(line)["message"] for line in lines]


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
    assert sum(path.stat().st_size for path in PACKAGED.iterdir()) <= 400_000


def test_the_findings_are_the_story_and_nothing_besides(report):
    findings = told(report["findings"])
    assert sorted(findings, key=str) == sorted(STORY, key=str)
    assert report["status"] == "critical"


def test_one_model_is_well_again(report):
    resolved = [(part["category"], part["provider"], part["model"]) for part in report["resolved"]]
    assert resolved == [("failing_model", "cerebras", "qwen-3-235b-a22b-instruct-2507")]


def test_every_category_but_the_stopped_service_is_there(report):
    there = {finding["category"] for finding in report["findings"]}
    assert there == set(Category) - {Category.SILENT_SERVICE}


def test_the_successor_in_the_catalogue_is_named():
    assert "moonshotai/kimi-k2-instruct-0905" in reported()


def test_a_few_messages_are_of_a_kind_that_no_rule_knows(report):
    assert 2 <= report["errors_by_kind"]["unknown"] <= 10


def test_the_window_is_the_day_until_eight_in_the_morning(report):
    window = report["window"]
    assert (window["since"], window["until"]) == ("2026-03-09T08:00:00Z", "2026-03-10T08:00:00Z")


def test_the_noise_of_a_usual_day_is_there_and_makes_no_finding(report):
    well = {part["provider"] for part in report["providers"]} - {
        finding["provider"] for finding in report["findings"]
    }
    assert well == {"anthropic"}
    [part] = [part for part in report["providers"] if part["provider"] == "anthropic"]
    assert 0 < part["errors"] < part["attempts"] / 10


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
