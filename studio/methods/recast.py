"""Network recasting: exchange the teacher's blocks for simpler ones, one after the other; then learn the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from pydantic import field_validator

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.methods.base import (
    Aspects,
    Build,
    Cast,
    Method,
    MethodSettings,
    Needs,
    Rebuild,
    Source,
    Stage,
    Who,
    unmet,
)
from studio.methods.objectives.block_difference import END, BlockDifference
from studio.networks.base import Network
from studio.networks.blocks import Block
from studio.networks.exchange import Target, compared_behind, exchange, exchange_blocks
from studio.networks.recast_form import form_blocks, form_key
from studio.networks.recast_plan import RecastPlan

#: Epochs of a block and of the end, as published; a training of another length is shared out in this proportion.
BLOCK_EPOCHS, END_EPOCHS = 60, 100


class RecastSettings(MethodSettings):
    """Settings of network recasting."""

    target: Literal["conv", "basic", "bottleneck"] = setting(
        "conv",
        description="What takes the place of each block of the teacher",
        label="New blocks",
        words={"conv": "convolution", "basic": "basic block", "bottleneck": "bottleneck"},
    )
    ratio: float = setting(
        1.0,
        ge=0.05,
        le=1,
        description="Width of a new block over that of the block it replaces",
        step=0.05,
        label="Share of the width",
    )
    order: Literal["sequential", "simultaneous"] = setting(
        "sequential",
        description="Whether blocks are exchanged one after the other from below, or all at once (for comparison)",
        label="Order",
        words={"sequential": "one by one", "simultaneous": "all at once"},
    )
    block_epochs: int | None = setting(
        None,
        ge=1,
        le=100_000,
        description="How long each block learns; the end has what these leave of the whole training",
        unit="epochs",
        label="Epochs a block",
        empty="shared out",
    )
    pictures: Literal["varied", "plain"] = setting(
        "varied",
        description="Whether new blocks learn from pictures varied as in the training, or as they are: the teacher is then "
        "asked once about each, and remembered",
        level="expert",
        label="Pictures for new blocks",
        words={"varied": "varied", "plain": "as they are"},
    )
    groups: str = setting(
        "",
        max_length=200,
        description="What each group becomes, from below: conv-0.5, basic, bottleneck-0.7, keep; overrides the two above",
        level="expert",
        label="Group by group",
        empty="all alike",
    )

    @field_validator("groups")
    @classmethod
    def _is_a_plan(cls, groups: str) -> str:
        written = groups.replace(" ", "")
        try:
            return str(RecastPlan.parse(written)) if written else ""
        except ValueError:
            raise ValueError(
                "Groups are named by conv, basic, bottleneck or keep, each with a share of the width where it is not 1: "
                "“conv-0.5, conv-0.5, keep”."
            ) from None

    @property
    def plan(self) -> RecastPlan:
        """What becomes of which block."""
        if self.groups:
            return RecastPlan.parse(self.groups)
        return RecastPlan((Target(self.target, round(self.ratio, 3)),))


class NetworkRecasting(Method[RecastSettings]):
    """A stage for each block, without labels, then one with labels and the teacher's scores.

    A new block is compared with the teacher at the output of the block behind it, which is as wide as the teacher's; that
    one starts anew too, and all blocks up to it go on learning. A block that would stay what it is keeps its weights.
    """

    key = "recast"
    title = "Network recasting"
    words = "Exchange the teacher’s blocks for smaller ones, one after the other; then learn the answers."
    source = Source(
        "Yu, Kang and Choi",
        "AAAI 2019",
        "Network recasting: a universal method for network architecture transformation",
        year=2019,
    )
    compares = "features"
    aspects = Aspects("none", "block replacement", "mean squared error", "output of the next block", missing="none")
    needs = Needs(same_classes=True, made_from_teacher=True)
    Settings = RecastSettings

    def student_network(self, settings: RecastSettings, teacher: str, student: str) -> str:
        del student
        return form_key(settings.plan, teacher)

    def inactive_settings(self, settings: RecastSettings) -> frozenset[str]:
        return frozenset({"target", "ratio"}) if settings.groups else frozenset()

    def refusal(self, settings: RecastSettings, cast: Cast) -> Text | None:
        reason = unmet(self.needed(settings), cast)
        if reason is not None or cast.teacher is None:
            return reason
        try:
            form_blocks(settings.plan, _blocks(cast))
        except StudioError as error:
            return Text("{why} {remedy}", {"why": error.why, "remedy": error.remedy}) if error.remedy else error.why
        return None

    def joint(self, settings: RecastSettings) -> Build | None:
        del settings
        return None

    def brings_terms(self, settings: RecastSettings) -> bool:
        del settings
        return True

    def plan(self, settings: RecastSettings, cast: Cast) -> list[Stage]:
        blocks, plan = _blocks(cast), settings.plan
        targets = plan.targets(blocks)
        whole = BLOCK_EPOCHS * len(targets) + END_EPOCHS
        plain = settings.pictures == "plain"
        if settings.order == "simultaneous":
            share, epochs = BLOCK_EPOCHS * len(targets) / whole, settings.block_epochs
            exchanged = [_all_at_once(plan, blocks, share, None if epochs is None else epochs * len(targets), plain)]
        else:
            exchanged = list(_one_by_one(plan, blocks, BLOCK_EPOCHS / whole, settings.block_epochs, plain))
        end = 1.0 if settings.block_epochs is not None else END_EPOCHS / whole
        return [*exchanged, Stage("task", "learn", _comparing({"scores": END}), end, observer=_watching(plan, blocks))]


def _one_by_one(
    plan: RecastPlan, blocks: tuple[Block, ...], share: float, epochs: int | None, plain: bool
) -> Iterator[Stage]:
    targets = plan.targets(blocks)
    for number, (index, target) in enumerate(targets.items(), start=1):
        stop = compared_behind(index)
        behind = blocks[stop - 1].name
        yield Stage(
            blocks[index].name,
            f"block {number}",
            _comparing({"difference": behind}),
            share,
            epochs,
            labels=False,
            trains=("student",) if stop == len(blocks) else tuple(f"student.{block.name}" for block in blocks[:stop]),
            varied=not plain,
            asks_once=plain,
            learner=f"student.{blocks[index].name}",
            observer=_watching(plan, blocks, number),
            prepare=_exchange_one(plan, index, target, number if number < len(targets) else None),
        )


def _alike_behind(form: Sequence[Block], blocks: Sequence[Block], exchanged: Iterable[int]) -> dict[int, int]:
    """By block that was exchanged the first one behind it that gives as much in ``form`` as the teacher's."""
    alike = [index for index, (new, old) in enumerate(zip(form, blocks, strict=True)) if new.width == old.width]
    return {index: next(at for at in alike if at > index) for index in exchanged}


