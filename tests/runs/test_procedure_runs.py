"""A procedure as a run: what its folder holds, what depends on it, and that what it has learnt can teach."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.core.arrays import read_arrays
from studio.core.errors import StudioError
from studio.core.score_scale import ACCURACY
from studio.experiment import load
from studio.models.files import load_model
from studio.runs.dependents import dependents
from studio.runs.files.chain import read_chain
from studio.runs.files.folder import read_document
from studio.runs.files.summary import Summary
from studio.runs.launch import launch
from studio.runs.results.html_report import report
from studio.runs.results.json_export import as_json
from studio.runs.results.table import rows, to_csv
from studio.runs.run_info import RunInfo, read_history
from studio.runs.store.workspace import Workspace
from tests.systems.chains import small_chain, toy_in_catalog


@pytest.fixture(scope="module", autouse=True)
def toy() -> Iterator[None]:
    with toy_in_catalog():
        yield


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace(tmp_path_factory.mktemp("procedures"))
    launch(small_chain("toy", method={"key": "toy", "settings": {"rounds": 1}}), made)
    return made


def step(workspace: Workspace, role: str) -> RunInfo:
    return next(run for run in workspace.runs() if run.role == role)


def test_it_is_a_run_with_a_role_a_parent_and_an_experiment_of_its_own(workspace: Workspace) -> None:
    made = step(workspace, "centres")
    cases = step(workspace, "cases")
    assert made.state == "finished"
    assert made.parent == cases.parent != ""
    assert load(made.places.experiment).uses == {"cases": f"run:{cases.id}"}
    assert made.uses == (cases.id,)
    assert set(made.files) == {"arrays.npz", "student.safetensors", "predictions.npz"}
    assert not made.places.procedure_state.exists()
    assert "[uses]" not in cases.places.experiment.read_text()


def test_its_model_is_measured_like_any_other(workspace: Workspace) -> None:
    made = step(workspace, "centres")
    summary = read_document(made.places.summary, Summary)
    assert summary is not None
    assert made.reached is not None
    assert made.reached.value > 0.6  # two half moons lie mostly beside each other
    assert summary.scores["student"][ACCURACY].value == made.reached.value
    assert summary.parameters == {"student": 4}
    assert str(made.sentence).startswith("The student reached")
    assert str(made.sentence).endswith("; it learnt from what was answered in an earlier step.")


def test_one_without_a_model_says_that_all_is_done(workspace: Workspace) -> None:
    assert str(step(workspace, "cases").sentence) == "Toy cases: all is done (4 items)."


def test_what_goes_on_from_it_is_told_before_it_is_deleted(workspace: Workspace) -> None:
    cases = step(workspace, "cases")
    told = [str(words) for words in dependents([cases], workspace.runs())]
    assert any("goes on from what" in words for words in told)
    assert any("is a step of" in words for words in told)


def test_what_is_no_network_teaches_one(workspace: Workspace) -> None:
    made = step(workspace, "centres")
    taught = small_chain("toy", method={"key": "kd"}, teacher={"key": "mlp-8-8", "source": f"run:{made.id}"})
    info = launch(taught, workspace)
    assert info.state == "finished"
    assert info.teacher_reference is not None
    assert made.reached is not None
    assert info.teacher_reference.value == pytest.approx(made.reached.value)
    assert load_model(info.places.teacher).key == "toy_nearest"


@pytest.mark.parametrize("method", ["jacobian", "grad_at", "bss"])
def test_what_has_no_gradient_is_refused_by_methods_that_ask_for_it(workspace: Workspace, method: str) -> None:
    made = step(workspace, "centres")
    teacher = {"key": "mlp-8-8", "source": f"run:{made.id}"}
    with pytest.raises(StudioError, match="Nearest centre has no gradient"):
        launch(small_chain("toy", method={"key": method}, teacher=teacher), workspace)


def test_it_can_be_asked_for_by_itself_and_another_of_the_same_kind_makes_the_same(
    workspace: Workspace, tmp_path: Path
) -> None:
    cases = step(workspace, "cases")
    alone = launch(load(cases.places.experiment), workspace)
    assert alone.parent == ""
    assert alone.places.arrays.read_bytes() == cases.places.arrays.read_bytes()


def test_uses_that_are_no_runs_or_are_gone_are_refused(workspace: Workspace) -> None:
    centres = load(step(workspace, "centres").places.experiment)
    with pytest.raises(StudioError, match="nowhere"):
        launch(centres.model_copy(update={"uses": {"cases": "run:nowhere"}}), workspace)
    with pytest.raises(StudioError, match="cannot be used as cases"):
        launch(centres.model_copy(update={"uses": {"cases": f"run:{step(workspace, 'teacher').id}"}}), workspace)
    with pytest.raises(Exception, match="Name a run by its id"):
        small_chain("toy", uses={"cases": "file:cases.npz"})
    assert read_arrays(step(workspace, "teacher").places.arrays) == {}


def test_the_chain_keeps_its_procedures_among_its_steps(workspace: Workspace) -> None:
    parent = next(run for run in workspace.runs() if run.is_chain)
    chain = read_chain(parent.places)
    assert chain is not None
    assert [each.role for each in chain.steps] == ["teacher", "cases", "centres", "round 1"]
    assert parent.references["cases"] == step(workspace, "cases").id


@pytest.mark.parametrize(
    ("headline", "unit", "better", "written"),
    [("squared error", "", "lower", "squared error 0."), ("points a centre", "points", "higher", "points a centre ")],
)
def test_the_score_that_counts_stands_in_sentence_list_table_and_report(
    workspace: Workspace, headline: str, unit: str, better: str, written: str
) -> None:
    centres = load(step(workspace, "centres").places.experiment)
    method = centres.method.model_copy(update={"settings": {"headline": headline}})
    info = launch(centres.model_copy(update={"method": method}), workspace)
    assert (info.headline, info.unit, info.better) == (headline, unit, better)
    history = read_history(info)
    assert history.scale == info.scale
    assert info.reached is not None
    assert info.test_accuracy is None
    assert f"reached {written}" in str(info.sentence)
    told = as_json(info)
    assert told["headline"]["name"] == headline
    assert told["headline"]["student"]["value"] == info.score
    assert told["accuracy"] == {"teacher": None, "student": None, "alone": None}
    row = next(csv.DictReader(io.StringIO(to_csv([info]))))
    assert (row["score_name"], row["score_better"], row["test_accuracy"]) == (headline, better, "")
    assert info.scale.words(info.score) in report(info)
    assert rows([info])[0].score == info.score
    read = next(run for run in Workspace(workspace.path).runs() if run.id == info.id)  # from the index
    assert read.scale == info.scale
