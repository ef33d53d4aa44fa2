"""Statements are rendered for each database as written, and nothing inside quotes is touched."""

import pytest

from zhangshi.platform.dialect import POSTGRESQL, SQLITE
from zhangshi.platform.statements import RowsStatement, Statement, all_statements


def test_placeholders_and_words_are_rendered_for_each_database() -> None:
    statement = Statement("SELECT a FROM t WHERE b = ? AND c LIKE '%?%' AND d % 2 = ?{for_update}")
    assert statement.sqlite == "SELECT a FROM t WHERE b = ? AND c LIKE '%?%' AND d % 2 = ?"
    assert statement.postgresql == "SELECT a FROM t WHERE b = %s AND c LIKE '%%?%%' AND d %% 2 = %s FOR UPDATE"


def test_locks_are_words_on_postgresql_and_nothing_on_sqlite() -> None:
    text = "SELECT 1{for_share}; SELECT 2{skip_locked}"
    assert Statement(text).sqlite == "SELECT 1; SELECT 2"
    assert Statement(text).postgresql == "SELECT 1 FOR SHARE; SELECT 2 FOR UPDATE SKIP LOCKED"


def test_a_quote_inside_quotes_does_not_end_them() -> None:
    assert POSTGRESQL.render("SELECT 'it''s ?', ?") == "SELECT 'it''s ?', %s"
    assert SQLITE.render("SELECT '{\"a\": 1}', '{word}'") == "SELECT '{\"a\": 1}', '{word}'"


def test_an_unknown_word_in_braces_is_refused() -> None:
    with pytest.raises(ValueError, match="no_wait"):
        Statement("SELECT 1 {no_wait}")


def test_rows_become_a_list_of_values_or_one_array_per_column() -> None:
    statement = RowsStatement(
        "WITH input(a, b) AS ({input}) SELECT a FROM input WHERE b > ?", columns={"a": "bigint", "b": "text"}
    )
    assert statement.sqlite_text(2) == "WITH input(a, b) AS (VALUES (?,?),(?,?)) SELECT a FROM input WHERE b > ?"
    assert statement.postgresql == (
        "WITH input(a, b) AS (SELECT * FROM unnest(%s::bigint[], %s::text[])) SELECT a FROM input WHERE b > %s"
    )
    assert statement.postgresql_arrays([(1, 'say "a\\b"'), (None, None)]) == ["{1,NULL}", '{"say \\"a\\\\b\\"",NULL}']


def test_a_boolean_travels_as_the_integer_it_is_stored_as() -> None:
    statement = RowsStatement("SELECT 1 FROM ({input})", columns={"a": "integer"})
    assert statement.postgresql_arrays([(True,), (False,)]) == ["{1,0}"]


@pytest.mark.parametrize("text", ["SELECT 1", "{input} {input}", "SELECT ? FROM ({input})"])
def test_the_input_stands_once_before_any_parameter(text: str) -> None:
    with pytest.raises(ValueError, match="input"):
        RowsStatement(text, columns={"a": "bigint"})


def test_chunks_hold_all_rows_once_and_repeat_the_parameters() -> None:
    statement = RowsStatement("SELECT 1 FROM ({input}) WHERE ?", columns={"a": "bigint"})
    statement.sqlite_rows_max = 2
    chunks = list(statement.sqlite_chunks([(1,), (2,), (3,)], ("p",)))
    assert [values for _, values in chunks] == [[1, 2, "p"], [3, "p"]]
    assert list(statement.sqlite_chunks([], ())) == []


def test_statements_are_known_while_they_live() -> None:
    statement = Statement("SELECT 'this one'")
    assert statement in all_statements()
