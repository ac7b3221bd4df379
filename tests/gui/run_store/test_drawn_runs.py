"""Which runs are laid over each other: their colours, and the one everything speaks of."""

from __future__ import annotations

from studio.gui import theme
from studio.gui.run_store.drawn_runs import MOST, DrawnRuns
from studio.gui.widgets.swatch import marker_of


def drawn(*runs: str) -> DrawnRuns:
    made = DrawnRuns([], {})
    for run in runs:
        made.tick(run)
    return made


def test_a_run_gets_the_first_colour_that_no_drawn_run_has() -> None:
    runs = drawn("a", "b", "c")
    runs.untick("b")
    runs.tick("d")
    assert [runs.color(run) for run in ("a", "c", "d")] == [0, 2, 1]


def test_a_run_keeps_its_colour_unless_a_drawn_run_has_it() -> None:
    runs = drawn("a", "b")
    runs.untick("a")
    runs.tick("a")
    assert runs.color("a") == 0
    runs.untick("a")
    runs.tick("c")
    runs.tick("a")
    assert (runs.color("c"), runs.color("a")) == (0, 2)


def test_the_chosen_run_is_current_while_it_is_drawn() -> None:
    runs = drawn("a", "b")
    runs.choose("b")
    assert runs.current(references=()) == "b"
    runs.untick("b")
    assert runs.current(references=()) == "a"


def test_a_reference_is_current_only_where_it_was_chosen() -> None:
    runs = drawn("teacher", "student")
    assert runs.current(references={"teacher"}) == "student"
    runs.choose("teacher")
    assert runs.current(references={"teacher"}) == "teacher"


def test_colours_of_runs_that_are_gone_are_not_kept_for_the_next_time() -> None:
    runs = drawn("a", "b")
    runs.keep_only({"b"})
    assert runs.ticked == ["b"]
    assert runs.colors_of({"b"}) == {"b": 1}
    assert runs.color("a") == 0, "it may be brought back"


def many(count: int) -> list[str]:
    return [f"run {number}" for number in range(count)]


def test_no_more_runs_are_drawn_than_can_be_told_apart() -> None:
    looks = {(theme.current().run_color(index).name(), marker_of(index)) for index in range(MOST)}
    assert len(looks) == MOST
    runs = drawn(*many(200))
    assert len(runs.ticked) == 200
    assert runs.drawn == many(200)[-MOST:], "those ticked last"
    assert len({runs.color(run) for run in runs.drawn}) == MOST


def test_of_many_ticked_at_once_the_first_are_drawn() -> None:
    runs = DrawnRuns([], {})
    runs.tick(*many(200))
    assert set(runs.drawn) == set(many(MOST))


def test_one_ticked_after_many_is_drawn_in_a_colour_of_its_own() -> None:
    runs = DrawnRuns([], {})
    runs.tick(*many(200))
    runs.tick("late")
    assert "late" in runs.drawn
    assert len(runs.drawn) == MOST
    assert len({runs.color(run) for run in runs.drawn}) == MOST


def test_the_chosen_run_is_drawn_however_many_are_ticked() -> None:
    runs = drawn(*many(200))
    runs.choose("run 0")
    assert "run 0" in runs.drawn
    assert len(runs.drawn) == MOST
    assert runs.current(references=()) == "run 0"


def test_where_some_are_unticked_earlier_ones_are_drawn_again() -> None:
    runs = drawn(*many(40))
    colors = {run: runs.color(run) for run in runs.drawn}
    runs.untick(*many(40)[-5:])
    assert runs.drawn == many(35)[-MOST:]
    assert all(runs.color(run) == colors[run] for run in runs.drawn if run in colors), "who is drawn keeps its colour"
    assert len({runs.color(run) for run in runs.drawn}) == MOST


def test_what_was_kept_the_last_time_is_drawn_in_colours_of_their_own() -> None:
    runs = DrawnRuns(["a", "b", "c"], {"a": 0, "b": 0, "c": 77})
    colors = [runs.color(run) for run in runs.drawn]
    assert len(set(colors)) == 3
    assert all(color is not None and color < MOST for color in colors)
