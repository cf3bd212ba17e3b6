"""One table of key formats: everything that knows keys knows every row of it."""

import base64
import re
import subprocess

import pytest
from redaction.rows import ROOT

from healthcheck.redaction import redact
from healthcheck.redaction.key_formats import KEY_FORMATS, shell_pattern

SCRIPT = ROOT / "ansible" / "roles" / "healthcheck" / "files" / "llm-health-check-failure"
DRAWN = "7QZ2M9KX4L7W0B3N8R5D1H6P9T2V5C8F3J6G0S4Y7A1E"
STARTS = [(row, start) for row in KEY_FORMATS for start in row.starts]

each_start = pytest.mark.parametrize(("row", "start"), STARTS, ids=[start for _, start in STARTS])


def key_of(row, start):
    """A made-up key: its prefix, and as many drawn characters of its alphabet as it needs."""
    drawn = DRAWN if re.fullmatch(f"[{row.alphabet}]*", DRAWN) else DRAWN.lower()
    drawn = "".join(re.findall(f"[{row.alphabet}]", drawn * 3))
    return start + drawn[: row.least + 8]


def filtered(text):
    """The text as the failure notice's filter leaves it."""
    body = SCRIPT.read_text().split("without_secrets() {", 1)[1].split("\n}\n", 1)[0]
    program = f"without_secrets() {{{body}\n}}\nwithout_secrets"
    run = subprocess.run(
        ["sh", "-c", program], input=text, capture_output=True, text=True, check=True
    )
    assert run.stderr == ""
    return run.stdout


@each_start
def test_a_key_goes_and_its_surroundings_stay(row, start):
    key = key_of(row, start)
    redacted = redact(f"sent {key}, and it was refused")
    assert redacted.startswith("sent [redacted:")
    assert redacted.endswith("], and it was refused")


@each_start
def test_what_a_mask_leaves_of_a_key_goes(row, start):
    key = key_of(row, start)
    masked = f"{key[: len(start) + 4]}****{key[-4:]}"
    redacted = redact(f"sent {masked}, and it was refused")
    assert redacted.endswith("[redacted:masked-key], and it was refused")
    assert key[len(start) : len(start) + 4] not in redacted


@each_start
def test_a_key_in_base64_goes(row, start):
    coded = base64.b64encode(key_of(row, start).encode()).decode()
    redacted = redact(f"sent {coded} and it was refused")
    assert redacted.startswith("sent [redacted:")
    assert redacted.endswith("] and it was refused")


def test_the_failure_notice_filters_by_the_table():
    assert f"-e 's#{shell_pattern()}#\\1[redacted]#g'" in SCRIPT.read_text()


def test_the_failure_notice_lets_no_key_of_the_table_through():
    keys = [key_of(row, start) for row, start in STARTS]
    left = filtered("".join(f"sent {key}, and\n" for key in keys))
    assert left == "sent [redacted], and\n" * len(keys)
