"""How much of an ensemble's gain does one small network keep? Letter and adult, 4,000 rows to learn from, as in deck 001.

    python -m tests.benchmarks.compression --tables FOLDER [--problems letter.p1,letter.p2,adult] [--members 100]
                                           [--cases 100000] [--by munge,random,nbe,none] [--units 128] [--seeds 5] [--first 0]
                                           [--steps 20000] [--to ROWS.jsonl]

FOLDER holds letter.csv.gz and adult_train.csv.gz, the class in the last column. letter.p1 is O against the rest, letter.p2 A-M
against N-Z. Told are the squared errors (of both classes together) and the shares of right answers, n = seeds, of the ensemble,
its best single learner by the rows kept back, and the student by each way of making rows up; *kept* is
(best single - student) / (best single - ensemble), a ratio of means. Also how long library and rows took, on one core.

With ``--to`` every seed of every problem is a line of a file as soon as it is measured; those that are there already, of the
same settings, are not measured again, so that a table which was broken off goes on.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from studio.data.table_columns import TableColumn, TableRows, table_rows
from studio.data.table_encoding import TableEncoding, fit_encoding
from studio.methods.procedures.make_cases import MakeCasesSettings, MakingPass, one_pass
from studio.methods.synthesis.naive_bayes import naive_bayes_cases
from studio.methods.synthesis.table_matrix import encoded_matrix, matrix_of, off_unit_scale, on_unit_scale
from studio.models.classic_fit import ClassicRecipe, FittedClassic
from studio.models.classic_kinds import library
from studio.models.ensemble_selection import SelectionPlan, select_ensemble, squared_error
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.network_model import NetworkModel
from studio.networks.soft_fit import SoftFit, SoftFitPlan

Measured = dict[str, tuple[float, float, float]]
"""By model: squared error, share of right answers, seconds."""

LEARNT, HELD_BACK, TESTED = 4000, 1000, 10_000
PROBLEMS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "letter.p1": ("letter.csv.gz", lambda name: name == "O"),
    "letter.p2": ("letter.csv.gz", lambda name: name > "M"),
    "adult": ("adult_train.csv.gz", lambda name: name == ">50K"),
}


def read_problem(folder: Path, problem: str) -> TableRows:
    """All rows of a problem of two classes."""
    file, second = PROBLEMS[problem]
    with gzip.open(folder / file, "rt", encoding="utf-8", newline="") as stream:
        header, *lines = list(csv.reader(stream))
    columns, cells = [], []
    for name, values in zip(header[:-1], zip(*(line[:-1] for line in lines), strict=True), strict=True):
        try:
            cells.append(np.array([float(value) if value else np.nan for value in values]))
            columns.append(TableColumn(name, "numeric", has_missing="" in values))
        except ValueError:
            names = sorted(set(values) - {""})
            place = {value: number for number, value in enumerate(names)}
            cells.append(np.array([place.get(value, -1) for value in values]))
            columns.append(TableColumn(name, "nominal", tuple(names), has_missing="" in values))
    labels = np.array([int(second(line[-1])) for line in lines])
    return table_rows(columns, cells, labels, ("no", "yes"))


def made_up(
    rows: NDArray[np.float64], nominal: NDArray[np.bool_], how: str, cases: int, seed: int
) -> NDArray[np.float64]:
    """Rows on the scale [0, 1]."""
    if how == "nbe":
        return naive_bayes_cases(rows, nominal, cases, np.random.default_rng([seed, 3]))
    settings = MakeCasesSettings(generator=how, cases=cases)
    passes = 1 if how == "none" else -(-cases // len(rows))
    made = [
        one_pass(MakingPass(rows, nominal, settings, np.random.default_rng([seed, 4, number])))
        for number in range(passes)
    ]
    return np.concatenate(made)[: max(cases, len(rows)) if how != "none" else None]


def student(
    inputs: NDArray[np.float32],
    answers: NDArray[np.float32],
    encoding: TableEncoding,
    units: int,
    steps: int,
    seed: int,
) -> NetworkModel:
    """A network of one hidden layer on these answers."""
    width = inputs.shape[1]
    source = Input((width,), (0.5,) * width, (0.5,) * width, encoding.as_json())
    fit = SoftFit(build_network(f"mlp-{units}", source, ("no", "yes"), seed), inputs, answers, SoftFitPlan(steps), seed)
    fit.run(steps)
    return NetworkModel(fit.network)


class CompressedProblem:
    """A draw of 4,000 rows of a problem, the ensemble chosen out of a library fitted to them, and 10,000 rows to test on.

    Args:
        table: all rows of the problem.
        members: of the library.
        seed: of the draw, and of all that is fitted.

    Attributes:
        encoding: of the rows to learn from.
        seconds: that fitting and choosing took.
    """

    def __init__(self, table: TableRows, members: int, seed: int) -> None:
        order = np.random.default_rng(seed).permutation(len(table))
        train, held = table.take(order[: LEARNT - HELD_BACK]), table.take(order[LEARNT - HELD_BACK : LEARNT])
        self._test = table.take(order[LEARNT : LEARNT + TESTED])
        self._learnt, self._seed = table.take(order[:LEARNT]), seed
        self.encoding = fit_encoding(self._learnt)
        began = time.perf_counter()
        self._members = [
            FittedClassic(ClassicRecipe(kind, parameters, seed), 2).fit(self.encoding.encode(train), train.labels)
            for kind, parameters in library(members)
        ]
        answers = np.array([member.probabilities(self.encoding.encode(held)) for member in self._members])
        self._weights = select_ensemble(answers, held.labels, SelectionPlan(), np.random.default_rng([seed, 2]))
        self._best = self._members[int(np.argmin([squared_error(one, held.labels) for one in answers]))]
        self.seconds = time.perf_counter() - began

    def answers(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of the ensemble, (n, 2)."""
        chosen = np.flatnonzero(self._weights)
        return np.asarray(
            sum(self._weights[place] * self._members[place].probabilities(inputs) for place in chosen), dtype=np.float32
        )

    def made_up(self, how: str, cases: int) -> NDArray[np.float32]:
        """Encoded rows; fewer of one way are the first of more."""
        rows = on_unit_scale(matrix_of(self._learnt), self.encoding)
        nominal = np.array([each.column.kind == "nominal" for each in self.encoding.columns])
        return encoded_matrix(
            off_unit_scale(made_up(rows, nominal, how, cases, self._seed), self.encoding), self.encoding
        )

    def taught(self, inputs: NDArray[np.float32], answers: NDArray[np.float32], units: int, steps: int) -> NetworkModel:
        """A network of one hidden layer on these answers."""
        return student(inputs, answers, self.encoding, units, steps, self._seed)

    def alone(self, units: int, steps: int) -> NetworkModel:
        """The same network on the labels of the rows."""
        truth = np.eye(2, dtype=np.float32)[self._learnt.labels]
        return self.taught(self.encoding.encode(self._learnt), truth, units, steps)

    def figures(self, model: NetworkModel, seconds: float = 0.0) -> tuple[float, float, float]:
        """On the rows to test on."""
        return self._figures(model.probabilities(self.encoding.encode(self._test)), seconds)

    def of_the_library(self) -> Measured:
        """Of the ensemble and its best single learner by the rows kept back."""
        tested = self.encoding.encode(self._test)
        told = {"ensemble": self.answers(tested), "best single": self._best.probabilities(tested)}
        return {name: self._figures(answers, self.seconds) for name, answers in told.items()}

    def _figures(self, told: NDArray[np.float32], seconds: float) -> tuple[float, float, float]:
        labels = self._test.labels
        return squared_error(told, labels), float((told.argmax(1) == labels).mean()), seconds


