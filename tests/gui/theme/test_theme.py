"""The look: both themes complete and readable, type and icons by role, and nothing but Qt behind it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QImage, QPalette, QRawFont
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studio.core import resources
from studio.gui import theme
from studio.gui.chooser.choice_search import ChoiceSearch
from studio.gui.help.help_reader import HelpReader

NAMES: tuple[theme.ThemeName, ...] = ("light", "dark")


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    theme.install(qapp, "light")
    yield
    theme.install(qapp, "light")


def luminance(color: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(a: QColor, b: QColor) -> float:
    """WCAG 2."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_both_themes_name_the_same_roles_and_six_runs() -> None:
    light, dark = theme.load_theme("light"), theme.load_theme("dark")
    assert light.roles.keys() == dark.roles.keys()
    assert len(light.runs) == len(dark.runs) == 6
    assert light.run_color(7) == light.run_color(1)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("background", ["surface", "window", "sunken", "accent_soft"])
def test_text_is_readable_on_every_background(name: theme.ThemeName, background: str) -> None:
    colors = theme.load_theme(name)
    for role in ("text", "text2", "accent"):
        assert contrast(colors.color(role), colors.color(background)) >= 4.5


@pytest.mark.parametrize("name", NAMES)
def test_every_other_pair_reaches_its_contrast(name: theme.ThemeName) -> None:
    colors = theme.load_theme(name)
    pairs = [("text3", back, 4.5) for back in ("surface", "window", "sunken", "stage_band")]
    pairs += [("on_accent", back, 4.5) for back in ("accent", "accent_hover", "accent_pressed")]
    pairs += [(level, back, 4.5) for level in ("good", "warning", "error") for back in ("surface", f"{level}_soft")]
    pairs += [(f"class_point_{n}", f"class_tint_{n}", 4.5) for n in (1, 2, 3)]
    pairs += [(role, "surface", 3) for role in ("teacher", "alone", "field_border")]
    for front, back, least in pairs:
        assert contrast(colors.color(front), colors.color(back)) >= least, (front, back)
    assert min(contrast(colors.run_color(i), colors.color("surface")) for i in range(6)) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_palette_has_all_three_groups(name: theme.ThemeName) -> None:
    colors = theme.load_theme(name)
    made = theme.make_palette(colors)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        assert made.color(group, QPalette.ColorRole.Window) == colors.color("window")
        assert made.color(group, QPalette.ColorRole.ToolTipBase) == colors.color("raised")
    assert made.color(QPalette.ColorGroup.Inactive, QPalette.ColorRole.Text) == colors.color("text")
    assert made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == colors.color("disabled")


@pytest.mark.parametrize("name", NAMES)
def test_style_sheet_leaves_nothing_to_fill_in(name: theme.ThemeName, tmp_path: Path) -> None:
    sheet = theme.make_style_sheet(theme.load_theme(name), tmp_path)
    rules = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    assert "@" not in rules
    assert "$" not in rules
    files = re.findall(r"url\(([^)]+)\)", rules)
    assert files
    assert all(Path(file).is_file() for file in files)


def test_a_label_gets_size_weight_and_colour_from_its_role(qtbot: QtBot) -> None:
    label = QLabel("Is it learning from the teacher?")
    label.setProperty("role", "question")
    qtbot.addWidget(label)
    label.ensurePolished()
    assert (label.font().pixelSize(), label.font().weight()) == (15, 600)
    theme.restyle(label, tone="error")
    assert label.palette().color(label.foregroundRole()) == theme.current().color("error")


def test_no_type_is_smaller_than_eleven() -> None:
    assert min(style.pixels for style in theme.TYPE_STYLES.values()) == 11


def test_digits_are_equally_wide_and_hyphens_are_not() -> None:
    for role in ("explain", "table", "card", "big"):
        metrics = QFontMetricsF(theme.font(role))
        assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")
        assert metrics.horizontalAdvance("-") < metrics.horizontalAdvance("0")


