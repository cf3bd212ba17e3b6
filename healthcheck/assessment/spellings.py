"""How people write the names of the day: a provider in its usual spelling, a model as prose has it."""

import re
from collections.abc import Iterator

_PROVIDERS = {
    "azure": ("Azure OpenAI", "Microsoft Azure", "Azure AI"),
    "bedrock": ("AWS Bedrock", "Amazon Bedrock", "AWS", "Amazon"),
    "cohere": ("Cohere AI",),
    "deepinfra": ("Deep Infra",),
    "fireworks": ("Fireworks AI", "Fireworks.ai"),
    "gemini": ("Google Gemini", "Google AI", "Google"),
    "google": ("Google Gemini", "Google AI"),
    "huggingface": ("Hugging Face",),
    "minimax": ("MiniMax AI",),
    "mistral": ("Mistral AI",),
    "moonshot": ("Moonshot AI",),
    "nvidia": ("NVIDIA NIM",),
    "openai": ("Open AI",),
    "openrouter": ("Open Router",),
    "perplexity": ("Perplexity AI",),
    "sambanova": ("SambaNova Cloud",),
    "together": ("Together AI", "Together.ai"),
    "togetherai": ("Together AI", "Together.ai", "Together"),
    "vertex": ("Google Vertex AI", "Google Cloud Vertex AI", "Vertex AI", "Google Cloud", "Google"),
    "vertexai": ("Google Vertex AI", "Vertex AI", "Vertex"),
    "xai": ("x.AI",),
}
"""Letter case does not matter."""

_BEDROCK = re.compile(
    r"(?:[a-z]{2,6}\.)?[a-z0-9]{2,12}\.(?P<model>[a-z][\w.-]*?)(?:-\d{8})?-v\d+:\d+"
)
"""As in us.anthropic.claude-3-opus-20240229-v1:0."""


def spellings(name: str) -> Iterator[str]:
    """The name itself, and what people write for it; never the name of its family or its maker."""
    yield name
    yield from _PROVIDERS.get(name.lower(), ())
    short = name.rpartition("/")[2]
    bare = _BEDROCK.fullmatch(short)
    for each in dict.fromkeys((short, bare["model"] if bare else short)):
        yield each
        if each.count("-") and any(map(str.isdigit, each)):
            yield each.replace("-", " ")
            # As in "GPT-5 mini" and "DeepSeek R1".
            yield re.sub(r"-(?=[A-Za-z])", " ", each)
