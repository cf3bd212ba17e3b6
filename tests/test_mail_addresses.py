"""Addresses are plain ones, checked at the start, and can become neither an option nor a header."""

import pytest

from healthcheck import mail_addresses
from healthcheck.errors import SettingsError
from healthcheck.settings import settings_from

WRONG = [
    "ops", "ops@", "@example.org", "ops@@example.org", "ops example.org", "o ps@example.org",
    "ops@exa mple.org", "ops@example.org; b@example.org", "a@b.org b@c.org", "-f@example.org",
    ".a@example.org@", "a..b@example.org", "a.@example.org", "a@.org", "a@b..org", "a@-b.org",
    "Ops <ops@example.org", "Ops <>", "Ops: ops@example.org;", "Ops", "ops@example.org\nBcc: evil@example.org", "ops@example.org\r\nX: y",
    "jürgen@example.org", "ops@exämple.org", '"a b"@example.org', "a@[127.0.0.1]", "a@b.org,\nc@d",
    "x" * 65 + "@example.org", "a@" + "b." * 130 + "org", "ops@example.org\0", ",", " ",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG, ids=ascii)
def test_what_is_no_plain_address_is_refused(text):
    with pytest.raises(ValueError, match="plain ASCII addresses"):
        mail_addresses.recipients(text)


@pytest.mark.parametrize("text", WRONG, ids=ascii)
def test_and_so_it_is_by_the_settings(text):
    with pytest.raises(SettingsError):
        settings_from({"NOTIFY_EMAIL": text})


def test_several_are_separated_by_commas_and_each_counts_once():
    text = "a@example.org,b+tag@sub.example.org , a@example.org,"
    assert mail_addresses.recipients(text) == ("a@example.org", "b+tag@sub.example.org")
    assert settings_from({"NOTIFY_EMAIL": text}).notify_email == (
        "a@example.org", "b+tag@sub.example.org",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Ops Team <ops@example.org>",
        '"Ops, Team" <ops@example.org>',
        "Bereitschaft für alle <ops@example.org>, ops@example.org",
        "<ops@example.org>",
    ],
)
def test_a_name_may_stand_before_an_address_as_the_failure_notice_takes_it(text):
    assert mail_addresses.recipients(text) == ("ops@example.org",)


def test_a_host_of_the_house_needs_no_dot():
    assert mail_addresses.recipients("root@clifford") == ("root@clifford",)


def test_without_a_setting_the_owner_gets_it():
    assert settings_from({}).notify_email == ("david010@gmail.com",)


@pytest.mark.parametrize(
    ("text", "address", "name"),
    [
        ("health@example.org", "health@example.org", ""),
        ("Health <health@example.org>", "health@example.org", "Health"),
        ('"Health, daily" <health@example.org>', "health@example.org", "Health, daily"),
        ("Gesundheit für alle <health@example.org>", "health@example.org", "Gesundheit für alle"),
    ],
)
def test_a_sender_may_have_a_name(text, address, name):
    sender = mail_addresses.sender(text)
    assert (sender.addr_spec, sender.display_name) == (address, name)
    assert settings_from({"MAIL_FROM": text}).mail_from == sender


@pytest.mark.parametrize(
    "text",
    ["", "Health", "a@b.org, c@d.org", "A <a@b.org>\nBcc: evil@example.org", "A <a@>", "a@", "A <a@b.org",
     "A: a@b.org;", "<>", "a@b.org\0"],
    ids=ascii,
)  # fmt: skip
def test_a_sender_is_one_address(text):
    with pytest.raises(ValueError, match="must be one address"):
        mail_addresses.sender(text)
