"""One rule of the table: data, and no code."""

from dataclasses import dataclass

from healthcheck.taxonomy.kinds import ErrorKind


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over the cleaned message (see `evidence`), its kind, and an example that proves it.

    `source` is the public thread or page that the example is from, or "constructed".
    `retired` marks the rules whose message speaks of a model's end of life.
    """

    id: str
    kind: ErrorKind
    pattern: str
    why: str
    example: str
    source: str = "constructed"
    retired: bool = False
