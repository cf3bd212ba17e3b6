"""Where known providers report outages, and where accounts and keys are managed there.

Links come from this table alone, never from data.
"""

from healthcheck.taxonomy import ErrorKind

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


def _links(
    status: str, console: str, billing: str = "", keys: str = ""
) -> dict[ErrorKind | None, tuple[str, str]]:
    status_page = ("Status page", f"https://{status}")
    return {
        ErrorKind.BILLING: ("Billing", f"https://{console}{billing}"),
        ErrorKind.AUTH: ("API keys", f"https://{console}{keys}"),
        ErrorKind.RATE_LIMIT: ("Console", f"https://{console}"),
        ErrorKind.TRANSIENT_PROVIDER: status_page,
        ErrorKind.NETWORK: status_page,
        ErrorKind.TIMEOUT: status_page,
    }


PROVIDER_LINKS = {
    name: _links(*pages) for name, *pages in map(str.split, _PAGES.strip().splitlines())
}
"""By provider and kind of failure: label and page."""
