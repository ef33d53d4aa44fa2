"""Uploads: multipart forms with one file, counted while they come in."""

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message

from zhangshi.base.errors import ZhangshiError
from zhangshi.http import errors
from zhangshi.http.bodies import too_large
from zhangshi.http.calls import Upload
from zhangshi.http.parameters import checked_text

_FIELDS_MAX = 20
_FIELD_BYTES_MAX = 256 * 1024
_NAME_LENGTH_MAX = 200


async def read_form(request: Request, *, limit: int) -> tuple[dict[str, str], Upload | None]:
    """Return the fields and the file called `file`.

    Raises: http.body_too_large, http.bad_form.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise too_large(limit)
    counted = Request(request.scope, _Counted(request, limit).receive)
    try:
        async with counted.form(max_files=1, max_fields=_FIELDS_MAX, max_part_size=_FIELD_BYTES_MAX) as form:
            fields: dict[str, str] = {}
            upload: Upload | None = None
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    upload = await _whole(name, value)
                else:
                    fields[name] = checked_text(name[:_NAME_LENGTH_MAX], value)
            return fields, upload
    except (MultiPartException, HTTPException) as error:
        detail = error.message if isinstance(error, MultiPartException) else str(error.detail)
        raise ZhangshiError(errors.BAD_FORM, detail=detail[:200]) from None


class _Counted:
    def __init__(self, request: Request, limit: int) -> None:
        self._receive = request.receive
        self._limit = limit
        self._left = limit

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise too_large(self._limit)
        return message


async def _whole(name: str, value: UploadFile) -> Upload:
    if name != "file":
        raise ZhangshiError(errors.BAD_FORM, detail="the file's field is called `file`")
    return Upload(value.filename or "", value.content_type or "", await value.read())
