"""Records of any entity: list, read, create, change, delete, move on, many at once."""

from decimal import Decimal, InvalidOperation

from zhangshi.base.errors import ZhangshiError
from zhangshi.http import errors
from zhangshi.http.answers import Answer, etag, json_answer, problem_value
from zhangshi.http.calls import Call
from zhangshi.http.parameters import Parameter
from zhangshi.http.routes import bodies
from zhangshi.http.routing import Route
from zhangshi.http.wire import Value, batch_value, saved_value
from zhangshi.records.model import Operation, Saved, Source
from zhangshi.records.query import LIMIT_DEFAULT, LIMIT_MAX, ListQuery, Page

DRY_RUN = Parameter("dry_run", "flag", "Give the same answer and leave nothing behind.")
TRANSITION = Parameter("transition", "text", "Make this transition in the same step.")
FILTER = Parameter("filter", "text", "A formula that is true for the records that are wanted.")
SORT = Parameter("sort", "words", "Paths; `-` before those that fall.")
FIELDS = Parameter("fields", "words", "Paths that are shown; without it, the whole header.")
LIST_PARAMETERS = (
    FILTER,
    SORT,
    Parameter("limit", "int", f"At most this many, 1 to {LIMIT_MAX}.", example="50"),
    Parameter("cursor", "text", "`next_cursor` of the page before."),
    FIELDS,
    Parameter("tables", "words", "Line tables whose rows come along."),
    Parameter("totals", "words", "Numeric paths to sum over all pages."),
    Parameter("count", "flag", "Count the records of all pages."),
    Parameter("group", "words", "Paths to group by; a date as `date:month`."),
    Parameter("ids", "words", "Only these records."),
)


def saved_answer(call: Call, saved: Saved, *, status: int = 200) -> Answer:
    """Return the answer to a write of a record, with the new version as its ETag."""
    headers = {"ETag": etag(saved.version)}
    if status == 201 and not call.dry_run:  # noqa: PLR2004 - created
        headers["Location"] = f"/api/v1/records/{saved.entity}/{saved.record_id}"
    return json_answer(saved_value(saved, call.language), status=status, headers=headers)


def list_query(call: Call) -> ListQuery:
    """Return what a list is asked for."""
    query = call.query
    fields = query.words("fields")
    return ListQuery(
        filter=query.text("filter") or None,
        sort=query.words("sort"),
        limit=query.number("limit", LIMIT_DEFAULT),
        cursor=query.text("cursor"),
        fields=fields or None,
        tables=query.words("tables"),
        totals=query.words("totals"),
        count=query.flag("count"),
        group=query.words("group"),
        ids=query.ids("ids"),
    )


def page_value(page: Page) -> Value:
    """Return a page; what was not asked for is left out."""
    value: Value = {"rows": page.rows, "next_cursor": page.next_cursor or None}
    for name, found in (("count", page.count), ("totals", page.totals), ("groups", page.groups)):
        if found is not None:
            value[name] = found
    return value


def list_records(call: Call) -> Answer:
    """Return a page of the records that the person may read."""
    page = call.services.reader.list(call.caller, call.path["entity"], list_query(call))
    return json_answer(page_value(page))


def get(call: Call) -> Answer:
    """Return one record as the person may see it."""
    found = call.services.reader.get(call.caller, call.path["entity"], call.id("record_id"))
    return json_answer(found, headers={"ETag": etag(str(found["version"]))})


def create(call: Call) -> Answer:
    """Create a record; with `transition`, create and post in one step."""
    saved = call.services.records.create(
        call.caller,
        key=call.key,
        entity=call.path["entity"],
        content=call.body,
        transition=call.query.text("transition") or None,
        dry_run=call.dry_run,
    )
    return saved_answer(call, saved, status=201)


def edit(call: Call) -> Answer:
    """Change a record: a field that is missing stays."""
    saved = call.services.records.edit(
        call.caller,
        key=call.key,
        entity=call.path["entity"],
        record_id=call.id("record_id"),
        version=call.if_match,
        content=call.body,
        transition=call.query.text("transition") or None,
        dry_run=call.dry_run,
    )
    return saved_answer(call, saved)


def delete(call: Call) -> Answer:
    """Delete a record that nothing stands on."""
    saved = call.services.records.delete(
        call.caller,
        key=call.key,
        entity=call.path["entity"],
        record_id=call.id("record_id"),
        version=call.if_match,
        dry_run=call.dry_run,
    )
    return json_answer(saved_value(saved, call.language))


