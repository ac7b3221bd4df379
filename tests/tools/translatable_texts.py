"""Lists every text a person may read, for translators: ``python tests/tools/translatable_texts.py studio_de.ts``.

Written is a file for Qt Linguist. What was translated in it already stays; ``pyside6-lrelease`` makes the ``.qm`` of it that
:mod:`studio.gui.text.translator` loads. Help pages are not in it: they are Markdown, a file each.

In ``studio/gui`` texts are found where they are marked: in ``tr`` and ``translate``. Below it they are templates that
``say`` translates: in sentences and errors, and in what the catalogue, the settings and the gallery say of themselves.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as Tree

import studio
from studio import catalog
from studio.core import errors
from studio.core.message import Text
from studio.experiment import validated
from studio.gui.text.say import CONTEXT
from studio.gui.widgets.fields import fields_of
from studio.runs.presets.presets import all_presets, all_recipes
from studio.runs.results.role_text import average_text, role_text, split_role, step_text

#: Calls whose first texts are templates: sentences, stages, phases.
_SENTENCES = {"Text": 1, "text": 1, "translatable": 1, "emit_phase": 1, "say": 1, "Stage": 2, "Procedure": 2}
_MARKED = ("translate", "QT_TRANSLATE_NOOP")


class Entry(NamedTuple):
    """A text and the context it is looked up in."""

    context: str
    source: str


@cache
def all_texts() -> tuple[Entry, ...]:
    """Every text there is, sorted; looked for once."""
    found: set[Entry] = set()
    for file in sorted(Path(studio.__file__).parent.rglob("*.py")):
        found.update(_Module(ast.parse(file.read_text(encoding="utf-8"))).texts())
    found.update(
        Entry(CONTEXT, source) for source in (*_of_catalogue(), *_of_systems(), *_of_experiment(), *_of_gallery())
    )
    return tuple(sorted(entry for entry in found if entry.source.strip()))


# --- in the code ------------------------------------------------------------------------------------------------------


class _Module:
    """The texts in one source file."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        #: Every value a name is given, anywhere in the file: a table of the module, a template chosen before it is used.
        self._given: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        self._given.setdefault(target.id, []).append(node.value)
        # functions of a module that translate or mark what they are given, in a context of their own
        self._helpers = {
            node.name: context
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
            for call in ast.walk(node)
            if isinstance(call, ast.Call) and _name(call) in _MARKED and (context := self._context(call))
        }

    def texts(self) -> Iterator[Entry]:
        """All of them."""
        yield from self._below(self._tree, "")

    def _below(self, node: ast.AST, owner: str) -> Iterator[Entry]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                yield from self._of_call(child, owner)
            yield from self._below(child, child.name if isinstance(child, ast.ClassDef) else owner)

    def _of_call(self, call: ast.Call, owner: str) -> Iterator[Entry]:
        name = _name(call)
        if name == "tr" and call.args:
            yield from self._entries(owner, call.args[:1])
        elif name in _MARKED and len(call.args) > 1:
            yield from self._entries(self._context(call), call.args[1:2])
        elif name in self._helpers:
            yield from self._entries(self._helpers[name], call.args[:1])
        elif name in _SENTENCES:
            yield from self._entries(CONTEXT, call.args[: _SENTENCES[name]])
            yield from self._entries(CONTEXT, [key.value for key in call.keywords if key.arg == "title"])
        elif _is_error(name):
            yield from self._entries(CONTEXT, call.args[:3])

    def _context(self, call: ast.Call) -> str:
        """The context a call names; by a constant of its own or another file it is called CONTEXT."""
        first = call.args[0]
        if isinstance(first, ast.Name):
            here = [_literal(value) for value in self._given.get(first.id, [])]
            return next(filter(None, here), CONTEXT if first.id == "CONTEXT" else "")
        return _literal(first) or ""

    def _entries(self, context: str, values: Iterable[ast.expr]) -> Iterator[Entry]:
        for value in values:
            for source in self._strings_in(value):
                yield Entry(context, source)

    def _strings_in(self, value: ast.expr, names: frozenset[str] = frozenset()) -> Iterator[str]:
        """The texts an expression may be; ``names`` were followed already, for one may be made of itself."""
        words = _literal(value)
        if words is not None:
            yield words
        elif isinstance(value, ast.Name):
            if value.id not in names:
                for given in self._given.get(value.id, []):
                    yield from self._strings_in(given, names | {value.id})
        else:
            for part in _parts(value):
                yield from self._strings_in(part, names)


