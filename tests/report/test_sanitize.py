"""What is quoted of a long message: the words that state what the finding says."""

import pytest

from healthcheck.report.sanitize import sanitized_message, telling
from healthcheck.taxonomy import ErrorKind

FRAMES = "File 'client.py', line 12, in send: return handle(request); " * 12
REASON = "Your organization has used up its prepaid credits. Add a payment method."


@pytest.mark.parametrize("limit", [150, 500])
def test_the_reason_is_quoted_wherever_it_stands(limit):
    quoted = sanitized_message(FRAMES + REASON, cut=False, limit=limit, kind=ErrorKind.BILLING)
    assert quoted == f"…{REASON}"


def test_a_failed_connection_is_quoted_by_what_broke_it():
    text = f"APIConnectionError: Connection error. {FRAMES}ssl.SSLCertVerificationError: certificate has expired"
    quoted = sanitized_message(text, cut=False, limit=150, kind=ErrorKind.NETWORK)
    assert quoted.endswith("certificate has expired")


def test_a_message_that_says_it_at_once_is_quoted_from_its_beginning():
    assert telling(REASON + FRAMES, 100, ErrorKind.BILLING) == REASON + FRAMES


def test_of_a_page_only_its_words_are_quoted():
    page = (
        "InternalServerError: <!DOCTYPE html>\n<!--[if lt IE 7]> <html class='ie6'> <![endif]-->\n<head>"
        "<style>body { color: red }</style><title>api.x.ai | 520: Web server is returning an unknown error"
        "</title></head><body>Ray <b>7</b> 3 < 4</body></html>"
    )
    said = sanitized_message(page, cut=False)
    assert said == (
        "InternalServerError: api.x.ai | 520: Web server is returning an unknown error Ray 7 3 < 4"
    )


def test_one_that_says_it_nowhere_as_well():
    assert telling(FRAMES, 100, ErrorKind.AUTH) == FRAMES


def test_a_secret_before_the_reason_does_not_come_back():
    key = "sk-proj-Zk3vN8qLr5TtYw2XbQp7Mh4Gd9Fs6Jc1"
    text = f"{FRAMES}api_key={key}: {REASON}"
    for limit in range(60, 200, 7):
        quoted = sanitized_message(text, cut=False, limit=limit, kind=ErrorKind.BILLING)
        assert key[-8:] not in quoted
