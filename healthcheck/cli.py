"""The command line: options, wiring, exit codes; no logic.

Heavy imports stand inside the commands, so that --help is quick.
"""

import os
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from healthcheck import __version__
from healthcheck.errors import HealthCheckError, OutputError, UsageError
from healthcheck.progress import progress
from healthcheck.span import lookback, parse_days, parse_until

_FAILED = 1

_debug = click.option("--debug", is_flag=True, help="Show the traceback of an error.")
_days = click.option(
    "--days",
    type=float,
    default=1.0,
    metavar="N",
    help="How many days to look back; fractions are allowed, at most 90.  [default: 1]",
)
_until = click.option(
    "--until",
    metavar="TIME",
    help="Where the window ends (exclusive), in ISO 8601, UTC without a zone.  [default: now]",
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 the report was made, however bad its news; 1 it could not be made; "
    "2 usage or settings.",
)
@click.version_option(__version__, prog_name="llm-health-check")
def cli() -> None:
    """Check the health of the LLM benchmark service."""


@cli.command()
@_days
@_until
@click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Read a snapshot folder instead of MongoDB.",
)
@click.option("--sample", is_flag=True, help="Read the packaged sample day; needs no server.")
@click.option("--dry-run", is_flag=True, help="Print the report and send nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write the report to a file instead of standard output.",
)
@click.option("--no-ai", is_flag=True, help="Leave the AI assessment out; there is none yet.")
@_debug
def run(  # noqa: PLR0913 - one parameter an option
    *,
    days: float,
    until: str | None,
    folder: Path | None,
    sample: bool,
    dry_run: bool,
    form: str,
    output: Path | None,
    no_ai: bool,  # noqa: ARG001 - accepted already, so that units can say it today
    debug: bool,  # noqa: ARG001 - read by main()
) -> None:
    """Read the last day, diagnose it, and report.

    \b
    Reads MONGODB_URI and MONGODB_DB from the environment or from .env.
    Try it without a server:  llm-health-check run --sample --dry-run
    """  # noqa: D301 - click wants the character
    if sample and folder:
        raise UsageError("--sample and --from both say where to read; use one of them.")
    if not dry_run:
        raise UsageError("Delivery by mail is not there yet: add --dry-run to print the report.")
    from healthcheck.line import Question, answer
    from healthcheck.report import render_json, render_text

    question = Question(days, until, folder, sample)
    with progress() as say:
        report = answer(question, _now(), say).report(question)
    _write(render_json(report) if form == "json" else render_text(report), output)


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@_days
@_until
@_debug
def export(
    *,
    folder: Path,
    days: float,
    until: str | None,
    debug: bool,  # noqa: ARG001 - read by main()
) -> None:
    """Write a snapshot folder to try things on, messages redacted.

    It holds all that the check reads for a window; no other tool is needed to make it.

    \b
    llm-health-check export DIR && llm-health-check run --from DIR --dry-run
    """  # noqa: D301 - click wants the character
    from healthcheck.settings import load_settings
    from healthcheck.sources.export import export as write_snapshot

    settings = load_settings()
    end = _now() if until is None else parse_until(until)
    with progress() as say:
        write_snapshot(settings, folder, lookback(end, parse_days(days), _now()), progress=say)


@cli.command()
@click.option(
    "--jsonl", is_flag=True, help="Lines are objects with message, http_status, exc_type."
)
@_debug
def classify(
    *,
    jsonl: bool,
    debug: bool,  # noqa: ARG001 - read by main()
) -> None:
    """Tell the kind of error messages, one a line from standard input.

    \b
    Prints a JSON object a line: the kind, the rule that said so, and why.
    echo 'Error code: 404 - no such model' | llm-health-check classify
    """  # noqa: D301 - click wants the character
    from healthcheck.classifying import verdicts

    for line in verdicts(sys.stdin.buffer, jsonl=jsonl):
        click.echo(line)


def main() -> None:
    """Run a command; turn every error into a sentence on stderr and an exit code."""
    _be_printable()
    debug = "--debug" in sys.argv[1:]
    try:
        code = cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        _complain("Aborted.")
        code = _FAILED
    except HealthCheckError as error:
        code = error.exit_code
        _complain(str(error), error if debug else None)
        if isinstance(error, OutputError):
            _forget_stdout()
    except BrokenPipeError:
        # The reader of our output has left, as `head` does; nothing more can be told it.
        _forget_stdout()
        code = _FAILED
    except Exception as error:  # noqa: BLE001 - the last door: no traceback for the operator
        hint = "" if debug else " Run it again with --debug and report what it shows."
        _complain(
            f"Unexpected {type(error).__name__}: this is a bug.{hint}", error if debug else None
        )
        code = _FAILED
    sys.exit(code)


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _write(text: str, output: Path | None) -> None:
    to_stdout = output is None or str(output) == "-"
    try:
        if output is None or to_stdout:
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            output.write_text(text, encoding="utf-8")
    except BrokenPipeError:
        raise
    except OSError as error:
        where = "standard output" if to_stdout else output
        raise OutputError(f"The report cannot be written to {where}: {error.strerror}.") from error


def _complain(sentence: str, error: BaseException | None = None) -> None:
    if error is not None:
        traceback.print_exception(error)
    click.echo(f"Error: {sentence}", err=True)


def _forget_stdout() -> None:
    """What is left in the buffer would fail again when Python flushes it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _be_printable() -> None:
    """A terminal that knows fewer characters gets question marks, not an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., Any] | None = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
