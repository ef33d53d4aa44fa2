"""SQL that finds the rows behind a rollup, for many records or rows at once."""

from zhangshi.definitions.catalog import HEADER, Entity, Rollup
from zhangshi.platform.statements import RowsStatement
from zhangshi.records._store.layouts import layout

_KEPT = "_records_rollups"


def rollup_statement(entity: Entity, rollup: Rollup, *, of_rows: bool) -> RowsStatement:
    """Return the statement: ids in; (id, header's state, columns of the found row) out. Kept with the found table.

    `entity` is the one whose rows are found; `of_rows` says that the ids are of rows, not of headers.
    """
    table = entity.table(rollup.table)
    kept: dict[tuple[str, str, bool], RowsStatement] = table.__dict__.setdefault(_KEPT, {})
    key = (rollup.match, rollup.conversion, of_rows)
    found = kept.get(key)
    if found is None:
        found = kept[key] = _made(entity, rollup, of_rows=of_rows)
    return found


def _made(entity: Entity, rollup: Rollup, *, of_rows: bool) -> RowsStatement:
    table = entity.table(rollup.table)
    mine = ", ".join(f"t.{column}" for column in layout(table).columns)
    select = f"WITH input(id) AS ({{input}}) SELECT i.id, h.state, {mine} FROM input i"
    own_key = "record_id" if rollup.table == HEADER else "line_id"
    if rollup.conversion:
        source = "source_line_id" if of_rows else "source_id"
        target = "target_id" if rollup.table == HEADER else "target_line_id"
        # The key of a conversion is a checked word: letters, digits and underscores.
        found = (
            f" JOIN record_link l ON l.{source} = i.id AND l.conversion = '{rollup.conversion}' AND l.active = 1"
            f" JOIN {table.name} t ON t.{own_key} = l.{target}"
        )
    else:
        found = f" JOIN {table.name} t ON t.{table.fields[rollup.match].column} = i.id"
    header = f" JOIN {entity.header.name} h ON h.record_id = t.record_id"
    return RowsStatement(f"{select}{found}{header} ORDER BY i.id, t.{own_key}", columns={"id": "bigint"})
