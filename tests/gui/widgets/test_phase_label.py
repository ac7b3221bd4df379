"""What the bar on top says of a result is read to its end."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from studio.gui.shell.top_bar import HEIGHT, PhaseLabel


def test_a_result_takes_two_lines_beside_how_long_it_took(qtbot: QtBot) -> None:
    phase = PhaseLabel()
    qtbot.addWidget(phase)
    phase.set_text(
        "Over 3 seeds the student reached 92.2 ± 2.2 %: 13 % of the gap to its teacher is closed (95 %: −33 to 60 %), "
        "which may be chance."
    )
    phase.show_progress(1.0, "took 3 min 09 s, the student 1 min 02 s of it")
    phase.resize(740, HEIGHT)
    phase.show()
    assert not phase.words.elided
    assert phase.words.geometry().bottom() < phase.bar.geometry().top()
    assert phase.bar.geometry().bottom() < HEIGHT
