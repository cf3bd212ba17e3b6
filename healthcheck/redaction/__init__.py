"""Removes secrets from text that leaves the program."""

from healthcheck.redaction.engine import redact
from healthcheck.redaction.excerpt import excerpt
from healthcheck.redaction.rule import RedactionRule
from healthcheck.redaction.rules import RULES

__all__ = ["RULES", "RedactionRule", "excerpt", "redact"]
