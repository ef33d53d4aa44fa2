"""Jobs, schedules, workers, and the row that orders the deliveries of events."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_jobs()
    op.create_table(
        "schedule",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("cron", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("handler", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("last_due_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("name", name="schedule_pkey"),
        sqlite_strict=True,
    )
    op.create_index("schedule_due_at_idx", "schedule", ["due_at"])
    op.create_table(
        "worker",
        sa.Column("worker_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("running", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("worker_id", name="worker_pkey"),
        sqlite_strict=True,
    )
    delivery = op.create_table(
        "job_delivery",
        sa.Column("delivery_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("last_job_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", name="job_delivery_pkey"),
        sqlite_strict=True,
    )
    op.bulk_insert(delivery, [{"delivery_id": 1, "last_job_id": 0}])


def _create_jobs() -> None:
    op.create_table(
        "job",
        sa.Column("job_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("handler", sa.Text, nullable=False),
        sa.Column("ordering_key", sa.Text),
        sa.Column("unique_key", sa.Text),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("enqueued_at", sa.BigInteger, nullable=False),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("job_id", name="job_pkey"),
        sqlite_strict=True,
    )
    claimable = sa.text("due_at IS NOT NULL")
    op.create_index("job_due_idx", "job", ["due_at", "job_id"], postgresql_where=claimable, sqlite_where=claimable)
    ordered = sa.text("ordering_key IS NOT NULL")
    op.create_index(
        "job_order_idx",
        "job",
        ["handler", "ordering_key", "job_id"],
        postgresql_where=ordered,
        sqlite_where=ordered,
    )
    op.create_index("job_unique_key_key", "job", ["unique_key"], unique=True)
