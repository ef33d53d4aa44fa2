"""Definitions: read, draft, plan, publish, go back."""

from typing import Any

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.service import drafts, publications, revisions
from zhangshi.definitions.service.plan import Candidate, make_plan
from zhangshi.definitions.service.publish import Published, publish
from zhangshi.definitions.service.rollback import candidate_to_roll_back
from zhangshi.http import errors
from zhangshi.http.answers import Answer, etag, json_answer, nothing
from zhangshi.http.calls import Call
from zhangshi.http.parameters import Parameter
from zhangshi.http.routes import bodies
from zhangshi.http.routing import Route
from zhangshi.http.wire import Value, instant_text
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import UnitOfWork

SUBJECT = "definitions"


def _decoded(content: str) -> object:
    return msgspec.json.decode(content) if content else None


def draft_value(one: drafts.Draft) -> Value:
    """Return a draft; `content` null deletes the object."""
    return {
        "kind": one.kind,
        "key": one.key,
        "base_revision": one.base_revision,
        "version": one.version,
        "content": _decoded(one.content),
        "actor": one.actor,
        "recorded_at": instant_text(one.recorded_at),
    }


def list_all(call: Call) -> Answer:
    """List every object that counts, and every draft."""
    call.require(SUBJECT, "read")
    with call.read() as session:
        revision = revisions.current_revision(session)
        members = revisions.read_objects(session, revision)
        waiting = drafts.list_drafts(session)
    content = {
        "revision": revision,
        "objects": [{"layer": one.layer, "kind": one.kind, "key": one.key} for one in sorted(members)],
        "drafts": [draft_value(one) for one in waiting],
    }
    return json_answer(content, headers={"ETag": etag(revision)})


def get(call: Call) -> Answer:
    """Return an object as it counts, and its draft; the ETag is the draft's version."""
    call.require(SUBJECT, "read")
    kind, key = call.path["kind"], call.path["key"]
    with call.read() as session:
        draft = drafts.find_draft(session, kind=kind, key=key)
        effective = _effective(session, kind, key, required=draft is None)
    content = {
        "kind": kind,
        "key": key,
        "content": effective,
        "draft": draft_value(draft) if draft else None,
    }
    return json_answer(content, headers={"ETag": etag(draft.version if draft else drafts.NEW)})


def _effective(session: Session, kind: str, key: str, *, required: bool) -> object:
    try:
        return _decoded(drafts.effective_object(session, kind=kind, key=key))
    except ZhangshiError:
        if required:
            raise
        return None


def put(call: Call) -> Answer:
    """Write a draft."""
    call.require(SUBJECT, "edit")
    asked: bodies.Draft = call.body
    text = asked.text or msgspec.json.encode(asked.content).decode()
    place = (call.path["kind"], call.path["key"])

    def work(uow: UnitOfWork) -> drafts.Draft:
        saved = drafts.save_draft(uow, text=text, version=call.if_match)
        if (saved.kind, saved.key) != place:
            raise ZhangshiError(errors.BAD_PARAMETER, name="kind, key", expected=f"{saved.kind}/{saved.key}")
        return saved

    saved = call.write(work, answer_type=drafts.Draft)
    return json_answer(draft_value(saved), headers={"ETag": etag(saved.version)})


def delete(call: Call) -> Answer:
    """Write down that an object of the site shall go."""
    call.require(SUBJECT, "edit")
    kind, key = call.path["kind"], call.path["key"]
    saved = call.write(
        lambda uow: drafts.draft_deletion(uow, kind=kind, key=key, version=call.if_match), answer_type=drafts.Draft
    )
    return json_answer(draft_value(saved), headers={"ETag": etag(saved.version)})


def discard(call: Call) -> Answer:
    """Forget a draft."""
    call.require(SUBJECT, "edit")
    kind, key = call.path["kind"], call.path["key"]
    call.write(lambda uow: drafts.discard_draft(uow, kind=kind, key=key), answer_type=type(None))
    return nothing()


def _candidate(session: Session, revision: int | None, note: str) -> Candidate:
    if revision is None:
        return drafts.candidate_from_drafts(session, note=note)
    return candidate_to_roll_back(session, to_revision=revision, note=note)


def plan(call: Call) -> Answer:
    """Say what publishing would do; nothing is written."""
    call.require(SUBJECT, "read")
    asked: bodies.PlanOrder = call.body or bodies.PlanOrder()
    with call.read() as session:
        made = make_plan(session, call.opened.catalogs, _candidate(session, asked.revision, asked.note))
    return json_answer(made)


