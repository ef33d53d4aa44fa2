"""Upload, attach and read files. A file is seen by whoever may see it in a record that holds it, or uploaded it.

The content goes to the storage first, by its digest, then the row in one unit of work: a crash between the two leaves a
content that nobody names, never a name without content.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Entity
from zhangshi.platform.session import Row, Session
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records._store import files as store
from zhangshi.records.files.errors import EMPTY, FILE_LOST, TOO_LARGE, UNKNOWN_FILE
from zhangshi.records.files.model import FILE_BYTES_MAX, MEGABYTE, FileStorage, StoredFile
from zhangshi.records.files.names import safe_name
from zhangshi.records.files.sniffing import sniff
from zhangshi.records.model import Caller
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.encoding import instant_text

AskingOf = Callable[[Session, Caller], Asking]


class Files:
    """The files of one opened company. `asking` is `RecordReader.asking`."""

    def __init__(
        self, *, company: Company, asking: AskingOf, storage: FileStorage, bytes_max: int = FILE_BYTES_MAX
    ) -> None:
        self._company = company
        self._asking = asking
        self._storage = storage
        self._bytes_max = bytes_max

    def upload(self, caller: Caller, *, key: str, name: str, content: bytes) -> StoredFile:
        """Keep a file that no record holds yet.

        Raises: records.file_too_large, records.file_empty, records.file_type_refused, records.file_type_differs,
            records.file_storage_failed.
        """
        name = safe_name(name)
        if len(content) > self._bytes_max:
            size_mb, limit_mb = -(-len(content) // MEGABYTE), self._bytes_max // MEGABYTE
            raise ZhangshiError(TOO_LARGE, name=name, size_mb=size_mb, limit_mb=limit_mb)
        if not content:
            raise ZhangshiError(EMPTY, name=name)
        media_type = sniff(name, content)
        digest = hashlib.sha256(content).hexdigest()
        self._storage.put(digest, content)
        user_id = caller.person.user_id

        def work(uow: UnitOfWork) -> StoredFile:
            file_id = uow.next_id()
            row = (file_id, digest, name, media_type, len(content), user_id, uow.actor, uow.now_micros)
            uow.session.execute(store.INSERT, *row)
            return _stored((file_id, name, media_type, len(content), digest, user_id, uow.now_micros))

        request = Request(caller.person.actor, key, {"upload": name, "digest": digest})
        return self._company.write(request, work, answer_type=StoredFile)

    def read(self, caller: Caller, file_id: int) -> tuple[StoredFile, bytes]:
        """Return a file with its content.

        Raises: records.unknown_file, also where the person may see it in no record; records.file_lost.
        """
        found = self.describe(caller, file_id)
        content = self._storage.get(found.digest)
        if content is None:
            raise ZhangshiError(FILE_LOST, name=found.name)
        return found, content

    def describe(self, caller: Caller, file_id: int) -> StoredFile:
        """Return what a file is. Raises: as `read`."""
        with self._company.read() as session:
            rows = session.query(store.GET, file_id)
            if not rows or not self._may_see(session, caller, rows[0]):
                raise ZhangshiError(UNKNOWN_FILE, id=str(file_id))
            return _stored(rows[0])

    def _may_see(self, session: Session, caller: Caller, row: Row) -> bool:
        holders = session.query(store.HOLDERS, row[0])
        if not holders:
            return bool(row[5] == caller.person.user_id)
        asking = self._asking(session, caller)
        for record_id, key, field in holders:
            entity = asking.catalog.entities.get(key)
            if entity is not None and _field_readable(asking, entity, record_id, field):
                return True
        return False

    def of_record(self, caller: Caller, entity: str, record_id: int) -> list[StoredFile]:
        """Return the files of a record, as far as the fields that hold them may be read.

        Raises: records.forbidden, records.not_found.
        """
        with self._company.read() as session:
            asking = self._asking(session, caller)
            found = asking.entity(entity)
            access = asking.projector.access_of(asking.record(found, record_id))
            rows = session.query(store.OF_RECORD, record_id, entity)
            return [
                _stored(row, entity=entity, record_id=record_id, path=row[7])
                for row in rows
                if not row[7] or access.read(row[7]) == "read"
            ]

    def attach(self, caller: Caller, *, key: str, entity: str, record_id: int, file_id: int) -> str:
        """Attach an uploaded file to a record; return the file's id. Again is fine.

        Raises: records.forbidden without the action `attach`, records.not_found; records.unknown_file unless the
            person may see the file.
        """

        def work(uow: UnitOfWork) -> str:
            asking = self._asking(uow.session, caller)
            asking.record(asking.entity(entity), record_id, "attach")
            rows = uow.session.query(store.GET, file_id)
            if not rows or not self._may_see(uow.session, caller, rows[0]):
                raise ZhangshiError(UNKNOWN_FILE, id=str(file_id))
            uow.session.execute(store.ATTACH, record_id, file_id, entity, caller.person.user_id, uow.now_micros)
            return str(file_id)

        content = {"attach": file_id, "entity": entity, "record": record_id}
        return self._company.write(Request(caller.person.actor, key, content), work, answer_type=str)

    def detach(self, caller: Caller, *, key: str, entity: str, record_id: int, file_id: int) -> bool:
        """Take an attached file off a record; return whether it was there. What a field holds is edited instead."""

        def work(uow: UnitOfWork) -> bool:
            asking = self._asking(uow.session, caller)
            asking.record(asking.entity(entity), record_id, "attach")
            return uow.session.execute(store.DETACH, record_id, file_id) > 0

        content = {"detach": file_id, "entity": entity, "record": record_id}
        return self._company.write(Request(caller.person.actor, key, content), work, answer_type=bool)


def _field_readable(asking: Asking, entity: Entity, record_id: int, field: str) -> bool:
    with suppress(ZhangshiError):
        access = asking.projector.access_of(asking.record(entity, record_id))
        return not field or access.read(field) == "read"
    return False


def _stored(row: Row, *, entity: str = "", record_id: int = 0, path: str = "") -> StoredFile:
    file_id, name, media_type, size, digest, user_id, recorded_at = row[:7]
    return StoredFile(
        id=str(file_id),
        name=name,
        media_type=media_type,
        size=size,
        digest=digest,
        entity=entity,
        record_id=str(record_id) if record_id else "",
        path=path,
        created_by=str(user_id) if user_id else "",
        recorded_at=instant_text(recorded_at),
    )
