"""The catalogue: everything is found by its key, and a wrong key is answered with the nearest right one."""

from __future__ import annotations

import pytest

from studio import catalog
from studio.core.errors import StudioError


@pytest.mark.parametrize("kind", catalog.KINDS)
def test_every_listed_key_is_found_and_described(kind: catalog.Kind) -> None:
    for key in catalog.keys(kind):
        entry = catalog.find(kind, key)
        assert entry.matches(key)
        assert entry.title
        assert entry.words.endswith(".")


def test_keys_are_unique() -> None:
    for kind in catalog.KINDS:
        keys = catalog.keys(kind)
        assert len(keys) == len(set(keys))


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(StudioError, match=r"wrn-16-2"):
        catalog.find("network", "wrn_16_2")


def test_what_the_first_release_promises_is_there() -> None:
    assert {
        "digits",
        "shapes",
        "moons",
        "spirals",
        "rings",
        "mnist",
        "fashion_mnist",
        "cifar10",
        "cifar100",
        "images",
    } <= set(catalog.keys("dataset"))
    assert {"none", "logits", "kd", "fitnet", "at", "ab"} <= set(catalog.keys("method"))
    for key in ("mlp-800-800", "cnn-16", "resnet-20", "wrn-16-2"):
        assert catalog.find("network", key)
