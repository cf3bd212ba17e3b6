"""One table of key formats: everything that knows keys knows every row of it."""

import base64
import re
import subprocess

from redaction.rows import ROOT

from healthcheck.redaction import redact
from healthcheck.redaction.key_formats import KEY_FORMATS

SCRIPT = ROOT / "ansible" / "roles" / "healthcheck" / "files" / "llm-health-check-failure"
DRAWN = "7QZ2M9KX4L7W0B3N8R5D1H6P9T2V5C8F3J6G0S4Y7A1E"
STARTS = [(row, start) for row in KEY_FORMATS for start in row.starts]


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


KEYS = [(start, key_of(row, start)) for row, start in STARTS]
# How much of a provider's key is left where a log cut it: too little for the rules that know no prefix.
CUT_SHORT = {
    "sk-proj-": 6, "gsk_": 8, "tgp_v1_": 8, "nvapi-": 8, "esecret_": 8, "csk-": 10, "AKIA": 10,
    "AIza": 12, "AQ.Ab8R": 12, "hf_": 12, "r8_": 12, "ya29.": 14, "fw_": 14, "rpa_": 16, "ABSK": 20,
}  # fmt: skip


def wrong(texts):
    """What is left of the texts that are not redacted in one piece, with all around it in place."""
    redacted = [redact(f"sent {text} and it was refused") for text in texts]
    return [
        text
        for text in redacted
        if not (text.startswith("sent [redacted:") and text.endswith("] and it was refused"))
    ]


def test_a_key_goes_and_its_surroundings_stay():
    assert wrong(key for _, key in KEYS) == []


def test_a_key_that_was_cut_short_goes_by_its_prefix():
    assert wrong(start + DRAWN[:length] for start, length in CUT_SHORT.items()) == []


def test_what_a_mask_leaves_of_a_key_goes():
    masked = [f"{key[: len(start) + 4]}****{key[-4:]}" for start, key in KEYS]
    left = [
        text
        for (start, key), mask in zip(KEYS, masked, strict=True)
        if key[len(start) : len(start) + 4] in (text := redact(f"sent {mask}, and it was refused"))
        or not text.endswith("[redacted:masked-key], and it was refused")
    ]
    assert left == []


def test_a_key_in_base64_goes():
    assert wrong(base64.b64encode(key.encode()).decode() for _, key in KEYS) == []


def test_the_failure_notice_lets_no_key_of_the_table_through():
    left = filtered("".join(f"sent {key}, and\n" for _, key in KEYS))
    assert left == "sent [redacted], and\n" * len(KEYS)
