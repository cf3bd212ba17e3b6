"""Write the role's table of variables from its argument_specs; with --check only report if it is outdated."""

import sys
from pathlib import Path

import yaml

_ROLE = Path(__file__).parent / "roles" / "healthcheck"
_BEGIN, _END = "<!-- variables: begin -->\n", "<!-- variables: end -->"


def table(options: dict[str, dict]) -> str:
    """One row a variable, in the order of the specification."""
    rows = ["| variable | type | default | description |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{name}` | {_type(option)} | {_default(option)} | {_told(option)} |"
        for name, option in options.items()
    ]
    return "\n".join(rows) + "\n"


def document(readme: str, options: dict[str, dict]) -> str:
    """Return the README with the table in its place."""
    before, _, rest = readme.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not end:
        sys.exit(f"The role's README lacks its markers {_BEGIN.strip()} and {_END}.")
    return f"{before}{_BEGIN}{table(options)}{_END}{after}"


def _type(option: dict) -> str:
    if "choices" in option:
        return ", ".join(f"`{choice}`" for choice in option["choices"])
    return f"list of {option['elements']}" if "elements" in option else option["type"]


def _default(option: dict) -> str:
    if "default" not in option:
        return "not given"
    value = option["default"]
    if value == "":
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _told(option: dict) -> str:
    told = " ".join(option["description"].split())
    fields = ", ".join(f"`{name}`" for name in option.get("options", {}))
    return f"{told} Fields: {fields}." if fields else told


def main() -> None:
    """Read, and write or compare."""
    readme = _ROLE / "README.md"
    specs = yaml.safe_load((_ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    old = readme.read_text(encoding="utf-8")
    options: dict[str, dict] = {}
    for entry in specs["argument_specs"].values():
        options = entry["options"] | options
    new = document(old, options)
    if "--check" not in sys.argv[1:]:
        readme.write_text(new, encoding="utf-8")
    elif new != old:
        sys.exit("The role's README is out of date: run make docs.")


if __name__ == "__main__":
    main()
