import subprocess
import sys

from redaction.rows import OWN, ROOT

PROGRAM = ROOT / "benchmarks" / "evaluate_redaction.py"


def evaluate(*arguments):
    return subprocess.run(
        [sys.executable, PROGRAM, *arguments],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip


def test_the_own_collection_has_no_miss():
    run = evaluate(OWN)
    assert (run.returncode, run.stderr) == (0, "")
    assert "0 of 1081 secrets left, 0 of 2633 keeps lost" in run.stdout


def test_a_miss_is_shown(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "plain words", "secrets": ["words"], "keep": ["other"]}\n')
    run = evaluate(path)
    assert run.returncode == 1
    assert "row 1: left 'words'" in run.stdout
    assert "row 1: lost 'other'" in run.stdout
    assert "1 of 1 secrets left, 1 of 1 keeps lost" in run.stdout


def test_a_missing_file_is_one_sentence(tmp_path):
    run = evaluate(tmp_path / "nothing.jsonl")
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1


def test_a_broken_row_is_one_sentence(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": 1')
    run = evaluate(path)
    assert run.returncode == 2
    assert "line 1 is no row" in run.stderr


def test_no_file_is_one_sentence():
    run = evaluate()
    assert (run.returncode, run.stderr) == (2, "Name one file to measure with.\n")
