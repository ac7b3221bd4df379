"""What tests take in their hands: parts of the window that must be there, and editors as whatever kind they are."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from studio.gui.widgets.form import SettingsForm

T = TypeVar("T")


def there(found: T | None) -> T:
    """What must be there."""
    assert found is not None
    return found


def editor_of(form: SettingsForm, path: str) -> Any:
    """The editor of a field: a spin box, a box to tick, a line of text."""
    return form.editor(path)


def line_of(form: SettingsForm, path: str) -> QLineEdit:
    """The line of text a person types into."""
    editor = form.editor(path)
    line = editor if isinstance(editor, QLineEdit) else editor.findChild(QLineEdit)
    return there(line)


def fill_in(form: SettingsForm, path: str, typed: str) -> None:
    """Put another text in place of what stands in a field, as a person does who then goes on."""
    line = line_of(form, path)
    line.selectAll()
    QTest.keyClicks(line, typed)
    form.complete()
