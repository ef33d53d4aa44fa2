"""Run by Alembic: `migrate.py` hands over a connection that is in a transaction already."""

from alembic import context

from zhangshi.platform.metadata import metadata
from zhangshi.platform.revisions import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=False,  # BEGIN and COMMIT belong to the unit of work
)
context.run_migrations()
