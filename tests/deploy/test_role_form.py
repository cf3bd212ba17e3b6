"""The role's form: what it documents is what it does; `make lint` has the linters of the field."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from deploy.machine import REPOSITORY
from deploy.parts import ROLE, part_of_the_role
from mail_servers.fixtures import required_program

from healthcheck.errors import SettingsError
from healthcheck.settings import settings_from

ANSIBLE = REPOSITORY / "ansible"
PROGRAMS = Path(sys.executable).parent


@pytest.fixture
def call(tmp_path):
    """Runs a program of the test environment in ansible/."""

    def call(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(PROGRAMS / command[0]), *command[1:]],
            cwd=ANSIBLE,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ
            | {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "HOME": str(tmp_path), "NO_COLOR": "1"},
        )

    return call


def documented() -> dict[str, dict]:
    """The variables of all entry points."""
    specifications = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())[
        "argument_specs"
    ]
    return {k: v for entry in specifications.values() for k, v in entry["options"].items()}


def defaults() -> dict:
    return yaml.safe_load((ROLE / "defaults/main.yml").read_text())


def variables() -> dict:
    found: dict = {}
    for file in (ROLE / "vars/main").glob("*.yml"):
        found |= yaml.safe_load(file.read_text())
    return found


@pytest.fixture
def rule():
    """Loads one of the role's own filters."""

    def rule(name: str):
        return getattr(part_of_the_role("filter_plugins/healthcheck.py"), name)

    return rule


def test_the_documented_variables_are_the_defaults():
    told = {name: option["default"] for name, option in documented().items() if "default" in option}
    assert told == defaults()


def test_every_variable_is_described_and_typed():
    for name, option in documented().items():
        assert option.get("description"), name
        assert option.get("type"), name
        assert name.startswith("healthcheck_"), name


def test_every_variable_that_is_used_is_documented_and_every_other_one_is_gone():
    folders = (ROLE / "tasks", ROLE / "vars/main", ANSIBLE / "templates")
    text = "".join(file.read_text() for folder in folders for file in folder.iterdir())
    filters = part_of_the_role("filter_plugins/healthcheck.py").FilterModule().filters()
    tasks = yaml.safe_load((ROLE / "tasks/main.yml").read_text())
    others = {*filters, *variables()["__healthcheck_former_names"]}
    others |= {tag for task in tasks for tag in task["tags"]}
    assert set(re.findall(r"\bhealthcheck_\w+\b(?!\*)", text)) - others == documented().keys()


WITHOUT_EFFECT = {"status": {"healthcheck_verify_fatal"}, "uninstall": {"healthcheck_schedule"}}
"""Tasks that several entry points share ask for them; these two neither deploy nor schedule."""


@pytest.mark.parametrize("entry", ["main", "status", "run", "rollback", "uninstall"])
def test_an_entry_point_documents_what_its_tasks_use(entry):
    specs = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]
    files, text = [f"{entry}.yml"], ""
    for file in files:
        text += (its := (ROLE / "tasks" / file).read_text())
        files += {*re.findall(r"(?:import|include)_tasks: (\S+)", its)} - {*files}
    used = documented().keys() & re.findall(r"\bhealthcheck_\w+", text)
    assert used - WITHOUT_EFFECT.get(entry, set()) <= specs[entry]["options"].keys()


def test_what_the_role_sets_itself_cannot_be_given():
    templates = ANSIBLE / "templates"
    exports = re.findall(r"^export (.+)", (templates / "run.j2").read_text(), re.MULTILINE)
    made = {name for line in exports for name in re.findall(r"\b([A-Z_]+)=", line)}
    unit = (templates / "llm-health-check.service.j2").read_text()
    made |= {"STATE_DIRECTORY"} if "StateDirectory=" in unit else set()
    assert set(variables()["__healthcheck_made_by_the_role"]) == made


def test_the_role_can_be_read_with_ansible_doc(call):
    shown = call("ansible-doc", "-t", "role", "-r", "roles", "--json", "healthcheck")
    assert shown.returncode == 0, shown.stderr
    entries = json.loads(shown.stdout)["healthcheck"]["entry_points"].values()
    assert {name for entry in entries for name in entry["options"]} == documented().keys()


@pytest.mark.parametrize("playbook", ["deploy", "status", "run", "rollback", "uninstall"])
def test_every_playbook_is_understood(call, playbook):
    checked = call("ansible-playbook", "--syntax-check", f"{playbook}.yml")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_what_else_may_be_given_is_documented_and_what_the_failure_notice_reads():
    others = (
        variables()["__healthcheck_library_settings"] + variables()["__healthcheck_notice_settings"]
    )
    page = (REPOSITORY / "docs" / "configuration.md").read_text()
    assert set(
        re.findall(r"`([A-Z_]+|[a-z]+_proxy)`", page.partition("## Other variables")[2])
    ) == set(others)
    script = (ROLE / "files" / "llm-health-check-failure").read_text()
    assert set(re.findall(r"\$\{(FAILURE_NOTICE_\w+)", script)) <= set(others)


def test_what_the_tasks_register_is_listed():
    text = "".join(file.read_text() for file in (ROLE / "tasks").glob("*.yml"))
    registered = set(re.findall(r"^ +register: (\w+)$", text, re.MULTILINE))
    for facts in re.findall(r"set_fact:\n((?: {4,}.*\n)+)", text):
        registered.update(re.findall(r"^ {4}(\w+):", facts, re.MULTILINE))
    assert registered == set(variables()["__healthcheck_registered"])


