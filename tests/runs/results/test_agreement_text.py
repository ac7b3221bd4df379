"""What a run reported of agreement is kept in its summary and told in terminal, report and JSON."""

from __future__ import annotations

import json
from typing import Literal

import pytest

from studio.core.errors import RunFailed
from studio.events import AgreementReading, GroupAgreement, Listener
from studio.experiment import Experiment
from studio.runs.files.agreement import read_agreement
from studio.runs.files.folder import RunFolder, read_document, write_document
from studio.runs.files.summary import Summary
from studio.runs.launch import launch
from studio.runs.results.agreement_text import agreement_lines
from studio.runs.results.html_report import report
from studio.runs.results.json_export import agreement_json
from studio.runs.run_info import read_info
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.runs.fake_session import FakeSession, experiment

N = "\N{NO-BREAK SPACE}"


def groups(fitted: float, own: float, way: Literal["connector", "direct"]) -> tuple[GroupAgreement, ...]:
    beside = AgreementReading(own, 0.5)
    return tuple(GroupAgreement(name, AgreementReading(fitted, 0.52), beside, way) for name in ("group1", "group2"))


@pytest.fixture
def told(folder: RunFolder) -> RunFolder:
    """A folder whose summary tells all that can be told."""
    agreement = {
        "start": groups(0.7, 0.49, "connector"),
        "copied": groups(0.95, 0.925, "connector"),
        "end": groups(0.9, 0.8, "direct"),
    }
    write_document(folder.summary, Summary.model_validate({"agreement": agreement}))
    return folder


def test_a_run_keeps_what_it_reported(workspace: Workspace, session: FakeSession) -> None:
    info = launch(experiment(), workspace)
    summary = read_document(info.places.summary, Summary)
    assert summary is not None
    assert summary.agreement == read_agreement(info.places)
    assert set(summary.agreement) == {"start", "end"}


def test_a_run_that_failed_keeps_what_it_had_reported(workspace: Workspace, session: FakeSession) -> None:
    def fail(playing: Experiment, _listen: Listener, _control: Control) -> None:
        if playing.method.key == "kd":
            raise RunFailed("It failed.")

    session.meanwhile = fail
    with pytest.raises(RunFailed):
        launch(experiment(), workspace)
    (failed,) = [run for run in workspace.runs() if run.method == "kd"]
    assert set(agreement_json(failed) or {}) == {"start"}


def test_terminal_and_report_tell_when_and_which_way(told: RunFolder) -> None:
    both = f"(chance 50.0 / 50.0{N}%)"
    assert agreement_lines(told) == [
        ("untrained", f"70.0 / 70.0{N}% (chance 52.0 / 52.0{N}%)"),
        (
            "after copying",
            f"95.0 / 95.0{N}% (chance 52.0 / 52.0{N}%); behind its own connector 92.5 / 92.5{N}% {both}",
        ),
        ("at the end", f"90.0 / 90.0{N}% (chance 52.0 / 52.0{N}%); channel by channel 80.0 / 80.0{N}% {both}"),
    ]


def test_the_report_of_a_run(workspace: Workspace, session: FakeSession) -> None:
    info = launch(experiment(), workspace)
    page = report(info)
    assert "<h2>Agreement with the teacher</h2>" in page
    assert "<th>Untrained</th>" in page
    assert "<th>At the end</th>" in page
    assert "<th>After copying</th>" not in page
    alone = launch(experiment("none"), workspace)
    assert "Agreement with the teacher" not in report(alone)


def test_json_tells_fractions(told: RunFolder) -> None:
    found = agreement_json(read_info(told))
    assert found is not None
    assert json.loads(json.dumps(found))["copied"][1] == {
        "group": "group2",
        "fitted": {"agreement": 0.95, "chance": 0.52},
        "own": {"agreement": 0.925, "chance": 0.5},
        "way": "connector",
    }


def test_of_a_summary_of_before_nothing_is_told(folder: RunFolder) -> None:
    old = Summary().model_dump(mode="json")
    del old["agreement"]
    folder.summary.write_text(json.dumps(old))
    assert read_document(folder.summary, Summary) == Summary()
    assert agreement_lines(folder) == []
    assert agreement_json(read_info(folder)) is None