def transition(call: Call) -> Answer:
    """Move a record to another state; a body is saved first, in the same step."""
    saved = call.services.records.transition(
        call.caller,
        key=call.key,
        entity=call.path["entity"],
        record_id=call.id("record_id"),
        version=call.if_match,
        transition=call.path["transition"],
        content=call.body,
        dry_run=call.dry_run,
    )
    return saved_answer(call, saved)


def batch(call: Call) -> Answer:
    """Do many writes of one entity: each on its own, or all or none."""
    asked: bodies.Batch = call.body
    answer = call.services.records.batch(
        call.caller,
        key=call.key,
        operations=[_operation(call.path["entity"], one) for one in asked.operations],
        mode=asked.mode,
        dry_run=call.dry_run,
    )
    return json_answer(batch_value(answer, call.language))


def _operation(entity: str, asked: bodies.BatchOperation) -> Operation:
    return Operation(
        kind=asked.kind,
        entity=entity,
        record_id=int(asked.record),
        version=asked.version,
        content=asked.content,
        transition=asked.transition,
        conversion=asked.conversion,
        sources=sources_of(asked.sources),
    )


def sources_of(asked: list[bodies.ConversionSource]) -> tuple[Source, ...]:
    """Return the sources of a conversion. Raises: http.bad_parameter."""
    return tuple(_source(one) for one in asked)


def _source(asked: bodies.ConversionSource) -> Source:
    if asked.lines is None:
        return Source(int(asked.record))
    return Source(int(asked.record), {int(row.id): _quantity(row.quantity) for row in asked.lines})


def _quantity(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or len(text) > 40:  # noqa: PLR2004 - more digits than any quantity has
        raise ZhangshiError(errors.BAD_PARAMETER, name="quantity", expected="12.5")
    return found


def preview(call: Call) -> Answer:
    """Compute a record as it would be saved: lookups, formulas, rules; nothing is written."""
    record_id = call.query.id("record")
    content, problems = call.services.reader.preview(call.caller, call.path["entity"], call.body, record_id=record_id)
    return json_answer({"content": content, "problems": [problem_value(one, call.language) for one in problems]})


def fill(call: Call) -> Answer:
    """Return the rows that a fill (明细带出) brings into a document with this content; nothing is written."""
    rows = call.services.records.fill(
        call.caller, entity=call.path["entity"], content=call.body, fill=call.path["fill"]
    )
    return json_answer({"rows": rows})


_ENTITY = "/records/{entity}"
_RECORD = "/records/{entity}/{record_id}"

ROUTES = (
    Route(method="GET", path=_ENTITY, name="list_records", tag="records", answer="page",
          run=list_records, query=LIST_PARAMETERS,
          about="A page of records, with filter, sort, totals and groups."),
    Route(method="POST", path=_ENTITY, name="create_record", tag="records", answer="saved",
          run=create, lane="write", writes=True,
          body="content", query=(TRANSITION, DRY_RUN), status=201,
          about="Create a record; with `transition`, create and post in one step."),
    Route(method="POST", path=f"{_ENTITY}/preview", name="preview_record", tag="records", run=preview, body="content",
          query=(Parameter("record", "id", "The stored record that the content is an edit of."),),
          keyless_reason="it writes nothing",
          about="Compute a record as it would be saved: lookups, formulas, rules, defaults. Nothing is written."),
    Route(method="POST", path=f"{_ENTITY}/fills/{{fill}}", name="fill_record", tag="records", run=fill, body="content",
          keyless_reason="it writes nothing",
          about="The rows that a fill (明细带出) brings into a document with this content. Nothing is written."),
    Route(method="POST", path=f"{_ENTITY}/batch", name="batch_records", tag="records", run=batch, lane="write",
          writes=True, body="json", body_type=bodies.Batch, query=(DRY_RUN,),
          about="Many writes: each on its own, or all or none."),
    Route(method="GET", path=_RECORD, name="get_record", tag="records", answer="record", run=get,
          about="One record; its ETag is the version for a change."),
    Route(method="PATCH", path=_RECORD, name="edit_record", tag="records", answer="saved",
          run=edit, lane="write", writes=True,
          versioned=True, body="content", query=(TRANSITION, DRY_RUN),
          about="Change a record. A field that is missing stays; a table that is given replaces its rows by id."),
    Route(method="DELETE", path=_RECORD, name="delete_record", tag="records", answer="saved",
          run=delete, lane="write", writes=True,
          versioned=True, query=(DRY_RUN,), about="Delete a record that nothing stands on."),
    Route(method="POST", path=f"{_RECORD}/transitions/{{transition}}", name="transition_record", tag="records",
          answer="saved",
          run=transition, lane="write", writes=True, versioned=True, body="content", body_optional=True,
          query=(DRY_RUN,), about="Move a record to another state, with its postings and effects."),
)  # fmt: skip
