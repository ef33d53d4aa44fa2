"""The tables of the jobs: unfinished jobs, schedules, workers, and the one row that orders the deliveries.

Created by migration 0002.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from zhangshi.platform.metadata import metadata

job = Table(
    "job",
    metadata,
    Column("job_id", BigInteger, primary_key=True),
    Column("handler", Text, nullable=False),
    Column("ordering_key", Text, comment="Jobs of one (handler, ordering key) run one after the other"),
    Column("unique_key", Text),
    Column("payload", Text, nullable=False, comment="JSON"),
    Column("state", Text, nullable=False),
    Column("due_at", BigInteger, comment="When it may be claimed; the end of the lease while leased, else null"),
    Column("attempts", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("enqueued_at", BigInteger, nullable=False),
    Column("error", Text),
)
_claimable = job.c.due_at.is_not(None)
_ordered = job.c.ordering_key.is_not(None)
Index("job_due_idx", job.c.due_at, job.c.job_id, postgresql_where=_claimable, sqlite_where=_claimable)
Index(
    "job_order_idx",
    job.c.handler,
    job.c.ordering_key,
    job.c.job_id,
    postgresql_where=_ordered,
    sqlite_where=_ordered,
)
Index("job_unique_key_key", job.c.unique_key, unique=True)

schedule = Table(
    "schedule",
    metadata,
    Column("name", Text, primary_key=True),
    Column("cron", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("handler", Text, nullable=False),
    Column("payload", Text, nullable=False, comment="JSON"),
    Column("due_at", BigInteger, nullable=False),
    Column("last_due_at", BigInteger),
)
Index("schedule_due_at_idx", schedule.c.due_at)

worker = Table(
    "worker",
    metadata,
    Column("worker_id", BigInteger, primary_key=True),
    Column("name", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("running", Integer, nullable=False, comment="How many jobs it holds"),
)

job_delivery = Table(
    "job_delivery",
    metadata,
    # One row. Who holds its lock hands out events; the ids of the jobs that it makes rise above `last_job_id`.
    Column("delivery_id", Integer, primary_key=True),
    Column("last_job_id", BigInteger, nullable=False),
)
