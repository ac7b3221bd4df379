"""What all tables of an experiment file have in common."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table of an experiment file: frozen, and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def extra(**values: Any) -> dict[str, Any]:
    """What a form needs besides pydantic's own words: ``unit``, ``step``, ``level`` ("expert"), ``label``."""
    return values
