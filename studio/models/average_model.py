"""Several finished models of any kind as one: it answers with the mean of what they answer, and its file holds all of them.

Networks alone make a network, see :mod:`studio.networks.ensemble`; this is what is made where a tree or another learner is
among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import numpy as np
import torch

from studio import catalog
from studio.core.ensemble_keys import Mean, ensemble_key, is_ensemble, member_keys
from studio.core.errors import StudioError
from studio.core.message import Text, text, translatable
from studio.core.score import Score
from studio.models.base import Model, ModelKind, ModelSize
from studio.models.class_order import InClassOrder
from studio.models.files import StoredModel, kind_of, load_model, read_model, refused, write_model
from studio.models.learners import Learner
from studio.models.mean_answers import mean_logits

KEY = "average"
#: What a probability of 0 is taken for where its logarithm is needed.
_LEAST = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True)
class AverageModel:
    """See :class:`studio.models.base.Model`.

    Attributes:
        members: at least two, none of them an average, their answers in one order of classes.
        mean: what of their answers is averaged; of a model without logits they are the logarithms of what it answers.
    """

    members: tuple[Model, ...]
    mean: Mean = "probabilities"
    scores: Mapping[str, Score] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return ensemble_key([member.key for member in self.members], self.mean)

    @property
    def classes(self) -> tuple[str, ...]:
        return self.members[0].classes

    @property
    def size(self) -> ModelSize:
        sizes = [member.size for member in self.members]
        return ModelSize(*(sum(getattr(one, name) for one in sizes) for name in ("parameters", "nodes", "bytes")))

    @cached_property
    def milliseconds(self) -> float:
        """Of the members one after the other."""
        return sum(member.milliseconds for member in self.members)

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        """See :meth:`studio.models.base.Model.probabilities`."""
        answers = np.stack([member.probabilities(inputs) for member in self.members])
        together = mean_logits(torch.from_numpy(np.log(np.maximum(answers, _LEAST))), self.mean)
        return together.softmax(1).numpy()

    def describe(self) -> Text:
        return text("{n} models, together", n=len(self.members))

    def save(self, file: Path) -> None:
        """Each member as the bytes of a file of its own."""
        arrays: dict[str, np.ndarray] = {}
        with TemporaryDirectory() as folder:
            for number, member in enumerate(self.members):
                member.save(own := Path(folder) / f"{number}.safetensors")
                arrays[f"{number:03}"] = np.frombuffer(own.read_bytes(), np.uint8)
        write_model(file, StoredModel(KEY, self.classes, arrays, {"mean": self.mean}))


def average_of(members: Sequence[Model], mean: Mean = "probabilities") -> AverageModel:
    """The mean answer of models whose classes may stand in different orders: those of the first count.

    Raises:
        StudioError: they are fewer than two, or one knows other classes or is an average itself.
    """
    if len(members) < 2:
        raise StudioError("An ensemble needs two members or more.", "", "Choose another run beside this one.")
    for number, member in enumerate(members, start=1):
        if is_ensemble(member.key):
            raise StudioError("An ensemble cannot be a member of another.", "", "Choose its members instead.")
        if set(member.classes) != set(members[0].classes):
            raise StudioError(
                "Member {n} of the ensemble knows other classes than the first.",
                "Answers can only be averaged class by class.",
                "Choose models that learnt the same classes.",
                n=number,
            )
    classes = members[0].classes
    return AverageModel(
        tuple(member if member.classes == classes else InClassOrder(member, classes) for member in members), mean
    )


class AverageKind(ModelKind):
    """Models of several kinds that answer together."""

    key = KEY
    title = "Average"
    words = "The mean answer of several models that learnt apart."

    def read(self, file: Path, scores: Mapping[str, Score]) -> AverageModel:
        stored = read_model(file, KEY)
        why = "What it holds are no models that could be averaged."
        mean: Mean | None = next((one for one in get_args(Mean) if one == stored.description.get("mean")), None)
        bytes_of_each = [stored.arrays[name] for name in sorted(stored.arrays)]
        if mean is None or any(each.dtype != np.uint8 or each.ndim != 1 for each in bytes_of_each):
            raise refused(file, why)
        members = []
        with TemporaryDirectory() as folder:
            for number, each in enumerate(bytes_of_each):
                own = Path(folder) / f"{number}.safetensors"
                own.write_bytes(each.tobytes())
                if kind_of(own) == KEY:  # one within the other without end
                    raise refused(file, why)
                members.append(load_model(own))
        try:
            average = average_of(members, mean)
        except StudioError as error:
            raise refused(file, why) from error
        return AverageModel(average.members, average.mean, scores)


class AveragedLearners(Learner):
    """What such a model is called as a student that is measured, or as a teacher that is there; nobody picks it from a list."""

    def __init__(self) -> None:
        super().__init__(KEY, AverageKind.title, translatable(AverageKind.words), procedure="", teaches=False)

    def members(self) -> tuple[str, ...]:
        return ()

    def matches(self, key: str) -> bool:
        """A key of members all of which are known, and not all of which are networks: those make a network."""
        members = member_keys(key)
        are_networks = all(_is_known(member, ("network",)) for member in members)
        return not are_networks and all(_is_known(member, _KINDS) for member in members)

    def name(self, key: str) -> str:
        """``Mean of One tree, 2 × Boosted trees``."""
        titles = Counter(str(catalog.find(_KINDS, member).name(member)) for member in member_keys(key))
        return "Mean of " + ", ".join(f"{count} × {title}" if count > 1 else title for title, count in titles.items())


#: What a member can be.
_KINDS: tuple[catalog.Kind, ...] = ("network", "learner", "model")


def _is_known(key: str, kinds: tuple[catalog.Kind, ...]) -> bool:
    try:
        catalog.find(kinds, key)
    except StudioError:
        return False
    return True


catalog.register("model", AverageKind())
catalog.register("learner", AveragedLearners())
