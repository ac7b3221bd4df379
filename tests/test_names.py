"""The names of the house: whoever reads one knows which is meant, and whoever looks for a file finds one."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import studio

ROOT = Path(studio.__file__).parent
#: File names that every package may have once more: they say what they are within it.
SHARED = {"__init__.py", "base.py", "view.py"}
#: What makes a module-level assignment a name for a type.
TYPE_MAKERS = {"Callable", "Literal", "Mapping", "Sequence", "Union", "Optional", "dict", "frozenset", "list", "tuple"}


def source_files() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if "_resources" not in path.parts)


def public_types(file: Path) -> Iterator[str]:
    """Public classes and names for types that a module defines."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and is_type(node.value):
            name = node.targets[0].id
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and "TypeAlias" in ast.dump(node):
            name = node.target.id
        else:
            continue
        if not name.startswith("_"):
            yield name


def is_type(value: ast.expr) -> bool:
    """Whether an assigned expression is a type: ``Literal["a", "b"]``, ``PictureGrid | PointCloud``."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        sides = (value.left, value.right)
        return all(is_type(side) or (isinstance(side, ast.Name) and side.id[0].isupper()) for side in sides)
    if not isinstance(value, ast.Subscript):
        return False
    maker = value.value
    return (maker.id if isinstance(maker, ast.Name) else getattr(maker, "attr", "")) in TYPE_MAKERS


def test_no_two_public_types_have_one_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for file in source_files():
        for name in public_types(file):
            places[name].append(str(file.relative_to(ROOT)))
    assert len(places) > 300
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_two_files_of_a_package_have_one_name() -> None:
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for file in source_files():
        within = file.relative_to(ROOT)
        if len(within.parts) > 1 and file.name not in SHARED:
            places[within.parts[0], file.name].append(str(within))
    assert len(places) > 250
    assert {key: found for key, found in places.items() if len(found) > 1} == {}


def test_no_file_is_longer_than_can_be_read_in_one_sitting() -> None:
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in source_files()
    }
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_every_package_says_what_it_is_for() -> None:
    packages = [file for file in source_files() if file.name == "__init__.py"]
    assert [
        str(file.relative_to(ROOT)) for file in packages if not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ] == []
