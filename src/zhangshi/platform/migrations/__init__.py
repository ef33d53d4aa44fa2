"""The fixed tables, revision by revision (Alembic). One line of revisions, additive, the same on both databases."""

from zhangshi.platform.migrate import migrate

__all__ = ["migrate"]
