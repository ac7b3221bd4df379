"""Numbers as people write them, read without guessing, and written so that reading gives the same number again.

A decimal comma and a decimal point both count, digits of every script, ``1e-4``, thousands in groups, ``1/6``. What could
mean two numbers, or does not survive as a 64-bit number, is refused in words.
"""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from studio.core.message import Text, text

#: Other scripts' and keyboards' signs for the same thing.
_SIGNS = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{FULLWIDTH HYPHEN-MINUS}": "-",
    "\N{FULLWIDTH PLUS SIGN}": "+",
    "\N{ARABIC DECIMAL SEPARATOR}": ".",
    "\N{FULLWIDTH FULL STOP}": ".",
    "\N{FULLWIDTH COMMA}": ",",
    "\N{ARABIC COMMA}": ",",
    "\N{ARABIC THOUSANDS SEPARATOR}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{THIN SPACE}": " ",
}
_NUMBER = re.compile(r"([-+]?)([\d.,' ]+)(?:[eE]([-+]?\d{1,9}))?")
_FRACTION = re.compile(r"([-+]?\d{1,15}) ?/ ?(\d{1,15})")
_GROUPS = re.compile(r"\d{1,3}(?:([,.' ])\d{3})(?:\1\d{3})*")
_SPAN = re.compile(r"(\d{1,15})-(\d{1,15})")
#: No whole number of the program is as large as ten to this power.
_LARGEST_POWER = 30
#: So many numbers a range such as 1-5 may stand for.
_LONGEST_SPAN = 100
#: A fraction is written as one where its parts are no larger, and its decimals no fewer.
_LARGEST_PART, _MANY_DECIMALS = 99, 12
_SHOWN = 24


