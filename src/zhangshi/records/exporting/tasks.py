"""Exports as tasks: for lists that take longer than somebody waits. The file lies in the storage by its digest.

task_id = start_export(uow, caller=caller, request=request)
handlers.add_outside("export", task_handler(company, export_work(exporter, storage)))
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from zhangshi.platform.tasks.service import TaskRun, start_task
from zhangshi.platform.unit_of_work import UnitOfWork
from zhangshi.records.exporting.service import ExportAnswer, Exporter, ExportRequest
from zhangshi.records.files.model import FileStorage
from zhangshi.records.importing.requesters import person_now
from zhangshi.records.importing.tasks import keep_file
from zhangshi.records.model import Caller

KIND = "export"
"""The kind of the task and the name of its handler."""


class ExportTask(msgspec.Struct, frozen=True, kw_only=True):
    """What the task was asked for."""

    request: ExportRequest
    user_id: int
    scopes: tuple[str, ...] | None = None


class ExportTaskAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the task answers; `digest` is where the file lies in the storage."""

    answer: ExportAnswer
    digest: str


def start_export(uow: UnitOfWork, *, caller: Caller, request: ExportRequest) -> int:
    """Ask for an export; return the task's id."""
    person = caller.person
    payload = ExportTask(request=request, user_id=person.user_id, scopes=person.scopes)
    return start_task(uow, kind=KIND, title=request.entity, handler=KIND, payload=payload, user_id=person.user_id)


def export_work(exporter: Exporter, storage: FileStorage) -> Callable[[TaskRun], ExportTaskAnswer]:
    """Return what carries out tasks of kind `export`."""

    def work(run: TaskRun) -> ExportTaskAnswer:
        asked = msgspec.json.decode(run.payload(), type=ExportTask)
        with run.company.read() as session:
            caller = Caller(person_now(session, asked.user_id, asked.scopes))
        with tempfile.TemporaryDirectory(prefix="zhangshi-export-") as folder:
            file = Path(folder, "export")
            answer = exporter.to_file(caller, asked.request, file, progress=run)
            return ExportTaskAnswer(answer=answer, digest=keep_file(storage, file.read_bytes()))

    return work
