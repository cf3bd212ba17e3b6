"""A benchmark service at work for nine days, told in a few lines; read through the snapshot source.

Times are hours before the end of the window: `Fails(5, 0, NOT_FOUND)` fails from five hours ago on.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from stores import Store

from healthcheck.activity import Activity, Lookback
from healthcheck.diagnosis import Category, Diagnosis, Finding, diagnose, timelines
from healthcheck.sources import snapshot

UNTIL = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)

NOT_FOUND = "NotFoundError: Error code: 404 - {'error': {'message': 'model not found'}}"
RETIRED = (
    "ValidationException: An error occurred (ResourceNotFoundException) when calling the "
    "InvokeModel operation: This model version has reached the end of its life."
)
UNSUPPORTED = (
    "BadRequestError: Error code: 400 - {'error': {'message': \"Unsupported parameter: "
    "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.\", "
    "'type': 'invalid_request_error', 'param': 'max_tokens', 'code': 'unsupported_parameter'}}"
)
NO_MONEY = (
    "RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, "
    "please check your plan and billing details.', 'type': 'insufficient_quota'}}"
)
BAD_KEY = "AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key'}}"
DENIED = (
    "ClientError: An error occurred (AccessDeniedException) when calling the InvokeModel "
    "operation: You don't have access to the model with the specified model ID."
)
BUSY = "InternalServerError: Error code: 503 - {'error': {'message': 'Service unavailable'}}"
TOO_MANY = "RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached'}}"
NO_ROUTE = "APIConnectionError: Connection error: [Errno 111] Connection refused"
TOO_SLOW = "APITimeoutError: Request timed out."
STRANGE = "ValueError: flux capacitor misaligned"


class Fails(NamedTuple):
    """Attempts from `begin` to `end` hours before the end fail, or every nth of them."""

    begin: float
    end: float
    message: str
    every: int = 1
    stage: str = "generate"
    kind: str | None = None


@dataclass
class Scene:
    store: Store = field(default_factory=lambda: Store(until=UNTIL))
    length: timedelta = timedelta(days=1)

    def model(
        self,
        provider: str,
        model: str,
        *fails: Fails,
        every: int = 60,
        begin: float = 9 * 24,
        end: float = 0,
    ) -> "Scene":
        """Attempts every so many minutes, from `begin` to `end` hours before the window's end."""
        step = timedelta(minutes=every)
        at = UNTIL - timedelta(minutes=crc32(f"{provider} {model}".encode()) % every, seconds=7)
        number = 0
        while at > UNTIL - timedelta(hours=begin):
            hours = (UNTIL - at) / timedelta(hours=1)
            if hours >= end:
                number += 1
                self._attempt(provider, model, at, hours, number, fails)
            at -= step
        return self

    def models(self, provider: str, count: int, *fails: Fails, **how) -> "Scene":
        """So many models that all do the same; their messages may name them as {model}."""
        for number in range(count):
            name = f"{provider}-model-{number}"
            its = [fail._replace(message=fail.message.replace("{model}", name)) for fail in fails]
            self.model(provider, name, *its, **how)
        return self

    def others(self) -> "Scene":
        """Enough healthy models elsewhere to compare with."""
        for provider in ("alpha", "beta", "gamma"):
            self.models(provider, 5)
        return self

    def catalog(self, **marked) -> "Scene":
        """List every model that was attempted as enabled."""
        seen = {(d["provider"], d["model_name"]) for d in self.store.errors + self.store.metrics}
        for provider, model in sorted(seen):
            self.store.catalog(provider, model, **marked.get(model.replace("-", "_"), {}))
        return self

    def activity(self, folder: Path) -> Activity:
        self.store.write_snapshot(folder, "bson")  # the quickest to write and to read
        return snapshot.collect(folder, Lookback(UNTIL, self.length))

    def diagnose(self, folder: Path) -> Diagnosis:
        activity = self.activity(folder)
        return diagnose(activity, timelines(activity))

    def _attempt(self, provider, model, at, hours, number, fails) -> None:
        for fail in fails:
            if fail.end <= hours < fail.begin and number % fail.every == 0:
                self.store.error(
                    provider, model, at, fail.message, kind=fail.kind, stage=fail.stage
                )
                return
        self.store.success(provider, model, at)


def told(diagnosis: Diagnosis) -> list[tuple]:
    """The findings as (category, provider, model), in the order of the report."""
    return [(f.category.value, f.provider, f.model) for f in diagnosis.findings]


def only(diagnosis: Diagnosis) -> Finding:
    """The finding, where there is just one."""
    assert len(diagnosis.findings) == 1, told(diagnosis)
    return diagnosis.findings[0]


def of(diagnosis: Diagnosis, category: Category) -> list[Finding]:
    return [finding for finding in diagnosis.findings if finding.category is category]
