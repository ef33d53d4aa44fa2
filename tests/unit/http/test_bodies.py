"""Bodies: exact numbers, and refusals of what no service should meet."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from zhangshi.base.errors import ZhangshiError
from zhangshi.http.bodies import decode, read_body
from zhangshi.http.routes.bodies import NewDepartment

CONTENT = dict[str, Any]


def test_a_number_with_a_point_stays_exact() -> None:
    assert decode(b'{"price": 0.1, "quantity": 12.50}', CONTENT) == {
        "price": Decimal("0.1"),
        "quantity": Decimal("12.50"),
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"a": NaN}',
        b'{"a": "\\u0000"}',
        b'{"a": "\\ud800"}',
        b"\xff\xfe",
        b'{"a": 1e999}',
        b'{"a": 1e-999}',
        b'{"a": 1.5e99999999999999999999}',
        b'{"a": 123456789012345678901234567890}',
        b'{"a": [-99999999999999999999]}',
        b'{"\\u0000": 1}',
        b'{"a": ' + b"[" * 50 + b"]" * 50 + b"}",
        b"[" * 100_000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
    ],
)
def test_what_no_service_should_meet_is_refused(body: bytes) -> None:
    with pytest.raises(ZhangshiError) as caught:
        decode(body, CONTENT)

    assert caught.value.code == "http.bad_json"


@pytest.mark.parametrize(
    "body", [b'{"code": "A"}', b'{"code": "A", "name": 1}', b'{"code": "A", "name": "B", "nmae": "C"}', b"null", b'"x"']
)
def test_a_body_of_fixed_fields_is_taken_whole_or_not_at_all(body: bytes) -> None:
    with pytest.raises(ZhangshiError) as caught:
        decode(body, NewDepartment)

    assert caught.value.code == "http.bad_json"


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def test_a_body_is_counted_while_it_comes_in_whatever_was_announced() -> None:
    assert asyncio.run(read_body(_pieces(b"ab", b"cd"), announced="4", limit=4)) == b"abcd"
    with pytest.raises(ZhangshiError) as caught:
        asyncio.run(read_body(_pieces(b"abc", b"de"), announced="1", limit=4))
    assert caught.value.code == "http.body_too_large"


def test_a_body_that_is_announced_too_large_is_not_read() -> None:
    async def never() -> AsyncIterator[bytes]:
        pytest.fail("it was read")
        yield b""

    with pytest.raises(ZhangshiError):
        asyncio.run(read_body(never(), announced="5", limit=4))
