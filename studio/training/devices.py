"""What a run computes on: device, number of threads, precision; decided from the work, never from a timing in the run."""

from __future__ import annotations

import contextlib
import platform
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from studio.core.errors import StudioError
from studio.core.message import Text, text

#: Multiply-adds of a training step below which one thread is faster than two. Measured by tests/benchmarks/threads.py
#: on two cores of an AMD EPYC (AVX-512): 1 against 2 threads cross between 3.4e8 (0.89) and 8.2e8 (1.16); the geometric middle.
ONE_THREAD_BELOW = 5e8


@dataclass(frozen=True)
class Hardware:
    """What a run was given. ``precision`` is what really runs; ``notice`` says so where it is not what was asked."""

    device: torch.device
    threads: int
    precision: str
    notice: Text | None = None

    @property
    def dtype(self) -> torch.dtype:
        """The number type of the forward passes; losses are float32 in any case."""
        return torch.bfloat16 if self.precision == "fast" else torch.float32

    def autocast(self) -> contextlib.AbstractContextManager[object]:
        """The context of a forward pass in this precision."""
        if self.precision == "fast":
            return torch.autocast(self.device.type, dtype=torch.bfloat16)
        return contextlib.nullcontext()


def choose_device(asked: str) -> torch.device:
    """The device called ``asked``; "auto" is the GPU if there is one, else the processor.

    Raises:
        StudioError: this machine has no such device.
    """
    if asked == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda", 0)
        if torch.backends.mps.is_available():
            return torch.device("mps")
        return torch.device("cpu")
    device = torch.device(asked)
    present = {
        "cpu": True,
        "cuda": torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available(),
    }[device.type]
    if not present:
        raise StudioError(
            "There is no device “{asked}” on this machine.",
            "",
            "Choose “auto” or “cpu”; “studio doctor” shows what there is.",
            place="training.device",
            asked=asked,
        )
    return torch.device("cuda", device.index or 0) if device.type == "cuda" else device


def has_bf16_units(device: torch.device) -> bool:
    """Whether ``device`` computes bfloat16 faster than float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type != "cpu":
        return False
    flags = _cpu_flags()
    return bool(flags & {"avx512_bf16", "amx_bf16", "avx_ne_convert"}) or ("bf16" in flags and "sve" in flags)


def _cpu_flags() -> set[str]:
    """Feature words of the processor as Linux lists them; empty elsewhere, where fast precision then runs exact."""
    if platform.system() != "Linux":
        return set()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith(("flags", "Features")):
            return set(line.partition(":")[2].split())
    return set()


def usable_cores() -> int:
    """Physical cores this process may use, at least one."""
    allowed = len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else psutil.cpu_count()
    physical = psutil.cpu_count(logical=False) or allowed or 1
    return max(1, min(allowed or 1, physical))


def threads_for(step_macs: float) -> int:
    """How many threads a step of so many multiply-adds is given: a function of the work alone."""
    return 1 if step_macs < ONE_THREAD_BELOW else usable_cores()


def choose_hardware(asked_device: str, asked_precision: str, step_macs: float) -> Hardware:
    """Device, threads and precision for a run.

    Args:
        step_macs: multiply-adds of one step: batch x (teacher + 3 x student), backward counting twice the forward.
    """
    device = choose_device(asked_device)
    threads = threads_for(step_macs) if device.type == "cpu" else 1
    if asked_precision == "fast" and not has_bf16_units(device):
        notice = text("This {device} has no bfloat16 units; the run is exact instead of fast.", device=_name(device))
        return Hardware(device, threads, "exact", notice)
    return Hardware(device, threads, asked_precision)


def _name(device: torch.device) -> str:
    return {"cpu": "processor", "cuda": "GPU"}.get(device.type, device.type)
