"""The table of categories: for each, its nouns, its section of the mail, and what to do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from healthcheck.diagnosis import actions, titles
from healthcheck.diagnosis.findings import Category

if TYPE_CHECKING:
    from healthcheck.diagnosis.problems import Problem

_SERVICE = "Benchmark service"
_PROVIDERS = "Provider-wide issues"
_DEPRECATED = "Models likely deprecated"
_FIXES = "Code fixes needed"
_MODELS = "Models failing"
_CATALOG = "Catalog"


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """How one category is named, where it stands, and what a reader is told to do.

    `word` says what it is in a word or two, for one of its findings.
    """

    category: Category
    singular: str
    plural: str
    section: str
    word: str
    title: "Callable[[Problem], str]"
    action: "Callable[[Problem], str | None]"

    def counted(self, count: int) -> str:
        """So many of them."""
        return f"{count} {self.singular if count == 1 else self.plural}"


CATEGORIES = {
    row.category: row
    for row in (
        CategoryRow(
            Category.SILENT_SERVICE,
            "gap without any data",
            "gaps without any data",
            _SERVICE,
            "no data",
            titles.silent_service,
            actions.silent_service,
        ),
        CategoryRow(
            Category.SERVICE_ISSUE,
            "service-wide issue",
            "service-wide issues",
            _SERVICE,
            "service-wide",
            titles.service,
            actions.service,
        ),
        CategoryRow(
            Category.PROVIDER_ISSUE,
            "provider-wide issue",
            "provider-wide issues",
            _PROVIDERS,
            "provider-wide",
            titles.provider,
            actions.provider,
        ),
        CategoryRow(
            Category.LOW_VOLUME,
            "drop in attempts",
            "drops in attempts",
            _SERVICE,
            "far fewer attempts",
            titles.low_volume,
            actions.low_volume,
        ),
        CategoryRow(
            Category.DISABLED_ATTEMPTED,
            "catalog issue",
            "catalog issues",
            _SERVICE,
            "disabled and still attempted",
            titles.disabled_attempted,
            actions.disabled_attempted,
        ),
        CategoryRow(
            Category.DEPRECATED_MODEL,
            "model likely deprecated",
            "models likely deprecated",
            _DEPRECATED,
            "likely deprecated",
            titles.deprecated,
            actions.deprecated,
        ),
        CategoryRow(
            Category.CODE_FIX,
            "code fix needed",
            "code fixes needed",
            _FIXES,
            "code fix needed",
            titles.code_fix,
            actions.code_fix,
        ),
        CategoryRow(
            Category.FAILING_MODEL,
            "model failing",
            "models failing",
            _MODELS,
            "failing",
            titles.failing,
            actions.failing,
        ),
        CategoryRow(
            Category.SILENT_MODEL,
            "model not attempted",
            "models not attempted",
            _MODELS,
            "not attempted",
            titles.not_attempted,
            actions.not_attempted,
        ),
        CategoryRow(
            Category.DEGRADED_MODEL,
            "model degraded",
            "models degraded",
            _MODELS,
            "degraded",
            titles.failing,
            actions.failing,
        ),
        CategoryRow(
            Category.CATALOG_CHANGE,
            "catalog change",
            "catalog changes",
            _CATALOG,
            "catalog change",
            titles.catalog_change,
            actions.catalog_change,
        ),
        CategoryRow(
            Category.RETIRING_MODEL,
            "model retiring",
            "models retiring",
            _CATALOG,
            "retiring",
            titles.retiring,
            actions.retiring,
        ),
        CategoryRow(
            Category.IMPLAUSIBLE_RESULTS,
            "set of implausible results",
            "sets of implausible results",
            _CATALOG,
            "implausible results",
            titles.implausible,
            actions.implausible,
        ),
        CategoryRow(
            Category.CATALOG_REVIEW,
            "catalog entry to review",
            "catalog entries to review",
            _CATALOG,
            "to review",
            titles.review,
            actions.review,
        ),
    )
}
"""In the order in which a reader wants them."""


def order(category: Category) -> int:
    """0 for what a reader wants first."""
    return list(CATEGORIES).index(category)
