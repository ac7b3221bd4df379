"""How large must the student be, and on how many made-up rows must it learn? One library a seed, all sizes taught by it.

    python -m tests.benchmarks.compression_curves --tables FOLDER [--problems letter.p2] [--members 100]
                                                  [--units 1,4,16,64,128,256] [--cases 4000,...,400000] [--steps 20000]
                                                  [--seeds 3] [--first 1] [--to ROWS.jsonl]

FOLDER and problems as in ``compression.py``. By hidden units students learn from 100,000 rows, by rows of 128 units; fewer rows
are the first of those that MUNGE makes up for the most, so that a seed fits one library, makes its rows up once and has them
answered once. Told are squared error and right answers, mean ± standard deviation over the seeds, and *kept* as there.

With ``--to`` every student is a line of a file as soon as it is measured; those that are there already, of the same settings, are
not taught again, and a seed of which all are there fits no library.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
from threadpoolctl import threadpool_limits

from studio.data.table_columns import TableRows
from tests.benchmarks.compression import PROBLEMS, CompressedProblem, KeptRows, Measured, read_problem

#: Rows at which the units are varied, and units at which the rows are: the usual setting of ``compression.py``.
USUAL_CASES, USUAL_UNITS = 100_000, 128
#: Rows that are answered at once.
PIECE = 25_000


@dataclass(frozen=True)
class Size:
    """Of one student: hidden units, and made-up rows."""

    units: int
    cases: int


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    units: tuple[int, ...]
    cases: tuple[int, ...]
    members: int
    steps: int
    usual_cases: int
    usual_units: int

    @property
    def by_units(self) -> list[Size]:
        return [Size(units, self.usual_cases) for units in self.units]

    @property
    def by_cases(self) -> list[Size]:
        return [Size(self.usual_units, cases) for cases in self.cases]

    @property
    def sizes(self) -> list[Size]:
        """Each once, the small ones first."""
        return sorted({*self.by_units, *self.by_cases}, key=lambda size: (size.cases, size.units))

    def settings(self, size: Size) -> dict[str, object]:
        """As ``compression.py`` writes them."""
        return {
            "members": self.members, "cases": size.cases, "by": "munge", "units": size.units, "steps": self.steps
        }  # fmt: skip


def measure(table: TableRows, wanted: Wanted, problem: str, seed: int, kept: KeptRows) -> dict[Size, Measured]:
    """All sizes of one seed; what was not kept before is kept one by one."""
    found = {size: kept.find(problem, seed, wanted.settings(size)) for size in wanted.sizes}
    left = [size for size, known in found.items() if known is None]
    if left:
        fitted = CompressedProblem(table, wanted.members, seed)
        library = fitted.of_the_library()
        _tell("a library")
        inputs = fitted.made_up("munge", max(size.cases for size in left))
        _tell(f"{len(inputs)} rows")
        pieces = [fitted.answers(inputs[start : start + PIECE]) for start in range(0, len(inputs), PIECE)]
        answers = np.concatenate(pieces)
        _tell("their answers")
        for size in left:
            taught = fitted.taught(inputs[: size.cases], answers[: size.cases], size.units, wanted.steps)
            measured = found[size] = {**library, "munge": fitted.figures(taught)}
            kept.add(problem, seed, wanted.settings(size), measured)
            _tell(f"{size.units} units, {size.cases} rows")
    return {size: known for size, known in found.items() if known is not None}


def _tell(done: str) -> None:
    print(f"  {done}: {time.process_time():.0f} s of the processor so far", flush=True)


def _table(title: str, sizes: Sequence[tuple[int, Size]], reached: Sequence[dict[Size, Measured]]) -> None:
    print(f"{title}: squared error, right %, kept of both; n = {len(reached)}")
    for number, size in sizes:
        of_seeds = [found[size] for found in reached]
        means = {name: [fmean(one[name][of] for one in of_seeds) for of in (0, 1)] for name in of_seeds[0]}
        shares = [
            (means["best single"][of] - means["munge"][of]) / (means["best single"][of] - means["ensemble"][of])
            for of in (0, 1)
        ]
        spread = stdev(one["munge"][0] for one in of_seeds) if len(of_seeds) > 1 else float("nan")
        error, right = means["munge"]
        print(
            f"  {number:7}  {error:.4f} ± {spread:.4f}  {100 * right:6.2f}  {shares[0]:6.2f} {shares[1]:6.2f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=Path, required=True)
    parser.add_argument("--problems", default="letter.p2", help=", ".join(PROBLEMS))
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--units", default="1,4,16,64,128,256")
    parser.add_argument("--cases", default="4000,10000,25000,50000,100000,200000,400000")
    parser.add_argument("--usual-units", type=int, default=USUAL_UNITS, help="at which the rows are varied")
    parser.add_argument("--usual-cases", type=int, default=USUAL_CASES, help="at which the units are varied")
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1, help="the first of the seeds")
    parser.add_argument("--to", type=Path)
    asked = parser.parse_args()
    units, cases = (tuple(int(each) for each in words.split(",")) for words in (asked.units, asked.cases))
    wanted = Wanted(units, cases, asked.members, asked.steps, asked.usual_cases, asked.usual_units)
    kept = KeptRows(asked.to)
    for problem in asked.problems.split(","):
        table = read_problem(asked.tables, problem)
        reached = []
        for seed in range(asked.first, asked.first + asked.seeds):
            print(f"{problem}, seed {seed}", flush=True)
            with threadpool_limits(1):
                reached.append(measure(table, wanted, problem, seed, kept))
        usual = next(iter(reached[0]))
        for name in ("ensemble", "best single"):
            error, right = (fmean(found[usual][name][of] for found in reached) for of in (0, 1))
            print(f"{problem}, {name}: {error:.4f}, {100 * right:.2f} %")
        _table(f"{problem}, by hidden units", [(size.units, size) for size in wanted.by_units], reached)
        _table(f"{problem}, by made-up rows", [(size.cases, size) for size in wanted.by_cases], reached)


if __name__ == "__main__":
    main()
