"""The former names of `sanitize`, for importers that are moving."""

from healthcheck.report.sanitize import sanitized as shown
from healthcheck.report.sanitize import sanitized_message as shown_message

__all__ = ["shown", "shown_message"]
