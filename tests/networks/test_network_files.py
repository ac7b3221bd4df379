"""Network files: what was saved comes back bit-equal, and what is broken or foreign is refused in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from studio.core import limits
from studio.core.errors import StudioError
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.files import load_network, save_network

POINTS = Input((2,), (0.5, -0.25), (1.5, 2.0))
PICTURES = Input((3, 8, 8), (0.491, 0.482, 0.447), (0.247, 0.243, 0.262))


def network(key: str = "cnn-4") -> Network:
    net = build_network(key, POINTS if key.startswith("mlp") else PICTURES, ("cat", "Hund {x}", "鸟"), 3)
    net.train()(torch.rand(4, *net.source.shape))  # batch norms that have seen something
    return net


@pytest.mark.parametrize(
    "key", ["mlp-8-4", "cnn-4", "resnet-8", "wrn-10-1", "vgg-16-fc-0.1", "resnet-11b", "densenet-bc-16-4"]
)
def test_what_was_saved_comes_back_bit_equal(key: str, tmp_path: Path) -> None:
    net = network(key).to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch takes it, its stubs do not know
    save_network(net, tmp_path / "net.safetensors", {"run": "r1"})
    back = load_network(tmp_path / "net.safetensors")
    assert (back.key, back.classes, back.source) == (net.key, net.classes, net.source)
    state = back.state_dict()
    assert all(torch.equal(tensor, state[name]) for name, tensor in net.state_dict().items())
    x = torch.rand(2, *net.source.shape)
    assert torch.equal(back.eval()(x), net.to(memory_format=torch.contiguous_format).eval()(x))
    assert all(parameter.requires_grad for parameter in back.parameters())


def test_no_other_file_is_left_and_an_old_one_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(b"old")
    save_network(network(), path)
    assert [file.name for file in tmp_path.iterdir()] == ["net.safetensors"]
    load_network(path)


def test_a_loaded_network_does_not_hang_on_its_file(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_network(network(), path)
    back = load_network(path)
    before = back.state_dict()["body.fc.weight"].clone()
    path.write_bytes(b"\0" * path.stat().st_size)
    assert torch.equal(back.state_dict()["body.fc.weight"], before)


def test_loading_leaves_the_global_generator_alone(tmp_path: Path) -> None:
    save_network(network(), tmp_path / "net.safetensors")
    before = torch.random.get_rng_state()
    load_network(tmp_path / "net.safetensors")
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="could not be saved"):
        save_network(network(), tmp_path / "nowhere" / "net.safetensors")


def test_a_full_disk_leaves_the_old_file_intact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.safetensors"
    save_network(network(), path)
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StudioError, match="disk is full"):
        save_network(network("wrn-10-1"), path)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def tampered(path: Path, change: Callable[[dict[str, torch.Tensor], dict[str, str]], None]) -> Path:
    """A file that ``change`` has meddled with."""
    save_network(network(), path)
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
        metadata = dict(file.metadata())
    change(tensors, metadata)
    save_file(tensors, path, metadata)
    return path


CHANGES: dict[str, tuple[Callable[[dict[str, torch.Tensor], dict[str, str]], object], str]] = {
    "foreign": (lambda t, m: m.clear(), "does not say which network"),
    "newer": (lambda t, m: m.update(format="distillation-studio-network/2"), "newer version"),
    "unknown network": (lambda t, m: m.update(key="transformer-9000"), "no network called"),
    "other network": (lambda t, m: m.update(key="cnn-8"), "does not fit"),
    "other family": (lambda t, m: m.update(key="wrn-10-1"), "not those of"),
    "huge claim": (lambda t, m: m.update(key="mlp-99999-99999-99999"), "not those of"),
    "no key": (lambda t, m: m.pop("key"), "not complete"),
    "no json": (lambda t, m: m.update(classes="[1,"), "not complete"),
    "deep json": (lambda t, m: m.update(classes="[" * 100_000), "not complete"),
    "wrong classes": (lambda t, m: m.update(classes='{"a": 1}'), "class names"),
    "more classes": (lambda t, m: m.update(classes=json.dumps(list("abcde"))), "does not fit"),
    "wrong shape": (lambda t, m: m.update(shape="[3, -8, 8]"), "input size"),
    "huge shape": (lambda t, m: m.update(shape="[3, 1000000, 1000000]"), "input size"),
    "tiny pictures": (lambda t, m: m.update(shape="[3, 2, 2]"), "cannot read"),
    "wrong mean": (lambda t, m: m.update(mean="[NaN, 0.0, 0.0]"), "normalisation"),
    "zero std": (lambda t, m: m.update(std="[0.0, 1.0, 1.0]"), "normalisation"),
    "missing tensor": (lambda t, m: t.pop("body.fc.bias"), "not those of"),
    "strange tensor": (lambda t, m: t.update(extra=torch.zeros(1)), "not those of"),
    "wrong type": (lambda t, m: t.update({"body.fc.bias": torch.zeros(3, dtype=torch.float64)}), "does not fit"),
    "not a number": (lambda t, m: t["body.fc.bias"].fill_(float("nan")), "not all numbers"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_does_not_fit_is_refused_with_the_reason(name: str, tmp_path: Path) -> None:
    change, reason = CHANGES[name]
    path = tampered(tmp_path / "net.safetensors", lambda tensors, metadata: (change(tensors, metadata), None)[1])
    with pytest.raises(StudioError, match=reason) as refusal:
        load_network(path)
    assert str(path) in str(refusal.value)
    assert refusal.value.remedy


@pytest.mark.parametrize("keep", [0, 1, 8, 200, -1])
def test_cut_files_are_refused(keep: int, tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_network(network(), path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(StudioError, match="cannot be used"):
        load_network(path)


@pytest.mark.parametrize("content", [b"not tensors", b"\xff" * 64, b"PK\x03\x04" + b"\0" * 64])
def test_other_files_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "net.pt"
    path.write_bytes(content)
    with pytest.raises(StudioError, match="cannot be used"):
        load_network(path)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.safetensors", tmp_path):
        with pytest.raises(StudioError, match="no such file"):
            load_network(path)


def test_too_large_files_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_network(network(), tmp_path / "net.safetensors")
    monkeypatch.setattr(limits, "NETWORK_BYTES", 100)
    with pytest.raises(StudioError, match="at most"):
        load_network(tmp_path / "net.safetensors")


def with_header(header: bytes, tensors: bytes = b"") -> bytes:
    return len(header).to_bytes(8, "little") + header + tensors


HEADERS: dict[str, tuple[bytes, str]] = {
    "long": (b"{" + b" " * limits.NETWORK_HEADER + b"}", "not a complete safetensors file"),
    "of many tensors": (
        json.dumps({str(i): {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for i in range(25_000)}).encode(),
        "does not say which network",
    ),
    "deep": (b'{"a":' * 1000, "not a complete safetensors file"),
    "no table": (b"[]", "not a complete safetensors file"),
    "of no words": (b'{"__metadata__": {"format": 3}}', "not a complete safetensors file"),
    "of no table of words": (b'{"__metadata__": "distillation-studio-network/1"}', "not a complete safetensors file"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_made_to_take_long_is_refused_before_the_file_is_opened(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, reason = HEADERS[name]
    path = tmp_path / "net.safetensors"
    path.write_bytes(with_header(header))
    opened: list[object] = []
    monkeypatch.setattr("studio.networks.files.safe_open", lambda *args, **_options: opened.append(args))
    with pytest.raises(StudioError, match=reason):
        load_network(path)
    assert opened == []


def test_a_header_that_claims_more_tensors_than_its_network_has_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tampered(tmp_path / "net.safetensors", lambda tensors, _m: tensors.update(extra=torch.zeros(1)))
    opened: list[object] = []
    monkeypatch.setattr("studio.networks.files.safe_open", lambda *args, **_options: opened.append(args))
    with pytest.raises(StudioError, match="not those of"):
        load_network(path)
    assert opened == []


def test_a_long_key_is_not_looked_up(tmp_path: Path) -> None:
    path = tampered(tmp_path / "net.safetensors", lambda _t, metadata: metadata.update(key="cnn-" + "9" * 100_000))
    with pytest.raises(StudioError, match="It names no network") as refusal:
        load_network(path)
    assert len(str(refusal.value)) < 1000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "net.safetensors"
    os.mkfifo(pipe)
    with pytest.raises(StudioError, match="cannot be used"):
        load_network(pipe)


def test_equal_networks_are_equal_files(tmp_path: Path) -> None:
    """In one process and from one to the next: the order of metadata must not be that of a random hash."""
    code = (
        "import sys; from pathlib import Path; from studio.networks.base import Input; "
        "from studio.networks.build import build_network; from studio.networks.files import save_network; "
        "network = build_network('mlp-4', Input((2,), (0.0, 0.0), (1.0, 1.0)), ('é', 'b'), 3); "
        "[save_network(network, Path(sys.argv[1]) / f'{n}.safetensors', {'run': 'a', 'more': 'b'}) for n in range(3)]"
    )
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        subprocess.run([sys.executable, "-c", code, str(folder)], check=True, timeout=120)
    written = {file.read_bytes() for folder in folders for file in folder.iterdir()}
    assert len(written) == 1
    assert load_network(folders[0] / "0.safetensors").classes == ("é", "b")
