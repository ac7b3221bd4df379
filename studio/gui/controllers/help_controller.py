"""Which help page is shown: for the card, the setting or the view that has focus, and the pages of the Help menu."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from studio import __version__
from studio.core.format import setting_number
from studio.gui.help.help_dock import START, WHATS_NEW
from studio.gui.help.help_history import HelpTopic
from studio.gui.shell.window import Window
from studio.gui.text.glossary import PAGE, glossary
from studio.gui.text.say import say
from studio.gui.views.views_page import ViewsPage
from studio.gui.widgets.field_row import FieldRow
from studio.gui.widgets.fields import Field


class HelpController(QObject):
    """Follows the focus while the help is open; F1 opens it."""

    def __init__(self, window: Window, views_page: ViewsPage, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._views_page = window, views_page
        window.panel.focused.connect(self._show_topic)
        window.panel.described.connect(self._follow_choice)
        window.welcome.help_requested.connect(self.show_start)
        views_page.help_requested.connect(window.open_help)
        views_page.view_changed.connect(self._follow_view)
        window.pages.currentChanged.connect(self._follow_page)

    def show_start(self) -> None:
        """What distillation is."""
        self._window.open_help(START)

    def show_words(self) -> None:
        """All words that are explained where they stand."""
        self._window.open_help(PAGE)

    def show_whats_new(self) -> None:
        """What changed from version to version."""
        self._window.open_help(WHATS_NEW)

    def show_for_focus(self) -> None:
        """Open the help for what has focus; where that has none, the first page."""
        help_dock = self._window.help
        self._window.help_action.setChecked(True)
        help_dock.tabs.setCurrentIndex(0)
        help_dock.reader.release()
        focus = QApplication.focusWidget()
        if not self._show_setting(self._setting_of(focus)):
            help_dock.follow_focus(focus)

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
        """Offer the page of the method that trains now, where there is one; what is read stays."""
        page = f"method-{key}"
        if self._window.help.browser.has_page(page):
            self._window.help.reader.offer_only(HelpTopic(page))

    def show_choice(self) -> None:
        """The page of the choice that is looked at."""
        self._window.help.follow_focus(self._window.pages.currentWidget())

    def _follow_choice(self) -> None:
        """What stands on a card may be another now: its page follows, if the card still has the focus."""
        focus = QApplication.focusWidget()
        if focus in self._window.panel.cards.values() and self._window.help.isVisible():
            self._window.help.follow_focus(focus)

    def _follow_page(self, _number: int) -> None:
        page = self._window.pages.currentWidget()
        if page is not self._views_page:
            self._window.help.follow_focus(page)
        elif self._views_page.view is not None:
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
                self._window.help.reader.suggest(HelpTopic(page))
            return
        self._show_setting(name)

    def _setting_of(self, widget: QWidget | None) -> str:
        """The path of the setting whose field has the focus; empty where it is none."""
        while widget is not None and not isinstance(widget, FieldRow):
            widget = widget.parentWidget()
        return "" if widget is None else widget.field.path

    def _show_setting(self, path: str) -> bool:
        """What a setting means; False where there is none of this path."""
        form = self._window.panel.form
        field = next((field for field in form.fields if field.path == path), None)
        if field is not None:
            self._window.help.reader.suggest(HelpTopic(markdown=self._about_setting(field)))
        return field is not None

    def _about_setting(self, field: Field) -> str:
        lines = [f"# {say(field.label)}", "", f"{say(field.help)}.", ""]
        if field.default not in (None, ""):
            shown = setting_number(field.default)
            lines += [self.tr("Usually {value}.").format(value=f"{shown} {say(field.unit)}".strip()), ""]
        lines += [line for span in glossary().spans(say(field.label)) for line in (span.entry.text, "")]
        lines.append(self.tr("[All settings](help:settings) · [All words](help:glossary)"))
        return "\n".join(lines)

    def _show_markdown(self, markdown: str) -> None:
        self._window.show_help(HelpTopic(markdown=markdown))