def _parts(value: ast.expr) -> Sequence[ast.expr]:
    """The expressions of which one is what ``value`` will be: branches, values of a table, a table looked up."""
    match value:
        case ast.IfExp():
            return [value.body, value.orelse]
        case ast.BoolOp() | ast.Dict():
            return value.values
        case ast.Tuple() | ast.List():
            return value.elts
        case ast.Subscript():
            return [value.value]
        case ast.BinOp(op=ast.Add()):
            return [value.left]
        case ast.Call(func=ast.Attribute(value=table, attr="get")):
            return [table, *value.args[1:]]
        case _:
            return []


def _name(call: ast.Call) -> str:
    """What a call calls: the last word of it."""
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _is_error(name: str) -> bool:
    """Whether a class is an error that is told to a person."""
    found = getattr(errors, name, None)
    return name.endswith("Error") or (isinstance(found, type) and issubclass(found, errors.StudioError))


def _literal(value: ast.AST | None) -> str | None:
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


# --- what things say of themselves ------------------------------------------------------------------------------------


def _of_catalogue() -> Iterator[str]:
    catalog.load()
    for kind in catalog.KINDS:
        for entry in catalog.entries(kind):
            for name in ("title", "words", "origin", "heading", "source", "aspects"):
                yield from _strings(getattr(entry, name, None))
            if settings := getattr(entry, "Settings", None):
                yield from _of_settings(settings)


def _of_systems() -> Iterator[str]:
    """The roles of what each system trains, within a sentence and at its beginning, alone and several together."""
    picked = {"dataset": {"key": "digits"}, "teacher": {"key": "resnet-110"}, "student": {"key": "resnet-8"}}
    for entry in catalog.entries("system"):
        trees = {"dataset": {"key": "iris"}, "teacher": {"key": "forest"}, "student": {"key": "tree"}}
        students = trees if "student" in entry.needs.learners else picked
        tables = {**students, "method": {"key": entry.key}, "references": {"alone": True}}
        steps = entry.plan(validated(tables).resolved())
        planned = [step.role for step in steps]
        for role in planned:
            kind = split_role(role)[0]
            again = f"{kind} 2"
            told = [role_text(role), role_text(role, first=True), Text(kind)]
            numbered = [role_text(again), role_text(again, first=True), step_text(again, [f"{kind} 1", again])]
            for said in told if kind == role else [*told, *numbered, *_parts_of(average_text([f"{kind} 1", again]))]:
                yield said.template


def _parts_of(said: Text) -> Iterator[Text]:
    """A text and those that are its values."""
    yield said
    for value in said.values.values():
        if isinstance(value, Text):
            yield from _parts_of(value)


def _of_experiment() -> Iterator[str]:
    from studio.experiment import DatasetChoice, MethodChoice, References, StudentChoice, TeacherChoice, Training

    for model in (DatasetChoice, TeacherChoice, StudentChoice, MethodChoice, Training, References):
        skip = tuple(name for name in ("key", "source", "settings", "also") if name in model.model_fields)
        yield from _of_settings(model, skip)


def _of_settings(model: Any, skip: tuple[str, ...] = ()) -> Iterator[str]:
    for field in fields_of(model, skip=skip):
        yield from (field.label, field.help, field.empty, field.unit, *map(str, field.words.values()))


def _of_gallery() -> Iterator[str]:
    for shown in all_presets():
        yield from (shown.title, shown.words, shown.look_at, shown.reached)
    for recipe in all_recipes():
        for form in (recipe.full, recipe.short):
            yield from (form.title, form.words, form.sets, form.apart, form.source)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, Text):
        yield value.template
    elif isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))


# --- for Qt Linguist --------------------------------------------------------------------------------------------------


def write_list(path: Path) -> int:
    """Write the texts into a ``.ts`` file, with the translations that stand in it already; returns how many lack one."""
    done = _translated(path)
    root = Tree.Element("TS", version="2.1", sourcelanguage="en")
    contexts: dict[str, Tree.Element] = {}
    lacking = 0
    for entry in all_texts():
        if entry.context not in contexts:
            contexts[entry.context] = Tree.SubElement(root, "context")
            Tree.SubElement(contexts[entry.context], "name").text = entry.context
        message = Tree.SubElement(contexts[entry.context], "message")
        Tree.SubElement(message, "source").text = entry.source
        translation = Tree.SubElement(message, "translation")
        translation.text = done.get(entry)
        if not translation.text:
            translation.set("type", "unfinished")
            lacking += 1
    Tree.indent(root)
    path.write_text(f"<!DOCTYPE TS>\n{Tree.tostring(root, encoding='unicode')}\n", encoding="utf-8")
    return lacking


def _translated(path: Path) -> dict[Entry, str]:
    if not path.is_file():
        return {}
    return {
        Entry(context.findtext("name", ""), message.findtext("source", "")): message.findtext("translation") or ""
        for context in Tree.parse(path).getroot().iter("context")
        for message in context.iter("message")
    }


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "studio.ts")
    sys.stdout.write(f"{target}: {write_list(target)} texts are not translated yet\n")
