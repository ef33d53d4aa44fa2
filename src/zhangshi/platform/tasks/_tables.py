"""The table of tasks. Created by migration 0007."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from zhangshi.platform.metadata import metadata

task = Table(
    "task",
    metadata,
    Column("task_id", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("steps_done", BigInteger, nullable=False),
    Column("steps_total", BigInteger, nullable=False),
    Column("message", Text, nullable=False),
    Column("payload", Text, nullable=False, comment="JSON"),
    Column("result", Text, nullable=False, comment="JSON"),
    Column("user_id", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger, nullable=False),
    Column("cancel_asked", Integer, nullable=False),
)
Index("task_user_idx", task.c.user_id, task.c.created_at)
Index("task_created_idx", task.c.created_at)
