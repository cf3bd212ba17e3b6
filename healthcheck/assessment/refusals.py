"""What an error of the AI's side means for the operator, and whether it is worth another try.

Rows: a sign in the other side's words or code, what it means, and what to do about it.
"""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from healthcheck.assessment.response import Unavailable, Usage, known_request_id, said

_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429})
_SERVER = 500
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


class Row(NamedTuple):
    """`sign` is a code of the API or a status; `why` follows the name of the server."""

    sign: str | int
    why: str
    action: str | None = None


_CHECK_PROXY = "Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY."
_ANSWERS = (
    *(
        Row(sign, "has no credit left for this account", "Add credit to the account, or raise its limit.")
        for sign in ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active", 402)
    ),
    Row("mismatched_organization", "does not accept the organization (401)", "Check OPENAI_ORG_ID: it does not belong to OPENAI_API_KEY."),
    Row("mismatched_project", "does not accept the project (401)", "Check OPENAI_PROJECT_ID: it does not belong to OPENAI_API_KEY."),
    Row("unsupported_country_region_territory", "does not serve this country or region (403)", "Send the requests from a supported country, or use another service (OPENAI_BASE_URL)."),
    Row(401, "does not accept the key (401)", "Check OPENAI_API_KEY: it is rejected."),
    Row(403, "denies access (403)", "Check the permissions of OPENAI_API_KEY."),
    *(
        Row(status, f"has neither the Responses API nor Chat Completions at this address ({status})")
        for status in sorted(_NOT_THERE)
    ),
    Row(407, "cannot be reached: the proxy asks for a login (407)", _CHECK_PROXY),
    Row(429, "is rate-limiting us (429)"),
)  # fmt: skip

_CHECK_URL = "; check OPENAI_BASE_URL"
_CONNECTING = (
    Row("CERTIFICATE_VERIFY_FAILED", "its TLS certificate is not accepted", "If a proxy inspects TLS, set SSL_CERT_FILE to the PEM file of its certificate authority."),
    Row("ProxyError", "the proxy does not let the request through", _CHECK_PROXY),
    Row("refused", "connection refused"),
    Row("Name or service not known|nodename nor servname|No address associated|idna", "unknown host name"),
    Row("Temporary failure in name resolution", "the host name cannot be resolved"),
    Row("No route to host|unreachable", "there is no route to it"),
    Row("SSL|TLS", "TLS negotiation failed", "Check https:// or http:// in OPENAI_BASE_URL."),
)  # fmt: skip
_FINAL = _CONNECTING[:2]
"""What another try does not change."""


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
            f"{server} does not serve the model {said(model)} (any more){_behind(words)}",
            f"Set OPENAI_MODEL to a model that {server} serves: {said(model)} is not one.",
            usage,
        )
    signs = (error.code, error.type, status)
    row = next((row for row in _ANSWERS if row.sign in signs), None)
    if row is None:
        row = Row(status, f"answered with an error ({status})")
    passes = status >= _SERVER or (status in _WORTH_ANOTHER_TRY and isinstance(row.sign, int))
    return Unavailable(
        f"{server} {row.why}{_behind(words)}{_CHECK_URL if status in _NOT_THERE else ''}",
        row.action,
        usage,
        retry=passes,
        wait_seconds=_asked_to_wait(error) if passes else None,
    )


def no_connection(error: BaseException, server: str) -> Unavailable:
    """From an error of the connection: the cause in its own words, not the class of the SDK."""
    words, kind = _cause(error), type(error.__cause__).__name__
    rows = [row for row in _CONNECTING if re.search(str(row.sign), f"{kind} {words}")]
    proxy = _proxy(server)
    way = f"{server} cannot be reached{f' through the proxy {proxy}' if proxy else ''}"
    if not rows:
        return Unavailable(f"{way}: {words}", _CHECK_PROXY if proxy else None, retry=True)
    row = rows[0]
    action = row.action or (_CHECK_PROXY if proxy else None)
    return Unavailable(f"{way}: {row.why} ({words})", action, retry=row not in _FINAL)


def no_client(error: Exception) -> Unavailable:
    """The SDK cannot even begin: a file, a proxy or an address that cannot be used."""
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        path = os.environ.get(variable)
        if path and isinstance(error, OSError):
            missing = "" if Path(path).exists() else ": no such file or directory"
            return Unavailable(
                f"{variable} names {path}, which cannot be used as certificates{missing}",
                f"Correct {variable}, or remove it.",
            )
    if getproxies() and not isinstance(error, OSError):
        why = "the proxy cannot be used: its address must be http://HOST:PORT or https://HOST:PORT"
        return Unavailable(why, _CHECK_PROXY)
    return Unavailable(
        f"the connection cannot be set up{_behind(_cause(error))}", "Check OPENAI_BASE_URL."
    )


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


def _behind(words: str) -> str:
    return f": {words.rstrip('.')}" if words else ""


def _proxy(server: str) -> str | None:
    """The host of the proxy that the environment names for it."""
    proxies = getproxies()
    address = proxies.get("https") or proxies.get("http") or proxies.get("all")
    if not address or proxy_bypass(server):
        return None
    with suppress(ValueError):
        return urlsplit(address if "//" in address else f"//{address}").hostname
    return None


def _asked_to_wait(error: Any) -> float | None:
    with suppress(TypeError, ValueError):
        wait = float(error.response.headers.get("retry-after"))
        return wait if wait >= 0 else None
    return None
