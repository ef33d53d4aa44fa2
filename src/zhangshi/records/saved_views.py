"""Saved views: how a person likes to see a list; kept for himself, or shared with roles.

A view is only a question. Whoever opens it asks it with his own rights, so a shared view shows nobody more than he
may see. What it holds is what the screen wants back (columns, filter, sort, group); its filter is checked when it is
asked.
"""

from collections.abc import Mapping, Sequence

import msgspec

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.platform.session import Row
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records._store import saved_views as store
from zhangshi.records.access import access_to
from zhangshi.records.errors import UNKNOWN_ENTITY
from zhangshi.records.model import Caller
from zhangshi.records.reading.encoding import instant_text

NAME_MAX = 60
CONTENT_MAX = 20_000
VIEWS_MAX = 100

UNKNOWN_VIEW = ErrorCode(
    "records.unknown_view",
    "找不到视图 {id},或者它没有共享给您。请刷新后重选。",
    "There is no view {id}, or it is not shared with you. Reload and choose again.",
)
NOT_YOUR_VIEW = ErrorCode(
    "records.not_your_view",
    "视图“{name}”是别人的,不能改。请另存为自己的视图。",
    'The view "{name}" belongs to somebody else. Save it as one of your own.',
)
VIEW_CHANGED = ErrorCode(
    "records.view_changed",
    "视图“{name}”刚被改过。请刷新后再改。",
    'The view "{name}" was changed meanwhile. Reload it and change it again.',
)
BAD_VIEW = ErrorCode(
    "records.bad_view",
    "视图要有 1 到 {name_max} 个字的名称,内容不超过 {content_max} 字节,每种单据最多 {views_max} 个。请修改。",
    "A view has a name of 1 to {name_max} characters and at most {content_max} bytes; {views_max} for an entity. "
    "Change it.",
)


class SavedView(msgspec.Struct, frozen=True, kw_only=True):
    """A view; ids are texts on the wire."""

    id: str
    entity: str
    name: str
    own: bool
    roles: tuple[str, ...]
    content: dict[str, object]
    version: int
    updated_at: str


class SavedViews:
    """The saved views of one opened company."""

    def __init__(self, *, company: Company, catalogs: Catalogs) -> None:
        self._company = company
        self._catalogs = catalogs

    def list(self, caller: Caller, entity: str) -> "list_of_views":
        """Return the person's views of an entity and those shared with his roles.

        Raises: records.unknown_entity; records.forbidden unless the entity may be read.
        """
        with self._company.read() as session:
            catalog = self._catalogs.current(session)
            if entity not in catalog.entities:
                raise ZhangshiError(UNKNOWN_ENTITY, entity=entity[:80])
            access_to(catalog, entity, caller.person).refuse("read")
            rows = session.query(store.OF_ENTITY, entity, caller.person.user_id)
        return [view for row in rows if _open_to(view := _view(row, caller), caller)]

    def save(
        self,
        caller: Caller,
        *,
        key: str,
        entity: str,
        name: str,
        content: Mapping[str, object],
        roles: Sequence[str] = (),
        view_id: int = 0,
        version: int = 0,
    ) -> SavedView:
        """Save a view anew, or change one of the person's own (`view_id` with the `version` that was read).

        Raises: records.bad_view, records.unknown_view, records.not_your_view, records.view_changed,
            records.unknown_entity, records.forbidden.
        """
        written = msgspec.json.encode(content)
        name = name.strip()
        if not 0 < len(name) <= NAME_MAX or len(written) > CONTENT_MAX or "\x00" in name:
            raise _bad_view()
        shared = msgspec.json.encode(sorted(set(roles))).decode()

        def work(uow: UnitOfWork) -> SavedView:
            catalog = self._catalogs.current(uow.session)
            if entity not in catalog.entities:
                raise ZhangshiError(UNKNOWN_ENTITY, entity=entity[:80])
            access_to(catalog, entity, caller.person).refuse("read")
            if view_id:
                return _change(uow, caller, (name, shared, written.decode()), view_id=view_id, version=version)
            if uow.session.query(store.COUNT, entity, caller.person.user_id)[0][0] >= VIEWS_MAX:
                raise _bad_view()
            made = uow.next_id()
            user_id = caller.person.user_id
            uow.session.execute(store.INSERT, made, entity, name, user_id, shared, written.decode(), uow.now_micros)
            return _view((made, entity, name, user_id, shared, written.decode(), 1, uow.now_micros), caller)

        asked = {"view": view_id, "entity": entity, "name": name, "content": content, "roles": shared}
        return self._company.write(Request(caller.person.actor, key, asked), work, answer_type=SavedView)

    def delete(self, caller: Caller, *, key: str, view_id: int) -> bool:
        """Delete one of the person's own views. Raises: records.unknown_view, records.not_your_view."""

        def work(uow: UnitOfWork) -> bool:
            _own(uow, caller, view_id)
            return uow.session.execute(store.DELETE, view_id) > 0

        return self._company.write(Request(caller.person.actor, key, {"delete_view": view_id}), work, answer_type=bool)


def _own(uow: UnitOfWork, caller: Caller, view_id: int) -> SavedView:
    rows = uow.session.query(store.GET, view_id)
    view = _view(rows[0], caller) if rows else None
    if view is None or not _open_to(view, caller):
        raise ZhangshiError(UNKNOWN_VIEW, id=str(view_id))
    if not view.own:
        raise ZhangshiError(NOT_YOUR_VIEW, name=view.name)
    return view


def _change(uow: UnitOfWork, caller: Caller, written: tuple[str, str, str], *, view_id: int, version: int) -> SavedView:
    view = _own(uow, caller, view_id)
    if not uow.session.execute(store.UPDATE, *written, uow.now_micros, view_id, version):
        raise ZhangshiError(VIEW_CHANGED, name=view.name)
    return _view(uow.session.query(store.GET, view_id)[0], caller)


def _view(row: Row, caller: Caller) -> SavedView:
    view_id, entity, name, user_id, roles, content, version, updated_at = row
    return SavedView(
        id=str(view_id),
        entity=entity,
        name=name,
        own=user_id == caller.person.user_id,
        roles=tuple(msgspec.json.decode(roles, type=list[str])),
        content=msgspec.json.decode(content, type=dict[str, object]),
        version=version,
        updated_at=instant_text(updated_at),
    )


def _open_to(view: SavedView, caller: Caller) -> bool:
    return view.own or caller.person.is_owner or not caller.person.roles.isdisjoint(view.roles)


def _bad_view() -> ZhangshiError:
    return ZhangshiError(BAD_VIEW, name_max=NAME_MAX, content_max=CONTENT_MAX, views_max=VIEWS_MAX)


list_of_views = list[SavedView]
