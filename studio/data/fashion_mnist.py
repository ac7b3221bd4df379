"""Fashion-MNIST: 70,000 pieces of clothing in the format of MNIST, and clearly harder."""

from __future__ import annotations

from studio import catalog
from studio.data.mnist import Mnist


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


catalog.register("dataset", FashionMnist())
