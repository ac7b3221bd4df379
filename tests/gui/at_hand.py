"""What tests take in their hands: parts of the window that must be there, and editors as whatever kind they are."""

from __future__ import annotations

from typing import Any, TypeVar

from studio.gui.widgets.form import SettingsForm

T = TypeVar("T")


def there(found: T | None) -> T:
    """What must be there."""
    assert found is not None
    return found


def editor_of(form: SettingsForm, path: str) -> Any:
    """The editor of a field: a spin box, a box to tick, a line of text."""
    return form.editor(path)
