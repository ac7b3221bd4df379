"""The models of timm as networks, where it is installed: ``timm:vit_tiny_patch16_224``."""

from __future__ import annotations

import importlib
import importlib.util
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import nn

from studio import catalog
from studio.core.errors import StudioError
from studio.data.vision import torchvision
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.no_draws import NoDraws
from studio.networks.zoo.meta_weights import MetaWeights
from studio.networks.zoo.published_weights import PublishedWeights
from studio.networks.zoo.staged_body import COLOURS, StagedBody, inside, readable_shape
from studio.networks.zoo.timm_stages import StageEnd, anatomy_of_ends, stage_ends

_PREFIX = "timm:"
_NAME = re.compile(r"[a-z][a-z0-9_]{2,80}")
#: How timm marks what makes a model.
_REGISTERED = re.compile(r"^@register_model\s*\n(?:@[^\n]*\n)*def (\w+)\(", re.MULTILINE)
#: Least height and width: most models halve five times.
_SMALLEST = 32
#: The classes of ImageNet, which torchvision names.
_IMAGENET = 1000


class TimmFamily(NetworkFamily):
    """Models as timm builds them, read at the ends of the stages that timm itself names; found by a search.

    No point before a ReLU is known of them, so methods that need one say so.

    Source: Wightman, "PyTorch image models", https://github.com/huggingface/pytorch-image-models
    """

    key = "timm"
    title = "timm"
    words = "More than a thousand published architectures, where timm is installed; their trained weights can be had."
    is_published = True

    def searched(self) -> tuple[str, ...]:
        return tuple(_PREFIX + name for name in _names())

    def matches(self, key: str) -> bool:
        """Where it is not installed every name is let pass: building one says what to install."""
        name = _name(key)
        if not key.startswith(_PREFIX) or _NAME.fullmatch(name) is None:
            return False
        return name in _names() if _names() else True

    def name(self, key: str) -> str:
        return f"{_name(key)} (timm)"

    def refuse_input(self, key: str, shape: tuple[int, ...]) -> None:
        """What a model needs beyond that only building it tells."""
        readable_shape(shape, self.name(key), _SMALLEST)

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[nn.Module, Anatomy]:
        size = readable_shape(shape, self.name(key), _SMALLEST)
        with MetaWeights():
            model = _made(_name(key), size, classes)
        try:
            return StagedBody(model), anatomy_of_ends(model, _ends(_name(key), size))
        except LookupError as error:
            raise _refused(_name(key), size, str(error)) from error

    def published(self, key: str) -> PublishedWeights | None:
        about = _timm().models.get_pretrained_cfg(_name(key))
        if about is None or not about.hf_hub_id or about.num_classes != _IMAGENET:
            return None
        return PublishedWeights(
            file=f"{about.hf_hub_id.rpartition('/')[2]}.safetensors",
            addresses=(f"https://huggingface.co/{about.hf_hub_id}/resolve/main/model.safetensors",),
            digest="",
            classes=catalog.find("network", "torchvision:resnet18").published("torchvision:resnet18").classes,
            size=(about.input_size[1], about.input_size[2]),
            mean=tuple(about.mean),
            std=tuple(about.std),
        )

    def foreign_name(self, name: str) -> str:
        return inside(name)


def _name(key: str) -> str:
    return key.removeprefix(_PREFIX)


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    """The models of the timm that is installed, read from its source: importing it takes seconds. Empty without it."""
    found = importlib.util.find_spec("timm")
    if found is None or found.origin is None:
        return ()
    names: list[str] = []
    for file in sorted((Path(found.origin).parent / "models").glob("*.py")):
        names += _REGISTERED.findall(file.read_text(encoding="utf-8"))
    return tuple(names)


def _timm() -> Any:
    torchvision()  # timm imports it, and fails where it has to be mended first
    try:
        return importlib.import_module("timm")
    except ImportError as error:
        raise StudioError(
            "The networks of timm are not installed.",
            "",
            "Install them: pip install 'distillation-studio[models]'",
            place="network",
        ) from error


def _made(name: str, size: tuple[int, int], classes: int) -> nn.Module:
    timm = _timm()
    about = timm.models.get_pretrained_cfg(name)
    named = {"img_size": size} if about is not None and about.fixed_input_size else {}
    try:
        model: nn.Module = timm.create_model(name, pretrained=False, num_classes=classes, in_chans=COLOURS, **named)
    except (TypeError, ValueError, RuntimeError, AssertionError, ZeroDivisionError) as error:
        raise _refused(name, size, str(error)) from error
    return model


@lru_cache(maxsize=64)
def _ends(name: str, size: tuple[int, int]) -> tuple[StageEnd, ...]:
    """Where the stages of a model end, found by one pass; the same whatever its classes are."""
    with torch.random.fork_rng(devices=[]), torch.device("cpu"), NoDraws():
        model = _made(name, size, 2)
        try:
            return stage_ends(model, size)
        except (LookupError, RuntimeError, ValueError, AssertionError, AttributeError, TypeError) as error:
            raise _refused(name, size, str(error)) from error


def _refused(name: str, size: tuple[int, int], why: str) -> StudioError:
    return StudioError(
        "{network} cannot read these data.",
        "With pictures of {height} × {width} it says: {words}",
        "Choose pictures of the size in its name, or another network.",
        place="network",
        network=f"{name} (timm)",
        height=size[0],
        width=size[1],
        words=why[:200],
    )


catalog.register("network", TimmFamily())
