"""The colours of the theme, as charts need them. They are written once, in `.streamlit/config.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CONFIG = Path(__file__).resolve().parents[1] / ".streamlit" / "config.toml"


@dataclass(frozen=True, slots=True)
class Palette:
    """One mode of the theme. `strong` fills what must be seen, `soft` what may stay quiet, `text` writes."""

    background: str
    foreground: str
    border: str
    strong: Mapping[str, str]
    soft: Mapping[str, str]
    text: Mapping[str, str]
    series: tuple[str, ...]

    @property
    def muted(self) -> str:
        return self.text["gray"]


HUES = ("red", "orange", "yellow", "green", "blue", "violet", "gray")


@cache
def palette(mode: str) -> Palette:
    """`mode` is "light" or "dark"."""
    theme = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]["dark" if mode == "dark" else "light"]
    return Palette(
        background=theme["backgroundColor"],
        foreground=theme["textColor"],
        border=theme["borderColor"],
        strong={hue: theme[f"{hue}Color"] for hue in HUES},
        soft={hue: theme[f"{hue}BackgroundColor"] for hue in HUES},
        text={hue: theme[f"{hue}TextColor"] for hue in HUES},
        series=tuple(theme["chartCategoricalColors"]),
    )
