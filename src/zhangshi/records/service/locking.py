"""What may not be changed: fields that the state locks, fields that a rule locks, rows that were converted."""

from collections import defaultdict
from collections.abc import Iterator

from zhangshi.base.numbers import Quantity, quantity_text
from zhangshi.definitions.catalog import HEADER
from zhangshi.records import errors
from zhangshi.records._store import linking as store
from zhangshi.records.links import link_of
from zhangshi.records.model import SYSTEM_DOORS
from zhangshi.records.numerals import quantity_minor
from zhangshi.records.service.work import Work
from zhangshi.records.writing.cells import Cells
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.evaluating import holds
from zhangshi.records.writing.problems import state_word, word
from zhangshi.records.writing.world import Pending


def changed_paths(document: Document) -> list[str]:
    """Return the paths of the fields that somebody sent with another value, and of tables that got or lost rows."""
    paths: dict[str, None] = {}
    for table, cells in _sent(document):
        known = cells.before or {}
        for key, value in cells.entered.items():
            if known.get(key) != value:
                paths[f"{table}.{key}" if table else key] = None
    for table in document.decoded.tables:
        if _rows_differ(document, table):
            paths[table] = None
    before = document.before
    if before is not None:
        for key in ("owner", "department"):
            if document.header.system.get(key) != before.values.get(key):
                paths[key] = None
        if document.number != before.number:
            paths["number"] = None
    return list(paths)


def _sent(document: Document) -> Iterator[tuple[str, Cells]]:
    yield HEADER, document.header
    for table in document.decoded.tables:
        for cells in document.header.rows[table]:
            yield table, cells


def _rows_differ(document: Document, table: str) -> bool:
    before = document.before
    stored = [row.id for row in before.tables.get(table, [])] if before is not None else []
    return stored != [cells.id for cells in document.header.rows[table]]


def check(work: Work, document: Document, changed: list[str]) -> None:
    """Note changed fields that are locked by the state, by a rule, or because the system fills them in."""
    entity, life = document.entity, document.entity.lifecycle
    state = life.states.get(document.state) if life is not None else None
    editable = None if state is None else state.editable
    locked = _locked_by_rules(work, document) if any(rule.lock for rule in entity.rules) else frozenset()
    for path in changed:
        table, _, key = path.rpartition(".")
        field = entity.header.fields.get(path) if not table else entity.tables[table].fields.get(key)
        label = field.label if field is not None else entity.tables[path].label if path in entity.tables else None
        shown = word(label) if label is not None else path
        open_here = editable is None or path in editable or (table and table in editable)
        if not open_here or path in locked:
            where = state_word(entity, document.state)
            document.problems.add(errors.LOCKED, path, label=shown, state=where)
        elif field is not None and field.read_only and work.caller.door not in SYSTEM_DOORS:
            document.problems.add(errors.READ_ONLY, path, label=shown)


def _locked_by_rules(work: Work, document: Document) -> frozenset[str]:
    """A rule locks by what is stored, not by what is sent: nobody unlocks a field in the same save."""
    before = document.before
    if before is None:
        return frozenset()
    header = Cells(work.world, document.entity, HEADER, entered={}, before=before.values, row_id=before.id)
    header.system = dict(document.header.system)
    rows = [
        Cells(work.world, document.entity, key, entered={}, before=row.values, header=header, row_id=row.id)
        for key in document.entity.tables
        for row in before.tables.get(key, [])
    ]
    for cells in rows:
        header.rows.setdefault(cells.plan.table, []).append(cells)
    locked: set[str] = set()

    def step() -> None:
        for cells in (header, *rows):
            for rule in cells.plan.rules:
                if not rule.lock:
                    continue
                try:
                    if holds(rule.when, cells):
                        locked.update(f"{rule.table}.{key}" if rule.table else key for key in rule.lock)
                except Pending:
                    continue

    work.settle(step)
    return frozenset(locked)


def check_converted(work: Work, document: Document) -> None:
    """Note rows that were converted and are now gone, or smaller than what was converted of them."""
    if document.entity.key not in work.catalog.conversions_from or document.before is None:
        return
    if not document.decoded.tables and not document.decoded.header.entered:
        return
    used: dict[tuple[str, int], int] = defaultdict(int)
    for row in work.session.query(store.LINKS_FROM, document.id):
        link = link_of(row)
        used[link.conversion, link.source_line_id] += link.quantity
    by_id = {cells.id: cells for cells in document.cells()}
    for (key, row_id), quantity in used.items():
        conversion = work.catalog.conversions.get(key)
        cells = by_id.get(row_id or document.id)
        if conversion is None:
            continue
        position = _position(document, row_id)
        wanted: int | None = None
        if cells is not None:
            if conversion.quantity is None:
                continue
            wanted = quantity_minor(cells.get(conversion.quantity.source))
            if conversion.over is not None or wanted >= quantity:  # a tolerance was agreed for what is converted
                continue
        path = f"{conversion.each}[{position}]" if conversion.each else ""
        document.problems.add(
            errors.BELOW_CONVERTED, path, row=0, converted=quantity_text(Quantity(quantity)),
            wanted=quantity_text(Quantity(wanted or 0)), position=position,
        )  # fmt: skip


def _position(document: Document, row_id: int) -> int:
    before = document.before
    assert before is not None
    for rows in before.tables.values():
        for position, row in enumerate(rows, 1):
            if row.id == row_id:
                return position
    return 0
