"""A checkpoint is gone on with only by the experiment, the teacher and the data it was made for."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.core.errors import StudioError
from studio.events import Event
from studio.experiment import Experiment, loads, to_toml
from studio.training.control import Control
from studio.training.session import Places, run_session
from tests.training.small_runs import Run, small


class Killed(BaseException):
    """Stands for the process ending here and now."""


def kill(event: Event) -> None:
    if event.kind == "checkpoint":
        raise Killed


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def killed(run: Run, tmp_path: Path) -> Path:
    """The folder of a run that was killed behind its first checkpoint."""
    with pytest.raises(Killed):
        run(small(), folder=tmp_path / "killed", listen=kill)
    return tmp_path / "killed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"student": {"key": "cnn-8"}}, "student.key is cnn-8 and was cnn-4"),
        ({"training": {"batch_size": 16}}, "training.batch_size is 16 and was 32"),
        ({"training": {"optimizer": {"lr": 0.01}}}, "training.optimizer.lr is 0.01 and was 0.05"),
        ({"method": "at"}, "method.key is at and was kd"),
        ({"dataset": {"per_class": 20}}, "dataset.per_class is 20 and was 10"),
        ({"teacher": {"key": "cnn-4"}}, "teacher.key is cnn-4 and was cnn-8"),
        ({"seed": 7}, "seed is 7 and was 0"),
    ],
    ids=str,
)
def test_another_experiment_is_refused_and_nothing_is_touched(
    run: Run, killed: Path, change: dict[str, Any], said: str
) -> None:
    method = change.pop("method", "kd")
    before = contents(killed)
    with pytest.raises(StudioError, match=said) as told:
        run(small(method, **change), folder=killed, resume=True)
    assert "Put back what was there before" in str(told.value)
    assert contents(killed) == before


def test_a_name_and_a_device_are_free_to_change(run: Run, killed: Path) -> None:
    outcome, _ = run(small(name="another", training={"device": "auto"}), folder=killed, resume=True)
    assert outcome.state == "finished"


def test_an_experiment_read_back_from_its_file_is_the_same(run: Run, killed: Path) -> None:
    stored = loads(to_toml(small().resolved()), killed)
    assert run(stored, folder=killed, resume=True)[0].state == "finished"


class TestATeacherInAFile:
    @pytest.fixture
    def places(self, tmp_path: Path, cache: Path, teacher: Path) -> Places:
        """Places of a run that was killed behind its first checkpoint, its teacher in a file of its own."""
        own = tmp_path / "own.safetensors"
        shutil.copy(teacher, own)
        places = Places(tmp_path / "run", cache, own)
        places.folder.mkdir()
        with pytest.raises(Killed):
            run_session(small(), places, kill, Control())
        return places

    @staticmethod
    def go_on(places: Places) -> str:
        return run_session(small(), places, lambda _event: None, Control(), resume=True).state

    def test_the_same_file_is_gone_on_with(self, places: Places) -> None:
        assert self.go_on(places) == "finished"

    def test_another_file_in_its_place_is_refused(self, places: Places, tmp_path: Path) -> None:
        assert places.teacher is not None
        other = Places(tmp_path / "other", places.cache)
        other.folder.mkdir()
        run_session(small("none", student={"key": "cnn-8"}, seed=5), other, lambda _event: None, Control())
        shutil.copy(other.folder / "student.safetensors", places.teacher)
        before = contents(places.folder)
        with pytest.raises(StudioError, match=r"not the one the student has learnt from.*Put the old file back"):
            self.go_on(places)
        assert contents(places.folder) == before

    def test_a_file_that_is_gone_is_said(self, places: Places) -> None:
        assert places.teacher is not None
        places.teacher.unlink()
        with pytest.raises(StudioError, match=r"own\.safetensors cannot be read\. No such file"):
            self.go_on(places)


class TestOwnPictures:
    @pytest.fixture
    def pictures(self, tmp_path: Path) -> Path:
        random = np.random.default_rng(0)
        for name in ("cat", "dog"):
            (tmp_path / "pictures" / name).mkdir(parents=True)
            for i in range(10):
                array = random.integers(0, 256, (8, 8, 3), np.uint8)
                Image.fromarray(array).save(tmp_path / "pictures" / name / f"{i}.png")
        return tmp_path / "pictures"

    @staticmethod
    def of(pictures: Path) -> Experiment:
        return small("none", dataset={"key": "images", "path": str(pictures), "per_class": None})

    @pytest.fixture
    def killed(self, run: Run, tmp_path: Path, pictures: Path) -> Path:
        with pytest.raises(Killed):
            run(self.of(pictures), folder=tmp_path / "run", listen=kill)
        return tmp_path / "run"

    def test_others_in_their_place_are_refused(self, run: Run, killed: Path, pictures: Path) -> None:
        Image.new("RGB", (8, 8)).save(pictures / "cat" / "0.png")
        with pytest.raises(StudioError, match="Its data are not the ones"):
            run(self.of(pictures), folder=killed, resume=True)

    def test_the_same_in_another_place_are_gone_on_with(self, run: Run, killed: Path, pictures: Path) -> None:
        moved = pictures.rename(pictures.with_name("moved"))
        assert run(self.of(moved), folder=killed, resume=True)[0].state == "finished"
