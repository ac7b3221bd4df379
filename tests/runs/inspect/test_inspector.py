"""Questions to finished runs, to runs that train, and to network files."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
import torch

from studio import catalog
from studio.core.arrays import read_arrays
from studio.core.errors import StoppedEarly, StudioError
from studio.core.format import short_number
from studio.data.base import as_float
from studio.events import EpochDone, Event
from studio.experiment import Experiment
from studio.insight.asked_maps import places_at
from studio.insight.grad_cam import grad_cam_maps
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import load_network, save_network
from studio.networks.zoo.staged_body import read_grey
from studio.runs.inspect.asked_model import AskedModel, MapWish, ModelAnswer, maps_alike
from studio.runs.inspect.asked_networks import AskedNetworks
from studio.runs.inspect.inspector import Inspector
from studio.runs.inspect.loaded_data import LoadedData
from studio.runs.inspect.loaded_models import LEAST, MOST, LoadedModels
from studio.runs.inspect.trial import FromTestPart, OwnPicture, try_out
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo, read_history
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.training.small_runs import small

catalog.load()


def experiment(**changes: object) -> Experiment:
    values = {"training": {"epochs": 2, "batch_size": 32, "device": "cpu"}, "references": {"alone": True}, **changes}
    return small("kd", **values)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inspected")


@pytest.fixture(scope="module")
def run(place: Path) -> RunInfo:
    """A student with its teacher and its student alone."""
    return launch(experiment(), Workspace(place))


@pytest.fixture
def inspector(place: Path) -> Inspector:
    return Inspector(Workspace(place))


def test_the_three_of_a_run_answer_as_they_did_when_they_were_tested(inspector: Inspector, run: RunInfo) -> None:
    overview = inspector.overview(run.id)
    assert overview.seats.keys() == {"teacher", "student", "alone"}
    assert overview.classes == tuple("0123456789")
    stored = read_arrays(run.places.predictions)
    assert overview.tested == len(stored["labels"])
    for row in (0, 7):
        trial = try_out(inspector, run.id, FromTestPart(row), overview.seats, lambda: False)
        assert trial.example.truth == str(stored["labels"][row])
        for seat, name in (("student", "student"), ("teacher", "teacher")):
            answered = trial.answers[seat]  # type: ignore[index]
            assert isinstance(answered, ModelAnswer)
            logits = stored[name][row].astype(float)
            expected = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
            assert answered.answer.probabilities == pytest.approx(expected, abs=1e-4)
            assert answered.answer.time.milliseconds > 0
            assert answered.answer.maps
    alike = maps_alike(trial.answers)
    assert set(alike) == {"student", "alone"}
    assert all(0 <= value <= 1.0001 for value in alike.values())


def test_an_own_picture_is_answered_and_its_truth_is_not_known(inspector: Inspector, run: RunInfo) -> None:
    sheet = np.full((50, 50, 4), 255, np.uint8)
    sheet[10:40, 22:28, :3] = 0
    trial = try_out(inspector, run.id, OwnPicture(sheet, "a one"), inspector.overview(run.id).seats, lambda: False)
    assert trial.example.truth == ""
    assert trial.example.values.shape == (1, 8, 8)
    assert all(isinstance(answered, ModelAnswer) for answered in trial.answers.values())
    with pytest.raises(StudioError, match="nothing to see"):
        inspector.own_example(run.id, np.full((9, 9, 4), 255, np.uint8), "a sheet")


def test_another_run_and_a_file_can_be_asked_and_what_does_not_fit_says_why(
    inspector: Inspector, run: RunInfo, tmp_path: Path
) -> None:
    example = inspector.test_example(run.id, 0)
    copy = shutil.copy(run.places.student, tmp_path / "own.safetensors")
    from_file = inspector.answer(AskedModel(file=Path(copy)), run.id, example)
    from_run = inspector.answer(AskedModel(run.id), run.id, example)
    assert np.array_equal(from_file.answer.probabilities, from_run.answer.probabilities)
    assert from_file.score is None
    assert from_run.score is not None
    network = build_network("cnn-4", Input((3, 8, 8), (0.5,) * 3, (0.5,) * 3), ("cat", "dog"), seed=0)
    save_network(network, tmp_path / "colour.safetensors")
    with pytest.raises(StudioError, match="pictures in colour"):
        inspector.answer(AskedModel(file=tmp_path / "colour.safetensors"), run.id, example)
    (tmp_path / "broken.safetensors").write_bytes(b"nothing of the kind")
    with pytest.raises(StudioError, match="broken"):
        inspector.answer(AskedModel(file=tmp_path / "broken.safetensors"), run.id, example)
    with pytest.raises(StudioError, match="no example"):
        inspector.test_example(run.id, 10**6)


def test_a_colour_network_of_a_library_answers_to_grey_pictures_as_it_taught_them(
    inspector: Inspector, run: RunInfo, tmp_path: Path
) -> None:
    source = Input((3, 32, 32), (0.4, 0.5, 0.6), (0.2, 0.25, 0.3))
    network = build_network("torchvision:shufflenet_v2_x0_5", source, tuple("0123456789"), seed=0)
    save_network(network, tmp_path / "colour.safetensors")
    asked, example = AskedModel(file=tmp_path / "colour.safetensors"), inspector.test_example(run.id, 0)
    answered = inspector.answer(asked, run.id, example).answer.probabilities
    read_grey(network, (1, 8, 8))
    with torch.no_grad():
        expected = network.eval()(as_float(torch.from_numpy(example.values[None]))).softmax(1)[0]
    assert answered == pytest.approx(expected.numpy(), abs=1e-5)
    networks = AskedNetworks(Workspace(tmp_path), lambda: None)
    channels = [networks.network(asked, np.zeros((n, 8, 8), np.uint8)).source.shape[0] for n in (1, 3, 1)]
    assert channels == [1, 3, 1], "the same file still reads colours"


def test_a_row_of_a_table_is_encoded_as_in_training_and_may_miss_a_value(place: Path, inspector: Inspector) -> None:
    draw = np.random.default_rng(0)
    rows = [
        f"{draw.normal():.3f},{'?' if number % 9 == 4 else 'red' if number % 3 else 'blue'},{'ab'[number % 2]}"
        for number in range(80)
    ]
    (place / "own.csv").write_text("\n".join(["size,colour,kind", *rows]))
    data = {"key": "table", "path": str(place / "own.csv"), "per_class": None}
    trained = launch(small("none", dataset=data, student={"key": "mlp-8"}, training={"epochs": 1}), Workspace(place))
    overview = inspector.overview(trained.id)
    example = inspector.test_example(trained.id, 0)
    assert len(example.cells) == len(overview.fields)
    of_test = LoadedData(Workspace(place).cache).of(trained.id, lambda: trained.experiment)
    assert of_test.words(0) == (
        f"size {short_number(float(str(example.cells[0])))}",
        f"colour {example.cells[1] or '?'}",
    )
    again = inspector.filled_example(trained.id, example.cells)
    assert np.array_equal(again.values, example.values)
    size, colour = overview.fields
    assert (size.categories, set(colour.categories), colour.has_missing) == ((), {"red", "blue"}, True)
    without = inspector.filled_example(trained.id, (example.cells[0], None))
    assert without.values.tolist() == [example.values[0], 0, 0, 1], "no name, and that it is missing"
    answered = inspector.answer(AskedModel(trained.id), trained.id, without)
    assert answered.answer.probabilities.sum() == pytest.approx(1, abs=1e-5)
    with pytest.raises(StudioError, match="does not learn from pictures"):
        inspector.own_example(trained.id, np.zeros((5, 5, 4), np.uint8) + 255, "a picture")


def test_what_speaks_for_an_answer_and_any_tap_are_asked_of_an_own_picture(inspector: Inspector, run: RunInfo) -> None:
    example, asked = inspector.test_example(run.id, 0), AskedModel(run.id)
    there = inspector.answer(asked, run.id, example).answer
    assert {"out", "block"} <= set(there.taps)
    assert there.explains
    network = load_network(run.places.student)
    points = places_at(network, "block")
    found = inspector.answer(asked, run.id, example, wish=MapWish("grad_cam", "block")).answer
    assert np.array_equal(found.probabilities, there.probabilities), "the same answer, looked at otherwise"
    _, maps = grad_cam_maps(network, as_float(torch.from_numpy(example.values)[None]), points)
    assert list(found.maps) == [point.group for point in points if point in maps]
    for point, expected in maps.items():
        own = found.maps[point.group]
        length = float(expected.norm())
        assert own == pytest.approx(expected[0].numpy() / (length or 1), abs=1e-5)


def test_the_inside_on_own_pictures_is_that_of_the_last_snapshot(inspector: Inspector, run: RunInfo) -> None:
    """The same names and values: a view draws the one as the other."""
    kept = read_history(run).moments[-1].load()
    inside = inspector.inside(run.id, kept["probe/inputs"])
    of_maps = {name for name in kept if name.startswith(("attention/", "grad_cam/", "inner/", "logits/"))}
    assert of_maps == set(inside.arrays)
    for name in of_maps:
        assert inside.arrays[name] == pytest.approx(kept[name], abs=2e-3), name
    assert not inside.live
    assert {name for name in inside.alone if name.startswith("grad_cam/student/")}
    with pytest.raises(StoppedEarly):
        inspector.inside(run.id, kept["probe/inputs"], lambda: True)


def test_a_question_that_was_taken_back_is_not_answered(inspector: Inspector, run: RunInfo) -> None:
    example = inspector.test_example(run.id, 0)
    with pytest.raises(StoppedEarly):
        inspector.answer(AskedModel(run.id), run.id, example, lambda: True)


def test_pictures_on_which_they_differ_are_those_of_the_test_part(inspector: Inspector, run: RunInfo) -> None:
    found = inspector.differences(run.id)
    assert found is not None
    assert len(found.sets) == 3
    for one in found.sets:
        for row in one.rows:
            assert np.array_equal(found.inputs[int(row)], inspector.test_example(run.id, int(row)).values)


def test_a_run_that_trains_answers_between_its_steps_and_changes_its_mind(place: Path, run: RunInfo) -> None:
    control, epochs = Control(), threading.Semaphore(0)

    def listen(event: Event) -> None:
        if isinstance(event, EpochDone):
            epochs.release()

    wish = small("none", seed=3, student={"key": "cnn-4"}, training={"epochs": 400, "batch_size": 32, "device": "cpu"})
    thread = threading.Thread(target=launch, args=(wish, Workspace(place), listen, control), daemon=True)
    thread.start()
    try:
        assert epochs.acquire(timeout=60)
        training = next(info for info in Workspace(place).runs() if info.state == "running")
        inspector = Inspector(Workspace(place), lambda: control)
        example = inspector.test_example(training.id, 0)
        first = inspector.answer(AskedModel(training.id), training.id, example)
        for _ in range(3):
            assert epochs.acquire(timeout=60)
        later = inspector.answer(AskedModel(training.id), training.id, example)
        assert first.live
        assert later.live
        assert not np.array_equal(first.answer.probabilities, later.answer.probabilities)
        inside = inspector.inside(training.id, np.stack([example.values, 255 - example.values]))
        assert inside.live
        assert inside.arrays["grad_cam/student/group1"].shape[0] == 2
        assert inspector.differences(training.id) is None
        elsewhere = Inspector(Workspace(place))
        with pytest.raises(StudioError, match="when its run has ended"):
            elsewhere.answer(AskedModel(training.id), training.id, example)
    finally:
        control.stop()
        thread.join(60)
    assert not thread.is_alive()


def _many(models: LoadedModels, folder: Path) -> int:
    """Ask for every model there is; returns how many are kept."""
    for file in sorted(folder.glob("*.safetensors")):
        models.model(file)
    return len(models)


def test_models_are_kept_within_bounds(tmp_path: Path) -> None:
    for number in range(2 * MOST):
        network = build_network("cnn-4", Input((1, 8, 8), (0.5,), (0.5,)), ("a", "b"), seed=number)
        save_network(network, tmp_path / f"{number}.safetensors")
    assert _many(LoadedModels(), tmp_path) <= MOST, "small ones too"
    models = LoadedModels(most=2 * (tmp_path / "0.safetensors").stat().st_size)
    first = models.model(tmp_path / "0.safetensors")
    assert models.model(tmp_path / "0.safetensors") is first
    for number in range(1, 8):
        models.model(tmp_path / f"{number}.safetensors")
    assert models.bytes <= LEAST * (tmp_path / "0.safetensors").stat().st_size
    assert models.model(tmp_path / "0.safetensors") is not first
