"""Every network with methods of every kind: a step of each, at the smallest pictures it reads.

    python -m tests.benchmarks.pairs                         # one method of each kind on every network, all on three
    python -m tests.benchmarks.pairs --only torchvision:resnet18 --methods all
    python -m tests.benchmarks.pairs --only torchvision:resnet50 --methods at --side 64

A network teaches another of its kind on made-up pictures, in batches of two. What a method refuses is told with its reason; what
breaks is a failure, and the program ends with 1. A loss that is no number after that was said to be a risk is “warned”: it is
tried again with the larger batch that helps, and fails where that does not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image

from studio import catalog
from studio.core.errors import NotANumber, RunFailed, StudioError
from studio.data.random import mix_seed
from studio.events import Event, Notice
from studio.experiment import validated
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import save_network
from studio.training.control import Control
from studio.training.session import run_session
from studio.training.setup import Places

#: On these every method is tried: with ReLU at the ends of its groups, without, and of tokens.
THOROUGHLY = ("torchvision:resnet18", "torchvision:mobilenet_v2", "torchvision:vit_b_16")
#: Networks of more parameters are left out where one method of each kind is tried.
LARGEST = 30_000_000
#: Sides that are tried in turn, until a network reads them.
SIDES = (8, 16, 28, 32, 63, 64, 75, 96, 128, 224)
#: Steps of the student, and pictures of each class.
STEPS, EACH, BATCH = 2, 5, 2
#: Examples in a step where those were too few for batch normalisation.
LARGER = 8
NAMES = ("one", "two", "three")


@dataclass(frozen=True)
class Trial:
    """What came of one method on one network."""

    network: str
    method: str
    outcome: str
    seconds: float
    told: str = ""

    def __str__(self) -> str:
        return f"{self.outcome:8} {self.seconds:6.1f} s  {self.network:36} {self.method:10} {self.told}"


def smallest_side(key: str, least: int) -> int | None:
    """Of the pictures a network reads, by trying those of ``least`` pixels and more; None where it reads none of them."""
    for side in SIDES:
        if side < least:
            continue
        try:
            build_network(key, Input((3, side, side), (0.5,) * 3, (0.25,) * 3), NAMES, 0)
        except StudioError:
            continue
        return side
    return None


def kinds() -> list[str]:
    """The first method of each kind of comparison that works on a batch of two."""
    first: dict[str, str] = {}
    for method in catalog.entries("method"):
        if method.needs.batch <= BATCH:
            first.setdefault(method.compares, method.key)
    return list(first.values())


def networks() -> Iterator[str]:
    """The listed networks and those of other libraries that are not too large."""
    for family in catalog.entries("network"):
        if "pictures" in family.reads:
            yield from family.members()
        yield from (key for key in family.searched() if 0 < family.known_parameters(key) <= LARGEST)


def draw_pictures(folder: Path, side: int) -> Path:
    """Class folders of noise."""
    draws = np.random.default_rng(mix_seed("pairs", side))
    for name in NAMES:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(EACH):
            pixels = draws.integers(0, 256, (side, side, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


def trials(key: str, methods: list[str], work: Path, least: int) -> Iterator[Trial]:
    """Each method with the network as teacher and as student."""
    side = smallest_side(key, least)
    if side is None:
        yield Trial(key, "-", "refused", 0.0, f"it reads no pictures of up to {SIDES[-1]} pixels")
        return
    pictures = draw_pictures(work / f"pictures-{side}", side)
    teacher = work / "teacher.safetensors"
    save_network(build_network(key, Input((3, side, side), (0.5,) * 3, (0.25,) * 3), NAMES, 1), teacher)
    for number, method in enumerate(methods):
        begun = perf_counter()
        outcome, told = _train(key, method, side, pictures, teacher, work / f"run-{number}")
        if outcome == "warned":
            again = _train(key, method, side, pictures, teacher, work / f"again-{number}", LARGER)
            told = f"{told} With {LARGER}: {' '.join(again)}"
            outcome = outcome if again[0] == "done" else "FAILED"
        yield Trial(key, method, outcome, perf_counter() - begun, told)


def _train(
    key: str, method: str, side: int, pictures: Path, teacher: Path, folder: Path, batch: int = BATCH
) -> tuple[str, str]:
    warnings: list[Notice] = []

    def listen(event: Event) -> None:
        if isinstance(event, Notice) and event.level == "warning":
            warnings.append(event)

    made = catalog.find("method", method).needs.made_from_teacher
    folder.mkdir(exist_ok=True)
    try:
        experiment = validated(
            {
                "dataset": {"key": "images", "path": str(pictures), "size": side},
                "teacher": {"key": key, "source": f"file:{teacher}"},
                "student": {"key": "recast" if made else key},
                "method": {"key": method},
                "training": {"steps": STEPS, "batch_size": batch, "device": "cpu", "optimizer": {"lr": 1e-4}},
            }
        )
        run_session(experiment, Places(folder, folder.parent / "cache", teacher), listen, Control())
    except NotANumber as error:
        return "warned" if any("no number" in str(each.what) for each in warnings) else "FAILED", str(error)[:300]
    except RunFailed as error:
        return "FAILED", str(error)[:300]
    except StudioError as error:
        return "refused", str(error)[:300]
    except Exception as error:  # noqa: BLE001 - whatever breaks is what is looked for
        return "FAILED", f"{type(error).__name__}: {error}"[:300]
    return "done", ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", help="these networks alone")
    parser.add_argument("--methods", nargs="*", help="these methods alone, or “all”; one of each kind if left out")
    parser.add_argument("--side", type=int, default=0, help="pictures of so many pixels at least")
    parser.add_argument("--minutes", type=float, default=60.0, help="after which no other network is begun")
    options = parser.parse_args()
    every, some = catalog.keys("method"), kinds()
    begun, failed = perf_counter(), 0
    for key in options.only or [*THOROUGHLY, *networks()]:
        if perf_counter() - begun > 60 * options.minutes:
            print(f"{options.minutes:g} minutes are over before {key}")
            break
        thorough = key in THOROUGHLY and options.only is None
        methods = every if thorough or options.methods == ["all"] else options.methods or some
        with tempfile.TemporaryDirectory() as work:
            for trial in trials(key, methods, Path(work), options.side):
                print(trial, flush=True)
                failed += trial.outcome == "FAILED"
    print(f"{failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
