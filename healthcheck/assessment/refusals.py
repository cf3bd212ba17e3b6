"""What an error of the AI's side means for the operator."""

import re
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from healthcheck.assessment.response import Unavailable, Usage, behind, known_request_id, said

_NOT_FOUND = 404
_CLIENT_ERRORS = frozenset({400, _NOT_FOUND, 422})
_NOT_THERE = frozenset({_NOT_FOUND, 405, 501})

_NO_MODEL_CODES = frozenset(
    {"model_not_found", "invalid_model", "model_deprecated", "DeploymentNotFound"}
)
_NO_MODEL = re.compile(
    r"\b(?:model|deployment)\b.{0,80}(?:not found|not exist|not a valid|is invalid|inaccessible)"
    r"|(?:invalid|unknown|no such|unable to access|not a valid) model",
    re.IGNORECASE | re.DOTALL,
)
"""How gateways and clouds, which have codes of their own, name a model that they do not have."""


_CHECK_PROXY = "Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY."
_ADD_CREDIT = "Add credit to the account, or raise its limit."
_ACTIONS: dict[str | int | None, str] = {
    "insufficient_quota": _ADD_CREDIT,
    "billing_hard_limit_reached": _ADD_CREDIT,
    "billing_not_active": _ADD_CREDIT,
    402: _ADD_CREDIT,
    "mismatched_organization": "Check OPENAI_ORG_ID: it does not belong to OPENAI_API_KEY.",
    "mismatched_project": "Check OPENAI_PROJECT_ID: it does not belong to OPENAI_API_KEY.",
    "unsupported_country_region_territory": "Send the requests from a supported country, or use another service (OPENAI_BASE_URL).",
    401: "Check OPENAI_API_KEY: it is rejected.",
    403: "Check the permissions of OPENAI_API_KEY.",
    407: _CHECK_PROXY,
}
"""By a code of the API, or by the status."""


def lacks_the_api(error: Any, model: str) -> bool:
    """Whether the address does not have the Responses API; an unknown model may be a 404 as well."""
    return int(error.status_code) in _NOT_THERE and not _is_about_the_model(error, model)


def refusal_of(error: Any, model: str, server: str) -> Unavailable:
    """From an error that has an HTTP status."""
    status = int(error.status_code)
    usage = Usage(request_id=known_request_id(error.request_id))
    words = said(_text(error))
    if _is_about_the_model(error, model):
        return Unavailable(
            f"{server} does not serve the model {said(model)} (any more){behind(words)}",
            f"Set OPENAI_MODEL to a model that {server} serves: {said(model)} is not one.",
            usage,
        )
    signs = (error.code, error.type, status)
    action = next((_ACTIONS[sign] for sign in signs if sign in _ACTIONS), None)
    what, ending = "answered with an error", ""
    if status in _NOT_THERE:
        what = "has neither the Responses API nor Chat Completions at this address"
        ending = "; check OPENAI_BASE_URL"
    return Unavailable(f"{server} {what} ({status}){behind(words)}{ending}", action, usage)


def no_connection(error: BaseException, server: str) -> Unavailable:
    """From an error of the connection: the cause in its own words, not the class of the SDK."""
    words, proxy = _cause(error), _proxy(server)
    action = _CHECK_PROXY if proxy else None
    if "CERTIFICATE_VERIFY_FAILED" in words:
        action = "If a proxy inspects TLS, set SSL_CERT_FILE to the PEM file of its certificate authority."
    elif "SSL" in words:
        action = "Check https:// or http:// in OPENAI_BASE_URL."
    through = f" through the proxy {proxy}" if proxy else ""
    return Unavailable(f"{server} cannot be reached{through}{behind(words)}", action)


def no_client(error: Exception) -> Unavailable:
    """The SDK cannot even begin: it reads certificates, then takes the addresses of proxies apart."""
    if isinstance(error, OSError):
        return Unavailable(
            f"the certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read{behind(_cause(error))}",
            "Correct SSL_CERT_FILE and SSL_CERT_DIR, or remove them.",
        )
    why = "the proxy cannot be used: its address must be http://HOST:PORT or https://HOST:PORT"
    return Unavailable(why, _CHECK_PROXY)


def _is_about_the_model(error: Any, model: str) -> bool:
    if _NO_MODEL_CODES & {error.code, error.type}:
        return True
    status, message = int(error.status_code), _text(error) or error.message
    return (status == _NOT_FOUND and model in message) or (
        status in _CLIENT_ERRORS and bool(_NO_MODEL.search(message))
    )


def _text(error: Any) -> str:
    """The message in the body, in whatever form; nothing where the body is a web page."""
    told = error.body
    while isinstance(told, dict):
        told = told.get("message") or told.get("error") or told.get("detail")
    is_page = "html" in error.response.headers.get("content-type", "")
    return told if isinstance(told, str) and not is_page else ""


def _cause(error: BaseException) -> str:
    """The innermost words: the SDK's own are "Connection error."."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return said(re.sub(r" \(_ssl\.c:\d+\)", "", str(error))) or type(error).__name__


def _proxy(server: str) -> str | None:
    """The host of the proxy that the environment names for it."""
    proxies = getproxies()
    address = proxies.get("https") or proxies.get("http") or proxies.get("all")
    if not address or proxy_bypass(server):
        return None
    with suppress(ValueError):
        return urlsplit(address if "//" in address else f"//{address}").hostname
    return None
