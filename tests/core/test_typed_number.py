"""Numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.typed_number import UnreadableNumber, number_text, read_number, read_numbers

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def read_or_refusal(typed: str, whole: bool = False) -> float | str:
    """The number, or why it is none."""
    try:
        return read_number(typed, whole=whole)
    except UnreadableNumber as refusal:
        return str(refusal.sentence)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0.25", 0.25),
        ("0,25", 0.25),
        ("0,125", 0.125),
        (",5", 0.5),
        ("5.", 5.0),
        ("5e-4", 0.0005),
        ("1E-4", 0.0001),
        ("1,5e3", 1500.0),
        ("  3 ", 3.0),
        ("\N{MINUS SIGN}2,5", -2.5),
        ("1e\N{MINUS SIGN}4", 0.0001),
        ("٠٫٥", 0.5),
        ("１．５", 1.5),
        ("1,000.5", 1000.5),
        ("1.000,5", 1000.5),
        ("1,000,000", 1e6),
        ("1.000.000", 1e6),
        ("10 000", 1e4),
        ("10\N{NARROW NO-BREAK SPACE}000,5", 10000.5),
        ("10'000", 1e4),
        ("1.125", 1.125),
        ("1/6", 1 / 6),
        ("-0", 0.0),
    ],
)
def test_a_number_is_read_in_every_way_it_is_written(typed: str, number: float) -> None:
    assert read_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"), [("12", 12), ("1e3", 1000), ("1,000", 1000), ("2.0", 2), ("2,0", 2), ("007", 7), ("-3", -3)]
)
def test_a_whole_number_is_an_int(typed: str, number: int) -> None:
    read = read_number(typed, whole=True)
    assert (read, type(read)) == (number, int)


def test_what_is_not_whole_is_read_as_it_is() -> None:
    assert read_number("2,5", whole=True) == 2.5
    assert read_number("1e-4", whole=True) == 0.0001
    assert read_number("1e40", whole=True) == 1e40


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "abc",
            "1..5",
            "--1",
            "1,5,3",
            "1.5,3",
            "1x5",
            "5²",
            "1e",
            "e5",
            "0x10",
            "1_000",
            "nan",
            "inf",
            "1 2",
        ),
        *(".", ",", "1e-4x", "10 00", "1,00,000", "1/0", "½", "1 e5", "true"),
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(UnreadableNumber, match="is not a number"):
        read_number(typed)


@pytest.mark.parametrize(
    ("typed", "whole", "words"),
    [
        ("1,125", False, "can be read as 1.125 or as 1125"),
        ("1.000", True, "can be read as 1 or as 1000"),
        ("1e400", False, "is too large"),
        ("-1e999999999", False, "is too large"),
        ("1e-400", False, "cannot be told from 0"),
        ("1" * 100_000 + "x", False, "“11111111111111111111111…” is not a number"),
        ("x" * 100_000, False, "“xxxxxxxxxxxxxxxxxxxxxxx…” is not a number"),
    ],
)
def test_what_could_be_two_numbers_or_none_is_refused(typed: str, whole: bool, words: str) -> None:
    with pytest.raises(UnreadableNumber) as caught:
        read_number(typed, whole=whole)
    assert words in str(caught.value.sentence)


@given(NUMBERS)
def test_what_is_written_is_read_back(number: float) -> None:
    assert read_number(number_text(number)) == number


@given(NUMBERS)
def test_a_comma_gives_the_same_number_or_is_refused(number: float) -> None:
    read = read_or_refusal(repr(number).replace(".", ","))
    assert read == number or "can be read as" in str(read)


@given(st.text(max_size=12), st.booleans())
def test_any_text_gives_a_number_or_a_refusal(typed: str, whole: bool) -> None:
    assert str(read_or_refusal(typed, whole))
    try:
        several: object = read_numbers(typed, whole=whole)
    except UnreadableNumber as refusal:
        several = refusal.sentence
    assert several


@pytest.mark.parametrize(
    ("number", "written"),
    [(0.05, "0.05"), (4.0, "4.0"), (1000.0, "1000"), (5e-4, "0.0005"), (1e-7, "1e-07"), (1 / 6, "1/6"), (12, "12")],
)
def test_numbers_show_the_digits_they_have(number: float, written: str) -> None:
    assert number_text(number) == written


@pytest.mark.parametrize(
    ("typed", "whole", "numbers"),
    [
        ("1, 2, 3", True, [1, 2, 3]),
        ("1,2,3", True, [1, 2, 3]),
        ("1-3, 7", True, [1, 2, 3, 7]),
        ("1\N{EN DASH}3", True, [1, 2, 3]),
        ("5", True, [5]),
        ("0.3 0.6", False, [0.3, 0.6]),
        ("[0.3, 0.6]", False, [0.3, 0.6]),
        ("0.3,0.6,0.8", False, [0.3, 0.6, 0.8]),
        ("0,3; 0,6", False, [0.3, 0.6]),
        ("0,3, 0,6", False, [0.3, 0.6]),
        ("0,3 0,6", False, [0.3, 0.6]),
        ("0,3", False, [0.3]),
        ("1/3, 2/3", False, [1 / 3, 2 / 3]),
        ("1.5", True, [1.5]),
    ],
)
def test_lists_of_numbers(typed: str, whole: bool, numbers: list[float]) -> None:
    assert read_numbers(typed, whole=whole) == numbers


@pytest.mark.parametrize(
    ("typed", "whole", "words"),
    [
        ("", True, "not a list of whole numbers"),
        ("a", True, "not a list of whole numbers"),
        ("9-1", True, "not a list of whole numbers"),
        ("0.3, high", False, "not a list of numbers"),
        ("0,3,0,6", False, "in two ways"),
        ("1,200", True, "in two ways"),
    ],
)
def test_lists_that_cannot_be_read_are_refused(typed: str, whole: bool, words: str) -> None:
    with pytest.raises(UnreadableNumber, match=words):
        read_numbers(typed, whole=whole)
