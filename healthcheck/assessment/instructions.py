"""What the AI is asked for. Constant: nothing of a day stands in it."""

from pathlib import Path

INSTRUCTIONS = Path(__file__).with_name("instructions.txt").read_text(encoding="utf-8").strip()
