"""Everything a person can do from menus, tool bar and keyboard, as data: one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from studio.gui import theme
from studio.gui.text.tool_tip import plain_tip

Keys = str | QKeySequence.StandardKey
#: The property of an action that names its icon, for those who tint it otherwise.
ICON = "icon_name"


@dataclass(frozen=True)
class Situation:
    """What decides which actions make sense now."""

    ready: bool = False
    doing: str = "idle"
    waiting: int = 0
    resumable: bool = False
    has_run: bool = False
    ticked: int = 0
    can_undo: bool = False
    can_redo: bool = False


def _always(_now: Situation) -> bool:
    return True


def _ready(now: Situation) -> bool:
    return now.ready


def _can_hold(now: Situation) -> bool:
    return now.doing in ("running", "paused")


def _waiting(now: Situation) -> bool:
    return now.waiting > 0


def _has_run(now: Situation) -> bool:
    return now.has_run


def _resumable(now: Situation) -> bool:
    return now.resumable


def _can_average(now: Situation) -> bool:
    return now.ready and now.ticked > 1


def _can_undo(now: Situation) -> bool:
    return now.can_undo


def _can_redo(now: Situation) -> bool:
    return now.can_redo


@dataclass(frozen=True)
class ActionFace:
    """How an action shows itself: words, icon, and the tip that says what it does."""

    text: str
    icon: str = ""
    tip: str = ""


@dataclass(frozen=True)
class ActionSpec:
    """One action. ``faces`` are other looks while the queue is doing something ("running", "paused", "stopping")."""

    id: str
    menu: str
    face: ActionFace
    keys: Keys = ""
    enabled: Callable[[Situation], bool] = _ready
    checkable: bool = False
    separated: bool = False
    faces: Mapping[str, ActionFace] = field(default_factory=dict)


def _(text: str) -> str:
    """Marks a text for the translators; it is translated when it is shown."""
    return str(QT_TRANSLATE_NOOP("actions", text))


_QUEUE = ActionFace(_("Queue"), "plus", _("Train this experiment after the one that is running"))
_GO_ON = ActionFace(_("Go on"), "play", _("Go on training"))

FILE, EDIT, RUN, VIEW, HELP = _("File"), _("Edit"), _("Run"), _("View"), _("Help")
MENUS = (FILE, EDIT, RUN, VIEW, HELP)

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("new", FILE, ActionFace(_("New experiment"), "plus"), QKeySequence.StandardKey.New),
    ActionSpec("open", FILE, ActionFace(_("Open an experiment file…"), "folder"), QKeySequence.StandardKey.Open),
    ActionSpec("save", FILE, ActionFace(_("Save the experiment as…"), "save"), QKeySequence.StandardKey.Save),
    ActionSpec(
        "gallery",
        FILE,
        ActionFace(_("Gallery"), "gallery", _("Ready experiments to try")),
        "Ctrl+G",
        separated=True,
    ),
    ActionSpec("welcome", FILE, ActionFace(_("Welcome page"))),
    ActionSpec("report", FILE, ActionFace(_("Save a report…"), "download"), "Ctrl+Shift+S", _has_run, separated=True),
    ActionSpec(
        "network",
        FILE,
        ActionFace(
            _("Save the network…"), "save", _("What the current run has learnt, as one file that answers alone")
        ),
        "",
        _has_run,
    ),
    ActionSpec(
        "print_view",
        FILE,
        ActionFace(_("Print the view…"), "", _("What is drawn, without its buttons")),
        "Ctrl+Shift+P",
    ),
    ActionSpec("folder", FILE, ActionFace(_("Show the workspace folder"), "folder")),
    ActionSpec("bin", FILE, ActionFace(_("Deleted runs…"), "trash", _("Bring a run back, or remove them for good"))),
    ActionSpec("quit", FILE, ActionFace(_("Quit")), QKeySequence.StandardKey.Quit, _always, separated=True),
    ActionSpec("undo", EDIT, ActionFace(_("Undo"), "undo"), QKeySequence.StandardKey.Undo, _can_undo),
    ActionSpec("redo", EDIT, ActionFace(_("Redo"), "redo"), QKeySequence.StandardKey.Redo, _can_redo),
    ActionSpec(
        "copy_view",
        EDIT,
        ActionFace(_("Copy the view as a picture"), "copy", _("What is drawn, without its buttons")),
        "Ctrl+Shift+C",
        separated=True,
    ),
    ActionSpec("find", EDIT, ActionFace(_("Find a run"), "search"), QKeySequence.StandardKey.Find, separated=True),
    ActionSpec(
        "train",
        RUN,
        ActionFace(_("Train"), "play", _("Train the experiment at the left")),
        "Ctrl+Return",
        faces={"running": _QUEUE, "paused": _QUEUE, "stopping": _QUEUE},
    ),
    ActionSpec("train_several", RUN, ActionFace(_("Train several methods…")), "Ctrl+Shift+Return"),
    ActionSpec(
        "pause",
        RUN,
        ActionFace(_("Pause"), "pause", _("Hold after the running step")),
        "Ctrl+P",
        _can_hold,
        faces={"paused": _GO_ON},
    ),
    ActionSpec("step", RUN, ActionFace(_("Step"), "step", _("Do one step, then hold")), "F10", _can_hold),
    ActionSpec(
        "stop",
        RUN,
        ActionFace(_("Stop"), "stop", _("End after the running step and keep what was learnt")),
        "Ctrl+.",
        _can_hold,
    ),
    ActionSpec(
        "resume", RUN, ActionFace(_("Go on with the selected run"), "play"), "Ctrl+Shift+R", _resumable, separated=True
    ),
    ActionSpec(
        "compare",
        RUN,
        ActionFace(
            _("Compare two runs"), "", _("The two selected rows, or what is ticked: which is better, and how sure")
        ),
        "Ctrl+Shift+D",
    ),
    ActionSpec(
        "average",
        RUN,
        ActionFace(_("Average the ticked runs…"), "", _("Measure the mean of their answers; nothing is trained")),
        "",
        _can_average,
    ),
    ActionSpec("clear_queue", RUN, ActionFace(_("Empty the queue"), "trash"), "", _waiting),
    ActionSpec("live", VIEW, ActionFace(_("Follow the run live"), "live"), "Ctrl+L", separated=True),
    ActionSpec("runs", VIEW, ActionFace(_("Runs")), "Ctrl+Shift+U", checkable=True, separated=True),
    ActionSpec("help_dock", VIEW, ActionFace(_("Help at the side")), "Ctrl+Shift+H", checkable=True),
    ActionSpec(
        "theme",
        VIEW,
        ActionFace(_("Light or dark"), "moon", _("Change between light and dark")),
        "Ctrl+T",
        _always,
        separated=True,
    ),
    ActionSpec(
        "full_screen",
        VIEW,
        ActionFace(_("Full screen"), "fullscreen", _("Over the whole screen; Escape ends it")),
        "F11",
        _always,
    ),
    ActionSpec(
        "help",
        HELP,
        ActionFace(_("Help for what has focus"), "help", _("Help for what has focus")),
        QKeySequence.StandardKey.HelpContents,
    ),
    ActionSpec("tour", HELP, ActionFace(_("Take the tour"))),
    ActionSpec("start_help", HELP, ActionFace(_("What is distillation?"))),
    ActionSpec("words", HELP, ActionFace(_("Words"))),
    ActionSpec("keyboard", HELP, ActionFace(_("Keyboard"))),
    ActionSpec("whats_new", HELP, ActionFace(_("What’s new"))),
    ActionSpec("about", HELP, ActionFace(_("About Distillation Studio")), "", _always, separated=True),
)


def translated(text: str) -> str:
    """A text of the table in the person's language."""
    return QCoreApplication.translate("actions", text)


