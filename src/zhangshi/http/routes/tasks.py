"""Long work that somebody waits for: how far it is, what came of it, and an end to it."""

import msgspec

from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.http.answers import Answer, json_answer
from zhangshi.http.calls import Call
from zhangshi.http.parameters import Parameter
from zhangshi.http.routing import Route
from zhangshi.http.wire import Value, instant_text
from zhangshi.platform.tasks.model import NO_SUCH_TASK, Task
from zhangshi.platform.tasks.service import cancel_task, get_task, list_tasks
from zhangshi.platform.unit_of_work import UnitOfWork

_PAGE_MAX = 200


def task_value(task: Task, language: Language) -> Value:
    """Return a task as whoever started it sees it."""
    result = msgspec.json.decode(task.result)
    message = task.message
    if isinstance(result, dict) and {"code", "zh", "en"} <= set(result):
        message = result.pop(language)
        result.pop("en" if language == "zh" else "zh")
    return {
        "id": str(task.task_id),
        "kind": task.kind,
        "title": task.title,
        "state": task.state,
        "steps_done": task.steps_done,
        "steps_total": task.steps_total,
        "message": message,
        "result": result,
        "created_at": instant_text(task.created_at),
        "started_at": instant_text(task.started_at),
        "finished_at": instant_text(task.finished_at),
        "cancel_asked": bool(task.cancel_asked),
    }


def own_task(call: Call, task: Task) -> Task:
    """Return the task if it is the person's own, or the person sees all; else there is none.

    Raises: task.no_such_task.
    """
    if task.user_id != call.person.user_id and not call.allows("jobs", "read"):
        raise ZhangshiError(NO_SUCH_TASK, task_id=str(task.task_id))
    return task


def list_all(call: Call) -> Answer:
    """List tasks, newest first: one's own, or everybody's."""
    everybody = call.query.flag("all")
    if everybody:
        call.require("jobs", "read")
    limit = call.query.number("limit", 50, at_most=_PAGE_MAX)
    with call.read() as session:
        found = list_tasks(session, user_id=None if everybody else call.person.user_id, limit=limit)
    return json_answer({"jobs": [task_value(one, call.language) for one in found]})


def get(call: Call) -> Answer:
    """Return one task."""
    with call.read() as session:
        found = own_task(call, get_task(session, task_id=call.id("job_id")))
    return json_answer(task_value(found, call.language))


def cancel(call: Call) -> Answer:
    """Ask a task to stop where nothing is half done."""

    def work(uow: UnitOfWork) -> None:
        own_task(call, get_task(uow.session, task_id=call.id("job_id")))
        cancel_task(uow, task_id=call.id("job_id"))

    call.write(work, answer_type=type(None))
    return get(call)


ROUTES = (
    Route(
        method="GET", path="/jobs", name="list_jobs", tag="jobs", run=list_all,
        about="Imports, exports, publications and other long work, newest first.",
        query=(
            Parameter("all", "flag", "Everybody's, not only one's own."),
            Parameter("limit", "int", f"At most this many, up to {_PAGE_MAX}."),
        ),
    ),
    Route(method="GET", path="/jobs/{job_id}", name="get_job", tag="jobs", run=get,
          about="How far a job is, and what came of it."),
    Route(method="POST", path="/jobs/{job_id}/cancel", name="cancel_job", tag="jobs", run=cancel, lane="write",
          writes=True, about="Ask a job to stop where nothing is half done."),
)  # fmt: skip
