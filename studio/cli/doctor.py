"""``studio doctor``: what this machine has, what is missing, and how to get it."""

from __future__ import annotations

import os
import platform
import shutil
from argparse import Namespace
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil

import studio
from studio import catalog
from studio.cli.entry import Exit
from studio.cli.output import write_json, write_out
from studio.cli.window import has_display
from studio.core.errors import StudioError
from studio.core.format import byte_size
from studio.data.table_reader import INSTALL, READER
from studio.runs.files.environment import package_version, processor
from studio.runs.files.workspace_path import VARIABLE
from studio.runs.store.workspace import Workspace


def _torchvision() -> object:
    from studio.data.vision import torchvision  # it mends a build that does not go with torch's

    return torchvision()


#: Distribution to an import that shows whether it works.
PACKAGES: dict[str, Callable[[], object]] = {
    "torch": partial(import_module, "torch"),
    "torchvision": _torchvision,
    "numpy": partial(import_module, "numpy"),
    "scikit-learn": partial(import_module, "sklearn"),
    "pillow": partial(import_module, "PIL.Image"),
    "PySide6-Essentials": partial(import_module, "PySide6.QtWidgets"),
    "pyqtgraph": partial(import_module, "pyqtgraph"),
    READER: partial(import_module, READER),
}
ELSEWHERE = f"Choose another place with --workspace or {VARIABLE}."
#: Less room than this ends a long run sooner or later.
LITTLE_SPACE = 2e9


def run(chosen: Namespace) -> int:
    """Look around and tell."""
    facts = examine(Workspace())
    if chosen.json:
        write_json(facts)
    else:
        write_out(_report(facts))
    return Exit.DONE


def examine(workspace: Workspace) -> dict[str, Any]:
    """Everything as one JSON object; ``missing`` lists what, why and the remedy."""
    broken = {name: reason for name, attempt in PACKAGES.items() if (reason := _fault(attempt))}
    machine = _machine(torch_works="torch" not in broken)
    facts: dict[str, Any] = {
        "studio": studio.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": processor(),
        "packages": {name: package_version(name) for name in PACKAGES},
        **machine,
        "memory": {"total": psutil.virtual_memory().total, "free": psutil.virtual_memory().available},
        "display": has_display(),
        "workspace": _workspace(workspace),
    }
    missing = [*_missing_packages(broken), *_missing_here(facts), *_missing_data(workspace, "torch" in broken)]
    return facts | {"missing": missing}


def _fault(attempt: Callable[[], object]) -> str | None:
    """Why an import does not work, None where it does."""
    try:
        attempt()
    except Exception as error:  # noqa: BLE001 - a half-installed package may raise anything
        words = str(error).splitlines()
        return words[0] if words else type(error).__name__
    return None


def _machine(*, torch_works: bool) -> dict[str, Any]:
    """Devices, threads and number types, as the engine sees them."""
    if not torch_works:
        return {"device": None, "devices": [], "bf16": False, "cores": os.cpu_count(), "threads": None}
    import torch

    from studio.training.devices import choose_device, has_bf16_units, usable_cores

    devices: list[dict[str, Any]] = [{"name": "cpu", "title": processor(), "memory": psutil.virtual_memory().total}]
    for i in range(torch.cuda.device_count()):
        card = torch.cuda.get_device_properties(i)
        devices.append({"name": f"cuda:{i}", "title": card.name, "memory": card.total_memory})
    if torch.backends.mps.is_available():
        devices.append({"name": "mps", "title": "Apple GPU", "memory": None})
    chosen = choose_device("auto")
    return {
        "device": str(chosen),
        "devices": devices,
        "bf16": has_bf16_units(chosen),
        "cores": usable_cores(),
        "threads": torch.get_num_threads(),
    }


def _workspace(workspace: Workspace) -> dict[str, Any]:
    problem = None
    try:
        workspace.check_writable()
    except StudioError as error:
        problem = f"{error.what} {error.why}"
    there = next((path for path in (workspace.path, *workspace.path.parents) if path.exists()), Path.cwd())
    disk, used = shutil.disk_usage(there), workspace.size()
    return {
        "path": str(workspace.path),
        "writable": problem is None,
        "problem": problem,
        "size": {"runs": used.runs, "bin": used.bin, "cache": used.cache, "total": used.total},
        "disk": {"total": disk.total, "free": disk.free},
    }


