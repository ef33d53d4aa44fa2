"""The command `zhangshi import-profile`: refuses what it cannot take over, and says what it did."""

import json
from pathlib import Path

import pytest

from tests.realinput.source import folder
from zhangshi.bootstrap import system_wiring
from zhangshi.cli.main import run

_DATA = folder()
pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """An installation with one company, without packs."""
    monkeypatch.setenv("ZHANGSHI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ZHANGSHI_LANGUAGE", "en")
    monkeypatch.delenv("ZHANGSHI_COMPANY", raising=False)
    assert run(["init", "factory"], make_wiring=system_wiring) == 0
    capsys.readouterr()
    return tmp_path


def _import(data: Path, *options: str) -> int:
    return run(["import-profile", "adventureworks", str(data), "--json", *options], make_wiring=system_wiring)


def test_a_folder_without_the_data_is_refused_by_the_name_of_what_is_missing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(home) == 1

    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], error["facts"]["file"]) == ("adventureworks.not_there", "product.csv")


@pytest.mark.skipif(_DATA is None, reason="AdventureWorks is not there: set ZHANGSHI_ADVENTUREWORKS to its folder")
def test_a_company_is_imported_once_and_needs_the_pack(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _DATA is not None
    assert _import(_DATA) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "adventureworks.no_pack"
    assert run(["pack", "install", "manufacturing", "--yes"], make_wiring=system_wiring) == 0
    capsys.readouterr()

    assert _import(_DATA, "--documents", "2", "--year", "2012") == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer["records"]["item"] == 504
    assert {answer["records"][entity] for entity in ("purchase_order", "work_order", "sales_order", "payment")} == {2}
    assert answer["opening"]
    assert run(["audit"], make_wiring=system_wiring) == 0
    capsys.readouterr()
    assert _import(_DATA) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "adventureworks.imported_before"
