"""Known issues: findings that somebody has muted, in the TOML file that KNOWN_ISSUES names."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from healthcheck.diagnosis import CATEGORIES, Category, Diagnosis, Finding
from healthcheck.errors import OutputError, SettingsError, UsageError
from healthcheck.files import read_bounded, write_whole

_MOST_BYTES = 1_000_000
_MATCHERS = ("provider", "model", "category")
_EXPECTED: dict[str, tuple[Callable[[Any], Any], str]] = {
    **dict.fromkeys(("provider", "model", "reason"), ("".__add__, "text in quotes")),
    "category": (Category, f"a category ({', '.join(Category)})"),
    "until": (
        lambda day: day.date() if isinstance(day, datetime) else date.fromisoformat(str(day)),
        "a date such as 2026-12-31",
    ),
}
"""Of each key: what makes its value, and what it must be."""


class Mute(NamedTuple):
    """What to be silent about; a field that is None fits everything.

    Names may hold `*` and `?`; case does not matter. `until` is the last day it applies, in UTC.
    """

    provider: str | None = None
    model: str | None = None
    category: Category | None = None
    until: date | None = None
    reason: str | None = None

    @property
    def ending(self) -> str:
        """When it ends, for people."""
        return f"until {self.until}" if self.until else "forever"

    def expired(self, today: date) -> bool:
        """Whether it no longer holds."""
        return self.until is not None and self.until < today

    def fits(self, finding: Finding) -> bool:
        """Whether it is about this finding; one about models leaves wider findings alone."""
        if self.category not in {None, finding.category}:
            return False
        return all(
            # Some names hold brackets, which shells take for sets of characters.
            pattern is None
            or (name and fnmatchcase(name.casefold(), pattern.casefold().replace("[", "[[]")))
            for name, pattern in ((finding.provider, self.provider), (finding.model, self.model))
        )

    def __str__(self) -> str:
        """What it is about, for people."""
        names = " ".join(filter(None, (self.provider, self.model))) or "everything"
        return f"{names} ({CATEGORIES[self.category].word})" if self.category else names


class Muting(NamedTuple):
    """A diagnosis without what is muted, each muted finding with what hides it, and the mutes of no use."""

    diagnosis: Diagnosis
    muted: tuple[tuple[Finding, Mute], ...]
    expired: tuple[Mute, ...]
    unused: tuple[Mute, ...]


class KnownIssues(NamedTuple):
    """The mutes that could be read. `problems` are sentences for the reader of the report."""

    mutes: tuple[Mute, ...] = ()
    problems: tuple[str, ...] = ()


def read(path: Path) -> KnownIssues:
    """Read as much as can be read: a broken file must not stop a report."""
    import tomllib  # noqa: PLC0415 - most installations mute nothing

    try:
        if path.exists() and not path.is_file():  # a device may never end
            what = f"{path} (KNOWN_ISSUES) is not a regular file, so nothing is muted."
            return KnownIssues(problems=(what,))
        parsed = tomllib.loads(read_bounded(path, _MOST_BYTES).decode())
    except FileNotFoundError:
        missing = f"{path} (KNOWN_ISSUES) does not exist, so nothing is muted; `mute` creates it."
        return KnownIssues(problems=(missing,))
    except OSError as error:
        return KnownIssues(problems=(f"{path} cannot be read: {error.strerror}.",))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return KnownIssues(problems=(f"{path} is not valid TOML, so nothing is muted: {error}.",))
    entries = parsed.pop("mute", [])
    problems = [f"{path}: unknown key {key!r}." for key in parsed]
    if not isinstance(entries, list):
        return KnownIssues(problems=(*problems, f"{path}: write [[mute]], not [mute]."))
    mutes = []
    for number, entry in enumerate(entries, start=1):
        parsed_entry = mute_of(entry)
        if isinstance(parsed_entry, Mute):
            mutes.append(parsed_entry)
        else:
            problems.append(f"{path}: entry {number} mutes nothing: {parsed_entry}.")
    return KnownIssues(tuple(mutes), tuple(problems))


def append(path: Path, mute: Mute) -> None:
    """Add an entry; all that stands in the file stays as it is, once each. Raises HealthCheckError.

    A file that cannot be used is left alone: in it the entry would hide nothing.
    """
    there = read(path) if path.exists() else KnownIssues()
    if there.problems:
        raise SettingsError(f"Nothing was muted: {there.problems[0]}")
    if mute in there.mutes:
        return
    for other in there.mutes:
        is_over = other.expired(datetime.now(UTC).date())
        if not is_over and other._replace(until=mute.until, reason=mute.reason) == mute:
            what = f"{path} has an entry for {mute} already, {other.ending}."
            raise UsageError(f"Nothing was muted: {what}", "Change it there.")
    values = {name: getattr(mute, name) for name in (*_MATCHERS, "reason")}
    lines = [f"{name} = {_quoted(value)}" for name, value in values.items() if value is not None]
    if mute.until:
        lines.append(f"until = {mute.until.isoformat()}")
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        text = f"{before}{gap}[[mute]]\n" + "\n".join(lines) + "\n"
        write_whole(path.resolve(), text.encode(), 0o666)  # a link stays one
    except OSError as error:
        remedy = "If the list is deployed, change healthcheck_known_issues and deploy again."
        raise OutputError(f"The known issue cannot be written to {path}", error, remedy) from error


def mute_of(entry: object) -> Mute | str:
    """The entry, or what is wrong with it."""
    if not isinstance(entry, dict):
        return "it is not a table"
    if not any(entry.get(name) for name in _MATCHERS):
        return "it names no provider, model or category (* stands for any)"
    fields = {}
    for name, value in entry.items():
        if name not in _EXPECTED:
            return f"it has an unknown key {name!r}"
        read, expected = _EXPECTED[name]
        # An empty field fits everything; an empty day would be forever.
        if value is not None and (value != "" or name == "until"):
            try:
                fields[name] = read(value)
            except (TypeError, ValueError):
                return f"{name} = {value!r} is not {expected}"
    return Mute(**fields)


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's escapes, and DEL as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def apply_mutes(diagnosis: Diagnosis, mutes: Sequence[Mute], today: date) -> Muting:
    """Take muted findings out of the lists and the status."""
    valid = [mute for mute in mutes if not mute.expired(today)]
    everything = (*diagnosis.findings, *diagnosis.resolved)
    return Muting(
        diagnosis=diagnosis.without(lambda finding: _first(valid, finding) is not None),
        muted=tuple((its, mute) for its in diagnosis.findings if (mute := _first(valid, its))),
        expired=tuple(mute for mute in mutes if mute.expired(today)),
        unused=tuple(mute for mute in valid if not any(map(mute.fits, everything))),
    )


def _first(mutes: Sequence[Mute], finding: Finding) -> Mute | None:
    return next((mute for mute in mutes if mute.fits(finding)), None)
