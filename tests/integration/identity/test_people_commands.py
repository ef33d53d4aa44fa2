"""The commands `zhangshi user …`, and the owner that `zhangshi init` makes."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.integration.identity.office import RepeatableNoise
from zhangshi.bootstrap import SystemWiring, open_entry
from zhangshi.cli.main import ExitCode, run
from zhangshi.identity.model import SignedIn
from zhangshi.identity.service.authentication import Authenticator
from zhangshi.identity.service.departments import create_department
from zhangshi.identity.service.gate import Gate
from zhangshi.platform.settings import settings_from_environment
from zhangshi.platform.unit_of_work import Request

Call = Callable[..., tuple[int, dict[str, Any]]]
GROUPS = 4


@pytest.fixture
def wiring(tmp_path: Path) -> SystemWiring:
    return SystemWiring(settings_from_environment({"ZHANGSHI_HOME": str(tmp_path / "home")}))


@pytest.fixture
def call(wiring: SystemWiring, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command line with --json; return its exit code and answer."""

    def do(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = run([*arguments, "--json"], make_wiring=lambda: wiring)
        return code, json.loads(capsys.readouterr().out)

    return do


def sign_in(wiring: SystemWiring, login: str, password: str) -> SignedIn:
    company = open_entry(wiring.directory.get_entry("shop"))
    try:
        gate = Gate(
            company=company, passwords=wiring.passwords(), noise=RepeatableNoise(), authenticator=Authenticator()
        )
        return gate.sign_in(login=login, password=password)
    finally:
        company.close()


def test_init_makes_an_owner_whose_password_is_shown_once(call: Call, wiring: SystemWiring) -> None:
    _, made = call("init", "shop", "--owner", "Wang")

    assert made["owner"]["login"] == "Wang"
    person = sign_in(wiring, "wang", made["owner"]["password"]).person
    assert (person.is_owner, person.must_change_password) == (True, True)

    entry = wiring.directory.get_entry("shop")
    code, again = call("init", "shop2", "--url", entry.url)
    assert (code, "owner" in again) == (0, False), "the database had its owner already"


def test_a_person_is_added_changed_and_kept_out(call: Call, wiring: SystemWiring) -> None:
    call("init", "shop")
    code, added = call("user", "add", "Li", "李明", "--role", "buyer", "--role", "inspector", "--speaks", "en")
    assert (code, added["login"], added["roles"], added["active"]) == (0, "li", "buyer, inspector", True)
    person = sign_in(wiring, "li", added["password"]).person
    assert (person.name, person.language, person.roles) == ("李明", "en", {"buyer", "inspector"})

    assert call("user", "roles", "li")[1]["roles"] == "buyer, inspector"
    assert call("user", "roles", "li", "planner")[1]["roles"] == "planner"
    assert call("user", "roles", "li", "--none")[1]["roles"] == ""
    assert call("user", "roles", "li", "planner", "--none")[0] == ExitCode.USAGE
    _, reset = call("user", "password", "li")
    assert reset["password"] != added["password"]
    assert sign_in(wiring, "li", reset["password"]).person.roles == frozenset()
    assert call("user", "sign-out", "li") == (0, {"login": "li", "signed_out": True})
    assert call("user", "disable", "li")[1]["active"] is False
    assert call("user", "password", "li")[1]["error"]["code"] == "identity.user_disabled"
    assert [one["login"] for one in call("user", "list")[1]["users"]] == ["li", "owner"]
    assert [one["login"] for one in call("user", "list", "--active")[1]["users"]] == ["owner"]
    assert call("user", "enable", "li")[1]["active"] is True


def test_a_person_is_put_into_a_department_by_its_code(call: Call, wiring: SystemWiring) -> None:
    call("init", "shop")
    company = open_entry(wiring.directory.get_entry("shop"))
    department_id = company.write(
        Request("cli", "d", None), partial(create_department, by=None, code="WH", name="仓库"), answer_type=int
    )
    company.close()

    assert call("user", "add", "li", "李", "--department", "WH")[1]["department_id"] == str(department_id)
    code, refused = call("user", "add", "wang", "王", "--department", "XX")
    assert (code, refused["error"]["code"]) == (1, "identity.unknown_department")


@pytest.mark.parametrize("command", ["password", "disable", "enable", "roles", "sign-out"])
def test_somebody_who_is_not_there_is_named(call: Call, command: str) -> None:
    call("init", "shop")
    code, refused = call("user", command, "nobody")
    assert (code, refused["error"]["code"], refused["error"]["facts"]) == (
        1, "identity.unknown_user", {"user": "nobody"},
    )  # fmt: skip


def test_the_last_owner_is_kept_on_the_command_line_too(call: Call) -> None:
    call("init", "shop")
    for arguments in (("disable", "owner"), ("roles", "owner", "buyer"), ("roles", "owner", "--none")):
        assert call("user", *arguments)[1]["error"]["code"] == "identity.last_owner"


def test_a_password_is_shown_to_people_as_they_can_copy_it(
    wiring: SystemWiring, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["init", "shop"], make_wiring=lambda: wiring)
    password = capsys.readouterr().out.strip().rpartition(":")[2]
    assert [len(group) for group in password.split("-")] == [4] * GROUPS
    assert sign_in(wiring, "owner", password).person.is_owner
