"""Bodies: read in pieces up to a limit, decoded once, exactly.

A number with a point becomes a `Decimal`, never a float. What no table could hold (a NUL, half of a surrogate pair) is
refused here, so that no service meets it.
"""

from collections.abc import AsyncIterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.http import errors
from zhangshi.http.limits import MEGABYTE

JSON = "application/json"
_EXPONENT_MAX = 30
_INTEGER_BITS_MAX = 63
_DEPTH_MAX = 40


async def read_body(chunks: AsyncIterator[bytes], *, announced: str | None, limit: int) -> bytes:
    """Return the whole body. Raises: http.body_too_large, as soon as it is known."""
    if announced is not None and announced.isdigit() and int(announced) > limit:
        raise too_large(limit)
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        parts.append(chunk)
    return b"".join(parts)


def too_large(limit: int) -> ZhangshiError:
    """Return the refusal of a body beyond `limit` bytes."""
    return ZhangshiError(errors.BODY_TOO_LARGE, limit_mb=max(1, limit // MEGABYTE))


def media_type(header: str | None) -> str:
    """Return the media type of a Content-Type header, without its parameters."""
    return (header or "").partition(";")[0].strip().lower()


def decode(body: bytes, wanted: type[Any]) -> Any:  # noqa: ANN401 - of the type that is wanted
    """Return the body as `wanted`: a Struct, or plain JSON values.

    Raises: http.bad_json.
    """
    try:
        found = _decoder(wanted).decode(body)
    except RecursionError:
        raise ZhangshiError(errors.BAD_JSON, detail=f"depth > {_DEPTH_MAX}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, InvalidOperation) as error:
        raise ZhangshiError(errors.BAD_JSON, detail=str(error)[:200]) from None
    if b"\\u" in body or b"[" in body or b"{" in body or len(body) > _INTEGER_BITS_MAX:
        _check(msgspec.to_builtins(found) if isinstance(found, msgspec.Struct) else found, 0)
    return found


_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def _decoder(wanted: type[Any]) -> msgspec.json.Decoder[Any]:
    found = _decoders.get(wanted)
    if found is None:
        found = _decoders[wanted] = msgspec.json.Decoder(wanted, float_hook=_exact)
    return found


def _exact(text: str) -> Decimal:
    number = Decimal(text)
    if not -_EXPONENT_MAX <= number.adjusted() <= _EXPONENT_MAX:
        raise InvalidOperation(f"number out of range: {text[:40]}")
    return number


def _check(value: object, depth: int) -> None:
    """Refuse what cannot be stored or written down again."""
    if isinstance(value, str):
        if "\x00" in value or (not value.isascii() and any("\ud800" <= one <= "\udfff" for one in value)):
            raise ZhangshiError(errors.BAD_JSON, detail="NUL or half a surrogate pair in a text")
    elif isinstance(value, int):
        if value.bit_length() > _INTEGER_BITS_MAX:
            raise ZhangshiError(errors.BAD_JSON, detail="integer out of range")
    elif depth > _DEPTH_MAX:
        raise ZhangshiError(errors.BAD_JSON, detail=f"depth > {_DEPTH_MAX}")
    elif isinstance(value, Mapping):
        for key, one in value.items():
            _check(key, depth)
            _check(one, depth + 1)
    elif isinstance(value, (list, tuple)):
        for one in value:
            _check(one, depth + 1)
