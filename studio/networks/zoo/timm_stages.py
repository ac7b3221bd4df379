"""Where the stages of timm's models end: the modules they name themselves, and the form of what comes out there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from studio.networks.base import Anatomy, Point
from studio.networks.token_map import TokenMap
from studio.networks.zoo.staged_body import COLOURS, ZooStage, anatomy_of_stages

#: More stages than these are thinned out: token networks name every layer.
_MOST, _QUARTERS = 6, 4


@dataclass(frozen=True)
class StageEnd:
    """The module at which a stage ends, and how what it gives is read as a map."""

    module: str
    tokens: TokenMap | None


def stage_ends(model: Any, size: tuple[int, int]) -> tuple[StageEnd, ...]:
    """The ends of a model's stages, found by one pass on zeros.

    Raises:
        LookupError: it names none, or gives no maps there.
    """
    named = [str(each["module"]) for each in getattr(model, "feature_info", None) or ()]
    known = dict(model.named_modules())
    names = [name for name in dict.fromkeys(named) if name in known]
    if len(names) > _MOST:
        names = [names[round(len(names) * number / _QUARTERS) - 1] for number in range(1, _QUARTERS + 1)]
    if not names:
        raise LookupError("it does not say where its stages end")
    given: dict[str, Tensor] = {}

    def keeper(name: str) -> Any:
        def keep(_module: nn.Module, _inputs: object, output: object) -> None:
            if isinstance(output, Tensor):
                given[name] = output

        return keep

    handles = [known[name].register_forward_hook(keeper(name)) for name in names]
    try:
        with torch.no_grad():
            model.eval()(torch.zeros(1, COLOURS, *size))
    finally:
        for handle in handles:
            handle.remove()
    widths = {str(each["module"]): int(each["num_chs"]) for each in model.feature_info}
    return tuple(StageEnd(name, _form(given[name], widths[name], model, size)) for name in names)


def _form(output: Tensor, channels: int, model: Any, size: tuple[int, int]) -> TokenMap | None:
    """How an output is read as a map; None where it is one."""
    if output.dim() == 4 and output.shape[1] == channels:
        return None
    if output.dim() == 4 and output.shape[3] == channels:
        return TokenMap()
    if output.dim() == 3 and output.shape[2] == channels:
        first = int(getattr(model, "num_prefix_tokens", 0))
        places = output.shape[1] - first
        height = round((places * size[0] / size[1]) ** 0.5)
        if height > 0 and places % height == 0:
            return TokenMap((height, places // height), first)
    raise LookupError("its stages end in no maps")


def anatomy_of_ends(model: nn.Module, ends: Sequence[StageEnd]) -> Anatomy:
    """Parts and taps: a layer belongs to the first stage that ends with or behind it, in the order they were made in.

    Raises:
        LookupError: it has no single classifier.
    """
    head = _classifier(model)
    members: list[list[str]] = [[] for _ in ends]
    rest: list[str] = []
    stage = 0
    names = _owners(model)
    last = max((place for place, name in enumerate(names) if _is_within(name, ends[-1].module)), default=len(names))
    loose = {name for name, _ in (*model.named_parameters(recurse=False), *model.named_buffers(recurse=False))}
    for place, name in enumerate(names):
        own = next((number for number, end in enumerate(ends) if _is_within(name, end.module)), None)
        if own is not None:
            stage = max(stage, own)
            members[own].append(name)
        elif name in loose:
            members[0].append(name)
        elif _is_within(name, head) or place > last:
            rest.append(name)
        else:
            members[stage + 1 if members[stage] and stage + 1 < len(ends) else stage].append(name)
    stages = [
        ZooStage((*names, end.module), Point(end.module, tokens=end.tokens, overwritten=True))
        for names, end in zip(members, ends, strict=True)
    ]
    return anatomy_of_stages([*stages, ZooStage((*rest, head))], head, stem=False)


def _owners(model: nn.Module) -> list[str]:
    """The layers, and the weights that belong to no layer, in the order they were made in."""
    order = {name: place for place, (name, _) in enumerate(model.named_modules())}
    layers = [name for name, module in model.named_modules() if name and not any(module.children())]
    owned = [name for name, _ in (*model.named_parameters(), *model.named_buffers())]
    loose = {name: order[name.rpartition(".")[0]] for name in owned if name.rpartition(".")[0] not in layers}
    places = {**{name: order[name] for name in layers}, **loose}
    return sorted(places, key=places.__getitem__)


def _is_within(name: str, module: str) -> bool:
    return name == module or name.startswith(module + ".")


def _classifier(model: Any) -> str:
    wanted = model.get_classifier()
    for name, module in model.named_modules():
        if module is wanted and isinstance(module, nn.Linear | nn.Conv2d):
            return str(name)
    raise LookupError("it has no single classifier")
