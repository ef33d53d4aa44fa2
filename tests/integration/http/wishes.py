"""One write for each route that writes: what is sent, prepared so that it is done.

The test of replay goes through the routes of the application and asks here what to send; a new route without an entry
fails there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.integration.http.goods import add_item, made, order
from tests.integration.http.works import Works
from zhangshi.platform.tasks.service import start_task
from zhangshi.platform.unit_of_work import Request, UnitOfWork


@dataclass(frozen=True, slots=True)
class Wish:
    """A write. `secret`: its answer shows something once, so that the second sending is told so."""

    method: str
    path: str
    body: Any = None
    version: int | None = None
    files: Mapping[str, Any] | None = None
    secret: bool = False
    params: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    login: str = "owner"


Prepare = Callable[[Works], Wish]
COLOUR = """
schema: 1
option_set: colour
label: {zh: 颜色, en: Colour}
options: [{value: red, label: {zh: 红, en: Red}}]
"""
REASON = {"number": "W1", "name": "划伤", "usage": "reject"}
SHEET = {"file": ("reasons.csv", "原因代码,原因,用于\nI1,崩边,检验不合格\n".encode(), "text/csv")}
FILE = {"file": ("drawing.txt", b"D-100 rev B", "text/plain")}


def _reason(works: Works) -> str:
    return f"/records/reason_code/{made(works.client('owner').post('/records/reason_code', REASON))['id']}"


def _person(works: Works) -> str:
    user_id = works.add("worker")
    return f"/people/{user_id}"


def _disabled(works: Works) -> str:
    path = _person(works)
    made(works.client("owner").post(f"{path}/disable", version=1))
    return path


def _department(works: Works) -> str:
    found = made(works.client("owner").post("/departments", {"code": "CJ", "name": "车间"}))
    return f"/departments/{found['id']}"


def _file(works: Works) -> tuple[str, str]:
    path = _reason(works)
    sent = made(works.client("owner").request("POST", f"{path}/files", files=FILE))
    return path, sent["id"]


def _view(works: Works) -> str:
    content = {"entity": "item", "name": "常用", "content": {"filter": "active"}}
    return f"/views/{made(works.client('owner').post('/views', content))['id']}"


def _draft(works: Works) -> str:
    owner = works.client("owner")
    path = "/definitions/entity/reason_code"
    content = owner.get(path).json()["content"]
    content["fields"]["note"] = {"type": "text", "label": {"zh": "说明", "en": "Note"}}
    made(owner.put(path, {"content": content}, version=0))
    return path


def _planned(works: Works) -> str:
    _draft(works)
    return str(made(works.client("owner").post("/definitions/plan", {}, key=""))["digest"])


def _old_revision(works: Works) -> dict[str, Any]:
    owner = works.client("owner")
    before = owner.get("/definitions").json()["revision"]
    made(owner.post("/definitions/publish", {"plan": _planned(works)}))
    plan = made(owner.post("/definitions/plan", {"revision": before}, key=""))
    return {"revision": before, "plan": plan["digest"]}


def _sources(works: Works) -> list[dict[str, str]]:
    return [{"record": order(works.client("owner"), transition="approve")["id"]}]


def _sent_order(works: Works) -> Wish:
    draft = order(works.client("owner"))
    return Wish("POST", f"/records/sales_order/{draft['id']}/transitions/approve", version=draft["version"])


def _batch(_works: Works) -> Wish:
    operations = [{"kind": "create", "content": {**REASON, "number": f"W{n}"}} for n in range(3)]
    return Wish("POST", "/records/reason_code/batch", {"operations": operations})


def _detached(works: Works) -> Wish:
    path, file_id = _file(works)
    return Wish("DELETE", f"{path}/files/{file_id}")


def _token(works: Works) -> str:
    owner = works.client("owner")
    return f"/tokens/{made(owner.post('/tokens', {'name': 'gun', 'scopes': ['item:read']}))['id']}"


def _session(works: Works) -> str:
    works.stranger().sign_in("owner", "three brass screws")
    found = works.client("owner").get("/me/sessions").json()["sessions"]
    return next(f"/me/sessions/{one['id']}" for one in found if not one["current"])


def _job(works: Works) -> int:
    owner_id = int(works.client("owner").get("/me").json()["person"]["id"])

    def work(uow: UnitOfWork) -> int:
        return start_task(uow, kind="import", title="a.xlsx", handler="import", payload=None, user_id=owner_id)

    return works.company.write(Request("test", "job", None), work, answer_type=int)


def _imported(works: Works) -> Wish:
    sent = works.client("owner").request("POST", "/imports", files=SHEET, data={"entity": "reason_code"})
    assert sent.status_code == 202, sent.text
    works.run_job(int(sent.json()["job"]))
    return Wish("POST", f"/imports/{sent.json()['job']}/undo")


def _pack_plan(works: Works) -> str:
    order(works.client("owner"))
    add_item(works.client("owner"))
    return "/packs/manufacturing"


_PERSON = {"login": "new", "name": "小陈", "roles": ["storekeeper"]}
_ME = {"name": "王建国", "version": 1}
_DEPARTMENT = {"code": "CJ", "name": "一车间"}

WISHES: dict[str, Prepare] = {
    "sign_out": lambda _: Wish("POST", "/sign-out"),
    "sign_out_everywhere": lambda _: Wish("POST", "/sign-out-everywhere"),
    "edit_me": lambda _: Wish("PATCH", "/me", _ME),
    "end_session": lambda works: Wish("DELETE", _session(works)),
    "create_record": lambda _: Wish("POST", "/records/reason_code", REASON),
    "edit_record": lambda works: Wish("PATCH", _reason(works), {"name": "磕碰"}, version=1),
    "delete_record": lambda works: Wish("DELETE", _reason(works), version=1),
    "transition_record": _sent_order,
    "batch_records": _batch,
    "add_comment": lambda works: Wish("POST", f"{_reason(works)}/comments", {"text": "看过了"}),
    "attach_file": lambda works: Wish("POST", f"{_reason(works)}/files", files=FILE),
    "detach_file": _detached,
    "convert": lambda works: Wish("POST", "/conversions/sales_order_to_delivery", {"sources": _sources(works)}),
    "create_view": lambda _: Wish("POST", "/views", {"entity": "item", "name": "常用", "content": {}}),
    "change_view": lambda works: Wish("PUT", _view(works), {"entity": "item", "name": "新", "content": {}}, version=1),
    "delete_view": lambda works: Wish("DELETE", _view(works)),
    "upload_file": lambda _: Wish("POST", "/files", files=FILE),
    "publish_definitions": lambda works: Wish("POST", "/definitions/publish", {"plan": _planned(works)}),
    "roll_back_definitions": lambda works: Wish("POST", "/definitions/rollback", _old_revision(works)),
    "put_definition": lambda _: Wish("PUT", "/definitions/option_set/colour", {"text": COLOUR}, version=0),
    "delete_definition": lambda works: Wish("DELETE", _own_option_set(works), version=0),
    "discard_draft": lambda works: Wish("POST", f"{_draft(works)}/discard"),
    "install_pack": lambda works: Wish("POST", _removed(works), {"pack": "manufacturing"}),
    "uninstall_pack": lambda works: Wish("DELETE", _pack_plan(works)),
    "create_person": lambda _: Wish("POST", "/people", _PERSON, secret=True),
    "edit_person": lambda works: Wish("PATCH", _person(works), {"name": "老陈"}, version=1),
    "set_roles": lambda works: Wish("PUT", f"{_person(works)}/roles", {"roles": ["buyer"]}, version=1),
    "disable_person": lambda works: Wish("POST", f"{_person(works)}/disable", version=1),
    "enable_person": lambda works: Wish("POST", f"{_disabled(works)}/enable", version=2),
    "unlock_person": lambda works: Wish("POST", f"{_person(works)}/unlock"),
    "reset_password": lambda works: Wish("POST", f"{_person(works)}/password", secret=True),
    "sign_out_person": lambda works: Wish("POST", f"{_person(works)}/sign-out"),
    "create_department": lambda _: Wish("POST", "/departments", _DEPARTMENT),
    "edit_department": lambda works: Wish("PATCH", _department(works), _DEPARTMENT, version=1),
    "make_token": lambda _: Wish("POST", "/tokens", {"name": "gun", "scopes": ["item:read"]}, secret=True),
    "start_import": lambda _: Wish("POST", "/imports", files=SHEET, form={"entity": "reason_code"}),
    "undo_import": _imported,
    "start_export": lambda _: Wish("POST", "/exports", {"entity": "item", "format": "csv"}),
    "cancel_job": lambda works: Wish("POST", f"/jobs/{_job(works)}/cancel"),
    "revoke_token": lambda works: Wish("DELETE", _token(works)),
}


def _own_option_set(works: Works) -> str:
    owner = works.client("owner")
    path = "/definitions/option_set/colour"
    made(owner.put(path, {"text": COLOUR}, version=0))
    digest = made(owner.post("/definitions/plan", {}, key=""))["digest"]
    made(owner.post("/definitions/publish", {"plan": digest}))
    return path


def _removed(works: Works) -> str:
    made(works.client("owner").delete("/packs/manufacturing"))
    return "/packs"
