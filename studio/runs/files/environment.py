"""What a run ran on, kept with it so that its numbers can be understood and repeated."""

from __future__ import annotations

import platform
import sys
from datetime import UTC, datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, field_validator

import studio

if TYPE_CHECKING:
    from studio.experiment import Experiment

#: Packages whose version decides numbers.
DECIDING = ("torch", "torchvision", "numpy", "scikit-learn", "pillow")


class Environment(BaseModel):
    """``environment.json``. Device, threads and precision are what was really used, once the run has begun.

    ``sequence`` is counted up from run to run of a workspace, so that their order does not depend on the clock; 0 in runs
    of version 0.1.
    ``fingerprint`` stands for all that decides the numbers of a run without a teacher; empty where there is one.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    schema_version: int = 1
    created: datetime
    sequence: int = Field(0, ge=0, le=2**53)
    versions: dict[str, str] = Field(default_factory=dict)
    platform: str = ""
    processor: str = ""
    device: str = ""
    threads: int | None = None
    seed: int = 0
    precision: str = ""
    fingerprint: str = ""

    @field_validator("created")
    @classmethod
    def _plausible(cls, created: datetime) -> datetime:
        """A time that can be compared with others and told in any time zone."""
        if not 1971 <= created.year <= 9998:  # years that every system can tell in every time zone
            raise ValueError("no time a run can have begun")
        return created.replace(tzinfo=UTC) if created.tzinfo is None else created.astimezone(UTC)


def versions() -> dict[str, str]:
    """Versions of Python, the studio and the packages that decide numbers; those that are missing are left out."""
    found = {"python": platform.python_version(), "studio": studio.__version__}
    for package in DECIDING:
        version = package_version(package)
        if version is not None:
            found[package] = version
    return found


@lru_cache
def package_version(package: str) -> str | None:
    """The installed version of ``package``, read once without importing it; None where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


@lru_cache(maxsize=1)
def processor() -> str:
    """The name of the processor as the system gives it."""
    if sys.platform == "linux":
        try:
            with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    if line.startswith("model name"):
                        return line.partition(":")[2].strip()
        except OSError:
            return platform.machine()
    return platform.processor() or platform.machine()


def describe(experiment: Experiment, fingerprint: str) -> Environment:
    """The environment of a run that begins now; device and precision as asked for."""
    return Environment(
        created=datetime.now(UTC),
        versions=versions(),
        platform=platform.platform(),
        processor=processor(),
        device=experiment.training.device,
        seed=experiment.seed,
        precision=experiment.training.precision,
        fingerprint=fingerprint,
    )
