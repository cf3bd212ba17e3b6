"""Make the packaged sample day: python benchmarks/make_sample.py [FOLDER].

A made-up day of the benchmark service with the eight before it, as a snapshot folder. The same
documents each time: the pseudo-randomness is seeded, and an `_id` is made at its document's time.
"""

import gzip
import io
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import sample_messages as messages
import sample_story as story
from sample_messages import Failure, noise

FOLDER = Path(__file__).resolve().parent.parent / "healthcheck" / "sample"

_SEED = 20260337
_NOISE = 0.007
_LATE = 0.12
"""A turn comes up to so much later than it is due."""

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
    held = {"errors_cloud": errors, "metrics_cloud_v2": successes, "models": _catalog()}
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
    """Failures and published successes, each in the order in which they were stored."""
    stored: list[tuple[datetime, str, str, Document]] = [
        (moment, *story.SELF_TEST, _error(moment, messages.self_test()))
        for moment in story.self_tests()
    ]
    for provider, model in story.tried():
        rng = Random(f"{_SEED} {provider} {model}")
        speed = 40 + 260 * rng.random()
        candidate = (provider, model) in story.CANDIDATES
        for moment, failure in _turns(rng, provider, model):
            if failure:
                stored.append((moment, provider, model, _error(moment, failure)))
            elif not candidate:  # their successes are stored elsewhere
                result = _result(rng, moment, speed, story.visible(provider, model, moment))
                stored.append((moment, provider, model, result))
    errors: list[Document] = []
    successes: list[Document] = []
    for number, (moment, provider, model, fields) in enumerate(sorted(stored, key=_place)):
        names = {"_id": _object_id(moment, number), "provider": provider, "model_name": model}
        (errors if "message" in fields else successes).append(names | fields)
    return errors, successes


def _turns(rng: Random, provider: str, model: str) -> Iterator[tuple[datetime, Failure | None]]:
    """A pair's attempts with what came of them, until the queue gives it up."""
    usual = story.CADENCE.get(provider, story.USUAL_CADENCE)
    begin, end = story.lifetime(provider, model)
    moment, failed = begin + usual * rng.random(), 0
    while moment < end:
        failure = _failure(rng, provider, model, moment)
        yield _whole_milliseconds(moment), failure
        failed = failed + 1 if failure else 0
        retried = failure is not None and provider not in story.CADENCE
        pause = story.pause(failure.kind, failed) if failure and retried else usual
        if pause is None:
            return
        moment += pause * (1 + _LATE * rng.random())


def _failure(rng: Random, provider: str, model: str, moment: datetime) -> Failure | None:
    for chapter in story.CHAPTERS:
        if chapter.covers(provider, model, moment) and rng.random() < chapter.share:
            return chapter.tells(rng, model)
    return noise(rng, provider, model) if rng.random() < _NOISE else None


def _error(moment: datetime, failure: Failure) -> Document:
    return {
        "ts": {"$date": _iso(moment)},
        "stage": failure.stage,
        "message": failure.message,
        "error_kind": failure.kind,
        "http_status": failure.status,
    }


def _result(rng: Random, moment: datetime, speed: float, visible: int) -> Document:
    return {
        "gen_ts": {"$date": _iso(moment)},
        "requested_tokens": 64,
        "output_tokens": 64,
        "visible_output_tokens": visible,
        "tokens_per_second": round(speed * (0.9 + 0.2 * rng.random())),
        "sample_role": "published",
    }


def _catalog() -> list[Document]:
    """Every entry, with its dates as the database holds them."""
    return [
        {"_id": _object_id(entry["created_at"], number), "provider": provider, "model_id": model}
        | {key: _stored(value) for key, value in entry.items()}
        for number, ((provider, model), entry) in enumerate(sorted(story.entries().items()))
    ]


def _stored(value: object) -> object:
    return {"$date": _iso(value)} if isinstance(value, datetime) else value


def _place(stored: tuple[datetime, str, str, Document]) -> tuple[datetime, str, str]:
    return stored[:3]


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
