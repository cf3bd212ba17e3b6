"""A page in the browser of whoever asked for it."""

import webbrowser
from pathlib import Path
from tempfile import NamedTemporaryFile

from healthcheck.errors import OutputError


def show(html: str) -> str:
    """Open it from a file that only its owner can read; a sentence says where that is."""
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", prefix="llm-health-check-", suffix=".html", delete=False
        ) as file:
            file.write(html)
    except OSError as error:
        raise OutputError(f"Could not write the page: {error.strerror}.") from error
    if webbrowser.open(Path(file.name).as_uri()):
        return f"Opened {file.name}."
    return f"No browser found; the page is in {file.name}."
