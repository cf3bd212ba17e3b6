"""Check known issues by the program's rules: what it would complain about in every report, refuse now."""

from datetime import date

_MATCHERS = ("provider", "model", "category")


def known_issue_problems(issues: list[dict[str, object]]) -> list[str]:
    """Say of each that the program could not use what is wrong with it."""
    return [
        f"number {number} of healthcheck_known_issues {problem}"
        for number, issue in enumerate(issues, start=1)
        if (problem := _problem(issue))
    ]


def _problem(issue: dict[str, object]) -> str:
    if not any(issue.get(field) for field in _MATCHERS):
        return "says neither provider nor model nor category"
    try:
        date.fromisoformat(str(issue.get("until") or date.min))
    except ValueError:
        return "has an until that is no date (YYYY-MM-DD)"
    return ""


class FilterModule:
    """What the role's templates may use."""

    def filters(self) -> dict[str, object]:
        """Names in templates, and what they call."""
        return {"known_issue_problems": known_issue_problems}
