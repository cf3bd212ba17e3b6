"""Which failures are of our own making, by what their messages say."""

from datetime import UTC, datetime

import pytest

from healthcheck.activity import Sample, Stage
from healthcheck.diagnosis.causes import INTERNAL_CAUSES, RETRY_PAUSES, internal_cause_of
from healthcheck.taxonomy import ErrorKind

STATED = {
    "own_call": "TypeError: Client.__init__() got an unexpected keyword argument 'proxies'",
    "token_budget": "ValueError: visible output empty: the token budget was exhausted",
    "own_check": "AssertionError: output_tokens 12 not within 25% of requested 64",
    "adapter": "ValueError: Unsupported model_name: gpt-5.9-nano",
    "lease": "lease expired after 900 s",
    "ingest": "RuntimeError: failed to post results to the ingest api: 403",
    "aws_profile": "ProfileNotFound: The config profile (bench) could not be found",
    "host": "OSError: [Errno 24] Too many open files: '/certifi/cacert.pem'",
    "database": "pymongo.errors.BulkWriteError: batch op errors occurred",
}


def stated(message):
    return internal_cause_of(
        Sample(datetime(2026, 8, 4, tzinfo=UTC), message, False, None), Stage.GENERATE
    )


def test_each_has_a_row_in_the_table():
    assert [row.id for row in INTERNAL_CAUSES] == [*STATED]


@pytest.mark.parametrize("row", INTERNAL_CAUSES, ids=lambda row: row.id)
def test_each_cause_is_told_by_a_message(row):
    assert stated(STATED[row.id]) is stated(STATED[row.id].upper()) is row


@pytest.mark.parametrize("message", ["Error code: 404 - model not found", "the tokens are used up"])
def test_what_a_provider_says_is_not_ours(message):
    assert stated(message) is None


def test_what_failed_while_saving_is_ours():
    assert internal_cause_of(None, Stage.INGEST).id == "ingest"


@pytest.mark.parametrize(
    ("kind", "tries", "minutes"),
    [
        (ErrorKind.AUTH, 1, 0), (ErrorKind.HARD_MODEL, 1, 0), (ErrorKind.HARD_CAPABILITY, 1, 0),
        (ErrorKind.UNKNOWN, 2, 15), (ErrorKind.BILLING, 20, 360),
    ],
)  # fmt: skip
def test_the_queue_tries_so_often_and_waits_so_long(kind, tries, minutes):
    assert [*RETRY_PAUSES.get(kind, ())] == [minutes] * (tries - 1)


@pytest.mark.parametrize("kind", ["network", "rate_limit", "timeout", "transient_provider"])
def test_what_may_pass_is_tried_twelve_times_in_two_days_and_twenty_times_more(kind):
    pauses = RETRY_PAUSES[ErrorKind(kind)]
    assert pauses[:6] == (15, 30, 60, 120, 240, 360)
    assert (len(pauses), pauses[10:12]) == (12 - 1 + 20, (360, 15))
    assert sum(pauses) == 48.75 * 60