class UnreadableNumber(ValueError):
    """A text that is not one number. ``sentence`` says why, and how it is to be written."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def read_number(typed: str, *, whole: bool = False) -> float:
    """The number in a text.

    Args:
        typed: what a person wrote: ``0.05``, ``0,05``, ``1e-4``, ``1/6``, ``10 000``.
        whole: whether a whole number is asked for: an int where the text is one. Else what it is, for its range to be
            checked; a single comma before three digits then stands between thousands.

    Raises:
        UnreadableNumber: it is no number, could be two, or no float64 is near it.
    """
    bare = _plain(typed)
    if not whole and (fraction := _FRACTION.fullmatch(bare)) and int(fraction[2]):
        return int(fraction[1]) / int(fraction[2])
    found = _NUMBER.fullmatch(bare)
    mantissa = _mantissa(found[2], typed, whole and not found[3]) if found else None
    if found is None or mantissa is None:
        raise UnreadableNumber(_no_number(typed, whole))
    exact = Decimal(f"{found[1]}{mantissa}e{found[3] or 0}")
    if whole and exact.adjusted() <= _LARGEST_POWER and exact == exact.to_integral_value():
        return int(exact)
    number = float(exact)
    if math.isinf(number):
        raise UnreadableNumber(text("“{typed}” is too large.", typed=_short(typed)))
    if not number and exact:
        raise UnreadableNumber(text("“{typed}” cannot be told from 0.", typed=_short(typed)))
    return number + 0.0  # no minus before a zero


def read_numbers(typed: str, *, whole: bool = False) -> list[float]:
    """The numbers in ``1, 2, 3``, ``0.3 0.6``, ``0,3; 0,6`` or, whole ones, ``1-3``.

    A comma before a space, and in whole numbers every comma, stands between two numbers; so does one beside decimal points.

    Raises:
        UnreadableNumber: it says anything else, or could be two things.
    """
    bare = _plain(typed).strip("[]() ")
    found: list[float] = []
    for part in re.split(r"\s*;\s*|,\s+|\s+", bare.removesuffix(",").removesuffix(";").rstrip()):
        span = _SPAN.fullmatch(part) if whole else None
        if span is not None and 0 <= int(span[2]) - int(span[1]) < _LONGEST_SPAN:
            found.extend(range(int(span[1]), int(span[2]) + 1))
            continue
        commas = part.count(",")
        if (commas > 1 and not whole and "." not in part) or (whole and commas and _GROUPS.fullmatch(part)):
            raise UnreadableNumber(
                text("“{typed}” can be read in two ways. Put a semicolon between numbers.", typed=_short(typed))
            )
        if commas and (whole or "." in part):
            found.extend(_one_of_several(each, typed, whole) for each in part.split(","))
        else:
            found.append(_one_of_several(part, typed, whole))
    return found


def number_text(number: float) -> str:
    """A number with all its digits: ``0.05``, ``4.0``, ``1000``, ``1e-07``, ``1/6``. Reading it gives it back."""
    if not isinstance(number, float) or not math.isfinite(number):
        return str(number)
    if abs(number) >= 100 and number == int(number):
        return repr(number).removesuffix(".0")
    decimals = repr(number)
    if len(decimals) >= _MANY_DECIMALS:
        near = Fraction(number).limit_denominator(_LARGEST_PART)
        if near and abs(near.numerator) <= _LARGEST_PART and near.numerator / near.denominator == number:
            return f"{near.numerator}/{near.denominator}"
    return decimals


def _plain(typed: str) -> str:
    """In ASCII, as far as there is such a character for the same thing."""
    return "".join(map(_plain_character, typed)).strip()


def _plain_character(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return _SIGNS.get(character, character) if digit is None else str(digit)


def _mantissa(written: str, typed: str, whole: bool) -> str | None:
    """Digits with at most one point; None where groups and marks do not make a number.

    Raises:
        UnreadableNumber: it could be two numbers.
    """
    if not any(character.isdecimal() for character in written):
        return None
    last = max(written.rfind("."), written.rfind(","))
    mark = written[last] if last >= 0 else ""
    if not mark:
        return _grouped(written)
    if written.count(mark) > 1 or (whole and mark == "," and _GROUPS.fullmatch(written)):
        return _grouped(written)  # marks of thousands
    before, after = written[:last], written[last + 1 :]
    if re.fullmatch(r"[1-9]\d{0,2}", before) and re.fullmatch(r"\d{3}", after) and (mark == "," or whole):
        raise UnreadableNumber(
            text(
                "“{typed}” can be read as {one} or as {other}. Write one of these.",
                typed=_short(typed),
                one=f"{before}.{after}" if not whole else before,
                other=before + after,
            )
        )
    front = _grouped(before) if before else "0"
    return f"{front}.{after or '0'}" if front is not None and (after.isdecimal() or not after) else None


def _grouped(written: str) -> str | None:
    """A whole number without the marks between its thousands; None where they do not stand there."""
    if written.isdecimal():
        return written
    groups = _GROUPS.fullmatch(written)
    return written.replace(groups[1], "") if groups is not None else None


def _one_of_several(part: str, typed: str, whole: bool) -> float:
    try:
        number = read_number(part, whole=whole)
    except UnreadableNumber:
        raise UnreadableNumber(_no_numbers(typed, whole)) from None
    return number


def _no_number(typed: str, whole: bool) -> Text:
    if whole:
        return text("“{typed}” is not a whole number. Write it in digits, as 12.", typed=_short(typed))
    return text("“{typed}” is not a number. Write it as 0.05 or 1e-4.", typed=_short(typed))


def _no_numbers(typed: str, whole: bool) -> Text:
    if whole:
        return text("“{typed}” is not a list of whole numbers. Write it as 1, 2, 3 or 1-3.", typed=_short(typed))
    return text("“{typed}” is not a list of numbers. Write it as 0.3, 0.6.", typed=_short(typed))


def _short(typed: str) -> str:
    typed = " ".join(typed.split())
    return typed if len(typed) <= _SHOWN else typed[: _SHOWN - 1] + "…"
