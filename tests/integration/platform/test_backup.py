"""A backup is whole, made while people work, and can be restored into either database; a crash leaves no half."""

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.companies import CompanyAddress, new_database
from tests.integration.platform import other_process as other
from tests.integration.platform.example_rows import count_all, fill_every_table
from tests.integration.platform.other_process import SECONDS_MAX, SPAWN
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.backup import back_up
from zhangshi.platform.databases import open_database
from zhangshi.platform.directory import CompanyEntry
from zhangshi.platform.migrations import migrate
from zhangshi.platform.restore import restore
from zhangshi.platform.revisions import head_revision, revisions
from zhangshi.platform.unit_of_work import Company, Request, transaction

USER_TABLE = (
    "CREATE TABLE user_form (form_id BIGINT NOT NULL PRIMARY KEY, title TEXT NOT NULL, picture {blob}, "
    "parent_id BIGINT REFERENCES user_form (form_id), CONSTRAINT user_form_positive_check CHECK (form_id > 0))"
)


def fill(address: CompanyAddress) -> dict[str, list[Any]]:
    """Put rows into all tables, and add a table that no migration knows; return all rows."""
    database = open_database(url=address.url, schema=address.schema)
    with transaction(database, bulk=True) as session:
        on_sqlite = database.dialect.name == "sqlite"
        ddl = USER_TABLE.format(blob="BLOB" if on_sqlite else "BYTEA")
        session.core.exec_driver_sql(f"{ddl.replace('BIGINT', 'INTEGER')} STRICT" if on_sqlite else ddl)
        session.core.exec_driver_sql("CREATE UNIQUE INDEX user_form_title_idx ON user_form (title)")
        fill_every_table(session)
        rows = count_all(session)
    database.close()
    assert all(rows.values())
    return rows


def everything(address: CompanyAddress) -> dict[str, list[Any]]:
    database = open_database(url=address.url, schema=address.schema)
    with transaction(database, read_only=True) as session:
        rows = count_all(session)
    database.close()
    return rows


def save(
    address: CompanyAddress, file: Path, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> None:
    database = open_database(url=address.url, schema=address.schema)
    back_up(key="test", database=database, file=file, progress=progress)
    database.close()


def entry(address: CompanyAddress) -> CompanyEntry:
    return CompanyEntry(key="test", url=address.url, schema=address.schema)


@pytest.fixture(params=["sqlite", "postgresql"])
def nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CompanyAddress]:
    """A place where no company is yet."""
    if request.param == "sqlite":
        yield CompanyAddress(f"sqlite:///{tmp_path}/restored.db", "factory")
        return
    with new_database(request.getfixturevalue("pg_url"), "restored") as url:
        yield CompanyAddress(url, "factory")


