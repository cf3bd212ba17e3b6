"""What the notice says, whatever the journal, the unit and the host hold."""

import re
from email.utils import parsedate_to_datetime

import pytest
from notices import EACH_SHELL, INVOCATION, SCRIPT, UNIT, text_of

from healthcheck.errors import EXIT_CODES


def sent(notice, server, *arguments) -> str:
    """The text of the one mail that a run sends."""
    done = notice.run(*arguments)
    assert done.returncode == 0, done.stderr
    (mail,) = server.received
    return text_of(mail.parsed())


@EACH_SHELL
def test_a_good_mail(notice, mail_server):
    text = sent(notice, mail_server)
    (received,) = mail_server.received
    mail = received.parsed()
    assert mail.defects == []
    host = mail["Subject"].removeprefix("[CRITICAL] ").removesuffix(f": {UNIT} failed")
    assert re.fullmatch(r"[\w.-]+", host)
    assert text.startswith(f"{UNIT} failed on {host}.\n")
    assert mail["To"] == "operator@example.org"
    assert mail["From"].addresses[0].addr_spec == "health@clifford.test"
    assert parsedate_to_datetime(mail["Date"]).tzinfo
    assert mail["Message-ID"].startswith(f"<failure.{INVOCATION}.")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-LLM-Health-Status"] == "critical"
    assert mail["MIME-Version"] == "1.0"
    assert received.recipients == ("operator@example.org",)
    long_lines = [line for line in received.content.splitlines() if len(line) > 78]
    assert [line.partition(b":")[0] for line in long_lines] in ([], [b"Message-ID"])
    assert b"\r\n" in mail.get_payload(decode=True)
    assert "Result:      exit-code\nExit:        exited, status 1\n" in text
    for line in (
        f"systemctl status {UNIT}",
        f"journalctl -u {UNIT} -n 200",
        "llm-health-check doctor",
        "llm-health-check outbox list",
        "After fixing it, run ansible-playbook run.yml on the control machine or, as root",
        f"    systemctl reset-failed {UNIT}; systemctl start {UNIT}\n",
        "clifford llm-health-check[7]: MongoDB is down.",
    ):
        assert line in text


def test_the_exit_codes_that_it_explains_are_those_of_the_program():
    explained = re.findall(r"^ +exited:(\d{1,2})\)", SCRIPT.read_text(), re.MULTILINE)
    by_hand = {130}  # Ctrl-C
    assert {*map(int, explained)} | by_hand == EXIT_CODES.keys()


@EACH_SHELL
def test_a_meaning_alone_is_told_and_nothing_is_sent(notice, mail_server):
    done = notice.run("--meaning", "exit-code", "exited", "75")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Exit status 75: the report was made and is kept in the outbox")
    assert notice.run("--meaning", "success", "exited", "0").stdout == ""
    assert notice.run("--meaning").stdout == ""
    assert mail_server.received == ()


def test_the_journal_is_that_of_the_invocation_with_what_systemd_says_of_it(notice, mail_server):
    sent(notice, mail_server)
    synced, tries, read = notice.calls_of_journalctl()
    assert synced == "--sync"
    assert tries.endswith(f" --lines=500 _PID=1 UNIT={UNIT}")
    assert read == (
        "--quiet --no-pager --utc --all --output=short-iso --lines=50 "
        f"_SYSTEMD_INVOCATION_ID={INVOCATION} + _PID=1 INVOCATION_ID={INVOCATION}"
    )


@pytest.mark.parametrize("invocation", ["", "x", f"{INVOCATION} --since=1970", "0" * 31])
def test_without_an_invocation_the_unit_s_last_lines(notice, mail_server, invocation):
    notice.environment["MONITOR_INVOCATION_ID"] = invocation
    notice.journal(b"an older line\n", of="unit")
    text = sent(notice, mail_server)
    assert "(No lines of this run were found; these are the unit's last lines.)" in text
    assert "an older line" in text
    assert "Invocation:  unknown" in text


def test_a_journal_that_is_a_moment_behind_is_asked_again(notice, mail_server, tmp_path):
    late = f"[ -e {tmp_path}/asked ] && echo 'this line came late'; : >{tmp_path}/asked"
    notice.program(
        "journalctl", f'#!/bin/sh\ncase "$*" in *_SYSTEMD_INVOCATION_ID=*) {late} ;; esac\n'
    )
    assert sent(notice, mail_server).endswith("\n\nthis line came late\n")


