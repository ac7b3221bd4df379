"""Models that were read for a question and are kept for the next, as many as there is room for."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from studio.core.errors import StudioError, os_reason
from studio.models.base import Model
from studio.models.files import load_model
from studio.networks.network_model import NetworkModel
from studio.networks.zoo.staged_body import read_grey

#: Bytes of their files together, and how many are kept however large they are: those asked side by side.
MOST_BYTES, LEAST = 32 * 2**20, 3
#: However small they are: in memory a small network is ten times what its file is.
MOST = 8


class LoadedModels:
    """Reads models when they are first asked for; those asked last are kept. For one thread.

    Args:
        most: bytes of files whose models are kept.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[Path, int, int, int], Model] = OrderedDict()

    def model(self, file: Path, shape: tuple[int, ...] = ()) -> Model:
        """The model in ``file`` as it is now, as it teaches data of this shape. Nothing of the file is executed.

        Raises:
            StudioError: it is missing, broken or foreign.
        """
        try:
            state = file.stat()
        except OSError as error:
            raise StudioError(
                "The network in {path} cannot be asked.", "{reason}.", path=file, reason=os_reason(error)
            ) from error
        # one that reads grey as colours is another than that which reads colours: both may be asked in turn
        key = (file, state.st_mtime_ns, state.st_size, shape[0] if shape else 0)
        model = self._kept.pop(key, None)
        if model is None:
            model = load_model(file)
            if isinstance(model, NetworkModel):
                read_grey(model.network, shape)
        self._kept[key] = model
        while len(self._kept) > MOST or (len(self._kept) > LEAST and self.bytes > self._most):
            self._kept.popitem(last=False)
        return model

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """Of the files whose models are kept."""
        return sum(size for _, _, size, _ in self._kept)
