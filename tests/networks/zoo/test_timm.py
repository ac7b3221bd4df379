"""timm's models as networks, where it is installed; words that say what to install where it is not."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.insight.network_and_data_info import network_info
from studio.networks.base import Input, Network
from studio.networks.build import build_network, outline_network
from studio.networks.files import load_network, save_network
from studio.networks.start import refuse_start
from studio.networks.zoo import timm_family

installed = pytest.mark.skipif(importlib.util.find_spec("timm") is None, reason="timm is not installed")


def test_without_it_a_name_is_let_pass_and_building_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setitem(sys.modules, "timm", None)
    timm_family._names.cache_clear()
    try:
        family = catalog.find("network", "timm:resnet18")
        assert family.searched() == ()
        with pytest.raises(StudioError, match=r"pip install 'distillation-studio\[models\]'"):
            family.build("timm:resnet18", (3, 32, 32), 10)
    finally:
        timm_family._names.cache_clear()


@installed
def test_all_names_are_known_without_importing_it() -> None:
    code = (
        "import sys; from studio import catalog; from studio.data.vision import torchvision; "
        "names = catalog.find('network', 'timm:resnet18').searched(); print('timm' in sys.modules); "
        "torchvision(); import timm; print(set(names) == {'timm:' + name for name in timm.list_models()})"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert (told[0], told[-1]) == ("False", "True")


@installed
@pytest.mark.parametrize(
    ("name", "parameters", "ends"),
    [
        ("resnet18", 11_181_642, [(64, 16), (64, 8), (128, 4), (256, 2), (512, 1)]),
        ("vit_tiny_patch16_224", 5_489_482, [(192, 2)] * 4),
        ("swin_tiny_patch4_window7_224", 27_506_020, [(96, 8), (192, 4), (384, 2), (768, 1)]),
    ],
)
def test_its_own_stages_become_taps(name: str, parameters: int, ends: list[tuple[int, int]]) -> None:
    facts = network_info(f"timm:{name}", (3, 32, 32), 10)
    assert facts.parameters == parameters
    assert [(tap.channels, tap.height) for tap in facts.taps] == ends


@installed
def test_a_file_of_it_is_read_back_bit_for_bit(tmp_path: Path) -> None:
    source = Input((3, 32, 32), (0.4,) * 3, (0.2,) * 3)
    net = build_network("timm:vit_tiny_patch16_224", source, tuple("abc"), 0).eval()
    assert {net.part_of(name) for name, _ in net.named_parameters()} == set(net.anatomy.parts)
    # stages that train some parts only ask for the layers of each, those without weights too
    layers = {module for part in net.anatomy.parts for module in net.part_modules(part)}
    assert layers == {module for name, module in net.body.named_modules() if name and not any(module.children())}
    save_network(net, tmp_path / "net.safetensors")
    again = load_network(tmp_path / "net.safetensors").eval()
    x = torch.rand(2, 3, 32, 32)
    assert torch.equal(net(x), again(x))


@installed
def test_what_answers_twice_is_refused_in_words() -> None:
    with pytest.raises(StudioError, match="no single classifier"):
        network_info("timm:deit_tiny_distilled_patch16_224", (3, 32, 32), 10)


@installed
def test_published_weights_of_it_cannot_be_checked() -> None:
    weights = catalog.find("network", "timm:resnet18").published("timm:resnet18")
    assert weights.digest == ""
    assert weights.addresses[0].startswith("https://huggingface.co/timm/resnet18.")
    assert len(weights.classes) == 1000


@installed
def test_a_student_of_it_begins_with_published_weights_where_their_layers_do_not_go_by_the_size_of_pictures() -> None:
    def outline(name: str, side: int) -> Network:
        return outline_network(f"timm:{name}", (3, side, side), ("a", "b"))

    assert refuse_start(outline("resnet18", 32), outline("resnet18", 224))
    vit = "vit_tiny_patch16_224"
    with pytest.raises(StudioError, match=r"these layers differ: net\.pos_embed"):
        refuse_start(outline(vit, 32), outline(vit, 224))
    assert refuse_start(outline(vit, 224), outline(vit, 224))
