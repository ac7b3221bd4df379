"""Help pages: everything a person can pick has one, it names every setting, and no link or picture leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from pydantic import BaseModel

from studio import catalog
from studio.core import resources
from studio.experiment import DatasetChoice, References, TeacherChoice, Training
from studio.gui import theme
from studio.gui.help.help_browser import HelpBrowser
from studio.gui.help.help_dock import START
from studio.gui.views import views
from studio.gui.widgets.fields import fields_of

HELP = resources.folder("help")
PAGES = sorted(path.stem for path in HELP.glob("*.md"))
PICTURES = sorted(path.name for path in HELP.glob("*.svg"))
METHODS = catalog.entries("method")
DATASETS = catalog.entries("dataset")

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
SECTIONS = (
    "What is transferred",
    "When to use it",
    "Settings that matter",
    "What to watch",
    "What to try next",
    "Measured here",
)
README = Path(__file__).parents[2] / "README.md"
#: A dock of the usual width, less its margins.
WIDTH = 240


def text_of(page: str) -> str:
    return (HELP / f"{page}.md").read_text(encoding="utf-8")


def bold(page: str) -> set[str]:
    """The words a page sets bold: what it explains."""
    return {words.strip(".:").casefold() for words in re.findall(r"\*\*([^*]+)\*\*", text_of(page))}


def unexplained(model: type[BaseModel], page: str) -> list[str]:
    """Labels of the form made of ``model``, and its choices where they have words, that ``page`` leaves out."""
    explained, told = bold(page), text_of(page).casefold()
    fields = fields_of(model, skip=("key",))
    missing = [field.label for field in fields if field.label.casefold() not in explained]
    return missing + [word for field in fields for word in field.words.values() if f"*{word.casefold()}*" not in told]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_every_method_has_a_page_that_says_all_of_it(method: Any) -> None:
    page = text_of(f"method-{method.key}")
    assert page.startswith(f"# {method.title}\n")
    assert [section for section in SECTIONS if f"\n## {section}\n" not in page] == []
    assert PICTURE.search(page)
    assert "\n> " in page
    if method.needs.teacher and not method.composes:
        year = re.search(r"\d{4}", method.source.venue)
        assert year is not None
        assert re.search(rf"Source: .*{year.group()[:3]}\d", page, re.DOTALL)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_the_page_of_a_method_tells_the_figure_of_the_table_in_the_readme(method: Any) -> None:
    row = re.search(rf"^\| {re.escape(method.title)} \| ([\d.]+ ± [\d.]+) \|", README.read_text("utf-8"), re.MULTILINE)
    assert row is not None
    measured = " ".join(text_of(f"method-{method.key}").split("## Measured here")[1].split())
    assert f"{row.group(1)} %" in measured


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_the_page_of_a_method_names_its_settings_as_the_form_does(method: Any) -> None:
    assert unexplained(method.Settings, f"method-{method.key}") == []


def test_the_page_of_composed_methods_lists_the_named_ones_by_their_parts() -> None:
    composing = next(method for method in METHODS if method.composes)
    listed = text_of(f"method-{composing.key}").split("## All methods by their parts")[1]
    for method in METHODS:
        if not method.needs.teacher or method.composes:
            continue
        row = next(line for line in listed.splitlines() if f"(help:method-{method.key})" in line)
        of = method.aspects
        assert f"Where: {of.position}. Teacher’s side: {of.teacher}. Student’s side: {of.student}." in row
        assert f"Distance: {of.distance}." in row
        assert of.missing in ("", "none") or f"Lost: {of.missing}." in row


@pytest.mark.parametrize("source", DATASETS, ids=lambda source: source.key)
def test_every_dataset_has_a_page_that_names_its_settings(source: Any) -> None:
    page = f"data-{source.key}"
    if source.key != "images":
        assert text_of(page).startswith(f"# {source.title}\n")
    assert unexplained(source.Settings, page) == []


@pytest.mark.parametrize("model", [Training, DatasetChoice, TeacherChoice, References])
def test_the_page_of_settings_explains_every_field_of_the_forms(model: type[BaseModel]) -> None:
    assert unexplained(model, "settings") == []


def test_every_view_has_a_page() -> None:
    assert [view.help_page for view in views() if view.help_page.removesuffix(".md") not in PAGES] == []


def test_there_is_a_page_to_start_with_and_one_for_what_goes_wrong() -> None:
    assert {START, "errors", "gap-closed", "gallery", "networks", "settings"} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_title_and_its_links_and_pictures_lead_somewhere(page: str) -> None:
    text = text_of(page)
    assert text.startswith("# ")
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    for target in LINK.findall(text):
        assert target.startswith("help:")
        assert target.removeprefix("help:") in PAGES
    for words, name in PICTURE.findall(text):
        assert words
        assert name in PICTURES


def test_every_page_can_be_reached_from_the_first_or_from_what_it_explains() -> None:
    linked = {target.removeprefix("help:") for page in PAGES for target in LINK.findall(text_of(page))}
    asked = {f"method-{method.key}" for method in METHODS} | {f"data-{source.key}" for source in DATASETS}
    asked |= {view.help_page for view in views()} | {START}
    assert set(PAGES) - linked - asked == set()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_shown_fits_the_dock_and_takes_its_colours_from_the_theme(name: str) -> None:
    assert any(name in text_of(page) for page in PAGES)
    source = (HELP / name).read_text(encoding="utf-8")
    root = ElementTree.fromstring(source)
    assert float(root.get("width", "0")) <= WIDTH
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
    roles = set(re.findall(r"@([a-z_0-9]+)", source))
    assert roles - {"run"} <= set(theme.current().roles)
    assert not re.search(r'(?:fill|stroke)="#', source)


@pytest.mark.parametrize("page", PAGES)
def test_qt_sets_a_page_without_leaving_marks(page: str, qapp: Any) -> None:
    browser = HelpBrowser()
    browser.open_page(page)
    plain = browser.document().toPlainText()
    assert plain.startswith(text_of(page).splitlines()[0].removeprefix("# "))
    assert not re.search(r"\*\*|<su[bp]>|<i>|&\w+;|\]\(|^[>#] ", plain, re.MULTILINE)