def test_what_is_internal_says_so_by_its_name():
    assert [name for name in variables() if not name.startswith("__healthcheck_")] == []
    assert not set(variables()) & {*documented(), *defaults()}


def test_a_former_name_has_a_new_one():
    former = variables()["__healthcheck_former_names"]
    assert set(former.values()) <= documented().keys()
    assert not former.keys() & documented().keys()


def test_shellcheck_has_no_objection_to_its_scripts():
    shellcheck = required_program("shellcheck", package="shellcheck")
    scripts = [
        file for file in (ROLE / "files").iterdir() if file.read_text().startswith("#!/bin/sh")
    ]
    assert scripts
    done = subprocess.run([shellcheck, *scripts], capture_output=True, text=True, check=False)
    assert not done.stdout


def test_every_tag_has_the_prefix_of_the_role():
    tasks = yaml.safe_load((ROLE / "tasks/main.yml").read_text())
    tags = {tag for task in tasks for tag in task["tags"]}
    assert all(tag.startswith("healthcheck_") for tag in tags)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("NOTIFY_EMIAL", "NOTIFY_EMIAL (did you mean NOTIFY_EMAIL?)"),
        ("notify_email", "notify_email (did you mean NOTIFY_EMAIL?)"),
        ("MONGO_URI", "MONGO_URI (did you mean MONGODB_URI?)"),
        ("http_Proxy", "http_Proxy (did you mean HTTP_PROXY?)"),
        ("XYZ", "XYZ"),
    ],
)
def test_a_setting_that_is_not_known_comes_with_the_one_that_is_meant(rule, name, told):
    internal = variables()
    known = [
        name
        for part in ("program", "library", "notice")
        for name in internal[f"__healthcheck_{part}_settings"]
    ]
    assert rule("unknown_settings")([name, *known], known) == [told]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("healthcheck_shedule", "healthcheck_schedule"),
        ("healthcheck_smtp_pasword", "healthcheck_smtp_password"),
        ("healthcheck_secret", "healthcheck_secrets"),
        ("healthcheck_uninstal_data", "healthcheck_uninstall_data"),
        ("healthcheck_keep_releases", "healthcheck_keep_generations"),
        ("healthcheck_interval", None),
        ("healthcheck_host", None),
        ("healthcheck_url", None),
        ("healthcheck_timeout", None),
    ],
)
def test_a_variable_is_refused_where_it_is_near_to_one_of_ours_or_was_one(rule, name, meant):
    former = variables()["__healthcheck_former_names"]
    found = rule("misspelled_variables")([name, *documented()], [*documented()], former)
    assert [told.split()[0] for told in found] == ([name] if meant else [])
    assert not meant or meant in found[0]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("NOTIFY_EMAIL", "ops@example.test"),
        ("NOTIFY_EMAIL", " a@example.test , b@example.test,"),
        ("NOTIFY_EMAIL", "root@localhost"),
        ("NOTIFY_EMAIL", "ops-example.test"),
        ("NOTIFY_EMAIL", "a@example.test; b@example.test"),
        ("NOTIFY_EMAIL", "Ops <ops@example.test>"),
        ("NOTIFY_EMAIL", " , ,"),
        ("NOTIFY_EMAIL", ""),
        ("NOTIFY_EMAIL", 7),
        ("MAIL_FROM", "Health <health@example.test>"),
        ("MAIL_FROM", "health-example.test"),
        ("MAIL_FROM", "a@example.test, b@example.test"),
        ("MAIL_UNSUBSCRIBE", "list@example.test"),
        ("MAIL_UNSUBSCRIBE", "https://example.test/unsubscribe"),
    ],
)
def test_an_address_is_refused_where_the_program_refuses_it_and_nowhere_else(rule, setting, value):
    found = rule("address_problems")({setting: value}, str(REPOSITORY))
    try:
        settings_from({setting: str(value)} if value else {})
    except SettingsError:
        assert [problem.partition(" ")[0] for problem in found] == [setting]
        assert str(value) not in found[0]
    else:
        assert found == []


def test_a_folder_without_the_project_is_told_of(rule, tmp_path):
    found = rule("address_problems")({"MAIL_FROM": "a@b"}, str(tmp_path))
    assert found == ["healthcheck_source is not the folder of the project"]


def test_of_two_deploys_that_write_a_file_at_once_neither_fails_nor_shows_half_of_it(tmp_path):
    """The task's own command, as often as such a race needs to be lost."""
    tasks = yaml.safe_load((ROLE / "tasks" / "generation.yml").read_text())
    (made,) = (task["block"] for task in tasks if "block" in task)
    (write,) = (task for task in made if task["name"] == "Write its files")
    target = tmp_path / "file"
    *program, _, _ = write["ansible.builtin.command"]["argv"]

    def deploy(_number: int) -> tuple[int, str]:
        command = [*program, "0600", str(target)]
        done = subprocess.run(command, input="whole", text=True, check=False)
        return done.returncode, target.read_text()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(deploy, range(400))) == {(0, "whole")}
    assert [*tmp_path.iterdir()] == [target]
