"""What a setting is called, and what its values are called: for the form that asks for it and for whoever tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.core.format import setting_number, thousands


@dataclass(frozen=True)
class Wording:
    """The words of one setting.

    Attributes:
        label: what it is called.
        unit: what its number counts or measures; may be empty.
        empty: what no value means.
        words: what some of its values are called.
    """

    label: str
    unit: str = ""
    empty: str = "automatic"
    words: Mapping[Any, str] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, name: str, extra: Any) -> Wording:
        """Read off a field of a settings model: its ``name`` and its ``json_schema_extra``."""
        said: Mapping[str, Any] = extra if isinstance(extra, Mapping) else {}
        return cls(
            str(said.get("label", name.replace("_", " ").capitalize())),
            str(said.get("unit", "")),
            str(said.get("empty", cls.empty)),
            said.get("words", {}),
        )

    def value_text(self, value: Any) -> str:
        """A value in words: ``32 pictures``, ``as a cosine``, ``yes``, ``0.3, 0.6, 0.8``."""
        match value:
            case None | "":
                return self.empty
            case bool():
                return "yes" if value else "no"
            case list() | tuple():
                return ", ".join(self.value_text(one) for one in value)
            case int():
                written = thousands(value)
            case float():
                written = setting_number(value)
            case _:
                written = str(value)
        said = str(self.words.get(value, written))
        return f"{said} {self.unit}" if self.unit else said
