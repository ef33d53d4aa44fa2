"""Imports and exports as tasks: progress, cancelling, a second run after a crash, and what others did meanwhile."""

import dataclasses
import hashlib
from typing import Any

import msgspec
import pytest

from tests.integration.records_importing.warehouse import OWNER, Warehouse, marked_cells, open_warehouse, workbook
from zhangshi.identity.model import Profile
from zhangshi.identity.service.passwords import HashedPassword
from zhangshi.identity.service.users import create_user
from zhangshi.platform.tasks.model import Task, TaskState
from zhangshi.platform.tasks.service import TaskRun, cancel_task, get_task, run_task
from zhangshi.platform.unit_of_work import Company, UnitOfWork
from zhangshi.records.exporting.service import ExportRequest
from zhangshi.records.exporting.tasks import ExportTaskAnswer, export_work, start_export
from zhangshi.records.importing import running
from zhangshi.records.importing.model import ImportRequest
from zhangshi.records.importing.sheet import read_sheet
from zhangshi.records.importing.tasks import ImportTaskAnswer, import_work, keep_file, start_import
from zhangshi.records.model import Caller

TITLES = ["物料编码", "名称", "类别", "单位", "安全库存"]


class Memory:
    """A storage of files in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, digest: str, content: bytes) -> None:
        self.files[digest] = content

    def get(self, digest: str) -> bytes | None:
        return self.files.get(digest)


@pytest.fixture
def warehouse(company: Company, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    monkeypatch.setattr("zhangshi.records.importing.service.CHUNK", 10)
    found = open_warehouse(company)
    found.write(_make_boss, int)
    return found


def _make_boss(uow: UnitOfWork) -> int:
    password = HashedPassword("x")
    return create_user(
        uow, by=None, login="boss", profile=Profile("Boss"), password=password, roles=("owner",)
    ).subject_id


def boss(warehouse: Warehouse) -> Caller:
    (found,) = warehouse.rows("SELECT user_id FROM user_account WHERE login = 'boss'")
    return Caller(dataclasses.replace(OWNER, user_id=found[0]))


def rows(count: int, *, bad: int = 0) -> bytes:
    found = [
        [f"I{number:03d}", f"螺栓{number}", "C1", "PCS", "x" if number == bad else "1"]
        for number in range(1, count + 1)
    ]
    return workbook([TITLES, *found])


def started(warehouse: Warehouse, storage: Memory, data: bytes, **asked: Any) -> int:
    digest = keep_file(storage, data)
    assert digest == hashlib.sha256(data).hexdigest()
    request = ImportRequest(entity="item", **asked)

    def work(uow: UnitOfWork) -> int:
        return start_import(uow, caller=boss(warehouse), request=request, name="物料.xlsx", digest=digest)

    return int(warehouse.write(work, int))


def task_of(warehouse: Warehouse, task_id: int) -> Task:
    with warehouse.company.read() as session:
        return get_task(session, task_id=task_id)


def test_an_import_runs_as_a_task_and_tells_how_far_it_is(warehouse: Warehouse) -> None:
    storage = Memory()
    task_id = started(warehouse, storage, rows(35))
    seen: list[tuple[int, int, str]] = []

    def work(run: TaskRun) -> ImportTaskAnswer:
        def advance(done: int, total: int, message: str = "") -> None:
            TaskRun.advance(run, done, total, message)
            seen.append((done, total, message))

        run.advance = advance  # type: ignore[method-assign]
        return import_work(warehouse.importer, storage)(run)

    run_task(warehouse.company, task_id, work)
    task = task_of(warehouse, task_id)
    answer = msgspec.json.decode(task.result, type=ImportTaskAnswer)
    assert (task.state, answer.answer.inserted, answer.marked) == (TaskState.DONE, 35, "")
    assert (task.steps_done, task.steps_total) == (70, 70)
    assert [done for done, _, _ in seen] == [0, 10, 20, 30, 35, 35, 70]


def test_a_file_with_problems_leaves_a_marked_sheet_and_nothing_else(warehouse: Warehouse) -> None:
    storage = Memory()
    task_id = started(warehouse, storage, rows(35, bad=17))
    run_task(warehouse.company, task_id, import_work(warehouse.importer, storage))
    answer = msgspec.json.decode(task_of(warehouse, task_id).result, type=ImportTaskAnswer)
    assert not answer.answer.written
    assert marked_cells(storage.files[answer.marked]) == {"E18"}
    assert answer.marked_name == "物料(标注).xlsx"
    assert warehouse.count("d_item") == 0


def test_a_cancelled_import_wrote_nothing(warehouse: Warehouse) -> None:
    storage = Memory()
    task_id = started(warehouse, storage, rows(35))

    def work(run: TaskRun) -> ImportTaskAnswer:
        def advance(done: int, total: int, message: str = "") -> None:
            if done == 20:
                warehouse.write(lambda uow: cancel_task(uow, task_id=task_id), type(None))
            TaskRun.advance(run, done, total, message)

        run.advance = advance  # type: ignore[method-assign]
        return import_work(warehouse.importer, storage)(run)

    run_task(warehouse.company, task_id, work)
    assert task_of(warehouse, task_id).state == TaskState.CANCELLED
    assert warehouse.count("d_item") == 0


def test_a_task_that_died_after_it_wrote_is_not_done_twice(warehouse: Warehouse) -> None:
    storage = Memory()
    task_id = started(warehouse, storage, rows(12))

    class KilledError(Exception):
        pass

    def dying(run: TaskRun) -> ImportTaskAnswer:
        import_work(warehouse.importer, storage)(run)
        raise KilledError

    with pytest.raises(KilledError):
        run_task(warehouse.company, task_id, dying)
    assert task_of(warehouse, task_id).state == TaskState.RUNNING
    assert warehouse.count("d_item") == 12

    run_task(warehouse.company, task_id, import_work(warehouse.importer, storage), attempt=2)
    answer = msgspec.json.decode(task_of(warehouse, task_id).result, type=ImportTaskAnswer)
    assert (answer.answer.written, answer.answer.inserted, answer.answer.problem_count) == (True, 12, 0)
    assert warehouse.count("d_item") == 12


def test_a_record_that_somebody_makes_meanwhile_refuses_the_whole(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = running.find_problems
    done: list[int] = []

    def find_problems(*given: Any) -> Any:
        found = first(*given)
        if not done:
            category, unit = str(warehouse.ids["C1"]), str(warehouse.ids["PCS"])
            done.append(warehouse.create("item", number="I007", name="抢先", category=category, unit=unit))
        return found

    monkeypatch.setattr("zhangshi.records.importing.service.find_problems", find_problems)
    outcome = warehouse.run(rows(12), ImportRequest(entity="item", mode="upsert"))
    assert [(one.column, one.row, one.code) for one in outcome.answer.problems] == [("A", 8, "import.already_there")]
    assert warehouse.count("d_item") == 1


def test_an_export_runs_as_a_task(warehouse: Warehouse) -> None:
    storage = Memory()
    warehouse.run(rows(12), ImportRequest(entity="item"))
    request = ExportRequest(entity="item", columns=("number", "category"), filter="number >= 'I011'", sort=("-number",))

    def work(uow: UnitOfWork) -> int:
        return start_export(uow, caller=boss(warehouse), request=request)

    task_id = int(warehouse.write(work, int))
    run_task(warehouse.company, task_id, export_work(warehouse.exporter, storage))
    answer = msgspec.json.decode(task_of(warehouse, task_id).result, type=ExportTaskAnswer)
    assert (answer.answer.records, answer.answer.name) == (2, "物料.xlsx")
    sheet = read_sheet(storage.files[answer.digest], name="a.xlsx")
    assert sheet.header == ("物料编码", "类别", "类别·名称")
    assert [cells for _, cells in sheet.rows] == [("I012", "C1", "标准件"), ("I011", "C1", "标准件")]
