"""Tables that come with the program: three that scikit-learn ships, and Breiman's waveforms, drawn in any number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.data.base import DataSource, Decoded, ProgressListener, SourceSettings
from studio.data.cache import CacheEntry, fingerprint
from studio.data.decoded import load_decoded, save_decoded
from studio.data.random import generator
from studio.data.table_columns import TableColumn, TableRows, table_rows
from studio.data.table_examples import decoded_table

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

#: Of the way tables are kept; another number reads them anew.
READING = 1
#: Values of a waveform, and rows that are drawn to test on.
WAVE_VALUES, WAVE_TEST = 21, 2000


class ShippedTable(DataSource):
    """A table of numbers that scikit-learn ships."""

    kind = "table"

    def __init__(
        self, key: str, title: str, words: str, origin: str, sizes: tuple[int, int, int], classes: tuple[str, ...]
    ) -> None:
        self.key = key
        self.title = title
        self.words = words
        self.origin = origin
        self.train_count, width, self.class_count = sizes
        self.shape = (width,)
        self.classes = classes

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """All rows, to learn from. They are kept, because scikit-learn takes a second to import."""
        del settings
        entry = CacheEntry(cache, self.key, fingerprint(reading=READING))
        if (kept := load_decoded(entry)) is not None:
            return kept
        progress(Text("Loading the table"), None)
        from sklearn import datasets

        bunch = getattr(datasets, f"load_{self.key}")()
        values: np.ndarray = bunch.data
        columns = tuple(TableColumn(str(name).removesuffix(" (cm)"), "numeric") for name in bunch.feature_names)
        return save_decoded(entry, decoded_table(table_rows(columns, list(values.T), bunch.target, self.classes)))


class WaveformSettings(SourceSettings):
    """How many rows."""

    count: int = setting(
        1000,
        ge=30,
        le=1_000_000,
        description="Rows to learn from",
        unit="rows",
        step=100,
        label="Rows",
    )
    rows_seed: int = setting(
        0,
        ge=0,
        le=2**31 - 1,
        description="Another number draws other rows",
        level="expert",
        label="Draw of the rows",
    )


class Waveform(DataSource):
    """Two of three triangular waves in a random mixture, at 21 places, with normal noise of deviation 1.

    L. Breiman, J. Friedman, R. Olshen, C. Stone, Classification and Regression Trees, Wadsworth 1984, section 2.6.2.
    The best possible classifier errs on about 14 % of the rows.
    """

    key = "waveform"
    title = "Waveform"
    words = "Noisy mixtures of two of three waves: as many rows as you like, and nobody can get all of them right."
    kind = "table"
    is_drawn = True
    shape = (WAVE_VALUES,)
    class_count = 3
    train_count = 1000
    test_count = WAVE_TEST
    origin = "Drawn by the program, after L. Breiman et al., Classification and Regression Trees, 1984."
    Settings = WaveformSettings
    classes = ("first and second", "first and third", "second and third")

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """The rows of these settings, the same each time."""
        del cache, progress
        assert isinstance(settings, WaveformSettings)
        columns = tuple(TableColumn(f"place {place + 1}", "numeric") for place in range(WAVE_VALUES))
        train, test = (
            self._draw(columns, count, generator(self.key, settings.rows_seed, part))
            for part, count in (("train", settings.count), ("test", WAVE_TEST))
        )
        return decoded_table(train, test)

    def _draw(self, columns: tuple[TableColumn, ...], count: int, draw: torch.Generator) -> TableRows:
        labels = torch.arange(count) % len(self.classes)
        return table_rows(columns, list(waves(labels, draw).double().numpy().T), labels.numpy(), self.classes)


def waves(labels: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Rows of Breiman's waveforms, (N, 21) float32, one for each of ``labels``, (N,) int64 from 0 to 2."""
    places = torch.arange(1, WAVE_VALUES + 1)
    peaks = torch.tensor([11, 15, 7])  # of the three waves, 6 high and falling by 1 a place
    heights = (6.0 - (places - peaks[:, None]).abs()).clamp(min=0)
    mixed = torch.tensor([[0, 1], [0, 2], [1, 2]])[labels]
    share = torch.rand(len(labels), 1, generator=draw)
    clean = share * heights[mixed[:, 0]] + (1 - share) * heights[mixed[:, 1]]
    return clean + torch.randn(clean.shape, generator=draw)


catalog.register(
    "dataset",
    ShippedTable(
        "breast_cancer",
        "Breast cancer (cell nuclei)",
        "569 rows, 30 measurements of cell nuclei; benign or malignant.",
        "W. H. Wolberg, O. L. Mangasarian, W. N. Street, UCI Machine Learning Repository 1995 (CC BY 4.0), "
        "as shipped by scikit-learn.",
        (569, 30, 2),
        ("malignant", "benign"),
    ),
)
catalog.register(
    "dataset",
    ShippedTable(
        "wine",
        "Wine",
        "178 rows, 13 chemical measurements of wines of three growers.",
        "S. Aeberhard, M. Forina, UCI Machine Learning Repository 1991 (CC BY 4.0), as shipped by scikit-learn.",
        (178, 13, 3),
        ("first grower", "second grower", "third grower"),
    ),
)
catalog.register(
    "dataset",
    ShippedTable(
        "iris",
        "Iris",
        "150 flowers, 4 measurements each; three species, two of which overlap.",
        "R. A. Fisher, Annals of Eugenics 1936 (CC BY 4.0), as shipped by scikit-learn.",
        (150, 4, 3),
        ("setosa", "versicolor", "virginica"),
    ),
)
catalog.register("dataset", Waveform())
