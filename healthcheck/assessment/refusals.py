"""What an error of the SDK means for the operator, and whether it is worth another try."""

from contextlib import suppress
from typing import Any

from healthcheck.assessment.envelope import known_request_id, said
from healthcheck.assessment.outcome import Unavailable, Usage

_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429})
_NO_MONEY = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_NO_MODEL = frozenset({"model_not_found", "invalid_model", "model_deprecated"})
_NOT_FOUND = 404
_SERVER = 500

_BY_STATUS = {
    401: ("OpenAI does not accept the key (401)", "Check OPENAI_API_KEY: it is refused."),
    403: ("OpenAI denies access (403)", "Check the permissions of OPENAI_API_KEY."),
    404: ("there is no Responses API at this address (404); check OPENAI_BASE_URL", None),
    429: ("OpenAI limits the rate (429)", None),
}


def refusal_of(error: Any, model: str) -> Unavailable:
    """From an error that has an HTTP status."""
    status = int(error.status_code)
    usage = Usage(request_id=known_request_id(error.request_id))
    if _NO_MONEY & {error.code, error.type}:
        return Unavailable(
            "the OpenAI account has no credit left (insufficient_quota)",
            "Add credit to the OpenAI account, or raise its limit.",
            usage,
        )
    if _NO_MODEL & {error.code, error.type} or _names_the_model(error, status, model):
        return Unavailable(
            f"OpenAI does not serve the model {said(model)} (any more)",
            f"Set OPENAI_MODEL to a model that OpenAI serves: {said(model)} is none.",
            usage,
        )
    why, action = _BY_STATUS.get(status, (f"OpenAI answered with an error ({status})", None))
    if status >= _SERVER or status in _WORTH_ANOTHER_TRY:
        return Unavailable(why, action, usage, retry=True, wait_seconds=_asked_to_wait(error))
    told = "" if status in _BY_STATUS else f": {_words(error)}"
    return Unavailable(f"{why}{told}", action, usage)


def _names_the_model(error: Any, status: int, model: str) -> bool:
    """Gateways have no code for it, but name the model that they do not have."""
    return status == _NOT_FOUND and model in error.message


def _words(error: Any) -> str:
    """The message in the body, where it has the API's form."""
    message = error.body.get("message") if isinstance(error.body, dict) else None
    return said(message if isinstance(message, str) else error.message)


def _asked_to_wait(error: Any) -> float | None:
    with suppress(TypeError, ValueError):
        wait = float(error.response.headers.get("retry-after"))
        return wait if wait >= 0 else None
    return None
