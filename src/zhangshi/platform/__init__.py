"""Engines and dialects, unit of work, companies, migrations, outbox and jobs, backup, settings, logging."""
