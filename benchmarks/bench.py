"""How fast the check is, and in how much memory: python benchmarks/bench.py [a b c d e f].

Measures the whole command in fresh processes, on stores in a mongod of its own. It prints figures
and what they should be, and asserts nothing: other work on the same machine counts in.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import bench_documents as documents
from bench_command import NotMeasuredError, Run, best_of, with_floor
from bench_documents import Shape
from bench_server import ERRORS, METRICS, fill, indexes_of, mongod, store

_MEGABYTES = 120
_GROWTH = 1.1
_TO_FLOOR = 1.3
_SNAPSHOT_SECONDS = 20
_HELP_SECONDS = 0.15
_UNTIL = f"{documents.UNTIL:%Y-%m-%dT%H:%M:%SZ}"
_RUN = ("run", "--dry-run", "--no-ai", "--until", _UNTIL)


class Figure(NamedTuple):
    """One line of the table; without a target it is told and not judged."""

    name: str
    value: float
    unit: str
    target: float | None = None


@dataclass
class Bench:
    """The folder that everything happens in, and the server where one is needed."""

    folder: Path
    stack: ExitStack
    _uri: str = field(default="", init=False)

    @property
    def uri(self) -> str:
        """Of a server that is started when it is first asked for."""
        if not self._uri:
            place = self.folder / "server"
            place.mkdir()
            self._uri = self.stack.enter_context(mongod(place))
        return self._uri

    def run(self, database: str, times: int) -> tuple[Run, Run]:
        """The best of so many runs on a store, and of its floor."""
        return with_floor(times, _RUN, self.folder, self.uri, database)


def real_day(bench: Bench) -> Iterator[Figure]:
    """250 pairs, 24 attempts each, 5 % of them failed; seven such days before."""
    attempts = 250 * 24 * 8
    with store(bench.uri, "day") as database:
        fill(database, Shape(tokens=64, traceback=True), 8, attempts // 20, attempts * 19 // 20)
        run, floor = bench.run("day", 5)
    yield Figure("a  a real day", run.seconds, "s", round(0.8 / 0.6 * floor.seconds, 2))
    yield Figure("a  a real day, its floor", floor.seconds, "s")
    yield Figure("a  a real day, ratio to the floor", run.seconds / floor.seconds, "x", 1.33)
    yield Figure("a  a real day, CPU of the client", run.cpu, "s", 0.45)
    yield Figure("a  a real day, memory", run.megabytes, "MB", _MEGABYTES)


def large_window(bench: Bench) -> Iterator[Figure]:
    """200 000 errors and 1 000 000 successes in the window."""
    for characters in (300, 3_000):
        with store(bench.uri, "large") as database:
            fill(database, Shape(message_characters=characters), 1, 200_000, 1_000_000)
            run, floor = bench.run("large", 2)
        name = f"b  1 200 000 documents, messages of {characters}"
        yield Figure(name, run.seconds, "s")
        yield Figure(f"{name}, ratio", run.seconds / floor.seconds, "x", _TO_FLOOR)
        yield Figure(f"{name}, memory", run.megabytes, "MB", _MEGABYTES)


def long_history(bench: Bench) -> Iterator[Figure]:
    """The same nine days in a store of 9 and in one of 90 days."""
    seconds = {}
    added = 0
    for days in (9, 90):
        with store(bench.uri, "history") as database:
            shape = Shape(tokens=64, traceback=True)
            fill(database, shape, days, 2_000 * days, 10_000 * days)
            before = indexes_of(database)
            run, _ = bench.run("history", 5)
            seconds[days] = run.seconds
            after = indexes_of(database)
            added += sum(len(set(after[name]) - set(before.get(name, ()))) for name in after)
        yield Figure(f"c  a store of {days} days", seconds[days], "s")
    yield Figure("c  growth from 9 to 90 days", seconds[90] / seconds[9], "x", _GROWTH)
    yield Figure("c  indexes added", added, "", 0)


def snapshot(bench: Bench) -> Iterator[Figure]:
    """A folder with 200 000 errors and 1 000 000 successes, a document a line."""
    folder, shape, rng = bench.folder / "snapshot", Shape(), Random(0)
    folder.mkdir()
    begin, end = documents.UNTIL_MS - 9 * documents.DAY_MS, documents.UNTIL_MS
    with (folder / f"{METRICS}.jsonl").open("w", encoding="utf-8") as lines:
        for number, moment in enumerate(documents.moments(begin, end, 1_000_000)):
            lines.write(documents.success_line(shape, number, moment))
    with (folder / f"{ERRORS}.jsonl").open("w", encoding="utf-8") as lines:
        for number, moment in enumerate(documents.moments(begin, end, 200_000)):
            lines.write(documents.error_line(shape, rng, number, moment))
    run = best_of(1, [*_RUN, "--from", str(folder)], bench.folder)
    yield Figure("d  a snapshot of 1 200 000 documents", run.seconds, "s", _SNAPSHOT_SECONDS)
    yield Figure("d  a snapshot of 1 200 000 documents, memory", run.megabytes, "MB", _MEGABYTES)


def help_page(bench: Bench) -> Iterator[Figure]:
    """What is paid before anything is done."""
    yield Figure("e  --help", best_of(5, ["--help"], bench.folder).seconds, "s", _HELP_SECONDS)


def delivered(bench: Bench) -> Iterator[Figure]:
    """The real day from MongoDB to a mail that the server has taken, with 90 days of history."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from mail_servers import smtp_server, write_msmtprc  # noqa: PLC0415 - its place is known now

    program = shutil.which("msmtp")
    if program is None:
        raise NotMeasuredError("msmtp is missing: apt-get install msmtp")
    attempts = 250 * 24 * 8
    state = bench.folder / "state"
    with store(bench.uri, "day") as database, smtp_server(tls="starttls") as server:
        fill(database, Shape(tokens=64, traceback=True), 8, attempts // 20, attempts * 19 // 20)
        settings = {
            "MSMTP": program,
            "MSMTP_CONFIG": str(write_msmtprc(bench.folder / "msmtprc", server)),
            "STATE_DIRECTORY": str(state),
        }
        send = ("run", "--no-ai", "--until", _UNTIL)
        best_of(1, send, bench.folder, bench.uri, "day", **settings)
        (sent,) = (state / "history").iterdir()
        letter = json.loads(sent.read_bytes())
        for back in range(1, 90):
            made = documents.UNTIL - timedelta(days=back)
            copy = letter | {"made": made.isoformat(), "slot": f"{made:%Y-%m-%d}"}
            (state / "history" / f"{made:%Y-%m-%d}.json").write_text(json.dumps(copy))
        run = best_of(3, send, bench.folder, bench.uri, "day", **settings)
        taken = server.received
    if len(taken) != 4:
        raise NotMeasuredError(f"{len(taken)} of 4 mails arrived")
    yield Figure("f  a real day, until the mail is taken", run.seconds, "s")
    yield Figure("f  a real day, memory", run.megabytes, "MB", _MEGABYTES)
    yield Figure("f  size of its mail", len(taken[-1].content) / 1000, "kB", 102)
    yield Figure("f  what is kept of it", sent.stat().st_size / 1000, "kB")


CASES: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "a": real_day,
    "b": large_window,
    "c": long_history,
    "d": snapshot,
    "e": help_page,
    "f": delivered,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    told = "; ".join(f"{name}: {case.__doc__}" for name, case in CASES.items()).replace("%", "%%")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"{told} All without any.")
    chosen = parser.parse_args().cases or list(CASES)
    if unknown := set(chosen) - set(CASES):
        parser.error(f"there is no case {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()
    try:
        _measure(chosen)
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    print(f"Measured in {time.monotonic() - began:.0f} s.")


def _measure(chosen: list[str]) -> None:
    print(f"{'':<52}{'figure':>12}{'target':>12}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
        bench = Bench(Path(folder), stack)
        for name in chosen:
            try:
                for figure in CASES[name](bench):
                    print(_line(figure), flush=True)
            except NotMeasuredError as error:
                print(f"{name}  not measured: {error}", flush=True)


def _line(figure: Figure) -> str:
    value = f"{figure.value:.{0 if figure.unit in ('', 'MB') else 2}f} {figure.unit}"
    if figure.target is None:
        return f"{figure.name:<52}{value:>12}"
    verdict = "ok" if figure.value <= figure.target else "SHORT"
    return f"{figure.name:<52}{value:>12}{f'{figure.target:g} {figure.unit}':>12}  {verdict}"


if __name__ == "__main__":
    main()
