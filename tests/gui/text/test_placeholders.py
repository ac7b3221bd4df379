"""Every sentence of the window is given all that it has places for: looked at in the code, for many are seldom said."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

import studio.gui

FOLDER = Path(studio.gui.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))


def places(sentence: str) -> set[str]:
    """What stands in braces, up to its first dot or bracket."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def sentence(node: ast.expr, named: Mapping[str, str]) -> str | None:
    """The sentence an expression stands for: ``self.tr("...")``, or a name that stands for one in this function."""
    if isinstance(node, ast.Name):
        return named.get(node.id)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "tr" and node.args:
        said = node.args[0]
        return said.value if isinstance(said, ast.Constant) and isinstance(said.value, str) else None
    return None


def named_sentences(function: ast.AST) -> dict[str, str]:
    """Names that are bound once in a function, to a sentence."""
    bound: dict[str, list[str | None]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        bound.setdefault(name.id, []).append(sentence(node.value, {}))
    return {name: said[0] for name, said in bound.items() if len(said) == 1 and said[0] is not None}


def gaps(code: str) -> Iterator[str]:
    """Sentences that lack something, with what."""
    for function in ast.walk(ast.parse(code)):
        if not isinstance(function, ast.FunctionDef):
            continue
        named = named_sentences(function)
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or any(keyword.arg is None for keyword in node.keywords):
                continue
            given = {str(keyword.arg) for keyword in node.keywords}
            if isinstance(node.func, ast.Attribute) and node.func.attr == "format" and not node.args:
                said = [(sentence(node.func.value, named), given)]
            elif isinstance(node.func, ast.Name) and node.func.id == "counted":
                one, many = (sentence(each, named) for each in node.args[1:3])
                said = [(one if given else None, given), (many, given | {"n"})]
            else:
                continue
            for words, known in said:
                if words is not None and (lacking := places(words) - known):
                    yield f"{words!r} lacks {', '.join(sorted(lacking))} in line {node.lineno}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_nothing_is_missing(file: Path) -> None:
    assert not list(gaps(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "line",
    [
        'self.tr("{a} of {b}").format(a=1)',
        'counted(n, self.tr("one"), self.tr("{n} of {b}"))',
        'words = self.tr("{a.b}"); words.format(n=1)',
    ],
)
def test_what_is_missing_is_found(line: str) -> None:
    assert list(gaps(f"def f(self, n):\n    {line}"))
