"""The shared .env: ours is ours, everything else is kept, and all three readers see one value."""

import re

import pytest
from deploy.host import Image
from deploy.operator_values import ENV, HOME, OWN_ENV, prepare
from deploy.parts import part_of_the_role
from deploy.play import play
from deploy.readers import by_dotenv, by_shell, by_systemd
from deploy.world import CANARY, READER
from hypothesis import example, given, settings
from hypothesis import strategies as st

shared_env = part_of_the_role("module_utils/llm_health_check_env.py")

HOSTILE = [
    b"",
    b"A=1\r\nB=2\r\n\n\nL=\xc3\xa9\xef\xbb\xbf\xc2\x85 latin\nEND=1",  # no last line break
    (
        b"# caf\xc3\xa9\nA='two words' # kept\nexport B=3\n  C = 4 \nA=again\n"
        b"# BEGIN something else\nB=2\n# END something else\nMULTI='one\ntwo'\n"
    ),
]


BLOCK = re.compile(
    rb"\A# BEGIN llm-health-check\b.*?^# END llm-health-check\b[^\n]*\n", re.DOTALL | re.MULTILINE
)


def read(host) -> bytes:
    return bytes.fromhex(host.says(f"od -An -v -tx1 {ENV}").replace("\n", " "))


def put(host, content: bytes) -> None:
    escaped = "".join(f"\\{byte:03o}" for byte in content)
    host.run(f"printf '{escaped}' > {ENV}")


def test_what_is_not_ours_is_kept_byte_for_byte_and_leaves_no_trace_when_we_go(converged, operator):
    host = converged()
    for content in HOSTILE:
        put(host, content)
        play(host, "deploy.yml", "--tags", "healthcheck_env", **operator).succeeded()
        assert BLOCK.sub(b"", read(host)) == content
        assert len(BLOCK.findall(read(host))) == 1
        file = host.infra.file(ENV)
        assert (file.user, file.group, file.mode) == ("benchmark", "benchmark", 0o640)
        assert host.says("ls -A /opt/llm-benchmarks") == ".env"
    again = play(host, "deploy.yml", "--tags", "healthcheck_env", **operator).succeeded()
    assert again.changes == []


@pytest.fixture(scope="module")
def quote():
    """The role's own rule."""
    return part_of_the_role("filter_plugins/healthcheck.py").quote


# What the readers treat differently comes up often.
MEANT = st.sampled_from([*"'\"\\`$#;={}! \t", "${", "$(", "\\\\", " #", "export ", "a", "é", "中"])
VALUES = st.lists(MEANT | st.characters(exclude_categories=["Cs"]), max_size=12).map("".join)


def test_systemd_a_shell_and_dotenv_read_back_what_was_quoted(boot, suite, quote):
    host = boot(Image.blank(suite))

    @settings(max_examples=40, deadline=None)
    @given(st.lists(VALUES, min_size=1, max_size=60))
    @example(
        [
            "",
            " ",
            "'",
            "it's",
            '"',
            "a b",
            "#",
            "a #b",
            "$HOME",
            "`id`",
            "\\",
            "\\n",
            "'$",
            "=",
            "é",
        ]
    )
    def hold(values):
        kept, lines = {}, []
        for number, value in enumerate(values):
            try:
                line = f"K{number}={quote(value)}"
            except ValueError:
                continue
            kept[f"K{number}"] = value
            lines.append(line)
        text = "".join(f"{line}\n" for line in lines)
        for seen in (
            by_systemd(host, text),
            by_shell(text, "dash"),
            by_shell(text, "bash"),
            by_dotenv(text),
        ):
            assert {k: v for k, v in seen.items() if re.fullmatch(r"K\d+", k)} == kept

    hold()


@pytest.mark.parametrize("value", ["two\nlines", "return\r", "${HOME}", "'$it's'", "nul\0"])
def test_a_value_that_not_all_readers_agree_on_is_refused_and_not_shown(quote, value):
    with pytest.raises(ValueError, match=r"\w") as refused:
        quote(value)
    assert value not in str(refused.value)


