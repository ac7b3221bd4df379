"""A run from data to files: what it says, what it writes, and that chance is where it belongs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio import catalog
from studio.core.errors import NotANumber, StudioError
from studio.events import EpochDone, Phase, RunEnded, RunStarted, Snapshot, StageStarted, Terms
from studio.insight.network_and_data_info import cast_of
from studio.networks.files import load_network
from studio.training.control import Control
from tests.training.small_runs import Run, newest, small


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_network(folder / "student.safetensors").state_dict()


def same(a: Path, b: Path) -> bool:
    first, second = weights(a), weights(b)
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def test_it_tells_its_plan_its_terms_and_its_end(run: Run, tmp_path: Path) -> None:
    outcome, told = run(small(), folder=tmp_path / "r")
    started, ended = told.of(RunStarted)[0], told.of(RunEnded)[0]
    assert started.steps == 9
    assert [band.end for band in started.plan] == [9]
    assert started.classes == tuple("0123456789")
    assert set(told.of(Terms)[-1].terms) == {"labels", "soft targets"}
    assert told.of(EpochDone)[-1].test_accuracy == outcome.student_accuracy == ended.test_accuracy
    assert told.of(Phase)[0].words.template == "Preparing data"
    assert told.of(Snapshot)[0].step == 0
    assert told.of(Snapshot)[-1].step == 9
    assert outcome.state == "finished"
    assert outcome.teacher_accuracy is not None
    assert set(outcome.parameters) == {"student", "teacher"}


def test_it_writes_student_and_answers(run: Run, tmp_path: Path) -> None:
    outcome, _ = run(small(), folder=tmp_path / "r")
    answers = np.load(tmp_path / "r" / "predictions.npz", allow_pickle=False)
    assert answers["student"].shape == answers["teacher"].shape == (len(answers["labels"]), 10)
    accuracy = (answers["student"].argmax(1) == answers["labels"]).mean()
    assert accuracy == pytest.approx(outcome.student_accuracy)


@pytest.mark.parametrize("key", catalog.keys("method"))
def test_every_method_runs_to_its_end(run: Run, key: str) -> None:
    method = catalog.find("method", key)
    narrower = replace(cast_of("cnn-8", "cnn-4", (1, 8, 8), 10), made_from_teacher=method.needs.made_from_teacher)
    fits = method.refusal(method.Settings(), narrower) is None
    network = "recast" if method.needs.made_from_teacher else "cnn-4" if fits else "cnn-8"
    outcome, told = run(small(key, student={"key": network}))
    assert outcome.state == "finished"
    assert all(np.isfinite(r.value) for event in told.of(Terms) for r in event.terms.values())


def test_the_same_seed_gives_the_same_numbers_and_another_gives_others(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(small("ab"), folder=tmp_path / name)
    run(small("ab", seed=1), folder=tmp_path / "c")
    assert same(tmp_path / "a", tmp_path / "b")
    assert not same(tmp_path / "a", tmp_path / "c")


def test_watching_changes_no_number(run: Run, tmp_path: Path) -> None:
    """Pauses, steps, and somebody else drawing from the global generator."""
    run(small(), folder=tmp_path / "quiet")
    control = Control()
    control.step()

    def meddle(event: object) -> None:
        torch.rand(3)
        control.step()

    control.resume()
    run(small(), folder=tmp_path / "watched", control=control, listen=meddle)
    assert same(tmp_path / "quiet", tmp_path / "watched")


def test_a_run_leaves_the_global_generator_as_it_was(run: Run) -> None:
    torch.manual_seed(7)
    before = torch.get_rng_state()
    run(small())
    assert torch.equal(torch.get_rng_state(), before)


def test_stop_keeps_what_was_learnt(run: Run, tmp_path: Path) -> None:
    control = Control()

    def stop_early(event: object) -> None:
        if isinstance(event, EpochDone):
            control.stop()

    outcome, told = run(small(training={"epochs": 50}), folder=tmp_path / "r", control=control, listen=stop_early)
    assert outcome.state == "stopped"
    assert outcome.steps < 150
    assert (tmp_path / "r" / "student.safetensors").exists()
    assert told.of(RunEnded)[0].state == "stopped"


def test_what_a_stage_must_not_touch_is_bit_equal_after_it(run: Run, tmp_path: Path) -> None:
    """The transfer stage of activation boundaries leaves the classifier alone, weight decay and statistics included."""
    seen: list[dict[str, torch.Tensor]] = []
    folder = tmp_path / "r"

    def look(event: object) -> None:
        if isinstance(event, StageStarted):
            saved = newest(folder)
            if saved is not None:
                seen.append(saved.student)

    experiment = small("ab")
    run(experiment, folder=folder, listen=look)
    fresh: dict[str, torch.Tensor] = {}

    def first(event: object) -> None:
        if isinstance(event, Snapshot) and not fresh:
            return
        saved = newest(tmp_path / "f")
        if saved is not None and saved.step == 0:
            fresh.update(saved.student)

    run(experiment, folder=tmp_path / "f", listen=first)
    after_transfer = seen[-1]
    head = [name for name in fresh if ".head" in name or ".fc" in name]
    assert head
    assert all(torch.equal(fresh[name], after_transfer[name]) for name in head)
    assert any(not torch.equal(fresh[name], after_transfer[name]) for name in fresh)


def test_best_keeps_the_best_epoch_and_patience_ends_early(run: Run) -> None:
    outcome, told = run(
        small(
            dataset={"key": "digits", "per_class": 20, "validation": 0.2},
            training={"epochs": 60, "keep": "best", "patience": 3},
        )
    )
    validated_at = [event.validation_accuracy for event in told.of(EpochDone)]
    assert outcome.state == "early_stop"
    assert outcome.kept == "best"
    assert validated_at.index(max(validated_at)) == len(validated_at) - 4, "the last three epochs brought no gain"


def test_a_loss_that_explodes_ends_with_step_cause_and_remedy(run: Run, tmp_path: Path) -> None:
    wild = small("logits", training={"epochs": 30, "optimizer": {"lr": 10.0, "momentum": 0.99}})
    with pytest.raises(NotANumber) as caught:
        run(wild, folder=tmp_path / "r")
    assert "since step" in str(caught.value)
    assert "learning rate" in str(caught.value).lower()
    kept = weights(tmp_path / "r")
    assert all(bool(tensor.isfinite().all()) for tensor in kept.values())


def test_a_method_that_cannot_work_is_refused_before_anything_is_trained(run: Run) -> None:
    with pytest.raises(StudioError, match="cannot"):
        run(small("ab", dataset={"key": "moons", "per_class": 20}, student={"key": "cnn-4"}))


def test_a_stage_left_to_labels_without_weight_is_refused(run: Run) -> None:
    wide = {"student": {"key": "cnn-8"}}
    with pytest.raises(StudioError, match="Nothing would teach the student in the stage “classify”"):
        run(small({"key": "fsp", "task_weight": 0}, **wide))
    outcome, _ = run(small({"key": "fsp", "task_weight": 0, "also": [{"key": "kd"}]}, **wide))
    assert outcome.state == "finished"
