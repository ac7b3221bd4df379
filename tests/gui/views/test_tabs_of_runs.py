"""Which views the shown runs can fill, and what is said of the others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.message import Text
from studio.events import Phase, RunStarted, Snapshot
from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views import views
from studio.gui.views.charts.moments import arrays_of
from studio.runs.files.history import RunHistory
from tests.gui import made_up


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


def off(qtbot: QtBot, runs: Sequence[ShownRun]) -> dict[str, str]:
    """By the key of a view of the inside why the runs cannot fill it, where they cannot."""
    found = {}
    for made in (view for view in views() if view.fills_from):
        view = made()
        qtbot.addWidget(view)
        view.set_runs(runs)
        if words := view.off_words():
            found[view.key] = words
    return found


def of_one_kind(*beginnings: str) -> ShownRun:
    """A run whose snapshot holds but some of the arrays."""
    arrays = arrays_of(made_up.pictures_run(readings=5, snapshots=2).moments[-1])
    history = RunHistory("some", label="Some", epochs=1)
    kept = {name: array for name, array in arrays.items() if name.startswith(beginnings)}
    history.handle_event(Snapshot(step=1, epoch=1, arrays=kept))
    return ShownRun(history, current=True)


def of_a_table(state: str) -> ShownRun:
    history = RunHistory("rows", label="Rows")
    history.handle_event(
        RunStarted(
            run="rows", name="Rows", plan=(), steps=10, epochs=1, steps_per_epoch=10, batch_size=8, device="cpu", threads=1,
            precision="exact", classes=("a", "b"), groups=(), examples="table",
        )
    )  # fmt: skip
    history.state = "finished" if state == "finished" else "running"
    return ShownRun(history, current=True)


def test_pictures_fill_all_but_the_plane(qtbot: QtBot) -> None:
    found = off(qtbot, made_up.picture_runs(readings=5))
    assert set(found) == {"plane"}
    assert found["plane"] == "needs points of two numbers each"


def test_points_fill_all_but_attention(qtbot: QtBot) -> None:
    found = off(qtbot, made_up.point_runs())
    assert set(found) == {"attention"}


def test_networks_that_learn_from_a_table_have_no_places(qtbot: QtBot) -> None:
    run = of_one_kind("logits/", "probe/labels", "agreement/", "chance/", "channels/", "firing/", "how/")
    run.history.examples = "table"
    found = off(qtbot, [run])
    assert set(found) == {"attention", "plane"}
    assert found["attention"] == "rows of a table have no places to look at"


def test_what_has_no_network_inside_has_none_of_the_views_of_it(qtbot: QtBot) -> None:
    found = off(qtbot, [of_a_table("finished")])
    assert set(found) == {"attention", "boundaries", "soft_targets", "plane"}
    assert all(found.values())


def test_without_a_teacher_there_is_nothing_to_agree_with(qtbot: QtBot) -> None:
    run = ShownRun(made_up.pictures_run(readings=5, snapshots=2, teacher=False), current=True)
    assert "teacher" in off(qtbot, [run])["boundaries"]


def test_what_is_not_known_yet_is_not_off(qtbot: QtBot) -> None:
    assert off(qtbot, []) == {}
    assert set(off(qtbot, [of_a_table("running")])) == {"plane"}  # what it learns from is known as soon as it begins


def waiting(reference: RunHistory | None) -> list[ShownRun]:
    """A run that has not begun, and what trains for it."""
    asked = RunHistory("asked", label="Asked")
    asked.handle_event(Phase(run="asked", words=Text("Training the teacher")))
    found = [ShownRun(asked, current=True)]
    if reference is not None:
        reference.state = "running"
        found.append(ShownRun(reference, role="teacher"))
    return found


def test_the_plane_of_a_run_that_waits_is_known_from_what_trains_for_it(qtbot: QtBot) -> None:
    assert set(off(qtbot, waiting(None))) == {"plane"}
    assert set(off(qtbot, waiting(made_up.pictures_run(run="t", readings=5, snapshots=2)))) == {"plane"}
    assert off(qtbot, waiting(made_up.points_run(run="t"))) == {}
