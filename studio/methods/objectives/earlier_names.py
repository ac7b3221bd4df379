"""Parts of an objective that had other names in earlier versions: runs broken off then can still be gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from torch import nn

M = TypeVar("M", bound=nn.Module)


def known_as(module: M, names: Mapping[str, str]) -> M:
    """The module, which from now on also loads a state whose entries have their earlier names.

    Args:
        module: what is loaded.
        names: by the beginning that an entry's name had, the one it has now.
    """

    def rename(_module: nn.Module, state: dict[str, Any], prefix: str, *_more: object) -> None:
        for before, now in names.items():
            for key in [key for key in state if key.startswith(prefix + before)]:
                state[prefix + now + key.removeprefix(prefix + before)] = state.pop(key)

    module.register_load_state_dict_pre_hook(rename)  # type: ignore[no-untyped-call]
    return module
