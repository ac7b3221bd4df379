"""Files dropped on the window: a table or a folder of pictures is shown to be chosen, anything else is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from studio.gui.controllers.file_drops import dropped_path


def mime(*urls: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    return data


def test_one_file_of_this_computer_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    assert dropped_path(mime(QUrl.fromLocalFile(str(file)).toString())) == file


@pytest.mark.parametrize("urls", [(), ("https://example.org/rows.csv",), ("file:///a.csv", "file:///b.csv")])
def test_anything_else_is_not(urls: tuple[str, ...]) -> None:
    assert dropped_path(mime(*urls)) is None
