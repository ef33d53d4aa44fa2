"""下推 / 选单: from a document to the next."""

from zhangshi.base.errors import ZhangshiError
from zhangshi.http.answers import Answer, json_answer
from zhangshi.http.calls import Call
from zhangshi.http.routes import bodies
from zhangshi.http.routes.records import DRY_RUN, TRANSITION, saved_answer, sources_of
from zhangshi.http.routing import Route
from zhangshi.http.wire import Value
from zhangshi.records.access import access_to
from zhangshi.records.errors import UNKNOWN_ENTITY


def propose(call: Call) -> Answer:
    """Return the target's content with all that is open; nothing is written."""
    asked: bodies.Proposal = call.body
    content = call.services.records.propose(
        call.caller, conversion=call.path["conversion"], sources=sources_of(asked.sources)
    )
    return json_answer({"content": content})


def convert(call: Call) -> Answer:
    """Make the target; with `transition`, post it in the same step."""
    asked: bodies.Conversion = call.body
    saved = call.services.records.convert(
        call.caller,
        key=call.key,
        conversion=call.path["conversion"],
        sources=sources_of(asked.sources),
        content=asked.content,
        transition=call.query.text("transition") or None,
        dry_run=call.dry_run,
    )
    return saved_answer(call, saved, status=201)


def list_open(call: Call) -> Answer:
    """Return the conversions of a record that the person may make, and what each row has open."""
    entity = call.path["entity"]
    catalog = call.catalog()
    if entity not in catalog.entities:
        raise ZhangshiError(UNKNOWN_ENTITY, entity=entity)
    found: list[Value] = []
    for one in catalog.conversions_from.get(entity, ()):
        if not access_to(catalog, one.target, call.person).may("create"):
            continue
        quantities = call.services.records.open_quantities(
            call.caller, conversion=one.key, record_id=call.id("record_id")
        )
        found.append(
            {
                "conversion": one.key,
                "label": one.label.text(call.language),
                "target": one.target,
                "open": {str(row_id): f"{quantity:f}" for row_id, quantity in quantities.items()},
            }
        )
    return json_answer({"conversions": found})


ROUTES = (
    Route(method="POST", path="/conversions/{conversion}/propose", name="propose_conversion", tag="conversions",
          run=propose, body="json", body_type=bodies.Proposal, keyless_reason="it writes nothing",
          about="The target as it would be, with all that is open. Nothing is written."),
    Route(method="POST", path="/conversions/{conversion}", name="convert", tag="conversions", answer="saved",
          run=convert, lane="write", writes=True, body="json", body_type=bodies.Conversion, status=201,
          query=(TRANSITION, DRY_RUN),
          about="Make the target; `content` replaces fields of the proposal."),
    Route(method="GET", path="/records/{entity}/{record_id}/conversions", name="list_conversions", tag="conversions",
          run=list_open, about="What can be made from this record, and what each of its rows has open."),
)  # fmt: skip
