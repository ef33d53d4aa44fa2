"""Imports as tasks: the file is kept by its digest, the task carries it in, and what it answers stays with the task.

task_id = start_import(uow, caller=caller, request=request, name="items.xlsx", digest=digest)
handlers.add_outside("import", task_handler(company, import_work(importer, storage)))
"""

import hashlib
from collections.abc import Callable

import msgspec

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.platform.tasks.service import TaskRun, start_task
from zhangshi.platform.unit_of_work import UnitOfWork
from zhangshi.records.files.errors import FILE_LOST
from zhangshi.records.files.model import FileStorage
from zhangshi.records.importing.model import ImportAnswer, ImportRequest
from zhangshi.records.importing.requesters import person_now
from zhangshi.records.importing.service import Importer
from zhangshi.records.importing.sheet import read_sheet
from zhangshi.records.model import Caller

KIND = "import"
"""The kind of the task and the name of its handler."""


class ImportTask(msgspec.Struct, frozen=True, kw_only=True):
    """What the task was asked for. `digest` is the sha256 (hex) under which the file lies in the storage."""

    request: ImportRequest
    name: str
    digest: str
    user_id: int
    scopes: tuple[str, ...] | None = None


class ImportTaskAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the task answers. `marked` is the digest of the workbook that marks the problems, "" without any."""

    answer: ImportAnswer
    marked: str = ""
    marked_name: str = ""


def keep_file(storage: FileStorage, content: bytes) -> str:
    """Keep a file; return its digest. Raises: records.file_storage_failed."""
    digest = hashlib.sha256(content).hexdigest()
    storage.put(digest, content)
    return digest


def start_import(uow: UnitOfWork, *, caller: Caller, request: ImportRequest, name: str, digest: str) -> int:
    """Ask for an import of a file that is in the storage; return the task's id."""
    person = caller.person
    payload = ImportTask(request=request, name=name, digest=digest, user_id=person.user_id, scopes=person.scopes)
    return start_task(uow, kind=KIND, title=name, handler=KIND, payload=payload, user_id=person.user_id)


def import_work(importer: Importer, storage: FileStorage) -> Callable[[TaskRun], ImportTaskAnswer]:
    """Return what carries out tasks of kind `import`. The import's id is the task's: a second run writes nothing."""

    def work(run: TaskRun) -> ImportTaskAnswer:
        asked = msgspec.json.decode(run.payload(), type=ImportTask)
        with run.company.read() as session:
            caller = Caller(person_now(session, asked.user_id, asked.scopes), "import")
        content = storage.get(asked.digest)
        if content is None:
            raise ZhangshiError(FILE_LOST, name=asked.name)
        sheet = read_sheet(content, name=asked.name)
        outcome = importer.run(caller, asked.request, sheet, import_id=run.task.task_id, name=asked.name, progress=run)
        if outcome.marked is None:
            return ImportTaskAnswer(answer=outcome.answer)
        return ImportTaskAnswer(
            answer=outcome.answer,
            marked=keep_file(storage, outcome.marked),
            marked_name=_marked_name(asked.name, caller),
        )

    return work


def _marked_name(name: str, caller: Caller) -> str:
    ending = Word(" - marked", "(标注)")
    return f"{name.rpartition('.')[0] or name}{ending.zh if caller.language == 'zh' else ending}.xlsx"
