"""Passwords that look like words: a name, a quote, a clause or a table tells them."""

import re

import pytest

from healthcheck.redaction import redact


def rest_of(text: str) -> str:
    return re.sub(r"\[redacted:[a-z-]+\]", "#", redact(text))


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        # changes
        ('~ db_password = "autumn" -> "misty hill"', '~ db_password = "#" -> "#"'),
        ('~ db_password = null -> "misty hill"', '~ db_password = null -> "#"'),
        # sentences
        ("tried password 'ladybird' for kim", "tried password '#' for kim"),
        ('opened with passphrase "misty hill road"; bye', 'opened with passphrase "#"; bye'),
        ("your password is: Falcon-Rain-31", "your password is: #"),
        ("Dein Passwort lautet: Distel-Wiese-41", "Dein Passwort lautet: #"),
        ("mot de passe « Tournesol » refusé", "mot de passe « # » refusé"),
        ("CREATE USER kim IDENTIFIED BY 'driftwood';", "CREATE USER kim IDENTIFIED BY '#';"),
        # entries
        ('{"name": "DB_PASSWORD", "value": "Pelican"}', '{"name": "DB_PASSWORD", "value": "#"}'),
        ('{"ParameterKey": "DBPassword", "ParameterValue": "driftwood"}',
         '{"ParameterKey": "DBPassword", "ParameterValue": "#"}'),
        # arguments
        ("run --db-password driftwood --model x", "run --db-password # --model x"),
        ("run --password \\\n  driftwood \\\n  --model x", "run --password \\\n  # \\\n  --model x"),
        ("args:\n  - --password\n  - driftwood\n  - --port", "args:\n  - --password\n  - #\n  - --port"),
        ('["--password", "driftwood", "--port"]', '["--password", "#", "--port"]'),
        ("npm config set //npm.example/:_authToken Rain4!rains2", "npm config set //npm.example/:_authToken #"),
        # values made of the words that name them
        ("POSTGRES_PASSWORD=anothersecretpassword", "POSTGRES_PASSWORD=#"),
        ("serve --password=topsecretwords --port 1", "serve --password=# --port 1"),
        ('{"password": "thedbsecret"}', '{"password": "#"}'),
        ('{"tenantCredential": "secret_tenant_valve"}', '{"tenantCredential": "#"}'),
        # digits, queries, calls, digests
        ("db:\n  password: 48151\n  port: 5432", "db:\n  password: #\n  port: 5432"),
        ("GET /v1?api-key=driftWood HTTP/1.1", "GET /v1?api-key=# HTTP/1.1"),
        ("PDO->__construct('mysql:host=a', 'kim', 'drift42', Array)", "PDO->__construct('mysql:host=a', 'kim', '#', Array)"),
        ('qop=auth, response="9f8e7d6c5b4a39281706f5e4d3c2b1a0"', 'qop=auth, response="#"'),
        ("a.example\tTRUE\t/\tFALSE\t1816427077\tHSID\tdriftwood", "a.example\tTRUE\t/\tFALSE\t1816427077\tHSID\t#"),
        ("Refresh token issued for kim (none) / 17: 9f8e7d6c5b4a3928", "Refresh token issued for kim (none) / 17: #"),
        # marks of full width end a value
        ("password=hunter22，user kim", "password=#，user kim"),
        # encodings, wraps
        ("p\0a\0s\0s\0w\0o\0r\0d\0=\0d\0r\0i\0f\0t\0w\0d\0 end", "p\0a\0s\0s\0w\0o\0r\0d\0=\0# end"),
        ("t=w4gt5Uegl86iT15IP1pZoWRm4iz2qEg43fLYpQS8xf4It\n1GIIO2eKRMA3vYYeSg2&x", "t=#&x"),
    ],
)  # fmt: skip
def test_a_password_of_plain_words_goes(text, rest):
    assert rest_of(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "the password is wrong, the password is required, token limit is 4096",
        "The password is encrypted. The password is too short, the password is invalid",
        'the password "is required" and passphrase "your passphrase"',
        "    if not self.password:\nAttributeError: no attribute",
        "DB_PASSWORD=\nDB_HOST=db1",
        "password:\n  user is missing",
        "InvalidPassword: login failed for user",
        "Password: required for login",
        "PASSWORD=abc python run.py",
        "connect(host, password=db_password, token=access_token)",
        'required: ["password", "access_token"]',
        '{"password_env": "DB_PASSWORD"}',
        "Password: 404, passwords: 1200 found",
        "redis key bench:lock:7f3a1b2c4d5e6f70 expired",
        "GET /v1?token=expired&page_token=abcdefgh HTTP/1.1",
        "unknown option --password\n  --user is needed",
        "use --password instead of --user",
        '["--password", "--user"]',
        '{"required": ["password", "username", "email"]}',
        'raise KeyError("password", "username")',
        'secrets "regcred" not found',
        '~ password = "" -> (known after apply)',
        "password, user\nand then, something",
        "| model | tokens |\n|---|---|\n| a | 128000 |",
        "::set-output name=cache-key::Linux-pip-9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        "key: sg-0a1b2c3d4e5f67890, etag: 9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    ],
)
def test_what_is_said_about_a_password_stays(text):
    assert redact(text) == text
