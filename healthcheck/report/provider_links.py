"""Where known providers report outages, and where their accounts are managed.

Links come from here alone, never from data.
"""

from typing import NamedTuple


class ProviderLinks(NamedTuple):
    """`name` as the provider writes it, its status page and its console."""

    name: str
    status: str
    console: str


PROVIDER_LINKS = {
    "anthropic": ProviderLinks(
        "Anthropic",
        "https://status.anthropic.com",
        "https://console.anthropic.com/settings/billing",
    ),
    "anyscale": ProviderLinks(
        "Anyscale", "https://status.anyscale.com", "https://console.anyscale.com"
    ),
    "azure": ProviderLinks("Azure", "https://azure.status.microsoft", "https://portal.azure.com"),
    "bedrock": ProviderLinks(
        "AWS Bedrock",
        "https://health.aws.amazon.com/health/status",
        "https://console.aws.amazon.com/bedrock",
    ),
    "cerebras": ProviderLinks(
        "Cerebras", "https://status.cerebras.ai", "https://cloud.cerebras.ai"
    ),
    "databricks": ProviderLinks(
        "Databricks", "https://status.databricks.com", "https://accounts.cloud.databricks.com"
    ),
    "deepinfra": ProviderLinks(
        "DeepInfra", "https://status.deepinfra.com", "https://deepinfra.com/dash"
    ),
    "fireworks": ProviderLinks(
        "Fireworks", "https://status.fireworks.ai", "https://app.fireworks.ai"
    ),
    "groq": ProviderLinks("Groq", "https://groqstatus.com", "https://console.groq.com"),
    "lambda": ProviderLinks("Lambda", "https://status.lambda.ai", "https://cloud.lambda.ai"),
    "openai": ProviderLinks(
        "OpenAI",
        "https://status.openai.com",
        "https://platform.openai.com/settings/organization/billing",
    ),
    "openrouter": ProviderLinks(
        "OpenRouter", "https://status.openrouter.ai", "https://openrouter.ai/settings/credits"
    ),
    "runpod": ProviderLinks("RunPod", "https://uptime.runpod.io", "https://console.runpod.io"),
    "together": ProviderLinks("Together", "https://status.together.ai", "https://api.together.ai"),
    "vertex": ProviderLinks(
        "Google Cloud",
        "https://status.cloud.google.com",
        "https://console.cloud.google.com/billing",
    ),
}