@pytest.mark.parametrize(
    "value",
    ["sk-proj-aB3_-", "mongodb+srv://u:p%40@h/?a=b&c=d", "it's", "a b", "$5", 'say "x"', "#1"],
)
def test_a_value_that_occurs_in_practice_can_be_held(quote, value):
    assert by_dotenv(f"K={quote(value)}\n") == {"K": value}


def test_a_key_of_the_benchmark_is_never_redefined(converged, the_world):
    host = converged()
    seen = by_systemd(host, host.read(ENV))
    assert seen["MONGODB_URI"] == the_world.writer_uri
    ours = by_systemd(host, host.read(ENV) + host.read(OWN_ENV))
    assert ours["MONGODB_URI"] == the_world.mongodb_uri
    second = host.infra.file(OWN_ENV)
    assert (second.user, second.group, second.mode) == ("root", "root", 0o600)


def test_what_libraries_read_by_themselves_stays_out_of_the_shared_file(converged, the_world):
    host = converged()
    assert "OPENAI_BASE_URL" not in by_systemd(host, host.read(ENV))
    assert by_systemd(host, host.read(OWN_ENV))["OPENAI_BASE_URL"] == the_world.openai.url


def test_what_is_taken_out_of_the_inventory_goes_and_secrets_that_are_not_given_stay(
    converged, operator
):
    host = converged()
    more = {
        "healthcheck_settings": operator["healthcheck_settings"] | {"OPENAI_DEADLINE": 45},
        "healthcheck_secrets": operator["healthcheck_secrets"]
        | {"HEARTBEAT_URL": "http://127.0.0.1:1/c4nary"},
    }
    play(host, **operator | more).succeeded()
    keys = {"OPENAI_API_KEY", "HEARTBEAT_URL"}
    assert keys | {"OPENAI_DEADLINE"} <= by_systemd(host, host.read(ENV)).keys()
    before = by_systemd(host, host.read(OWN_ENV))
    carried = play(host, **operator | {"healthcheck_secrets": {"OPENAI_API_KEY": None}}).succeeded()
    assert "not given this time: HEARTBEAT_URL, MONGODB_URI, OPENAI_API_KEY" in " ".join(
        carried.output.split()
    )
    shared, own = by_systemd(host, host.read(ENV)), by_systemd(host, host.read(OWN_ENV))
    assert "OPENAI_DEADLINE" not in shared.keys() | own.keys()
    assert {name: own[name] for name in keys} == {name: before[name] for name in keys}
    emptied = operator | {"healthcheck_secrets": {"HEARTBEAT_URL": "", "OPENAI_API_KEY": None}}
    play(host, **emptied).succeeded()
    shared, own = by_systemd(host, host.read(ENV)), by_systemd(host, host.read(OWN_ENV))
    assert "HEARTBEAT_URL" not in shared.keys() | own.keys()
    assert own["OPENAI_API_KEY"] == shared["OPENAI_API_KEY"] == before["OPENAI_API_KEY"]
    assert play(host, **emptied).succeeded().changes == []


def test_a_key_of_ours_that_the_benchmark_comes_to_define_stays_ours(converged, operator):
    host = converged()
    ours = by_systemd(host, host.read(OWN_ENV))["OPENAI_API_KEY"]
    put(host, read(host) + b"OPENAI_API_KEY=theirs\n")
    without = operator | {"healthcheck_secrets": {}}
    play(host, **without).succeeded()
    assert by_systemd(host, host.read(ENV))["OPENAI_API_KEY"] == "theirs"
    assert by_systemd(host, host.read(OWN_ENV))["OPENAI_API_KEY"] == ours
    assert play(host, **without).succeeded().changes == []


def test_what_a_deploy_that_died_has_left_of_secrets_is_removed(converged, operator):
    host = converged()
    left = "/opt/llm-benchmarks/.llm-health-check-abc123"
    host.run(f"touch -d '5 minutes ago' {left}")
    play(host, "deploy.yml", "--tags", "healthcheck_env", **operator).succeeded()
    assert not host.infra.file(left).exists
    host.run(f"touch -d '5 minutes ago' {left}")
    play(host, "uninstall.yml", **operator).succeeded()
    assert not host.infra.file(left).exists


