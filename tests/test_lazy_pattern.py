import importlib
import pkgutil

import healthcheck.redaction
import healthcheck.taxonomy
from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction import RULES


def test_every_pattern_compiles():
    found = [rule.pattern for rule in RULES]
    for package in (healthcheck.redaction, healthcheck.taxonomy):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            values = vars(importlib.import_module(module.name)).values()
            found += [value for value in values if type(value) is type(lazy_pattern(""))]
    assert len(found) > len(RULES)
    assert all(pattern.pattern for pattern in found)


def test_a_pattern_behaves_as_if_it_were_compiled():
    pattern = lazy_pattern(r"(?P<word>[a-z]+)\d", 2)

    assert [match["word"] for match in pattern.finditer("Ab1 c2")] == ["Ab", "c"]
    assert pattern.sub("-", "x1 y2") == "- -"
    assert pattern.groupindex == {"word": 1}
