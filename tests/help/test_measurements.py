"""The figures of all methods: read back as they were written, the student alone first, then by what was gained."""

from __future__ import annotations

from pathlib import Path

from studio import catalog
from studio.gui.presenters.measurements import Measurements, measurements_file, read_measurements


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    shipped = read_measurements()
    shipped.write(tmp_path / "measured.json")
    assert Measurements.model_validate_json((tmp_path / "measured.json").read_bytes()) == shipped
    assert (tmp_path / "measured.json").read_bytes() == measurements_file().read_bytes()


def test_the_student_alone_comes_first_then_the_largest_share_of_the_gap() -> None:
    ranked = list(read_measurements().ranked.items())
    assert ranked[0][0] == read_measurements().problem.alone
    shares = [row.gap_closed for _, row in ranked[1:] if row.gap_closed is not None]
    assert len(shares) == len(ranked) - 1
    assert shares == sorted(shares, reverse=True)


def test_only_what_the_catalogue_knows_was_measured() -> None:
    problem = read_measurements().problem
    assert set(read_measurements().methods) <= set(catalog.keys("method"))
    assert catalog.find("network", problem.teacher)
    assert catalog.find("network", problem.student)
    assert catalog.find("dataset", problem.dataset)
