"""On which pictures networks differ most: counts that add up to the scores, and an order by hand."""

from __future__ import annotations

import numpy as np

from studio.runs.inspect.differences import difference_sets
from studio.training.predictions import Predictions

LABELS = np.array([0, 0, 1, 1, 1])


def logits(truth: list[float]) -> np.ndarray:
    """Two classes; how sure each is of the right one."""
    right = np.log(np.array(truth))
    wrong = np.log1p(-np.array(truth))
    first = np.where(LABELS == 0, right, wrong)
    second = np.where(LABELS == 0, wrong, right)
    return np.stack([first, second], 1).astype(np.float32)


def test_the_three_sets_and_their_order() -> None:
    taught, alone, teacher = [0.9, 0.6, 0.8, 0.2, 0.1], [0.4, 0.1, 0.9, 0.7, 0.3], [0.9, 0.9, 0.9, 0.9, 0.2]
    own = Predictions(LABELS, logits(taught), logits(teacher))
    gains, losses, nobody = difference_sets(own, Predictions(LABELS, logits(alone)))
    assert (gains.count, losses.count, nobody.count) == (2, 1, 1)
    assert gains.rows.tolist() == [0, 1], "0.9 - 0.4 and 0.6 - 0.1 are alike, so the first stays first"
    assert losses.rows.tolist() == [3]
    assert nobody.rows.tolist() == [4]
    assert gains.answers["alone"][0].tolist() == [1, 1]
    assert np.allclose(gains.answers["student"][1], [0.9, 0.6], atol=1e-6)


def test_the_counts_explain_the_difference_of_the_scores() -> None:
    draw = np.random.default_rng(0)
    labels = draw.integers(0, 10, 3000)
    taught, alone = draw.normal(size=(2, 3000, 10)).astype(np.float32)
    taught[np.arange(3000), labels] += 1
    gains, losses, _ = difference_sets(Predictions(labels, taught), Predictions(labels, alone))
    right = [(values.argmax(1) == labels).sum() for values in (taught, alone)]
    assert gains.count - losses.count == right[0] - right[1]
    assert len(gains.rows) == 24
    lead = gains.answers["student"][1] - 0
    assert lead[0] > lead[-1]


def test_without_a_student_alone_the_teacher_takes_its_place() -> None:
    own = Predictions(LABELS, logits([0.9, 0.9, 0.9, 0.2, 0.1]), logits([0.1, 0.9, 0.9, 0.9, 0.2]))
    gains, losses, both = difference_sets(own, None)
    assert (gains.right, gains.wrong) == (("student",), ("teacher",))
    assert (gains.rows.tolist(), losses.rows.tolist(), both.rows.tolist()) == ([0], [3], [4])
    assert difference_sets(Predictions(LABELS, logits([0.5] * 5)), None) == ()


def test_answers_to_other_pictures_are_not_compared() -> None:
    own = Predictions(LABELS, logits([0.9] * 5))
    other = Predictions(LABELS[::-1].copy(), logits([0.1] * 5))
    assert difference_sets(own, other) == ()
