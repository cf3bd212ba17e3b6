"""The share of real messages that is classified rightly, in the tree and in corpora at hand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACE = Path(os.environ.get("HEALTHCHECK_CORPUS") or ROOT.parent / "shared" / "corpus")
CORPORA = [
    Path(__file__).with_name("messages.jsonl"),
    *(sorted(PLACE.glob("errors-*.jsonl")) if PLACE.is_dir() else []),
]
PROGRAM = ROOT / "benchmarks" / "evaluate.py"


def evaluate(path):
    return subprocess.run(
        [sys.executable, PROGRAM, path], capture_output=True, text=True, check=False, cwd=ROOT
    )


def figure(output, name):
    line = next(line for line in output.splitlines() if line.strip().startswith(name))
    return float(line.split()[-1].rstrip("%"))


@pytest.mark.parametrize("corpus", CORPORA, ids=lambda path: path.name)
def test_at_least_97_percent_of_the_unambiguous_are_right(corpus):
    done = evaluate(corpus)
    assert done.returncode == 0, done.stderr
    assert figure(done.stdout, "accuracy, unambiguous") >= 97
    assert figure(done.stdout, "from the message alone") >= 97
    assert figure(done.stdout, "macro-F1") >= 0.95


def test_the_figures_of_a_small_corpus(tmp_path):
    corpus = tmp_path / "small.jsonl"
    corpus.write_text(
        '{"message": "invalid x-api\u2016-key", "kind": "auth"}\n'
        '{"message": "timed out", "kind": "timeout", "ambiguous": false, "alt": []}\n\n'
        '{"message": "timed out", "kind": "network", "ambiguous": true, "alt": ["timeout"]}\n'
        '{"message": "it broke", "kind": "billing", "exc_type": null}\n',
        encoding="utf-8",
    )
    done = evaluate(corpus)
    assert done.returncode == 0
    assert figure(done.stdout, "accuracy, unambiguous") == 66.7
    assert figure(done.stdout, "ambiguous, acceptable") == 100
    assert "billing taken for unknown by none: 'it broke'" in done.stdout
    assert "     1  bad-key\n" in done.stdout
    assert "     2  timed-out\n" in done.stdout
    assert "     0  overloaded\n" in done.stdout


def test_a_folder_stands_for_the_corpora_in_it(tmp_path):
    for name in ("errors-a.jsonl", "errors-b.jsonl", "secrets-a.jsonl"):
        (tmp_path / name).write_text('{"message": "timed out", "kind": "timeout"}', "utf-8")
    assert "rows                     2 (2 unambiguous, 0 ambiguous)" in evaluate(tmp_path).stdout


def test_without_a_name_the_project_s_own_collection_is_measured_and_every_rule_decides_something():
    done = evaluate("")
    assert done.returncode == 0
    assert figure(done.stdout, "accuracy, unambiguous") >= 97
    assert "\n     0  " not in done.stdout


def test_a_folder_without_corpora_is_one_sentence(tmp_path):
    done = evaluate(tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"", "has no rows"),
        (b"{", "Line 1"),
        (b"[1]", "has no message"),
        (b'{"message": "x", "kind": "weather"}', "no kind that we know"),
    ],
)
def test_a_broken_corpus_is_one_sentence_and_exit_code_2(tmp_path, content, sentence):
    corpus = tmp_path / "broken.jsonl"
    if content is not None:
        corpus.write_bytes(content)
    done = evaluate(corpus)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
