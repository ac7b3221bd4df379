"""Translations: every text that is asked for is in the list for translators, and one that was translated is shown."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio import catalog
from studio.experiment import validated
from studio.gui.experiment.setting_fields import experiment_fields
from studio.gui.text.say import say
from studio.gui.text.translator import install_translator
from studio.runs.launch import launch
from tests.gui.window_driver import WindowDriver
from tests.tools.translatable_texts import Entry, all_texts, write_list


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[tuple[tuple[str, ...], str]]:
    """Everything that is looked up: the contexts that are tried, and the text."""
    found: set[tuple[tuple[str, ...], str]] = set()

    def translate(context: str, source: str, *_rest: object) -> str:
        if sys._getframe(1).f_globals["__name__"].startswith("studio."):  # pyqtgraph has texts of its own
            found.add(((context,), source))
        return source

    def tr(self: QObject, source: str, *_rest: object) -> str:
        if type(self).__module__.startswith("studio."):
            found.add((tuple(kind.__name__ for kind in type(self).__mro__), source))
        return source

    monkeypatch.setattr(QCoreApplication, "translate", staticmethod(translate))
    monkeypatch.setattr(QObject, "tr", tr)
    return found


@pytest.fixture(scope="module")
def listed() -> set[Entry]:
    return set(all_texts())


def test_names_in_the_code_are_nobodys_to_translate(listed: set[Entry]) -> None:
    assert not {"T", "S_contra", "_Layer"} & {entry.source for entry in listed}


def missing(asked: set[tuple[tuple[str, ...], str]], listed: set[Entry]) -> list[str]:
    """Looked up and not listed; names of networks and papers, keys and numbers are nobody's to translate."""
    names = {
        str(entry.name(key)) for entry in catalog.entries("network") for key in (*entry.members(), *entry.searched())
    }
    return sorted(
        source
        for contexts, source in asked
        if source not in names | FAKED
        and not re.fullmatch(r".*, .* \d{4}", source)
        and re.search(r"[a-z]{3,} |^[A-Z][a-z]{3,}", source)
        and not any(Entry(context, source) in listed for context in contexts)
    )


#: Said by the engine of the tests.
FAKED = {
    "The student reached {accuracy:.1f} %: 71 % of the gap to its teacher is closed.",
    "Learn, epoch {epoch} of {epochs}",
}
EXPERIMENT = {
    "dataset": {"key": "moons", "per_class": 10},
    "teacher": {"key": "mlp-20-20"},
    "student": {"key": "mlp-6-6"},
    "method": {"key": "kd"},
    "training": {"epochs": 2},
    "references": {"alone": True},
}


def test_every_text_of_the_window_is_listed(
    qtbot: QtBot, tmp_path: Path, asked: set[tuple[tuple[str, ...], str]], listed: set[Entry]
) -> None:
    driver = WindowDriver(qtbot, tmp_path / "workspace")
    main = driver.open()
    main.window.panel.level.choose("expert")
    main.page_router.show_gallery()
    for step in ("data", "teacher", "student", "method"):
        main.page_router.show_chooser(step)
        # the first list of networks builds every one of them: seconds on a busy machine
        driver.wait(lambda: not main.background.busy, timeout=30_000)
    main.window.draft.load_experiment(validated(EXPERIMENT))
    driver.wait(lambda: not main.background.busy)
    main.training_controller.train()
    driver.wait_idle()
    for view in main.views_page.views:
        main.page_router.show_view(view.key)
        view.refresh()
    main.experiment_files.save(tmp_path / "nowhere" / "experiment.toml")
    main.experiment_files.open(tmp_path)
    for method in catalog.keys("method"):
        for field in experiment_fields({**EXPERIMENT, "method": {"key": method}}):
            for words in (field.label, field.help, field.section, field.empty, field.unit, *field.words.values()):
                say(words)
    assert missing(asked, listed) == []


def test_every_sentence_of_a_run_is_listed(
    tmp_path: Path, asked: set[tuple[tuple[str, ...], str]], listed: set[Entry]
) -> None:
    from studio.events import Notice, Phase, Progress, RunEnded, StageStarted
    from studio.runs.store.workspace import Workspace

    def hear(event: object) -> None:
        match event:
            case Phase() | Progress():
                say(event.words)
            case Notice():
                [say(part) for part in (event.what, event.why, event.remedy)]
            case RunEnded():
                say(event.reason)
            case StageStarted():
                say(event.title)

    info = launch(validated(EXPERIMENT), Workspace(tmp_path), hear)
    for sentence in (info.sentence, info.reason, info.gap_words):
        say(sentence)
    assert missing(asked, listed) == []


def test_titles_and_words_of_the_catalogue_are_listed(listed: set[Entry]) -> None:
    for kind in ("dataset", "network", "method"):
        for entry in catalog.entries(kind):
            assert Entry("studio", entry.title) in listed
            assert Entry("studio", entry.words) in listed


def test_what_was_translated_stays_in_the_list_and_is_shown(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "studio_de.ts"
    lacking = write_list(file)
    source = "<source>Soft targets</source>\n      <translation"
    empty = f'{source} type="unfinished" />'
    file.write_text(file.read_text("utf-8").replace(empty, f"{source}>Weiche Ziele</translation>"), "utf-8")
    assert write_list(file) < lacking
    assert f"{source}>Weiche Ziele</translation>" in file.read_text("utf-8")
    compiler = Path(PySide6.__file__).parent / ("lrelease.exe" if sys.platform == "win32" else "lrelease")
    if not compiler.is_file():
        compiler = Path(PySide6.__file__).parent / "Qt" / "libexec" / "lrelease"
    subprocess.run([compiler, "-silent", file], check=True, timeout=60)
    translator = install_translator(qapp, QLocale("de_AT"), tmp_path)
    assert translator is not None
    try:
        assert say("Soft targets") == "Weiche Ziele"
        assert say("Soft hearts") == "Soft hearts"
    finally:
        qapp.removeTranslator(translator)


def test_a_language_nobody_translated_to_is_english(qapp: QApplication, tmp_path: Path) -> None:
    assert install_translator(qapp, QLocale("fr_FR"), tmp_path) is None
    assert say("Soft targets") == "Soft targets"
