"""Posting a receipt of ten lines against the floor: one writer, four writers; and how many statements it takes."""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Barrier

from bench import floor
from bench.company import Place, Poster, items_of, make_company, open_at, opened, receipt
from bench.measuring import Measurement, figure, medians
from zhangshi.ledger.commands import Receive
from zhangshi.platform.unit_of_work import Request, UnitOfWork

WRITERS = 4
_LINES = (1, 10, 50)

Write = Callable[[], object]


def measure(place: Place, *, quick: bool) -> Iterator[Measurement]:
    """Yield the figures of one database."""
    with opened(make_company(place, "posting")) as company:
        poster = Poster(company)
        write_floor = floor_writer(place, first=1)
        write_posting = _posting_writer(poster, "one")
        rounds = 100 if quick else 2000
        posting, bare = medians([write_posting, write_floor], rounds=rounds, warm_up=rounds // 10)
        yield figure("receipt of 10 lines, 1 writer", place.name, posting * 1e6, "us", floor=bare * 1e6, ratio_max=5)
        yield from _statements(place, poster)
    yield from _writers(place, turns=1 if quick else 3, seconds=0.2 if quick else 4.0)


def floor_writer(place: Place, *, first: int) -> Write:
    """Return what writes the floor's next receipt."""
    if place.server_url:
        floor.prepare_postgresql(place.server_url)
        return floor.postgresql_writer(place.server_url, first=first)
    file = place.folder / "floor.db"
    floor.prepare_sqlite(file)
    return floor.sqlite_writer(file, first=first)


def _posting_writer(poster: Poster, prefix: str, *, first: int = 1) -> Write:
    number = first
    today = poster.company.clock.now().date()

    def write() -> None:
        nonlocal number
        poster.post(receipt(items_of(number, 10), number, on=today), f"{prefix}-{number}")
        number += 1

    return write


def _statements(place: Place, poster: Poster) -> Iterator[Measurement]:
    counts: list[int] = []
    for lines in _LINES:
        counts.append(_count(poster, receipt(items_of(0, lines), lines, on=poster.company.clock.now().date())))
        yield figure(
            f"statements of a posting of {lines} lines", place.name, counts[-1], "", floor=counts[0], ratio_max=1
        )


def _count(poster: Poster, command: Receive) -> int:
    def work(uow: UnitOfWork) -> int:
        before = uow.session.statement_count
        poster.ledger.post(uow, command)
        return uow.session.statement_count - before

    return poster.company.write(Request("bench", f"count-{len(command.lines)}", 0), work, answer_type=int)


def _writers(place: Place, *, turns: int, seconds: float) -> Iterator[Measurement]:
    """Throughput of one and of four processes, and of the floor with four; the rounds take turns."""
    rates: dict[tuple[str, int], list[float]] = {}
    for turn in range(turns):
        for kind, writers in (("posting", 1), ("posting", WRITERS), ("floor", WRITERS)):
            rate = _rate(place, kind, writers, seconds=seconds, turn=turn)
            rates.setdefault((kind, writers), []).append(rate)
    one, four, bare = (statistics.median(rates[key]) for key in (("posting", 1), ("posting", 4), ("floor", 4)))
    name = f"receipts of 10 lines, {WRITERS} writers"
    yield figure(f"{name} against one writer", place.name, four, "/s", floor=one, ratio_min=_least(place))
    yield figure(f"{name} against the floor", place.name, four, "/s", floor=bare)


def _least(place: Place) -> float | None:
    return 1.0 if place.server_url else None  # a file takes one writer at a time


def _rate(place: Place, kind: str, writers: int, *, seconds: float, turn: int) -> float:
    """Return receipts per second of all writers together; an error in any of them is raised."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(writers)
    with context.Pool(writers, initializer=_remember, initargs=(barrier,)) as pool:
        tasks = [(place, kind, (turn * 100 + writers * 10 + n) * 100_000, seconds) for n in range(writers)]
        return sum(pool.map(_write_for, tasks, chunksize=1))


_barriers: list[Barrier] = []


def _remember(barrier: Barrier) -> None:
    _barriers.append(barrier)


def _write_for(task: tuple[Place, str, int, float]) -> float:
    place, kind, first, seconds = task
    if kind == "floor":
        write = (
            floor.postgresql_writer(place.server_url, first=first)
            if place.server_url
            else floor.sqlite_writer(place.folder / "floor.db", first=first)
        )
        return _rate_of(write, seconds)
    with opened(open_at(*place.address("posting"), seed=first)) as company:
        return _rate_of(_posting_writer(Poster(company), f"w{first}", first=first), seconds)


def _rate_of(write: Write, seconds: float) -> float:
    for _ in range(20):
        write()
    _barriers[0].wait()
    began = time.perf_counter()
    done = 0
    while time.perf_counter() - began < seconds:
        write()
        done += 1
    return done / (time.perf_counter() - began)
