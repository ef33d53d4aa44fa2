"""The part of an import that only reads: from the sheet to planned writes and the cells that are wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import HEADER, Catalog, Entity
from zhangshi.platform.session import Session
from zhangshi.records.access import FIELD_LOCKED, FORBIDDEN, EntityAccess, access_to
from zhangshi.records.errors import UNKNOWN_ENTITY
from zhangshi.records.importing import errors
from zhangshi.records.importing.drafts import Draft, Drafting
from zhangshi.records.importing.linking import resolve_links
from zhangshi.records.importing.mapping import Column, Mapped, map_columns
from zhangshi.records.importing.matching import Key, Matched, match_columns, match_drafts
from zhangshi.records.importing.model import ImportRequest
from zhangshi.records.importing.planning import Planned, plan_insert, plan_updates
from zhangshi.records.importing.problems import CellProblem, problem_of
from zhangshi.records.importing.sheet import Sheet
from zhangshi.records.importing.titles import NUMBER
from zhangshi.records.model import Caller

IMPORT = "import"


@dataclass(slots=True)
class Plan:
    """What a sheet wants to be done."""

    entity: Entity
    columns: tuple[Column, ...] = ()
    left_out: tuple[str, ...] = ()
    drafts: list[Draft] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    match_keys: tuple[str, ...] = ()
    new_keys: dict[int, Key] = field(default_factory=dict)
    """What inserted records are found by, by row: looked for again when they are written."""
    problems: list[CellProblem] = field(default_factory=list)

    @property
    def bad_rows(self) -> frozenset[int]:
        """Rows with a wrong cell."""
        return frozenset(problem.row for problem in self.problems)


def entity_to_import(catalog: Catalog, caller: Caller, key: str) -> tuple[Entity, EntityAccess]:
    """Return the entity and what the caller may do with it.

    Raises: records.unknown_entity; records.forbidden without the action `import`.
    """
    entity = catalog.entities.get(key)
    if entity is None:
        raise ZhangshiError(UNKNOWN_ENTITY, entity=key)
    access = access_to(catalog, key, caller.person)
    access.refuse(IMPORT)
    return entity, access


def read_plan(
    session: Session, catalog: Catalog, caller: Caller, request: ImportRequest, sheet: Sheet, zone: tzinfo
) -> Plan:
    """Return what `sheet` wants to be done.

    Raises: records.unknown_entity, records.forbidden.
    """
    entity, access = entity_to_import(catalog, caller, request.entity)
    mapped = map_columns(entity, sheet.header, request.mapping)
    plan = Plan(entity, mapped.columns, mapped.left_out, problems=list(mapped.problems))
    masked = frozenset(one.path for one in mapped.columns if access.everything.read(one.path) == "mask")
    drafting = Drafting(mapped.columns, zone, masked)
    for number, cells in sheet.rows:
        drafting.add(number, cells)
    plan.drafts = drafting.drafts
    plan.problems += drafting.problems
    plan.problems += resolve_links(session, catalog, plan.drafts, caller.person)
    matched = _match(session, plan, mapped, request, access)
    inserts = [plan_insert(entity, draft) for draft in matched.inserts]
    updates = plan_updates(session, entity, matched.updates, lambda path: _may_be_hidden(access, path))
    if inserts:
        access.refuse("create")
    if updates:
        access.refuse("edit")
    if request.transition:
        access.refuse(request.transition)
    plan.problems += _locked(plan, inserts, lambda path: not access.everything.may_write(path, "create"))
    plan.problems += _locked(plan, updates, lambda path: _is_secret(access, path))
    plan.planned = sorted([*inserts, *updates], key=lambda one: one.draft.row)
    plan.problems += _repeated(plan)
    return plan


def _match(session: Session, plan: Plan, mapped: Mapped, request: ImportRequest, access: EntityAccess) -> Matched:
    try:
        columns = match_columns(mapped.columns, request.match, request.mode)
    except ZhangshiError as error:
        plan.problems.append(problem_of(error, row=1, column=0))
        return Matched()
    for column in columns:  # who may not read a field must not learn from a match what is in it
        if access.everything.read(column.path) != "read":
            raise ZhangshiError(FORBIDDEN, entity=plan.entity.key, action=IMPORT)
    matched = match_drafts(session, plan.entity, plan.drafts, columns=columns, mode=request.mode)
    plan.match_keys = tuple(column.key for column in columns)
    new_rows = {draft.row for draft in matched.inserts}
    plan.new_keys = {row: key for row, key in matched.keys.items() if row in new_rows}
    plan.problems += matched.problems
    return matched


def _may_be_hidden(access: EntityAccess, path: str) -> bool:
    return not access.unconditional or access.everything.read(path) != "read"


def _is_secret(access: EntityAccess, path: str) -> bool:
    """Whether a person may neither read nor write a field: then even "it is so already" would tell its value."""
    return access.everything.read(path) != "read" and not access.everything.may_write(path, "edit")


def _locked(plan: Plan, planned: Sequence[Planned], is_locked: Callable[[str], bool]) -> list[CellProblem]:
    """Return the cells that the caller may not fill in."""
    problems = []
    for column in plan.columns:
        if column.is_row_number or not is_locked(column.path):
            continue
        error = ZhangshiError(FIELD_LOCKED, entity=plan.entity.key, field=column.path)
        for one in planned:
            problems += [problem_of(error, row=row, column=index) for row, index in _filled(one, column)]
    return problems


def _filled(planned: Planned, column: Column) -> list[tuple[int, int]]:
    if column.table == HEADER:
        return [planned.draft.cells[column.path]] if column.key in planned.content else []
    rows = planned.content.get(column.table, [])
    assert isinstance(rows, list)
    places = [f"{column.table}[{position}].{column.key}" for position, row in enumerate(rows, 1) if column.key in row]
    return [planned.draft.cells[place] for place in places]


def _repeated(plan: Plan) -> list[CellProblem]:
    """Return the cells that repeat what must be unique; a chunk of the check sees only its own records."""
    header = plan.entity.header
    singles = [(key,) for key, one in header.fields.items() if one.unique and not one.retired]
    problems = []
    for keys in [(NUMBER,), *singles, *plan.entity.unique]:
        first: dict[str, int] = {}
        for planned in plan.planned:
            given = [planned.content.get(key) for key in keys]
            if None in given:
                continue
            row = first.setdefault(repr(given), planned.draft.row)
            if row != planned.draft.row:
                place = planned.draft.cell_of(keys[0])
                text = " ".join(planned.draft.text.get(key, "") for key in keys)
                error = ZhangshiError(errors.TWICE_IN_FILE, text=text[:60], first=row)
                problems.append(problem_of(error, row=place[0], column=place[1]))
                del planned.content[keys[0]]
    return problems
