"""Contents of files on a disk or in an S3-compatible store, by digest: written once, never changed.

Nothing is deleted when a record is: another record may hold the same content, and a backup may want it back.
"""

import hashlib
from typing import TYPE_CHECKING, Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError

from zhangshi.base.errors import ZhangshiError
from zhangshi.records.files.errors import STORAGE_FAILED

if TYPE_CHECKING:
    from obstore.store import ObjectStore


class ObjectStorage:
    """See `FileStorage`. `store` is a folder, a bucket, or memory; `prefix` keeps companies apart."""

    def __init__(self, store: "ObjectStore", *, prefix: str = "") -> None:
        self._store = store
        self._prefix = f"{prefix.strip('/')}/" if prefix else ""

    def _path(self, digest: str) -> str:
        return f"{self._prefix}{digest[:2]}/{digest[2:4]}/{digest}"

    def put(self, digest: str, content: bytes) -> None:
        """See `FileStorage`."""
        try:
            obstore.put(self._store, self._path(digest), content, mode="create")
        except AlreadyExistsError:
            return
        except (BaseError, OSError) as error:
            raise ZhangshiError(STORAGE_FAILED, detail=type(error).__name__) from error

    def get(self, digest: str) -> bytes | None:
        """See `FileStorage`; a content that is not what its digest says counts as missing."""
        try:
            content = bytes(obstore.get(self._store, self._path(digest)).bytes())
        except (NotFoundError, FileNotFoundError):
            return None
        except (BaseError, OSError) as error:
            raise ZhangshiError(STORAGE_FAILED, detail=type(error).__name__) from error
        return content if hashlib.sha256(content).hexdigest() == digest else None


def storage_at(url: str, *, prefix: str = "", options: dict[str, str] | None = None) -> ObjectStorage:
    """Return the storage at an address: `file:///folder` (made when missing), `s3://bucket/prefix`, `memory:///`.

    `options` go to the store: access_key_id, secret_access_key, endpoint, region, virtual_hosted_style_request…
    Raises: records.file_storage_failed for an address that cannot be used.
    """
    from obstore.store import LocalStore  # noqa: PLC0415 - above it is imported for type checkers only

    try:
        if url.startswith("file://"):
            return ObjectStorage(LocalStore(url.removeprefix("file://"), mkdir=True), prefix=prefix)
        return ObjectStorage(_from_url(url, options or {}), prefix=prefix)
    except (BaseError, OSError, ValueError) as error:
        raise ZhangshiError(STORAGE_FAILED, detail=str(error)) from error


def _from_url(url: str, options: dict[str, str]) -> "ObjectStore":
    from obstore.store import from_url  # noqa: PLC0415 - as above

    make: Any = from_url  # its overloads name every option of every cloud
    made: ObjectStore = make(url, **options)
    return made
