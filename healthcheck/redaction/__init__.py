"""Removes secrets from text that leaves the program."""

from healthcheck.redaction.engine import RULES, redact
from healthcheck.redaction.excerpt import excerpt
from healthcheck.redaction.rule import RedactionRule

__all__ = ["RULES", "RedactionRule", "excerpt", "redact"]
