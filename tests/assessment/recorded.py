"""Days of the service, to tell of: one fault each, besides the sample day."""

from collections.abc import Callable

from scene import BUSY, NO_MONEY, RETIRED, STRANGE, TOO_MANY, TOO_SLOW, UNSUPPORTED, Fails, Scene

TEMPERATURE = (
    "ValidationException: An error occurred (ValidationException) when calling the ConverseStream "
    "operation: The model returned the following errors: `temperature` is deprecated for this model."
)
BUDGET = "ValueError: visible output empty: the token budget was exhausted by hidden reasoning"
INGEST = "RuntimeError: failed to post results to the ingest api: 403 token rejected"
UNFINISHED = "JSONDecodeError: Unterminated string starting at: line 1 column 34 (char 33)"
NO_DEVICE = "OSError: [Errno 28] No space left on device: '/var/spool/bench/results'"
VANISHED = (
    "NotFoundError: Error code: 404 - {'error': {'message': 'The model `codex-mini-latest` does not "
    "exist or you do not have access to it.', 'code': 'model_not_found'}}"
)
NO_PROFILE = "ProfileNotFound: The config profile (zh-ml-mlengineer) could not be found"
NO_TOKENS = "ValueError: output_tokens 0 <= 0 for deepinfra"
QUOTA = (
    "RateLimitError: Error code: 429 - {'error': {'code': 429, 'message': 'Quota exceeded for "
    "online_prediction_requests_per_base_model', 'status': 'RESOURCE_EXHAUSTED'}}"
)


def temperature() -> Scene:
    scene = Scene().others().models("bedrock", 4)
    return scene.model("bedrock", "us.anthropic.claude-opus-4-7", Fails(14, 0, TEMPERATURE))


def unpaid() -> Scene:
    scene = Scene().others().models("deepinfra", 6, Fails(50, 0, NO_MONEY))
    return scene.model("groq", "openai/gpt-oss-20b").model("groq", "llama-3.3-70b-versatile")


def workers() -> Scene:
    scene = Scene().models("bedrock", 5)
    for provider in ("groq", "together", "fireworks", "mistral"):
        scene.models(provider, 5, end=11)
    return scene


def budget() -> Scene:
    scene = Scene().others().models("openai", 6)
    for model in ("o3", "o4-mini", "gpt-5", "gpt-5-nano"):
        scene.model("openai", model, Fails(12, 0, BUDGET, stage="validate"))
    return scene


def ingest() -> Scene:
    return Scene().others().models("bedrock", 6, Fails(8, 0, INGEST, stage="ingest"))


def outage() -> Scene:
    scene = Scene().others().models("anthropic", 5, Fails(9, 4, BUSY))
    return scene.model("alpha", "slowpoke", Fails(16, 0, TOO_SLOW))


def strange() -> Scene:
    scene = Scene().others().models("groq", 4).model("groq", "odd", Fails(6, 0, STRANGE))
    scene.model("cerebras", "llama3.1-8b", Fails(9, 8, UNFINISHED)).models("cerebras", 3)
    return scene.models("fireworks", 4, Fails(3, 0, NO_DEVICE))


def silent() -> Scene:
    return Scene().models("alpha", 5, end=7).models("beta", 5, end=7)


def quota() -> Scene:
    scene = Scene().others().models("vertex", 5)
    for model in ("claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"):
        scene.model("vertex", model, Fails(72, 0, QUOTA), Fails(0, 0, BUSY), every=60)
    return scene


def retired() -> Scene:
    scene = Scene().others().models("openai", 4).models("cohere", 4)
    scene.model("openai", "o1-mini", Fails(20, 0, RETIRED))
    scene.model("cohere", "command-r-03-2024", Fails(30, 0, RETIRED))
    return scene.model("cohere", "command-r-plus-04-2024", Fails(30, 0, RETIRED))


def unscheduled() -> Scene:
    return Scene().others().models("groq", 8).models("deepinfra", 8).models("deepinfra-x", 0).model(
        "deepinfra", "Qwen/Qwen3-235B-A22B", end=40
    ).model("deepinfra", "zai-org/GLM-4.6", end=40).model("deepinfra", "moonshotai/Kimi-K2", end=40)  # fmt: skip


def limited() -> Scene:
    scene = Scene().others().models("together", 6, Fails(20, 2, TOO_MANY, every=2))
    return scene.model("together", "deepseek-ai/DeepSeek-R1", Fails(11, 0, TOO_SLOW))


def slowed() -> Scene:
    """Far fewer attempts everywhere."""
    scene = Scene()
    for provider in ("anthropic", "bedrock", "cerebras", "groq"):
        for number in range(6):
            name = f"{provider}-model-{number}"
            scene.model(provider, name, end=24).model(provider, name, every=240, begin=24)
    return scene


def giants() -> Scene:
    scene = Scene().others().models("deepinfra", 5).models("fireworks", 5)
    for provider, model in (
        ("deepinfra", "Qwen/Qwen3-235B-A22B"),
        ("deepinfra", "meta-llama/Meta-Llama-3.1-405B-Instruct"),
        ("fireworks", "accounts/fireworks/models/llama-v3p1-405b-instruct"),
    ):
        scene.model(provider, model, Fails(145, 0, TOO_SLOW))
    return scene


def renamed() -> Scene:
    scene = Scene().others().models("openai", 6)
    return scene.model("openai", "o3-mini", Fails(14, 0, UNSUPPORTED))


def vanished() -> Scene:
    scene = Scene().others().models("openai", 6)
    return scene.model("openai", "codex-mini-latest", Fails(8, 0, VANISHED))


def profile() -> Scene:
    """It comes and goes: one of two runners lacks it."""
    fails = [Fails(hours + 1, hours, NO_PROFILE) for hours in (3, 9, 15, 27, 33, 39)]
    return Scene().others().models("bedrock", 6, *fails)


def unchecked() -> Scene:
    scene = Scene().others()
    for provider in ("deepinfra", "fireworks", "together"):
        scene.models(provider, 6, Fails(12, 0, NO_TOKENS, stage="validate"))
    return scene


def quiet() -> Scene:
    return Scene().others()


DAYS: dict[str, Callable[[], Scene]] = {
    make.__name__: make
    for make in (
        temperature, unpaid, workers, budget, ingest, outage, strange, silent, quota, retired,
        unscheduled, limited, slowed, giants, renamed, vanished, profile, unchecked, quiet,
    )
}  # fmt: skip
