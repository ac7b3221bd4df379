"""Which tables are shown before they are used: those that are on this computer."""

from __future__ import annotations

from pathlib import Path

from studio.gui.presenters.preview_presenter import preview_data


def test_nothing_is_shown_of_pictures_or_fetched_for_a_preview(tmp_path: Path) -> None:
    assert preview_data({"dataset": {"key": "digits"}}, tmp_path) is None
    assert preview_data({"dataset": {"key": "glass"}}, tmp_path) is None
    assert preview_data({"dataset": {"key": "table"}}, tmp_path) is None
    assert preview_data({}, tmp_path) is None
    assert preview_data({"dataset": {"key": "waveform", "count": 60}}, tmp_path) is not None
    assert not list(tmp_path.rglob("downloads"))
