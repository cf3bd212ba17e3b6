"""Make the packaged sample day: python benchmarks/make_sample.py [FOLDER].

A made-up day of the benchmark service with the eight before it, as a snapshot folder. The same
documents each time: the pseudo-randomness is seeded, and an `_id` is made at its document's time.
"""

import gzip
import io
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import sample_story as story
from sample_messages import Failure, noise

FOLDER = Path(__file__).resolve().parent.parent / "healthcheck" / "sample"

_SEED = 20260337
_NOISE = 0.007
_INTERVALS = (30, 40, 60, 60, 90, 120, 180)
_OFTEN = timedelta(minutes=60)
_CATALOGUE_MADE = datetime(2025, 10, 6, 9, 30, tzinfo=UTC)

Document = dict[str, Any]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    files = sample_files()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    print(f"{folder}: {len(files)} files, {sum(map(len, files.values())) / 1000:.0f} kB")


def sample_files() -> dict[str, bytes]:
    """The folder's files by name."""
    errors, successes = _attempts()
    held = {"errors_cloud": errors, "metrics_cloud_v2": successes, "models": _catalogue()}
    manifest = {
        "format": 1,
        "since": _iso(story.BEGIN),
        "until": _iso(story.UNTIL),
        "last_success_looked_up": True,
    }
    return {
        **{f"{name}.jsonl.gz": _packed(documents) for name, documents in held.items()},
        "manifest.json": (json.dumps(manifest, indent=2) + "\n").encode(),
    }


def _attempts() -> tuple[list[Document], list[Document]]:
    """Failures and successes, each in the order in which they were stored."""
    errors, successes = [], []
    tried = sorted(
        (moment, provider, model)
        for provider, model in story.pairs()
        for moment in _moments(provider, model)
    )
    rng = Random(_SEED)
    for number, (moment, provider, model) in enumerate(tried):
        names = {"_id": _object_id(moment, number), "provider": provider, "model_name": model}
        failure = _failure(rng, provider, model, moment)
        if failure is None:
            successes.append(names | {"gen_ts": {"$date": _iso(moment)}})
        else:
            errors.append(
                names
                | {
                    "ts": {"$date": _iso(moment)},
                    "stage": failure.stage,
                    "message": failure.message,
                    "error_kind": failure.kind,
                    "http_status": failure.status,
                }
            )
    return errors, successes


def _moments(provider: str, model: str) -> Iterator[datetime]:
    """When the scheduler tries a pair: at an interval of its own, never quite on time."""
    rng = Random(f"{_SEED} {provider} {model}")
    interval = timedelta(minutes=_INTERVALS[int(rng.random() * len(_INTERVALS))])
    if provider in story.OFTEN:
        interval = min(interval, _OFTEN)
    begin = story.CREATED.get((provider, model), story.BEGIN)
    end = story.LEFT.get((provider, model), story.UNTIL)
    moment = begin + interval * rng.random()
    while moment < end:
        yield _whole_milliseconds(moment)
        moment += interval * (0.9 + 0.2 * rng.random())


def _failure(rng: Random, provider: str, model: str, moment: datetime) -> Failure | None:
    for chapter in story.CHAPTERS:
        if chapter.covers(provider, model, moment) and rng.random() < chapter.share:
            return chapter.tells(rng, model)
    return noise(rng, provider, model) if rng.random() < _NOISE else None


def _catalogue() -> list[Document]:
    """Every pair, the younger ones and those that are switched off with the rest."""
    entries: list[tuple[datetime, str, str, Document]] = []
    disabled = {(provider, model) for provider, model, _ in story.DISABLED}
    for provider, model in story.pairs():
        if (provider, model) in disabled:
            continue
        created = story.CREATED.get((provider, model), _CATALOGUE_MADE)
        successor = story.SUCCESSORS.get((provider, model))
        more = {"successor_model": successor} if successor else {}
        entries.append((created, provider, model, {"enabled": True} | more))
    for provider, model, created in story.UNTRIED:
        entries.append((created, provider, model, {"enabled": True}))
    for provider, model, reason in story.DISABLED:
        entries.append(
            (_CATALOGUE_MADE, provider, model, {"enabled": False, "disabled_reason": reason})
        )
    return [
        {"_id": _object_id(created, number), "provider": provider, "model_id": model}
        | more
        | {"created_at": {"$date": _iso(created)}}
        for number, (created, provider, model, more) in enumerate(sorted(entries, key=_place))
    ]


def _place(entry: tuple[datetime, str, str, Document]) -> tuple[datetime, str, str]:
    return entry[:3]


def _object_id(moment: datetime, number: int) -> Document:
    return {"$oid": f"{int(moment.timestamp()):08x}{0:010x}{number:06x}"}


def _whole_milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _packed(documents: Sequence[Document]) -> bytes:
    """One document a line; neither a name nor a time in the gzip header."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=0) as lines:
        for document in documents:
            text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
            lines.write(text.encode() + b"\n")
    return packed.getvalue()


if __name__ == "__main__":
    main()