def test_another_shared_file_takes_our_block_along(converged, operator):
    host = converged()
    theirs = b"BENCHMARK_WORKERS=8\n"
    host.write("/srv/benchmarks/.env", theirs.decode())
    ours = shared_env.lines_by_name(shared_env.SharedEnv(read(host)).block)
    assert ours
    moved = operator | {"healthcheck_env_file": "/srv/benchmarks/.env", "healthcheck_secrets": {}}
    before = BLOCK.sub(b"", read(host))
    play(host, **moved).succeeded()
    assert read(host) == before
    moved_here = shared_env.SharedEnv(host.read("/srv/benchmarks/.env").encode())
    assert moved_here.foreign == theirs
    assert ours.items() <= shared_env.lines_by_name(moved_here.block).items()
    assert host.run("llm-health-check doctor --offline", check=False).returncode == 0
    assert play(host, **moved).succeeded().changes == []
    play(host, "uninstall.yml", **operator).succeeded()
    assert read(host) == before
    assert host.read("/srv/benchmarks/.env").encode() == theirs


UNUSABLE = {
    "printf '\\357\\273\\277A=1\\n' > {env}": "byte order mark",
    "printf 'A=1\\n' | iconv -t UTF-16 > {env}": "UTF-16",
    "printf 'A=\\351\\n' > {env}": "byte 3 is not UTF-8",
    "mkfifo {env}": "not a regular file",
    "echo A=1 > {env}; ln {env} {env}.other": "hard links",
    "head -c 1100000 /dev/zero | tr '\\0' '#' > {env}": "larger than 1 MB",
    "printf '# BEGIN llm-health-check\\nA=1\\n' > {env}": "must each occur once",
    "mkdir {env}": "not a regular file",
}


def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(converged, operator):
    host = converged()
    aliases = {}
    for number, (make, _) in enumerate(UNUSABLE.items()):
        path = f"/srv/unusable-{number}/.env"
        host.run(f"mkdir -p $(dirname {path}); {make.format(env=path)}")
        aliases[f"case-{number}"] = {"healthcheck_env_file": path}
    aliases["slash"] = {"healthcheck_env_file": f"{ENV}/"}
    old = read(host)
    refused = play(host, aliases=aliases, **operator).failed()
    assert refused.changes == []
    for alias, told in zip(aliases, [*UNUSABLE.values(), "does not end with a slash"], strict=True):
        assert refused.recap[alias]["failed"] == 1
        said = " ".join(
            refused.output.partition(f"fatal: [{alias}]")[2].partition("fatal: [")[0].split()
        )
        assert told in said, (alias, said)
    assert "Traceback" not in refused.output
    assert read(host) == old


def test_a_new_file_belongs_to_root_alone(converged, operator):
    host = converged()
    host.run(f"rm {ENV}")
    made = play(
        host, "deploy.yml", "--tags", "healthcheck_env,healthcheck_verify", **operator
    ).succeeded()
    assert f"ACTION REQUIRED: {ENV} was missing" in " ".join(made.output.split())
    file = host.infra.file(ENV)
    assert (file.user, file.group, file.mode) == ("root", "root", 0o600)


