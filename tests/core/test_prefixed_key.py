"""Keys with a prefix are taken apart and put together in one place."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import studio
from studio.core import prefixed_key
from studio.core.prefixed_key import PrefixedKey


@given(st.text())
def test_what_is_taken_apart_can_be_put_together(key: str) -> None:
    assert str(PrefixedKey.parse(key)) == key


@pytest.mark.parametrize("key", ["kd", "torchvision:resnet50", "run", "runs:a", "", ":a"])
def test_a_plain_key_has_no_kind(key: str) -> None:
    assert PrefixedKey.parse(key) == PrefixedKey("", key)


def test_only_the_first_colon_counts() -> None:
    assert PrefixedKey.parse("file:C:\\teacher.safetensors") == PrefixedKey("file", "C:\\teacher.safetensors")


def test_its_examples() -> None:
    assert doctest.testmod(prefixed_key).failed == 0


def test_nobody_else_knows_the_prefixes() -> None:
    """A pattern of allowed sources is no parsing; everything else goes through the one place."""
    home = Path(prefixed_key.__file__)
    files = [file for file in Path(studio.__file__).parent.rglob("*.py") if file != home]
    assert len(files) > 300
    found = [
        f"{file.name}: {line.strip()}"
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"""["'](run|file|own|ensemble):["'{]""", line)
    ]
    assert found == []
