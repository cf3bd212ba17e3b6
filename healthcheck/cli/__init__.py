"""The command line: options, wiring, exit codes; no logic."""

import gc
import os
import sys
from contextlib import suppress

import click

from healthcheck.cli import state, terminal  # noqa: F401 - state adds its commands
from healthcheck.cli.commands import cli
from healthcheck.errors import UNWRITABLE, HealthCheckError

__all__ = ["cli", "main"]


def main() -> None:
    """Run a command; turn every error into a sentence on stderr and an exit code; end the process."""
    # A short-lived command: looking for garbage at every 700 objects costs an eighth of its time, and
    # finds none.
    gc.set_threshold(1_000_000)
    terminal.prepare_streams()
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = arguments != sys.argv[1:]
    try:
        # https://no-color.org: any value but an empty one; None leaves it to click, which asks
        # whether it prints to a terminal.
        code = cli(
            arguments, standalone_mode=False, color=False if os.environ.get("NO_COLOR") else None
        )
    except click.ClickException as error:
        with suppress(OSError):  # standard error may be closed
            error.show()
        code = error.exit_code
    except click.Abort:
        code = 130  # what shells give for a command that Ctrl-C ended: 128 and the signal's number
        terminal.say("Error: Interrupted.", err=True)
    except SystemExit as ended:
        code = ended.code
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback for the operator
        hint = "" if debug else " Run it again with --debug and report the output."
        bug = f"Unexpected {type(error).__name__}: this is a bug in llm-health-check.{hint}"
        code, sentence = 1, bug
        if isinstance(error, HealthCheckError):
            code, sentence = error.exit_code, str(error)
        elif isinstance(error, OSError) and error.errno in UNWRITABLE:
            # Files have sentences of their own.
            sentence = f"Cannot write to standard output: {error.strerror}."
        if debug:
            sys.excepthook(type(error), error, error.__traceback__)
        terminal.say(f"Error: {sentence}", err=True)
    # Everything is written and closed: taking the interpreter apart would be a tenth of a run.
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(int(code or 0))
