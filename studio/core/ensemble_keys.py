"""The keys of ensembles, ``mean-probabilities(cnn-8+resnet-8)``: written and read without the networks themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, cast

Mean = Literal["probabilities", "logits"]

#: ``teacher.source`` of several runs that teach together, and their key where the members are not looked up yet.
ENSEMBLE = "ensemble"
_KEY = re.compile(r"mean-(probabilities|logits)\(([^()]+)\)")


def ensemble_key(members: Sequence[str], mean: Mean) -> str:
    """The catalogue key of the ensemble of networks of these keys."""
    return f"mean-{mean}({'+'.join(members)})"


def is_ensemble(key: str) -> bool:
    """Whether a catalogue key names an ensemble."""
    return key == ENSEMBLE or _KEY.fullmatch(key) is not None


def mean_of(key: str) -> Mean:
    """What an ensemble of this key averages."""
    found = _KEY.fullmatch(key)
    return cast(Mean, found[1]) if found is not None else "probabilities"


def member_keys(key: str) -> list[str]:
    """The keys of the members that a key names; none where it is no key of an ensemble or leaves them open."""
    found = _KEY.fullmatch(key)
    return found[2].split("+") if found is not None else []