def _watching(plan: RecastPlan, blocks: tuple[Block, ...], exchanged: int | None = None) -> Build:
    """How far apart both are behind every block that was exchanged so far; of all of them where there is no number.

    Where several are compared at one place, it bears the name of the last of them.
    """

    def build(_cast: Cast) -> BlockDifference:
        form, indices = form_blocks(plan, blocks, exchanged), list(plan.targets(blocks))[:exchanged]
        last = {at: index for index, at in _alike_behind(form, blocks, indices).items()}
        return BlockDifference({blocks[index].name: blocks[at].name for at, index in last.items()})

    return build


def _all_at_once(plan: RecastPlan, blocks: tuple[Block, ...], share: float, epochs: int | None, plain: bool) -> Stage:
    """One stage for all blocks. Each is compared at the first block behind it that gives as much as the teacher's."""
    targets, form = plan.targets(blocks), form_blocks(plan, blocks)
    places = _alike_behind(form, blocks, targets)
    behind = {number: places[index] for number, index in enumerate(targets, start=1)}
    # where several blocks are compared at one place, the term bears the name of the last of them
    last = {at: number for number, at in behind.items()}
    terms = {f"block {number}": blocks[at].name for at, number in last.items()}
    return Stage(
        "blocks",
        "blocks",
        _comparing(terms),
        share,
        epochs,
        labels=False,
        varied=not plain,
        asks_once=plain,
        trains=("student",),
        observer=_watching(plan, blocks),
        prepare=_exchange_all(plan, targets),
    )


def _comparing(terms: Mapping[str, str]) -> Build:
    return lambda _cast: BlockDifference(terms)


def _exchange_one(plan: RecastPlan, index: int, target: Target, exchanged: int | None) -> Rebuild:
    def rebuild(networks: Mapping[Who, Network], seed: int) -> Network:
        student = networks["student"]
        changes = exchange_blocks(student.blocks, {index: target})[index] != student.blocks[index]
        anew = (index, index + 1) if changes else ()
        key = form_key(plan, networks["teacher"].key, exchanged)
        return exchange(student, {index: target}, seed, anew=anew, key=key)

    return rebuild


def _exchange_all(plan: RecastPlan, targets: Mapping[int, Target]) -> Rebuild:
    def rebuild(networks: Mapping[Who, Network], seed: int) -> Network:
        return exchange(networks["student"], targets, seed, key=form_key(plan, networks["teacher"].key))

    return rebuild


def _blocks(cast: Cast) -> tuple[Block, ...]:
    return tuple(each.block for each in cast.teacher.blocks) if cast.teacher is not None else ()


catalog.register("method", NetworkRecasting())
