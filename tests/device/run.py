"""Does the program do on a graphics card what it does on the processor, and how fast?

Needs no Qt. Each line is printed as its figure is known, each part ends within its limit and says what it left out.

    python -m tests.device.run [--device cuda|cpu] [--part NAME ...] [--seconds LIMIT] [--to FILE.json]
                               [--only kd,ab] [--data FOLDER] [--fraction 1.0]

| part | question | seconds |
| --- | --- | --- |
| methods | does every method train, exact and fast, and does a run that was killed go on as if nothing had been? | 120 |
| speed | how fast is the engine beside a plain loop, copying answers and boundaries, batches of 64 and 128? | 180 |
| listener | what does somebody who listens as the window does cost? | 90 |
| row | what do seven methods reach in 3 + 12 epochs of CIFAR-10? (needs ``--data``: batches, archive or class folders) | 240 |

On the processor the networks are smaller and the steps fewer: the figures then say that the script works, and no more.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.device.needed_packages import missing_words
from tests.device.part_process import Part, lines_of
from tests.device.report import Request

PARTS = {
    "methods": Part("tests.device.every_method", 120),
    "speed": Part("tests.device.step_speed", 180),
    "listener": Part("tests.device.listener_cost", 90),
    "row": Part("tests.device.fast_training_row", 240),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts; 0 where nothing failed, 1 where something did, 2 where nothing could be begun."""
    asked = _parser().parse_args(arguments)
    if missing := missing_words():
        print(missing, file=sys.stderr, flush=True)
        return 2
    from studio.core.errors import StudioError
    from tests.device.computes import computes

    try:
        found = computes(asked.device)
    except StudioError as error:
        print(error, file=sys.stderr, flush=True)
        return 2
    print(", ".join(f"{name} {value}" for name, value in found.items()), flush=True)
    results: dict[str, Any] = {"computes": found, "parts": {}}
    failures = 0
    for name in asked.part or PARTS:
        part = PARTS[name]
        limit = asked.seconds or part.limit
        print(f"\n{name} (at most {limit:.0f} s)", flush=True)
        began = time.monotonic()
        told: dict[str, Any] = {"limit": limit, "lines": []}
        results["parts"][name] = told
        for line in lines_of(part, Request(found["device"], limit, asked.only, asked.data, asked.fraction)):
            print(f"  {line.words}", flush=True)
            failures += line.kind == "failed"
            told["lines"].append(asdict(line))
            told["seconds"] = time.monotonic() - began
            _keep(asked.to, results)
        print(f"  {time.monotonic() - began:.0f} s in all", flush=True)
    return 1 if failures else 0


def _keep(file: Path | None, results: dict[str, Any]) -> None:
    """Write what is known so far: whoever ends this early has it."""
    if file is not None:
        from studio.core.files import write_whole

        write_whole(file, json.dumps(results, indent=1).encode())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="auto", help="as in an experiment; the graphics card, if there is one")
    parser.add_argument("--part", nargs="+", choices=PARTS, help="these alone, in this order")
    parser.add_argument("--seconds", type=float, metavar="LIMIT", help="of each part, instead of its own")
    parser.add_argument("--to", type=Path, metavar="FILE.json", help="also keep all figures there")
    parser.add_argument(
        "--only", type=lambda words: tuple(words.split(",")), default=(), help="methods by key, with commas between"
    )
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="of CIFAR-10, for the row")
    parser.add_argument("--fraction", type=float, default=1.0, help="of its training pictures")
    return parser


if __name__ == "__main__":
    sys.exit(main())
