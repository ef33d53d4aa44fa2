"""A clerk: a process that asks and asks until it is killed, and writes down what it was told.

The journal is a file of lines in append mode, each written by one system call: one before a request, one with its
answer after that came back. What the kernel took is there however the process ends.
"""

import os
import random
import time
from pathlib import Path

import msgspec

from tests.companies import CompanyAddress
from tests.simulation.nursery import Reporter
from tests.simulation.wishes import Wish, answer_from, grant, opened
from zhangshi.base.errors import ZhangshiError
from zhangshi.ledger.service import PostingAnswer, StockLedger
from zhangshi.ledger.service.reserve import ReserveAnswer
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

SECONDS_MAX = 60
_BACKEND = Statement("SELECT pg_backend_pid()")
_OUTAGES = ("platform.connection_lost", "platform.unreachable", "platform.busy")


class Entry(msgspec.Struct, frozen=True):
    """A line of a journal: a wish that is asked for, or (with `answer`) the JSON that it was answered with."""

    wish: Wish
    answer: str = ""


def read_journal(file: Path) -> list[Entry]:
    """Return what the clerks of a company wrote down; a last line that a kill cut off (at a page's end) goes away."""
    written = file.read_bytes()
    whole = written[: written.rfind(b"\n") + 1]
    if len(whole) < len(written):
        os.truncate(file, len(whole))
    return [msgspec.json.decode(line, type=Entry) for line in whole.splitlines()]


def append_to_journal(file: Path, entry: Entry) -> None:
    """Write a line for somebody who is not killed."""
    with file.open("ab") as journal:
        journal.write(msgspec.json.encode(entry) + b"\n")


class Memory:
    """What a clerk may refer to: only what was acknowledged, to it or to those before it."""

    def __init__(self, chance: random.Random, *, number: int, steel_lot_id: int) -> None:
        self._chance = chance
        self._number = number
        self._steel_lot_id = steel_lot_id
        self._usable: dict[str, dict[tuple[int, ...], int]] = {
            "reverse": {}, "sign": {}, "produce": {}, "issue reserved": {}, "release": {},
        }  # fmt: skip

    def next_wish(self) -> Wish:
        """Choose a verb that makes sense now; every wish must be granted."""
        self._number += 1
        verbs = ["receive", "issue", "put away", "adjust", "ship", "consume", "reserve"]
        verbs += [verb for verb, found in self._usable.items() if found for _ in range(2)]
        verb, most = self._chance.choice(verbs), 9
        refers_to: tuple[int, ...] = ()
        if verb in self._usable:
            refers_to, most = self._chance.choice(list(self._usable[verb].items()))
        return Wish(
            key=f"wish {self._number}", verb=verb, number=self._number, quantity=self._chance.randint(1, most),
            steel_lot_id=self._steel_lot_id, refers_to=refers_to,
        )  # fmt: skip

    def note_asked(self, wish: Wish) -> None:
        """Remember what is used up."""
        self._usable.get(wish.verb, {}).pop(wish.refers_to, None)

    def note_told(self, wish: Wish, answer: object) -> None:
        """Remember what a granted wish makes possible."""
        if isinstance(answer, PostingAnswer):
            own = (answer.posting_id,)
            if wish.verb in ("receive", "issue", "put away", "adjust", "issue reserved"):
                self._usable["reverse"][own] = 1
            elif wish.verb == "ship":
                self._usable["sign"][own] = wish.quantity
            elif wish.verb == "consume":
                self._usable["produce"][wish.number,] = 9
        elif isinstance(answer, ReserveAnswer):
            picks = tuple(pick.reservation_id for pick in answer.picks)
            verb = "release" if wish.number % 2 else "issue reserved"  # the same for every reader of the journal
            self._usable[verb][picks] = wish.quantity


def work_until_killed(
    reporter: Reporter, *, address: tuple[str, str], journal: str, number: int, steel_lot_id: int
) -> None:
    """Be a clerk: report `ready` with the server's process that serves us (0: none), then `told` after each answer."""
    company, ledger = opened(CompanyAddress(*address)), StockLedger()
    memory = Memory(random.Random(number), number=number * 1000, steel_lot_id=steel_lot_id)
    for entry in read_journal(Path(journal)):
        if entry.answer:
            memory.note_told(entry.wish, answer_from(entry.wish, entry.answer))
        else:
            memory.note_asked(entry.wish)
    file = os.open(journal, os.O_WRONLY | os.O_APPEND)
    reporter.say("ready", backend=_backend_of(company))
    until = time.monotonic() + SECONDS_MAX
    while time.monotonic() < until:
        wish = memory.next_wish()
        memory.note_asked(wish)
        _write(file, Entry(wish))
        answer, outages = _insist(company, ledger, wish)
        _write(file, Entry(wish, msgspec.json.encode(answer).decode()))
        memory.note_told(wish, answer)
        reporter.say("told", outages=outages)
    raise TimeoutError("nobody killed me")


def _insist(company: Company, ledger: StockLedger, wish: Wish) -> tuple[object, int]:
    """Ask, and while the database is away ask again with the same key, as a user would; count how often it was."""
    until = time.monotonic() + SECONDS_MAX
    outages = 0
    while True:
        try:
            return grant(company, ledger, wish)[0], outages
        except ZhangshiError as error:
            if error.code not in _OUTAGES or time.monotonic() > until:
                raise
        outages += 1
        time.sleep(0.01)


def _write(file: int, entry: Entry) -> None:
    line = msgspec.json.encode(entry) + b"\n"
    assert os.write(file, line) == len(line)


def _backend_of(company: Company) -> int:
    if company.dialect.name != "postgresql":
        return 0

    def ask(uow: UnitOfWork) -> int:
        return int(uow.session.query(_BACKEND)[0][0])

    return company.write(Request("li", "who serves me", None), ask, answer_type=int, dry_run=True)
