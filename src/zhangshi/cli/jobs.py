"""The commands of the jobs: run a worker, look at unfinished jobs, decide on the dead ones."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import click

from zhangshi.base.clock import micros_to_instant
from zhangshi.cli.main import ExitCode, State, shared_options
from zhangshi.platform.jobs.dead_letters import PAGE_SIZE, discard, get_job, list_jobs, replay
from zhangshi.platform.jobs.health import read_health
from zhangshi.platform.jobs.model import Job, JobState
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

_ACTOR = "cli"
_STATES = [state.value for state in JobState]
_job_ids = click.argument("job_ids", metavar="JOB_ID...", type=int, nargs=-1, required=True)


@click.group("jobs")
def jobs_group() -> None:
    """后台任务:查看、重做、放弃 · Background jobs: look at them, replay or discard the dead ones."""


@jobs_group.command("list")
@click.option("--state", "wanted", type=click.Choice(_STATES), help="只看此状态 · Only this state")
@click.option("--after", metavar="JOB_ID", type=int, default=0, help="从此编号之后 · Begin after this job")
@click.option("--limit", type=click.IntRange(1, 10_000), default=PAGE_SIZE, show_default=True)
@shared_options
@click.pass_obj
def list_command(state: State, wanted: str | None, after: int, limit: int) -> None:
    """列出未完成的任务 · List unfinished jobs."""
    _show_list(state, JobState(wanted) if wanted else None, after=after, limit=limit)


@jobs_group.command("dead")
@click.option("--after", metavar="JOB_ID", type=int, default=0, help="从此编号之后 · Begin after this job")
@click.option("--limit", type=click.IntRange(1, 10_000), default=PAGE_SIZE, show_default=True)
@shared_options
@click.pass_obj
def dead_command(state: State, after: int, limit: int) -> None:
    """列出失败停止的任务及原因 · List the jobs that gave up, and why."""
    _show_list(state, JobState.DEAD, after=after, limit=limit)


@jobs_group.command("show")
@click.argument("job_id", type=int)
@shared_options
@click.pass_obj
def show_command(state: State, job_id: int) -> None:
    """显示一个任务的全部内容 · Show one job with its payload and the whole error."""
    with _opened(state) as company, company.read() as session:
        job = get_job(session, job_id=job_id)
    state.output.table({**_row(job), "payload": job.payload, "error": job.error})


@jobs_group.command("replay")
@_job_ids
@shared_options
@click.pass_obj
def replay_command(state: State, job_ids: tuple[int, ...]) -> None:
    """重做失败停止的任务 · Let dead jobs run again."""

    def work(uow: UnitOfWork) -> None:
        for job_id in job_ids:
            replay(uow, job_id=job_id)

    with _opened(state) as company:
        company.write(_request(company, "replay", job_ids), work, answer_type=type(None))
    state.output.say("jobs_replayed", {"replayed": list(job_ids)}, count=len(job_ids))


@jobs_group.command("discard")
@_job_ids
@shared_options
@click.pass_obj
def discard_command(state: State, job_ids: tuple[int, ...]) -> None:
    """放弃失败停止的任务,其后的任务继续 · Give dead jobs up; those that wait behind them go ahead."""

    def work(uow: UnitOfWork) -> None:
        for job_id in job_ids:
            discard(uow, job_id=job_id)

    with _opened(state) as company:
        company.write(_request(company, "discard", job_ids), work, answer_type=type(None))
    state.output.say("jobs_discarded", {"discarded": list(job_ids)}, count=len(job_ids))


@click.command("worker")
@click.option("--once", is_flag=True, help="做完到期的就退出 · Do what is due now, and end")
@shared_options
@click.pass_obj
def worker_command(state: State, *, once: bool) -> int:
    """运行后台任务,直到 Ctrl-C 或 SIGTERM · Run jobs until Ctrl-C or SIGTERM, then end after the job in hand."""
    with _opened(state) as company:
        worker = state.wiring.make_worker(company)
        if once:
            batches = worker.run_until_idle()
            worker.close()
            state.output.say("worker_idle", {"company": company.key, "batches": batches}, batches=batches)
            return ExitCode.OK
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            worker.start()
            started = {"company": company.key, "worker": str(worker.worker_id)}
            state.output.say("worker_started", started, key=company.key)
            worker.wait()
        except KeyboardInterrupt:
            worker.stop()
        state.output.say("worker_ended", {"company": company.key, "ended": True}, key=company.key)
    return ExitCode.OK


@contextmanager
def _opened(state: State) -> Iterator[Company]:
    company = state.wiring.open_company(state.entry())
    try:
        yield company
    finally:
        company.close()


def _request(company: Company, command: str, job_ids: tuple[int, ...]) -> Request:
    """A request of its own for each call: the command line does not repeat itself."""
    return Request(actor=_ACTOR, key=f"jobs-{command}-{company.ids.next_id()}", content=[command, list(job_ids)])


def _show_list(state: State, wanted: JobState | None, *, after: int, limit: int) -> None:
    with _opened(state) as company, company.read() as session:
        jobs = list_jobs(session, state=wanted, after=after, size=limit)
        health = read_health(session, now=company.clock.now())
    answer: dict[str, object] = {
        "workers_alive": health.workers_alive,
        "events_undelivered": health.events_undelivered,
        "dead": health.jobs_dead,
        "jobs": [_row(job) for job in jobs],
    }
    state.output.table(answer)


def _row(job: Job) -> dict[str, str | int | None]:
    return {
        "job_id": str(job.job_id),
        "handler": job.handler,
        "state": job.state,
        "ordering_key": job.ordering_key,
        "attempts": job.attempts,
        "due_at": None if job.due_at is None else micros_to_instant(job.due_at).isoformat(),
        "enqueued_at": micros_to_instant(job.enqueued_at).isoformat(),
        "error": job.error.partition("\n")[0] if job.error else None,
    }
