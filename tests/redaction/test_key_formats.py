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


def drawn(row):
    """Drawn characters of the row's alphabet."""
    characters = DRAWN if re.fullmatch(f"[{row.alphabet}]*", DRAWN) else DRAWN.lower()
    return "".join(re.findall(f"[{row.alphabet}]", characters * 3))


def key_of(row, start):
    """A made-up key: its prefix, and as many drawn characters as it needs."""
    return start + drawn(row)[: row.least + 8]


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
# Of each row a prefix, and how much of a key is left behind it where a log cut it: too little for most
# of the rules that know no prefix.
CUT_SHORT = {
    "anthropic-key": ("sk-ant-", 10), "openrouter-key": ("sk-or-", 10),
    "openai-key": ("sk-proj-", 6), "openai-session": ("sess-", 20), "secret-key": ("sk-", 10),
    "aws-access-key": ("AKIA", 10), "aws-session-token": ("IQoJb3JpZ2lu", 8),
    "bedrock-key": ("ABSK", 20), "google-api-key": ("AIza", 12),
    "google-token": ("ya29.", 12), "groq-key": ("gsk_", 8),
    "xai-key": ("xai-", 20), "cerebras-key": ("csk-", 10), "together-key": ("tgp_v1_", 8),
    "fireworks-key": ("fw_", 14), "databricks-token": ("dapi", 16),
    "anyscale-key": ("esecret_", 8), "lambda-key": ("secret_", 20), "runpod-key": ("rpa_", 16),
    "huggingface-token": ("hf_", 12), "nvidia-key": ("nvapi-", 8),
    "perplexity-key": ("pplx-", 20), "replicate-token": ("r8_", 12), "voyage-key": ("pa-", 36),
    "github-token": ("ghp_", 16), "gitlab-token": ("glpat-", 12), "slack-token": ("xoxb-", 10),
    "stripe-key": ("sk_live_", 10), "elevenlabs-key": ("sk_", 16),
    "mail-service-key": ("xkeysib-", 18), "message-service-key": ("key-", 32),
    "package-token": ("npm_", 20), "service-key": ("lsv2_pt_", 16),
    "platform-key": ("pcsk_", 20), "modal-token": ("ak-", 22),
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


def test_a_key_of_each_row_that_was_cut_short_goes_by_its_prefix():
    assert [row.id for row in KEY_FORMATS] == [*CUT_SHORT]
    for row, (start, length) in zip(KEY_FORMATS, CUT_SHORT.values(), strict=True):
        redacted = redact(f"sent {start}{drawn(row)[:length]} and it was refused")
        assert redacted == f"sent [redacted:{row.id}] and it was refused"


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
