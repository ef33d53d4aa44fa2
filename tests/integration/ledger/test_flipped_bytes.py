"""One flipped byte in the SQLite file, as a bad disk or a hex editor leaves it: the audit sees it and says where."""

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.clocks import SettableClock
from tests.companies import CompanyAddress
from tests.integration.ledger.tampering import Books
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.bootstrap import system_wiring
from zhangshi.cli.main import ExitCode, run
from zhangshi.ledger.service.audit import audit
from zhangshi.platform.databases import sqlite_file
from zhangshi.platform.directory import CompanyEntry, Directory
from zhangshi.platform.unit_of_work import open_company

_LEAF_OF_INDEX = 0x0A  # tables WITHOUT ROWID are kept as indexes
_TABLES = ("posting", "move", "trace", "seal", "balance", "cost_layer", "genealogy_edge", "wip_order", "wip_material",
           "snapshot_balance", "snapshot_value")  # fmt: skip
_A_MOVE = b"valueperiod_settlement"  # pricing and reason, side by side in the settlement's move and nowhere else


class Cell(NamedTuple):
    """Where a row lies in the file."""

    begin: int
    end: int


class File:
    """A company's file with the tampering month in it, closed."""

    def __init__(self, address: CompanyAddress, clock: SettableClock) -> None:
        self.address, self.clock = address, clock
        company = open_company(key="t", url=address.url, schema=address.schema, clock=clock, ids=CountingIds())
        self.books = Books(company, clock)
        with company.read() as session:
            rows = session.core.exec_driver_sql(
                "SELECT posting_id FROM posting WHERE command = 'settle_period'"
            ).fetchall()
        self.books.names["SETTLED"] = rows[0][0]
        company.close()
        path = sqlite_file(address.url)
        assert path is not None
        self.path = path
        self.whole = path.read_bytes()

    def flip(self, offset: int, bit: int = 0) -> None:
        """Write the file with that one bit changed."""
        flipped = bytes([self.whole[offset] ^ (1 << bit)])
        self.path.write_bytes(self.whole[:offset] + flipped + self.whole[offset + 1 :])

    def audit(self) -> list[str]:
        """What the audit finds; what a refusal to read the file says counts too."""
        try:
            company = open_company(
                key="t", url=self.address.url, schema=self.address.schema, clock=self.clock, ids=CountingIds(10**9)
            )
            try:
                with company.read() as session:
                    return [self.books.named(difference) for difference in audit(session).differences]
            finally:
                company.close()
        except ZhangshiError as error:
            return [error.code]

    def row(self, text: bytes) -> Cell:
        """The row of a WITHOUT ROWID table that holds `text`."""
        size = int.from_bytes(self.whole[16:18], "big")
        found = [
            cell
            for page in range(0, len(self.whole), size)
            if self.whole[page] == _LEAF_OF_INDEX
            for cell in self._cells(page)
            if text in self.whole[cell.begin : cell.end]
        ]
        assert len(found) == 1
        return found[0]

    def _cells(self, page: int) -> Iterator[Cell]:
        for number in range(int.from_bytes(self.whole[page + 3 : page + 5], "big")):
            pointer = page + 8 + 2 * number
            begin = page + int.from_bytes(self.whole[pointer : pointer + 2], "big")
            high, low = self.whole[begin], self.whole[begin + 1]  # a payload's length: one byte, or two from 128 on
            length = 1 + high if high < 128 else 2 + (high & 127) * 128 + low
            yield Cell(begin, begin + length)


@pytest.fixture
def file(sqlite_address: CompanyAddress, clock: SettableClock) -> File:
    return File(sqlite_address, clock)


def test_the_file_is_clean_before_a_byte_is_flipped(file: File) -> None:
    assert file.audit() == []


def test_every_byte_of_a_move_is_watched(file: File) -> None:
    row = file.row(_A_MOVE)
    said = {}
    for offset in range(row.begin, row.end):
        file.flip(offset, bit=offset % 8)
        said[offset] = file.audit()
    assert not [offset - row.begin for offset, found in said.items() if not found]


def test_a_changed_byte_of_a_move_is_traced_to_its_posting(file: File) -> None:
    row = file.row(_A_MOVE)
    reason = file.whole.index(_A_MOVE, row.begin)
    first_of = {"amount": reason - 1, "pricing": reason, "reason": reason + 5, "effective_on": row.end - 1}
    named = {}
    for column, offset in first_of.items():
        file.flip(offset)
        named[column] = file.audit()[0]
    assert named == dict.fromkeys(("amount", "pricing", "reason"), "digest SETTLED") | {
        "effective_on": "move_date SETTLED"
    }
    file.flip(reason, bit=7)  # no UTF-8 any more
    assert file.audit()[0] == "unreadable"


def test_the_command_line_ends_with_its_code_and_names_the_posting(
    file: File, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHANGSHI_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    Directory(tmp_path / "home").add_entry(
        CompanyEntry(key="factory", url=file.address.url, schema=file.address.schema)
    )

    def audited() -> tuple[int, Any]:
        code = run(["audit", "--json"], make_wiring=system_wiring)
        return code, json.loads(capsys.readouterr().out)

    assert audited()[0] == ExitCode.OK
    file.flip(file.whole.index(_A_MOVE, file.row(_A_MOVE).begin) - 1)
    code, answer = audited()
    assert code == ExitCode.DIFFERENCE
    assert answer["clean"] is False
    first = answer["differences"][0]
    assert (first["code"], first["posting_id"]) == ("digest", str(file.books.names["SETTLED"]))


def test_a_page_that_is_no_page_any_more_is_told_with_the_file(file: File) -> None:
    page = file.row(_A_MOVE).begin // 4096 * 4096
    file.flip(page, bit=3)
    assert file.audit() in (["platform.not_a_database"], ["file"])


def _facts(path: Path) -> list[list[tuple[object, ...]]] | None:
    """What the file says, table by table; None where it cannot be read any more."""
    connection = sqlite3.connect(path)
    try:
        return [sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in _TABLES]
    except (sqlite3.Error, ValueError):  # ValueError: text that is no UTF-8
        return None
    finally:
        connection.close()


def test_a_byte_anywhere_either_holds_no_fact_or_is_seen(file: File) -> None:
    said = _facts(file.path)
    assert said is not None
    dice, changed = random.Random(7), 0
    for offset in dice.sample(range(100, len(file.whole)), 300):
        file.flip(offset, bit=dice.randrange(8))
        if _facts(file.path) == said:
            continue
        changed += 1
        assert file.audit(), offset
    assert changed > 3
