"""The audit of the books: every balance and value derived again from the moves."""

from dataclasses import asdict

from zhangshi.http.answers import Answer, json_answer
from zhangshi.http.calls import Call
from zhangshi.http.routing import Route
from zhangshi.http.wire import Value
from zhangshi.ledger.service.audit import audit


def run(call: Call) -> Answer:
    """Audit the books here and now."""
    call.require("ledger", "audit")
    with call.read() as session:
        report = audit(session, progress=lambda _done, _total: None)
    differences: list[Value] = [
        {name: str(value) for name, value in asdict(one).items() if value not in ("", None)}
        for one in report.differences
    ]
    content = {
        "clean": report.difference_count == 0,
        "counts": {
            "postings": report.postings,
            "moves": report.moves,
            "items": report.items,
            "sealed": report.sealed,
        },
        "difference_count": report.difference_count,
        "differences": differences,
    }
    return json_answer(content)


ROUTES = (
    Route(method="GET", path="/audit", name="audit", tag="stock", run=run, lane="slow",
          about="Derive every balance, value and seal again from the moves, and name what differs."),
)  # fmt: skip
