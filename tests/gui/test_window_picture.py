"""Pictures of the window are made by a program that ends by itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks import window_picture


def test_a_ready_experiment_that_is_not_there_is_refused_with_those_that_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["window_picture", "--to", str(tmp_path / "shot.png"), "--preset", "digit"])
    with pytest.raises(SystemExit):
        window_picture.main()
    said = capsys.readouterr().err
    assert "There is no ready experiment called “digit”" in said
    assert "digits, shapes" in said
    assert not list(tmp_path.iterdir())
