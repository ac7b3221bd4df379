"""Keeping a method under a name: the field for it, and the buttons to save, rename and delete."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from studio.core.errors import StudioError
from studio.gui import theme
from studio.gui.chooser.choice_queries import Ask
from studio.gui.presenters.composer_info import MethodSaver, MethodTable
from studio.gui.presenters.draft_info import Submit
from studio.gui.text.say import sentences
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.labels import ClampedLabel, Label

#: The most letters of a name, as in the settings of a composed method.
_MOST = 60
_REPLACE = "replace"


class SavedMethodsBar(QWidget):
    """Save, rename and delete, each done in a worker.

    Signals:
        kept: the name of a method that was saved or renamed.
        deleted: the name of one that is in the bin now.
        named: another name was typed.
    """

    kept = Signal(str)
    deleted = Signal(str)
    named = Signal(str)

    def __init__(self, keeper: MethodSaver, submit: Submit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keeper, self._submit = keeper, submit
        self._before = ""
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
        self.said = ClampedLabel(lines=2)
        self.name.textEdited.connect(self._typed)
        self.name.returnPressed.connect(self._entered)
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
        column.addWidget(self.said)
        self.show_method("", {})

    def show_method(self, kept_as: str, table: MethodTable, broken: bool = False) -> None:
        """Begin with a method.

        Args:
            kept_as: the name it is kept under, "" where it is not.
            table: its ``[method]`` table.
            broken: whether its file is broken: then it can only be deleted.
        """
        self._before, self._broken, self._changed, self._table = kept_as, broken, False, dict(table)
        settings = table.get("settings", {})
        self.name.setText(kept_as or str(settings.get("name", "")))
        self._say("")
        self._update()

    def show_table(self, table: MethodTable) -> None:
        """The method is another now; its name stays as it was typed."""
        self._table, self._changed = dict(table), True
        self._update()

    def ask_name(self) -> None:
        """Let another name be typed, where the method is kept."""
        if self._before and not self._broken:
            self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.name.selectAll()

    def ask_delete(self) -> None:
        """Move the method to the bin, where it is kept."""
        if self._before:
            self._delete()

    # --- wishes -------------------------------------------------------------------------------------------------------

    def _save(self) -> None:
        name = self.name.text()
        own = name.strip().casefold() == self._before.casefold()
        replace = own or self._replaces == name
        self._do(Ask(self._keeper.save, name, self._table, replace), name)

    def _entered(self) -> None:
        """Enter renames a kept method whose name alone was changed, and saves any other."""
        (self.rename if self.rename.isEnabled() and not self._changed else self.save).click()

    def _rename(self) -> None:
        self._do(Ask(self._keeper.rename, self._before, self.name.text()), self.name.text())

    def _delete(self) -> None:
        before = self._before

        def done(_where: object) -> None:
            self.deleted.emit(before)

        self._submit(Ask(self._keeper.delete, before), done, self._refused)

    def _do(self, job: Ask, name: str) -> None:
        def done(_own: object) -> None:
            self.kept.emit(" ".join(name.split()))

        self._submit(job, done, self._refused)

    def _refused(self, error: StudioError) -> None:
        self._say(sentences(error), "error")
        if _REPLACE in error.offers:
            self._replaces = self.name.text()
            self.save.setText(self.tr("Replace it"))

    def _typed(self, name: str) -> None:
        self._say("")
        self._update()
        self.named.emit(name)

    # --- showing ------------------------------------------------------------------------------------------------------

    def _update(self) -> None:
        self._replaces = ""
        name = self.name.text().strip()
        other = name.casefold() != self._before.casefold()
        self.save.setText(self.tr("Save changes") if self._before and not other else self.tr("Save"))
        self.save.setEnabled(bool(name) and bool(self._table) and not self._broken)
        self.name.setEnabled(not self._broken)
        self.rename.setVisible(bool(self._before) and not self._broken)
        self.rename.setEnabled(bool(self._before) and bool(name) and name != self._before)
        self.delete.setVisible(bool(self._before))

    def _say(self, words: str, tone: str = "text2") -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        theme.restyle(self.said, tone=tone)
