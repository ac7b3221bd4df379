"""The classification models of torchvision as networks: ``torchvision:resnet18``."""

from __future__ import annotations

from typing import Any

from torch import nn

from studio import catalog
from studio.data.vision import torchvision
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.zoo.meta_weights import MetaWeights
from studio.networks.zoo.staged_body import StagedBody, readable_shape
from studio.networks.zoo.torchvision_models import MODELS
from studio.networks.zoo.torchvision_stages import stages_of

_PREFIX = "torchvision:"


class TorchvisionFamily(NetworkFamily):
    """Models as torchvision builds them, with a classifier for the data's classes and without auxiliary ones.

    A model has its published widths and strides: most halve small pictures until few places are left.

    Source: torchvision.models, https://docs.pytorch.org/vision/stable/models.html
    """

    key = "torchvision"
    title = "torchvision"
    words = "Published architectures for photographs, as torchvision builds them; their trained weights can be had."

    def searched(self) -> tuple[str, ...]:
        return tuple(_PREFIX + name for name in MODELS)

    def known_parameters(self, key: str) -> int:
        return MODELS[_name(key)].parameters

    def matches(self, key: str) -> bool:
        return key.startswith(_PREFIX) and _name(key) in MODELS

    def name(self, key: str) -> str:
        return f"{_name(key)} (torchvision)"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[nn.Module, Anatomy]:
        name, known = _name(key), MODELS[_name(key)]
        size = readable_shape(shape, self.name(key), known.smallest, known.multiple, square=name.startswith("vit_"))
        with MetaWeights():
            model = torchvision().models.get_model(name, weights=None, num_classes=classes, **_settings(name, size))
        return StagedBody(model), stages_of(model, size)


def _name(key: str) -> str:
    return key.removeprefix(_PREFIX)


def _settings(name: str, size: tuple[int, int]) -> dict[str, Any]:
    """What a model has to be told beside its classes: no auxiliary classifiers, and the size of its pictures."""
    if name in ("googlenet", "inception_v3"):
        return {"aux_logits": False, "init_weights": True}
    if name == "maxvit_t":
        return {"input_size": size}
    return {"image_size": size[0]} if name.startswith("vit_") else {}


catalog.register("network", TorchvisionFamily())
