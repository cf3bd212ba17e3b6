"""The benchmark service as it runs since August 2026, for a few models: cadence, retries, giving up.

Times are hours before the end of the window. A fault is met by every attempt while it lasts; what
the queue does after a failure depends on the stored kind, as in the service's own scheduler.
"""

from datetime import timedelta
from functools import partial, wraps
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from scene import UNTIL
from stores import Store

from healthcheck.activity import Activity, Lookback
from healthcheck.diagnosis import Diagnosis, diagnose, timelines
from healthcheck.model_spellings import merge_spellings
from healthcheck.sources import snapshot

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

GIVES_UP_AT_ONCE = ("auth", "hard_model", "hard_capability", "budget_exhausted")
PASSING = ("network", "rate_limit", "timeout", "transient_provider")


class Fault(NamedTuple):
    """What attempts meet from `begin` to `end`; `every` nth of them where not all do."""

    begin: float
    end: float
    message: str
    kind: str = "unknown"
    stage: str = "generate"
    every: int = 1


class Runner(NamedTuple):
    """How often a runner tries, and until when it is alive."""

    minutes: int = 45
    policy: str = "now"
    end: float = 0.0


CLIFFORD = Runner()
BEDROCK = Runner(30, "always")
LEGACY = Runner(180, "always")
RATCHET = Runner(45, "ratchet")


def _later(method):
    """What is asked of a service is done when its store is needed: a module has a hundred of them."""

    @wraps(method)
    def ask(self, *arguments, **named):
        if self._filling:
            return method(self, *arguments, **named)
        self._asked.append(partial(method, self, *arguments, **named))
        return self

    return ask


class Service:
    def __init__(self):
        self._store, self._asked, self._filling = Store(until=UNTIL), [], False

    @property
    def store(self) -> Store:
        """What its models left, with all that was asked for so far."""
        if not self._filling:
            self._filling = True
            while self._asked:
                self._asked.pop(0)()
            self._filling = False
        return self._store

    @_later
    def model(
        self,
        provider: str,
        model: str,
        *faults: Fault,
        runner: Runner = CLIFFORD,
        begin: float = 9 * 24,
        end: float | None = None,
        catalog: dict | None = None,
        **result,
    ) -> "Service":
        """Run a model from `begin` hours before the end on; `catalog` adds to its entry."""
        known = {"created_at": UNTIL - timedelta(days=200), **(catalog or {})}
        self.store.catalog(provider, model, **known)
        stop = UNTIL - (runner.end if end is None else end) * HOUR
        first = crc32(f"{provider} {model}".encode()) % (runner.minutes * 60)
        at, failed, number = UNTIL - begin * HOUR + timedelta(seconds=first), 0, 0
        while at < stop:
            number += 1
            hours = (UNTIL - at) / HOUR
            fault = next(
                (f for f in faults if f.end <= hours < f.begin and number % f.every == 0), None
            )
            if fault is None:
                failed = 0
                self.store.success(provider, model, at, **result)
                at += runner.minutes * MINUTE
                continue
            failed += 1
            self.store.error(provider, model, at, fault.message, kind=fault.kind, stage=fault.stage)
            pause = _pause(runner, fault.kind, failed)
            if pause is None:
                break
            at += pause
        return self

    @_later
    def models(self, provider: str, count: int, *faults: Fault, **how) -> "Service":
        """So many models with the same fate; messages may name them as {model}."""
        for number in range(count):
            name = f"{provider}-{number}"
            its = [f._replace(message=f.message.replace("{model}", name)) for f in faults]
            self.model(provider, name, *its, **how)
        return self

    @_later
    def healthy(self, *providers: str, models: int = 4, **how) -> "Service":
        """Models that always succeed."""
        for provider in providers or ("alpha", "beta", "gamma"):
            self.models(provider, models, **how)
        return self

    @_later
    def more(self, provider: str, model: str, *faults: Fault, **how) -> "Service":
        """The same model again, in another part of the time; the catalog has it already."""
        return self.unlisted(provider, model, *faults, **how)

    @_later
    def unlisted(self, provider: str, model: str, *faults: Fault, **how) -> "Service":
        """Run a model that the catalog does not list (again)."""
        listed = list(self.store.models or ())
        self.model(provider, model, *faults, **how)
        self.store.models = listed
        return self

    @_later
    def again(
        self, runner: Runner, *faults: Fault, provider: str | None = None, begin=24.0, end=None
    ) -> "Service":
        """All models (of a provider) once more, by another runner."""
        for entry in list(self.store.models or ()):
            name, model = entry["provider"], entry["model_id"]
            if provider in (None, name):
                self.unlisted(name, model, *faults, runner=runner, begin=begin, end=end)
        return self

    @_later
    def slower(self, provider: str, count: int, runner: Runner, since: float = 24) -> "Service":
        """Models that run as always, and then by a slow runner."""
        self.models(provider, count, begin=168 if since > 24 else 216, end=since)
        return self.again(runner, provider=provider, begin=since)

    @_later
    def listed(self, provider: str, count: int, **entry) -> "Service":
        """So many entries of the catalog that are not run."""
        for number in range(count):
            self.store.catalog(provider, f"listed-{number}", **entry)
        return self

    @_later
    def promoted(self, provider: str, count: int, hours: float) -> "Service":
        """So many models that were enabled a while ago and not tried yet."""
        at = UNTIL - hours * HOUR
        return self.listed(provider, count, status="probation", promoted_at=at)

    @_later
    def leases(self, message: str, hours: float) -> "Service":
        """One expired lease of each model within a minute, beside its other attempts."""
        for number, entry in enumerate(self.store.models or ()):
            at = UNTIL - hours * HOUR + timedelta(seconds=number)
            self.store.error(
                entry["provider"], entry["model_id"], at, message, kind="timeout", stage="timeout"
            )
        return self

    @_later
    def clock_off(self, provider: str, count: int, hours: int, **how) -> "Service":
        """Models whose runner stores its local time as if it were UTC."""
        begin = len(self.store.metrics)
        self.models(provider, count, **how)
        for document in self.store.metrics[begin:]:
            document["gen_ts"] += hours * HOUR
            document["run_ts"] += hours * HOUR
        return self

    def activity(self, folder: Path) -> Activity:
        self.store.write_snapshot(folder, "bson")  # the quickest to write and to read
        read = snapshot.collect(folder, Lookback(UNTIL, timedelta(days=1)))
        return merge_spellings(read)

    def diagnose(self, folder: Path) -> Diagnosis:
        activity = self.activity(folder)
        return diagnose(activity, timelines(activity))


def _pause(runner: Runner, kind: str, failed: int) -> timedelta | None:
    """Until the next try; None where the job is dead-lettered."""
    if runner.policy == "always":
        return runner.minutes * MINUTE
    if runner.policy == "ratchet":
        minutes = [15] * (0 if kind in (*GIVES_UP_AT_ONCE, "billing") else 1)
    elif kind in GIVES_UP_AT_ONCE:
        minutes = []
    elif kind == "billing":
        minutes = [360] * 19
    elif kind in PASSING:
        minutes = [min(360, 15 * 2**n) for n in range(11)] + [15] * 20
    else:
        minutes = [15]
    return minutes[failed - 1] * MINUTE if failed <= len(minutes) else None
