"""The pictures of help pages follow the theme and the width of the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QTextDocument

from studio.gui import theme
from studio.gui.help.page_pictures import PagePictures

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">'
    '<rect width="200" height="100" fill="@teacher"/></svg>'
)


@pytest.fixture
def pictures(tmp_path: Path) -> PagePictures:
    (tmp_path / "bar.svg").write_text(SVG, encoding="utf-8")
    return PagePictures(tmp_path)


@pytest.mark.usefixtures("qapp")
def test_a_role_stands_for_its_colour_in_the_theme(pictures: PagePictures) -> None:
    image = pictures.image("bar.svg", room=400, ratio=1)
    assert image is not None
    assert image.pixelColor(100, 50).name() == theme.current().color("teacher").name()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("room", "ratio", "pixels"), [(400, 1, (200, 100)), (50, 1, (50, 25)), (50, 2, (100, 50))])
def test_it_is_no_wider_than_the_page(pictures: PagePictures, room: int, ratio: float, pixels: tuple[int, int]) -> None:
    image = pictures.image("bar.svg", room, ratio)
    assert image is not None
    assert (image.width(), image.height()) == pixels


@pytest.mark.usefixtures("qapp")
def test_in_a_document_it_becomes_as_wide_as_there_is_room(pictures: PagePictures) -> None:
    document = QTextDocument()
    document.setMarkdown("![A bar](bar.svg)")
    pictures.fit(document, room=50, ratio=1)
    form = document.firstBlock().begin().fragment().charFormat().toImageFormat()
    assert (form.width(), form.height()) == (50, 25)


def test_a_picture_that_is_not_there_is_none(pictures: PagePictures) -> None:
    assert pictures.image("other.svg", room=400, ratio=1) is None
