"""What a new method costs: one file, one line in its package, one help page. It is then found everywhere.

The method below is written as a stranger would write it, in a package of its own instead of ``studio/methods``; that it
is another package is all that the catalogue is told. A network family and a data set are found by the same means.
"""

from __future__ import annotations

import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from studio import catalog
from studio.cli import listing
from studio.core import resources
from studio.events import Event, Terms
from studio.experiment import validated
from studio.gui import theme
from studio.gui.chooser.choice_delegate import CHOICE, Heading
from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.composer.aspects_table import AspectsTable
from studio.gui.presenters.draft_info import Choice, Step
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from tests.gui.window_driver import WindowDriver

METHOD = '''
"""Answers by their angle: the student's scores point where the teacher's point."""

from torch import Tensor
from torch.nn.functional import cosine_similarity

from studio import catalog
from studio.core.setting_field import setting
from studio.methods.base import Aspects, Method, MethodSettings, Needs, Source
from studio.methods.objectives.comparison import Comparison
from studio.methods.objectives.positions import SCORES


def angle_of_answers(student_logits: Tensor, teacher_logits: Tensor) -> Tensor:
    """One less the cosine of each pair of score vectors, (B, K), averaged over the batch."""
    return 1 - cosine_similarity(student_logits, teacher_logits.detach()).mean()


class AngleSettings(MethodSettings):
    weight: float = setting(2.0, ge=0, le=100, description="How much the angle counts", label="Weight", step=0.1)


class AngleOfAnswers(Method[AngleSettings]):
    key = "answer_angle"
    title = "Angle of answers"
    words = "Point where the teacher points."
    source = Source("Nobody et al.", "Nowhere 2031", "Angles are enough", year=2031)
    compares = "answers"
    aspects = Aspects("scores as they are", "the same", "one less cosine", "output", missing="length")
    needs = Needs(same_classes=True)
    Settings = AngleSettings

    def joint(self, settings):
        return lambda cast: Comparison(SCORES, {"angle": (angle_of_answers, settings.weight)})


catalog.register("method", AngleOfAnswers())
'''

PAGE = """# Angle of answers

The student's scores point where the teacher's point.

![Answers and their angle](method-answer_angle.svg)

## Settings that matter

- **Weight**: how much it counts.

## Measured here

@measured

@source
"""

NETWORK = '''
"""One linear layer."""

from math import prod

from torch import nn

from studio import catalog
from studio.networks.base import Anatomy, NetworkFamily


class Line(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        return self.fc(x.flatten(1))


class LineFamily(NetworkFamily):
    key = "line"
    title = "Straight line"
    words = "A single layer."
    reads = ("pictures", "points")
    examples = ("line-1",)

    def matches(self, key):
        return key == "line-1"

    def name(self, key):
        return "Line 1"

    def build(self, key, shape, classes):
        return Line(prod(shape), classes), Anatomy({"head": ("fc",)}, (), head="fc")


catalog.register("network", LineFamily())
'''

DATA = '''
"""Two clouds of points."""

import torch

from studio import catalog
from studio.data.base import DataSource, Decoded, Examples


class Clouds(DataSource):
    key = "clouds"
    title = "Clouds"
    words = "Two clouds of points."
    kind = "points"
    shape = (2,)
    class_count = 2
    train_count = test_count = 64

    def load(self, settings, cache, progress):
        labels = torch.arange(64) % 2
        points = torch.randn(64, 2, generator=torch.Generator().manual_seed(0)) + 4 * labels[:, None]
        return Decoded("points", ("left", "right"), Examples(points, labels), Examples(points, labels))


catalog.register("dataset", Clouds())
'''

EXPERIMENT = {
    "dataset": {"key": "clouds"},
    "teacher": {"key": "mlp-8-8", "epochs": 1},
    "student": {"key": "line-1"},
    "method": {"key": "answer_angle", "settings": {"weight": 3.0}},
    "training": {"steps": 2, "batch_size": 16, "device": "cpu"},
}


