"""A chain grows while its step trains, and what it then tells of the step itself takes the place of that."""

from __future__ import annotations

import pytest

from studio.events import EpochDone, Event, Snapshot, TermReading, Terms
from studio.gui.run_store.live_runs import LiveRuns
from studio.runs.files.history import RunHistory
from tests.gui import made_up

SPE, EACH = made_up.STEPS_PER_EPOCH, 30 * made_up.STEPS_PER_EPOCH


@pytest.fixture
def runs() -> LiveRuns:
    """A chain whose teacher is done, while its first generation learns."""
    made = LiveRuns()
    made.start_job()
    made.start(made_up.chain_run(run="chain", done=1))
    made.start(made_up.step_run("generation 1", "chain", done=0))
    return made


def history(runs: LiveRuns, run: str = "chain") -> RunHistory:
    live = runs.find(run)
    assert live is not None
    return live.history


def said(run: str, epoch: int, accuracy: float = 0.5, **place: int) -> list[Event]:
    step = place.get("step", epoch * SPE)
    terms = {"labels": TermReading(1.0 / epoch, 1.0, "task")}
    stage = "generation 1" if run == "chain" else "learn"
    at = {"run": run, "stage": stage, "step": step, "epoch": epoch}
    return [
        Terms(terms=terms, learning_rate=0.1, pictures_per_second=9.0, **at),  # type: ignore[arg-type]
        EpochDone(labelled=True, test_accuracy=accuracy, **at),  # type: ignore[arg-type]
    ]


def tell(runs: LiveRuns, events: list[Event]) -> None:
    for event in events:
        runs.handle_event(event)


def test_readings_of_the_step_stand_at_its_place_in_the_whole(runs: LiveRuns) -> None:
    tell(runs, said("chain-step", 3, 0.6))
    chain = history(runs)
    assert (chain.step, chain.epoch) == (EACH + 3 * SPE, 33)
    assert (chain.test.x[-1], chain.test.y[-1]) == (EACH + 3 * SPE, 0.6)
    assert chain.terms["labels"].raw.x[-1] == EACH + 3 * SPE
    live = runs.find("chain")
    assert live is not None
    assert live.fraction == pytest.approx(chain.step / chain.steps)


def test_what_the_chain_tells_of_the_step_takes_their_place(runs: LiveRuns) -> None:
    for epoch in range(1, 31):
        tell(runs, said("chain-step", epoch))
    before = history(runs).test.x <= EACH
    tell(runs, [event for epoch in (10, 30) for event in said("chain", 30 + epoch, 0.7)])
    chain = history(runs)
    inside = chain.test.x > EACH
    assert chain.test.x[inside].tolist() == [EACH + 10 * SPE, EACH + 30 * SPE]
    assert chain.test.y[inside].tolist() == [0.7, 0.7]
    assert (~inside).sum() == before.sum(), "what was told of earlier steps stays"
    assert (chain.terms["labels"].raw.x > EACH).sum() == 2


def test_agreement_and_key_moments_stay_with_the_step(runs: LiveRuns) -> None:
    told = Snapshot(run="chain-step", stage="learn", step=SPE, epoch=1, moments=("start",))
    runs.handle_event(told)
    assert history(runs).moments[-1].step == EACH + SPE
    assert not history(runs).key_moments


def test_what_lies_beyond_the_plan_is_left_out(runs: LiveRuns) -> None:
    tell(runs, said("chain-step", 31, step=EACH + 1))
    assert history(runs).test.x.max() == EACH