def publish_drafts(call: Call) -> Answer:
    """Publish the drafts as the plan showed them."""
    asked: bodies.Publication = call.body
    return _publish(call, None, asked)


def roll_back(call: Call) -> Answer:
    """Make an old revision the newest, as the plan showed it."""
    asked: bodies.Rollback = call.body
    return _publish(call, asked.revision, asked)


def _publish(call: Call, revision: int | None, asked: bodies.Publication) -> Answer:
    call.require(SUBJECT, "publish")

    def work(uow: UnitOfWork) -> Published:
        candidate = _candidate(uow.session, revision, asked.note)
        return publish(uow, call.opened.catalogs, candidate=candidate, digest=asked.plan)

    return json_answer(_published_value(call.write(work, answer_type=Published)))


def _published_value(made: Published) -> Value:
    return {"publication": str(made.publication_id), "revision": made.revision or None, "base": made.base}


def get_publication(call: Call) -> Answer:
    """Say how far a publication is."""
    call.require(SUBJECT, "read")
    with call.read() as session:
        found = publications.get_publication(session, call.id("publication_id"))
    return json_answer(publication_value(found))


def publication_value(one: publications.Publication) -> Value:
    """Return a publication without its content."""
    shown: dict[str, Any] = {name: value for name, value in one._asdict().items() if name not in {"content", "problem"}}
    shown["publication_id"] = str(one.publication_id)
    for name in [name for name in shown if name.endswith("_at")]:
        shown[name] = instant_text(shown[name])
    return {**shown, "problem": _decoded(one.problem)}


def list_revisions(call: Call) -> Answer:
    """List the history of the definitions, newest first."""
    call.require(SUBJECT, "read")
    limit = call.query.number("limit", 50, at_most=200)
    with call.read() as session:
        found = revisions.list_revisions(session, limit=limit)
    shown = [{**one._asdict(), "recorded_at": instant_text(one.recorded_at)} for one in found]
    return json_answer({"revisions": shown})


ROUTES = (
    Route(method="GET", path="/definitions", name="list_definitions", tag="definitions", run=list_all,
          about="Every definition that counts by layer, kind and key, and every draft."),
    Route(method="GET", path="/definitions/revisions", name="list_revisions", tag="definitions", run=list_revisions,
          query=(Parameter("limit", "int", "At most this many, up to 200."),), about="The history, newest first."),
    Route(method="POST", path="/definitions/plan", name="plan_definitions", tag="definitions", run=plan, lane="slow",
          body="json", body_type=bodies.PlanOrder, body_optional=True,
          keyless_reason="it writes nothing",
          about="What publishing all drafts (or going back to a revision) would do. Writes nothing."),
    Route(method="POST", path="/definitions/publish", name="publish_definitions", tag="definitions", lane="slow",
          run=publish_drafts, writes=True, body="json", body_type=bodies.Publication,
          about="Publish all drafts as the plan with this digest showed them; large ones go on as a job."),
    Route(method="POST", path="/definitions/rollback", name="roll_back_definitions", tag="definitions", lane="slow",
          run=roll_back, writes=True, body="json", body_type=bodies.Rollback,
          about="Make an old revision the newest, as the plan with this digest showed it."),
    Route(method="GET", path="/definitions/publications/{publication_id}", name="get_publication", tag="definitions",
          run=get_publication, about="How far a publication is."),
    Route(method="GET", path="/definitions/{kind}/{key}", name="get_definition", tag="definitions", run=get,
          about="An object as it counts, and its draft. The ETag is the draft's version, \"0\" for none."),
    Route(method="PUT", path="/definitions/{kind}/{key}", name="put_definition", tag="definitions", run=put,
          lane="write", writes=True, versioned=True, body="json", body_type=bodies.Draft,
          about="Write a draft: `text` in YAML, or `content`. If-Match is the draft's version, \"0\" for a new one."),
    Route(method="DELETE", path="/definitions/{kind}/{key}", name="delete_definition", tag="definitions", run=delete,
          lane="write", writes=True, versioned=True, about="A draft that deletes an object of the site."),
    Route(method="POST", path="/definitions/{kind}/{key}/discard", name="discard_draft", tag="definitions",
          run=discard, lane="write", writes=True, status=204, about="Forget a draft."),
)  # fmt: skip