@pytest.fixture(autouse=True)
def _added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A file each, a line each, a page each; taken out of the catalogue again afterwards."""
    package = tmp_path / "packages" / "newcomers"
    package.mkdir(parents=True)
    for name, text in (("answer_angle", METHOD), ("line", NETWORK), ("clouds", DATA)):
        (package / f"{name}.py").write_text(text)
    (package / "__init__.py").write_text("from newcomers import answer_angle, clouds, line\n")
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.setattr(catalog, "PACKAGES", (*catalog.PACKAGES, package.name))

    help_pages = tmp_path / "resources" / "help"
    shutil.copytree(resources.folder("help"), help_pages)
    (help_pages / "method-answer_angle.md").write_text(PAGE)
    (help_pages / "data-clouds.md").write_text("# Clouds\n\nTwo clouds of points.\n")
    folder = resources.folder
    monkeypatch.setattr(resources, "folder", lambda name="": help_pages if name == "help" else folder(name))
    yield
    registered: tuple[tuple[catalog.Kind, str], ...] = (
        ("method", "answer_angle"),
        ("network", "line"),
        ("dataset", "clouds"),
    )
    for kind, key in registered:
        catalog.unregister(kind, key)
    for name in [name for name in sys.modules if name.split(".")[0] == package.name]:
        del sys.modules[name]


@pytest.fixture
def driver(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> WindowDriver:
    theme.install(qapp, "light")
    return WindowDriver(qtbot, tmp_path / "workspace")


def open_chooser(driver: WindowDriver, step: Step) -> ChooserPage:
    driver.main.page_router.show_chooser(step)
    chooser = driver.chooser
    # the first list of networks builds every one of them: seconds on a busy machine
    driver.wait(lambda: chooser.list.rows.choices and not driver.main.background.busy, timeout=30_000)
    return chooser


def heading_above(chooser: ChooserPage, key: str) -> str:
    rows = chooser.list.rows
    above = [rows.index(row).data(CHOICE) for row in range(rows.row_of(key).row())]
    return [row.title for row in above if isinstance(row, Heading)][-1]


def test_the_window_offers_it(driver: WindowDriver) -> None:
    driver.open()
    chooser = open_chooser(driver, "method")
    chooser.list.point_at("answer_angle")
    choice = chooser.list.current
    assert isinstance(choice, Choice)
    assert (choice.title, choice.tag, choice.refusal.template) == ("Angle of answers", "2031", "")
    assert choice.source == "Nobody et al., Nowhere 2031"
    assert choice.drawing is not None
    assert heading_above(chooser, "answer_angle") == heading_above(chooser, "kd") == "What it answers"
    assert ("method.settings.weight", "Weight", 2.0) in [
        (field.path, field.label, field.default) for field in chooser.options.form.fields
    ]

    buttons = chooser.findChildren(QPushButton)
    next(button for button in buttons if button.text() == "Compare with the named methods").click()
    driver.wait(lambda: chooser.findChild(AspectsTable) is not None)
    table = chooser.findChild(AspectsTable)
    assert table is not None
    cells = table.model()
    row = next(row for row in range(cells.rowCount()) if cells.index(row, 0).data() == "Angle of answers")
    said = [cells.index(row, column).data() for column in range(1, cells.columnCount())]
    assert said == ["output", "scores as they are", "the same", "one less cosine", "length"]


def test_the_window_says_why_a_pair_does_not_fit(driver: WindowDriver) -> None:
    main = driver.open()
    main.window.draft.load({"dataset": {"key": "clouds"}, "student": {"key": "line-1"}, "method": {"key": "none"}})
    driver.wait(lambda: not main.background.busy)
    chooser = open_chooser(driver, "method")
    choice = next(choice for choice in chooser.list.rows.choices if choice.key == "answer_angle")
    assert str(choice.refusal) == "It needs a teacher: choose one."


def test_the_help_explains_it(driver: WindowDriver) -> None:
    window = driver.open().window
    window.open_help("method-answer_angle")
    browser = window.help.browser
    shown = browser.toPlainText()
    assert "Not measured yet." in shown
    assert "Source: Nobody et al., Angles are enough, Nowhere 2031." in shown
    picture = browser.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("method-answer_angle.svg"))
    assert isinstance(picture, QImage)
    assert picture.width() > 100
    window.open_help("method-composed")
    assert "Angle of answers. Where: output. Teacher’s side: scores as they are." in browser.toPlainText()
    window.open_help("settings")
    assert "Angle of answers" in browser.toPlainText()


def test_the_terminal_lists_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert listing.run(Namespace(what="methods", search="", json=False)) == 0
    told = capsys.readouterr().out
    assert "answer_angle: Angle of answers. Point where the teacher points." in told
    assert "weight = 2 (from 0 to 100): How much the angle counts" in told


@pytest.mark.parametrize(("what", "line"), [("networks", "A single layer."), ("datasets", "Two clouds of points.")])
def test_the_terminal_lists_a_new_network_and_new_data(
    what: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert listing.run(Namespace(what=what, search="", json=False)) == 0
    assert line in capsys.readouterr().out


@pytest.mark.parametrize(("step", "key", "title"), [("student", "line-1", "Line 1"), ("data", "clouds", "Clouds")])
def test_the_window_offers_a_new_network_and_new_data(driver: WindowDriver, step: Step, key: str, title: str) -> None:
    driver.open()
    chooser = open_chooser(driver, step)
    chooser.choice_search.point_anyway(key)  # of a long list the first are shown
    assert chooser.list.current is not None
    assert chooser.list.current.title == title


def test_a_run_trains_with_all_of_them(tmp_path: Path) -> None:
    told: list[Event] = []
    run = launch(validated(EXPERIMENT), Workspace(tmp_path / "workspace"), told.append)
    assert run.state == "finished"
    assert run.method_title == "Angle of answers"
    terms = [event.terms for event in told if isinstance(event, Terms) and event.run == run.id]
    assert terms[-1]["angle"].weight == 3
