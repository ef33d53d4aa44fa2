"""Files: upload, attach, read; and exports, which are files too."""

from urllib.parse import quote

from zhangshi.base.errors import ZhangshiError
from zhangshi.http import errors
from zhangshi.http.answers import Answer, etag, json_answer, nothing
from zhangshi.http.calls import Call, Upload
from zhangshi.http.parameters import Parameter
from zhangshi.http.routes.records import FILTER, SORT
from zhangshi.http.routing import Route
from zhangshi.records.exporting.service import ExportRequest

_SHOWN_IN_PLACE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
_FILE_CSP = "default-src 'none'; sandbox; frame-ancestors 'self'"


def uploaded(call: Call) -> Upload:
    """Return the file of the form. Raises: http.missing_parameter."""
    if call.upload is None:
        raise ZhangshiError(errors.MISSING_PARAMETER, name="file")
    return call.upload


def disposition(kind: str, name: str) -> str:
    """Return a Content-Disposition header that no name can break out of."""
    plain = "".join(letter if (letter.isalnum() and letter.isascii()) or letter in "._-" else "_" for letter in name)
    return f"{kind}; filename=\"{plain[-100:]}\"; filename*=UTF-8''{quote(name, safe='')}"


def upload(call: Call) -> Answer:
    """Keep a file that no record holds yet; only who uploaded it sees it."""
    sent = uploaded(call)
    found = call.services.files.upload(call.caller, key=call.key, name=sent.name, content=sent.content)
    return json_answer(found, status=201)


def read(call: Call) -> Answer:
    """Return a file's content, under headers with which no browser runs anything in it."""
    found, content = call.services.files.read(call.caller, call.id("file_id"))
    shown = found.media_type in _SHOWN_IN_PLACE and not call.query.flag("download")
    headers = {
        "ETag": etag(found.digest),
        "Cache-Control": "private, max-age=86400, immutable",
        "Content-Disposition": disposition("inline" if shown else "attachment", found.name),
        "Content-Security-Policy": _FILE_CSP,
        "X-Frame-Options": "SAMEORIGIN",
    }
    return Answer(content, media_type=found.media_type, headers=headers)


def describe(call: Call) -> Answer:
    """Return what a file is."""
    return json_answer(call.services.files.describe(call.caller, call.id("file_id")))


def of_record(call: Call) -> Answer:
    """Return the files of a record."""
    found = call.services.files.of_record(call.caller, call.path["entity"], call.id("record_id"))
    return json_answer({"files": found})


def attach(call: Call) -> Answer:
    """Upload a file and attach it to a record."""
    sent = uploaded(call)
    files, entity, record_id = call.services.files, call.path["entity"], call.id("record_id")
    call.services.reader.get(call.caller, entity, record_id)
    kept = files.upload(call.caller, key=f"{call.key}/upload", name=sent.name, content=sent.content)
    files.attach(call.caller, key=call.key, entity=entity, record_id=record_id, file_id=int(kept.id))
    return json_answer(kept, status=201)


def detach(call: Call) -> Answer:
    """Take an attached file off a record."""
    call.services.files.detach(
        call.caller,
        key=call.key,
        entity=call.path["entity"],
        record_id=call.id("record_id"),
        file_id=call.id("file_id"),
    )
    return nothing()


def export(call: Call) -> Answer:
    """Write the records of a list into a sheet."""
    query = call.query
    request = ExportRequest(
        entity=call.path["entity"],
        format="csv" if query.text("format") == "csv" else "xlsx",
        columns=query.words("columns") or None,
        filter=query.text("filter") or None,
        sort=query.words("sort"),
        ids=query.ids("ids"),
    )
    about, chunks = call.services.exporter.chunks(call.caller, request)
    headers = {"Content-Disposition": disposition("attachment", about.name), "Content-Length": str(about.size)}
    return Answer(media_type=about.media_type, headers=headers, chunks=chunks)


_FILES = "/records/{entity}/{record_id}/files"

RECORD_ROUTES = (
    Route(method="GET", path="/records/{entity}/export", name="export_records", tag="records", run=export, lane="slow",
          answer_media="application/octet-stream",
          query=(
              Parameter("format", "text", "xlsx without one.", choices=("xlsx", "csv")),
              FILTER,
              SORT,
              Parameter("columns", "words", "Header paths, `lines.quantity`, or `lines` for a whole table."),
              Parameter("ids", "words", "Only these records."),
          ),
          about="The records of a list as a sheet, as far as the person may see them."),
    Route(method="GET", path=_FILES, name="list_files", tag="files", run=of_record, about="The files of a record."),
    Route(method="POST", path=_FILES, name="attach_file", tag="files", run=attach, lane="write", writes=True,
          body="form", status=201, about="Upload a file and attach it to a record."),
    Route(method="DELETE", path=f"{_FILES}/{{file_id}}", name="detach_file", tag="files", run=detach, lane="write",
          writes=True, status=204, about="Take an attached file off a record."),
)  # fmt: skip

ROUTES = (
    Route(method="POST", path="/files", name="upload_file", tag="files", run=upload, lane="write", writes=True,
          body="form", status=201, about="Keep a file; a field of a record is then given its id."),
    Route(method="GET", path="/files/{file_id}", name="read_file", tag="files", run=read,
          answer_media="application/octet-stream",
          query=(Parameter("download", "flag", "As an attachment, never in place."),), about="A file's content."),
    Route(method="GET", path="/files/{file_id}/about", name="describe_file", tag="files", run=describe,
          about="Name, type, size and digest of a file."),
)  # fmt: skip
