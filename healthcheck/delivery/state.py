"""Where reports are kept: the folder that systemd gives, or the user's own."""

import os
from pathlib import Path

from healthcheck.errors import SettingsError

_NAME = "llm-health-check"


def state_folder(state_directory: str | None) -> Path:
    """The first entry of STATE_DIRECTORY, else the XDG state folder. Raises SettingsError."""
    if state_directory:
        folder = Path(state_directory.partition(":")[0])
        if not folder.is_absolute():
            raise SettingsError("STATE_DIRECTORY must be an absolute path.")
        return folder
    xdg = os.environ.get("XDG_STATE_HOME", "")
    if Path(xdg).is_absolute():
        return Path(xdg) / _NAME
    try:
        return Path.home() / ".local" / "state" / _NAME
    except RuntimeError:
        raise SettingsError(
            "There is no home directory to keep reports in: set STATE_DIRECTORY."
        ) from None