def test_an_invocation_without_lines_falls_back_to_the_unit(notice, mail_server):
    notice.journal(b"")
    notice.journal(b"an older line\n", of="unit")
    assert "an older line" in sent(notice, mail_server)


def test_a_journal_that_cannot_be_read_says_why(notice, mail_server):
    notice.journal(b"")
    text = sent(notice, mail_server)
    assert "(The journal has no lines for it. journalctl says:" in text
    assert "No journal files were opened." in text


@EACH_SHELL
def test_without_journalctl(notice, mail_server):
    notice.without("journalctl")
    assert "(journalctl is missing on this host.)" in sent(notice, mail_server)


def test_a_journalctl_that_hangs(notice, mail_server):
    notice.environment["FAILURE_NOTICE_JOURNAL_TIMEOUT"] = "1"
    notice.program("journalctl", "#!/bin/sh\nexec /bin/sleep 100\n")
    assert "(The journal has no lines for it.)" in sent(notice, mail_server)


@EACH_SHELL
def test_nothing_from_systemd(notice, mail_server):
    for name in [name for name in notice.environment if name.startswith("MONITOR_")]:
        del notice.environment[name]
    notice.journal(b"an older line\n", of="unit")
    text = sent(notice, mail_server)
    assert "Result:      unknown\nExit:        unknown\nInvocation:  unknown\n" in text
    assert "an older line" in text


@pytest.mark.parametrize(
    ("result", "code", "status", "words"),
    [
        ("exit-code", "exited", "1", "the report could not be made"),
        ("exit-code", "exited", "2", "a setting or an option is wrong"),
        ("exit-code", "exited", "75", "kept in the outbox; the mail could not be sent yet"),
        ("exit-code", "exited", "69", "the mail server rejected it permanently"),
        ("exit-code", "exited", "78", "the mail setup is wrong"),
        ("exit-code", "exited", "203", "could not start its program"),
        ("exit-code", "exited", "243", "a file that systemd passes to it"),
        ("exit-code", "exited", "127", "its program is missing or cannot be started"),
        ("exit-code", "exited", "200", "could not enter its working directory"),
        ("exit-code", "exited", "217", "the user it runs as does not exist"),
        ("exit-code", "exited", "226", "could not build its sandbox"),
        ("exit-code", "exited", "238", "its state directory could not be created"),
        ("exit-code", "exited", "228", "systemd could not set it up"),
        ("exit-code", "exited", "42", "not an llm-health-check exit code"),
        ("timeout", "killed", "TERM", "ran longer than TimeoutStartSec="),
        ("oom-kill", "killed", "KILL", "memory ran out"),
        ("resources", "", "", "a file it needs is missing"),
        ("watchdog", "killed", "ABRT", "missed its watchdog deadline"),
        ("protocol", "", "", "did not behave as systemd expects"),
        ("start-limit-hit", "exited", "75", "Every attempt failed"),
        ("start-limit-hit", "exited", "75", "kept in the outbox"),
        ("core-dump", "dumped", "SEGV", "left a core dump"),
        ("signal", "killed", "KILL", "Killed by signal KILL."),
    ],
)
def test_what_the_exit_means_in_words(notice, mail_server, result, code, status, words):
    notice.environment |= {
        "MONITOR_SERVICE_RESULT": result,
        "MONITOR_EXIT_CODE": code,
        "MONITOR_EXIT_STATUS": status,
    }
    assert words in sent(notice, mail_server).partition("Result:")[0]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("/srv/shared/.env", "is missing: /srv/shared/.env. Restore it."),
        ("", "is missing: most likely its .env. Restore it."),
    ],
)
def test_the_file_that_systemd_misses_is_named(notice, mail_server, named, words):
    notice.environment |= {"MONITOR_EXIT_STATUS": "243", "REQUIRED_FILE": named}
    text = sent(notice, mail_server)
    assert words in text
    assert "msmtprc" not in text


def lines_of_systemd(*messages):
    """As journalctl shows them, a quarter of an hour apart."""
    return "".join(
        f"2026-11-24T{8 + number // 4:02}:{number % 4 * 15:02}:00+0000 clifford systemd[1]: {each}\n"
        for number, each in enumerate(messages)
    ).encode()


RESTART = f"{UNIT}: Scheduled restart job, restart counter is at 7."
START = f"Starting {UNIT} - LLM Benchmarks health check: the daily report..."
REFUSED = f"{UNIT}: Start request repeated too quickly."


