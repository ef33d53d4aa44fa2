"""What belongs to a record: its history, its chain, comments, files, a copy; and finding records."""

from zhangshi.http.answers import Answer, json_answer
from zhangshi.http.calls import Call
from zhangshi.http.parameters import Parameter
from zhangshi.http.routes import bodies
from zhangshi.http.routing import Route

_SEARCH_MAX = 50


def audit(call: Call) -> Answer:
    """Return every change of a record, field by field, as far as the person may read the fields."""
    before = call.query.id("before")
    found = call.services.reader.audit(call.caller, call.path["entity"], call.id("record_id"), before=before)
    return json_answer({"entries": found})


def chain(call: Call) -> Answer:
    """Return the documents before and after this one."""
    return json_answer(call.services.reader.chain(call.caller, call.path["entity"], call.id("record_id")))


def copy(call: Call) -> Answer:
    """Return the content of a new record like this one."""
    content = call.services.records.copy_of(call.caller, entity=call.path["entity"], record_id=call.id("record_id"))
    return json_answer({"content": content})


def comments(call: Call) -> Answer:
    """Return the comments of a record, oldest first."""
    after = call.query.id("after")
    found = call.services.reader.comments(call.caller, call.path["entity"], call.id("record_id"), after=after)
    return json_answer({"comments": found})


def comment(call: Call) -> Answer:
    """Comment a record."""
    asked: bodies.NewComment = call.body
    comment_id = call.services.reader.comment(
        call.caller, key=call.key, entity=call.path["entity"], record_id=call.id("record_id"), text=asked.text
    )
    return json_answer({"id": comment_id}, status=201)


def choices(call: Call) -> Answer:
    """Return what a link field may hold, under the field's filter; a body is the document as it stands in the form."""
    found = call.services.reader.choices(
        call.caller,
        call.path["entity"],
        call.query.text("field"),
        text=call.query.text("text"),
        content=call.body,
        row=call.query.number("row", 0, at_most=100_000),
        limit=call.query.number("limit", 20, at_most=_SEARCH_MAX),
    )
    return json_answer({"choices": found})


def search(call: Call) -> Answer:
    """Find records by code, name, spec or pinyin initials."""
    found = call.services.reader.search(
        call.caller,
        call.query.text("text"),
        entities=call.query.words("entities") or None,
        limit=call.query.number("limit", 20, at_most=_SEARCH_MAX),
    )
    return json_answer({"hits": found})


_RECORD = "/records/{entity}/{record_id}"
_TEXT = Parameter("text", "text", "What is looked for: part of number or name, or pinyin initials.")
_LIMIT = Parameter("limit", "int", f"At most this many, up to {_SEARCH_MAX}.")
_ROW = Parameter("row", "int", "The row of the content, from 1, whose link it is; 0 for a row to come.")
_FIELD = Parameter("field", "text", "The link field: `customer`, or `lines.item`.", required=True)

ROUTES = (
    Route(method="GET", path="/search", name="search", tag="records", run=search,
          query=(
              Parameter("text", "text", "Code, name, spec or pinyin initials.", required=True),
              Parameter("entities", "words", "Only these entities."),
              _LIMIT,
          ),
          about="Find records of all entities that the person may read."),
    Route(method="GET", path="/records/{entity}/choices", name="choices", tag="records", run=choices,
          query=(_FIELD, _TEXT, _ROW, _LIMIT), about="What a link field may hold."),
    Route(method="POST", path="/records/{entity}/choices", name="choices_for", tag="records", run=choices,
          query=(_FIELD, _TEXT, _ROW, _LIMIT), body="content", keyless_reason="it writes nothing",
          about="What a link field may hold in this document, which is sent along. Writes nothing."),
    Route(method="GET", path=f"{_RECORD}/audit", name="record_audit", tag="records", run=audit,
          query=(Parameter("before", "id", "Entries older than this one."),),
          about="Every change, field by field."),
    Route(method="GET", path=f"{_RECORD}/chain", name="record_chain", tag="records", run=chain,
          about="The documents before and after, with owner, state and time of each."),
    Route(method="GET", path=f"{_RECORD}/copy", name="copy_record", tag="records", run=copy,
          about="The content of a new record like this one; nothing is written."),
    Route(method="GET", path=f"{_RECORD}/comments", name="list_comments", tag="records", run=comments,
          query=(Parameter("after", "id", "Comments younger than this one."),),
          about="Comments, oldest first."),
    Route(method="POST", path=f"{_RECORD}/comments", name="add_comment", tag="records", run=comment, lane="write",
          writes=True, body="json", body_type=bodies.NewComment, status=201, about="Comment a record."),
)  # fmt: skip
