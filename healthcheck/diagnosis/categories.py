"""The table of categories: for each, its nouns, its section of the mail, its title and its remedy.

Titles and actions are templates over the keys of `Problem._words` (`{fail}` and the like follow the
number of models), actions over `{remedy}` as well, and there `{who}` may be "this model".
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

_SERVICE = "Benchmark service"
_PROVIDERS = "Provider-wide issues"
_DEPRECATED = "Models likely deprecated"
_FIXES = "Code fixes needed"
_MODELS = "Models failing"
_CATALOG = "Catalog"

Aspect = Literal[
    "saving",
    "lost_jobs",
    "not_attempted",
    "never_worked",
    "total_loss",
    "disabled",
    "promoted",
    "probing",
    "disabled_in_outage",
    "spellings",
    "shifted_clock",
]


class Category(StrEnum):
    """What a finding says, in the order in which a reader wants it; `CATEGORIES` has a row for each."""

    SILENT_SERVICE = "silent_service"
    SERVICE_ISSUE = "service_issue"
    PROVIDER_ISSUE = "provider_issue"
    LOW_VOLUME = "low_volume"
    DEPRECATED_MODEL = "deprecated_model"
    CODE_FIX = "code_fix"
    FAILING_MODEL = "failing_model"
    SILENT_MODEL = "silent_model"
    DEGRADED_MODEL = "degraded_model"
    DISABLED_ATTEMPTED = "disabled_model_attempted"
    CATALOG_CHANGE = "catalog_change"
    RETIRING_MODEL = "retiring_model"
    IMPLAUSIBLE_RESULTS = "implausible_results"
    CATALOG_REVIEW = "catalog_review"


class Text(NamedTuple):
    """The title of a problem and what to do about it; None where there is nothing to do."""

    title: str
    action: str | None


class CategoryRow(NamedTuple):
    """How one category is named, where it stands, and what a reader is told to do.

    `word` is what one of its findings is. `aspects` have texts of their own. `wide`: about
    providers or the service. `joins`: findings of one cause at a provider are one problem, and at
    several providers too where they began at one moment; None where each is a problem of its own.
    The mail shows section, title and action from a warning up; of a finding for information, its
    evidence alone.
    """

    word: str
    section: str
    text: Text
    aspects: Mapping[Aspect, Text] = {}
    wide: bool = False
    joins: Literal["moment", "provider"] | None = None


_CHECK_SERVICE = (
    "Check the benchmark service on its host: is the scheduler running, is the disk full, "
    "does it reach the database?"
)

CATEGORIES = {
    Category.SILENT_SERVICE: CategoryRow(
        "gap without any data", _SERVICE, Text("{no_data}", _CHECK_SERVICE), wide=True
    ),
    Category.SERVICE_ISSUE: CategoryRow(
        "service-wide issue",
        _SERVICE,
        Text("{words} at nearly all providers", "{remedy}"),
        {
            "saving": Text("{where}: results could not be saved", "{remedy}"),
            "lost_jobs": Text("{words} at {where}", "{remedy}"),
            "total_loss": Text("nothing succeeds at any provider: {words}", "{remedy}"),
        },
        wide=True,
    ),
    Category.PROVIDER_ISSUE: CategoryRow(
        "provider-wide issue",
        _PROVIDERS,
        Text("{where}: {words}, {share}{end}", "{remedy}"),
        wide=True,
        joins="moment",
    ),
    Category.LOW_VOLUME: CategoryRow(
        "drop in attempts",
        _SERVICE,
        Text(
            "far fewer attempts than usual on {who}",
            "Check the scheduler and its queue on the benchmark host: {who} had to wait too long.",
        ),
        joins="moment",
    ),
    Category.DEPRECATED_MODEL: CategoryRow(
        "likely deprecated",
        _DEPRECATED,
        Text("{who}: likely deprecated", "Disable {it}{successors}."),
        joins="provider",
    ),
    Category.CODE_FIX: CategoryRow(
        "code fix needed",
        _FIXES,
        Text("{who}: {words}{added}", "{remedy}"),
        joins="provider",
    ),
    Category.FAILING_MODEL: CategoryRow(
        "failing",
        _MODELS,
        Text("{who} {fail}: {words}{added}", "{remedy}"),
        {
            "never_worked": Text(
                "{who}: {words}{added}",
                "Find what added {who} (an import, a discovery run) and correct it there, or disable {it}.",
            )
        },
        joins="moment",
    ),
    Category.SILENT_MODEL: CategoryRow(
        "not attempted",
        _MODELS,
        Text("{not_attempted}", "Check why the scheduler skips {who}."),
        joins="moment",
    ),
    Category.DEGRADED_MODEL: CategoryRow(
        "degraded",
        _MODELS,
        Text("{who} {fail} more often than usual: {words}{end}", "{remedy}"),
        joins="provider",
    ),
    Category.DISABLED_ATTEMPTED: CategoryRow(
        "catalog issue",
        _CATALOG,
        Text(
            "{who}: disabled and still attempted",
            "Remove the queued jobs of {who} from the scheduler's queue.",
        ),
    ),
    Category.CATALOG_CHANGE: CategoryRow(
        "catalog change",
        _CATALOG,
        Text("{who} added", None),
        {
            "disabled": Text(
                "{who} disabled",
                "Check that {who} should be disabled, and enable again what should run.",
            )
        },
    ),
    Category.RETIRING_MODEL: CategoryRow(
        "retiring",
        _CATALOG,
        Text(
            "{who}: retirement date near or past, still working",
            "Plan to disable {who}{successors}.",
        ),
        joins="moment",
    ),
    Category.IMPLAUSIBLE_RESULTS: CategoryRow(
        "set of implausible results",
        _CATALOG,
        Text(
            "{who}: results that cannot be true",
            "Check the measurement of {who}: remove implausible results.",
        ),
        {
            "shifted_clock": Text(
                "stored times are off by whole hours", "Set the time zone of that runner to UTC."
            )
        },
    ),
    Category.CATALOG_REVIEW: CategoryRow(
        "catalog item to review",
        _CATALOG,
        Text("{who}: enabled under two spellings", "Keep one spelling of {who} enabled."),
        {
            "probing": Text(
                "{who}: probing for more than 4 days", "Decide on {who}: promote or reject."
            ),
            "disabled_in_outage": Text(
                "{who}: disabled during a problem that is over",
                "Enable {who} again, and requeue {it}, unless something else speaks against it.",
            ),
        },
    ),
}


def order(category: Category) -> int:
    """0 for what a reader wants first."""
    return list(Category).index(category)
