"""Boots a host to look around: `PYTHONPATH=tests python -m deploy.by_hand [SUITE] [INVENTORY]`."""

import json
import signal
import sys
from pathlib import Path

from deploy.host import Host, Image
from deploy.machine import lacking


def main() -> None:
    """Boot, say how to get in, and wait for Ctrl-C."""
    if missing := lacking():
        sys.exit(missing)
    suite = sys.argv[1] if len(sys.argv) > 1 else "bookworm"
    with Host(Image.blank(suite)) as host:
        inventory = Path(sys.argv[2]) if len(sys.argv) > 2 else host.folder / "inventory.json"
        hosts = {"healthcheck": {"hosts": {host.name: host.inventory()}}}
        inventory.write_text(json.dumps(hosts, indent=1))
        sys.stdout.write(
            f"ssh -F {host.ssh_config} {host.name}\n"
            f"ansible-playbook -i {inventory} deploy.yml\n"
            "Ctrl-C takes it away.\n"
        )
        sys.stdout.flush()
        signal.sigwait([signal.SIGINT, signal.SIGTERM])


if __name__ == "__main__":
    main()
