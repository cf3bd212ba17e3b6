"""The pages tell the truth: what is generated is current, and what they name exists."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from healthcheck.diagnosis import Category
from healthcheck.errors import EXIT_CODES
from healthcheck.report.provider_links import PROVIDER_LINKS
from healthcheck.settings import variables
from healthcheck.taxonomy import ErrorKind

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def page(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def test_generated_pages_are_current():
    subprocess.run([sys.executable, ROOT / "docs" / "generate.py", "--check"], check=True)


def test_the_providers_that_have_links_are_listed():
    listed = re.search(r"or API keys of ([\w,\s]+)\.", page("reading-the-report.md"))
    assert listed
    assert re.split(r",\s+", listed[1]) == sorted(PROVIDER_LINKS)


def test_the_example_report_is_that_of_the_sample():
    shown = (ROOT / "tests" / "golden" / "sample.txt").read_text(encoding="utf-8").splitlines()
    subject, *lines = shown
    told = [
        line.strip() for line in page("reading-the-report.md").splitlines() if line[:4] == "    "
    ]
    assert [
        line
        for line in told
        if line not in {subject.removeprefix("Subject: "), *map(str.strip, lines)}
    ] == []


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 150


def test_the_readme_links_every_page():
    for path in (ROOT / "docs").glob("*.md"):
        assert f"(docs/{path.name})" in README


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path):
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text(encoding="utf-8")):
        file, _, section = link.partition("#")
        target = (path.parent / file) if file else path
        assert target.exists(), link
        if section:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert section in map(anchor, headings), link


def test_every_make_target_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for path in PAGES:
        for target in set(
            re.findall(r"`make ([a-z-]+)|^    make ([a-z-]+)", path.read_text(), re.MULTILINE)
        ):
            assert re.search(rf"^{max(target)}:", makefile, re.MULTILINE), (path.name, target)


def test_the_readme_names_the_four_settings_with_their_defaults():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (\S+) \|", README, re.MULTILINE)
    assert {*dict(rows)} == {"MONGODB_URI", "MONGODB_DB", "OPENAI_API_KEY", "NOTIFY_EMAIL"}
    for variable, default in rows:
        assert f"| `{variable}` | {default} |" in page("configuration.md")


def test_every_setting_is_described():
    for name in variables():
        row = rf"^\| `{name}` \| \S+ \| \w.*\. \|$"
        assert re.search(row, page("configuration.md"), re.MULTILINE), name


@pytest.mark.parametrize("kind", ErrorKind)
def test_every_kind_is_explained(kind):
    assert f"| `{kind}` |" in page("how-it-decides.md")


@pytest.mark.parametrize("category", Category)
def test_every_category_is_explained(category):
    assert f"| `{category}` |" in page("how-it-decides.md")


CONTRACT = json.loads((ROOT / "healthcheck/report/schema.json").read_text(encoding="utf-8"))
CONTRACT_ROWS = [
    (re.findall(r"`([\w.\[\]]+)`", name), set(re.findall(r"`(\w+)`", contents)))
    for name, contents in re.findall(
        r"^\| (`.*?) \| (.*) \|$", page("json-contract.md"), re.MULTILINE
    )
]
PARTS = {
    name: its["properties"].keys() for name, its in CONTRACT["$defs"].items() if "enum" not in its
}


def test_the_version_of_the_contract_is_told():
    version = CONTRACT["properties"]["schema_version"]["const"]
    assert f"`schema_version` is `{version}`" in page("json-contract.md")


def test_the_contract_has_a_row_for_every_field_of_the_report():
    named = [name for names, _ in CONTRACT_ROWS for name in names if name.isidentifier()]
    assert sorted(named) == sorted(CONTRACT["properties"])


@pytest.mark.parametrize("part", PARTS)
def test_a_row_of_the_contract_names_all_fields_of_a_part(part):
    assert any(PARTS[part] <= contents for _, contents in CONTRACT_ROWS)


def test_the_contract_names_nothing_that_is_gone():
    fields = set(CONTRACT["properties"]).union(*PARTS.values())
    values = {"healthy", "warning", "critical", "openai", "rules"}
    for _, contents in CONTRACT_ROWS:
        assert contents <= fields | values


def test_every_exit_code_is_explained():
    for code in EXIT_CODES:
        assert f"| {code} |" in page("cli.md")
