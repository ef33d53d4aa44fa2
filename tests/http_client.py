"""A client of the HTTP door as a browser or a machine would be one: over a real port, or in this process.

It keeps the cookie and the CSRF word of its session, gives each write a request key of its own unless the test names
one, and hands back answers whose JSON is decoded.
"""

import asyncio
import contextlib
import itertools
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any, Self

import httpx
import uvicorn
from starlette.types import ASGIApp

API = "/api/v1"
_keys = itertools.count(1)


class InProcess(httpx.BaseTransport):
    """Carries requests to an application whose event loop runs in a thread of its own."""

    def __init__(self, app: ASGIApp, address: str = "127.0.0.1") -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="test-loop", daemon=True)
        self._thread.start()
        self._asgi = httpx.ASGITransport(app=app, raise_app_exceptions=True, client=(address, 50000))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """See `httpx.BaseTransport`."""
        return asyncio.run_coroutine_threadsafe(self._carried(request), self._loop).result(timeout=60)

    async def _carried(self, request: httpx.Request) -> httpx.Response:
        content = b"".join([chunk async for chunk in _chunks(request)])
        sent = httpx.Request(request.method, request.url, headers=request.headers, content=content)
        response = await self._asgi.handle_async_request(sent)
        body = await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, content=body)

    def close(self) -> None:
        """End the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()


async def _chunks(request: httpx.Request) -> Any:
    stream = request.stream
    if isinstance(stream, httpx.AsyncByteStream):
        async for chunk in stream:
            yield chunk
    else:
        assert isinstance(stream, httpx.SyncByteStream)
        for chunk in stream:
            yield chunk


class Client:
    """One person's browser (after `sign_in`) or one machine (with `token`)."""

    def __init__(
        self, transport: httpx.BaseTransport | None = None, *, url: str = "http://zhangshi.test", token: str = ""
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(transport=transport, base_url=url + API, headers=headers, timeout=60)
        self.csrf = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_about: object) -> None:
        self.http.close()

    def sign_in(self, login: str, password: str) -> "Client":
        """Open a session and keep it."""
        answer = self.http.post("/sign-in", json={"login": login, "password": password})
        assert answer.status_code == 200, answer.text
        self.csrf = answer.json()["csrf"]
        self.http.headers["X-CSRF-Token"] = self.csrf
        return self

    def request(
        self,
        method: str,
        path: str,
        json: object = None,
        *,
        key: str | None = None,
        version: int | str | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **rest: Any,
    ) -> httpx.Response:
        """Send one request; `key` "" sends none."""
        sent = dict(headers or {})
        if method != "GET" and key != "":
            sent.setdefault("Idempotency-Key", key or f"test-{next(_keys)}")
        if version is not None:
            sent.setdefault("If-Match", f'"{version}"')
        if json is not None:
            rest["json"] = json
        return self.http.request(method, path, params=params, headers=sent, **rest)

    def get(self, path: str, **rest: Any) -> httpx.Response:
        """GET."""
        return self.request("GET", path, **rest)

    def post(self, path: str, json: object = None, **rest: Any) -> httpx.Response:
        """POST, with a request key."""
        return self.request("POST", path, json, **rest)

    def patch(self, path: str, json: object = None, **rest: Any) -> httpx.Response:
        """PATCH, with a request key."""
        return self.request("PATCH", path, json, **rest)

    def put(self, path: str, json: object = None, **rest: Any) -> httpx.Response:
        """PUT, with a request key."""
        return self.request("PUT", path, json, **rest)

    def delete(self, path: str, **rest: Any) -> httpx.Response:
        """DELETE, with a request key."""
        return self.request("DELETE", path, **rest)


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Assert that an answer is the problem `code`; return it."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "facts"} <= set(problem)
    return problem


@contextlib.contextmanager
def live_server(app: ASGIApp, *, seconds_max: float = 10) -> Iterator[str]:
    """Serve an application on a free port of this machine while the block runs; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="test-server", daemon=True)
    thread.start()
    waiting = threading.Event()
    for _ in range(int(seconds_max * 100)):
        if server.started or not thread.is_alive():
            break
        waiting.wait(0.01)
    assert server.started, "the server did not start"
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=seconds_max)
