"""How what is on a host is named, and shown to people."""

import hashlib
import itertools
import json
from collections.abc import Iterable
from datetime import UTC, datetime

_SLACK_SECONDS = 60  # what systemd itself may be late


def venv_name(content: str, whole: Iterable[str], in_use: Iterable[str]) -> str:
    """The whole virtual environment of that content, the first one; else a name for a new one.

    One that runs and is damaged, or was changed by hand, is not touched before another can take its
    place: the new one gets a number behind its name.
    """
    there = next((name for name in whole if name.partition("-")[0] == content), None)
    numbered = (f"{content}-{number}" for number in itertools.count(2))
    taken = set(in_use)
    return there or next(name for name in itertools.chain([content], numbered) if name not in taken)


def generation(
    files: dict[str, str], venv: str, private: list[str], scripts: list[str]
) -> dict[str, object]:
    """Its files, their digests as llm_health_check_info reports them, and its ID, the hash of all of it."""
    modes = dict.fromkeys(private, 600) | dict.fromkeys(scripts, 755)

    def digest(name: str, text: str) -> str:
        return f"{modes.get(name, 644)} {hashlib.sha256(text.encode()).hexdigest()}"

    digests = {name: digest(name, text) for name, text in sorted(files.items())}
    manifest = "".join(f"{each}  {name}\n" for name, each in digests.items())
    return {
        "id": hashlib.sha256((manifest + venv).encode()).hexdigest()[:12],
        "venv": venv,
        "files": {**files, "manifest": manifest},
        "digests": {**digests, "manifest": digest("manifest", manifest)},
    }


def differing(
    items: list[dict[str, str]], installed: dict[str, str], digests: dict[str, str]
) -> list[dict[str, str]]:
    """Of files and where they are installed, those that are not there as they should be."""
    return [item for item in items if installed[item["value"]] != digests[item["key"]]]


def said(result: dict) -> str:
    """All that a command printed, or else why it could not be run."""
    printed = [result.get(part, "").strip() for part in ("stdout", "stderr")]
    return " ".join(filter(None, printed)) or result.get("msg", "")


def as_time(microseconds: float) -> str:
    """A time for people, in UTC."""
    return datetime.fromtimestamp(microseconds / 1e6, UTC).strftime("%a %Y-%m-%d %H:%M UTC")


def next_run_fits(timers: list[dict], elapses: list[int], delay: int) -> bool:
    """Is the next run of the one timer at a time of the calendar, or that much later on purpose."""
    latest = (delay + _SLACK_SECONDS) * 1_000_000
    return len(timers) == 1 and any(
        0 <= (timers[0].get("next") or 0) - elapse <= latest for elapse in elapses
    )


def doctor_lines(result: dict) -> list[str]:
    """One line per check; where there is no answer, what was printed instead."""
    try:
        lines = []
        for check in json.loads(result.get("stdout") or ""):
            lines.append(f"{check['outcome']:<9}{check['check']}: {check['found']}")
            lines += [f"{'':9}-> {check['remedy']}"] if check["remedy"] else []
    except (ValueError, KeyError, TypeError):
        said = (result.get("stderr") or result.get("msg") or result.get("stdout") or "").strip()
        return [f"failed   doctor: {said[-2000:] or 'no output'}"]
    return lines


class FilterModule:
    """What the role's templates may use."""

    def filters(self) -> dict[str, object]:
        """Names in templates, and what they call."""
        return {
            "healthcheck_venv_name": venv_name,
            "healthcheck_generation": generation,
            "healthcheck_differing": differing,
            "healthcheck_said": said,
            "healthcheck_as_time": as_time,
            "healthcheck_next_run_fits": next_run_fits,
            "healthcheck_doctor_lines": doctor_lines,
        }
