"""Formulas over headers as SQL: filters, row scopes, and values that are computed from columns.

What people type as a filter may ask who they are and what day it is, and nothing else of the system: LOOKUP or COST
would show them what their grants hide.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.definitions.catalog import Field
from zhangshi.expr import BOOL, Formula, Scope, compile_formula
from zhangshi.expr.sql import SqlColumn, to_sql
from zhangshi.records._store.reading_sql import Sql
from zhangshi.records.pending import ROUNDS_MAX, Pending
from zhangshi.records.query import NOT_A_CONDITION, NOT_SORTABLE

if TYPE_CHECKING:
    from zhangshi.records._store.reading_headers import HeaderQuery
    from zhangshi.records.paths import Hop

ASKED_FREELY = frozenset({"USER", "USERNAME", "ROLE", "DEPARTMENT", "TODAY", "NOW", "WORKDAY", "NETWORKDAYS"})
"""Functions of the system that a filter may use: their answers are no secret from the person who asks."""


def filter_formula(scope: Scope, written: str | Mapping[str, object]) -> Formula:
    """Return a filter that a person wrote, as text or as a JSON tree.

    Raises: formula.*; records.not_a_condition if it asks the system for more than who and when.
    """
    if isinstance(written, str):
        formula = compile_formula(written, scope, expects=BOOL)
    else:
        formula = Formula.from_json(written, scope, expects=BOOL)
    asked = sorted(formula.functions - ASKED_FREELY)
    if asked:
        raise ZhangshiError(NOT_A_CONDITION, function=Word(asked[0], asked[0]))
    return formula


def formula_paths(formula: Formula) -> list[str]:
    """Return the paths that a header's formula reads, in a fixed order."""
    of_rows = [f"{table}.{path}" for table, paths in formula.row_reads.items() for path in paths]
    return sorted({*formula.reads, *of_rows, *formula.row_reads})


def condition_sql(query: "HeaderQuery", formula: Formula, hops: "tuple[Hop, ...]") -> Sql:
    """Return a condition over the record behind `hops`. Raises: formula.not_in_sql."""
    return _translated(query, formula, hops)


def value_sql(query: "HeaderQuery", field: Field, hops: "tuple[Hop, ...]") -> Sql:
    """Return the value of a formula that is not stored.

    Raises: records.not_sortable where the field is no formula; formula.not_in_sql where SQL cannot say it.
    """
    if field.formula is None:
        raise ZhangshiError(NOT_SORTABLE, path=field.key)
    found = _translated(query, field.formula, hops)
    return found.within("CASE WHEN ", " THEN 1 ELSE 0 END") if field.formula.type == BOOL else found


def _translated(query: "HeaderQuery", formula: Formula, hops: "tuple[Hop, ...]") -> Sql:
    def column(path: str) -> SqlColumn | None:
        found = query.path(path, hops)
        try:
            value = query.value(found)
        except ZhangshiError:
            return None
        if value.values or found.field is None:
            return None  # a column of expr has no parameters of its own
        return SqlColumn(value.text, formula.type, found.field.digits)

    for _ in range(ROUNDS_MAX):
        try:
            made = to_sql(formula, column, dialect=query.dialect, host=query.host)
        except Pending:
            query.fetch()
        else:
            return Sql(made.text, made.parameters)
    raise RuntimeError(f"{formula!r} asks for more and more.")
