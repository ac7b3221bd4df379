"""A report: one file that needs nothing else and executes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.core.errors import StudioError
from studio.core.message import Text
from studio.experiment import to_toml, validated
from studio.runs.files.history import Reference
from studio.runs.results.html_report import Illustration, report, write_report
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import Gap


@pytest.fixture
def info(tmp_path: Path) -> RunInfo:
    values = {
        "dataset": {"key": "digits"},
        "teacher": {"key": "cnn-8"},
        "student": {"key": "cnn-4"},
        "method": {"key": "kd", "settings": {"temperature": 3.0}},
    }
    (tmp_path / "experiment.toml").write_text(to_toml(validated(values).resolved()))
    return RunInfo(
        tmp_path.name,
        tmp_path,
        name="Best <script>alert(1)</script>",
        state="finished",
        sentence=Text("The student reached 96 %."),
        reached=Reference(0.96, 0.94, 0.98),
        gap=Gap(0.73, 0.6, 0.8),
        notes="See <b>group 2</b>",
    )


def test_it_tells_what_was_reached_and_picked(info: RunInfo) -> None:
    page = report(info)
    assert "The student reached 96 %." in page
    assert info.gap is not None
    assert f"73\u00a0% ({info.gap.interval_words})" in page
    assert info.gap.interval_words.replace("\u00a0", " ") == "95 % interval: 60 to 80 %"


def test_settings_are_told_in_the_words_of_the_forms(info: RunInfo) -> None:
    page = report(info)
    assert "<th>Temperature</th><td>3</td>" in page
    assert "<th>Network</th><td>Small CNN 8</td>" in page
    assert "<th>Learning rate falls</th><td>as a cosine</td>" in page
    assert "<th>Batch</th><td>64 pictures</td>" in page
    assert "<th>Train the student alone too</th><td>no</td>" in page
    for raw in ("task_weight", "dataset.key", "None", "schema_version", "batch_size"):
        assert raw not in page


def test_what_people_wrote_is_escaped(info: RunInfo) -> None:
    page = report(info)
    assert "<script>" not in page
    assert "&lt;b&gt;group 2&lt;/b&gt;" in page


def test_pictures_are_inside(info: RunInfo) -> None:
    page = report(info, [Illustration("Is it learning?", "By epoch.", b"\x89PNG")])
    assert "data:image/png;base64,iVBORw==" in page
    assert 'src="http' not in page


def test_it_is_written_whole_or_said(info: RunInfo, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, info)
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(StudioError, match="cannot be written"):
        write_report(tmp_path / "nowhere" / "report.html", info)
