"""The company directory: several companies, kept safely, read clearly."""

import stat
from pathlib import Path

import pytest

from tests.integration.platform.other_process import SECONDS_MAX, SPAWN
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.directory import CompanyEntry, Directory, shown_url

FIRST = CompanyEntry(key="factory", url="postgresql://u:s3cret@127.0.0.1/db", schema="one")
SECOND = CompanyEntry(key="shop-2", url="sqlite:////data/shop.db")


def code_of(refused: pytest.ExceptionInfo[ZhangshiError]) -> str:
    return refused.value.code


def test_companies_are_found_again(tmp_path: Path) -> None:
    directory = Directory(tmp_path / "home")
    assert directory.list_entries() == []
    directory.add_entry(SECOND)
    directory.add_entry(FIRST)
    assert Directory(tmp_path / "home").list_entries() == [FIRST, SECOND]
    assert directory.get_entry("shop-2") == SECOND


def test_the_only_company_needs_no_name_and_one_of_several_does(tmp_path: Path) -> None:
    directory = Directory(tmp_path)
    with pytest.raises(ZhangshiError) as refused:
        directory.get_entry("")
    assert code_of(refused) == "platform.unknown_company"
    directory.add_entry(FIRST)
    assert directory.get_entry("") == FIRST
    directory.add_entry(SECOND)
    with pytest.raises(ZhangshiError) as refused:
        directory.get_entry("")
    assert code_of(refused) == "platform.which_company"
    assert refused.value.facts == {"known": "factory, shop-2"}
    with pytest.raises(ZhangshiError) as refused:
        directory.get_entry("other")
    assert refused.value.facts == {"key": "other", "known": "factory, shop-2"}


def test_only_the_owner_may_read_the_passwords(tmp_path: Path) -> None:
    directory = Directory(tmp_path)
    directory.add_entry(FIRST)
    directory.add_entry(SECOND)
    assert stat.S_IMODE(directory.file.stat().st_mode) == 0o600
    assert shown_url(FIRST.url) == "postgresql://u:***@127.0.0.1/db"


def test_a_key_is_used_once(tmp_path: Path) -> None:
    directory = Directory(tmp_path)
    directory.add_entry(FIRST)
    with pytest.raises(ZhangshiError) as refused:
        directory.add_entry(CompanyEntry(key="factory", url="sqlite:///x.db"))
    assert code_of(refused) == "platform.company_exists"
    assert "s3cret" not in str(refused.value)
    assert directory.list_entries() == [FIRST]


@pytest.mark.parametrize("key", ["", "Factory", "厂", "a b", "../x", "a" * 41])
def test_a_key_that_cannot_name_a_file_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ZhangshiError) as refused:
        Directory(tmp_path).add_entry(CompanyEntry(key=key, url="sqlite:///x.db"))
    assert code_of(refused) == "platform.bad_company_key"


@pytest.mark.parametrize(
    "text", ["companies = 3", "[companies.a]\nurl", '[companies.a]\nschema = "x"', "[companies]\na = 1"]
)
def test_a_directory_that_makes_no_sense_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "companies.toml").write_text(text)
    with pytest.raises(ZhangshiError) as refused:
        Directory(tmp_path).list_entries()
    assert code_of(refused) == "platform.bad_directory"


def add_ten(home: Path, letter: str) -> None:
    for number in range(10):
        Directory(home).add_entry(CompanyEntry(key=f"{letter}{number}", url="sqlite:///x.db"))


@pytest.mark.slow
def test_two_processes_lose_no_entry(tmp_path: Path) -> None:
    processes = [SPAWN.Process(target=add_ten, args=(tmp_path, letter)) for letter in "ab"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(SECONDS_MAX)
        assert process.exitcode == 0
    assert len(Directory(tmp_path).list_entries()) == 20
