"""Methods a person keeps: written, found, renamed, deleted, and what is said when a file or a name is no good."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from studio.core.errors import NotWritten, StudioError
from studio.experiment import MethodChoice
from studio.runs.store.saved_methods import SavedMethods
from studio.runs.store.workspace import Workspace

PARTS = {"position": "neurons", "teacher_side": "on_off", "student_side": "conv_bn", "distance": "marginal"}
TABLE = {"key": "composed", "settings": PARTS, "also": [{"key": "kd", "settings": {"temperature": 3.0}}]}


@pytest.fixture
def own(tmp_path: Path) -> SavedMethods:
    return SavedMethods(tmp_path)


def names(own: SavedMethods) -> list[str]:
    return [each.name for each in own.all()]


def test_what_is_kept_comes_back_as_it_was_under_its_name(own: SavedMethods, tmp_path: Path) -> None:
    kept = own.save("  My  boundaries ", {**TABLE, "task_weight": 0.5})
    assert kept.path == tmp_path / "methods" / "my-boundaries.toml"
    (found,) = SavedMethods(tmp_path).all()
    assert (found.name, found.problem) == ("My boundaries", None)
    assert found.choice is not None
    assert found.choice == kept.choice
    assert found.choice.title == "My boundaries + soft targets"
    assert found.choice.task_weight == 0.5
    content = tomllib.loads(kept.path.read_text(encoding="utf-8"))
    assert content["name"] == "My boundaries"
    assert content["method"]["settings"] == {**PARTS, "name": "My boundaries"}


def test_nothing_is_made_before_something_is_kept(own: SavedMethods, tmp_path: Path) -> None:
    assert own.all() == []
    assert list(tmp_path.iterdir()) == []


def test_any_method_with_its_settings_can_be_kept(own: SavedMethods) -> None:
    own.save("Hot", {"key": "kd", "settings": {"temperature": 9.0}})
    assert own.named("hot") == MethodChoice(key="kd", settings={"temperature": 9.0})


def test_a_key_of_the_catalogue_goes_before_a_name(own: SavedMethods) -> None:
    assert own.named("at") == MethodChoice(key="at")
    with pytest.raises(StudioError, match=r"“at” cannot be its name\. The method “Attention transfer” goes by it"):
        own.save("at", TABLE)


def test_an_unknown_name_is_answered_with_those_there_are(own: SavedMethods) -> None:
    own.save("Mine", TABLE)
    with pytest.raises(StudioError, match=r"There is no method “nope”. There are none, logits, kd.*“Mine”"):
        own.named("nope")


def test_a_taken_name_is_refused_until_replacing_is_meant(own: SavedMethods) -> None:
    own.save("Mine", TABLE)
    with pytest.raises(StudioError, match="There is a method called “Mine” already") as refused:
        own.save("MINE", {"key": "kd"})
    assert refused.value.offers == ("replace",)
    assert own.named("mine").key == "composed"
    own.save("MINE", {"key": "kd"}, replace=True)
    assert names(own) == ["MINE"]
    assert own.named("mine").key == "kd"


def test_names_that_make_the_same_file_name_do_not_meet(own: SavedMethods) -> None:
    paths = {own.save(name, TABLE).path.name for name in ("A/B", "A B", "A-b!", "Мой", "我的")}
    assert paths == {"a-b.toml", "a-b-2.toml", "a-b-3.toml", "method.toml", "method-2.toml"}
    assert len(own.all()) == 5


@pytest.mark.parametrize(("name", "said"), [("  ", "The method has no name."), ("x" * 61, "The name is too long.")])
def test_a_name_that_cannot_be(own: SavedMethods, name: str, said: str) -> None:
    with pytest.raises(StudioError, match=said):
        own.save(name, TABLE)


def test_what_is_no_method_is_not_kept(own: SavedMethods) -> None:
    with pytest.raises(StudioError, match="There is no distance “l3”; there are"):
        own.save("Mine", {"key": "composed", "settings": {"distance": "l3"}})
    assert own.all() == []


def test_renaming_keeps_the_file_and_changes_the_name_of_runs_with_it(own: SavedMethods) -> None:
    before = own.save("Mine", TABLE)
    own.save("Other", TABLE)
    after = own.rename("mine", "MINE")
    assert (after.path, after.name) == (before.path, "MINE")
    assert own.named("MINE").settings["name"] == "MINE"
    with pytest.raises(StudioError, match="already"):
        own.rename("MINE", "Other")
    with pytest.raises(StudioError, match="There is no method “gone”"):
        own.rename("gone", "Here")


def test_deleting_moves_to_the_bin_of_the_workspace(own: SavedMethods, tmp_path: Path) -> None:
    for _ in range(2):
        own.save("Mine", TABLE)
        own.delete("Mine")
    assert own.all() == []
    assert sorted(path.name for path in (tmp_path / "bin").iterdir()) == ["mine-2.toml", "mine.toml"]
    workspace = Workspace(tmp_path)
    assert workspace.deleted() == []  # it is no run
    workspace.empty_bin()
    assert not (tmp_path / "bin").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[method\n", "torn.toml is not valid TOML"),
        (b"\xff\xfe\x00", "It is saved as UTF-16, and must be UTF-8."),
        (b"x = " + b"[" * 5000, "nested too deeply"),
        (b"a." * 2000 + b"b = 1", "nested too deeply"),
        (b"x = 1" + b"0" * 5000, "torn.toml is not valid TOML"),
        (b'name = "Torn"\n', "The file has no [method] table."),
        (b'name = "Torn"\nmethod = 3\n', "The file has no [method] table."),
        (b'name = "Torn"\n[method]\nsettings = 4\nkey = "kd"\n', "settings"),
        (b'name = "Torn"\n[method]\nkey = "unheard"\n', "unheard"),
        (b'name = "Torn"\n[method]\nkey = "composed"\nsettings = { distance = "l3" }\n', "There is no distance “l3”"),
        (b'schema_version = 2\nname = "Torn"\n[method]\nkey = "kd"\n', "A newer version of the studio wrote it."),
        (b"# " + b"x" * 200_000, "torn.toml is too large"),
    ],
)
def test_a_broken_file_is_listed_with_its_reason_and_can_be_deleted(
    own: SavedMethods, tmp_path: Path, content: bytes, said: str
) -> None:
    own.save("Whole", TABLE)
    (tmp_path / "methods" / "torn.toml").write_bytes(content)
    torn, whole = own.all()
    assert torn.name.casefold() == "torn"
    assert torn.choice is None
    assert said in str(torn.problem)
    assert whole.choice is not None
    with pytest.raises(StudioError, match=r"The method “[Tt]orn” cannot be used"):
        own.named("torn")
    own.delete("torn")
    assert names(own) == ["Whole"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="rights do not bind this user")
def test_a_folder_that_cannot_be_written_is_said(own: SavedMethods, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(NotWritten):
            own.save("Mine", TABLE)
    finally:
        tmp_path.chmod(0o700)


def test_a_file_in_the_place_of_the_folder_is_said(own: SavedMethods, tmp_path: Path) -> None:
    (tmp_path / "methods").write_text("")
    assert own.all() == []
    with pytest.raises(NotWritten, match="cannot be written"):
        own.save("Mine", TABLE)
