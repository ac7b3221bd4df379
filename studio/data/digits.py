"""The 1,797 handwritten digits that come with scikit-learn: on board, and learnt in seconds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.data.base import DataSource, Decoded, Examples, ProgressListener, SourceSettings
from studio.data.bitmap_digit import block_counts
from studio.data.cache import CacheEntry, fingerprint
from studio.data.decoded import load_decoded, save_decoded
from studio.data.own_picture import as_bytes, ink_of

if TYPE_CHECKING:
    from pathlib import Path

#: Grey levels are counts of dark pixels in 4 x 4 blocks: 0 to 16.
LEVELS = 16


#: Which digits are learnt, by the words that choose them.
KINDS: dict[str, range] = {"all": range(10), "0 to 4": range(5), "5 to 9": range(5, 10)}


class DigitSettings(SourceSettings):
    """Which digits are learnt."""

    digits: Literal["all", "0 to 4", "5 to 9"] = setting(
        "all",
        description="Which digits there are to learn; a teacher may know others than its student",
        level="expert",
        label="Digits",
    )


class Digits(DataSource):
    """8 x 8 grey pictures of 0 to 9, without a test part of their own."""

    key = "digits"
    title = "Digits"
    words = "Small handwritten digits. They come with the program and train in seconds."
    shape = (1, 8, 8)
    class_count = 10
    train_count = 1797
    Settings = DigitSettings
    origin = "E. Alpaydin, C. Kaynak, UCI Machine Learning Repository 1998 (CC BY 4.0), as shipped by scikit-learn."

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """The digits as training examples. All are kept, because scikit-learn takes a second to import."""
        assert isinstance(settings, DigitSettings)
        return _chosen(self._all(cache, progress), KINDS[settings.digits])

    def prepare_own(self, settings: SourceSettings, picture: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """A digit drawn in any size, dark or light, as those of the data were prepared."""
        del settings, shape
        return as_bytes(block_counts(ink_of(picture)))

    def _all(self, cache: Path, progress: ProgressListener) -> Decoded:
        entry = CacheEntry(cache, self.key, fingerprint(levels=LEVELS))
        if (kept := load_decoded(entry)) is not None:
            return kept
        progress(Text("Loading the digits"), None)
        from sklearn.datasets import load_digits

        bunch = load_digits()
        grey = np.rint(bunch.images * (255 / LEVELS)).astype(np.uint8)
        inputs = torch.from_numpy(grey).unsqueeze(1)
        labels = torch.from_numpy(bunch.target.astype(np.int64))
        return save_decoded(entry, Decoded("pictures", tuple("0123456789"), Examples(inputs, labels), None))


def _chosen(decoded: Decoded, digits: range) -> Decoded:
    """Some of the digits, with labels from 0."""
    if len(digits) == len(decoded.classes):
        return decoded
    labels = decoded.train.labels
    chosen = decoded.train.take(torch.nonzero((labels >= digits.start) & (labels < digits.stop)).flatten())
    train = replace(chosen, labels=chosen.labels - digits.start)
    return replace(decoded, classes=tuple(decoded.classes[digit] for digit in digits), train=train, content="")


catalog.register("dataset", Digits())