@EACH_SHELL
@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (
            [START, "x", RESTART, START, RESTART, START, RESTART, REFUSED],
            "3 attempts, first at 2026-11-24T08:00:00+0000; the last one ended like this.",
        ),
        ([START, RESTART, START, "x", START], ""),
        ([START, "x"], ""),
        (
            [RESTART, START, RESTART, START],
            "At least 2 attempts; the last one ended like this.",
        ),
        ([], ""),
    ],
    ids=["used up", "another day's", "once", "the first is not in sight", "no journal"],
)
def test_how_often_it_was_tried(notice, mail_server, messages, words):
    notice.journal(lines_of_systemd(*messages), of="systemd")
    above = sent(notice, mail_server).partition("\nResult:")[0]
    end = "\n" if words else ""
    assert above.endswith(f"the program is damaged: deploy again.\n{words}{end}")


@EACH_SHELL
def test_every_byte(notice, mail_server):
    everything = b"".join(bytes([byte]) for byte in range(256) if byte != ord("\n"))
    notice.journal(b"before\n" + everything + b"\nafter\n")
    text = sent(notice, mail_server)
    line = text.partition("before\n")[2].partition("\nafter")[0]
    assert line.isprintable() or "\t" in line
    assert "?" in line
    assert "!\"#$%&'()*+,-./0123456789" in line


@EACH_SHELL
def test_every_character_of_utf_8_stays(notice, mail_server):
    # Each second byte there is, among them those that some shells use for themselves.
    lines = [
        "".join(map(chr, range(start, start + 64)))
        for start in (0xC0, 0x100, 0x140, 0x4E00, 0x1F600, 0x10FFC0, 0xFFC0)
    ]
    notice.journal("\n".join(lines).encode() + b"\n")
    text = sent(notice, mail_server)
    for line in lines:
        assert line in text


@pytest.mark.parametrize(
    "line",
    [
        b"caf\xe9",  # ISO 8859-1
        b"\xc3",  # a half character
        b"\xed\xa0\x80",  # a surrogate
        b"\xc0\xaf",  # an overlong one
        b"\xe0\x80\x80",
        b"\xf0\x80\x80\x80",
        b"\xf4\x90\x80\x80",  # beyond Unicode
        b"\xf8\x88\x80\x80\x80",
        b"\x80\xbf",
        b"\xff\xfe",
    ],
)
def test_a_line_that_is_no_utf_8_loses_its_bytes_and_the_others_keep_theirs(
    notice, mail_server, line
):
    notice.journal("naïve\n".encode() + line + " and\nçava\n".encode())
    text = sent(notice, mail_server)
    shown = "".join(chr(byte) if byte < 128 else "?" for byte in line)
    assert f"naïve\n{shown} and\nçava\n" in text


@EACH_SHELL
def test_no_control_character_comes_through(notice, mail_server):
    notice.journal(b"\x1b[31mred\x1b[0m \x07\x00\x08 \x7f\r\nFrom nobody\n.\n.dot\n")
    text = sent(notice, mail_server)
    assert "?[31mred?[0m ??? ?\nFrom nobody\n.\n.dot\n" in text


@EACH_SHELL
def test_very_long_lines_are_cut_between_two_characters(notice, mail_server):
    notice.journal(b"a " + "é".encode() * 500_000 + b"\n" + b"x " * 500_000 + b"\n")
    text = sent(notice, mail_server)
    assert "\na " + "é" * 498 + " [cut: 1000002 bytes]\n" in text
    assert " [cut: 1000000 bytes]\n" in text
    assert len(mail_server.received[0].content) < 10_000


@EACH_SHELL
def test_fifty_lines_however_many_journalctl_gives(notice, mail_server):
    notice.journal(b"".join(b"line %d\n" % number for number in range(5000)))
    text = sent(notice, mail_server)
    shown = re.findall(r"^line (\d+)$", text, re.MULTILINE)
    assert shown == [str(number) for number in range(4950, 5000)]


