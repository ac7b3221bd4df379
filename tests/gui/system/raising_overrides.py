"""Has every override of a virtual function of Qt in the window raise an error in C, in turn, and Qt call it.

For a process of its own: where the guard fails it dies. Prints a line ``Class.name calls reports`` for each, with how often
Qt called it and how many errors were reported.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import faulthandler
import importlib
import pkgutil
import sys
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QIdentityProxyModel,
    QMimeData,
    QObject,
    QPoint,
    QPointF,
    QSize,
    QStringListModel,
    Qt,
    QUrl,
)
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QStyledItemDelegate,
    QTableView,
    QWidget,
    QWidgetItem,
)

import studio.gui
from studio.gui import theme
from studio.gui.system.override_guard import classes_below, is_guarded, overrides, reports

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Trigger = Callable[[Any], object]


def raise_in_c(*_args: object, **_named: object) -> object:
    """Stands in for an override: its code runs as that of the other, so it names nothing."""
    return int("raised in C")


def raise_in_c_with(held: object) -> Callable[..., object]:
    """The same of an override that was made with something: where it calls that of its base, with its class."""

    def raise_in_c(*_args: object, **_named: object) -> object:
        assert held is not None
        return int("raised in C")

    return raise_in_c


# --- how Qt is made to call -------------------------------------------------------------------------------------------


def _receiver(widget: QWidget) -> QWidget:
    """Who gets its mouse events: of what scrolls, the part within."""
    return widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget


def _sends(make: Callable[[], QEvent], within: bool = True) -> Trigger:
    def send(widget: QWidget) -> None:
        QApplication.sendEvent(_receiver(widget) if within else widget, make())

    return send


def _mouse(kind: QEvent.Type) -> Callable[[], QEvent]:
    return lambda: QMouseEvent(kind, QPointF(5, 5), QPointF(5, 5), LEFT, LEFT, NONE)


def _wheel() -> QEvent:
    return QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def _drag_in(widget: QWidget) -> QMimeData:
    """Bring a picture over a widget: only who takes it is asked about the drop."""
    picture = QMimeData()
    picture.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    widget.setAcceptDrops(True)
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, picture, LEFT, NONE))
    return picture


def _drop(widget: QWidget) -> None:
    picture = _drag_in(widget)
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, picture, LEFT, NONE))


def _as_filter(watcher: QObject) -> None:
    watched = QObject()
    watched.installEventFilter(watcher)
    QApplication.sendEvent(watched, QEvent(QEvent.Type.User))


def _as_item(ask: Callable[[QLayoutItem], object]) -> Trigger:
    """Asked as a layout asks what stands in it: by way of an item for widgets, and of the layout around it for layouts."""

    def trigger(one: QWidget | QLayout) -> None:
        holder = QWidget()
        if isinstance(one, QWidget):
            one.setParent(holder)  # nobody asks a window
            one.setHidden(False)  # nor what takes no room because it is hidden
            ask(QWidgetItem(one))
            one.setParent(None)
        else:
            outer = QHBoxLayout(holder)
            outer.addLayout(one)
            ask(outer)
            outer.takeAt(0)
            one.setParent(None)

    return trigger


def _as_delegate(ask: Callable[[QTableView], object]) -> Trigger:
    def trigger(delegate: Any) -> None:
        view = QTableView()
        model = QStringListModel(["one"], view)
        view.setModel(model)
        view.setItemDelegate(delegate)
        view.horizontalHeader().hide()
        view.verticalHeader().hide()
        view.resize(100, 60)
        ask(view)
        view.setItemDelegate(QStyledItemDelegate(view))

    return trigger


def _as_source(ask: Callable[[QIdentityProxyModel], object]) -> Trigger:
    def trigger(model: Any) -> None:
        proxy = QIdentityProxyModel()
        proxy.setSourceModel(model)
        ask(proxy)

    return trigger


def _paint(one: Any) -> None:
    if isinstance(one, QWidget):
        one.resize(80, 60)
        one.grab()
        return
    scene = QGraphicsScene()
    scene.addItem(one)
    view = QGraphicsView(scene)
    view.resize(100, 100)
    view.grab()
    scene.removeItem(one)


def _sort(model: Any) -> None:
    table = QTableView()
    table.setModel(model)
    table.setSortingEnabled(True)
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)


def _fill(layout: Any) -> None:
    label = QLabel()
    layout.addWidget(label)
    layout.indexOf(label)


def _lose_child(layout: Any) -> None:
    holder, label = QWidget(), QLabel()
    holder.setLayout(layout)
    layout.addWidget(label)
    label.setParent(None)


def _lay_out(layout: Any) -> None:
    holder = QWidget()
    holder.setLayout(layout)
    holder.resize(200, 200)
    holder.grab()


def _delegates_else(of_delegate: Trigger, of_others: Trigger) -> Trigger:
    return lambda one: (of_delegate if isinstance(one, QStyledItemDelegate) else of_others)(one)


TRIGGERS: dict[str, Trigger] = {
    "paintEvent": _paint,
    "paint": _delegates_else(_as_delegate(lambda view: view.grab()), _paint),
    "resizeEvent": _sends(lambda: QResizeEvent(QSize(50, 50), QSize(40, 40))),
    "showEvent": _sends(QShowEvent, within=False),
    "hideEvent": _sends(QHideEvent, within=False),
    "changeEvent": _sends(lambda: QEvent(QEvent.Type.StyleChange), within=False),
    "focusInEvent": _sends(lambda: QFocusEvent(QEvent.Type.FocusIn), within=False),
    "focusOutEvent": _sends(lambda: QFocusEvent(QEvent.Type.FocusOut), within=False),
    "closeEvent": _sends(QCloseEvent, within=False),
    "enterEvent": _sends(lambda: QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5))),
    "leaveEvent": _sends(lambda: QEvent(QEvent.Type.Leave), within=False),
    "focusNextPrevChild": _sends(lambda: QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, NONE), within=False),
    "event": _sends(lambda: QEvent(QEvent.Type.User), within=False),
    "keyPressEvent": _sends(lambda: QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, NONE), within=False),
    "mousePressEvent": _sends(_mouse(QEvent.Type.MouseButtonPress)),
    "mouseReleaseEvent": _sends(_mouse(QEvent.Type.MouseButtonRelease)),
    "mouseMoveEvent": _sends(_mouse(QEvent.Type.MouseMove)),
    "mouseDoubleClickEvent": _sends(_mouse(QEvent.Type.MouseButtonDblClick)),
    "wheelEvent": _sends(_wheel),
    "dragEnterEvent": _drag_in,
    "dropEvent": _drop,
    "contextMenuEvent": _sends(lambda: QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5))),
    "eventFilter": _as_filter,
    "sizeHint": _delegates_else(
        _as_delegate(lambda view: view.sizeHintForIndex(view.model().index(0, 0))),
        _as_item(lambda item: item.sizeHint()),
    ),
    "minimumSizeHint": _as_item(lambda item: item.minimumSize()),
    "minimumSize": _as_item(lambda item: item.minimumSize()),
    "hasHeightForWidth": _as_item(lambda item: item.hasHeightForWidth()),
    "heightForWidth": _as_item(lambda item: item.heightForWidth(50)),
    "expandingDirections": _as_item(lambda item: item.expandingDirections()),
    "setGeometry": _lay_out,
    "addItem": _fill,
    "itemAt": _as_item(lambda item: item.sizeHint()),
    "count": _fill,
    "takeAt": _lose_child,
    "rowCount": _as_source(lambda proxy: proxy.rowCount()),
    "columnCount": _as_source(lambda proxy: proxy.columnCount()),
    "headerData": _as_source(lambda proxy: proxy.headerData(0, Qt.Orientation.Horizontal)),
    "data": lambda model: model.createIndex(0, 0).data(),
    "flags": lambda model: model.createIndex(0, 0).flags(),
    "setData": lambda model: model.setItemData(model.createIndex(0, 0), {0: "one"}),
    "sort": _sort,
    "initStyleOption": _as_delegate(lambda view: view.sizeHintForIndex(view.model().index(0, 0))),
    "editorEvent": _as_delegate(_sends(_mouse(QEvent.Type.MouseButtonPress))),
    "loadResource": lambda browser: browser.document().resource(3, QUrl("picture.png")),
    "stepBy": lambda box: box.stepUp(),
    "stepEnabled": lambda box: box.grab(),
}


# --- whom -------------------------------------------------------------------------------------------------------------


def classes_of_the_window() -> list[type]:
    """Every class below ``studio.gui`` that derives from one of Qt."""
    for module in pkgutil.walk_packages(studio.gui.__path__, "studio.gui."):
        importlib.import_module(module.name)
    found = classes_below(QObject.__mro__[-2])
    return sorted((cls for cls in found if cls.__module__.startswith("studio.gui.")), key=lambda cls: cls.__qualname__)


def own_overrides(cls: type) -> list[str]:
    """The names of virtual functions that a class itself overrides."""
    return sorted(name for name in overrides(cls) if name in vars(cls))


def instance_of(cls: type) -> Any:
    """One of a class, made as it is meant to be where that needs nothing; else no more than its Qt part."""
    make: Any = cls
    try:
        return make()
    except (TypeError, AttributeError):  # it wants values, or is the base of others
        of_qt: Any = next(base for base in cls.__mro__ if base.__module__.startswith("PySide6"))
        one = make.__new__(make)
        of_qt.__init__(one)
        return one


def raising(function: FunctionType) -> CodeType:
    """The code of :func:`raise_in_c`, fit to stand in for that of ``function``."""
    made_with = function.__code__.co_freevars
    fake = raise_in_c_with(function) if made_with else raise_in_c
    code: CodeType = getattr(fake, "__code__")  # noqa: B009 - of a function
    assert len(code.co_freevars) == len(made_with), "else a look at what such a call holds ends the process"
    return code.replace(co_freevars=made_with)


def main() -> None:
    """Try them all."""
    faulthandler.enable()
    app = QApplication([])
    theme.install(app, "light")
    raised, told = list[BaseException](), list[BaseException]()
    sys.excepthook = lambda _kind, error, _trace: told.append(error)
    report = reports.report

    def count_and_report(error: Exception, where: str) -> None:
        raised.append(error)
        report(error, where)

    setattr(reports, "report", count_and_report)  # noqa: B010 - a method of an object
    for cls in classes_of_the_window():
        for name in own_overrides(cls):
            guarded: Any = vars(cls)[name]
            if not is_guarded(guarded) or name not in TRIGGERS:
                print(f"{cls.__name__}.{name} 0 0", flush=True)
                continue
            one, inner = instance_of(cls), guarded.__wrapped__
            before, inner.__code__ = inner.__code__, raising(inner)
            reports.forget()
            raised.clear()
            told.clear()
            try:
                for _ in range(3):
                    TRIGGERS[name](one)
            finally:
                inner.__code__ = before
            counts = [sum("raised in C" in str(error) for error in errors) for errors in (raised, told)]
            print(f"{cls.__name__}.{name} {counts[0]} {counts[1]}", flush=True)
    os._exit(0)  # half-made widgets are not taken apart


if __name__ == "__main__":
    try:
        main()
    except Exception:
        sys.excepthook = sys.__excepthook__  # this one is nobody's override
        raise
