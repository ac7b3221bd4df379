"""Puts teacher and student beside each other: where they meet, how much smaller one is, which methods fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from studio import catalog
from studio.core.answer_time import APART
from studio.core.format import byte_size, count, figure, ratio
from studio.core.message import NOTHING, Text
from studio.core.setting_text import Wording
from studio.gui.presenters.compared_places import ComparedPlaces, compared_places
from studio.gui.presenters.method_headings import OFFERED, method_heading
from studio.gui.presenters.pair_info import (
    DrawnGroup,
    FittingMethods,
    PairColumn,
    PairFigure,
    PairInfo,
    PairMethod,
    PairRemedy,
    ReachedBefore,
    RefusedMethods,
)

if TYPE_CHECKING:
    from studio.experiment import MethodChoice
    from studio.methods.base import Cast
    from studio.methods.entry import AnyEntry, MethodSettings
    from studio.networks.base import NetworkSummary

NOT_KNOWN = ReachedBefore()
#: Bytes of a parameter in a file.
_BYTES = 4


def pair_info(
    cast: Cast,
    milliseconds: tuple[float, float] | None = None,
    own: MethodChoice | None = None,
    reached: ReachedBefore = NOT_KNOWN,
) -> PairInfo | None:
    """What is said of a pair; None where there is no teacher, or one of them is no network.

    Args:
        milliseconds: of teacher and student for one input, where they were measured.
        own: the method of the draft.
        reached: in earlier runs, by either.
    """
    teacher, student = cast.teacher, cast.student
    if teacher is None or teacher.words or student.words:
        return None
    fitting, refused = _methods(cast, own)
    places = compared_places(cast)
    return PairInfo(
        teacher.title,
        student.title,
        tuple(_columns(cast, teacher, places)),
        tuple(_figures(teacher, student, milliseconds)),
        fitting,
        refused,
        places.by_mean,
        places.by_answers,
        _own_method(cast, own),
        reached,
        timed=milliseconds is not None,
    )


def _columns(cast: Cast, teacher: NetworkSummary, places: ComparedPlaces) -> Iterator[PairColumn]:
    """Groups in forward order; a pair stands where both have come to it."""
    theirs = [tap.group for tap in teacher.taps if tap.group != "stem"]
    ours = [tap.group for tap in cast.student.taps if tap.group != "stem"]
    for t_group, s_group in cast.pairs:
        while theirs and theirs[0] != t_group:
            yield PairColumn(_drawn(teacher, theirs.pop(0)), None)
        while ours and ours[0] != s_group:
            yield PairColumn(None, _drawn(cast.student, ours.pop(0)))
        t_tap, s_tap = teacher.tap(t_group), cast.student.tap(s_group)
        yield PairColumn(
            _drawn(teacher, theirs.pop(0)) if theirs else None,
            _drawn(cast.student, ours.pop(0)) if ours else None,
            same_map=(t_tap.height, t_tap.width) == (s_tap.height, s_tap.width),
            same_channels=t_tap.channels == s_tap.channels,
            methods=places.by_group.get(s_group, ()),
        )
    yield from (PairColumn(_drawn(teacher, group), None) for group in theirs)
    yield from (PairColumn(None, _drawn(cast.student, group)) for group in ours)


def _drawn(network: NetworkSummary, group: str) -> DrawnGroup:
    tap = network.tap(group)
    blocks = sum(1 for each in network.blocks if each.block.group == group)
    return DrawnGroup(max(1, blocks), tap.height, tap.channels)


def _figures(
    teacher: NetworkSummary, student: NetworkSummary, milliseconds: tuple[float, float] | None
) -> Iterator[PairFigure]:
    yield _figure(
        teacher.parameters, student.parameters, Text("parameters"), count,
        Text("{times} times fewer"), Text("{times} times more"), Text("equally many"),
    )  # fmt: skip
    yield _figure(
        teacher.macs, student.macs, Text("multiplications"), count,
        Text("{times} times fewer"), Text("{times} times more"), Text("equally many"),
    )  # fmt: skip
    if milliseconds is not None:
        yield _figure(
            *milliseconds, Text("for one input"), lambda value: figure(value, "ms"),
            Text("{times} times faster"), Text("{times} times slower"), Text("about equally fast"), APART,
        )  # fmt: skip
    yield _figure(
        _BYTES * teacher.parameters, _BYTES * student.parameters, Text("as a file"), byte_size,
        Text("{times} times smaller"), Text("{times} times larger"), Text("equally large"),
    )  # fmt: skip


def _figure(
    teacher: float,
    student: float,
    what: Text,
    words: object,
    less: Text,
    more: Text,
    same: Text,
    apart: float = 1.05,
) -> PairFigure:
    """How much less or more the student has; where the ratio is below ``apart`` they are called the same."""
    assert callable(words)
    low, high = sorted((max(teacher, 1e-9), max(student, 1e-9)))
    template = (same if high / low < apart else less if student < teacher else more).template
    return PairFigure(
        Text(template, {"times": ratio(high / low)} if "{" in template else {}),
        what,
        teacher,
        student,
        str(words(teacher)),
        str(words(student)),
    )


def _methods(cast: Cast, own: MethodChoice | None) -> tuple[tuple[FittingMethods, ...], tuple[RefusedMethods, ...]]:
    """Every method with a teacher: those that fit by heading, the others by why they do not and what helps.

    They are asked with the settings they come with; ``own``, that of the draft, with those it has there.
    """
    cast = replace(cast, made_from_teacher=False)
    fitting: dict[str, tuple[Text, list[str]]] = {}
    refused: dict[tuple[str, PairRemedy | None], tuple[Text, list[str]]] = {}
    for entry in (entry for kind in OFFERED for entry in catalog.entries(kind)):
        if not entry.needs.teacher or entry.needs.learners:
            continue
        is_own = own is not None and own.key == entry.key
        settings = own.typed if own is not None and is_own else entry.Settings()
        reason = entry.refusal(settings, cast)
        if reason is None:
            heading = method_heading(entry)
            fitting.setdefault(str(heading), (heading, []))[1].append(entry.title)
        else:
            remedy = _remedy(entry, settings, cast, is_own=is_own)
            refused.setdefault((str(reason), remedy), (reason, []))[1].append(entry.title)
    own_first = sorted(refused.items(), key=lambda item: not (item[0][1] is not None and item[0][1].path))
    return (
        tuple(FittingMethods(heading, tuple(titles)) for heading, titles in fitting.values()),
        tuple(RefusedMethods(tuple(titles), reason, remedy) for (_, remedy), (reason, titles) in own_first),
    )


def _remedy(entry: AnyEntry, settings: MethodSettings, cast: Cast, *, is_own: bool) -> PairRemedy | None:
    """A setting that only has to be turned on, or off, for the method to work with the cast; None where there is none."""
    for name, field in type(settings).model_fields.items():
        if field.annotation is bool:
            turned = settings.model_copy(update={name: not getattr(settings, name)})
            if entry.refusal(turned, cast) is None:
                label = Wording.of(name, field.json_schema_extra).label
                return PairRemedy(label, f"method.settings.{name}" if is_own else "", not getattr(settings, name))
    return None


def _own_method(cast: Cast, own: MethodChoice | None) -> PairMethod | None:
    """The method of the draft with those beside it; None where it asks for no teacher, or makes its own student."""
    if own is None or not any(choice.entry.needs.teacher for choice in own.all) or own.entry.needs.made_from_teacher:
        return None
    refused = own.refused(cast)
    return PairMethod(own.title, refused[1] if refused is not None else NOTHING)
