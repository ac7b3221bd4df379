"""What holds of the tests themselves: each asserts something, and none leaves off in silence."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
#: Calls that fail a test as an assertion does, beside those whose name begins with ``check``.
ASSERTING = {"raises", "waitSignal", "waitUntil", "assert_close", "close", "finite"}


def all_tests() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every test with its place."""
    for file in sorted(HERE.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                yield f"{file.relative_to(HERE)}:{node.lineno} {node.name}", node


def own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What stands in a function, but not in the functions within it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)


def asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    waits_for = name == "wait" and node.args and not isinstance(node.args[0], ast.Constant)  # a condition, not a while
    return name in ASSERTING or name.startswith("check") or bool(waits_for)


def test_every_test_asserts_something() -> None:
    found = dict(all_tests())
    assert len(found) > 1000
    assert not [place for place, test in found.items() if not any(map(asserts, own_nodes(test)))]


def test_no_test_returns_before_its_end() -> None:
    """Where there is nothing to test, ``pytest.skip`` says so."""
    found = dict(all_tests())
    assert not [place for place, test in found.items() if any(isinstance(node, ast.Return) for node in own_nodes(test))]


LEFT_RUNNING = {
    "of Python": """
import threading
over = threading.Event()

def test_it():
    threading.Thread(target=over.wait, args=(4,)).start()
""",
    "of Qt": """
from PySide6.QtCore import QThread
left = QThread()

def test_it():
    left.start()

def teardown_module():
    left.quit()
    left.wait()
""",
}


@pytest.mark.parametrize("code", LEFT_RUNNING.values(), ids=LEFT_RUNNING.keys())
def test_a_thread_that_is_left_running_fails_its_test(tmp_path: Path, code: str) -> None:
    file = tmp_path / "test_left.py"
    file.write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", str(file)]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stdout
    assert "is still running" in done.stdout
