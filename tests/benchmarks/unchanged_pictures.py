"""How long until it is known that a folder of own pictures is as it was: 50,000 pictures of which none has changed.

Printed are the first look, which reads all content, and the median of the looks that follow, in seconds by the clock and
of the processor. The aim of these is under 2 s.

    python -m tests.benchmarks.unchanged_pictures [--pictures 50000] [--repeats 5] [--linked] [--folder FOLDER]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from studio import catalog
from studio.data.base import DataSource, silent

AIM = 2.0
CLASSES = 10
#: Seconds after which the last change of a file counts as settled, and one for good measure.
SETTLED = 3.0


def make(root: Path, count: int, linked: bool) -> None:
    """``count`` small pictures, all different, in ten class folders; or links to them."""
    random = np.random.default_rng(0)
    for label in range(CLASSES):
        (root / "pictures" / f"class {label}").mkdir(parents=True)
        (root / "store" / f"class {label}").mkdir(parents=True)
    for i in range(count):
        name = f"class {i % CLASSES}/{i:06}.png"
        file = root / ("store" if linked else "pictures") / name
        Image.fromarray(random.integers(0, 256, (16, 16, 3), np.uint8)).save(file)
        if linked:
            (root / "pictures" / name).symlink_to(file)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pictures", type=int, default=50_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--linked", action="store_true", help="links to pictures instead of pictures")
    parser.add_argument("--folder", type=Path, help="where the pictures are made")
    chosen = parser.parse_args()
    source: DataSource = catalog.find("dataset", "images")
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        root = Path(place)
        make(root, chosen.pictures, chosen.linked)
        time.sleep(SETTLED)
        settings = source.Settings.model_validate({"path": root / "pictures"})
        taken, words = [], set()
        for _ in range(1 + chosen.repeats):
            began = time.perf_counter(), time.process_time()
            words.add(source.content(settings, root / "cache", silent))
            taken.append((time.perf_counter() - began[0], time.process_time() - began[1]))
        changed = next((root / "pictures").rglob("*.png"))
        before = changed.stat()
        changed.write_bytes(changed.read_bytes() + b"x")
        os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
        seen = source.content(settings, root / "cache", silent) not in words
    first, again = taken[0], taken[1:]
    clock, processor = (statistics.median(one[i] for one in again) for i in (0, 1))
    print(f"{chosen.pictures:,} pictures{' behind links' if chosen.linked else ''}, n = {chosen.repeats}")
    print(f"first look     {first[0]:6.2f} s by the clock, {first[1]:6.2f} s of the processor")
    print(f"nothing changed{clock:6.2f} s by the clock, {processor:6.2f} s of the processor (aim: under {AIM:g} s)")
    print(f"one content changed, its time put back: {'seen' if seen else 'NOT SEEN'}")
    return 0 if seen and len(words) == 1 and clock < AIM else 1


if __name__ == "__main__":
    sys.exit(main())
