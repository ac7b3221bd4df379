"""Fashion-MNIST: 70,000 pieces of clothing in the format of MNIST, and clearly harder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio import catalog
from studio.data.mnist import Mnist
from studio.data.own_picture import as_bytes, cut_out, fitted, ink_of, middle_of, placed

if TYPE_CHECKING:
    import numpy as np

    from studio.data.base import SourceSettings


class FashionMnist(Mnist):
    """28 x 28 grey pictures of clothing."""

    key = "fashion_mnist"
    title = "Fashion-MNIST"
    words = "70,000 small pictures of clothing: like MNIST, but harder."
    origin = "H. Xiao, K. Rasul, R. Vollgraf, Zalando Research 2017 (MIT)."
    classes = (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    )
    published = "FashionMNIST"
    megabytes = 31

    def prepare_own(self, settings: SourceSettings, picture: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """A piece of clothing on a plain ground, its longer side as long as the picture, half way between its ends.

        Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST", arXiv 1708.07747, section 2.
        """
        del settings
        drawn = fitted(cut_out(ink_of(picture)), shape[1])
        return as_bytes(placed(drawn, shape[1], middle_of(drawn)))


catalog.register("dataset", FashionMnist())
