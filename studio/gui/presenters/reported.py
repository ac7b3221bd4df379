"""What others reported of ways that take several trainings: tables beside the help pages, told by the view of generations."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from studio.core import resources

FILE = "reported.json"
#: An error in percent, with the digits it was printed with; empty where none was.
PrintedError = Annotated[str, Field(pattern=re.compile(r"^(\d{1,2}(\.\d+)?)?$"))]


class ReportedColumn(BaseModel):
    """A model of a chain: that of a step, or the mean answer of several; ``members`` are their roles."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    members: tuple[str, ...] = Field(min_length=1)


class ReportedRow(BaseModel):
    """One network: its name, its parameters, and the test error in percent of each column as it was printed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    parameters: int | None = None
    errors: tuple[PrintedError, ...]


class ReportedTable(BaseModel):
    """What ``source`` reports of one method: ``networks`` on ``data``; ``note`` is a sentence on what is missing in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    networks: str
    data: str
    note: str = ""
    columns: tuple[ReportedColumn, ...] = Field(min_length=1)
    rows: tuple[ReportedRow, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rows_are_full(self) -> ReportedTable:
        if any(len(row.errors) != len(self.columns) for row in self.rows):
            raise ValueError("a row has another number of errors than there are columns")
        return self


@cache
def read_reported() -> dict[str, ReportedTable]:
    """The tables that ship with the program, by the catalogue key of the method they speak of."""
    return TypeAdapter(dict[str, ReportedTable]).validate_json((resources.folder("help") / FILE).read_bytes())
