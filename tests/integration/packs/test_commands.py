"""The commands of packs and definitions, on a company of an installation of its own."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.packs.shelf import KEEPER, LOAN, THING, written
from zhangshi.bootstrap import SystemWiring
from zhangshi.cli.main import ExitCode, run
from zhangshi.platform.settings import settings_from_environment

Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command line with --json; return its exit code and answer."""
    settings = settings_from_environment({"ZHANGSHI_HOME": str(tmp_path / "home")})

    def do(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = run([*arguments, "--json"], make_wiring=lambda: SystemWiring(settings))
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    assert do("init", "shop")[0] == ExitCode.OK
    return do


@pytest.fixture
def things(tmp_path: Path) -> str:
    """The folder of a small pack."""
    return str(written(tmp_path, "things", "1.0", {"entities/thing.yaml": THING}))


def test_a_form_in_one_file_is_planned_published_changed_and_rolled_back(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "thing.yaml"
    file.write_text(THING, encoding="utf-8")

    code, plan = call("definitions", "plan", str(file))
    assert (code, plan["base"]) == (ExitCode.OK, 0)
    assert [one["key"] for one in plan["changes"]] == ["thing"]
    assert plan["steps"][0]["sql"].startswith('CREATE TABLE "d_thing"')
    assert call("definitions", "publish", str(file), "--yes", "--note", "first") == (ExitCode.OK, {"revision": 1})

    file.write_text(THING.replace("zh: 颜色", "zh: 花色"), encoding="utf-8")
    assert call("definitions", "publish", str(file), "--yes")[1] == {"revision": 2}
    _, differences = call("definitions", "diff", "1", "2")
    assert len(differences["differences"]) == 1
    assert call("definitions", "rollback", "1", "--yes")[1] == {"revision": 3}

    _, history = call("definitions", "revisions")
    assert [one["note"] for one in history["revisions"]] == ["rollback to 1", "thing.yaml", "first"]
    assert history["revisions"][0]["digest"] == history["revisions"][2]["digest"]


def test_a_field_is_retired_and_restored(call: Call, things: str) -> None:
    call("pack", "install", things, "--yes")
    assert call("definitions", "retire", "thing.color", "--yes")[0] == ExitCode.OK
    _, told = call("definitions", "diff", "1", "2")
    assert any("thing.color" in one for one in told["differences"])
    assert call("definitions", "restore", "thing.color", "--yes")[0] == ExitCode.OK
    assert call("definitions", "diff", "1", "3")[1] == {"differences": []}

    code, answer = call("definitions", "retire", "thing.colour", "--yes")
    assert (code, answer["error"]["code"]) == (ExitCode.REFUSED, "definitions.no_such_field")


def test_every_kind_has_a_schema(call: Call, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    settings = settings_from_environment({"ZHANGSHI_HOME": str(tmp_path / "home")})
    code = run(["definitions", "schema", "entity"], make_wiring=lambda: SystemWiring(settings))
    assert code == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["title"] == "entity"


def test_definitions_that_are_wrong_say_where(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "thing.yaml"
    file.write_text(THING.replace("title: name", "title: nmae"), encoding="utf-8")
    code, answer = call("definitions", "plan", str(file))
    assert (code, answer["error"]["code"]) == (ExitCode.REFUSED, "definitions.invalid")
    assert "nmae" in answer["error"]["message"]


def test_packs_are_listed_installed_and_uninstalled(call: Call, things: str) -> None:
    _, offered = call("pack", "list")
    assert {one["pack"]: one["installed"] for one in offered["packs"]}["core"] is None
    _, shown = call("pack", "install", things, "--plan")
    assert shown["plan"]["base"] == 0

    code, answer = call("pack", "install", things, "--yes")
    assert (code, answer["revision"], answer["seeds"]) == (ExitCode.OK, 1, 0)
    assert answer["steps"] == [{"key": "things", "before": "", "after": "1.0"}]

    assert call("pack", "uninstall", "things", "--yes") == (ExitCode.OK, {"revision": 2})
    assert call("pack", "uninstall", "things", "--yes")[1]["error"]["code"] == "packs.not_installed"


def test_conflicts_are_shown_and_chosen(call: Call, things: str, tmp_path: Path) -> None:
    call("pack", "install", things, "--yes")
    file = tmp_path / "thing.yaml"
    file.write_text(THING.replace("zh: 颜色", "zh: 花色"), encoding="utf-8")
    call("definitions", "publish", str(file), "--yes")
    newer = str(written(tmp_path, "things", "1.1", {"entities/thing.yaml": THING.replace("zh: 颜色", "zh: 色")}))

    code, shown = call("pack", "upgrade", newer, "--plan")
    assert code == ExitCode.REFUSED
    name = shown["conflicts"][0]["name"]
    assert name == "entity/thing:fields.color.label.zh"
    assert call("pack", "upgrade", newer, "--yes")[1]["error"]["code"] == "packs.conflicts"
    assert call("pack", "upgrade", newer, "--yes", "--choose", f"{name}=site")[0] == ExitCode.OK


def test_the_sites_own_definitions_become_a_folder_or_a_zip(call: Call, things: str, tmp_path: Path) -> None:
    assert call("pack", "export", "ours", str(tmp_path / "x"))[1]["error"]["code"] == "packs.nothing_of_the_site"
    call("pack", "install", things, "--yes")
    file = tmp_path / "loan.yaml"
    file.write_text(LOAN, encoding="utf-8")
    call("definitions", "publish", str(file), "--yes")

    assert call("pack", "export", "ours", str(tmp_path / "ours"))[1]["files"] == ["entities/loan.yaml", "pack.yaml"]
    call("pack", "export", "ours", str(tmp_path / "ours.zip"))

    with zipfile.ZipFile(tmp_path / "ours.zip") as archive:
        inside = {name: archive.read(name).decode() for name in archive.namelist()}
    assert inside == {
        name: (tmp_path / "ours" / name).read_text(encoding="utf-8") for name in ("entities/loan.yaml", "pack.yaml")
    }


def test_a_pack_is_checked(call: Call, things: str, tmp_path: Path) -> None:
    code, answer = call("pack", "check", things)
    assert (code, answer["checks"][-1]["question"]) == (ExitCode.DIFFERENCE, "compiles")
    assert "definitions.ungranted" in answer["checks"][-1]["detail"]

    files = {"entities/thing.yaml": THING, "roles/keeper.yaml": KEEPER}
    code, answer = call("pack", "check", str(written(tmp_path, "things", "1.1", files)))
    assert code == ExitCode.OK
    assert [one["question"] for one in answer["checks"]] == [
        "loads",
        "compiles",
        "installs",
        "demo posts",
        "books agree",
    ]
