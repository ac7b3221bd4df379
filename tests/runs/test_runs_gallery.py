"""The ready experiments: what their files say beside the experiment itself."""

from __future__ import annotations

import pytest

from studio.errors import StudioError
from studio.experiment import load
from studio.runs.gallery import exhibit, exhibits


@pytest.mark.parametrize("shown", exhibits(), ids=lambda shown: shown.key)
def test_every_ready_experiment_and_each_of_its_variants_is_valid(shown):
    load(shown.path)
    made = [load(shown.path, variant) for variant in shown.variants]
    assert len({one.title for one in made}) == len(made)


def test_a_set_tells_its_variants():
    variants = exhibit("boundaries").variants
    assert [variant["method.settings.distance"] for variant in variants] == ["boundary", "l2", "l1", "l0.5"]
    assert exhibit("digits").variants == ()


def test_a_file_that_cannot_be_read_is_left_out(tmp_path):
    (tmp_path / "1-broken.toml").write_text("[gallery", encoding="utf-8")
    (tmp_path / "2-well.toml").write_text('[gallery]\ntitle = "Well"\n', encoding="utf-8")
    assert [shown.title for shown in exhibits(tmp_path)] == ["Well"]


def test_each_says_what_to_look_at_and_how_long_it_takes():
    shown = exhibits()
    assert len(shown) >= 4
    assert all(one.title and one.words and one.look_at and one.minutes > 0 for one in shown)


def test_the_nearest_name_is_offered():
    with pytest.raises(StudioError, match="Did you mean “digits”"):
        exhibit("digit")
