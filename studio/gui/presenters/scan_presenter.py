"""What was found in the pictures of a run, as names and sentences for the page at the side."""

from __future__ import annotations

from studio.core.message import NOTHING, Text
from studio.core.picture_scan import PictureScan
from studio.core.scan_text import scan_lines


def scan_pairs(scan: PictureScan) -> list[tuple[Text, Text]]:
    """A name and a sentence a finding; a name that repeats stands once."""
    pairs: list[tuple[Text, Text]] = []
    before = NOTHING
    for line in scan_lines(scan):
        pairs.append((NOTHING if line.label == before else line.label, line.words))
        before = line.label
    return pairs
