"""Keys that say where a thing comes from: ``run:20261128-kd``, ``file:teacher.safetensors``, ``own:My method``.

Every other colon belongs to a key of the catalogue (``torchvision:resnet50``): such a key has no kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

KeyKind = Literal["run", "file", "own", "ensemble", "pretrained", ""]
_KINDS: dict[str, KeyKind] = {
    "run": "run",
    "file": "file",
    "own": "own",
    "ensemble": "ensemble",
    "pretrained": "pretrained",
}
#: Means something without a name as well.
_ALONE = "pretrained"


@dataclass(frozen=True)
class PrefixedKey:
    """A key in its two parts; ``str`` puts them together again.

    >>> PrefixedKey.parse("run:20261128-kd")
    PrefixedKey(kind='run', name='20261128-kd')
    >>> PrefixedKey.parse("torchvision:resnet50")
    PrefixedKey(kind='', name='torchvision:resnet50')
    >>> str(PrefixedKey("own", "My method"))
    'own:My method'
    >>> PrefixedKey.parse("pretrained")
    PrefixedKey(kind='pretrained', name='')

    Attributes:
        kind: "run", a run of the workspace; "file", a path; "own", a method a person saved; "ensemble", of several models;
            "pretrained", published weights, from the folder of that name or, without one, downloaded; empty for a plain key.
        name: what follows the colon, or the whole key.
    """

    kind: KeyKind
    name: str

    @classmethod
    def parse(cls, key: str) -> PrefixedKey:
        """A key as it stands in files, drafts and choosers."""
        prefix, colon, name = key.partition(":")
        kind = _KINDS.get(prefix, "") if colon or key == _ALONE else ""
        return cls(kind, name if kind else key)

    def __str__(self) -> str:
        if not self.kind:
            return self.name
        return self.kind if self.kind == _ALONE and not self.name else f"{self.kind}:{self.name}"
