"""What depends on a run, in words, before it is deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.runs.dependents import dependents, steps_of
from studio.runs.results.chain_text import go_on_words, next_role
from studio.runs.run_info import RunInfo

NOWHERE = Path("nowhere")


def run(name: str, sequence: int = 0, parent: str = "", role: str = "student", **references: str) -> RunInfo:
    return RunInfo(name, NOWHERE, f"Run {name}", sequence=sequence, parent=parent, role=role, references=references)


CHAIN = replace(
    run("chain", 1),
    planned=("teacher", "generation 1", "generation 2"),
    references={"teacher": "t", "generation 1": "g1"},
)
TEACHER, FIRST = run("t", 2, "chain", "teacher"), run("g1", 3, "chain", "generation 1")
MEAN = replace(run("mean", 9), members=("t", "g1"))
TAUGHT = replace(run("taught", 10), teachers=("g1",))
COMPARED = run("kd", 11, teacher="t", alone="a")
ALL = [COMPARED, TAUGHT, MEAN, CHAIN, FIRST, TEACHER, run("a", 4, "kd", "alone")]


def words(*gone: RunInfo) -> list[str]:
    return [str(told) for told in dependents(gone, ALL)]


def test_a_step_says_its_chain_the_ensembles_and_the_runs_it_taught() -> None:
    assert words(FIRST) == [
        "“Run g1” has taught “Run taught”.",
        "“Run g1” is a member of the ensemble “Run mean”.",
        "“Run g1” is a step of “Run chain”: generation 1.",
    ]


def test_references_of_single_trainings_are_told_apart() -> None:
    assert words(TEACHER)[0] == "“Run t” has taught “Run kd”."
    assert words(ALL[-1]) == ["“Run kd” is compared with “Run a”."]


def test_what_goes_too_is_not_told() -> None:
    assert words(CHAIN, TEACHER, FIRST, MEAN, TAUGHT) == ["“Run t” has taught “Run kd”."]
    assert words(TAUGHT) == []


def test_the_steps_of_a_chain_in_the_order_they_were_taken() -> None:
    assert steps_of(CHAIN, ALL) == [TEACHER, FIRST]
    assert steps_of(COMPARED, ALL) == [], "the references of one training are no steps"


def test_a_chain_goes_on_from_the_first_step_whose_run_is_not_there() -> None:
    assert next_role(CHAIN, {"t", "g1"}) == "generation 2"
    assert next_role(CHAIN, {"g1"}) == "teacher"
    done = replace(CHAIN, references={**CHAIN.references, "generation 2": "g2"})
    assert next_role(done, {"t", "g1", "g2"}) == ""
    assert str(go_on_words("generation 2")) == "Go on from generation 2"
    assert str(go_on_words("")) == "Go on with the ensembles"
