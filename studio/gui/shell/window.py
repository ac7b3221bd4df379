"""The frame of the main window: menus, the bar on top, docks around the centre, and how they share the room.

Everything here is Qt alone, so that it is on the screen before anything else is imported. What happens when something is
pressed is :class:`studio.gui.controllers.main_controller.MainController`'s.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QWhatsThisClickedEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QMenuBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.gui import theme
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.experiment.experiment_panel import SMALL_WIDTH, WIDTH, ExperimentPanel
from studio.gui.help.help_dock import WIDTH as HELP_WIDTH
from studio.gui.help.help_dock import HelpDock
from studio.gui.help.help_history import HelpTopic
from studio.gui.shell.actions import Actions
from studio.gui.shell.starting_page import StartingPage
from studio.gui.shell.text_size_menu import TextSizeMenu
from studio.gui.shell.top_bar import TopBar
from studio.gui.shell.welcome_page import WelcomePage
from studio.gui.system import repolish
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.system.window_settings import WindowSettings
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import NoticeBox
from studio.gui.widgets.reading_order import next_stop, reveal, tab_stops
from studio.runs.presets.presets import Preset, all_presets

LEAST, USUAL = QSize(1024, 700), QSize(1440, 900)
#: The window itself may be smaller than all of it needs: then it scrolls.
SMALLEST = QSize(480, 320)
#: What a frame takes of the screen, at most.
FRAME = QSize(16, 48)
#: Under this width there is less of everything.
COMPACT = 1200
MENU_HEIGHT, MENU_PADDING = 28, 11
RUNS_FOLDED, RUNS_LEAST, RUNS_SMALL, RUNS_USUAL = 34, 130, 168, 234
NO_LIMIT = 16_777_215


def may_always() -> bool:
    """Nothing keeps the window from closing."""
    return True


class Window(GuardedOverrides, QMainWindow):
    """The main window without its controllers.

    Signals:
        compacted: whether there is little room, after it changed.
        roomed: the page in the centre wants more room, or less, than before.
    """

    compacted = Signal(bool)
    roomed = Signal()

    def __init__(self, settings: WindowSettings) -> None:
        super().__init__()
        self.settings = settings
        self.actions_ = Actions(self)
        self.top_bar = TopBar(self.actions_)
        self.draft = ExperimentDraft(parent=self)
        self.panel = ExperimentPanel(self.draft)
        self.help = HelpDock()
        self.welcome = WelcomePage(all_presets(), settings.show_welcome)
        self.notice = NoticeBox()
        self.pages = QStackedWidget()
        #: In the centre while a run that was asked for at the start is made ready; None where none was.
        self.starting: StartingPage | None = None
        #: Asked before the window closes; False keeps it open.
        self.may_close: Callable[[], bool] = may_always
        self.help_action = self.actions_["help_dock"]
        self._compact: bool | None = None
        self._runs_folded = False
        #: Everything below the menus: the bar on top, docks and centre. It scrolls where the window is smaller.
        self.body = QMainWindow(None, Qt.WindowType.Widget)
        self._make_head()
        self._make_centre()
        self._make_docks()
        self.setWindowTitle("Distillation Studio")
        self.setWindowIcon(theme.app_icon())
        self._make_scroll()
        self._restore_geometry()
        self.help_action.toggled.connect(self._show_help)
        self.help_action.triggered.connect(self._remember_help)
        self.help.closed.connect(self.help_action.trigger)
        self.welcome.set_ready(False)
        self.top_bar.phase.set_text(self.tr("Getting ready"))
        theme.set_setter(repolish.set_style_sheet)
        theme.notifier().changed.connect(self._show_theme)
        self._show_theme()

    # --- making ------------------------------------------------------------------------------------------------------

    def _make_head(self) -> None:
        menu_bar = QMenuBar()
        self._menu_bar = menu_bar
        self.menus = self.actions_.add_menus(menu_bar)
        self.text_size = TextSizeMenu(self.settings.text_size, self)
        for name in ("new", "open", "save", "gallery", "train_several"):
            self.panel.header.menu.addAction(self.actions_[name])
        self.menus["View"].insertMenu(self.actions_["full_screen"], self.text_size)
        line = QWidget()
        line.setProperty("surface", "line")
        line.setFixedHeight(1)
        line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.top_bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.top_bar, line):
            column.addWidget(widget)
        self.body.setMenuWidget(head)
        self.setMenuWidget(menu_bar)
        for spec in self.actions_.table:  # shortcuts work wherever the focus is
            self.addAction(self.actions_[spec.id])

    def _make_centre(self) -> None:
        self.pages.addWidget(self.welcome)
        centre = QWidget()
        centre.setMinimumSize(540, 300)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        strip = QVBoxLayout()
        strip.setContentsMargins(8, 0, 8, 0)
        strip.addWidget(self.notice)
        column.addLayout(strip)
        column.addWidget(self.pages, 1)
        self.body.setCentralWidget(centre)
        self._centre = centre
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        centre.setFocus()

    def _make_docks(self) -> None:
        self.body.setCorner(Qt.Corner.TopLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.body.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.body.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.left = self._dock("experiment", self.tr("Experiment"), self.panel, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.right = self._dock("help", self.tr("Help"), self.help, Qt.DockWidgetArea.RightDockWidgetArea)
        waiting = QWidget()
        waiting.setProperty("surface", "plain")
        waiting.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head = Label(self.tr("Runs"), "dock")
        theme.keep_length(head, QWidget.setFixedHeight, RUNS_FOLDED)
        column = QVBoxLayout(waiting)
        column.setContentsMargins(12, 0, 12, 0)
        column.addWidget(head, 0, Qt.AlignmentFlag.AlignTop)
        self.bottom = self._dock("runs", self.tr("Runs"), waiting, Qt.DockWidgetArea.BottomDockWidgetArea)
        waiting.setMinimumHeight(RUNS_LEAST)

    def _make_scroll(self) -> None:
        scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.body)
        self.setCentralWidget(scroll)
        self.setMinimumSize(SMALLEST)
        self._fit_text()
        self._centre.setFocus()  # no button has it before somebody asks for one

    def _fit_text(self) -> None:
        """The room that menus and docks need at the size of text in force; where the window has less it scrolls."""
        self._menu_bar.ensurePolished()  # its font is that of the style sheet
        high = self._menu_bar.fontMetrics().height() + theme.scaled(MENU_PADDING)
        self._menu_bar.setFixedHeight(max(theme.scaled(MENU_HEIGHT), high))
        least = LEAST * max(1.0, theme.text_scale())
        self.body.setMinimumSize(least - FRAME - QSize(0, self._menu_bar.minimumHeight()))

    def _dock(self, name: str, title: str, content: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(name)
        dock.setAccessibleName(title)
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        dock.setTitleBarWidget(QWidget())
        dock.setWidget(content)
        self.body.addDockWidget(area, dock)
        return dock

    # --- room --------------------------------------------------------------------------------------------------------

    @property
    def is_compact(self) -> bool:
        """Whether there is little room."""
        return bool(self._compact)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow_width()

    def _follow_width(self) -> None:
        compact = self.width() < theme.scaled(COMPACT)
        if compact != self._compact:
            self._compact = compact
            self.top_bar.set_compact(compact)
            wanted = self.settings.help_open
            self.help_action.setChecked(not compact if wanted is None else wanted)
            self.right.setVisible(self.help_action.isChecked())
            self.share_room()
            self.compacted.emit(compact)

    def set_text_size(self, size: int) -> None:
        """Have everything written at so many percent of the usual size, in all windows, and remember it."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self.settings.text_size = size
            self.settings.save()
            theme.set_text_scale(app, size / self.text_size.started)
            self._fit_text()
            self._follow_width()
            self.fold_runs(self._runs_folded)

    def share_room(self) -> None:
        """Give the docks their usual sizes."""
        compact = self.is_compact
        self.body.resizeDocks([self.left], [theme.scaled(SMALL_WIDTH if compact else WIDTH)], Qt.Orientation.Horizontal)
        self.body.resizeDocks([self.right], [theme.scaled(HELP_WIDTH)], Qt.Orientation.Horizontal)
        self.body.resizeDocks(
            [self.bottom], [theme.scaled(RUNS_SMALL if compact else RUNS_USUAL)], Qt.Orientation.Vertical
        )

    def set_runs(self, runs: QWidget) -> None:
        """Put the table of the runs in its place."""
        before = self.bottom.widget()
        self.bottom.setWidget(runs)
        runs.setMinimumHeight(RUNS_LEAST)
        if before is not None:
            before.deleteLater()
        self.share_room()

    def fold_runs(self, folded: bool) -> None:
        """Leave the runs one line, or give them their room back."""
        self._runs_folded = folded
        content = self.bottom.widget()
        if content is not None:
            content.setMinimumHeight(theme.scaled(RUNS_FOLDED if folded else RUNS_LEAST))
            content.setMaximumHeight(theme.scaled(RUNS_FOLDED) if folded else NO_LIMIT)
        QTimer.singleShot(0, self.share_room)

    def show_starting(self, preset: Preset | None) -> None:
        """Show what is about to train, where nothing has to be chosen."""
        self.starting = StartingPage(preset)
        self.show_page(self.starting)

    def show_page(self, page: QWidget) -> None:
        """Show a page in the centre."""
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)

    # --- help and theme ----------------------------------------------------------------------------------------------

    def open_help(self, page: str, section: str = "") -> None:
        """Open the help dock at a page."""
        self.show_help(HelpTopic(page, section))

    def show_help(self, topic: HelpTopic) -> None:
        """Open the help dock at something somebody asked for."""
        self.help_action.setChecked(True)
        self.help.show_topic(topic)

    def event(self, event: QEvent) -> bool:
        """A word that is explained where it stands asks for its page."""
        if isinstance(event, QWhatsThisClickedEvent):
            url = QUrl(event.href())
            self.open_help(url.path(), url.fragment())
            return True
        return super().event(event)

    def _show_help(self, shown: bool) -> None:
        self.right.setVisible(shown)
        if shown:
            self.body.resizeDocks([self.right], [theme.scaled(HELP_WIDTH)], Qt.Orientation.Horizontal)

    def _remember_help(self, shown: bool) -> None:
        self.settings.help_open = shown

    def _show_theme(self) -> None:
        dark = theme.current().name == "dark"
        theme.keep_icon(self.actions_["theme"], "sun" if dark else "moon")

    def toggle_theme(self) -> None:
        """Light becomes dark, dark becomes light."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.toggle(app)
            self.settings.theme = theme.current().name

    def toggle_full_screen(self) -> None:
        """Over the whole screen, or as it was before."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the full screen, where nothing else has use for it."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.toggle_full_screen()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as the eye does: the bar on top, the experiment, the page in the centre, the runs, the help."""
        areas = (self.top_bar, self.left, self._centre, self.bottom, self.right)
        stop = next_stop(tab_stops(areas), QApplication.focusWidget(), forward)
        if stop is None:
            return False
        stop.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        reveal(stop)
        return True

    # --- begin and end -----------------------------------------------------------------------------------------------

    def _restore_geometry(self) -> None:
        if not self.restoreGeometry(self.settings.geometry):
            self.resize(USUAL.boundedTo(self.screen().availableSize() - FRAME).expandedTo(SMALLEST))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_close():
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry()
        self.settings.save()
        super().closeEvent(event)