def _missing_packages(broken: dict[str, str]) -> Iterator[dict[str, str]]:
    for name, reason in broken.items():
        if name == READER:
            yield {"what": "Tables in files cannot be read.", "why": reason, "remedy": INSTALL}
            continue
        remedy = f"python -m pip install --force-reinstall {name}"
        if name.startswith("PySide6") and "cannot open shared object file" in reason:
            remedy = "Install the named library with the system's package manager; on Debian and Ubuntu: "
            remedy += "apt install libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1"
        yield {"what": f"{name} does not work.", "why": reason, "remedy": remedy}


def _missing_here(facts: dict[str, Any]) -> Iterator[dict[str, str]]:
    if not facts["display"]:
        yield {
            "what": "There is no display, so the window cannot open.",
            "why": "Neither DISPLAY nor WAYLAND_DISPLAY is set.",
            "remedy": "Log in with a desktop, or use “studio demo” and “studio train FILE” in the terminal.",
        }
    if shutil.which("nvidia-smi") and not any(each["name"].startswith("cuda") for each in facts["devices"]):
        yield {
            "what": "There is an NVIDIA GPU, but it is not used.",
            "why": f"PyTorch {facts['packages']['torch']} cannot reach it.",
            "remedy": "Install a PyTorch built for CUDA: https://pytorch.org/get-started/locally",
        }
    if facts["device"] is not None and not facts["bf16"]:
        yield {
            "what": "Fast precision is not available; runs are exact instead.",
            "why": "This processor or GPU has no bfloat16 units.",
            "remedy": "Nothing needs doing; newer hardware has them.",
        }
    if not facts["workspace"]["writable"]:
        yield {"what": "Runs cannot be kept.", "why": facts["workspace"]["problem"], "remedy": ELSEWHERE}
    elif facts["workspace"]["disk"]["free"] < LITTLE_SPACE:
        yield {
            "what": "There is little space left on the disk.",
            "why": f"{byte_size(facts['workspace']['disk']['free'])} are free in {facts['workspace']['path']}.",
            "remedy": "Empty the bin, delete the cache folder, or choose another place with --workspace.",
        }


def _missing_data(workspace: Workspace, torch_broken: bool) -> Iterator[dict[str, str]]:
    """Datasets that must be fetched before they can be used."""
    if torch_broken:
        return
    for source in catalog.entries("dataset"):
        if source.train_count is None:  # a person's own files: nobody can fetch them
            continue
        reason = source.missing(source.Settings(), workspace.cache)
        if reason is not None:
            yield {
                "what": f"{source.title} is not on this machine yet.",
                "why": str(reason),
                "remedy": "It is fetched when a run first asks for it.",
            }


def _report(facts: dict[str, Any]) -> str:
    place = facts["workspace"]
    lines = [
        ("Studio", facts["studio"]),
        ("Python", f"{facts['python']} on {facts['platform']}"),
        *((name, version or "not installed") for name, version in facts["packages"].items()),
        ("Processor", f"{facts['processor']}, {facts['cores']} cores for use"),
        *((each["name"], _with_memory(each)) for each in facts["devices"] if each["name"] != "cpu"),
        ("Runs on", facts["device"] or "nothing: PyTorch does not work"),
        ("Fast", "bfloat16 units" if facts["bf16"] else "no bfloat16 units"),
        ("Memory", f"{byte_size(facts['memory']['free'])} of {byte_size(facts['memory']['total'])} free"),
        ("Display", "yes" if facts["display"] else "none"),
        ("Workspace", f"{place['path']}, {byte_size(place['size']['total'])}"),
        ("", f"{byte_size(place['disk']['free'])} of {byte_size(place['disk']['total'])} free on its disk"),
    ]
    report = "\n".join(f"{name:<20}{value}" for name, value in lines)
    problems = [f"- {each['what']} {each['why']}\n  {each['remedy']}" for each in facts["missing"]]
    return "\n".join([report, "", *(problems or ["Nothing is missing."])])


def _with_memory(device: dict[str, Any]) -> str:
    return f"{device['title']}, {byte_size(device['memory'])}" if device["memory"] else str(device["title"])