def measure(table: TableRows, asked: argparse.Namespace, seed: int) -> Measured:
    """Of each model the squared error, the share of right answers, and seconds."""
    problem = CompressedProblem(table, asked.members, seed)
    found = {**problem.of_the_library(), "alone": problem.figures(problem.alone(asked.units, asked.steps))}
    for how in asked.by.split(","):
        began = time.perf_counter()
        inputs = problem.made_up(how, asked.cases)
        took = time.perf_counter() - began
        found[how] = problem.figures(problem.taught(inputs, problem.answers(inputs), asked.units, asked.steps), took)
    return found


class KeptRows:
    """What was measured, a line a seed; asked again, a seed of the same settings is read.

    Args:
        file: None keeps nothing.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def find(self, problem: str, seed: int, settings: Mapping[str, object]) -> Measured | None:
        if self._file is None or not self._file.exists():
            return None
        for line in self._file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if (row["problem"], row["seed"], row["settings"]) == (problem, seed, settings):
                return {name: (error, right, took) for name, (error, right, took) in row["found"].items()}
        return None

    def add(self, problem: str, seed: int, settings: Mapping[str, object], found: Measured) -> None:
        if self._file is None:
            return
        row = {"problem": problem, "seed": seed, "settings": settings, "found": found}
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=Path, required=True)
    parser.add_argument("--problems", default=",".join(PROBLEMS))
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--by", default="munge,random,nbe,none")
    parser.add_argument("--units", type=int, default=128)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--to", type=Path)
    asked = parser.parse_args()
    kept = KeptRows(asked.to)
    settings = {name: getattr(asked, name) for name in ("members", "cases", "by", "units", "steps")}
    for problem in asked.problems.split(","):
        table = read_problem(asked.tables, problem)
        reached: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        with threadpool_limits(1):
            for seed in range(asked.first, asked.first + asked.seeds):
                found = kept.find(problem, seed, settings)
                if found is None:
                    began = time.process_time()
                    found = measure(table, asked, seed)
                    kept.add(problem, seed, settings, found)
                    print(f"{problem}, seed {seed}: {time.process_time() - began:.0f} s of the processor", flush=True)
                for name, figures in found.items():
                    reached[name].append(figures)
        means = {name: [fmean(column) for column in zip(*figures, strict=True)] for name, figures in reached.items()}
        print(f"{problem}: squared error, right %, kept of both, seconds; n = {asked.seeds}")
        for name, (error, right, seconds) in means.items():
            spread = stdev(figures[0] for figures in reached[name]) if asked.seeds > 1 else float("nan")
            shares = [
                (means["best single"][of] - value) / (means["best single"][of] - means["ensemble"][of])
                for of, value in ((0, error), (1, right))
            ]
            print(
                f"  {name:12} {error:.4f} ± {spread:.4f}  {100 * right:6.2f}  {shares[0]:6.2f} {shares[1]:6.2f}  {seconds:6.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
