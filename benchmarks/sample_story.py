"""What happens on the sample day, and to whom: the pairs, their catalog, the queue and the chapters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sample_messages as messages
from sample_messages import Telling

UNTIL = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
BEGIN = UNTIL - timedelta(days=9)
EVERYONE = "*"

PAIRS = {
    "openai": ("gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-4o gpt-4o-mini gpt-5 gpt-5-mini o4-mini"),
    "anthropic": (
        "claude-3-5-haiku-20241022 claude-haiku-4-5-20251001 claude-opus-4-1-20250805 "
        "claude-opus-4-5-20251101 claude-sonnet-4-20250514 claude-sonnet-4-5-20250929"
    ),
    "bedrock": (
        "anthropic.claude-3-opus-20240229-v1:0 mistral.mistral-large-2407-v1:0 "
        "us.amazon.nova-lite-v1:0 us.amazon.nova-micro-v1:0 us.amazon.nova-pro-v1:0 "
        "us.anthropic.claude-haiku-4-5-20251001-v1:0 us.anthropic.claude-sonnet-4-5-20250929-v1:0 "
        "us.deepseek.r1-v1:0 us.meta.llama3-3-70b-instruct-v1:0"
    ),
    "vertex": (
        "claude-sonnet-4-5@20250929 gemini-2.0-flash-001 gemini-2.5-flash gemini-2.5-flash-lite "
        "gemini-2.5-flash-preview-09-2025 gemini-2.5-pro gemini-3-pro-preview"
    ),
    "groq": (
        "llama-3.1-8b-instant llama-3.3-70b-versatile meta-llama/llama-4-scout-17b-16e-instruct "
        "moonshotai/kimi-k2-instruct moonshotai/kimi-k2-instruct-0905 openai/gpt-oss-120b "
        "openai/gpt-oss-20b qwen/qwen3-32b"
    ),
    "together": (
        "Qwen/Qwen2.5-7B-Instruct-Turbo Qwen/Qwen3-235B-A22B-Instruct-2507-tput "
        "deepseek-ai/DeepSeek-R1 deepseek-ai/DeepSeek-V3.1 "
        "meta-llama/Llama-3.3-70B-Instruct-Turbo "
        "mistralai/Mixtral-8x7B-Instruct-v0.1 moonshotai/Kimi-K2-Instruct-0905 openai/gpt-oss-120b"
    ),
    "fireworks": (
        "accounts/fireworks/models/deepseek-v3p1 accounts/fireworks/models/glm-4p6 "
        "accounts/fireworks/models/gpt-oss-120b accounts/fireworks/models/kimi-k2-instruct-0905 "
        "accounts/fireworks/models/llama-v3p3-70b-instruct"
    ),
    "deepinfra": (
        "Qwen/Qwen3-32B deepseek-ai/DeepSeek-V3.1 google/gemma-3-27b-it "
        "meta-llama/Llama-3.3-70B-Instruct-Turbo meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo "
        "openai/gpt-oss-20b"
    ),
    "cerebras": "gpt-oss-120b llama-3.3-70b llama3.1-8b qwen-3-235b-a22b-instruct-2507 zai-glm-4.6",
    "azure": "DeepSeek-V3.1 Mistral-Large-2411 gpt-4.1 gpt-4o gpt-4o-mini gpt-5-mini",
    "openrouter": (
        "deepseek/deepseek-chat-v3.1 google/gemini-2.5-flash mistralai/mistral-medium-3.1 "
        "openai/gpt-4.1 qwen/qwen3-max x-ai/grok-4-fast z-ai/glm-4.6"
    ),
    "databricks": (
        "databricks-claude-sonnet-4-5 databricks-gpt-5-1-codex-max "
        "databricks-llama-4-maverick databricks-meta-llama-3-3-70b-instruct"
    ),
}
"""The enabled models of each provider."""


def _march(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


SELF_TEST = ("openai", "fake-hang")
"""Times out once a day to prove that time-outs are stored; no catalog lists it."""

# --- the queue ---------------------------------------------------------------------------------

USUAL_CADENCE = timedelta(minutes=45)
CADENCE = {"bedrock": timedelta(minutes=30)}
"""A runner of its own, which knows neither retries nor dead letters."""

_MINUTE = timedelta(minutes=1)
_LONGEST = timedelta(hours=6)


def pause(kind: str, failed: int) -> timedelta | None:
    """How long the queue waits after so many failures in a row; None when it gives up.

    What it does after twelve failures that may pass is no matter: none of the story lasts so long.
    """
    if kind in {"auth", "hard_model", "hard_capability", "budget_exhausted"}:
        return None
    if kind == "unknown":
        return 15 * _MINUTE if failed == 1 else None
    return _LONGEST if kind == "billing" else min(15 * _MINUTE * 2 ** (failed - 1), _LONGEST)


# --- the catalog -------------------------------------------------------------------------------

_FOUND = _march(1) - timedelta(days=146)

ENTRIES: dict[tuple[str, str], dict[str, Any]] = {
    ("groq", "moonshotai/kimi-k2-instruct"): {
        "successor_model": "moonshotai/kimi-k2-thinking",
    },
    ("vertex", "gemini-2.0-flash-001"): {
        "deprecation_date": _march(19),
        "successor_model": "gemini-2.5-flash",
    },
    ("vertex", "gemini-3-pro-preview"): {
        "created_at": _march(2, 9),
        "promoted_at": _march(4, 15),
        "status": "probation",
    },
    # Disabled: one in the window, one whose jobs go on, and those of long ago.
    ("together", "meta-llama/Llama-3.2-3B-Instruct-Turbo"): {
        "enabled": False,
        "disabled_at": _march(9, 10),
        "disabled_reason": "model_not_available since 2026-03-08",
        "disabled_class": "hard_model",
        "disabled_by": "operator",
    },
    ("deepinfra", "mistralai/Mistral-Small-24B-Instruct-2501"): {
        "enabled": False,
        "disabled_at": _march(9, 6),
        "disabled_reason": "replaced by gemma-3-27b-it",
        "disabled_class": "curation",
        "disabled_by": "operator",
    },
    ("anthropic", "claude-3-opus-20240229"): {
        "enabled": False,
        "deprecated": True,
        "disabled_at": datetime(2026, 1, 6, 9, 0, tzinfo=UTC),
        "disabled_reason": "retired by the provider on 2026-01-05",
        "disabled_class": "hard_model",
    },
    ("groq", "gemma2-9b-it"): {
        "enabled": False,
        "disabled_at": datetime(2025, 10, 9, 9, 0, tzinfo=UTC),
        "disabled_reason": "model_decommissioned",
        "disabled_class": "hard_model",
        "catalog_quarantine": True,
    },
    ("lambda", "hermes3-405b"): {
        "enabled": False,
        "disabled_at": datetime(2025, 10, 20, 9, 0, tzinfo=UTC),
        "disabled_reason": "provider shut its inference API down",
    },
    ("vertex", "gemini-1.5-pro-002"): {
        "enabled": False,
        "deprecated": True,
        "disabled_at": datetime(2025, 10, 7, 9, 0, tzinfo=UTC),
        "disabled_reason": "retired by the provider on 2025-09-24",
        "disabled_class": "hard_model",
    },
    # Candidates: two that have been probing for too long, and one that came yesterday.
    ("cerebras", "zai-glm-4.7"): {
        "enabled": False,
        "status": "probing",
        "created_at": _march(9, 11),
        "admission_started_at": _march(9, 12),
    },
    ("fireworks", "accounts/fireworks/models/minimax-m2"): {
        "enabled": False,
        "status": "probing",
        "created_at": _march(3, 11),
        "admission_started_at": _march(3, 12),
    },
    ("together", "zai-org/GLM-4.6"): {
        "enabled": False,
        "status": "probing",
        "created_at": _march(2, 11),
        "admission_started_at": _march(2, 12),
    },
}
"""What the catalog says besides `enabled: true`, and whom it lists besides the enabled ones."""

CANDIDATES = frozenset(pair for pair, entry in ENTRIES.items() if entry.get("status") == "probing")

LEFT = {
    ("openrouter", "mistralai/mistral-medium-3.1"): _march(9, 7),
    ("together", "meta-llama/Llama-3.2-3B-Instruct-Turbo"): _march(9, 10),
}
"""No longer tried from then on: the first though it is enabled, the second because it is not."""

_STILL_TRIED = ("deepinfra", "mistralai/Mistral-Small-24B-Instruct-2501")


def _enabled() -> Iterator[tuple[str, str]]:
    for provider, models in PAIRS.items():
        for model in models.split():
            yield provider, model


def entries() -> dict[tuple[str, str], dict[str, Any]]:
    """The catalog."""
    usual = {"enabled": True, "created_at": _FOUND}
    return {pair: usual | ENTRIES.get(pair, {}) for pair in {*_enabled(), *ENTRIES}}


def tried() -> list[tuple[str, str]]:
    """All that are attempted at any time of the nine days, sorted."""
    return sorted({*_enabled(), *CANDIDATES, *LEFT, _STILL_TRIED})


def lifetime(provider: str, model: str) -> tuple[datetime, datetime]:
    """From when and until when the scheduler tries a pair."""
    entry = ENTRIES.get((provider, model), {})
    begin = entry.get("promoted_at") or entry.get("admission_started_at") or BEGIN
    return begin, LEFT.get((provider, model), UNTIL)


def self_tests() -> Iterator[datetime]:
    """When the self-test timed out."""
    for day in range(9):
        yield BEGIN + timedelta(days=day, hours=20)


def visible(provider: str, model: str, moment: datetime) -> int:
    """How many of its 64 tokens a reader would have seen."""
    is_empty = (provider, model) == ("openrouter", "z-ai/glm-4.6") and moment >= _march(9, 20)
    return 0 if is_empty else 64


# --- the chapters ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chapter:
    """From `since` until `until`, this `share` of the attempts fails and is told so."""

    provider: str
    model: str
    tells: Telling
    since: datetime
    until: datetime = UNTIL
    share: float = 1.0

    def covers(self, provider: str, model: str, moment: datetime) -> bool:
        """Whether an attempt of this pair at this moment falls into it."""
        return (
            self.provider in (EVERYONE, provider)
            and self.model in (EVERYONE, model)
            and self.since <= moment < self.until
        )


CHAPTERS = (
    # Where two chapters cover an attempt, the first one tells.
    Chapter("bedrock", EVERYONE, messages.not_posted, _march(10, 3, 5), _march(10, 4, 5)),
    Chapter("azure", "gpt-5-mini", messages.wrong_parameter, _march(9, 15, 30)),
    Chapter(
        "databricks", "databricks-gpt-5-1-codex-max", messages.only_responses, _march(9, 9, 10)
    ),
    Chapter("vertex", "gemini-3-pro-preview", messages.budget_spent, _march(9, 10, 40)),
    Chapter("groq", "moonshotai/kimi-k2-instruct", messages.decommissioned, _march(9, 12)),
    Chapter(
        "together", "Qwen/Qwen2.5-7B-Instruct-Turbo", messages.no_longer_there, _march(9, 18, 30)
    ),
    Chapter(
        "together", "mistralai/Mixtral-8x7B-Instruct-v0.1", messages.not_serverless, _march(8, 2)
    ),
    Chapter(
        "together", "meta-llama/Llama-3.2-3B-Instruct-Turbo", messages.not_serverless, _march(8, 20)
    ),
    Chapter("openrouter", "openai/gpt-4.1", messages.refused_key, _march(9, 20, 15)),
    Chapter("together", "deepseek-ai/DeepSeek-R1", messages.no_answer, _march(9, 22)),
    Chapter(
        "cerebras", "qwen-3-235b-a22b-instruct-2507", messages.upstream, _march(8, 6), _march(9, 8)
    ),
    Chapter("openai", EVERYONE, messages.no_money, _march(10, 5, 20)),
    Chapter("deepinfra", EVERYONE, messages.busy, _march(9, 23, 40), _march(10, 1, 45)),
    Chapter(
        "fireworks",
        "accounts/fireworks/models/glm-4p6",
        messages.broken_upstream,
        _march(8, 8),
        share=0.5,
    ),
    Chapter("fireworks", "accounts/fireworks/models/minimax-m2", messages.broken_upstream, BEGIN),
    Chapter("together", "zai-org/GLM-4.6", messages.no_answer, BEGIN, share=0.5),
    Chapter("cerebras", "zai-glm-4.7", messages.no_such_model, BEGIN),
)
