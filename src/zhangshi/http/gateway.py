"""The way of a request: check its form, read its body, then in a lane: who is it, call the service, present.

Everything that can be refused without the database is refused before it. Every error leaves as problem+json in the
reader's language; what nobody anticipated is logged with a number, and only the number leaves.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from starlette.requests import ClientDisconnect, Request

from zhangshi.base.clock import Clock
from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.http import errors
from zhangshi.http.answers import Answer, problem
from zhangshi.http.bodies import JSON, decode, media_type, read_body
from zhangshi.http.calls import NOBODY, Call
from zhangshi.http.companies import Companies, Opened
from zhangshi.http.credentials import (
    Credentials,
    check_csrf,
    client_key,
    credentials_of,
    language_of,
    version_of,
)
from zhangshi.http.forms import read_form
from zhangshi.http.lanes import Lanes
from zhangshi.http.limits import Buckets, Limits
from zhangshi.http.live import Live
from zhangshi.http.parameters import Query, checked_path
from zhangshi.http.routing import Route, RouteTable
from zhangshi.identity import errors as refusals
from zhangshi.identity.model import Person

_log = structlog.get_logger(__name__)
_FORM = "multipart/form-data"


@dataclass(slots=True)
class Seen:
    """What is known of a request so far: for its log line and for the language of its errors."""

    request_id: str
    language: Language
    company: str = ""
    person: str = ""


class Gateway:
    """Carries out requests; one for a process."""

    def __init__(
        self,
        *,
        routes: RouteTable,
        companies: Companies,
        lanes: Lanes,
        limits: Limits,
        clock: Clock,
        language: Language,
    ) -> None:
        self.routes = routes
        self.companies = companies
        self.lanes = lanes
        self.limits = limits
        self.language = language
        self.live = Live(lanes, streams_max=limits.streams_max)
        self._stopping = False
        self._sign_ins = Buckets(limits.sign_in, clock)
        self._writes = Buckets(limits.write, clock)

    def stop(self) -> None:
        """Take no more requests and end the streams; what is under way is finished."""
        self._stopping = self.live.stopping = True

    async def answer(self, route: Route, request: Request, seen: Seen) -> Answer:
        """Carry out one request. Never raises for what a client can do."""
        seen.language = language_of(request.headers, self.language)
        try:
            answer = await self._carried_out(route, request, seen)
        except ZhangshiError as error:
            return problem(error, language=seen.language, request_id=seen.request_id)
        except ClientDisconnect:
            return Answer(status=int(HTTPStatus.BAD_REQUEST))
        except Exception:  # noqa: BLE001 - the last line of defence: a number for the person, the trace for the log
            _log.exception("http_request_failed", request_id=seen.request_id, route=route.name)
            internal = ZhangshiError(errors.INTERNAL, request=seen.request_id)
            return problem(internal, language=seen.language, request_id=seen.request_id)
        wanted = request.headers.get("if-none-match")
        if (
            wanted
            and route.method == "GET"
            and answer.headers.get("ETag") in {one.strip() for one in wanted.split(",")}
        ):
            return Answer(status=int(HTTPStatus.NOT_MODIFIED), headers=answer.headers)
        return answer

    async def _carried_out(self, route: Route, request: Request, seen: Seen) -> Answer:
        query = Query(request.query_params.multi_items(), route.query)
        path = checked_path(request.path_params)
        opened = await self._opened(request)
        seen.company = opened.company.key
        credentials = self._credentials(route, request)
        dry_run = query.flag("dry_run")
        call = Call(
            route=route.name,
            routes=self.routes,
            opened=opened,
            companies=self.companies,
            person=NOBODY,
            query=query,
            path=path,
            address=request.client.host if request.client else "",
            agent=request.headers.get("user-agent", ""),
            secure=request.url.scheme == "https",
            secret=credentials.secret if credentials.kind == "session" else "",
            client_key=client_key(request.headers, required=not dry_run) if route.writes else "",
            if_match=version_of(request.headers, required=route.versioned) if route.versioned else 0,
            live=self.live,
            credentials=credentials,
            last_event_id=request.headers.get("last-event-id", ""),
        )
        if route.body == "form":  # nobody unknown may send 50 MB
            await self.lanes.run("read", lambda: self._let_in(route, call, credentials, seen))
        await self._read_body(route, request, call)
        return await self.lanes.run(route.lane, lambda: self._run(route, call, credentials, seen))

    async def _opened(self, request: Request) -> Opened:
        key = request.headers.get("x-company", "")
        if self._stopping:
            raise ZhangshiError(errors.STOPPING)
        found = self.companies.find(key)
        return found if found is not None else await self.lanes.run("slow", lambda: self.companies.open(key))

    def _credentials(self, route: Route, request: Request) -> Credentials:
        if not route.signed_in:
            if route.changes:
                self._sign_ins.take(request.client.host if request.client else "")
            return Credentials("none")
        credentials = credentials_of(request.headers)
        if credentials.kind == "none":
            raise ZhangshiError(refusals.SESSION_OVER)
        if route.changes:
            check_csrf(credentials, request.headers)
        return credentials

    async def _read_body(self, route: Route, request: Request, call: Call) -> None:
        if route.body == "none":
            return
        given = media_type(request.headers.get("content-type"))
        if route.body == "form":
            if given != _FORM:
                raise ZhangshiError(errors.NOT_JSON, expected=_FORM)
            call.form, call.upload = await read_form(request, limit=self.limits.file_bytes)
            return
        announced = request.headers.get("content-length")
        content = await read_body(request.stream(), announced=announced, limit=self.limits.json_bytes)
        if not content and route.body_optional:
            return
        if given != JSON:
            raise ZhangshiError(errors.NOT_JSON, expected=JSON)
        call.body = decode(content, route.body_type or dict[str, Any])

    def _let_in(self, route: Route, call: Call, credentials: Credentials, seen: Seen) -> Person:
        """Say who it is, and whether they may come this far; in a lane."""
        person = credentials.person(call.opened)
        seen.person, seen.language = person.login, person.language
        if person.must_change_password and not route.before_password:
            raise ZhangshiError(refusals.MUST_CHANGE_PASSWORD)
        return person

    def _run(self, route: Route, call: Call, credentials: Credentials, seen: Seen) -> Answer:
        if route.signed_in:
            call.person = self._let_in(route, call, credentials, seen)
            if route.changes:
                self._writes.take(f"{call.company.key}/{call.person.user_id}")
        return route.run(call)
