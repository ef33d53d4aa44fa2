"""Tasks: long work that somebody waits for."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("task_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("steps_done", sa.BigInteger, nullable=False),
        sa.Column("steps_total", sa.BigInteger, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger, nullable=False),
        sa.Column("cancel_asked", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("task_id", name="task_pkey"),
        sqlite_strict=True,
    )
    op.create_index("task_user_idx", "task", ["user_id", "created_at"])
    op.create_index("task_created_idx", "task", ["created_at"])
