"""Every objective reads the outputs of exactly those networks that it declares: none is missing, none runs for nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
import torch

from studio import catalog
from studio.methods.base import Stage, Who
from studio.networks.taps import NetworkOutputs
from tests.methods.method_steps import Readers, cast_of, method, network

catalog.load()

INPUT_SLOPES = {"position": "input", "teacher_side": "as_is", "student_side": "as_is"}
PARAPHRASED = {"position": "last", "teacher_side": "paraphraser", "student_side": "translator"}
MORE = [
    ("composed", INPUT_SLOPES),
    ("composed", PARAPHRASED),
    ("jacobian", {"of": "maps"}),
    ("ab", {"other_classes": True}),
]


class Recording(Mapping[Who, NetworkOutputs]):
    """Remembers whose outputs were read."""

    def __init__(self, outputs: Mapping[Who, NetworkOutputs]) -> None:
        self._outputs = outputs
        self.read: set[Who] = set()

    def __getitem__(self, who: Who) -> NetworkOutputs:
        self.read.add(who)
        return self._outputs[who]

    def __contains__(self, who: object) -> bool:
        return who in self._outputs

    def __iter__(self) -> Iterator[Who]:
        return iter(self._outputs)

    def __len__(self) -> int:
        return len(self._outputs)


@pytest.mark.parametrize(
    ("key", "settings"), [*((entry.key, {}) for entry in catalog.entries("method")), *MORE], ids=str
)
def test_it_reads_what_it_declares(key: str, settings: dict[str, object]) -> None:
    torch.manual_seed(0)
    entry, teacher, student = method(key), network("wrn-10-1", seed=1), network("wrn-10-1")
    stages: list[Stage] = entry.plan(entry.Settings(**settings), cast_of(teacher, student))
    teaching = [(stage, stage.objective) for stage in stages if stage.objective is not None]
    assert bool(teaching) == entry.needs.teacher
    for stage, build in teaching:
        objective = build(cast_of(teacher, student))
        with Readers(objective, teacher, student) as readers:
            batch = readers.batch(objective.passes, torch.rand(8, *student.source.shape), torch.zeros(8).long())
            outputs = Recording(batch.outputs)
            objective(replace(batch, outputs=outputs))
        assert outputs.read == objective.passes, stage.name
