"""From a rendered report to what leaves the house."""

from healthcheck.delivery.message import message

__all__ = ["message"]
