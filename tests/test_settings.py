"""The settings are what their variables say."""

import pytest

from healthcheck.errors import SettingsError
from healthcheck.settings import SECRETS, Settings, load_settings, settings_from, variables

VALUES = {
    "MONGODB_URI": "mongodb://h.invalid/", "HEARTBEAT_URL": "https://h.invalid/ping",
    "NOTIFY_EMAIL": "a@example.org", "MAIL_FROM": "a@example.org", "MAIL_UNSUBSCRIBE": "a@example.org",
    "OPENAI_DEADLINE": "7", "MSMTP_TIMEOUT": "7",
}  # fmt: skip
"""Of those that do not take any text."""


@pytest.mark.parametrize("variable", variables())
def test_each_variable_sets_its_own_setting_alone(variable, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("ENV_FILE", *variables()):
        monkeypatch.delenv(name, raising=False)
    usual = Settings()
    monkeypatch.setenv(variable, VALUES.get(variable, "other"))
    read = load_settings()
    changed = [
        name
        for name, row in variables().items()
        if getattr(read, row.name) != getattr(usual, row.name)
    ]
    assert changed == [variable]


@pytest.mark.parametrize(
    ("variable", "value", "noun"),
    [
        ("MSMTP_TIMEOUT", "7.5", "a whole number"),
        ("MSMTP_TIMEOUT", "0", "a whole number"),
        ("MSMTP_TIMEOUT", "601", "a whole number"),
        ("OPENAI_DEADLINE", "soon", "a number"),
        ("OPENAI_DEADLINE", "nan", "a number"),
        ("OPENAI_DEADLINE", "inf", "a number"),
    ],
)
def test_a_number_that_cannot_be_used_is_told(variable, value, noun):
    with pytest.raises(SettingsError) as caught:
        settings_from({variable: value, "MONGODB_DB": "a b"})
    problem = f"{variable} must be {noun} greater than 0 and at most 600."
    told = ("MONGODB_DB is not a valid database name.", problem)
    assert str(caught.value) == " ".join(told)


def test_spaces_around_a_value_are_none_of_it():
    assert settings_from({"OPENAI_MODEL": " gpt-4o ", "MSMTP_TIMEOUT": " 7 "}) == Settings(
        openai_model="gpt-4o", msmtp_timeout=7
    )


@pytest.mark.parametrize("variable", sorted(SECRETS))
def test_a_secret_is_not_shown_by_accident(variable):
    value = VALUES.get(variable, "other")
    read = settings_from({variable: value})
    assert value not in f"{read} {read!r} {[getattr(read, variable.lower())]}"
    assert getattr(read, variable.lower()).get_secret_value() == value
