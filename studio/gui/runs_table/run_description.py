"""Describes a run in words, for the page at the side: what was picked, setting by setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from studio.core import paths
from studio.core.errors import StudioError
from studio.core.format import setting_number
from studio.gui.experiment.setting_fields import experiment_fields
from studio.gui.presenters.run_details import RunDetails, Section
from studio.gui.presenters.scan_presenter import scan_sentences
from studio.gui.text.say import say
from studio.gui.widgets.fields import Field
from studio.runs.run_info import RunInfo


def _tr(text: str) -> str:
    return QCoreApplication.translate("run_description", text)


def run_description(info: RunInfo) -> RunDetails:
    """What was picked for a run, what it reached, and what the person wrote on it."""
    picked = [
        (_tr("Data"), info.dataset_title),
        (_tr("Teacher"), info.teacher_title or _tr("none")),
        (_tr("Student"), info.student_title),
        (_tr("Method"), info.method_title),
        (_tr("Seed"), str(info.seed)),
    ]
    sections: list[Section] = [(_tr("What was picked"), picked)]
    if info.scan is not None:
        found = [("", say(words)) for words in scan_sentences(info.scan)]
        sections.append((_tr("What was found in the pictures"), found))
    try:
        sections += settings_of(info.experiment.model_dump(mode="json"))
    except StudioError as error:
        sections.append((_tr("Its file cannot be read"), [("", say(error.why or error.what))]))
    return RunDetails(info.id, info.name, say(info.sentence), sections, info.tags, info.notes)


def settings_of(values: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Section after section, what a beginner sees and whatever differs from its default."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for field in experiment_fields(values):
        value = paths.get(values, field.path)
        if value is None or (field.level == "expert" and value == field.default):
            continue
        sections.setdefault(say(field.section), []).append((say(field.label), _written(value, field)))
    return list(sections.items())


def _written(value: Any, field: Field) -> str:
    if isinstance(value, bool):
        return _tr("yes") if value else _tr("no")
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    if field.words and value in field.words:
        return say(field.words[value])
    return f"{setting_number(value)} {say(field.unit)}".strip()
