"""The ready experiments: what their files say beside the experiment itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import studio.gui.views
from studio.core import resources
from studio.core.errors import StudioError
from studio.experiment import load
from studio.runs.presets.preset_sets import load_all
from studio.runs.presets.presets import Preset, all_presets, find_preset


@pytest.mark.parametrize("shown", all_presets(), ids=lambda shown: shown.key)
def test_every_ready_experiment_and_each_of_its_variants_is_valid(shown: Preset) -> None:
    load(shown.path)
    made = [load(shown.path, variant) for variant in shown.variants]
    assert len({one.title for one in made}) == len(made)


def test_a_set_tells_its_variants() -> None:
    variants = find_preset("boundaries").variants
    assert [variant["method.settings.distance"] for variant in variants] == ["boundary", "l2", "l1", "l0.5"]
    assert find_preset("digits").variants == ()


def test_a_file_with_variants_is_as_many_experiments() -> None:
    made = load_all(find_preset("boundaries").path, {"seed": 5, "method.settings.margin": 2.0})
    assert [one.title for one in made] == ["Boundaries (AB)", "Values, L2", "Values, L1", "Values, L0.5"]
    assert {(one.seed, one.method.settings["margin"]) for one in made} == {(5, 2.0)}
    assert len(load_all(find_preset("digits").path)) == 1


def test_variants_that_are_none_are_refused_with_their_place(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        find_preset("digits").path.read_text("utf-8").replace("[gallery]", "[gallery]\nvariants = 3"), "utf-8"
    )
    with pytest.raises(StudioError) as refused:
        load_all(file)
    assert refused.value.place == "gallery.variants"


def test_a_file_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "1-broken.toml").write_text("[gallery", encoding="utf-8")
    (tmp_path / "2-well.toml").write_text('[gallery]\ntitle = "Well"\n', encoding="utf-8")
    assert [shown.title for shown in all_presets(tmp_path)] == ["Well"]


def test_each_says_what_to_look_at_what_was_reached_and_how_long_it_takes() -> None:
    shown = all_presets()
    assert all(one.title and one.words and one.look_at and one.minutes > 0 for one in shown)
    assert [
        one.key
        for one in shown
        if not re.search(r"\d+\.\d ± \d+\.\d %.*\((?:[3-9]|\d\d) seeds|[3-9] seeds", one.reached)
    ] == []


def test_there_are_twelve_or_more_that_take_less_than_three_minutes() -> None:
    assert len([one for one in all_presets() if one.minutes < 3]) >= 12


def test_each_leads_to_a_view_and_has_a_picture_of_its_own() -> None:
    views = {path.name for path in (Path(studio.gui.views.__file__).parent).iterdir() if (path / "view.py").is_file()}
    shown = all_presets()
    assert {one.view for one in shown} <= views
    assert [one.key for one in shown if not (resources.folder("pictures") / f"gallery-{one.key}.svg").is_file()] == []


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(StudioError, match="Did you mean “digits”"):
        find_preset("digit")
