"""Where the stages of torchvision's models end: which modules belong to each, and where its taps are (METHODS 0.1).

The names are those of the modules in torchvision's published models.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torch import nn

from studio.networks.base import Anatomy, Point
from studio.networks.token_map import TokenMap
from studio.networks.zoo.staged_body import ZooStage, anatomy_of_stages

#: Groups of a network whose blocks all work on maps of one size.
_QUARTERS = 4


def stages_of(model: nn.Module, size: tuple[int, int]) -> Anatomy:
    """The parts and taps of a model, by the kind of model it is.

    Args:
        model: of torchvision, for classification.
        size: height and width of its pictures.

    Raises:
        KeyError: its kind is not known.
    """
    return _BY_KIND[type(model).__name__](model, size)


def _resnet(model: Any, _size: tuple[int, int]) -> Anatomy:
    stages = [ZooStage(("conv1", "bn1", "relu", "maxpool"), Point("relu"), Point("bn1"), "bn1")]
    for number in (1, 2, 3, 4):
        layer = f"layer{number}"
        last = f"{layer}.{len(getattr(model, layer)) - 1}"
        depth = 3 if hasattr(model.get_submodule(last), "conv3") else 2
        # one ReLU serves a block at every place; its last call is on the sum
        pre = Point(f"{last}.relu", "in", call=depth - 1)
        stages.append(ZooStage((layer,), Point(layer), pre, f"{last}.bn{depth}"))
    return anatomy_of_stages([*stages, ZooStage(("avgpool", "fc"))], "fc")


def _plain(model: Any, _size: tuple[int, int]) -> Anatomy:
    """VGG and AlexNet: a stage ends at the ReLU before a pooling."""
    layers = list(model.features)
    stages, members = [], []
    for index in range(len(layers)):
        members.append(f"features.{index}")
        if index + 1 < len(layers) and isinstance(layers[index + 1], nn.MaxPool2d):
            made_by = f"features.{index - 1}"
            norm = made_by if isinstance(layers[index - 1], nn.BatchNorm2d) else None
            stages.append(ZooStage(tuple(members), Point(f"features.{index}"), Point(made_by), norm))
            members = []
    head = f"classifier.{len(model.classifier) - 1}"
    return anatomy_of_stages([*stages, ZooStage((*members, "avgpool", "classifier"))], head, stem=False)


def _squeezenet(model: Any, _size: tuple[int, int]) -> Anatomy:
    """A stage ends before a pooling, and at the end; its two halves were activated apart."""
    layers = list(model.features)
    stages = [ZooStage(("features.0", "features.1"), Point("features.1"), Point("features.0"))]
    members: list[str] = []
    for index in range(2, len(layers)):
        members.append(f"features.{index}")
        if index + 1 == len(layers) or isinstance(layers[index + 1], nn.MaxPool2d):
            stages.append(ZooStage(tuple(members), Point(members[-1])))
            members = []
    return anatomy_of_stages([*stages, ZooStage(("classifier",))], "classifier.1")


def _densenet(_model: nn.Module, _size: tuple[int, int]) -> Anatomy:
    """A block hands on raw values: the batch norm behind it finishes its group, as of networks made of blocks."""
    f = "features."
    stem = tuple(f + name for name in ("conv0", "norm0", "relu0", "pool0"))
    stages = [ZooStage(stem, Point(f + "relu0"), Point(f + "norm0"), f + "norm0")]
    for number in (1, 2, 3):
        block, norm = f"{f}denseblock{number}", f"{f}transition{number}.norm"
        below = (f"{f}transition{number - 1}",) if number > 1 else ()
        stages.append(ZooStage((*below, block, norm), Point(block), Point(norm), norm))
    last, norm = f + "denseblock4", f + "norm5"
    # its ReLU writes into what the last batch norm gives
    pre = Point(norm, overwritten=True)
    stages.append(ZooStage((f + "transition3", last, norm), Point(last), pre, norm))
    return anatomy_of_stages([*stages, ZooStage(("classifier",))], "classifier")


def _inception(groups: Sequence[Sequence[str]], stem: Sequence[str]) -> Callable[[nn.Module, tuple[int, int]], Anatomy]:
    """GoogLeNet and Inception: a stage ends in branches side by side, each activated for itself."""

    def stages_of_it(_model: nn.Module, _size: tuple[int, int]) -> Anatomy:
        stages = [ZooStage(tuple(members), Point(members[-1])) for members in (stem, *groups)]
        return anatomy_of_stages([*stages, ZooStage(("avgpool", "dropout", "fc"))], "fc")

    return stages_of_it


def _shufflenet(_model: nn.Module, _size: tuple[int, int]) -> Anatomy:
    """Stages end in shuffled channels, half of them activated just before; the last in an ordinary convolution."""
    stages = [ZooStage(("conv1", "maxpool"), Point("conv1"), Point("conv1.1"), "conv1.1")]
    stages += [ZooStage((name,), Point(name)) for name in ("stage2", "stage3")]
    stages.append(ZooStage(("stage4", "conv5"), Point("conv5"), Point("conv5.1"), "conv5.1"))
    return anatomy_of_stages([*stages, ZooStage(("fc",))], "fc")


def _mnasnet(_model: nn.Module, _size: tuple[int, int]) -> Anatomy:
    """Layers 0 to 2 are the stem, 8 to 13 hold the blocks, 14 to 16 the last convolution."""
    stages = [ZooStage(_layers(0, 2), Point("layers.2"), Point("layers.1"), "layers.1")]
    for first, last in ((3, 7), (8, 8), (9, 9), (10, 11)):
        stages.append(ZooStage(_layers(first, last), Point(f"layers.{last}")))
    stages.append(ZooStage(_layers(12, 16), Point("layers.16"), Point("layers.15"), "layers.15"))
    return anatomy_of_stages([*stages, ZooStage(("classifier",))], "classifier.1")


def _layers(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"layers.{index}" for index in range(first, last + 1))


def _features(model: Any, _size: tuple[int, int]) -> Anatomy:
    """MobileNet, EfficientNet and ConvNeXt: one sequence; a stage ends before what makes the map smaller, and at the end."""
    layers = list(model.features)
    stages, members = [], []
    for index, layer in enumerate(layers):
        members.append(f"features.{index}")
        if index == 0 or index + 1 == len(layers) or _shrinks(layers[index + 1]):
            stages.append(_stage_ending(tuple(members), members[-1], layer))
            members = []
    head = f"classifier.{len(model.classifier) - 1}"
    return anatomy_of_stages([*stages, ZooStage(("avgpool", "classifier"))], head)


def _shrinks(module: nn.Module) -> bool:
    return any(isinstance(each, nn.Conv2d) and max(each.stride) > 1 for each in module.modules())


def _stage_ending(modules: tuple[str, ...], name: str, last: nn.Module) -> ZooStage:
    """A stage whose last module is ``last``: convolution, batch norm and ReLU, or something that ends in no ReLU."""
    inside = [type(each) for each in last.children()]
    if inside[1:2] == [nn.BatchNorm2d] and inside[2:] and issubclass(inside[2], nn.ReLU | nn.ReLU6):
        return ZooStage(modules, Point(name), Point(f"{name}.1"), f"{name}.1")
    return ZooStage(modules, Point(name))


def _regnet(model: Any, _size: tuple[int, int]) -> Anatomy:
    stages = [ZooStage(("stem",), Point("stem"), Point("stem.1"), "stem.1")]
    for name, block in model.trunk_output.named_children():
        place = f"trunk_output.{name}"
        last = f"{place}.{[*dict(block.named_children())][-1]}"
        stages.append(ZooStage((place,), Point(place), Point(f"{last}.activation", "in"), f"{last}.f.c.1"))
    return anatomy_of_stages([*stages, ZooStage(("avgpool", "fc"))], "fc")


def _maxvit(model: Any, _size: tuple[int, int]) -> Anatomy:
    places = [f"blocks.{index}" for index in range(len(model.blocks))]
    stages = [ZooStage((place,), Point(place)) for place in ("stem", *places)]
    return anatomy_of_stages([*stages, ZooStage(("classifier",))], "classifier.5")


def _swin(model: Any, _size: tuple[int, int]) -> Anatomy:
    """Maps with their channels last; a merging of patches begins every stage but the first."""
    last = TokenMap()
    stages = [ZooStage(("features.0",), Point("features.0", tokens=last))]
    for end in range(1, len(model.features), 2):
        merging = (f"features.{end - 1}",) if end > 1 else ()
        stages.append(ZooStage((*merging, f"features.{end}"), Point(f"features.{end}", tokens=last)))
    return anatomy_of_stages([*stages, ZooStage(("norm", "permute", "avgpool", "flatten", "head"))], "head")


def _vit(model: Any, size: tuple[int, int]) -> Anatomy:
    """A quarter of the layers is a group; the tokens of the picture are its map, the class token is left out."""
    tokens = TokenMap((size[0] // model.patch_size, size[1] // model.patch_size), first=1)
    stages = [ZooStage(("conv_proj", "class_token", "encoder.pos_embedding", "encoder.dropout"), Point("conv_proj"))]
    names = [f"encoder.layers.{name}" for name in dict(model.encoder.layers.named_children())]
    for number in range(_QUARTERS):
        begin, end = (round(len(names) * quarter / _QUARTERS) for quarter in (number, number + 1))
        stages.append(ZooStage(tuple(names[begin:end]), Point(names[end - 1], tokens=tokens)))
    return anatomy_of_stages([*stages, ZooStage(("encoder.ln", "heads"))], "heads.head")


_GOOGLENET = (
    ("maxpool2", "inception3a", "inception3b"),
    ("maxpool3", "inception4a", "inception4b", "inception4c", "inception4d", "inception4e"),
    ("maxpool4", "inception5a", "inception5b"),
)
_INCEPTION = (
    ("maxpool2", "Mixed_5b", "Mixed_5c", "Mixed_5d"),
    ("Mixed_6a", "Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"),
    ("Mixed_7a", "Mixed_7b", "Mixed_7c"),
)
_INCEPTION_STEM = ("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "maxpool1", "Conv2d_3b_1x1", "Conv2d_4a_3x3")

_BY_KIND: dict[str, Callable[[Any, tuple[int, int]], Anatomy]] = {
    "AlexNet": _plain,
    "ConvNeXt": _features,
    "DenseNet": _densenet,
    "EfficientNet": _features,
    "GoogLeNet": _inception(_GOOGLENET, ("conv1", "maxpool1", "conv2", "conv3")),
    "Inception3": _inception(_INCEPTION, _INCEPTION_STEM),
    "MNASNet": _mnasnet,
    "MaxVit": _maxvit,
    "MobileNetV2": _features,
    "MobileNetV3": _features,
    "RegNet": _regnet,
    "ResNet": _resnet,
    "ShuffleNetV2": _shufflenet,
    "SqueezeNet": _squeezenet,
    "SwinTransformer": _swin,
    "VGG": _plain,
    "VisionTransformer": _vit,
}
