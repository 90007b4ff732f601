"""Words that invented records are made of, from ``words.toml``."""

import tomllib
from pathlib import Path
from typing import Any

WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def __getattr__(name: str) -> Any:
    """Return one of the lists or tables of ``words.toml``."""
    try:
        return WORDS[name]
    except KeyError:
        raise AttributeError(name) from None
