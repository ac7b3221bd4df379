"""What was found in the pictures of a run, for the page at the side."""

from __future__ import annotations

from studio.core.message import Text
from studio.core.picture_scan import PictureScan
from studio.core.scan_text import scan_lines


def scan_sentences(scan: PictureScan) -> list[Text]:
    """A sentence a finding: how many are used, then what is left out and what looks wrong, then the rest."""
    used, *others = scan_lines(scan)
    return [line.words for line in (used, *sorted(others, key=lambda line: not line.warns))]