class Actions(QObject):
    """The table as QActions, kept in step with the situation."""

    def __init__(self, parent: QObject | None = None, table: tuple[ActionSpec, ...] = ACTIONS) -> None:
        super().__init__(parent)
        self.table = table
        self._actions: dict[str, QAction] = {}
        for spec in table:
            action = QAction(self)
            action.setObjectName(spec.id)
            action.setCheckable(spec.checkable)
            if spec.keys:
                action.setShortcuts(_sequences(spec.keys))
            self._actions[spec.id] = action
        self.update(Situation())

    def __getitem__(self, id: str) -> QAction:  # noqa: A002 - the word of the table
        return self._actions[id]

    def connect_all(self, slots: Mapping[str, Callable[[], object]]) -> None:
        """Connect each id to what it does; KeyError names an id that is not in the table."""
        for name, slot in slots.items():
            self._actions[name].triggered.connect(slot)

    def update(self, now: Situation) -> None:
        """Enable what makes sense now, and give each its face."""
        for spec in self.table:
            action = self._actions[spec.id]
            action.setEnabled(spec.enabled(now))
            face = spec.faces.get(now.doing, spec.face)
            words = translated(face.text)
            if action.text() != words:
                action.setText(words)
                tip = translated(face.tip) if face.tip else words
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                action.setToolTip(plain_tip(f"{tip} ({keys})" if keys else tip))
                if face.icon:
                    action.setProperty(ICON, face.icon)
                    theme.keep_icon(action, face.icon)

    def add_menus(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Add the menus with these actions to a bar; returns them by their untranslated title."""
        menus = {}
        for title in MENUS:
            menu = menus[title] = bar.addMenu(f"&{translated(title)}")  # Alt and its first letter open it
            menu.setToolTipsVisible(False)
            for spec in self.table:
                if spec.menu == title:
                    if spec.separated:
                        menu.addSeparator()
                    menu.addAction(self._actions[spec.id])
        return menus


def _sequences(keys: Keys) -> list[QKeySequence]:
    return [QKeySequence(keys)] if isinstance(keys, str) else QKeySequence.keyBindings(keys)
