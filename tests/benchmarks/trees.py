"""Does one tree, born again, answer as well as fifty? The five tables of deck 001, beside the deck's figures.

    python -m tests.benchmarks.trees --tables FOLDER [--splits 20] [--only glass,sonar] [--teacher boosted-trees]
                                     [--trees 50] [--p-alt 0.25] [--cases 20] [--jobs 2] [--to FILE.json]

FOLDER holds breast_cancer.csv, ionosphere.csv, glass.csv, soybean.csv and sonar.csv, the class in the last column. Every
split keeps a tenth of the rows, at random, for testing. Told are the means of the test errors in percent, the standard
error of the mean difference between the born-again tree and CART over the same splits, and the leaves of both.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from studio.data.base import TableParts
from studio.data.table_columns import TableColumn, TableRows, table_rows
from studio.data.table_encoding import fit_encoding
from studio.methods.synthesis.born_again_tree import GrowthPlan, fit_born_again
from studio.methods.synthesis.table_matrix import encoded_matrix, matrix_of, tree_columns
from studio.models.cart import fit_cart
from studio.models.voting_trees import Voting, fit_voting_trees

#: Test error in percent of born-again tree, CART, arced CART (deck 001, table 2).
DECK = {
    "breast_cancer": (3.9, 5.9, 3.0),
    "ionosphere": (6.1, 11.2, 5.7),
    "glass": (28.2, 30.4, 21.6),
    "soybean": (8.4, 8.6, 6.3),
    "sonar": (25.1, 32.1, 16.0),
}
TEST_SHARE = 0.1


@dataclass(frozen=True)
class Task:
    """One split of one table."""

    file: Path
    split: int
    teacher: Voting
    trees: int
    p_alt: float
    cases: int


@dataclass(frozen=True)
class Reached:
    """Test errors in percent, leaves, and seconds of the born-again tree."""

    born_again: float
    cart: float
    ensemble: float
    leaves: int
    cart_leaves: int
    seconds: float


def read_table(file: Path) -> TableRows:
    """A table whose cells are numbers where all of a column are."""
    with file.open(encoding="utf-8", newline="") as stream:
        header, *lines = list(csv.reader(stream))
    columns, cells = [], []
    for name, values in zip(header[:-1], zip(*(line[:-1] for line in lines), strict=True), strict=True):
        missing = "" in values
        try:
            cells.append(np.array([float(value) if value else np.nan for value in values]))
            columns.append(TableColumn(name, "numeric", has_missing=missing))
        except ValueError:
            names = tuple(sorted(set(values) - {""}))
            cells.append(np.array([names.index(value) if value else -1 for value in values]))
            columns.append(TableColumn(name, "nominal", names, has_missing=missing))
    classes = tuple(sorted({line[-1] for line in lines}))
    return table_rows(columns, cells, np.array([classes.index(line[-1]) for line in lines]), classes)


def run(task: Task) -> Reached:
    """Ensemble, born-again tree and CART of one split."""
    with threadpool_limits(1):
        table = read_table(task.file)
        order = np.random.default_rng(task.split).permutation(len(table))
        held = round(TEST_SHARE * len(table))
        train, test = table.take(order[held:]), table.take(order[:held])
        encoding = fit_encoding(train)
        columns = tree_columns(TableParts(encoding, train, None, test))
        rows, classes = matrix_of(train), table.classes

        def generator(*name: int) -> np.random.Generator:
            return np.random.default_rng([task.split, *name])

        *_, (trees, _) = fit_voting_trees(
            task.teacher,
            task.trees,
            encoding.encode(train),
            train.labels,
            len(classes),
            lambda tree: generator(0, tree),
        )

        def answers(cases: NDArray[np.float64]) -> NDArray[np.int64]:
            return np.asarray(trees.probabilities(encoded_matrix(cases, encoding)).argmax(1))

        began = time.perf_counter()
        count = task.cases * len(train)
        plan = GrowthPlan(count, task.p_alt, budget=count)
        chosen = fit_born_again(
            rows, train.labels, columns, classes, answers, plan, lambda level: generator(1, level)
        ).tree
        seconds = time.perf_counter() - began
        cart = fit_cart(rows, train.labels, columns, classes, generator(2))

        def error(told: NDArray[np.int64]) -> float:
            return float(100 * (told != test.labels).mean())

        held_rows = matrix_of(test)
        return Reached(
            error(chosen.predict(held_rows)), error(cart.predict(held_rows)), error(answers(held_rows)),
            chosen.leaves, cart.leaves, seconds,
        )  # fmt: skip


def line(name: str, reached: list[Reached]) -> str:
    """What is told of a table."""
    born_again, cart, ensemble = (
        fmean(getattr(one, key) for one in reached) for key in ("born_again", "cart", "ensemble")
    )
    differences = [one.born_again - one.cart for one in reached]
    spread = stdev(differences) / len(reached) ** 0.5 if len(reached) > 1 else float("nan")
    less = 100 * (1 - born_again / cart) if cart else float("nan")
    deck = DECK.get(name, (float("nan"),) * 3)
    sizes = f"{fmean(one.leaves for one in reached):5.0f} {fmean(one.cart_leaves for one in reached):5.0f}"
    return (
        f"{name:14} {born_again:5.1f} {cart:5.1f} {less:5.0f} {ensemble:5.1f}   {fmean(differences):+5.1f} ± {spread:3.1f}"
        f"   {deck[0]:5.1f} {deck[1]:5.1f} {100 * (1 - deck[0] / deck[1]):5.0f} {deck[2]:5.1f}   {sizes}"
        f"   {fmean(one.seconds for one in reached):5.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=Path, required=True)
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--only", default=",".join(DECK))
    parser.add_argument("--teacher", choices=get_args(Voting), default="boosted-trees")
    parser.add_argument("--trees", type=int, default=50)
    parser.add_argument("--p-alt", type=float, default=0.25)
    parser.add_argument("--cases", type=int, default=20, help="made-up cases a training row")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--to", type=Path)
    asked = parser.parse_args()
    print(
        f"{'':14} {'BA':>5} {'CART':>5} {'less%':>5} {'ens.':>5}   {'BA - CART':>11}   {'deck: BA':>5} CART less%  arc.",
        end="",
    )
    print("   leaves BA, CART   seconds")
    kept = {}
    with ProcessPoolExecutor(asked.jobs) as pool:
        for name in asked.only.split(","):
            tasks = [
                Task(asked.tables / f"{name}.csv", split, asked.teacher, asked.trees, asked.p_alt, asked.cases)
                for split in range(asked.splits)
            ]
            reached = list(pool.map(run, tasks))
            kept[name] = [asdict(one) for one in reached]
            print(line(name, reached), flush=True)
    if asked.to:
        asked.to.write_text(json.dumps(kept, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
