"""A value that waits for the database: see `records.writing.world`."""

ROUNDS_MAX = 16
"""A path of sixteen links, each waiting for the one before."""


class Pending(Exception):
    """A value waits for an answer from the database."""
