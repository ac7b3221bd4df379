"""What somebody gave as a name is shown so that no sign in it does anything."""

from __future__ import annotations

import pytest

from studio.core.printable import LONGEST_NAME, one_line, printable


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("plain words, 84.2 %", "plain words, 84.2 %"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("bell\x07, back\x08, delete\x7f", "bell␇, back␈, delete␡"),
        ("C1: \x9b31m", "C1: \N{REPLACEMENT CHARACTER}31m"),
        ("back\rover", "back␍over"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\u202egnp.exe", "\N{REPLACEMENT CHARACTER}gnp.exe"),
        ("\u2066isolated\u2069", "\N{REPLACEMENT CHARACTER}isolated\N{REPLACEMENT CHARACTER}"),
        ("zero\u200bwidth, \ufeffmark", "zero\N{REPLACEMENT CHARACTER}width, \N{REPLACEMENT CHARACTER}mark"),
        ("half \ud800 a pair", "half \N{REPLACEMENT CHARACTER} a pair"),
        ("鸟, naïve, Ωμέγα, שלום, क्‍ष, 👩‍🔬", "鸟, naïve, Ωμέγα, שלום, क्‍ष, 👩‍🔬"),
        ("", ""),
    ],
)
def test_signs_that_do_something_are_shown_instead(words: str, shown: str) -> None:
    assert printable(words) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\nb\tc\u2028d", "a b c d"),
        ("a\r\nb", "a  b"),
        (
            "84.2 ± 0.3\N{NO-BREAK SPACE}%  (n\N{NO-BREAK SPACE}3)",
            "84.2 ± 0.3\N{NO-BREAK SPACE}%  (n\N{NO-BREAK SPACE}3)",
        ),
        ("\x1b[2J", "␛[2J"),
    ],
)
def test_a_name_stands_in_one_line(words: str, shown: str) -> None:
    assert one_line(words) == shown


def test_of_a_very_long_name_the_beginning_is_shown() -> None:
    assert one_line("x" * LONGEST_NAME) == "x" * LONGEST_NAME
    assert one_line("x" * 10_000) == "x" * (LONGEST_NAME - 1) + "…"
