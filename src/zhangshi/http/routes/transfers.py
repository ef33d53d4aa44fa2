"""Sheets in and out as jobs: an import with its marked sheet and its undo, an export with its file."""

from typing import Any

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.http import errors
from zhangshi.http.answers import Answer, json_answer
from zhangshi.http.bodies import decode
from zhangshi.http.calls import Call
from zhangshi.http.parameters import checked_text
from zhangshi.http.routes.bodies import ExportOrder
from zhangshi.http.routes.files import disposition, uploaded
from zhangshi.http.routes.tasks import own_task, task_value
from zhangshi.http.routing import Route
from zhangshi.platform.tasks.model import Task
from zhangshi.platform.tasks.service import get_task
from zhangshi.records.access import access_to
from zhangshi.records.errors import UNKNOWN_ENTITY
from zhangshi.records.exporting.service import ExportRequest
from zhangshi.records.exporting.tasks import ExportTaskAnswer, start_export
from zhangshi.records.files.errors import FILE_LOST
from zhangshi.records.importing.maps import request_by_map
from zhangshi.records.importing.model import ImportRequest
from zhangshi.records.importing.reading import entity_to_import
from zhangshi.records.importing.tasks import ImportTaskAnswer, keep_file, start_import
from zhangshi.records.importing.template import template
from zhangshi.records.importing.undoing import undo_import

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM_FIELDS = ("entity", "using", "mode", "match", "mapping", "transition", "dry_run")


def start(call: Call) -> Answer:
    """Keep the sheet and ask for its import."""
    sent = uploaded(call)
    catalog = call.catalog()
    request = _import_request(call)
    entity_to_import(catalog, call.caller, request.entity)
    digest = keep_file(call.services.storage, sent.content)
    name = checked_text("file", sent.name)[:200] or "import"
    job_id = call.write(
        lambda uow: start_import(uow, caller=call.caller, request=request, name=name, digest=digest),
        answer_type=int,
        content=(request, name, digest),
    )
    return json_answer({"job": str(job_id)}, status=202, headers={"Location": f"/api/v1/imports/{job_id}"})


def _import_request(call: Call) -> ImportRequest:
    form = call.form
    for name in form:
        if name not in FORM_FIELDS:
            raise ZhangshiError(errors.UNKNOWN_PARAMETER, name=name[:80], known=", ".join(FORM_FIELDS))
    dry_run = form.get("dry_run", "") in {"1", "true"}
    if form.get("using"):
        return request_by_map(call.catalog(), form["using"], dry_run=dry_run)
    if not form.get("entity"):
        raise ZhangshiError(errors.MISSING_PARAMETER, name="entity")
    asked: dict[str, Any] = {"entity": form["entity"], "dry_run": dry_run, "transition": form.get("transition", "")}
    if form.get("mode"):
        asked["mode"] = form["mode"]
    if form.get("match"):
        asked["match"] = [word.strip() for word in form["match"].split(",") if word.strip()]
    if form.get("mapping"):
        asked["mapping"] = decode(form["mapping"].encode(), dict[str, str])
    try:
        return msgspec.convert(asked, ImportRequest)
    except msgspec.ValidationError as error:
        raise ZhangshiError(errors.BAD_FORM, detail=str(error)[:200]) from None


def _own(call: Call, kind: str) -> Task:
    with call.read() as session:
        task = own_task(call, get_task(session, task_id=call.id("job_id")))
    if task.kind != kind:
        raise ZhangshiError(errors.BAD_PARAMETER, name="job_id", expected=f"a job of kind {kind}")
    return task


def get_import(call: Call) -> Answer:
    """Return how far an import is, and what came of it."""
    return json_answer(task_value(_own(call, "import"), call.language))


def marked_sheet(call: Call) -> Answer:
    """Return the workbook that marks what is wrong, cell by cell."""
    task = _own(call, "import")
    answer = msgspec.json.decode(task.result, type=ImportTaskAnswer | None)
    return _kept(call, answer.marked if answer else "", answer.marked_name if answer else task.title, _XLSX)


