"""Files come into place all together or not at all, whatever fails, and wherever it is killed."""

import getpass
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from deploy.parts import ROLE, part_of_the_role
from mail_servers.fixtures import required_program

in_place = part_of_the_role("module_utils/in_place.py")
Link, Replacement = in_place.Link, in_place.Replacement


@pytest.fixture(autouse=True)
def lock(tmp_path, monkeypatch):
    """The lock of this host stays free."""
    monkeypatch.setattr(in_place, "_LOCK", tmp_path / "lock")
    monkeypatch.setattr(in_place, "_LOCK_SECONDS", 1)


@pytest.fixture
def folder(tmp_path) -> Path:
    """Three files that were there, a link, and nothing else."""
    made = tmp_path / "place"
    (made / "sub").mkdir(parents=True)
    for name in ("a", "b", "sub/c"):
        (made / name).write_bytes(b"old")
    (made / "a").chmod(0o640)
    (made / "link").symlink_to("old")
    return made


def wanted(folder: Path, **of_the_last) -> list:
    return [
        Replacement(folder / "a", b"old", b"new"),
        Replacement(folder / "b", b"old", b"new", mode=0o600, owner=getpass.getuser()),
        Replacement(folder / "new" / "one", None, b"new"),
        Link(folder / "link", "old", "new"),
        Replacement(folder / "sub" / "c", b"old", b"new", **of_the_last),
    ]


def state(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_symlink() or path.is_file()]
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else path.read_text()
        for path in files
    }


NEW = dict.fromkeys(["a", "b", "new/one", "link", "sub/c"], "new")


def test_all_of_them_come_into_place_with_owner_and_mode(folder):
    in_place.put_in_place(wanted(folder))
    assert state(folder) == NEW
    modes = {name: (folder / name).stat().st_mode & 0o777 for name in ("a", "b", "new/one", "new")}
    assert modes == {"a": 0o640, "b": 0o600, "new/one": 0o600, "new": 0o755}
    again = [Replacement(folder / "a", b"new", b"new"), Link(folder / "link", "new", "new")]
    assert not any(each.due for each in again)


def test_a_file_that_is_no_good_changes_none(folder):
    def refused(path: Path) -> None:
        assert path.read_bytes() == b"new"
        raise in_place.NotReplacedError("no good")

    before = state(folder)
    with pytest.raises(in_place.NotReplacedError, match="no good"):
        in_place.put_in_place(wanted(folder, check=refused))
    assert state(folder) == before


def test_a_file_that_somebody_else_writes_meanwhile_changes_none_and_keeps_their_bytes(folder):
    def meanwhile(_path: Path) -> None:
        (folder / "a").write_bytes(b"theirs")

    before = state(folder)
    with pytest.raises(in_place.NotReplacedError, match="/a changed while it was read"):
        in_place.put_in_place(wanted(folder, check=meanwhile))
    assert state(folder) == before | {"a": "theirs"}


def test_a_rename_that_fails_takes_back_those_before_it(folder, monkeypatch):
    rename = Path.replace

    def replace(path: Path, target: Path) -> None:
        if target.name == "c":
            raise OSError(16, "Device or resource busy")
        rename(path, target)

    before = state(folder)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with pytest.raises(in_place.NotReplacedError, match=r"/sub/c cannot be written: Device"):
            in_place.put_in_place(wanted(folder))
    assert state(folder) == before
    assert (folder / "a").stat().st_mode & 0o777 == 0o640


def test_an_undo_that_fails_as_well_says_where_the_old_content_is(folder, monkeypatch):
    rename = Path.replace

    def replace(path: Path, target: Path) -> None:
        if target.name == "c" or (target.name == "a" and path.name.endswith("-old")):
            raise OSError(5, "Input/output error")
        rename(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(in_place.NotTakenBackError) as told:
        in_place.put_in_place(wanted(folder))
    saved = Path(str(told.value).rpartition("the old one is ")[2])
    assert saved.read_bytes() == b"old"
    assert (folder / "a").read_bytes() == b"new"
    assert (folder / "b").read_bytes() == b"old"


def test_what_a_folder_hands_down_lets_nobody_else_read_a_file(folder):
    user, nobody = 0x02, 65534
    entries = [(0x01, 7, -1), (user, 4, nobody), (0x04, 5, -1), (0x10, 7, -1), (0x20, 0, -1)]
    handed_down = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *each) for each in entries)
    os.setxattr(folder, "system.posix_acl_default", handed_down)
    in_place.put_in_place(wanted(folder))
    assert os.listxattr(folder / "a") == []
    assert (folder / "a").stat().st_mode & 0o777 == 0o640


def test_a_file_is_taken_away_only_as_it_was_read(folder):
    with pytest.raises(in_place.NotReplacedError, match="changed while"):
        in_place.remove(folder / "a", b"other")
    in_place.remove(folder / "a", b"old")
    assert not (folder / "a").exists()


def test_what_is_no_link_is_no_release(folder):
    with pytest.raises(in_place.NotReplacedError, match="/a is no link"):
        in_place.leads_to(folder / "a")
    assert in_place.leads_to(folder / "none") == ""


def test_an_owner_that_is_not_there_is_told_of(folder):
    strange = Replacement(folder / "a", b"old", b"new", mode=0o600, owner="nobody-of-this-name")
    before = state(folder)
    with pytest.raises(in_place.NotReplacedError, match="no user and group nobody-of-this-name"):
        in_place.put_in_place([strange])
    assert state(folder) == before


def test_one_deploy_at_a_time_changes_files_and_takes_away_what_is_left_of_another(folder):
    (folder / ".llm-health-check-abc").write_text("c4nary")
    (folder / ".llm-health-check-folder").mkdir()
    with in_place.alone([folder]):
        assert not (folder / ".llm-health-check-abc").exists()
        with pytest.raises(in_place.NotReplacedError, match="Another deploy"), in_place.alone([]):
            pass
    with in_place.alone([folder, folder / "none"]):
        pass


KILLED = """
import json, sys
sys.path.insert(0, sys.argv[1])
import in_place
from pathlib import Path
in_place._LOCK = Path(sys.argv[2]).parent / "lock"
folder = Path(sys.argv[2])
changes = [in_place.Replacement(folder / name, in_place.content(folder / name), b"new") for name in ("a", "b", "sub/c")]
changes.append(in_place.Link(folder / "link", in_place.leads_to(folder / "link"), "new"))
with in_place.alone([folder, folder / "sub"]):
    in_place.put_in_place(changes)
"""


@pytest.mark.parametrize("call", ["write", "fsync", "link", "rename", "symlink", "unlink"])
def test_killed_at_any_call_each_file_is_old_or_new_in_order_and_the_next_one_finishes(
    folder, call
):
    command = [sys.executable, "-c", KILLED, str(ROLE / "module_utils"), str(folder)]
    order = ["a", "b", "sub/c", "link"]
    for name in order[:3]:
        (folder / name).write_bytes(b"old")
    killed = 0
    for number in range(1, 20):
        traced = [
            required_program("strace", package="strace"), "-qq", "-o", "/dev/null", "-e", f"trace=/^{call}",
            "-e", f"inject=/^{call}(at2?)?$:signal=KILL:when={number}",
        ]  # fmt: skip
        done = subprocess.run([*traced, *command], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            break
        killed += 1
        now = state(folder)
        values = [now[name] for name in order]
        assert set(values) <= {"old", "new"}, (values, done.stderr)
        assert values == sorted(values, key=["new", "old"].index), json.dumps(now)
    assert killed
    subprocess.run(command, check=True, timeout=60)
    assert state(folder) == dict.fromkeys(order, "new")
