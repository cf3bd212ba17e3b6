"""What is built is all of the package."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
BUILD = REPOSITORY / "ansible/roles/healthcheck/files/build_wheel.py"


def test_the_wheel_that_is_deployed_holds_every_file_of_the_package():
    built = subprocess.run(
        [sys.executable, "-I", BUILD, REPOSITORY], capture_output=True, text=True, check=True
    )
    (wheel,) = Path(json.loads(built.stdout)["folder"]).glob("*.whl")
    package = {
        path.relative_to(REPOSITORY).as_posix()
        for path in (REPOSITORY / "healthcheck").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {path.rpartition(".")[2] for path in package} > {"py", "toml", "txt", "j2", "json", "gz"}
    with zipfile.ZipFile(wheel) as packed:
        assert package == {name for name in packed.namelist() if ".dist-info/" not in name}
