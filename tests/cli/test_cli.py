"""The command line as a person or a script uses it; in a process of its own wherever that makes a difference."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio.networks.files import load_network
from tests.cli.studio_here import StudioHere
from tests.cli.studio_process import StudioProcess

SMALL = """
name = "small"
[dataset]
key = "digits"
per_class = 5
[teacher]
key = "mlp-20-20"
epochs = 2
[student]
key = "mlp-8-8"
[method]
key = "kd"
[training]
epochs = 3
[references]
alone = true
"""

SET = (
    SMALL.replace("alone = true", "alone = false")
    + """
[gallery]
variants = [
    { name = "Soft", "method.settings.temperature" = 2.0 },
    { name = "Softer", "method.settings.temperature" = 8.0 },
]
"""
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """An experiment of a second."""
    file = tmp_path / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[StudioHere, list[dict[str, Any]], str]:
    """A workspace in which the small experiment was trained, the events that were printed, and the words."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "small.toml").write_text(SMALL, encoding="utf-8")
    done = StudioProcess(folder)(
        "train", str(folder / "small.toml"), "--seed", "4", "--set", "training.epochs=2", "--json"
    )
    return StudioHere(folder), [json.loads(line) for line in done.stdout.splitlines()], done.stderr


Trained = tuple[StudioHere, list[dict[str, Any]], str]


def test_training_prints_an_event_a_line_and_the_words_beside(trained: Trained) -> None:
    studio, events, words = trained
    own = [event for event in events if event["run"] == events[0]["run"]]
    assert {"phase", "run_started", "terms", "epoch", "snapshot", "checkpoint", "run_ended"} <= {e["kind"] for e in own}
    assert own[-1]["kind"] == "run_ended"
    assert own[-1]["state"] == "finished"
    assert len({event["run"] for event in events}) == 3
    assert "The student reached" in words
    assert str(studio.workspace) in words


def test_what_was_given_on_the_command_line_counts(trained: Trained) -> None:
    studio, _, _ = trained
    shown = studio.json("show", "last")
    assert shown["seed"] == 4
    assert shown["experiment"]["training"]["epochs"] == 2


def test_runs_are_an_array_and_a_run_an_object(trained: Trained) -> None:
    studio, events, _ = trained
    runs = studio.json("runs")
    assert [run["state"] for run in runs] == ["finished"] * 3
    assert len({run["id"] for run in runs}) == 3
    shown = studio.json("show", events[0]["run"][:-2])
    assert shown["id"] == events[0]["run"]
    assert shown["accuracy"].keys() == {"teacher", "student", "alone"}


def test_runs_and_show_in_words(trained: Trained) -> None:
    studio, events, _ = trained
    listed = studio("runs").stdout
    assert listed.splitlines()[0].split()[0] == "RUN"
    assert events[0]["run"] in listed
    assert "Reference: alone" in listed
    shown = studio("show", "last").stdout
    assert "MLP 20-20" in shown
    assert "The student reached" in shown


def test_two_runs_are_compared(trained: Trained) -> None:
    studio, events, _ = trained
    own = events[0]["run"]
    alone = next(run["id"] for run in studio.json("runs") if run["role"] == "alone")
    told = studio.json("compare", own, alone)
    assert told["first"]["runs"] == [own]
    assert told["second"]["runs"] == [alone]
    assert told["learnt"]["first_only"] - told["learnt"]["second_only"] == pytest.approx(
        told["gain"] * told["learnt"]["pictures"]
    )
    page = studio.workspace.parent / "both.html"
    words = studio("compare", own, alone, "--to", str(page)).stdout
    assert "it takes 3 seeds to say" in words
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    refused = studio("compare", own, own, code=2)
    assert "one run twice" in refused.stderr
    report = studio.workspace.parent / "report.html"
    written = studio.json("export", own, "--to", str(report), "--compare", alone)
    assert written["compared_with"] == [alone]
    text = report.read_text(encoding="utf-8")
    assert "What was picked" in text
    assert text.count("compared</h2>") == 1
    assert "it takes 3 seeds to say" in text
    refused = studio("export", own, "--to", str(report.with_suffix(".pt2")), "--compare", alone, code=2)
    assert ".html" in refused.stderr


