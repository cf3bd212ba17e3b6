"""What the plays tell people."""

import json
from datetime import UTC, datetime

_SLACK_SECONDS = 60  # what systemd itself may be late


def after(items: list, count: int) -> list:
    """All but the first `count`."""
    return items[count:]


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
    """One line a check; where there is no answer, what was said instead."""
    try:
        checks = json.loads(result.get("stdout") or "")
        return [line for check in checks for line in _lines(check)]
    except (ValueError, KeyError, TypeError, AttributeError):
        said = (result.get("stderr") or result.get("msg") or result.get("stdout") or "").strip()
        return [f"failed   doctor: it gave no answer: {said[-2000:] or 'not a word'}"]


def _lines(check: dict) -> list[str]:
    line = f"{check['outcome']:<9}{check['check']}: {check['found']}"
    return [line, f"{'':9}-> {check['remedy']}"] if check["remedy"] else [line]


class FilterModule:
    """What the role's templates may use."""

    def filters(self) -> dict[str, object]:
        """Names in templates, and what they call."""
        return {
            "after": after,
            "as_time": as_time,
            "doctor_lines": doctor_lines,
            "next_run_fits": next_run_fits,
        }
