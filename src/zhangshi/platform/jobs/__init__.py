"""Outbox deliveries, jobs, schedules and durable timers, as rows of the company's own database. See README.md."""