def test_asking_about_runs_loads_no_engine(trained: Trained) -> None:
    studio, _, _ = trained
    code = "import sys, studio.cli; studio.cli.main(['runs', '--workspace', sys.argv[1]]); assert 'torch' not in sys.modules"
    command = [sys.executable, "-c", code, str(studio.workspace)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_run_that_ended_cannot_go_on(trained: Trained) -> None:
    studio, _, _ = trained
    assert "nothing left to do" in studio("resume", "last", code=2).stderr


def test_an_unclear_beginning_is_refused(trained: Trained) -> None:
    studio, events, _ = trained
    refused = studio("show", events[0]["run"][:2], code=2)
    assert "not clear" in refused.stderr
    assert events[0]["run"] in refused.stderr


def test_where_there_are_no_runs(here: StudioHere) -> None:
    assert here.json("runs") == []
    assert "no runs yet" in here("show", "last", code=2).stderr
    assert not here.workspace.exists()


def test_a_broken_experiment_is_refused_whole_and_nothing_is_written(studio: StudioProcess, small: Path) -> None:
    small.write_text(
        SMALL.replace('"kd"', '"kdd"').replace("epochs = 3", 'epochs = "many"\nepoch = 3'), encoding="utf-8"
    )
    refused = studio("train", str(small), "--json", code=2)
    assert refused.stdout == ""
    for part in ("method.key", "Did you mean “kd”?", "training.epochs", "training.epoch"):
        assert part in refused.stderr
    assert not studio.workspace.exists()


def test_a_file_that_is_not_there_is_named(here: StudioHere, tmp_path: Path) -> None:
    refused = here("train", str(tmp_path / "nowhere.toml"), code=2)
    assert "nowhere.toml cannot be read" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_workspace_inside_a_file_is_refused(here: StudioHere, small: Path) -> None:
    refused = here("train", str(small), "--workspace", str(small / "inside"), code=2)
    assert "inside cannot be read. Not a directory. Choose another place with --workspace" in refused.stderr


def test_a_wrong_command_line_ends_with_two(studio: StudioProcess) -> None:
    assert "invalid choice" in studio("list", "cakes", code=2).stderr
    studio("train", code=2)


def test_without_a_display_the_window_is_refused_in_one_line(studio: StudioProcess) -> None:
    refused = studio(code=2)
    assert "no display" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_the_demo_runs_in_the_terminal_where_there_is_no_display(studio: StudioProcess) -> None:
    running = studio.start("demo", "--json")
    assert running.stdout is not None
    assert json.loads(running.stdout.readline())["words"]["text"] == "Training the teacher, {network}"
    running.send_signal(signal.SIGINT)
    _, words = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "There is no display, so" in words.splitlines()[0]


def test_a_set_trains_all_of_its_runs_and_says_what_each_reached(here: StudioHere, tmp_path: Path) -> None:
    file = tmp_path / "set.toml"
    file.write_text(SET, encoding="utf-8")
    said = here("train", str(file), "--seed", "3").stdout
    assert [line.partition(":")[0] for line in said.splitlines()[::2]] == ["Soft", "Softer"]
    assert "The student reached" in said
    runs = {run["name"]: run["seed"] for run in here.json("runs")}
    assert runs["Soft"] == runs["Softer"] == 3


def test_a_ready_experiment_is_trained_by_its_name(here: StudioHere) -> None:
    given = [
        "dataset.key=digits",
        "training.epochs=2",
        "teacher.key=mlp-8-8",
        "student.key=mlp-8-8",
        "teacher.epochs=1",
    ]
    words = [word for setting in given for word in ("--set", setting)]
    here("train", "--preset", "repdistiller-short", *words, "--set", "references.alone=false")
    run = here.json("show", "last")
    assert run["experiment"]["training"]["epochs"] == 2
    assert run["experiment"]["training"]["schedule"]["at"] == [0.625, 0.75, 0.875]
    assert run["experiment"]["name"] == "RepDistiller and mdistiller on CIFAR-100, short"


def test_a_preset_or_file_that_is_not_there_is_refused(here: StudioHere) -> None:
    assert "no ready experiment called" in here("--preset", "cake", code=2).stderr
    assert "no ready experiment called" in here("train", "--preset", "cake", code=2).stderr
    assert "not allowed with argument" in here("train", "a.toml", "--preset", "digits", code=2).stderr
    assert "required" in here("train", code=2).stderr
    assert "no experiment file" in here("--open", "cake.toml", code=2).stderr


def test_ctrl_c_stops_and_keeps_and_the_run_goes_on_later(studio: StudioProcess, small: Path) -> None:
    running = studio.start(
        "train", str(small), "--json", "--set", "training.epochs=100000", "--set", "references.alone=false"
    )
    assert running.stdout is not None
    own = ""
    for line in running.stdout:
        event = json.loads(line)
        own = own or event["run"]
        if event["kind"] == "terms" and event["run"] == own:
            running.send_signal(signal.SIGINT)
            break
    rest, words = running.communicate(timeout=60)
    assert running.returncode == 130
    assert json.loads(rest.splitlines()[-1])["state"] == "stopped"
    assert "is kept" in words
    shown = studio.json("show", "last")
    assert (shown["id"], shown["state"]) == (own, "stopped")
    again = studio.start("resume", "last", "--json")
    assert again.stdout is not None
    kinds = (json.loads(line)["kind"] for line in again.stdout)
    assert "resumed" in kinds
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=60)
    assert again.returncode == 130