def test_a_backup_is_one_file_and_restores_into_either_database(
    address: CompanyAddress, nowhere: CompanyAddress, tmp_path: Path
) -> None:
    rows = fill(address)
    told: list[tuple[int, int]] = []
    save(address, tmp_path / "backup.db", lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0
    assert {file.name for file in tmp_path.glob("backup*")} == {"backup.db"}
    restore(entry=entry(nowhere), file=tmp_path / "backup.db")
    assert everything(nowhere) == rows
    other.opened(nowhere).close()


def test_a_company_moves_to_the_other_database_and_back_unchanged(
    sqlite_address: CompanyAddress, postgresql_address: CompanyAddress, tmp_path: Path
) -> None:
    rows = fill(sqlite_address)
    save(sqlite_address, tmp_path / "there.db")
    restore(entry=entry(postgresql_address), file=tmp_path / "there.db")
    save(postgresql_address, tmp_path / "back.db")
    back = CompanyAddress(f"sqlite:///{tmp_path}/back_home.db", "factory")
    restore(entry=entry(back), file=tmp_path / "back.db")
    assert everything(back) == rows
    refused = sqlite3.connect(tmp_path / "back_home.db")
    for statement in (
        "INSERT INTO user_form VALUES (0, 'x', NULL, NULL)",
        "INSERT INTO user_form VALUES ('x', 'y', NULL, NULL)",
    ):
        with pytest.raises(sqlite3.IntegrityError):  # the user's table kept its CHECK and is STRICT
            refused.execute(statement)
    refused.close()


@pytest.mark.slow
def test_writers_go_on_while_a_backup_is_made(address: CompanyAddress, tmp_path: Path) -> None:
    ready, leave, answers = SPAWN.Event(), SPAWN.Event(), SPAWN.Queue()
    writer = SPAWN.Process(target=other.write_until_told, args=(address, ready, leave, answers))
    writer.start()
    assert ready.wait(SECONDS_MAX)
    counts = []
    for number in range(3):
        save(address, tmp_path / f"{number}.db")
        restored = CompanyAddress(f"sqlite:///{tmp_path}/restored{number}.db", "factory")
        restore(entry=entry(restored), file=tmp_path / f"{number}.db")
        rows = everything(restored)
        assert len(rows["outbox_event"]) == 2 * len(rows["request"]), "half a transaction is in the backup"
        counts.append(len(rows["request"]))
    leave.set()
    written = answers.get(timeout=SECONDS_MAX)
    writer.join(SECONDS_MAX)
    assert 20 <= counts[0] < counts[1] < counts[2] < written


def test_restore_refuses_a_company_with_data_unless_forced(address: CompanyAddress, tmp_path: Path) -> None:
    save(address, tmp_path / "empty.db")
    company = other.opened(address)
    company.write(Request("a", "k", 1), lambda _: 1, answer_type=int)
    company.close()
    with pytest.raises(ZhangshiError) as refused:
        restore(entry=entry(address), file=tmp_path / "empty.db")
    assert refused.value.code == "platform.has_data"
    assert len(everything(address)["request"]) == 1
    restore(entry=entry(address), file=tmp_path / "empty.db", force=True)
    assert everything(address)["request"] == []


def test_restore_keeps_the_company_when_the_audit_differs(address: CompanyAddress, tmp_path: Path) -> None:
    save(address, tmp_path / "empty.db")
    rows = fill(address)
    seen = []

    def verify(provisional: CompanyEntry) -> str:
        seen.append(everything(CompanyAddress(provisional.url, provisional.schema))["request"])
        return "one is missing"

    with pytest.raises(ZhangshiError) as refused:
        restore(entry=entry(address), file=tmp_path / "empty.db", force=True, verify=verify)
    assert refused.value.code == "platform.restore_differs"
    assert refused.value.facts["difference"] == "one is missing"
    assert everything(address) == rows
    accepted = restore(
        entry=entry(address), file=tmp_path / "empty.db", force=True, accept_differences=True, verify=verify
    )
    assert accepted == "one is missing"
    assert seen == [[], []]
    assert everything(address)["request"] == []


def test_restore_refuses_a_file_in_use(sqlite_company: Company, sqlite_address: CompanyAddress, tmp_path: Path) -> None:
    save(sqlite_address, tmp_path / "backup.db")
    with pytest.raises(ZhangshiError) as refused:
        restore(entry=entry(sqlite_address), file=tmp_path / "backup.db", force=True)
    assert refused.value.code == "platform.in_use"
    sqlite_company.write(Request("a", "k", 1), lambda _: 1, answer_type=int)


def killed_while_verifying(address: CompanyAddress, file: Path) -> None:
    """Die at the worst moment: everything is restored and nothing swapped in."""

    def verify(_provisional: CompanyEntry) -> str | None:
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    restore(entry=entry(address), file=file, force=True, verify=verify)


@pytest.mark.slow
def test_a_restore_that_dies_leaves_the_company_as_it_was(address: CompanyAddress, tmp_path: Path) -> None:
    save(address, tmp_path / "empty.db")
    rows = fill(address)
    process = SPAWN.Process(target=killed_while_verifying, args=(address, tmp_path / "empty.db"))
    process.start()
    process.join(SECONDS_MAX)
    assert process.exitcode == -signal.SIGKILL
    assert everything(address) == rows
    restore(entry=entry(address), file=tmp_path / "empty.db", force=True)  # what was left lying does not disturb
    assert everything(address)["request"] == []


def test_an_older_backup_is_restored_and_upgraded(nowhere: CompanyAddress, tmp_path: Path) -> None:
    old = CompanyAddress(f"sqlite:///{tmp_path}/old.db", "factory")
    migrate(url=old.url, schema=old.schema, revision=revisions()[0])
    database = open_database(url=old.url)
    with transaction(database) as session:
        fill_every_table(session)
    back_up(key="old", database=database, file=tmp_path / "backup.db")
    database.close()
    restore(entry=entry(nowhere), file=tmp_path / "backup.db")
    other.opened(nowhere).close()
    assert len(everything(nowhere)["request"]) == 2


def test_a_newer_backup_is_refused(nowhere: CompanyAddress, sqlite_address: CompanyAddress, tmp_path: Path) -> None:
    save(sqlite_address, tmp_path / "backup.db")
    with sqlite3.connect(tmp_path / "backup.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(ZhangshiError) as refused:
        restore(entry=entry(nowhere), file=tmp_path / "backup.db")
    assert refused.value.code == "platform.newer_than_program"
    assert refused.value.facts["head"] == head_revision()


@pytest.mark.parametrize("content", [None, b"", b"Dear Sir or Madam, " * 500])
def test_what_is_no_backup_is_refused(nowhere: CompanyAddress, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "letter"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ZhangshiError) as refused:
        restore(entry=entry(nowhere), file=file)
    assert refused.value.code == "platform.not_a_backup"


def test_a_damaged_backup_is_refused(nowhere: CompanyAddress, sqlite_address: CompanyAddress, tmp_path: Path) -> None:
    fill(sqlite_address)
    file = tmp_path / "backup.db"
    save(sqlite_address, file)
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 12] = b"\x07" * 4096 * 9
    file.write_bytes(content)
    with pytest.raises(ZhangshiError) as refused:
        restore(entry=entry(nowhere), file=file)
    assert refused.value.code == "platform.not_a_backup"


def test_a_backup_overwrites_nothing_and_needs_a_folder(address: CompanyAddress, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    for file, code in (
        (tmp_path / "there", "platform.backup_target_exists"),
        (tmp_path / "no" / "folder", "platform.cannot_write_file"),
    ):
        with pytest.raises(ZhangshiError) as refused:
            save(address, file)
        assert refused.value.code == code
    assert (tmp_path / "there").read_text() == "mine"


def test_a_damaged_company_is_replaced_when_forced(sqlite_address: CompanyAddress, tmp_path: Path) -> None:
    save(sqlite_address, tmp_path / "backup.db")
    damaged = CompanyAddress(f"sqlite:///{tmp_path}/damaged.db", "factory")
    (tmp_path / "damaged.db").write_bytes(b"not a database at all" * 100)
    (tmp_path / "damaged.db-wal").write_bytes(b"nor a log")
    with pytest.raises(ZhangshiError) as refused:
        restore(entry=entry(damaged), file=tmp_path / "backup.db")
    assert refused.value.code == "platform.has_data"
    restore(entry=entry(damaged), file=tmp_path / "backup.db", force=True)
    other.opened(damaged).close()
