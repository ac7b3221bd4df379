"""Sentences in the person's language: what comes from below the window is translated when it is shown."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.core.message import Text

CONTEXT = "studio"


def say(sentence: Text | str) -> str:
    """A sentence as it is shown: its English template translated, then its values filled in.

    A value may be a sentence itself.
    """
    if isinstance(sentence, str):
        return QCoreApplication.translate(CONTEXT, sentence) if sentence else ""
    if not sentence:
        return ""
    values = {name: say(value) if isinstance(value, Text) else value for name, value in sentence.values.items()}
    translated = QCoreApplication.translate(CONTEXT, sentence.template)
    return translated.format(**values) if values else translated


def counted(n: int, one: str, many: str, **values: object) -> str:
    """``one`` for a single thing, else ``many`` with its ``{n}`` filled in; both already translated.

    Args:
        values: what else there is to fill in, in either.
    """
    if n == 1:
        return one.format(**values) if values else one
    return many.format(n=n, **values)
