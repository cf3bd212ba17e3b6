"""How the outer machine reaches packages: taken over into the hosts, so that no address stands here."""

import os
import re
import subprocess
import sys
from pathlib import Path

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

_APT_KEYS = re.compile(r"Acquire::(https?|Check-\w+|Check-Valid-Until|Retries)\b")
_SOURCES = Path("/etc/apt")


def mirror() -> str | None:
    """Return where this machine gets Debian from; None leaves the choice to debootstrap."""
    if "ID=debian" not in Path("/etc/os-release").read_text():
        return None
    for file in sorted(_SOURCES.glob("sources.list.d/*.sources")):
        for stanza in file.read_text().split("\n\n"):
            fields = dict(re.findall(r"^(\w[\w-]*):[ \t]*(.*)$", stanza, re.MULTILINE))
            if fields.get("Enabled", "yes") == "yes" and _is_release(fields.get("Suites", "")):
                return fields["URIs"].split()[0]
    for file in [_SOURCES / "sources.list", *sorted(_SOURCES.glob("sources.list.d/*.list"))]:
        lines = file.read_text().splitlines() if file.exists() else []
        for line in lines:
            found = re.match(r"deb\s+(?:\[.*?\]\s+)?(\S+)\s+(\S+)\s+.*\bmain\b", line)
            if found and _is_release(found[2]):
                return found[1]
    return None


def _is_release(suites: str) -> bool:
    """Tell the archive itself from its security and update suites and from foreign ones."""
    name = re.search(r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.MULTILINE)
    return bool(name) and name[1] in suites.split()


def apt_options() -> str:
    """Return proxies and the like as a file for apt.conf.d."""
    dumped = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True)
    lines = [line for line in dumped.stdout.splitlines() if _APT_KEYS.match(line)]
    proxies = {scheme: os.environ.get(f"{scheme}_proxy") for scheme in ("http", "https")}
    lines += [f'Acquire::{scheme}::Proxy "{proxy}";' for scheme, proxy in proxies.items() if proxy]
    return "".join(f"{line}\n" for line in lines)


def pip_options() -> dict[str, str]:
    """Return pip's options, as environment variables."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    )
    options: dict[str, list[str]] = {}
    for key, value in re.findall(r"^[^=]*\.([\w-]+)='(.*)'$", listed.stdout, re.MULTILINE):
        options.setdefault(key.upper().replace("-", "_"), []).append(value)
    return {f"PIP_{key}": values[-1] for key, values in options.items()} | {
        name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")
    }


def uv_options() -> dict[str, str]:
    """Return what makes uv find the same packages."""
    options = pip_options()
    names = {
        "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
        "PIP_EXTRA_INDEX_URL": "UV_INDEX",
        "PIP_FIND_LINKS": "UV_FIND_LINKS",
        "PIP_CERT": "SSL_CERT_FILE",
    }
    return {named: options[name] for name, named in names.items() if name in options} | {
        name: value for name, value in options.items() if name.lower().endswith("_proxy")
    }


def paths(options: dict[str, str]) -> list[Path]:
    """Return the files and folders of this machine that such options name."""
    words = [word for value in options.values() for word in value.split()]
    # What a local index links to lies beside it.
    named = [Path(word[7:]).parent if word.startswith("file://") else Path(word) for word in words]
    return [path for path in dict.fromkeys(named) if path.is_absolute() and path.exists()]
