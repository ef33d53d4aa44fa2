"""Revisions: every one is immutable, its objects are kept by their digest, and its own digest is over its members.

An object of a layer is its canonical JSON text (`loading.dump_json`): equal objects have equal texts, so a revision
that goes back to what was before stores nothing twice.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec

from zhangshi.base.clock import micros_to_instant
from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions._store import revisions as store
from zhangshi.definitions.loading import SITE, SourceObject, dump_json
from zhangshi.definitions.model import KINDS
from zhangshi.definitions.model.packs import Pack
from zhangshi.definitions.service.errors import NO_SUCH_REVISION
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import UnitOfWork

EMPTY = 0
"""The revision of a company that has no definitions yet."""
_DECODED_MAX = 8192


class MemberKey(NamedTuple):
    """Which object of which layer."""

    layer: str
    kind: str
    key: str


Objects = Mapping[MemberKey, str]
"""All objects of all layers, as canonical JSON."""


class Revision(NamedTuple):
    """An entry of the history."""

    revision: int
    token: int
    parent: int
    digest: str
    note: str
    actor: str
    recorded_at: int

    @property
    def recorded(self) -> datetime:
        """When it became the current one."""
        return micros_to_instant(self.recorded_at)


def digest_of(text: str) -> str:
    """Return the sha256 by which a text is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_objects(objects: Objects) -> str:
    """Return the digest of a whole revision."""
    return digest_of(msgspec.json.encode([[*key, digest_of(text)] for key, text in sorted(objects.items())]).decode())


def to_objects(sources: Iterable[SourceObject]) -> dict[MemberKey, str]:
    """Return sources as they are stored."""
    return {MemberKey(one.layer, one.kind, one.key): dump_json(one) for one in sources}


def to_sources(objects: Objects) -> list[SourceObject]:
    """Return stored objects as the compiler takes them: each pack after those that it stands on, the site last.

    So an override meets what the layers below made of the object.
    """
    sources = [_source(*key, text) for key, text in sorted(objects.items())]
    rank = {layer: at for at, layer in enumerate(layer_order(sources))}
    return sorted(sources, key=lambda one: rank[one.layer])


def layer_order(sources: Iterable[SourceObject]) -> list[str]:
    """Return all layers: packs after those that they require, else by key, and the site last."""
    requires: dict[str, set[str]] = {}
    for one in sources:
        known = requires.setdefault(one.layer, set())
        if isinstance(one.data, Pack):
            known.update(one.data.requires)
    ordered: list[str] = []
    waiting = sorted(layer for layer in requires if layer != SITE)
    while waiting:
        ready = [layer for layer in waiting if not requires[layer] & set(waiting) - {layer}] or waiting[:1]
        ordered += ready
        waiting = [layer for layer in waiting if layer not in ready]
    return [*ordered, SITE]


@lru_cache(_DECODED_MAX)
def _source(layer: str, kind: str, key: str, text: str) -> SourceObject:
    return SourceObject(layer, kind, key, msgspec.json.decode(text, type=KINDS[kind]), file=f"{layer}:{kind}/{key}")


def current_revision(session: Session) -> int:
    """Return the number of the revision that counts; EMPTY before anything was published."""
    return int(session.query(store.CURRENT)[0][0])


def read_objects(session: Session, revision: int) -> dict[MemberKey, str]:
    """Return all objects of a revision. Raises: definitions.no_such_revision."""
    if revision != EMPTY:
        get_revision(session, revision)
    return {
        MemberKey(layer, kind, key): content for layer, kind, key, _, content in session.query(store.MEMBERS, revision)
    }


def get_revision(session: Session, revision: int) -> Revision:
    """Return an entry of the history. Raises: definitions.no_such_revision."""
    rows = session.query(store.REVISION, revision)
    if not rows:
        raise ZhangshiError(NO_SUCH_REVISION, revision=revision)
    return Revision(*rows[0])


def list_revisions(session: Session, *, limit: int = 100) -> list[Revision]:
    """Return the newest entries of the history first."""
    return [Revision(*row) for row in session.query(store.REVISIONS, limit)]


def write_texts(uow: UnitOfWork, objects: Objects) -> None:
    """Keep the texts of objects that may become a revision."""
    uow.session.execute_rows(store.INSERT_TEXTS, [(digest_of(text), text) for text in set(objects.values())])


def append_revision(uow: UnitOfWork, objects: Objects, *, parent: int, note: str, actor: str) -> int:
    """Write the next revision and make it the one that counts; the caller holds the state's row locked."""
    revision, token = parent + 1, uow.next_id()
    write_texts(uow, objects)
    row = (revision, token, parent, digest_of_objects(objects), note, actor, uow.now_micros)
    uow.session.execute(store.INSERT_REVISION, *row)
    rows = [(revision, *key, digest_of(text)) for key, text in objects.items()]
    uow.session.execute_rows(store.INSERT_MEMBERS, rows)
    uow.session.execute(store.ADVANCE, revision, token)
    return revision
