"""Under which heading of the chooser every method stands, and the year beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.gui.presenters.choice_presenter import ChoicePresenter
from studio.gui.presenters.draft_info import Choice
from studio.runs.store.workspace import Workspace

HEADINGS = {
    "Yours": "composed",
    "The reference": "none",
    "What it answers": "logits kd born_again bss dkd dist logit_std",
    "What it sees inside": "fitnet at ab fsp ft ofd svd flow vid nst reviewkd ickd",
    "How pictures relate": "rkd sp cc pkt crd",
    "How it reacts to its input": "grad_at jacobian",
    "Several trainings": "ban assistant",
}


@pytest.fixture
def listed(tmp_path: Path) -> list[Choice]:
    """The methods as the chooser lists them."""
    return ChoicePresenter(Workspace(tmp_path)).choices("method", {})


def test_every_method_stands_under_what_it_compares(listed: list[Choice]) -> None:
    found = {choice.key: str(choice.heading) for choice in listed}
    assert set(found.values()) == set(HEADINGS)
    wrong = {key: found[key] for heading, keys in HEADINGS.items() for key in keys.split() if found[key] != heading}
    assert wrong == {}


def test_every_published_method_has_its_year_beside_it(listed: list[Choice]) -> None:
    years = {choice.key: choice.tag for choice in listed}
    assert {key for key, year in years.items() if not year} == {"none", "composed"}
    assert (years["kd"], years["fitnet"], years["logit_std"]) == ("2014", "2015", "2024")
