"""Every reading door, opened by somebody; what comes out is compared with what the naive model lets out."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import msgspec

from tests.property.secrets_model import FIELDS, Naive
from tests.property.secrets_world import Known, World, written
from zhangshi.base.errors import ZhangshiError
from zhangshi.records.model import Caller
from zhangshi.records.query import ListQuery
from zhangshi.records.reader import RecordReader
from zhangshi.records.service.records import Records

REFUSED = {"records.forbidden", "records.not_found"}
EVERY_FIELD = (
    "number", "customer", "customer_phone", "ordered_on", "kind", "amount", "doubled", "paid", "remark", "delivered",
    "owner", "lines", "customer.name", "customer.phone", "customer.credit", "customer.number",
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """A condition in the formula language and in Python, and the paths that it uses."""

    text: str
    paths: tuple[str, ...]
    holds: Callable[[Known], bool]


def filters(world: World) -> list[Filter]:
    """Return conditions over orders that name marks, ranges and what lies behind the customer."""
    orders = list(world.records["sales_order"].values())
    partner = next(iter(world.records["partner"].values()))
    amount = sorted(one.value("amount") for one in orders if one.value("amount"))[2]
    day = written(sorted(one.value("ordered_on") for one in orders if one.value("ordered_on"))[2])
    return [
        Filter("", (), lambda _: True),
        Filter(f"amount > {amount}", ("amount",), lambda one: (one.value("amount") or 0) > amount),
        Filter("doubled > 0", ("doubled",), lambda one: (one.value("amount") or 0) > 0),
        Filter(f'remark = "{orders[1].value("remark")}"', ("remark",), lambda one: one.id == orders[1].id),
        Filter("kind <> 'urgent'", ("kind",), lambda one: one.value("kind") != "urgent"),
        Filter(f"ordered_on >= '{day}'", ("ordered_on",),
               lambda one: one.value("ordered_on") is not None and written(one.value("ordered_on")) >= day),
        Filter(f'customer.name = "{partner.value("name")}"', ("customer", "customer.name"),
               lambda one: one.value("customer") == partner.id),
        Filter(f'customer_phone = "{partner.value("phone")}"', ("customer_phone", "customer", "customer.phone"),
               lambda one: one.value("customer") == partner.id),
    ]  # fmt: skip


SORTS = ("number", "-amount", "ordered_on", "remark", "customer.phone", "-doubled", "owner", "customer")


@dataclass
class Visitor:
    """Somebody with rights, at every door."""

    world: World
    reader: RecordReader
    caller: Caller
    naive: Naive
    records: Records

    def __post_init__(self) -> None:
        self.secrets = self.naive.secrets()
        self.seen = 0
        self.refusals: Counter[str] = Counter()

    def check(self, door: str, answer: object, *, by_design: str = "") -> None:
        """Fail if a hidden mark is in the answer; those of a field that the door shows `by_design` may be."""
        self.seen += 1
        text = msgspec.json.encode(answer).decode()
        for mark, whose in self.secrets.items():
            if not by_design or not whose.endswith(by_design):
                assert mark not in text, f"{door} tells {mark} ({whose}): {text[:2000]}"

    def ask(self, door: str, question: Callable[[], Any], *, may_refuse: bool = False, by_design: str = "") -> Any:
        """Return an answer that tells no secret; None where it was refused, which must not tell one either."""
        try:
            answer = question()
        except ZhangshiError as error:
            refusal = error
        else:
            self.check(door, answer, by_design=by_design)
            return answer
        told = [refusal.message("zh"), refusal.message("en"), str(refusal), refusal.facts]
        self.check(f"{door} (refused)", [*told, getattr(refusal, "problems", ())])
        self.refusals[refusal.code] += 1
        assert may_refuse or refusal.code in REFUSED, refusal
        return None

    def visit_records(self) -> None:
        """Detail, audit trail, chain, comments and event of every record."""
        for known in self.world.all():
            key, one = known.entity, known.id
            shown = self.ask("get", lambda: self.reader.get(self.caller, key, one))  # noqa: B023
            assert (shown is not None) == self.naive.readable(known), (known, self.naive.rights)
            self.ask("audit", lambda: self.reader.audit(self.caller, key, one))  # noqa: B023
            self.ask("chain", lambda: self.reader.chain(self.caller, key, one))  # noqa: B023
            self.ask("comments", lambda: self.reader.comments(self.caller, key, one))  # noqa: B023
            payload = {"entity": key, "record_id": one, "number": known.values["number"], "changed": ["amount"]}
            event = self.ask("event", lambda: self.reader.event(self.caller, payload))  # noqa: B023
            assert (event is not None) == self.naive.readable(known)
            if shown is not None:
                self._shows_what_may_be_seen(known, shown)

    def _shows_what_may_be_seen(self, known: Known, shown: dict[str, Any]) -> None:
        """Nothing is hidden that may be seen: a projection that shows nothing keeps every secret."""
        for path in FIELDS[known.entity]:
            value: Any = known.value(path)
            if not self.naive.reads(known, path):
                assert path not in shown or self.naive.access(known, path) == "mask", path
            elif path not in {"customer", "sales_order"}:
                assert shown[path] == (None if value is None else written(value)), path

    def visit_lists(self, wanted: Iterable[Filter], sorts: Iterable[str]) -> None:
        """Lists with filter, sort, cursor, totals and groups; the stream of an export; exactly the right records."""
        for one, sort in zip(wanted, sorts, strict=False):
            query = ListQuery(filter=one.text or None, sort=(sort,), fields=EVERY_FIELD, tables=("lines",), limit=3,
                              totals=("amount", "lines.quantity"), group=("kind",))  # fmt: skip
            used = (*one.paths, *_sort_paths(sort))
            fits = [known for known in self.world.records["sales_order"].values() if one.holds(known)]
            expected = {known.id for known in fits if self.naive.reads(known, *used)}
            self._pages(query, expected)
            streamed = self.ask("stream", lambda: list(self.reader.stream(self.caller, "sales_order", query)))  # noqa: B023
            exported = {
                one for one in expected if self.naive.readable(self.world.records["sales_order"][one], "export")
            }
            assert {int(row["id"]) for row in streamed or []} == exported

    def _pages(self, query: ListQuery, expected: set[int]) -> None:
        first = self.ask("list", lambda: self.reader.list(self.caller, "sales_order", query))
        if first is None:
            assert not expected
            return
        found = [int(row["id"]) for row in first.rows]
        page = first
        while page.next_cursor:
            behind = replace(query, cursor=page.next_cursor, totals=(), group=())
            page = self.ask("list", lambda: self.reader.list(self.caller, "sales_order", behind))  # noqa: B023
            found += [int(row["id"]) for row in page.rows]
        assert sorted(found) == sorted(expected), query
        assert first.count == len(expected)
        self._totals(first.totals, expected)

    def _totals(self, totals: dict[str, Any] | None, expected: set[int]) -> None:
        orders = [self.world.records["sales_order"][one] for one in expected]
        amounts = [one.value("amount") for one in orders if self.naive.reads(one, "amount")]
        quantities = [row["quantity"] for one in orders if self.naive.reads(one, "lines.quantity") for row in one.lines]
        assert totals is not None
        for name, wanted in (("amount", amounts), ("lines.quantity", quantities)):
            values = [one for one in wanted if one is not None]
            told = totals[name]
            assert (None if told is None else Decimal(told)) == (sum(values) if values else None), name

    def visit_search(self) -> None:
        """Search for every text mark, and the choices of every link: a hidden one finds nothing."""
        for known in self.world.all():
            for path in ("number", "name", "phone", "spec", "remark"):
                value = known.value(path)
                if not isinstance(value, str):
                    continue
                hits = self.ask("search", lambda: self.reader.search(self.caller, value))  # noqa: B023
                found = {int(hit["id"]) for hit in hits or []}
                if self.naive.reads(known, path) and path in _SEARCHED[known.entity]:
                    assert known.id in found, f"{known} is not found by its {path}"
                elif not self.naive.reads(known, path):
                    assert not found, f"{known} is found by its hidden {path}"
        for path in ("customer", "lines.item"):
            self.ask("choices", lambda: self.reader.choices(self.caller, "sales_order", path))  # noqa: B023


_SEARCHED = {
    "partner": {"number", "name", "phone"},
    "item": {"number", "name", "spec"},
    "sales_order": {"number", "remark"},
    "delivery": {"number"},
}


def _sort_paths(sort: str) -> tuple[str, ...]:
    path = sort.removeprefix("-")
    if path == "customer":
        return "customer", "customer.name"
    return ("customer", path) if path.startswith("customer.") else (path,)
