"""The check of the AI: one tiny request, the way that a report asks for its assessment."""

from collections.abc import Iterator
from dataclasses import replace

from healthcheck.doctor.check import Check, failed, ok, warning
from healthcheck.settings import Settings

_NAME = "OpenAI"
_MOST_SECONDS = 15.0


def ai_checks(settings: Settings, *, offline: bool) -> Iterator[Check]:
    """Without a key reports come all the same; with one that does not work it is worth fixing."""
    from healthcheck.assessment import Unavailable, connection_of, look_up  # noqa: PLC0415 - heavy

    connection = connection_of(settings)
    if connection is None:
        yield warning(
            _NAME,
            "OPENAI_API_KEY is not set: reports come without an AI assessment",
            "Set it in the environment or in .env, or run with --no-ai.",
        )
        return
    if offline:
        yield ok(_NAME, f"OPENAI_API_KEY is set, the model is {settings.openai_model}")
        return
    seconds = min(connection.seconds, _MOST_SECONDS)
    outcome = look_up(replace(connection, seconds=seconds))
    if isinstance(outcome, Unavailable):
        remedy = outcome.action or "Check OPENAI_BASE_URL and the network; then try again."
        yield failed(_NAME, outcome.why, remedy)
        return
    yield ok(_NAME, f"key OK, model {settings.openai_model} answers")
