"""Formula texts -> formulas that are parsed, resolved and typed; every other module of this package asks here."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import HEADER, Field, FieldType
from zhangshi.definitions.catalog.system_fields import system_fields
from zhangshi.definitions.compiling.drafts import DraftEntity, DraftTable, Workshop
from zhangshi.definitions.compiling.spots import Findings, Spot
from zhangshi.definitions.errors.fields import BAD_FORMULA, NOT_FOR_SQL, WRONG_LINK, WRONG_TYPE
from zhangshi.definitions.model.texts import FormulaText
from zhangshi.expr import (
    BOOL,
    DATE,
    DATETIME,
    DECIMAL,
    INT,
    TEXT,
    TEXTS,
    Formula,
    Host,
    Kind,
    Name,
    RowsName,
    Scope,
    Type,
    compile_formula,
)
from zhangshi.expr.errors import WRONG_RESULT
from zhangshi.expr.sql import SqlColumn, to_sql

Place = tuple[str, str]
"""(entity, table): whose names a formula sees; a row sees its header too."""

USERS = "user"
DEPARTMENTS = "department"
_PATH = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")
_TYPES: Mapping[FieldType, Type] = {
    FieldType.INT: INT,
    FieldType.DECIMAL: DECIMAL,
    FieldType.QUANTITY: DECIMAL,
    FieldType.MONEY: DECIMAL,
    FieldType.PRICE: DECIMAL,
    FieldType.DATE: DATE,
    FieldType.DATETIME: DATETIME,
    FieldType.BOOL: BOOL,
    FieldType.MULTI_SELECT: TEXTS,
    FieldType.ATTACHMENT: TEXTS,
    FieldType.IMAGE: TEXTS,
    FieldType.SIGNATURE: TEXTS,
    FieldType.USER: Type(Kind.RECORD, USERS),
    FieldType.DEPARTMENT: Type(Kind.RECORD, DEPARTMENTS),
}


class _Probe:
    """Somebody at some moment: what the system's functions answer while a formula is only tried out."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        answers: dict[str, object] = {
            "now": datetime(2000, 1, 1, tzinfo=UTC),
            "local_time": datetime(2000, 1, 1, tzinfo=UTC),
            "instant_of": datetime(2000, 1, 1, tzinfo=UTC),
            "today": date(2000, 1, 1),
            "user_name": "",
            "roles": frozenset(),
            "is_working_day": True,
            "lookup": None,
        }
        answer = answers.get(name, 1)
        return lambda *_asked: answer


_PROBE: Host = _Probe()  # type: ignore[assignment]  # it answers every name


def type_of(field: Field) -> Type:
    """Return what a formula sees in the field."""
    if field.is_link:
        return Type(Kind.RECORD, field.to)
    return _TYPES.get(field.type, TEXT)


def is_path(text: FormulaText) -> bool:
    """Return whether the formula is a bare path."""
    return isinstance(text, str) and bool(_PATH.match(text))


def formula_text(text: FormulaText) -> str:
    """Return the text of a formula: true and false may be written as YAML writes them."""
    if isinstance(text, bool):
        return "TRUE" if text else "FALSE"
    return str(text)


def make_scopes(workshop: Workshop) -> None:
    """Make the scope of every header and line table; what lies behind a link is found when it is asked for."""

    def behind(entity: str) -> Scope | None:
        return workshop.scopes.get((entity, HEADER))

    for draft in workshop.entities.values():
        header = Scope(_names(draft, draft.header), links=behind)
        rows: dict[str, RowsName] = {}
        for key in draft.line_tables:
            table = draft.tables[key]
            scope = Scope(_names(draft, table), parent=header, links=behind)
            rows[key] = RowsName(key, _labels(table.label.zh, table.label.en), scope)
            workshop.scopes[draft.key, key] = table.scope = scope
        header.rows = rows
        workshop.scopes[draft.key, HEADER] = draft.header.scope = header


def _names(draft: DraftEntity, table: DraftTable) -> dict[str, Name]:
    fields = {**system_fields(draft.key, table.key), **table.fields}
    return {key: Name(key, type_of(one), _labels(one.label.zh, one.label.en)) for key, one in fields.items()}


def _labels(zh: str, en: str) -> tuple[str, ...]:
    return (zh, en)


