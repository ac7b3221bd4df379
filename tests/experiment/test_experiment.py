"""An experiment file: what may stand in it, what is refused and how, and that nothing is lost on the way out and in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.errors import Invalid, StudioError
from studio.experiment import Experiment, load, loads, to_toml, validated

LEAST = """
[dataset]
key = "digits"
[teacher]
key = "cnn-32"
[student]
key = "cnn-16"
[method]
key = "kd"
"""


def problems(toml: str) -> dict[str, str]:
    """What is wrong with a text, by place."""
    with pytest.raises(Invalid) as caught:
        loads(toml, Path())
    return {problem.place: str(problem) for problem in caught.value.problems}


def test_four_keys_are_enough() -> None:
    experiment = loads(LEAST, Path())
    assert experiment.training.epochs == 30
    assert experiment.training.precision == "exact"
    assert experiment.method.label_weight == pytest.approx(0.1)
    assert not experiment.references.alone


def test_the_design_s_example_is_read() -> None:
    text = """
    schema_version = 1
    name = "AB on CIFAR-10, a tenth of the data"
    seed = 0
    [dataset]
    key = "cifar10"
    fraction = 0.1
    validation = 0.0
    augmentation = { pad = 4, padding = "reflect", flip = true }
    [teacher]
    key = "wrn-22-4"
    source = "train"
    epochs = 100
    seed = 0
    [student]
    key = "wrn-16-2"
    [method]
    key = "ab"
    settings = { margin = 1.0 }
    [[method.also]]
    key = "kd"
    settings = { temperature = 3.0, weight = 1.0, t_squared = false }
    [training]
    epochs = 120
    batch_size = 128
    optimizer = { key = "sgd", lr = 0.1, momentum = 0.9, nesterov = true, weight_decay = 5e-4 }
    schedule = { key = "steps", at = [0.3, 0.6, 0.8], factor = 0.2 }
    keep = "last"
    precision = "exact"
    device = "auto"
    [references]
    alone = true
    """
    experiment = loads(text, Path())
    assert experiment.method.also[0].entry.key == "kd"
    assert experiment.training.schedule.at == (0.3, 0.6, 0.8)
    assert loads(to_toml(experiment), Path()) == experiment


def test_all_problems_are_told_at_once_with_their_places() -> None:
    found = problems(LEAST + '[training]\nepoch = 3\nbatch_size = 0\nprecision = "exakt"\n[extra]\nx = 1\n')
    assert set(found) == {"training.epoch", "training.batch_size", "training.precision", "extra"}
    assert "epochs" in found["training.epoch"]
    assert "exact" in found["training.precision"]


def test_a_misspelt_key_names_the_nearest() -> None:
    found = problems(LEAST.replace('"cnn-16"', '"cn-16"').replace('"kd"', '"kdd"'))
    assert "cnn-16" in found["student.key"]
    assert "kd" in found["method.key"]


def test_settings_of_the_method_are_checked() -> None:
    found = problems(LEAST + "settings = { temperature = 0.0, weigth = 1.0 }\n")
    joined = " ".join(found.values())
    assert "weight" in joined
    assert any("temperature" in place for place in found)


@pytest.mark.parametrize(
    ("table", "place", "sentence"),
    [
        (
            "[training]\nepochs = 0",
            "training.epochs",
            "“0” cannot be used. It must be a whole number from 1 to 100,000 epochs.",
        ),
        ("[training]\nbatch_size = 'many'", "training.batch_size", "a whole number from 1 to 65,536 pictures"),
        ("[training.optimizer]\nlr = 99", "training.optimizer.lr", "It must be a number above 0, up to 10."),
        ("[training.optimizer]\nmomentum = 'x'", "training.optimizer.momentum", "from 0 to less than 1"),
        ("[training.schedule]\nat = [0.2, 'b']", "training.schedule.at.1", "It must be a number."),
        ("[references]\nalone = 'maybe'", "references.alone", "It must be true or false."),
        ("[method.settings]\ntemperature = 0", "method.settings.temperature", "from 1 to 20"),
        ("[[method.also]]\nkey = 'at'\nsettings = { weight = -1 }", "method.also.0.settings.weight", "a number"),
    ],
)
def test_a_refused_value_is_told_what_it_may_be(table: str, place: str, sentence: str) -> None:
    found = problems(LEAST + table + "\n")
    assert sentence in found[place]
    assert "Input should" not in found[place]


def test_best_needs_pictures_kept_back() -> None:
    found = problems(LEAST + '[training]\nkeep = "best"\n')
    assert "dataset.validation" in " ".join(found.values())


def test_something_must_teach() -> None:
    found = problems(LEAST.replace('key = "kd"', 'key = "none"\ntask_weight = 0.0'))
    assert "labels" in " ".join(found.values())


def test_fraction_and_per_class_exclude_each_other() -> None:
    assert problems(LEAST.replace('key = "digits"', 'key = "digits"\nfraction = 0.5\nper_class = 3'))


def test_paths_are_made_absolute_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    text = LEAST.replace('key = "digits"', 'key = "images"\npath = "pictures"')
    text = text.replace('key = "cnn-32"', 'key = "cnn-32"\nsource = "file:../t.safetensors"')
    file = tmp_path / "deep" / "e.toml"
    file.write_text(text)
    experiment = load(file)
    assert Path(experiment.dataset.settings["path"]) == tmp_path / "deep" / "pictures"
    assert experiment.teacher.source == f"file:{tmp_path / 't.safetensors'}"


def test_overrides_reach_nested_settings(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    file.write_text(LEAST)
    experiment = load(file, {"training.epochs": 3, "method.settings.temperature": 2.0, "seed": 5})
    assert (experiment.training.epochs, experiment.seed) == (3, 5)
    assert experiment.method.settings["temperature"] == 2.0


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"= 3", b"[dataset", b"x" * 2_000_000])
def test_rubbish_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rubbish.toml"
    file.write_bytes(content)
    with pytest.raises(StudioError) as caught:
        load(file)
    assert "rubbish.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-16", "It is saved as UTF-16, and must be UTF-8. Save it as UTF-8"),
        ("utf-16-le", "It is saved as UTF-16, and must be UTF-8."),
        ("utf-32", "It is saved as UTF-32, and must be UTF-8."),
        ("cp1252", "It is not saved as UTF-8: line 1 has other signs. Save it as UTF-8"),
    ],
)
def test_another_encoding_is_told(tmp_path: Path, encoding: str, words: str) -> None:
    file = tmp_path / "e.toml"
    file.write_bytes(f'name = "Überprüfung"\n{LEAST}'.encode(encoding))
    with pytest.raises(StudioError) as caught:
        load(file)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (r'"C:\Users\Ann\pictures"', "In double quotes a backslash must be doubled"),
        (r'"E:\pictures"', "In double quotes a backslash must be doubled"),
        (r'"D:\temp\new"', "Double every backslash, or put the path in single quotes."),
    ],
)
def test_a_windows_path_in_double_quotes_is_told(path: str, words: str) -> None:
    with pytest.raises(StudioError) as caught:
        loads(f"[dataset]\nkey = 'images'\npath = {path}", Path())
    assert words in str(caught.value)


def test_a_decimal_comma_is_told() -> None:
    with pytest.raises(StudioError, match=r"Write a decimal with a point: 0\.05\."):
        loads(f"{LEAST}\n[training.optimizer]\nlr = 0,05", Path())


def test_a_missing_file_is_named() -> None:
    with pytest.raises(StudioError, match=r"nowhere\.toml"):
        load(Path("nowhere.toml"))


def test_resolved_writes_every_default_out() -> None:
    resolved = loads(LEAST, Path()).resolved()
    assert resolved.method.settings["temperature"] == 4.0
    assert resolved.method.task_weight == pytest.approx(0.1)
    assert resolved.dataset.augmentation is not None
    assert resolved.name


experiments: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    seed=st.integers(0, 2**31 - 1),
    name=st.text(max_size=40),
    dataset=st.fixed_dictionaries(
        {"key": st.sampled_from(["digits", "cifar10", "moons"])}, optional={"fraction": st.floats(0.01, 1)}
    ),
    teacher=st.fixed_dictionaries(
        {"key": st.sampled_from(["cnn-32", "wrn-40-2"])}, optional={"epochs": st.integers(1, 500)}
    ),
    student=st.fixed_dictionaries({"key": st.sampled_from(["cnn-16", "wrn-16-2"])}),
    method=st.fixed_dictionaries(
        {"key": st.just("kd")},
        optional={
            "settings": st.fixed_dictionaries({"temperature": st.floats(1, 20)}),
            "task_weight": st.floats(0, 100),
        },
    ),
    training=st.fixed_dictionaries({}, optional={"epochs": st.integers(1, 1000), "batch_size": st.integers(1, 4096)}),
)


@settings(max_examples=40, deadline=None)
@given(experiments)
def test_out_and_in_gives_the_same_experiment(values: dict[str, Any]) -> None:
    experiment = validated(values)
    assert loads(to_toml(experiment), Path()) == experiment
    assert loads(to_toml(experiment.resolved()), Path()) == experiment.resolved()


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10))
nested = st.recursive(scalars, lambda inner: st.dictionaries(st.text(max_size=12), inner, max_size=4), max_leaves=8)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["dataset", "teacher", "student", "method", "training", "seed", "x"]), nested))
def test_anything_else_is_refused_and_never_crashes(values: dict[str, Any]) -> None:
    refusal = None
    try:
        experiment = validated(values)
    except Invalid as caught:
        refusal = caught
    if refusal is None:
        assert isinstance(experiment, Experiment)
    else:
        assert refusal.problems
        assert str(refusal)


def test_a_mark_of_the_encoding_at_its_beginning_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    text = '[dataset]\nkey = "digits"\n[teacher]\nkey = "mlp-8-8"\n[student]\nkey = "mlp-4-4"\n[method]\nkey = "kd"\n'
    plain, marked = tmp_path / "plain.toml", tmp_path / "marked.toml"
    plain.write_bytes(text.encode())
    marked.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert load(marked) == load(plain)


def test_a_file_nested_beyond_reason_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="not a valid TOML file"):
        loads("a = " + "[" * 5000 + "]" * 5000, base=tmp_path)
