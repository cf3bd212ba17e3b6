"""What tokens cost, so that the footer of the report can estimate it."""

import re
from typing import NamedTuple


class Price(NamedTuple):
    """US dollars for a million tokens."""

    input: float
    output: float


PRICES = {
    "gpt-4o-mini": Price(0.15, 0.60),
    "gpt-4o": Price(2.50, 10.00),
    "gpt-4.1-nano": Price(0.10, 0.40),
    "gpt-4.1-mini": Price(0.40, 1.60),
    "gpt-4.1": Price(2.00, 8.00),
    "gpt-5-nano": Price(0.05, 0.40),
    "gpt-5-mini": Price(0.25, 2.00),
    "gpt-5": Price(1.25, 10.00),
    "gpt-5.1": Price(1.25, 10.00),
    "o3": Price(2.00, 8.00),
    "o4-mini": Price(1.10, 4.40),
}
"""List prices of https://platform.openai.com/docs/pricing in March 2026, without discounts."""

_VERSION = re.compile(r"-\d{4}-\d{2}-\d{2}$")


def cost_usd(model: str, input_tokens: int | None, output_tokens: int | None) -> float | None:
    """An estimate; None for a model whose price is not known."""
    price = PRICES.get(_VERSION.sub("", model))
    if price is None or input_tokens is None or output_tokens is None:
        return None
    return round((price.input * input_tokens + price.output * output_tokens) / 1_000_000, 6)
