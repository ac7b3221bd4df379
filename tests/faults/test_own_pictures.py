"""Folders as people have them, through the whole command: trained on what can be read, refused in one sentence if not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.cli import main

EXPERIMENT = """
[dataset]
key = "images"
path = "pictures"
[teacher]
key = "cnn-4"
[student]
key = "cnn-4"
[method]
key = "none"
[training]
epochs = 1
device = "cpu"
"""


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder beside an experiment file that asks for it."""
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path / "workspace"))
    (tmp_path / "experiment.toml").write_text(EXPERIMENT, encoding="utf-8")
    (tmp_path / "pictures").mkdir()
    return tmp_path / "pictures"


def fill(folder: Path, n: int) -> Path:
    """``n`` pictures of noise."""
    folder.mkdir()
    random = np.random.default_rng(0)
    for i in range(n):
        Image.fromarray(random.integers(0, 256, (12 + i, 12, 3), np.uint8)).save(folder / f"{i}.png")
    return folder


def train(pictures: Path) -> int:
    return main(["train", str(pictures.with_name("experiment.toml"))])


def test_a_messy_folder_is_trained_on_and_reported(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(pictures / "Größe 猫", 6)
    cat = fill(pictures / "cat", 6)
    noise = np.random.default_rng(1).integers(0, 256, (20, 20, 4), np.uint8)
    Image.fromarray(noise, "CMYK").save(cat / "print.jpg")
    Image.fromarray(noise, "RGBA").save(cat / ("n" * 200 + ".png"))
    Image.fromarray(noise[..., 0].astype(np.uint16) * 257).save(cat / "deep.png")
    Image.fromarray(noise[..., 0]).convert("P").save(cat / "palette.png")
    (cat / "torn.png").write_bytes((cat / "0.png").read_bytes()[:60])
    (cat / "nothing.png").write_bytes(b"")
    (cat / "words.png").write_text("hello", encoding="utf-8")
    (pictures / "empty").mkdir()
    if hasattr(os, "symlink"):
        (cat / "loop").symlink_to(pictures, target_is_directory=True)
    assert train(pictures) == 0
    told = capsys.readouterr().err
    assert "3 of 19 pictures could not be read and are left out" in told
    assert "no pictures to learn from: empty" in told
    (scan,) = (pictures.parent / "workspace" / "runs").glob("*/scan.json")
    found = json.loads(scan.read_text(encoding="utf-8"))
    assert {file["file"] for file in found["unreadable_files"]} == {"cat/nothing.png", "cat/torn.png", "cat/words.png"}


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        ({}, "There are no class folders"),
        ({"cat": 3}, "at least two are needed"),
        ({"cat": 3, "dog": 0}, "at least two are needed"),
        ({"cat": 1, "dog": 1}, "No pictures are left for testing"),
    ],
    ids=str,
)
def test_what_cannot_be_learnt_from_is_refused(
    classes: dict[str, int], said: str, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, n in classes.items():
        fill(pictures / name, n)
    assert train(pictures) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "error in the program" not in told
    assert not list((pictures.parent / "workspace").glob("runs/*/summary.json")), "a refused folder left a run behind"
