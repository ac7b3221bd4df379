"""Saving a method under a name: the field for it, and the buttons to save, rename and delete."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from studio.core.errors import StudioError
from studio.gui import theme
from studio.gui.presenters.composer_info import MethodSaver, MethodTable
from studio.gui.system.background_jobs import Submit
from studio.gui.text.say import say
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.labels import ClampedLabel, Label

#: The most letters of a name, as in the settings of a composed method.
_MOST = 60
_REPLACE = "replace"


class SavedMethodsBar(QWidget):
    """Save, rename and delete, each done in a worker.

    Signals:
        saved: the name of a method that was saved or renamed.
        deleted: the name of one that is in the bin now.
    """

    saved = Signal(str)
    deleted = Signal(str)

    def __init__(self, methods: MethodSaver, submit: Submit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._methods, self._submit = methods, submit
        self._saved_as = ""
        self._table: dict[str, object] = {}
        self._broken = self._changed = False
        self._replaces = ""
        self.name = QLineEdit()
        self.name.setMaxLength(_MOST)
        self.name.setAccessibleName(self.tr("Name of the method"))
        self.name.setPlaceholderText(self.tr("Give it a name to keep it"))
        self.name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.save = button(self.tr("Save"), clicked=self._save)
        self.rename = button(self.tr("Rename"), clicked=self._rename)
        self.delete = IconButton("trash", self.tr("Move to the bin"), self._delete)
        self.message = ClampedLabel(lines=2)
        self.name.textEdited.connect(self._name_typed)
        self.name.returnPressed.connect(self._accept_name)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Label(self.tr("Name"), "body"))
        row.addWidget(self.name, 1)
        for widget in (self.save, self.rename, self.delete):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.message)
        self.show_method("", {})

    def show_method(self, saved_as: str, table: MethodTable, broken: bool = False) -> None:
        """Begin with a method.

        Args:
            saved_as: the name it is saved under, "" where it is not.
            table: its ``[method]`` table.
            broken: whether its file is broken: then it can only be deleted.
        """
        self._saved_as, self._broken, self._changed, self._table = saved_as, broken, False, dict(table)
        settings = table.get("settings", {})
        self.name.setText(saved_as or str(settings.get("name", "")))
        self._show_message("")
        self._refresh()

    def show_table(self, table: MethodTable) -> None:
        """The method is another now; its name stays as it was typed."""
        self._table, self._changed = dict(table), True
        self._refresh()

    def edit_name(self) -> None:
        """Let another name be typed, where the method is saved."""
        if self._saved_as and not self._broken:
            self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.name.selectAll()

    def delete_saved(self) -> None:
        """Move the method to the bin, where it is saved."""
        if self._saved_as:
            self._delete()

    # --- wishes -------------------------------------------------------------------------------------------------------

    def _save(self) -> None:
        name = self.name.text()
        own = name.strip().casefold() == self._saved_as.casefold()
        replace = own or self._replaces == name
        self._submit_save(partial(self._methods.save, name, self._table, replace), name)

    def _accept_name(self) -> None:
        """Enter renames a saved method whose name alone was changed, and saves any other."""
        (self.rename if self.rename.isEnabled() and not self._changed else self.save).click()

    def _rename(self) -> None:
        self._submit_save(partial(self._methods.rename, self._saved_as, self.name.text()), self.name.text())

    def _delete(self) -> None:
        before = self._saved_as

        def done(_where: object) -> None:
            self.deleted.emit(before)

        self._submit(partial(self._methods.delete, before), done, self._show_refusal)

    def _submit_save(self, job: Callable[[], object], name: str) -> None:
        def done(_own: object) -> None:
            self.saved.emit(" ".join(name.split()))

        self._submit(job, done, self._show_refusal)

    def _show_refusal(self, error: StudioError) -> None:
        self._show_message(say(error.paragraph()), "error")
        if _REPLACE in error.offers:
            self._replaces = self.name.text()
            self.save.setText(self.tr("Replace it"))

    def _name_typed(self) -> None:
        self._show_message("")
        self._refresh()

    # --- showing ------------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        self._replaces = ""
        name = self.name.text().strip()
        other = name.casefold() != self._saved_as.casefold()
        self.save.setText(self.tr("Save changes") if self._saved_as and not other else self.tr("Save"))
        self.save.setEnabled(bool(name) and bool(self._table) and not self._broken)
        self.name.setEnabled(not self._broken)
        self.rename.setVisible(bool(self._saved_as) and not self._broken)
        self.rename.setEnabled(bool(self._saved_as) and bool(name) and name != self._saved_as)
        self.delete.setVisible(bool(self._saved_as))

    def _show_message(self, words: str, tone: str = "text2") -> None:
        self.message.setText(words)
        self.message.setVisible(bool(words))
        theme.restyle(self.message, tone=tone)
