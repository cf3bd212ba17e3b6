"""The settings are what their variables say."""

import pytest

from healthcheck.settings import Settings, load_settings, variables

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
