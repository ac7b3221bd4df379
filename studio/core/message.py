"""Sentences for a person, kept as an English template and its values so that the window can translate them on display."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """A sentence for a person: ``Text("Epoch {epoch} of {epochs}", {"epoch": 3, "epochs": 60})``.

    ``str(text)`` is the English sentence. The window looks ``template`` up in its translations and fills in ``values``.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template

    def __bool__(self) -> bool:
        return bool(self.template)


def text(template: str, **values: object) -> Text:
    """Shorthand for :class:`Text`: ``text("{n} pictures", n=5)``."""
    return Text(template, values)


NOTHING = Text("")


def translatable(template: str) -> str:
    """Marks a text for the translators where it stands as a plain ``str``; it is translated when it is shown."""
    return template


def paragraph(**sentences: Text) -> Text:
    """Sentences in one, each of which is still translated by itself; empty ones are left out.

    The names are those of the values in its template: ``paragraph(what=..., why=...)`` is ``"{what} {why}"``.
    """
    said = {name: sentence for name, sentence in sentences.items() if sentence}
    return Text(" ".join(f"{{{name}}}" for name in said), said)
