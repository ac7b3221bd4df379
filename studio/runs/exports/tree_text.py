"""The tree of a run for use elsewhere: rules in words, JSON, a picture, or a Python function that depends on nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.files import write_export
from studio.models.files import load_model
from studio.models.tree import DecisionTree
from studio.models.tree_file import tree_json
from studio.models.tree_model import TreeModel
from studio.models.tree_python import tree_python
from studio.models.tree_svg import tree_svg
from studio.models.tree_words import text_rules
from studio.runs.exports.network_file import kept_model, not_written
from studio.runs.run_info import RunInfo

#: By the end of a file's name how a tree is written there.
FORMATS: dict[str, Callable[[DecisionTree], str]] = {
    ".txt": lambda tree: text_rules(tree) + "\n",
    ".json": tree_json,
    ".svg": tree_svg,
    ".py": tree_python,
}


def export_tree(info: RunInfo, path: Path) -> Path:
    """Write the tree of a run to ``path``, in the format that the end of its name says.

    Args:
        path: of the new file; its suffix is one of :data:`FORMATS`.

    Returns:
        The file.

    Raises:
        StudioError: the run has kept no tree that can be read.
        NotWritten: it cannot be written there; an older file of that name is intact.
    """
    model = load_model(kept_model(info))
    if not isinstance(model, TreeModel):
        raise StudioError(
            "The run {run} cannot be written as {suffix}.",
            "What it has learnt is no tree.",
            "Name a file that ends in .safetensors.",
            run=info.id,
            suffix=path.suffix,
        )
    write_export(path, FORMATS[path.suffix.lower()](model.tree).encode(), not_written)
    return path
