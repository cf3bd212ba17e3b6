"""The commands about known issues: mute and known-issues."""

from datetime import date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

import click

from healthcheck.cli import options
from healthcheck.cli.options import now
from healthcheck.cli.terminal import progress, warn
from healthcheck.errors import SettingsError, UsageError


@click.command()
@click.argument("provider")
@click.argument("model")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Last day the mute applies.",
)
@click.option(
    "--for", "days", type=options.DAYS, metavar="N", help="Days from now on, such as 7, 7d or 36h."
)
@click.option("--reason", metavar="TEXT", help="Reason, shown in known-issues.")
@click.option("--category", metavar="CATEGORY", help="Mute only this category of findings.")
@options.debug
def mute(  # noqa: PLR0913 - one parameter an option
    *,
    provider: str,
    model: str,
    until: datetime | None,
    days: float | None,
    reason: str | None,
    category: str | None,
) -> None:
    """Mute a known issue: its findings no longer count.

    \b
    MODEL may contain wildcards; '*' mutes all findings of the provider.
    llm-health-check mute groq 'llama-3*' --for 30d --reason 'ticket 7'
    """  # noqa: D301 - click wants the character
    from healthcheck.known_issues import append, mute_of
    from healthcheck.report.provider_links import PROVIDER_LINKS

    if not (provider.strip() and model.strip()):
        raise UsageError("PROVIDER and MODEL must not be empty; '*' is every model.")
    if until and days:
        raise UsageError("--until and --for are mutually exclusive.")
    ends = now() + timedelta(days=days) if days else until
    last = ends.date() if ends else None
    if last is not None and last < now().date():
        raise UsageError(f"--until {last} is in the past.")
    which = {"provider": provider, "model": None if model == "*" else model, "category": category}
    entry = mute_of(which | {"until": last, "reason": reason})
    if isinstance(entry, str):
        raise UsageError(f"Nothing was muted: {entry}.")
    path = _file()
    append(path, entry)
    click.echo(f"Muted {entry}{_ending(last)} in {path}.")
    if provider.lower() not in PROVIDER_LINKS and (
        near := get_close_matches(provider.lower(), PROVIDER_LINKS, n=1)
    ):
        warn(f"{provider} is not a known provider. Did you mean {near[0]}?")


@click.command("known-issues")
@options.window
@options.folder
@options.debug
def known_issues(*, days: float, until: str | None, folder: Path | None) -> None:
    """List known issues and the findings that each one hides now."""
    from healthcheck.diagnosis import CATEGORIES
    from healthcheck.pipeline import RunRequest, run_pipeline
    from healthcheck.report.sanitize import sanitized

    path = _file()
    with progress() as on_progress:
        found = run_pipeline(RunRequest(days, until, folder), now(), on_progress)
    for problem in found.known.problems:
        warn(sanitized(problem))
    if not found.known.mutes:
        click.echo(f"No known issues in {path}.")
    for entry in found.known.mutes:
        why = f" ({entry.reason})" if entry.reason else ""
        expired = ", expired" if entry in found.muting.expired else ""
        click.echo(sanitized(f"{entry}{_ending(entry.until)}{expired}{why}"))
        hidden = [muted.finding for muted in found.muting.muted if muted.mute == entry]
        for finding in hidden:
            name = " ".join(part for part in (finding.provider, finding.model) if part)
            what = CATEGORIES[finding.category].word
            click.echo(f"  hides {what}, {sanitized(name)}: {sanitized(finding.evidence)}")
        if not hidden:
            click.echo("  hides nothing now")


def _ending(last: date | None) -> str:
    return f" until {last}" if last else ""


def _file() -> Path:
    from healthcheck.settings import load_settings

    path = load_settings().known_issues
    if path is None:
        raise SettingsError(
            "KNOWN_ISSUES is not set.",
            "Set it to a file, such as known-issues.toml; mute creates it.",
        )
    return path
