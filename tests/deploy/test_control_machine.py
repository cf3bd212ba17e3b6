"""A bare control machine: git, make and python3, or uv alone, are all it takes to deploy."""

import subprocess
import sys
from pathlib import Path

import pytest
from deploy.checkout import checkout
from deploy.outside import pip_options, uv_options
from deploy.play import write_inventory
from deploy.scratch import sockets

from healthcheck import __version__


@pytest.fixture
def uv(tmp_path) -> Path:
    """Where uv is, and nothing else."""
    folder = tmp_path / "uv"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), "uv"]
    subprocess.run(install, check=True)
    return folder / "bin"


@pytest.fixture
def deploys(converged, operator, tmp_path):
    """Runs a command of the README in a bare checkout, and sees that it has deployed."""
    host = converged()
    bare = checkout(tmp_path, __version__)
    inventory = write_inventory(tmp_path, [host], **operator)

    def deploys(folder: str, *command: str, path: str, **environment: str) -> None:
        done = subprocess.run(
            [part.format(inventory=inventory) for part in command],
            cwd=bare / folder,
            env={
                "PATH": f"{path}:/usr/bin:/bin",
                "HOME": str(tmp_path),
                "LANG": "C.UTF-8",
                # A home may have a name that is too long for sockets.
                "ANSIBLE_SSH_CONTROL_PATH_DIR": str(sockets()),
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "changed=0" in done.stdout, done.stdout
        assert "Next run:" in done.stdout

    return deploys


@pytest.mark.nightly  # `make test` itself begins with nothing, and this installs it all once more
def test_make_needs_nothing_that_is_installed(deploys):
    python = str(Path(sys.executable).resolve().parent)
    deploys(".", "make", "deploy", "ARGS=-i {inventory}", path=python, **pip_options())


def test_uv_needs_nothing_else(deploys, uv):
    play = ["ansible-playbook", "-i", "{inventory}", "deploy.yml"]
    deploys("ansible", "uv", "run", "--group", "deploy", *play, path=str(uv), **uv_options())
