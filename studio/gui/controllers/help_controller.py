"""Which help page is shown: for the card, the setting or the view that has focus, and the pages of the Help menu."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMessageBox

from studio import __version__
from studio.core.format import setting_number
from studio.gui.help.help_dock import START, WHATS_NEW
from studio.gui.shell.window import Window
from studio.gui.text.say import say
from studio.gui.views.views_page import ViewsPage
from studio.gui.widgets.fields import Field


class HelpController(QObject):
    """Follows the focus while the help is open; F1 opens it."""

    def __init__(self, window: Window, views_page: ViewsPage, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._views_page = window, views_page
        window.panel.focused.connect(self._show_topic)
        window.welcome.help_requested.connect(self.show_start)
        views_page.help_requested.connect(window.open_help)
        views_page.view_changed.connect(self._follow_view)
        window.pages.currentChanged.connect(self._follow_page)

    def show_start(self) -> None:
        """What distillation is."""
        self._window.open_help(START)

    def show_whats_new(self) -> None:
        """What changed from version to version."""
        self._window.open_help(WHATS_NEW)

    def show_for_focus(self) -> None:
        """Open the help for what has focus; where that has none, the first page."""
        self._window.help_action.setChecked(True)
        self._window.help.tabs.setCurrentIndex(0)
        self._window.help.follow_focus(QApplication.focusWidget())

    def show_keyboard(self) -> None:
        """All keys."""
        lines = [self.tr("# Keyboard"), ""]
        table = self._window.actions_
        for spec in table.table:
            keys = table[spec.id].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            if keys:
                lines.append(f"- **{keys}** {table[spec.id].text()}")
        lines += [
            "",
            self.tr("## In the runs table"),
            "",
            self.tr("- **Space** ticks a run"),
            self.tr("- **Enter** opens it"),
            self.tr("- **F2** renames it"),
            self.tr("- **Delete** moves it to the bin"),
            "",
            self.tr("## On the time slider"),
            "",
            self.tr("- **Left, Right** go from snapshot to snapshot"),
            self.tr("- **Space** plays, **End** is live"),
        ]
        self._show_markdown("\n".join(lines))

    def show_about(self) -> None:
        """Name, version, licence."""
        name = QApplication.applicationDisplayName()
        words = self.tr("Version {version}. MIT licence.").format(version=__version__)
        box = QMessageBox(
            QMessageBox.Icon.NoIcon, name, f"{name}\n\n{words}", QMessageBox.StandardButton.Ok, self._window
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def show_method(self, key: str) -> None:
        """The page of the method that trains now, where there is one."""
        page = f"method-{key}"
        if self._window.help.browser.has_page(page):
            self._window.help.browser.open_page(page)

    def show_choice(self) -> None:
        """The page of the choice that is looked at."""
        self._window.help.follow_focus(self._window.pages.currentWidget())

    def _follow_page(self, _number: int) -> None:
        if self._window.pages.currentWidget() is self._views_page and self._views_page.view is not None:
            self._follow_view()

    def _follow_view(self) -> None:
        self._window.help.follow_focus(self._views_page.view)

    def _show_topic(self, name: str) -> None:
        """The page of a card, or what a setting means."""
        panel, known = self._window.panel, self._window.panel.draft_info
        step = next((step for step in panel.cards if step == name), None)
        if step is not None:
            page = known.cards[step].help_page if known is not None and step in known.cards else ""
            if page:
                self._window.help.browser.open_page(page)
            return
        field = next((field for field in panel.form.fields if field.path == name), None)
        if field is not None:
            self._window.help.browser.show_markdown(self._about_setting(field))

    def _about_setting(self, field: Field) -> str:
        lines = [f"# {say(field.label)}", "", f"{say(field.help)}.", ""]
        if field.default not in (None, ""):
            shown = setting_number(field.default)
            lines += [self.tr("Usually {value}.").format(value=f"{shown} {say(field.unit)}".strip()), ""]
        lines.append(self.tr("[All settings](help:settings)"))
        return "\n".join(lines)

    def _show_markdown(self, markdown: str) -> None:
        self._window.help_action.setChecked(True)
        self._window.help.tabs.setCurrentIndex(0)
        self._window.help.browser.show_markdown(markdown)
