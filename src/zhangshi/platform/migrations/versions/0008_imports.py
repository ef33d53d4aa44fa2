"""Imports: what a file wrote, so that it is written once and can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("import_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("undone_by", sa.BigInteger, nullable=False),
        sa.Column("undone_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("import_id", name="import_run_pkey"),
        sqlite_strict=True,
    )
    op.create_index("import_run_recorded_idx", "import_run", ["recorded_at"])
    op.create_table(
        "import_row",
        sa.Column("import_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("record_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("import_id", "record_id", name="import_row_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
