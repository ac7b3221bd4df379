"""What computes: the card or processor, its memory, and the versions that decide figures."""

from __future__ import annotations

import psutil
import torch

from studio.core.format import byte_size
from studio.runs.files.environment import processor, versions
from studio.training.devices import choose_device, has_bf16_units, usable_cores


def computes(asked: str) -> dict[str, str]:
    """In words.

    Raises:
        StudioError: there is no such device.
    """
    device = choose_device(asked)
    if device.type == "cuda":
        card = torch.cuda.get_device_properties(device)
        name, memory = card.name, card.total_memory
    else:
        name, memory = processor(), psutil.virtual_memory().total
    units = "with bfloat16 units" if has_bf16_units(device) else "without bfloat16 units"
    return {
        "device": str(device),
        "name": f"{name} ({units})",
        "memory": byte_size(memory),
        "cores": str(usable_cores()),
        **{package: version for package, version in versions().items() if package != "studio"},
    }