@EACH_SHELL
@pytest.mark.parametrize(
    "unit",
    [
        "a.service\nBcc: evil@example.org",
        "a.service\r\n\r\nbody",
        "$(touch {folder}/ran).service",
        "`touch {folder}/ran`",
        "a'; touch {folder}/ran; '.service",
        "-rf.service",
        "--help",
        "é" * 300,
        b"\xff\xfe\x80".decode(errors="surrogateescape"),
        "=?utf-8?q?hidden?=",
        "%n%s%d",
        "*",
        "a" * 5000,
        "with space.service",
        r"dev-disk-by\x2duuid-a\c.swap",
    ],
)
def test_a_hostile_unit_name_is_only_text(notice, mail_server, unit, tmp_path):
    unit = unit.format(folder=tmp_path) if "{folder}" in unit else unit
    text = sent(notice, mail_server, unit.encode(errors="surrogateescape"))
    (received,) = mail_server.received
    mail = received.parsed()
    assert mail.defects == []
    assert mail["Bcc"] is None
    assert re.fullmatch(r"\[CRITICAL\] \S+: [A-Za-z0-9:_.@\\?-]+ failed", mail["Subject"])
    assert len(mail["Subject"]) < 250
    assert not (tmp_path / "ran").exists()
    pasted = re.search(r"    systemctl status (.*)\n", text)
    assert pasted
    assert re.fullmatch(r"'[A-Za-z0-9:_.@\\?-]*'|[A-Za-z0-9:_.@-]+", pasted[1])
    assert received.recipients == ("operator@example.org",)


@EACH_SHELL
def test_backslashes_of_a_unit_name_stay(notice, mail_server):
    text = sent(notice, mail_server, r"a\x2db\c\n.service")
    assert text.startswith(r"a\x2db\c\n.service failed on ")
    assert r"    systemctl status 'a\x2db\c\n.service'" in text


@EACH_SHELL
@pytest.mark.parametrize(
    "host", ["", "$'cliff\\nBcc: evil@example.org'", "'héllo wörld'", "'=?x?='"]
)
def test_a_hostile_host_name_is_only_text(notice, mail_server, host):
    notice.program("uname", f"#!/bin/bash\nprintf '%s' {host}\n")
    sent(notice, mail_server)
    mail = mail_server.received[0].parsed()
    assert mail.defects == []
    assert mail["Bcc"] is None
    assert re.fullmatch(r"\[CRITICAL\] [A-Za-z0-9:_.@\\? -]+ failed", mail["Subject"])


@pytest.mark.parametrize(
    "secret",
    [
        "mongodb://reader:{}@db.example.org/llm",
        "https://{}@example.org/x",
        "mongodb+srv://u:pa/ss@{}@host",
        "sk-{}",
        "sk-proj-{}",
        "key=gsk_{}",
        "Authorization: Bearer {}",
        "authorization: basic {}",
        "'Authorization': 'Token {}'",
        '{{"api_key": "{}"}}',
        "OPENAI_API_KEY={}",
        "SMTP_PASSWORD='{}'",
        "x-api-key: {}",
        "?access_token={}&x=1",
        "AIza{}",
        "AKIA{}",
        "ghp_{}",
        "https://hc-ping.com/{}",
        "https://hooks.example.org/services/T0/B0/{}",
        "https://hc-ping.com/C4FEBABE-0 cut",
        "https://ping.example.org/C4FEBABE-0a1b-2c3d-4e5f-0123456789ab",
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
    ],
)
def test_the_last_net_for_secrets(notice, mail_server, secret):
    canary = "C4FEBABEC4FEBABEC4FEBABE"
    notice.journal(f"before\nit was {secret.format(canary)} and\nafter\n".encode())
    text = sent(notice, mail_server)
    assert canary[:8] not in text
    assert "[redacted" in text
    assert "before\n" in text
    assert "\nafter\n" in text


@EACH_SHELL
@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("provided: sk-proj-****************abcd. You", "provided: [redacted]. You"),
        ("provided: 1234****************wxyz. You", "provided: [redacted]. You"),
        ("key gsk_abc...wxyz and", "key [redacted] and"),
        ("key sk-ant-api…wxyz and", "key [redacted] and"),
        ("key xai-••••wxyz and", "key [redacted] and"),
        ("provided: [redacted:masked-key]. You", "provided: [redacted:masked-key]. You"),
        ("such as sk-... and sk-***, **bold**", "such as sk-... and sk-***, **bold**"),
    ],
)
def test_what_a_mask_leaves_of_a_key_goes_as_well(notice, mail_server, line, shown):
    notice.journal(line.encode() + b"\n")
    assert f"\n{shown}\n" in sent(notice, mail_server)


@EACH_SHELL
def test_what_is_no_secret_stays(notice, mail_server):
    line = (
        "https://example.org/docs https://platform.example.org/docs/guides/rate-limits-of-all-models "
        "skipping_over_models hf.co/a/b max_tokens=64 host@example.org "
        "token bucket /opt/llm-health-check/venvs/0123456789ab/lib/python3.11/x.py"
    )
    notice.journal(line.encode() + b"\n")
    assert line in sent(notice, mail_server)
