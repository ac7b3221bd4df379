"""What is imported once the window is there is not read a second time for Qt's sake."""

from __future__ import annotations

import builtins
import importlib
import linecache
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from studio.gui.system.plain_imports import use_plain_imports


@pytest.fixture
def imports_again() -> Iterator[None]:
    """The import of the other tests is put back."""
    before = builtins.__import__
    yield
    builtins.__import__ = before


@pytest.mark.usefixtures("imports_again")
def test_an_imported_module_is_not_kept_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "module_without_qt.py").write_text("SIDES = 4\n")
    (tmp_path / "its_reader.py").write_text("import module_without_qt\n")
    monkeypatch.syspath_prepend(tmp_path)
    use_plain_imports()
    use_plain_imports()
    reader = importlib.import_module("its_reader")
    assert reader.module_without_qt.SIDES == 4
    assert str(tmp_path / "module_without_qt.py") not in linecache.cache
    for name in ("its_reader", "module_without_qt"):
        del sys.modules[name]


@pytest.mark.usefixtures("imports_again")
def test_qt_is_spelt_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "module_with_qt.py").write_text("from PySide6.QtCore import QObject\n\nmade = QObject()\n")
    monkeypatch.syspath_prepend(tmp_path)
    use_plain_imports()
    made = importlib.import_module("module_with_qt").made
    made.setObjectName("kept")
    assert isinstance(made, QObject)
    assert made.objectName() == "kept"
    del sys.modules["module_with_qt"]
