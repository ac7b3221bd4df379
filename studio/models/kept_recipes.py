"""Finds what has to be fitted again before a model can be asked, however deep it lies."""

from __future__ import annotations

from collections.abc import Iterator

from studio.models.average_model import AverageModel
from studio.models.base import FittedAgain, Model
from studio.models.class_order import InClassOrder


def kept_as_recipes(model: Model) -> Iterator[FittedAgain]:
    """``model`` itself, or what answers within it, where members of it are not fitted yet."""
    if isinstance(model, InClassOrder):
        yield from kept_as_recipes(model.model)
    elif isinstance(model, AverageModel):
        for member in model.members:
            yield from kept_as_recipes(member)
    elif isinstance(model, FittedAgain) and model.members_left:
        yield model
