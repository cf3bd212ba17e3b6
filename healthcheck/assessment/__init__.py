"""The AI beside the rules: it explains the findings, and can neither invent nor hide anything."""

from healthcheck.assessment.assess import assess
from healthcheck.assessment.client import look_up, unusable
from healthcheck.assessment.prompt import Prompt, build_prompt
from healthcheck.assessment.response import Unavailable

__all__ = ["Prompt", "Unavailable", "assess", "build_prompt", "look_up", "unusable"]
