"""What a computed document must satisfy: fields, rows, rules, constraints. Every violation is noted, in field order.

A field that a rule hides is not required. A retired option may stay where it stood. An edit checks again what a formula
or a lookup changed, too: the server trusts nothing that was true at another time.
"""

from collections.abc import Callable, Sequence

from zhangshi.definitions.catalog import HEADER, Constraint, Entity, Table
from zhangshi.records import errors
from zhangshi.records.model import Value
from zhangshi.records.writing.cells import Cells
from zhangshi.records.writing.evaluating import holds
from zhangshi.records.writing.field_checks import checks_of, shown_choice
from zhangshi.records.writing.problems import Problems, field_path, word
from zhangshi.records.writing.world import Pending

_KEPT = "_records_checks"
_SHOWN_MAX = 60
_NONE: frozenset[str] = frozenset()
Check = Callable[[Cells, Value, int, Problems], None]


def check(entity: Entity, header: Cells, problems: Problems, *, transition: str = "") -> bool:
    """Note everything that is wrong with a document; return False if some of it waits for the database."""
    whole = _check_cells(entity.header, header, 0, problems)
    for key, table in entity.tables.items():
        rows = header.rows.get(key, [])
        _check_rows(table, rows, problems)
        for position, cells in enumerate(rows, 1):
            whole = _check_cells(table, cells, position, problems) and whole
    return check_constraints(entity.constraints, header, problems, transition) and whole


def _check_cells(table: Table, cells: Cells, row: int, problems: Problems) -> bool:
    for key, error in cells.failed.items():
        field = table.fields[key]
        reason = {"reason_zh": error.message("zh"), "reason_en": error.message("en")}
        problems.at_field(errors.FORMULA_FAILED, field, row, **reason)
    try:
        hidden, needed = _ruled(cells) if cells.plan.rules else (_NONE, _NONE)
    except Pending:
        return False
    whole = True
    values = cells.values
    for key, required, checks in checks_of(table):
        value = values[key]
        if value is None:
            if (required and key not in hidden) or key in needed:
                problems.at_field(errors.REQUIRED, table.fields[key], row)
            continue
        for one in checks:
            try:
                one(cells, value, row, problems)
            except Pending:
                whole = False
    return _check_narrowed(table, cells, row, problems) and whole


def _check_narrowed(table: Table, cells: Cells, row: int, problems: Problems) -> bool:
    """Rules that narrow the choices of a field: of a link by the chosen record, of a select by the row itself."""
    whole = True
    for rule in cells.plan.rules:
        for key, formula in rule.options.items():
            field, value = table.fields[key], cells.values.get(key)
            try:
                if value is None or not cells.changed(key) or not holds(rule.when, cells):
                    continue
                linked = cells.world.linked(field.to, value) if field.is_link and isinstance(value, int) else None
                fits = holds(formula, linked, cells) if linked is not None else holds(formula, cells)
            except Pending:
                whole = False
                continue
            if not fits:
                shown = shown_choice(cells, field, value) if isinstance(value, int) else str(value)
                problems.at_field(errors.NOT_CHOOSABLE, field, row, value=shown)
    return whole


def _ruled(cells: Cells) -> tuple[frozenset[str], frozenset[str]]:
    """Return the fields that rules hide, and those that they require."""
    hidden: set[str] = set()
    shown: set[str] = set()
    only_shown: set[str] = set()
    needed: set[str] = set()
    for rule in cells.plan.rules:
        only_shown.update(rule.show)
        if holds(rule.when, cells):
            hidden.update(rule.hide)
            shown.update(rule.show)
            needed.update(rule.require)
    return frozenset(hidden | (only_shown - shown)), frozenset(needed - hidden)


def _check_rows(table: Table, rows: Sequence[Cells], problems: Problems) -> None:
    label, count = word(table.label), len(rows)
    if len(rows) < table.rows_min:
        problems.add(errors.TOO_FEW_ROWS, table.key, limit=table.rows_min, label=label, count=count)
    if len(rows) > table.rows_max:
        problems.add(errors.TOO_MANY_ROWS, table.key, limit=table.rows_max, label=label, count=count)
    singles = tuple((one.key,) for one in table.fields.values() if one.unique and one.stored and not one.retired)
    for keys in (*table.unique, *singles):
        seen: dict[tuple[Value, ...], int] = {}
        for position, cells in enumerate(rows, 1):
            values = tuple(cells.get(key) for key in keys)
            if None in values:
                continue
            other = seen.setdefault(values, position)
            if other != position:
                problems.at_field(errors.REPEATED_ROW, table.fields[keys[0]], position, other=other)


def check_constraints(constraints: Sequence[Constraint], header: Cells, problems: Problems, transition: str) -> bool:
    """Note the constraints that are violated; return False if some wait for the database."""
    whole = True
    for one in constraints:
        if one.transitions and transition not in one.transitions:
            continue
        rows = [header] if one.table == HEADER else header.rows.get(one.table, [])
        for position, cells in enumerate(rows, 1):
            try:
                violated = holds(one.when, cells)
            except Pending:
                whole = False
                continue
            if violated:
                _note(one, cells, 0 if one.table == HEADER else position, problems)
    return whole


def _note(constraint: Constraint, cells: Cells, row: int, problems: Problems) -> None:
    path = constraint.field
    if row:
        field = cells.plan.entity.table(constraint.table).fields.get(constraint.field)
        path = field_path(field, row) if field else f"{constraint.table}[{row}]"
    code = f"constraint.{constraint.key}"
    problems.add_message(code, path, constraint.message, row=row, warn=constraint.level == "warn")
