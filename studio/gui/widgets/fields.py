"""What a form needs to know of a settings model: one :class:`Field` a value, read off pydantic's own description.

The model classes come in as values; pydantic itself is not imported, so that the window is up before it.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from studio.core.message import NOTHING, Text
from studio.core.number_range import Limits
from studio.core.setting_text import Wording
from studio.core.typed_number import UnreadableNumber, read_number, read_numbers

if TYPE_CHECKING:
    from pydantic import BaseModel

FieldKind = Literal["int", "float", "bool", "choice", "text", "path", "ints", "floats"]
SettingsLevel = Literal["beginner", "expert"]


@dataclass(frozen=True)
class Field:
    """One setting.

    Attributes:
        path: its dotted place in the experiment: ``training.optimizer.lr``.
        label: the word beside it.
        help: what it means, one sentence.
        kind: which editor it gets; ``ints`` and ``floats`` are lists.
        default: its value when nobody changed it.
        required: whether it has no default and must be given.
        optional: whether None is a value: then ``empty`` says in words what None means.
        low, high: its range, ends included; ``above`` and ``below``: ends not included.
        choices: the allowed values of a ``choice``; ``words`` says some of them otherwise than they are written.
        section: the heading it stands under.
        group: the path of the optional table it belongs to, which is given whole or not at all; else "".
        files: of a ``path``, which files it may name; it names a folder if empty.
    """

    path: str
    label: str
    help: str
    kind: FieldKind
    default: Any = None
    required: bool = False
    optional: bool = False
    empty: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    step: float | None = None
    unit: str = ""
    level: SettingsLevel = "beginner"
    choices: tuple[Any, ...] = ()
    words: Mapping[Any, str] = dataclass_field(default_factory=dict, hash=False)
    section: str = ""
    group: str = ""
    files: str = ""

    def problem(self, value: Any) -> Text:
        """What is wrong with ``value``, one sentence; nothing where it may stand."""
        if value is None or value == "":
            wanting = self.required if self.kind in ("text", "path") else not self.optional
            return Text("Give a value.") if wanting else NOTHING
        if self.kind not in _NUMBERS:
            return NOTHING
        if isinstance(value, str):
            try:
                value = (read_numbers if self.kind in ("ints", "floats") else read_number)(
                    value, whole=self.limits.whole
                )
            except UnreadableNumber as refusal:
                return refusal.sentence
        numbers = value if isinstance(value, (list, tuple)) else [value]
        limits = self.limits
        return NOTHING if all(limits.hold(number) for number in numbers) else limits.sentence

    @property
    def limits(self) -> Limits:
        """Its range, where it is a number or several."""
        return Limits(self.kind in ("int", "ints"), self.low, self.high, self.above, self.below, self.unit)


_NUMBERS = ("int", "float", "ints", "floats")


def fields_of(
    model: type[BaseModel],
    prefix: str = "",
    section: str = "",
    skip: tuple[str, ...] = (),
) -> tuple[Field, ...]:
    """The fields of a settings model in order, nested models flattened.

    Args:
        prefix: put before every path, without the dot.
        section: the heading of all of them.
        skip: names of fields to leave out, at the top of the model.

    Raises:
        TypeError: a field has a type no editor is made for.
    """
    return tuple(
        field
        for name, info in model.model_fields.items()
        if name not in skip
        for field in _fields(name, info, prefix, section)
    )


def _fields(name: str, info: Any, prefix: str, section: str) -> Iterator[Field]:
    path = f"{prefix}.{name}" if prefix else name
    annotation, optional = _without_none(info.annotation)
    if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
        for field in fields_of(annotation, path, section):
            yield replace(field, group=path) if optional else field
        return
    wording = Wording.of(name, info.json_schema_extra)
    if wording.level == "composer":
        return  # chosen in the composer, not in a form
    kind, choices = _kind(annotation, path)
    required = bool(info.is_required())
    limits = Limits.of(info.metadata, whole=kind in ("int", "ints"))
    yield Field(
        path=path,
        label=wording.label,
        help=info.description or "",
        kind=kind,
        default=None if required else _plain(info.get_default(call_default_factory=True)),
        required=required,
        optional=optional,
        empty=wording.empty,
        step=wording.step,
        unit=wording.unit,
        level=wording.level,
        choices=choices,
        words=wording.words,
        files=wording.files,
        section=section,
        low=limits.low,
        high=limits.high,
        above=limits.above,
        below=limits.below,
    )


def _without_none(annotation: Any) -> tuple[Any, bool]:
    """``int | None`` is an optional int."""
    if get_origin(annotation) in (typing.Union, types.UnionType):
        inner = [argument for argument in get_args(annotation) if argument is not type(None)]
        if len(inner) == 1:
            return inner[0], True
    return annotation, False


def _kind(annotation: Any, path: str) -> tuple[FieldKind, tuple[Any, ...]]:
    if get_origin(annotation) is Literal:
        return "choice", get_args(annotation)
    simple: dict[Any, FieldKind] = {bool: "bool", int: "int", float: "float", str: "text", Path: "path"}
    if annotation in simple:
        return simple[annotation], ()
    if get_origin(annotation) in (tuple, list):
        inside = get_args(annotation)[0]
        if inside in (int, float):
            return ("ints" if inside is int else "floats"), ()
    raise TypeError(f"{path}: there is no editor for {annotation}")


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
