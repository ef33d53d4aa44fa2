"""The command line: answers for people and programs, exit codes, two languages."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.companies import CompanyAddress
from zhangshi.base.errors import ErrorCode, FactValue, ZhangshiError
from zhangshi.bootstrap import SystemWiring, open_company_by_key, system_wiring
from zhangshi.cli.main import ExitCode, run
from zhangshi.cli.texts import TEXTS
from zhangshi.cli.wiring import AuditOutcome, Progress
from zhangshi.ledger.refusals import WRONG_LOCATION, word
from zhangshi.platform._copying import reflect_tables
from zhangshi.platform.directory import CompanyEntry
from zhangshi.platform.errors import READ_ONLY, UNREACHABLE
from zhangshi.platform.unit_of_work import Request, transaction

CHINESE = "账套"


class Shell:
    """Runs command lines as `main` does, in a home of its own."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.capsys = capsys
        self.wiring: Any = system_wiring

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = run(arguments, make_wiring=self.wiring)
        out, err = self.capsys.readouterr()
        return code, out, err

    def json(self, *arguments: str) -> tuple[int, Any]:
        code, out, err = self(*arguments, "--json")
        assert err == ""
        return code, json.loads(out)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    for name in [name for name in os.environ if name.startswith("ZHANGSHI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ZHANGSHI_HOME", str(tmp_path / "home"))
    return Shell(tmp_path / "home", capsys)


def test_a_company_is_made_saved_changed_and_brought_back(shell: Shell, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.db")
    code, made = shell.json("init", "factory")
    assert (code, made["company"]) == (0, "factory")
    assert shell.json("migrate")[1] == {"company": "factory", "before": made["revision"], "after": made["revision"]}
    assert shell.json("backup", file)[1]["bytes"] > 10_000
    company = open_company_by_key()
    company.write(Request("li", "k", 1), lambda _: 1, answer_type=int)
    company.close()
    code, refused = shell.json("restore", file)
    assert (code, refused["error"]["code"]) == (ExitCode.REFUSED, "platform.has_data")
    assert refused["error"]["facts"] == {"key": "factory"}
    assert "--force" in refused["error"]["message"]
    assert shell.json("restore", file, "--force") == (0, {"company": "factory", "file": file, "difference": None})
    assert shell.json("audit")[1]["clean"] is True


def test_a_company_on_postgresql_is_made_audited_and_shown(shell: Shell, postgresql_address: CompanyAddress) -> None:
    assert shell("init", "remote", "--url", postgresql_address.url, "--schema", "remote")[0] == 0
    assert shell("audit")[0] == 0
    code, shown = shell.json("info")
    assert (code, shown["company"]["database"], shown["company"]["schema"]) == (0, "postgresql", "remote")
    assert shown["company"]["bytes"] > 0


def test_info_shows_all_companies_and_details_of_one(shell: Shell) -> None:
    assert shell.json("info")[1]["companies"] == []
    shell("init", "one")
    assert shell.json("info")[1]["company"]["key"] == "one"
    shell("init", "two")
    answer = shell.json("info")[1]
    assert [company["key"] for company in answer["companies"]] == ["one", "two"]
    assert "company" not in answer
    for arguments in (("info", "--company", "two"), ("--company", "two", "info")):
        assert shell.json(*arguments)[1]["company"]["key"] == "two"
    assert "company.key" in shell("info", "--company", "two")[1]


@pytest.mark.parametrize("place", ["before", "after"])
def test_people_read_chinese_unless_they_ask_for_english(shell: Shell, place: str) -> None:
    code, out, _ = shell("init", "factory")
    assert code == 0
    assert CHINESE in out
    english = ("--language", "en")
    _, out, err = shell(*english, "migrate") if place == "before" else shell("migrate", *english)
    assert out.startswith("Company")
    assert CHINESE not in out + err


def test_a_refusal_goes_to_standard_error_with_its_code(shell: Shell) -> None:
    shell("init", "factory")
    code, out, err = shell("init", "factory")
    assert (code, out) == (ExitCode.REFUSED, "")
    assert CHINESE in err
    assert "platform.company_exists" in err


@pytest.mark.parametrize(
    ("arguments", "expected", "code"),
    [
        (("bogus",), ExitCode.USAGE, "cli.usage"),
        (("init",), ExitCode.USAGE, "cli.usage"),
        (("init", "x", "--language", "fr"), ExitCode.USAGE, "cli.usage"),
        (("init", "../x"), ExitCode.REFUSED, "platform.bad_company_key"),
        (("audit",), ExitCode.REFUSED, "platform.unknown_company"),
        (("init", "x", "--url", "postgresql://u:p@127.0.0.1:1/x"), ExitCode.UNREACHABLE, "platform.unreachable"),
        (("init", "x", "--url", "mysql://h/x"), ExitCode.REFUSED, "platform.unsupported_url"),
    ],
)
def test_exit_codes(shell: Shell, arguments: Sequence[str], expected: ExitCode, code: str) -> None:
    found, answer = shell.json(*arguments)
    assert (found, answer["error"]["code"]) == (expected, code)
    found, out, err = shell(*arguments)
    assert (found, out) == (expected, "")
    assert code in err


def test_a_failed_init_leaves_no_entry(shell: Shell) -> None:
    shell("init", "x", "--url", "postgresql://u:p@127.0.0.1:1/x")
    assert shell.json("info")[1]["companies"] == []


def test_a_wrong_setting_is_refused(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGSHI_LANGUAGE", "fr")
    code, answer = shell.json("info")
    assert (code, answer["error"]["code"]) == (ExitCode.REFUSED, "platform.bad_setting")


def test_an_audit_that_differs_names_the_first_difference(shell: Shell, tmp_path: Path) -> None:
    shell("init", "factory")
    file = str(tmp_path / "tampered.db")
    company = open_company_by_key()
    with transaction(company.database) as session:
        balance = reflect_tables(session).tables["balance"]
        row = {column.name: 0 if isinstance(column.type, sa.Integer) else "" for column in balance.columns}
        row |= {"item_id": 7, "location_id": 8, "status": "available", "quantity": 5_000_000}
        session.core.execute(balance.insert().values(row))
    company.close()
    code, answer = shell.json("audit")
    assert (code, answer["clean"]) == (ExitCode.DIFFERENCE, False)
    assert answer["differences"][0]["item_id"] == "7"
    code, out, _ = shell("audit")
    assert code == ExitCode.DIFFERENCE
    assert "item_id=7" in out
    shell("backup", file)
    code, answer = shell.json("restore", file, "--force")
    assert (code, answer["error"]["code"]) == (ExitCode.DIFFERENCE, "platform.restore_differs")
    code, answer = shell.json("restore", file, "--force", "--accept-differences")
    assert code == ExitCode.DIFFERENCE
    assert "item_id=7" in answer["difference"]


class Broken(SystemWiring):
    """A wiring whose audit fails in the given way."""

    error: BaseException

    def audit(self, entry: CompanyEntry, progress: Progress) -> AuditOutcome:  # noqa: ARG002 - it fails anyway
        raise self.error


@pytest.mark.parametrize(
    ("error", "expected", "code"),
    [
        (RuntimeError("a bug"), ExitCode.INTERNAL, "cli.internal"),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "cli.interrupted"),
        (ZhangshiError(UNREACHABLE, url="u", detail="d"), ExitCode.UNREACHABLE, "platform.unreachable"),
        (ZhangshiError(READ_ONLY, url="u"), ExitCode.REFUSED, "platform.read_only"),
    ],
)
def test_whatever_happens_ends_in_a_code(shell: Shell, error: BaseException, expected: ExitCode, code: str) -> None:
    shell("init", "factory")
    broken = Broken(system_wiring().settings)
    broken.error = error
    shell.wiring = lambda: broken
    found, out, err = shell("audit", "--json")
    assert found == expected
    assert json.loads(out)["error"]["code"] == code
    assert ("Traceback" in err) == (expected is ExitCode.INTERNAL)


def test_programs_get_the_stable_word_and_people_their_own(shell: Shell) -> None:
    shell("init", "factory")
    broken = Broken(system_wiring().settings)
    broken.error = ZhangshiError(WRONG_LOCATION, location=7, kind=word("bin"), wanted=word("customer"))
    shell.wiring = lambda: broken

    _, answer = shell.json("audit")

    assert answer["error"]["facts"] == {"location": 7, "kind": "bin", "wanted": "customer"}
    assert "“库位”,这一步需要“客户”" in answer["error"]["message"]


def test_every_sentence_has_both_languages_and_the_same_facts() -> None:
    for name, (zh, en) in TEXTS.items():
        facts: dict[str, FactValue] = ErrorFacts()
        shown = ErrorCode(name, zh, en)
        assert shown.zh.format_map(facts)
        used = set(facts)
        facts.clear()
        assert shown.en.format_map(facts)
        assert used == set(facts), name


class ErrorFacts(dict[str, FactValue]):
    """Remembers which facts a sentence asked for."""

    def __missing__(self, key: str) -> FactValue:
        self[key] = "1"
        return "1"


@pytest.mark.slow
def test_the_real_program_runs(tmp_path: Path) -> None:
    environment = {**os.environ, "ZHANGSHI_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "zhangshi"]
    done = subprocess.run([*command, "init", "factory"], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    done = subprocess.run([*command, "audit", "--json"], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")  # no progress bar where nobody looks
    assert json.loads(done.stdout)["clean"] is True
