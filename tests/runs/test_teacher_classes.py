"""Which classes a borrowed teacher names, told while somebody still chooses."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.insight.network_and_data_info import DataInfo
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.runs.store.workspace import Workspace
from studio.runs.teacher_classes import NamedTeacher, names_other_classes

SHAPE = (3, 32, 32)


def data(*names: str, count: int = 2) -> DataInfo:
    return DataInfo("pictures", SHAPE, count, 10, 10, names=names)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Weights of a ResNet-8 that another program has saved; of its three classes it says nothing."""
    net = build_network("resnet-8", Input(SHAPE, (0.0,) * 3, (1.0,) * 3), ("a", "b", "c"), 1)
    torch.save(net.body.state_dict(), tmp_path / "theirs.pth")
    return tmp_path / "theirs.pth"


@pytest.mark.parametrize("known", [data("cat", "dog"), data(count=10)])
def test_a_published_network_names_those_of_its_publisher(known: DataInfo, tmp_path: Path) -> None:
    teacher = NamedTeacher("torchvision:resnet18", "pretrained")
    assert names_other_classes(teacher, Workspace(tmp_path), known)


@pytest.mark.parametrize(
    ("asked", "known", "other"),
    [
        ("a, b, c", data("cat", "dog"), True),
        ("a, b, c", data("c", "b", "a", count=3), False),
        ("a, b, c", data(count=3), False),
        ("a, b, c", data(count=2), True),
        ("", data("x", "y", "z", count=3), False),
        ("", data("cat", "dog"), False),
        ("a, b", data("cat", "dog"), False),
    ],
)
def test_a_file_names_those_a_person_wrote_or_else_those_of_the_data(
    asked: str, known: DataInfo, other: bool, file: Path, tmp_path: Path
) -> None:
    teacher = NamedTeacher("resnet-8", f"file:{file}", asked)
    assert names_other_classes(teacher, Workspace(tmp_path), known) == other


def test_a_file_that_was_written_anew_is_read_anew(file: Path, tmp_path: Path) -> None:
    teacher = NamedTeacher("resnet-8", f"file:{file}")
    assert not names_other_classes(teacher, Workspace(tmp_path), data("cat", "dog"))
    torch.save({"state_dict": torch.load(file, weights_only=True), "classes": ["a", "b", "c"]}, file)
    assert names_other_classes(teacher, Workspace(tmp_path), data("cat", "dog"))
