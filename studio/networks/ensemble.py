"""Several trained networks as one: ``mean-probabilities(cnn-8+resnet-8)`` answers with the mean of what its members answer.

It is a network like others - it is measured, kept in one file, exported, and teaches - but for its inside: it has no groups
that could be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from studio import catalog
from studio.core.ensemble_keys import ENSEMBLE, Mean, ensemble_key, mean_of, member_keys
from studio.core.errors import StudioError
from studio.models.mean_answers import mean_logits
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, Input, Network, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body
from studio.networks.recast import RECAST
from studio.networks.table_input import read_encoding

#: The most members of one; each is built from what a file says of it.
MOST_MEMBERS = 64


class MeanAnswer(nn.Module):
    """Members' logits side by side, (B, N K), to the logits of their mean answer, (B, K)."""

    def __init__(self, members: int, mean: Mean) -> None:
        super().__init__()
        self.members = members
        self.mean: Mean = mean

    def forward(self, beside: Tensor) -> Tensor:
        logits = beside.reshape(len(beside), self.members, -1).transpose(0, 1)
        return mean_logits(logits, self.mean)


class Member(nn.Module):
    """One network of an ensemble: its own body behind its own input transform, its classes in the ensemble's order."""

    order: Tensor

    def __init__(self, network: Network, order: Sequence[int]) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("order", torch.tensor(order, dtype=torch.int64))

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.network(x)
        return logits.index_select(1, self.order)


class Members(nn.ModuleList):
    """Members one after the other on the same inputs, their logits side by side, (B, N K)."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([member(x) for member in self], dim=1)


def _body(members: Sequence[Member], mean: Mean, channels: int, classes: int) -> Body:
    """Two blocks: the members, and the mean of their answers."""
    beside = len(members) * classes
    return Body(
        (
            Block(name="members", kind="members", group="members", below=channels, width=beside),
            Block(name="head", kind="mean", group="members", below=beside, width=classes),
        ),
        ({"members": Members(members)}, {"head": MeanAnswer(len(members), mean)}),
    )


class EnsembleFamily(NetworkFamily):
    """Made of finished networks, not chosen from a list."""

    key = ENSEMBLE
    title = "Ensemble"
    words = "The mean answer of several networks that learnt apart."
    reads = ("pictures", "points", "table")

    def matches(self, key: str) -> bool:
        """Its own key names an ensemble whose members are not looked up yet: it cannot be built."""
        members = member_keys(key)
        return key == self.key or (bool(members) and all(_is_plain(member) for member in members))

    def name(self, key: str) -> str:
        if key == self.key:
            return self.title
        titles = Counter(str(catalog.find("network", member).name(member)) for member in member_keys(key))
        return "Mean of " + ", ".join(f"{count} × {title}" if count > 1 else title for title, count in titles.items())

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        if key == self.key:
            raise StudioError("An ensemble is made of finished networks: name its members.")
        mean, keys = mean_of(key), member_keys(key)
        if len(keys) > MOST_MEMBERS:
            raise StudioError(
                "An ensemble has at most {most} members; this one names {n}.", most=MOST_MEMBERS, n=len(keys)
            )
        names = tuple(map(str, range(classes)))
        plain = _as_it_comes(shape)
        members = []
        for member in keys:
            body, anatomy = catalog.find("network", member).build(member, shape, classes)
            members.append(Member(Network(member, body, anatomy, plain, names), range(classes)))
        ensemble = _body(members, mean, shape[0], classes)
        return ensemble, anatomy_of(ensemble)


def make_ensemble(members: Sequence[Network], mean: Mean = "probabilities") -> Network:
    """One network that answers with the mean answer of ``members``, whose weights it copies.

    Args:
        members: at least two, made for inputs of one size; their classes may differ in order. Of tables they may have
            learnt from other rows; they then read those of the first from here on.

    Returns:
        On the CPU, in eval mode, with the classes of the first member in its order.

    Raises:
        StudioError: there are too few members, they name other classes or were made for other inputs, or one is an
            ensemble itself.
    """
    if len(members) < 2:
        raise StudioError("An ensemble needs two members or more.", "", "Choose another run beside this one.")
    first = members[0]
    for number, member in enumerate(members[1:], start=2):
        if set(member.classes) != set(first.classes):
            raise StudioError(
                "Member {n} of the ensemble knows other classes than the first.",
                "Answers can only be averaged class by class.",
                "Choose networks that learnt the same classes.",
                n=number,
            )
        if member.source.shape != first.source.shape:
            raise StudioError(
                "Member {n} of the ensemble was made for other inputs than the first: {other} against {own}.",
                "",
                "Choose networks that learnt from the same data.",
                n=number,
                other=" × ".join(map(str, member.source.shape)),
                own=" × ".join(map(str, first.source.shape)),
            )
    if any(member.key == RECAST for member in members):
        raise StudioError(
            "A recast network cannot be a member of an ensemble.",
            "An ensemble builds its members by their names.",
            "Leave it out.",
        )
    if any(not _is_plain(member.key) for member in members):
        raise StudioError("An ensemble cannot be a member of another.", "", "Choose its members instead.")
    key = ensemble_key([member.key for member in members], mean)
    family: NetworkFamily = catalog.find("network", key)
    with torch.random.fork_rng(devices=[]), torch.device("meta"):
        body, anatomy = family.build(key, first.source.shape, len(first.classes))
        ensemble = Network(key, body, anatomy, _as_it_comes(first.source.shape, first.source.encoding), first.classes)
    weights = _as_it_comes(first.source.shape)
    for member in members:
        read_encoding(member, first.source.encoding)
    state: dict[str, Tensor] = {"input.mean": torch.tensor(weights.mean), "input.std": torch.tensor(weights.std)}
    for number, member in enumerate(members):
        prefix = f"body.members.{number}."
        state |= {
            f"{prefix}network.{name}": value.detach().cpu().clone() for name, value in member.state_dict().items()
        }
        state[f"{prefix}order"] = torch.tensor([member.classes.index(name) for name in first.classes])
    ensemble.load_state_dict(state, assign=True)
    return ensemble.eval()


def _as_it_comes(shape: tuple[int, ...], encoding: str = "") -> Input:
    """Inputs that are not normalised: every member does that for itself."""
    return Input(shape, (0.0,) * shape[0], (1.0,) * shape[0], encoding)


def _is_plain(key: str) -> bool:
    """Whether a network of this key is known, and can be built by it alone."""
    try:
        family: NetworkFamily = catalog.find("network", key)
    except StudioError:
        return False
    return family.key not in (EnsembleFamily.key, RECAST)


catalog.register("network", EnsembleFamily())
