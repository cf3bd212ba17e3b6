"""What happens on the sample day, and to whom: the pairs, their catalogue and the chapters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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
        "meta-llama/Llama-3.2-3B-Instruct-Turbo meta-llama/Llama-3.3-70B-Instruct-Turbo "
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
"""The models of each provider that the scheduler tries, or tried until lately."""

OFTEN = frozenset({"cerebras", "deepinfra", "fireworks"})
"""Providers whose models are all tried at least once an hour."""

DISABLED = (
    ("anyscale", "meta-llama/Llama-2-70b-chat-hf", "provider closed its public endpoints"),
    ("anthropic", "claude-3-opus-20240229", "retired by the provider on 2026-01-05"),
    ("groq", "gemma2-9b-it", "model_decommissioned"),
    ("lambda", "hermes3-405b", "provider shut its inference API down"),
    ("runpod", "mistralai/Mistral-7B-Instruct-v0.2", "endpoint deleted to save cost"),
    ("together", "meta-llama/Llama-3.2-3B-Instruct-Turbo", "model_not_available since 2026-03-08"),
    ("vertex", "gemini-1.5-pro-002", "retired by the provider on 2025-09-24"),
)

SUCCESSORS = {
    ("groq", "moonshotai/kimi-k2-instruct"): "moonshotai/kimi-k2-instruct-0905",
}

CREATED = {
    ("vertex", "gemini-3-pro-preview"): UNTIL - timedelta(hours=17),
    ("bedrock", "us.deepseek.r1-v1:0"): UNTIL - timedelta(days=3),
}
"""Pairs that are younger than the rest."""

UNTRIED = (("cerebras", "zai-glm-4.7", UNTIL - timedelta(minutes=20)),)
"""Added so lately that the first attempt is still to come."""


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


def _march(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


CHAPTERS = (
    # Where two chapters cover an attempt, the first one tells.
    Chapter("azure", "gpt-5-mini", messages.wrong_parameter, _march(9, 15, 30)),
    Chapter(
        "bedrock", "anthropic.claude-3-opus-20240229-v1:0", messages.end_of_life, _march(9, 17)
    ),
    Chapter("bedrock", "us.deepseek.r1-v1:0", messages.no_access, BEGIN),
    Chapter(
        "databricks", "databricks-gpt-5-1-codex-max", messages.only_responses, _march(9, 9, 10)
    ),
    Chapter("groq", "moonshotai/kimi-k2-instruct", messages.decommissioned, _march(9, 12)),
    Chapter("openrouter", "openai/gpt-4.1", messages.refused_key, _march(9, 20, 15)),
    Chapter("together", "deepseek-ai/DeepSeek-R1", messages.no_answer, _march(9, 22)),
    Chapter(
        "together", "mistralai/Mixtral-8x7B-Instruct-v0.1", messages.not_serverless, _march(8, 14)
    ),
    Chapter(
        "together", "meta-llama/Llama-3.2-3B-Instruct-Turbo", messages.not_serverless, _march(8, 20)
    ),
    Chapter("vertex", "gemini-2.5-flash-preview-09-2025", messages.bare_404, _march(9, 18, 30)),
    Chapter(
        "cerebras",
        "qwen-3-235b-a22b-instruct-2507",
        messages.upstream,
        _march(8, 6),
        _march(9, 8),
    ),
    Chapter("openai", EVERYONE, messages.no_money, _march(10, 5, 20)),
    Chapter("deepinfra", EVERYONE, messages.busy, _march(9, 23, 40), _march(10, 1, 45)),
    Chapter(EVERYONE, EVERYONE, messages.not_stored, _march(10, 3, 5), _march(10, 4, 5), 0.4),
    Chapter(
        "fireworks",
        "accounts/fireworks/models/glm-4p6",
        messages.broken_upstream,
        _march(8, 8),
        share=0.4,
    ),
    Chapter("cerebras", "zai-glm-4.6", messages.too_many, _march(9, 8), share=0.3),
)

LEFT = {
    ("openrouter", "mistralai/mistral-medium-3.1"): _march(9, 7),
    ("together", "meta-llama/Llama-3.2-3B-Instruct-Turbo"): _march(9, 10),
}
"""No longer tried from then on: the first though it is enabled, the second because it is not."""


def pairs() -> Iterator[tuple[str, str]]:
    """All that are tried, sorted."""
    for provider, models in sorted(PAIRS.items()):
        for model in models.split():
            yield provider, model
