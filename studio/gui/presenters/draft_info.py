"""What the panels want to know of a draft, in plain values and words: asked in a worker, because answering builds networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from studio.core.message import NOTHING, Text
from studio.core.picture_preview import PicturePreview
from studio.core.prefixed_key import PrefixedKey
from studio.core.suited_setting import SuitedSetting
from studio.core.table_preview import TablePreview
from studio.gui.presenters.composer_info import ComposerInfo, DesignAspect, MethodAspects, MethodSaver, MethodTable
from studio.gui.presenters.drawings import Drawing
from studio.gui.presenters.pair_info import PairInfo

if TYPE_CHECKING:
    from studio.runs.presets.presets import Preset

Step = Literal["data", "teacher", "student", "method"]
STEPS: tuple[Step, ...] = ("data", "teacher", "student", "method")
#: The table of the experiment each step fills.
TABLE: dict[Step, str] = {"data": "dataset", "teacher": "teacher", "student": "student", "method": "method"}

#: Of a long list, as that of the networks, so many are shown before the row that shows the rest.
SHOWN = 12

Values = Mapping[str, Any]
"""A draft as plain nested tables, shaped as the experiment file; ``seeds`` stands in place of ``seed``."""

#: How serious the note on a card is; "" is good to know.
NoteLevel = Literal["", "warning", "error"]


@dataclass(frozen=True)
class CardInfo:
    """What a card shows. ``short`` is one line for small windows, where a ``note`` that is merely good to know is left out.

    ``help_page`` names the page of what was picked, such as ``method-kd``.
    """

    title: Text | str
    words: Text | str
    short: Text | str = ""
    drawing: Drawing | None = None
    note: Text | str = ""
    level: NoteLevel = ""
    help_page: str = ""


@dataclass(frozen=True)
class Problem:
    """Something that keeps a draft from running: its dotted place and a sentence."""

    path: str
    sentence: Text


@dataclass(frozen=True)
class DraftInfo:
    """All there is to say about a draft.

    Attributes:
        cards: what each card shows.
        problems: why it cannot run as it stands; none means that it can.
        estimate: how long it will take, a sentence; empty where nothing is known.
        defaults: values that follow from other choices, by path: they stand in for the model's own default.
        suited: settings of the method that suit what was picked where the published ones do not, by path.
    """

    cards: Mapping[Step, CardInfo]
    problems: tuple[Problem, ...] = ()
    estimate: Text = NOTHING
    defaults: Mapping[str, Any] = field(default_factory=dict)
    suited: Mapping[str, SuitedSetting] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """A row of a chooser and the page behind it.

    Attributes:
        key: what the draft gets when it is chosen.
        title, words: its name and one sentence.
        heading: the group it is listed under.
        tag: a word at the right of the row: a year, a size.
        source: where it comes from: a paper, an origin.
        details: name and value of what is known about it.
        refusal: why it cannot be chosen with the rest of the draft, empty where it can.
        joins: whether it can be added to another method; ``extends``: whether others can be added to it.
        network: of a run that could be the teacher: the key of its student.
        help_page: the name of its help page.
        composable: whether the composer can open it; ``composed``: whether it is made there.
        table: of a saved method: its ``[method]`` table.
        saved: whether it is a method the person saved.
        is_published: whether it is a network of which somebody publishes trained weights.
        also_called: other names, by which a search finds it.
        is_own: whether it is data of the person's own, of which a file or folder must be named.
        is_searched: whether it is of another library, and whether it fits is known for sure only once it is looked up.
        parameters: of a network, 0 where they are not known yet.
        role: what the network is in the draft.
        suited: of a method, settings it is given here, by name: they suit what was picked, and published ones do not.
    """

    key: str
    title: Text | str
    words: Text | str = ""
    heading: Text | str = ""
    tag: str = ""
    source: Text | str = ""
    details: tuple[tuple[Text | str, Text | str], ...] = ()
    refusal: Text = NOTHING
    drawing: Drawing | None = None
    joins: bool = False
    extends: bool = True
    network: str = ""
    help_page: str = ""
    composable: bool = False
    composed: bool = False
    table: Mapping[str, Any] = field(default_factory=dict)
    saved: bool = False
    is_published: bool = False
    is_own: bool = False
    also_called: str = ""
    is_searched: bool = False
    parameters: int = 0
    role: Literal["", "teacher", "student"] = ""
    suited: Mapping[str, SuitedSetting] = field(default_factory=dict)


def saved_method_key(name: str) -> str:
    """The key of the choice of a method the person saved."""
    return str(PrefixedKey("own", name))


class Presenter(Protocol):
    """Knows the catalogue and the workspace. Every call may take seconds and is made in a worker."""

    def describe(self, values: Values) -> DraftInfo:
        """What to show for this draft. Never raises for a draft that is merely wrong: its problems say so."""

    def choices(self, step: Step, values: Values) -> list[Choice]:
        """What can be picked for a step, in the order to list it, those refused among them; of networks in brief."""

    def look_up(self, step: Step, key: str, values: Values) -> Choice | None:
        """All that is known of a network, also one that is not listed, such as ``wrn-28-3``; None where nothing answers."""

    def teacher_runs(self, values: Values) -> list[Choice]:
        """Finished runs whose student could be the teacher here; keys are ``run:<id>``."""

    def pair(self, values: Values) -> PairInfo | None:
        """Teacher and student beside each other; None where one is missing, is no network, or cannot read the data."""

    def timed_pair(self, values: Values) -> PairInfo | None:
        """The same with what each takes for one input on this machine, which may have to be measured: up to two seconds."""

    def preview(self, values: Values) -> TablePreview | PicturePreview | None:
        """A table column by column, own pictures class by class; None of other data, and of what is not on this computer."""

    def compose(
        self, values: Values, table: MethodTable, picks: Sequence[tuple[DesignAspect, str]] = ()
    ) -> ComposerInfo | None:
        """A method in the composer, with parts picked since; None where it is not made of parts, or has no teacher."""

    def method_aspects(self) -> tuple[MethodAspects, ...]:
        """Every named method by its design aspects."""

    def preset_seconds(self, presets: Sequence[Preset]) -> Mapping[str, float]:
        """How long ready experiments will take here, by key, as a draft of the same is told; without what is not known."""

    def knows_pace(self) -> bool:
        """Whether something was trained here that tells how fast this computer is; else times are those of two cores."""

    @property
    def saved_methods(self) -> MethodSaver:
        """Where methods of the person's own are saved."""
