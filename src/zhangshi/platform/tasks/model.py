"""A task as a value.

Problem. A job is a row that disappears when it is done; whoever dropped a file into an import wants to see how far it
is, what came of it, and to stop it. Rule. A task is a row that stays: a job carries it out and writes what it does
into the row in small transactions of its own, so that others see it while the big one is still open. Cancelling asks;
the work looks for the question where it may stop without leaving halves.
"""

from enum import StrEnum
from typing import NamedTuple

from zhangshi.base.errors import ErrorCode

NO_SUCH_TASK = ErrorCode(
    "task.no_such_task",
    "没有编号为 {task_id} 的任务。请在任务列表里选一个。",
    "There is no task {task_id}. Choose one from the list of tasks.",
)
CANCELLED = ErrorCode(
    "task.cancelled",
    "任务已按要求停止,没有写入任何数据。需要时请重新开始。",
    "The task was stopped as asked and wrote nothing. Start it again if you need it.",
)
ALREADY_OVER = ErrorCode(
    "task.already_over",
    "任务 {task_id} 已经结束({state}),不能再停止。",
    "Task {task_id} is over ({state}) and cannot be stopped any more.",
)


class TaskState(StrEnum):
    """Where a task stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """It was refused for a reason that trying again does not change; `result` holds the problem."""
    CANCELLED = "cancelled"


OVER = frozenset({TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED})


class Task(NamedTuple):
    """A row of the task table. `result` and `payload` are JSON texts; instants in microseconds, 0 = not yet."""

    task_id: int
    kind: str
    title: str
    state: str
    steps_done: int
    steps_total: int
    message: str
    payload: str
    result: str
    user_id: int
    created_at: int
    started_at: int
    finished_at: int
    cancel_asked: int
