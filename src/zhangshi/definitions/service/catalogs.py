"""The compiled definitions of a company, at hand: one statement a call, compiled once a revision.

Problem. Every request needs the catalog, compiling takes a second, and a publication may come at any moment. Rule:
the revision is read in the caller's own transaction, so what it sees of definitions and of records is of one moment;
the catalogs of the last revisions stay in memory, and whoever began on one of them goes on with it.
"""

import threading
from collections import OrderedDict

from zhangshi.definitions._store import revisions as store
from zhangshi.definitions.catalog import Catalog
from zhangshi.definitions.service.columns import read_columns
from zhangshi.definitions.service.compiled import compiled
from zhangshi.definitions.service.revisions import EMPTY, get_revision, read_objects
from zhangshi.platform.session import Session

KEPT_MAX = 6


class Catalogs:
    """The catalogs of one company. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Catalog] = OrderedDict()
        self._lock = threading.Lock()
        self._compiling = threading.Lock()

    def current(self, session: Session) -> Catalog:
        """Return the definitions that count in this snapshot. Cost: one statement; a compilation when they are new."""
        revision, token = session.query(store.CURRENT)[0]
        return self._compiled(session, int(revision), int(token))

    def for_writing(self, session: Session) -> Catalog:
        """As `current`, and no publication ends before this transaction does.

        Every unit of work that writes records begins with it: what it writes is of one revision, whole.
        """
        revision, token = session.query(store.CURRENT_FOR_WRITING)[0]
        return self._compiled(session, int(revision), int(token))

    def at(self, session: Session, revision: int) -> Catalog:
        """Return the definitions of a revision. Raises: definitions.no_such_revision."""
        token = get_revision(session, revision).token if revision != EMPTY else 0
        return self._compiled(session, revision, token)

    def _compiled(self, session: Session, revision: int, token: int) -> Catalog:
        found = self._find(token)
        if found is not None:
            return found
        with self._compiling:
            found = self._find(token)
            if found is None:
                columns = read_columns(session, revision).names
                found = compiled(read_objects(session, revision), revision=revision, columns=columns)
                self._keep(token, found)
            return found

    def _keep(self, token: int, catalog: Catalog) -> None:
        with self._lock:
            self._kept[token] = catalog
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)

    def _find(self, token: int) -> Catalog | None:
        with self._lock:
            found = self._kept.get(token)
            if found is not None:
                self._kept.move_to_end(token)
            return found
