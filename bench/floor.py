"""The floor: what the bare driver needs for the rows of a posting, with nothing decided and nothing checked.

One header, ten ledger lines and ten balance upserts in one transaction, in narrow tables without an index beside the
key, on the settings that the product uses (WAL and fsync at commit; synchronous commit). No posting can be faster.
"""

import itertools
from collections.abc import Callable
from pathlib import Path

import psycopg
from pysqlite3 import dbapi2 as sqlite

ITEMS = 1000
_HEADER = "INSERT INTO floor_header (id, kind, on_day, at, actor) VALUES (?, ?, ?, ?, ?)"
_LINE = (
    "INSERT INTO floor_line (header_id, line_no, item_id, location_id, lot_id, quantity, unit_cost, amount)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_BALANCE = (
    "INSERT INTO floor_balance (item_id, location_id, lot_id, quantity, amount) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (item_id, location_id, lot_id) DO UPDATE SET quantity = floor_balance.quantity + excluded.quantity,"
    " amount = floor_balance.amount + excluded.amount"
)
_TABLES = """
CREATE TABLE floor_header (
    id BIGINT PRIMARY KEY, kind TEXT NOT NULL, on_day TEXT NOT NULL, at BIGINT NOT NULL, actor TEXT NOT NULL
);
CREATE TABLE floor_line (
    header_id BIGINT NOT NULL, line_no BIGINT NOT NULL, item_id BIGINT NOT NULL, location_id BIGINT NOT NULL,
    lot_id BIGINT NOT NULL, quantity BIGINT NOT NULL, unit_cost BIGINT NOT NULL, amount BIGINT NOT NULL,
    PRIMARY KEY (header_id, line_no)
);
CREATE TABLE floor_balance (
    item_id BIGINT NOT NULL, location_id BIGINT NOT NULL, lot_id BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0), amount BIGINT NOT NULL, PRIMARY KEY (item_id, location_id, lot_id)
);
"""

Write = Callable[[], None]


Rows = list[tuple[int, ...]]


def rows_of(number: int, lines: int) -> tuple[tuple[object, ...], Rows, Rows]:
    """Return header, ledger lines and balances of the receipt `number`."""
    items = sorted({(number * lines + line) % ITEMS for line in range(lines)})
    header = (number, "receive", "2026-11-02", 1_793_577_600_000_000 + number, "bench")
    ledger: Rows = [(number, n, item, 11, 0, 10_000_000, 5_000_000, 5_000) for n, item in enumerate(items, 1)]
    balances: Rows = [(item, 11, 0, 10_000_000, 5_000) for item in items]
    return header, ledger, balances


def prepare_sqlite(file: Path) -> None:
    """Make the floor's tables."""
    connection = _open_sqlite(file)
    connection.executescript(_TABLES.replace("BIGINT", "INTEGER").replace(");", ") STRICT;"))
    connection.close()


def _open_sqlite(file: Path) -> sqlite.Connection:
    connection = sqlite.connect(str(file), isolation_level=None)
    for setting in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "cache_size=-65536"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def sqlite_writer(file: Path, *, first: int, lines: int = 10) -> Write:
    """Return a function that writes the next receipt, numbered from `first`."""
    cursor = _open_sqlite(file).cursor()
    numbers = itertools.count(first)

    def write() -> None:
        header, ledger, balances = rows_of(next(numbers), lines)
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(_HEADER, header)
        cursor.executemany(_LINE, ledger)
        cursor.executemany(_BALANCE, balances)
        cursor.execute("COMMIT")

    return write


def prepare_postgresql(url: str) -> None:
    """Make the floor's tables, in the schema `public`."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLES)


def postgresql_writer(url: str, *, first: int, lines: int = 10) -> Write:
    """Return a function that writes the next receipt, numbered from `first`."""
    connection = psycopg.connect(url)
    connection.prepare_threshold = 1
    cursor = connection.cursor()
    numbers = itertools.count(first)
    header_text, line_text, balance_text = (text.replace("?", "%s") for text in (_HEADER, _LINE, _BALANCE))

    def write() -> None:
        header, ledger, balances = rows_of(next(numbers), lines)
        cursor.execute(header_text, header)
        cursor.executemany(line_text, ledger)
        cursor.executemany(balance_text, balances)
        connection.commit()

    return write
