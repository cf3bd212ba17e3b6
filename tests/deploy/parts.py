"""Parts of the role that are Python, which Ansible loads by their path."""

import importlib.util
import sys
from types import ModuleType

from deploy.machine import REPOSITORY

ROLE = REPOSITORY / "ansible" / "roles" / "healthcheck"


def part_of_the_role(path: str) -> ModuleType:
    """Load a file of the role that needs nothing of Ansible."""
    name = "part_" + path.removesuffix(".py").replace("/", "_")
    specification = importlib.util.spec_from_file_location(name, ROLE / path)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module  # where dataclasses look their module up
    specification.loader.exec_module(module)
    return module
