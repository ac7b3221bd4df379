"""Which runs are laid over each other: their colours, and the one everything speaks of."""

from __future__ import annotations

from studio.gui import theme
from studio.gui.run_store.drawn_runs import BROUGHT_UP, MOST, DrawnRuns
from studio.gui.widgets.swatch import marker_of


def drawn(*runs: str) -> DrawnRuns:
    made = DrawnRuns([], {})
    for run in runs:
        made.tick(run)
    return made


def test_a_run_gets_a_colour_that_no_other_stands_for() -> None:
    runs = drawn("a", "b", "c")
    runs.untick("b")
    runs.tick("d")
    assert [runs.color(run) for run in ("a", "b", "c", "d")] == [0, 1, 2, 3]


def test_where_all_have_stood_for_a_run_it_gets_the_first_that_no_drawn_run_has() -> None:
    runs = drawn(*many(BROUGHT_UP))
    runs.untick("run 1")
    runs.tick("late")
    assert runs.color("late") == 1


def test_a_run_keeps_its_colour_unless_a_drawn_run_has_it() -> None:
    runs = drawn("a", "b")
    runs.untick("a")
    runs.tick("a")
    assert runs.color("a") == 0
    runs.untick("a")
    runs.tick("c")
    runs.tick("a")
    assert (runs.color("c"), runs.color("a")) == (2, 0)


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


#: Runs of two kinds of data.
DATA = {"digit 1": "digits", "digit 2": "digits", "digit 3": "digits", "moon 1": "moons", "moon 2": "moons"}


def of_two_data(*kept: str) -> DrawnRuns:
    made = DrawnRuns(list(kept), {})
    made.compare_by(DATA)
    return made


def test_runs_of_other_data_are_off_and_come_up_with_the_next_of_theirs() -> None:
    runs = of_two_data("digit 1", "digit 2")
    runs.tick("moon 1")
    assert (runs.ticked, runs.drawn, runs.off) == (["moon 1"], ["moon 1"], ["digit 1", "digit 2"])
    assert runs.current(references=()) == "moon 1"
    runs.tick("digit 3")
    assert runs.ticked == ["digit 1", "digit 2", "digit 3"]
    assert runs.off == ["moon 1"]


def test_one_that_is_off_is_drawn_instead_when_it_is_ticked() -> None:
    runs = of_two_data("moon 1", "digit 1")
    assert runs.off == ["moon 1"], "the last that was ticked is in question"
    runs.tick("moon 1")
    assert (runs.ticked, runs.current(references=())) == (["moon 1"], "moon 1")


def test_unticking_all_brings_nothing_else_up() -> None:
    runs = of_two_data("moon 1", "digit 1", "digit 2")
    runs.untick(*runs.ticked)
    assert (runs.drawn, runs.off) == ([], ["moon 1"])
    runs.compare_by({**DATA, "digit 4": "digits"})
    assert runs.drawn == [], "nor does another list"


def test_a_new_run_brings_up_those_it_can_be_compared_with() -> None:
    runs = of_two_data("moon 1")
    runs.bring_up("digit 3", ["moon 2", "digit 2", "digit 1"])
    assert set(runs.ticked) == {"digit 1", "digit 2", "digit 3"}
    assert runs.current(references=()) == "digit 3"
    assert runs.ticked[-1] == "digit 3", "it was ticked last"


def test_what_a_person_has_unticked_stays_so_until_it_is_ticked_again() -> None:
    runs = of_two_data("digit 1", "digit 2")
    runs.untick("digit 1")
    runs.bring_up("digit 3", ["digit 2", "digit 1"])
    assert set(runs.ticked) == {"digit 2", "digit 3"}
    again = DrawnRuns(runs.kept, {}, runs.put_away)
    again.compare_by(DATA)
    again.bring_up("digit 3", ["digit 1"])
    assert "digit 1" not in again
    again.tick("digit 1")
    assert "digit 1" in again
    assert again.put_away == []


def test_a_new_run_brings_up_no_more_than_have_a_colour_of_their_own() -> None:
    runs = DrawnRuns([], {})
    runs.compare_by(dict.fromkeys([*many(50), "new"], "digits"))
    runs.bring_up("new", many(50))
    assert set(runs.ticked) == {"new", *many(BROUGHT_UP - 1)}
    assert {runs.color(run) for run in runs.drawn} == set(range(BROUGHT_UP))
