"""The values of files."""

from typing import Protocol

import msgspec

MEGABYTE = 1024 * 1024
FILE_BYTES_MAX = 32 * MEGABYTE
NO_RECORD = 0


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as people see it; ids are text on the wire."""

    id: str
    name: str
    media_type: str
    size: int
    digest: str
    entity: str = ""
    record_id: str = ""
    path: str = ""
    """The field that holds it; "" for one that was attached to the record as a whole."""
    created_by: str = ""
    recorded_at: str = ""


class FileStorage(Protocol):
    """Where contents are kept, by their digest: the same content once, never changed."""

    def put(self, digest: str, content: bytes) -> None:
        """Keep the content; again is fine. Raises: records.file_storage_failed."""
        ...

    def get(self, digest: str) -> bytes | None:
        """Return the content, None if there is none. Raises: records.file_storage_failed."""
        ...
