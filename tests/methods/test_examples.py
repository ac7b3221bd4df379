"""The examples in the docstrings of the public losses give what they say."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Callable

import pytest

from studio import methods, models

MODULES = sorted(
    module.name
    for package in (methods, models)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)
PUBLIC: list[Callable[..., object]] = [found for _, found in inspect.getmembers(methods, inspect.isfunction)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_give_what_they_say(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("function", PUBLIC, ids=lambda function: function.__name__)
def test_every_public_function_has_an_example(function: Callable[..., object]) -> None:
    assert doctest.DocTestParser().get_examples(function.__doc__ or "")


def test_all_of_them_were_looked_at() -> None:
    assert len(PUBLIC) >= 36
    assert {function.__module__ for function in PUBLIC} <= set(MODULES)
