"""The classification models of torchvision as networks: ``torchvision:resnet18``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from torch import nn

from studio import catalog
from studio.data.vision import torchvision
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.zoo.meta_weights import MetaWeights
from studio.networks.zoo.published_weights import PublishedWeights
from studio.networks.zoo.staged_body import StagedBody, inside, readable_shape
from studio.networks.zoo.torchvision_models import MODELS
from studio.networks.zoo.torchvision_stages import stages_of

_PREFIX = "torchvision:"
#: The digits of the SHA-256 with which torchvision ends the names of its files.
_DIGEST = re.compile(r"-([0-9a-f]{8,64})\.pth$")
#: Their published weights were made for pictures normalised so; torchvision turns its usual normalisation into this one.
_BY_HALVES, _HALVES = ("googlenet", "inception_v3"), (0.5, 0.5, 0.5)
#: Auxiliary classifiers, which are left out here.
_AUXILIARY = ("aux1.", "aux2.", "AuxLogits.")
#: Files of DenseNets still say norm.1 where the layers are called norm1 by now.
_OLD_DENSE_LAYER = re.compile(r"(denselayer\d+\.(?:norm|conv))\.(?=[12]\.)")


class TorchvisionFamily(NetworkFamily):
    """Models as torchvision builds them, with a classifier for the data's classes and without auxiliary ones.

    A model has its published widths and strides: most halve small pictures until few places are left.

    Source: torchvision.models, https://docs.pytorch.org/vision/stable/models.html
    """

    key = "torchvision"
    title = "torchvision"
    words = "Published architectures for photographs, as torchvision builds them; their trained weights can be had."

    is_published = True

    def searched(self) -> tuple[str, ...]:
        return tuple(_PREFIX + name for name in MODELS)

    def known_parameters(self, key: str) -> int:
        return MODELS[_name(key)].parameters

    def matches(self, key: str) -> bool:
        return key.startswith(_PREFIX) and _name(key) in MODELS

    def name(self, key: str) -> str:
        return f"{_name(key)} (torchvision)"

    def refuse_input(self, key: str, shape: tuple[int, ...]) -> None:
        self._size(key, shape)

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[nn.Module, Anatomy]:
        name, size = _name(key), self._size(key, shape)
        with MetaWeights():
            model = torchvision().models.get_model(name, weights=None, num_classes=classes, **_settings(name, size))
        return StagedBody(model), stages_of(model, size)

    def _size(self, key: str, shape: tuple[int, ...]) -> tuple[int, int]:
        """Height and width of pictures that it can read; StudioError where it cannot."""
        name, known = _name(key), MODELS[_name(key)]
        return readable_shape(shape, self.name(key), known.smallest, known.multiple, square=name.startswith("vit_"))

    def published(self, key: str) -> PublishedWeights | None:
        best = torchvision().models.get_model_weights(_name(key)).DEFAULT
        sees = best.transforms()
        mean, std = (_HALVES, _HALVES) if _name(key) in _BY_HALVES else (tuple(sees.mean), tuple(sees.std))
        file = best.url.rpartition("/")[2]
        digest = _DIGEST.search(file)
        return PublishedWeights(
            file=file,
            addresses=(best.url,),
            digest=digest[1] if digest is not None else "",
            classes=_distinct(best.meta["categories"]),
            size=(sees.crop_size[0], sees.crop_size[-1]),
            mean=mean,
            std=std,
            megabytes=float(best.meta.get("_file_size", 0)),
        )

    def foreign_name(self, name: str) -> str:
        if name.startswith(_AUXILIARY):
            return ""
        return inside(_OLD_DENSE_LAYER.sub(r"\1", name))


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names of classes; one that two have is told apart by its number (ImageNet has two cranes)."""
    seen = Counter(names)
    return tuple(f"{name} ({index})" if seen[name] > 1 else name for index, name in enumerate(names))


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
