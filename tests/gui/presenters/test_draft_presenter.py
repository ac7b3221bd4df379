"""What the panels are told of a draft, from the real catalogue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import torch

from studio import catalog
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.text.say import say
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.runs.store.workspace import Workspace
from tests.data.picture_folders import classes

DRAFT = {
    "dataset": {"key": "digits", "per_class": 10},
    "teacher": {"key": "cnn-32"},
    "student": {"key": "cnn-8"},
    "method": {"key": "kd"},
    "seeds": [0],
}


@pytest.fixture
def presenter(tmp_path: Path) -> DraftPresenter:
    return DraftPresenter(Workspace(tmp_path))


class TestDescribe:
    def words(self, presenter: DraftPresenter, **changes: Any) -> dict[str, str]:
        return {step: say(card.words) for step, card in presenter.describe(DRAFT | changes).cards.items()}

    def test_cards_speak_plain_words(self, presenter: DraftPresenter) -> None:
        words = self.words(presenter)
        assert words["data"] == "100 labelled pictures to learn from, 10 of each kind, 8 × 8"
        assert words["teacher"] == "94\u00a0k parameters, trained first"
        assert words["student"] == "6\u00a0k parameters, 15 times smaller than its teacher"
        assert words["method"].startswith("Learn how sure the teacher is")

    def test_a_chain_says_how_many_networks_it_trains_and_how_long(self, presenter: DraftPresenter) -> None:
        chain = {"teacher": {"key": "cnn-8"}, "method": {"key": "ban", "settings": {"generations": 3}}}
        card = presenter.describe(DRAFT | chain).cards["method"]
        assert say(card.note).startswith("Trains 4 networks, about ")
        assert say(card.short).startswith("4 networks, about ")
        seeds = presenter.describe(DRAFT | chain | {"seeds": [0, 1]}).cards["method"]
        assert say(seeds.note).startswith("Trains 8 networks, about ")
        assert not presenter.describe(DRAFT).cards["method"].note

    def test_several_splits_are_counted_and_refused_where_they_cannot_be(self, presenter: DraftPresenter) -> None:
        tables = {"teacher": {"key": "mlp-32"}, "student": {"key": "mlp-8"}}
        split = presenter.describe(DRAFT | tables | {"dataset": {"key": "iris", "splits": 5}})
        assert not split.problems
        assert "5 splits" in say(split.estimate)
        whole = presenter.describe(DRAFT | tables | {"dataset": {"key": "waveform", "splits": 5}})
        assert [problem.path for problem in whole.problems] == ["dataset.splits"]
        assert "every split would be the same" in say(whole.problems[0].sentence)
        taught = {"teacher": {"key": "mlp-32", "source": "run:earlier"}, "dataset": {"key": "iris", "splits": 5}}
        assert "dataset.splits" in [problem.path for problem in presenter.describe(DRAFT | tables | taught).problems]

    def test_shares_that_leave_nothing_to_choose_on_are_refused(self, presenter: DraftPresenter) -> None:
        points = {"key": "moons", "count": 100, "validation": 0.1}
        networks = {"teacher": {"key": "mlp-20-20"}, "student": {"key": "mlp-8-8"}}
        for share, refused in (({"fraction": 0.02}, True), ({"per_class": 1}, True), ({"fraction": 0.04}, False)):
            told = presenter.describe(DRAFT | networks | {"dataset": points | share})
            assert [problem.path for problem in told.problems] == ["dataset.validation"] * refused
            assert all("can be kept back for choosing" in say(problem.sentence) for problem in told.problems)

    def test_pictures_of_which_none_is_left_to_test_on_are_refused(
        self, presenter: DraftPresenter, tmp_path: Path
    ) -> None:
        folder = classes(tmp_path / "pictures", "a", "b", count=1)
        told = presenter.describe(DRAFT | {"dataset": {"key": "images", "path": str(folder)}})
        assert [problem.path for problem in told.problems] == ["dataset.test"]

    def test_a_chain_of_other_steps_counts_those(self, presenter: DraftPresenter) -> None:
        trees = {
            "dataset": {"key": "iris"},
            "teacher": {"key": "boosted-trees"},
            "student": {"key": "tree"},
            "method": {"key": "ba_tree"},
        }
        card = presenter.describe(DRAFT | trees).cards["method"]
        assert re.match(r"Takes \d steps, about ", say(card.note))
        assert re.match(r"\d steps, about ", say(card.short))

    def test_a_share_is_told_as_a_share(self, presenter: DraftPresenter) -> None:
        assert self.words(presenter, dataset={"key": "digits", "fraction": 0.1})["data"].startswith(
            "144 of 1,797 pictures"
        )

    def test_the_same_network_is_said_to_be_the_same(self, presenter: DraftPresenter) -> None:
        assert self.words(presenter, student={"key": "cnn-32"})["student"].startswith("The same network as its teacher")

    def test_a_teacher_nobody_asks_is_said_to_be_unused(self, presenter: DraftPresenter) -> None:
        assert self.words(presenter, method={"key": "none"})["teacher"].startswith("Not used")

    def test_what_was_not_picked_yet_is_asked_for(self, presenter: DraftPresenter) -> None:
        told = presenter.describe({"dataset": {"key": "digits"}})
        assert {problem.path for problem in told.problems} == {"teacher", "student", "method"}
        assert all(say(problem.sentence).startswith("Choose") for problem in told.problems)

    def test_every_wrong_value_is_told_with_its_place(self, presenter: DraftPresenter) -> None:
        told = presenter.describe(DRAFT | {"training": {"epochs": 0, "batch_size": -1}})
        assert {problem.path for problem in told.problems} == {"training.epochs", "training.batch_size"}

    def test_a_method_that_cannot_work_says_why(self, presenter: DraftPresenter) -> None:
        points = {"dataset": {"key": "moons"}, "teacher": {"key": "mlp-20-20"}, "student": {"key": "mlp-8-8"}}
        told = presenter.describe(DRAFT | points | {"method": {"key": "at"}})
        assert [problem.path for problem in told.problems] == ["method.key"]
        assert "maps over pictures" in say(told.problems[0].sentence)

    def test_what_could_teach_nothing_says_why(self, presenter: DraftPresenter) -> None:
        points = {"dataset": {"key": "moons"}, "teacher": {"key": "mlp-20-20"}, "student": {"key": "mlp-8-8"}}
        two_classes = DRAFT | points | {"method": {"key": "logit_std"}}
        told = presenter.describe(two_classes)
        assert [problem.path for problem in told.problems] == ["method.key"]
        assert "the same two numbers" in say(told.problems[0].sentence)
        (choice,) = (choice for choice in presenter.choices("method", two_classes) if choice.key == "logit_std")
        assert "the same two numbers" in say(choice.refusal)
        pairs = DRAFT | {"method": {"key": "rkd"}, "training": {"batch_size": 2}}
        assert "take a batch of 3 or more" in say(presenter.describe(pairs).problems[0].sentence)
        (choice,) = (choice for choice in presenter.choices("method", pairs) if choice.key == "rkd")
        assert "take a batch of 3 or more" in say(choice.refusal)

    def test_a_borrowed_teacher_of_other_classes_leaves_answers_out(
        self, presenter: DraftPresenter, tmp_path: Path
    ) -> None:
        net = build_network("resnet-8", Input((3, 32, 32), (0.0,) * 3, (1.0,) * 3), ("a", "b"), 1)
        torch.save(net.body.state_dict(), tmp_path / "theirs.pth")
        of_file = {"key": "resnet-8", "source": f"file:{tmp_path / 'theirs.pth'}", "classes": "a, b"}
        for teacher in (of_file, {"key": "torchvision:shufflenet_v2_x0_5", "source": "pretrained"}):
            draft = DRAFT | {"dataset": {"key": "cifar10"}, "teacher": teacher}
            (problem,) = presenter.describe(draft).problems
            assert problem.path == "method.key"
            refusals = {choice.key: say(choice.refusal) for choice in presenter.choices("method", draft)}
            assert refusals["kd"] == say(problem.sentence)
            assert "classes" in refusals["kd"]
            assert not refusals["none"]

    def test_a_network_that_cannot_read_the_data_says_why(self, presenter: DraftPresenter) -> None:
        told = presenter.describe(DRAFT | {"dataset": {"key": "moons"}})
        assert {"teacher.key", "student.key"} <= {problem.path for problem in told.problems}

    def test_defaults_follow_from_what_was_picked(self, presenter: DraftPresenter) -> None:
        told = presenter.describe(DRAFT | {"training": {"epochs": 12}})
        assert told.defaults["method.task_weight"] == pytest.approx(0.1)
        assert told.defaults["teacher.epochs"] == 12

    def test_an_estimate_counts_the_teacher(self, presenter: DraftPresenter) -> None:
        assert "teacher included" in say(presenter.describe(DRAFT).estimate)
        assert "3 seeds" in say(presenter.describe(DRAFT | {"seeds": [1, 2, 3]}).estimate)


class TestChoices:
    def test_all_of_the_catalogue_is_listed(self, presenter: DraftPresenter) -> None:
        for step in ("data", "teacher", "student", "method"):
            choices = presenter.choices(step, DRAFT)
            assert len(choices) >= 5
            assert all(choice.details or choice.refusal or step != "method" for choice in choices)

    def test_networks_are_listed_in_brief_without_building_them(
        self, presenter: DraftPresenter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        presenter.pair(DRAFT)  # both networks of the draft are known now
        monkeypatch.setattr(
            "studio.insight.network_and_data_info.undrawn_network", lambda *_: pytest.fail("a network is built")
        )
        keys = {choice.key for choice in presenter.choices("teacher", DRAFT)}
        assert set(catalog.keys("network")) <= keys
        assert {"torchvision:resnet18", "torchvision:vit_b_16"} <= keys

    def test_what_is_looked_up_has_its_details(self, presenter: DraftPresenter) -> None:
        (brief,) = (choice for choice in presenter.choices("student", DRAFT) if choice.key == "cnn-4")
        full = presenter.look_up("student", "cnn-4", DRAFT)
        assert full is not None
        assert full.details
        assert not brief.details
        assert (full.title, full.heading, full.role) == (brief.title, brief.heading, brief.role)

    def test_what_cannot_be_chosen_says_why(self, presenter: DraftPresenter) -> None:
        told = {
            choice.key: say(choice.refusal)
            for choice in presenter.choices("student", DRAFT | {"dataset": {"key": "moons"}})
        }
        assert told["mlp-8-8"] == ""
        assert "points" in told["cnn-8"]

    def test_a_member_of_a_family_is_found_by_its_key(self, presenter: DraftPresenter) -> None:
        found = presenter.look_up("student", "wrn-10-3", DRAFT)
        assert found is not None
        assert ("Parameters", "676,986") in [(say(name), value) for name, value in found.details]
        assert presenter.look_up("student", "wrn-11-3", DRAFT) is None

    def test_only_runs_on_the_same_data_can_teach(self, presenter: DraftPresenter) -> None:
        assert presenter.teacher_runs(DRAFT) == []
