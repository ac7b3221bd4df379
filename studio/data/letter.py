"""Letter recognition: 20,000 distorted capitals as 16 numbers each, also as the two questions of *Model Compression*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from studio import catalog
from studio.core.setting_field import setting
from studio.data.base import Decoded, ProgressListener, SourceSettings
from studio.data.download import DownloadSettings
from studio.data.published_table import PublishedFile, PublishedTable, renamed_classes

if TYPE_CHECKING:
    from pathlib import Path

    from studio.data.table_columns import TableRows

#: Rows to learn from; the rest is for testing, as its authors did.
TRAINED = 16_000

Question = Literal["letters", "p1", "p2"]


class LetterSettings(DownloadSettings):
    """Where it comes from, and what is asked."""

    question: Question = setting(
        "letters",
        description="Which letter it is, or one of the two questions with two answers of Model Compression",
        label="Question",
        words={"letters": "which of 26 letters", "p1": "p1: an O or not", "p2": "p2: A to M, or N to Z"},
    )


class Letter(PublishedTable):
    """Statistics of black pixels of letters in 20 fonts, distorted at random."""

    key = "letter"
    title = "Letter"
    words = "20,000 distorted capital letters, 16 numbers each; 26 letters."
    origin = "P. W. Frey, D. J. Slate, Machine Learning 6, 1991, UCI Machine Learning Repository (CC BY 4.0)."
    shape = (16,)
    class_count = 26
    train_count = TRAINED
    test_count = 4000
    Settings = LetterSettings
    checksum = "d3b11f05175d686538e24a4d2a48cc567dc1721dccac96fa5c535e417787769d"
    files = (
        PublishedFile(
            ("https://archive.ics.uci.edu/ml/machine-learning-databases/letter-recognition/letter-recognition.data",),
            ("letter.csv", "letter-recognition.data"),
        ),
    )
    names = (
        "x-box",
        "y-box",
        "width",
        "high",
        "onpix",
        "x-bar",
        "y-bar",
        "x2bar",
        "y2bar",
        "xybar",
        "x2ybar",
        "xy2bar",
        "x-ege",
        "xegvy",
        "y-ege",
        "yegvx",
    )
    class_first = True
    megabytes = 0.7

    def parts(self, rows: tuple[TableRows, ...]) -> tuple[TableRows, TableRows | None]:
        """The first 16,000 rows to learn from, the others to test on."""
        places = np.arange(len(rows[0]))
        return rows[0].take(places[:TRAINED]), rows[0].take(places[TRAINED:]) if len(places) > TRAINED else None

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """All rows, with the answers to the question that is asked."""
        assert isinstance(settings, LetterSettings)
        decoded = super().load(settings, cache, progress)
        if settings.question == "letters":
            return decoded
        answers = ("O", "another letter") if settings.question == "p1" else ("A to M", "N to Z")
        return renamed_classes(
            decoded,
            tuple(
                answers[int(letter != "O")] if settings.question == "p1" else answers[int(letter > "M")]
                for letter in decoded.classes
            ),
        )


catalog.register("dataset", Letter())