def undo(call: Call) -> Answer:
    """Undo an import: what it made goes, what it changed comes back."""
    done = undo_import(call.services.records, call.caller, key=call.key, import_id=call.id("job_id"))
    return json_answer({"entity": done.entity, "deleted": done.deleted, "restored": done.restored})


def blank(call: Call) -> Answer:
    """Return a workbook to fill in."""
    entity = call.path["entity"]
    content = template(call.catalog(), call.caller, entity)
    return Answer(
        content, media_type=_XLSX, headers={"Content-Disposition": disposition("attachment", f"{entity}.xlsx")}
    )


def start_exporting(call: Call) -> Answer:
    """Ask for an export that takes longer than somebody waits."""
    asked: ExportOrder = call.body
    request = ExportRequest(
        entity=asked.entity,
        format=asked.format,
        columns=None if asked.columns is None else tuple(asked.columns),
        filter=asked.filter or None,
        sort=tuple(asked.sort),
        ids=tuple(int(one) for one in asked.ids),
    )
    catalog = call.catalog()
    if request.entity not in catalog.entities:
        raise ZhangshiError(UNKNOWN_ENTITY, entity=request.entity[:80])
    access_to(catalog, request.entity, call.person).refuse("export")
    job_id = call.write(lambda uow: start_export(uow, caller=call.caller, request=request), answer_type=int)
    return json_answer({"job": str(job_id)}, status=202, headers={"Location": f"/api/v1/jobs/{job_id}"})


def exported_file(call: Call) -> Answer:
    """Return the file of an export that is done."""
    task = _own(call, "export")
    answer = msgspec.json.decode(task.result, type=ExportTaskAnswer | None)
    if answer is None:
        raise ZhangshiError(FILE_LOST, name=task.title)
    return _kept(call, answer.digest, answer.answer.name, answer.answer.media_type)


def _kept(call: Call, digest: str, name: str, media_type: str) -> Answer:
    content = call.services.storage.get(digest) if digest else None
    if content is None:
        raise ZhangshiError(FILE_LOST, name=name)
    return Answer(content, media_type=media_type, headers={"Content-Disposition": disposition("attachment", name)})


RECORD_ROUTES = (
    Route(method="GET", path="/records/{entity}/import-template", name="import_template", tag="records", run=blank,
          answer_media=_XLSX, about="A workbook to fill in, with every field that the person may write explained."),
)  # fmt: skip

ROUTES = (
    Route(method="POST", path="/imports", name="start_import", tag="jobs", run=start, lane="write", writes=True,
          body="form", form_fields=FORM_FIELDS, status=202,
          about="Import a sheet as a job: `entity` (or `using`, an import map), `mode`, `match`, `mapping` (JSON), "
          "`transition`, `dry_run`. All records are written, or none."),
    Route(method="GET", path="/imports/{job_id}", name="get_import", tag="jobs", run=get_import,
          about="How far an import is, and what is wrong with which cell."),
    Route(method="GET", path="/imports/{job_id}/sheet", name="import_sheet", tag="jobs", run=marked_sheet,
          answer_media=_XLSX, about="The sheet as it was sent, with every wrong cell marked."),
    Route(method="POST", path="/imports/{job_id}/undo", name="undo_import", tag="jobs", run=undo, lane="write",
          writes=True, about="Undo an import: what it made goes, what it changed comes back."),
    Route(method="POST", path="/exports", name="start_export", tag="jobs", run=start_exporting, lane="write",
          writes=True, body="json", body_type=ExportOrder, status=202, about="Export a list as a job."),
    Route(method="GET", path="/exports/{job_id}/file", name="export_file", tag="jobs", run=exported_file,
          answer_media="application/octet-stream", about="The file of an export that is done."),
)  # fmt: skip
