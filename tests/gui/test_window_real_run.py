"""The window over the real engine: every method trains two steps, and a run that was closed over goes on to its end."""

from __future__ import annotations

import pytest
from bench import Bench

from studio import catalog
from studio.gui.text.say import say
from studio.insight.network_and_data_info import cast_of

catalog.load()


@pytest.fixture
def bench(qtbot, tmp_path) -> Bench:
    return Bench(qtbot, tmp_path / "workspace")


def pair_for(method: str) -> tuple[str, str]:
    """A tiny pair the method can work with as it stands."""
    entry = catalog.find("method", method)
    pairs = (("cnn-8", "cnn-4"), ("cnn-4", "cnn-4"))
    return next(pair for pair in pairs if entry.refusal(entry.Settings(), cast_of(*pair, (1, 8, 8), 10)) is None)


def small(work, steps: int, method: str = "kd") -> None:
    """A tiny pair on digits, two steps or a few more."""
    teacher, student = pair_for(method)
    work.window.draft.load(
        {
            "dataset": {"key": "digits", "per_class": 10},
            "teacher": {"key": teacher, "epochs": 1},
            "student": {"key": student},
            "method": {"key": method},
            "training": {"steps": steps, "batch_size": 8},
        }
    )


def test_every_method_trains_two_steps_from_the_window(bench):
    """In one window, so that teachers are trained once."""
    work = bench.open(real=True)
    wrong: dict[str, str] = {}
    for method in catalog.keys("method"):
        with bench.qtbot.waitSignal(work.window.panel.described):
            small(work, 2, method)
        with bench.qtbot.waitSignal(work.desk.settled, timeout=60_000) as settled:
            work.desk.train()
        info = settled.args[0]
        if info is None or info.state != "finished" or info.steps != 2 or info.method != method:
            wrong[method] = work.window.panel.refusal() or work.page.error.accessibleName()
    assert not wrong
    bench.wait_idle()
    for view in work.page.views:  # with all of them laid over each other
        work.pages.show_view(view.key)
        bench.qtbot.wait(20)
    assert len(work.shelf.ticked) == len(catalog.keys("method"))


def test_cards_and_estimate_know_of_a_teacher_that_has_just_been_trained(bench):
    work = bench.open(real=True)
    small(work, 2)
    panel = work.window.panel
    bench.wait(lambda: panel.cards["teacher"].words.endswith("trained first") and not work.background.busy)
    with bench.qtbot.waitSignal(work.desk.settled, timeout=60_000):
        work.desk.train()
    bench.wait(lambda: "trained here" in panel.cards["teacher"].words)
    assert "teacher included" not in say(panel.known.estimate)


def test_a_method_made_on_the_bench_is_kept_and_trains(bench):
    work = bench.open(real=True)
    small(work, 2, "at")
    bench.wait(lambda: not work.background.busy)
    work.window.panel.choose_requested.emit("method")
    page = work.pages.chooser
    bench.wait(lambda: page.list.current is not None and page.list.current.key == "at")
    page.composing.mode.segment("compose").click()
    part = page.composing.bench
    bench.wait(lambda: part.known is not None)
    for aspect, key in (("position", "neurons"), ("teacher_side", "on_off")):
        bench.wait(part.pickers[aspect].radio(key).isEnabled)
        part.pickers[aspect].radio(key).click()
    bench.wait(lambda: part.table["settings"].get("teacher_side") == "on_off")
    page.composing.bar.name.setText("My boundaries")
    page.composing.bar.name.textEdited.emit("My boundaries")
    page.composing.bar.save.click()
    bench.wait(lambda: page.list.current.key == "own:My boundaries")
    bench.wait(page.use.isEnabled)
    page.use.click()
    assert work.window.draft.key("method") == "composed"
    bench.wait(lambda: work.window.panel.cards["method"].title == "My boundaries")
    with bench.qtbot.waitSignal(work.desk.settled, timeout=60_000) as settled:
        work.desk.train()
    (info,) = settled.args
    assert (info.state, info.steps, info.method_title) == ("finished", 2, "My boundaries")
    assert info.experiment.method.typed.teacher_side == "on_off"


def test_a_run_that_was_closed_over_goes_on_to_its_end(bench):
    work = bench.open(real=True)
    small(work, 400)
    work.desk.train()
    bench.wait(lambda: work.shelf.asked and work.shelf.live(work.shelf.asked).history.step > 20, timeout=60_000)
    work.window.close()
    work.leaving.leave()
    bench.wait(lambda: not work.window.isVisible(), timeout=20_000)
    left = work.workspace.run("last")
    assert left.state == "stopped"
    assert 0 < left.progress < 1

    work = bench.open(real=True)
    assert left.name in work.window.notice.words
    work.window.notice.followed.emit()
    bench.wait(lambda: work.queue.doing == "running")
    bench.wait(lambda: work.queue.doing == "idle", timeout=60_000)
    assert work.workspace.run(left.id).state == "finished"
    history = work.shelf.history(left.id)
    assert history.step == 400
    assert list(history.test.x) == sorted(set(history.test.x))
