"""Who is told, and from whom it comes."""

import re
import subprocess
from io import StringIO

import pytest
from dotenv.main import DotEnv
from hypothesis import given, settings
from hypothesis import strategies as st
from notices import EACH_SHELL, SCRIPT


def recipients(server) -> list[str]:
    return [address for mail in server.received for address in mail.recipients]


@EACH_SHELL
def test_several_recipients_each_get_it(notice, mail_server):
    notice.environment["NOTIFY_EMAIL"] = "one@example.org, Two <two@example.org>,,one@example.org"
    assert notice.run().returncode == 0
    assert recipients(mail_server) == ["one@example.org", "two@example.org"]
    assert {str(mail.parsed()["To"]) for mail in mail_server.received} == {
        "one@example.org, two@example.org"
    }


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("NOTIFY_EMAIL=file@example.org\n", "file@example.org"),
        ("NOTIFY_EMAIL='file@example.org'", "file@example.org"),
        ('NOTIFY_EMAIL="file@example.org"\n', "file@example.org"),
        ("  export NOTIFY_EMAIL = file@example.org  \n", "file@example.org"),
        ("NOTIFY_EMAIL=file@example.org # ops\n", "file@example.org"),
        ("NOTIFY_EMAIL='file@example.org' # ops\n", "file@example.org"),
        ("NOTIFY_EMAIL=file@example.org\r\n", "file@example.org"),
        ("NOTIFY_EMAIL=old@example.org\nNOTIFY_EMAIL=file@example.org\n", "file@example.org"),
        ("#NOTIFY_EMAIL=file@example.org\n; NOTIFY_EMAIL=x@y\n", "deployed@example.org"),
        ("XNOTIFY_EMAIL=x@example.org\nNOTIFY_EMAIL_2=x@example.org", "deployed@example.org"),
        ("NOTIFY_EMAIL=\n", "deployed@example.org"),
        ("A='two\nNOTIFY_EMAIL=inside@example.org\n'\n", "deployed@example.org"),
        ('A="two\\"\nNOTIFY_EMAIL=inside@example.org\n"\nNOTIFY_EMAIL=f@x.org', "f@x.org"),
        ("\ufeffNOTIFY_EMAIL=file@example.org\n", "file@example.org"),
        ("D=example.org\nNOTIFY_EMAIL=file@${D}\n", "file@example.org"),
        ("NOTIFY_EMAIL='file@${D:-example.org}'\n", "file@example.org"),
        ("NOTIFY_EMAIL=${MAIL_DOMAIN}\n", "deployed@example.org"),
        (
            "# BEGIN llm-health-check\nNOTIFY_EMAIL=x@y\n# END llm-health-check\n",
            "deployed@example.org",
        ),
        ("A=it's\nNOTIFY_EMAIL=file@example.org\n", "file@example.org"),
        ("NOTIFY_EMAIL='not closed@example.org\n", "deployed@example.org"),
        ('NOTIFY_EMAIL="\\$\\"file@example.org"\n', "deployed@example.org"),
        ("NOTIFY_EMAIL=$(touch ran)@example.org\n", "deployed@example.org"),
        ("no assignment\n=\n'\n\"\nNOTIFY_EMAIL=file@example.org\n", "file@example.org"),
        (b"A=\xff\xfe\x00\nNOTIFY_EMAIL=file@example.org\n", "file@example.org"),
        ("NOTIFY_EMAIL=O'Brien@example.org\n", "O'Brien@example.org"),
        ("NOTIFY_EMAIL=a*@example.org\n", "a*@example.org"),
    ],
)
def test_read_from_the_environment_file(notice, mail_server, content, expected):
    del notice.environment["NOTIFY_EMAIL"]
    notice.env_file(content)
    assert notice.run().returncode == 0
    assert recipients(mail_server) == [expected]


