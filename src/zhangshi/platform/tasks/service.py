"""Starting, running, watching and cancelling tasks.

    task_id = start_task(uow, kind="import", title="items.xlsx", handler="import", payload=…, user_id=7)

The handler of the job (registered with `Handlers.add_outside`) is made by `task_handler(company, work)`; `work` gets
a `TaskRun` and returns what the task answers. What it refuses (a `ZhangshiError`) ends the task as failed and is not
tried again; anything else is a failure of the machine, and the job is tried again from the start.
"""

import itertools
from collections.abc import Callable

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.jobs.model import Job
from zhangshi.platform.jobs.queue import enqueue
from zhangshi.platform.session import Session
from zhangshi.platform.tasks import _store as store
from zhangshi.platform.tasks.model import ALREADY_OVER, CANCELLED, NO_SUCH_TASK, OVER, Task, TaskState
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

LIST_MAX = 200


class TaskRun:
    """A task while it runs. Its writes are small transactions of their own; never use it inside another write."""

    def __init__(self, company: Company, task: Task, attempt: int) -> None:
        self.company = company
        self.task = task
        self._name = f"task-{task.task_id}-{attempt}"
        self._numbers = itertools.count(1)

    def payload(self) -> bytes:
        """The payload as JSON."""
        return self.task.payload.encode()

    def advance(self, done: int, total: int, message: str = "") -> None:
        """Tell how far the work is, and stop here if somebody asked for it.

        Raises: task.cancelled.
        """

        def work(uow: UnitOfWork) -> int:
            uow.session.execute(store.ADVANCE, done, total, message, self.task.task_id)
            now = store.find(uow.session, self.task.task_id)
            return 0 if now is None else now.cancel_asked

        # Asked in the same transaction: work that holds a reading connection must not wait for another one.
        if self.write(work):
            raise ZhangshiError(CANCELLED)

    def stop_if_asked(self) -> None:
        """Stop where nothing is half done. Raises: task.cancelled."""
        with self.company.read() as session:
            now = store.find(session, self.task.task_id)
        if now is not None and now.cancel_asked:
            raise ZhangshiError(CANCELLED)

    def write(self, work: Callable[[UnitOfWork], int]) -> int:
        """Run a small write of the task's own."""
        key = f"{self._name}/{next(self._numbers)}"
        return self.company.write(Request(actor=self._name, key=key, content=None), work, answer_type=int)


def start_task(
    uow: UnitOfWork, *, kind: str, title: str, handler: str, payload: object, user_id: int, steps_total: int = 0
) -> int:
    """Write a task down and ask for its job; return the task's id."""
    task_id = uow.next_id()
    text = msgspec.json.encode(payload).decode()
    row = Task(
        task_id, kind, title, TaskState.QUEUED.value, 0, steps_total, "", text, "null", user_id, uow.now_micros, 0, 0, 0
    )
    uow.session.execute(store.INSERT, *row)
    enqueue(uow, handler=handler, payload=task_id, unique_key=f"task-{task_id}")
    return task_id


def task_handler(company: Company, work: Callable[[TaskRun], object]) -> Callable[[Job], None]:
    """Return the handler of the jobs that carry out tasks of one kind."""

    def handle(job: Job) -> None:
        run_task(company, job.decode(int), work, attempt=job.attempts)

    return handle


def run_task(company: Company, task_id: int, work: Callable[[TaskRun], object], *, attempt: int = 1) -> None:
    """Carry a task out here and now; one that is over already stays as it is."""
    with company.read() as session:
        task = store.find(session, task_id)
    if task is None or task.state in OVER:
        return
    run = TaskRun(company, task, attempt)
    run.write(lambda uow: uow.session.execute(store.BEGIN, uow.now_micros, task_id))
    try:
        run.stop_if_asked()
        answer = work(run)
    except ZhangshiError as error:
        state = TaskState.CANCELLED if error.error_code is CANCELLED else TaskState.FAILED
        _end(run, state, {"code": error.code, "facts": error.facts, **(error_details(error))}, error.message("zh"))
        return
    _end(run, TaskState.DONE, answer, "")


def error_details(error: ZhangshiError) -> dict[str, object]:
    """Return the sentences of an error in both languages, as they are kept with a task."""
    return {"zh": error.message("zh"), "en": error.message("en")}


def _end(run: TaskRun, state: TaskState, result: object, message: str) -> None:
    text = msgspec.json.encode(result).decode()
    run.write(lambda uow: uow.session.execute(store.END, state.value, text, message, uow.now_micros, run.task.task_id))


def get_task(session: Session, *, task_id: int) -> Task:
    """Return a task. Raises: task.no_such_task."""
    task = store.find(session, task_id)
    if task is None:
        raise ZhangshiError(NO_SUCH_TASK, task_id=str(task_id))
    return task


def list_tasks(session: Session, *, user_id: int | None = None, limit: int = 50) -> list[Task]:
    """Return the newest tasks first, of one person or of all."""
    top = min(limit, LIST_MAX)
    rows = session.query(store.LIST, top) if user_id is None else session.query(store.LIST_OF, user_id, top)
    return [Task(*row) for row in rows]


def cancel_task(uow: UnitOfWork, *, task_id: int) -> None:
    """Ask a task to stop. Raises: task.no_such_task, task.already_over."""
    task = get_task(uow.session, task_id=task_id)
    if task.state in OVER:
        raise ZhangshiError(ALREADY_OVER, task_id=str(task_id), state=task.state)
    uow.session.execute(store.ASK_TO_CANCEL, task_id)
