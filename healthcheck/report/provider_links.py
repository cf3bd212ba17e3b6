"""Where known providers report outages, and where accounts and keys are managed there.

Links come from this table alone, never from data.
"""

_PAGES = """
anthropic   status.claude.com           platform.claude.com/settings/ billing keys
anyscale    status.anyscale.com         console.anyscale.com
azure       azure.status.microsoft/en-us/status     portal.azure.com
bedrock     health.aws.amazon.com/health/status     console.aws.amazon.com/ billing bedrock
cerebras    status.cerebras.ai          cloud.cerebras.ai/platform
cohere      status.cohere.com           dashboard.cohere.com
databricks  status.databricks.com       accounts.cloud.databricks.com
deepinfra   status.deepinfra.com        deepinfra.com/dash/ billing api_keys
fireworks   status.fireworks.ai         app.fireworks.ai/ account/billing settings/users/api-keys
groq        groqstatus.com              console.groq.com/ settings/billing keys
lambda      status.lambda.ai            cloud.lambda.ai
mistral     status.mistral.ai           console.mistral.ai
openai      status.openai.com           platform.openai.com/ settings/organization/billing api-keys
openrouter  status.openrouter.ai        openrouter.ai/settings/ credits keys
runpod      uptime.runpod.io            console.runpod.io
together    status.together.ai          api.together.ai/settings/ billing api-keys
vertex      status.cloud.google.com     console.cloud.google.com/ billing apis/credentials
"""
"""Provider, status page, console, and under it the pages for billing and keys."""

LABELS = {
    "status": "Status page",
    "console": "Console",
    "billing": "Billing",
    "keys": "API keys",
}


def _links(status: str, console: str, billing: str = "", keys: str = "") -> dict[str, str]:
    pages = (status, console, console + billing, console + keys)
    return {page: f"https://{at}" for page, at in zip(LABELS, pages, strict=True)}


PROVIDER_LINKS = {
    name: _links(*pages) for name, *pages in map(str.split, _PAGES.strip().splitlines())
}
"""By provider and page (`Cause.page`)."""
