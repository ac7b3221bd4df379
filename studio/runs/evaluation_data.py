"""Which runs were tested on the same examples, so that what they reached can be compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

#: Of ``[dataset]``: what decides which examples are learnt from and how they are varied, not what is tested on.
_LEARNING = ("fraction", "per_class", "validation", "subset_seed", "augmentation", "label_noise", "without_copies")
#: What an experiment has where its file does not say it.
_DEFAULTS = {"test": 0.2, "test_seed": 0}


def evaluation_data(tables: Mapping[str, Any]) -> str:
    """Equal for experiments on the same data that are tested on the same part of them; empty where there is no dataset.

    Args:
        tables: an experiment as it stands in its file.
    """
    dataset = tables.get("dataset")
    if not isinstance(dataset, Mapping) or not dataset.get("key"):
        return ""
    picked = {**_DEFAULTS, **{name: value for name, value in dataset.items() if value is not None}}
    deciding = {name: value for name, value in picked.items() if name not in _LEARNING}
    splits = deciding.pop("splits", 1)
    if isinstance(splits, int) and splits > 1:  # each seed has a test part of its own
        parts = (deciding.get("test_seed", 0), tables.get("seed", 0))
        deciding["test_seed"] = sum(part for part in parts if isinstance(part, int)) % 2**31
    written = json.dumps(deciding, sort_keys=True, default=str)  # TOML has dates as well
    return hashlib.sha256(written.encode(errors="replace")).hexdigest()[:24]
