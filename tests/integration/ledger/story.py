"""Stories: a text table of what people did and what the ledger answered, run against a real company.

Each line is `day | request | answer`. The day (month-day of 2026; empty: the same day) sets the clock and is the
business date unless the request says `on 10-28`. Requests are a verb and words in any order after it:

    item bolt fifo                      item pump serial                    lot steel A expires 11-20
    receive 10 bolt @5.00 at B1 as R1   issue 4 bolt at B1                  consume 3 steel/A at B1 for W1
    receive 10 bolt @5.00 at B1 hold    issue 4 bolt from P1 (a promise)    produce 2 pump/S1 @9.00 at B1 for W1
    ship 5 bolt at B1 to F1 as S1       sign 2 of S1 at F1                  lose 1 of S1
    move 5 bolt at B1 to B2             status 5 bolt at B1 to hold         adjust -1 bolt at B1
    takeback 1 of I1 at B1 inspection   sendback 2 of R1 at B1              scrap 1 bolt at B1
    revalue bolt by 3.00                standard bolt @6.00                 reverse R1
    reserve 5 bolt under W fefo as P1   release P1                          expire
    lock 11-30                          close 2026-11                       reopen 2026-11
    stock bolt                          places bolt                         road
    snapshot 11-05                      asof bolt 11-05 by 11-20            seal

`as` names the posting (or promise) for later lines; several lines of one document are joined by ` + `. Before a
posting, `dry` asks only what would happen, and `key K` says under which idempotency key.

The answer of a posting is its moves, `4 bolt 20.00`; value moves show sign and reason, `+5.00 return_difference`; a
refusal is `!` and its code without `ledger.`; `stock` answers quantity and value, `places` place, status and quantity.
An empty answer is not compared, but must not be a refusal.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests import builders as b
from tests.clocks import SettableClock
from tests.integration.ledger.story_postings import POSTINGS
from tests.integration.ledger.story_requests import REQUESTS
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import Amount, Quantity, amount_text, quantity_text
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import Status
from zhangshi.ledger.service import PostingAnswer
from zhangshi.ledger.service.audit import audit
from zhangshi.ledger.service.reserve import ReserveAnswer
from zhangshi.platform.unit_of_work import Company

PLACES = {"B1": b.BIN, "B2": b.OTHER_BIN, "Z1": b.ZONE_BIN, "N1": b.NEGATIVE_BIN, "F1": b.FAR_BIN,
          "W": b.WAREHOUSE, "Z": b.ZONE, "FW": b.FAR_WAREHOUSE, "T": b.TRANSIT}  # fmt: skip
MARKS = ("at", "to", "for", "of", "as", "from", "under", "by", "on", "expires", "step", "into", "until")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


@dataclass
class Words:
    """One line of a request, taken apart."""

    quantity: str = "0"
    name: str = ""
    lot: str = ""
    cost: str | None = None
    marks: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)


def read_words(text: str) -> Words:
    """Take one line of a request apart."""
    found, words = Words(), iter(text.split())
    for word in words:
        if word in MARKS:
            found.marks[word] = next(words)
        elif word.startswith("@"):
            found.cost = word[1:]
        elif NUMBER.fullmatch(word):
            found.quantity = word
        elif not found.name:
            found.name, _, found.lot = word.partition("/")
        else:
            found.others.append(word)
    if "of" in found.marks and found.name:  # the goods are those of a posting; the word is a status
        found.name, found.others = "", [found.name, *found.others]
    return found


class Story:
    """A company in the middle of its story."""

    def __init__(self, company: Company, clock: SettableClock) -> None:
        self.company, self.clock, self.factory = company, clock, b.open_factory(company)
        self.items: dict[str, int] = {}
        self.lots: dict[tuple[str, str], int] = {("", ""): 0}
        self.orders: dict[str, int] = {}
        self.named: dict[str, Any] = {}
        self.today = date(2026, 11, 2)

    def run(self, text: str) -> "Story":
        """Run every line and compare; the books must pass the audit at the end."""
        told = [line for line in text.strip().splitlines() if line.strip() and not line.strip().startswith("#")]
        for line in told:
            day, request, answer = (part.strip() for part in line.split("|"))
            self.turn_to(day)
            said = self.tell(request)
            fits = said == answer if answer else not said.startswith("!")
            assert fits, f"{line.strip()}\n    but the ledger says: {said}"
        with self.company.read() as session:
            report = audit(session)
        assert not report.differences, report.differences
        return self

    def turn_to(self, day: str) -> None:
        if day:
            self.today = date.fromisoformat(f"2026-{day}")
            self.clock.set(self.instant(self.today))
        self.clock.advance(timedelta(seconds=1))

    def tell(self, request: str) -> str:
        """Do what the line says; return the ledger's answer as text."""
        dry, _, rest = request.partition("dry ")
        dry_run, request = (True, rest) if not dry and rest else (False, request)
        key = ""
        if request.startswith("key "):
            _, key, request = request.split(" ", 2)
        verb, _, rest = request.partition(" ")
        try:
            if verb in POSTINGS:
                return self.post(verb, [read_words(part) for part in rest.split(" + ")], key=key, dry_run=dry_run)
            return REQUESTS[verb](self, read_words(rest))
        except ZhangshiError as error:
            return f"! {error.code.removeprefix('ledger.')}"

    def post(self, verb: str, lines: list[Words], *, key: str = "", dry_run: bool = False) -> str:
        on = self.day(lines[0].marks.get("on")) or self.today
        command = POSTINGS[verb](self, on, lines)
        answer = self.factory.post(command, key=key, dry_run=dry_run)
        for line in lines:
            if "as" in line.marks:
                self.named[line.marks["as"]] = answer
        names = {item_id: name for name, item_id in self.items.items()}
        shown = []
        for x in answer.lines:
            money = amount_text(Amount(x.amount))
            if x.quantity:
                shown.append(f"{quantity_text(Quantity(x.quantity))} {names[x.item_id]}{self.code(x.lot_id)} {money}")
            else:
                shown.append(f"{'+' if x.amount > 0 else ''}{money} {x.reason}")
        return ", ".join(shown)

    # What a line names -----------------------------------------------------------------------------------------------

    def day(self, text: str | None) -> date | None:
        return date.fromisoformat(f"2026-{text}") if text else None

    def instant(self, day: date | None) -> datetime:
        """10:00 of that day in the factory."""
        assert day is not None
        return datetime(2026, day.month, day.day, 2, tzinfo=UTC)

    def micros(self, text: str | None) -> int:
        return int(self.instant(self.day(text)).timestamp() * 1_000_000) if text else 0

    def code(self, lot_id: int) -> str:
        return next((f"/{code}" for (_, code), found in self.lots.items() if code and found == lot_id), "")

    def place(self, w: Words, mark: str) -> int:
        return PLACES[w.marks[mark]] if mark in w.marks else b.BIN

    def place_name(self, location_id: int) -> str:
        return next(name for name, found in PLACES.items() if found == location_id)

    def goods(self, w: Words, mark: str = "at") -> dict[str, Any]:
        lot = self.lots[(w.name, w.lot)] if w.lot else 0
        place = self.place(w, mark)
        return {"item_id": self.items[w.name], "lot_id": lot, "quantity": b.quantity(w.quantity), "location_id": place}

    def priced(self, w: Words) -> dict[str, Any]:
        return self.goods(w) | {"unit_cost": b.cost(w.cost), "status": self.status(w)}

    def status(self, w: Words) -> Status:
        return Status(w.others[0]) if w.others else Status.AVAILABLE

    def promised(self, w: Words) -> dict[str, Any]:
        if "from" not in w.marks:
            return {}
        promise: ReserveAnswer = self.named[w.marks["from"]]
        return {"reservation_id": promise.picks[0].reservation_id}

    def origin(self, w: Words) -> dict[str, Any]:
        """The goods of the first move of a named posting."""
        posted: PostingAnswer = self.named[w.marks["of"]]
        quantity = b.quantity(w.quantity)
        first = posted.lines[0]
        origin = c.Origin(posting_id=posted.posting_id, line_no=1)
        return {"item_id": first.item_id, "lot_id": first.lot_id, "quantity": quantity, "origin": origin}

    def order(self, w: Words) -> int:
        return self.orders.setdefault(w.marks["for"], 500 + len(self.orders))
