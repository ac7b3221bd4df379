"""What a setting is called, and what its values are called: for the form that asks for it and for whoever tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from studio.core.format import setting_number, thousands

SettingLevel = Literal["beginner", "expert", "composer"]
"""Who is asked for a setting: everybody, whoever unfolds the expert ones, or only the composer."""


@dataclass(frozen=True)
class Wording:
    """What :func:`studio.core.setting_field.setting` says of one setting, beside its default and its range.

    Attributes:
        label: what it is called.
        unit: what its number counts or measures; may be empty.
        empty: what no value means.
        words: what some of its values are called.
        step: what the arrows of its spin box add; None where they find it themselves.
        level: who is asked for it.
        files: of a path, which files it may name; it names a folder if empty.
    """

    label: str
    unit: str = ""
    empty: str = "automatic"
    words: Mapping[Any, str] = field(default_factory=dict, hash=False)
    step: float | None = None
    level: SettingLevel = "beginner"
    files: str = ""

    @classmethod
    def of(cls, name: str, extra: Any) -> Wording:
        """Read off a field of a settings model: its ``name`` and its ``json_schema_extra``, or its JSON schema."""
        said: Mapping[str, Any] = extra if isinstance(extra, Mapping) else {}
        return cls(
            str(said.get("label", name.replace("_", " ").capitalize())),
            str(said.get("unit", "")),
            str(said.get("empty", cls.empty)),
            said.get("words", {}),
            said.get("step"),
            said.get("level", cls.level),
            str(said.get("files", "")),
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
