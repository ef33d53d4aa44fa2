"""Packs: what the program brings, what is installed, and a site's own changes as a pack."""

from collections.abc import Sequence
from pathlib import Path

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.loading import load_text
from zhangshi.definitions.model.packs import Pack
from zhangshi.definitions.service.revisions import current_revision, read_objects
from zhangshi.http.answers import Answer, json_answer
from zhangshi.http.calls import Call
from zhangshi.http.parameters import Parameter
from zhangshi.http.routes.bodies import PackOrder
from zhangshi.http.routes.files import disposition
from zhangshi.http.routing import Route
from zhangshi.http.wire import Value
from zhangshi.packs.errors import NO_SUCH_PACK
from zhangshi.packs.model import PACK_FILE, PackSource, read_pack, shipped
from zhangshi.packs.service.exporting import as_zip, export_site
from zhangshi.packs.service.installing import (
    Choices,
    Installed,
    PackPlan,
    install,
    installed_packs,
    plan_install,
    plan_uninstall,
    uninstall,
)

SUBJECT = "packs"


def list_all(call: Call) -> Answer:
    """List the packs of the program, and what is installed of them."""
    call.require(SUBJECT, "read")
    with call.read() as session:
        objects = read_objects(session, current_revision(session))
    installed = {key: pack.version for key, pack in installed_packs(objects).items()}
    known = [_pack_value(_head(folder), installed.get(key)) for key, folder in shipped().items()]
    return json_answer({"packs": known, "installed": installed})


def _head(folder: Path) -> Pack:
    """Read what a pack says of itself, and none of its hundreds of other files."""
    file = folder / PACK_FILE
    found = load_text(file.read_text(encoding="utf-8"), file=file.name).data
    assert isinstance(found, Pack), folder
    return found


def _pack_value(about: Pack, installed: str | None) -> Value:
    return {
        "key": about.pack,
        "version": about.version,
        "label": about.label,
        "description": about.description,
        "industry": about.industry,
        "requires": about.requires,
        "installed": installed,
    }


def _shipped(key: str) -> Sequence[PackSource]:
    """Return the pack of the program; a path is never taken from outside. Raises: packs.no_such_pack."""
    folder = shipped().get(key)
    if folder is None:
        raise ZhangshiError(NO_SUCH_PACK, key=key[:80], known=", ".join(shipped()))
    return [read_pack(folder)]


def _choices(asked: PackOrder) -> Choices:
    return Choices(by_name=asked.choices, prefer=asked.prefer)


def plan(call: Call) -> Answer:
    """Say what installing or upgrading a pack would do."""
    call.require(SUBJECT, "read")
    asked: PackOrder = call.body
    with call.read() as session:
        made = plan_install(session, call.opened.catalogs, _shipped(asked.pack), choices=_choices(asked))
    return json_answer(_plan_value(made))


def plan_removal(call: Call) -> Answer:
    """Say what uninstalling a pack would do."""
    call.require(SUBJECT, "read")
    with call.read() as session:
        made = plan_uninstall(session, call.opened.catalogs, key=call.path["pack"])
    return json_answer(_plan_value(made))


def _plan_value(made: PackPlan) -> Value:
    return {"steps": made.steps, "conflicts": made.conflicts, "plan": made.plan}


def install_pack(call: Call) -> Answer:
    """Install or upgrade a pack of the program, with what it requires."""
    call.require(SUBJECT, "install")
    asked: PackOrder = call.body

    def work() -> Installed:
        return install(
            call.company,
            call.opened.catalogs,
            _shipped(asked.pack),
            actor=call.person.actor,
            choices=_choices(asked),
            seeds=call.services.seeds,
            demo=asked.demo,
        )

    return _done(call.once(work, answer_type=Installed))


def uninstall_pack(call: Call) -> Answer:
    """Uninstall a pack; its records stay in the database."""
    call.require(SUBJECT, "install")
    key = call.path["pack"]
    done = call.once(
        lambda: uninstall(call.company, call.opened.catalogs, key=key, actor=call.person.actor), answer_type=Installed
    )
    return _done(done)


def _done(done: Installed) -> Answer:
    return json_answer({"steps": done.steps, "revision": done.revision or None, "seeds": done.seeds})


def export(call: Call) -> Answer:
    """Return the site's own changes as a pack."""
    call.require(SUBJECT, "read")
    key = call.query.text("key") or "site"
    with call.read() as session:
        files = export_site(session, key=key, version=call.query.text("version") or "1.0.0")
    headers = {"Content-Disposition": disposition("attachment", f"{key}.zip")}
    return Answer(as_zip(files), media_type="application/zip", headers=headers)


ROUTES = (
    Route(method="GET", path="/packs", name="list_packs", tag="packs", run=list_all, lane="slow",
          about="The packs of this program, and those that are installed."),
    Route(method="GET", path="/packs/export", name="export_site", tag="packs", run=export, lane="slow",
          answer_media="application/zip",
          query=(Parameter("key", "text", "The new pack's key."), Parameter("version", "text", "Its version.")),
          about="The site's own changes as a pack (zip)."),
    Route(method="POST", path="/packs/plan", name="plan_pack", tag="packs", run=plan, lane="slow", body="json",
          body_type=PackOrder, keyless_reason="it writes nothing",
          about="What installing or upgrading would do, with the conflicts to be decided. Writes nothing."),
    Route(method="POST", path="/packs", name="install_pack", tag="packs", run=install_pack, lane="slow", body="json",
          body_type=PackOrder, writes=True,
          about="Install or upgrade a pack of this program, with those that it requires."),
    Route(method="POST", path="/packs/{pack}/plan-removal", name="plan_removal", tag="packs", run=plan_removal,
          lane="slow", keyless_reason="it writes nothing", about="What uninstalling would do. Writes nothing."),
    Route(method="DELETE", path="/packs/{pack}", name="uninstall_pack", tag="packs", run=uninstall_pack, lane="slow",
          writes=True, about="Uninstall a pack; its records stay in the database."),
)  # fmt: skip
