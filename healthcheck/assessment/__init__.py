"""The AI beside the rules: it explains the findings, and can neither invent nor hide anything."""

from healthcheck.assessment.assess import assess, connection_of
from healthcheck.assessment.client import Connection, look_up
from healthcheck.assessment.prompt import Prompt, build_prompt
from healthcheck.assessment.response import Reply, Unavailable

__all__ = [
    "Connection",
    "Prompt",
    "Reply",
    "Unavailable",
    "assess",
    "build_prompt",
    "connection_of",
    "look_up",
]
