"""A goods receipt of ten lines through the records (create and post in one call), and 10,000 items at once."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from bench.company import Place, open_at
from bench.measuring import Measurement, figure, medians
from bench.posting import floor_writer
from tests.integration.records.shop import OWNER, Shop, line, open_shop, receipt
from zhangshi.platform.migrate import migrate
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import Request, UnitOfWork
from zhangshi.records.model import Caller

LINES = 10
_STATEMENTS_MAX = 24
_CPU_MILLISECONDS_MAX = 4
_ITEMS, _QUICK_ITEMS, _TOGETHER = 10_000, 500, 500
_IMPORT_SECONDS_MAX = 30


def measure(place: Place, *, quick: bool) -> Iterator[Measurement]:
    """Yield the figures of one database."""
    url, schema = place.address("records")
    migrate(url=url, schema=schema)
    with closing(open_at(url, schema)) as company:
        shop = open_shop(company)
        items = [f"item{number}" for number in range(LINES)]
        for name in items:
            shop.ids[name] = shop.create("item", {"name": name, "unit": {"number": "pcs"}}).record_id
        content = receipt(shop, *[line(shop, name, "10", "5", unit=str(shop.ids["pcs"])) for name in items])
        yield from _receipts(place, shop, content, rounds=50 if quick else 1000)
        yield _import(place, shop, _QUICK_ITEMS if quick else _ITEMS)


def _receipts(place: Place, shop: Shop, content: dict[str, Any], *, rounds: int) -> Iterator[Measurement]:
    def write() -> object:
        return shop.create("goods_receipt", content, "post")

    seconds, bare = medians([write, floor_writer(place, first=1)], rounds=rounds, warm_up=rounds // 10)
    yield figure("receipt of 10 lines, create and post", place.name, seconds * 1e6, "us", floor=bare * 1e6)
    began = time.process_time()
    for _ in range(rounds):
        write()
    cpu = (time.process_time() - began) / rounds * 1e3
    value_max = _CPU_MILLISECONDS_MAX if place.name == "sqlite" else None
    yield figure("receipt of 10 lines, CPU", place.name, cpu, "ms", value_max=value_max)
    session: Session = shop.company._writer  # type: ignore[assignment]  # noqa: SLF001  # it has just written
    before = session.statement_count
    write()
    statements = session.statement_count - before
    yield figure("statements of a receipt of 10 lines", place.name, statements, "", value_max=_STATEMENTS_MAX)


def _import(place: Place, shop: Shop, count: int) -> Measurement:
    unit = {"number": "pcs"}
    contents = [
        {"name": f"六角螺栓 {number}", "spec": f"M8×{number}", "unit": unit, "barcode": f"69{number:08d}"}
        for number in range(count)
    ]

    def work(uow: UnitOfWork) -> int:
        steps = shop.records.work(uow, Caller(OWNER.person, "import"))
        for first in range(0, count, _TOGETHER):
            steps.create_many(entity="item", contents=contents[first : first + _TOGETHER])
            steps.flush()
        return count

    began = time.perf_counter()
    shop.company.write(Request("bench", "import", count), work, answer_type=int)
    seconds = time.perf_counter() - began
    return figure(f"{count} items through the records", place.name, seconds, "s", value_max=_IMPORT_SECONDS_MAX)
