"""What tokens cost, so that the footer of the report can estimate it."""

import re

PRICES = {
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-4o": (2.50, 10.00),
    "gpt-4.1-nano": (0.10, 0.40),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1": (2.00, 8.00),
    "gpt-5-nano": (0.05, 0.40),
    "gpt-5-mini": (0.25, 2.00),
    "gpt-5": (1.25, 10.00),
    "gpt-5.1": (1.25, 10.00),
    "o3": (2.00, 8.00),
    "o4-mini": (1.10, 4.40),
}
"""US dollars for a million tokens of input, and of output: list prices without discounts of
https://platform.openai.com/docs/pricing in March 2026."""

_VERSION = re.compile(r"-\d{4}-\d{2}-\d{2}$")


def cost_usd(model: str, input_tokens: int | None, output_tokens: int | None) -> float | None:
    """An estimate; None for a model whose price is not known."""
    price = PRICES.get(_VERSION.sub("", model))
    if price is None or input_tokens is None or output_tokens is None:
        return None
    return round((price[0] * input_tokens + price[1] * output_tokens) / 1_000_000, 6)
