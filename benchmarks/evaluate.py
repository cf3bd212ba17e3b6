"""How well the taxonomy does on labeled messages: evaluate.py [FILE_OR_FOLDER...]."""

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from healthcheck.taxonomy import ErrorKind, Verdict, classify
from healthcheck.taxonomy.classify import ranked
from healthcheck.taxonomy.evidence import cleaned
from healthcheck.taxonomy.rules import RULES

CREDENTIAL_BREAK = "\u2016"  # stands inside credential-shaped strings so that no scanner minds them
SHOWN = 160
ROOT = Path(__file__).parents[1]
OWN = ROOT / "tests" / "taxonomy" / "messages.jsonl"
CORPORA = Path(os.environ.get("HEALTHCHECK_CORPUS") or ROOT.parent / "shared" / "corpus")
KINDS = [kind.value for kind in ErrorKind]
Judged = list[tuple[dict[str, Any], Verdict]]


class BrokenCorpusError(Exception):
    """The corpus is missing or not what it should be; says why in one sentence."""


def without_breaks(value: Any) -> Any:
    """Return a parsed value with the credential breaks gone from every string."""
    if isinstance(value, str):
        return value.replace(CREDENTIAL_BREAK, "")
    if isinstance(value, list):
        return [without_breaks(item) for item in value]
    if isinstance(value, dict):
        return {key: without_breaks(item) for key, item in value.items()}
    return value


def load(path: str) -> list[dict[str, Any]]:
    """Return the rows of a corpus file."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise BrokenCorpusError(f"The corpus {path!r} cannot be read: {error}.") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = without_breaks(json.loads(line))
        except ValueError as error:
            raise BrokenCorpusError(f"Line {number} of {path!r} is not JSON: {error}.") from error
        if not isinstance(row, dict) or not isinstance(row.get("message"), str):
            raise BrokenCorpusError(f"Line {number} of {path!r} has no message.")
        if row.get("kind") not in KINDS:
            raise BrokenCorpusError(f"Line {number} of {path!r} has no kind that we know.")
        rows.append(row)
    if not rows:
        raise BrokenCorpusError(f"The corpus {path!r} has no rows.")
    return rows


def judged(rows: list[dict[str, Any]], *, with_hints: bool) -> Judged:
    """Return every row with our verdict, from the message and, if wanted, its class and status."""
    return [
        (
            row,
            classify(
                row["message"],
                exc_type=row.get("exc_type") if with_hints else None,
                http_status=row.get("http_status") if with_hints else None,
            ),
        )
        for row in rows
    ]


def decided_alone(rows: list[dict[str, Any]]) -> Counter[str]:
    """Count for each rule the rows that are right with it and would be wrong without it."""
    alone: Counter[str] = Counter()
    for row in rows:
        text = cleaned(row["message"], row.get("exc_type"))
        nothing = Verdict(ErrorKind.UNKNOWN, "none", "")
        first, *others = *ranked(text, row.get("http_status")), nothing
        second = next((one for one in others if one.rule != first.rule), nothing)
        alone[first.rule] += right(row, first) and not right(row, second)
    return alone


def clear(pairs: Judged) -> Judged:
    """Keep the rows about which careful readers agree."""
    return [(row, verdict) for row, verdict in pairs if not row.get("ambiguous")]


def right(row: dict[str, Any], verdict: Verdict) -> bool:
    """Say whether the verdict is the row's kind or, where it is ambiguous, an acceptable one."""
    also = row.get("alt") or [] if row.get("ambiguous") else []
    return verdict.kind.value in {row["kind"], *also}


def accuracy(pairs: Judged) -> float:
    """Return the share of right verdicts; 1.0 where there is nothing to judge."""
    return sum(right(*pair) for pair in pairs) / len(pairs) if pairs else 1.0


def macro_f1(pairs: Judged) -> float:
    """Return the F1 score averaged over the kinds that occur."""
    scores = []
    for kind in KINDS:
        hits = sum(row["kind"] == verdict.kind == kind for row, verdict in pairs)
        wanted = sum(row["kind"] == kind for row, _ in pairs)
        given = sum(verdict.kind == kind for _, verdict in pairs)
        if wanted or given:
            scores.append(2 * hits / (wanted + given))
    return sum(scores) / len(scores) if scores else 1.0


def confusion(pairs: Judged) -> str:
    """Return the table of labeled kind (rows) against our kind (columns)."""
    cells = Counter((row["kind"], verdict.kind.value) for row, verdict in pairs)
    wide = max(map(len, KINDS))
    lines = [" " * wide + "".join(f" {kind[:9]:>9}" for kind in KINDS)]
    for kind in KINDS:
        counts = "".join(f" {cells[kind, other] or '.':>9}" for other in KINDS)
        lines.append(f"{kind:<{wide}}{counts}")
    return "\n".join(lines)


def files_of(names: list[str]) -> list[str]:
    """Return the files that are named; of a folder, those whose name begins with "errors".

    Where nothing is named: the project's own collection, and the corpora at hand.
    """
    named = [Path(name) for name in names if name] or [OWN, *filter(Path.is_dir, [CORPORA])]
    return [
        str(path)
        for place in named
        for path in (sorted(place.glob("errors*.jsonl")) if place.is_dir() else [place])
    ]


def main(arguments: list[str]) -> int:
    """Print the figures; return 0, or 2 where a corpus cannot be used."""
    files = files_of(arguments)
    if not files:
        print("There are no errors*.jsonl in that folder.", file=sys.stderr)
        return 2
    try:
        rows = [row for name in files for row in load(name)]
    except BrokenCorpusError as error:
        print(error, file=sys.stderr)
        return 2
    full = judged(rows, with_hints=True)
    bare = judged(rows, with_hints=False)
    sure, unsure = clear(full), [pair for pair in full if pair[0].get("ambiguous")]
    print(
        f"rows                     {len(full)} ({len(sure)} unambiguous, {len(unsure)} ambiguous)"
    )
    print(f"accuracy, unambiguous    {accuracy(sure):.1%}")
    print(f"  from the message alone {accuracy(clear(bare)):.1%}")
    print(f"macro-F1, unambiguous    {macro_f1(sure):.3f}")
    print(f"ambiguous, acceptable    {accuracy(unsure):.1%}")
    print(f"\nlabeled (down) against ours (across), unambiguous\n{confusion(sure)}")
    missed = [(row, verdict) for row, verdict in full if not right(row, verdict)]
    print(f"\nmisses: {len(missed)}")
    for row, verdict in missed:
        text = " ".join(row["message"].split())
        short = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
        print(f"  {row['kind']} taken for {verdict.kind} by {verdict.rule}: {short!a}")
    alone = decided_alone(rows)
    print("\nrows that only this rule decides")
    for rule in RULES:
        print(f"{alone[rule.id]:>6}  {rule.id}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
