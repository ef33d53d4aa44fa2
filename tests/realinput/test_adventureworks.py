"""A real company's three years: 202,696 stock transactions of AdventureWorks, posted as 108,056 documents."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.companies import CompanyAddress, copy_sqlite_template
from tests.realinput.independent import Expected, expect
from tests.realinput.source import documents, folder, products

_REPOSITORY = Path(__file__).resolve().parents[2]
_DATA = folder()
_MEGABYTES_MAX = 500
_BYTES_NEEDED = 2 * 10**9

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(_DATA is None, reason="AdventureWorks is not there: set ZHANGSHI_ADVENTUREWORKS to its folder"),
]


@cache
def _expected(rows_max: int | None, *, fifo: bool) -> Expected:
    assert _DATA is not None
    return expect(products(_DATA), documents(_DATA, rows_max), fifo=fifo)


def _replayed(address: CompanyAddress, rows_max: int | None, *, fifo: bool = False) -> dict[str, Any]:
    """Replay in a process of its own, so that its peak memory is the replay's and nobody else's."""
    limit = [] if rows_max is None else ["--rows", str(rows_max)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.realinput.replay", address.url, address.schema, *limit, *["--fifo"] * fifo],
        cwd=_REPOSITORY,
        env={**os.environ, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    shown = (
        "documents",
        "moves",
        "opening_lines",
        "opening_amount",
        "posting_seconds",
        "audit_seconds",
        "peak_megabytes",
    )
    print({name: report[name] for name in shown})  # noqa: T201  # the measured times, for `pytest -rP`
    return report


def _assert_equal(report: dict[str, Any], expected: Expected) -> None:
    assert report["differences"] == []
    assert report["audited_moves"] == report["moves"]
    openings = {(kind, order_id, item): quantity for kind, order_id, item, quantity, _ in report["openings"]}
    assert openings == expected.openings
    stocked = {item: quantity for item, quantity in expected.quantities.items() if quantity}
    assert dict(report["on_hand"]) == stocked
    worth = {item: (quantity, expected.amounts[item]) for item, quantity in stocked.items()}
    told = {item: (quantity, amount) for item, quantity, amount in report["values"] if quantity or amount}
    assert told == worth
    assert report["peak_megabytes"] <= _MEGABYTES_MAX


@pytest.fixture
def address_in_memory(sqlite_address: CompanyAddress) -> Iterator[CompanyAddress]:
    """A company whose file lies in memory where the machine offers that: 130,000 commits, and no power cut to fear.

    `python -m bench --only adventureworks` measures the same on the disk.
    """
    memory = Path("/dev/shm")  # noqa: S108  # a folder with a random name is made in it
    if not memory.is_dir() or shutil.disk_usage(memory).free < _BYTES_NEEDED:
        yield sqlite_address
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield copy_sqlite_template(Path(sqlite_address.url.removeprefix("sqlite:///")), Path(folder))


@pytest.mark.timeout(900)
def test_whole_history_ends_with_the_balances_and_values_of_an_independent_sum(
    address_in_memory: CompanyAddress,
) -> None:
    report = _replayed(address_in_memory, None)
    expected = _expected(None, fifo=False)

    _assert_equal(report, expected)
    assert report["documents"] == 108_056
    assert report["moves"] == 202_696 + len(expected.openings)
    assert len(expected.quantities) == 504


@pytest.mark.timeout(600)
def test_first_months_end_alike_on_postgresql(postgresql_address: CompanyAddress) -> None:
    report = _replayed(postgresql_address, 10_000)

    _assert_equal(report, _expected(10_000, fifo=False))
    assert report["documents"] > 5_000


@pytest.mark.timeout(600)
def test_first_months_end_with_the_value_of_independent_fifo_layers(sqlite_address: CompanyAddress) -> None:
    report = _replayed(sqlite_address, 10_000, fifo=True)
    expected = _expected(10_000, fifo=True)

    _assert_equal(report, expected)
    assert expected.amounts != _expected(10_000, fifo=False).amounts
