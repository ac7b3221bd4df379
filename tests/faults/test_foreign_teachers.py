"""Teachers from files that strangers made: what fits is mapped by name, what does not is refused with the difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from studio.core.errors import StudioError
from studio.experiment import Experiment, validated
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.text.say import say
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import load_network, save_network
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace

DIGITS = tuple("0123456789")


def experiment(method: str, source: str = "train") -> Experiment:
    return validated(
        {
            "dataset": {"key": "digits", "per_class": 5},
            "teacher": {"key": "cnn-4", "source": source},
            "student": {"key": "cnn-4"},
            "method": {"key": method},
            "training": {"epochs": 1, "batch_size": 25, "device": "cpu"},
        }
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def saved(file: Path, classes: tuple[str, ...] = DIGITS, shape: tuple[int, ...] = (1, 8, 8), key: str = "cnn-4") -> str:
    """A teacher nobody has taught, as a source."""
    source = Input(shape, (0.3,) * shape[0], (0.3,) * shape[0])
    save_network(build_network(key, source, classes, 0), file)
    return f"file:{file}"


def taught(workspace: Workspace, source: str, method: str = "kd") -> RunInfo:
    return launch(experiment(method, source), workspace)


def test_the_same_classes_in_another_order_are_mapped(workspace: Workspace, tmp_path: Path) -> None:
    learnt = launch(experiment("none"), workspace)
    plain = load_network(learnt.places.student)
    turned = build_network("cnn-4", plain.source, DIGITS[::-1], 0)
    order = torch.arange(9, -1, -1)
    state = plain.state_dict()
    turned.load_state_dict(
        {
            name: state[name][order] if len(state[name].shape) and len(state[name]) == 10 else state[name]
            for name in state
        }
    )
    save_network(turned, tmp_path / "turned.safetensors")
    first, second = (
        taught(workspace, source) for source in (f"run:{learnt.id}", f"file:{tmp_path / 'turned.safetensors'}")
    )
    assert first.teacher_reference == second.teacher_reference == learnt.reached
    assert first.test_accuracy == second.test_accuracy


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        (("cat", "dog", *DIGITS[2:]), "The data have 0, 1 where it has cat, dog."),
        (DIGITS[:3], "It does not know 3, 4, 5, ..."),
        ((*DIGITS, "ten"), "It also knows ten."),
    ],
)
def test_other_classes_are_refused_with_the_first_names_that_differ(
    workspace: Workspace, tmp_path: Path, classes: tuple[str, ...], said: str
) -> None:
    with pytest.raises(StudioError, match="names other classes") as told:
        taught(workspace, saved(tmp_path / "t.safetensors", classes))
    assert said in str(told.value)
    assert not workspace.runs()


def test_a_teacher_of_other_classes_whose_answers_are_not_compared_leaves_the_gap_open(
    workspace: Workspace, tmp_path: Path
) -> None:
    info = taught(workspace, saved(tmp_path / "t.safetensors", ("cat", "dog")), "at")
    assert info.state == "finished"
    assert "knows other classes" in str(info.sentence)


def test_colour_for_grey_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="made for 3 channels, the data have 1"):
        taught(workspace, saved(tmp_path / "t.safetensors", shape=(3, 8, 8)))
    assert not workspace.runs()


def test_a_teacher_of_rows_for_pictures_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="made for rows of numbers, the data are pictures"):
        taught(workspace, saved(tmp_path / "t.safetensors", shape=(1,), key="mlp-4"))
    assert not workspace.runs()


def test_a_teacher_that_learnt_from_other_columns_is_refused_and_the_window_says_so(
    workspace: Workspace, tmp_path: Path
) -> None:
    for name, column in (("mine", "size"), ("other", "weight")):
        rows = "".join(f"{number},{'xy'[number % 2]}\n" for number in range(20))
        (tmp_path / f"{name}.csv").write_text(f"{column},kind\n{rows}")
    tables: dict[str, Any] = {
        "dataset": {"key": "table", "path": str(tmp_path / "other.csv")},
        "teacher": {"key": "mlp-4"},
        "student": {"key": "mlp-4"},
        "method": {"key": "none"},
        "training": {"epochs": 1, "batch_size": 8, "device": "cpu"},
    }
    learnt = launch(validated(tables), workspace)
    tables |= {
        "dataset": {"key": "table", "path": str(tmp_path / "mine.csv")},
        "method": {"key": "kd"},
        "teacher": {"key": "mlp-4", "source": f"file:{learnt.places.student}"},
    }
    with pytest.raises(StudioError, match="The column “size” is not what it knows"):
        launch(validated(tables), workspace)
    assert [run.id for run in workspace.runs()] == [learnt.id]
    (problem,) = DraftPresenter(workspace).describe(tables).problems
    assert problem.path == "teacher"
    assert "from other columns" in say(problem.sentence)


def test_a_method_that_cannot_work_with_what_the_file_holds_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    source = saved(tmp_path / "t.safetensors", shape=(1, 8, 8), key="mlp-4")
    with pytest.raises(StudioError, match="Attention transfer cannot be used here"):
        taught(workspace, source, "at")
    assert not workspace.runs()


def test_a_file_says_itself_which_network_it_holds(workspace: Workspace, tmp_path: Path) -> None:
    info = taught(workspace, saved(tmp_path / "t.safetensors", key="cnn-8"))
    assert info.state == "finished"
    assert info.experiment.teacher.key == "cnn-8"


def test_a_file_without_values_that_can_be_read_is_told_while_somebody_chooses(
    workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "t.safetensors").write_bytes(b"junk" * 100)
    draft = experiment("kd", f"file:{tmp_path / 't.safetensors'}").model_dump()
    (problem,) = DraftPresenter(workspace).describe(draft).problems
    assert problem.path == "teacher.source"
    assert "not a complete safetensors file" in say(problem.sentence)


def test_another_size_is_resized(workspace: Workspace, tmp_path: Path) -> None:
    assert taught(workspace, saved(tmp_path / "t.safetensors", shape=(1, 16, 16))).state == "finished"


def test_a_file_that_is_no_network_is_refused_before_anything_is_written(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "t.safetensors").write_bytes(b"junk" * 100)
    with pytest.raises(StudioError, match="not a complete safetensors file"):
        taught(workspace, f"file:{tmp_path / 't.safetensors'}")
    assert not workspace.path.exists()
