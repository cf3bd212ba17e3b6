"""What the operator knows already and does not want to be told of."""

from healthcheck.known_issues.file import KnownIssues, append, read
from healthcheck.known_issues.mute import Mute, MutedFinding, Muting, apply_mutes

__all__ = ["KnownIssues", "Mute", "MutedFinding", "Muting", "append", "apply_mutes", "read"]
