"""What a report cannot know from its data."""

from typing import NamedTuple


class Context(NamedTuple):
    """Filled in by whoever asks for the report. `command` reproduces it.

    `snapshot` is the folder that was read, if any. The catalog is `collection` of `database`.
    `known_issues` are remarks on that list. `host` runs the health check, `runner` the benchmark service.
    """

    command: str
    snapshot: str | None = None
    database: str = "llm-bench"
    collection: str = "models"
    known_issues: tuple[str, ...] = ()
    host: str | None = None
    runner: str | None = None
