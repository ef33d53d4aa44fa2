"""SQL over the tables that users draw: what is empty, what is double, what has to be recoded.

Names of tables and columns come from compiled catalogs, values travel as parameters.
"""

from collections.abc import Sequence

from zhangshi.platform.session import Session
from zhangshi.platform.statements import RowsStatement, Statement

Value = str | int | None


def count_all(session: Session, *, table: str) -> int:
    """Return how many rows a table has."""
    return int(session.query(Statement(f"SELECT COUNT(*) FROM {table}"))[0][0])


def count_filled(session: Session, *, table: str, column: str) -> int:
    """Return how many rows have a value."""
    return int(session.query(Statement(f"SELECT COUNT({column}) FROM {table}"))[0][0])


def count_empty(session: Session, *, table: str, column: str) -> int:
    """Return how many rows have none."""
    return int(session.query(Statement(f"SELECT COUNT(*) FROM {table} WHERE {column} IS NULL"))[0][0])


def count_left(session: Session, *, table: str, source: str, target: str) -> int:
    """Return how many rows have a value in `source` and none in `target`."""
    text = f"SELECT COUNT(*) FROM {table} WHERE {source} IS NOT NULL AND {target} IS NULL"
    return int(session.query(Statement(text))[0][0])


def doubles(session: Session, *, table: str, columns: Sequence[str], limit: int) -> list[tuple[str, int]]:
    """Return values that several rows share, with their number, most shared first."""
    together = ", ".join(columns)
    filled = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    text = (
        f"SELECT {together}, COUNT(*) FROM {table} WHERE {filled} GROUP BY {together} HAVING COUNT(*) > 1"
        f" ORDER BY COUNT(*) DESC, {together} LIMIT ?"
    )
    return [
        (" / ".join(str(value) for value in row[:-1]), int(row[-1])) for row in session.query(Statement(text), limit)
    ]


def replace_value(session: Session, *, table: str, column: str, before: str, after: str) -> int:
    """Put one value in the place of another."""
    return session.execute(Statement(f"UPDATE {table} SET {column} = ? WHERE {column} = ?"), after, before)


def fill_empty(session: Session, *, table: str, column: str, value: Value) -> int:
    """Set a column where it is empty."""
    return session.execute(Statement(f"UPDATE {table} SET {column} = ? WHERE {column} IS NULL"), value)


def count_states(session: Session, *, table: str) -> dict[str, int]:
    """Return how many records are in each state."""
    rows = session.query(Statement(f"SELECT state, COUNT(*) FROM {table} GROUP BY state ORDER BY state"))
    return {str(state): int(count) for state, count in rows}


def replace_state(session: Session, *, table: str, before: str, after: str) -> int:
    """Put every record of one state into another, without a transition: the lifecycle itself came or went."""
    return session.execute(Statement(f"UPDATE {table} SET state = ? WHERE state = ?"), after, before)


def numbers(session: Session, *, table: str) -> dict[int, str]:
    """Return the numbers of all records of an entity, by id."""
    rows = session.query(Statement(f"SELECT record_id, number FROM {table} WHERE number <> ''"))
    return {int(record_id): str(number) for record_id, number in rows}


def batch_after(
    session: Session, *, table: str, key: str, columns: Sequence[str], after: int, size: int
) -> list[tuple[int, Value, Value]]:
    """Return (key, value of the first column, value of the last) of the next `size` rows in the order of keys."""
    page = Statement(f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {key} > ? ORDER BY {key} LIMIT ?")
    return [(int(row[0]), row[1], row[-1]) for row in session.query(page, after, size)]


def write_column(
    session: Session, *, table: str, key: str, column: str, number: bool, rows: Sequence[tuple[int, Value]]
) -> None:
    """Set one column of many rows, by key."""
    statement = RowsStatement(
        f"WITH input(row_key, new_value) AS ({{input}}) UPDATE {table} SET {column} = i.new_value FROM input i"
        f" WHERE {table}.{key} = i.row_key",
        columns={"row_key": "bigint", "new_value": "bigint" if number else "text"},
    )
    session.execute_rows(statement, rows)


def describe_rows(session: Session, *, header: str, lines: str, keys: Sequence[int]) -> dict[int, tuple[int, str, int]]:
    """Return key -> (record id, number, position or 0) of rows of a line table, or of the header if `lines` is ""."""
    if lines:
        text = (
            f"WITH input(row_key) AS ({{input}}) SELECT l.line_id, h.record_id, h.number, l.position FROM input i"
            f" JOIN {lines} l ON l.line_id = i.row_key JOIN {header} h ON h.record_id = l.record_id"
        )
    else:
        text = (
            f"WITH input(row_key) AS ({{input}}) SELECT h.record_id, h.record_id, h.number, 0 FROM input i"
            f" JOIN {header} h ON h.record_id = i.row_key"
        )
    statement = RowsStatement(text, columns={"row_key": "bigint"})
    rows = session.query_rows(statement, [(key,) for key in keys])
    return {int(key): (int(record_id), str(number), int(position)) for key, record_id, number, position in rows}
