"""A daily health check of an LLM benchmark service: what is broken, since when, what to do."""

__version__ = "1.0.0"
