"""Which runs are laid over each other: their colours, and the one everything speaks of."""

from __future__ import annotations

from studio.gui.run_store.drawn_runs import DrawnRuns


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
