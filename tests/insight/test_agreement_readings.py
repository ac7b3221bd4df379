"""What a snapshot says of agreement, as plain numbers."""

from __future__ import annotations

import numpy as np

from studio.events import AgreementReading, GroupAgreement
from studio.insight.agreement_readings import agreement_readings


def number(value: float) -> np.ndarray:
    return np.array(value, np.float32)


def test_percents_become_fractions_and_what_connects_is_told() -> None:
    arrays = {
        "agreement/group1": number(75),
        "chance/group1": number(50),
        "own/agreement/group1": number(87.5),
        "own/chance/group1": number(62.5),
        "own/how/group1": np.array(1, np.int8),
        "agreement/group2": number(100),
        "chance/group2": number(25),
        "alike/group1/sum": number(1),
    }
    assert agreement_readings(arrays) == (
        GroupAgreement("group1", AgreementReading(0.75, 0.5), AgreementReading(0.875, 0.625), "connector"),
        GroupAgreement("group2", AgreementReading(1.0, 0.25)),
    )
    assert agreement_readings({**arrays, "own/how/group1": np.array(0, np.int8)})[0].way == "direct"


def test_without_a_teacher_nothing_is_said() -> None:
    assert agreement_readings({"logits/student": np.zeros((8, 4), np.float32)}) == ()
