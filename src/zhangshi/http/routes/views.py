"""Saved views of lists."""

from zhangshi.http.answers import Answer, etag, json_answer, nothing
from zhangshi.http.calls import Call
from zhangshi.http.parameters import Parameter
from zhangshi.http.routes.bodies import SavedViewBody
from zhangshi.http.routing import Route


def list_all(call: Call) -> Answer:
    """List one's own views of an entity, and those shared with one's roles."""
    return json_answer({"views": call.services.views.list(call.caller, call.query.text("entity"))})


def create(call: Call) -> Answer:
    """Save a view anew."""
    asked: SavedViewBody = call.body
    saved = call.services.views.save(
        call.caller, key=call.key, entity=asked.entity, name=asked.name, content=asked.content, roles=asked.roles
    )
    return json_answer(saved, status=201, headers={"ETag": etag(saved.version)})


def change(call: Call) -> Answer:
    """Change one of one's own views."""
    asked: SavedViewBody = call.body
    saved = call.services.views.save(
        call.caller,
        key=call.key,
        entity=asked.entity,
        name=asked.name,
        content=asked.content,
        roles=asked.roles,
        view_id=call.id("view_id"),
        version=call.if_match,
    )
    return json_answer(saved, headers={"ETag": etag(saved.version)})


def delete(call: Call) -> Answer:
    """Delete one of one's own views."""
    call.services.views.delete(call.caller, key=call.key, view_id=call.id("view_id"))
    return nothing()


ROUTES = (
    Route(method="GET", path="/views", name="list_views", tag="views", run=list_all,
          query=(Parameter("entity", "text", "The entity.", required=True),),
          about="One's own views of an entity, and those shared with one's roles."),
    Route(method="POST", path="/views", name="create_view", tag="views", run=create, lane="write", writes=True,
          body="json", body_type=SavedViewBody, status=201, about="Save a view."),
    Route(method="PUT", path="/views/{view_id}", name="change_view", tag="views", run=change, lane="write",
          writes=True, versioned=True, body="json", body_type=SavedViewBody, about="Change one of one's own views."),
    Route(method="DELETE", path="/views/{view_id}", name="delete_view", tag="views", run=delete, lane="write",
          writes=True, status=204, about="Delete one of one's own views."),
)  # fmt: skip
