"""The tables of the platform itself: requests and outbox (created by migration 0001)."""

from sqlalchemy import BigInteger, Column, Table, Text

from zhangshi.platform.metadata import metadata

request = Table(
    "request",
    metadata,
    Column("request_key", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)

outbox_event = Table(
    "outbox_event",
    metadata,
    Column("event_id", BigInteger, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("ordering_key", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)