WRONG = {
    "a variable that is misspelled": {"healthcheck_shedule": "*-*-* 09:00:00 UTC"},
    "a setting that is misspelled": {
        "healthcheck_settings": {"NOTIFY_EMIAL": "c4nary@example.test"}
    },
    "a secret that is misspelled": {"healthcheck_secrets": {"OPENAI_API_KYE": "c4nary"}},
    "a schedule that is none": {"healthcheck_schedule": "every morning"},
    "no number of generations": {"healthcheck_keep_generations": "many"},
    "no generation to keep": {"healthcheck_keep_generations": 0},
    "a variable that has another name now": {"healthcheck_keep_releases": 3},
    "a variable that is internal": {"__healthcheck_home": "/x"},
    "a memory that is two lines": {"healthcheck_memory_max": "1G\n"},
    "settings in one line": {"healthcheck_settings": "NOTIFY_EMAIL=c4nary@example.test"},
    "a time that is none": {"healthcheck_settings": {"OPENAI_DEADLINE": "soon"}},
    "a port that is none": {"healthcheck_smtp_port": 70000},
    "a port where TLS comes first": {"healthcheck_smtp_port": 465},
    "an address that the notice of a failure would not take": {
        "healthcheck_notify_email": "ö@example.test"
    },
    "nobody to be told": {"healthcheck_notify_email": ""},
    "a known issue of everything": {"healthcheck_known_issues": [{"reason": "x"}]},
    "a known issue until some day": {
        "healthcheck_known_issues": [{"provider": "x", "until": "next week"}]
    },
    "a known issue of a strange category": {
        "healthcheck_known_issues": [{"category": "broken_model"}]
    },
    "a setting that is no name": {"healthcheck_settings": {"not a name": "x"}},
    "a setting that the role makes": {"healthcheck_settings": {"STATE_DIRECTORY": "/x"}},
    "a value of two lines": {"healthcheck_secrets": {"OPENAI_API_KEY": "c4nary-two\nlines"}},
    "a value that would be expanded": {"healthcheck_secrets": {"OPENAI_API_KEY": "c4nary-${HOME}"}},
    "a login without a password": {"healthcheck_smtp_password": ""},
    "a recipient that is no address": {"healthcheck_settings": {"NOTIFY_EMAIL": "c4nary.test"}},
    "a sender that is no address": {"healthcheck_settings": {"MAIL_FROM": "c4nary.test"}},
    "TLS of another kind": {"healthcheck_smtp_tls": "perhaps"},
    "settings that are no dictionary": {"healthcheck_settings": ["A=1"]},
    "an environment file that is no absolute path": {"healthcheck_env_file": ".env"},
}


def test_wrong_variables_are_refused_before_anything_changes(boot, operator, the_world):
    host = boot(Image.blank("bookworm"))
    prepare(host, the_world)
    # One host under the name of each slip, all in one run.
    aliases = {what.replace(" ", "-"): wrong for what, wrong in WRONG.items()}
    refused = play(host, aliases=aliases, **operator).failed()
    assert refused.changes == []
    assert {name: counts["failed"] for name, counts in refused.recap.items()} == dict.fromkeys(
        aliases, 1
    )
    said = re.findall(
        r"^(?:fatal|failed): \[(.+?)\].*\n((?: .*\n|\n)*)", refused.output, re.MULTILINE
    )
    for name, wrong in aliases.items():
        told = "".join(text for alias, text in said if alias == name)
        assert next(iter(wrong)) in told, (name, refused.output)
    assert CANARY not in refused.output
    assert "Traceback" not in refused.output
    assert not host.infra.file(HOME).exists


def test_values_as_the_program_reads_them_are_taken(converged, operator):
    host = converged()
    values = {
        "NOTIFY_EMAIL": f" {READER} , second@example.test,",
        "MAIL_FROM": "Health of clifford <clifford@example.test>",
        "OPENAI_DEADLINE": "45.5",
        "MSMTP_TIMEOUT": "20",
    }
    given = operator | {"healthcheck_settings": operator["healthcheck_settings"] | values}
    play(host, **given).succeeded()
    for path in (ENV, OWN_ENV):
        seen = by_systemd(host, host.read(path))
        assert {name: seen[name] for name in values} == values
    assert host.run("llm-health-check doctor --offline", check=False).returncode == 0


def test_a_slip_in_a_name_is_told_with_the_name_that_is_meant(converged, operator):
    host = converged()
    slips = operator | {"healthcheck_settings": {"NOTIFY_EMIAL": "c4nary@example.test"}}
    refused = play(host, "deploy.yml", "-e", "healthcheck_shedule=daily", **slips)
    refused.failed(
        "healthcheck_shedule is not a variable of the role: did you mean healthcheck_schedule?"
    )
    refused = play(host, "deploy.yml", **slips).failed("NOTIFY_EMIAL (did you mean NOTIFY_EMAIL?)")
    assert refused.changes == []
    assert CANARY not in refused.output


def test_a_variable_that_only_shares_our_prefix_is_none_of_our_business(converged, operator):
    others = {"healthcheck_interval": 5, "healthcheck_port": 80}
    assert play(converged(), **operator | others).succeeded().changes == []


def test_what_a_play_before_has_registered_is_no_slip(converged, operator):
    host = converged()
    both = play(host, "status.yml", "deploy.yml", **operator).succeeded()
    assert both.changes == []
    assert "DEPRECAT" not in both.output
