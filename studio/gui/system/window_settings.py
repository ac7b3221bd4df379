"""What the window remembers from one time to the next: sizes, theme, ticked runs, the draft, the queue."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from studio.core.bounded_read import UnreadableFile, open_regular, parse_json
from studio.core.files import move
from studio.gui.theme import ThemeChoice

VERSION = 1
FILE = "window.ini"
#: Bytes of the file: a larger one is none of ours. It holds a draft, and the colours of every run that was drawn.
MAX_BYTES = 20_000_000
#: Indices of colours, and seeds, stay below.
MOST_COLORS = 2**31


def _usable(file: Path) -> Path:
    """The file itself; where something else stands in its place that is moved aside, or else left and nothing is kept."""
    try:
        with open_regular(file) as stream:
            if stream.seek(0, os.SEEK_END) <= MAX_BYTES:
                return file
    except UnreadableFile as unreadable:
        if unreadable.missing and not file.is_symlink():
            return file
    aside = file.with_name(f"{FILE}.damaged-{secrets.token_hex(4)}")
    try:
        move(file, aside)
    except OSError:
        return aside
    return file


class WindowSettings:
    """Typed access to ``window.ini`` of a workspace. What is missing, damaged or of another version is the default."""

    def __init__(self, workspace: Path) -> None:
        self._settings = QSettings(str(_usable(workspace / FILE)), QSettings.Format.IniFormat)
        if self._read("version", VERSION) != VERSION:
            self._settings.clear()
        self._write("version", VERSION)

    def _read(self, key: str, default: Any) -> Any:
        """A value kept as JSON, if it has the type of ``default``."""
        try:
            value = parse_json(str(self._settings.value(key, "")))
        except (ValueError, RecursionError):
            return default
        return value if default is None or isinstance(value, type(default)) else default

    def _write(self, key: str, value: Any) -> None:
        self._settings.setValue(key, json.dumps(value))

    def save(self) -> None:
        """Write everything down now."""
        self._settings.sync()

    @property
    def geometry(self) -> QByteArray:
        """Place and size of the window; empty the first time."""
        return QByteArray.fromBase64(self._read("geometry", "").encode("ascii", "ignore"))

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._write("geometry", value.toBase64().toStdString())

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark, or as the system has it."""
        name = self._read("theme", "system")
        return name if name in ("light", "dark") else "system"

    @theme.setter
    def theme(self, value: ThemeChoice) -> None:
        self._write("theme", value)

    @property
    def ticked(self) -> list[str]:
        """Ids of the runs laid over each other."""
        return [str(run) for run in self._read("ticked", [])]

    @ticked.setter
    def ticked(self, value: list[str]) -> None:
        self._write("ticked", value)

    @property
    def put_away(self) -> list[str]:
        """Ids of the runs a person has unticked."""
        return [str(run) for run in self._read("put_away", [])]

    @put_away.setter
    def put_away(self, value: list[str]) -> None:
        self._write("put_away", value)

    @property
    def colors(self) -> dict[str, int]:
        """Colour index of every run that has ever been drawn."""
        known = self._read("colors", {})
        return {run: index for run, index in known.items() if isinstance(index, int) and 0 <= index <= MOST_COLORS}

    @colors.setter
    def colors(self, value: dict[str, int]) -> None:
        self._write("colors", value)

    @property
    def draft(self) -> str:
        """The experiment in the panel, as TOML; empty where there is none."""
        return str(self._read("draft", ""))

    @draft.setter
    def draft(self, value: str) -> None:
        self._write("draft", value)

    @property
    def beside_draft(self) -> dict[str, Any]:
        """What tells which settings in the panel were changed by hand."""
        beside: dict[str, Any] = self._read("beside_draft", {})
        return {name: table for name, table in beside.items() if isinstance(table, dict)}

    @beside_draft.setter
    def beside_draft(self, value: dict[str, Any]) -> None:
        self._write("beside_draft", value)

    @property
    def seeds(self) -> list[int]:
        """The seeds in the panel where they are several; empty otherwise."""
        return [seed for seed in self._read("seeds", []) if isinstance(seed, int) and 0 <= seed < MOST_COLORS]

    @seeds.setter
    def seeds(self, value: list[int]) -> None:
        self._write("seeds", value)

    @property
    def waiting(self) -> list[str]:
        """Experiments that waited in the queue when the window was closed, as TOML."""
        return [str(text) for text in self._read("waiting", [])]

    @waiting.setter
    def waiting(self, value: list[str]) -> None:
        self._write("waiting", value)

    @property
    def show_welcome(self) -> bool:
        """Whether the welcome page comes first."""
        return bool(self._read("show_welcome", True))

    @show_welcome.setter
    def show_welcome(self, value: bool) -> None:
        self._write("show_welcome", value)

    @property
    def text_size(self) -> int:
        """How large everything is written, 80 to 200 percent of the usual size."""
        size = self._read("text_size", 100)
        return size if 80 <= size <= 200 else 100

    @text_size.setter
    def text_size(self, value: int) -> None:
        self._write("text_size", value)

    @property
    def tour_seen(self) -> bool:
        """Whether the tour of the window was shown, to its end or not."""
        return bool(self._read("tour_seen", False))

    @tour_seen.setter
    def tour_seen(self, value: bool) -> None:
        self._write("tour_seen", value)

    @property
    def help_open(self) -> bool | None:
        """Whether the help dock is open; None leaves it to the width of the window."""
        value = self._read("help_open", None)
        return value if isinstance(value, bool) else None

    @help_open.setter
    def help_open(self, value: bool | None) -> None:
        self._write("help_open", value)

    @property
    def runs_folded(self) -> bool:
        """Whether the runs are folded to one line."""
        return bool(self._read("runs_folded", False))

    @runs_folded.setter
    def runs_folded(self, value: bool) -> None:
        self._write("runs_folded", value)

    @property
    def grouped(self) -> bool:
        """Whether the runs of one experiment stand in one row."""
        return bool(self._read("grouped", False))

    @grouped.setter
    def grouped(self, value: bool) -> None:
        self._write("grouped", value)

    @property
    def view_order(self) -> list[str]:
        """Keys of the views in the order a person gave their tabs; empty where they were not moved."""
        return [str(key) for key in self._read("view_order", [])]

    @view_order.setter
    def view_order(self, value: list[str]) -> None:
        self._write("view_order", value)

    @property
    def view(self) -> str:
        """Key of the view that was shown."""
        return str(self._read("view", ""))

    @view.setter
    def view(self, value: str) -> None:
        self._write("view", value)

    @property
    def all_settings(self) -> bool:
        """Whether all settings are shown, not the main ones alone."""
        return bool(self._read("all_settings", False))

    @all_settings.setter
    def all_settings(self, value: bool) -> None:
        self._write("all_settings", value)

    @property
    def unfinished(self) -> str:
        """Id of the run that trained when the window was closed; empty where none did."""
        return str(self._read("unfinished", ""))

    @unfinished.setter
    def unfinished(self, value: str) -> None:
        self._write("unfinished", value)
