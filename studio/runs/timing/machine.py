"""What this machine computes on, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

import psutil
import torch

from studio.runs.files.environment import processor
from studio.training.devices import choose_device, usable_cores


@dataclass(frozen=True)
class Machine:
    """What a run on "auto" is given.

    Attributes:
        device: "cpu", "cuda" or "mps".
        name: of the processor or the GPU.
        cores: threads a run on the processor may use.
    """

    device: str
    name: str
    cores: int


def machine() -> Machine:
    """Looks once; a GPU is asked for its name."""
    device = choose_device("auto")
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else processor()
    return Machine(device.type, name, usable_cores())


def processor_memory() -> tuple[float, float]:
    """Gigabytes this program uses, and those that are free for it or any other."""
    return psutil.Process().memory_info().rss / 1e9, psutil.virtual_memory().available / 1e9


def gpu_memory() -> tuple[float, float] | None:
    """Gigabytes used (by all programs) and there are, of the GPU a run is given; None without one."""
    if not torch.cuda.is_available():
        return None
    free, total = torch.cuda.mem_get_info()
    return (total - free) / 1e9, total / 1e9
