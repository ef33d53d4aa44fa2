"""Writes that fail, and forms that are not saved: what they answer tells no more than reading would.

Everything is tried as a dry run, so that the next visitor finds the company as it was.
"""

import itertools
from decimal import Decimal
from typing import Any

from tests.property.secrets_doors import Visitor
from tests.property.secrets_world import Known
from zhangshi.records.model import Source

_keys = itertools.count(1)


def visit_writes(somebody: Visitor) -> None:
    """Try to change, move, delete, convert and copy orders, mostly wrongly; preview new ones."""
    orders = list(somebody.world.records["sales_order"].values())[1:4]  # a draft, a confirmed and a cancelled one
    for known, other in zip(orders, orders[1:] + orders[:1], strict=True):
        _edits(somebody, known, other)
        _moves(somebody, known)
        _forms(somebody, known)
    partner = next(iter(somebody.world.records["partner"]))
    item = next(iter(somebody.world.records["item"]))
    new = {"customer": str(partner), "kind": "urgent", "amount": "50", "lines": [{"item": str(item), "quantity": "1"}]}
    for content in (new, {}, {"customer": "77"}, {**new, "lines": [{"item": "77"}]}):
        _try(somebody, "preview", lambda: somebody.reader.preview(somebody.caller, "sales_order", content))  # noqa: B023
        _try(somebody, "create", lambda: somebody.records.create(
            somebody.caller, key=_key(), entity="sales_order", content=content, dry_run=True  # noqa: B023
        ))  # fmt: skip


def _try(somebody: Visitor, door: str, question: Any, *, by_design: str = "") -> None:
    somebody.ask(door, question, may_refuse=True, by_design=by_design)


def _texts(quantities: dict[int, Decimal]) -> list[str]:
    return [str(one) for one in quantities.values()]


def _key() -> str:
    return f"try {next(_keys)}"


def _edits(somebody: Visitor, known: Known, other: Known) -> None:
    tried: list[dict[str, Any]] = [
        {"remark": "short"}, {"remark": "x" * 5000}, {"amount": "1.234"}, {"amount": "1"}, {"kind": "nope"},
        {"customer": "999999999"}, {"customer": {"number": "nobody"}}, {"number": other.values["number"]},
        {"lines": [{"id": "5", "quantity": "1"}]}, {"lines": []}, {"kind": "urgent"}, {"nonsense": "1"},
        {"lines": [{"id": str(row["id"]), "quantity": "-1", "price": "x"} for row in known.lines]},
    ]  # fmt: skip
    for content in tried:
        for version in (1, 9) if content == tried[0] else (1,):
            _try(somebody, "edit", lambda: somebody.records.edit(
                somebody.caller, key=_key(), entity="sales_order", record_id=known.id, version=version,  # noqa: B023
                content=content, dry_run=True,  # noqa: B023
            ))  # fmt: skip
        _try(somebody, "preview of an edit", lambda: somebody.reader.preview(
            somebody.caller, "sales_order", content, record_id=known.id  # noqa: B023
        ))  # fmt: skip


def _moves(somebody: Visitor, known: Known) -> None:
    for step in ("confirm", "cancel", "nonsense"):
        _try(somebody, "transition", lambda: somebody.records.transition(
            somebody.caller, key=_key(), entity="sales_order", record_id=known.id, version=1, transition=step,  # noqa: B023
            dry_run=True,
        ))  # fmt: skip
    _try(somebody, "delete", lambda: somebody.records.delete(
        somebody.caller, key=_key(), entity="sales_order", record_id=known.id, version=1, dry_run=True
    ))  # fmt: skip
    everything = Source(known.id)
    too_much = Source(known.id, {row["id"]: Decimal(90_000_000) for row in known.lines} or None)
    for source in (everything, too_much):
        _try(somebody, "convert", lambda: somebody.records.convert(
            somebody.caller, key=_key(), conversion="order_to_delivery", sources=[source], dry_run=True  # noqa: B023
        ))  # fmt: skip


def _forms(somebody: Visitor, known: Known) -> None:
    caller, records = somebody.caller, somebody.records
    sources = [Source(known.id)]
    # What a conversion maps is shown under the target's grants: its author chose what the deliverer must know.
    _try(somebody, "propose", lambda: records.propose(caller, conversion="order_to_delivery", sources=sources),
         by_design="lines.quantity")  # fmt: skip
    _try(somebody, "open quantities", lambda: _texts(
        records.open_quantities(caller, conversion="order_to_delivery", record_id=known.id)
    ))  # fmt: skip
    _try(somebody, "copy", lambda: records.copy_of(caller, entity="sales_order", record_id=known.id))