# What a line may consist of: a byte order mark, quotes, escapes, comments, references.
PIECES = (
    "NOTIFY_EMAIL", "A", "B", "=", "=", "'", '"', "\\", "${A}", "${B:-d}", "${A:x}", "${", "}", "#", " #",
    " ", "\t", "\n", "\n", "\nNOTIFY_EMAIL=", "\r\n", "\r", "export ", "x@y.z", "n", ";", "\ufeff",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_a_file_is_read_as_the_program_reads_it(tmp_path_factory, text):
    (function,) = re.findall(
        r"^value_in\(\) \{\n.*?^\}\n", SCRIPT.read_text(), re.MULTILINE | re.DOTALL
    )
    file = tmp_path_factory.getbasetemp() / "read.env"
    file.write_bytes(text.encode())
    command = [
        "env",
        "-i",
        "PATH=/usr/bin:/bin",
        "LC_ALL=C",
        "sh",
        "-c",
        f'{function}value_in "$@"',
    ]
    done = subprocess.run(
        [*command, "sh", "NOTIFY_EMAIL", file], capture_output=True, text=True, check=True
    )
    program = DotEnv(None, StringIO(text), interpolate=True, override=False).dict()
    assert done.stdout.split() == (program.get("NOTIFY_EMAIL") or "").split()


@EACH_SHELL
def test_the_later_file_and_then_the_environment_win(notice, mail_server):
    first = notice.env_file("NOTIFY_EMAIL=first@example.org\nMAIL_FROM=from@example.org\n")
    second = notice.env_file("NOTIFY_EMAIL=second@example.org\n", name="with space")
    notice.environment["ENVIRONMENT_FILES"] = f"{first}:{second}:/nonexistent:"
    notice.environment["NOTIFY_EMAIL"] = ""
    assert notice.run().returncode == 0
    notice.environment["NOTIFY_EMAIL"] = "environment@example.org"
    assert notice.run().returncode == 0
    assert recipients(mail_server) == ["second@example.org", "environment@example.org"]
    assert {mail.sender for mail in mail_server.received} == {"from@example.org"}


@EACH_SHELL
def test_without_any_file_the_default_of_the_deploy_is_told_and_told_so(notice, mail_server):
    del notice.environment["NOTIFY_EMAIL"]
    assert notice.run().returncode == 0
    (mail,) = mail_server.received
    assert mail.recipients == ("deployed@example.org",)
    assert "NOTIFY_EMAIL is not set, or cannot be read" in mail.parsed().get_content()


@EACH_SHELL
def test_neither_address_is_an_error(notice, mail_server):
    del notice.environment["NOTIFY_EMAIL"], notice.environment["DEFAULT_NOTIFY_EMAIL"]
    done = notice.run()
    assert done.returncode == 78
    assert done.stderr == (
        "llm-health-check-failure: llm-health-check.service failed, and nobody is notified: neither "
        "NOTIFY_EMAIL nor DEFAULT_NOTIFY_EMAIL has an address.\n"
    )
    assert mail_server.received == ()


@pytest.mark.parametrize(
    "address",
    [
        "nobody", "-oQ/tmp@example.org", "--help", "a b@example.org", "a@b@c", "a@exa mple.org",
        "a@example.org\nBcc: evil@example.org", "a@-example.org", "é@example.org", "a@b;c", "@",
        "<>", '"quoted part"@example.org', "a@" + "x" * 300,
    ],
)  # fmt: skip
def test_what_is_no_address_comes_near_nothing(notice, mail_server, address):
    notice.environment["NOTIFY_EMAIL"] = address
    assert notice.run().returncode == 0
    assert recipients(mail_server)[-1] in {"deployed@example.org", "a@example.org"}
    for mail in mail_server.received:
        assert mail.parsed()["Bcc"] is None
        assert "evil" not in str(mail.parsed()["To"])


@pytest.mark.parametrize("given", ["Health <health@example.org>", "health@example.org"])
def test_mail_from_is_honoured(notice, mail_server, given):
    notice.environment["MAIL_FROM"] = given
    assert notice.run().returncode == 0
    (mail,) = mail_server.received
    assert mail.sender == "health@example.org"
    assert str(mail.parsed()["From"]) == "health@example.org"


@EACH_SHELL
def test_a_wrong_mail_from_leaves_it_to_the_account(notice, mail_server):
    notice.environment["MAIL_FROM"] = "no address\nBcc: evil"
    assert notice.run().returncode == 0
    assert mail_server.received[0].sender == "health@clifford.test"
