"""The ASGI application: the routes on FastAPI, safe headers, a log line for each request, a graceful end."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zhangshi.base.clock import Clock
from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.base.ids import IdSource
from zhangshi.http import errors
from zhangshi.http.answers import Answer, problem
from zhangshi.http.companies import Companies
from zhangshi.http.credentials import language_of
from zhangshi.http.gateway import Gateway, Seen
from zhangshi.http.lanes import Lanes
from zhangshi.http.limits import Limits
from zhangshi.http.responses import response_of
from zhangshi.http.routes.all import ROUTES
from zhangshi.http.routing import PREFIX, Route, RouteTable

_log = structlog.get_logger(__name__)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_SAFE_HEADERS = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
_NO_STORE = (b"cache-control", b"no-store")


def make_app(
    *,
    companies: Companies,
    clock: Clock,
    ids: IdSource,
    limits: Limits | None = None,
    lanes: Lanes | None = None,
    language: Language = "zh",
    routes: RouteTable = ROUTES,
) -> ASGIApp:
    """Return the application over these companies. It closes lanes and companies when the server ends."""
    lanes = lanes or Lanes()
    gateway = Gateway(
        routes=routes,
        companies=companies,
        lanes=lanes,
        limits=limits or Limits(),
        clock=clock,
        language=language,
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        gateway.stop()
        lanes.close()
        companies.close()

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan, redirect_slashes=False)
    app.state.gateway = gateway
    for route in routes.routes:
        app.router.add_route(
            PREFIX + route.path, _endpoint(gateway, route), methods=[route.method], include_in_schema=False
        )
    app.add_exception_handler(HTTPException, _Unrouted(gateway, routes))
    return Outside(app, clock=clock, ids=ids)


def gateway_of(app: ASGIApp) -> Gateway:
    """Return the gateway of an application that `make_app` made."""
    while not isinstance(app, Outside):
        app = app.app  # type: ignore[attr-defined]  # what a server wraps around it calls it so
    found = app.app.state.gateway  # type: ignore[attr-defined]  # the FastAPI that was wrapped
    assert isinstance(found, Gateway)
    return found


def _endpoint(gateway: Gateway, route: Route) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return response_of(await gateway.answer(route, request, request.scope["zhangshi.seen"]))

    return endpoint


class _Unrouted:
    """Answers what no route takes: 404, or 405 with what the path does take."""

    def __init__(self, gateway: Gateway, routes: RouteTable) -> None:
        self._gateway = gateway
        self._routes = routes

    async def __call__(self, request: Request, raised: Exception) -> Response:
        path = request.scope["path"][:200]
        seen: Seen = request.scope["zhangshi.seen"]
        allowed = getattr(raised, "headers", None) or {}
        if getattr(raised, "status_code", 0) == 405:  # noqa: PLR2004 - the status says it best
            methods = sorted(self._methods(request) or str(allowed.get("Allow", "GET")).split(", "))
            facts = {"path": path, "method": request.method[:20], "allowed": ", ".join(methods)}
            error = ZhangshiError(errors.METHOD_NOT_ALLOWED, **facts)
        else:
            error = ZhangshiError(errors.NO_ROUTE, path=path)
        language = language_of(request.headers, self._gateway.language)
        return response_of(problem(error, language=language, request_id=seen.request_id))

    def _methods(self, request: Request) -> set[str]:
        router = request.app.router
        found: set[str] = set()
        for method in _METHODS:
            scope = {**request.scope, "method": method}
            if any(route.matches(scope)[0].value == 2 for route in router.routes):  # noqa: PLR2004 - Match.FULL
                found.add(method)
        return found


class Outside:
    """The outermost layer: gives each request its number, safe headers and its log line."""

    def __init__(self, app: ASGIApp, *, clock: Clock, ids: IdSource) -> None:
        self.app = app
        self._clock = clock
        self._ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen = Seen(request_id=str(self._ids.next_id()), language="zh")
        scope["zhangshi.seen"] = seen
        began = self._clock.now()
        status = 0

        async def send_safely(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*_with_defaults(message["headers"]), (b"x-request-id", seen.request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, send_safely)
        finally:
            spent = self._clock.now() - began
            _log.info(
                "http_request",
                request_id=seen.request_id,
                method=scope["method"],
                path=scope["path"],
                status=status,
                microseconds=spent.seconds * 1_000_000 + spent.microseconds,
                company=seen.company,
                person=seen.person,
            )


def _with_defaults(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    given = {name for name, _ in headers}
    added = [header for header in (*_SAFE_HEADERS, _NO_STORE) if header[0] not in given]
    return [*headers, *added]


__all__ = ["Answer", "Outside", "gateway_of", "make_app"]
