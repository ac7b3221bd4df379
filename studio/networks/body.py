"""The inside of a network: blocks that are called one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from studio.networks.block_modules import block_modules
from studio.networks.blocks import Block
from studio.networks.initial import he_initialise


class Body(nn.Module):
    """Blocks from the normalised input to the logits (B, K); each calls its modules in order.

    Modules keep the names of their families, and so do their weights in files.

    Args:
        blocks: their descriptions.
        modules: for every block its modules by name ("group1.0"), in the order in which they are called.
    """

    def __init__(self, blocks: Sequence[Block], modules: Sequence[Mapping[str, nn.Module]]) -> None:
        super().__init__()
        self.blocks = tuple(blocks)
        #: For every block the names of its modules.
        self.calls = tuple(tuple(each) for each in modules)
        self._block_of = {name: index for index, names in enumerate(self.calls) for name in names}
        self._paths = tuple(tuple(tuple(name.split(".")) for name in names) for names in self.calls)
        for each in modules:
            for name, module in each.items():
                *folders, last = name.split(".")
                place: nn.Module = self
                for folder in folders:
                    if folder not in place._modules:
                        place.add_module(folder, nn.Module())
                    place = place.get_submodule(folder)
                place.add_module(last, module)

    def run(self, x: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """What block ``stop - 1`` gives where ``x`` goes into block ``start``."""
        for paths in self._paths[start:stop]:
            for path in paths:
                # looked up at every call: whoever exchanges a module finds it called
                module: nn.Module | None = self
                for name in path:
                    assert module is not None
                    module = module._modules[name]
                assert module is not None
                x = module(x)
        return x

    def forward(self, x: Tensor) -> Tensor:
        return self.run(x)

    def block_of(self, name: str) -> int:
        """The index of the block that a parameter, buffer or module of this body belongs to.

        Raises:
            KeyError: it belongs to none.
        """
        path = name
        while path not in self._block_of:
            path, dot, _ = path.rpartition(".")
            if not dot:
                raise KeyError(name)
        return self._block_of[path]


def body_of(blocks: Sequence[Block]) -> Body:
    """A freshly initialised body made of these blocks; torch's global generator decides its weights."""
    body = Body(blocks, [block_modules(block) for block in blocks])
    he_initialise(body)
    return body
