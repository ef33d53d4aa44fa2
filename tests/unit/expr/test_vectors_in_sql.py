"""What SQL says of a record is what the evaluator says, on both databases, for every vector and for many records."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from tests.companies import new_database
from tests.conftest import _unique
from tests.unit.expr.answering import formula_of
from tests.unit.expr.tables import PARENT, Connection, Fields, Place, all_places, answers, create, insert, places
from zhangshi.base.errors import ZhangshiError
from zhangshi.expr import Env, Formula, Kind, Sql, compile_formula, to_sql
from zhangshi.expr.vectors import SCOPES, Vector, VectorHost, sample, scope_of, vectors

SCOPES_WITH_TABLES = ("order", "lines")
RECORDS = 40
POOL: dict[Kind, list[Any]] = {
    Kind.DECIMAL: [Decimal(one) for one in ("0", "1", "-1", "6200.5", "6000", "0.05", "-12.34", "12.5", "99999.99")],
    Kind.INT: [0, 1, -1, 3, 5, 42],
    Kind.TEXT: [
        "",
        "draft",
        "open",
        "A",
        "a",
        "中文",
        "急单 Call",
        "SO2603-0042",
        " x\u3000",
        "138",
        "L1",
        '"quoted"',
        "é😀",
    ],
    Kind.BOOL: [True, False],
    Kind.DATE: [date(2026, 3, 2), date(2026, 3, 31), date(2024, 2, 29), date(1999, 12, 31)],
    Kind.DATETIME: [datetime(2026, 3, 1, 23, 30, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)],
    Kind.TEXTS: [("出口", "A类"), ('x"A类"y',), ("A",), ()],
    Kind.RECORD: [3, 7, 11, 101],
}


class Sqlite:
    dialect = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, parameters).fetchall()


class Postgresql:
    dialect = "postgresql"

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(statement.replace("?", "%s"), parameters)
        return cursor.fetchall() if cursor.description else []


@dataclass(frozen=True)
class Record:
    values: dict[str, Any]
    parent: dict[str, Any]


def some_value(place: Place, choose: random.Random) -> Any:
    if choose.random() < 0.25:
        return None
    value = choose.choice(POOL[place.type.kind])
    return value.quantize(Decimal(1).scaleb(-place.digits)) if place.digits is not None else value


def records(scope: str) -> dict[int, Record]:
    """The sample, nothing at all, and many mixed from a few values and empty."""
    choose = random.Random(20260315)
    parent = SCOPES[scope].get("parent", "")
    found = [Record(sample(scope)[0], sample(parent)[0]), Record({}, {})]
    while len(found) < RECORDS:
        made = Record({}, {})
        for place in all_places(scope):
            (made.parent if place.column.startswith(PARENT) else made.values)[place.path] = some_value(place, choose)
        found.append(made)
    return dict(enumerate(found))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Connection]:
    if request.param == "sqlite":
        with closing(sqlite3.connect(":memory:")) as connection:
            yield Sqlite(connection)
        return
    url = request.getfixturevalue("pg_url")
    with new_database(url, _unique("formula")) as address, psycopg.connect(address, autocommit=True) as server:
        yield Postgresql(server)


def translated(formula: Formula, scope: str, dialect: Any) -> Sql:
    parent = SCOPES[scope].get("parent")
    parent_columns = Fields(places(parent, PARENT)) if parent else None
    return to_sql(formula, Fields(places(scope)), dialect=dialect, host=VectorHost(), parent_columns=parent_columns)


def same(found: Any, wanted: Any, kind: Kind) -> bool:
    """An empty text and no text are one value, and so are false and no answer of a condition."""
    return (found or None) == (wanted or None) if kind in {Kind.TEXT, Kind.BOOL, Kind.TEXTS} else found == wanted


def differences(database: Connection, scope: str, formula: Formula, stored: dict[int, Record]) -> list[Any]:
    found = answers(database, scope, translated(formula, scope, database.dialect))
    wrong = []
    for number, record in stored.items():
        try:
            wanted = formula.evaluate(Env(record.values, record.parent, host=VectorHost()))
        except ZhangshiError as error:
            if error.code != "formula.not_whole":  # what SQL says there is not a whole number either
                raise
            continue
        if not same(found[number], wanted, formula.type.kind):
            wrong.append((formula.source.text, number, found[number], wanted))
    return wrong


def sql_vectors(scope: str) -> list[Vector]:
    return [one for one in vectors() if one.sql and one.scope == scope]


@pytest.mark.parametrize("scope", SCOPES_WITH_TABLES)
def test_sql_answers_what_the_evaluator_answers_for_every_record(database: Connection, scope: str) -> None:
    create(database, scope)
    stored = records(scope)
    for number, record in stored.items():
        insert(database, scope, number, record.values, record.parent)
    found = sql_vectors(scope)
    wrong = [one for vector in found for one in differences(database, scope, formula_of(vector), stored)]

    assert len(found) > 15
    assert wrong == []


@pytest.mark.parametrize("scope", SCOPES_WITH_TABLES)
def test_sql_answers_every_vector_with_its_own_values(database: Connection, scope: str) -> None:
    create(database, scope)
    wrong = []
    for number, vector in enumerate(sql_vectors(scope)):
        values, parent, _ = vector.record()
        insert(database, scope, number, values, parent)
        found = answers(database, scope, translated(formula_of(vector), scope, database.dialect))[number]
        database.run(f"DELETE FROM t_{scope}")
        if not same(found, vector.value, formula_of(vector).type.kind):
            wrong.append((vector.data, found))

    assert wrong == []


def test_sql_refuses_the_rest_with_a_place() -> None:
    for vector in vectors():
        if vector.sql or (vector.error and vector.data.get("stage") != "sql"):
            continue
        for dialect in ("sqlite", "postgresql"):
            with pytest.raises(ZhangshiError) as caught:
                translated(formula_of(vector), vector.scope, dialect)
            assert caught.value.code in {"formula.not_in_sql", "formula.division_by_zero"}, vector.text
            if vector.error:
                assert (caught.value.code, caught.value.facts["position"]) == (vector.error, vector.data["position"])


def test_a_plain_condition_compares_the_bare_column_so_that_an_index_helps() -> None:
    scope = scope_of("order")
    found = translated(
        compile_formula('state = "draft" and owner = USER() and due_on >= TODAY()', scope), "order", "sqlite"
    )

    assert found.text == "(f_state = ? AND f_owner = ? AND f_due_on >= ?)"
    assert found.parameters == ("draft", 7, "2026-03-15")


def test_no_value_of_a_formula_becomes_part_of_the_statement() -> None:
    scope = scope_of("order")
    found = translated(
        compile_formula('state = "\'; DROP TABLE x; --" or remark & "?" = "?"', scope), "order", "sqlite"
    )

    assert "DROP" not in found.text
    assert found.text.count("?") == len(found.parameters) == 3
