"""Which data are shown before they are used: a person's own, and tables that are on this computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.gui.presenters.preview_presenter import preview_data


def test_nothing_is_shown_of_pictures_or_fetched_for_a_preview(tmp_path: Path) -> None:
    assert preview_data({"dataset": {"key": "digits"}}, tmp_path) is None
    assert preview_data({"dataset": {"key": "glass"}}, tmp_path) is None
    assert preview_data({}, tmp_path) is None
    assert preview_data({"dataset": {"key": "waveform", "count": 60}}, tmp_path) is not None
    assert not list(tmp_path.rglob("downloads"))


def test_rows_that_are_left_out_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("size,kind\n" + "1,a\n2,b\n" * 3)
    table = {"key": "table", "path": str(tmp_path / "rows.csv")}
    warned, left_out = (preview_data({"dataset": table | said}, tmp_path) for said in ({}, {"without_copies": True}))
    assert warned is not None
    assert left_out is not None
    assert warned.learns_copies
    assert not left_out.learns_copies
    assert [str(words) for words in left_out.copies] == [
        "Rows to learn from that stand among those to test on too are left out."
    ]


@pytest.mark.parametrize(("key", "asked"), [("table", "Choose a file"), ("images", "Choose a folder")])
def test_of_own_data_nothing_is_shown_before_they_are_named_but_what_to_name(
    tmp_path: Path, key: str, asked: str
) -> None:
    shown = preview_data({"dataset": {"key": key}}, tmp_path)
    assert shown is not None
    assert not shown.is_picked
    assert str(shown.problem).startswith(asked)
