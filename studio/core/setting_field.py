"""One setting of a settings model: its default, its range, and what a form, the help and the terminal say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import Field, JsonValue

from studio.core.setting_text import SettingLevel

T = TypeVar("T")


def setting(
    default: T,
    *,
    description: str,
    label: str = "",
    unit: str = "",
    step: float | None = None,
    level: SettingLevel = "beginner",
    empty: str = "",
    words: Mapping[str, str] | None = None,
    earlier: JsonValue = None,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    max_length: int | None = None,
    pattern: str | None = None,
    files: str = "",
) -> T:
    """A field of a settings model.

    :class:`studio.core.setting_text.Wording` reads what is said of it.

    Args:
        default: its value where nobody says otherwise.
        description: what it means, in words, without a full stop.
        label: the words beside it; its name in words unless given.
        unit: what its number counts or measures.
        step: what the arrows of its spin box add.
        level: "expert" settings are folded away, those of the "composer" are chosen there and not in a form.
        empty: what no value means.
        words: what some of its values are called.
        earlier: what was done before there was this setting, where that is not its default: runs of that time keep it.
        ge: the least number, or ``gt``: what it is above.
        gt: see ``ge``.
        le: the largest number, or ``lt``: what it is below.
        lt: see ``le``.
        max_length: of a text.
        pattern: a regular expression that is found in a text.
        files: of a path, which files it may name, as a dialog asks for them; it names a folder if empty.

    Example:
        >>> from pydantic import BaseModel
        >>> class Settings(BaseModel):
        ...     margin: float = setting(1.0, gt=0, le=10, step=0.1, label="Margin μ", description="How far beyond")
        >>> Settings().margin
        1.0
    """
    said: dict[str, JsonValue] = {
        "label": label,
        "unit": unit,
        "step": step,
        "level": "" if level == "beginner" else level,
        "empty": empty,
        "words": dict(words or {}),
        "earlier": earlier,
        "files": files,
    }
    made: T = Field(
        default,
        description=description,
        json_schema_extra={key: value for key, value in said.items() if value},
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        max_length=max_length,
        pattern=pattern,
    )
    return made
