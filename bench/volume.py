"""Companies with 10 thousand, 100 thousand and a million moves, made by real postings and kept between runs.

Each item goes round four kinds of document: a receipt into bin 1, one into bin 2, an issue of a part, a put-away into
bin 3. So the number of balances is the same at every size, and only the history grows. Ten lines a document, a day's
documents after the other over 200 days, with the snapshots that a night would have taken and thinned.
"""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import psycopg
from pysqlite3 import dbapi2 as sqlite

import zhangshi.platform
from bench.company import (
    BINS,
    CUSTOMER,
    FIRST_ITEM,
    ITEMS,
    SCHEMA,
    TEN_PIECES,
    Place,
    Poster,
    make_company,
    opened,
    receipt,
)
from zhangshi.base.numbers import Quantity
from zhangshi.ledger.commands import Command, Issue, OutLine, PutAway, PutAwayLine
from zhangshi.ledger.service.sealing import seal_pending
from zhangshi.ledger.service.snapshots import KEEP_DAYS, take_snapshot
from zhangshi.platform.migrate import migrate
from zhangshi.platform.unit_of_work import Company, Request

DAYS = 200
_LINES = 10
_DOCUMENTS_IN_ONE_WRITE = 200
_CYCLE = ITEMS // _LINES
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'alembic%'"
    " ORDER BY rowid"  # as the migrations made them: what is referred to comes first
)


def sqlite_company(cache: Path, moves: int) -> Path:
    """Return the file of a company with `moves` moves, built now (50 s for a million) or in an earlier run."""
    name = f"volume-{moves}-{_schema_mark()}"
    file = cache / f"{name}.db"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        for left_over in cache.glob(f"{name}-new.db*"):
            left_over.unlink()
        with opened(make_company(Place("sqlite", cache, cache), f"{name}-new")) as company:
            _fill(company, moves)
        (cache / f"{name}-new.db").rename(file)
    return file


def _schema_mark() -> str:
    """Return a mark that changes with the tables, so that an old ledger is not measured by mistake."""
    written = sorted((Path(zhangshi.platform.__file__).parent / "migrations" / "versions").glob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in written)).hexdigest()[:8]


def last_day(file: Path) -> date:
    """Return the newest business date of a company built here."""
    with sqlite.connect(str(file)) as connection:
        return date.fromisoformat(connection.execute("SELECT MAX(effective_on) FROM move").fetchone()[0])


def _fill(company: Company, moves: int) -> None:
    poster = Poster(company)
    today = company.clock.now().date()
    documents = moves // _LINES
    for day_no in range(DAYS):
        day = today - timedelta(days=DAYS - 1 - day_no)
        until = documents * (day_no + 1) // DAYS
        for first in range(documents * day_no // DAYS, until, _DOCUMENTS_IN_ONE_WRITE):
            some = range(first, min(first + _DOCUMENTS_IN_ONE_WRITE, until))
            poster.post_many([_document(n, day) for n in some], f"documents-{first}")
        is_month_end = (day + timedelta(days=1)).day == 1
        if is_month_end or day_no >= DAYS - KEEP_DAYS:
            company.write(Request("bench", f"night-{day}", 0), partial(take_snapshot, day=day), answer_type=bool)
    for turn in itertools.count():
        if not company.write(Request("bench", f"seal-{turn}", 0), seal_pending, answer_type=int):
            break


def _document(number: int, day: date) -> Command:
    items = [FIRST_ITEM + (number * _LINES + line) % ITEMS for line in range(_LINES)]
    turn = (number // _CYCLE) % 4
    if turn <= 1:
        return receipt(items, number, on=day, bin_id=BINS[turn])
    if turn == 2:
        sold = Quantity(int(TEN_PIECES) * 4 // 10)
        lines = tuple(OutLine(item_id=item, quantity=sold, location_id=BINS[0]) for item in items)
        return Issue(
            effective_on=day, source_type="delivery", source_id=number, customer_location_id=CUSTOMER, lines=lines
        )
    carried = Quantity(int(TEN_PIECES) * 2 // 10)
    moved = tuple(
        PutAwayLine(item_id=item, quantity=carried, location_id=BINS[1], to_location_id=BINS[2]) for item in items
    )
    return PutAway(effective_on=day, source_type="put_away", source_id=number, lines=moved)


def copy_to_postgresql(file: Path, server_url: str, schema: str) -> tuple[str, str]:
    """Copy a company, row by row, into a schema of a server; return its address."""
    migrate(url=server_url, schema=schema)
    with sqlite.connect(str(file)) as source, psycopg.connect(server_url) as target:
        for table in [name for (name,) in source.execute(_TABLES)]:
            columns = ", ".join(row[1] for row in source.execute(f"PRAGMA table_info({table})"))
            target.execute(f"DELETE FROM {schema}.{table}")  # a row that a migration made
            rows: Iterator[tuple[object, ...]] = iter(source.execute(f"SELECT {columns} FROM {table}"))
            with target.cursor().copy(f"COPY {schema}.{table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        target.commit()
        target.autocommit = True
        target.execute("VACUUM ANALYZE")
    return server_url, schema


def sqlite_address(file: Path) -> tuple[str, str]:
    """Return the address of a company's file."""
    return f"sqlite:///{file}", SCHEMA