def test_the_font_has_the_signs_the_texts_use() -> None:
    raw = QRawFont.fromFont(theme.font("body"))
    assert raw.familyName() == "Inter"
    assert [sign for sign in "ΣμρλτσT²×±–—“”‘’…·−≤≥≠½¼√∞≈→é" if not raw.supportsCharacter(ord(sign))] == []


def test_the_bundled_fonts_are_small_and_licensed() -> None:
    fonts = resources.folder("fonts")
    assert sum(path.stat().st_size for path in fonts.glob("*.ttf")) < 350_000
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text()


@pytest.mark.parametrize("path", sorted(resources.folder("icons").glob("*.svg")), ids=lambda path: path.stem)
def test_every_icon_is_drawn_in_the_colour_asked_for(path: Path) -> None:
    color = QColor("#B3261E")
    image = theme.pixmap(path.stem, color, 32).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    solid = [
        pixel
        for x in range(32)
        for y in range(32)
        if (pixel := QColor.fromRgba(image.pixel(x, y))).alpha() == 255  # edges are blended
    ]
    assert solid
    if path.stem != "app":
        assert all(abs(p.red() - 0xB3) < 3 and abs(p.green() - 0x26) < 3 for p in solid)


def test_toggle_changes_everything_and_says_so_once(qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.notifier().changed):
        theme.toggle(qapp)
    assert theme.current().name == "dark"
    assert theme.choice() == "dark"
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor("#121519")
    theme.toggle(qapp)
    assert theme.current().name == "light"


def test_following_the_system_chooses_one_of_the_two(qapp: QApplication) -> None:
    theme.install(qapp, "system")
    assert theme.choice() == "system"
    assert theme.current().name in NAMES


def test_a_kept_icon_follows_the_theme_and_can_be_exchanged(qapp: QApplication, qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    theme.keep_icon(button, "play", "text")

    def middle() -> QColor:
        return button.icon().pixmap(16, 16).toImage().pixelColor(7, 8)

    light = middle()
    theme.install(qapp, "dark")
    assert middle() != light
    before = button.icon().cacheKey()
    theme.keep_icon(button, "pause", "text")
    assert button.icon().cacheKey() != before


@pytest.mark.parametrize("make", [lambda: ChoiceSearch("Find a network", "Search"), HelpReader])
def test_the_glass_in_a_search_follows_the_theme(make: Callable[[], QWidget], qapp: QApplication, qtbot: QtBot) -> None:
    shown = make()
    qtbot.addWidget(shown)
    fields = shown.findChildren(QLineEdit)
    theme.install(qapp, "dark")
    wanted = theme.icon("search", "text3").pixmap(16, 16).toImage()
    assert [field.actions()[0].icon().pixmap(16, 16).toImage() for field in fields] == [wanted]


def test_a_tint_lies_between_its_colours() -> None:
    colors = theme.current()
    assert colors.mixed(colors.color("teacher"), 1.0) == colors.color("teacher")
    assert colors.mixed(colors.color("teacher"), 0.0) == colors.color("surface")
    assert colors.mixed(colors.color("teacher"), 0.35).alpha() == 255


def test_only_qt_is_loaded_before_the_first_window() -> None:
    program = (
        "import sys, studio.gui.theme, studio.gui.widgets.form, studio.gui.widgets.diagrams, studio.gui.help.help_browser;"
        "import studio.gui.experiment.experiment_panel, studio.gui.chooser.chooser_page;"
        "print([name for name in ('torch', 'numpy', 'pydantic', 'pyqtgraph', 'studio.catalog') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_qts_own_parts_can_reckon_with_the_size_of_type_in_points(qapp: QApplication) -> None:
    assert qapp.font().pointSizeF() > 0
    assert QFontInfo(qapp.font()).pixelSize() == theme.font("body").pixelSize()
