"""A document with a row table, made by hand, and grants on it."""

from zhangshi.definitions.catalog import (
    Catalog,
    Entity,
    Field,
    FieldAccess,
    FieldType,
    Grant,
    Label,
    Lifecycle,
    Role,
    State,
    Table,
)
from zhangshi.expr import BOOL, DECIMAL, TEXT, Name, RowsName, Scope, compile_formula
from zhangshi.identity.model import Person
from zhangshi.records.access import EntityAccess, access_to

NOBODY = Label("", "")
ROWS = Scope({"price": Name("price", DECIMAL), "note": Name("note", TEXT)})
HEADER = Scope(
    {"kind": Name("kind", TEXT), "price": Name("price", DECIMAL), "margin": Name("margin", DECIMAL)},
    rows={"lines": RowsName("lines", (), ROWS)},
)


def _field(key: str, kind: FieldType = FieldType.TEXT, *, table: str = "", formula: str = "") -> Field:
    scope = ROWS if table else HEADER
    return Field(
        key=key, table=table, type=kind, label=NOBODY, column=f"f_{key}", mask="last4" if key == "phone" else "all",
        formula=compile_formula(formula, scope) if formula else None,
    )  # fmt: skip


ORDER = Entity(
    key="order", kind="document", label=NOBODY, pack="core",
    header=Table("", NOBODY, "d_order", {
        "kind": _field("kind"), "price": _field("price", FieldType.PRICE), "phone": _field("phone"),
        "margin": _field("margin", FieldType.MONEY, formula="price - 1"),
        "twice": _field("twice", FieldType.MONEY, formula="margin * 2"),
        "total": _field("total", FieldType.MONEY, formula="SUM(lines.price)"),
    }, HEADER),
    tables={"lines": Table("lines", NOBODY, "d_order__lines", {
        "price": _field("price", FieldType.PRICE, table="lines"), "note": _field("note", table="lines"),
    }, ROWS)},
    title="", number_rule=None, number_label=NOBODY, date_field="", constraints=(), rules=(), fills=(),
    lifecycle=Lifecycle({key: State(key, NOBODY, None) for key in ("draft", "posted")}, {}),
    parts=(), search=(), unique=(),
)  # fmt: skip


def grant(
    *actions: str,
    rows: str = "",
    fields: dict[str, FieldAccess] | None = None,
    default: FieldAccess = "write",
    states: tuple[str, ...] = (),
) -> Grant:
    """Return a grant on the order."""
    formula = compile_formula(rows, HEADER, expects=BOOL) if rows else None
    return Grant("r", "order", frozenset(actions or ("read",)), formula, fields or {}, default, frozenset(states))


def access(
    *grants: Grant, scopes: tuple[str, ...] | None = None, roles: frozenset[str] = frozenset({"r"})
) -> EntityAccess:
    """Return what somebody with these grants may do with orders."""
    catalog = Catalog(1, {"order": ORDER}, {}, {"r": Role("r", NOBODY, {"order": grants})}, {}, {}, {})
    return access_to(catalog, "order", Person(user_id=7, login="li", name="Li", roles=roles, scopes=scopes))
