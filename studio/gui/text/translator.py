"""The language of the window: that of the system where somebody translated to it, else English.

Translations are ``resources/i18n/studio_<language>.qm``, made from the list ``tests/tools/translatable_texts.py`` writes.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from studio.core import resources


def install_translator(
    app: QCoreApplication, locale: QLocale | None = None, folder: Path | None = None
) -> QTranslator | None:
    """Let ``app`` speak the language of ``locale`` (the system's); before the first widget is made.

    Returns:
        The translations in force; None where there are none for it.
    """
    translator = QTranslator(app)
    where = folder or resources.folder("i18n")
    if not translator.load(locale or QLocale.system(), "studio", "_", str(where)):
        return None
    app.installTranslator(translator)
    return translator
