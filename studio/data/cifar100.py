"""CIFAR-100: as CIFAR-10, with a hundred classes of 600 pictures."""

from __future__ import annotations

from studio import catalog
from studio.data.cifar10 import Cifar10

#: The superclasses, five classes each (Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009).
SUPERCLASSES = {
    "aquatic mammals": ("beaver", "dolphin", "otter", "seal", "whale"),
    "fish": ("aquarium_fish", "flatfish", "ray", "shark", "trout"),
    "flowers": ("orchid", "poppy", "rose", "sunflower", "tulip"),
    "food containers": ("bottle", "bowl", "can", "cup", "plate"),
    "fruit and vegetables": ("apple", "mushroom", "orange", "pear", "sweet_pepper"),
    "household electrical devices": ("clock", "keyboard", "lamp", "telephone", "television"),
    "household furniture": ("bed", "chair", "couch", "table", "wardrobe"),
    "insects": ("bee", "beetle", "butterfly", "caterpillar", "cockroach"),
    "large carnivores": ("bear", "leopard", "lion", "tiger", "wolf"),
    "large man-made outdoor things": ("bridge", "castle", "house", "road", "skyscraper"),
    "large natural outdoor scenes": ("cloud", "forest", "mountain", "plain", "sea"),
    "large omnivores and herbivores": ("camel", "cattle", "chimpanzee", "elephant", "kangaroo"),
    "medium mammals": ("fox", "porcupine", "possum", "raccoon", "skunk"),
    "non-insect invertebrates": ("crab", "lobster", "snail", "spider", "worm"),
    "people": ("baby", "boy", "girl", "man", "woman"),
    "reptiles": ("crocodile", "dinosaur", "lizard", "snake", "turtle"),
    "small mammals": ("hamster", "mouse", "rabbit", "shrew", "squirrel"),
    "trees": ("maple_tree", "oak_tree", "palm_tree", "pine_tree", "willow_tree"),
    "vehicles": ("bicycle", "bus", "motorcycle", "pickup_truck", "train"),
    "other vehicles": ("lawn_mower", "rocket", "streetcar", "tank", "tractor"),
}


class Cifar100(Cifar10):
    """32 x 32 colour pictures of a hundred classes."""

    key = "cifar100"
    title = "CIFAR-100"
    words = "60,000 small colour photographs of a hundred kinds of things: few pictures of each, and hard."
    class_count = 100
    published = "CIFAR100"
    batches = "cifar-100-python"
    archive = "cifar-100-python.tar.gz"
    megabytes = 169
    class_groups = SUPERCLASSES


catalog.register("dataset", Cifar100())
