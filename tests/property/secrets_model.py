"""What a person may see, worked out the slow way: record by record, grant by grant, field by field."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tests.property.secrets_world import Known, World, written
from zhangshi.definitions.catalog import Catalog, FieldAccess, Grant, Label, Role
from zhangshi.expr import BOOL, compile_formula

USER = 7
WIDTHS = ("none", "mask", "read", "write")
FIELDS = {
    "partner": ("number", "name", "phone", "credit"),
    "item": ("number", "name", "spec", "cost"),
    "sales_order": ("number", "customer", "ordered_on", "kind", "amount", "remark"),
    "delivery": ("number", "sales_order", "total"),
}
ROWS = {"sales_order": ("item", "quantity", "price", "note"), "delivery": ("item", "quantity")}
NAMED = {
    "partner": ("number", "name", "phone", "credit"),
    "item": ("number", "name", "spec", "cost"),
    "sales_order": (
        "number", "customer", "customer_phone", "ordered_on", "kind", "amount", "doubled", "remark", "delivered",
        "lines", "lines.price", "lines.note", "lines.quantity", "lines.item",
    ),
    "delivery": ("number", "sales_order", "total", "lines", "lines.quantity"),
}  # fmt: skip
"""Paths that a grant may name."""
UNMARKED = frozenset({"customer", "sales_order", "kind"})
"""Fields whose values are no marks: links and choices."""
SYSTEM = frozenset({"id", "number", "state", "version", "owner"})


@dataclass(frozen=True)
class Condition:
    """A row formula, and the same in Python."""

    text: str
    holds: Callable[[World, Known], bool]


def _customer_credit(world: World, known: Known) -> bool:
    customer = world.records["partner"].get(known.value("customer") or 0)
    return customer is not None and customer.value("owner") == USER


CONDITIONS: dict[str, tuple[Condition, ...]] = {
    entity: (Condition("owner = USER()", lambda _, one: one.owner == USER),) for entity in FIELDS
}
CONDITIONS["sales_order"] += (
    Condition("kind = 'urgent'", lambda _, one: one.value("kind") == "urgent"),
    Condition("customer.owner = USER()", _customer_credit),
    Condition(
        "amount > 71500000 or paid", lambda _, one: (one.value("amount") or 0) > 71_500_000 or one.values["paid"]
    ),
)


@dataclass(frozen=True)
class Rights:
    """One grant of the test."""

    entity: str
    actions: frozenset[str]
    condition: int | None
    fields: dict[str, FieldAccess] = field(hash=False)
    default: FieldAccess
    states: frozenset[str]


@dataclass
class Naive:
    """Answers what may be seen."""

    world: World
    rights: tuple[Rights, ...]

    def holding(self, known: Known, action: str) -> Iterator[Rights]:
        """Yield the grants that hold for a record and give the action."""
        for one in self.rights:
            if one.entity != known.entity:
                continue
            condition = None if one.condition is None else CONDITIONS[known.entity][one.condition]
            if (
                action in one.actions
                and (not one.states or known.state in one.states)
                and (condition is None or condition.holds(self.world, known))
            ):
                yield one

    def readable(self, known: Known, action: str = "read") -> bool:
        """Return whether the record may be read (or acted on)."""
        return any(True for _ in self.holding(known, action))

    def access(self, known: Known, path: str) -> str:
        """Return the widest access to a field of a record."""
        widths = [WIDTHS.index(_given(one, path)) for one in self.holding(known, "read")]
        return WIDTHS[min(max(widths, default=0), 2)]

    def reads(self, known: Known, *paths: str) -> bool:
        """Return whether the record and every path may be read in full; a path may go through the customer."""
        return self.readable(known) and all(self._reads(known, path) for path in paths)

    def _reads(self, known: Known, path: str) -> bool:
        first, _, rest = path.partition(".")
        if not rest or first == "lines":
            return self.access(known, path) == "read"
        if self.access(known, first) != "read":
            return False
        target = self.world.records["partner"].get(known.value(first) or 0)
        return target is None or self.reads(target, rest)

    def secrets(self) -> dict[str, str]:
        """Return every mark that may be told nowhere, and whose it is."""
        found: dict[str, str] = {}
        for known in self.world.all():
            found |= self._of_header(known)
            for row in known.lines:
                for key in ROWS[known.entity]:
                    if key != "item" and not self.reads(known, f"lines.{key}"):
                        found[written(row[key])] = f"{known.entity} {known.id} lines.{key}"
        for order_id, _, delivery_id, _, quantity in self.world.links:
            if not self.reads(self.world.records["sales_order"][order_id], "lines.quantity"):
                found[written(quantity)] = f"link {order_id} {delivery_id}"
        return found

    def _of_header(self, known: Known) -> dict[str, str]:
        found: dict[str, str] = {}
        for path in FIELDS[known.entity]:
            value: Any = known.value(path)
            if value is None or path in UNMARKED or self.reads(known, path):
                continue
            if path == "total" and self._rolled_up(known):
                continue
            found[written(value)] = f"{known.entity} {known.id} {path}"
            if path == "amount" and not self.reads(known, "doubled"):
                found[written(value * 2)] = f"{known.entity} {known.id} doubled"
        return found

    def _rolled_up(self, delivery: Known) -> bool:
        """A rollup shows what its field's grants say: its author chose what is summed."""
        order = self.world.records["sales_order"][delivery.value("sales_order")]
        return self.reads(order, "delivered")


def _given(one: Rights, path: str) -> FieldAccess:
    if path in {"id", "state", "version"}:
        return "read"
    if path in one.fields:
        return one.fields[path]
    if path in SYSTEM:
        return "read"
    table, _, rest = path.partition(".")
    width = one.fields[table] if rest and table in one.fields else one.default
    if path == "doubled":
        width = min(width, _given(one, "amount"), key=WIDTHS.index)
    return width


def with_rights(catalog: Catalog, rights: tuple[Rights, ...]) -> Catalog:
    """Return the definitions with one role for each grant: role0, role1 and so on."""
    roles: dict[str, Role] = {}
    for number, one in enumerate(rights):
        scope = catalog.entities[one.entity].header.scope
        rows = None
        if one.condition is not None:
            rows = compile_formula(CONDITIONS[one.entity][one.condition].text, scope, expects=BOOL)
        grant = Grant(f"role{number}", one.entity, one.actions, rows, one.fields, one.default, one.states)
        roles[f"role{number}"] = Role(f"role{number}", Label("", ""), {one.entity: (grant,)})
    return replace(catalog, roles=roles)
