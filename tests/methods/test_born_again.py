"""Born-again networks: a generation's loss, its variants, and how a run learns by them."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from studio.core.errors import Invalid
from studio.experiment import Experiment, validated
from studio.methods import born_again_loss, confidence_weights, ensemble_probabilities, soft_cross_entropy
from studio.methods.born_again import permuted_answers
from studio.training.stage_objective import StageObjective
from tests.methods.loss_checks import Golden, check, close, finite
from tests.methods.method_steps import WeighedTerm, cast_of, method, network, take_step


def test_a_generation_has_the_golden_value_and_gradient() -> None:
    golden = Golden("ban")
    student = golden.student("student_logits")
    loss = born_again_loss(student, golden["teacher_logits"], golden["labels"])
    check(loss, golden["loss_label_plus_teacher"], (student, golden["grad_label_plus_teacher"]))
    close(soft_cross_entropy(student, golden["teacher_logits"], 1), golden["loss_teacher_only"])


def test_labels_weighed_by_confidence_have_the_golden_value() -> None:
    golden = Golden("ban")
    weights = confidence_weights(golden["teacher_logits"])
    close(weights, golden["cwtm_weights"])
    each = cross_entropy(golden["student_logits"], golden["labels"], reduction="none")
    close((weights * each).sum(), golden["loss_cwtm"])


def test_the_mean_of_generations_has_the_golden_value() -> None:
    golden = Golden("ban")
    close(ensemble_probabilities(golden["ensemble_logits"]), golden["ensemble_prob"])


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("scale", [0.0, 1e-20, 1.0, 1e6])
def test_it_is_finite_for_any_scores(batch: int, scale: float) -> None:
    labels = torch.arange(batch)
    student, teacher = torch.randn(2, batch, 4)
    finite(lambda s, t: born_again_loss(s, t, labels), scale * student, teacher)
    finite(lambda s, t: born_again_loss(s, t, labels), student, scale * teacher)
    assert confidence_weights(scale * teacher).sum().item() == pytest.approx(1)
    assert ensemble_probabilities(scale * torch.randn(3, batch, 4)).sum(1).tolist() == pytest.approx([1.0] * batch)


def test_shuffled_answers_keep_their_largest_and_all_values() -> None:
    torch.manual_seed(0)
    logits = torch.randn(40, 6)
    shuffled = permuted_answers(logits)
    assert torch.equal(shuffled.sort(1).values, logits.sort(1).values)
    assert torch.equal(shuffled.argmax(1), logits.argmax(1))
    moved = (shuffled != logits).float().mean().item()
    assert 0.4 < moved < 0.9  # of six places one stays, of the others one in five by chance


def test_every_order_of_the_other_answers_is_as_likely() -> None:
    torch.manual_seed(0)
    orders = permuted_answers(torch.tensor([[9.0, 0.0, 1.0, 2.0]]).expand(6000, -1))[:, 1:]
    _, counts = orders.unique(dim=0, return_counts=True)
    assert len(counts) == 6
    assert counts.float().sub(1000).abs().max().item() < 130  # more than four standard deviations


def terms_of(teaches: str) -> tuple[dict[str, WeighedTerm], Tensor, Tensor, Tensor]:
    """The terms of a step on four pictures; the logits of student and teacher and the labels behind them."""
    teacher, student = network("cnn-8", seed=1), network("cnn-8")
    build = method("born_again").joint(method("born_again").Settings(teaches=teaches))
    assert build is not None
    torch.manual_seed(0)
    terms = take_step(StageObjective(build(cast_of(teacher, student)), [], 1.0), teacher, student, batch=4)
    torch.manual_seed(0)
    pictures, labels = torch.rand(4, 3, 16, 16), torch.randint(4, (4,))
    return terms, student(pictures), teacher(pictures), labels


def test_labels_and_answers_count_alike() -> None:
    terms, student, teacher, labels = terms_of("answers")
    assert {name: term.weight for name, term in terms.items()} == {"labels": 1, "soft targets": 1}
    whole = sum(term.value for term in terms.values())
    torch.testing.assert_close(whole, born_again_loss(student, teacher, labels))


def test_confidence_weighs_the_labels_and_adds_no_term() -> None:
    terms, student, teacher, labels = terms_of("confidence")
    assert {name: term.kind for name, term in terms.items()} == {"labels": "task"}
    each = cross_entropy(student, labels, reduction="none")
    torch.testing.assert_close(terms["labels"].value, (confidence_weights(teacher) * each).sum())


def test_confidence_without_labels_teaches_nothing_and_is_refused() -> None:
    tables = {
        "dataset": {"key": "digits"},
        "teacher": {"key": "cnn-8"},
        "student": {"key": "cnn-8"},
        "method": {"key": "born_again", "settings": {"teaches": "confidence"}, "task_weight": 0},
    }
    with pytest.raises(Invalid, match="Nothing would teach the student"):
        validated(tables)
    tables["method"] = {"key": "born_again", "task_weight": 0}
    assert isinstance(validated(tables), Experiment)
