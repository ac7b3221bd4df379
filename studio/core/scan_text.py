"""What a scan of own pictures found, in sentences: for the terminal, the window, and the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studio.core.format import percent, setting_number, thousands
from studio.core.message import NOTHING, Text, text, translatable
from studio.core.picture_scan import (
    Duplicates,
    LeftOut,
    LeftOutReason,
    NameFinding,
    NameRemark,
    PictureScan,
    ValueRange,
)

_PICTURES = translatable("Pictures")
_LEFT_OUT = translatable("Left out")
_NAMES = translatable("Names")
_TWICE = translatable("Duplicates")
_RANGE = translatable("Value range")

_REASONS: dict[LeftOutReason, str] = {
    "unreadable": "{count} of {total} pictures could not be read and are left out, for example {example}: {why}.",
    "kind": "{count} of {total} pictures are of a kind that cannot be read here and are left out ({why}), for example "
    "{example}. Save them as JPEG or PNG to use them.",
    "no_class": "{count} of {total} pictures lie in no class folder and are left out, for example {example}.",
    "flat_part": "The folder {why} has no class folders: its {count} pictures have no class and are left out, for "
    "example {example}.",
    "beside": "{count} of {total} pictures lie beside the parts of the data and are left out, for example {example}.",
    "unknown_class": "{count} test pictures are left out, because there is nothing to learn their classes from: {why}.",
    "empty_class": "Left out, because they have no pictures to learn from: {example}.",
    "folder": "{count} folders could not be opened, for example {example}: {why}.",
    "link": "{count} links or files lead nowhere and are left out, for example {example}.",
    "other": "{count} other files are no pictures, for example {example}.",
}
_FINDINGS: dict[NameFinding, str] = {
    "accents": "Folders whose names differ only in how an accent is written are one class: {names}.",
    "capitals": "The classes {names} differ only in capital letters; they are kept apart.",
    "look_alike": "The classes {names} look alike and have different names; they are kept apart.",
    "not_text": "The names of these classes are not UTF-8 text, \\x stands for what is not: {names}.",
    "part": "There are classes called {names}. If these are parts of the data, give each its own class folders, and "
    "leave no other folders of pictures beside them.",
}
_DUPLICATES: dict[str, str] = {
    "parts": "{count} test pictures are also among those to learn from, for example {example} and {other}. What is "
    "reached on them was known before.",
    "classes": "{count} pictures lie in two classes at once, for example {example} and {other}.",
    "files": "{count} pictures are there more than once, for example {example} and {other}. Copies may come to stand "
    "both in training and in testing.",
}


@dataclass(frozen=True)
class ScanLine:
    """One finding: what it is about, a sentence, and whether a person should be warned of it.

    ``of_copies`` tells those of copies that stand, or may come to stand, in two parts.
    """

    label: Text
    words: Text
    warns: bool
    of_copies: bool = False


def scan_lines(scan: PictureScan) -> list[ScanLine]:
    """All findings, the most important first."""
    return list(_lines(scan))


def scan_warning(scan: PictureScan) -> tuple[Text, Text]:
    """What a person should be warned of, as a sentence and the reasons for it; two empty ones where there is nothing."""
    warnings = [line.words for line in scan_lines(scan) if line.warns]
    if not warnings:
        return NOTHING, NOTHING
    if len(warnings) == 1:
        return warnings[0], NOTHING
    values = {"missed": thousands(scan.missed), "total": thousands(scan.found)}
    what = (
        Text("{missed} of {total} pictures are left out.", values)
        if scan.missed
        else Text("There is something to know about these pictures.")
    )
    names = [f"line{i}" for i in range(len(warnings))]
    return what, Text(" ".join(f"{{{name}}}" for name in names), dict(zip(names, warnings, strict=True)))


def _lines(scan: PictureScan) -> Iterator[ScanLine]:
    yield ScanLine(Text(_PICTURES), _used(scan), warns=False)
    for left_out in scan.left_out:
        yield ScanLine(Text(_LEFT_OUT), left_out_text(left_out, scan.found), left_out.reason != "other")
    for remark in scan.names:
        yield ScanLine(Text(_NAMES), _names(remark), remark.finding != "accents")
    for duplicates in scan.duplicates:
        yield ScanLine(Text(_TWICE), _duplicates(duplicates), warns=True, of_copies=duplicates.where != "classes")
    for values in scan.ranges:
        yield ScanLine(Text(_RANGE), _range(values), warns=False)


def _used(scan: PictureScan) -> Text:
    values = {part: thousands(count) for part, count in scan.pictures.items()}
    if "test" in scan.pictures:
        template = "{train} pictures to learn from and {test} to test with, in {classes} classes."
    else:
        template = "{train} pictures in {classes} classes, some of them set aside for testing."
    return Text(template, {**values, "classes": thousands(scan.classes)})


def left_out_text(line: LeftOut, total: int) -> Text:
    """One line of what is left out.

    Args:
        total: pictures in all.
    """
    values = {"count": thousands(line.count), "total": thousands(total), "example": line.example, "why": line.why}
    return Text(_REASONS[line.reason], values)


def _names(remark: NameRemark) -> Text:
    more = remark.count - len(remark.names)
    names = ", ".join(remark.names)
    return Text(
        _FINDINGS[remark.finding], {"names": f"{names}, ... ({thousands(remark.count)})" if more > 0 else names}
    )


def _duplicates(found: Duplicates) -> Text:
    values = {"count": thousands(found.count), "example": found.example, "other": found.other}
    return Text(_DUPLICATES[found.where], values)


def _range(values: ValueRange) -> Text:
    numbers = {
        name: f"{number:.0f}" if values.numbers == "whole" else setting_number(float(f"{number:.6g}"))
        for name, number in (
            ("least", values.least),
            ("most", values.most),
            ("black", values.black),
            ("white", values.white),
        )
    }
    what = (
        "{count} pictures have more than 8 bits, with values from {least} to {most}. {black} is black and {white} "
        "white, as it was set."
        if values.chosen
        else "{count} pictures have more than 8 bits, with values from {least} to {most}. {black} is black and {white} "
        "white in all of them."
    )
    said = Text(what, {"count": thousands(values.pictures), **numbers})
    if values.outside <= 0:
        return said
    share = percent(values.outside, 1) if values.outside >= 0.0005 else percent(0.001, 1)
    beyond = (
        "{share} of the values lie beyond."
        if values.outside >= 0.0005
        else "Less than {share} of the values lie beyond."
    )
    return text("{said} {beyond}", said=said, beyond=text(beyond, share=share))
