"""``studio list networks --search``: what is not listed is found, measured where that is quick, and how it is spelt is told."""

from __future__ import annotations

from studio.cli.network_listing import networks, show_networks


def test_a_network_that_is_only_spelt_is_found_and_measured() -> None:
    (found,) = networks("wrn-22-3")
    assert found["key"] == "wrn-22-3"
    groups = 111_872 + 461_856 + 1_845_312  # of 48, 96 and 192 channels, three blocks each
    assert found["parameters"] == 432 + groups + 384 + 1_930
    assert found["macs"] > found["parameters"]


def test_all_words_must_occur_and_other_libraries_are_searched() -> None:
    keys = {each["key"] for each in networks("torchvision vit_l")}
    assert keys == {"torchvision:vit_l_16", "torchvision:vit_l_32"}
    assert networks("no such thing") == []


def test_of_many_the_published_sizes_are_told_without_building_them() -> None:
    found = {each["key"]: each for each in networks("torchvision photographs")}
    assert len(found) == 80
    assert found["torchvision:resnet18"]["parameters"] == 11_689_512
    assert found["torchvision:resnet18"]["macs"] is None
    assert "as published" in show_networks(list(found.values()))


def test_the_limits_of_every_family_and_the_way_to_the_others_are_told() -> None:
    told = show_networks(networks("wrn-16-2"))
    assert "wrn-16-2 is a depth of 6n + 4 layers from 10 to 9998" in told
    assert "80 of torchvision" in told
    assert "--search" in told