def test_the_catalogue_lists_sizes_and_settings(here: StudioHere) -> None:
    networks = {each["key"]: each for each in here.json("list", "networks")}
    assert (networks["wrn-16-2"]["parameters"], networks["wrn-16-2"]["macs"]) == (691_674, 101_106_944)
    methods = {each["key"]: each for each in here.json("list", "methods")}
    temperature = next(each for each in methods["kd"]["settings"] if each["name"] == "temperature")
    assert (temperature["least"], temperature["most"], temperature["default"]) == (1, 20, 4.0)


def test_the_catalogue_in_words(here: StudioHere) -> None:
    presets = {each["key"]: each for each in here.json("list", "presets")}
    assert {"digits", "at-wrn", "at-wrn-short"} <= presets.keys()
    assert "Zagoruyko" in presets["at-wrn"]["source"]
    assert "ofd-cifar100-short" in here("list", "presets").stdout
    assert "1 × 8 × 8" in here("list", "datasets").stdout
    assert "temperature = 4 (from 1 to 20)" in here("list", "methods").stdout


def test_the_doctor_tells_what_is_there_and_what_is_missing(here: StudioHere) -> None:
    facts = here.json("doctor")
    assert facts["packages"]["torch"]
    assert facts["devices"][0]["name"] == "cpu"
    assert facts["workspace"]["writable"] is True
    assert facts["workspace"]["disk"]["free"] > 0
    assert any("display" in each["what"] for each in facts["missing"])
    assert not here.workspace.exists()


def test_options_of_all_commands_may_stand_before_the_command(here: StudioHere, small: Path, tmp_path: Path) -> None:
    other = tmp_path / "another place"
    done = here("--workspace", str(other), "--json", "train", str(small), "--set", "references.alone=false")
    assert json.loads(done.stdout.splitlines()[-1])["kind"] == "run_ended"
    assert not here.workspace.exists()
    listed = here.json("runs", "--workspace", str(other))
    assert json.loads(here("--json", "--workspace", str(other), "runs").stdout) == listed != []


OTHER = """
name = "{name}"
[dataset]
key = "{data}"
count = 60
[teacher]
key = "mlp-16-16"
source = "{source}"
[student]
key = "mlp-{student}"
[method]
key = "{method}"
settings = {settings}
[training]
epochs = 4
[references]
alone = {alone}
"""


def test_a_student_learns_from_a_teacher_of_other_classes(here: StudioHere, tmp_path: Path) -> None:
    """Three arms of a spiral teach two moons, by the id of a run and by a file."""

    def write(name: str, **values: str) -> str:
        usual = {
            "data": "moons",
            "source": "train",
            "student": "8-8",
            "method": "ab",
            "settings": "{}",
            "alone": "false",
        }
        file = tmp_path / f"{name}.toml"
        file.write_text(OTHER.format(name=name, **(usual | values)), encoding="utf-8")
        return str(file)

    here("train", write("arms", data="spirals", student="16-16", method="none"))
    teacher = here.json("show", "last")["id"]
    meant = "{ other_classes = true, transfer_share = 0.5 }"
    refused = here("train", write("refused", source=f"run:{teacher}"), code=2)
    assert "Teacher of other classes" in refused.stderr
    here("train", write("moons", source=f"run:{teacher}", settings=meant, alone="true"))
    shown = here.json("show", "last")
    assert shown["state"] == "finished"
    weights = here.workspace / "runs" / teacher / "student.safetensors"
    here("train", write("again", source=f"file:{weights.as_posix()}", settings=meant))
    assert here.json("show", "last")["state"] == "finished"
    student = load_network(here.workspace / "runs" / shown["id"] / "student.safetensors")
    assert len(student.classes) == 2
    assert sum(p.numel() for p in student.parameters()) == shown["parameters"]["student"]
    assert shown["accuracy"]["teacher"] is None
    assert "other classes" in shown["sentence"]
