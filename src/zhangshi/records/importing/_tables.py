"""What an import wrote, so that a repeated run finds it done and the whole can be undone. Created by migration 0008."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from zhangshi.platform.metadata import metadata

# One import that was written; one with problems leaves no row. Its id is that of its task.
import_run = Table(
    "import_run",
    metadata,
    Column("import_id", BigInteger, primary_key=True, autoincrement=False),
    Column("entity", Text, nullable=False),
    Column("name", Text, nullable=False, comment="of the file"),
    Column("digest", Text, nullable=False, comment="sha256 of the rows and of what was asked for"),
    Column("answer", Text, nullable=False, comment="JSON"),
    Column("user_id", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("undone_by", BigInteger, nullable=False, comment="0 = it stands"),
    Column("undone_at", BigInteger, nullable=False),
)
Index("import_run_recorded_idx", import_run.c.recorded_at)

# `version` is the record's after the import: an undo refuses when it has changed since. `before` is what an update
# replaced, as the content of an edit; "" for an insert.
import_row = Table(
    "import_row",
    metadata,
    Column("import_id", BigInteger, primary_key=True, autoincrement=False),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("action", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("before", Text, nullable=False, comment="JSON"),
    sqlite_with_rowid=False,
)
