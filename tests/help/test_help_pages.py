"""Help pages: everything a person can pick has one, it names every setting, and no link or picture leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from pydantic import BaseModel

from studio import catalog
from studio.core import resources
from studio.experiment import DatasetChoice, References, TeacherChoice, Training
from studio.gui import theme
from studio.gui.help.help_browser import HelpBrowser
from studio.gui.help.help_dock import START
from studio.gui.presenters.measurements import read_measurements
from studio.gui.presenters.method_picture import method_picture
from studio.gui.views import views
from studio.gui.widgets.fields import fields_of
from tests.tools.readme_methods import README, filled

HELP = resources.folder("help")
PAGES = sorted(path.stem for path in HELP.glob("*.md"))
PICTURES = sorted(path.name for path in HELP.glob("*.svg"))
METHODS = catalog.entries("method")
SYSTEMS = catalog.entries("system")
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
#: A dock of the usual width, less its margins.
WIDTH = 240


@pytest.fixture
def shown(qapp: Any) -> Callable[[str], str]:
    """The words of a page as the browser shows them."""
    browser = HelpBrowser()

    def words(page: str) -> str:
        browser.open_page(page)
        return browser.document().toPlainText().replace("\u00a0", " ")

    return words


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


@pytest.mark.parametrize("method", [*METHODS, *SYSTEMS], ids=lambda method: method.key)
def test_every_method_has_a_page_that_says_all_of_it(method: Any) -> None:
    page = text_of(f"method-{method.key}")
    assert page.startswith(f"# {method.title}\n")
    assert [section for section in SECTIONS if f"\n## {section}\n" not in page] == []
    assert PICTURE.search(page)
    assert "\n> " in page


def test_the_page_of_a_method_tells_where_it_was_published(shown: Callable[[str], str]) -> None:
    assert "Source: Heo et al., Knowledge transfer via distillation of activation boundaries" in shown("method-ab")


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("none", "160 steps, 5 seeds: 88.2 ± 2.2 %. Taught by ResNet-14"),
        ("kd", "88.2 ± 2.2 % alone, 91.8 ± 1.4 % with this: 34 % of the gap."),
        (
            "at",
            "91.8 ± 1.4 % with Soft targets, 88.9 ± 1.9 % with this (weight 20): 7 % of the gap. A step takes 1.1 times",
        ),
        ("flow", "88.2 ± 2.4 % with this: nothing of the gap."),
    ],
)
def test_the_page_of_a_method_tells_what_it_reached(key: str, told: str, shown: Callable[[str], str]) -> None:
    assert told in shown(f"method-{key}")


def test_the_readme_tells_the_same() -> None:
    readme = README.read_text("utf-8")
    assert filled(readme, read_measurements()) == readme, "python -m tests.tools.readme_methods writes the table anew"


def test_the_page_of_settings_leads_to_every_method(shown: Callable[[str], str]) -> None:
    text = shown("settings")
    assert [method.title for method in METHODS if method.title not in text] == []


@pytest.mark.parametrize("method", [*METHODS, *SYSTEMS], ids=lambda method: method.key)
def test_the_page_of_a_method_names_its_settings_as_the_form_does(method: Any) -> None:
    assert unexplained(method.Settings, f"method-{method.key}") == []


def test_the_page_of_composed_methods_lists_the_named_ones_by_their_parts(shown: Callable[[str], str]) -> None:
    rows = shown("method-composed").split("All methods by their parts")[1].splitlines()
    for method in METHODS:
        if not method.needs.teacher or method.key == "composed":
            continue
        row = next(line for line in rows if line.startswith(f"{method.title}. "))
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
        page_named, _, heading = target.removeprefix("help:").partition("#")
        assert page_named in PAGES
        assert not heading or f"## {unquote(heading)}\n" in text_of(page_named)
    for words, name in PICTURE.findall(text):
        assert words
        assert name in PICTURES or name == f"{page}.svg"


def test_every_page_can_be_reached_from_the_first_or_from_what_it_explains() -> None:
    linked = {
        target.removeprefix("help:").partition("#")[0] for page in PAGES for target in LINK.findall(text_of(page))
    }
    asked = {f"method-{method.key}" for method in (*METHODS, *SYSTEMS)} | {f"data-{source.key}" for source in DATASETS}
    asked |= {view.help_page for view in views()} | {START}
    assert set(PAGES) - linked - asked == set()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_shown_fits_the_dock_and_takes_its_colours_from_the_theme(name: str) -> None:
    assert any(name in text_of(page) for page in PAGES)
    check_picture(method_picture(name, (HELP / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_a_method_without_a_picture_of_its_own_gets_one(method: Any) -> None:
    check_picture(method_picture(f"method-{method.key}.svg", None))


def test_only_a_method_gets_a_picture_that_is_not_there() -> None:
    assert method_picture("method-nothing.svg", None) is None
    assert method_picture("start.svg", None) is None


def check_picture(source: str | None) -> None:
    """Whether it fits the dock, says what it shows and takes its colours from the theme."""
    assert source is not None
    root = ElementTree.fromstring(source)
    assert float(root.get("width", "0")) <= WIDTH
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
    roles = set(re.findall(r"@([a-z_0-9]+)", source))
    assert roles - {"run"} <= set(theme.current().roles)
    assert not re.search(r'(?:fill|stroke)="#', source)


@pytest.mark.parametrize("page", PAGES)
def test_qt_sets_a_page_without_leaving_marks(page: str, shown: Callable[[str], str]) -> None:
    plain = shown(page)
    assert plain.startswith(text_of(page).splitlines()[0].removeprefix("# "))
    assert not re.search(r"\*\*|<su[bp]>|<i>|&\w+;|\]\(|^[>#@]", plain, re.MULTILINE)
