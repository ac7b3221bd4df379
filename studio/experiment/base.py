"""What all tables of an experiment file have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table of an experiment file: frozen, and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
