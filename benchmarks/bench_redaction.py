"""How long redaction and classification take on 100 kB of anything, hostile texts among them.

Usage: python benchmarks/bench_redaction.py
"""

import base64
import json
import random
import time

from healthcheck.redaction import redact
from healthcheck.taxonomy import classify

SIZE = 100_000
BOUND = 0.5  # seconds, on an idle machine
CLASSIFY_BOUND = 0.05  # the same; a quadratic rule takes several times as long
SHOWN = 15

REPEATED = [
    "a", " ", "\n", "\\", "*", "sk-", "eyJ.", "eyJhbGciOi.", "password=", "password=$", "password=)",
    "https://", "https://a:", "x://a:", "x://a@", "a@", "a.", "key: ", "api key ", 'token: "',
    "token: 'token: \"", "-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n",
    "Bearer ", "digest response=", "%41", "%25", '\\"', "&amp;", "[redacted:", "[redacted:email]",
    "Cookie: a=b; ", "a=b; ", "AKIA", "bench@x.org ", "password=abc123 ", "key ending in ", "İ",
    "mongosh -p ", "redis-cli ", "http -a x:", "USER a ", "LOGIN a ", "AUTH ", ":5432:a:a:", "$2a$",
    "{'key': '", "keys: {'a': 'b1", "'a': 'FAKE7vQ2mTzKx9Lw', ", "密码: ", "password a1b2c3 ", "\u200b",
    "backup codes: AB12-CD34,", "482913 is your ", "%E5%AF", "\\xe5\\xaf", "&#61;", "\uff53k-", "signature: ",
    '"name": "key", "value": ', "abcd efgh ", "pass={a1;", "&a=", "code A1B2-",
    "eyJrZXki ", "key   ", "key\t", "key | ", "key: |\n ", "keys:\n  a: FAKE7vQ2mTzKx9Lw\n", "_headers=a=b,",
    "FAKE7vQ2mTzKx9LwYbNc from A_KEY ", "  a: FAKE7vQ2mTzKx9LwYbNc\n", "curl -b ", "key='a...(", "Some(",
    "key[:1]=a", "x://a:b@/", "--key\0", "key header ", "netloc='a:", "'auth', args: ['a', ", "Private-Lines: 1\nAAAA ", "Credential('a', ", "\ud800", "aKey=", "<password>", "mysql a -p", "keys=[", "code ", "sk-aB3dE5gH7jK9\n",
    "key rejected ", "bearer a b ", "/reset/", "a:b1c2d3@", "api_key\n  input_value='", "keys={'a', ", "Cookie(", "1) 'a'\n", "://a:b1c2d3", "key</b><b>",
    "session=", "a@b.co:", "FAKE7vQ2mTzKx9LwYbNc4RdWGdyb3FYpXs ", "a_session=FAKE7vQ2mTzKx9LwYbNc4RdW;",
    "PWD=/", "psk=x[", "password=key(", "user,password\n", "| password ", "(a, password) values ('b', 'c1d2e3'), ", "api_keys = {'a': 'b', ",
    "secrets:\n  a: b\n", "echo a | b ", "user a, pass b1c2 ", "'abcdef1' is a b c d ", "credentials a / b1c2d3 ", "password is set to be ",
]  # fmt: skip


def texts() -> dict[str, str]:
    """Return texts of 100 kB by what they are."""
    drawn = random.Random(1)
    keys = [f"{drawn.getrandbits(128):032x}" for _ in range(500)]
    log = "".join(
        f"2026-03-10 08:15:02 ERROR bench.run attempt {number} of provider groq with api_key={key} "
        f"failed: the model is overloaded, please try again in {number} seconds; retried {key[::-1]}\n"
        for number, key in enumerate(keys)
    )
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    words = " ".join("".join(drawn.choices(letters, k=30)) for _ in range(SIZE // 31))
    coded = base64.encodebytes(drawn.randbytes(SIZE)).decode()
    found = {
        "a log with 500 keys": log,
        "the same as JSON": json.dumps(log),
        "the same as JSON in JSON": json.dumps(json.dumps(log)),
        "drawn words": words,
        "drawn lines": words.replace(" ", "\n"),
        "base64 in lines": coded,
        "base64 in lines of a mail": f"Subject: a report\n\n{coded}",
        "base64 in indented lines": coded.replace("\n", "\n  "),
        "base64 as JSON": json.dumps(coded),
        "lines of one width": "\n".join(f"{word} token {word}"[:60] for word in words.split()),
    }
    for part in REPEATED:
        found[repr(part)] = part * (SIZE // len(part) + 1)
    return {name: text[:SIZE] for name, text in found.items()}


def main() -> None:
    """Print the slowest texts of each, and how many take longer than they may."""
    for read, bound in ((redact, BOUND), (classify, CLASSIFY_BOUND)):
        read("a first text, for which patterns are compiled")
        seconds: list[tuple[float, str]] = []
        for name, text in texts().items():
            start = time.process_time()
            read(text)
            seconds.append((time.process_time() - start, name))
        seconds.sort(reverse=True)
        for taken, name in seconds[:SHOWN]:
            print(f"{taken:6.3f} s  {read.__name__}: {name}")
        print(f"{sum(taken > bound for taken, _ in seconds)} of {len(seconds)} above {bound} s")


if __name__ == "__main__":
    main()
