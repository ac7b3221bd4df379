"""A forecast knows the content of data as far as it is known, and reads no gigabytes for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.experiment import Experiment
from studio.runs import references
from studio.runs.references import UNREAD, KnownContents, data_content, fingerprint
from tests.data.picture_folders import classes
from tests.runs.fake_session import experiment


@pytest.fixture
def wish(tmp_path: Path) -> Experiment:
    return experiment("none", dataset={"key": "images", "path": str(classes(tmp_path / "pictures", "a", "b"))})


def test_a_small_folder_is_read_at_once(wish: Experiment, tmp_path: Path) -> None:
    assert KnownContents(tmp_path).of(wish) == data_content(wish, tmp_path) != UNREAD


def test_a_large_folder_counts_as_unknown(wish: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "QUICK", 10)
    assert KnownContents(tmp_path).of(wish) == UNREAD


def test_a_folder_that_is_not_there_counts_as_unknown(tmp_path: Path) -> None:
    gone = experiment("none", dataset={"key": "images", "path": str(tmp_path / "gone")})
    assert KnownContents(tmp_path).of(gone) == UNREAD


def test_equal_data_with_another_share_are_looked_up_once(
    wish: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = KnownContents(tmp_path)
    word = known.of(wish)
    monkeypatch.setattr(references, "data_content", None)
    assert known.of(wish.model_copy(update={"dataset": wish.dataset.model_copy(update={"fraction": 0.5})})) == word


def test_data_on_board_have_no_such_content_and_their_word_is_as_it_was(tmp_path: Path) -> None:
    on_board = experiment("none")
    assert data_content(on_board, tmp_path) == ""
    assert fingerprint(on_board, {}, content="") != fingerprint(on_board, {}, content="other")
