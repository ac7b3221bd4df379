"""The settings of a method, and other methods whose terms join it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from studio.core import paths
from studio.core.suited_setting import SuitedSetting
from studio.gui.chooser.options import Options
from studio.gui.experiment.setting_fields import method_defaults, method_fields
from studio.gui.presenters.draft_info import Choice, Step
from studio.gui.presenters.suited_settings import method_table
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.buttons import button
from studio.gui.widgets.fields import Field
from studio.gui.widgets.flow import FlowLayout
from studio.gui.widgets.labels import Label


class MethodOptions(Options):
    """The method's own settings, and below them other methods whose terms join it."""

    def __init__(self, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(step, parent)
        self._joining: dict[str, Choice] = {}
        self._heading = Label(self.tr("Together with"), "section")
        self._chips = FlowLayout()
        self._menu = QMenu(self)
        self._menu.triggered.connect(self._add_method)
        self.add_button = button(self.tr("Add a method"), icon="plus")
        self.add_button.setMenu(self._menu)
        self.column.addWidget(self._heading)
        self.column.addLayout(self._chips)

    def show_joining(self, choices: Sequence[Choice]) -> None:
        """The methods that can be added to another."""
        self._joining = {choice.key: choice for choice in choices}
        self._show_table()

    @property
    def added(self) -> list[str]:
        """The keys of the methods added."""
        return [str(table.get("key", "")) for table in self._tables.get("method", {}).get("also", ())]

    @property
    def addable(self) -> list[str]:
        """The keys of the methods that can be added now."""
        taken = (self.key(), *self.added)
        return [key for key, choice in self._joining.items() if key not in taken and not choice.refusal]

    def add_method(self, key: str) -> None:
        """Add the terms of another method, with its default settings or those that suit what was picked."""
        added = method_table(self._joining[key]) if key in self._joining else {"key": key}
        self._set_also([*self._tables["method"].get("also", ()), added])

    def remove_method(self, key: str) -> None:
        """Take the terms of an added method away."""
        self._set_also([table for table in self._tables["method"].get("also", ()) if table.get("key") != key])

    def suited(self) -> dict[str, SuitedSetting]:
        own = self._choice.suited if self._choice is not None and not self._choice.saved else {}
        joined = enumerate(self._joining[key].suited if key in self._joining else {} for key in self.added)
        of_added = {f"method.also.{index}.settings.{name}": one for index, of in joined for name, one in of.items()}
        return {f"method.settings.{name}": found for name, found in own.items()} | of_added

    def _set_also(self, also: list[dict[str, Any]]) -> None:
        self._tables["method"]["also"] = also
        paths.put(self._begun, "method.also", copy.deepcopy(also))
        self._show_table()
        self._refill()
        self.changed.emit()

    def _show_table(self) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            old = item.widget()
            if old is not None and old is not self.add_button:
                old.hide()
                old.deleteLater()
        for key in self.added:
            title = say(self._joining[key].title) if key in self._joining else key
            chip = button(title, "chip", "close", self._chip_clicked)
            chip.setChecked(True)
            chip.setObjectName(key)
            chip.setToolTip(plain_tip(self.tr("Take {method} away").format(method=title)))
            self._chips.addWidget(chip)
        self._chips.addWidget(self.add_button)
        self._menu.clear()
        for key in self.addable:
            self._menu.addAction(say(self._joining[key].title)).setData(key)
        extends = self._choice is not None and self._choice.extends
        self.add_button.setVisible(extends and bool(self.addable))
        self._heading.setVisible(extends and bool(self._joining))

    def _add_method(self, action: QAction) -> None:
        self.add_method(str(action.data()))

    def _chip_clicked(self) -> None:
        chip = self.sender()
        if chip is not None:
            self.remove_method(chip.objectName())

    def _fields(self) -> Sequence[Field]:
        return method_fields(self._tables)

    def _defaults(self) -> dict[str, Any]:
        return method_defaults(self._tables)
