"""The one place that imports torchvision."""

from __future__ import annotations

import importlib
from typing import Any

import torch

_MISSING = "operator torchvision::nms does not exist"
_OPERATORS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
#: Definitions last as long as the library object does.
_defined: list[torch.library.Library] = []


def torchvision() -> Any:
    """The package ``torchvision``, imported when first asked for (it takes a second).

    A torchvision built for CUDA beside a torch without it cannot load its compiled operators and fails over the first
    that it declares. Nothing here needs them, so they are declared in its place and the import is repeated.
    """
    try:
        return importlib.import_module("torchvision")
    except RuntimeError as error:
        if _MISSING not in str(error):
            raise
    library = torch.library.Library("torchvision", "FRAGMENT")
    for operator in _OPERATORS:
        library.define(operator)
    _defined.append(library)
    return importlib.import_module("torchvision")
