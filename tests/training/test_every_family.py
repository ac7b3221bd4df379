"""A member of every family of networks trains, is killed and goes on bit for bit, and its file answers as it does."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio import catalog
from studio.events import Event
from studio.networks import measure
from studio.networks.files import load_network
from studio.training import checkpointer
from tests.training.small_runs import Run, small

#: The smallest of every family, and of those that behave otherwise while they train.
ON_DIGITS = [
    *("mlp-9-dropout", "cnn-4", "shallow-4c-1k-dropout", "convnet-4c-s-3lc-9fc", "nin-thin", "fitnet-1"),
    *("vgg-16-0.1", "resnet-8a", "resnet-8x2", "resnet-11b", "wrn-10-1", "pyramidnet-8-12", "pyramidnet-11b-12"),
    *("resnext-1", "densenet-bc-16-4", "mobilenet-v1-0.25", "mobilenet-v2-0.25", "svd-mobilenet-1"),
    *("shufflenet-v1-0.5", "shufflenet-v2-0.5", "mean-logits(cnn-4+resnet-8)"),
]
#: Those that need larger pictures, for which a step is tried with the other networks: see tests/networks/test_deck_networks.py.
LARGE = {"maxout", "svd-vgg"}


class Killed(BaseException):
    """Stands for the process ending here and now."""


@pytest.mark.parametrize("key", ON_DIGITS)
def test_it_trains_goes_on_and_is_kept(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setattr(checkpointer, "LEAST", 0.0)
    monkeypatch.setattr(checkpointer, "MOST", 0.0)
    monkeypatch.setattr(measure, "_PASSES", 1)  # how fast it is, is not asked here
    data = {"key": "digits", "per_class": 1}
    # so small a step that networks without batch norm take it as well
    training = {"epochs": 2, "batch_size": 5, "optimizer": {"key": "sgd", "lr": 1e-3}}
    experiment = small("none", dataset=data, student={"key": key}, training=training)

    def kill(event: Event) -> None:
        if event.kind == "checkpoint" and event.step == 1:
            raise Killed

    run(experiment, folder=tmp_path / "whole")
    with pytest.raises(Killed):
        run(experiment, folder=tmp_path / "killed", listen=kill)
    run(experiment, folder=tmp_path / "killed", resume=True)
    whole, resumed = (load_network(tmp_path / name / "student.safetensors") for name in ("whole", "killed"))
    assert all(torch.equal(one, resumed.state_dict()[name]) for name, one in whole.state_dict().items())
    assert torch.isfinite(whole.eval()(torch.rand(2, *whole.source.shape))).all()


def test_no_family_of_the_catalogue_is_left_out() -> None:
    tried = {catalog.find("network", key).key for key in ON_DIGITS}
    listed = {
        entry.key
        for entry in catalog.entries("network")
        if entry.members() and not entry.made_from_teacher and type(entry).__module__.count(".") == 2
    }
    assert tried | LARGE >= listed
