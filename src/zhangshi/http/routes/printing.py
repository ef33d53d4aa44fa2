"""Printing a record by a template of the definitions."""

from zhangshi.http.answers import Answer
from zhangshi.http.calls import Call
from zhangshi.http.parameters import Parameter
from zhangshi.http.routing import Route
from zhangshi.records.printing.service import print_record

_HTML = "text/html; charset=utf-8"
_CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-modals"
"""The page runs no script and loads nothing; `allow-modals` lets the browser print it."""


def printed(call: Call) -> Answer:
    """Return a record as it is printed."""
    body = print_record(
        call.services.reader,
        call.caller,
        entity=call.path["entity"],
        record_id=call.id("record_id"),
        template=call.query.text("template"),
        language=call.language,
    )
    return Answer(body, media_type=_HTML, headers={"Content-Security-Policy": _CSP})


ROUTES = (
    Route(method="GET", path="/records/{entity}/{record_id}/print", name="print_record", tag="records", run=printed,
          query=(Parameter("template", "text", "The print template; the entity's first one without it."),),
          about="The printed page (HTML, sized in millimetres), as far as the person may read the record."),
)  # fmt: skip
