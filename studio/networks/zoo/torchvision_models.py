"""The classification models of torchvision by name: how many parameters they have, and which pictures they read.

Plain values, so that all can be listed and searched without importing torchvision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ZooModel:
    """What is known of a published model without building it.

    Attributes:
        parameters: for colour pictures and 1,000 classes; 0 where it is not known.
        smallest: least height and width in pixels.
        multiple: what height and width must be divisible by.
    """

    parameters: int = 0
    smallest: int = 32
    multiple: int = 1


#: Small to large within an architecture.
MODELS: Mapping[str, ZooModel] = {
    "alexnet": ZooModel(61_100_840, smallest=63),
    "convnext_tiny": ZooModel(28_589_128),
    "convnext_small": ZooModel(50_223_688),
    "convnext_base": ZooModel(88_591_464),
    "convnext_large": ZooModel(197_767_336),
    "densenet121": ZooModel(7_978_856),
    "densenet161": ZooModel(28_681_000),
    "densenet169": ZooModel(14_149_480),
    "densenet201": ZooModel(20_013_928),
    "efficientnet_b0": ZooModel(5_288_548),
    "efficientnet_b1": ZooModel(7_794_184),
    "efficientnet_b2": ZooModel(9_109_994),
    "efficientnet_b3": ZooModel(12_233_232),
    "efficientnet_b4": ZooModel(19_341_616),
    "efficientnet_b5": ZooModel(30_389_784),
    "efficientnet_b6": ZooModel(43_040_704),
    "efficientnet_b7": ZooModel(66_347_960),
    "efficientnet_v2_s": ZooModel(21_458_488),
    "efficientnet_v2_m": ZooModel(54_139_356),
    "efficientnet_v2_l": ZooModel(118_515_272),
    "googlenet": ZooModel(6_624_904),
    "inception_v3": ZooModel(23_834_568, smallest=75),
    "maxvit_t": ZooModel(30_919_624, smallest=224, multiple=224),
    "mnasnet0_5": ZooModel(2_218_512),
    "mnasnet0_75": ZooModel(3_170_208),
    "mnasnet1_0": ZooModel(4_383_312),
    "mnasnet1_3": ZooModel(6_282_256),
    "mobilenet_v2": ZooModel(3_504_872),
    "mobilenet_v3_small": ZooModel(2_542_856),
    "mobilenet_v3_large": ZooModel(5_483_032),
    "regnet_x_400mf": ZooModel(5_495_976),
    "regnet_x_800mf": ZooModel(7_259_656),
    "regnet_x_1_6gf": ZooModel(9_190_136),
    "regnet_x_3_2gf": ZooModel(15_296_552),
    "regnet_x_8gf": ZooModel(39_572_648),
    "regnet_x_16gf": ZooModel(54_278_536),
    "regnet_x_32gf": ZooModel(107_811_560),
    "regnet_y_400mf": ZooModel(4_344_144),
    "regnet_y_800mf": ZooModel(6_432_512),
    "regnet_y_1_6gf": ZooModel(11_202_430),
    "regnet_y_3_2gf": ZooModel(19_436_338),
    "regnet_y_8gf": ZooModel(39_381_472),
    "regnet_y_16gf": ZooModel(83_590_140),
    "regnet_y_32gf": ZooModel(145_046_770),
    "regnet_y_128gf": ZooModel(644_812_894),
    "resnet18": ZooModel(11_689_512),
    "resnet34": ZooModel(21_797_672),
    "resnet50": ZooModel(25_557_032),
    "resnet101": ZooModel(44_549_160),
    "resnet152": ZooModel(60_192_808),
    "resnext50_32x4d": ZooModel(25_028_904),
    "resnext101_32x8d": ZooModel(88_791_336),
    "resnext101_64x4d": ZooModel(83_455_272),
    "shufflenet_v2_x0_5": ZooModel(1_366_792),
    "shufflenet_v2_x1_0": ZooModel(2_278_604),
    "shufflenet_v2_x1_5": ZooModel(3_503_624),
    "shufflenet_v2_x2_0": ZooModel(7_393_996),
    "squeezenet1_0": ZooModel(1_248_424),
    "squeezenet1_1": ZooModel(1_235_496),
    "swin_t": ZooModel(28_288_354),
    "swin_s": ZooModel(49_606_258),
    "swin_b": ZooModel(87_768_224),
    "swin_v2_t": ZooModel(28_351_570),
    "swin_v2_s": ZooModel(49_737_442),
    "swin_v2_b": ZooModel(87_930_848),
    "vgg11": ZooModel(132_863_336),
    "vgg11_bn": ZooModel(132_868_840),
    "vgg13": ZooModel(133_047_848),
    "vgg13_bn": ZooModel(133_053_736),
    "vgg16": ZooModel(138_357_544),
    "vgg16_bn": ZooModel(138_365_992),
    "vgg19": ZooModel(143_667_240),
    "vgg19_bn": ZooModel(143_678_248),
    "vit_b_16": ZooModel(86_567_656, multiple=16),
    "vit_b_32": ZooModel(88_224_232, smallest=64, multiple=32),
    "vit_l_16": ZooModel(304_326_632, multiple=16),
    "vit_l_32": ZooModel(306_535_400, smallest=64, multiple=32),
    "vit_h_14": ZooModel(632_045_800, smallest=28, multiple=14),
    "wide_resnet50_2": ZooModel(68_883_240),
    "wide_resnet101_2": ZooModel(126_886_696),
}
