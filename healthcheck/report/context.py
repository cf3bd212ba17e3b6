"""What a report cannot know from its data."""

from dataclasses import dataclass

from healthcheck.report.mongosh import Catalog


@dataclass(frozen=True, slots=True)
class Context:
    """Filled in by whoever asks for the report. `command` reproduces it.

    `known_issues` are remarks on that list. `host` runs the health check, `runner` the benchmark
    service.
    """

    command: str
    catalog: Catalog
    known_issues: tuple[str, ...] = ()
    host: str | None = None
    runner: str | None = None