def joined_scope(workshop: Workshop, inner: Place, outer: Place) -> Scope:
    """Return a scope that sees `inner` first and `outer` as parent; of a row, its header's fields below its own."""
    scope = _merged(workshop.scopes[inner])
    return Scope(scope.names, rows=scope.rows, parent=_merged(workshop.scopes[outer]), links=scope.links)


def _merged(scope: Scope) -> Scope:
    if scope.parent is None:
        return scope
    return Scope({**scope.parent.names, **scope.names}, rows=scope.rows, links=scope.links)


def value_formula(
    workshop: Workshop,
    spot: Spot,
    text: FormulaText | None,
    place: Place | Scope,
    wanted: Type | None = None,
) -> Formula | None:
    """Return the compiled formula, or None when there is none or when it is wrong (reported).

    `wanted` is the type that it must have: a decimal takes whole numbers, a record only one of its own entity.
    """
    if text is None:
        return None
    scope = place if isinstance(place, Scope) else workshop.scopes[place]
    written = formula_text(text)
    try:
        return compile_formula(written, scope, expects=wanted)
    except ZhangshiError as error:
        if wanted is None or error.error_code is not WRONG_RESULT:
            spot.report(BAD_FORMULA, text=written, detail_zh=error.message("zh"), detail_en=error.message("en"))
        else:
            report_misfit(spot, written, compile_formula(written, scope).type, wanted)
        return None


def field_formula(
    workshop: Workshop, spot: Spot, text: FormulaText | None, place: Place | Scope, field: Field
) -> Formula | None:
    """Return a formula whose value can be put into `field`."""
    return value_formula(workshop, spot, text, place, type_of(field))


def condition(
    workshop: Workshop, spot: Spot, text: FormulaText | None, place: Place | Scope, *, in_sql: bool = False
) -> Formula | None:
    """Return a formula that is true or false; with `in_sql` one that the database can decide."""
    formula = value_formula(workshop, spot, text, place, BOOL)
    if formula is not None and in_sql and not isinstance(place, Scope):
        wrong = sql_misfit(workshop, spot, formula, place)
        if wrong is not None:
            written = formula_text(text or "")
            spot.report(NOT_FOR_SQL, text=written, detail_zh=wrong.message("zh"), detail_en=wrong.message("en"))
    return formula


def compiles(text: FormulaText, scope: Scope) -> bool:
    """Return whether the text is a formula over `scope`."""
    try:
        compile_formula(formula_text(text), scope)
    except ZhangshiError:
        return False
    return True


def sql_misfit(workshop: Workshop, spot: Spot, formula: Formula, place: Place) -> ZhangshiError | None:
    """Return why the database cannot evaluate the formula, or None when it can."""
    entity, table = place
    quiet = Spot(Findings(), spot.source)

    def column(path: str) -> SqlColumn | None:
        field = workshop.resolve(quiet, workshop.entities[entity], table, path)
        return None if field is None else SqlColumn("x", type_of(field), field.digits or None)

    def header_column(path: str) -> SqlColumn | None:
        field = workshop.resolve(quiet, workshop.entities[entity], HEADER, path)
        return None if field is None else SqlColumn("x", type_of(field), field.digits or None)

    try:
        to_sql(formula, column, dialect="sqlite", host=_PROBE, parent_columns=header_column)
    except ZhangshiError as error:
        return error
    return None


def report_misfit(spot: Spot, text: str, found: Type, wanted: Type) -> None:
    """Report that a value of type `found` cannot stand where `wanted` is asked for."""
    if found.kind is wanted.kind is Kind.RECORD:
        spot.report(WRONG_LINK, text=text, found=found.entity, wanted=wanted.entity)
    else:
        spot.report(WRONG_TYPE, text=text, found=found.word, wanted=wanted.word)


def fits(found: Type, wanted: Type) -> bool:
    """Return whether a value of type `found` may stand where `wanted` is asked for; empty may stand anywhere."""
    if found.kind is Kind.EMPTY or found == wanted:
        return True
    if wanted.kind is Kind.DECIMAL:
        return found.is_number
    if found.kind is wanted.kind is Kind.RECORD:
        return not found.entity or not wanted.entity
    return False
