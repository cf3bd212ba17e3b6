import subprocess
import sys

from redaction.rows import OWN, ROOT

PROGRAM = ROOT / "benchmarks" / "evaluate_redaction.py"


def evaluate(*arguments):
    return subprocess.run(
        [sys.executable, PROGRAM, *arguments],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip


def written(tmp_path, *rows):
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(row + "\n" for row in rows))
    return path


def test_the_own_collection_has_no_miss_and_needs_every_rule():
    run = evaluate(OWN)
    assert (run.returncode, run.stderr) == (0, "")
    assert " 0 of 1" in run.stdout
    assert "    0 " not in run.stdout


def test_a_miss_is_shown(tmp_path):
    path = written(tmp_path, '{"text": "plain words", "secrets": ["words"], "keep": ["other"]}')
    run = evaluate(path)
    assert run.returncode == 1
    assert "rows.jsonl, row 1: left 'words'" in run.stdout
    assert "rows.jsonl, row 1: lost 'other'" in run.stdout
    assert "1 of 1 secrets left, 1 of 1 keeps lost" in run.stdout


def test_eight_characters_in_a_row_are_too_many(tmp_path):
    path = written(
        tmp_path,
        '{"text": "password=abcd1234 efgh5678", "secrets": ["abcd1234 efgh5678"], "keep": []}',
        '{"text": "password=abcd1234 efg567", "secrets": ["abcd1234 efg567"], "keep": []}',
    )
    run = evaluate(path)
    assert "row 1: left 'abcd1234 efgh5678'" in run.stdout
    assert "1 of 2 secrets left" in run.stdout


def test_a_missing_file_is_one_sentence(tmp_path):
    run = evaluate(tmp_path / "nothing.jsonl")
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1


def test_a_broken_row_is_one_sentence(tmp_path):
    run = evaluate(written(tmp_path, '{"text": 1'))
    assert run.returncode == 2
    assert "line 1 is no row" in run.stderr


def test_no_file_is_one_sentence():
    run = evaluate()
    assert (run.returncode, run.stderr) == (2, "Name the files to measure with.\n")
