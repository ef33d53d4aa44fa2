"""Material for /healthz: is the database there, are the tables current, does a worker live, does the outbox keep up."""

from dataclasses import dataclass
from datetime import timedelta

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.jobs.health import JobsHealth, read_health
from zhangshi.platform.revisions import current_revision, head_revision
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import Company

OUTBOX_LAG_MAX = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question and its answer; `detail` says what was found."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """All questions about one company. `jobs` is None if they could not be asked."""

    checks: tuple[Check, ...]
    jobs: JobsHealth | None

    @property
    def ok(self) -> bool:
        """Whether every answer is good."""
        return all(check.ok for check in self.checks)


def check_health(company: Company, *, lag_max: timedelta = OUTBOX_LAG_MAX) -> Health:
    """Ask the questions in one snapshot. Never raises for a database that is away: that is an answer."""
    try:
        with company.read() as session:
            return _asked(company, session, lag_max)
    except ZhangshiError as error:
        return Health(checks=(Check(name="database", ok=False, detail=error.code),), jobs=None)


def _asked(company: Company, session: Session, lag_max: timedelta) -> Health:
    revision = current_revision(session)
    migrated = revision == head_revision()
    database = Check(name="database", ok=True, detail=company.dialect.name)
    migrations = Check(name="migrations", ok=migrated, detail=f"{revision} of {head_revision()}")
    if not migrated:
        return Health(checks=(database, migrations), jobs=None)
    jobs = read_health(session, now=company.clock.now())
    return Health(checks=(database, migrations, *_about_jobs(jobs, lag_max)), jobs=jobs)


def _about_jobs(jobs: JobsHealth, lag_max: timedelta) -> tuple[Check, ...]:
    lag = timedelta(seconds=jobs.event_lag_seconds)
    seen = jobs.worker_seen_at.isoformat(timespec="seconds") if jobs.worker_seen_at else "never"
    return (
        Check(name="worker", ok=jobs.workers_alive > 0, detail=f"{jobs.workers_alive} alive, last seen {seen}"),
        Check(name="outbox", ok=lag <= lag_max, detail=f"{jobs.events_undelivered} waiting, oldest {lag}"),
        Check(name="dead_letters", ok=jobs.jobs_dead == 0, detail=f"{jobs.jobs_dead} dead"),
    )
