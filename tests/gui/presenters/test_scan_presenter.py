"""The findings of a scan in the order in which a person should read them."""

from __future__ import annotations

from studio.core.picture_scan import LeftOut, PictureScan, ValueRange
from studio.gui.presenters.scan_presenter import scan_sentences


def test_what_a_person_should_act_on_comes_before_what_is_good_to_know() -> None:
    scan = PictureScan(
        "/pictures",
        {"train": 20, "test": 5},
        2,
        left_out=(LeftOut("other", 3, "a/notes.txt"), LeftOut("unreadable", 5, "a/1.jpg", "it is empty")),
        ranges=(ValueRange("whole", 20, 3, 4090, 0, 4095),),
    )
    assert [str(sentence).partition(" ")[0] for sentence in scan_sentences(scan)] == ["20", "5", "3", "20"]
    assert "0 is black and 4095 white" in str(scan_sentences(scan)[-1])


def test_a_share_beyond_the_range_is_said() -> None:
    sentences = scan_sentences(
        PictureScan("/p", {"train": 2}, 2, ranges=(ValueRange("real", 2, -0.5, 1.004, 0, 1, 0.25, chosen=True),))
    )
    assert str(sentences[-1]) == (
        "2 pictures have more than 8 bits, with values from -0.5 to 1.004. 0 is black and 1 white, as it was set. "
        "25.0\N{NO-BREAK SPACE}% of the values lie beyond."
    )
